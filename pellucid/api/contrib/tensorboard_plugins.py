"""tf.contrib.tensorboard.plugins: the projector."""

from pellucid.api.contrib import projector


def __getattr__(name):
    """What a missing name would need."""
    from pellucid.names.old import answer
    return answer("contrib.tensorboard.plugins", name)
