"""Distributions over classes: Bernoulli (of two) and categorical."""

from pellucid.core import dtypes
from pellucid.core.operation import convert_to_tensor
from pellucid.distributions.distribution import (
    Distribution,
    RegisterKL,
    check_floating,
    spread,
)
from pellucid.ops.arguments import name_scope
from pellucid.ops.arrays.shaping import expand_dims, reshape, shape, transpose
from pellucid.ops.control.assertions import assert_less_equal, assert_non_negative
from pellucid.ops.control.passing import identity
from pellucid.ops.control.waiting import with_dependencies
from pellucid.ops.math.casting import cast
from pellucid.ops.math.comparison import greater, less
from pellucid.ops.math.functions import log, log1p, sigmoid
from pellucid.ops.math.positions import argmax
from pellucid.ops.math.reductions import reduce_sum
from pellucid.ops.neural.activations import softplus
from pellucid.ops.neural.cross_entropy import (
    sigmoid_cross_entropy_with_logits,
    sparse_softmax_cross_entropy_with_logits,
)
from pellucid.ops.neural.softmax import log_softmax, softmax
from pellucid.ops.random.choice import multinomial
from pellucid.ops.random.draws import random_uniform


def _only_one(logits, probs):
    if (logits is None) == (probs is None):
        raise ValueError("Must pass probs or logits, but not both.")


class Bernoulli(Distribution):
    """1 with a probability, else 0.

    Args:
      logits: Tensor of floating numbers, log(p / (1 - p)).
      probs: Tensor of floating numbers, p; either this or logits.
      dtype: DType of what is drawn.
      validate_args: bool, whether a run checks that probs are in [0, 1].
      allow_nan_stats: for TensorFlow's signature.

    As in TF: tf.distributions.Bernoulli.
    """

    def __init__(self, logits=None, probs=None, dtype=dtypes.int32, validate_args=False,
                 allow_nan_stats=True, name="Bernoulli"):
        _only_one(logits, probs)
        with name_scope(name, values=[x for x in (logits, probs) if x is not None]) as scope:
            if probs is None:
                self.logits = identity(convert_to_tensor(logits, name="logits"), "logits")
                check_floating("Bernoulli", self.logits)
                self.probs = sigmoid(self.logits, name="probs")
            else:
                probs = convert_to_tensor(probs, name="probs")
                check_floating("Bernoulli", probs)
                checks = [assert_non_negative(probs), assert_less_equal(
                    probs, convert_to_tensor(1, probs.dtype))] if validate_args else []
                self.probs = with_dependencies(checks, probs)
                self.logits = log(self.probs) - log1p(-self.probs)
        super().__init__(dtypes.as_dtype(dtype), [self.probs], scope, validate_args,
                         allow_nan_stats)

    def _draw(self, shape, n, seed):
        drawn = random_uniform(shape, dtype=self.probs.dtype, seed=seed)
        return cast(less(drawn, self.probs), self.dtype)

    def _log_prob(self, event):
        event = convert_to_tensor(event, self.dtype, name="value")
        event = cast(event, self.logits.dtype)
        return -sigmoid_cross_entropy_with_logits(
            labels=spread(event, self.logits), logits=spread(self.logits, event))

    def _entropy(self):
        return -self.logits * (sigmoid(self.logits) - 1) + softplus(-self.logits)

    def _mean(self):
        return identity(self.probs)

    def _variance(self):
        return self.probs * (1 - self.probs)

    def _mode(self):
        return cast(greater(self.probs, 0.5), self.dtype)


@RegisterKL(Bernoulli, Bernoulli)
def _kl_of_bernoullis(a, b, name=None):
    with name_scope(name, "kl_bernoulli_bernoulli", [a.logits, b.logits]):
        of_ones = softplus(-b.logits) - softplus(-a.logits)       # log p_a - log p_b
        of_zeros = softplus(b.logits) - softplus(a.logits)
        return sigmoid(a.logits) * of_ones + sigmoid(-a.logits) * of_zeros


class Categorical(Distribution):
    """One of k classes, each with its probability.

    Args:
      logits: Tensor of floating numbers, shape (..., k), logarithms of unnormalized
        probabilities.
      probs: Tensor of floating numbers, shape (..., k); either this or logits.
      dtype: DType of what is drawn.
      validate_args: must be False.
      allow_nan_stats: for TensorFlow's signature.

    As in TF: tf.distributions.Categorical.
    """

    def __init__(self, logits=None, probs=None, dtype=dtypes.int32, validate_args=False,
                 allow_nan_stats=True, name="Categorical"):
        _only_one(logits, probs)
        if validate_args:
            raise NotImplementedError("Categorical does not check its arguments: use "
                                      "tf.assert_non_negative on probs instead.")
        with name_scope(name, values=[x for x in (logits, probs) if x is not None]) as scope:
            if probs is None:
                self.logits = identity(convert_to_tensor(logits, name="logits"), "logits")
                check_floating("Categorical", self.logits)
                self.probs = softmax(self.logits, name="probs")
            else:
                self.probs = identity(convert_to_tensor(probs, name="probs"), "probs")
                check_floating("Categorical", self.probs)
                self.logits = log(self.probs)
            row = reduce_sum(self.logits, -1)                  # for its shape
        super().__init__(dtypes.as_dtype(dtype), [row], scope, validate_args, allow_nan_stats)

    @property
    def event_size(self):
        """Scalar Tensor of int32, the number of classes."""
        return shape(self.logits)[-1]

    def _draw(self, drawn_shape, n, seed):
        rows = reshape(self.logits, [-1, self.event_size])
        drawn = transpose(multinomial(rows, n, seed=seed))
        return cast(reshape(drawn, drawn_shape), self.dtype)

    def _log_prob(self, k):
        k = convert_to_tensor(k, name="k")
        k = cast(k, dtypes.int32) if k.dtype.is_floating else k
        k = spread(k, self._parameters[0])
        logits = spread(self.logits, expand_dims(k, -1))
        return -sparse_softmax_cross_entropy_with_logits(labels=k, logits=logits)

    def _entropy(self):
        return -reduce_sum(log_softmax(self.logits) * softmax(self.logits), -1)

    def _mode(self):
        return cast(argmax(self.logits, -1), self.dtype)


@RegisterKL(Categorical, Categorical)
def _kl_of_categoricals(a, b, name=None):
    with name_scope(name, "kl_categorical_categorical", [a.logits, b.logits]):
        gaps = log_softmax(a.logits) - log_softmax(b.logits)
        return reduce_sum(softmax(a.logits) * gaps, -1)
