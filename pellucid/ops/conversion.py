"""What a value is, what it becomes, and what is known of it before any run."""

import numpy as np

from pellucid.core.indexed_slices import IndexedSlices
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Dimension, as_shape
from pellucid.core.tensor import Tensor
from pellucid.core.traversal import post_order
from pellucid.core.variable import Variable
from pellucid.ops.sparse.sparse_tensor import SparseTensor, SparseTensorValue


def is_tensor(x):
    """True for a Tensor, Variable, SparseTensor or IndexedSlices.

    As in TF: tf.is_tensor, tf.contrib.framework.is_tensor.
    """
    return isinstance(x, Tensor | Variable | SparseTensor | IndexedSlices)


def convert_to_tensor_or_indexed_slices(value, dtype=None, name=None):
    """The value itself if it is IndexedSlices, else the Tensor that it stands for.

    Raises ValueError if the slices have another dtype than was asked for.
    As in TF: tf.convert_to_tensor_or_indexed_slices.
    """
    if isinstance(value, IndexedSlices):
        _check_dtype(value, dtype)
        return value
    return convert_to_tensor(value, dtype, name)


def convert_to_tensor_or_sparse_tensor(value, dtype=None, name=None):
    """A SparseTensor for a SparseTensor or SparseTensorValue, else the Tensor of a value.

    Raises ValueError if a SparseTensor has another dtype than was asked for.
    As in TF: tf.convert_to_tensor_or_sparse_tensor.
    """
    if isinstance(value, SparseTensorValue):
        value = SparseTensor.from_value(value)
    if isinstance(value, SparseTensor):
        _check_dtype(value, dtype)
        return value
    return convert_to_tensor(value, dtype, name)


def _check_dtype(value, dtype):
    if dtype is not None and not value.dtype.is_compatible_with(dtype):
        raise ValueError(f"Tensor conversion requested dtype {dtype} for {value!r} of dtype "
                         f"{value.dtype.name}")


def dimension_value(dimension):
    """The int or None of a Dimension; all else as it is. As in TF: tf.dimension_value."""
    return dimension.value if isinstance(dimension, Dimension) else dimension


def dimension_at_index(shape, index):
    """One Dimension of a TensorShape, unknown if the rank is. As in TF: tf.dimension_at_index."""
    return as_shape(shape)[index]


# -- values known before a run -------------------------------------------------------------

# The types through which TensorFlow looks. Of the first group the value depends on shapes alone.
_OF_SHAPES = ("Shape", "Size", "Rank")
_LOOKED_THROUGH = ("Cast", "Concat", "ConcatV2", "Equal", "Fill", "NotEqual", "Pack", "Range")


def constant_value(tensor, partial=False):
    """The value that a Tensor will have in any run, as an array; None where it is not known.

    Args:
      tensor: Tensor.
      partial: bool; True gives, for a vector packed of scalars, an array of those that are
        known and of None for the others.

    As TensorFlow does, it looks through constants, shapes, casts, packs, concatenations, ranges
    and comparisons, and through no arithmetic.
    As in TF: tf.get_static_value, tf.contrib.util.constant_value.
    """
    if isinstance(tensor, Operation | Variable) or not isinstance(tensor, Tensor):
        tensor = convert_to_tensor(tensor)
    if partial and tensor.op.type == "Pack":
        parts = [constant_value(part) for part in tensor.op.inputs]
        return None if all(part is None for part in parts) else np.array(parts)
    return _known(tensor)


def _known(tensor):
    values = {}
    for op in post_order([tensor.op], _looked_at):
        found = [values.get(t) for t in op.inputs]
        if op.type == "Const" or op.type in _OF_SHAPES:
            known = [output.spec.value for output in op.outputs]
        elif op.type in _LOOKED_THROUGH and all(value is not None for value in found):
            known = [op.compute(*found)]
        else:
            continue
        values.update(zip(op.outputs, known, strict=True))
    value = values.get(tensor)
    return None if value is None else np.array(value)


def _looked_at(op):
    return [t.op for t in op.inputs] if op.type in _LOOKED_THROUGH else []
