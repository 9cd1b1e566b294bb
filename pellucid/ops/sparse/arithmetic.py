"""Arithmetic with sparse tensors: sums, sums over axes, products with dense ones, softmax."""

import numpy as np

from pellucid.core import dtypes
from pellucid.core.gradients import NotDifferentiable, RegisterGradient
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec, compatible, merge, normalize_axis, show
from pellucid.core.sources import constant
from pellucid.ops.arguments import as_integers, as_tensor, check_allowed, name_scope, same_dtype
from pellucid.ops.arrays.creation import range_
from pellucid.ops.arrays.gathering import gather, gather_nd, scatter_nd
from pellucid.ops.arrays.joining import concat, stack
from pellucid.ops.arrays.sequences import either
from pellucid.ops.arrays.shaping import reshape, shape
from pellucid.ops.arrays.sorting import searchsorted
from pellucid.ops.arrays.tiling import broadcast_to
from pellucid.ops.broadcasting import unbroadcast
from pellucid.ops.math.casting import cast
from pellucid.ops.math.comparison import equal
from pellucid.ops.math.elementwise import minimum
from pellucid.ops.math.positions import cumprod
from pellucid.ops.math.reductions import reduce_sum
from pellucid.ops.math.selection import where
from pellucid.ops.regular import NUMBERS, REAL
from pellucid.ops.sparse.parts import in_order, specs
from pellucid.ops.sparse.sparse_tensor import SparseTensor, SparseTensorValue, as_sparse

# -- sums ----------------------------------------------------------------------------------


class SparseAdd(Operation):
    """The sum of two sparse tensors, without entries whose magnitude is below a threshold."""

    op_type, fresh = "SparseAdd", True
    host = True                                            # how many entries stay, the values say

    def infer(self, a_indices, a_values, a_shape, b_indices, b_values, b_shape, thresh):
        dtype = same_dtype(a_values, b_values, ("a_values", "b_values"))
        check_allowed("a_values", dtype, NUMBERS)
        dims = merge(a_shape.as_shape(), b_shape.as_shape())
        return specs(dtype, None if dims is None else len(dims), dims)

    def compute(self, a_indices, a_values, a_shape, b_indices, b_values, b_shape, thresh):
        if not np.array_equal(a_shape, b_shape):
            raise ValueError(f"Operands' shapes do not match: {a_shape.tolist()} and "
                             f"{b_shape.tolist()}")
        places = np.concatenate([a_indices, b_indices])
        order = in_order(places)
        places, values = places[order], np.concatenate([a_values, b_values])[order]
        if not len(places):
            return places, values, a_shape.copy()
        first = np.concatenate([[True], (places[1:] != places[:-1]).any(1)])
        sums = np.add.reduceat(values, np.flatnonzero(first)).astype(values.dtype)
        kept = np.abs(sums) >= thresh
        return places[first][kept], sums[kept], a_shape.copy()


@RegisterGradient("SparseAdd")
def _sparse_add_gradient(op, _, grad, __):
    # Each entry receives what the sum at its place received, or nothing if that was left out.
    a, _, dims, b, *_ = op.inputs
    found = _numbers(op.outputs[0], dims)
    count = shape(found, out_type=dtypes.int64)[0]
    ends = concat([found, constant([-1], dtypes.int64)], 0)
    padded = concat([grad, constant([0], grad.dtype)], 0)

    def sent(indices):
        wanted = _numbers(indices, dims)
        at = searchsorted(found, wanted, out_type=dtypes.int64)
        return gather(padded, where(equal(gather(ends, at), wanted), at, at * 0 + count))

    return None, sent(a), None, None, sent(b), None, None


def _numbers(indices, dims):
    """The places as numbers: where they are when all entries are laid end to end."""
    strides = cumprod(dims, exclusive=True, reverse=True)
    return reduce_sum(indices * strides, 1)


