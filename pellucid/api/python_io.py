"""tf.python_io: record files."""

from pellucid.interchange.records import (
    TFRecordCompressionType,
    TFRecordOptions,
    TFRecordWriter,
    tf_record_iterator,
)
