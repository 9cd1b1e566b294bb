"""tf.io: files."""

from pellucid.api import io_gfile as gfile
from pellucid.interchange.graph_def import write_graph
from pellucid.interchange.records import (
    TFRecordCompressionType,
    TFRecordOptions,
    TFRecordWriter,
    tf_record_iterator,
)
