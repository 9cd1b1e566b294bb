"""tf.data: data sets and their iterators."""

from pellucid.api import data_experimental as experimental
from pellucid.data.dataset import Dataset
from pellucid.data.file_datasets import (
    FixedLengthRecordDataset,
    TextLineDataset,
    TFRecordDataset,
)
from pellucid.data.iterators import Iterator
from pellucid.data.legacy import (
    get_output_classes,
    get_output_shapes,
    get_output_types,
    make_initializable_iterator,
    make_one_shot_iterator,
)


def __getattr__(name):
    """Old spellings, and what a missing name would need."""
    from pellucid.names.old import answer
    return answer("data", name)
