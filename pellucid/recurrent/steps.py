"""What all the loops over time share: the state to begin with, and sequences that end early."""

from pellucid.core import dtypes
from pellucid.core.operation import convert_to_tensor
from pellucid.core.sources import constant
from pellucid.ops import nest
from pellucid.ops.arrays.shaping import shape
from pellucid.ops.control.assertions import assert_equal
from pellucid.ops.control.passing import identity
from pellucid.ops.control.tensor_array import TensorArray
from pellucid.ops.control.waiting import with_dependencies
from pellucid.ops.math.casting import cast
from pellucid.ops.math.comparison import greater_equal
from pellucid.ops.math.selection import where
from pellucid.recurrent.cell import batch_size_of


def check_cell(cell, name="cell"):
    """Raises TypeError unless `cell` can be called as one."""
    missing = [what for what in ("state_size", "output_size") if not hasattr(cell, what)]
    if missing or not callable(cell):
        raise TypeError(f"The argument {name!r} ({cell}) is not an RNNCell: it has no "
                        f"{', '.join(missing) or '__call__'}.")


def first_state(cell, state, batch_size, dtype):
    """The given state, as tensors, or the cell's zeros."""
    if state is not None:
        return as_state(state)
    if not dtype:
        raise ValueError("If there is no initial_state, you must give a dtype.")
    if hasattr(cell, "get_initial_state"):
        return cell.get_initial_state(inputs=None, batch_size=batch_size, dtype=dtype)
    return cell.zero_state(batch_size, dtype)


def as_state(state):
    """A structure of what converts to a Tensor, or is a TensorArray."""
    return nest.map_structure(
        lambda part: part if isinstance(part, TensorArray) else convert_to_tensor(part), state)


def lengths_of(sequence_length, batch_size):
    """sequence_length as a vector of int32, checked against the batch; None stays None."""
    if sequence_length is None:
        return None
    lengths = cast(sequence_length, dtypes.int32)
    if lengths.spec.rank not in (None, 1):
        raise ValueError("sequence_length must be a vector of length batch_size, but saw shape: "
                         f"{lengths.shape}")
    if isinstance(batch_size, int) and lengths.spec.shape and lengths.spec.shape[0] is not None:
        if lengths.spec.shape[0] != batch_size:
            raise ValueError(f"sequence_length has {lengths.spec.shape[0]} entries for a batch of "
                             f"{batch_size}.")
        return identity(lengths, name="sequence_length")
    check = assert_equal(shape(lengths), [batch_size],
                         message="Expected shape for sequence_length is the batch's size")
    return with_dependencies([check] if check is not None else [],
                             identity(lengths, name="sequence_length"))


def until_the_end(time, lengths, new, past_the_end):
    """The structure `new`, but in rows whose sequence is over `past_the_end`."""
    return in_rows(greater_equal(time, lengths), past_the_end, new)


def in_rows(condition, then, otherwise):
    """The structure `otherwise`, but `then` in the rows where the condition holds.

    What has no rows, a counter or a TensorArray, is that of `otherwise`.
    """
    def chosen(a, b):
        goes_on = isinstance(b, TensorArray) or 0 in (a.spec.rank, b.spec.rank)
        return b if goes_on else where(condition, a, b)

    pairs = zip(nest.flatten(then), nest.flatten(otherwise), strict=True)
    return nest.pack_sequence_as(otherwise, [chosen(a, b) for a, b in pairs])


def batch_size_of_all(inputs, axis):
    """The batch's size: an int if one of the tensors knows it, else a Tensor."""
    sizes = [batch_size_of(x, axis) for x in inputs]
    return next((size for size in sizes if isinstance(size, int)), sizes[0])


def as_time(number):
    """A step's number as the loops count."""
    return constant(number, dtypes.int32, name="time")
