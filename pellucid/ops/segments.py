"""Segments: rows of a tensor reduced group by group.

`segment_ids` says for each row which group it belongs to: sorted in the Segment family, in any
order in the UnsortedSegment family, which is told the number of groups. Read next:
linear_algebra.py.
"""

import numpy as np

from pellucid.core import dtypes, errors, shapes
from pellucid.core.arrays import on_host, scatter
from pellucid.core.dtypes import of_numpy
from pellucid.core.gradients import NotDifferentiable, RegisterGradient
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec
from pellucid.core.sources import constant
from pellucid.ops.arguments import as_tensor, check_allowed, name_scope
from pellucid.ops.casting import cast
from pellucid.ops.comparison import equal, greater, greater_equal, logical_and
from pellucid.ops.creation import OnesLike, ZerosLike, fill
from pellucid.ops.division import Div
from pellucid.ops.elementwise import maximum
from pellucid.ops.functions import sqrt
from pellucid.ops.gathering import GatherV2
from pellucid.ops.joining import concat
from pellucid.ops.regular import NUMBERS, REAL
from pellucid.ops.selection import where
from pellucid.ops.shaping import expand_dims, rank, reshape, shape


class _Unsorted(Operation):
    """output[k] = the combination of all data[i] for which segment_ids[i] == k.

    Rows with a negative id take no part. Segments without rows hold the neutral value.
    """

    fresh = True
    allowed = NUMBERS
    how = None                                          # see core/arrays.py, scatter

    def infer(self, data, segment_ids, num_segments):
        check_allowed("data", data.dtype, self.allowed)
        count = None if num_segments.value is None else int(num_segments.value)
        if count is not None and count < 0:
            raise ValueError(f"num_segments is {count}, it must not be negative")
        if segment_ids.shape is None or data.shape is None:
            return Spec(data.dtype, None)
        rank = len(segment_ids.shape)
        if not shapes.compatible(data.shape[:rank], segment_ids.shape):
            raise ValueError(f"segment_ids of shape {shapes.show(segment_ids.shape)} must be a "
                             f"prefix of data's shape {shapes.show(data.shape)}")
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
    """output[k] = the greatest of the rows with id k; the dtype's least value if there is none."""

    op_type, how, allowed = "UnsortedSegmentMax", "max", REAL

    def neutral(self, dtype):
        return of_numpy(dtype).min


class UnsortedSegmentMin(_Unsorted):
    """output[k] = the least of the rows with id k; the dtype's greatest value if there is none."""

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
    number = UnsortedSegmentSum((cast(chosen, grad.spec.dtype), ids, count)).output
    shared = grad / maximum(number, 1)
    sent = gather_segments(shared, ids)[0]
    return where(chosen, sent, ZerosLike((sent,)).output), None, None


@RegisterGradient("UnsortedSegmentProd")
def _unsorted_segment_prod_gradient(op, grad):
    # For x != 0 the derivative is y / x. Where a segment has one zero, its derivative is the
    # product of the others; where it has more, all derivatives are 0.
    x, ids, count = op.inputs
    is_zero = equal(x, ZerosLike((x,)).output)
    zeros = UnsortedSegmentSum((cast(is_zero, dtypes.int32), ids, count)).output
    grad = where(greater(zeros, 1), ZerosLike((grad,)).output, grad)
    others = UnsortedSegmentProd((where(is_zero, OnesLike((x,)).output, x), ids, count)).output
    product = gather_segments(op.output, ids)[0] / x
    sent = where(is_zero, gather_segments(others, ids)[0], product)
    return gather_segments(grad, ids)[0] * sent, None, None


def gather_segments(x, ids):
    """(rows, kept): the row of x for each id, zeros for negative ids; which rows are not those."""
    kept = greater_equal(ids, 0)
    rows = GatherV2((x, maximum(ids, 0), constant(0))).output
    if rows.spec.shape is None or ids.spec.shape is None:
        missing = expand_dims(rank(rows) - rank(ids), 0)
        kept = reshape(kept, concat([shape(kept), fill(missing, 1)], 0))
    else:
        for _ in range(len(rows.spec.shape) - len(ids.spec.shape)):
            kept = expand_dims(kept, -1)
    kept = logical_and(kept, OnesLike((rows,)).output > 0)
    return where(kept, rows, ZerosLike((rows,)).output), kept


