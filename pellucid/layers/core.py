"""dense, dropout, flatten: the layers of every network.

Each is a class, which can be called again to use its variables again, and a function, which
makes an instance and calls it once. Read next: normalization.py.
"""

import math

from pellucid.core import shapes
from pellucid.core.operation import convert_to_tensor
from pellucid.layers.base import InputSpec, Layer
from pellucid.layers.named import ZEROS, activation_named
from pellucid.nn.choice import smart_cond
from pellucid.nn.dropout import dropout as nn_dropout
from pellucid.ops.arguments import as_tensor
from pellucid.ops.arrays.shaping import reshape, transpose
from pellucid.ops.arrays.shaping import shape as shape_of
from pellucid.ops.control.passing import identity
from pellucid.ops.linalg.contractions import tensordot
from pellucid.ops.linalg.linear_algebra import matmul
from pellucid.ops.neural.biases import bias_add


def dtype_of(x):
    """The DType of a Tensor's values; None if it is untyped."""
    return None if x.dtype is None else x.dtype.base_dtype


class Dense(Layer):
    """activation(x kernel + bias), along the last axis of x.

    Args:
      units: int, the size of the output's last axis.
      activation: function(Tensor) -> Tensor, its name, or None.
      use_bias: bool.
      kernel_initializer, bias_initializer: as in tf.get_variable.
      kernel_regularizer, bias_regularizer: functions(variable) -> Tensor, which joins
        REGULARIZATION_LOSSES.
      activity_regularizer: function(output) -> Tensor, which does too.
      kernel_constraint, bias_constraint: functions from an updated value to the one to keep.
      trainable: bool.
      name: str, of the variable scope, "dense" by default: "dense/kernel", "dense/bias".

    As in TF: tf.layers.Dense.
    """

    def __init__(self, units, activation=None, use_bias=True, kernel_initializer=None,
                 bias_initializer=ZEROS, kernel_regularizer=None,
                 bias_regularizer=None, activity_regularizer=None, kernel_constraint=None,
                 bias_constraint=None, trainable=True, name=None, **kwargs):
        super().__init__(trainable=trainable, name=name,
                         activity_regularizer=activity_regularizer, **kwargs)
        self.units, self.use_bias = int(units), use_bias
        self.activation = activation_named(activation)
        self.kernel_initializer, self.bias_initializer = kernel_initializer, bias_initializer
        self.kernel_regularizer, self.bias_regularizer = kernel_regularizer, bias_regularizer
        self.kernel_constraint, self.bias_constraint = kernel_constraint, bias_constraint
        self.kernel = self.bias = None
        self.input_spec = InputSpec(min_ndim=2)

    def build(self, input_shape):
        """Makes the kernel, shape (inputs, units), and the bias, shape (units,)."""
        dims = shapes.as_tuple(input_shape)
        if dims is None or dims[-1] is None:
            raise ValueError("The last dimension of the inputs to `Dense` should be defined. "
                             "Found `None`.")
        self.input_spec = InputSpec(min_ndim=2, axes={-1: dims[-1]})
        self.kernel = self.add_weight(
            "kernel", [dims[-1], self.units], initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer, constraint=self.kernel_constraint)
        if self.use_bias:
            self.bias = self.add_weight(
                "bias", [self.units], initializer=self.bias_initializer,
                regularizer=self.bias_regularizer, constraint=self.bias_constraint)

    def call(self, inputs):
        """Tensor of shape (..., units)."""
        known = inputs.spec.shape
        if known is not None and len(known) > 2:
            outputs = tensordot(inputs, self.kernel, [[len(known) - 1], [0]])
            outputs.set_shape([*known[:-1], self.units])
        else:
            outputs = matmul(inputs, self.kernel)
        if self.use_bias:
            outputs = bias_add(outputs, self.bias)
        return outputs if self.activation is None else self.activation(outputs)

    def compute_output_shape(self, input_shape):
        """The TensorShape of the output."""
        dims = shapes.as_tuple(input_shape)
        return shapes.TensorShape([*dims[:-1], self.units])


