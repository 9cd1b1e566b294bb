"""Losses over sampled classes."""

import numpy as np
import pytest

import pellucid as tf


def losses(loss, labels, **options):
    rng = np.random.default_rng(0)
    weights = tf.Variable(rng.normal(size=(7, 3)).astype(np.float32))
    inputs = tf.constant(rng.normal(size=(2, 3)).astype(np.float32))
    value = loss(weights, tf.zeros([7]), labels, inputs, 4, 7, **options)
    gradient = tf.gradients(value, weights)[0]
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run([value, tf.convert_to_tensor(gradient)])


@pytest.mark.parametrize("loss", [tf.nn.nce_loss, tf.nn.sampled_softmax_loss])
def test_losses_are_finite_and_train_the_table(loss):
    value, gradient = losses(loss, tf.constant([[1], [6]]))
    assert value.shape == (2,) and np.isfinite(value).all() and (value > 0).all()
    assert gradient.shape == (7, 3) and np.isfinite(gradient).all() and gradient[1].any()


def test_sampled_softmax_over_all_classes_is_softmax():
    drawn = (tf.constant(np.arange(7)), tf.ones([2, 1]), tf.ones([7]))
    value, _ = losses(tf.nn.sampled_softmax_loss, tf.constant([[1], [6]]), sampled_values=drawn)
    rng = np.random.default_rng(0)
    weights, inputs = (rng.normal(size=s).astype(np.float32) for s in ((7, 3), (2, 3)))
    logits = inputs @ weights.T
    wanted = np.log(np.exp(logits).sum(1)) - logits[[0, 1], [1, 6]]
    np.testing.assert_allclose(value, wanted, 1e-5)


def test_a_sampler_refuses_more_than_there_are():
    with pytest.raises(ValueError, match="cannot all differ"):
        tf.nn.uniform_candidate_sampler([[1]], 1, 5, True, 4)
