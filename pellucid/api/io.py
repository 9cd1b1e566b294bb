"""tf.io: files, records, and what they hold as tensors."""

from pellucid.api import io_gfile as gfile
from pellucid.interchange.records import (
    TFRecordCompressionType,
    TFRecordOptions,
    TFRecordWriter,
    tf_record_iterator,
)


def __getattr__(name):
    """Files and queues are imported on first use."""
    from pellucid.names import later, old
    if (found := later.find("io", name)) is not None:
        return globals().setdefault(name, found)
    return old.answer("io", name)


def __dir__():
    from pellucid.names.later import LATER
    return sorted({*globals(), *LATER["io"]})
