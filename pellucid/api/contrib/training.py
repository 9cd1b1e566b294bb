"""tf.contrib.training: a program's settings, training operations, batches by length."""

from pellucid.contrib.hparams import HParams, parse_values
from pellucid.contrib.train_op import (
    add_gradients_summaries,
    clip_gradient_norms,
    create_train_op,
    multiply_gradients,
)
from pellucid.data.buckets import bucket, bucket_by_sequence_length


def __getattr__(name):
    """What a missing name would need."""
    from pellucid.names.old import answer
    return answer("contrib.training", name)
