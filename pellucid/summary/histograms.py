"""How the values of a tensor are distributed. Read next: images.py.

The buckets grow by a tenth: their limits are 1e-12 * 1.1^k below 1e20, their negatives, zero
and the largest numbers, as in TensorFlow.
"""

import functools

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec
from pellucid.interchange.messages import message
from pellucid.ops.arguments import check_allowed
from pellucid.summary.naming import collect, serialized, summary_scope, text_of
from pellucid.summary.scalars import REAL

_LARGEST = np.finfo(np.float64).max


@functools.cache
def bucket_limits():
    """The upper limits of the buckets, an array."""
    limits, limit = [], 1e-12
    while limit < 1e20:
        limits.append(limit)
        limit *= 1.1                       # step by step: the roundings are TensorFlow's
    limits.append(_LARGEST)
    return np.array([*[-v for v in reversed(limits)], 0.0, *limits])


def fill_histogram(values, proto):
    """Fills a HistogramProto with finite values, an array of any shape."""
    values = np.asarray(values).astype(np.float64).ravel()
    limits = bucket_limits()
    proto.num = values.size
    proto.min, proto.max = (values.min(), values.max()) if values.size else (_LARGEST, -_LARGEST)
    if values.size:
        proto.sum = np.cumsum(values)[-1]                # one after the other, as TensorFlow adds
        proto.sum_squares = np.cumsum(values * values)[-1]
    bucket = np.minimum(np.searchsorted(limits, values, "right"), len(limits) - 1)
    counts = np.bincount(bucket, minlength=len(limits))
    # Of a run of empty buckets one is written, up to where the run ends.
    kept = np.append((counts[:-1] > 0) | (counts[1:] > 0), True)
    proto.bucket_limit.extend(limits[kept].tolist())
    proto.bucket.extend(counts[kept].tolist())
    return proto


class HistogramSummary(Operation):
    """A Summary of a histogram. Inputs: tag (text), values.

    As in TF: tf.raw_ops.HistogramSummary.
    """

    op_type, fresh = "HistogramSummary", True

    def infer(self, tag, values):
        check_allowed("tag", tag.dtype, {dtypes.string})
        check_allowed("values", values.dtype, REAL)
        return Spec(dtypes.string, ())

    def compute(self, tag, values):
        values = np.asarray(values).astype(np.float64)
        for name, wrong in ("Nan", np.isnan), ("Infinity", np.isinf):
            if wrong(values).any():
                raise errors.InvalidArgumentError(
                    None, None, f"{name} in summary histogram for: {self.name}")
        summary = message("Summary")()
        fill_histogram(values, summary.value.add(tag=text_of(tag)).histo)
        return serialized(summary)


NotDifferentiable("HistogramSummary")


def histogram(name, values, collections=None, family=None):
    """A summary of how values are distributed.

    Args:
      name: str, the tag within the current name scope.
      values: Tensor of real numbers, any shape.
      collections: list of collections to add it to; GraphKeys.SUMMARIES by default.
      family: str, a prefix that groups tags in TensorBoard.

    A run raises InvalidArgumentError where a value is not finite.
    As in TF: tf.summary.histogram (op type HistogramSummary).
    """
    with summary_scope(name, family, "HistogramSummary", [values]) as (tag, scope):
        inputs = [convert_to_tensor(tag, name="tag"),
                  convert_to_tensor(values, preferred_dtype=dtypes.float32, name="values")]
        return collect(HistogramSummary(inputs, name=scope).output, collections)