class SparseTensorDenseAdd(Operation):
    """The sum of a sparse tensor and a dense one."""

    op_type, fresh = "SparseTensorDenseAdd", True
    host = True

    def infer(self, a_indices, a_values, a_shape, b):
        dtype = same_dtype(a_values, b, ("a_values", "b"))
        return Spec(dtype, merge(b.shape, a_shape.as_shape()))

    def compute(self, a_indices, a_values, a_shape, b):
        if b.shape != tuple(a_shape):
            raise ValueError(f"Dimensions {a_shape.tolist()} and {list(b.shape)} do not match")
        total = b.copy()
        np.add.at(total, tuple(a_indices.T), a_values)
        return total


@RegisterGradient("SparseTensorDenseAdd")
def _sparse_tensor_dense_add_gradient(op, grad):
    return None, lambda: gather_nd(grad, op.inputs[0]), None, grad


def sparse_add(a, b, threshold=None, thresh=None):
    """The sum of two tensors, of which at least one is sparse.

    Args:
      a, b: SparseTensor or Tensor of one dtype and shape.
      threshold: scalar; of two sparse tensors, entries of the sum whose magnitude is below it
        are left out. 0 by default.
      thresh: older name of threshold.

    Returns:
      SparseTensor if both are; else Tensor.

    As in TF: tf.sparse_add, tf.sparse.add (op types SparseAdd, SparseTensorDenseAdd).
    """
    threshold = either("threshold", threshold, "thresh", thresh)
    kinds = (SparseTensor, SparseTensorValue)
    if not isinstance(a, kinds) and not isinstance(b, kinds):
        raise TypeError("At least one input should be SparseTensor; do you mean to use tf.add()?")
    if isinstance(a, kinds) and isinstance(b, kinds):
        a, b = as_sparse(a), as_sparse(b)
        dtype = a.values.dtype and a.values.dtype.real_dtype
        limit = convert_to_tensor(0 if threshold is None else threshold, dtype,
                                  name="threshold")
        op = SparseAdd([a.indices, a.values, a.dense_shape, b.indices, b.values, b.dense_shape,
                        limit])
        known = op.outputs[2].spec.value
        return SparseTensor(*op.outputs[:2], op.outputs[2] if known is None else known)
    if isinstance(b, kinds):
        a, b = b, a
    a, b = as_sparse(a), as_tensor(b)
    return SparseTensorDenseAdd([a.indices, a.values, a.dense_shape, b]).output


# -- sums and maxima over axes -------------------------------------------------------------

class SparseReduceSum(Operation):
    """The sum of the entries over axes, as a dense tensor."""

    op_type, attrs, fresh = "SparseReduceSum", {"keep_dims": False}, True
    allowed, ufunc = NUMBERS, np.add
    host = True

    def infer(self, input_indices, input_values, input_shape, reduction_axes):
        check_allowed("input_values", input_values.dtype, self.allowed)
        dims = input_shape.as_shape()
        if dims is None or reduction_axes.value is None:
            return Spec(input_values.dtype, None)
        axes = _axes(reduction_axes.value, len(dims))
        return Spec(input_values.dtype, tuple([
            1 if i in axes else d for i, d in enumerate(dims)
            if self.keep_dims or i not in axes]))

    def compute(self, input_indices, input_values, input_shape, reduction_axes):
        axes = _axes(reduction_axes, len(input_shape))
        dims = np.where(np.isin(np.arange(len(input_shape)), axes), 1, input_shape)
        places = input_indices * (dims > 1)
        start = self.start(input_values.dtype)
        whole = np.full(tuple(dims), start, input_values.dtype)
        self.ufunc.at(whole, tuple(places.T), input_values)
        if start:                                     # where there is no entry
            seen = np.zeros(whole.shape, bool)
            seen[tuple(places.T)] = True
            whole = np.where(seen, whole, whole.dtype.type(0))
        kept = [i for i in range(len(dims)) if self.keep_dims or i not in axes]
        return whole.reshape([int(dims[i]) for i in kept])

    def start(self, dtype):
        """The neutral value."""
        return dtype.type(0)


class SparseReduceMax(SparseReduceSum):
    """The greatest of the entries over axes; 0 where there is none."""

    op_type, allowed, ufunc = "SparseReduceMax", REAL, np.maximum
    host = True

    def start(self, dtype):
        """The neutral value."""
        return dtypes.of_numpy(dtype).min if dtype.kind in "iu" else dtype.type(-np.inf)


