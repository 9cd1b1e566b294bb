"""Joining tensors into one, and taking one apart: concat, stack, unstack, split, meshgrid.

Read next: packing.py, then indexing.py.
"""

import numpy as np

from pellucid.core import dtypes, shapes
from pellucid.core.arrays import array_namespace
from pellucid.core.gradients import RegisterGradient
from pellucid.core.operation import Operation, convert_to_tensor, create
from pellucid.core.shapes import Dimension, Spec, normalize_axis
from pellucid.core.sources import constant
from pellucid.core.tensor import Tensor
from pellucid.ops.arguments import as_integers, as_tensor, build, name_scope, old_names
from pellucid.ops.arrays.shaping import check_indices, entries, reshape, shape, size, vector
from pellucid.ops.control.passing import identity


def common_dtype(op_type, specs):
    """The dtype of all Specs; None if they are untyped. TypeError if two differ."""
    found = {spec.dtype for spec in specs} - {None}
    if len(found) > 1:
        names = ", ".join(spec.dtype.name if spec.dtype else "untyped" for spec in specs)
        raise TypeError(f"Tensors in list passed to 'values' of {op_type!r} Op have types "
                        f"[{names}] that don't all match.")
    return found.pop() if found else None


def as_tensors(values, name="values"):
    """A list of Tensors; Python values among tensors take their dtype."""
    for value in values:
        if type(value) is not Tensor:
            break
    else:
        return list(values)
    typed = [v if isinstance(v, Tensor) else None for v in values]
    dtype = next((t.spec.dtype for t in typed if t is not None), None)
    return [convert_to_tensor(v, None if isinstance(v, Tensor) else dtype, f"{name}_{i}")
            for i, v in enumerate(values)]


def _is_integer(dtype):
    return dtype is not None and dtype.is_integer


# -- concat --------------------------------------------------------------------------------

class ConcatV2(Operation):
    """Its inputs, but for the last, one after the other along an axis, the last input."""

    op_type = "ConcatV2"
    folds = fresh = True
    static_inputs = (-1,)

    def infer(self, *inputs):
        *values, axis = inputs
        dtype = common_dtype(self.op_type, values)
        check_indices("axis", axis, rank=0)
        rank = next((len(v.shape) for v in values if v.shape is not None), None)
        if rank is None:
            return Spec(dtype, None)
        if rank == 0:
            raise ValueError("can't concatenate scalars (use tf.stack instead).")
        if axis.value is None:
            return Spec(dtype, (None,) * rank)
        result = self._shape(values, normalize_axis(axis.value.item(), rank), rank)
        if rank == 1 and _is_integer(dtype) and result[0] is not None and result[0] < 64:
            return vector(dtype, sum((entries(v) for v in values), ()))
        return Spec(dtype, result)

    def _shape(self, values, axis, rank):
        others, lengths = (None,) * rank, []
        for value in values:
            known = value.shape if value.shape is not None else (None,) * rank
            if value.shape is None and value.partial is not None and rank == 1:
                known = (len(value.partial),)
            lengths.append(known[axis] if len(known) == rank else None)
            try:
                others = shapes.merge(others, (*known[:axis], None, *known[axis + 1:]))
            except ValueError:
                found = ", ".join(shapes.show(v.shape) for v in values)
                raise ValueError(f"all dimensions but that of axis {axis} must be equal, "
                                 f"but the shapes are {found}.") from None
        total = None if None in lengths else sum(lengths)
        return (*others[:axis], total, *others[axis + 1:])

    def compute(self, *inputs):
        *values, axis = inputs
        return array_namespace(*values).concatenate(values, axis.item())


@RegisterGradient("ConcatV2")
def _concat_gradient(op, grad):
    *values, axis = op.inputs
    if len(values) == 1:
        return grad, None
    known = axis.spec.value is not None and [
        v.spec.shape and v.spec.shape[axis.spec.value.item()] for v in values]
    if known and None not in known and () not in known:
        lengths = constant(np.array(known, np.int32))
    else:
        lengths = stack([shape(v)[axis] for v in values])
    return [*create("SplitV", [grad, lengths, axis], num_split=len(values)).outputs, None]


