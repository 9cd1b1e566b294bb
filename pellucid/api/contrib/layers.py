"""tf.contrib.layers: layers, initializers, regularizers."""

from pellucid.contrib.batch_norm import batch_norm
from pellucid.contrib.convolutional import (
    avg_pool2d,
    conv1d,
    conv2d,
    conv2d_transpose,
    conv3d,
    convolution,
    convolution1d,
    convolution2d,
    convolution2d_transpose,
    convolution3d,
    max_pool2d,
    separable_conv2d,
    separable_convolution2d,
)
from pellucid.contrib.initializers import (
    variance_scaling_initializer,
    xavier_initializer,
    xavier_initializer_conv2d,
)
from pellucid.contrib.layers import (
    dropout,
    embed_sequence,
    flatten,
    fully_connected,
    layer_norm,
    linear,
    one_hot_encoding,
    repeat,
    stack,
)
from pellucid.contrib.layers import elu_layer as elu
from pellucid.contrib.layers import relu6_layer as relu6
from pellucid.contrib.layers import relu_layer as relu
from pellucid.contrib.normalization import bias_add, instance_norm, unit_norm
from pellucid.contrib.optimize_loss import (
    OPTIMIZER_CLS_NAMES,
    OPTIMIZER_SUMMARIES,
    optimize_loss,
)
from pellucid.contrib.regularizers import (
    apply_regularization,
    l1_l2_regularizer,
    l1_regularizer,
    l2_regularizer,
    sum_regularizer,
)
from pellucid.contrib.summaries import (
    summarize_activation,
    summarize_activations,
    summarize_collection,
    summarize_tensor,
    summarize_tensors,
)


def __getattr__(name):
    """Old spellings, and what a missing name would need."""
    from pellucid.names.old import answer
    return answer("contrib.layers", name)
