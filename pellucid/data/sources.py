"""Data sets that begin a pipeline: tensors, their rows, ranges, Python generators.

Read next: order.py.
"""

import itertools

import numpy as np

from pellucid.core import errors, shapes
from pellucid.core.dtypes import string
from pellucid.core.sources import as_array
from pellucid.data import nest
from pellucid.data.sparse import SparseElement, unstack_sparse
from pellucid.data.streams import TYPED, DatasetOp, Failure, dataset_op, require
from pellucid.ops.control.python_functions import error_for


@dataset_op
class TensorDataset(DatasetOp):
    """One element: the inputs."""

    op_type, attrs, keeps = "TensorDataset", TYPED, True

    def iterate(self, context, *components):
        """The element."""
        yield components


@dataset_op
class TensorSliceDataset(DatasetOp):
    """The rows of the inputs."""

    op_type, attrs, keeps = "TensorSliceDataset", TYPED, True

    def check(self, *components):
        """All must have as many rows."""
        sizes = {_rows(c) for c in components}
        require(len(sizes) == 1, "the components have different first dimensions: "
                f"{', '.join(map(str, sorted(sizes)))}")

    def iterate(self, context, *components):
        """A row of each component, one after the other."""
        components = [unstack_sparse(c) if isinstance(c, SparseElement) else c
                      for c in components]
        return zip(*components, strict=True)


def _rows(component):
    return int(component.dense_shape[0] if isinstance(component, SparseElement)
               else len(component))


@dataset_op
class RangeDataset(DatasetOp):
    """The integers from start up to, not including, stop."""

    op_type, attrs = "RangeDataset", TYPED

    def check(self, start, stop, step):
        """The step must not be 0."""
        require(int(step) != 0, "step must be a non-zero integer.")

    def iterate(self, context, start, stop, step):
        """One int64 after the other."""
        kind = self.output_types[0]._numpy.type
        for number in range(int(start), int(stop), int(step)):
            yield (kind(number),)


@dataset_op
class GeneratorDataset(DatasetOp):
    """What a Python generator function yields, called with the inputs, once in each epoch.

    generator: function that returns an iterator.
    structure: nested DTypes, the structure of what it yields.
    """

    op_type, attrs, keeps = "GeneratorDataset", {"generator": None, "structure": None,
                                                 **TYPED}, True

    def check(self, *args):
        """A generator must be there."""
        if self.generator is None:
            raise errors.FailedPreconditionError(
                None, None, "The generator of a data set, a Python function, is not part of a "
                "GraphDef: build the data set anew, and import only what takes its elements, "
                "with input_map.")

    def iterate(self, context, *args):
        """The values, as arrays of the promised types."""
        try:
            values = iter(self.generator(*[np.array(a)[()] for a in args]))
            for value in values:
                yield self._element(value)
        except Exception as error:
            yield Failure(error_for(error))

    def _element(self, value):
        types = nest.map_structure(lambda dtype: dtype.name, self.structure)
        try:
            parts = nest.flatten_up_to(self.structure, value)
        except (TypeError, ValueError):
            raise TypeError(
                "`generator` yielded an element that did not match the expected structure. The "
                f"expected structure was {types}, but the yielded element was {value!r}."
            ) from None
        return tuple([_as_promised(*part) for part in zip(
            parts, self.output_types, self.output_shapes, strict=True)])

    def _derived_attrs(self):
        return {"generator": getattr(self.generator, "__qualname__", repr(self.generator))}


def _as_promised(part, dtype, shape):
    try:
        if dtype is string:
            array = as_array(part, dtype)
        else:
            array = np.array(part, dtype._numpy)            # a copy: the generator may go on
    except (TypeError, ValueError):
        raise TypeError(
            "`generator` yielded an element that could not be converted to the expected type. "
            f"The expected type was {dtype.name}, but the yielded element was {part!r}."
        ) from None
    if not shapes.compatible(array.shape, shape):
        raise ValueError(f"`generator` yielded an element of shape {array.shape} where an "
                         f"element of shape {shapes.show(shape)} was expected.")
    return array


@dataset_op
class ZipDataset(DatasetOp):
    """Elements of several data sets side by side, until one ends."""

    op_type, attrs = "ZipDataset", {"N": 1, **TYPED}

    def iterate(self, context, *sources):
        """The components of an element of each."""
        streams = [source.iterate(context, i) for i, source in enumerate(sources)]
        for parts in zip(*streams, strict=False):
            failed = next((p for p in parts if type(p) is Failure), None)
            yield failed or tuple(itertools.chain.from_iterable(parts))


@dataset_op
class ConcatenateDataset(DatasetOp):
    """The elements of one data set, then those of another."""

    op_type, attrs = "ConcatenateDataset", TYPED

    def iterate(self, context, first, second):
        """First those, then these."""
        yield from first.iterate(context, 0)
        yield from second.iterate(context, 1)


def out_of_range():
    """The error of an iterator that is at the end."""
    return errors.OutOfRangeError(None, None, "End of sequence")
