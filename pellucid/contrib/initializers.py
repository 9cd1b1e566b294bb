"""contrib's initializers: functions that return one. See ../ops/state/initializers.py."""

import math

from pellucid.core import dtypes, shapes
from pellucid.ops.random.draws import random_uniform, truncated_normal


def xavier_initializer(uniform=True, seed=None, dtype=dtypes.float32):
    """Numbers of variance 2 / (inputs + outputs) (Glorot & Bengio 2010).

    Args:
      uniform: bool: uniform numbers, or truncated normal ones.
      seed: int.
      dtype: floating DType.

    As in TF: tf.contrib.layers.xavier_initializer, xavier_initializer_conv2d.
    """
    return variance_scaling_initializer(1.0, "FAN_AVG", uniform, seed, dtype)


xavier_initializer_conv2d = xavier_initializer

_MODES = ("FAN_IN", "FAN_OUT", "FAN_AVG")


def variance_scaling_initializer(factor=2.0, mode="FAN_IN", uniform=False, seed=None,
                                 dtype=dtypes.float32):
    """Numbers of variance factor / n, where n is a layer's number of inputs, of outputs, or
    their mean (He et al. 2015, for the defaults).

    Args:
      factor: float.
      mode: which n: "FAN_IN", "FAN_OUT" or "FAN_AVG".
      uniform: bool: uniform numbers, or truncated normal ones, whose variance is kept by drawing
        them with the variance 1.3 factor / n.
      seed: int.
      dtype: floating DType.

    As in TF: tf.contrib.layers.variance_scaling_initializer.
    """
    if not dtypes.as_dtype(dtype).is_floating:
        raise TypeError("Cannot create initializer for non-floating point type.")
    if mode not in _MODES:
        raise TypeError(f"Unknown mode {mode} [{', '.join(_MODES)}]")

    def initializer(shape, dtype=dtype, partition_info=None):
        if not dtypes.as_dtype(dtype).is_floating:
            raise TypeError("Cannot create initializer for non-floating point type.")
        dims = shapes.as_tuple(shape) or (1,)
        places = math.prod(dims[:-2])
        inputs = dims[-2] * places if len(dims) > 1 else dims[-1]
        outputs = dims[-1] * places
        ways = {"FAN_IN": inputs, "FAN_OUT": outputs, "FAN_AVG": (inputs + outputs) / 2.0}
        variance = factor / ways[mode]
        if uniform:
            bound = math.sqrt(3.0 * variance)
            return random_uniform(shape, -bound, bound, dtype, seed=seed)
        return truncated_normal(shape, 0.0, math.sqrt(1.3 * variance), dtype, seed=seed)

    return initializer


XAVIER = xavier_initializer()              # the default of arguments