@old_names(concat_dim="axis")
def concat(values, axis, name="concat"):
    """Tensors, one after the other along an axis.

    Args:
      values: list of Tensors of one dtype and rank, which differ in dimension `axis` only.
      axis: int32 scalar; -1 is the last.

    Returns:
      Tensor, whose dimension `axis` is the sum of theirs.

    As in TF: tf.concat, with the axis last (op type ConcatV2).
    """
    if isinstance(values, int) and isinstance(axis, list | tuple | Tensor):
        raise TypeError("concat takes the values first, then the axis: tf.concat(values, "
                        f"{values}). TensorFlow 0.x had them the other way round.")
    if not isinstance(values, list | tuple):
        values = [values]
    if len(values) == 1:
        with name_scope(name, "concat", values):
            axis = convert_to_tensor(axis, dtypes.int32, name="concat_dim")
            axis.shape.assert_has_rank(0)
            return identity(values[0], name=name)
    if not values:
        raise ValueError("List argument 'values' to 'ConcatV2' Op with length 0 shorter "
                         "than minimum length 2.")
    with name_scope(name, "concat", values) as scope:
        values = as_tensors(values)
        return ConcatV2([*values, as_integers(axis, "axis")], scope).output


# -- stack and unstack ---------------------------------------------------------------------

class Pack(Operation):
    """Tensors of one shape, side by side along a new axis."""

    op_type, attrs = "Pack", {"axis": 0}
    folds = fresh = True

    def infer(self, *values):
        dtype, found = common_dtype(self.op_type, values), None
        for value in values:
            found = shapes.merge(found, value.shape)
        if found is None:                   # as a shape, it is one of so many dimensions
            numbers = _is_integer(dtype) and self.axis == 0
            return Spec(dtype, None, None, (None,) * len(values) if numbers else None)
        if found == () and _is_integer(dtype):
            normalize_axis(self.axis, 1)
            return vector(dtype, tuple([None if v.value is None else v.value.item()
                                        for v in values]))
        axis = normalize_axis(self.axis, len(found) + 1)
        return Spec(dtype, (*found[:axis], len(values), *found[axis:]))

    def compute(self, *values):
        return array_namespace(*values).stack(values, self.axis)


@RegisterGradient("Pack")
def _pack_gradient(op, grad):
    return list(Unpack([grad], num=len(op.inputs), axis=op.axis).outputs)


def stack(values, axis=0, name="stack"):
    """Tensors of one shape, side by side along a new axis.

    Args:
      values: list of Tensors of one dtype and shape.
      axis: int, where the new dimension will be; -1 is the end.

    As in TF: tf.stack (op type Pack).
    """
    if axis == 0:
        if isinstance(values, list | tuple) and values and all(
                type(v) is Tensor for v in values):
            return Pack(values, name).output
        try:
            return convert_to_tensor(values, name=name)
        except (TypeError, ValueError):
            pass                        # say what is wrong of it as a Pack
    # TensorFlow converts the first value twice, and so do we: what comes next has its names.
    known = convert_to_tensor(values[0], name=name).spec.shape if len(values) else None
    if known is not None:
        _check_axis(axis, len(known) + 1)
    with name_scope(name, "stack", list(values)) as scope:
        return Pack(as_tensors(values), scope, axis=axis).output


def _check_axis(axis, rank):
    if not -rank <= axis < rank:
        raise ValueError(f"Argument `axis` = {axis} not in range [{-rank}, {rank})")


class Unpack(Operation):
    """The parts of a tensor along an axis, which is gone in them."""

    op_type, attrs = "Unpack", {"num": None, "axis": 0}

    def infer(self, value):
        given = value.shape
        if given is None:
            return tuple([Spec(value.dtype, None) for _ in range(self.num)])
        axis = normalize_axis(self.axis, len(given))
        if given[axis] not in (self.num, None):
            raise ValueError(f"dimension {axis} must be {self.num}, but is {given[axis]}.")
        if len(given) == 1 and _is_integer(value.dtype) and given[0] is not None:
            return tuple([_scalar(value.dtype, entry) for entry in entries(value)])
        rest = given[:axis] + given[axis + 1:]
        return tuple([Spec(value.dtype, rest) for _ in range(self.num)])

    def compute(self, value):
        parts = array_namespace(value).moveaxis(value, self.axis, 0) if self.axis else value
        if len(parts) != self.num:
            raise ValueError(f"Input shape axis {self.axis} must equal {self.num}, got "
                             f"shape {list(np.shape(value))}")
        return tuple(parts) if self.num != 1 else parts[0]


