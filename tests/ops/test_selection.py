"""where: what TensorFlow 1 broadcasts, and what it does not."""

import numpy as np
import pytest

import pellucid as tf

X = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], np.float32)


def test_a_vector_chooses_rows(session):
    z = tf.where([True, False], X, -X)
    assert z.op.type == "Select"
    assert session.run(z).tolist() == [[1.0, 2.0, 3.0], [-4.0, -5.0, -6.0]]


def test_one_argument_gives_indices(session):
    z = tf.where(tf.constant(X) > 2)
    assert (z.dtype, z.shape.as_list()) == (tf.int64, [None, 2])
    assert session.run(z).tolist() == [[0, 2], [1, 0], [1, 1], [1, 2]]


@pytest.mark.parametrize("condition, x, y", [
    ([True, False, True], X, X), ([[True, False, True]], X, X), ([True, False], X, X[0])])
def test_nothing_is_broadcast(condition, x, y):
    with pytest.raises(ValueError, match="not compatible"):
        tf.where(condition, x, y)


def test_nothing_is_broadcast_in_the_run(session):
    condition, x = tf.placeholder(tf.bool), tf.placeholder(tf.float32)
    z = tf.where(condition, x, x)
    with pytest.raises(tf.errors.InvalidArgumentError, match="vector of x's first"):
        session.run(z, {condition: [True, False, True], x: X})
    assert session.run(z, {condition: False, x: X}).shape == (2, 3)


def test_where_v2_broadcasts(session):
    z = tf.where_v2([True, False, True], X, 0.0)
    assert session.run(z).tolist() == [[1.0, 0.0, 3.0], [4.0, 0.0, 6.0]]
    grad, = tf.gradients(tf.where_v2([[True], [False]], tf.constant(X), z), z)
    assert session.run(grad).tolist() == [[0.0] * 3, [1.0] * 3]


def test_refused():
    with pytest.raises(ValueError, match="both be non-None or both be None"):
        tf.where([True], [1.0])
    with pytest.raises(TypeError):
        tf.where([1], [1.0], [2.0])
    with pytest.raises(TypeError):
        tf.where([True], [1.0], tf.constant([2]))


def test_nan_of_the_other_branch_stays_out_of_the_value(session):
    x = tf.constant([0.0, 4.0])
    z = tf.where(x > 0, tf.sqrt(x), x)
    assert session.run(z).tolist() == [0.0, 2.0]
