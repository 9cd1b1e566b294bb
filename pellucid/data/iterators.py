"""tf.data.Iterator: how a graph takes elements of a data set.

    iterator = dataset.make_initializable_iterator()
    image, label = iterator.get_next()
    session.run(iterator.initializer)

There are four kinds: of one data set, started once by itself (one-shot) or by an operation
(initializable); of any data set of a structure (`from_structure`, reinitializable); and whichever
iterator a string names that is fed (`from_string_handle`, feedable).
"""

from pellucid.core import dtypes
from pellucid.core.operation import convert_to_tensor
from pellucid.data import nest, structure
from pellucid.data.iterator_ops import (
    IteratorFromStringHandleV2,
    IteratorGetNext,
    IteratorToStringHandle,
    IteratorV2,
    MakeIterator,
)


class Iterator:
    """Takes the elements of a data set, one in each run.

    Made by Dataset.make_one_shot_iterator, Dataset.make_initializable_iterator, from_structure
    and from_string_handle.

    As in TF: tf.data.Iterator.
    """

    def __init__(self, iterator_resource, initializer, output_types, output_shapes,
                 output_classes):
        self._build(iterator_resource, initializer,
                    structure.from_types(output_types, output_shapes, output_classes))

    def _build(self, resource, initializer, element):
        self._iterator_resource, self._initializer = resource, initializer
        self._structure = element
        # Now, because whoever asks for it later may find the graph finalized.
        self._string_handle = IteratorToStringHandle([resource]).output
        return self

    @staticmethod
    def of(resource, initializer, element):
        """An Iterator of elements of a known structure (data/structure.py)."""
        return Iterator.__new__(Iterator)._build(resource, initializer, element)

    @staticmethod
    def from_structure(output_types, output_shapes=None, shared_name=None, output_classes=None):
        """A reinitializable iterator: make_initializer starts it on any data set like this.

        Args:
          output_types: nested DTypes.
          output_shapes: nested shapes; unknown where left out.
          shared_name: str, nodes of one shared_name are one iterator.
          output_classes: nested tf.Tensor or tf.SparseTensor; tf.Tensor where left out.
        """
        element = structure.from_types(output_types, output_shapes, output_classes)
        resource = IteratorV2((), shared_name=shared_name or "",
                              **structure.flat_attrs(element)).output
        return Iterator.of(resource, None, element)

    @staticmethod
    def from_string_handle(string_handle, output_types, output_shapes=None, output_classes=None):
        """A feedable iterator: in each run the one that a string names.

        Args:
          string_handle: scalar string Tensor, usually a placeholder, to be fed with what a run
            of Iterator.string_handle() gave.
          output_types, output_shapes, output_classes: see from_structure.
        """
        element = structure.from_types(output_types, output_shapes, output_classes)
        handle = convert_to_tensor(string_handle, dtypes.string)
        resource = IteratorFromStringHandleV2([handle], **structure.flat_attrs(element)).output
        return Iterator.of(resource, None, element)

    @property
    def initializer(self):
        """The Operation that starts the iterator. ValueError if it has none of its own."""
        if self._initializer is None:
            raise ValueError("Iterator does not have an initializer.")
        return self._initializer

    def make_initializer(self, dataset, name=None):
        """The Operation that starts the iterator on a data set.

        Raises TypeError or ValueError if the data set has elements of another structure.
        """
        structure.assert_compatible(self._structure, dataset._structure)
        return MakeIterator([dataset._variant_tensor, self._iterator_resource], name)

    def get_next(self, name=None):
        """The next element, a nested structure of Tensors; a run that needs it takes it.

        Raises, in the run, OutOfRangeError at the end.
        """
        flat = IteratorGetNext([self._iterator_resource], name,
                               **structure.flat_attrs(self._structure)).outputs
        leaves = nest.flatten(self._structure)
        return nest.pack_like(self._structure, [
            leaf.from_flat(tensor) for leaf, tensor in zip(leaves, flat, strict=True)])

    def string_handle(self, name=None):
        """A string Tensor that names the iterator in a session."""
        if name is None:
            return self._string_handle
        return IteratorToStringHandle([self._iterator_resource], name).output

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


def make_saveable_from_iterator(iterator):
    """Not supported. As in TF: tf.data.experimental.make_saveable_from_iterator."""
    raise NotImplementedError(
        "The place of an iterator cannot be saved: when a program resumes, start the iterator "
        "anew and skip() what was read.")
