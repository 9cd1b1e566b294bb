"""tf.contrib.tensorboard: its plugins."""

from pellucid.api.contrib import tensorboard_plugins as plugins


def __getattr__(name):
    """What a missing name would need."""
    from pellucid.names.old import answer
    return answer("contrib.tensorboard", name)
