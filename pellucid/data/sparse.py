"""Sparse tensors as single values, so that a data set can carry them like any other."""

import itertools

import numpy as np

from pellucid.core import dtypes, shapes
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec
from pellucid.ops.sparse.sparse_tensor import SparseTensor


class SparseElement:
    """The value of a SparseTensor in one piece.

    Attributes:
      indices, values, dense_shape: arrays, as of a SparseTensor.
    """

    __slots__ = ("dense_shape", "indices", "values")

    def __init__(self, indices, values, dense_shape):
        self.indices, self.values, self.dense_shape = indices, values, dense_shape


def stack_sparse(elements):
    """The SparseElement of several, along a new first dimension; as large as the largest."""
    sizes = [len(e.values) for e in elements]
    rows = np.repeat(np.arange(len(elements), dtype=np.int64), sizes)
    indices = np.concatenate([e.indices for e in elements])
    largest = np.max([e.dense_shape for e in elements], axis=0)
    return SparseElement(
        np.concatenate([rows[:, None], indices], 1), np.concatenate([e.values for e in elements]),
        np.concatenate([[len(elements)], largest]).astype(np.int64))


def unstack_sparse(element):
    """List of the SparseElements along the first dimension."""
    bounds = np.searchsorted(element.indices[:, 0], np.arange(element.dense_shape[0] + 1))
    return [SparseElement(element.indices[a:b, 1:], element.values[a:b], element.dense_shape[1:])
            for a, b in itertools.pairwise(bounds)]


class SerializeSparse(Operation):
    """A sparse tensor in one piece."""

    op_type, attrs = "SerializeSparse", {"out_type": dtypes.variant}
    keeps = host = True

    def infer(self, indices, values, dense_shape):
        return Spec(dtypes.variant, ())

    def compute(self, indices, values, dense_shape):
        return SparseElement(indices, values, dense_shape)


class DeserializeSparse(Operation):
    """(indices, values, dense_shape) of a sparse tensor in one piece."""

    op_type, attrs, host = "DeserializeSparse", {"dtype": None, "rank": None}, True

    def infer(self, element):
        return (Spec(dtypes.int64, (None, self.rank)), Spec(self.dtype, (None,)),
                Spec(dtypes.int64, (self.rank,)))

    def compute(self, element):
        return element.indices, element.values, element.dense_shape


NotDifferentiable("SerializeSparse")
NotDifferentiable("DeserializeSparse")


def serialize_sparse(tensor):
    """The variant Tensor of a SparseTensor."""
    return SerializeSparse([tensor.indices, tensor.values, tensor.dense_shape]).output


def deserialize_sparse(variant, dtype, shape):
    """The SparseTensor of a variant Tensor, of a known dtype and static shape."""
    rank = None if shape is None else len(shape)
    sparse = SparseTensor(*DeserializeSparse([variant], dtype=dtype, rank=rank).outputs)
    sparse._known_shape = shapes.as_tuple(shape)
    return sparse
