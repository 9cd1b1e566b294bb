"""Picking elements by their numbers, and putting them back: gather and scatter.

An index beyond its dimension is an error, and so is a negative one: it does not count from
the end. Read next: masking.py.
"""

import numpy as np

from pellucid.core import dtypes, errors, shapes
from pellucid.core.arrays import array_namespace, on_host, scatter, take
from pellucid.core.gradients import RegisterGradient
from pellucid.core.indexed_slices import IndexedSlices
from pellucid.core.operation import Operation, convert_to_tensor, create
from pellucid.core.shapes import Spec, merge, show
from pellucid.core.sources import constant
from pellucid.ops.arguments import as_integers, as_tensor, build, name_scope
from pellucid.ops.arrays.creation import range_, zeros_like
from pellucid.ops.arrays.joining import common_dtype, concat
from pellucid.ops.arrays.shaping import (
    INDICES,
    check_indices,
    expand_dims,
    rank,
    reshape,
    shape,
    size,
    squeeze,
    transpose,
)

GATHERING = INDICES | {dtypes.int16}


def check_range(indices, limit, what):
    """Raises InvalidArgumentError unless 0 <= indices < limit, on the host."""
    if not on_host(indices) or not indices.size:
        return
    if indices.view(f"u{indices.dtype.itemsize}").max() < limit:      # read so, -1 is large
        return
    wrong = (indices < 0) | (indices >= limit)
    where = np.argwhere(wrong)[0].tolist()
    place = f"[{','.join(map(str, where))}]" if where else ""
    value = indices[tuple(where)]
    raise errors.InvalidArgumentError(
        None, None, f"{what}{place} = {value} is not in [0, {limit})")


# -- gather along an axis ------------------------------------------------------------------

class GatherV2(Operation):
    """y[..., j, ...] = params[..., indices[j], ...]: the third input is the axis."""

    op_type, attrs = "GatherV2", {"batch_dims": 0}
    folds = fresh = True
    static_inputs = (2,)

    def infer(self, params, indices, axis):
        check_indices("indices", indices, None, GATHERING)
        check_indices("axis", axis, rank=0)
        given, many, along = params.shape, indices.shape, None
        if given == ():
            raise ValueError("params must have at least one dimension.")
        if given is not None and axis.value is not None:
            along = self._axis(axis.value, len(given))
        if given is None or many is None:
            return Spec(params.dtype, None)
        batch = self._batch(len(many))
        if along is None:
            return Spec(params.dtype, (None,) * (len(given) + len(many) - 1 - batch))
        if batch > along:
            raise ValueError(f"batch_dims {batch} must be at most axis {along}.")
        shared = merge(given[:batch], many[:batch])
        return Spec(params.dtype,
                    shared + given[batch:along] + many[batch:] + given[along + 1:])

    def _batch(self, rank):
        """batch_dims counted from the front, for indices of a rank."""
        if not -rank <= self.batch_dims <= rank:
            raise ValueError(f"batch_dims {self.batch_dims} is not in [{-rank}, {rank}].")
        return self.batch_dims + rank if self.batch_dims < 0 else self.batch_dims

    @staticmethod
    def _axis(axis, rank):
        along = axis.item()
        if not -rank <= along < rank:
            raise ValueError(f"params of rank {rank} have no axis {along}.")
        return along % rank

    def compute(self, params, indices, axis):
        given, many = np.shape(params), np.shape(indices)
        along, xp = self._axis(axis, len(given)), array_namespace(params, indices)
        if 0 in many or 0 in given[:along] + given[along + 1:]:
            result = given[:along] + many[self._batch(len(many)):] + given[along + 1:]
            return xp.zeros(result, params.dtype)
        check_range(indices, given[along], "indices")
        if not self.batch_dims:
            return take(params, indices, along)
        return _take_in_batches(xp, params, indices, along, self._batch(np.ndim(indices)))


def _take_in_batches(xp, params, indices, axis, batch):
    """Gather where the first dimensions of params and indices are the same examples.

    The gathered axis goes to the front of an example, where NumPy's own indexing takes it.
    """
    params = xp.moveaxis(params, axis, batch)                # (b..., n, outer..., inner...)
    examples = np.shape(params)[:batch]
    if np.shape(indices)[:batch] != examples:
        raise ValueError(f"the first {batch} dimensions of params, {examples}, are not "
                         f"those of indices, {np.shape(indices)[:batch]}")
    grid = tuple([np.arange(n).reshape((n,) + (1,) * (np.ndim(indices) - i - 1))
                  for i, n in enumerate(examples)])
    found = params[(*grid, indices)]                     # (b..., j..., outer..., inner...)
    many, outer = np.ndim(indices) - batch, axis - batch
    order = [*range(batch), *range(batch + many, batch + many + outer),
             *range(batch, batch + many), *range(batch + many + outer, np.ndim(found))]
    return xp.transpose(found, order)


