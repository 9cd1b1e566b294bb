"""Passing values on, with or without gradients."""

import pytest

import pellucid as tf
from pellucid.ops.control.passing import prevent_gradient


def test_stop_gradient(session):
    x = tf.constant(3.0)
    grad, = tf.gradients(x * tf.stop_gradient(x), x)
    assert session.run(grad) == 3.0
    assert tf.gradients(tf.stop_gradient(x), x) == [None]


def test_prevent_gradient(session):
    x = tf.constant(3.0)
    y = prevent_gradient(x, "there is none")
    assert session.run(y) == 3.0
    with pytest.raises(LookupError, match="there is none"):
        tf.gradients(y * y, x)


def test_identity_n(session):
    x, y = tf.constant(3.0), tf.constant(2)
    a, b = tf.identity_n([x, y])
    assert session.run([a, b]) == [3.0, 2]
    assert a.op is b.op
    assert session.run(tf.gradients(a * a, x)) == [6.0]
