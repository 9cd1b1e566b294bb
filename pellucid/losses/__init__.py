"""Losses: how wrong a prediction is, weighted and reduced, as tf.losses."""


def __getattr__(name):
    """The public names, also where this room was imported before its face, api/losses.py."""
    from pellucid.names.old import from_face
    return from_face("pellucid.api.losses", name)
