"""tf.data.experimental and tf.contrib.data: functions for Dataset.apply."""

import numpy as np

from pellucid.core import dtypes
from pellucid.core.graph import get_default_graph
from pellucid.core.operation import convert_to_tensor
from pellucid.data import mapping, order, structure
from pellucid.data.arguments import as_bool, as_int64, as_seeds, known_size
from pellucid.data.dataset import Dataset
from pellucid.data.functions import Traced, processors
from pellucid.data.structure import DatasetLeaf, TensorLeaf


def batch_and_drop_remainder(batch_size):
    """Dataset.batch without a smaller last batch, for Dataset.apply.

    As in TF: tf.contrib.data.batch_and_drop_remainder.
    """
    return lambda dataset: dataset.batch(batch_size, drop_remainder=True)


def padded_batch_and_drop_remainder(batch_size, padded_shapes, padding_values=None):
    """Dataset.padded_batch without a smaller last batch, for Dataset.apply.

    As in TF: tf.contrib.data.padded_batch_and_drop_remainder.
    """
    return lambda dataset: dataset.padded_batch(batch_size, padded_shapes, padding_values,
                                                drop_remainder=True)


def map_and_batch(map_func, batch_size, num_parallel_batches=None, drop_remainder=False,
                  num_parallel_calls=None):
    """Dataset.map and Dataset.batch in one, for Dataset.apply.

    Args:
      map_func, batch_size, drop_remainder: as there.
      num_parallel_batches: int, how many batches' elements to compute at a time.
      num_parallel_calls: int, how many elements to compute at a time; one of both is given.

    As in TF: tf.data.experimental.map_and_batch.
    """
    if num_parallel_batches is not None and num_parallel_calls is not None:
        raise ValueError("The `num_parallel_batches` and `num_parallel_calls` arguments are "
                         "mutually exclusive.")

    def apply(dataset):
        traced = Traced(map_func, [dataset._structure], "tf.data.experimental.map_and_batch()")
        size = as_int64(batch_size, "batch_size")
        calls = num_parallel_calls if num_parallel_batches is None else (
            size * num_parallel_batches)
        calls = as_int64(processors() if calls is None else calls, "num_parallel_calls")
        drop = as_bool(drop_remainder, "drop_remainder")
        mapped = Dataset(dataset._variant_tensor, traced.structure)
        element = mapped._batched(known_size(size, drop))
        return dataset._by(mapping.MapAndBatchDataset, traced, [size, calls, drop], element)
    return apply


def shuffle_and_repeat(buffer_size, count=None, seed=None):
    """Dataset.shuffle and Dataset.repeat in one, for Dataset.apply.

    As in TF: tf.data.experimental.shuffle_and_repeat.
    """
    def apply(dataset):
        size, times = as_int64(buffer_size, "buffer_size"), as_int64(
            -1 if count is None else count, "count")
        return dataset._then(order.ShuffleAndRepeatDataset, [size, *as_seeds(seed), times])
    return apply


def parallel_interleave(map_func, cycle_length, block_length=1, sloppy=False,
                        buffer_output_elements=None, prefetch_input_elements=None):
    """Elements of the Datasets that map_func makes, by turns, which threads read; for
    Dataset.apply.

    Args:
      map_func: function from the components of an element to a Dataset.
      cycle_length: int, how many are open at a time.
      block_length: int, how many elements of one before the next's turn.
      sloppy: bool, whether the order may depend on which thread is first. It does not here.
      buffer_output_elements: int, how many elements of each are read ahead.
      prefetch_input_elements: int, how many Datasets are opened ahead.

    As in TF: tf.data.experimental.parallel_interleave.
    """
    def apply(dataset):
        traced = Traced(map_func, [dataset._structure],
                        "tf.data.experimental.parallel_interleave()")
        element = mapping.check_dataset(traced.result)._structure
        ahead = 2 * block_length if buffer_output_elements is None else buffer_output_elements
        staged = 2 * cycle_length if prefetch_input_elements is None else prefetch_input_elements
        inputs = [as_int64(cycle_length, "cycle_length"), as_int64(block_length, "block_length"),
                  as_bool(sloppy, "sloppy"), as_int64(ahead, "buffer_output_elements"),
                  as_int64(staged, "prefetch_input_elements")]
        return dataset._by(mapping.ParallelInterleaveDataset, traced, inputs, element)
    return apply


def unbatch():
    """The rows of the elements, for Dataset.apply. As in TF: tf.data.experimental.unbatch."""
    return lambda dataset: dataset.unbatch()


def ignore_errors():
    """The elements that could be computed, for Dataset.apply.

    As in TF: tf.data.experimental.ignore_errors.
    """
    return lambda dataset: dataset._then(order.IgnoreErrorsDataset, [])


