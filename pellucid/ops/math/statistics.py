"""Reductions that are built from others: logsumexp, variance, counts, norms.

Read next: positions.py.
"""

import numpy as np

from pellucid.core import dtypes
from pellucid.core.operation import convert_to_tensor
from pellucid.core.shapes import normalize_axis
from pellucid.core.sources import constant
from pellucid.ops.arguments import name_scope
from pellucid.ops.arrays.creation import ones_like, range_, zeros, zeros_like
from pellucid.ops.arrays.joining import concat
from pellucid.ops.arrays.masking import boolean_mask
from pellucid.ops.arrays.shaping import expand_dims, rank, reshape, shape, squeeze, transpose
from pellucid.ops.control.passing import stop_gradient
from pellucid.ops.linalg.decompositions import svd
from pellucid.ops.linalg.diagonals import matrix_diag_part
from pellucid.ops.math.casting import cast
from pellucid.ops.math.comparison import equal, logical_not, logical_or, not_equal
from pellucid.ops.math.complex_numbers import COMPLEX, conj
from pellucid.ops.math.division import floormod
from pellucid.ops.math.elementwise import abs, add, square, subtract
from pellucid.ops.math.functions import exp, is_finite, log, pow, sqrt
from pellucid.ops.math.reductions import choose_argument, reduce_max, reduce_mean, reduce_sum
from pellucid.ops.math.selection import where


def reduce_logsumexp(input_tensor, axis=None, keepdims=None, name=None,
                     reduction_indices=None, keep_dims=None):
    """log(sum(exp(x))) along axes, without overflow: the greatest is taken out first.

    Arguments as reduce_sum's. As in TF: tf.reduce_logsumexp.
    """
    axis = choose_argument("axis", axis, "reduction_indices", reduction_indices)
    keepdims = bool(choose_argument("keepdims", keepdims, "keep_dims", keep_dims))
    with name_scope(name, "ReduceLogSumExp", (input_tensor,)) as scope:
        input_tensor = convert_to_tensor(input_tensor)
        greatest = reduce_max(input_tensor, axis, keepdims=True)
        greatest = stop_gradient(
            where(is_finite(greatest), greatest, zeros_like(greatest)))
        result = log(reduce_sum(exp(subtract(input_tensor, greatest)), axis, keepdims))
        if not keepdims:
            greatest = reshape(greatest, shape(result))
        return add(result, greatest, scope)


def reduce_variance(input_tensor, axis=None, keepdims=False, name=None):
    """The mean squared distance from the mean, along axes.

    Raises TypeError for integers. As in TF: tf.math.reduce_variance.
    """
    with name_scope(name, "reduce_variance", (input_tensor,)):
        input_tensor = convert_to_tensor(input_tensor)
        if input_tensor.dtype is not None and input_tensor.dtype.is_integer:
            raise TypeError("Input must be either real or complex: use tf.cast.")
        mean = reduce_mean(input_tensor, axis, keepdims=True)
        distance = input_tensor - mean
        if distance.spec.dtype in COMPLEX:
            distance = abs(distance)
        return reduce_mean(square(distance), axis, keepdims)


def reduce_std(input_tensor, axis=None, keepdims=False, name=None):
    """The standard deviation, the root of reduce_variance. As in TF: tf.math.reduce_std."""
    with name_scope(name, "reduce_std", (input_tensor,)):
        return sqrt(reduce_variance(input_tensor, axis, keepdims))


def count_nonzero(input_tensor=None, axis=None, keepdims=None, dtype=dtypes.int64,
                  name=None, reduction_indices=None, keep_dims=None, input=None):
    """How many elements along axes are not zero (not False, not empty strings).

    Args:
      input_tensor: Tensor of any dtype; `input` is its newer name.
      axis, keepdims: as in reduce_sum; reduction_indices, keep_dims are old spellings.
      dtype: DType of the result.

    As in TF: tf.count_nonzero.
    """
    input_tensor = choose_argument("input", input, "input_tensor", input_tensor)
    axis = choose_argument("axis", axis, "reduction_indices", reduction_indices)
    keepdims = bool(choose_argument("keepdims", keepdims, "keep_dims", keep_dims))
    with name_scope(name, "count_nonzero", (input_tensor,)):
        input_tensor = convert_to_tensor(input_tensor, name="input")
        nothing = zeros([], dtype=input_tensor.dtype)
        different = cast(not_equal(input_tensor, nothing), dtypes.int64)
        return cast(reduce_sum(different, axis, keepdims), dtype)


