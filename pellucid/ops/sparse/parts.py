"""Sparse tensors joined, cut and formed anew: the same entries at other places.

Read next: arithmetic.py.
"""

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.gradients import NotDifferentiable, RegisterGradient
from pellucid.core.indexed_slices import IndexedSlices
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec, merge, normalize_axis, show
from pellucid.core.sources import constant
from pellucid.ops.arguments import as_tensor, name_scope
from pellucid.ops.arrays.creation import ones_like, range_
from pellucid.ops.arrays.gathering import gather, gather_nd
from pellucid.ops.arrays.joining import concat
from pellucid.ops.arrays.sequences import either
from pellucid.ops.arrays.shaping import expand_dims, shape
from pellucid.ops.arrays.unique import setdiff1d
from pellucid.ops.control.assertions import assert_less_equal
from pellucid.ops.control.passing import identity
from pellucid.ops.control.waiting import with_dependencies
from pellucid.ops.math.casting import cast
from pellucid.ops.math.comparison import greater_equal, less, logical_and, not_equal
from pellucid.ops.math.elementwise import maximum
from pellucid.ops.math.positions import cumsum
from pellucid.ops.math.reductions import reduce_all, reduce_max, reduce_sum
from pellucid.ops.math.selection import where
from pellucid.ops.sparse.sparse_tensor import SparseTensor, as_sparse, sparse_reorder


def specs(dtype, count, known=None, rows=None):
    """What is known of indices, values and shape of a sparse tensor of rank `count`."""
    value = None if known is None or None in known else np.array(known, np.int64)
    partial = tuple(known) if known is not None and None in known else None
    return (Spec(dtypes.int64, (rows, count)), Spec(dtype, (rows,)),
            Spec(dtypes.int64, (count,), value, partial))


def in_order(indices):
    """The order in which places are lexicographic; of equal ones the first is first."""
    return np.lexsort(indices.T[::-1]) if indices.shape[1] else np.arange(len(indices))


# -- concat --------------------------------------------------------------------------------

class SparseConcat(Operation):
    """Sparse tensors, one after the other along an axis."""

    op_type, attrs, fresh = "SparseConcat", {"concat_dim": 0}, True
    host = True

    def infer(self, *inputs):
        n = len(inputs) // 3
        rows = [merge(merge(places.shape, (None, None))[:1], values.shape)[0]
                for places, values in zip(inputs[:n], inputs[n:], strict=False)]
        rows = None if None in rows else sum(rows)
        known = [x.as_shape() for x in inputs[2 * n:]]
        if any(dims is None for dims in known):
            count = next((len(dims) for dims in known if dims is not None), None)
            return specs(inputs[n].dtype, count, rows=rows)
        axis = normalize_axis(self.concat_dim, len(known[0]))
        whole = list(known[0])
        for dims in known[1:]:
            if len(dims) != len(whole):
                raise ValueError(f"Shapes {show(tuple(whole))} and {show(dims)} must have the "
                                 "same rank")
            along = None if None in (whole[axis], dims[axis]) else whole[axis] + dims[axis]
            rest = [d if i != axis else None for i, d in enumerate(dims)]
            whole[axis] = None
            whole = list(merge(tuple(whole), tuple(rest)))
            whole[axis] = along
        return specs(inputs[n].dtype, len(whole), whole, rows)

    def compute(self, *inputs):
        n = len(inputs) // 3
        indices, values, shapes = inputs[:n], inputs[n:2 * n], np.stack(inputs[2 * n:])
        axis = normalize_axis(self.concat_dim, shapes.shape[1])
        others = np.delete(shapes, axis, 1)
        if (others != others[0]).any():
            raise errors.InvalidArgumentError(None, None, (
                f"Input shapes must match except in dimension {axis}, but are "
                f"{shapes.tolist()}. expand_nonconcat_dims=True takes the greatest."))
        whole = shapes[0].copy()
        starts = np.cumsum(shapes[:, axis]) - shapes[:, axis]
        whole[axis] = shapes[:, axis].sum()
        moved = [places + starts[i] * (np.arange(len(whole)) == axis)
                 for i, places in enumerate(indices)]
        places, entries = np.concatenate(moved), np.concatenate(values)
        order = in_order(places)
        return places[order], entries[order], whole