@RegisterGradient("GatherV2")
def _gather_gradient(op, grad):
    params, indices, axis = op.inputs
    if axis.spec.value is not None and axis.spec.value == 0 and not op.batch_dims:
        return _rows_gradient(params, indices, grad), None, None
    return _axis_gradient(params, indices, axis, op.batch_dims, grad), None, None


def _rows_gradient(params, indices, grad):
    """Rows of the gradient with their numbers; a row that was read twice is there twice."""
    sizes = shape(params)
    count = expand_dims(size(indices), 0)
    rows = reshape(grad, concat([count, sizes[1:]], 0))
    return IndexedSlices(rows, reshape(indices, count), sizes)


def _axis_gradient(params, indices, axis, batch_dims, grad):
    """Sums the gradients of the places that each element was copied to.

    With params of shape (b..., outer..., n, inner...), the places are brought to the front,
    one row each: (rows, outer..., inner...). Row r belongs to element indices[r] of its
    example; elements are numbered through all examples.
    """
    sizes, many = shape(params), shape(indices)
    p, j = rank(params), rank(indices)
    axis = _positive(axis, p)
    b = _positive(constant(batch_dims), j) if batch_dims < 0 else constant(batch_dims)
    extra = j - b                              # how many dimensions of grad are indices'
    order = concat([range_(b), range_(axis, axis + extra), range_(b, axis),
                    range_(axis + extra, p + extra - 1)], 0)
    rest = concat([sizes[b:axis], sizes[axis + 1:]], 0)
    examples = _product(sizes[:b])
    each = _product(many[b:])                                # places in an example
    rows = reshape(transpose(grad, order), concat([[examples * each], rest], 0))
    length = sizes[axis]
    start = range_(examples) * length
    start = create("Cast", [start], DstT=indices.spec.dtype or dtypes.int32).output
    numbers = reshape(indices, [examples, each]) + expand_dims(start, 1)
    total = create("UnsortedSegmentSum",
                   [rows, reshape(numbers, [-1]), examples * length]).output
    whole = reshape(total, concat([sizes[:b], [length], rest], 0))
    back = concat([range_(b), range_(b + 1, axis + 1), [b], range_(axis + 1, p)], 0)
    return transpose(whole, back)


def _product(sizes):
    return create("Prod", [sizes, constant([0])]).output


def _positive(axis, rank):
    """axis, counted from the front; a Tensor."""
    known = axis.spec.value
    if known is not None and known >= 0:
        return axis
    axis = create("Cast", [axis], DstT=dtypes.int32).output
    return create("FloorMod", [axis, as_tensor(rank)]).output


def gather(params, indices, validate_indices=None, name=None, axis=None, batch_dims=0):
    """Elements, rows or slices of a tensor, picked by their numbers.

    Args:
      params: Tensor, shape (b..., outer..., n, inner...).
      indices: int32 or int64 in [0, n), shape (b..., j...).
      validate_indices: has no effect: indices are always checked.
      axis: int, which dimension n is; batch_dims by default.
      batch_dims: int, how many leading dimensions b params and indices share.

    Returns:
      Tensor, shape (b..., outer..., j..., inner...). Its gradient with respect to params is
      an IndexedSlices where axis is 0.

    Raises InvalidArgumentError in the run if an index is out of range.

    As in TF: tf.gather (op type GatherV2).
    """
    if axis is None:
        axis = batch_dims
    inputs = {"params": params, "indices": indices, "axis": axis}
    return build(GatherV2, inputs, name, ints=("indices", "axis"),
                 batch_dims=int(batch_dims)).output


def batch_gather(params, indices, name=None):
    """gather in each example of a batch: batch_dims is the rank of indices less one.

    As in TF: tf.batch_gather.
    """
    with name_scope(name, "BatchGather", (params, indices)) as scope:
        indices = as_integers(indices, "indices")
        params = as_tensor(params, name="params")
        if indices.spec.shape is None:
            raise ValueError("batch_gather does not allow indices with unknown shape.")
        return gather(params, indices, name=scope, batch_dims=len(indices.spec.shape) - 1)


# -- gather and scatter by tuples of numbers -----------------------------------------------

def _tuples(indices):
    """An array of index tuples, shape (..., k), as what NumPy takes between brackets."""
    return tuple(array_namespace(indices).moveaxis(indices, -1, 0))


