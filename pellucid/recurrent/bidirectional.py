"""Two loops over time, one from each end."""

from pellucid.core import dtypes
from pellucid.ops import nest
from pellucid.ops.arrays.sequences import reverse_sequence
from pellucid.ops.arrays.tiling import reverse
from pellucid.ops.math.casting import cast
from pellucid.ops.state.variable_scope import variable_scope
from pellucid.recurrent.dynamic import dynamic_rnn
from pellucid.recurrent.steps import check_cell


def bidirectional_dynamic_rnn(cell_fw, cell_bw, inputs, sequence_length=None,
                              initial_state_fw=None, initial_state_bw=None, dtype=None,
                              parallel_iterations=None, swap_memory=False, time_major=False,
                              scope=None):
    """Two dynamic_rnns, one of which reads each sequence from its end.

    Args:
      cell_fw, cell_bw: RNNCell.
      inputs, sequence_length, dtype, parallel_iterations, swap_memory, time_major: as in
        tf.nn.dynamic_rnn.
      initial_state_fw, initial_state_bw: as its initial_state.
      scope: VariableScope or str, "bidirectional_rnn" by default.

    Returns:
      ((outputs_fw, outputs_bw), (state_fw, state_bw)); tf.concat(outputs, 2) puts the outputs
      side by side.

    As in TF: tf.nn.bidirectional_dynamic_rnn (Schuster & Paliwal 1997).
    """
    check_cell(cell_fw, "cell_fw")
    check_cell(cell_bw, "cell_bw")
    how = {"sequence_length": sequence_length, "dtype": dtype, "swap_memory": swap_memory,
           "parallel_iterations": parallel_iterations, "time_major": time_major}
    time_axis, batch_axis = (0, 1) if time_major else (1, 0)

    def from_the_end(x):
        if sequence_length is None:
            return reverse(x, [time_axis])
        return reverse_sequence(x, cast(sequence_length, dtypes.int32), seq_axis=time_axis,
                                batch_axis=batch_axis)

    with variable_scope(scope or "bidirectional_rnn"):
        with variable_scope("fw") as scope_fw:
            forward, state_fw = dynamic_rnn(
                cell_fw, inputs, initial_state=initial_state_fw, scope=scope_fw, **how)
        with variable_scope("bw") as scope_bw:
            turned = nest.map_structure(from_the_end, inputs)
            backward, state_bw = dynamic_rnn(
                cell_bw, turned, initial_state=initial_state_bw, scope=scope_bw, **how)
    return (forward, nest.map_structure(from_the_end, backward)), (state_fw, state_bw)