NotDifferentiable("SparseConcat")


def sparse_concat(axis, sp_inputs, name=None, expand_nonconcat_dim=False, concat_dim=None,
                  expand_nonconcat_dims=None):
    """Sparse tensors, one after the other along an axis.

    Args:
      axis: int.
      sp_inputs: list of SparseTensors of one dtype and rank.
      expand_nonconcat_dims, expand_nonconcat_dim: bool, whether other dimensions may differ;
        the result has the greatest of each.
      concat_dim: older name of axis.

    As in TF: tf.sparse_concat, tf.sparse.concat (op type SparseConcat).
    """
    expand = expand_nonconcat_dim if expand_nonconcat_dims is None else expand_nonconcat_dims
    axis = axis if concat_dim is None else concat_dim
    given = [as_sparse(x) for x in sp_inputs]
    if len(given) == 1:
        return given[0]
    shapes = [cast(x.dense_shape, dtypes.int64) for x in given]
    if expand:
        greatest = reduce_max(concat([expand_dims(s, 0) for s in shapes], 0), 0)
        end = axis + 1 if axis != -1 else None
        shapes = [concat([greatest[:axis], s[axis:end], greatest[axis:][1:]], 0) for s in shapes]
    op = SparseConcat([*(x.indices for x in given), *(x.values for x in given), *shapes], name,
                      concat_dim=axis)
    indices, values, whole = op.outputs
    known = whole.spec.as_shape()
    if not expand and known is not None and None not in known:
        whole = constant(np.array(known, np.int64))
    return SparseTensor(indices, values, whole)


# -- slice and split -----------------------------------------------------------------------

class SparseSlice(Operation):
    """The entries inside of a box, counted from its corner."""

    op_type, fresh = "SparseSlice", True
    host = True

    def infer(self, indices, values, shape, start, size):
        rows = merge(indices.shape, (None, None))
        whole, known = shape.as_shape(), None
        if whole is not None and start.value is not None and size.value is not None:
            known = [None if d is None else max(0, min(int(n), d - int(s)))
                     for d, s, n in zip(whole, start.value, size.value, strict=True)]
        return specs(values.dtype, rows[1] if known is None else len(known), known)

    def compute(self, indices, values, shape, start, size):
        if (start < 0).any() or (size < 0).any():
            raise errors.InvalidArgumentError(None, None, "start and size must not be negative")
        inside = ((indices >= start) & (indices < start + size)).all(1)
        dims = np.clip(shape - start, 0, size)
        return indices[inside] - start, values[inside], dims


@RegisterGradient("SparseSlice")
def _sparse_slice_gradient(op, _, grad, __):
    indices, _, _, start, size = op.inputs
    inside = reduce_all(logical_and(greater_equal(indices, start),
                                    less(indices, start + size)), 1)
    return None, spread(grad, inside), None, None, None


def spread(grad, kept):
    """grad at the places that were kept, in order, and 0 at the others."""
    count = cast(kept, dtypes.int64)
    padded = concat([constant([0], grad.dtype), grad], 0)
    return gather(padded, cumsum(count) * count)


def sparse_slice(sp_input, start, size, name=None):
    """The part of a SparseTensor in a box.

    Args:
      sp_input: SparseTensor of rank n.
      start: vector of n int64, the corner of the box.
      size: vector of n int64, its edges.

    As in TF: tf.sparse_slice, tf.sparse.slice (op type SparseSlice).
    """
    sp_input = as_sparse(sp_input)
    start = convert_to_tensor(start, dtypes.int64)
    size = convert_to_tensor(size, dtypes.int64)
    with name_scope(name, "SparseSlice", [sp_input.indices]) as scope:
        op = SparseSlice([sp_input.indices, sp_input.values, sp_input.dense_shape, start, size],
                         scope)
        return SparseTensor(*op.outputs)


