"""Activations at kinks and ends. Values: cases_activations.py."""

import numpy as np
import pytest

import pellucid as tf

# The derivative at the kinks, as in TensorFlow.
KINKS = {
    "relu": ([0.0], [0.0]),
    "relu6": ([0.0, 6.0], [0.0, 0.0]),
    "leaky_relu": ([0.0], [0.2]),
    "elu": ([0.0], [1.0]),
    "selu": ([0.0], [1.050701]),
    "softplus": ([0.0], [0.5]),
    "softsign": ([0.0], [1.0]),
}


@pytest.mark.parametrize("name", KINKS)
def test_gradient_at_the_kink(name, session):
    points, slopes = KINKS[name]
    x = tf.constant(points)
    grad, = tf.gradients(getattr(tf.nn, name)(x), x)
    np.testing.assert_allclose(session.run(grad), slopes, rtol=1e-6)


@pytest.mark.parametrize("name", ["relu", "elu", "selu", "softplus", "softmax",
                                  "log_softmax"])
def test_large_values_do_not_overflow(name, session):
    x = tf.constant([1000.0, -1000.0, 0.0])
    y = getattr(tf.nn, name)(x)
    assert np.isfinite(session.run([y, tf.gradients(y, x)[0]])).all()


def test_leaky_relu_of_integers(session):
    y = tf.nn.leaky_relu(tf.constant([-5, 5]), alpha=0.5)
    assert y.dtype == tf.float32 and session.run(y).tolist() == [-2.5, 5.0]


def test_integers_are_refused_where_there_is_no_answer():
    for name in ("elu", "selu", "softplus", "softsign", "softmax", "log_softmax"):
        with pytest.raises(TypeError, match="int32, which is not in the list"):
            getattr(tf.nn, name)(tf.constant([1]))
