"""tf.math."""

from pellucid.nn.activations import log_sigmoid
from pellucid.nn.normalization import l2_normalize, zero_fraction
from pellucid.ops.arrays.confusion_matrix import confusion_matrix
from pellucid.ops.arrays.ranking import in_top_k, top_k
from pellucid.ops.arrays.segments import (
    unsorted_segment_max,
    unsorted_segment_mean,
    unsorted_segment_min,
    unsorted_segment_prod,
    unsorted_segment_sqrt_n,
    unsorted_segment_sum,
)
from pellucid.ops.arrays.shaping import invert_permutation
from pellucid.ops.arrays.sorted_segments import (
    segment_max,
    segment_mean,
    segment_min,
    segment_prod,
    segment_sum,
)
from pellucid.ops.control.assertions import is_non_decreasing, is_strictly_increasing
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
from pellucid.ops.math.complex_numbers import angle, conj, imag, real
from pellucid.ops.math.division import (
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
from pellucid.ops.math.division import div_no_nan as divide_no_nan
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
from pellucid.ops.math.histograms import bincount
from pellucid.ops.math.positions import argmax, argmin, cumprod, cumsum
from pellucid.ops.math.reductions import (
    reduce_all,
    reduce_any,
    reduce_max,
    reduce_mean,
    reduce_min,
    reduce_prod,
    reduce_sum,
)
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
from pellucid.ops.math.statistics import (
    count_nonzero,
    reduce_logsumexp,
    reduce_std,
    reduce_variance,
)
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
from pellucid.ops.neural.activations import (
    softplus,
    softsign,
)
from pellucid.ops.neural.softmax import log_softmax, softmax