def _axes(axes, count):
    return sorted({normalize_axis(axis, count) for axis in np.reshape(axes, -1).tolist()})


@RegisterGradient("SparseReduceSum")
def _sparse_reduce_sum_gradient(op, grad):
    indices, _, dims, axes = op.inputs
    count = shape(dims)[0]
    kept = cast(1 - _hits(axes, count), dtypes.int64)
    whole = reshape(grad, where(cast(kept, dtypes.bool_), dims, dims * 0 + 1))
    return None, gather_nd(whole, indices * kept), None, None


def _hits(axes, count):
    """A vector of `count` int32, 1 at the axes."""
    places = reshape((axes + count) % count, [-1, 1])
    hits = scatter_nd(places, reshape(axes * 0 + 1, [-1]), reshape(count, [1]))
    return minimum(hits, 1)


NotDifferentiable("SparseReduceMax")


def sparse_reduce_sum(sp_input, axis=None, keepdims=None, reduction_axes=None, keep_dims=None):
    """The sum of a SparseTensor's entries over axes, as a Tensor.

    Args:
      sp_input: SparseTensor of numbers.
      axis: int or list of int; all by default.
      keepdims: bool, keep the axes, with length 1.
      reduction_axes, keep_dims: older names of them.

    As in TF: tf.sparse_reduce_sum, tf.sparse.reduce_sum (op type SparseReduceSum).
    """
    return _reduced(SparseReduceSum, sp_input, axis, keepdims, reduction_axes, keep_dims)


def sparse_reduce_max(sp_input, axis=None, keepdims=None, reduction_axes=None, keep_dims=None):
    """The greatest of a SparseTensor's entries over axes, as a Tensor; 0 where there is none.

    Arguments as of sparse_reduce_sum.

    As in TF: tf.sparse_reduce_max, tf.sparse.reduce_max (op type SparseReduceMax).
    """
    return _reduced(SparseReduceMax, sp_input, axis, keepdims, reduction_axes, keep_dims)


def _reduced(op_class, sp_input, axis, keepdims, reduction_axes, keep_dims):
    keep = bool(either("keepdims", keepdims, "keep_dims", keep_dims))
    axis = either("axis", axis, "reduction_axes", reduction_axes)
    sp_input = as_sparse(sp_input)
    if axis is None:
        dims = sp_input.dense_shape.spec.as_shape()
        axis = range_(0, shape(sp_input.dense_shape)[0]) if dims is None else constant(
            np.arange(len(dims), dtype=np.int32))
    with name_scope(None, op_class.op_type) as scope:
        axes = as_integers(axis, "reduction_axes")
        return op_class([sp_input.indices, sp_input.values, sp_input.dense_shape, axes], scope,
                        keep_dims=keep).output


# -- products ------------------------------------------------------------------------------

class SparseDenseCwiseMul(Operation):
    """The entries, multiplied by what stands at their places in a dense tensor."""

    op_type, fresh, ufunc = "SparseDenseCwiseMul", True, np.multiply
    host = True

    def infer(self, sp_indices, sp_values, sp_shape, dense):
        dtype = same_dtype(sp_values, dense, ("sp_values", "dense"))
        dims = sp_shape.as_shape()
        if None not in (dims, dense.shape):
            padded = (1,) * (len(dims) - len(dense.shape)) + dense.shape
            if len(padded) > len(dims) or not compatible(
                    tuple(None if d == 1 else d for d in padded), dims):
                raise ValueError(f"a dense tensor of shape {show(dense.shape)} does not broadcast "
                                 f"to the sparse one's {show(dims)}.")
        (count,) = merge(sp_values.shape, (None,))
        return Spec(dtype, merge((count,), sp_indices.shape and sp_indices.shape[:1]))

    def compute(self, sp_indices, sp_values, sp_shape, dense):
        whole = np.broadcast_to(dense, tuple(sp_shape))
        return self.ufunc(sp_values, whole[tuple(sp_indices.T)])


