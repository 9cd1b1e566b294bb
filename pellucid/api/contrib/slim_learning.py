"""tf.slim_learning."""

from pellucid.contrib.train_op import (
    add_gradients_summaries,
    clip_gradient_norms,
    multiply_gradients,
)
from pellucid.contrib.train_op import slim_create_train_op as create_train_op
