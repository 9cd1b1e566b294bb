"""Layers: functions and classes that make variables, as tf.layers. Read base.py first."""


def __getattr__(name):
    """The public names, also where this room was imported before its face, api/layers.py."""
    import importlib
    face = importlib.import_module("pellucid.api.layers")
    if name.startswith("_") or not hasattr(face, name):
        raise AttributeError(f"module 'pellucid.layers' has no attribute {name!r}")
    return getattr(face, name)
