"""Losses: how wrong a prediction is, weighted and reduced, as tf.losses."""


def __getattr__(name):
    """The public names, also where this room was imported before its face, api/losses.py."""
    import importlib
    face = importlib.import_module("pellucid.api.losses")
    if name.startswith("_") or not hasattr(face, name):
        raise AttributeError(f"module 'pellucid.losses' has no attribute {name!r}")
    return getattr(face, name)
