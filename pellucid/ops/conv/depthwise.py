"""Convolution of each channel by itself, its backward passes, and separable convolution.

Read next: convolve.py for the arithmetic.
"""

from pellucid.core import dtypes
from pellucid.core.gradients import RegisterGradient
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec, merge
from pellucid.ops.arguments import as_tensor, build, check_allowed, name_scope, same_dtype
from pellucid.ops.arrays.shaping import only_one, shape
from pellucid.ops.conv.convolution import attributes, conv2d, narrow, wide
from pellucid.ops.conv.convolve import (
    convolve_depthwise,
    depthwise_back_to_image,
    depthwise_back_to_kernel,
)
from pellucid.ops.conv.windows import (
    Windows,
    check_only_spatial,
    check_rank,
    is_channels_first,
    padding_attrs,
    per_axis,
)

_ATTRS = {"strides": (1, 1, 1, 1), "padding": "VALID", "explicit_paddings": (),
          "data_format": "NHWC", "dilations": (1, 1, 1, 1)}


class DepthwiseConv2dNative(Operation):
    """Images (n, h, w, c) with m kernels a channel, (h, w, c, m), to (n, h, w, c m)."""

    op_type, attrs, fresh = "DepthwiseConv2dNative", _ATTRS, True

    def infer(self, input, filter):
        windows = _check(self, input, filter, ("input", "filter"))
        x, w = input.shape or (None,) * 4, filter.shape or (None,) * 4
        channels, = merge((windows.channels(x),), (w[2],))
        out = None if None in (channels, w[3]) else channels * w[3]
        return Spec(input.dtype, windows.join(
            x[0], windows.count(windows.spatial(x), w[:2]), out))

    def compute(self, input, filter):
        windows = Windows(self)
        x, w = windows.last(wide(input)), wide(filter)
        how = _how(windows, x.shape[1:], w.shape)
        return windows.back(narrow(convolve_depthwise(x, w, how), input))


class DepthwiseConv2dNativeBackpropInput(Operation):
    """The gradient with respect to the images, of shape input_sizes."""

    op_type, attrs, fresh = "DepthwiseConv2dNativeBackpropInput", _ATTRS, True
    static_inputs = (0,)

    def infer(self, input_sizes, filter, out_backprop):
        _check(self, out_backprop, filter, ("out_backprop", "filter"))
        check_allowed("input_sizes", input_sizes.dtype, (dtypes.int32,))
        sizes = input_sizes.as_shape() or (None,) * 4
        if len(sizes) != 4:
            raise ValueError(f"input_sizes must have 4 entries, not {len(sizes)}.")
        given = out_backprop.shape or (None,) * 4
        return Spec(out_backprop.dtype, (*merge(sizes[:1], given[:1]), *sizes[1:]))

    def compute(self, input_sizes, filter, out_backprop):
        windows = Windows(self)
        w, grad = wide(filter), windows.last(wide(out_backprop))
        sizes = input_sizes.tolist()
        spatial = windows.spatial(sizes)
        how = _how(windows, (*spatial, windows.channels(sizes)), w.shape, grad.shape)
        if sizes[0] != len(grad):
            raise ValueError(f"input_sizes has a batch of {sizes[0]}, but out_backprop has "
                             f"one of {len(grad)}.")
        x = depthwise_back_to_image(spatial, w, grad, how)
        return windows.back(narrow(x, out_backprop))


class DepthwiseConv2dNativeBackpropFilter(Operation):
    """The gradient with respect to the kernels, of shape filter_sizes."""

    op_type, attrs, fresh = "DepthwiseConv2dNativeBackpropFilter", _ATTRS, True
    static_inputs = (1,)

    def infer(self, input, filter_sizes, out_backprop):
        _check(self, input, out_backprop, ("input", "out_backprop"))
        check_allowed("filter_sizes", filter_sizes.dtype, (dtypes.int32,))
        sizes = filter_sizes.as_shape() or (None,) * 4
        if len(sizes) != 4:
            raise ValueError(f"filter_sizes must have 4 entries, not {len(sizes)}.")
        return Spec(input.dtype, sizes)

    def compute(self, input, filter_sizes, out_backprop):
        windows = Windows(self)
        x, grad = windows.last(wide(input)), windows.last(wide(out_backprop))
        sizes = filter_sizes.tolist()
        how = _how(windows, x.shape[1:], sizes, grad.shape)
        return narrow(depthwise_back_to_kernel(x, grad, sizes[:2], how), input)


# The gradients of each are made of the other two, as in convolution.py.

@RegisterGradient("DepthwiseConv2dNative")
def _depthwise_gradient(op, grad):
    x, w = op.inputs
    return (lambda: DepthwiseConv2dNativeBackpropInput(
                [shape(x), w, grad], **attributes(op)).output,
            lambda: DepthwiseConv2dNativeBackpropFilter(
                [x, shape(w), grad], **attributes(op)).output)


@RegisterGradient("DepthwiseConv2dNativeBackpropInput")
def _depthwise_image_gradient(op, grad):
    _, w, out_backprop = op.inputs
    return (None,
            lambda: DepthwiseConv2dNativeBackpropFilter(
                [grad, shape(w), out_backprop], **attributes(op)).output,
            lambda: DepthwiseConv2dNative([grad, w], **attributes(op)).output)


@RegisterGradient("DepthwiseConv2dNativeBackpropFilter")
def _depthwise_kernel_gradient(op, grad):
    x, _, out_backprop = op.inputs
    return (lambda: DepthwiseConv2dNativeBackpropInput(
                [shape(x), grad, out_backprop], **attributes(op)).output,
            None,
            lambda: DepthwiseConv2dNative([x, grad], **attributes(op)).output)


