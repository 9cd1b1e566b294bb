"""Tensors repeated, widened and turned: tile, broadcast_to, pad, reverse, roll.

Read next: creation.py.
"""

import numpy as np

from pellucid.core import dtypes, shapes
from pellucid.core.arrays import array_namespace, placed
from pellucid.core.gradients import NotDifferentiable, RegisterGradient
from pellucid.core.operation import Operation, convert_to_tensor, create
from pellucid.core.shapes import Spec, normalize_axis
from pellucid.ops.arguments import as_integers, as_tensor, build, check_allowed, name_scope
from pellucid.ops.arrays.indexing import slice_
from pellucid.ops.arrays.joining import stack
from pellucid.ops.arrays.shaping import INDICES, check_indices, reshape, shape, transpose
from pellucid.ops.broadcasting import unbroadcast

# -- tile and broadcast_to -----------------------------------------------------------------

class Tile(Operation):
    """x, repeated multiples[i] times along each axis i."""

    op_type, folds, fresh = "Tile", True, True
    static_inputs = (1,)

    def infer(self, input, multiples):
        check_indices("multiples", multiples)
        given, known = input.shape, multiples.as_shape()
        if given is None and known is None:
            return Spec(input.dtype, None)
        known = (None,) * len(given) if known is None else known
        given = (None,) * len(known) if given is None else given
        _check_multiples(given, known)
        return Spec(input.dtype, tuple([
            _times(d, n) for d, n in zip(given, known, strict=True)]))

    def compute(self, input, multiples):
        times = tuple(multiples.tolist())
        _check_multiples(np.shape(input), times)
        if min(times, default=0) < 0:
            raise ValueError(f"Expected multiples >= 0, but got {list(times)}")
        return array_namespace(input).tile(input, times)


def _check_multiples(given, times):
    if len(given) != len(times):
        raise ValueError(f"multiples must have an entry for each of {len(given)} "
                         f"dimensions, but has {len(times)}.")


def _times(d, n):
    return 0 if 0 in (d, n) else None if None in (d, n) else d * n


@RegisterGradient("Tile")
def _tile_gradient(op, grad):
    # Axis i of y is n_i copies of axis i of x: see it as two axes, and sum over the copies.
    x, multiples = op.inputs
    sizes = shape(x, out_type=multiples.spec.dtype)
    apart = reshape(transpose(stack([multiples, sizes])), [-1])
    copies = create("Range", [0, create("Size", [apart]).output, 2]).output
    return create("Sum", [reshape(grad, apart), copies]).output, None


def tile(input, multiples, name=None):
    """A tensor repeated along its axes.

    Args:
      input: Tensor of rank n.
      multiples: vector of n int32 or int64, how often along each axis.

    As in TF: tf.tile (op type Tile).
    """
    inputs = {"input": input, "multiples": multiples}
    return build(Tile, inputs, name, ints=("multiples",)).output


class BroadcastTo(Operation):
    """x, repeated along its axes of 1, and along new axes in front, to a shape."""

    op_type, folds = "BroadcastTo", True
    static_inputs = (1,)

    def infer(self, input, shape):
        check_indices("shape", shape)
        given, wanted = input.shape, shape.as_shape()
        if given is None or wanted is None:
            return Spec(input.dtype, wanted)
        if len(given) > len(wanted):
            raise ValueError(f"a tensor of rank {len(given)} does not broadcast to "
                             f"{shapes.show(wanted)}.")
        given = (1,) * (len(wanted) - len(given)) + given
        return Spec(input.dtype, tuple([
            _broadcast_dimension(p, q) for p, q in zip(given, wanted, strict=True)]))

    def compute(self, input, shape):
        given, wanted = np.shape(input), shape.tolist()
        for i in range(1, min(len(given), len(wanted)) + 1):
            if wanted[-i] == -1:
                wanted[-i] = given[-i]
        return array_namespace(input).broadcast_to(input, tuple(wanted))


def _broadcast_dimension(given, wanted):
    if wanted is None:
        return None if given == 1 else given
    if given not in (1, wanted, None):
        raise ValueError(f"dimension {given} does not broadcast to {wanted}.")
    return wanted


@RegisterGradient("BroadcastTo")
def _broadcast_to_gradient(op, grad):
    return unbroadcast(grad, op.inputs[0], op.output), None


def broadcast_to(input, shape, name=None):
    """A tensor repeated to a shape, by the rules of broadcasting.

    Args:
      input: Tensor.
      shape: vector of int32 or int64, at least as long as the rank of input.

    As in TF: tf.broadcast_to (op type BroadcastTo).
    """
    inputs = {"input": input, "shape": shape}
    return build(BroadcastTo, inputs, name, ints=("shape",)).output


# -- the shapes of broadcasting ------------------------------------------------------------

