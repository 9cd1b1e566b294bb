"""Metrics: figures that add up over many batches in local variables, as tf.metrics."""


def __getattr__(name):
    """The public names, also where this room was imported before its face, api/metrics.py."""
    import importlib
    face = importlib.import_module("pellucid.api.metrics")
    if name.startswith("_") or not hasattr(face, name):
        raise AttributeError(f"module 'pellucid.metrics' has no attribute {name!r}")
    return getattr(face, name)
