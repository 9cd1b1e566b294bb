"""Recurrent networks as loops in the graph: names, shapes, values, gradients."""

import numpy as np

from ..harness import case, numbers, refused, variables
from .recurrent import _filled, _flat


@case
def dynamic_over_time(tf, run):
    x = tf.placeholder(tf.float32, [None, None, 4])
    lengths = tf.placeholder(tf.int32, [None])
    with tf.variable_scope("all", initializer=_filled(tf)):
        plain = tf.nn.dynamic_rnn(tf.nn.rnn_cell.BasicLSTMCell(3), x, dtype=tf.float32)
        short = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(3), x, dtype=tf.float32,
                                  sequence_length=lengths, scope="short")
        stacked = tf.nn.dynamic_rnn(
            tf.nn.rnn_cell.MultiRNNCell([tf.nn.rnn_cell.GRUCell(3), tf.nn.rnn_cell.LSTMCell(2)]),
            tf.transpose(x, [1, 0, 2]), dtype=tf.float32, time_major=True, scope="stacked")
        both = tf.nn.bidirectional_dynamic_rnn(
            tf.nn.rnn_cell.GRUCell(3), tf.nn.rnn_cell.GRUCell(2), x, dtype=tf.float32,
            sequence_length=lengths)
    feed = {x: numbers(3, 5, 4), lengths: [4, 2, 3]}
    fetches = [plain[0], _flat(plain[1]), short, stacked[0], _flat(stacked[1]), both]
    return [run(fetches, feed), variables(tf), str(plain[0].shape), str(short[0].shape),
            str(stacked[0].shape), str(both[0][1].shape)]


@case
def gradients_over_time(tf, run):
    x = tf.placeholder(tf.float32, [2, 5, 4])
    lengths = tf.placeholder(tf.int32, [2])
    with tf.variable_scope("all", initializer=_filled(tf)):
        outputs, state = tf.nn.dynamic_rnn(
            tf.nn.rnn_cell.BasicLSTMCell(3), x, dtype=tf.float32, sequence_length=lengths)
    loss = tf.reduce_sum(outputs * outputs) + tf.reduce_sum(state.c)
    grads = tf.gradients(loss, [*tf.trainable_variables(), x])
    return run([loss, grads], {x: numbers(2, 5, 4), lengths: [5, 3]})


@case
def training_over_time(tf, run):
    x = tf.placeholder(tf.float32, [4, 6, 3])
    y = tf.placeholder(tf.float32, [4, 2])
    with tf.variable_scope("all", initializer=_filled(tf)):
        outputs, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(5), x, dtype=tf.float32)
        logits = tf.layers.dense(outputs[:, -1], 2)
    loss = tf.reduce_mean(tf.square(logits - y))
    train = tf.train.AdamOptimizer(0.05).minimize(loss)
    feed = {x: numbers(4, 6, 3), y: numbers(4, 2, seed=3)}
    return [run([loss, train], feed)[0] for _ in range(5)]


@case
def raw_loop(tf, run):
    x = tf.placeholder(tf.float32, [5, 2, 4])
    lengths = tf.constant([5, 3])
    ta = tf.TensorArray(tf.float32, size=5).unstack(x)
    cell = tf.nn.rnn_cell.LSTMCell(3)

    def loop_fn(time, output, state, loop_state):
        next_state = cell.zero_state(2, tf.float32) if output is None else state
        finished = time >= lengths
        step = tf.cond(tf.reduce_all(finished), lambda: tf.zeros([2, 4]), lambda: ta.read(time))
        return finished, step, next_state, output, None

    with tf.variable_scope("all", initializer=_filled(tf)):
        outputs, state, _ = tf.nn.raw_rnn(cell, loop_fn)
    return run([outputs.stack(), _flat(state)], {x: numbers(5, 2, 4)})


@case
def own_cells(tf, run):
    class Mine(tf.nn.rnn_cell.RNNCell):
        def __init__(self, size):
            super().__init__()
            self.size = size

        @property
        def state_size(self):
            return self.size

        @property
        def output_size(self):
            return self.size

        def call(self, inputs, state):
            w = tf.get_variable("w", [4, self.size])
            state = tf.matmul(inputs, w) + state
            return state, state

    x = tf.constant(numbers(2, 3, 4).astype(np.float32))
    with tf.variable_scope("all", initializer=_filled(tf)):
        outputs, state = tf.nn.dynamic_rnn(Mine(3), x, dtype=tf.float32)
        stacked = tf.nn.static_rnn(tf.nn.rnn_cell.MultiRNNCell([Mine(4), Mine(3)]),
                                   tf.unstack(x, axis=1), dtype=tf.float32)
    return [run([outputs, state, stacked[0]]), variables(tf)]


@case
def sharing_variables(tf, run):
    x = tf.constant(numbers(2, 3, 4).astype(np.float32))
    with tf.variable_scope("all", initializer=_filled(tf)) as scope:
        cell = tf.nn.rnn_cell.GRUCell(3)
        first, _ = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
        scope.reuse_variables()
        second, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(3), x, dtype=tf.float32)
    return [run([first, second]), variables(tf)]


@case
def what_is_refused(tf, run):
    x = tf.placeholder(tf.float32, [2, 3, 4])
    cell = tf.nn.rnn_cell.GRUCell(3)
    return [
        refused(lambda: tf.nn.dynamic_rnn("cell", x, dtype=tf.float32)),
        refused(lambda: tf.nn.dynamic_rnn(cell, x)),
        refused(lambda: tf.nn.dynamic_rnn(cell, x[0, 0], dtype=tf.float32)),
        refused(lambda: tf.nn.static_rnn(cell, x, dtype=tf.float32)),
        refused(lambda: tf.nn.static_rnn(cell, [], dtype=tf.float32)),
        refused(lambda: tf.nn.rnn_cell.MultiRNNCell([])),
        refused(lambda: tf.nn.rnn_cell.MultiRNNCell(cell)),
        refused(lambda: tf.nn.rnn_cell.DropoutWrapper(cell, 1.5)),
        refused(lambda: cell(tf.placeholder(tf.float32), cell.zero_state(2, tf.float32))),
        refused(lambda: tf.nn.dynamic_rnn(cell, x, [3, 3, 3], dtype=tf.float32)),
    ]
