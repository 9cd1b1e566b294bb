"""tf.distributions: densities, moments, divergences, and the numbers of seeded samples."""

import numpy as np

from ..harness import case, in_turn, raised

WHY = "the steps on the way are not promised, only the values"


def _normals(tf):
    return tf.distributions.Normal(0.5, [1.0, 2.0]), tf.distributions.Normal([0.0, -1.0], 1.5)


def _uniforms(tf):
    return tf.distributions.Uniform(0.0, [3.0, 1.0]), tf.distributions.Uniform(-1.0, 2.0)


def _bernoullis(tf):
    return (tf.distributions.Bernoulli(probs=[0.2, 0.7]),
            tf.distributions.Bernoulli(logits=[0.5, -1.0], dtype=tf.float32))


def _categoricals(tf):
    return (tf.distributions.Categorical(logits=[[1.0, 2.0, 0.0], [0.0, 0.5, 3.0]]),
            tf.distributions.Categorical(probs=[[0.1, 0.2, 0.7], [0.3, 0.3, 0.4]]))


def _facts(d):
    return [d.batch_shape.as_list(), d.event_shape.as_list(), d.dtype.name, d.name]


@case(names=False, why=WHY)
def normal(tf):
    a, b = _normals(tf)
    x = tf.constant([[0.5], [-2.0]])
    return [_facts(a), a.loc, a.scale, a.log_prob(x), a.prob(x), a.cdf(x), a.entropy(),
            a.mean(), a.variance(), a.stddev(), a.mode(), a.kl_divergence(b),
            tf.distributions.kl_divergence(b, a), a.cross_entropy(b),
            *tf.gradients(a.log_prob(x), [x, a.loc, a.scale])]


@case(names=False, why=WHY)
def uniform(tf):
    a, _ = _uniforms(tf)
    x = [[-0.5], [0.0], [1.0], [3.0]]
    return [_facts(a), a.low, a.high, a.log_prob(x), a.prob(x), a.cdf(x), a.entropy(),
            a.mean(), a.variance(), a.stddev(), a.range()]


@case(names=False, why=WHY)
def bernoulli(tf):
    a, b = _bernoullis(tf)
    return [_facts(a), _facts(b), a.logits, b.probs, a.log_prob([1, 0]), a.prob([[1], [0]]),
            b.log_prob(1.0), a.entropy(), a.mean(), a.variance(), a.stddev(), a.mode(),
            b.mode(), a.kl_divergence(b), *tf.gradients(a.entropy(), a.probs)]


@case(names=False, why=WHY)
def categorical(tf):
    a, b = _categoricals(tf)
    return [_facts(a), a.probs, b.logits, a.event_size, a.log_prob([0, 2]),
            b.prob([[0], [1], [2]]), a.entropy(), a.mode(), a.kl_divergence(b),
            *tf.gradients(a.log_prob([0, 2]), a.logits)]


@case(names=False, why=WHY, each=["normals", "uniforms", "bernoullis", "categoricals"])
def samples(tf, kind):
    pairs = {"normals": _normals, "uniforms": _uniforms, "bernoullis": _bernoullis,
             "categoricals": _categoricals}
    a, b = pairs[kind](tf)
    drawn = [a.sample(seed=1), a.sample(3, seed=2), b.sample([2, 3], seed=3)]
    return in_turn(drawn, drawn)


@case(names=False, why=WHY)
def samples_carry_gradients(tf):
    a, _ = _normals(tf)
    return tf.gradients(a.sample([4], seed=1), [a.loc, a.scale])


@case
def refuses(tf):
    normal, uniform = tf.distributions.Normal(0.0, 1.0), tf.distributions.Uniform()
    return [raised(lambda: normal.kl_divergence(uniform)),
            raised(lambda: tf.distributions.Bernoulli()),
            raised(lambda: tf.distributions.Categorical(logits=[1.0], probs=[1.0])),
            raised(lambda: tf.distributions.Normal(0, 1)),
            raised(lambda: tf.distributions.Normal(np.float32(0), np.float64(1)))]


@case(names=False, why=WHY)
def validate_args(tf):
    return tf.distributions.Normal(0.0, -1.0, validate_args=True).log_prob(1.0)
