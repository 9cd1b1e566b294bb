"""IndexedSlices: rows of a tensor, with the numbers of the rows.

The gradient of a lookup in a large table touches few rows. This keeps it so.
"""

import collections

from pellucid.core.operation import create, register_tensor_conversion_function
from pellucid.core.shapes import TensorShape

IndexedSlicesValue = collections.namedtuple(
    "IndexedSlicesValue", ["values", "indices", "dense_shape"])


class IndexedSlices:
    """Stands for a tensor that is zero but for dense[indices[i]] += values[i].

    Args:
      values: Tensor, shape (n, ...).
      indices: Tensor of int32 or int64, shape (n,); a row may occur more than once.
      dense_shape: Tensor, the shape of the whole, or None.

    As in TF: tf.IndexedSlices.
    """

    def __init__(self, values, indices, dense_shape=None):
        self.values, self.indices, self.dense_shape = values, indices, dense_shape

    @property
    def name(self):
        return self.values.name

    @property
    def op(self):
        return self.values.op

    @property
    def graph(self):
        return self.values.graph

    @property
    def dtype(self):
        return self.values.dtype

    @property
    def device(self):
        return self.values.device

    @property
    def shape(self):
        """The shape of the whole, as far as it is known."""
        return TensorShape(None if self.dense_shape is None else self.dense_shape.spec.as_shape())

    def get_shape(self):
        return self.shape

    def __neg__(self):
        return IndexedSlices(-self.values, self.indices, self.dense_shape)

    def _fetch_parts(self):
        if self.dense_shape is None:
            return [self.values, self.indices], lambda v, i: IndexedSlicesValue(v, i, None)
        return [self.values, self.indices, self.dense_shape], IndexedSlicesValue

    def _composite_parts(self):
        """(its tensors, function from such tensors to IndexedSlices), for branches and loops."""
        if self.dense_shape is None:
            return [self.values, self.indices], IndexedSlices
        return [self.values, self.indices, self.dense_shape], IndexedSlices

    def _feed_parts(self):
        tensors = [t for t in (self.values, self.indices, self.dense_shape) if t is not None]
        return tensors, lambda value: tuple(value)[:len(tensors)]

    def __repr__(self):
        dense = f", dense_shape={self.dense_shape!r}" if self.dense_shape is not None else ""
        return f"IndexedSlices(indices={self.indices!r}, values={self.values!r}{dense})"


def _to_dense(slices, dtype=None, name=None, as_ref=False):
    if dtype is not None and slices.dtype is not dtype:
        raise ValueError(f"Tensor conversion requested dtype {dtype.name} for IndexedSlices with "
                         f"dtype {slices.dtype.name}")
    if slices.dense_shape is None:
        raise ValueError("Tensor conversion requested for IndexedSlices without dense_shape: "
                         f"{slices}")
    rows = slices.dense_shape[0]
    return create("UnsortedSegmentSum", [slices.values, slices.indices, rows], name=name).output


register_tensor_conversion_function(IndexedSlices, _to_dense)
