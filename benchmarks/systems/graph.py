"""TensorFlow 1 programs. TensorFlow and pellucid run these very lines: `tf` is either.

Each program takes the module as its first argument and nothing below asks which one it
was given. This is what pellucid claims, and the check of the losses proves it.
"""

import os
from functools import partial

import numpy as np

from benchmarks.problems import (
    Affine,
    Chain,
    Classifier,
    ConvNet,
    Convolution,
    Diamond,
    Inference,
)
from benchmarks.systems import System


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
        labels, loss = LOSSES[problem.loss](tf, dense_layers(tf, problem, x))
        train = optimizer(tf, problem).minimize(loss)
        session = open_session(tf)

    def step(x_value, labels_value):
        feed_dict = {x: x_value, labels: labels_value}
        _, loss_value = session.run([train, loss], feed_dict=feed_dict)
        return float(loss_value)

    return step


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
        labels, loss = sparse_loss(tf, tf.matmul(h, last[0]) + last[1])
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


PROGRAMS = {
    Affine: affine,
    Classifier: classifier,
    ConvNet: conv_net,
    Convolution: convolution,
    Inference: inference,
    Chain: chain,
    Diamond: diamond,
}


def builders(tf):
    return {problem: partial(program, tf) for problem, program in PROGRAMS.items()}


def load_tensorflow():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow.compat.v1 as tf

    tf.logging.set_verbosity(tf.logging.ERROR)
    tf.disable_v2_behavior()
    slow = "takes more than 40 s"
    return System(f"tensorflow {tf.__version__}", builders(tf), {Chain: slow})


def load_pellucid():
    import pellucid as tf

    version = getattr(tf, "__version__", "unnumbered")
    return System(f"pellucid {version} on NumPy {np.__version__}", builders(tf))