class BroadcastArgs(Operation):
    """The shape that results from broadcasting two shapes."""

    op_type, folds = "BroadcastArgs", True
    host = True

    def infer(self, s0, s1):
        check_indices("s0", s0)
        check_indices("s1", s1)
        lengths = [s.shape[0] if s.shape else None for s in (s0, s1)]
        return Spec(s0.dtype, (None if None in lengths else max(lengths),))

    def compute(self, s0, s1):
        shape = np.broadcast_shapes(tuple(s0.tolist()), tuple(s1.tolist()))
        return np.array(shape, s0.dtype)


NotDifferentiable("BroadcastArgs")


def broadcast_dynamic_shape(shape_x, shape_y):
    """The shape of x + y, given the shapes of x and y as vectors.

    As in TF: tf.broadcast_dynamic_shape (op type BroadcastArgs).
    """
    return build(BroadcastArgs, {"s0": shape_x, "s1": shape_y}, ints=("s0", "s1")).output


def broadcast_static_shape(shape_x, shape_y):
    """The TensorShape of x + y, given those of x and y.

    Raises ValueError if they do not broadcast. As in TF: tf.broadcast_static_shape.
    """
    x, y = shapes.as_tuple(shape_x), shapes.as_tuple(shape_y)
    return shapes.TensorShape(shapes.broadcast(x, y))


# -- pad -----------------------------------------------------------------------------------

class Pad(Operation):
    """x with zeros around it: paddings[i] = (how many before, how many after) on axis i."""

    op_type, folds, fresh = "Pad", True, True
    static_inputs = (1,)

    def infer(self, input, paddings, *constant_values):
        check_indices("paddings", paddings, rank=2)
        rows = paddings.shape[0] if paddings.shape else None
        if paddings.shape and paddings.shape[1] not in (2, None):
            raise ValueError("paddings must have two columns.")
        if None not in (rows, input.rank) and rows != input.rank:
            raise ValueError(f"paddings must have a row for each of {input.rank} "
                             f"dimensions, but has {rows}.")
        rank = rows if input.rank is None else input.rank
        if rank is None or paddings.value is None:
            return Spec(input.dtype, None if rank is None else (None,) * rank)
        if (paddings.value < 0).any():
            raise ValueError("Paddings must be non-negative.")
        added = paddings.value.sum(axis=1).tolist()
        given = input.shape if input.shape is not None else (None,) * rank
        return Spec(input.dtype, tuple([
            None if d is None else d + n for d, n in zip(given, added, strict=True)]))

    def compute(self, input, paddings, constant_values=0):
        widths = list(zip(_widths(np.shape(input), paddings), np.shape(input), strict=True))
        whole = tuple([p + d + q for (p, q), d in widths])
        where = tuple([slice(p, p + d) for (p, _), d in widths])
        return placed(whole, where, input, constant_values)


def _widths(given, paddings):
    widths = paddings.tolist()
    if len(widths) != len(given):
        raise ValueError(f"The first dimension of paddings must be the rank of inputs "
                         f"{list(np.shape(paddings))} {list(given)}")
    for p, q in widths:
        if p < 0 or q < 0:
            raise ValueError(f"Paddings must be non-negative: {p} {q}")
    return widths


class PadV2(Pad):
    """x with constant_values around it."""

    op_type = "PadV2"


@RegisterGradient("Pad")
@RegisterGradient("PadV2")
def _pad_gradient(op, grad):
    x, paddings = op.inputs[:2]
    begin = paddings[:, 0]
    sent = slice_(grad, begin, shape(x, out_type=paddings.spec.dtype or dtypes.int32))
    return [sent] + [None] * (len(op.inputs) - 1)


class MirrorPad(Pad):
    """x with its own mirror image around it; in mode REFLECT without its border."""

    op_type, attrs = "MirrorPad", {"mode": "REFLECT"}

    def compute(self, input, paddings):
        widths = _widths(np.shape(input), paddings)
        if not widths:
            return array_namespace(input).array(input)
        for (p, q), d in zip(widths, np.shape(input), strict=True):
            if max(p, q) > d - self._offset:
                bound = "less than" if self._offset else "no greater than"
                raise ValueError(f"paddings must be {bound} the dimension size: {p}, {q} "
                                 f"not {bound} {d}")
        return array_namespace(input).pad(input, widths, self.mode.lower())

    @property
    def _offset(self):
        return 1 if self.mode == "REFLECT" else 0


@RegisterGradient("MirrorPad")
def _mirror_pad_gradient(op, grad):
    return MirrorPadGrad([grad, op.inputs[1]], mode=op.mode).output, None


class MirrorPadGrad(MirrorPad):
    """MirrorPad backwards: folds the images in again, and adds them up."""

    op_type, attrs = "MirrorPadGrad", {"mode": "REFLECT"}

    def infer(self, input, paddings):
        check_indices("paddings", paddings, rank=2)
        if input.shape is None or paddings.value is None:
            rank = input.rank
            if rank is None and paddings.shape:
                rank = paddings.shape[0]
            return Spec(input.dtype, None if rank is None else (None,) * rank)
        added = paddings.value.sum(axis=1).tolist()
        return Spec(input.dtype, tuple([
            None if d is None else d - n for d, n in zip(input.shape, added, strict=True)]))

    def compute(self, input, paddings):
        xp = array_namespace(input)
        for axis, (p, q) in enumerate(paddings.tolist()):
            before = (slice(None),) * axis
            end = np.shape(input)[axis] - q
            length = end - p
            total = input[(*before, slice(p, end))]
            for start, stop, place in ((0, p, self._offset),
                                       (end, end + q, length - self._offset - q)):
                image = xp.flip(input[(*before, slice(start, stop))], axis)
                around = [(0, 0)] * np.ndim(input)
                around[axis] = place, length - place - (stop - start)
                total = total + xp.pad(image, around)
            input = total
        return input


