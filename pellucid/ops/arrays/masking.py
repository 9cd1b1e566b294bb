"""Elements chosen by a mask, or sorted into groups; one_hot.

Read next: ../linalg/diagonals.py.
"""

import numpy as np

from pellucid.core import dtypes, shapes
from pellucid.core.arrays import array_namespace, placed
from pellucid.core.gradients import NotDifferentiable, RegisterGradient
from pellucid.core.operation import Operation, convert_to_tensor, create
from pellucid.core.shapes import Spec, merge, normalize_axis, show
from pellucid.core.sources import constant
from pellucid.core.tensor import Tensor
from pellucid.ops.arguments import as_integers, as_tensor, build, check_allowed, name_scope
from pellucid.ops.arrays.creation import range_
from pellucid.ops.arrays.gathering import check_range, gather
from pellucid.ops.arrays.joining import as_tensors, common_dtype, concat
from pellucid.ops.arrays.shaping import (
    INDICES,
    check_indices,
    expand_dims,
    rank,
    reshape,
    shape,
    size,
    squeeze,
)
from pellucid.ops.math.selection import where

# -- masks ---------------------------------------------------------------------------------

class Where(Operation):
    """The indices of the elements that are not zero or False, row by row."""

    op_type, fresh = "Where", True
    host = True

    def infer(self, input):
        return Spec(dtypes.int64, (None, input.rank))

    def compute(self, input):
        return array_namespace(input).argwhere(input).astype(np.int64, copy=False)


NotDifferentiable("Where")


def boolean_mask(tensor, mask, name="boolean_mask", axis=None):
    """The slices of a tensor where a mask is True, one after the other.

    Args:
      tensor: Tensor, shape (outer..., d1, ..., dk, inner...).
      mask: bool, shape (d1, ..., dk), of known rank.
      axis: int, where d1 is; 0 by default.

    Returns:
      Tensor, shape (outer..., how many are True, inner...).

    As in TF: tf.boolean_mask (op types Where, GatherV2).
    """
    with name_scope(name, "boolean_mask", (tensor, mask)):
        tensor, mask = as_tensor(tensor, name="tensor"), as_tensor(mask, name="mask")
        axis, given, covered = _static(axis), tensor.spec.shape, mask.spec.shape
        if covered is None:
            raise ValueError("Number of mask dimensions must be specified, even if some "
                             "dimensions are None. E.g. shape=[None] is ok, but shape=None "
                             "is not.")
        if not covered:
            raise ValueError("mask cannot be scalar.")
        end = axis + len(covered)
        if given is not None and not shapes.compatible(given[axis:end], covered):
            raise ValueError(f"Shapes {show(given[axis:end])} and {show(covered)} are "
                             "incompatible")
        length = create("Prod", [shape(tensor)[axis:end], constant([0])]).output
        sizes = concat([shape(tensor)[:axis], [length], shape(tensor)[end:]], 0)
        flat = reshape(tensor, sizes)
        if given is not None:
            flat.set_shape((*given[:axis], shapes.size(given[axis:end]), *given[end:]))
        chosen = squeeze(where(reshape(mask, [-1])), [1])
        return gather(flat, chosen, axis=axis)


def _static(axis):
    """The axis as an int; 0 by default."""
    if axis is None:
        return 0
    known = axis.spec.value if isinstance(axis, Tensor) else axis
    if known is None:
        raise ValueError("axis of boolean_mask must be known before the run.")
    return int(known)


def sequence_mask(lengths, maxlen=None, dtype=dtypes.bool_, name=None):
    """y[..., j] = (j < lengths[...]).

    Args:
      lengths: Tensor of ints, shape (...).
      maxlen: int scalar, the length of the new last axis; the greatest of lengths if None.
      dtype: DType of the result.

    As in TF: tf.sequence_mask (op type Less).
    """
    with name_scope(name, "SequenceMask", (lengths, maxlen)):
        lengths = as_integers(lengths)
        maxlen = _longest(lengths) if maxlen is None else as_integers(maxlen)
        if maxlen.spec.shape:
            raise ValueError("maxlen must be scalar for sequence_mask")
        kind = maxlen.spec.dtype or dtypes.int32
        row = range_(constant(0, kind), maxlen, constant(1, kind), name="Range")
        column = create("Cast", [expand_dims(lengths, -1)], DstT=kind).output
        mask = create("Less", [row, column]).output
        dtype = dtypes.as_dtype(dtype)
        return mask if dtype is dtypes.bool_ else create("Cast", [mask], DstT=dtype).output


