"""Initializers: what the values of a new variable are, given its shape.

    tf.get_variable("w", [784, 256], initializer=tf.glorot_uniform_initializer(seed=1))

An initializer is an object that is called with a shape and a dtype, and returns a Tensor.
Most are one distribution whose variance follows from the shape. Read next:
variable_scope.py.
"""

import math

import numpy as np

from pellucid.core import dtypes, shapes
from pellucid.core.dtypes import as_dtype
from pellucid.core.sources import constant
from pellucid.ops.arrays.creation import ones, zeros
from pellucid.ops.arrays.shaping import reshape, transpose
from pellucid.ops.math.elementwise import sign
from pellucid.ops.random.draws import random_normal, random_uniform, truncated_normal


class Initializer:
    """Base: a callable (shape, dtype=None, partition_info=None) -> Tensor.

    `get_config` returns its arguments, and `from_config` makes an equal one of them.
    """

    def __call__(self, shape, dtype=None, partition_info=None):
        raise NotImplementedError

    def get_config(self):
        """The arguments as a dict; the dtype by its name."""
        return {name: value.name if isinstance(value, dtypes.DType) else value
                for name, value in vars(self).items()}

    @classmethod
    def from_config(cls, config):
        """An initializer with these arguments."""
        return cls(**config)


def _floating(dtype):
    dtype = as_dtype(dtype)
    if not dtype.is_floating:
        raise ValueError("Argument `dtype` is expected to be floating point. "
                         f"Received: {dtype}.")
    return dtype


# -- one value ----------------------------------------------------------------------------

class Zeros(Initializer):
    """Zeros. As in TF: tf.zeros_initializer, tf.initializers.zeros."""

    def __init__(self, dtype=dtypes.float32):
        self.dtype = as_dtype(dtype)

    def __call__(self, shape, dtype=None, partition_info=None):
        return zeros(shape, self.dtype if dtype is None else dtype)


class Ones(Initializer):
    """Ones. As in TF: tf.ones_initializer, tf.initializers.ones."""

    def __init__(self, dtype=dtypes.float32):
        self.dtype = as_dtype(dtype)

    def __call__(self, shape, dtype=None, partition_info=None):
        return ones(shape, self.dtype if dtype is None else dtype)


class Constant(Initializer):
    """A value: one for all elements, or a list or array of them, the last of it repeated.

    As in TF: tf.constant_initializer, tf.initializers.constant.
    """

    def __init__(self, value=0, dtype=dtypes.float32, verify_shape=False):
        if not (np.isscalar(value) or isinstance(value, list | tuple | np.ndarray)):
            raise TypeError(f"Invalid type for initial value={value} of type: "
                            f"{type(value).__name__}. Expected Python scalar, list or "
                            "tuple of values, or numpy.ndarray.")
        self.value, self.dtype, self._verify_shape = value, as_dtype(dtype), verify_shape

    def __call__(self, shape, dtype=None, partition_info=None, verify_shape=None):
        verify = self._verify_shape if verify_shape is None else verify_shape
        return constant(self.value, self.dtype if dtype is None else dtype, shape,
                        verify_shape=verify)

    def get_config(self):
        return {"value": self.value, "dtype": self.dtype.name}


class Identity(Initializer):
    """gain times the identity matrix, for matrices. As in TF: tf.initializers.identity."""

    def __init__(self, gain=1.0, dtype=dtypes.float32):
        self.gain, self.dtype = gain, _floating(dtype)

    def __call__(self, shape, dtype=None, partition_info=None):
        shape = shapes.as_tuple(shape)
        if len(shape) != 2:
            raise ValueError("The tensor to initialize, specified by argument `shape`, "
                             f"must be a matrix. Received shape={list(shape)}")
        dtype = self.dtype if dtype is None else as_dtype(dtype)
        from pellucid.ops.linalg.diagonals import eye
        return self.gain * eye(*shape, dtype=dtype)


# -- one distribution ---------------------------------------------------------------------

class RandomUniform(Initializer):
    """Numbers from [minval, maxval).

    As in TF: tf.random_uniform_initializer, tf.initializers.random_uniform.
    """

    def __init__(self, minval=0.0, maxval=None, seed=None, dtype=dtypes.float32):
        self.minval, self.maxval = minval, maxval
        self.seed, self.dtype = seed, as_dtype(dtype)

    def __call__(self, shape, dtype=None, partition_info=None):
        return random_uniform(shape, self.minval, self.maxval,
                              self.dtype if dtype is None else dtype, self.seed)


