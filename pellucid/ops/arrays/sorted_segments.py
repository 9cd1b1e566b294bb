"""Segments of sorted ids: consecutive rows of a tensor reduced group by group.

The last id says how many groups there are. Read next: ../linalg/linear_algebra.py.
"""

import numpy as np

from pellucid.core import errors, shapes
from pellucid.core.arrays import on_host
from pellucid.core.gradients import NotDifferentiable, RegisterGradient
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec
from pellucid.core.sources import constant
from pellucid.ops.arguments import build, check_allowed
from pellucid.ops.arrays.creation import ZerosLike, fill
from pellucid.ops.arrays.gathering import GatherV2
from pellucid.ops.arrays.joining import concat
from pellucid.ops.arrays.segments import (
    UnsortedSegmentMax,
    UnsortedSegmentMin,
    UnsortedSegmentProd,
    UnsortedSegmentSum,
)
from pellucid.ops.arrays.shaping import expand_dims, rank, shape
from pellucid.ops.math.casting import cast_like
from pellucid.ops.math.comparison import equal
from pellucid.ops.math.division import Div
from pellucid.ops.math.elementwise import maximum
from pellucid.ops.math.selection import where
from pellucid.ops.regular import NUMBERS, REAL


class _Sorted(Operation):
    """output[k] = the combination of all data[i] for which segment_ids[i] == k.

    The ids must not decrease; the last one says how many segments there are. Segments
    without rows hold 0 (1 for products).
    """

    fresh = host = True
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
                None, None, f"segment_ids has {len(segment_ids)} entries, data has "
                f"{len(data)} rows")
        if not len(data):
            return data[:0].copy()
        if on_host(segment_ids):
            if segment_ids[0] < 0:
                raise errors.InvalidArgumentError(None, None, "segment ids must be >= 0")
            if np.any(np.diff(segment_ids) < 0):
                raise errors.InvalidArgumentError(
                    None, None, "segment ids must not decrease")
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
    return _of_rows(grad, op.inputs[1]), None


def _of_rows(x, ids):
    """For each row, what x says of its segment."""
    return GatherV2((x, ids, constant(0))).output


@RegisterGradient("SegmentMean")
def _segment_mean_gradient(op, grad):
    x, ids = op.inputs
    column = concat([shape(ids), fill(expand_dims(rank(x) - 1, 0), 1)], 0)
    ones = cast_like(fill(column, 1), grad)
    scaled = grad / maximum(SegmentSum((ones, ids)).output, 1)
    return _of_rows(scaled, ids), None


@RegisterGradient("SegmentMax")
@RegisterGradient("SegmentMin")
def _segment_extreme_gradient(op, grad):
    # Rows that share the extreme of a segment share its gradient equally.
    x, ids = op.inputs
    chosen = equal(x, _of_rows(op.output, ids))
    shared = grad / maximum(SegmentSum((cast_like(chosen, grad), ids)).output, 1)
    sent = _of_rows(shared, ids)
    return where(chosen, sent, ZerosLike((sent,)).output), None


NotDifferentiable("SegmentProd")            # as in TensorFlow 1


# -- what users call ----------------------------------------------------------------------

def _sorted(op_class, data, segment_ids, name):
    return build(op_class, {"data": data, "segment_ids": segment_ids}, name).output


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
