"""What differential cases cannot say of distributions."""

import numpy as np
import pytest

import pellucid as tf

D = tf.distributions


def test_samples_have_the_moments(session):
    for d in (D.Normal(1.0, 2.0), D.Uniform(-1.0, 3.0), D.Bernoulli(probs=0.3)):
        drawn = session.run(d.sample(20000, seed=1))
        mean, variance = session.run([d.mean(), d.variance()])
        np.testing.assert_allclose(drawn.mean(), mean, atol=0.05)
        np.testing.assert_allclose(drawn.var(), variance, rtol=0.05)


def test_batches_of_unknown_shape(session):
    loc = tf.placeholder(tf.float32, [None])
    d = D.Normal(loc, 1.0)
    drawn = d.sample([2, 3])
    assert drawn.shape.as_list() == [2, 3, None]
    assert session.run(drawn, {loc: np.zeros(4)}).shape == (2, 3, 4)
    scores = tf.placeholder(tf.float32, [None, 5])
    assert session.run(D.Categorical(scores).sample(2), {scores: np.zeros((3, 5))}).shape == (2, 3)


def test_divergence_of_uniforms(session):
    inner, outer = D.Uniform(0.0, 1.0), D.Uniform(-1.0, 3.0)
    found = session.run([D.kl_divergence(inner, outer), D.kl_divergence(outer, inner)])
    np.testing.assert_allclose(found, [np.log(4), np.inf])


def test_a_divergence_of_ones_own():
    class Mine(D.Normal):
        """A distribution of the user's own."""

    @D.RegisterKL(Mine, D.Uniform)
    def divergence(a, b, name=None):
        return tf.constant(5.0)

    assert D.kl_divergence(Mine(0.0, 1.0), D.Uniform()).graph is tf.get_default_graph()
    with pytest.raises(ValueError, match="already been registered"):
        D.RegisterKL(Mine, D.Uniform)(divergence)


def test_what_a_distribution_does_not_have():
    with pytest.raises(NotImplementedError, match="Categorical"):
        D.Categorical(logits=[0.0, 1.0]).mean()
    with pytest.raises(NotImplementedError, match="does not check"):
        D.Categorical(logits=[0.0, 1.0], validate_args=True)


@pytest.mark.parametrize("build", [
    lambda: D.Uniform(1.0, 1.0, validate_args=True).mean(),
    lambda: D.Bernoulli(probs=1.5, validate_args=True).mean()])
def test_parameters_are_checked_on_demand(session, build):
    with pytest.raises(tf.errors.InvalidArgumentError):
        session.run(build())


def test_contribs_are_the_same_and_say_whether_gradients_flow():
    assert tf.contrib.distributions.Normal is D.Normal
    assert D.Normal(0.0, 1.0).reparameterization_type is D.FULLY_REPARAMETERIZED
    assert D.Bernoulli(0.5).reparameterization_type is D.NOT_REPARAMETERIZED
