"""Convolutions: 1, 2 and 3 dimensions, transposed, and separable.

Images are (n, h, w, c) with data_format "channels_last", the default, and (n, c, h, w) with
"channels_first"; sequences and volumes have one spatial axis less or more. Read next: pooling.py.
"""

from pellucid.core import shapes
from pellucid.layers.base import InputSpec, Layer
from pellucid.layers.core import channels, dtype_of, tuple_of
from pellucid.layers.named import ZEROS, activation_named
from pellucid.ops.arguments import as_tensor
from pellucid.ops.arrays.joining import stack
from pellucid.ops.arrays.shaping import expand_dims, squeeze
from pellucid.ops.arrays.shaping import shape as shape_of
from pellucid.ops.arrays.tiling import pad
from pellucid.ops.conv import convolution as convolutions
from pellucid.ops.conv.depthwise import separable_conv2d as nn_separable_conv2d
from pellucid.ops.neural.biases import bias_add

FORMATS = {("channels_last", 1): "NWC", ("channels_last", 2): "NHWC",
           ("channels_last", 3): "NDHWC", ("channels_first", 1): "NCW",
           ("channels_first", 2): "NCHW", ("channels_first", 3): "NCDHW"}


def padding_named(padding, allowed=("valid", "same")):
    """padding in lower case. ValueError unless it is one of `allowed`."""
    lower = str(padding).lower()
    if lower not in allowed:
        raise ValueError("The `padding` argument must be one of "
                         f"{', '.join(map(repr, allowed))}. Received: {padding}")
    return lower


class Conv(Layer):
    """activation(conv(x, kernel) + bias), in `rank` dimensions: base of Conv1D, Conv2D, Conv3D.

    Args:
      filters: int, the number of output channels.
      kernel_size: int, or one for each dimension.
      strides: the same, the distance between windows.
      padding: "valid", windows stay inside; "same", zeros around, so that with stride 1 the
        output has the input's size; "causal", in one dimension, zeros before the sequence only.
      data_format: "channels_last" or "channels_first".
      dilation_rate: as strides, the distance between the entries under one window.
      activation: function(Tensor) -> Tensor, its name, or None.
      use_bias: bool.
      kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer,
        activity_regularizer, kernel_constraint, bias_constraint, trainable, name: as of Dense.
    """

    rank = 2

    def __init__(self, filters, kernel_size, strides=1, padding="valid",
                 data_format="channels_last", dilation_rate=1, activation=None, use_bias=True,
                 kernel_initializer=None, bias_initializer=ZEROS,
                 kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None,
                 kernel_constraint=None, bias_constraint=None, trainable=True, name=None, **kwargs):
        super().__init__(trainable=trainable, name=name,
                         activity_regularizer=activity_regularizer, **kwargs)
        n = self.rank
        self.filters, self.use_bias = int(filters), use_bias
        self.kernel_size = tuple_of(kernel_size, n, "kernel_size")
        self.strides = tuple_of(strides, n, "strides")
        self.dilation_rate = tuple_of(dilation_rate, n, "dilation_rate")
        self.padding = padding_named(padding, ("valid", "same", "causal")[:3 if n == 1 else 2])
        self.data_format = channels(data_format)
        self.activation = activation_named(activation)
        self.kernel_initializer, self.bias_initializer = kernel_initializer, bias_initializer
        self.kernel_regularizer, self.bias_regularizer = kernel_regularizer, bias_regularizer
        self.kernel_constraint, self.bias_constraint = kernel_constraint, bias_constraint
        self.kernel = self.bias = None
        self.input_spec = InputSpec(ndim=n + 2)

    @property
    def channel_axis(self):
        """int, the axis of the channels."""
        return 1 if self.data_format == "channels_first" else self.rank + 1

    def input_channels(self, input_shape):
        """int, the input's number of channels, which must be known; it is expected from now on."""
        dims = shapes.as_tuple(input_shape)
        size = None if dims is None else dims[self.channel_axis]
        if size is None:
            raise ValueError("The channel dimension of the inputs should be defined. Found `None`.")
        self.input_spec = InputSpec(ndim=self.rank + 2, axes={self.channel_axis: size})
        return size

    def build(self, input_shape):
        """Makes the kernel, shape (*kernel_size, inputs, filters), and the bias, (filters,)."""
        inputs = self.input_channels(input_shape)
        self.add_kernel([*self.kernel_size, inputs, self.filters])
        self.add_bias()

    def add_kernel(self, shape):
        """Makes the kernel."""
        self.kernel = self.add_weight(
            "kernel", shape, initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer, constraint=self.kernel_constraint)

    def add_bias(self):
        """Makes the bias, if there is to be one."""
        if self.use_bias:
            self.bias = self.add_weight(
                "bias", [self.filters], initializer=self.bias_initializer,
                regularizer=self.bias_regularizer, constraint=self.bias_constraint)

    def call(self, inputs):
        """Tensor of rank `rank` + 2."""
        padding = self.padding
        if padding == "causal":
            before = self.dilation_rate[0] * (self.kernel_size[0] - 1)
            around = [[0, 0], [before, 0], [0, 0]]
            if self.data_format == "channels_first":
                around = [[0, 0], [0, 0], [before, 0]]
            inputs, padding = pad(inputs, around), "valid"
        function = (convolutions.conv1d, convolutions.conv2d, convolutions.conv3d)[self.rank - 1]
        strides = self.strides[0] if self.rank == 1 else self.on_all_axes(self.strides)
        dilations = self.dilation_rate[0] if self.rank == 1 else self.on_all_axes(
            self.dilation_rate)
        return self.finish(function(
            inputs, self.kernel, strides, padding.upper(),
            data_format=FORMATS[self.data_format, self.rank], dilations=dilations))

    def on_all_axes(self, values):
        """A list for all axes, of values for the spatial ones."""
        return [1, 1, *values] if self.data_format == "channels_first" else [1, *values, 1]

    def finish(self, outputs):
        """Adds the bias and applies the activation."""
        if self.use_bias:
            first = self.data_format == "channels_first"
            outputs = bias_add(outputs, self.bias, data_format="NCHW" if first else "NHWC")
        return outputs if self.activation is None else self.activation(outputs)


