"""Layers: functions and classes that make variables, as tf.layers. Read base.py first."""


def __getattr__(name):
    """The public names, also where this room was imported before its face, api/layers.py."""
    from pellucid.names.old import from_face
    return from_face("pellucid.api.layers", name)
