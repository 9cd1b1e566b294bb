"""tf.contrib.data: functions for Dataset.apply."""

from pellucid.data.file_datasets import CsvDataset, TextLineDataset, TFRecordDataset
from pellucid.data.iterators import Iterator, make_saveable_from_iterator
from pellucid.data.prefetching import AUTOTUNE
from pellucid.data.transformations import (
    Counter,
    batch_and_drop_remainder,
    bucket_by_sequence_length,
    enumerate_dataset,
    group_by_window,
    ignore_errors,
    map_and_batch,
    padded_batch_and_drop_remainder,
    parallel_interleave,
    shuffle_and_repeat,
    unbatch,
)


def __getattr__(name):
    """Old spellings, and what a missing name would need."""
    from pellucid.names.old import answer
    return answer("contrib.data", name)