def _check_tuples(indices, given):
    """Raises InvalidArgumentError unless each tuple of numbers is within the shape."""
    depth = np.shape(indices)[-1]
    if depth > len(given):
        raise errors.InvalidArgumentError(
            None, None, "index innermost dimension length must be <= params rank; saw: "
            f"{depth} vs. {len(given)}")
    if not on_host(indices) or not indices.size:
        return
    wrong = (indices < 0) | (indices >= np.array(given[:depth], np.int64))
    if wrong.any():
        where = np.argwhere(wrong.any(axis=-1))[0].tolist()
        raise errors.InvalidArgumentError(
            None, None, f"indices{where or ''} = {indices[tuple(where)].tolist()} does not "
            f"index into param shape {list(given)}")


class GatherNd(Operation):
    """y[...] = params[indices[...]]; the last dimension of indices holds index tuples."""

    op_type, fresh = "GatherNd", True

    def infer(self, params, indices):
        check_indices("indices", indices, None, GATHERING)
        many = indices.shape
        if many is None or params.shape is None or (many and many[-1] is None):
            return Spec(params.dtype, None)
        if not many:
            raise ValueError("indices must have at least one dimension.")
        if many[-1] > len(params.shape):
            raise ValueError(f"the last dimension of indices, {many[-1]}, must be at most "
                             f"the rank of params, {len(params.shape)}.")
        return Spec(params.dtype, many[:-1] + params.shape[many[-1]:])

    def compute(self, params, indices):
        _check_tuples(indices, np.shape(params))
        if not np.shape(indices)[-1]:                        # each empty tuple means all
            return array_namespace(params).broadcast_to(
                params, np.shape(indices)[:-1] + np.shape(params)).copy()
        return params[_tuples(indices)]


@RegisterGradient("GatherNd")
def _gather_nd_gradient(op, grad):
    params, indices = op.inputs
    many = indices.spec.shape
    if many is not None and len(many) == 2 and many[1] == 1:
        return IndexedSlices(grad, squeeze(indices, [-1]), shape(params)), None
    return scatter_nd(indices, grad, shape(params, out_type=indices.spec.dtype)), None


def gather_nd(params, indices, name=None, batch_dims=0):
    """Elements or slices of a tensor, picked by index tuples.

    Args:
      params: Tensor, shape (b..., n1, ..., nk, inner...).
      indices: int32 or int64, shape (b..., j..., k): tuples of k numbers.
      batch_dims: int, how many leading dimensions b both share.

    Returns:
      Tensor, shape (b..., j..., inner...).

    Raises InvalidArgumentError in the run if an index is out of range.

    As in TF: tf.gather_nd (op type GatherNd).
    """
    if batch_dims:
        return _batch_gather_nd(params, indices, batch_dims, name)
    inputs = {"params": params, "indices": indices}
    return build(GatherNd, inputs, name, ints=("indices",)).output


def _batch_gather_nd(params, indices, batch_dims, name):
    """gather_nd with index tuples that begin with the number of the example."""
    with name_scope(name, "BatchGatherND", (params, indices)):
        params, indices = as_tensor(params, name="params"), as_integers(indices, "indices")
        known = indices.spec.shape
        if batch_dims < 0 or (known is not None and batch_dims >= len(known)):
            raise ValueError(f"batch_dims = {batch_dims} must be less than rank(indices) = "
                             f"{'unknown' if known is None else len(known)}")
        sizes, many = shape(params), shape(indices)
        examples, each = _product(many[:batch_dims]), _product(many[batch_dims:-1])
        depth = many[-1]
        flat = reshape(params, concat([[examples], sizes[batch_dims:]], 0))
        tuples = reshape(indices, [examples, each, depth])
        dtype = indices.spec.dtype or dtypes.int32
        numbers = create("Cast", [range_(examples)], DstT=dtype).output
        numbers = reshape(numbers, [-1, 1, 1])
        numbers = create("Tile", [numbers, [1, each, 1]]).output
        found = GatherNd([flat, concat([numbers, tuples], 2)]).output
        found = reshape(found, concat([many[:-1], sizes[batch_dims + depth:]], 0))
        if params.spec.shape is not None and found.spec.shape is not None:
            rest = (None,) * (len(found.spec.shape) - batch_dims)
            found.set_shape(params.spec.shape[:batch_dims] + rest)
        return found