class _Sorted(Operation):
    """output[k] = the combination of all data[i] for which segment_ids[i] == k.

    The ids must not decrease; the last one says how many segments there are. Segments without
    rows hold 0 (1 for products).
    """

    fresh = True
    allowed = NUMBERS

    def infer(self, data, segment_ids):
        check_allowed("data", data.dtype, self.allowed)
        if segment_ids.rank not in (None, 1):
            raise ValueError("segment_ids must be a vector, not of shape "
                             f"{shapes.show(segment_ids.shape)}")
        if data.shape is None:
            return Spec(data.dtype, None)
        if not data.shape:
            raise ValueError("data must not be a scalar")
        shapes.merge(data.shape[:1], segment_ids.shape)
        return Spec(data.dtype, (None, *data.shape[1:]))

    def compute(self, data, segment_ids):
        if len(segment_ids) != len(data):
            raise errors.InvalidArgumentError(
                None, None, f"segment_ids has {len(segment_ids)} entries, data {len(data)} rows")
        if not len(data):
            return data[:0].copy()
        if on_host(segment_ids) and (segment_ids[0] < 0 or np.any(np.diff(segment_ids) < 0)):
            raise errors.InvalidArgumentError(
                None, None, "segment ids are not increasing" if segment_ids[0] >= 0 else
                "segment ids must be >= 0")
        return self.combine(data, segment_ids, int(segment_ids[-1]) + 1)

    def combine(self, data, ids, count):
        """The rows combined, for checked ids."""
        raise NotImplementedError


def _by_unsorted(op_class, neutral):
    """A combine that uses the kernel of the unsorted family."""
    kernel = op_class.detached()

    def combine(self, data, ids, count):
        result = kernel.compute(data, ids, count)
        if kernel.neutral(data.dtype) == neutral:
            return result
        empty = np.bincount(ids, minlength=count) == 0
        return np.where(empty.reshape((-1,) + (1,) * (data.ndim - 1)),
                        np.array(neutral, data.dtype), result)
    return combine


class SegmentSum(_Sorted):
    """Sums of consecutive rows."""

    op_type, combine = "SegmentSum", _by_unsorted(UnsortedSegmentSum, 0)


class SegmentProd(_Sorted):
    """Products of consecutive rows; 1 where there is none."""

    op_type, combine = "SegmentProd", _by_unsorted(UnsortedSegmentProd, 1)


class SegmentMax(_Sorted):
    """Greatest of consecutive rows; 0 where there is none."""

    op_type, combine, allowed = "SegmentMax", _by_unsorted(UnsortedSegmentMax, 0), REAL


class SegmentMin(_Sorted):
    """Least of consecutive rows; 0 where there is none."""

    op_type, combine, allowed = "SegmentMin", _by_unsorted(UnsortedSegmentMin, 0), REAL


class SegmentMean(_Sorted):
    """Means of consecutive rows; 0 where there is none."""

    op_type = "SegmentMean"

    def combine(self, data, ids, count):
        sums = UnsortedSegmentSum.detached().compute(data, ids, count)
        rows = np.maximum(np.bincount(ids, minlength=count), 1).astype(data.dtype)
        rows = rows.reshape((-1,) + (1,) * (data.ndim - 1))
        return Div.detached().compute(sums, rows)


@RegisterGradient("SegmentSum")
def _segment_sum_gradient(op, grad):
    return GatherV2((grad, op.inputs[1], constant(0))).output, None


@RegisterGradient("SegmentMean")
def _segment_mean_gradient(op, grad):
    x, ids = op.inputs
    ones = cast(fill(concat([shape(ids), fill(expand_dims(rank(x) - 1, 0), 1)], 0), 1),
                grad.spec.dtype)
    scaled = grad / maximum(SegmentSum((ones, ids)).output, 1)
    return GatherV2((scaled, ids, constant(0))).output, None


