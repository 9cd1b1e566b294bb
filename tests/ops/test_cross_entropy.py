"""Cross-entropies: where gradients go, what is refused. Values: cases_cross_entropy.py."""

import numpy as np
import pytest

import pellucid as tf

X = np.array([[-2.0, -0.5, 0.25], [1.5, 5.0, 3.0]], np.float32)
P = np.array([[0.2, 0.5, 0.3], [1.0, 0.0, 0.0]], np.float32)


def softmax(x, axis=-1):
    powers = np.exp(x - x.max(axis, keepdims=True))
    return powers / powers.sum(axis, keepdims=True)


def test_gradients_of_labels(session):
    x, p = tf.constant(X), tf.constant(P)
    old = tf.nn.softmax_cross_entropy_with_logits(labels=p, logits=x)
    new = tf.nn.softmax_cross_entropy_with_logits_v2(labels=p, logits=x)
    assert tf.gradients(old, p) == [None]
    dx, dp = session.run(tf.gradients(new, [x, p]))
    np.testing.assert_allclose(dx, softmax(X) - P, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(dp, -np.log(softmax(X)), rtol=1e-5)


@pytest.mark.parametrize("axis", [0, 1, 2, -1, -3])
def test_along_any_axis(axis, session):
    x = np.random.default_rng(1).normal(size=(2, 3, 4)).astype(np.float32)
    p = softmax(np.random.default_rng(2).normal(size=(2, 3, 4))).astype(np.float32)
    logits = tf.placeholder(tf.float32, [2, None, 4])
    loss = tf.nn.softmax_cross_entropy_with_logits_v2(labels=p, logits=logits, axis=axis)
    expected = -(p * np.log(softmax(x, axis))).sum(axis)
    np.testing.assert_allclose(session.run(loss, {logits: x}), expected, rtol=1e-5)
    assert loss.get_shape().is_compatible_with(expected.shape)
    assert loss.get_shape().ndims == 2


def test_sparse_and_dense_agree(session):
    classes = np.array([[0, 2], [1, 1]])
    x = tf.constant(np.random.default_rng(1).normal(size=(2, 2, 3)))
    sparse = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=classes, logits=x)
    dense = tf.nn.softmax_cross_entropy_with_logits(labels=np.eye(3)[classes], logits=x)
    values = session.run([sparse, dense, *tf.gradients(sparse, x), *tf.gradients(dense, x)])
    np.testing.assert_allclose(values[0], values[1])
    np.testing.assert_allclose(values[2], values[3], atol=1e-12)


@pytest.mark.parametrize("wrong", [-1, 3])
def test_a_label_out_of_range(wrong, session):
    y = tf.placeholder(tf.int32, [None])
    loss = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=X)
    with pytest.raises(tf.errors.InvalidArgumentError,
                       match=rf"label value of {wrong} .* range of \[0, 3\)"):
        session.run(loss, {y: [0, wrong]})


def test_sparse_refuses():
    sparse = tf.nn.sparse_softmax_cross_entropy_with_logits
    with pytest.raises(ValueError, match="Rank mismatch"):
        sparse(labels=[[0, 1]], logits=X)
    with pytest.raises(ValueError, match="Shape mismatch"):
        sparse(labels=[0], logits=X)
    with pytest.raises(ValueError, match="cannot be scalars"):
        sparse(labels=0, logits=1.0)
    with pytest.raises(TypeError, match="labels has DataType float32"):
        sparse(labels=[0.0, 1.0], logits=X)
    with pytest.raises(ValueError, match="Both labels and logits"):
        sparse(logits=X)


def test_sigmoid_cross_entropy(session):
    x = tf.constant([-1000.0, -1.0, 0.0, 1.0, 1000.0])
    z = tf.constant([0.0, 0.3, 0.5, 1.0, 1.0])
    loss = tf.nn.sigmoid_cross_entropy_with_logits(labels=z, logits=x)
    s = 1 / (1 + np.exp(-np.array([-np.inf, -1, 0, 1, np.inf])))
    inner = -np.array([0.3, 0.5, 1]) * np.log(s[1:4]) - np.array([0.7, 0.5, 0]) * np.log(
        1 - s[1:4])
    np.testing.assert_allclose(session.run(loss), [0, *inner, 0], rtol=1e-5)
    np.testing.assert_allclose(session.run(tf.gradients(loss, x)[0]),
                               s - session.run(z), atol=1e-6)
    with pytest.raises(ValueError, match="must have the same shape"):
        tf.nn.sigmoid_cross_entropy_with_logits(labels=[1.0], logits=x)


def test_weighted_cross_entropy(session):
    x, z = np.array([-2.0, 0.5, 3.0]), np.array([1.0, 0.25, 0.0])
    s = 1 / (1 + np.exp(-x))
    expected = -3 * z * np.log(s) - (1 - z) * np.log(1 - s)
    loss = tf.nn.weighted_cross_entropy_with_logits(z, x, 3.0)
    np.testing.assert_allclose(session.run(loss), expected)
    old = tf.nn.weighted_cross_entropy_with_logits(targets=z, logits=x, pos_weight=1.0)
    new = tf.nn.sigmoid_cross_entropy_with_logits(labels=z, logits=x)
    np.testing.assert_allclose(*session.run([old, new]))
