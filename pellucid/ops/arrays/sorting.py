"""Sorted tensors, and places in them: sort, argsort, searchsorted.

Sorting is asking for the greatest of all entries (ranking.py). Read next: unique.py.
"""

import numpy as np

from pellucid.core import dtypes
from pellucid.core.arrays import array_namespace
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec, merge, normalize_axis
from pellucid.ops.arguments import as_integers, as_tensor, check_allowed, name_scope, same_dtype
from pellucid.ops.arrays.creation import range_
from pellucid.ops.arrays.ranking import top_k
from pellucid.ops.arrays.shaping import rank, reshape, shape, transpose
from pellucid.ops.math.comparison import equal
from pellucid.ops.math.elementwise import negative
from pellucid.ops.math.selection import where_v2
from pellucid.ops.regular import REAL

DIRECTIONS = ("ASCENDING", "DESCENDING")


def sort(values, axis=-1, direction="ASCENDING", name=None):
    """values, sorted along an axis.

    Args:
      values: Tensor of real numbers, of at least one dimension.
      axis: int.
      direction: "ASCENDING" or "DESCENDING".

    As in TF: tf.sort (op type TopKV2).
    """
    with name_scope(name, "sort"):
        return _sorted(values, axis, direction, 0)


def argsort(values, axis=-1, direction="ASCENDING", stable=False, name=None):
    """The places of the entries in sorted order, as Tensor of int32 of the same shape.

    Args:
      values: Tensor of real numbers, of at least one dimension.
      axis: int.
      direction: "ASCENDING" or "DESCENDING".
      stable: bool; of equal entries the first is first in any case.

    As in TF: tf.argsort (op type TopKV2).
    """
    with name_scope(name, "argsort"):
        return _sorted(values, axis, direction, 1)


def _sorted(values, axis, direction, output):
    """Output 0 (the entries) or 1 (their places) of top_k along any axis."""
    if direction not in DIRECTIONS:
        raise ValueError(f"{direction} should be one of {', '.join(DIRECTIONS)}")
    axis = as_integers(axis, "axis").spec.value
    if axis is None or axis.shape:
        raise ValueError("axis must be a scalar that is known before the run.")
    values, axis = as_tensor(values, name="values"), int(axis)
    turn = _opposite if direction == "ASCENDING" else (lambda x: x)
    values = turn(values)
    count, known = shape(values)[axis], values.spec.rank
    axis = normalize_axis(axis, known)
    if axis in (-1, None if known is None else known - 1):
        found = top_k(values, count)[output]
    else:
        order = _last(axis, rank(values) if known is None else known)
        found = transpose(top_k(transpose(values, order), count)[output], order)
    return turn(found) if output == 0 else found


def _opposite(x):
    """Numbers in the opposite order; doing it twice gives x. -x overflows for the least int."""
    dtype = x.spec.dtype
    if dtype is None or dtype.is_floating:
        return negative(x)
    return (dtype.max if dtype.is_unsigned else -1) - x


def _last(axis, count):
    """The order of axes that exchanges one with the last."""
    if isinstance(count, int):
        order = np.arange(count, dtype=np.int32)
        order[[axis, -1]] = order[[-1, axis]]
        return convert_to_tensor(order, name="transposition")
    axes, axis, last = range_(count), axis if axis >= 0 else count + axis, count - 1
    swapped = where_v2(equal(axes, last), axis, axes)
    return where_v2(equal(axes, axis), last, swapped)


# -- searching -----------------------------------------------------------------------------

class LowerBound(Operation):
    """For each row, how many of the sorted entries are less than each value."""

    op_type, attrs, fresh, side = "LowerBound", {"out_type": dtypes.int32}, True, "left"

    def infer(self, sorted_inputs, values):
        check_allowed("values", same_dtype(sorted_inputs, values), REAL)
        rows, given = (merge(x.shape, (None, None)) for x in (sorted_inputs, values))
        merge(rows[:1], given[:1])
        return Spec(self.out_type, values.shape)

    def compute(self, sorted_inputs, values):
        xp, dtype = array_namespace(sorted_inputs, values), self.out_type._numpy
        if xp is np:
            pairs = zip(sorted_inputs, values, strict=True)
            found = [np.searchsorted(row, wanted, self.side) for row, wanted in pairs]
            return np.array(found, dtype).reshape(values.shape)
        below = xp.less if self.side == "left" else xp.less_equal
        return below(sorted_inputs[:, None], values[:, :, None]).sum(-1).astype(dtype)


class UpperBound(LowerBound):
    """For each row, how many of the sorted entries are not greater than each value."""

    op_type, side = "UpperBound", "right"


NotDifferentiable("LowerBound")
NotDifferentiable("UpperBound")


def searchsorted(sorted_sequence, values, side="left", out_type=dtypes.int32, name=None):
    """Where in a sorted row each value would be inserted to keep it sorted.

    Args:
      sorted_sequence: Tensor of real numbers, shape (..., n), sorted along the last axis.
      values: Tensor of its dtype, shape (..., m).
      side: "left" or "right": before or after entries that equal the value.
      out_type: tf.int32 or tf.int64.

    Returns:
      Tensor of out_type, of values' shape.

    As in TF: tf.searchsorted (op types LowerBound, UpperBound).
    """
    if side not in ("left", "right"):
        raise ValueError(f"side must be either 'right' or 'left'. Saw: {side}.")
    rows = as_tensor(sorted_sequence, name="sorted_sequence")
    values = convert_to_tensor(values, rows.spec.dtype, name="values")
    lengths = [shape(x)[-1] for x in (rows, values)]
    op_class = LowerBound if side == "left" else UpperBound
    flat = [reshape(x, [-1, n]) for x, n in zip((rows, values), lengths, strict=True)]
    found = op_class(flat, name, out_type=dtypes.as_dtype(out_type)).output
    return reshape(found, shape(values))
