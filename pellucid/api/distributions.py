"""tf.distributions."""

from pellucid.distributions.continuous import Normal, Uniform
from pellucid.distributions.discrete import Bernoulli, Categorical
from pellucid.distributions.distribution import (
    FULLY_REPARAMETERIZED,
    NOT_REPARAMETERIZED,
    Distribution,
    RegisterKL,
    ReparameterizationType,
    kl_divergence,
)
