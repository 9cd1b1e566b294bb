"""Summaries of any tensor, and of text. Read next: merging.py."""

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec
from pellucid.interchange.messages import message
from pellucid.interchange.tensors import content_to_proto
from pellucid.ops.arguments import check_allowed
from pellucid.summary.naming import collect, serialized, summary_scope, text_of


class TensorSummaryV2(Operation):
    """A Summary of a tensor. Inputs: tag (text), tensor, a serialized SummaryMetadata.

    As in TF: tf.raw_ops.TensorSummaryV2.
    """

    op_type, fresh = "TensorSummaryV2", True

    def infer(self, tag, tensor, serialized_summary_metadata):
        check_allowed("tag", tag.dtype, {dtypes.string})
        check_allowed("metadata", serialized_summary_metadata.dtype, {dtypes.string})
        return Spec(dtypes.string, ())

    def compute(self, tag, tensor, serialized_summary_metadata):
        from google.protobuf.message import DecodeError
        summary = message("Summary")()
        value = summary.value.add(tag=text_of(tag))
        data = np.asarray(serialized_summary_metadata, object)[()]
        try:
            value.metadata.MergeFromString(bytes(data))
        except DecodeError as error:
            raise errors.InvalidArgumentError(
                None, None, f"{value.tag}: the metadata are no SummaryMetadata: {error}") from None
        content_to_proto(np.asarray(tensor), value.tensor)
        return serialized(summary)


NotDifferentiable("TensorSummaryV2")


def tensor_summary(name, tensor, summary_description=None, collections=None,
                   summary_metadata=None, family=None, display_name=None):
    """A summary of a tensor of any type and shape.

    Args:
      name: str, the tag within the current name scope.
      tensor: Tensor.
      summary_description: str, a longer text about it.
      collections: list of collections to add it to; GraphKeys.SUMMARIES by default.
      summary_metadata: SummaryMetadata, says which plugin of TensorBoard shows it.
      family: str, a prefix that groups tags in TensorBoard.
      display_name: str, what TensorBoard calls it.

    As in TF: tf.summary.tensor_summary (op type TensorSummaryV2).
    """
    metadata = message("SummaryMetadata")()
    if summary_metadata is not None:
        metadata.MergeFromString(summary_metadata.SerializeToString())
    if display_name is not None:
        metadata.display_name = display_name
    if summary_description is not None:
        metadata.summary_description = summary_description
    with summary_scope(name, family, values=[tensor]) as (tag, scope):
        inputs = [convert_to_tensor(tag, name="tag"), convert_to_tensor(tensor, name="tensor"),
                  convert_to_tensor(metadata.SerializeToString(),
                                    name="serialized_summary_metadata")]
        return collect(TensorSummaryV2(inputs, name=scope).output, collections)


def text(name, tensor, collections=None):
    """A summary of text, which TensorBoard shows as Markdown; a matrix becomes a table.

    Args:
      name: str, the tag within the current name scope.
      tensor: Tensor of strings.
      collections: list of collections to add it to; GraphKeys.SUMMARIES by default.

    Raises ValueError for a tensor that is not of strings.
    As in TF: tf.summary.text (op type TensorSummaryV2).
    """
    tensor = convert_to_tensor(tensor)
    if tensor.spec.dtype is not dtypes.string:
        raise ValueError(f"Expected tensor {tensor.name} to have dtype string, got {tensor.dtype}")
    metadata = message("SummaryMetadata")()
    metadata.plugin_data.plugin_name = "text"
    return tensor_summary(name, tensor, summary_metadata=metadata, collections=collections)


def get_summary_description(node_def):
    """The SummaryDescription in a NodeDef of type TensorSummary. ValueError for others.

    As in TF: tf.summary.get_summary_description.
    """
    from google.protobuf import json_format
    if node_def.op != "TensorSummary":
        raise ValueError(f"Can't get_summary_description on {node_def.op}")
    return json_format.Parse(node_def.attr["description"].s.decode(),
                             message("SummaryDescription")())