def _longest(lengths):
    """The greatest of the lengths, or 0 where there are none."""
    if lengths.spec.shape is None:
        axes = range_(rank(lengths))
    else:
        axes = constant(np.arange(len(lengths.spec.shape), dtype=np.int32))
    longest = create("Max", [lengths, axes]).output
    return create("Maximum", [constant(0, longest.spec.dtype), longest]).output


# -- one_hot -------------------------------------------------------------------------------

class OneHot(Operation):
    """y[..., k, ...] = on_value where k is indices[...], otherwise off_value."""

    op_type, attrs, fresh = "OneHot", {"axis": -1}, True
    static_inputs = (1,)

    def infer(self, indices, depth, on_value, off_value):
        check_allowed("indices", indices.dtype, INDICES | {dtypes.uint8, dtypes.int8})
        check_indices("depth", depth, rank=0, allowed={dtypes.int32})
        if on_value.shape or off_value.shape:
            raise ValueError("on_value and off_value must be scalars.")
        dtype = common_dtype(self.op_type, (on_value, off_value))
        count = None if depth.value is None else depth.value.item()
        if count is not None and count < 0:
            raise ValueError(f"depth must be non-negative, but is {count}.")
        if self.axis < -1:
            raise ValueError(f"axis must be -1 or more, but is {self.axis}.")
        if indices.shape is None:
            return Spec(dtype, None)
        axis = len(indices.shape) if self.axis == -1 else self.axis
        return Spec(dtype, (*indices.shape[:axis], count, *indices.shape[axis:]))

    def compute(self, indices, depth, on_value, off_value):
        xp, count = array_namespace(indices, on_value), depth.item()
        if count < 0:
            raise ValueError(f"depth must be non-negative, got: {count}")
        axis = normalize_axis(self.axis, np.ndim(indices) + 1)
        levels = np.arange(count).reshape((count,) + (1,) * (np.ndim(indices) - axis))
        return xp.where(xp.expand_dims(indices, axis) == levels, on_value, off_value)


NotDifferentiable("OneHot")


def one_hot(indices, depth, on_value=None, off_value=None, axis=None, dtype=None,
            name=None):
    """A tensor with a new axis, along which one element is on and the others are off.

    Args:
      indices: Tensor of ints; where one is not in [0, depth), all elements are off.
      depth: int32 scalar, the length of the new axis.
      on_value, off_value: scalars of one dtype, 1 and 0 by default.
      axis: int, where the new axis is; -1, the end, by default.
      dtype: DType; by default that of the values, or float32.

    As in TF: tf.one_hot (op type OneHot).
    """
    with name_scope(name, "one_hot", (indices, depth, on_value, off_value)) as scope:
        wanted = None if dtype is None else dtypes.as_dtype(dtype).base_dtype
        values = [_value("on_value", on_value, wanted),
                  _value("off_value", off_value, wanted)]
        found = [v.spec.dtype for v in values if v is not None]
        if len(set(found)) > 1:
            raise TypeError(f"dtype {found[0].name} of on_value does not match dtype "
                            f"{found[1].name} of off_value")
        wanted = wanted or (found[0] if found else dtypes.float32)
        on, off = (constant(default, wanted, name=label) if value is None else value
                   for value, default, label in zip(
                       values, (1, 0), ("on_value", "off_value"), strict=True))
        inputs = [as_integers(indices, "indices"), as_integers(depth, "depth"), on, off]
        return OneHot(inputs, scope, axis=-1 if axis is None else int(axis)).output


def _value(label, value, dtype):
    if value is None:
        return None
    tensor = convert_to_tensor(value, dtype_hint=dtype)
    if dtype not in (None, tensor.spec.dtype):
        raise TypeError(f"dtype {tensor.spec.dtype.name} of {label} does not match dtype "
                        f"parameter {dtype.name}")
    return tensor


# -- groups --------------------------------------------------------------------------------

