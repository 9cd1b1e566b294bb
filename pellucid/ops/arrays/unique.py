"""The different elements of a vector, in the order in which they first occur; differences.

How many there are is only known when the graph runs, so on XLA these need host values.
"""

import collections

import numpy as np

from pellucid.core import dtypes
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec, merge
from pellucid.ops.arguments import as_tensor, build, name_scope, same_dtype


class Unique(Operation):
    """(y, idx): the different elements of x, and for each x[i] where it is in y."""

    op_type, attrs, fresh = "Unique", {"out_idx": dtypes.int32}, True
    host = True

    def infer(self, x):
        shape = merge(x.shape, (None,))
        return Spec(x.dtype, (None,)), Spec(self.out_idx, shape)

    def compute(self, x):
        return self._find(x)[:2]

    def _find(self, x):
        """The different elements, where each x[i] is among them, and how often each occurs.

        NumPy gives them in rising order; `order` says which comes first, second, ... As in
        TensorFlow, a nan is another one than every other nan.
        """
        values, first, inverse, counts = np.unique(
            x, return_index=True, return_inverse=True, return_counts=True, equal_nan=False)
        order = np.argsort(first, kind="stable")
        places = np.empty_like(order)
        places[order] = np.arange(len(order))
        dtype = self.out_idx._numpy
        return values[order], places[inverse].astype(dtype), counts[order].astype(dtype)


class UniqueWithCounts(Unique):
    """(y, idx, count): the same, and how often each element occurs."""

    op_type = "UniqueWithCounts"

    def infer(self, x):
        return *super().infer(x), Spec(self.out_idx, (None,))

    def compute(self, x):
        return self._find(x)


NotDifferentiable("Unique")
NotDifferentiable("UniqueWithCounts")


def unique(x, out_idx=dtypes.int32, name=None):
    """(y, idx): the different elements of x in order of appearance, with x[i] = y[idx[i]].

    Args:
      x: Tensor, shape (n,).
      out_idx: DType of idx, int32 or int64.

    As in TF: tf.unique (op type Unique).
    """
    return _build(Unique, x, out_idx, name)


def unique_with_counts(x, out_idx=dtypes.int32, name=None):
    """(y, idx, count): as `unique`, and how often each element of y occurs in x.

    As in TF: tf.unique_with_counts (op type UniqueWithCounts).
    """
    return _build(UniqueWithCounts, x, out_idx, name)


def _build(op_class, x, out_idx, name):
    out_idx = dtypes.as_dtype(out_idx)
    if out_idx not in (dtypes.int32, dtypes.int64):
        raise TypeError(f"out_idx must be int32 or int64, not {out_idx.name}.")
    with name_scope(name, op_class.op_type, [x]) as scope:
        return op_class([as_tensor(x, name="x")], scope, out_idx=out_idx).outputs


class ListDiff(Operation):
    """(out, idx): the elements of x that are not in y, and where they are in x."""

    op_type, attrs, fresh = "ListDiff", {"out_idx": dtypes.int32}, True
    host = True

    def infer(self, x, y):
        merge(x.shape, (None,))
        merge(y.shape, (None,))
        return Spec(same_dtype(x, y), (None,)), Spec(self.out_idx, (None,))

    def compute(self, x, y):
        kept = np.flatnonzero(~np.isin(x, y))
        return x[kept], kept.astype(self.out_idx._numpy)


NotDifferentiable("ListDiff")

_ListDiff = collections.namedtuple("ListDiff", ["out", "idx"])


def setdiff1d(x, y, index_dtype=dtypes.int32, name=None):
    """(out, idx): the elements of a vector that are not in another, in order, and their places.

    Args:
      x: vector.
      y: vector of its dtype.
      index_dtype: DType of idx, int32 or int64.

    As in TF: tf.setdiff1d (op type ListDiff).
    """
    op = build(ListDiff, {"x": x, "y": y}, name, out_idx=dtypes.as_dtype(index_dtype))
    return _ListDiff(*op.outputs)