class SparseSplit(Operation):
    """A sparse tensor, cut into num_split parts along an axis; the first may be longer by 1."""

    op_type, attrs, fresh = "SparseSplit", {"num_split": 1}, True
    host = True

    def infer(self, split_dim, indices, values, shape):
        count, dims, axis = merge(indices.shape, (None, None))[1], shape.as_shape(), split_dim.value
        parts = [specs(values.dtype, count)] * self.num_split
        if dims is not None and axis is not None:
            axis = normalize_axis(int(axis), len(dims))
            parts = [specs(values.dtype, len(dims), [
                (None if d is None else self._sizes(d)[k]) if i == axis else d
                for i, d in enumerate(dims)]) for k in range(self.num_split)]
        return tuple([part[i] for i in range(3) for part in parts])

    def _sizes(self, length):
        if not 1 <= self.num_split <= length:
            raise ValueError(f"num_split must be in [1, {length}], the dimension's length, but is "
                             f"{self.num_split}.")
        short, longer = divmod(length, self.num_split)
        return [short + (k < longer) for k in range(self.num_split)]

    def compute(self, split_dim, indices, values, shape):
        axis = normalize_axis(int(split_dim), len(shape))
        sizes = np.array(self._sizes(int(shape[axis])))
        ends = np.cumsum(sizes)
        part = np.searchsorted(ends, indices[:, axis], "right")
        here = np.arange(len(shape)) == axis
        rows = [part == k for k in range(self.num_split)]
        return (*[indices[row] - here * (ends[k] - sizes[k]) for k, row in enumerate(rows)],
                *[values[row] for row in rows],
                *[np.where(here, sizes[k], shape) for k in range(self.num_split)])


NotDifferentiable("SparseSplit")


def sparse_split(sp_input=None, num_split=None, axis=None, name=None, split_dim=None):
    """A SparseTensor, cut into parts along an axis.

    Args, by keyword alone in TensorFlow:
      sp_input: SparseTensor.
      num_split: int, how many parts; if the length does not divide, the first are longer by 1.
      axis: int.
      split_dim: older name of axis.

    Returns:
      List of SparseTensor.

    As in TF: tf.sparse_split, tf.sparse.split (op type SparseSplit).
    """
    axis = either("axis", axis, "split_dim", split_dim)
    for label, value in (("sp_input", sp_input), ("num_split", num_split), ("axis", axis)):
        if value is None:
            raise ValueError(f"Keyword argument {label} is required: sparse_split(sp_input=..., "
                             "num_split=..., axis=...).")
    sp_input = as_sparse(sp_input)
    with name_scope(name, "SparseSplit", [sp_input.indices]) as scope:
        axis = convert_to_tensor(axis, dtypes.int64, name="split_dim")
        op = SparseSplit([axis, sp_input.indices, sp_input.values, sp_input.dense_shape], scope,
                         num_split=int(num_split))
        return [SparseTensor(*op.outputs[k::int(num_split)]) for k in range(int(num_split))]


# -- other forms ---------------------------------------------------------------------------