class Conv1D(Conv):
    """A convolution of sequences, (n, w, c). Arguments as of Conv. As in TF: tf.layers.Conv1D."""

    rank = 1


class Conv2D(Conv):
    """A convolution of images, (n, h, w, c). Arguments as of Conv. As in TF: tf.layers.Conv2D."""


class Conv3D(Conv):
    """A convolution of volumes, (n, d, h, w, c). Arguments as of Conv.

    As in TF: tf.layers.Conv3D.
    """

    rank = 3


def _function(layer_class, name):
    """The function tf.layers.<name>, which makes a layer of the class and calls it once."""
    def function(inputs, filters, kernel_size, strides=1, padding="valid",
                 data_format="channels_last", dilation_rate=1, activation=None, use_bias=True,
                 kernel_initializer=None, bias_initializer=ZEROS,
                 kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None,
                 kernel_constraint=None, bias_constraint=None, trainable=True, name=None,
                 reuse=None):
        inputs = as_tensor(inputs)
        return layer_class(
            filters, kernel_size, strides, padding, data_format, dilation_rate, activation,
            use_bias, kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer,
            activity_regularizer, kernel_constraint, bias_constraint, trainable, name,
            dtype=dtype_of(inputs), _scope=name, _reuse=reuse)(inputs)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"""activation(conv(inputs, kernel) + bias).

    Args:
      inputs: Tensor; see {layer_class.__name__}.
      reuse: bool, use the variables of an earlier layer of that name.
      All others: as of {layer_class.__name__}.

    As in TF: tf.layers.{name}.
    """
    return function


conv1d = _function(Conv1D, "conv1d")
conv2d = _function(Conv2D, "conv2d")
conv3d = _function(Conv3D, "conv3d")


# -- transposed ---------------------------------------------------------------------------

