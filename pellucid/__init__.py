"""pellucid: a deep-learning library to read, to see and to run.

`import pellucid as tf` gives TensorFlow 1's graph API. Start reading at docs/tour.md.
"""
# The face: names alone, grouped by the room they come from. Nothing is computed here.

from pellucid.api import (
    bitwise,
    debugging,
    errors,
    graph_util,
    image,
    initializers,
    io,
    linalg,
    lookup,
    manip,
    math,
    nest,
    nn,
    python_io,
    random,
    signal,
    sparse,
    spectral,
    strings,
    summary,
    train,
)
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
from pellucid.engine.xla import XlaEngine as _xla_engine
from pellucid.interchange.features import (
    FixedLenFeature,
    FixedLenSequenceFeature,
    SparseFeature,
    VarLenFeature,
)
from pellucid.interchange.import_graph import import_graph_def
from pellucid.interchange.parsing import (
    parse_example,
    parse_single_example,
    parse_single_sequence_example,
)
from pellucid.interchange.raw_bytes import decode_raw, parse_tensor, serialize_tensor
from pellucid.interchange.tensors import make_ndarray, make_tensor_proto
from pellucid.nn.activations import log_sigmoid
from pellucid.ops import operators as _operators
from pellucid.ops.arguments import name_scope
from pellucid.ops.arrays import packing as _packing
from pellucid.ops.arrays.confusion_matrix import confusion_matrix
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
from pellucid.ops.arrays.segments import (
    unsorted_segment_max,
    unsorted_segment_mean,
    unsorted_segment_min,
    unsorted_segment_prod,
    unsorted_segment_sqrt_n,
    unsorted_segment_sum,
)
from pellucid.ops.arrays.sequences import parallel_stack, repeat, reverse_sequence
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
from pellucid.ops.arrays.sorted_segments import (
    segment_max,
    segment_mean,
    segment_min,
    segment_prod,
    segment_sum,
)
from pellucid.ops.arrays.sorting import argsort, searchsorted, sort
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
from pellucid.ops.arrays.unique import setdiff1d, unique, unique_with_counts
from pellucid.ops.control import gradient_ops as _gradient_ops
from pellucid.ops.control import if_gradient as _if_gradient
from pellucid.ops.control import while_gradient as _while_gradient
from pellucid.ops.control.assertions import (
    assert_equal,
    assert_greater,
    assert_greater_equal,
    assert_integer,
    assert_less,
    assert_less_equal,
    assert_near,
    assert_negative,
    assert_non_negative,
    assert_non_positive,
    assert_none_equal,
    assert_positive,
    assert_proper_iterable,
    assert_rank,
    assert_rank_at_least,
    assert_rank_in,
    assert_same_float_dtype,
    assert_scalar,
    assert_type,
    is_non_decreasing,
    is_numeric_tensor,
    is_strictly_increasing,
)
from pellucid.ops.control.cond import case, cond, switch_case
from pellucid.ops.control.custom_gradient import custom_gradient, grad_pass_through
from pellucid.ops.control.hessians import hessians
from pellucid.ops.control.mapping import foldl, foldr, map_fn, scan
from pellucid.ops.control.passing import identity, identity_n, stop_gradient
from pellucid.ops.control.printing import Assert_ as Assert
from pellucid.ops.control.printing import Print_ as Print
from pellucid.ops.control.printing import print_ as print
from pellucid.ops.control.python_functions import numpy_function, py_func
from pellucid.ops.control.tensor_array import TensorArray
from pellucid.ops.control.waiting import group, no_op
from pellucid.ops.control.waiting import tuple_ as tuple
from pellucid.ops.control.while_loop import while_loop
from pellucid.ops.conv.space import (
    batch_to_space,
    batch_to_space_nd,
    depth_to_space,
    space_to_batch,
    space_to_batch_nd,
    space_to_depth,
)
from pellucid.ops.conversion import constant_value as get_static_value
from pellucid.ops.conversion import (
    convert_to_tensor_or_indexed_slices,
    convert_to_tensor_or_sparse_tensor,
    dimension_at_index,
    dimension_value,
    is_tensor,
)
from pellucid.ops.image.patches import extract_image_patches
from pellucid.ops.linalg.bands import diag, diag_part, matrix_band_part
from pellucid.ops.linalg.contractions import einsum, tensordot
from pellucid.ops.linalg.decompositions import qr, self_adjoint_eig, self_adjoint_eigvals, svd
from pellucid.ops.linalg.diagonals import eye, matrix_diag, matrix_diag_part, matrix_set_diag
from pellucid.ops.linalg.least_squares import matrix_solve_ls
from pellucid.ops.linalg.linear_algebra import cross, matmul, matrix_transpose
from pellucid.ops.linalg.solvers import (
    cholesky,
    cholesky_solve,
    matrix_determinant,
    matrix_inverse,
    matrix_solve,
    matrix_triangular_solve,
)
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
from pellucid.ops.math.fourier import fft, fft2d, fft3d, ifft, ifft2d, ifft3d
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
from pellucid.ops.math.histograms import bincount, histogram_fixed_width, histogram_fixed_width_bins
from pellucid.ops.math.numerics import (
    add_check_numerics_ops,
    check_numerics,
    verify_tensor_all_finite,
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
from pellucid.ops.math.special import (
    betainc,
    digamma,
    erf,
    erfc,
    igamma,
    igammac,
    lbeta,
    lgamma,
    polygamma,
    zeta,
)
from pellucid.ops.math.statistics import count_nonzero, norm, reduce_logsumexp, trace
from pellucid.ops.math.trigonometry import (
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atan2,
    atanh,
    cos,
    cosh,
    sin,
    sinh,
    tan,
)
from pellucid.ops.random.choice import multinomial, random_crop, random_shuffle
from pellucid.ops.random.draws import (
    get_seed,
    random_normal,
    random_uniform,
    set_random_seed,
    truncated_normal,
)
from pellucid.ops.random.rejection import random_gamma, random_poisson
from pellucid.ops.sparse.arithmetic import (
    sparse_add,
    sparse_reduce_max,
    sparse_reduce_sum,
    sparse_softmax,
)
from pellucid.ops.sparse.edit_distance import edit_distance
from pellucid.ops.sparse.parts import (
    sparse_concat,
    sparse_fill_empty_rows,
    sparse_mask,
    sparse_reset_shape,
    sparse_reshape,
    sparse_slice,
    sparse_split,
    sparse_transpose,
)
from pellucid.ops.sparse.products import sparse_tensor_dense_matmul
from pellucid.ops.sparse.sparse_tensor import (
    SparseTensor,
    SparseTensorValue,
    sparse_placeholder,
    sparse_reorder,
    sparse_retain,
    sparse_tensor_to_dense,
    sparse_to_dense,
)
from pellucid.ops.state import resource_variables as _resource_variables
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
from pellucid.ops.state.partitioned_variables import (
    fixed_size_partitioner,
    min_max_variable_partitioner,
    variable_axis_size_partitioner,
)
from pellucid.ops.state.template import make_template
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
from pellucid.ops.text.hashing import (
    string_to_hash_bucket,
    string_to_hash_bucket_fast,
    string_to_hash_bucket_strong,
)
from pellucid.ops.text.lookup import tables_initializer
from pellucid.ops.text.numbers import (
    as_string,
    decode_base64,
    encode_base64,
    string_to_number,
)
from pellucid.ops.text.pieces import reduce_join, string_join, string_split, string_strip, substr
from pellucid.ops.text.regex import regex_replace
from pellucid.platform.behavior import (
    disable_control_flow_v2,
    disable_eager_execution,
    disable_resource_variables,
    disable_v2_behavior,
    disable_v2_tensorshape,
    executing_eagerly,
)
from pellucid.training.clipping import (
    clip_by_average_norm,
    clip_by_global_norm,
    clip_by_norm,
    global_norm,
)
from pellucid.version import COMPILER_VERSION, GIT_VERSION, VERSION
from pellucid.version import VERSION as __version__

# Rooms that are imported on first use: who only trains need not wait for them.
_LAZY = {name: f"pellucid.api.{name}" for name in (
    "contrib", "data", "distributions", "estimator", "keras", "layers", "losses", "metrics",
    "saved_model")}
_ALONE = {name: f"pellucid.api.{name}" for name in (
    "app", "compat", "feature_column", "flags", "gfile", "logging", "queue", "resource_loader",
    "test")}
_ALONE["viz"] = "pellucid.viz"
_MESSAGES = ("AttrValue", "Event", "GraphDef", "HistogramProto", "LogMessage", "MetaGraphDef",
             "NameAttrList", "NodeDef", "RunMetadata", "SessionLog", "Summary", "SummaryMetadata",
             "TensorInfo")


def __getattr__(name):
    import importlib
    if name in _ALONE:
        return globals().setdefault(name, importlib.import_module(_ALONE[name]))
    if name in _LAZY:
        # All that bear the name of a room at once: importing the room of one, say contrib, would
        # put the rooms below it, say layers, where the face of that name belongs.
        globals().update({n: importlib.import_module(_LAZY[n]) for n in _LAZY})
        return globals()[name]
    if name in _MESSAGES:
        from pellucid.interchange.messages import message
        return message(name)
    from pellucid.names import later, old
    if (found := later.find("", name)) is not None:
        return globals().setdefault(name, found)
    return old.answer("", name)


def __dir__():
    from pellucid.names.later import LATER
    return sorted({*globals(), *_ALONE, *_LAZY, *_MESSAGES, *LATER[""]})