class SparseReshape(Operation):
    """(indices, shape) of the same entries in a tensor of another form."""

    op_type, fresh = "SparseReshape", True
    host = True

    def infer(self, input_indices, input_shape, new_shape):
        old, new = input_shape.as_shape(), new_shape.as_shape()
        count = None if new is None else len(new)
        rows = merge(input_indices.shape, (None, None))[0]
        if old is None or new is None or None in old or new_shape.value is None:
            return Spec(dtypes.int64, (rows, count)), specs(None, count)[2]
        found = self._filled(np.array(old), new_shape.value)
        return Spec(dtypes.int64, (rows, count)), specs(None, count, found.tolist())[2]

    def _filled(self, old, new):
        """The new shape, with a number for -1."""
        size, new = int(np.prod(old)), np.array(new, np.int64)
        if (new == -1).sum() > 1:
            raise ValueError("only one dimension of the new shape may be -1.")
        rest = int(np.prod(new[new != -1]))
        if (new == -1).any() and rest:
            new[new == -1] = size // rest
        if int(np.prod(new)) != size:
            raise ValueError(f"Input to reshape is a tensor with {size} dense values, but the "
                             f"requested shape {new.tolist()} has {int(np.prod(new))}.")
        return new

    def compute(self, input_indices, input_shape, new_shape):
        new = self._filled(input_shape, new_shape)
        if not len(input_indices):
            return np.zeros((0, len(new)), np.int64), new
        flat = np.ravel_multi_index(tuple(input_indices.T), tuple(input_shape))
        return np.stack(np.unravel_index(flat, tuple(new)), 1).astype(np.int64), new


NotDifferentiable("SparseReshape")


def sparse_reshape(sp_input, shape, name=None):
    """The same entries, in the same order, in a tensor of another shape.

    Args:
      sp_input: SparseTensor.
      shape: vector of ints, of which one may be -1.

    As in TF: tf.sparse_reshape, tf.sparse.reshape (op type SparseReshape).
    """
    sp_input = as_sparse(sp_input)
    shape = cast(shape, dtypes.int64)
    with name_scope(name, "SparseReshape", [sp_input.indices]) as scope:
        op = SparseReshape([sp_input.indices, sp_input.dense_shape, shape], scope)
        places, dims = op.outputs
        if dims.spec.value is not None:
            dims = constant(dims.spec.value)
        return SparseTensor(places, identity(sp_input.values), dims)


def sparse_reset_shape(sp_input, new_shape=None):
    """The same entries in a larger shape, or in the smallest that holds them.

    Args:
      sp_input: SparseTensor.
      new_shape: vector of ints, nowhere less than the shape now; by default the smallest.

    Raises:
      ValueError, or in the run tf.errors.InvalidArgumentError: new_shape is too small.

    As in TF: tf.sparse_reset_shape, tf.sparse.reset_shape.
    """
    sp_input = as_sparse(sp_input)
    indices, values = identity(sp_input.indices), identity(sp_input.values)
    now = identity(sp_input.dense_shape)
    if new_shape is None:
        greatest = reduce_max(indices, axis=0)
        size = maximum(constant(0, dtypes.int64), greatest + ones_like(now))
        return SparseTensor(indices, values, size)
    wanted = cast(convert_to_tensor(new_shape), dtypes.int64)
    old, new = now.spec.as_shape(), wanted.spec.as_shape()
    if None not in (old, new) and len(old) != len(new):
        raise ValueError(f"Shapes {show(old)} and {show(new)} must have the same rank")
    if None not in (old, new) and None not in (*old, *new):
        if any(a > b for a, b in zip(old, new, strict=True)):
            raise ValueError(f"Requested new_shape should have dimension sizes >= sp_input.shape. "
                             f"Found new_shape {show(new)}, sp_input.shape {show(old)}.")
        wanted = np.array(new, np.int64)
    else:
        wanted = with_dependencies([assert_less_equal(now, wanted)], wanted)
    return SparseTensor(indices, values, wanted)


def sparse_transpose(sp_input, perm=None, name=None):
    """A SparseTensor with its axes in another order, the reverse one by default.

    As in TF: tf.sparse_transpose, tf.sparse.transpose.
    """
    sp_input = as_sparse(sp_input)
    with name_scope(name, "SparseTranspose", [sp_input.indices]):
        if perm is None:
            count = shape(sp_input.dense_shape)[0]
            perm = (count - 1) - range_(0, count, 1)
        moved = gather(sp_input.indices, perm, axis=1)
        return sparse_reorder(SparseTensor(moved, sp_input.values,
                                           gather(sp_input.dense_shape, perm)))


