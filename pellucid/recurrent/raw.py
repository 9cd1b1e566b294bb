"""raw_rnn: the loop over time with everything in the user's hands.

A function says what each step reads, emits and hands on. Read next: bidirectional.py.
"""

from pellucid.core.operation import convert_to_tensor
from pellucid.core.shapes import TensorShape
from pellucid.ops import nest
from pellucid.ops.arrays.creation import zeros
from pellucid.ops.control.tensor_array import TensorArray
from pellucid.ops.control.while_loop import while_loop
from pellucid.ops.math.comparison import logical_not, logical_or
from pellucid.ops.math.reductions import reduce_all
from pellucid.ops.state.variable_scope import variable_scope
from pellucid.recurrent.cell import batch_size_of, with_batch
from pellucid.recurrent.steps import as_state, as_time, check_cell, in_rows


def raw_rnn(cell, loop_fn, parallel_iterations=None, swap_memory=False, scope=None):
    """A recurrent network in which a function says what each step reads and emits.

    Args:
      cell: RNNCell.
      loop_fn: function(time, cell_output, cell_state, loop_state) that returns (finished,
        next_input, next_state, emit_output, next_loop_state). It is first called with None for
        the output, state and loop state; emit_output then says (without a batch) of which shape
        and dtype the emitted tensors are, None for the cell's output.
      parallel_iterations, swap_memory: hints to tf.while_loop.
      scope: VariableScope or str, "rnn" by default.

    Returns:
      (emit_ta, final_state, final_loop_state): a structure of TensorArray, an entry a step; what
      rows that had finished emit is zeros.

    As in TF: tf.nn.raw_rnn.
    """
    check_cell(cell)
    if not callable(loop_fn):
        raise TypeError("loop_fn must be a callable")
    with variable_scope(scope or "rnn"):
        loop = _Loop(cell, loop_fn)
        _, _, _, arrays, state, loop_state = while_loop(
            lambda time, finished, *_: logical_not(reduce_all(finished)), loop.step, loop.first,
            parallel_iterations=parallel_iterations or 32, swap_memory=swap_memory)
        return (nest.pack_sequence_as(loop.emitted, arrays), state,
                loop_state if loop.has_loop_state else None)


class _Loop:
    """The loop of raw_rnn.

    Attributes:
      first: tuple of what the loop starts with: time, finished, input, arrays, state, loop state.
      emitted: structure of what a step emits.
    """

    def __init__(self, cell, loop_fn):
        self.cell, self.loop_fn = cell, loop_fn
        finished, x, state, emitted, loop_state = loop_fn(as_time(0), None, None, None)
        self.has_loop_state = loop_state is not None
        first, state = nest.flatten(x)[0], as_state(state)
        self.batch_size = batch_size_of(first, 0)
        if emitted is None:
            self.emitted = cell.output_size
            kind = nest.flatten(state)[0].dtype.base_dtype
            self.entries = [(TensorShape(size).as_list(), kind)
                            for size in nest.flatten(self.emitted)]
        else:
            self.emitted = emitted
            self.entries = [(e.shape.as_list(), e.dtype.base_dtype)
                            for e in nest.flatten(emitted)]
        arrays = [TensorArray(kind, size=0, dynamic_size=True,
                              element_shape=[first.shape[0], *size],
                              tensor_array_name=f"rnn_output_{i}")
                  for i, (size, kind) in enumerate(self.entries)]
        self.first = (as_time(0), convert_to_tensor(finished), x, arrays, state,
                      loop_state if self.has_loop_state else as_time(0))

    def step(self, time, finished, x, arrays, state, loop_state):
        """The body of the loop."""
        output, cell_state = self.cell(x, state)
        nest.assert_same_structure(state, cell_state)
        done, x, next_state, emit, next_loop_state = self.loop_fn(
            time + 1, output, cell_state, loop_state if self.has_loop_state else None)
        nest.assert_same_structure(state, next_state)
        emit = output if emit is None else emit
        blank = nest.pack_sequence_as(emit, [
            zeros(with_batch(self.batch_size, size), kind) for size, kind in self.entries])
        emit = in_rows(finished, blank, emit)
        arrays = [array.write(time, value) for array, value in
                  zip(arrays, nest.flatten(emit), strict=True)]
        return (time + 1, logical_or(finished, done), x, arrays,
                in_rows(finished, state, next_state),
                next_loop_state if self.has_loop_state else loop_state)
