"""Mean and variance, and what is normalized by them."""

from pellucid.core import dtypes
from pellucid.core.sources import constant
from pellucid.ops.arguments import as_tensor, name_scope
from pellucid.ops.arrays.creation import zeros_like
from pellucid.ops.arrays.gathering import gather
from pellucid.ops.arrays.shaping import shape, size, squeeze
from pellucid.ops.control.passing import identity, stop_gradient
from pellucid.ops.math.casting import cast
from pellucid.ops.math.comparison import equal
from pellucid.ops.math.division import div_no_nan, reciprocal
from pellucid.ops.math.elementwise import (
    add,
    maximum,
    multiply,
    square,
    squared_difference,
    subtract,
)
from pellucid.ops.math.functions import rsqrt
from pellucid.ops.math.reductions import choose_argument, reduce_mean, reduce_prod, reduce_sum


def l2_normalize(x, axis=None, epsilon=1e-12, name=None, dim=None):
    """x / sqrt(max(sum(x^2), epsilon)): vectors of length 1 along `axis` (an int, a list of
    them, or None for all). `dim` is its old name.

    As in TF: tf.nn.l2_normalize, tf.math.l2_normalize.
    """
    axis = choose_argument("axis", axis, "dim", dim)
    with name_scope(name, "l2_normalize", [x]) as scope:
        x = as_tensor(x, name="x")
        length = reduce_sum(square(x), axis, keepdims=True)
        return multiply(x, rsqrt(maximum(length, epsilon)), name=scope)


def zero_fraction(value, name=None):
    """The fraction of entries that are zero, float32; nan of nothing.

    As in TF: tf.nn.zero_fraction, tf.math.zero_fraction.
    """
    with name_scope(name, "zero_fraction", [value]):
        value = as_tensor(value, name="value")
        zeros = reduce_sum(cast(equal(value, zeros_like(value)), dtypes.int64))
        total = size(value, out_type=dtypes.int64)
        fraction = cast(zeros, dtypes.float32) / cast(total, dtypes.float32)
        return identity(fraction, "fraction")


# -- mean and variance --------------------------------------------------------------------

def moments(x, axes, shift=None, name=None, keep_dims=None, keepdims=None):
    """(mean, variance) of x over `axes`; the variance is divided by n.

    Args:
      x: Tensor; float16 is computed in float32.
      axes: list of int.
      shift: not used, as in TensorFlow.
      keepdims: bool, whether the axes stay, with length 1. `keep_dims` is its old name.

    As in TF: tf.nn.moments.
    """
    keepdims = choose_argument("keepdims", keepdims, "keep_dims", keep_dims)
    with name_scope(name, "moments", [x, axes]):
        x = as_tensor(x, name="x")
        y = _precise(x)
        mean = reduce_mean(y, axes, keepdims=True, name="mean")
        # As a function of the mean the variance is at its minimum, so its gradient through
        # the mean is 0, and need not be computed.
        deviations = squared_difference(y, stop_gradient(mean))
        variance = reduce_mean(deviations, axes, keepdims=True, name="variance")
        return _finish(x, axes, keepdims, mean, variance)


def weighted_moments(x, axes, frequency_weights, name=None, keep_dims=None, keepdims=None):
    """(mean, variance) of x over `axes`, where entries count with weights that broadcast.

    As in TF: tf.nn.weighted_moments.
    """
    keepdims = choose_argument("keepdims", keepdims, "keep_dims", keep_dims)
    with name_scope(name, "weighted_moments", [x, frequency_weights, axes]):
        x = as_tensor(x, name="x")
        y = _precise(x)
        weights = cast(as_tensor(frequency_weights, name="frequency_weights"), y.dtype)
        sums = reduce_sum(weights * y, axes, keepdims=True, name="weighted_input_sum")
        counts = reduce_sum(weights + zeros_like(y), axes, keepdims=True,
                            name="sum_of_weights")
        mean = div_no_nan(sums, counts)
        deviations = reduce_sum(weights * squared_difference(y, mean), axes, keepdims=True,
                                name="weighted_distsq")
        return _finish(x, axes, keepdims, mean, div_no_nan(deviations, counts))


