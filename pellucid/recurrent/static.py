"""Unrolled recurrent networks: a copy of the cell's operations for each step of time.

The graph grows with the sequence. What the copies share is the cell's variables. Read next:
dynamic.py.
"""

from pellucid.core.sources import constant
from pellucid.ops import nest
from pellucid.ops.arrays.creation import zeros_like
from pellucid.ops.arrays.joining import concat, stack, unstack
from pellucid.ops.arrays.sequences import reverse_sequence
from pellucid.ops.state.variable_scope import variable_scope
from pellucid.recurrent.steps import (
    batch_size_of_all,
    check_cell,
    first_state,
    lengths_of,
    until_the_end,
)


def static_rnn(cell, inputs, initial_state=None, dtype=None, sequence_length=None, scope=None):
    """A cell applied to each input of a list, the state handed on.

    Args:
      cell: RNNCell.
      inputs: list of Tensor, one a step, shape (batch, features), or structures of them.
      initial_state: what the cell starts with; zeros where left out.
      dtype: DType of those zeros.
      sequence_length: int vector of length batch: after so many steps a row's output is zeros
        and its state stays.
      scope: VariableScope or str, "rnn" by default.

    Returns:
      (list of the outputs, the last state).

    As in TF: tf.nn.static_rnn.
    """
    check_cell(cell)
    if not isinstance(inputs, list | tuple):
        raise TypeError("inputs must be a list, one entry a step of time: see tf.unstack, or use "
                        "tf.nn.dynamic_rnn for a Tensor.")
    if not inputs:
        raise ValueError("inputs must not be empty")
    with variable_scope(scope or "rnn") as varscope:
        batch_size = batch_size_of_all(nest.flatten(inputs[0]), 0)
        state = first_state(cell, initial_state, batch_size, dtype)
        lengths = lengths_of(sequence_length, batch_size)
        outputs = []
        for time, x in enumerate(inputs):
            if time:
                varscope.reuse_variables()
            output, new_state = cell(x, state)
            if lengths is not None:
                nothing = nest.map_structure(zeros_like, output)
                output, new_state = until_the_end(
                    constant(time), lengths, (output, new_state), (nothing, state))
            outputs.append(output)
            state = new_state
        return outputs, state


def static_bidirectional_rnn(cell_fw, cell_bw, inputs, initial_state_fw=None,
                             initial_state_bw=None, dtype=None, sequence_length=None,
                             scope=None):
    """Two static_rnns, one of them from the end; their outputs side by side.

    Args:
      cell_fw, cell_bw: RNNCell.
      inputs: list of Tensor, shape (batch, features).
      initial_state_fw, initial_state_bw, dtype, sequence_length: as in static_rnn.
      scope: VariableScope or str, "bidirectional_rnn" by default.

    Returns:
      (list of [forward, backward] outputs, the last forward state, the last backward state).

    As in TF: tf.nn.static_bidirectional_rnn (Schuster & Paliwal 1997).
    """
    check_cell(cell_fw, "cell_fw")
    check_cell(cell_bw, "cell_bw")
    with variable_scope(scope or "bidirectional_rnn"):
        with variable_scope("fw") as scope_fw:
            forward, state_fw = static_rnn(
                cell_fw, inputs, initial_state_fw, dtype, sequence_length, scope_fw)
        with variable_scope("bw") as scope_bw:
            backward, state_bw = static_rnn(
                cell_bw, _reversed(inputs, sequence_length), initial_state_bw, dtype,
                sequence_length, scope_bw)
    backward = _reversed(backward, sequence_length)
    outputs = [nest.pack_sequence_as(fw, [
        concat(pair, 1) for pair in zip(nest.flatten(fw), nest.flatten(bw), strict=True)])
        for fw, bw in zip(forward, backward, strict=True)]
    return outputs, state_fw, state_bw


def _reversed(steps, lengths):
    """The list from its end; with lengths, each row from its own end."""
    if lengths is None:
        return list(reversed(steps))
    flat = [nest.flatten(step) for step in steps]
    turned = [unstack(reverse_sequence(stack(list(part), 0), lengths, seq_axis=0, batch_axis=1),
                      num=len(steps))
              for part in zip(*flat, strict=True)]
    return [nest.pack_sequence_as(step, [part[i] for part in turned])
            for i, step in enumerate(steps)]
