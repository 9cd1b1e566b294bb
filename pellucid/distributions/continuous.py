"""The normal and the uniform distribution."""

import math

import numpy as np

from pellucid.core.operation import convert_to_tensor
from pellucid.distributions.distribution import (
    FULLY_REPARAMETERIZED,
    Distribution,
    RegisterKL,
    check_floating,
    spread,
)
from pellucid.ops.arguments import name_scope
from pellucid.ops.arrays.creation import ones_like, zeros_like
from pellucid.ops.control.assertions import assert_less, assert_positive
from pellucid.ops.control.passing import identity
from pellucid.ops.control.waiting import with_dependencies
from pellucid.ops.math.comparison import greater_equal, less, less_equal, logical_and, logical_or
from pellucid.ops.math.elementwise import square
from pellucid.ops.math.functions import is_nan, log
from pellucid.ops.math.selection import where
from pellucid.ops.math.special import erfc
from pellucid.ops.random.draws import random_normal, random_uniform


class Normal(Distribution):
    """Density exp(-((x - loc) / scale)^2 / 2) / (scale sqrt(2 pi)).

    Args:
      loc: Tensor of floating numbers, the mean.
      scale: Tensor of its dtype, the standard deviation, above 0.
      validate_args: bool, whether a run checks that.
      allow_nan_stats: for TensorFlow's signature.

    Gradients flow through samples to loc and scale.
    As in TF: tf.distributions.Normal.
    """

    reparameterization_type = FULLY_REPARAMETERIZED

    def __init__(self, loc, scale, validate_args=False, allow_nan_stats=True, name="Normal"):
        with name_scope(name, values=[loc, scale]) as scope:
            loc = convert_to_tensor(loc, name="loc")
            scale = convert_to_tensor(scale, name="scale")
            check_floating("Normal", loc, scale)
            checks = [assert_positive(scale)] if validate_args else []
            self.loc, self.scale = identity(loc, "loc"), with_dependencies(checks, scale)
        super().__init__(loc.dtype, [self.loc, self.scale], scope, validate_args,
                         allow_nan_stats)

    def _draw(self, shape, n, seed):
        return random_normal(shape, dtype=self.dtype, seed=seed) * self.scale + self.loc

    def _standard(self, x):
        return (convert_to_tensor(x, self.dtype, name="value") - self.loc) / self.scale

    def _log_prob(self, value):
        constant = 0.5 * math.log(2 * math.pi)
        return -0.5 * square(self._standard(value)) - (constant + log(self.scale))

    def _cdf(self, value):
        return 0.5 * erfc(self._standard(value) * -math.sqrt(0.5))

    def _entropy(self):
        return 0.5 * math.log(2 * math.pi * math.e) + log(spread(self.scale, self.loc))

    def _mean(self):
        return spread(self.loc, self.scale)

    _mode = _mean

    def _variance(self):
        return square(spread(self.scale, self.loc))


@RegisterKL(Normal, Normal)
def _kl_of_normals(a, b, name=None):
    with name_scope(name, "kl_normal_normal", [a.loc, b.loc]):
        ratio = square(a.scale / b.scale)
        return (square(a.loc - b.loc) / (2 * square(b.scale))
                + 0.5 * (ratio - 1 - log(ratio)))


class Uniform(Distribution):
    """Density 1 / (high - low) from low to high, 0 elsewhere.

    Args:
      low: Tensor of floating numbers, the least value.
      high: Tensor of its dtype, above low; it is never drawn.
      validate_args: bool, whether a run checks that.
      allow_nan_stats: for TensorFlow's signature.

    Gradients flow through samples to low and high.
    As in TF: tf.distributions.Uniform.
    """

    reparameterization_type = FULLY_REPARAMETERIZED

    def __init__(self, low=0.0, high=1.0, validate_args=False, allow_nan_stats=True,
                 name="Uniform"):
        with name_scope(name, values=[low, high]) as scope:
            low = convert_to_tensor(low, name="low")
            high = convert_to_tensor(high, name="high")
            check_floating("Uniform", low, high)
            checks = [assert_less(low, high, message="uniform not defined when low >= high.")
                      ] if validate_args else []
            self.low, self.high = (with_dependencies(checks, x) for x in (low, high))
        super().__init__(low.dtype, [self.low, self.high], scope, validate_args,
                         allow_nan_stats)

    def range(self, name="range"):
        """high - low."""
        with self._scope(name):
            return self.high - self.low

    def _draw(self, shape, n, seed):
        drawn = random_uniform(shape, dtype=self.dtype, seed=seed)
        return self.low + (self.high - self.low) * drawn

    def _log_prob(self, value):
        return log(self._prob(value))

    def prob(self, value, name="prob"):
        """The density at `value`."""
        with self._scope(name, value):
            return self._prob(value)

    def _prob(self, value):
        x = spread(convert_to_tensor(value, self.dtype, name="value"), self.low, self.high)
        outside = logical_or(less(x, self.low), greater_equal(x, self.high))
        density = spread(1 / (self.high - self.low), x)
        return where(is_nan(x), x, where(outside, zeros_like(x), density))

    def _cdf(self, value):
        x = spread(convert_to_tensor(value, self.dtype, name="value"), self.low, self.high)
        found = where(less(x, self.low), zeros_like(x), (x - self.low) / (self.high - self.low))
        return where(greater_equal(x, self.high), ones_like(x), found)

    def _entropy(self):
        return log(self.high - self.low)

    def _mean(self):
        return (self.low + self.high) / 2

    def _variance(self):
        return square(self.high - self.low) / 12

    def _mode(self):
        raise NotImplementedError("The mode of Uniform is not unique.")


@RegisterKL(Uniform, Uniform)
def _kl_of_uniforms(a, b, name=None):
    with name_scope(name, "kl_uniform_uniform", [a.low, b.low]):
        inside = logical_and(less_equal(b.low, a.low), less_equal(a.high, b.high))
        found = log(b.high - b.low) - log(a.high - a.low)
        return where(inside, found, ones_like(found) * np.inf)
