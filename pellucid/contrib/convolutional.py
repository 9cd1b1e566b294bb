"""contrib's convolutions and pooling.

They differ from tf.layers in names and defaults: padding is "SAME", the activation relu. Read
next: ../layers/convolutional.py.
"""

from pellucid.contrib.arg_scope import add_arg_scope
from pellucid.contrib.initializers import XAVIER
from pellucid.contrib.layers import NAMES, collected, finished
from pellucid.contrib.variables import join_collections, model_variable, named_getter
from pellucid.core.operation import convert_to_tensor
from pellucid.layers import convolutional, pooling
from pellucid.layers.core import dtype_of
from pellucid.layers.named import ZEROS
from pellucid.ops.arguments import name_scope
from pellucid.ops.conv.depthwise import depthwise_conv2d
from pellucid.ops.neural.activations import relu
from pellucid.ops.neural.biases import bias_add
from pellucid.ops.state.variable_scope import variable_scope


def _format(data_format, allowed=("NHWC", "NCHW")):
    """tf.layers' name of a data format."""
    if data_format not in (None, *allowed):
        raise ValueError(f"data_format has to be one of {', '.join(allowed)}; got {data_format}.")
    return "channels_first" if data_format and data_format.startswith("NC") else "channels_last"


@add_arg_scope
def convolution(inputs, num_outputs, kernel_size, stride=1, padding="SAME", data_format=None,
                rate=1, activation_fn=relu, normalizer_fn=None, normalizer_params=None,
                weights_initializer=XAVIER, weights_regularizer=None,
                biases_initializer=ZEROS, biases_regularizer=None, reuse=None,
                variables_collections=None, outputs_collections=None, trainable=True, scope=None,
                conv_dims=None):
    """activation_fn(convolution of inputs with weights + biases), in 1, 2 or 3 dimensions.

    Args:
      inputs: Tensor of rank 3, 4 or 5, (n, h, w, c) for images.
      num_outputs: int, the number of output channels.
      kernel_size, stride, rate: int, or one for each dimension.
      padding: "SAME" or "VALID".
      data_format: "NHWC", the default, "NCHW", and the same for other ranks.
      conv_dims: int, how many dimensions there must be.
      All others: as fully_connected's. The scope is "Conv" by default.

    As in TF: tf.contrib.layers.convolution.
    """
    if data_format not in (None, "NWC", "NCW", "NHWC", "NCHW", "NDHWC", "NCDHW"):
        raise ValueError(f"Invalid data_format: {data_format!r}")
    with variable_scope(scope, "Conv", [inputs], reuse=reuse,
                        custom_getter=named_getter(NAMES)) as opened:
        inputs = convert_to_tensor(inputs)
        rank = inputs.shape.ndims
        if conv_dims is not None and conv_dims + 2 != rank:
            raise ValueError(f"Convolution expects input with rank {conv_dims + 2}, got {rank}")
        layer_class = {3: convolutional.Conv1D, 4: convolutional.Conv2D,
                       5: convolutional.Conv3D}.get(rank)
        if layer_class is None:
            raise ValueError(f"Convolution not supported for input with rank {rank}")
        layer = layer_class(
            num_outputs, _one_or_all(kernel_size), _one_or_all(stride), padding,
            _format(data_format, (data_format,)), _one_or_all(rate),
            use_bias=not normalizer_fn and biases_initializer is not None,
            kernel_initializer=weights_initializer, bias_initializer=biases_initializer,
            kernel_regularizer=weights_regularizer, bias_regularizer=biases_regularizer,
            trainable=trainable, name=opened.name, dtype=dtype_of(inputs), _scope=opened,
            _reuse=reuse)
        return finished(layer(inputs), layer, normalizer_fn, normalizer_params, activation_fn,
                        variables_collections, outputs_collections)


def _one_or_all(value):
    """contrib takes [3] for 3 as well."""
    return value[0] if isinstance(value, list | tuple) and len(value) == 1 else value


