"""pellucid: a deep-learning library to read, to see and to run.

`import pellucid as tf` gives TensorFlow 1's graph API. Start reading at docs/tour.md.
"""
# The face: names alone, grouped by the room they come from. Nothing is computed here. What most
# programs need is imported at once; the namespaces (names/namespaces.py) and further names
# (names/later.py) on first use: that is half of the time of the import.

from pellucid.core.dtypes import (
    DType,
    as_dtype,
    bfloat16,
    complex64,
    complex128,
    float16,
    float32,
    float64,
    int8,
    int16,
    int32,
    int64,
    qint8,
    qint16,
    qint32,
    quint8,
    quint16,
    resource,
    string,
    uint8,
    uint16,
    uint32,
    uint64,
    variant,
)
from pellucid.core.dtypes import bool_ as bool
from pellucid.core.dtypes import float16 as half
from pellucid.core.dtypes import float64 as double
from pellucid.core.function_graph import init_scope
from pellucid.core.gradients import (
    AggregationMethod,
    NotDifferentiable,
    RegisterGradient,
    UnconnectedGradients,
    gradients,
)
from pellucid.core.gradients import NotDifferentiable as NoGradient
from pellucid.core.graph import (
    Graph,
    GraphKeys,
    colocate_with,
    control_dependencies,
    device,
    get_default_graph,
    reset_default_graph,
)
from pellucid.core.indexed_slices import IndexedSlices
from pellucid.core.operation import (
    Operation,
    convert_to_tensor,
    register_tensor_conversion_function,
)
from pellucid.core.operation import (
    register_later as _register_later,
)
from pellucid.core.options import (
    ConfigProto,
    GPUOptions,
    GraphOptions,
    OptimizerOptions,
    RunOptions,
)
from pellucid.core.session import InteractiveSession, Session, get_default_session
from pellucid.core.shapes import Dimension, Spec, TensorShape
from pellucid.core.sources import constant, placeholder, placeholder_with_default
from pellucid.core.tensor import Tensor
from pellucid.core.variable import Variable
from pellucid.core.walk import Walk as _walk
from pellucid.engine.numpy_engine import NumpyEngine as _numpy_engine
from pellucid.names import namespaces as _namespaces
from pellucid.names import op_types as _op_types
from pellucid.ops import operators as _operators
from pellucid.ops.arguments import name_scope
from pellucid.ops.arrays import packing as _packing
from pellucid.ops.arrays.creation import fill, linspace, ones, ones_like, zeros, zeros_like
from pellucid.ops.arrays.creation import linspace as lin_space
from pellucid.ops.arrays.creation import range_ as range
from pellucid.ops.arrays.gathering import (
    batch_gather,
    gather,
    gather_nd,
    scatter_nd,
    tensor_scatter_add,
    tensor_scatter_sub,
    tensor_scatter_update,
)
from pellucid.ops.arrays.indexing import newaxis, strided_slice
from pellucid.ops.arrays.indexing import slice_ as slice
from pellucid.ops.arrays.joining import concat, meshgrid, split, stack, unstack
from pellucid.ops.arrays.masking import (
    boolean_mask,
    dynamic_partition,
    dynamic_stitch,
    one_hot,
    sequence_mask,
)
from pellucid.ops.arrays.shaping import (
    expand_dims,
    invert_permutation,
    rank,
    reshape,
    shape,
    shape_n,
    size,
    squeeze,
    transpose,
)
from pellucid.ops.arrays.tiling import (
    broadcast_dynamic_shape,
    broadcast_static_shape,
    broadcast_to,
    pad,
    reverse,
    roll,
    tile,
)
from pellucid.ops.arrays.tiling import reverse as reverse_v2
from pellucid.ops.control.passing import identity, identity_n, stop_gradient
from pellucid.ops.control.waiting import group, no_op
from pellucid.ops.control.waiting import tuple_ as tuple
from pellucid.ops.conversion import constant_value as get_static_value
from pellucid.ops.conversion import (
    convert_to_tensor_or_indexed_slices,
    convert_to_tensor_or_sparse_tensor,
    dimension_at_index,
    dimension_value,
    is_tensor,
)
from pellucid.ops.linalg.linear_algebra import cross, matmul, matrix_transpose
from pellucid.ops.math.casting import (
    bitcast,
    cast,
    saturate_cast,
    to_bfloat16,
    to_complex64,
    to_complex128,
    to_double,
    to_float,
    to_int32,
    to_int64,
)
from pellucid.ops.math.clipping import clip_by_value
from pellucid.ops.math.comparison import (
    equal,
    greater,
    greater_equal,
    less,
    less_equal,
    logical_and,
    logical_not,
    logical_or,
    logical_xor,
    not_equal,
)
from pellucid.ops.math.complex_numbers import angle, complex, conj, imag, real
from pellucid.ops.math.division import (
    div,
    div_no_nan,
    divide,
    floor_div,
    floordiv,
    floormod,
    mod,
    realdiv,
    reciprocal,
    truediv,
    truncatediv,
    truncatemod,
)
from pellucid.ops.math.elementwise import (
    abs,
    accumulate_n,
    add,
    add_n,
    maximum,
    minimum,
    multiply,
    negative,
    scalar_mul,
    sign,
    square,
    squared_difference,
    subtract,
)
from pellucid.ops.math.functions import (
    ceil,
    exp,
    expm1,
    floor,
    is_finite,
    is_inf,
    is_nan,
    log,
    log1p,
    pow,
    rint,
    round,
    rsqrt,
    sigmoid,
    sqrt,
    tanh,
)
from pellucid.ops.math.positions import arg_max, arg_min, argmax, argmin, cumprod, cumsum
from pellucid.ops.math.reductions import (
    reduce_all,
    reduce_any,
    reduce_max,
    reduce_mean,
    reduce_min,
    reduce_prod,
    reduce_sum,
)
from pellucid.ops.math.selection import where, where_v2
from pellucid.ops.random.draws import (
    get_seed,
    random_normal,
    random_uniform,
    set_random_seed,
    truncated_normal,
)
from pellucid.ops.sparse.sparse_tensor import (
    SparseTensor,
    SparseTensorValue,
    sparse_placeholder,
    sparse_reorder,
    sparse_retain,
    sparse_tensor_to_dense,
    sparse_to_dense,
)
from pellucid.ops.state.assignment import (
    assign,
    assign_add,
    assign_sub,
    batch_scatter_update,
    count_up_to,
    scatter_add,
    scatter_div,
    scatter_max,
    scatter_min,
    scatter_mul,
    scatter_nd_add,
    scatter_nd_sub,
    scatter_nd_update,
    scatter_sub,
    scatter_update,
)
from pellucid.ops.state.initializers import (
    constant_initializer,
    glorot_normal_initializer,
    glorot_uniform_initializer,
    ones_initializer,
    orthogonal_initializer,
    random_normal_initializer,
    random_uniform_initializer,
    truncated_normal_initializer,
    uniform_unit_scaling_initializer,
    variance_scaling_initializer,
    zeros_initializer,
)
from pellucid.ops.state.variable_scope import (
    AUTO_REUSE,
    VariableScope,
    get_local_variable,
    get_variable,
    get_variable_scope,
    no_regularizer,
    variable_op_scope,
    variable_scope,
)
from pellucid.ops.state.variable_store import (
    VariableAggregation,
    VariableSynchronization,
    create_partitioned_variables,
)
from pellucid.ops.state.variables import (
    add_to_collection,
    add_to_collections,
    all_variables,
    assert_variables_initialized,
    get_collection,
    get_collection_ref,
    global_variables,
    global_variables_initializer,
    initialize_all_variables,
    initialize_local_variables,
    initialize_variables,
    is_variable_initialized,
    local_variables,
    local_variables_initializer,
    model_variables,
    moving_average_variables,
    report_uninitialized_variables,
    trainable_variables,
    variables_initializer,
)
from pellucid.platform.behavior import (
    disable_control_flow_v2,
    disable_eager_execution,
    disable_resource_variables,
    disable_v2_behavior,
    disable_v2_tensorshape,
    executing_eagerly,
)
from pellucid.version import COMPILER_VERSION, GIT_VERSION, VERSION
from pellucid.version import VERSION as __version__

_MESSAGES = ("AttrValue", "Event", "GraphDef", "HistogramProto", "LogMessage", "MetaGraphDef",
             "NameAttrList", "NodeDef", "RunMetadata", "SessionLog", "Summary", "SummaryMetadata",
             "TensorInfo")

_namespaces.put_on(__name__)
_register_later(*_op_types.LOADERS)


def __getattr__(name):
    if name in _MESSAGES:
        from pellucid.interchange.messages import message
        return message(name)
    from pellucid.names import later, old
    if (found := later.find("", name)) is not None:
        return globals().setdefault(name, found)
    return old.answer("", name)


def __dir__():
    from pellucid.names.later import LATER
    return sorted({*globals(), *_namespaces.NAMESPACES, *_MESSAGES, *LATER[""]})
