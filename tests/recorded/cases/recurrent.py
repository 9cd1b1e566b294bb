"""Recurrent cells, and networks unrolled: names, shapes, values, gradients."""

import numpy as np

from ..harness import case, numbers, variables


def _filled(tf, seed=1):
    """An initializer that needs no random numbers."""
    return lambda shape, dtype=None, partition_info=None: tf.constant(
        numbers(*[int(d) for d in shape], seed=seed).astype(tf.as_dtype(dtype).as_numpy_dtype))


def _cells(tf):
    cell = tf.nn.rnn_cell
    return [
        cell.BasicRNNCell(3),
        cell.BasicRNNCell(3, activation=tf.nn.relu, name="mine"),
        cell.GRUCell(3),
        cell.GRUCell(3, activation=tf.nn.relu),
        cell.BasicLSTMCell(3),
        cell.BasicLSTMCell(3, forget_bias=0.5, activation=tf.nn.sigmoid),
        cell.LSTMCell(3),
        cell.LSTMCell(3, use_peepholes=True, cell_clip=0.3),
        cell.LSTMCell(4, num_proj=3, proj_clip=0.2, use_peepholes=True),
        cell.MultiRNNCell([cell.GRUCell(3), cell.BasicLSTMCell(2)]),
        cell.ResidualWrapper(cell.GRUCell(4)),
        cell.DropoutWrapper(cell.GRUCell(3), 1.0, 1.0),
        cell.DeviceWrapper(cell.BasicRNNCell(2), "/cpu:0"),
        tf.contrib.rnn.OutputProjectionWrapper(cell.BasicRNNCell(2), 5),
        tf.contrib.rnn.InputProjectionWrapper(cell.BasicRNNCell(2), 5),
    ]


def _flat(state):
    if isinstance(state, (list, tuple)):
        return [x for part in state for x in _flat(part)]
    return [state]


@case
def steps_of_cells(tf, run):
    results = []
    x = tf.constant(numbers(2, 4).astype(np.float32))
    with tf.variable_scope("all", initializer=_filled(tf)):
        for cell in _cells(tf):
            state = cell.zero_state(2, tf.float32)
            output, state = cell(x, state)
            output, state = cell(x, state)
            results.append([output, *_flat(state)])
    return [run(results), variables(tf), [[str(y.shape) for y in row] for row in results]]


@case
def gradients_of_cells(tf, run):
    results = []
    x = tf.constant(numbers(2, 4).astype(np.float32))
    with tf.variable_scope("all", initializer=_filled(tf)):
        for i, cell in enumerate(_cells(tf)):
            with tf.variable_scope("case_" + str(i)):
                output, state = cell(x, cell.zero_state(2, tf.float32))
                output, state = cell(x, state)
            mine = "all/case_" + str(i) + "/"
            own = [v for v in tf.trainable_variables() if v.name.startswith(mine)]
            results.append(tf.gradients(tf.reduce_sum(output * output), own))
    return run(results)


@case
def states_that_are_no_tuples(tf, run):
    x = tf.constant(numbers(2, 4).astype(np.float32))
    with tf.variable_scope("all", initializer=_filled(tf)):
        cell = tf.nn.rnn_cell.MultiRNNCell(
            [tf.nn.rnn_cell.BasicLSTMCell(3, state_is_tuple=False) for _ in range(2)],
            state_is_tuple=False)
        output, state = cell(x, cell.zero_state(2, tf.float32))
    return [run([output, state]), cell.state_size, variables(tf)]


@case
def static_over_time(tf, run):
    x = tf.placeholder(tf.float32, [None, 5, 4])
    lengths = tf.placeholder(tf.int32, [None])
    steps = tf.unstack(x, 5, 1)
    with tf.variable_scope("all", initializer=_filled(tf)):
        plain = tf.nn.static_rnn(tf.nn.rnn_cell.BasicLSTMCell(3), steps, dtype=tf.float32)
        short = tf.nn.static_rnn(tf.nn.rnn_cell.GRUCell(3), steps, dtype=tf.float32,
                                 sequence_length=lengths, scope="short")
        both = tf.nn.static_bidirectional_rnn(
            tf.nn.rnn_cell.GRUCell(3), tf.nn.rnn_cell.GRUCell(2), steps, dtype=tf.float32,
            sequence_length=lengths)
    feed = {x: numbers(3, 5, 4), lengths: [5, 2, 3]}
    return [run([plain[0], _flat(plain[1]), short, both], feed), variables(tf)]


@case
def dropout_in_training(tf, run):
    tf.set_random_seed(7)
    x = tf.constant(numbers(2, 4).astype(np.float32))
    with tf.variable_scope("all", initializer=_filled(tf)):
        cell = tf.nn.rnn_cell.DropoutWrapper(
            tf.nn.rnn_cell.LSTMCell(6), 0.7, 0.6, 0.5, seed=11)
        output, state = cell(x, cell.zero_state(2, tf.float32))
    return [run([output, _flat(state)]), run([output, _flat(state)])]


@case
def rarer_cells(tf, run):
    rnn, results = tf.contrib.rnn, []
    x = tf.constant(numbers(2, 4).astype(np.float32))
    with tf.variable_scope("all", initializer=_filled(tf)):
        for i, cell in enumerate([
                rnn.LayerNormBasicLSTMCell(3), rnn.LayerNormBasicLSTMCell(3, layer_norm=False),
                rnn.LayerNormBasicLSTMCell(3, norm_gain=0.5, norm_shift=0.1, forget_bias=0.0),
                rnn.AttentionCellWrapper(rnn.BasicLSTMCell(3), 2),
                rnn.AttentionCellWrapper(rnn.GRUCell(3), 3, 2, 5, 4, state_is_tuple=False),
                rnn.NASCell(3), rnn.NASCell(4, num_proj=2, use_bias=True)]):
            with tf.variable_scope("case_" + str(i)) as scope:
                output, state = cell(x, cell.zero_state(2, tf.float32), scope)
                scope.reuse_variables()
                output, state = cell(x, state, scope)
            results.append([output, *_flat(state)])
        loss = tf.add_n([tf.reduce_sum(r[0] * r[0]) for r in results])
    return [run(results), run(tf.gradients(loss, tf.trainable_variables())), variables(tf)]
