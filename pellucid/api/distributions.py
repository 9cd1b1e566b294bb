"""tf.distributions."""

from pellucid.distributions.continuous import Normal, Uniform
from pellucid.distributions.discrete import Bernoulli, Categorical
from pellucid.distributions.distribution import Distribution, RegisterKL, kl_divergence
