"""Probability distributions, as tf.distributions."""


def __getattr__(name):
    """The public names, also where this room was imported before its face, api/distributions.py."""
    import importlib
    face = importlib.import_module("pellucid.api.distributions")
    if name.startswith("_") or not hasattr(face, name):
        raise AttributeError(f"module 'pellucid.distributions' has no attribute {name!r}")
    return getattr(face, name)
