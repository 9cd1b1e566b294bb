"""tf.contrib.slim: contrib's layers, arg_scope and variables in one place."""

from pellucid.api.contrib import metrics
from pellucid.api.contrib import slim_learning as learning
from pellucid.contrib import model_analyzer
from pellucid.contrib import slim_losses as losses
from pellucid.contrib.arg_scope import (
    add_arg_scope,
    arg_scope,
    current_arg_scope,
    has_arg_scope,
)
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
from pellucid.contrib.optimize_loss import adaptive_clipping_fn, optimize_loss
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
from pellucid.contrib.variables import (
    assign_from_values,
    assign_from_values_fn,
    filter_variables,
    get_local_variables,
    get_model_variables,
    get_trainable_variables,
    get_unique_variable,
    get_variable_full_name,
    get_variables,
    get_variables_by_name,
    get_variables_by_suffix,
    get_variables_to_restore,
    model_variable,
    variable,
)
from pellucid.training.from_checkpoint import assign_from_checkpoint, assign_from_checkpoint_fn
from pellucid.training.training_util import (
    assert_global_step,
    create_global_step,
    get_global_step,
    get_or_create_global_step,
)


def __getattr__(name):
    """Old spellings, and what a missing name would need."""
    from pellucid.names.old import answer
    return answer("contrib.slim", name)
