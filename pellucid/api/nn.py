"""tf.nn: activations, losses, normalization, embeddings, top-k."""

from pellucid.nn.activations import crelu, relu_layer, swish, xw_plus_b
from pellucid.nn.activations import swish as silu
from pellucid.nn.dropout import dropout
from pellucid.nn.embedding import embedding_lookup
from pellucid.nn.losses import log_poisson_loss
from pellucid.nn.normalization import (
    batch_normalization,
    l2_normalize,
    moments,
    normalize_moments,
    sufficient_statistics,
    weighted_moments,
    zero_fraction,
)
from pellucid.ops.activations import (
    elu,
    leaky_relu,
    relu,
    relu6,
    selu,
    softplus,
    softsign,
)
from pellucid.ops.biases import bias_add, l2_loss
from pellucid.ops.cross_entropy import (
    sigmoid_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits_v2,
    sparse_softmax_cross_entropy_with_logits,
    weighted_cross_entropy_with_logits,
)
from pellucid.ops.functions import sigmoid, tanh
from pellucid.ops.ranking import in_top_k, top_k
from pellucid.ops.softmax import log_softmax, softmax