def _of_rank(rank, name):
    @add_arg_scope
    def convolve(inputs, num_outputs, kernel_size, stride=1, padding="SAME", data_format=None,
                 rate=1, activation_fn=relu, normalizer_fn=None, normalizer_params=None,
                 weights_initializer=XAVIER, weights_regularizer=None,
                 biases_initializer=ZEROS, biases_regularizer=None, reuse=None,
                 variables_collections=None, outputs_collections=None, trainable=True,
                 scope=None):
        return convolution(
            inputs, num_outputs, kernel_size, stride, padding, data_format, rate, activation_fn,
            normalizer_fn, normalizer_params, weights_initializer, weights_regularizer,
            biases_initializer, biases_regularizer, reuse, variables_collections,
            outputs_collections, trainable, scope, rank)

    convolve.__name__ = convolve.__qualname__ = name
    convolve.__doc__ = f"""activation_fn(convolution of inputs with weights + biases).

    Args:
      inputs: Tensor of rank {rank + 2}.
      All others: as of convolution.

    As in TF: tf.contrib.layers.{name}, and tf.contrib.slim's.
    """
    return convolve


@add_arg_scope
def conv2d_transpose(inputs, num_outputs, kernel_size, stride=1, padding="SAME",
                     data_format="NHWC", activation_fn=relu, normalizer_fn=None,
                     normalizer_params=None, weights_initializer=XAVIER,
                     weights_regularizer=None, biases_initializer=ZEROS,
                     biases_regularizer=None, reuse=None, variables_collections=None,
                     outputs_collections=None, trainable=True, scope=None):
    """activation_fn(the transpose of a convolution of inputs + biases).

    Arguments as convolution's. The scope is "Conv2d_transpose" by default.
    As in TF: tf.contrib.layers.conv2d_transpose, tf.contrib.slim.conv2d_transpose.
    """
    with variable_scope(scope, "Conv2d_transpose", [inputs], reuse=reuse,
                        custom_getter=named_getter(NAMES)) as opened:
        inputs = convert_to_tensor(inputs)
        layer = convolutional.Conv2DTranspose(
            num_outputs, _one_or_all(kernel_size), _one_or_all(stride), padding,
            _format(data_format), use_bias=not normalizer_fn and biases_initializer is not None,
            kernel_initializer=weights_initializer, bias_initializer=biases_initializer,
            kernel_regularizer=weights_regularizer, bias_regularizer=biases_regularizer,
            trainable=trainable, name=opened.name, dtype=dtype_of(inputs), _scope=opened,
            _reuse=reuse)
        return finished(layer(inputs), layer, normalizer_fn, normalizer_params, activation_fn,
                        variables_collections, outputs_collections)


@add_arg_scope
def separable_convolution2d(inputs, num_outputs, kernel_size, depth_multiplier=1, stride=1,
                            padding="SAME", data_format="NHWC", rate=1, activation_fn=relu,
                            normalizer_fn=None, normalizer_params=None,
                            weights_initializer=XAVIER, pointwise_initializer=None,
                            weights_regularizer=None, biases_initializer=ZEROS,
                            biases_regularizer=None, reuse=None, variables_collections=None,
                            outputs_collections=None, trainable=True, scope=None):
    """activation_fn(a convolution of each channel by itself, then of the channels, + biases).

    Args:
      num_outputs: int; None leaves the second convolution, of the channels, out.
      depth_multiplier: int, how many channels the first one makes of each.
      weights_initializer, weights_regularizer: of depthwise_weights, and of
        pointwise_weights unless pointwise_initializer is given.
      All others: as convolution's. The scope is "SeparableConv2d" by default.

    As in TF: tf.contrib.layers.separable_conv2d, tf.contrib.slim.separable_conv2d.
    """
    names = {"bias": "biases", "depthwise_kernel": "depthwise_weights",
             "pointwise_kernel": "pointwise_weights"}
    with variable_scope(scope, "SeparableConv2d", [inputs], reuse=reuse,
                        custom_getter=named_getter(names)) as opened:
        inputs = convert_to_tensor(inputs)
        use_bias = not normalizer_fn and biases_initializer is not None
        if num_outputs is None:
            outputs = _depthwise(inputs, kernel_size, depth_multiplier, stride, padding,
                                 data_format, rate, weights_initializer, weights_regularizer,
                                 variables_collections, trainable)
            if use_bias:
                biases = model_variable("biases", outputs.shape[
                    1 if data_format == "NCHW" else -1:][:1], dtype_of(inputs),
                    biases_initializer, biases_regularizer, trainable)
                join_collections(biases, variables_collections, "biases")
                outputs = bias_add(outputs, biases, data_format=data_format)
        else:
            layer = convolutional.SeparableConv2D(
                num_outputs, _one_or_all(kernel_size), _one_or_all(stride), padding,
                _format(data_format), _one_or_all(rate), depth_multiplier, use_bias=use_bias,
                depthwise_initializer=weights_initializer,
                pointwise_initializer=pointwise_initializer or weights_initializer,
                bias_initializer=biases_initializer, depthwise_regularizer=weights_regularizer,
                pointwise_regularizer=weights_regularizer, bias_regularizer=biases_regularizer,
                trainable=trainable, name=opened.name, dtype=dtype_of(inputs), _scope=opened,
                _reuse=reuse)
            outputs = layer(inputs)
            for variable in layer.depthwise_kernel, layer.pointwise_kernel:
                join_collections(variable, variables_collections, "weights")
            join_collections(layer.bias, variables_collections, "biases")
        if normalizer_fn is not None:
            outputs = normalizer_fn(outputs, **(normalizer_params or {}))
        if activation_fn is not None:
            outputs = activation_fn(outputs)
        return collected(outputs_collections, outputs)