def trace(x, name=None):
    """The sum of the diagonal of a matrix, or of each of a batch of them.

    As in TF: tf.trace.
    """
    with name_scope(name, "Trace", (x,)) as scope:
        x = convert_to_tensor(x, name="x")
        return reduce_sum(matrix_diag_part(x), [-1], name=scope)


def norm(tensor, ord="euclidean", axis=None, keepdims=None, name=None, keep_dims=None):
    """The norm of vectors, or of matrices.

    Args:
      tensor: Tensor of floating or complex numbers.
      ord: "euclidean", a positive number p (the p-norm), numpy.inf; for matrices also
        "fro" and 2, the greatest singular value.
      axis: None for the norm of all elements as one vector, an int for vectors along that
        axis, a pair of ints for matrices.
      keepdims: bool, keep the reduced axes with length 1; keep_dims is its old spelling.

    Raises:
      ValueError: for an axis or ord of another kind.

    As in TF: tf.norm.
    """
    keepdims = bool(choose_argument("keepdims", keepdims, "keep_dims", keep_dims))
    axes = _check_norm(ord, axis)
    with name_scope(name, "norm", (tensor,)):
        tensor = convert_to_tensor(tensor)
        result = _norm(tensor, ord, axes)
        return result if keepdims else squeeze(result, axes)


def _norm(x, ord, axes):
    """The norm with the reduced axes kept. `axes`: None, a list of one axis, or of two."""
    if ord == 2 and axes is not None and len(axes) == 2:
        return _greatest_singular_value(x, axes)
    if ord in ("euclidean", "fro", 2):
        return sqrt(reduce_sum(x * conj(x), axes, keepdims=True))
    x, is_matrix = abs(x), axes is not None and len(axes) == 2
    if ord == 1:                                   # of a matrix: the greatest column sum
        sums = reduce_sum(x, axes and axes[0], keepdims=True)
        return reduce_max(sums, axes[1], keepdims=True) if is_matrix else sums
    if ord == np.inf:                              # of a matrix: the greatest row sum
        x = reduce_sum(x, axes[1], keepdims=True) if is_matrix else x
        return reduce_max(x, axes and axes[0], keepdims=True)
    return pow(reduce_sum(pow(x, ord), axes, keepdims=True), 1.0 / ord)


def _greatest_singular_value(x, axes):
    n = x.spec.rank
    if n is None:                                  # the same, with tensors for the lists
        axes = floormod(constant(axes), rank(x))
        everywhere = range_(rank(x))
        inside = logical_or(equal(everywhere, axes[0]), equal(everywhere, axes[1]))
        others = boolean_mask(everywhere, logical_not(inside))
        kept = where(inside, ones_like(everywhere), shape(x))
        values = svd(transpose(x, concat([others, axes], 0)), compute_uv=False)
        return reshape(reduce_max(values, -1), kept)
    axes = [normalize_axis(axis, n) for axis in axes]
    others = [axis for axis in range(n) if axis not in axes]
    greatest = reduce_max(svd(transpose(x, others + axes), compute_uv=False), -1)
    for axis in sorted(axes):
        greatest = expand_dims(greatest, axis)
    return greatest


_AXES = "'axis' must be None, an integer, or a tuple of 2 unique integers"


def _check_norm(ord, axis):
    """The axes as a list or None. ValueError for what norm does not take."""
    if isinstance(axis, list | tuple) and len(axis) == 2:
        if not all(isinstance(a, int) for a in axis) or axis[0] == axis[1]:
            raise ValueError(f"{_AXES}, got {axis}")
        if ord not in ("euclidean", "fro", 1, 2, np.inf):
            raise ValueError("'ord' must be a supported matrix norm in ['euclidean', "
                             f"'fro', 1, 2, inf], got {ord}")
        return list(axis)
    if axis is not None and not isinstance(axis, int):
        raise ValueError(f"{_AXES}, got {axis}")
    if ord != "euclidean" and (isinstance(ord, str) or not np.isreal(ord) or ord <= 0):
        raise ValueError("'ord' must be a supported vector norm, 'euclidean' or a positive "
                         f"number, got {ord}")
    return None if axis is None else [axis]
