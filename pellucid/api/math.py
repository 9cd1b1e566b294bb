"""tf.math."""

from pellucid.nn.activations import log_sigmoid
from pellucid.nn.normalization import l2_normalize, zero_fraction
from pellucid.ops.activations import (
    softplus,
    softsign,
)
from pellucid.ops.assertions import is_non_decreasing, is_strictly_increasing
from pellucid.ops.comparison import (
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
from pellucid.ops.complex_numbers import angle, conj, imag, real
from pellucid.ops.confusion_matrix import confusion_matrix
from pellucid.ops.division import (
    div_no_nan,
    divide,
    floordiv,
    floormod,
    mod,
    multiply_no_nan,
    reciprocal,
    reciprocal_no_nan,
    truediv,
    xdivy,
    xlogy,
)
from pellucid.ops.division import div_no_nan as divide_no_nan
from pellucid.ops.elementwise import (
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
from pellucid.ops.functions import (
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
from pellucid.ops.positions import argmax, argmin, cumprod, cumsum
from pellucid.ops.ranking import in_top_k, top_k
from pellucid.ops.reductions import (
    reduce_all,
    reduce_any,
    reduce_max,
    reduce_mean,
    reduce_min,
    reduce_prod,
    reduce_sum,
)
from pellucid.ops.segments import (
    unsorted_segment_max,
    unsorted_segment_mean,
    unsorted_segment_min,
    unsorted_segment_prod,
    unsorted_segment_sqrt_n,
    unsorted_segment_sum,
)
from pellucid.ops.shaping import invert_permutation
from pellucid.ops.softmax import log_softmax, softmax
from pellucid.ops.sorted_segments import (
    segment_max,
    segment_mean,
    segment_min,
    segment_prod,
    segment_sum,
)
from pellucid.ops.special import (
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
from pellucid.ops.statistics import (
    count_nonzero,
    reduce_logsumexp,
    reduce_std,
    reduce_variance,
)
from pellucid.ops.trigonometry import (
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
