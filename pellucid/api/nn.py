"""tf.nn: activations, losses, normalization, embeddings, top-k."""

from pellucid.api import rnn_cell
from pellucid.nn.activations import crelu, relu_layer, swish, xw_plus_b
from pellucid.nn.activations import swish as silu
from pellucid.nn.dropout import dropout
from pellucid.nn.embedding import embedding_lookup
from pellucid.nn.embedding_sparse import embedding_lookup_sparse
from pellucid.nn.losses import log_poisson_loss
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
from pellucid.nn.sampling import nce_loss, sampled_softmax_loss
from pellucid.ops.arrays.ranking import in_top_k, top_k
from pellucid.ops.conv.argmax_pooling import max_pool_with_argmax
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
from pellucid.ops.conv.depthwise import (
    depthwise_conv2d,
    depthwise_conv2d_native,
    depthwise_conv2d_native_backprop_filter,
    depthwise_conv2d_native_backprop_input,
    separable_conv2d,
)
from pellucid.ops.conv.depthwise import (
    depthwise_conv2d_native_backprop_filter as depthwise_conv2d_backprop_filter,
)
from pellucid.ops.conv.depthwise import (
    depthwise_conv2d_native_backprop_input as depthwise_conv2d_backprop_input,
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
from pellucid.ops.conv.space import depth_to_space, space_to_batch, space_to_depth
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
from pellucid.ops.neural.candidate_sampling import (
    compute_accidental_hits,
    log_uniform_candidate_sampler,
    uniform_candidate_sampler,
)
from pellucid.ops.neural.cross_entropy import (
    sigmoid_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits_v2,
    sparse_softmax_cross_entropy_with_logits,
    weighted_cross_entropy_with_logits,
)
from pellucid.ops.neural.ctc import ctc_loss
from pellucid.ops.neural.ctc_decoders import ctc_beam_search_decoder, ctc_greedy_decoder
from pellucid.ops.neural.local_response import local_response_normalization
from pellucid.ops.neural.local_response import local_response_normalization as lrn
from pellucid.ops.neural.softmax import log_softmax, softmax
from pellucid.recurrent.bidirectional import bidirectional_dynamic_rnn
from pellucid.recurrent.dynamic import dynamic_rnn, raw_rnn
from pellucid.recurrent.static import static_bidirectional_rnn, static_rnn


def __getattr__(name):
    """Old spellings, and what a missing name would need."""
    from pellucid.names.old import answer
    return answer("nn", name)
