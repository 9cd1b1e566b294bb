"""Numbers over time, the summary that everyone writes. Read next: histograms.py."""

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec
from pellucid.interchange.messages import message
from pellucid.ops.arguments import check_allowed
from pellucid.summary.naming import collect, serialized, summary_scope

REAL = frozenset(d for d in dtypes.ALL if d.is_integer or d.is_floating)


class ScalarSummary(Operation):
    """A Summary of scalars. Inputs: tags (text), values, of one shape.

    As in TF: tf.raw_ops.ScalarSummary.
    """

    op_type, fresh = "ScalarSummary", True

    def infer(self, tags, values):
        check_allowed("tags", tags.dtype, {dtypes.string})
        check_allowed("values", values.dtype, REAL)
        return Spec(dtypes.string, ())

    def compute(self, tags, values):
        tags, values = np.asarray(tags, object), np.asarray(values)
        if tags.shape != values.shape:
            raise errors.InvalidArgumentError(
                None, None, f"tags and values not the same shape: {list(tags.shape)} != "
                f"{list(values.shape)} (tag {_first(tags)})")
        summary = message("Summary")()
        for tag, value in zip(tags.ravel().tolist(), values.ravel().tolist(), strict=True):
            with np.errstate(over="ignore"):
                summary.value.add(tag=tag.decode("utf-8", "replace"),
                                  simple_value=float(np.float32(value)))
        return serialized(summary)


NotDifferentiable("ScalarSummary")


def _first(tags):
    return repr(tags.ravel()[0].decode("utf-8", "replace")) if tags.size else "none"


def scalar(name, tensor, collections=None, family=None):
    """A summary of one number, which TensorBoard shows as a curve over the steps.

    Args:
      name: str, the tag within the current name scope.
      tensor: real number, or a Tensor of one.
      collections: list of collections to add it to; GraphKeys.SUMMARIES by default.
      family: str, a prefix that groups tags in TensorBoard.

    Returns:
      Tensor, string: a serialized Summary, for FileWriter.add_summary.

    As in TF: tf.summary.scalar (op type ScalarSummary).
    """
    with summary_scope(name, family, values=[tensor]) as (tag, scope):
        inputs = [convert_to_tensor(tag, name="tags"), convert_to_tensor(tensor, name="values")]
        return collect(ScalarSummary(inputs, name=scope).output, collections)
