"""tf.contrib.training: a program's settings."""

from pellucid.contrib.hparams import HParams, parse_values


def __getattr__(name):
    """What a missing name would need."""
    from pellucid.names.old import answer
    return answer("contrib.training", name)