class Conv2DTranspose(Conv):
    """The transpose of a convolution: images of few pixels become larger.

    Arguments as of Conv, without dilation_rate; the output has stride times the input's size
    with padding "same". As in TF: tf.layers.Conv2DTranspose.
    """

    def __init__(self, filters, kernel_size, strides=1, padding="valid",
                 data_format="channels_last", *args, **kwargs):
        super().__init__(filters, kernel_size, strides, padding, data_format, 1, *args, **kwargs)

    def build(self, input_shape):
        """Makes the kernel, shape (*kernel_size, filters, inputs), and the bias, (filters,)."""
        inputs = self.input_channels(input_shape)
        self.add_kernel([*self.kernel_size, self.filters, inputs])
        self.add_bias()

    def call(self, inputs):
        """Tensor of inputs' rank."""
        known, dynamic = inputs.spec.shape, shape_of(inputs)
        first = self.data_format == "channels_first"
        sizes, static = [], []
        for i, (kernel, stride) in enumerate(zip(self.kernel_size, self.strides, strict=True)):
            axis = i + (2 if first else 1)
            more = max(kernel - stride, 0) if self.padding == "valid" else 0
            size = None if known is None else known[axis]
            static.append(None if size is None else size * stride + more)
            sizes.append(dynamic[axis] * stride + more if size is None else static[-1])
        batch = None if known is None else known[0]
        wanted = [self.filters, *sizes] if first else [*sizes, self.filters]
        static = [self.filters, *static] if first else [*static, self.filters]
        function = (None, None, convolutions.conv2d_transpose,
                    convolutions.conv3d_transpose)[self.rank]
        outputs = function(
            inputs, self.kernel, stack([dynamic[0] if batch is None else batch, *wanted]),
            self.on_all_axes(self.strides), self.padding.upper(),
            data_format=FORMATS[self.data_format, self.rank])
        outputs.set_shape([batch, *static])
        return self.finish(outputs)


class Conv3DTranspose(Conv2DTranspose):
    """The transpose of a convolution of volumes. See Conv2DTranspose.

    As in TF: tf.layers.Conv3DTranspose.
    """

    rank = 3


def _transpose_function(layer_class, name):
    """The function tf.layers.<name>, which makes a layer of the class and calls it once."""
    def function(inputs, filters, kernel_size, strides=1, padding="valid",
                 data_format="channels_last", activation=None, use_bias=True,
                 kernel_initializer=None, bias_initializer=ZEROS,
                 kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None,
                 kernel_constraint=None, bias_constraint=None, trainable=True, name=None,
                 reuse=None):
        inputs = as_tensor(inputs)
        return layer_class(
            filters, kernel_size, strides, padding, data_format, activation, use_bias,
            kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer,
            activity_regularizer, kernel_constraint, bias_constraint, trainable, name,
            dtype=dtype_of(inputs), _scope=name, _reuse=reuse)(inputs)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"""activation(the transpose of a convolution of inputs + bias).

    Args:
      inputs: Tensor; see {layer_class.__name__}.
      reuse: bool, use the variables of an earlier layer of that name.
      All others: as of {layer_class.__name__}.

    As in TF: tf.layers.{name}.
    """
    return function


conv2d_transpose = _transpose_function(Conv2DTranspose, "conv2d_transpose")
conv3d_transpose = _transpose_function(Conv3DTranspose, "conv3d_transpose")


# -- separable ----------------------------------------------------------------------------