def from_dense(tensor, name=None):
    """The SparseTensor of the entries of a Tensor that are not zero.

    As in TF: tf.sparse.from_dense, tf.contrib.layers.dense_to_sparse.
    """
    with name_scope(name, "dense_to_sparse"):
        tensor = as_tensor(tensor)
        zero = constant(b"" if tensor.dtype is dtypes.string else 0, tensor.dtype)
        places = where(not_equal(tensor, zero))
        return SparseTensor(places, gather_nd(tensor, places),
                            shape(tensor, out_type=dtypes.int64))


# -- rows ----------------------------------------------------------------------------------

class SparseFillEmptyRows(Operation):
    """A sparse matrix with an entry [row, 0] = default_value in each row that had none."""

    op_type, fresh = "SparseFillEmptyRows", True
    host = True

    def infer(self, indices, values, dense_shape, default_value):
        merge(default_value.shape, ())
        count = merge(indices.shape, (None, None))[1]
        dims = dense_shape.as_shape()
        given = merge(values.shape, (None,))
        return (Spec(dtypes.int64, (None, count)), Spec(values.dtype, (None,)),
                Spec(dtypes.bool_, (dims[0] if dims else None,)), Spec(dtypes.int64, given))

    def compute(self, indices, values, dense_shape, default_value):
        empty = np.ones(int(dense_shape[0]), bool)
        empty[indices[:, 0]] = False
        rows = np.flatnonzero(empty)
        added = np.zeros((len(rows), indices.shape[1]), np.int64)
        added[:, 0] = rows
        places = np.concatenate([indices, added])
        fill = np.full(len(rows), np.asarray(default_value, values.dtype), values.dtype)
        # By rows alone: within a row the entries stay as they were.
        order = np.argsort(places[:, 0], kind="stable")
        back = np.empty(len(order), np.int64)
        back[order] = np.arange(len(order))
        return (places[order], np.concatenate([values, fill])[order], empty,
                back[:len(indices)])


@RegisterGradient("SparseFillEmptyRows")
def _sparse_fill_empty_rows_gradient(op, _, grad, __, ___):
    kept = gather(grad, op.outputs[3])
    return None, kept, None, lambda: reduce_sum(grad) - reduce_sum(kept)


def sparse_fill_empty_rows(sp_input, default_value, name=None):
    """(filled, empty_row_indicator): an entry for each row that has none.

    Args:
      sp_input: SparseTensor of rank 2.
      default_value: scalar, what stands in column 0 of rows that were empty.

    Returns:
      SparseTensor, and a vector of bool that says which rows were empty.

    As in TF: tf.sparse_fill_empty_rows, tf.sparse.fill_empty_rows (op type
    SparseFillEmptyRows).
    """
    sp_input = as_sparse(sp_input)
    with name_scope(name, "SparseFillEmptyRows", [sp_input.indices]):
        default = convert_to_tensor(default_value, sp_input.values.dtype)
        op = SparseFillEmptyRows([sp_input.indices, sp_input.values, sp_input.dense_shape, default])
        return SparseTensor(op.outputs[0], op.outputs[1], sp_input.dense_shape), op.outputs[2]


def sparse_mask(a, mask_indices, name=None):
    """IndexedSlices without some rows.

    Args:
      a: IndexedSlices.
      mask_indices: vector of a.indices' type: the numbers of rows that are left out.

    As in TF: tf.sparse_mask, tf.sparse.mask.
    """
    with name_scope(name, "sparse_mask", [a.values, mask_indices]) as scope:
        kept, places = setdiff1d(a.indices, mask_indices)
        return IndexedSlices(gather(a.values, places, name=scope), kept, a.dense_shape)
