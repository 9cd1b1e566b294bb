"""Activations and layers that are made of operations."""

import numpy as np

import pellucid as tf

X = np.array([[-2.0, 0.5], [1.5, -0.25]], np.float32)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def test_crelu(session):
    y = tf.nn.crelu(X)
    assert session.run(y).tolist() == [[0, 0.5, 2, 0], [1.5, 0, 0, 0.25]]
    assert session.run(tf.nn.crelu(X, axis=0)).shape == (4, 2)


def test_log_sigmoid(session):
    x = tf.constant([-1000.0, -1.0, 0.0, 30.0])
    y = tf.log_sigmoid(x)
    np.testing.assert_allclose(session.run(y)[1:], np.log(sigmoid(np.array([-1, 0, 30.0]))),
                               rtol=1e-5, atol=1e-12)
    assert session.run(y)[0] == -1000
    np.testing.assert_allclose(session.run(tf.gradients(y, x)[0])[:3],
                               [1, sigmoid(1.0), 0.5], rtol=1e-6)


def test_swish_and_its_gradients(session):
    x, beta = tf.constant(X.astype(np.float64)), tf.constant(1.5, tf.float64)
    y = tf.nn.swish(x, beta)
    first = tf.gradients(y, [x, beta])
    second, = tf.gradients(first[0], x)
    s = sigmoid(1.5 * X.astype(np.float64))
    np.testing.assert_allclose(session.run(y), X * s)
    dx, dbeta = session.run(first)
    np.testing.assert_allclose(dx, s + 1.5 * X * s * (1 - s))
    np.testing.assert_allclose(dbeta, (X * X * s * (1 - s)).sum())
    np.testing.assert_allclose(
        session.run(second), 1.5 * s * (1 - s) * (2 + 1.5 * X * (1 - 2 * s)))
    np.testing.assert_allclose(session.run(tf.nn.silu(X)), X * sigmoid(X), rtol=1e-5)


def test_layers(session):
    weights, biases = [[1.0, 2.0], [3.0, -4.0]], [0.5, -0.5]
    product = X @ weights + biases
    np.testing.assert_allclose(session.run(tf.nn.xw_plus_b(X, weights, biases)), product)
    np.testing.assert_allclose(session.run(tf.nn.relu_layer(X, weights, biases)),
                               np.maximum(product, 0))
