"""Segments: rows of a tensor reduced group by group.

`segment_ids` says for each row which group it belongs to, in any order. Read next:
sorted_segments.py.
"""

import numpy as np

from pellucid.core import dtypes, errors, shapes
from pellucid.core.arrays import array_namespace, on_host, scatter
from pellucid.core.dtypes import of_numpy
from pellucid.core.gradients import RegisterGradient
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec
from pellucid.core.sources import constant
from pellucid.ops.arguments import build, check_allowed, name_scope
from pellucid.ops.arrays.creation import OnesLike, ZerosLike, fill
from pellucid.ops.arrays.gathering import GatherV2
from pellucid.ops.arrays.joining import concat
from pellucid.ops.arrays.shaping import expand_dims, rank, reshape, shape
from pellucid.ops.math.casting import cast, cast_like
from pellucid.ops.math.comparison import equal, greater, greater_equal, logical_and
from pellucid.ops.math.elementwise import maximum
from pellucid.ops.math.functions import sqrt
from pellucid.ops.math.selection import where, where_v2
from pellucid.ops.regular import NUMBERS, REAL


class _Unsorted(Operation):
    """output[k] = the combination of all data[i] for which segment_ids[i] == k.

    Rows with a negative id take no part. Segments without rows hold the neutral value.
    """

    fresh = True
    allowed = NUMBERS
    how = None                                          # see core/arrays.py, scatter
    static_inputs = (2,)

    def infer(self, data, segment_ids, num_segments):
        check_allowed("data", data.dtype, self.allowed)
        count = None if num_segments.value is None else int(num_segments.value)
        if count is not None and count < 0:
            raise ValueError(f"num_segments is {count}, it must not be negative")
        if segment_ids.shape is None or data.shape is None:
            return Spec(data.dtype, None)
        rank = len(segment_ids.shape)
        if not shapes.compatible(data.shape[:rank], segment_ids.shape):
            raise ValueError(f"segment_ids of shape {shapes.show(segment_ids.shape)} must "
                             f"be a prefix of data's shape {shapes.show(data.shape)}")
        return Spec(data.dtype, (count, *data.shape[rank:]))

    def compute(self, data, segment_ids, num_segments):
        ids, count = segment_ids.reshape(-1), int(num_segments)
        rows = data.reshape(ids.shape + data.shape[segment_ids.ndim:])
        if on_host(ids):
            kept = ids >= 0
            if not kept.all():
                ids, rows = ids[kept], rows[kept]
            if ids.size and ids.max() >= count:
                raise errors.InvalidArgumentError(
                    None, None, f"segment_ids contains {ids.max()}, which is not in "
                    f"[0, {count})")
        else:                                            # what is out of range is dropped
            ids = array_namespace(ids).where(ids < 0, count, ids)
        start = np.full((count, *rows.shape[1:]), self.neutral(rows.dtype), rows.dtype)
        return scatter(start, ids, rows, self.how)

    def neutral(self, dtype):
        """The value of a segment without rows."""
        raise NotImplementedError


class UnsortedSegmentSum(_Unsorted):
    """output[k] = the sum of the rows with id k."""

    op_type, how = "UnsortedSegmentSum", "add"

    def neutral(self, dtype):
        return 0


class UnsortedSegmentProd(_Unsorted):
    """output[k] = the product of the rows with id k; 1 where there is none."""

    op_type, how = "UnsortedSegmentProd", "multiply"

    def neutral(self, dtype):
        return 1


class UnsortedSegmentMax(_Unsorted):
    """output[k] = the greatest row with id k; the dtype's least value if there is none."""

    op_type, how, allowed = "UnsortedSegmentMax", "max", REAL

    def neutral(self, dtype):
        return of_numpy(dtype).min


class UnsortedSegmentMin(_Unsorted):
    """output[k] = the least row with id k; the dtype's greatest value if there is none."""

    op_type, how, allowed = "UnsortedSegmentMin", "min", REAL

    def neutral(self, dtype):
        return of_numpy(dtype).max


@RegisterGradient("UnsortedSegmentSum")
def _unsorted_segment_sum_gradient(op, grad):
    return gather_segments(grad, op.inputs[1])[0], None, None


@RegisterGradient("UnsortedSegmentMax")
@RegisterGradient("UnsortedSegmentMin")
def _unsorted_segment_extreme_gradient(op, grad):
    # Rows that share the extreme of a segment share its gradient equally.
    x, ids, count = op.inputs
    extreme, kept = gather_segments(op.output, ids)
    chosen = logical_and(equal(x, extreme), kept)
    number = UnsortedSegmentSum((cast_like(chosen, grad), ids, count)).output
    shared = grad / maximum(number, 1)
    sent = gather_segments(shared, ids)[0]
    return where(chosen, sent, ZerosLike((sent,)).output), None, None


