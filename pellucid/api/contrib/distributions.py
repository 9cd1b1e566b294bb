"""tf.contrib.distributions: tf.distributions, where it came from."""

from pellucid.api.distributions import (
    Bernoulli,
    Categorical,
    Distribution,
    Normal,
    RegisterKL,
    Uniform,
    kl_divergence,
)


def __getattr__(name):
    """What a missing name would need."""
    from pellucid.names.old import answer
    return answer("contrib.distributions", name)
