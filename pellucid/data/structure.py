"""What the elements of a data set are: a structure of leaves, each of a type and a shape.

Between the nodes of data sets an element is a flat tuple with one value a leaf: an array or
scalar, or, of type variant, a SparseElement or a data set of its own. Read next: streams.py.
"""

import numpy as np

from pellucid.core import dtypes, shapes
from pellucid.core.dtypes import as_dtype
from pellucid.core.operation import convert_to_tensor
from pellucid.core.shapes import TensorShape
from pellucid.core.tensor import Tensor
from pellucid.data import nest
from pellucid.data.sparse import deserialize_sparse, serialize_sparse
from pellucid.ops.sparse.sparse_tensor import SparseTensor


class TensorLeaf:
    """A leaf that is a tensor.

    Attributes:
      dtype: DType.
      shape: tuple of int or None, or None.
      flat_dtype, flat_shape: those of the value that stands for it in a flat element.
    """

    sparse = False

    def __init__(self, dtype, shape):
        self.dtype, self.shape = as_dtype(dtype).base_dtype, shapes.as_tuple(shape)

    @property
    def flat_dtype(self):
        return self.dtype

    @property
    def flat_shape(self):
        return self.shape

    @property
    def output_class(self):
        """What the users' class for it is."""
        return Tensor

    @property
    def output_type(self):
        return self.dtype

    @property
    def output_shape(self):
        return TensorShape(self.shape)

    def batched(self, size):
        """The leaf of `size` of them, an int or None."""
        return type(self)(self.dtype, None if self.shape is None else (size, *self.shape))

    def row(self):
        """The leaf of its rows."""
        return type(self)(self.dtype, None if self.shape is None else self.shape[1:])

    def unbatched(self):
        """The size of the first dimension, if known."""
        return self.shape[0] if self.shape else None

    def to_flat(self, tensor):
        """The tensor that stands for a value in a flat element."""
        return tensor

    def from_flat(self, tensor):
        """The way back."""
        if self.shape is not None:
            tensor.set_shape(self.shape)
        return tensor

    def merged(self, other):
        """The leaf that both are."""
        if shapes.compatible(self.shape, other.shape):
            return type(self)(self.dtype, tuple(
                [p if p == q else None for p, q in zip(self.shape, other.shape, strict=True)])
                if self.shape is not None and other.shape is not None else None)
        if len(self.shape) != len(other.shape):
            return type(self)(self.dtype, None)
        return type(self)(self.dtype, [p if p == q else None for p, q in zip(
            self.shape, other.shape, strict=True)])

    def __repr__(self):
        return f"{type(self).__name__}({self.dtype.name}, {shapes.show(self.shape)})"


class SparseLeaf(TensorLeaf):
    """A leaf that is a SparseTensor: a SparseElement in a flat element."""

    sparse = True
    flat_dtype, flat_shape, output_class = dtypes.variant, (), SparseTensor

    def to_flat(self, tensor):
        return serialize_sparse(tensor)

    def from_flat(self, tensor):
        return deserialize_sparse(tensor, self.dtype, self.shape)


class DatasetLeaf:
    """A leaf that is a data set, as window() makes them.

    Attributes:
      structure: that of its elements.
    """

    sparse = False
    flat_dtype, flat_shape, shape = dtypes.variant, (), ()

    def __init__(self, structure):
        self.structure = structure

    @property
    def output_type(self):
        return self

    output_shape = output_class = output_type

    def to_flat(self, dataset):
        return dataset._variant_tensor

    def from_flat(self, tensor):
        from pellucid.data.dataset import Dataset
        return Dataset(tensor, self.structure)

    def __repr__(self):
        return f"DatasetLeaf({self.structure!r})"


# -- structures of leaves ------------------------------------------------------------------

def output_types(structure):
    """The users' output_types."""
    return nest.map_structure(lambda leaf: leaf.output_type, structure)


def output_shapes(structure):
    """The users' output_shapes."""
    return nest.map_structure(lambda leaf: leaf.output_shape, structure)


def output_classes(structure):
    """The users' output_classes."""
    return nest.map_structure(lambda leaf: leaf.output_class, structure)


def flat_attrs(structure):
    """The attributes output_types and output_shapes of an operation."""
    leaves = nest.flatten(structure)
    return {"output_types": tuple([leaf.flat_dtype for leaf in leaves]),
            "output_shapes": tuple([leaf.flat_shape for leaf in leaves])}


def from_types(types, shapes_given=None, classes=None):
    """The structure that output_types, output_shapes and output_classes describe."""
    types = nest.map_structure(as_dtype, types)
    flat = nest.flatten(types)
    if shapes_given is None:
        known = [None] * len(flat)
    else:
        known = _flat_shapes(types, shapes_given)
    kinds = nest.flatten(classes) if classes is not None else [Tensor] * len(flat)
    leaves = [(SparseLeaf if kind is SparseTensor else TensorLeaf)(dtype, shape)
              for dtype, shape, kind in zip(flat, known, kinds, strict=True)]
    return nest.pack_like(types, leaves)


def _flat_shapes(types, given):
    """The shapes in a structure like that of types; a shape may be written as a list or tuple."""
    parts = nest.flatten_up_to(types, given, "output_shapes")
    return [shapes.as_tuple(part) for part in parts]


def assert_compatible(expected, found):
    """Raises TypeError or ValueError unless elements of `found` may come as `expected`."""
    here, there = nest.flatten(expected), nest.flatten_up_to(expected, found, "the data set")
    for leaf, other in zip(here, there, strict=True):
        if not hasattr(other, "flat_dtype"):
            raise ValueError("The two structures don't have the same nested structure: "
                             f"{output_types(expected)} and {output_types(found)}")
        if leaf.flat_dtype is not other.flat_dtype or leaf.output_type is not other.output_type:
            raise TypeError(f"Expected output types {output_types(expected)!r} but got dataset "
                            f"with output types {output_types(found)!r}.")
    for leaf, other in zip(here, there, strict=True):
        if not shapes.compatible(leaf.shape, other.shape) or not _as_general(leaf, other):
            raise TypeError(f"Expected output shapes compatible with {output_shapes(expected)!r} "
                            f"but got dataset with output shapes {output_shapes(found)!r}.")


def _as_general(leaf, other):
    """True if no dimension that is known here is unknown there."""
    return leaf.shape is None or (other.shape is not None and all(
        p is None or p == q for p, q in zip(leaf.shape, other.shape, strict=True)))


def convert_structure(value):
    """(structure of leaves, flat list of Tensor, SparseTensor and Dataset) of a nested value."""
    leaves, tensors = [], []
    flat = nest.flatten(value)
    for i, part in enumerate(flat):
        if is_dataset(part):
            leaves.append(DatasetLeaf(part._structure))
            tensors.append(part)
        elif isinstance(part, SparseTensor) or type(part).__name__ == "SparseTensorValue":
            part = SparseTensor.from_value(part)
            leaves.append(SparseLeaf(part.dtype, part.get_shape()))
            tensors.append(part)
        else:
            tensor = convert_to_tensor(part, name=f"component_{i}")
            leaves.append(TensorLeaf(tensor.dtype, tensor.spec.shape))
            tensors.append(tensor)
    return nest.pack_like(value, leaves), tensors


def is_dataset(value):
    """True for a Dataset."""
    return hasattr(value, "_variant_tensor") and hasattr(value, "_structure")


def as_value(value):
    """A component of an element as operations take it: text in an array, as all other values."""
    return np.array(value, object) if type(value) is bytes else value
