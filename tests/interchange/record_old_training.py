"""Records training graphs with the gradients of loops and branches of the first control flow.

With TensorFlow 1.15.5 (see tests/recorded/record.py): v37/bin/python tests/interchange/THIS_FILE
"""

import os

import numpy as np
import tensorflow as tf

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "recorded", "old_training.npz")
RANDOM = os.path.join(os.path.dirname(FILE), "old_random.npz")
X = np.random.RandomState(0).randn(4, 5, 3).astype(np.float32)


def weights():
    return tf.get_variable("w", initializer=tf.constant([1.0, 0.2, 0.3]))


def lstm():
    x = tf.placeholder(tf.float32, [None, 5, 3], name="x")
    n = tf.placeholder(tf.int32, [None], name="n")
    outputs, state = tf.nn.dynamic_rnn(tf.nn.rnn_cell.BasicLSTMCell(4), x, n, dtype=tf.float32)
    loss = tf.reduce_mean(tf.square(state.h - 1)) + tf.reduce_mean(tf.square(outputs))
    return loss, {"x": X, "n": np.array([5, 3, 1, 4])}


def loop_in_loop():
    x, w = tf.placeholder(tf.float32, [3], name="x"), weights()

    def body(i, y):
        z = tf.while_loop(lambda j, z: j < i + 1, lambda j, z: (j + 1, tf.tanh(z * w + y)),
                          [0, y])[1]
        return i + 1, z + x
    return tf.nn.l2_loss(tf.while_loop(lambda i, y: i < 3, body, [0, x])[1]), {"x": X[0, 0]}


def branch_in_loop():
    x, w = tf.placeholder(tf.float32, [3], name="x"), weights()

    def body(i, y):
        return i + 1, tf.cond(tf.reduce_sum(y) > 0.5, lambda: tf.tanh(y * w),
                              lambda: y * y * w + x + 1)
    return tf.nn.l2_loss(tf.while_loop(lambda i, y: i < 4, body, [0, x])[1]), {"x": X[0, 0]}


def loop_in_branch():
    x, w = tf.placeholder(tf.float32, [3], name="x"), weights()
    y = tf.cond(tf.reduce_sum(x) < 100, lambda: tf.while_loop(
        lambda i, y: i < 4, lambda i, y: (i + 1, tf.tanh(y * w + x)), [0, x])[1], lambda: x * w)
    return tf.nn.l2_loss(y), {"x": X[0, 0]}


def arrays():
    x, w = tf.placeholder(tf.float32, [5, 3], name="x"), weights()
    y = tf.scan(lambda a, row: tf.tanh(a * w + row), x, initializer=tf.zeros([3]))
    return tf.nn.l2_loss(tf.map_fn(lambda row: row * w * w, y)), {"x": X[0]}


def growing_array():
    x, w = tf.placeholder(tf.float32, [5, 3], name="x"), weights()
    first = tf.TensorArray(tf.float32, 0, dynamic_size=True, clear_after_read=False)
    rows = tf.TensorArray(tf.float32, 5, clear_after_read=False).unstack(x * w)
    array = tf.while_loop(  # each row is read twice: its gradients are added
        lambda i, a: i < 5, lambda i, a: (i + 1, a.write(i, rows.read(i) * w + rows.read(i))),
        [0, first])[1]
    return tf.nn.l2_loss(array.stack() - 1), {"x": X[0]}


def random_factors():
    """Nested branches with random numbers that are other ones in each run."""
    x, w = tf.placeholder(tf.float32, [4, 3], name="x"), weights()
    train = tf.placeholder(tf.bool, [], name="train")

    def dropped():
        y = tf.nn.dropout(x * w, 0.5)
        return y * w + tf.cond(tf.reduce_sum(y) > -1e6, lambda: tf.nn.dropout(y, 0.5), lambda: x)
    return tf.cond(train, dropped, lambda: x * w), [x, w]


def random_factors_in_loop():
    x, w = tf.placeholder(tf.float32, [4, 3], name="x"), weights()
    train = tf.placeholder(tf.bool, [], name="train")
    return tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, tf.cond(
        train, lambda: tf.nn.dropout(y * w, 0.5), lambda: y * w)), [0, x])[1], [x, w]


def random_factors_of_loop_in_branch():
    x, w = tf.placeholder(tf.float32, [4, 3], name="x"), weights()
    train = tf.placeholder(tf.bool, [], name="train")
    return tf.cond(train, lambda: tf.while_loop(
        lambda i, y: i < 3, lambda i, y: (i + 1, tf.nn.dropout(y * w, 0.5)), [0, x])[1],
        lambda: x * w), [x, w]


def record_random():
    """Graphs of y and its gradients, whose random numbers have no seed: nothing to compare with.

    What they compute is homogeneous in x: the sum of y is that of x times its gradient.
    """
    found = {}
    for build in random_factors, random_factors_in_loop, random_factors_of_loop_in_branch:
        with tf.Graph().as_default() as graph:
            y, xs = build()
            tf.identity(y, "y")
            for i, grad in enumerate(tf.gradients(y, xs)):
                tf.identity(grad, "gradient_of_" + xs[i].op.name)
            tf.global_variables_initializer()
            found[build.__name__] = np.frombuffer(graph.as_graph_def().SerializeToString(),
                                                  np.uint8)
    np.savez_compressed(RANDOM, **found)


def record():
    found = {}
    for build in lstm, loop_in_loop, branch_in_loop, loop_in_branch, arrays, growing_array:
        with tf.Graph().as_default() as graph, tf.Session() as session:
            tf.set_random_seed(3)
            loss, feeds = build()
            tf.identity(loss, "loss")
            tf.train.AdamOptimizer(0.1).minimize(loss, name="step")
            tf.global_variables_initializer()
            session.run("init")
            feed = {name + ":0": value for name, value in feeds.items()}
            losses = [session.run(["loss:0", "step"], feed)[0] for _ in range(4)]
            for name, value in feeds.items():
                found[build.__name__ + "/" + name] = value
            found[build.__name__ + "/losses"] = np.array(losses)
            found[build.__name__ + "/graph"] = np.frombuffer(
                graph.as_graph_def().SerializeToString(), np.uint8)
    np.savez_compressed(FILE, **found)


if __name__ == "__main__":
    record()
    record_random()
