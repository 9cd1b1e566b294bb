"""tf.keras: its data sets."""

from pellucid import datasets


def __getattr__(name):
    """Old spellings, and what a missing name would need."""
    from pellucid.names.old import answer
    return answer("keras", name)
