"""Sparse tensors: feeding, fetching, and what is refused."""

import numpy as np
import pytest

import pellucid as tf

VALUE = tf.SparseTensorValue([[0, 1], [1, 2]], [1.0, 2.0], [2, 3])


@pytest.mark.parametrize("shape", [None, [2, 3], [None, 3]])
def test_a_placeholder_is_fed_and_fetched(session, shape):
    x = tf.sparse_placeholder(tf.float32, shape)
    found = session.run({"x": x, "dense": tf.sparse_tensor_to_dense(x)}, {x: VALUE})
    assert isinstance(found["x"], tf.SparseTensorValue)
    assert found["x"].values.dtype == np.float32
    assert found["dense"].tolist() == [[0, 1, 0], [0, 0, 2]]
    assert session.run(x, {x: tuple(VALUE)}).dense_shape.tolist() == [2, 3]


def test_a_feed_of_another_kind_is_refused(session):
    x = tf.sparse_placeholder(tf.float32)
    with pytest.raises(ValueError, match="SparseTensorValue"):
        session.run(x, {x: np.ones((2, 3))})


def test_its_face():
    x = tf.SparseTensor([[0, 1]], [2.0], [2, 3])
    assert (x.shape.as_list(), x.dtype, x.get_shape().ndims) == ([2, 3], tf.float32, 2)
    assert tf.SparseTensor.from_value(VALUE).shape.as_list() == [2, 3]
    assert repr(x).startswith("SparseTensor(indices=Tensor(")
    with tf.Session():
        assert x.eval().values.tolist() == [2]


def test_it_is_not_a_tensor():
    with pytest.raises(TypeError, match="sparse_tensor_to_dense"):
        tf.convert_to_tensor(tf.SparseTensor([[0, 1]], [2.0], [2, 3]))
    with pytest.raises(TypeError, match="must be a SparseTensor"):
        tf.sparse_tensor_to_dense(tf.constant([1.0]))


@pytest.mark.parametrize("indices, values, shape", [
    ([[0, 1]], [1.0, 2.0], [2, 3]), ([[0, 1]], [1.0], [2]), ([0, 1], [1.0], [2, 3])])
def test_parts_must_fit(indices, values, shape):
    with pytest.raises(ValueError, match="not compatible"):
        tf.SparseTensor(indices, values, shape)


@pytest.mark.parametrize("indices, cause", [
    ([[0, 1], [0, 0]], "out of order"), ([[0, 1], [0, 1]], "repeated"),
    ([[0, 1], [2, 0]], "out of bounds")])
def test_bad_indices_are_refused(session, indices, cause):
    x = tf.sparse_to_dense(indices, [2, 3], [1.0, 2.0])
    with pytest.raises(tf.errors.InvalidArgumentError, match=cause):
        session.run(x)


def test_products_check_their_indices(session):
    x = tf.SparseTensor([[0, 7]], [1.0], [2, 3])
    with pytest.raises(tf.errors.InvalidArgumentError, match="out of bounds"):
        session.run(tf.sparse_tensor_dense_matmul(x, tf.ones([3, 2])))


def test_retain(session):
    x = tf.SparseTensor([[0, 1], [1, 1]], [1.0, 2.0], [2, 3])
    kept = session.run(tf.sparse_retain(x, [False, True]))
    assert (kept.indices.tolist(), kept.values.tolist()) == ([[1, 1]], [2])