@RegisterGradient("SegmentMax")
@RegisterGradient("SegmentMin")
def _segment_extreme_gradient(op, grad):
    x, ids = op.inputs
    chosen = equal(x, GatherV2((op.output, ids, constant(0))).output)
    shared = grad / maximum(SegmentSum((cast(chosen, grad.spec.dtype), ids)).output, 1)
    sent = GatherV2((shared, ids, constant(0))).output
    return where(chosen, sent, ZerosLike((sent,)).output), None


NotDifferentiable("SegmentProd")            # as in TensorFlow 1


# -- what users call ------------------------------------------------------------------------

def _unsorted(op_class, data, segment_ids, num_segments, name):
    with name_scope(name, op_class.op_type, (data,)) as scope:
        return op_class((as_tensor(data, name="data"), as_tensor(segment_ids, name="segment_ids"),
                         as_tensor(num_segments, name="num_segments")), scope).output


def unsorted_segment_sum(data, segment_ids, num_segments, name=None):
    """output[k] = the sum of data[i] over all i with segment_ids[i] == k.

    Args:
      data: Tensor of numbers.
      segment_ids: Tensor of ints, whose shape is a prefix of data's; rows with negative ids are
        left out.
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
    return _per_row(data, segment_ids, num_segments, name, "UnsortedSegmentMean", lambda n: n)


def unsorted_segment_sqrt_n(data, segment_ids, num_segments, name=None):
    """The sums of rows with the same id over the roots of their numbers.

    As in TF: tf.unsorted_segment_sqrt_n.
    """
    return _per_row(data, segment_ids, num_segments, name, "UnsortedSegmentSqrtN", sqrt)


def _per_row(data, segment_ids, num_segments, name, default, scale):
    with name_scope(name, default, (data,)):
        data, segment_ids = convert_to_tensor(data), convert_to_tensor(segment_ids)
        ones = cast(fill(shape(segment_ids), 1), data.spec.dtype or dtypes.float32)
        counts = maximum(unsorted_segment_sum(ones, segment_ids, num_segments), 1)
        extra = expand_dims(rank(data) - rank(segment_ids), 0)
        counts = reshape(counts, concat([shape(counts), fill(extra, 1)], 0))
        return unsorted_segment_sum(data, segment_ids, num_segments) / scale(counts)


def _sorted(op_class, data, segment_ids, name):
    with name_scope(name, op_class.op_type, (data,)) as scope:
        return op_class((as_tensor(data, name="data"), as_tensor(segment_ids, name="segment_ids")),
                        scope).output


def segment_sum(data, segment_ids, name=None):
    """output[k] = the sum of data[i] over all i with segment_ids[i] == k, for sorted ids.

    Args:
      data: Tensor, shape (n, ...).
      segment_ids: Tensor of ints, shape (n,), which do not decrease.

    Returns:
      Tensor of data's dtype, shape (the last id + 1, ...).

    As in TF: tf.segment_sum (op type SegmentSum).
    """
    return _sorted(SegmentSum, data, segment_ids, name)


def segment_prod(data, segment_ids, name=None):
    """The products of rows with the same id; see segment_sum.

    As in TF: tf.segment_prod (op type SegmentProd).
    """
    return _sorted(SegmentProd, data, segment_ids, name)


def segment_mean(data, segment_ids, name=None):
    """The means of rows with the same id; see segment_sum.

    As in TF: tf.segment_mean (op type SegmentMean).
    """
    return _sorted(SegmentMean, data, segment_ids, name)


def segment_max(data, segment_ids, name=None):
    """The greatest of rows with the same id; see segment_sum.

    As in TF: tf.segment_max (op type SegmentMax).
    """
    return _sorted(SegmentMax, data, segment_ids, name)


def segment_min(data, segment_ids, name=None):
    """The least of rows with the same id; see segment_sum.

    As in TF: tf.segment_min (op type SegmentMin).
    """
    return _sorted(SegmentMin, data, segment_ids, name)
