"""tf.summary: what TensorBoard shows."""

from pellucid.summary.audio import audio
from pellucid.summary.histograms import histogram
from pellucid.summary.images import image
from pellucid.summary.merging import merge, merge_all
from pellucid.summary.scalars import scalar
from pellucid.summary.tensors import get_summary_description, tensor_summary, text
from pellucid.summary.writer import FileWriter, FileWriterCache

_MESSAGES = ("Event", "SessionLog", "Summary", "SummaryDescription", "TaggedRunMetadata")


def __getattr__(name):
    """Messages are made on first use, since they need protobuf."""
    if name in _MESSAGES:
        from pellucid.interchange.messages import message
        return message(name)
    raise AttributeError(f"module 'pellucid.summary' has no attribute {name!r}")
