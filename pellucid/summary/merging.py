"""Several summaries as one, so that one fetch gets them all. Read next: event_file.py."""

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.graph import GraphKeys, get_default_graph
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec
from pellucid.interchange.messages import message
from pellucid.ops.arguments import check_allowed, name_scope
from pellucid.summary.naming import clean_tag, collect, serialized


class MergeSummary(Operation):
    """The values of several Summaries in one. As in TF: tf.raw_ops.MergeSummary."""

    op_type, fresh = "MergeSummary", True

    def infer(self, *inputs):
        if not inputs:
            raise ValueError("there is nothing to merge")
        for i, spec in enumerate(inputs):
            check_allowed(f"inputs[{i}]", spec.dtype, {dtypes.string})
        return Spec(dtypes.string, ())

    def compute(self, *inputs):
        from google.protobuf.message import DecodeError
        merged, tags = message("Summary")(), set()
        for value in inputs:
            for data in np.asarray(value, object).ravel().tolist():
                try:
                    merged.MergeFromString(data)
                except DecodeError:
                    raise errors.InvalidArgumentError(
                        None, None, "Could not parse one of the summary inputs. The input was: "
                        f"{data[:100]!r}") from None
        for value in merged.value:
            if value.tag in tags:
                raise errors.InvalidArgumentError(
                    None, None, f"Duplicate tag {value.tag} found in summary inputs")
            tags.add(value.tag)
        return serialized(merged)


NotDifferentiable("MergeSummary")


def merge(inputs, collections=None, name=None):
    """One summary with the values of all.

    Args:
      inputs: list of string Tensors, each a serialized Summary.
      collections: list of collections to add it to; none by default.
      name: str.

    A run raises InvalidArgumentError where two of them have the same tag.
    As in TF: tf.summary.merge (op type MergeSummary).
    """
    name = clean_tag(name)
    with name_scope(name, "Merge", list(inputs)):
        tensors = [convert_to_tensor(x) for x in inputs]
        return collect(MergeSummary(tensors, name=name or "MergeSummary").output, collections, ())


def merge_all(key=GraphKeys.SUMMARIES, scope=None, name=None):
    """One summary with the values of all that a collection holds; None if it holds none.

    Args:
      key: str, the collection.
      scope: str, a regular expression that names must match.
      name: str.

    As in TF: tf.summary.merge_all.
    """
    found = get_default_graph().get_collection(key, scope)
    return merge(found, name=name) if found else None