class ScatterNd(Operation):
    """Zeros of a shape, to which updates[...] are added at indices[...]."""

    op_type, fresh = "ScatterNd", True
    static_inputs = (2,)

    def infer(self, indices, updates, shape):
        check_indices("indices", indices, None, GATHERING)
        check_indices("shape", shape, allowed=GATHERING)
        result = shape.as_shape()
        _check_updates(indices.shape, updates.shape, result)
        return Spec(updates.dtype, result)

    def compute(self, indices, updates, shape):
        whole = tuple(shape.tolist())
        _check_updates(np.shape(indices), np.shape(updates), whole)
        _check_tuples(indices, whole)
        xp = array_namespace(indices, updates)
        if not np.shape(indices)[-1]:                        # each empty tuple means all
            return xp.sum(xp.reshape(updates, (-1, *whole)), 0, updates.dtype)
        return scatter(xp.zeros(whole, updates.dtype), _tuples(indices), updates, "add")


def _check_updates(indices, updates, whole):
    """Raises ValueError unless indices (j..., k) and updates fit a tensor of that shape."""
    if None in (indices, updates, whole) or not indices or indices[-1] is None:
        return
    wanted = indices[:-1] + whole[indices[-1]:]
    if not shapes.compatible(wanted, updates):
        raise ValueError(f"updates must have shape {show(wanted)}, for indices of shape "
                         f"{show(indices)} into a tensor of shape {show(whole)}, not "
                         f"{show(updates)}.")


@RegisterGradient("ScatterNd")
def _scatter_nd_gradient(op, grad):
    return None, gather_nd(grad, op.inputs[0]), None


def scatter_nd(indices, updates, shape, name=None):
    """A tensor of zeros, to which updates are added at index tuples.

    Args:
      indices: int32 or int64, shape (j..., k): tuples of k numbers.
      updates: Tensor, shape (j..., inner...).
      shape: vector, (n1, ..., nk, inner...), the shape of the result.

    Raises InvalidArgumentError in the run if an index is out of range.

    As in TF: tf.scatter_nd (op type ScatterNd).
    """
    inputs = {"indices": indices, "updates": updates, "shape": shape}
    return build(ScatterNd, inputs, name, ints=("indices", "shape"),
                 alike=("indices", "shape")).output


class TensorScatterUpdate(Operation):
    """A tensor, but for what stands at indices, which is replaced by updates."""

    op_type, fresh, how = "TensorScatterUpdate", True, "set"

    def infer(self, tensor, indices, updates):
        check_indices("indices", indices, None, GATHERING)
        _check_updates(indices.shape, updates.shape, tensor.shape)
        return Spec(common_dtype(self.op_type, (tensor, updates)), tensor.shape)

    def compute(self, tensor, indices, updates):
        _check_updates(np.shape(indices), np.shape(updates), np.shape(tensor))
        _check_tuples(indices, np.shape(tensor))
        return scatter(tensor, _tuples(indices), updates, self.how)


class TensorScatterAdd(TensorScatterUpdate):
    """A tensor, to which updates are added at indices."""

    op_type, how = "TensorScatterAdd", "add"


class TensorScatterSub(TensorScatterUpdate):
    """A tensor, from which updates are subtracted at indices."""

    op_type, how = "TensorScatterSub", "subtract"


@RegisterGradient("TensorScatterUpdate")
def _tensor_scatter_update_gradient(op, grad):
    _, indices, updates = op.inputs
    return (tensor_scatter_update(grad, indices, zeros_like(updates)), None,
            gather_nd(grad, indices))


@RegisterGradient("TensorScatterAdd")
def _tensor_scatter_add_gradient(op, grad):
    return grad, None, gather_nd(grad, op.inputs[1])


@RegisterGradient("TensorScatterSub")
def _tensor_scatter_sub_gradient(op, grad):
    return grad, None, -gather_nd(grad, op.inputs[1])


def tensor_scatter_update(tensor, indices, updates, name=None):
    """A copy of a tensor, with updates at index tuples.

    As in TF: tf.tensor_scatter_update (op type TensorScatterUpdate).
    """
    return _tensor_scatter(TensorScatterUpdate, tensor, indices, updates, name)


def tensor_scatter_add(tensor, indices, updates, name=None):
    """A copy of a tensor, with updates added at index tuples.

    As in TF: tf.tensor_scatter_add (op type TensorScatterAdd).
    """
    return _tensor_scatter(TensorScatterAdd, tensor, indices, updates, name)


def tensor_scatter_sub(tensor, indices, updates, name=None):
    """A copy of a tensor, with updates subtracted at index tuples.

    As in TF: tf.tensor_scatter_sub (op type TensorScatterSub).
    """
    return _tensor_scatter(TensorScatterSub, tensor, indices, updates, name)


def _tensor_scatter(op_class, tensor, indices, updates, name):
    with name_scope(name, op_class.op_type, (tensor, indices, updates)) as scope:
        tensor = as_tensor(tensor, name="tensor")
        updates = convert_to_tensor(updates, tensor.spec.dtype, name="updates")
        return op_class([tensor, as_integers(indices, "indices"), updates], scope).output
