"""tf.data.Dataset: a sequence of elements, described as a graph of nodes.

    dataset = tf.data.Dataset.from_tensor_slices((images, labels))
    dataset = dataset.shuffle(1000).repeat().batch(32).prefetch(1)
    image, label = dataset.make_one_shot_iterator().get_next()

A Dataset holds one tensor, the output of the node that ends the description so far, and the
structure of an element. Each method adds a node and returns a new Dataset. Read next: streams.py,
for what runs.
"""

import numpy as np

from pellucid.core import dtypes, shapes
from pellucid.core.dtypes import as_dtype
from pellucid.core.operation import convert_to_tensor
from pellucid.core.sources import constant
from pellucid.core.tensor import Tensor
from pellucid.data import batches, mapping, nest, order, prefetching, sources, structure
from pellucid.data.arguments import (
    as_bool,
    as_int64,
    as_seeds,
    check_self_contained,
    known_size,
    padded_shape,
    padding_value,
)
from pellucid.data.files import matching_files
from pellucid.data.functions import Traced
from pellucid.data.iterator_ops import Factory, IteratorV2, MakeIterator, OneShotIterator
from pellucid.data.iterators import Iterator
from pellucid.data.structure import DatasetLeaf, TensorLeaf
from pellucid.ops.arguments import name_scope
from pellucid.ops.arrays.shaping import shape
from pellucid.ops.control.passing import identity
from pellucid.ops.control.printing import Assert_


