"""TensorFlow 1 programs. TensorFlow and pellucid run these very lines: `tf` is either.

Each program takes the module as its first argument and nothing below asks which one it
was given. This is what pellucid claims, and the check of the losses proves it.
"""

import os
from functools import partial

import numpy as np

from benchmarks import problems
from benchmarks.systems import System, builders_in


def affine(tf, problem):
    a, b = problem.weights()
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [2, 1])
        z = tf.add(tf.matmul(tf.Variable(a), x), tf.Variable(b))
        session = open_session(tf)

    def step(x_value):
        return session.run(z, {x: x_value})

    return step


def classifier(tf, problem):
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [None, problem.sizes[0]])
        return trained(tf, problem, x, *LOSSES[problem.loss](tf, dense_layers(tf, problem, x)))


def conv_net(tf, problem):
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [None, *problem.image])
        *convolutions, hidden, last = [(tf.Variable(w), tf.Variable(b))
                                       for w, b in problem.weights()]
        h = x
        for w, b in convolutions:
            maps = tf.nn.conv2d(h, w, strides=[1, 1, 1, 1], padding="SAME")
            h = tf.nn.max_pool(tf.nn.relu(tf.nn.bias_add(maps, b)), ksize=[1, 2, 2, 1],
                               strides=[1, 2, 2, 1], padding="SAME")
        h = tf.reshape(h, [-1, int(hidden[0].shape[0])])
        h = tf.nn.relu(tf.matmul(h, hidden[0]) + hidden[1])
        return trained(tf, problem, x, *sparse_loss(tf, tf.matmul(h, last[0]) + last[1]))


class Cell:
    """An LSTM cell with given weights: TensorFlow 2.21 has lost tf.nn.rnn_cell."""

    def __init__(self, tf, units, kernel, bias):
        self.tf, self.kernel, self.bias = tf, kernel, bias
        self.output_size, self.state_size = units, (units, units)

    def zero_state(self, batch_size, dtype):
        return (self.tf.zeros([batch_size, self.output_size], dtype),) * 2

    def __call__(self, x, state, scope=None):
        tf, (c, h) = self.tf, state
        gates = tf.matmul(tf.concat([x, h], 1), self.kernel) + self.bias
        i, j, f, o = tf.split(gates, 4, axis=1)
        c = c * tf.sigmoid(f + 1.0) + tf.sigmoid(i) * tf.tanh(j)
        h = tf.tanh(c) * tf.sigmoid(o)
        return h, (c, h)


def lstm(tf, problem):
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [None, problem.steps, problem.inputs])
        (kernel, bias), (w, b) = [(tf.Variable(w), tf.Variable(b)) for w, b in problem.weights()]
        cell = Cell(tf, problem.units, kernel, bias)
        _, (_, h) = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
        return trained(tf, problem, x, *sparse_loss(tf, tf.matmul(h, w) + b))


def transformer(tf, problem):
    with tf.Graph().as_default():
        x = inputs = tf.placeholder(tf.float32, [None, problem.length, problem.width])
        *blocks, last = [(tf.Variable(w), tf.Variable(b)) for w, b in problem.weights()]
        for norm1, qkv, out, norm2, up, down in (blocks[:6], blocks[6:]):
            x += attention(tf, problem, layer_norm(tf, x, norm1), qkv, out)
            x += dense(tf, gelu(tf, dense(tf, layer_norm(tf, x, norm2), up)), down)
        logits = tf.matmul(tf.reduce_mean(x, 1), last[0]) + last[1]
        return trained(tf, problem, inputs, *sparse_loss(tf, logits))


def attention(tf, problem, x, qkv, out):
    heads = problem.heads, problem.width // problem.heads
    qkv = tf.reshape(dense(tf, x, qkv), [-1, problem.length, 3, *heads])
    q, k, v = tf.unstack(tf.transpose(qkv, [2, 0, 3, 1, 4]))
    weights = tf.nn.softmax(tf.matmul(q, k, transpose_b=True) * heads[1] ** -0.5)
    y = tf.transpose(tf.matmul(weights, v), [0, 2, 1, 3])
    return dense(tf, tf.reshape(y, [-1, problem.length, problem.width]), out)


def dense(tf, x, layer):
    w, b = layer
    flat = tf.matmul(tf.reshape(x, [-1, int(w.shape[0])]), w) + b
    return tf.reshape(flat, [-1, int(x.shape[1]), int(w.shape[1])])


def layer_norm(tf, x, layer):
    mean, variance = tf.nn.moments(x, [-1], keep_dims=True)
    return (x - mean) * tf.rsqrt(variance + 1e-6) * layer[0] + layer[1]


