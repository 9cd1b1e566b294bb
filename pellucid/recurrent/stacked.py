"""Layers of two-way networks: each reads what both directions of the one below say.

As in TF: tf.contrib.rnn.stack_bidirectional_rnn, stack_bidirectional_dynamic_rnn.
"""

from pellucid.ops.arrays.joining import concat
from pellucid.ops.state.variable_scope import variable_scope
from pellucid.recurrent.bidirectional import bidirectional_dynamic_rnn
from pellucid.recurrent.static import static_bidirectional_rnn


def stack_bidirectional_rnn(cells_fw, cells_bw, inputs, initial_states_fw=None,
                            initial_states_bw=None, dtype=None, sequence_length=None, scope=None):
    """Layers of static_bidirectional_rnn.

    Args:
      cells_fw, cells_bw: lists of RNNCell, one a layer.
      inputs: list of Tensor, shape (batch, features).
      initial_states_fw, initial_states_bw: lists of states, one a layer.
      dtype, sequence_length: as in tf.nn.static_rnn.
      scope: VariableScope or str, "stack_bidirectional_rnn" by default.

    Returns:
      (list of the last layer's [forward, backward] outputs, tuple of the layers' last forward
      states, tuple of the backward ones).

    Raises ValueError where the lists are not of one length.
    As in TF: tf.contrib.rnn.stack_bidirectional_rnn.
    """
    def layer(cell_fw, cell_bw, below, state_fw, state_bw, scope):
        return static_bidirectional_rnn(cell_fw, cell_bw, below, state_fw, state_bw, dtype,
                                        sequence_length, scope)

    return _stack(layer, cells_fw, cells_bw, inputs, initial_states_fw, initial_states_bw, scope)


def stack_bidirectional_dynamic_rnn(cells_fw, cells_bw, inputs, initial_states_fw=None,
                                    initial_states_bw=None, dtype=None, sequence_length=None,
                                    parallel_iterations=None, time_major=False, scope=None,
                                    swap_memory=False):
    """Layers of bidirectional_dynamic_rnn.

    Args:
      cells_fw, cells_bw, initial_states_fw, initial_states_bw, scope: see
        stack_bidirectional_rnn.
      inputs, dtype, sequence_length, parallel_iterations, time_major, swap_memory: as in
        tf.nn.dynamic_rnn.

    Returns:
      (the last layer's outputs, forward and backward side by side in the last axis; tuple of the
      layers' last forward states; tuple of the backward ones).

    As in TF: tf.contrib.rnn.stack_bidirectional_dynamic_rnn.
    """
    def layer(cell_fw, cell_bw, below, state_fw, state_bw, scope):
        outputs, states = bidirectional_dynamic_rnn(
            cell_fw, cell_bw, below, sequence_length, state_fw, state_bw, dtype,
            parallel_iterations, swap_memory, time_major)
        return concat(outputs, 2), *states

    return _stack(layer, cells_fw, cells_bw, inputs, initial_states_fw, initial_states_bw, scope)


def _stack(layer, cells_fw, cells_bw, outputs, initial_fw, initial_bw, scope):
    _check_cells(cells_fw, cells_bw)
    initial_fw = _one_a_layer(initial_fw, cells_fw, "initial_states_fw")
    initial_bw = _one_a_layer(initial_bw, cells_bw, "initial_states_bw")
    states_fw, states_bw = [], []
    with variable_scope(scope or "stack_bidirectional_rnn"):
        for i, cells in enumerate(zip(cells_fw, cells_bw, strict=True)):
            with variable_scope(f"cell_{i}") as cell_scope:
                outputs, state_fw, state_bw = layer(
                    *cells, outputs, initial_fw[i], initial_bw[i], cell_scope)
            states_fw.append(state_fw)
            states_bw.append(state_bw)
    return outputs, tuple(states_fw), tuple(states_bw)


def _check_cells(cells_fw, cells_bw):
    for name, cells in (("cells_fw", cells_fw), ("cells_bw", cells_bw)):
        if not isinstance(cells, list) or not cells:
            raise ValueError(f"{name} must be a list of RNNCells, one per layer, not {cells!r}.")
    if len(cells_fw) != len(cells_bw):
        raise ValueError("Forward and Backward cells must have the same depth, but there are "
                         f"{len(cells_fw)} and {len(cells_bw)}.")


def _one_a_layer(states, cells, name):
    if states is None:
        return [None] * len(cells)
    if not isinstance(states, list) or len(states) != len(cells):
        raise ValueError(f"{name} must be a list of state tensors, one per layer.")
    return states
