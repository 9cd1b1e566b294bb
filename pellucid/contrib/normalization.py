"""contrib's smaller layers: instance_norm, unit_norm, bias_add. See layers.py for layer_norm."""

from pellucid.contrib.arg_scope import add_arg_scope
from pellucid.contrib.layers import collected
from pellucid.contrib.variables import join_collections, model_variable
from pellucid.core.operation import convert_to_tensor
from pellucid.core.shapes import show
from pellucid.layers.core import dtype_of
from pellucid.layers.named import ONES, ZEROS
from pellucid.nn.normalization import batch_normalization, moments
from pellucid.ops.arrays.joining import stack
from pellucid.ops.arrays.shaping import reshape
from pellucid.ops.arrays.shaping import shape as shape_of
from pellucid.ops.arrays.tiling import tile
from pellucid.ops.math.division import div
from pellucid.ops.math.elementwise import square
from pellucid.ops.math.functions import sqrt
from pellucid.ops.math.reductions import reduce_sum
from pellucid.ops.neural import biases as bias_ops
from pellucid.ops.state.variable_scope import variable_scope


def channels_axis(data_format, rank):
    """The axis of the channels: 1 for "NCHW", the last for "NHWC"."""
    if data_format not in ("NHWC", "NCHW"):
        raise ValueError("data_format has to be either NCHW or NHWC.")
    return 1 if data_format == "NCHW" else rank - 1


@add_arg_scope
def instance_norm(inputs, center=True, scale=True, epsilon=1e-6, activation_fn=None,
                  param_initializers=None, reuse=None, variables_collections=None,
                  outputs_collections=None, trainable=True, data_format="NHWC", scope=None):
    """gamma (x - mean) / deviation + beta, each channel of each example by itself (Ulyanov,
    Vedaldi & Lempitsky 2016).

    Args:
      inputs: Tensor of known rank, the examples along the first axis.
      center, scale: bool, whether there is a beta, a gamma.
      epsilon: float.
      activation_fn: function(Tensor) -> Tensor, applied in the end.
      param_initializers: {"beta": ..., "gamma": ...}.
      reuse, variables_collections, outputs_collections, trainable: as fully_connected's.
      data_format: "NHWC" or "NCHW".
      scope: str; "InstanceNorm" by default.

    As in TF: tf.contrib.layers.instance_norm, tf.contrib.slim.instance_norm.
    """
    inputs, given = convert_to_tensor(inputs), param_initializers or {}
    known, dtype = inputs.spec.shape, dtype_of(inputs)
    if known is None:
        raise ValueError(f"Inputs {inputs.name} has undefined rank.")
    channels = channels_axis(data_format, len(known))
    with variable_scope(scope, "InstanceNorm", [inputs], reuse=reuse):
        count = known[channels]
        if count is None:
            raise ValueError(f"Inputs {inputs.name} has undefined channels dimension "
                             f"{show((count,))}.")
        parts = {}
        for name, wanted, default in (("beta", center, ZEROS), ("gamma", scale, ONES)):
            parts[name] = None
            if wanted:
                part = model_variable(name, (count,), dtype, given.get(name, default),
                                      trainable=trainable)
                join_collections(part, variables_collections, name)
                if data_format == "NCHW":
                    part = reshape(part, [1, count] + [1] * (len(known) - 2))
                parts[name] = part
        axes = [axis for axis in range(1, len(known)) if axis != channels]
        mean, variance = moments(inputs, axes, keep_dims=True)
        outputs = batch_normalization(inputs, mean, variance, parts["beta"], parts["gamma"],
                                      epsilon, name="instancenorm")
        if activation_fn is not None:
            outputs = activation_fn(outputs)
        return collected(outputs_collections, outputs)


@add_arg_scope
def unit_norm(inputs, dim, epsilon=1e-7, scope=None):
    """inputs, divided by their length along an axis.

    Args:
      inputs: Tensor of known rank.
      dim: int, the axis, not negative.
      epsilon: float, added to the square of the length.
      scope: str; "UnitNorm" by default.

    As in TF: tf.contrib.layers.unit_norm, tf.contrib.slim.unit_norm.
    """
    with variable_scope(scope, "UnitNorm", [inputs]):
        if inputs.spec.shape is None:
            raise ValueError("The input rank must be known.")
        rank = len(inputs.spec.shape)
        if not 0 <= dim < rank:
            raise ValueError("dim must be positive but smaller than the input rank.")
        lengths = sqrt(epsilon + reduce_sum(square(inputs), dim, True))
        times = [1] * rank
        times[dim] = shape_of(inputs)[dim]
        return div(inputs, tile(lengths, stack(times)))


@add_arg_scope
def bias_add(inputs, activation_fn=None, initializer=ZEROS, regularizer=None, reuse=None,
             variables_collections=None, outputs_collections=None, trainable=True,
             data_format="NHWC", scope=None):
    """activation_fn(inputs + biases), a bias for each channel.

    Args:
      inputs: Tensor of known rank; of rank 4 for data_format "NCHW".
      activation_fn: function(Tensor) -> Tensor.
      initializer, regularizer, trainable: as in tf.get_variable.
      reuse, variables_collections, outputs_collections: as fully_connected's.
      data_format: "NHWC" or "NCHW".
      scope: str; "BiasAdd" by default.

    As in TF: tf.contrib.layers.bias_add, tf.contrib.slim.bias_add.
    """
    channels_axis(data_format, 0)
    with variable_scope(scope, "BiasAdd", [inputs], reuse=reuse):
        inputs = convert_to_tensor(inputs)
        known = inputs.spec.shape
        if known is None:
            raise ValueError("Dims of shape must be known but is None")
        if data_format == "NCHW" and len(known) != 4:
            raise ValueError("Data format NCHW only supports 4D Tensor")
        count = known[channels_axis(data_format, len(known))]
        if count is None:
            raise ValueError("`C` dimension must be known but is None")
        biases = model_variable("biases", (count,), dtype_of(inputs), initializer, regularizer,
                                trainable)
        join_collections(biases, variables_collections, "biases")
        outputs = bias_ops.bias_add(inputs, biases, data_format=data_format)
        if activation_fn is not None:
            outputs = activation_fn(outputs)
        return collected(outputs_collections, outputs)