def _depthwise(inputs, kernel_size, depth_multiplier, stride, padding, data_format, rate,
               initializer, regularizer, collections, trainable):
    """A convolution of each channel by itself."""
    channels = inputs.shape.as_list()[1 if _format(data_format) == "channels_first" else 3]
    weights = model_variable("depthwise_weights", [*_pair(kernel_size), channels,
                                                   depth_multiplier],
                             dtype_of(inputs), initializer, regularizer, trainable)
    join_collections(weights, collections, "weights")
    strides = [1, 1, *_pair(stride)] if data_format == "NCHW" else [1, *_pair(stride), 1]
    return depthwise_conv2d(inputs, weights, strides, padding, rate=_pair(rate),
                            data_format=data_format)


def _pair(value):
    value = _one_or_all(value)
    return list(value) if isinstance(value, list | tuple) else [value, value]


separable_conv2d = separable_convolution2d

# -- pooling ------------------------------------------------------------------------------

@add_arg_scope
def max_pool2d(inputs, kernel_size, stride=2, padding="VALID", data_format="NHWC",
               outputs_collections=None, scope=None):
    """The greatest entry of each window.

    Args:
      inputs: Tensor, (n, h, w, c), or (n, c, h, w) for data_format "NCHW".
      kernel_size, stride: int or list of 2.
      padding: "VALID" or "SAME".
      outputs_collections: names of collections for the output.
      scope: str; "MaxPool2D" by default.

    As in TF: tf.contrib.layers.max_pool2d, tf.contrib.slim.max_pool2d.
    """
    return _pool(pooling.MaxPooling2D, "MaxPool2D", inputs, kernel_size, stride, padding,
                 data_format, outputs_collections, scope)


@add_arg_scope
def avg_pool2d(inputs, kernel_size, stride=2, padding="VALID", data_format="NHWC",
               outputs_collections=None, scope=None):
    """The mean of each window. Arguments as max_pool2d's; the scope is "AvgPool2D" by default.

    As in TF: tf.contrib.layers.avg_pool2d, tf.contrib.slim.avg_pool2d.
    """
    return _pool(pooling.AveragePooling2D, "AvgPool2D", inputs, kernel_size, stride, padding,
                 data_format, outputs_collections, scope)


def _pool(layer_class, default, inputs, kernel_size, stride, padding, data_format,
          outputs_collections, scope):
    with name_scope(scope, default, [inputs]) as opened:
        layer = layer_class(_one_or_all(kernel_size), _one_or_all(stride), padding,
                            _format(data_format), _scope=opened)
        return collected(outputs_collections, layer(convert_to_tensor(inputs)))


conv1d = convolution1d = _of_rank(1, "convolution1d")
conv2d = convolution2d = _of_rank(2, "convolution2d")
conv3d = convolution3d = _of_rank(3, "convolution3d")
convolution2d_transpose = conv2d_transpose
