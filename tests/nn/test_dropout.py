"""Dropout: what it keeps, how it scales, what it refuses. Numbers: ops/test_random.py."""

import numpy as np
import pytest

import pellucid as tf


def test_it_keeps_and_scales(session):
    x = tf.ones([100, 50])
    y = session.run(tf.nn.dropout(x, keep_prob=0.8, seed=1))
    assert set(np.unique(y)) == {np.float32(0), np.float32(1.25)}
    assert abs((y > 0).mean() - 0.8) < 0.02
    np.testing.assert_array_equal(session.run(tf.nn.dropout(x, rate=0.2, seed=1)), y)


def test_each_run_drops_others(session):
    y = tf.nn.dropout(tf.ones([50]), rate=0.5)
    assert not np.array_equal(session.run(y), session.run(y))


def test_noise_shape(session):
    x = tf.ones([40, 6])
    for shape in ([40, 1], [None, 1], tf.constant([40, 1]), [tf.shape(x)[0], 1]):
        y = session.run(tf.nn.dropout(x, rate=0.5, noise_shape=shape, seed=1))
        assert (y == y[:, :1]).all() and 0 < (y > 0).mean() < 1


def test_a_rate_that_is_fed(session):
    rate = tf.placeholder(tf.float32, [])
    y = tf.nn.dropout(tf.ones([1000]), rate=rate, seed=1)
    assert session.run(y, {rate: 0.0}).tolist() == [1.0] * 1000
    half = session.run(y, {rate: 0.5})
    assert set(np.unique(half)) == {0.0, 2.0}
    keep = tf.placeholder_with_default(1.0, [])
    assert session.run(tf.nn.dropout(tf.ones([9]), keep)).tolist() == [1.0] * 9


def test_the_gradient_goes_to_what_was_kept(session):
    x = tf.constant(np.arange(1.0, 51.0, dtype=np.float32))
    y = tf.nn.dropout(x, rate=0.5, seed=1)
    values, grad = session.run([y, tf.gradients(y, x)[0]])
    np.testing.assert_array_equal(grad, np.where(values > 0, 2.0, 0.0))


def test_nothing_to_drop():
    x = tf.constant([1.0])
    assert tf.nn.dropout(x, 1.0) is x and tf.nn.dropout(x, rate=0.0) is x


def test_what_is_refused():
    x = tf.constant([1.0])
    for wrong in ({"keep_prob": 0.0}, {"keep_prob": 1.5}, {"rate": 1.0}, {"rate": -0.1}):
        with pytest.raises(ValueError, match=r"in the range \[0, 1\)"):
            tf.nn.dropout(x, **wrong)
    with pytest.raises(ValueError, match="Cannot specify both"):
        tf.nn.dropout(x, keep_prob=0.5, rate=0.5)
    with pytest.raises(ValueError, match="must be provided"):
        tf.nn.dropout(x)
    with pytest.raises(ValueError, match="must be floating"):
        tf.nn.dropout(tf.constant([1]), 0.5)
    with pytest.raises(ValueError, match="must be a scalar"):
        tf.nn.dropout(x, rate=tf.constant([0.5]))
    with pytest.raises(ValueError, match="floating point number or Tensor"):
        tf.nn.dropout(x, keep_prob="half")