class SparseDenseCwiseDiv(SparseDenseCwiseMul):
    """The entries, divided by what stands at their places in a dense tensor."""

    op_type, ufunc = "SparseDenseCwiseDiv", np.divide
    host = True

    def infer(self, sp_indices, sp_values, sp_shape, dense):
        check_allowed("sp_values", sp_values.dtype, dtypes.FLOATING)
        return super().infer(sp_indices, sp_values, sp_shape, dense)


@RegisterGradient("SparseDenseCwiseMul")
def _sparse_dense_cwise_mul_gradient(op, grad):
    return _product_gradient(op, grad, lambda there: grad * there,
                             lambda there: grad * op.inputs[1])


@RegisterGradient("SparseDenseCwiseDiv")
def _sparse_dense_cwise_div_gradient(op, grad):
    return _product_gradient(op, grad, lambda there: grad / there,
                             lambda there: -grad * op.inputs[1] / (there * there))


def _product_gradient(op, grad, to_values, to_dense):
    """to_values and to_dense give, of the dense values at the places, what is sent back."""
    indices, _, dims, dense = op.inputs
    whole = broadcast_to(dense, dims)
    there = gather_nd(whole, indices)

    def sent():
        return unbroadcast(scatter_nd(indices, to_dense(there), dims), dense, whole)

    return None, lambda: to_values(there), None, sent


def _times(sp_x, y):
    return _with_dense(SparseDenseCwiseMul, sp_x, y, "mul")


def _over(sp_x, y):
    return _with_dense(SparseDenseCwiseDiv, sp_x, y, "truediv")


def _with_dense(op_class, sp_x, y, name):
    """sp * dense and sp / dense keep the places; only the dense side is broadcast."""
    with name_scope(None, name, [sp_x.indices, y]) as scope:
        y = convert_to_tensor(y, sp_x.values.dtype, name="y")
        values = op_class([sp_x.indices, sp_x.values, sp_x.dense_shape, y], scope).output
        result = SparseTensor(sp_x.indices, values, sp_x.dense_shape)
        result._known_shape = sp_x.shape._dims
        return result


SparseTensor.__mul__ = _times
SparseTensor.__truediv__ = SparseTensor.__div__ = _over


# -- softmax -------------------------------------------------------------------------------

class SparseSoftmax(Operation):
    """softmax along the last axis, over the entries that there are."""

    op_type, fresh = "SparseSoftmax", True
    host = True

    def infer(self, sp_indices, sp_values, sp_shape):
        check_allowed("sp_values", sp_values.dtype, (dtypes.float32, dtypes.float64))
        return Spec(sp_values.dtype, merge(sp_values.shape, (None,)))

    def compute(self, sp_indices, sp_values, sp_shape):
        if not len(sp_values):
            return sp_values
        rows = sp_indices[:, :-1]
        starts = np.flatnonzero(np.concatenate([[True], (rows[1:] != rows[:-1]).any(1)]))
        lengths = np.diff([*starts, len(rows)])
        powers = np.exp(sp_values - np.repeat(np.maximum.reduceat(sp_values, starts), lengths))
        return powers / np.repeat(np.add.reduceat(powers, starts), lengths)


@RegisterGradient("SparseSoftmax")
def _sparse_softmax_gradient(op, grad):
    # dx = y (g - sum of g y over the row)
    indices, _, dims = op.inputs
    y = op.output
    row = sparse_reduce_sum(SparseTensor(indices, grad * y, dims), [-1], keepdims=True)
    flat = stack([indices[:, 0] * 0], 1)
    first = concat([indices[:, :-1], flat], 1)
    return None, (grad - gather_nd(row, first)) * y, None


def sparse_softmax(sp_input, name=None):
    """softmax along the last axis of a SparseTensor; what is not given is no zero, but absent.

    Args:
      sp_input: SparseTensor of float32 or float64, of rank 2 or more.

    As in TF: tf.sparse_softmax, tf.sparse.softmax (op type SparseSoftmax).
    """
    sp_input = as_sparse(sp_input)
    with name_scope(name, "SparseSoftmax", [sp_input.indices, sp_input.values]):
        values = SparseSoftmax([sp_input.indices, sp_input.values, sp_input.dense_shape]).output
        return SparseTensor(sp_input.indices, values, sp_input.dense_shape)