@RegisterGradient("UnsortedSegmentProd")
def _unsorted_segment_prod_gradient(op, grad):
    # For x != 0 the derivative is y / x. Where a segment has one zero, the derivative by it
    # is the product of the others; where it has more, all derivatives are 0.
    x, ids, count = op.inputs
    is_zero = equal(x, ZerosLike((x,)).output)
    factors = where(is_zero, OnesLike((x,)).output, x)
    zeros = UnsortedSegmentSum((cast(is_zero, dtypes.int32), ids, count)).output
    grad = where(greater(zeros, 1), ZerosLike((grad,)).output, grad)
    others = UnsortedSegmentProd((factors, ids, count)).output
    derivative = where(is_zero, gather_segments(others, ids)[0],
                       gather_segments(op.output, ids)[0] / factors)
    return gather_segments(grad, ids)[0] * derivative, None, None


def gather_segments(x, ids):
    """(rows, kept): the row of x for each id, zeros for negative ids; which ids are not.

    kept has axes of length 1 for those that the rows have beyond the ids.
    """
    kept = greater_equal(ids, 0)
    rows = GatherV2((x, maximum(ids, 0), constant(0))).output
    if rows.spec.shape is None or ids.spec.shape is None:
        missing = expand_dims(rank(rows) - rank(ids), 0)
        kept = reshape(kept, concat([shape(kept), fill(missing, 1)], 0))
    else:
        for _ in range(len(rows.spec.shape) - len(ids.spec.shape)):
            kept = expand_dims(kept, -1)
    return where_v2(kept, rows, ZerosLike((rows,)).output), kept


# -- what users call ----------------------------------------------------------------------

def _unsorted(op_class, data, segment_ids, num_segments, name):
    return build(op_class, {"data": data, "segment_ids": segment_ids,
                            "num_segments": num_segments}, name).output


def unsorted_segment_sum(data, segment_ids, num_segments, name=None):
    """output[k] = the sum of data[i] over all i with segment_ids[i] == k.

    Args:
      data: Tensor of numbers.
      segment_ids: Tensor of ints, whose shape is a prefix of data's; rows with negative ids
        are left out.
      num_segments: int scalar, the number of segments.

    Returns:
      Tensor of data's dtype, shape (num_segments,) + data.shape[segment_ids.rank:].

    As in TF: tf.unsorted_segment_sum (op type UnsortedSegmentSum).
    """
    return _unsorted(UnsortedSegmentSum, data, segment_ids, num_segments, name)


def unsorted_segment_prod(data, segment_ids, num_segments, name=None):
    """The products of rows with the same id, 1 without rows; see unsorted_segment_sum.

    As in TF: tf.unsorted_segment_prod (op type UnsortedSegmentProd).
    """
    return _unsorted(UnsortedSegmentProd, data, segment_ids, num_segments, name)


def unsorted_segment_max(data, segment_ids, num_segments, name=None):
    """The greatest of rows with the same id; see unsorted_segment_sum.

    As in TF: tf.unsorted_segment_max (op type UnsortedSegmentMax).
    """
    return _unsorted(UnsortedSegmentMax, data, segment_ids, num_segments, name)


def unsorted_segment_min(data, segment_ids, num_segments, name=None):
    """The least of rows with the same id; see unsorted_segment_sum.

    As in TF: tf.unsorted_segment_min (op type UnsortedSegmentMin).
    """
    return _unsorted(UnsortedSegmentMin, data, segment_ids, num_segments, name)


def unsorted_segment_mean(data, segment_ids, num_segments, name=None):
    """The means of rows with the same id, 0 without rows; see unsorted_segment_sum.

    As in TF: tf.unsorted_segment_mean.
    """
    return _per_row(data, segment_ids, num_segments, name, "UnsortedSegmentMean", None)


def unsorted_segment_sqrt_n(data, segment_ids, num_segments, name=None):
    """The sums of rows with the same id over the roots of their numbers.

    As in TF: tf.unsorted_segment_sqrt_n.
    """
    return _per_row(data, segment_ids, num_segments, name, "UnsortedSegmentSqrtN", sqrt)


def _per_row(data, segment_ids, num_segments, name, default, scale):
    with name_scope(name, default, (data,)):
        data, segment_ids = convert_to_tensor(data), convert_to_tensor(segment_ids)
        ones = cast_like(fill(shape(segment_ids), 1), data)
        counts = maximum(unsorted_segment_sum(ones, segment_ids, num_segments), 1)
        extra = expand_dims(rank(data) - rank(segment_ids), 0)
        counts = reshape(counts, concat([shape(counts), fill(extra, 1)], 0))
        sums = unsorted_segment_sum(data, segment_ids, num_segments)
        return sums / (scale(counts) if scale else counts)
