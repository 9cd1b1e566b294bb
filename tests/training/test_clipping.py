"""Clipping by norms: values, gradients at zero, and IndexedSlices."""

import numpy as np
import pytest

import pellucid as tf

X = np.array([[3.0, 0.0], [0.0, 4.0]], np.float32)


def test_clip_by_norm(session):
    assert session.run(tf.clip_by_norm(X, 10.0)).tolist() == X.tolist()
    np.testing.assert_allclose(session.run(tf.clip_by_norm(X, 1.0)), X / 5)
    np.testing.assert_allclose(session.run(tf.clip_by_norm(X, 1.0, axes=[1])), np.eye(2))
    assert tf.clip_by_norm(X, 1.0, name="clipped").op.name == "clipped"


def test_the_gradient_of_a_clipped_zero_is_finite(session):
    x = tf.constant([0.0, 0.0])
    assert session.run(tf.gradients(tf.clip_by_norm(x, 1.0), x)[0]).tolist() == [1.0, 1.0]


def test_clip_norm_must_be_a_scalar():
    with pytest.raises(ValueError, match="clip_norm must be a scalar"):
        tf.clip_by_norm(tf.constant([1.0, 2.0]), [[1.0], [2.0]])


def test_clip_by_average_norm(session):
    np.testing.assert_allclose(session.run(tf.clip_by_average_norm(X, 0.5)),
                               X * 0.5 / (5 / 4))


def test_global_norm_counts_everything_but_none(session):
    slices = tf.IndexedSlices(tf.constant([[12.0]]), tf.constant([3]), tf.constant([9, 1]))
    assert session.run(tf.global_norm([tf.constant(X), None, slices])) == 13.0
    clipped, norm = tf.clip_by_global_norm([tf.constant(X), None, slices], 6.5)
    assert clipped[1] is None
    dense, sparse, norm = session.run([clipped[0], clipped[2], norm])
    assert norm == 13.0
    np.testing.assert_allclose(dense, X / 2)
    assert sparse.values.tolist() == [[6.0]] and sparse.indices.tolist() == [3]
    assert sparse.dense_shape.tolist() == [9, 1]


def test_a_known_norm_is_used(session):
    clipped, norm = tf.clip_by_global_norm([tf.constant(X)], 1.0, use_norm=tf.constant(2.0))
    np.testing.assert_allclose(session.run(clipped[0]), X / 2)
    assert session.run(norm) == 2.0


@pytest.mark.parametrize("bad", [np.inf, np.nan])
def test_a_norm_that_is_not_finite_makes_all_nan(bad, session):
    clipped, _ = tf.clip_by_global_norm([tf.constant([bad]), tf.constant(X)], 1.0)
    for value in session.run(clipped):
        assert np.isnan(value).all()


def test_a_single_tensor_is_no_list():
    with pytest.raises(TypeError, match="t_list should be a sequence"):
        tf.clip_by_global_norm(tf.constant([1.0]), 1.0)
    with pytest.raises(TypeError, match="t_list should be a sequence"):
        tf.global_norm(tf.constant([1.0]))
