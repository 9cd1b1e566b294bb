"""tf.nn: activations, losses, normalization, embeddings, top-k."""
# ruff: noqa: F401

from pellucid.ops.activations import (
    elu,
    leaky_relu,
    log_softmax,
    relu,
    relu6,
    selu,
    softmax,
    softplus,
    softsign,
)
from pellucid.ops.cross_entropy import (
    sigmoid_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits_v2,
    sparse_softmax_cross_entropy_with_logits,
    weighted_cross_entropy_with_logits,
)
from pellucid.ops.functions import sigmoid, tanh