@RegisterGradient("MirrorPadGrad")
def _mirror_pad_grad_gradient(op, grad):
    return MirrorPad([grad, op.inputs[1]], mode=op.mode).output, None


def pad(tensor, paddings, mode="CONSTANT", name=None, constant_values=0):
    """A tensor with something around it.

    Args:
      tensor: Tensor of rank n.
      paddings: int32 or int64, shape (n, 2): how much before and after on each axis.
      mode: "CONSTANT"; "SYMMETRIC", its mirror image; "REFLECT", that without the border.
      constant_values: scalar, what to pad with.

    As in TF: tf.pad (op types Pad, PadV2, MirrorPad).
    """
    mode = mode.upper()
    inputs = {"input": tensor, "paddings": paddings}
    if mode == "CONSTANT":
        if isinstance(constant_values, int | float | np.generic) and constant_values == 0:
            return build(Pad, inputs, name, ints=("paddings",)).output
        with name_scope(name, "PadV2", (tensor, paddings, constant_values)) as scope:
            tensor = as_tensor(tensor, name="input")
            paddings = as_integers(paddings, "paddings")
            value = convert_to_tensor(constant_values, tensor.spec.dtype,
                                      name="constant_values")
            return PadV2([tensor, paddings, value], scope).output
    if mode not in ("REFLECT", "SYMMETRIC"):
        raise ValueError('Value of argument `mode` expected to be one of "CONSTANT", '
                         f'"REFLECT", or "SYMMETRIC". Received `mode` = {mode}')
    return build(MirrorPad, inputs, name, ints=("paddings",), mode=mode).output


# -- reverse and roll ----------------------------------------------------------------------

class ReverseV2(Operation):
    """x, with the order along some axes reversed."""

    op_type, folds = "ReverseV2", True
    static_inputs = (1,)

    def infer(self, tensor, axis):
        check_indices("axis", axis)
        if axis.value is not None and tensor.shape is not None:
            _distinct(axis.value.tolist(), len(tensor.shape))
        return Spec(tensor.dtype, tensor.shape)

    def compute(self, tensor, axis):
        axes = _distinct(axis.tolist(), np.ndim(tensor))
        return array_namespace(tensor).flip(tensor, axes)


def _distinct(axes, rank):
    axes = tuple([normalize_axis(axis, rank) for axis in axes])
    for i, axis in enumerate(axes):
        if axis in axes[:i]:
            raise ValueError(f"axis {axis} specified more than once.")
    return axes


@RegisterGradient("ReverseV2")
def _reverse_gradient(op, grad):
    return reverse(grad, op.inputs[1]), None


def reverse(tensor, axis, name=None):
    """A tensor with the order along some axes reversed.

    Args:
      tensor: Tensor.
      axis: vector of int32 or int64, distinct axes.

    As in TF: tf.reverse (op type ReverseV2).
    """
    return build(ReverseV2, {"tensor": tensor, "axis": axis}, name, ints=("axis",)).output


class Roll(Operation):
    """y[..., (i + shift) mod n, ...] = x[..., i, ...] along each axis."""

    op_type, folds, fresh = "Roll", True, True
    static_inputs = (1, 2)

    def infer(self, input, shift, axis):
        for label, spec in (("shift", shift), ("axis", axis)):
            check_allowed(label, spec.dtype, INDICES)
        if shift.shape is not None and axis.shape is not None:
            if not shapes.compatible(shift.shape, axis.shape):
                raise ValueError(f"shift {shapes.show(shift.shape)} does not go with "
                                 f"axis {shapes.show(axis.shape)}.")
        if input.shape == ():
            raise ValueError("input must have at least one dimension.")
        return Spec(input.dtype, input.shape)

    def compute(self, input, shift, axis):
        shifts, axes = np.atleast_1d(shift).tolist(), np.atleast_1d(axis).tolist()
        return array_namespace(input).roll(input, tuple(shifts), tuple(axes))


@RegisterGradient("Roll")
def _roll_gradient(op, grad):
    _, shift, axis = op.inputs
    return roll(grad, -shift, axis), None, None


def roll(input, shift, axis, name=None):
    """A tensor whose elements move along axes, from the end to the front.

    Args:
      input: Tensor.
      shift: int32 or int64 scalar or vector, how far towards the end.
      axis: of shift's shape, along which axes.

    As in TF: tf.roll, tf.manip.roll (op type Roll).
    """
    return build(Roll, {"input": input, "shift": shift, "axis": axis}, name,
                 ints=("shift", "axis")).output
