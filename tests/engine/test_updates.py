"""Updates of optimizers in a plan."""

import numpy as np

import pellucid as tf


def plan_of(step):
    return tf.Session().plan(step).source


def test_adam_computes_its_rate_once_for_all_variables():
    v, w = tf.Variable([1.0, 2.0], name="v"), tf.Variable([[3.0]], name="w")
    source = plan_of(tf.train.AdamOptimizer().minimize(tf.reduce_sum(v) * tf.reduce_sum(w)))
    assert source.count("= Coefficients") == 1
    assert source.count("minus_rate, gain1, gain2, epsilon, beta1)") == 2


def test_variables_of_different_types_do_not_share():
    v, w = tf.Variable(1.0), tf.Variable(np.float64(2.0))
    optimizer = tf.train.AdamOptimizer()
    step = optimizer.apply_gradients([(v * 1.0, v), (w * 1.0, w)])
    assert plan_of(step).count("= Coefficients") == 2


def test_constant_coefficients_are_computed_before_the_run():
    v = tf.Variable([1.0, 2.0], name="v")
    source = plan_of(tf.train.MomentumOptimizer(0.25, 0.5).minimize(tf.reduce_sum(v)))
    assert "Coefficients" not in source
    assert "# minus_rate = -0.25  float32 ()" in source


def test_a_rate_that_is_fed_is_used():
    v, rate = tf.Variable([8.0], name="v"), tf.placeholder(tf.float32, [])
    step = tf.train.GradientDescentOptimizer(rate).minimize(tf.reduce_sum(v))
    with tf.Session() as session:
        for r, expected in ((1.0, 7.0), (2.0, 5.0), (0.5, 4.5)):
            session.run(step, {rate: r})
            assert session.run(v) == [expected]


def test_the_power_of_beta_changes_from_step_to_step():
    def losses(engine):
        tf.reset_default_graph()
        v = tf.Variable(np.linspace(-1, 1, 5))
        loss = tf.reduce_sum(v ** 4)
        step = tf.train.AdamOptimizer(0.1).minimize(loss)
        with tf.Session(engine=engine) as session:
            return [session.run([loss, step])[0] for _ in range(20)]

    np.testing.assert_allclose(losses("numpy"), losses("walk"), 1e-12)