class RandomNormal(Initializer):
    """Normal numbers.

    As in TF: tf.random_normal_initializer, tf.initializers.random_normal.
    """

    def __init__(self, mean=0.0, stddev=1.0, seed=None, dtype=dtypes.float32):
        self.mean, self.stddev, self.seed, self.dtype = mean, stddev, seed, _floating(dtype)

    def __call__(self, shape, dtype=None, partition_info=None):
        return random_normal(shape, self.mean, self.stddev,
                             self.dtype if dtype is None else dtype, self.seed)


class TruncatedNormal(RandomNormal):
    """Normal numbers, drawn anew where over two standard deviations from the mean.

    As in TF: tf.truncated_normal_initializer, tf.initializers.truncated_normal.
    """

    def __call__(self, shape, dtype=None, partition_info=None):
        return truncated_normal(shape, self.mean, self.stddev,
                                self.dtype if dtype is None else dtype, self.seed)


# -- a variance that follows from the shape -----------------------------------------------

class UniformUnitScaling(Initializer):
    """Uniform numbers that keep the scale of a layer's input: bounded by
    factor sqrt(3 / inputs) (Sussillo & Abbott 2014).

    As in TF: tf.uniform_unit_scaling_initializer.
    """

    def __init__(self, factor=1.0, seed=None, dtype=dtypes.float32):
        self.factor, self.seed, self.dtype = factor, seed, _floating(dtype)

    def __call__(self, shape, dtype=None, partition_info=None):
        whole = shapes.as_tuple(partition_info.full_shape if partition_info else shape)
        bound = math.sqrt(3 / max(math.prod(map(float, whole[:-1])), 1.0)) * self.factor
        return random_uniform(shape, -bound, bound, self.dtype if dtype is None else dtype,
                              self.seed)


# The standard deviation of a normal distribution that is cut at two of its own.
_CUT_DEVIATION = 0.87962566103423978


class VarianceScaling(Initializer):
    """Numbers of variance scale / n, where n is a layer's number of inputs, of outputs, or
    their mean.

    Args:
      scale: float.
      mode: which n: "fan_in", "fan_out" or "fan_avg".
      distribution: "uniform", "truncated_normal", "normal" (truncated too) or
        "untruncated_normal".
      seed: int.
      dtype: DType.

    As in TF: tf.variance_scaling_initializer, tf.initializers.variance_scaling.
    """

    def __init__(self, scale=1.0, mode="fan_in", distribution="truncated_normal", seed=None,
                 dtype=dtypes.float32):
        if scale <= 0:
            raise ValueError("Argument `scale` must be a positive float. "
                             f"Received: {scale}")
        _check_choice("mode", mode, ("fan_in", "fan_out", "fan_avg"))
        distribution = str(distribution).lower()
        _check_choice("distribution", distribution,
                      ("normal", "uniform", "truncated_normal", "untruncated_normal"))
        self.scale, self.mode, self.distribution = scale, mode, distribution
        self.seed, self.dtype = seed, _floating(dtype)

    def __call__(self, shape, dtype=None, partition_info=None):
        dtype = self.dtype if dtype is None else as_dtype(dtype)
        whole = partition_info.full_shape if partition_info else shape
        inputs, outputs = _fans(shapes.as_tuple(whole))
        ways = {"fan_in": inputs, "fan_out": outputs, "fan_avg": (inputs + outputs) / 2}
        variance = self.scale / max(1.0, ways[self.mode])
        if self.distribution == "uniform":
            bound = math.sqrt(3 * variance)
            return random_uniform(shape, -bound, bound, dtype, seed=self.seed)
        if self.distribution == "untruncated_normal":
            return random_normal(shape, 0.0, math.sqrt(variance), dtype, seed=self.seed)
        return truncated_normal(shape, 0.0, math.sqrt(variance) / _CUT_DEVIATION, dtype,
                                seed=self.seed)


def _check_choice(argument, value, choices):
    if value not in choices:
        raise ValueError(f"Argument `{argument}` should be one of {choices}. "
                         f"Received: {value}")


