"""tf.nn: activations, losses, normalization, embeddings, top-k."""

from pellucid.api import rnn_cell
from pellucid.nn.activations import crelu, relu_layer, swish, xw_plus_b
from pellucid.nn.activations import swish as silu
from pellucid.nn.dropout import dropout
from pellucid.nn.embedding import embedding_lookup
from pellucid.nn.normalization import (
    batch_norm_with_global_normalization,
    batch_normalization,
    l2_normalize,
    moments,
    normalize_moments,
    sufficient_statistics,
    weighted_moments,
    zero_fraction,
)
from pellucid.ops.arrays.ranking import in_top_k, top_k
from pellucid.ops.conv.convolution import (
    atrous_conv2d,
    atrous_conv2d_transpose,
    conv1d,
    conv2d,
    conv2d_backprop_filter,
    conv2d_backprop_input,
    conv2d_transpose,
    conv3d,
    conv3d_backprop_filter,
    conv3d_transpose,
    convolution,
)
from pellucid.ops.conv.pooling import (
    avg_pool,
    avg_pool1d,
    avg_pool3d,
    avg_pool_v2,
    max_pool,
    max_pool1d,
    max_pool2d,
    max_pool3d,
    max_pool_v2,
    pool,
)
from pellucid.ops.conv.pooling import avg_pool as avg_pool2d
from pellucid.ops.math.functions import sigmoid, tanh
from pellucid.ops.neural.activations import (
    elu,
    leaky_relu,
    relu,
    relu6,
    selu,
    softplus,
    softsign,
)
from pellucid.ops.neural.batch_norm import fused_batch_norm
from pellucid.ops.neural.biases import bias_add, l2_loss
from pellucid.ops.neural.cross_entropy import (
    sigmoid_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits_v2,
    sparse_softmax_cross_entropy_with_logits,
    weighted_cross_entropy_with_logits,
)
from pellucid.ops.neural.softmax import log_softmax, softmax


def __getattr__(name):
    """Names that are imported on first use, old spellings, and what a missing name would need."""
    from pellucid.names import later, old
    if (found := later.find("nn", name)) is not None:
        return globals().setdefault(name, found)
    return old.answer("nn", name)


def __dir__():
    from pellucid.names.later import LATER
    return sorted({*globals(), *LATER["nn"]})
