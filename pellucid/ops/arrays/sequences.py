"""Parts of a tensor in reverse, several times, or side by side: one rule for each row."""

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.arrays import array_namespace, on_host
from pellucid.core.gradients import NotDifferentiable, RegisterGradient
from pellucid.core.operation import Operation
from pellucid.core.shapes import (
    Spec,
    TensorShape,
    as_tuple,
    compatible,
    merge,
    normalize_axis,
    show,
)
from pellucid.ops.arguments import as_integers, as_tensor, build, check_allowed, name_scope
from pellucid.ops.arrays.joining import concat, stack
from pellucid.ops.arrays.masking import boolean_mask, sequence_mask
from pellucid.ops.arrays.shaping import INDICES, expand_dims, reshape, shape
from pellucid.ops.arrays.tiling import broadcast_to, tile
from pellucid.ops.math.casting import cast
from pellucid.ops.math.elementwise import maximum
from pellucid.ops.math.reductions import reduce_max

# -- reverse_sequence ----------------------------------------------------------------------


class ReverseSequence(Operation):
    """Of each entry i of the batch, the first seq_lengths[i] steps in reverse order."""

    op_type, attrs, fresh = "ReverseSequence", {"seq_dim": 0, "batch_dim": 0}, True

    def infer(self, input, seq_lengths):
        check_allowed("seq_lengths", seq_lengths.dtype, INDICES)
        lengths = merge(seq_lengths.shape, (None,))
        if input.shape is None:
            return Spec(input.dtype, None)
        for label in ("seq_dim", "batch_dim"):
            if getattr(self, label) >= len(input.shape):
                raise ValueError(f"{label} must be < input rank: {getattr(self, label)} vs. "
                                 f"{len(input.shape)}")
        if self.seq_dim == self.batch_dim:
            raise ValueError(f"seq_dim and batch_dim must differ, but both are {self.seq_dim}.")
        (batch,) = merge(lengths, (input.shape[self.batch_dim],))
        return Spec(input.dtype, tuple(
            batch if i == self.batch_dim else d for i, d in enumerate(input.shape)))

    def compute(self, input, seq_lengths):
        xp = array_namespace(input)
        length, batch = input.shape[self.seq_dim], input.shape[self.batch_dim]
        if on_host(seq_lengths) and ((seq_lengths < 0) | (seq_lengths > length)).any():
            raise errors.InvalidArgumentError(None, None, (
                f"seq_lengths must be between 0 and {length}, the length of dimension "
                f"{self.seq_dim}, but are {seq_lengths.tolist()}"))
        form = [1] * input.ndim
        form[self.seq_dim], form[self.batch_dim] = length, batch
        steps = np.arange(length).reshape([d if i == self.seq_dim else 1
                                           for i, d in enumerate(form)])
        ends = seq_lengths.reshape([d if i == self.batch_dim else 1
                                    for i, d in enumerate(form)])
        places = xp.where(steps < ends, ends - 1 - steps, steps)
        return xp.take_along_axis(input, xp.broadcast_to(places, input.shape), self.seq_dim)


@RegisterGradient("ReverseSequence")
def _reverse_sequence_gradient(op, grad):
    return ReverseSequence([grad, op.inputs[1]], seq_dim=op.seq_dim,
                           batch_dim=op.batch_dim).output, None


def reverse_sequence(input, seq_lengths, seq_axis=None, batch_axis=None, name=None, seq_dim=None,
                     batch_dim=None):
    """input, in which the first seq_lengths[i] steps of each entry i are in reverse order.

    Args:
      input: Tensor.
      seq_lengths: vector of int32 or int64, one for each entry of the batch, at most the
        number of steps.
      seq_axis: int, the axis of the steps.
      batch_axis: int, the axis of the batch, 0 by default.
      seq_dim, batch_dim: older names of them.

    As in TF: tf.reverse_sequence (op type ReverseSequence).
    """
    seq_axis = either("seq_axis", seq_axis, "seq_dim", seq_dim)
    batch_axis = either("batch_axis", batch_axis, "batch_dim", batch_dim)
    if seq_axis is None:
        raise ValueError("reverse_sequence needs seq_axis, the axis of the steps.")
    inputs = {"input": input, "seq_lengths": seq_lengths}
    return build(ReverseSequence, inputs, name, ints=("seq_lengths",), seq_dim=int(seq_axis),
                 batch_dim=int(batch_axis or 0)).output