def _fans(shape):
    """How many inputs and outputs a unit has whose weights are of this shape.

    The last two dimensions are inputs and outputs; those before them, of a convolution, are
    the places that each looks at.
    """
    if len(shape) < 2:
        return (shape[0], shape[0]) if shape else (1, 1)
    places = math.prod(shape[:-2])
    return shape[-2] * places, shape[-1] * places


class GlorotUniform(VarianceScaling):
    """Uniform numbers within sqrt(6 / (inputs + outputs)) of 0 (Glorot & Bengio 2010).

    As in TF: tf.glorot_uniform_initializer, tf.initializers.glorot_uniform.
    """

    def __init__(self, seed=None, dtype=dtypes.float32):
        super().__init__(1.0, "fan_avg", "uniform", seed, dtype)

    def get_config(self):
        return {"seed": self.seed, "dtype": self.dtype.name}


class GlorotNormal(GlorotUniform):
    """Truncated normal numbers of variance 2 / (inputs + outputs) (Glorot & Bengio 2010).

    As in TF: tf.glorot_normal_initializer, tf.initializers.glorot_normal.
    """

    def __init__(self, seed=None, dtype=dtypes.float32):
        VarianceScaling.__init__(self, 1.0, "fan_avg", "truncated_normal", seed, dtype)


def he_normal(seed=None):
    """Truncated normal numbers of variance 2 / inputs, for relu layers (He et al. 2015).

    As in TF: tf.initializers.he_normal.
    """
    return VarianceScaling(2.0, "fan_in", "truncated_normal", seed)


def he_uniform(seed=None):
    """Uniform numbers within sqrt(6 / inputs) of 0.

    As in TF: tf.initializers.he_uniform.
    """
    return VarianceScaling(2.0, "fan_in", "uniform", seed)


def lecun_normal(seed=None):
    """Truncated normal numbers of variance 1 / inputs (LeCun et al. 1998).

    As in TF: tf.initializers.lecun_normal.
    """
    return VarianceScaling(1.0, "fan_in", "truncated_normal", seed)


def lecun_uniform(seed=None):
    """Uniform numbers within sqrt(3 / inputs) of 0.

    As in TF: tf.initializers.lecun_uniform.
    """
    return VarianceScaling(1.0, "fan_in", "uniform", seed)


class Orthogonal(Initializer):
    """gain times a matrix with orthonormal rows or columns, whichever are fewer, drawn
    uniformly; dimensions before the last are taken for one (Saxe et al. 2014).

    As in TF: tf.orthogonal_initializer, tf.initializers.orthogonal.
    """

    def __init__(self, gain=1.0, seed=None, dtype=dtypes.float32):
        self.gain, self.seed, self.dtype = gain, seed, _floating(dtype)

    def __call__(self, shape, dtype=None, partition_info=None):
        shape = shapes.as_tuple(shape)
        if len(shape) < 2:
            raise ValueError("The tensor to initialize, specified by argument `shape`, "
                             "must be at least two-dimensional. "
                             f"Received shape={list(shape)}")
        from pellucid.ops.linalg.decompositions import qr
        from pellucid.ops.linalg.diagonals import matrix_diag_part
        rows, columns = math.prod(shape[:-1]), shape[-1]
        tall = (max(rows, columns), min(rows, columns))
        dtype = self.dtype if dtype is None else dtype
        drawn = random_normal(tall, dtype=dtype, seed=self.seed)
        q, r = qr(drawn)
        # Q is uniform only once the signs are fixed so that R's diagonal is positive.
        q = q * sign(matrix_diag_part(r))
        if rows < columns:
            q = transpose(q)
        return self.gain * reshape(q, shape)


# -- names --------------------------------------------------------------------------------

zeros_initializer = Zeros
ones_initializer = Ones
constant_initializer = Constant
random_uniform_initializer = RandomUniform
random_normal_initializer = RandomNormal
truncated_normal_initializer = TruncatedNormal
uniform_unit_scaling_initializer = UniformUnitScaling
variance_scaling_initializer = VarianceScaling
orthogonal_initializer = Orthogonal
glorot_uniform_initializer = GlorotUniform
glorot_normal_initializer = GlorotNormal