class Dataset:
    """A sequence of elements, each a nested structure of tensors.

    Made by from_tensors, from_tensor_slices, from_generator, range, zip, list_files, and the
    classes of files: TextLineDataset, TFRecordDataset, FixedLengthRecordDataset.

    As in TF: tf.data.Dataset (version 1's).
    """

    def __init__(self, variant_tensor, element):
        self._variant_tensor, self._structure = variant_tensor, element

    # -- what it is ----------------------------------------------------------------------------

    @property
    def output_types(self):
        """Nested DTypes of an element."""
        return structure.output_types(self._structure)

    @property
    def output_shapes(self):
        """Nested TensorShapes of an element."""
        return structure.output_shapes(self._structure)

    @property
    def output_classes(self):
        """Nested classes of an element: tf.Tensor or tf.SparseTensor."""
        return structure.output_classes(self._structure)

    @property
    def graph(self):
        return self._variant_tensor.graph

    def __repr__(self):
        shown = nest.map_structure(lambda leaf: _Bare(shapes.show(leaf.shape)), self._structure)
        types = nest.map_structure(
            lambda leaf: _Bare(repr(leaf.output_type)), self._structure)
        return f"<{type(self).__name__} shapes: {shown}, types: {types}>"

    def __iter__(self):
        raise RuntimeError("A Dataset is iterated over by a session: use "
                           "dataset.make_one_shot_iterator().get_next().")

    # -- where it begins -----------------------------------------------------------------------

    @staticmethod
    def from_tensors(tensors):
        """A data set of one element.

        >>> Dataset.from_tensors((1.0, "a"))
        <Dataset shapes: ((), ()), types: (tf.float32, tf.string)>
        """
        element, tensors = _normalized(tensors)
        return _made(sources.TensorDataset, element, _flat(element, tensors))

    @staticmethod
    def from_tensor_slices(tensors):
        """A data set of the rows of tensors, which must have as many.

        Raises ValueError for scalars, and where the numbers of rows are known and differ.
        """
        element, tensors = _normalized(tensors)
        for leaf, tensor in zip(nest.flatten(element), tensors, strict=True):
            if leaf.shape == ():
                raise ValueError(f"Value {tensor} has insufficient rank for batching.")
        sizes = {leaf.unbatched() for leaf in nest.flatten(element)} - {None}
        if len(sizes) > 1:
            raise ValueError(f"Dimensions {' and '.join(map(str, sorted(sizes)))} are not "
                             "compatible: the tensors must have the same number of rows.")
        rows = nest.map_structure(lambda leaf: leaf.row(), element)
        return _made(sources.TensorSliceDataset, rows, _flat(element, tensors))

    @staticmethod
    def from_generator(generator, output_types, output_shapes=None, args=None):
        """A data set of what a Python generator yields, which is called once in each epoch.

        Args:
          generator: function that returns something to iterate over.
          output_types: nested DTypes, the structure of what it yields.
          output_shapes: nested shapes; unknown where left out.
          args: tuple of Tensors, whose values the generator is called with.
        """
        if not callable(generator):
            raise TypeError("`generator` must be callable.")
        element = structure.from_types(output_types, output_shapes)
        types = nest.map_structure(as_dtype, output_types)
        inputs = [convert_to_tensor(a, name=f"args_{i}") for i, a in enumerate(args or ())]
        return _made(sources.GeneratorDataset, element, inputs, generator=generator,
                     structure=types)

    @staticmethod
    def range(*args):
        """A data set of int64 numbers; args as of Python's range.

        >>> Dataset.range(5)
        <Dataset shapes: (), types: tf.int64>
        """
        if not 1 <= len(args) <= 3:
            raise ValueError(f"Invalid `args` to Dataset.range: {args}.")
        start, stop, step = (0, *args, 1) if len(args) == 1 else (*args, 1)[:3]
        inputs = [as_int64(start, "start"), as_int64(stop, "stop"), as_int64(step, "step")]
        return _made(sources.RangeDataset, TensorLeaf(dtypes.int64, ()), inputs)

    @staticmethod
    def zip(datasets):
        """A data set of elements of several side by side, as long as the shortest.

        Args:
          datasets: nested structure (tuples and dicts) of Datasets.
        """
        flat = nest.flatten(datasets)
        for dataset in flat:
            if isinstance(dataset, list):
                raise TypeError("The argument to `Dataset.zip()` must be a nested structure of "
                                "`Dataset` objects. Nested structures do not support Python "
                                "lists; please use a tuple instead.")
            if not isinstance(dataset, Dataset):
                raise TypeError("The argument to `Dataset.zip()` must be a nested structure of "
                                f"`Dataset` objects, not {type(dataset).__name__}.")
        element = nest.pack_like(datasets, [d._structure for d in flat])
        return _made(sources.ZipDataset, element, [d._variant_tensor for d in flat], N=len(flat))

    @staticmethod
    def list_files(file_pattern, shuffle=None, seed=None):
        """A data set of the names of the files that match a pattern, or several.

        Args:
          file_pattern: str, list of them, or string Tensor.
          shuffle: bool, whether in random order; True where left out.
          seed: int.

        Raises, when it is iterated, InvalidArgumentError if there are none.
        """
        with name_scope(None, "list_files"):
            pattern = convert_to_tensor(file_pattern, dtypes.string, name="file_pattern")
            names = matching_files(pattern)
            with names.graph.control_dependencies([Assert_(
                    shape(names)[0] > 0, [constant("No files matched pattern: "), pattern])]):
                names = identity(names)
            dataset = Dataset.from_tensor_slices(names)
            if shuffle is None or shuffle:
                count = shape(names, out_type=dtypes.int64)[0]
                dataset = dataset.shuffle(count, seed=seed)
            return dataset

    # -- in which order, and how often ---------------------------------------------------------

    def concatenate(self, dataset):
        """These elements, then those of another data set of the same types."""
        if self.output_types != dataset.output_types:
            raise TypeError(f"Two datasets to concatenate have different types "
                            f"{self.output_types} and {dataset.output_types}")
        if self.output_classes != dataset.output_classes:
            raise TypeError(f"Two datasets to concatenate have different classes "
                            f"{self.output_classes} and {dataset.output_classes}")
        merged = nest.pack_like(self._structure, [a.merged(b) for a, b in zip(
            nest.flatten(self._structure), nest.flatten(dataset._structure), strict=True)])
        return _made(sources.ConcatenateDataset, merged,
                     [self._variant_tensor, dataset._variant_tensor])

    def shuffle(self, buffer_size, seed=None, reshuffle_each_iteration=None):
        """The elements in random order: each is one of the next buffer_size, at random.

        Args:
          buffer_size: int or int64 Tensor.
          seed: int or int64 Tensor; with it, or with the graph's seed, TensorFlow 1.15's order.
          reshuffle_each_iteration: bool, whether each epoch has another order; True where left
            out.
        """
        inputs = [as_int64(buffer_size, "buffer_size"), *as_seeds(seed)]
        return self._then(order.ShuffleDataset, inputs, reshuffle_each_iteration=(
            reshuffle_each_iteration is None or reshuffle_each_iteration))

    def repeat(self, count=None):
        """The elements `count` times; for ever if it is None or -1."""
        return self._then(order.RepeatDataset, [as_int64(-1 if count is None else count, "count")])

    def take(self, count):
        """The first `count` elements; all if it is -1."""
        return self._then(order.TakeDataset, [as_int64(count, "count")])

    def skip(self, count):
        """All but the first `count` elements; none if it is -1."""
        return self._then(order.SkipDataset, [as_int64(count, "count")])

    def shard(self, num_shards, index):
        """Every num_shards-th element, from the index-th on."""
        return self._then(order.ShardDataset, [as_int64(num_shards, "num_shards"),
                                               as_int64(index, "index")])

    def enumerate(self, start=0):
        """Pairs of a number, int64 from `start` on, and an element."""
        return Dataset.zip((Dataset.range(start, np.iinfo(np.int64).max), self))

    def cache(self, filename=""):
        """The same; elements are computed once, and kept in memory for later epochs.

        filename: not supported.
        """
        if isinstance(filename, Tensor) or filename:
            raise NotImplementedError("Dataset.cache(filename): elements are kept in memory only; "
                                      "leave filename out.")
        return self._then(order.CacheDataset, [constant(b"", dtypes.string, name="filename")])

    def prefetch(self, buffer_size):
        """The same; a thread computes up to buffer_size elements ahead (-1: a few)."""
        return self._then(prefetching.PrefetchDataset, [as_int64(buffer_size, "buffer_size")])

    # -- in batches ----------------------------------------------------------------------------

    def batch(self, batch_size, drop_remainder=False):
        """Elements put together, batch_size at a time, along a new first dimension.

        Args:
          batch_size: int or int64 Tensor.
          drop_remainder: bool, whether to leave out a last batch that is smaller; then the size
            is known before the run.
        """
        size, drop = as_int64(batch_size, "batch_size"), as_bool(drop_remainder, "drop_remainder")
        return self._then(batches.BatchDatasetV2, [size, drop],
                          self._batched(known_size(size, drop)))

    def _batched(self, size):
        return nest.map_structure(lambda leaf: leaf.batched(size), self._structure)

    def padded_batch(self, batch_size, padded_shapes, padding_values=None, drop_remainder=False):
        """Elements of different shapes put together, each padded at its ends.

        Args:
          batch_size: int or int64 Tensor.
          padded_shapes: nested shapes to pad to; None or -1 in one stands for the largest in the
            batch.
          padding_values: nested scalars; 0, and empty strings, where left out.
          drop_remainder: bool, see batch.
        """
        size, drop = as_int64(batch_size, "batch_size"), None
        leaves = nest.flatten(self._structure)
        wanted = nest.flatten_up_to(self._structure, padded_shapes, "padded_shapes")
        values = [None] * len(leaves) if padding_values is None else nest.flatten_up_to(
            self._structure, padding_values, "padding_values")
        inputs, padded = [size], []
        for leaf, given in zip(leaves, wanted, strict=True):
            if leaf.sparse:
                raise TypeError("Batching of padded sparse tensors is not currently supported")
            tensor = padded_shape(given)
            static = tensor.spec.as_shape()
            if leaf.shape is not None and static is not None and len(leaf.shape) != len(static):
                raise ValueError(f"The padded shape {shapes.show(static)} is not compatible with "
                                 f"the corresponding input component shape "
                                 f"{shapes.show(leaf.shape)}.")
            inputs.append(tensor)
            padded.append(TensorLeaf(leaf.dtype, static))
        for leaf, value in zip(leaves, values, strict=True):
            inputs.append(padding_value(leaf.dtype, value))
        drop = as_bool(drop_remainder, "drop_remainder")
        element = nest.pack_like(self._structure, [
            leaf.batched(known_size(size, drop)) for leaf in padded])
        return self._then(batches.PaddedBatchDatasetV2, [*inputs, drop], element, N=len(leaves),
                          Toutput_types=tuple([leaf.dtype for leaf in leaves]))

    def window(self, size, shift=None, stride=1, drop_remainder=False):
        """Data sets of `size` elements, `stride` apart, that begin `shift` apart (size, where
        left out); elements that are tuples become tuples of data sets."""
        shift = size if shift is None else shift
        inputs = [as_int64(size, "size"), as_int64(shift, "shift"), as_int64(stride, "stride"),
                  as_bool(drop_remainder, "drop_remainder")]
        windows = nest.map_structure(DatasetLeaf, self._structure)
        return self._then(batches.WindowDataset, inputs, windows)

    def unbatch(self):
        """The rows of the elements."""
        return self._then(batches.UnbatchDataset, [], nest.map_structure(
            lambda leaf: leaf.row(), self._structure))

    # -- by functions --------------------------------------------------------------------------

    def map(self, map_func, num_parallel_calls=None):
        """map_func of each element.

        Args:
          map_func: function from the components of an element, Tensors, to a nested structure of
            what converts to Tensors. It is called once, and builds a graph.
          num_parallel_calls: int, how many elements to compute at a time, in threads; the order
            stays. -1 for as many as there are processors.
        """
        traced = Traced(map_func, [self._structure], "Dataset.map()")
        if num_parallel_calls is None:
            return self._by(mapping.MapDataset, traced, [])
        count = convert_to_tensor(num_parallel_calls, dtypes.int32, name="num_parallel_calls")
        return self._by(mapping.ParallelMapDataset, traced, [count])

    def flat_map(self, map_func):
        """The elements of the Datasets that map_func makes of each element, one after another."""
        traced = Traced(map_func, [self._structure], "Dataset.flat_map()")
        element = mapping.check_dataset(traced.result)._structure
        return self._by(mapping.FlatMapDataset, traced, [], element)

    def interleave(self, map_func, cycle_length=-1, block_length=1, num_parallel_calls=None):
        """The elements of the Datasets that map_func makes of each element, taken in turn.

        Args:
          map_func: function from the components of an element to a Dataset.
          cycle_length: int, how many Datasets are open at a time; -1 for as many as there are
            processors.
          block_length: int, how many elements to take of one before the next's turn.
          num_parallel_calls: int, how many Datasets are read at a time, in threads; the order
            stays.
        """
        traced = Traced(map_func, [self._structure], "Dataset.interleave()")
        element = mapping.check_dataset(traced.result)._structure
        inputs = [as_int64(cycle_length, "cycle_length"), as_int64(block_length, "block_length")]
        if num_parallel_calls is None:
            return self._by(mapping.InterleaveDataset, traced, inputs, element)
        inputs.append(as_int64(num_parallel_calls, "num_parallel_calls"))
        return self._by(mapping.ParallelInterleaveDatasetV2, traced, inputs, element)

    def filter(self, predicate):
        """The elements for which predicate, a function that returns a bool Tensor, is true."""
        traced = Traced(predicate, [self._structure], "Dataset.filter()")
        mapping.check_predicate(traced.structure, "predicate")
        return self._by(mapping.FilterDataset, traced, [], self._structure)

    def filter_with_legacy_function(self, predicate):
        """The same as filter."""
        return self.filter(predicate)

    def map_with_legacy_function(self, map_func, num_parallel_calls=None):
        """The same as map."""
        return self.map(map_func, num_parallel_calls)

    def reduce(self, initial_state, reduce_func):
        """Tensors: the state after reduce_func(state, element) of all elements.

        Args:
          initial_state: nested structure of Tensors.
          reduce_func: function from a state and an element to the next state.
        """
        with name_scope(None, "initial_state"):
            state, tensors = _normalized(initial_state)
        while True:
            traced = Traced(reduce_func, [state, self._structure], "Dataset.reduce()")
            before, after = nest.flatten(state), nest.flatten_up_to(
                state, traced.structure, "what reduce_func returns")
            for old, new in zip(before, after, strict=True):
                if new.flat_dtype is not old.flat_dtype:
                    raise TypeError(
                        "The element types for the new state must match the initial state. "
                        f"Expected {old.output_type}; got {new.output_type}.")
            merged = [old if old.shape == new.shape else
                      TensorLeaf(old.dtype, mapping.loosest(old.shape, new.shape))
                      for old, new in zip(before, after, strict=True)]
            if all(a.shape == b.shape for a, b in zip(before, merged, strict=True)):
                break
            state = nest.pack_like(state, merged)                # a shape grows: look again
        types = tuple([t.spec.dtype for t in traced.captured])
        about = structure.flat_attrs(state)
        op = traced.build(mapping.ReduceDataset, [self._variant_tensor, *_flat(state, tensors)],
                          Tstate=about["output_types"], Targuments=types, **about)
        return nest.pack_like(state, [leaf.from_flat(t) for leaf, t in zip(
            nest.flatten(state), op.outputs, strict=True)])

    def apply(self, transformation_func):
        """transformation_func(self), which must be a Dataset."""
        dataset = transformation_func(self)
        if not structure.is_dataset(dataset):
            raise TypeError("`transformation_func` must return a Dataset.")
        return dataset

    def with_options(self, options):
        """Not supported: there are no options that would change what is computed."""
        raise NotImplementedError("Dataset.with_options is not supported: leave it out, or use "
                                  "prefetch and num_parallel_calls for speed.")

    # -- iterators -----------------------------------------------------------------------------

    def make_one_shot_iterator(self):
        """An Iterator that starts by itself, once in each session.

        Raises ValueError if the data set depends on placeholders, variables or tables.
        """
        check_self_contained(self._variant_tensor)
        op = OneShotIterator((), dataset_factory=Factory(self._variant_tensor),
                             **structure.flat_attrs(self._structure))
        return Iterator.of(op.output, None, self._structure)

    def make_initializable_iterator(self, shared_name=None):
        """An Iterator that starts, again and again, when its `initializer` runs.

        shared_name: str, nodes of one shared_name are one iterator.
        """
        op = IteratorV2((), shared_name=shared_name or "",
                        **structure.flat_attrs(self._structure))
        start = MakeIterator([self._variant_tensor, op.output])
        return Iterator.of(op.output, start, self._structure)

    # -- how nodes are added -------------------------------------------------------------------

    def _by(self, op_class, traced, inputs, element=None):
        element = traced.structure if element is None else element
        op = traced.build(op_class, [self._variant_tensor], inputs,
                          **structure.flat_attrs(element))
        return Dataset(op.output, element)

    def _then(self, op_class, inputs, element=None, **attrs):
        element = self._structure if element is None else element
        return _made(op_class, element, [self._variant_tensor, *inputs], **attrs)


class _Bare(str):
    __slots__ = ()

    def __repr__(self):
        return str(self)


def _made(op_class, element, inputs, **attrs):
    op = op_class(inputs, **structure.flat_attrs(element), **attrs)
    return Dataset(op.output, element)


def _normalized(value):
    with name_scope(None, "normalize_element"):
        return structure.convert_structure(value)


def _flat(element, tensors):
    return [leaf.to_flat(t) for leaf, t in zip(nest.flatten(element), tensors, strict=True)]
