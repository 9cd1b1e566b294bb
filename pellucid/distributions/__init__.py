"""Probability distributions, as tf.distributions."""


def __getattr__(name):
    """The public names, also where this room was imported before its face, api/distributions.py."""
    from pellucid.names.old import from_face
    return from_face("pellucid.api.distributions", name)