class SeparableConv2D(Conv):
    """Each channel convolved by itself, then the channels mixed, pixel by pixel (Chollet 2017).

    Args:
      depth_multiplier: int, how many outputs each channel has before they are mixed.
      depthwise_initializer, pointwise_initializer, and so on: of the two kernels,
        "depthwise_kernel" and "pointwise_kernel".
      All others: as of Conv.

    As in TF: tf.layers.SeparableConv2D.
    """

    def __init__(self, filters, kernel_size, strides=1, padding="valid",
                 data_format="channels_last", dilation_rate=1, depth_multiplier=1, activation=None,
                 use_bias=True, depthwise_initializer=None, pointwise_initializer=None,
                 bias_initializer=ZEROS, depthwise_regularizer=None,
                 pointwise_regularizer=None, bias_regularizer=None, activity_regularizer=None,
                 depthwise_constraint=None, pointwise_constraint=None, bias_constraint=None,
                 trainable=True, name=None, **kwargs):
        super().__init__(
            filters, kernel_size, strides, padding, data_format, dilation_rate, activation,
            use_bias, bias_initializer=bias_initializer, bias_regularizer=bias_regularizer,
            activity_regularizer=activity_regularizer, bias_constraint=bias_constraint,
            trainable=trainable, name=name, **kwargs)
        if self.padding == "causal":
            raise ValueError("SeparableConv1D: padding must be 'valid' or 'same'; pad the input "
                             "with tf.pad for a causal one.")
        self.depth_multiplier = depth_multiplier
        self._depthwise = (depthwise_initializer, depthwise_regularizer, depthwise_constraint)
        self._pointwise = (pointwise_initializer, pointwise_regularizer, pointwise_constraint)
        self.depthwise_kernel = self.pointwise_kernel = None

    def build(self, input_shape):
        """Makes both kernels and the bias."""
        inputs = self.input_channels(input_shape)
        kernels = []
        for name, shape, (initializer, regularizer, constraint) in (
                ("depthwise_kernel", [*self.kernel_size, inputs, self.depth_multiplier],
                 self._depthwise),
                ("pointwise_kernel", [1] * self.rank + [inputs * self.depth_multiplier,
                                                       self.filters], self._pointwise)):
            kernels.append(self.add_weight(name, shape, initializer=initializer,
                                           regularizer=regularizer, constraint=constraint))
        self.depthwise_kernel, self.pointwise_kernel = kernels
        self.add_bias()

    def call(self, inputs):
        """Tensor of inputs' rank."""
        kernels, strides = [self.depthwise_kernel, self.pointwise_kernel], self.strides
        rates, first = self.dilation_rate, self.data_format == "channels_first"
        axis = 2 if first else 1
        if self.rank == 1:                           # an image one pixel high
            inputs, strides, rates = expand_dims(inputs, axis), strides * 2, (1, *rates)
            kernels = [expand_dims(kernel, 0) for kernel in kernels]
        outputs = nn_separable_conv2d(
            inputs, *kernels, [1, 1, *strides] if first else [1, *strides, 1],
            self.padding.upper(), rate=rates, data_format=FORMATS[self.data_format, 2])
        return self.finish(squeeze(outputs, [axis]) if self.rank == 1 else outputs)


class SeparableConv1D(SeparableConv2D):
    """SeparableConv2D of sequences. As in TF: tf.layers.SeparableConv1D."""

    rank = 1


def _separable_function(layer_class, name):
    """The function tf.layers.<name>, which makes a layer of the class and calls it once."""
    def function(inputs, filters, kernel_size, strides=1, padding="valid",
                 data_format="channels_last", dilation_rate=1, depth_multiplier=1,
                 activation=None, use_bias=True, depthwise_initializer=None,
                 pointwise_initializer=None, bias_initializer=ZEROS,
                 depthwise_regularizer=None, pointwise_regularizer=None, bias_regularizer=None,
                 activity_regularizer=None, depthwise_constraint=None, pointwise_constraint=None,
                 bias_constraint=None, trainable=True, name=None, reuse=None):
        inputs = as_tensor(inputs)
        return layer_class(
            filters, kernel_size, strides, padding, data_format, dilation_rate, depth_multiplier,
            activation, use_bias, depthwise_initializer, pointwise_initializer, bias_initializer,
            depthwise_regularizer, pointwise_regularizer, bias_regularizer, activity_regularizer,
            depthwise_constraint, pointwise_constraint, bias_constraint, trainable, name,
            dtype=dtype_of(inputs), _scope=name, _reuse=reuse)(inputs)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"""activation(a separable convolution of inputs + bias).

    Args:
      inputs: Tensor; see {layer_class.__name__}.
      reuse: bool, use the variables of an earlier layer of that name.
      All others: as of {layer_class.__name__}.

    As in TF: tf.layers.{name}.
    """
    return function


separable_conv1d = _separable_function(SeparableConv1D, "separable_conv1d")
separable_conv2d = _separable_function(SeparableConv2D, "separable_conv2d")
