"""tf.io: files, records, and what they hold as tensors."""

from pellucid.api import io_gfile as gfile
from pellucid.interchange.features import (
    FixedLenFeature,
    FixedLenSequenceFeature,
    SparseFeature,
    VarLenFeature,
)
from pellucid.interchange.graph_def import write_graph
from pellucid.interchange.parsing import (
    parse_example,
    parse_single_example,
    parse_single_sequence_example,
)
from pellucid.interchange.raw_bytes import decode_raw, parse_tensor, serialize_tensor
from pellucid.interchange.records import (
    TFRecordCompressionType,
    TFRecordOptions,
    TFRecordWriter,
    tf_record_iterator,
)
from pellucid.ops.image.decoding import (
    decode_bmp,
    decode_gif,
    decode_image,
    decode_jpeg,
    decode_png,
)
from pellucid.ops.image.encoding import encode_jpeg
from pellucid.ops.text.numbers import decode_base64, encode_base64


def __getattr__(name):
    """Files and queues are imported on first use."""
    from pellucid.names import later, old
    if (found := later.find("io", name)) is not None:
        return globals().setdefault(name, found)
    return old.answer("io", name)


def __dir__():
    from pellucid.names.later import LATER
    return sorted({*globals(), *LATER["io"]})