class DynamicPartition(Operation):
    """Part i holds the slices of data whose number in partitions is i."""

    op_type, attrs = "DynamicPartition", {"num_partitions": None}
    host = True

    def infer(self, data, partitions):
        check_allowed("partitions", partitions.dtype, {dtypes.int32})
        part = None
        if data.shape is not None and partitions.shape is not None:
            count = len(partitions.shape)
            merge(data.shape[:count], partitions.shape)
            part = (None, *data.shape[count:])
        return tuple([Spec(data.dtype, part) for _ in range(self.num_partitions)])

    def compute(self, data, partitions):
        if np.shape(data)[:np.ndim(partitions)] != np.shape(partitions):
            raise ValueError("data.shape must start with partitions.shape, got data.shape"
                             f" {np.shape(data)}, partitions.shape {np.shape(partitions)}")
        check_range(partitions, self.num_partitions, "partitions")
        parts = tuple([data[partitions == i] for i in range(self.num_partitions)])
        return parts if len(parts) != 1 else parts[0]


@RegisterGradient("DynamicPartition")
def _dynamic_partition_gradient(op, *grads):
    # Partition the places of the slices in the same way: they say where each gradient goes.
    data, partitions = op.inputs
    places = reshape(range_(size(partitions)), shape(partitions))
    places = dynamic_partition(places, partitions, op.num_partitions)
    return reshape(dynamic_stitch(places, list(grads)), shape(data)), None


def dynamic_partition(data, partitions, num_partitions, name=None):
    """The slices of data, sorted into num_partitions tensors.

    Args:
      data: Tensor, shape (p..., inner...).
      partitions: int32 in [0, num_partitions), shape (p...): where each slice goes.
      num_partitions: int.

    Returns:
      list of Tensors, shapes (?, inner...).

    As in TF: tf.dynamic_partition (op type DynamicPartition).
    """
    inputs = {"data": data, "partitions": partitions}
    return list(build(DynamicPartition, inputs, name, ints=("partitions",),
                      num_partitions=num_partitions).outputs)


class DynamicStitch(Operation):
    """y[indices[m][i]] = data[m][i]; the inputs are all indices, then all data."""

    op_type, fresh = "DynamicStitch", True
    host = True

    def infer(self, *inputs):
        half = len(inputs) // 2
        indices, data = inputs[:half], inputs[half:]
        dtype, inner = common_dtype(self.op_type, data), None
        for i, d in zip(indices, data, strict=True):
            check_indices("indices", i, None, {dtypes.int32})
            if i.shape is not None and d.shape is not None:
                merge(i.shape, d.shape[:len(i.shape)])
                inner = merge(inner, d.shape[len(i.shape):])
        count = None
        if all(i.value is not None for i in indices):
            greatest = [int(i.value.max()) for i in indices if i.value.size]
            count = 1 + max(greatest, default=-1)
        return Spec(dtype, None if inner is None else (count, *inner))

    def compute(self, *inputs):
        half = len(inputs) // 2
        indices, data = inputs[:half], inputs[half:]
        inner = np.shape(data[0])[np.ndim(indices[0]):]
        for i, d in zip(indices, data, strict=True):
            if np.shape(d) != np.shape(i) + inner:
                raise ValueError(f"data of shape {np.shape(d)} does not go with indices of "
                                 f"shape {np.shape(i)}")
        xp = array_namespace(*data)
        places = np.concatenate([np.ravel(i) for i in indices])
        rows = xp.concatenate([xp.reshape(d, (np.size(i), *inner))
                               for i, d in zip(indices, data, strict=True)])
        count = int(places.max()) + 1 if len(places) else 0
        check_range(places, count, "indices")
        last = np.full(count, -1)              # of the slices with one place, the last wins
        last[places] = np.arange(len(places))
        if (last >= 0).all():
            return xp.take(rows, last, 0)
        named = np.flatnonzero(last >= 0)
        return placed((count, *inner), named, xp.take(rows, last[named], 0))


@RegisterGradient("DynamicStitch")
def _dynamic_stitch_gradient(op, grad):
    indices = op.inputs[:len(op.inputs) // 2]
    return [None] * len(indices) + [gather(grad, i) for i in indices]


def dynamic_stitch(indices, data, name=None):
    """One tensor of the slices of many: y[indices[m][i...]] = data[m][i...].

    Args:
      indices: list of int32 Tensors.
      data: list of Tensors, whose shapes begin with those of indices.

    Returns:
      Tensor, shape (greatest index + 1, inner...). Of slices with one index, the last wins.

    As in TF: tf.dynamic_stitch (op type DynamicStitch).
    """
    with name_scope(name, "DynamicStitch", [*indices, *data]) as scope:
        indices = [as_integers(i, f"indices_{n}") for n, i in enumerate(indices)]
        return DynamicStitch([*indices, *as_tensors(data, "data")], scope).output
