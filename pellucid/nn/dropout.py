"""Dropout: a network that cannot rely on any single unit (Srivastava et al. 2014)."""

import numbers

from pellucid.core import shapes
from pellucid.core.operation import convert_to_tensor
from pellucid.core.sources import constant
from pellucid.core.tensor import Tensor
from pellucid.ops.arguments import as_tensor, name_scope
from pellucid.ops.arrays.shaping import shape
from pellucid.ops.math.casting import cast
from pellucid.ops.math.selection import where_v2
from pellucid.ops.random.draws import get_seed, random_uniform


def dropout(x, keep_prob=None, noise_shape=None, seed=None, name=None, rate=None):
    """x with entries set to 0 at random, and the others divided by the share that is kept.

    Args:
      x: floating Tensor.
      keep_prob: float or scalar Tensor, the probability that an entry is kept.
      noise_shape: shape of the random choices, which broadcasts with x; x's own by default.
      seed: int, see tf.set_random_seed.
      rate: 1 - keep_prob, of which one must be given.

    Raises ValueError if the rate is not in [0, 1), or x not floating.
    As in TF: tf.nn.dropout.
    """
    rate = _rate(keep_prob, rate)
    with name_scope(name, "dropout", [x]):
        x = as_tensor(x, name="x")
        if x.dtype is not None and not x.dtype.is_floating:
            raise ValueError("`x` must be floating, as it will be scaled. "
                             f"Received: x.dtype={x.dtype}")
        if isinstance(rate, numbers.Real):
            if rate == 0:
                get_seed(seed)          # TensorFlow counts it, though nothing is drawn
                return x
            scaled = x * convert_to_tensor(1 / (1 - rate), x.dtype)
        else:
            rate = _scalar(rate, x.dtype)
            scaled = x / (constant(1, x.dtype) - rate)
        drawn = random_uniform(_noise_shape(x, noise_shape), dtype=x.dtype, seed=seed)
        kept = where_v2(drawn >= rate, scaled, constant(0, x.dtype))
        kept.set_shape(x.spec.shape)
        return kept


def _rate(keep_prob, rate):
    """The rate, from whichever argument was given."""
    if keep_prob is not None and rate is not None:
        raise ValueError("Cannot specify both 'rate' and 'keep_prob'.")
    if keep_prob is not None:
        try:
            rate = 1.0 - keep_prob
        except TypeError:
            raise ValueError("`keep_prob` must be a floating point number or Tensor. "
                             f"Received: keep_prob={keep_prob}") from None
    if rate is None:
        raise ValueError(f"`rate` must be provided. Received: rate={rate}")
    if isinstance(rate, numbers.Real) and not 0 <= rate < 1:
        raise ValueError("`rate` must be a scalar tensor or a float in the range [0, 1). "
                         f"Received: rate={rate}")
    return rate


def _scalar(rate, dtype):
    rate = convert_to_tensor(rate)
    if rate.spec.rank not in (None, 0):
        raise ValueError(f"`rate` must be a scalar or scalar tensor. Received: rate={rate}")
    return cast(rate, dtype, name="rate")


def _noise_shape(x, noise_shape):
    """The shape of the choices; unknown entries are x's."""
    if noise_shape is None:
        return shape(x)
    if isinstance(noise_shape, Tensor):
        return noise_shape
    try:
        wanted = shapes.as_tuple(noise_shape)
    except (TypeError, ValueError):              # a list with Tensors in it
        return noise_shape
    known = x.spec.shape
    if wanted is None or known is None or len(wanted) != len(known):
        return noise_shape
    return [own if d is None else d for d, own in zip(wanted, known, strict=True)]