def _scalar(dtype, value):
    return Spec(dtype, (), None if value is None else np.array(value, dtype._numpy))


@RegisterGradient("Unpack")
def _unpack_gradient(op, *grads):
    return stack(grads, axis=op.axis)


def unstack(value, num=None, axis=0, name="unstack"):
    """A list of the parts of a tensor along an axis.

    Args:
      value: Tensor of rank 1 or more.
      num: int, the dimension `axis`; may be left out where it is known.
      axis: int; -1 is the last.

    Returns:
      list of num Tensors, each of rank one less.

    Raises ValueError if num is neither given nor known.

    As in TF: tf.unstack (op type Unpack).
    """
    if num is None:
        value = as_tensor(value)
        known = value.spec.shape
        if known is not None:
            _check_axis(axis, len(known))
            num = known[axis]
        if num is None:
            raise ValueError(f"Cannot infer argument `num` from shape {shapes.show(known)}")
    op = build(Unpack, {"value": value}, name, "unstack", num=num, axis=axis)
    return list(op.outputs)


# -- split ---------------------------------------------------------------------------------

class Split(Operation):
    """num_split equal parts of a tensor along an axis, the first input."""

    op_type, attrs = "Split", {"num_split": None}
    static_inputs = (0,)

    def _derived_attrs(self):
        return {**super()._derived_attrs(), "T": self.outputs[0].spec.dtype}

    def infer(self, split_dim, value):
        check_indices("split_dim", split_dim, rank=0)
        part = _unknown_along(split_dim, value)
        if part is not None and split_dim.value is not None:
            axis = normalize_axis(split_dim.value.item(), len(part))
            length = value.shape[axis]
            if length is not None:
                if length % self.num_split:
                    raise ValueError(f"dimension {axis} is {length}, which cannot be split "
                                     f"into {self.num_split} equal parts.")
                part = (*part[:axis], length // self.num_split, *part[axis + 1:])
        known = value.value is not None and split_dim.value is not None
        if known and len(part) == 1:
            return tuple([Spec(value.dtype, p.shape, p)
                          for p in np.split(value.value, self.num_split)])
        return tuple([Spec(value.dtype, part) for _ in range(self.num_split)])

    def compute(self, split_dim, value):
        axis = normalize_axis(split_dim.item(), np.ndim(value))
        length, remainder = divmod(np.shape(value)[axis], self.num_split)
        if remainder:
            raise ValueError("Number of ways to split should evenly divide the split "
                             f"dimension, but got split_dim {axis} (size = "
                             f"{np.shape(value)[axis]}) and num_split {self.num_split}")
        return _cut(value, [length] * self.num_split, axis)


def _unknown_along(split_dim, value):
    """The shape of a part whose length is not known."""
    if value.shape is None or split_dim.value is None:
        return None if value.shape is None else (None,) * len(value.shape)
    axis = normalize_axis(split_dim.value.item(), len(value.shape))
    return (*value.shape[:axis], None, *value.shape[axis + 1:])


def _cut(value, lengths, axis):
    """Consecutive parts of these lengths; views."""
    parts, start, before = [], 0, (slice(None),) * axis
    for length in lengths:
        parts.append(value[(*before, slice(start, start + length))])
        start += length
    return tuple(parts) if len(parts) != 1 else parts[0]


@RegisterGradient("Split")
def _split_gradient(op, *grads):
    return None, concat(list(grads), op.inputs[0])


class SplitV(Operation):
    """Parts of given sizes of a tensor along an axis, the last input."""

    op_type, attrs = "SplitV", {"num_split": None}
    static_inputs = (1, 2)

    def infer(self, value, size_splits, split_dim):
        check_indices("split_dim", split_dim, rank=0)
        check_indices("size_splits", size_splits)
        part = _unknown_along(split_dim, value)
        if part is None or split_dim.value is None:
            return tuple([Spec(value.dtype, part) for _ in range(self.num_split)])
        axis = normalize_axis(split_dim.value.item(), len(part))
        sizes = _worked_out(size_splits.as_shape() or (None,) * self.num_split,
                            value.shape[axis], axis)
        return tuple([Spec(value.dtype, (*part[:axis], size, *part[axis + 1:]))
                      for size in sizes])

    def compute(self, value, size_splits, split_dim):
        if self.num_split == 1:                         # TensorFlow does not look at it
            return value
        axis = normalize_axis(split_dim.item(), np.ndim(value))
        sizes = [None if size == -1 else size for size in size_splits.tolist()]
        if len(sizes) != self.num_split or sizes.count(None) > 1 or any(
                size is not None and size < 0 for size in sizes):
            raise ValueError(f"size_splits must be {self.num_split} sizes, at most one of "
                             f"them -1, but is {size_splits.tolist()}")
        return _cut(value, _worked_out(sizes, np.shape(value)[axis], axis), axis)


def _worked_out(sizes, length, axis):
    """The sizes, with one that is None worked out from the length of the whole."""
    known = sum(size for size in sizes if size is not None)
    unknown = sum(size is None for size in sizes)
    if length is None or unknown > 1:
        return sizes
    if known > length or (known != length and not unknown):
        raise ValueError(f"can't split axis {axis} of size {length} into pieces of size "
                         f"{['?' if size is None else size for size in sizes]}")
    return [length - known if size is None else size for size in sizes]


@RegisterGradient("SplitV")
def _split_v_gradient(op, *grads):
    return concat(list(grads), op.inputs[2]), None, None


@old_names(split_dim="axis", num_split="num_or_size_splits")
def split(value, num_or_size_splits, axis=0, num=None, name="split"):
    """Consecutive parts of a tensor along an axis.

    Args:
      value: Tensor.
      num_or_size_splits: int, how many equal parts; or a vector of their sizes, one of
        which may be -1, the rest.
      axis: int32 scalar.
      num: int, the number of sizes, needed only where it is not known.

    Returns:
      list of Tensors.

    As in TF: tf.split (op types Split, SplitV).
    """
    if isinstance(value, int) and isinstance(axis, Tensor):
        raise TypeError(f"split takes the value first: tf.split(value, {num_or_size_splits}, "
                        f"axis={value}). TensorFlow 0.x had the axis first and the value last.")
    if isinstance(num_or_size_splits, int | np.integer | Dimension):
        inputs = {"split_dim": axis, "value": value}
        return list(build(Split, inputs, name, "split", ("split_dim",),
                          num_split=int(num_or_size_splits)).outputs)
    sizes = as_integers(num_or_size_splits)
    known = sizes.spec.shape
    if known == ():
        raise ValueError("Rank-0 tensors are not supported as the num_or_size_splits "
                         f"argument to split. Argument provided: {num_or_size_splits}")
    num = known[0] if num is None and known else num
    if num is None:
        raise ValueError(f"Cannot infer argument `num` from shape {num_or_size_splits}")
    inputs = {"value": value, "size_splits": sizes, "split_dim": axis}
    return list(build(SplitV, inputs, name, "split", ("split_dim",), num_split=num).outputs)


# -- grids ---------------------------------------------------------------------------------

def meshgrid(*args, indexing="xy", name="meshgrid"):
    """For vectors x1, ..., xn the coordinates of the points of the grid they span.

    Args:
      *args: Tensors of rank 1 and of one dtype.
      indexing: "xy" (the first two dimensions are swapped: rows are y) or "ij".

    Returns:
      list of n Tensors of rank n.

    As in TF: tf.meshgrid.
    """
    if indexing not in ("xy", "ij"):
        raise ValueError("Argument `indexing` parameter must be either 'xy' or 'ij', got "
                         f"{indexing!r}")
    with name_scope(name, "meshgrid", args):
        rank = len(args)
        grids = [reshape(stack(x), (*(1,) * i, -1, *(1,) * (rank - i - 1)))
                 for i, x in enumerate(args)]
        lengths = [size(x) for x in args]
        dtype = convert_to_tensor(args[0]).spec.dtype
        if indexing == "xy" and rank > 1:
            grids[0] = reshape(grids[0], (1, -1, *(1,) * (rank - 2)))
            grids[1] = reshape(grids[1], (-1, 1, *(1,) * (rank - 2)))
            lengths[0], lengths[1] = lengths[1], lengths[0]
        ones = create("Fill", [convert_to_tensor(lengths, name="ones/packed"),
                               constant(1, dtype, name="ones/Const")], name="ones").output
        return [grid * ones for grid in grids]
