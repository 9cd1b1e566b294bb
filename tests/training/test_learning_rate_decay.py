"""Schedules against the formulas of their docstrings, and against TensorFlow."""

import math

import numpy as np
import pytest

import pellucid as tf
from tests.conftest import needs_tensorflow
from tests.differential.oracle import tensorflow

SCHEDULES = {
    "exponential": lambda tf, t: tf.train.exponential_decay(0.5, t, 10, 0.7),
    "exponential, stairs": lambda tf, t: tf.train.exponential_decay(0.5, t, 10, 0.7, True),
    "piecewise": lambda tf, t: tf.train.piecewise_constant(
        t, [5, 12, 30], [1.0, 0.5, 0.2, 0.1]),
    "one boundary": lambda tf, t: tf.train.piecewise_constant(t, [7], [1.0, 0.5]),
    "polynomial": lambda tf, t: tf.train.polynomial_decay(0.5, t, 20, 0.01, power=2.0),
    "polynomial cycle": lambda tf, t: tf.train.polynomial_decay(
        0.5, t, 7, 0.01, 0.5, cycle=True),
    "natural": lambda tf, t: tf.train.natural_exp_decay(0.5, t, 10, 0.7),
    "natural, stairs": lambda tf, t: tf.train.natural_exp_decay(0.5, t, 10, 0.7, True),
    "inverse time": lambda tf, t: tf.train.inverse_time_decay(0.5, t, 10, 0.7),
    "inverse time, stairs": lambda tf, t: tf.train.inverse_time_decay(
        0.5, t, 10, 0.7, True),
    "cosine": lambda tf, t: tf.train.cosine_decay(0.5, t, 20, alpha=0.1),
    "restarts": lambda tf, t: tf.train.cosine_decay_restarts(0.5, t, 5, 2.0, 0.8, 0.1),
    "even restarts": lambda tf, t: tf.train.cosine_decay_restarts(0.5, t, 5, 1.0, 0.8),
    "linear cosine": lambda tf, t: tf.train.linear_cosine_decay(0.5, t, 20, 1.5, 0.1, 0.01),
}
STEPS = [0, 1, 4, 5, 6, 7, 12, 13, 20, 21, 36]


def rates(tf, schedule, dtype):
    with tf.Graph().as_default() as graph, tf.Session(graph=graph) as session:
        t = tf.placeholder(dtype, [])
        rate = schedule(tf, t)
        values = [session.run(rate, {t: s}) for s in STEPS]
        return rate.dtype.name, rate.shape.as_list(), values


@needs_tensorflow
@pytest.mark.parametrize("dtype", ["int32", "int64"])
@pytest.mark.parametrize("name", SCHEDULES)
def test_rates_as_in_tensorflow(name, dtype):
    ours, theirs = (rates(x, SCHEDULES[name], dtype) for x in (tf, tensorflow()))
    assert ours[:2] == theirs[:2]
    np.testing.assert_allclose(ours[2], theirs[2], 1e-5)


def test_the_formulas():
    assert rates(tf, SCHEDULES["exponential"], "int32")[2] == pytest.approx(
        [0.5 * 0.7 ** (t / 10) for t in STEPS], 1e-5)
    assert rates(tf, SCHEDULES["polynomial"], "int32")[2] == pytest.approx(
        [0.49 * (1 - min(t, 20) / 20) ** 2 + 0.01 for t in STEPS], 1e-5)
    assert rates(tf, SCHEDULES["cosine"], "int32")[2] == pytest.approx(
        [0.5 * (0.9 * (1 + math.cos(math.pi * min(t, 20) / 20)) / 2 + 0.1)
         for t in STEPS], 1e-5)


def test_a_double_rate_stays_double(session):
    rate = tf.train.exponential_decay(np.float64(0.5), tf.constant(3), 10, 0.7)
    assert session.run(rate).dtype == np.float64


def test_noise_has_the_variance_it_should(session):
    t = tf.placeholder(tf.int32, [])
    rate = tf.train.noisy_linear_cosine_decay(1.0, t, 10, initial_variance=4.0,
                                              num_periods=0.0, beta=0.0)
    draws = [session.run(rate, {t: 0}) for _ in range(500)]
    assert np.mean(draws) == pytest.approx(1.0, abs=0.4)
    assert np.std(draws) == pytest.approx(2.0, rel=0.2)


def test_wrong_arguments():
    with pytest.raises(ValueError, match="global_step is required for exponential_decay"):
        tf.train.exponential_decay(0.1, None, 10, 0.5)
    with pytest.raises(ValueError, match="boundaries should be 1 less than the length of "
                                         "values"):
        tf.train.piecewise_constant(tf.constant(1), [1, 2], [0.1, 0.2])
    with pytest.raises(ValueError, match="must have the same dtype as x"):
        tf.train.piecewise_constant(tf.constant(1), [1.0], [0.1, 0.2])
    with pytest.raises(ValueError, match="elements all with the same dtype"):
        tf.train.piecewise_constant(tf.constant(1), [1], [0.1, 2])
