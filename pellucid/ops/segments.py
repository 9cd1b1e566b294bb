"""Segments: rows of a tensor reduced group by group.

`segment_ids` says for each row which group it belongs to: sorted in the Segment family, in any
order in the UnsortedSegment family, which is told the number of groups. Read next:
linear_algebra.py.
"""

import numpy as np

from pellucid.core import errors, shapes
from pellucid.core.arrays import on_host, scatter
from pellucid.core.gradients import RegisterGradient
from pellucid.core.operation import Operation, create
from pellucid.core.shapes import Spec
from pellucid.ops.arguments import check_allowed
from pellucid.ops.regular import NUMBERS, REAL


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


@RegisterGradient("UnsortedSegmentSum")
def _unsorted_segment_sum_gradient(op, grad):
    return gather_segments(grad, op.inputs[1]), None, None


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
    return UnsortedSegmentSum((data, segment_ids, num_segments), name).output
