"""tf.data.experimental."""

from pellucid.data.file_datasets import CsvDataset
from pellucid.data.iterators import make_saveable_from_iterator
from pellucid.data.prefetching import AUTOTUNE
from pellucid.data.transformations import (
    Counter,
    bucket_by_sequence_length,
    enumerate_dataset,
    group_by_window,
    ignore_errors,
    map_and_batch,
    parallel_interleave,
    shuffle_and_repeat,
    unbatch,
)


def __getattr__(name):
    """Old spellings, and what a missing name would need."""
    from pellucid.names.old import answer
    return answer("data.experimental", name)