def enumerate_dataset(start=0):
    """Dataset.enumerate, for Dataset.apply. As in TF: tf.data.experimental.enumerate_dataset."""
    return lambda dataset: dataset.enumerate(start)


def group_by_window(key_func, reduce_func, window_size=None, window_size_func=None):
    """Elements of equal keys, window by window, for Dataset.apply.

    Args:
      key_func: function from the components of an element to an int64 Tensor, its key.
      reduce_func: function from a key and the Dataset of a window to a Dataset.
      window_size: int, how many elements of a key make a window.
      window_size_func: function from a key to that; one of both is given.

    As in TF: tf.data.experimental.group_by_window.
    """
    if (window_size is None) == (window_size_func is None):
        raise ValueError("Must pass either window_size or window_size_func, but not both.")

    def size_of(key):
        if window_size_func is not None:
            return window_size_func(key)
        return convert_to_tensor(window_size, dtypes.int64)

    def apply(dataset):
        key = TensorLeaf(dtypes.int64, ())
        keys = Traced(key_func, [dataset._structure], "group_by_window()")
        _check_int64(keys, "key_func")
        sizes = Traced(size_of, [key], "group_by_window()")
        _check_int64(sizes, "window_size_func")
        traced = Traced(reduce_func, [key, DatasetLeaf(dataset._structure)], "group_by_window()")
        element = mapping.check_dataset(traced.result)._structure
        functions = {"key_func": keys, "reduce_func": traced, "window_size_func": sizes}
        used = {f"T{name}_other_arguments": tuple([c.spec.dtype for c in one.captured])
                for name, one in functions.items()}
        inputs = [t for one in functions.values() for t in one.captured]
        waits = [op for one in functions.values() for op in one.graph.waits]
        with get_default_graph().control_dependencies(waits):
            op = mapping.GroupByWindowDataset(
                [dataset._variant_tensor, *inputs], **used, **structure.flat_attrs(element),
                **{name: one.graph for name, one in functions.items()})
        return Dataset(op.output, element)
    return apply


def _check_int64(traced, what):
    leaf = traced.structure
    if getattr(leaf, "dtype", None) is not dtypes.int64 or leaf.shape not in ((), None):
        raise ValueError(f"`{what}` must return a single tf.int64 tensor. Got {leaf}.")


def bucket_by_sequence_length(element_length_func, bucket_boundaries, bucket_batch_sizes,
                              padded_shapes=None, padding_values=None,
                              pad_to_bucket_boundary=False, no_padding=False,
                              drop_remainder=False):
    """Padded batches of elements of about the same length, for Dataset.apply.

    Args:
      element_length_func: function from the components of an element to its length, int32.
      bucket_boundaries: increasing list of int, the lengths where buckets begin.
      bucket_batch_sizes: list of int, of a batch of each bucket; one more than boundaries.
      padded_shapes, padding_values, drop_remainder: as of Dataset.padded_batch.
      pad_to_bucket_boundary: bool, pad unknown dimensions to the largest length of the bucket.
      no_padding: bool, batch without padding.

    As in TF: tf.data.experimental.bucket_by_sequence_length.
    """
    if len(bucket_batch_sizes) != len(bucket_boundaries) + 1:
        raise ValueError("len(bucket_batch_sizes) must equal len(bucket_boundaries) + 1")
    if pad_to_bucket_boundary:
        raise NotImplementedError("bucket_by_sequence_length(pad_to_bucket_boundary=True) is not "
                                  "supported: batches are padded to their longest.")
    from pellucid.ops.arrays.gathering import gather
    from pellucid.ops.math.casting import cast
    from pellucid.ops.math.comparison import less_equal
    from pellucid.ops.math.reductions import reduce_sum
    boundaries = np.array(bucket_boundaries, np.int32)
    sizes = np.array(bucket_batch_sizes, np.int64)

    def bucket(*element):
        length = cast(element_length_func(*element), dtypes.int32)
        return reduce_sum(cast(less_equal(boundaries, length), dtypes.int64))

    def size(key):
        return gather(sizes, key)

    def batch(key, dataset):
        if no_padding:
            return dataset.batch(size(key), drop_remainder)
        wanted = dataset.output_shapes if padded_shapes is None else padded_shapes
        return dataset.padded_batch(size(key), wanted, padding_values, drop_remainder)

    return group_by_window(bucket, batch, window_size_func=size)


def Counter(start=0, step=1, dtype=dtypes.int64):
    """A Dataset that counts without end. As in TF: tf.data.experimental.Counter."""
    from pellucid.ops.math.casting import cast
    counted = Dataset.range(start, np.iinfo(np.int64).max if step > 0 else (
        np.iinfo(np.int64).min), step)
    return counted if dtype is dtypes.int64 else counted.map(lambda x: cast(x, dtype))
