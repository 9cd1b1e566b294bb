"""Metrics: figures that add up over many batches in local variables, as tf.metrics."""


def __getattr__(name):
    """The public names, also where this room was imported before its face, api/metrics.py."""
    from pellucid.names.old import from_face
    return from_face("pellucid.api.metrics", name)