def gelu(tf, x):
    return 0.5 * x * (1 + tf.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x * x * x)))


def trained(tf, problem, x, labels, loss):
    train = optimizer(tf, problem).minimize(loss)
    session = open_session(tf)

    def step(x_value, labels_value):
        _, loss_value = session.run([train, loss], {x: x_value, labels: labels_value})
        return float(loss_value)

    return step


def convolution(tf, problem):
    """The kernel is fed, so that no library computes with it beforehand."""
    w = problem.weights()
    ones = [1, 1, 1, 1]
    with tf.Graph().as_default():
        inputs = [tf.placeholder(tf.float32, value.shape) for value in problem.batches()[0]]
        kernel = tf.placeholder(tf.float32, w.shape)
        if problem.way == "forward":
            result = tf.nn.conv2d(inputs[0], kernel, strides=ones, padding="SAME")
        elif problem.way == "kernel":
            result = tf.nn.conv2d_backprop_filter(inputs[0], w.shape, inputs[1], ones, "SAME")
        else:
            result = tf.nn.conv2d_backprop_input(problem.images, kernel, inputs[0], ones, "SAME")
        session = tf.Session()

    def step(*values):
        return session.run(result, {kernel: w, **dict(zip(inputs, values, strict=True))})

    return step


def inference(tf, problem):
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [None, problem.sizes[0]])
        logits = dense_layers(tf, problem, x)
        session = open_session(tf)

    def step(x_value):
        return session.run(logits, feed_dict={x: x_value})

    return step


def chain(tf, problem):
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [])
        c = tf.constant(problem.factor)
        y = x
        for _ in range(problem.length):
            y = y * c
        return value_and_slope(tf, y, x)


def diamond(tf, problem):
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float64, [])
        y = x
        for _ in range(problem.depth):
            y = y + y
        return value_and_slope(tf, y, x)


def value_and_slope(tf, y, x):
    """A step that returns y and dy/dx."""
    (slope,) = tf.gradients(y, x)
    session = tf.Session()

    def step(x_value):
        return session.run([y, slope], {x: x_value})

    return step


def dense_layers(tf, problem, x):
    """Logits, shape (n, classes)."""
    activation = getattr(tf.nn, getattr(problem, "hidden", "relu"))
    *hidden, last = [(tf.Variable(w), tf.Variable(b)) for w, b in problem.weights()]
    for w, b in hidden:
        x = activation(tf.matmul(x, w) + b)
    w, b = last
    return tf.matmul(x, w) + b


def tutorial_loss(tf, logits):
    c = tf.placeholder(tf.float32, [None, logits.shape[1]])
    p = tf.nn.softmax(logits)
    return c, tf.negative(tf.reduce_sum(tf.reduce_sum(c * tf.log(p), axis=1)))


def one_hot_loss(tf, logits):
    c = tf.placeholder(tf.float32, [None, logits.shape[1]])
    losses = tf.nn.softmax_cross_entropy_with_logits_v2(labels=c, logits=logits)
    return c, tf.reduce_mean(losses)


def sparse_loss(tf, logits):
    y = tf.placeholder(tf.int32, [None])
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits)
    return y, tf.reduce_mean(losses)


LOSSES = {"tutorial": tutorial_loss, "one-hot": one_hot_loss, "sparse": sparse_loss}


def optimizer(tf, problem):
    if problem.optimizer == "SGD":
        return tf.train.GradientDescentOptimizer(learning_rate=problem.rate)
    return tf.train.AdamOptimizer(learning_rate=problem.rate)


def open_session(tf):
    session = tf.Session()
    session.run(tf.global_variables_initializer())
    return session


def builders(tf):
    return {problem: partial(program, tf) for problem, program in builders_in(globals()).items()}


def load_tensorflow():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow.compat.v1 as tf

    tf.logging.set_verbosity(tf.logging.ERROR)
    tf.disable_v2_behavior()
    slow = "takes more than 40 s"
    return System(f"tensorflow {tf.__version__}", builders(tf), {problems.Chain: slow})


def load_pellucid():
    import pellucid as tf
    from pellucid.version import PELLUCID

    return System(f"pellucid {PELLUCID} on NumPy {np.__version__}", builders(tf))


def load_pellucid_xla():
    """The same programs, unchanged, on the other engine."""
    os.environ["PELLUCID_ENGINE"] = "xla"
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    import jax

    import pellucid as tf
    from pellucid.version import PELLUCID

    large = "more than XLA compiles, so NumPy runs it: see pellucid"
    return System(f"pellucid {PELLUCID} on JAX {jax.__version__}", builders(tf),
                  {problems.Chain: large})
