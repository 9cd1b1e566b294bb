"""Mean, variance and what is normalized by them."""

import numpy as np
import pytest

import pellucid as tf

X = np.random.default_rng(1).normal(size=(4, 3, 2)).astype(np.float32)


@pytest.mark.parametrize("axes", [[0], [0, 1], [-1], [0, 1, 2]])
@pytest.mark.parametrize("keepdims", [False, True])
def test_moments(axes, keepdims, session):
    mean, variance = session.run(tf.nn.moments(tf.constant(X), axes, keepdims=keepdims))
    axis = tuple(axes)
    np.testing.assert_allclose(mean, X.mean(axis, keepdims=keepdims), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(variance, X.var(axis, keepdims=keepdims), rtol=1e-5)


def test_gradient_of_the_variance(session):
    x = tf.constant(X[:, 0, 0].astype(np.float64))
    _, variance = tf.nn.moments(x, [0])
    deviations = X[:, 0, 0].astype(np.float64) - X[:, 0, 0].astype(np.float64).mean()
    np.testing.assert_allclose(session.run(tf.gradients(variance, x)[0]), deviations / 2)


def test_weighted_moments(session):
    weights = np.array([1.0, 2, 3, 0], np.float32).reshape(4, 1, 1)
    mean, variance = session.run(tf.nn.weighted_moments(X, [0], weights))
    expected = np.average(X, 0, weights[:, 0, 0])
    np.testing.assert_allclose(mean, expected, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(
        variance, np.average((X - expected) ** 2, 0, weights[:, 0, 0]), rtol=1e-4)


@pytest.mark.parametrize("shift", [None, 0.5])
@pytest.mark.parametrize("known", [True, False])
def test_sufficient_statistics(shift, known, session):
    x = tf.placeholder(tf.float32, X.shape if known else [None, 3, None])
    parts = tf.nn.sufficient_statistics(x, [0, 2], shift=shift)
    result = tf.nn.normalize_moments(*parts)
    mean, variance = session.run(result, {x: X})
    np.testing.assert_allclose(mean, X.mean((0, 2)), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(variance, X.var((0, 2)), rtol=1e-4)


def test_half_precision(session):
    mean, variance = session.run(tf.nn.moments(tf.constant(X.astype(np.float16)), [0]))
    assert mean.dtype == variance.dtype == np.float16


def test_batch_normalization(session):
    mean, variance = X.mean((0, 1)), X.var((0, 1))
    plain = (X - mean) / np.sqrt(variance + 1e-3)
    up, times = np.float32([1, 2]), np.float32([3, 4])
    for offset, scale, expected in ((None, None, plain), (up, None, plain + up),
                                    (up, times, plain * times + up)):
        y = tf.nn.batch_normalization(X, mean, variance, offset, scale, 1e-3)
        np.testing.assert_allclose(session.run(y), expected, rtol=1e-4, atol=1e-5)


def test_l2_normalize(session):
    y = session.run(tf.nn.l2_normalize(X, [0, 2]))
    np.testing.assert_allclose((y * y).sum((0, 2)), 1, rtol=1e-5)
    assert session.run(tf.math.l2_normalize([0.0, 0.0], 0)).tolist() == [0, 0]
    old = tf.nn.l2_normalize([3.0, 4.0], dim=0)
    np.testing.assert_allclose(session.run(old), [0.6, 0.8], rtol=1e-6)
    with pytest.raises(ValueError, match="Cannot specify both"):
        tf.nn.l2_normalize([1.0], axis=0, dim=0)


def test_zero_fraction(session):
    assert session.run(tf.nn.zero_fraction([0.0, 1.0, 0.0, 2.0])) == 0.5
    assert session.run(tf.math.zero_fraction(tf.constant([[3, 0, 1]]))) == np.float32(1 / 3)
    assert np.isnan(session.run(tf.nn.zero_fraction(tf.zeros([0]))))