def _check(op, x, w, names):
    for name, spec in zip(names, (x, w), strict=True):
        check_allowed(name, spec.dtype, dtypes.FLOATING)
        check_rank(name, spec, 4)
    same_dtype(x, w, names)
    windows = Windows(op)
    check_only_spatial("strides", op.strides, windows.channels_first)
    check_only_spatial("dilations", op.dilations, windows.channels_first)
    if op.padding == "EXPLICIT" and len(op.explicit_paddings) != 8:
        raise ValueError("explicit padding must have a pair for each of 4 axes.")
    return windows


def _how(windows, image, w_shape, grad_shape=None):
    """(strides, pads, dilations) of arrays, whose shapes must fit."""
    *sizes, c = image
    *kernel, channels, m = w_shape
    counts = windows.count(sizes, kernel)
    if c != channels:
        raise ValueError(f"the images have {c} channels, but the filter is for {channels}.")
    if grad_shape is not None and tuple(grad_shape[1:]) != (*counts, c * m):
        raise ValueError(f"out_backprop has {tuple(grad_shape[1:])}, but the convolution gives "
                         f"{(*counts, c * m)} (spatial axes, channels).")
    return windows.strides, windows.pads(sizes, kernel), windows.dilations


# -- public functions ----------------------------------------------------------------------

def depthwise_conv2d_native(input, filter, strides, padding, data_format="NHWC",
                            dilations=(1, 1, 1, 1), name=None):
    """Each channel convolved with kernels of its own: output channel c m + j is of channel c.

    Args:
      input: Tensor of floats, shape (n, h, w, c).
      filter: Tensor of the same dtype, shape (kernel h, kernel w, c, m).
      strides, padding, data_format, dilations: as for tf.nn.conv2d.

    Returns:
      Tensor of input's dtype, shape (n, out h, out w, c m).

    As in TF: tf.nn.depthwise_conv2d_native (op type DepthwiseConv2dNative).
    """
    return build(DepthwiseConv2dNative, {"input": input, "filter": filter}, name,
                 **_attrs(strides, padding, data_format, dilations)).output


def depthwise_conv2d_native_backprop_input(input_sizes, filter, out_backprop, strides, padding,
                                           data_format="NHWC", dilations=(1, 1, 1, 1),
                                           name=None):
    """The gradient of depthwise_conv2d_native with respect to its input, of shape input_sizes.

    As in TF: tf.nn.depthwise_conv2d_native_backprop_input.
    """
    inputs = {"input_sizes": input_sizes, "filter": filter, "out_backprop": out_backprop}
    return build(DepthwiseConv2dNativeBackpropInput, inputs, name, ints=("input_sizes",),
                 **_attrs(strides, padding, data_format, dilations)).output


def depthwise_conv2d_native_backprop_filter(input, filter_sizes, out_backprop, strides, padding,
                                            data_format="NHWC", dilations=(1, 1, 1, 1),
                                            name=None):
    """The gradient of depthwise_conv2d_native with respect to its filter, of shape filter_sizes.

    As in TF: tf.nn.depthwise_conv2d_native_backprop_filter.
    """
    inputs = {"input": input, "filter_sizes": filter_sizes, "out_backprop": out_backprop}
    return build(DepthwiseConv2dNativeBackpropFilter, inputs, name, ints=("filter_sizes",),
                 **_attrs(strides, padding, data_format, dilations)).output


def depthwise_conv2d(input, filter, strides, padding, rate=None, name=None, data_format=None,
                     dilations=None):
    """depthwise_conv2d_native, in which `rate` (or dilations) is 2 ints, for h and w.

    As in TF: tf.nn.depthwise_conv2d (op type DepthwiseConv2dNative).
    """
    rate = only_one("dilations", dilations, "rate", rate)
    with name_scope(name, "depthwise", [input, filter]) as scope:
        return DepthwiseConv2dNative(
            [as_tensor(input, name="tensor_in"), as_tensor(filter, name="filter_in")], scope,
            **_attrs(strides, padding, data_format, rate)).output


def separable_conv2d(input, depthwise_filter, pointwise_filter, strides, padding, rate=None,
                     name=None, data_format=None, dilations=None):
    """depthwise_conv2d, then a convolution with a kernel of one pixel that mixes the channels.

    Args:
      input: Tensor of floats, shape (n, h, w, c).
      depthwise_filter: Tensor, shape (kernel h, kernel w, c, m).
      pointwise_filter: Tensor, shape (1, 1, c m, out).
      strides, padding, rate, data_format, dilations: of the depthwise part.

    As in TF: tf.nn.separable_conv2d (op types DepthwiseConv2dNative, Conv2D).
    """
    rate = only_one("dilations", dilations, "rate", rate)
    with name_scope(name, "separable_conv2d", [input, depthwise_filter, pointwise_filter]) as scope:
        pointwise = as_tensor(pointwise_filter, name="pointwise_filter")
        if pointwise.spec.shape is not None:
            check_rank("pointwise_filter", pointwise.spec, 4)
            merge(pointwise.spec.shape[:2], (1, 1))
        depthwise = depthwise_conv2d(input, depthwise_filter, strides, padding, rate,
                                     "depthwise", data_format)
        return conv2d(depthwise, pointwise, 1, "VALID", data_format=data_format or "NHWC",
                      name=scope)


def _attrs(strides, padding, data_format, dilations):
    first = is_channels_first(data_format, 4)
    return {**padding_attrs(padding), "data_format": data_format or "NHWC",
            "strides": per_axis("strides", strides, 4, first),
            "dilations": per_axis("dilations", dilations, 4, first)}
