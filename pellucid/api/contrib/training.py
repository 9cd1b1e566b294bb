"""tf.contrib.training: a program's settings."""

from pellucid.contrib.hparams import HParams, parse_values
from pellucid.contrib.train_op import (
    add_gradients_summaries,
    clip_gradient_norms,
    create_train_op,
    multiply_gradients,
)


def __getattr__(name):
    """What a missing name would need."""
    from pellucid.names.old import answer
    return answer("contrib.training", name)
