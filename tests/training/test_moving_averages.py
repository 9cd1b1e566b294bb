"""Moving averages: their values, names, and how they are restored."""

import numpy as np
import pytest

import pellucid as tf
from pellucid.training.moving_averages import assign_moving_average


def test_the_shadow_of_a_variable_starts_at_its_value(session):
    v = tf.Variable([10.0], name="v")
    average = tf.train.ExponentialMovingAverage(0.9)
    update = average.apply([v])
    shadow = average.average(v)
    assert shadow.op.name == "v/ExponentialMovingAverage" and not shadow.trainable
    assert update.name == "ExponentialMovingAverage"
    assert tf.moving_average_variables() == [v]
    session.run(tf.global_variables_initializer())
    assert session.run(shadow) == [10.0]
    session.run(v.assign([20.0]))
    session.run(update)
    assert session.run(shadow) == [11.0]


def test_the_shadow_of_a_tensor_starts_at_zero(session):
    x = tf.placeholder(tf.float32, [1], name="x")
    plain = tf.train.ExponentialMovingAverage(0.5, name="plain")
    corrected = tf.train.ExponentialMovingAverage(0.5, zero_debias=True, name="corrected")
    updates = [plain.apply([x]), corrected.apply([x])]
    session.run(tf.global_variables_initializer())
    for value, one, other in ((8.0, 4.0, 8.0), (2.0, 3.0, 4.0)):
        session.run(updates, {x: [value]})
        assert session.run(plain.average(x)) == [one]
        np.testing.assert_allclose(session.run(corrected.average(x)), [other], 1e-6)


def test_early_updates_count_more(session):
    v, n = tf.Variable(0.0), tf.placeholder(tf.int32, [])
    average = tf.train.ExponentialMovingAverage(0.99, num_updates=n)
    update = average.apply([v])
    session.run(tf.global_variables_initializer())
    session.run(v.assign(1.0))
    session.run(update, {n: 0})                              # decay (1 + 0) / (10 + 0)
    np.testing.assert_allclose(session.run(average.average(v)), 0.9, 1e-6)


def test_names_and_restoring():
    v, w = tf.Variable(1.0, name="v"), tf.Variable(1.0, name="w", trainable=False)
    average = tf.train.ExponentialMovingAverage(0.9, name="mean")
    assert average.average_name(v) == "v/mean" and average.average(v) is None
    average.apply([v])
    assert average.average_name(v) == "v/mean"
    assert average.variables_to_restore() == {"v/mean": v, "w": w}


def test_only_floating_values_have_averages():
    with pytest.raises(TypeError, match="must be half, float, or double: n:0"):
        tf.train.ExponentialMovingAverage(0.9).apply([tf.Variable(1, name="n")])


def test_assign_moving_average(session):
    v = tf.get_variable("v", [2], initializer=tf.zeros_initializer())
    plain = assign_moving_average(v, [4.0, 8.0], 0.75, zero_debias=False, name="plain")
    assert plain.op.name == "plain"
    assert session.run(plain).tolist() == [1.0, 2.0]
