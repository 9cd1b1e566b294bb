"""Second derivatives."""

import numpy as np
import pytest

import pellucid as tf


def test_hessian_of_a_form(session):
    a = np.array([[2.0, 1.0], [1.0, 3.0]], np.float32)
    x = tf.constant([5.0, 7.0])
    form = tf.reduce_sum(tf.matmul(a, tf.reshape(x, [2, 1])) * tf.reshape(x, [2, 1])) / 2
    np.testing.assert_allclose(session.run(tf.hessians(form, x)[0]), a)


def test_hessians_of_a_matrix_and_a_variable(session):
    x, w = tf.constant([[1.0, 2.0]]), tf.Variable(3.0)
    of_x, of_w = tf.hessians(tf.reduce_sum(x ** 3) * w ** 2, [x, w])
    assert of_x.shape.as_list() == [1, 2, 1, 2] and of_w.shape.as_list() == []
    np.testing.assert_allclose(session.run(of_x).reshape(2, 2), np.diag([54.0, 108.0]))
    assert session.run(of_w) == 18.0


def test_what_is_linear_bends_nowhere(session):
    x = tf.constant([1.0, 2.0])
    hessian, = tf.hessians(tf.reduce_sum(3.0 * x), x)
    assert session.run(hessian).tolist() == [[0, 0], [0, 0]]


def test_shapes_must_be_known():
    x = tf.placeholder(tf.float32, [None])
    with pytest.raises(ValueError, match=r"shape of '\S+:0' must be known, but is \(\?,\)"):
        tf.hessians(tf.reduce_sum(x ** 2), x)
    with pytest.raises(ValueError, match="no y depends on"):
        tf.hessians(tf.constant(1.0), tf.constant(2.0))