def _precise(x):
    return cast(x, dtypes.float32) if x.dtype is dtypes.float16 else x


def _finish(x, axes, keepdims, *results):
    """Results without the reduced axes, unless they are kept, and of x's dtype."""
    if not keepdims:
        results = [squeeze(y, axes) for y in results]
    return tuple([cast(y, x.dtype) if x.dtype is dtypes.float16 else y for y in results])


def sufficient_statistics(x, axes, shift=None, keep_dims=None, name=None, keepdims=None):
    """What mean and variance follow from, and what can be added up over parts of the data.

    Returns:
      (count, sum of x - shift, sum of (x - shift)^2, shift); shift may be None.

    As in TF: tf.nn.sufficient_statistics.
    """
    keepdims = choose_argument("keepdims", keepdims, "keep_dims", keep_dims)
    axes = list(dict.fromkeys(axes))
    with name_scope(name, "sufficient_statistics", [x, shift]):
        x = as_tensor(x, name="x")
        count = _count(x, axes)
        if shift is None:
            first, second = x, square(x)
        else:
            shift = as_tensor(shift, name="shift")
            first, second = subtract(x, shift), squared_difference(x, shift)
        first = reduce_sum(first, axes, keepdims=keepdims, name="mean_ss")
        second = reduce_sum(second, axes, keepdims=keepdims, name="var_ss")
        return count, first, second, shift


def _count(x, axes):
    """How many entries of x each sum over `axes` adds up, in x's dtype."""
    known = x.spec.shape
    if known is None or any(known[axis] is None for axis in axes):
        return reduce_prod(gather(cast(shape(x), x.dtype), axes), name="count")
    count = 1
    for axis in axes:
        count *= known[axis]
    return constant(count, x.dtype)


def normalize_moments(counts, mean_ss, variance_ss, shift, name=None):
    """(mean, variance) from what sufficient_statistics returned.

    As in TF: tf.nn.normalize_moments.
    """
    with name_scope(name, "normalize", [counts, mean_ss, variance_ss, shift]):
        divisor = reciprocal(counts, name="divisor")
        if shift is None:
            shifted = mean = multiply(mean_ss, divisor, name="mean")
        else:
            shifted = multiply(mean_ss, divisor, name="shifted_mean")
            mean = add(shifted, shift, name="mean")
        squares = multiply(variance_ss, divisor)
        return mean, subtract(squares, square(shifted), name="variance")


def batch_normalization(x, mean, variance, offset, scale, variance_epsilon, name=None):
    """scale (x - mean) / sqrt(variance + variance_epsilon) + offset (Ioffe & Szegedy 2015).

    Args:
      x: Tensor.
      mean, variance: Tensors that broadcast with x, for example from tf.nn.moments.
      offset, scale: Tensors that broadcast with x, or None for 0 and 1.
      variance_epsilon: float.

    As in TF: tf.nn.batch_normalization.
    """
    with name_scope(name, "batchnorm", [x, mean, variance, scale, offset]):
        factor = rsqrt(variance + variance_epsilon)
        if scale is not None:
            factor = factor * scale
        constant_part = -mean * factor if offset is None else offset - mean * factor
        return x * cast(factor, x.dtype) + cast(constant_part, x.dtype)


def batch_norm_with_global_normalization(t=None, m=None, v=None, beta=None, gamma=None,
                                         variance_epsilon=None, scale_after_normalization=None,
                                         name=None, input=None, mean=None, variance=None):
    """batch_normalization of t (or input), by m (mean) and v (variance), with its older arguments.

    Args:
      t, input: Tensor.
      m, mean, v, variance: Tensors that broadcast with it.
      beta, gamma: what is added, and what multiplies if scale_after_normalization.
      variance_epsilon: float.

    As in TF: tf.nn.batch_norm_with_global_normalization.
    """
    t = choose_argument("input", input, "t", t)
    m = choose_argument("mean", mean, "m", m)
    v = choose_argument("variance", variance, "v", v)
    return batch_normalization(t, m, v, beta, gamma if scale_after_normalization else None,
                               variance_epsilon, name)