def either(name, value, old_name, old_value):
    """The value of an argument that has two names; ValueError if both were given."""
    if value is not None and old_value is not None:
        raise ValueError(f"Cannot specify both '{old_name}' and '{name}'")
    return old_value if value is None else value


# -- repeat --------------------------------------------------------------------------------

def repeat(input, repeats, axis=None, name=None):
    """Each slice of input along an axis, repeats times one after the other.

    Args:
      input: Tensor.
      repeats: scalar, or vector with a number for each slice.
      axis: int; by default input is made a vector.

    As in TF: tf.repeat.
    """
    if axis is None:
        input, axis = reshape(as_tensor(input), [-1]), 0
    with name_scope(name, "Repeat", [input, repeats]):
        data = as_tensor(input, name="input")
        repeats = cast(as_integers(repeats, "repeats"), dtypes.int32)
        axis = _axis(axis, data)
        sizes = shape(data)
        if repeats.spec.rank == 0:
            copies = _copied(data, axis, repeats)
            longer = [sizes[axis] * repeats]
            return reshape(copies, concat([sizes[:axis], longer, sizes[axis + 1:]], 0))
        if repeats.spec.rank != 1:
            raise ValueError("repeats must be a scalar or a vector, but has rank "
                             f"{repeats.spec.rank}.")
        repeats = broadcast_to(repeats, [sizes[axis]])
        # As often as the greatest asks for, and then only those that are wanted.
        longest = maximum(0, reduce_max(repeats))
        copies = _copied(data, axis, longest)
        return boolean_mask(copies, sequence_mask(repeats, longest), axis=axis)


def _copied(data, axis, count):
    """data with a new axis after `axis`, along which each entry is repeated."""
    times = [*[1] * (axis + 1), count, *[1] * (data.spec.rank - axis - 1)]
    return tile(expand_dims(data, axis + 1), stack(times))


def _axis(axis, data):
    if data.spec.rank is None:
        raise ValueError("repeat along an axis needs an input of known rank: use set_shape.")
    return normalize_axis(int(axis), data.spec.rank)


# -- parallel_stack ------------------------------------------------------------------------

class ParallelConcat(Operation):
    """Tensors one after the other along the first axis, in which each has one entry."""

    op_type, attrs, fresh = "ParallelConcat", {"shape": TensorShape(None)}, True

    def infer(self, *values):
        wanted = as_tuple(self.shape)
        if wanted is None or None in wanted:
            raise ValueError("All input shapes must be fully defined.")
        for x in values:
            if not compatible(x.shape, (1, *wanted[1:])):
                raise ValueError(f"Shapes {show(x.shape)} and {show((1, *wanted[1:]))} are not "
                                 "compatible")
        return Spec(values[0].dtype, wanted)

    def compute(self, *values):
        return array_namespace(*values).concatenate(values)


NotDifferentiable("ParallelConcat")


def parallel_stack(values, name="parallel_stack"):
    """Tensors of one shape, stacked along a new first axis. `stack` can be trained through.

    Args:
      values: list of Tensors of one dtype and of one shape, which is known.

    As in TF: tf.parallel_stack (op type ParallelConcat).
    """
    with name_scope(name):
        values = [as_tensor(value) for value in values]
        known = as_tuple(values[0].shape)
        if known is None or None in known:
            raise ValueError("parallel_stack needs tensors of known shape; use tf.stack.")
        whole = TensorShape((len(values), *known))
        return ParallelConcat([expand_dims(value, 0) for value in values], shape=whole).output