def dense(inputs, units, activation=None, use_bias=True, kernel_initializer=None,
          bias_initializer=ZEROS, kernel_regularizer=None, bias_regularizer=None,
          activity_regularizer=None, kernel_constraint=None, bias_constraint=None,
          trainable=True, name=None, reuse=None):
    """activation(inputs kernel + bias), along the last axis of inputs.

    Args:
      inputs: Tensor of shape (..., n); n must be known.
      reuse: bool, use the variables of an earlier layer of that name.
      All others: as of Dense.

    Returns:
      Tensor of shape (..., units).

    As in TF: tf.layers.dense.
    """
    inputs = as_tensor(inputs)
    return Dense(
        units, activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer,
        bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, trainable,
        name, dtype=dtype_of(inputs), _scope=name, _reuse=reuse)(inputs)


class Dropout(Layer):
    """Sets entries to 0 at random while training, and scales the others by 1 / (1 - rate).

    Args:
      rate: float or scalar Tensor, the probability that an entry is set to 0.
      noise_shape: shape of the random choices, which broadcasts with the input.
      seed: int, see tf.set_random_seed.
      name: str.

    As in TF: tf.layers.Dropout.
    """

    def __init__(self, rate=0.5, noise_shape=None, seed=None, name=None, **kwargs):
        super().__init__(name=name, **kwargs)
        self.rate, self.noise_shape, self.seed = rate, noise_shape, seed

    def call(self, inputs, training=False):
        """Tensor like inputs; `training` is a bool or a bool Tensor."""
        return smart_cond(
            training,
            lambda: nn_dropout(inputs, noise_shape=self._noise_shape(inputs), seed=self.seed,
                               rate=self.rate),
            lambda: identity(inputs))

    def _noise_shape(self, inputs):
        """The shape of the choices: None stands for the input's size."""
        if not isinstance(self.noise_shape, list | tuple):
            return self.noise_shape
        sizes = shape_of(inputs)
        return [sizes[i] if d is None else d for i, d in enumerate(self.noise_shape)]


def dropout(inputs, rate=0.5, noise_shape=None, seed=None, training=False, name=None):
    """inputs with entries set to 0 at random, if `training`; else as they are.

    Args:
      inputs: floating Tensor.
      training: bool or scalar bool Tensor. False by default!
      rate, noise_shape, seed, name: as of Dropout.

    As in TF: tf.layers.dropout.
    """
    return Dropout(rate, noise_shape, seed, name)(inputs, training=training)


class Flatten(Layer):
    """(n, a, b, ...) becomes (n, a b ...).

    Args:
      data_format: "channels_last", or "channels_first": (n, c, ...) is read as (n, ..., c).

    As in TF: tf.layers.Flatten.
    """

    def __init__(self, data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.data_format = channels(data_format or "channels_last")
        self.input_spec = InputSpec(min_ndim=1)

    def call(self, inputs):
        """Tensor of rank 2."""
        known = inputs.spec.shape
        if self.data_format == "channels_first" and known is not None and len(known) > 1:
            inputs = transpose(inputs, [0, *range(2, len(known)), 1])
        flat = reshape(inputs, [shape_of(inputs)[0], -1])
        if known is not None:
            flat.set_shape(shapes.as_tuple(self.compute_output_shape(known)))
        return flat

    def compute_output_shape(self, input_shape):
        """The TensorShape of the output."""
        dims = shapes.as_tuple(input_shape)
        rest = None if None in dims[1:] else math.prod(dims[1:])
        return shapes.TensorShape([dims[0], rest])


def flatten(inputs, name=None, data_format="channels_last"):
    """inputs of shape (n, a, b, ...) as (n, a b ...).

    As in TF: tf.layers.flatten. See Flatten.
    """
    return Flatten(data_format, name=name)(convert_to_tensor(inputs))


def channels(data_format):
    """data_format in lower case. ValueError unless channels_first or channels_last."""
    lower = str(data_format).lower()
    if lower not in ("channels_first", "channels_last"):
        raise ValueError("The `data_format` argument must be one of \"channels_first\", "
                         f"\"channels_last\". Received: {data_format}")
    return lower


def tuple_of(value, n, name):
    """n ints: of an int, or of as many. ValueError of anything else."""
    if isinstance(value, int):
        return (value,) * n
    try:
        values = tuple(map(int, value))
    except (TypeError, ValueError):
        values = ()
    if len(values) != n:
        raise ValueError(f"The `{name}` argument must be an int, or a tuple of {n} ints. "
                         f"Received: {value}")
    return values
