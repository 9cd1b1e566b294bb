"""The public names that pellucid promises to have, each with at least one case."""

from __future__ import annotations

PROMISED = frozenset("""
Graph get_default_graph reset_default_graph Operation Tensor GraphKeys TensorShape Dimension
DType IndexedSlices convert_to_tensor as_dtype name_scope control_dependencies device
add_to_collection get_collection get_collection_ref set_random_seed RegisterGradient
NoGradient NotDifferentiable custom_gradient stop_gradient py_func
float16 float32 float64 bfloat16 int8 int16 int32 int64 uint8 uint16 uint32 uint64
bool string complex64 complex128

Variable get_variable variable_scope get_variable_scope AUTO_REUSE
global_variables_initializer local_variables_initializer variables_initializer
report_uninitialized_variables assign assign_add assign_sub scatter_update scatter_add
scatter_sub global_variables trainable_variables local_variables model_variables
moving_average_variables zeros_initializer ones_initializer constant_initializer
random_uniform_initializer random_normal_initializer truncated_normal_initializer
variance_scaling_initializer glorot_uniform_initializer glorot_normal_initializer
train.get_or_create_global_step train.get_global_step train.create_global_step

Session InteractiveSession get_default_session ConfigProto RunOptions RunMetadata
errors.OpError errors.InvalidArgumentError errors.OutOfRangeError

placeholder placeholder_with_default constant
add subtract multiply divide div truediv floordiv floor_div realdiv mod floormod pow
negative abs sign square sqrt rsqrt reciprocal exp expm1 log log1p
sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh
sigmoid log_sigmoid ceil floor round rint maximum minimum
squared_difference div_no_nan add_n is_nan is_inf is_finite check_numerics
equal not_equal less less_equal greater greater_equal
logical_and logical_or logical_xor logical_not
clip_by_value clip_by_norm clip_by_global_norm global_norm
reduce_sum reduce_mean reduce_prod reduce_max reduce_min reduce_all reduce_any
reduce_logsumexp argmax argmin cumsum cumprod norm
matmul tensordot einsum eye transpose matrix_transpose
concat stack unstack split reshape expand_dims squeeze tile pad slice strided_slice
gather gather_nd scatter_nd where boolean_mask one_hot range linspace lin_space fill
zeros ones zeros_like ones_like shape shape_n size rank
cast to_float to_double to_int32 to_int64 identity group tuple no_op Assert Print
random_uniform random_normal truncated_normal random_shuffle

nn.relu nn.relu6 nn.elu nn.selu nn.leaky_relu nn.crelu nn.softplus nn.softsign nn.sigmoid
nn.tanh nn.softmax nn.log_softmax nn.l2_loss nn.l2_normalize nn.moments nn.dropout
nn.bias_add nn.embedding_lookup nn.in_top_k nn.top_k nn.softmax_cross_entropy_with_logits
nn.softmax_cross_entropy_with_logits_v2 nn.sparse_softmax_cross_entropy_with_logits
nn.sigmoid_cross_entropy_with_logits nn.xw_plus_b

gradients hessians UnconnectedGradients
train.GradientDescentOptimizer train.MomentumOptimizer train.AdagradOptimizer
train.RMSPropOptimizer train.AdamOptimizer train.Optimizer
train.exponential_decay train.piecewise_constant train.polynomial_decay
train.natural_exp_decay train.inverse_time_decay train.cosine_decay
train.cosine_decay_restarts
""".split())


def is_promised(name: str) -> bool:
    """Whether `name`, or something in the module of that name, is promised."""
    inside = any(one.startswith(f"{name}.") for one in PROMISED)
    return inside or name in PROMISED or f"nn.{name}" in PROMISED
