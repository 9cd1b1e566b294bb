"""Recurrent networks as a loop in the graph: one copy of the cell, whatever the length.

    outputs, state = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)     # x: (batch, time, features)

The inputs go into a TensorArray, the loop reads one entry a step and writes the output into
another. Read next: raw.py.
"""

from pellucid.core.dtypes import as_dtype
from pellucid.core.operation import convert_to_tensor
from pellucid.ops import nest
from pellucid.ops.arrays.creation import range_, zeros
from pellucid.ops.arrays.joining import concat
from pellucid.ops.arrays.shaping import rank, transpose
from pellucid.ops.control.tensor_array import TensorArray
from pellucid.ops.control.while_loop import while_loop
from pellucid.ops.math.comparison import less
from pellucid.ops.math.elementwise import maximum, minimum
from pellucid.ops.math.reductions import reduce_max
from pellucid.ops.state.variable_scope import variable_scope
from pellucid.recurrent.cell import batch_size_of, with_batch
from pellucid.recurrent.steps import (
    as_time,
    batch_size_of_all,
    check_cell,
    first_state,
    lengths_of,
    until_the_end,
)


def dynamic_rnn(cell, inputs, sequence_length=None, initial_state=None, dtype=None,
                parallel_iterations=None, swap_memory=False, time_major=False, scope=None):
    """A cell applied to each step of time, in a loop.

    Args:
      cell: RNNCell.
      inputs: Tensor, shape (batch, time, features...), or a structure of them; (time, batch,
        features...) if time_major, which saves two transpositions.
      sequence_length: int vector of length batch: after so many steps a row's output is zeros
        and its state stays.
      initial_state: what the cell starts with; zeros where left out.
      dtype: DType of those zeros and of the outputs; by default that of the state.
      parallel_iterations, swap_memory: hints to tf.while_loop.
      scope: VariableScope or str, "rnn" by default.

    Returns:
      (outputs, state): the outputs of all steps, laid out as the inputs are, in the structure of
      the cell's output; the last state.

    As in TF: tf.nn.dynamic_rnn.
    """
    check_cell(cell)
    with variable_scope(scope or "rnn"):
        flat = [convert_to_tensor(x) for x in nest.flatten(inputs)]
        flat = flat if time_major else [swap_batch_and_time(x) for x in flat]
        for x in flat:
            if x.spec.rank is not None and x.spec.rank < 2:
                raise ValueError(f"inputs must have a batch and a time: shape {x.shape}.")
        batch_size = batch_size_of_all(flat, 1)
        lengths = lengths_of(sequence_length, batch_size)
        state = first_state(cell, initial_state, batch_size, dtype)
        loop = _Loop(cell, nest.pack_sequence_as(inputs, flat), lengths, batch_size, state, dtype)
        outputs, state = loop.run(parallel_iterations, swap_memory)
        if not time_major:
            outputs = nest.map_structure(swap_batch_and_time, outputs)
        return outputs, state


def swap_batch_and_time(x):
    """x with its first two axes exchanged; a vector stays."""
    if x.spec.rank is None:
        return transpose(x, concat([[1, 0], range_(2, rank(x))], 0))
    if x.spec.rank < 2:
        return x
    return transpose(x, [1, 0, *range(2, x.spec.rank)])


class _Loop:
    """The loop of dynamic_rnn.

    Args:
      cell: RNNCell.
      inputs: structure of Tensor, shape (time, batch, ...).
      lengths: int32 vector, or None.
      batch_size: int or scalar Tensor.
      state: structure of Tensor.
      dtype: DType of the outputs, or None for the state's.
    """

    def __init__(self, cell, inputs, lengths, batch_size, state, dtype):
        self.cell, self.inputs, self.lengths = cell, inputs, lengths
        self.batch_size, self.state = batch_size, state
        self.flat = nest.flatten(inputs)
        self.steps = batch_size_of(self.flat[0], 0)
        self.output_dtype = as_dtype(dtype) if dtype else _only_dtype(state)

    def run(self, parallel_iterations, swap_memory):
        arrays_in = [self._array(x.dtype.base_dtype, x.shape[1:], f"input_{i}").unstack(x)
                     for i, x in enumerate(self.flat)]
        sizes = nest.flatten(self.cell.output_size)
        arrays_out = [self._array(self.output_dtype, self._with_static_batch(size), f"output_{i}")
                      for i, size in enumerate(sizes)]
        last = self.steps if self.lengths is None else minimum(
            self.steps, maximum(1, reduce_max(self.lengths)))

        def body(time, arrays, state):
            x = nest.pack_sequence_as(self.inputs, [
                _shaped(array.read(time), whole) for array, whole in
                zip(arrays_in, self.flat, strict=True)])
            output, new_state = self._step(time, x, state)
            arrays = [array.write(time, value) for array, value in
                      zip(arrays, nest.flatten(output), strict=True)]
            return time + 1, arrays, new_state

        _, arrays_out, state = while_loop(
            lambda time, arrays, state: less(time, last), body,
            (as_time(0), arrays_out, self.state),
            parallel_iterations=parallel_iterations or 32, swap_memory=swap_memory,
            maximum_iterations=self.steps if isinstance(self.steps, int) else None)
        outputs = [array.stack() for array in arrays_out]
        known = self.steps if isinstance(self.steps, int) else None
        for output, size in zip(outputs, sizes, strict=True):
            output.set_shape([known, *self._with_static_batch(size)])
        return nest.pack_sequence_as(self.cell.output_size, outputs), state

    def _step(self, time, x, state):
        output, new_state = self.cell(x, state)
        nest.assert_same_structure(state, new_state)
        if self.lengths is None:
            return output, new_state
        blank = nest.map_structure(
            lambda size: zeros(with_batch(self.batch_size, size), self.output_dtype),
            self.cell.output_size)
        return until_the_end(time, self.lengths, (output, new_state), (blank, state))

    def _array(self, dtype, element_shape, name):
        return TensorArray(dtype, size=self.steps, element_shape=element_shape,
                           tensor_array_name=f"dynamic_rnn/{name}")

    def _with_static_batch(self, size):
        batch = self.batch_size if isinstance(self.batch_size, int) else None
        return with_batch(batch, size)


def _only_dtype(state):
    found = {part.dtype.base_dtype for part in nest.flatten(state)}
    if len(found) != 1:
        raise ValueError("The state has parts of several dtypes, "
                         f"{', '.join(sorted(dtype.name for dtype in found))}: give dtype=, that "
                         "of the outputs.")
    return found.pop()


def _shaped(x, whole):
    """An entry of `whole`, with what is known of its shape."""
    if whole.spec.shape is not None:
        x.set_shape(whole.spec.shape[1:])
    return x
