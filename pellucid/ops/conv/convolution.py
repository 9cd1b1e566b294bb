"""Convolution in one, two and three dimensions, its backward passes, and its transpose.

The backward passes are operations of their own, linear in each input like convolution itself:
the gradients of all three are made of the other two. Read next: convolve.py for the arithmetic,
depthwise.py, pooling.py.
"""

import numpy as np

from pellucid.core import dtypes
from pellucid.core.arrays import array_namespace
from pellucid.core.gradients import RegisterGradient
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec, merge
from pellucid.ops.arguments import as_integers, as_tensor, build, check_allowed, name_scope
from pellucid.ops.arrays.shaping import expand_dims, only_one, shape, squeeze
from pellucid.ops.conv.convolve import convolve, convolve_back_to_image, convolve_back_to_kernel
from pellucid.ops.conv.windows import (
    Windows,
    check_only_spatial,
    check_rank,
    is_channels_first,
    padding_attrs,
    per_axis,
)

CONVOLVED = dtypes.FLOATING | {dtypes.int32}
_2D = {"strides": (1, 1, 1, 1), "use_cudnn_on_gpu": True, "padding": "VALID",
       "explicit_paddings": (), "data_format": "NHWC", "dilations": (1, 1, 1, 1)}
_3D = {"strides": (1, 1, 1, 1, 1), "padding": "VALID", "data_format": "NDHWC",
       "dilations": (1, 1, 1, 1, 1)}


class Convolution(Operation):
    """y[n, i, o] = sum over k, c of x[n, stride i + dilation k - before, c] w[k, c, o].

    i and k run over all spatial axes; outside of the image x is 0. Where x has a multiple of the
    channels of w, both are split into groups that are convolved one by one.
    """

    attrs, fresh = _2D, True

    def infer(self, input, filter):
        windows, rank = _check(self, input, filter, ("input", "filter"))
        x = input.shape or (None,) * rank
        w = filter.shape or (None,) * rank
        check_channels(windows.channels(x), w[-2])
        return Spec(input.dtype, windows.join(
            x[0], windows.count(windows.spatial(x), w[:-2]), w[-1]))

    def compute(self, input, filter):
        windows = Windows(self)
        x, w = windows.last(wide(input)), wide(filter)
        how, groups = _prepare(windows, x.shape[1:-1], x.shape[-1], w.shape)
        y = _by_groups(groups, lambda a, b: convolve(a, b, how), x, w)
        return windows.back(narrow(y, input))


class BackToImage(Operation):
    """The gradient of a convolution with respect to its image, of shape input_sizes."""

    attrs, fresh = _2D, True
    static_inputs = (0,)

    def infer(self, input_sizes, filter, out_backprop):
        windows, rank = _check(self, out_backprop, filter, ("out_backprop", "filter"))
        check_allowed("input_sizes", input_sizes.dtype, (dtypes.int32, dtypes.int64))
        sizes = input_sizes.as_shape() or (None,) * rank
        if len(sizes) != rank:
            raise ValueError(f"input_sizes must have {rank} entries, not {len(sizes)}.")
        w = filter.shape or (None,) * rank
        given = out_backprop.shape or (None,) * rank
        check_channels(windows.channels(sizes), w[-2])
        merge((windows.channels(given),), (w[-1],))
        merge(windows.spatial(given), windows.count(windows.spatial(sizes), w[:-2]))
        return Spec(out_backprop.dtype, (*merge(sizes[:1], given[:1]), *sizes[1:]))

    def compute(self, input_sizes, filter, out_backprop):
        windows = Windows(self)
        sizes = input_sizes.tolist()
        w, grad = wide(filter), windows.last(wide(out_backprop))
        spatial = windows.spatial(sizes)
        how, groups = _prepare(windows, spatial, windows.channels(sizes), w.shape, grad.shape)
        if sizes[0] != len(grad):
            raise ValueError(f"input_sizes has a batch of {sizes[0]}, but out_backprop has "
                             f"one of {len(grad)}.")
        x = _by_groups(groups, lambda a, b: convolve_back_to_image(spatial, a, b, how), w, grad)
        return windows.back(narrow(x, out_backprop))


class BackToKernel(Operation):
    """The gradient of a convolution with respect to its kernel, of shape filter_sizes."""

    attrs, fresh = _2D, True
    static_inputs = (1,)

    def infer(self, input, filter_sizes, out_backprop):
        _, rank = _check(self, input, out_backprop, ("input", "out_backprop"))
        check_allowed("filter_sizes", filter_sizes.dtype, (dtypes.int32, dtypes.int64))
        sizes = filter_sizes.as_shape() or (None,) * rank
        if len(sizes) != rank:
            raise ValueError(f"filter_sizes must have {rank} entries, not {len(sizes)}.")
        return Spec(input.dtype, sizes)

    def compute(self, input, filter_sizes, out_backprop):
        windows = Windows(self)
        sizes = filter_sizes.tolist()
        x, grad = windows.last(wide(input)), windows.last(wide(out_backprop))
        how, groups = _prepare(windows, x.shape[1:-1], x.shape[-1], sizes, grad.shape)
        w = _by_groups(groups, lambda a, b: convolve_back_to_kernel(a, b, sizes[:-2], how),
                       x, grad)
        return narrow(w, input)


class Conv2D(Convolution):
    """Images (n, h, w, c) with a kernel (h, w, c, out)."""

    op_type = "Conv2D"


class Conv2DBackpropInput(BackToImage):
    """The gradient of Conv2D with respect to its images."""

    op_type = "Conv2DBackpropInput"


class Conv2DBackpropFilter(BackToKernel):
    """The gradient of Conv2D with respect to its kernel."""

    op_type = "Conv2DBackpropFilter"


class Conv3D(Convolution):
    """Volumes (n, d, h, w, c) with a kernel (d, h, w, c, out)."""

    op_type, attrs = "Conv3D", _3D


class Conv3DBackpropInputV2(BackToImage):
    """The gradient of Conv3D with respect to its volumes."""

    op_type, attrs = "Conv3DBackpropInputV2", _3D


class Conv3DBackpropFilterV2(BackToKernel):
    """The gradient of Conv3D with respect to its kernel."""

    op_type, attrs = "Conv3DBackpropFilterV2", _3D


_FAMILIES = {4: (Conv2D, Conv2DBackpropInput, Conv2DBackpropFilter),
             5: (Conv3D, Conv3DBackpropInputV2, Conv3DBackpropFilterV2)}


# With y = conv(x, w): dx = back_to_image(w, dy) and dw = back_to_kernel(x, dy). As
# <dy, conv(x, w)> is linear in each of x, w, dy, the gradients of these follow by swapping roles.

@RegisterGradient("Conv2D")
@RegisterGradient("Conv3D")
def _convolution_gradient(op, grad):
    x, w = op.inputs
    _, to_image, to_kernel = _FAMILIES[len(op.strides)]
    return (lambda: to_image([shape(x), w, grad], **attributes(op)).output,
            lambda: to_kernel([x, shape(w), grad], **attributes(op)).output)


@RegisterGradient("Conv2DBackpropInput")
@RegisterGradient("Conv3DBackpropInputV2")
def _back_to_image_gradient(op, grad):
    _, w, out_backprop = op.inputs
    forward, _, to_kernel = _FAMILIES[len(op.strides)]
    return (None, lambda: to_kernel([grad, shape(w), out_backprop], **attributes(op)).output,
            lambda: forward([grad, w], **attributes(op)).output)


@RegisterGradient("Conv2DBackpropFilter")
@RegisterGradient("Conv3DBackpropFilterV2")
def _back_to_kernel_gradient(op, grad):
    x, _, out_backprop = op.inputs
    forward, to_image, _ = _FAMILIES[len(op.strides)]
    return (lambda: to_image([shape(x), grad, out_backprop], **attributes(op)).output, None,
            lambda: forward([x, grad], **attributes(op)).output)


def attributes(op):
    """{name: value} of all attributes, for an operation of the same family."""
    return {name: getattr(op, name) for name in op.attrs}


def _check(op, x, w, names):
    """(Windows, rank), after checks of types, ranks, strides and dilations."""
    rank = len(op.strides)
    for name, spec in zip(names, (x, w), strict=True):
        check_allowed(name, spec.dtype, CONVOLVED)
        check_rank(name, spec, rank)
    if None not in (x.dtype, w.dtype) and x.dtype is not w.dtype:
        raise TypeError(f"{names[1]} has type {w.dtype.name}, which does not match type "
                        f"{x.dtype.name} of {names[0]}.")
    windows = Windows(op)
    check_only_spatial("strides", op.strides, windows.channels_first)
    check_only_spatial("dilations", op.dilations, windows.channels_first)
    if op.padding == "EXPLICIT" and len(op.explicit_paddings) != 2 * rank:
        raise ValueError(f"explicit padding must have a pair for each of {rank} axes.")
    return windows, rank


def check_channels(have, want):
    """Raises ValueError unless images of `have` channels can meet kernels of `want`."""
    if None not in (have, want) and (have != want if want == 0 else have % want):
        raise ValueError(f"Depth of input ({have}) is not a multiple of input depth of filter "
                         f"({want}).")


def _prepare(windows, sizes, channels, w_shape, grad_shape=None):
    """(how, groups) of the arrays of a run, which must fit each other."""
    kernel = w_shape[:-2]
    check_channels(channels, w_shape[-2])
    counts = windows.count(sizes, kernel)
    if grad_shape is not None and (tuple(grad_shape[1:-1]) != counts
                                   or grad_shape[-1] != w_shape[-1]):
        raise ValueError(f"out_backprop has {(*grad_shape[1:-1], grad_shape[-1])}, but the "
                         f"convolution gives {(*counts, w_shape[-1])} (spatial axes, channels).")
    groups = channels // w_shape[-2] if w_shape[-2] else 1
    return (windows.strides, windows.pads(sizes, kernel), windows.dilations), max(groups, 1)


def _by_groups(groups, function, *arrays):
    """function of each group of channels, which are the last axis of arguments and result."""
    if groups == 1:
        return function(*arrays)
    xp = array_namespace(*arrays)
    parts = zip(*[xp.split(a, groups, -1) for a in arrays], strict=True)
    return xp.concatenate([function(*part) for part in parts], -1)


def wide(x):
    """Half precision as float32, in which NumPy has fast products and sums lose nothing."""
    if array_namespace(x) is np and x.dtype.itemsize == 2 and x.dtype.kind in "fV":
        return x.astype(np.float32)
    return x


def narrow(y, like):
    """An array in the precision of the argument that was made wide."""
    return y if y.dtype == like.dtype else y.astype(like.dtype)


# -- public functions ----------------------------------------------------------------------

def conv2d(input, filter=None, strides=None, padding=None, use_cudnn_on_gpu=True,
           data_format="NHWC", dilations=(1, 1, 1, 1), name=None, filters=None):
    """The convolution of images with a kernel, which is not flipped (a cross-correlation).

    Args:
      input: Tensor, float or int32, shape (n, h, w, c).
      filter, filters: Tensor of input's dtype, shape (kernel h, kernel w, c, out).
      strides: int or list of 1, 2 or 4, the distance between windows.
      padding: "VALID", no window reaches over the border; "SAME", zeros around the image (of an
        odd number, more at the bottom and right) so that ceil(h / stride) windows fit; or a list
        of (before, after) for each of the four axes.
      use_cudnn_on_gpu: a hint; the result is the same.
      data_format: "NHWC", or "NCHW" for images (n, c, h, w).
      dilations: as strides, the distance between the pixels under one window.

    Returns:
      Tensor of input's dtype, shape (n, out h, out w, out).

    Raises:
      ValueError: the channels do not fit, or a window is larger than the image.

    As in TF: tf.nn.conv2d (op type Conv2D).
    """
    return build(Conv2D, {"input": input, "filter": only_one("filters", filters, "filter", filter)},
                 name, **_attrs(4, strides, padding, data_format, dilations,
                                use_cudnn_on_gpu=use_cudnn_on_gpu)).output


def conv2d_backprop_input(input_sizes, filter=None, out_backprop=None, strides=None,
                          padding=None, use_cudnn_on_gpu=True, data_format="NHWC",
                          dilations=(1, 1, 1, 1), name=None, filters=None):
    """The gradient of conv2d with respect to its input.

    Args:
      input_sizes: int32 vector of 4, the shape of the input.
      filter, filters: as for conv2d.
      out_backprop: Tensor, the gradient with respect to what conv2d returned.
      strides, padding, use_cudnn_on_gpu, data_format, dilations: as for conv2d.

    As in TF: tf.nn.conv2d_backprop_input (op type Conv2DBackpropInput).
    """
    inputs = {"input_sizes": input_sizes,
              "filter": only_one("filters", filters, "filter", filter),
              "out_backprop": out_backprop}
    return build(Conv2DBackpropInput, inputs, name, ints=("input_sizes",),
                 **_attrs(4, strides, padding, data_format, dilations,
                          use_cudnn_on_gpu=use_cudnn_on_gpu)).output


def conv2d_backprop_filter(input, filter_sizes, out_backprop, strides, padding,
                           use_cudnn_on_gpu=True, data_format="NHWC", dilations=(1, 1, 1, 1),
                           name=None):
    """The gradient of conv2d with respect to its filter, whose shape is filter_sizes.

    The other arguments are as for conv2d and conv2d_backprop_input.

    As in TF: tf.nn.conv2d_backprop_filter (op type Conv2DBackpropFilter).
    """
    inputs = {"input": input, "filter_sizes": filter_sizes, "out_backprop": out_backprop}
    return build(Conv2DBackpropFilter, inputs, name, ints=("filter_sizes",),
                 **_attrs(4, strides, padding, data_format, dilations,
                          use_cudnn_on_gpu=use_cudnn_on_gpu)).output


def conv2d_transpose(value=None, filter=None, output_shape=None, strides=None, padding="SAME",
                     data_format="NHWC", name=None, input=None, filters=None, dilations=None):
    """The transpose of conv2d, which is its gradient: images of few pixels become larger.

    Args:
      value, input: Tensor, shape (n, h, w, c).
      filter, filters: Tensor of the same dtype, shape (kernel h, kernel w, out, c).
      output_shape: list or int32 Tensor, (n, out h, out w, out): conv2d of such an image with
        this filter and these strides must have value's shape.
      strides, padding, data_format, dilations: as for conv2d.

    As in TF: tf.nn.conv2d_transpose (op type Conv2DBackpropInput).
    """
    return _transposed(
        "conv2d_transpose", only_one("input", input, "value", value),
        only_one("filters", filters, "filter", filter), output_shape, name,
        _attrs(4, strides, padding, data_format, dilations))


def conv3d(input, filter=None, strides=None, padding=None, data_format="NDHWC",
           dilations=(1, 1, 1, 1, 1), name=None, filters=None):
    """The convolution of volumes (n, d, h, w, c) with a kernel (d, h, w, c, out).

    strides, padding and dilations are as for conv2d, with one more axis; data_format is "NDHWC"
    or "NCDHW".

    As in TF: tf.nn.conv3d (op type Conv3D).
    """
    return build(Conv3D, {"input": input, "filter": only_one("filters", filters, "filter", filter)},
                 name, **_attrs(5, strides, padding, data_format, dilations)).output


def conv3d_backprop_filter(input, filter_sizes, out_backprop, strides, padding,
                           data_format="NDHWC", dilations=(1, 1, 1, 1, 1), name=None):
    """The gradient of conv3d with respect to its filter, whose shape is filter_sizes.

    As in TF: tf.nn.conv3d_backprop_filter (op type Conv3DBackpropFilterV2).
    """
    inputs = {"input": input, "filter_sizes": filter_sizes, "out_backprop": out_backprop}
    return build(Conv3DBackpropFilterV2, inputs, name, ints=("filter_sizes",),
                 **_attrs(5, strides, padding, data_format, dilations)).output


def conv3d_transpose(value, filter=None, output_shape=None, strides=None, padding="SAME",
                     data_format="NDHWC", name=None, input=None, filters=None, dilations=None):
    """The transpose of conv3d; arguments as for conv2d_transpose, with one more axis.

    As in TF: tf.nn.conv3d_transpose (op type Conv3DBackpropInputV2).
    """
    return _transposed(
        "conv3d_transpose", only_one("input", input, "value", value),
        only_one("filters", filters, "filter", filter), output_shape, name,
        _attrs(5, strides, padding, data_format, dilations))


def _transposed(default, value, kernel, output_shape, name, attrs):
    if output_shape is None:
        raise ValueError("output_shape must be given: several shapes have the same convolution.")
    to_image = _FAMILIES[len(attrs["strides"])][1]
    with name_scope(name, default, [value, kernel, output_shape]) as scope:
        sizes = as_integers(output_shape, "input_sizes")
        kernel = as_tensor(kernel, name="filter")
        return to_image([sizes, kernel, as_tensor(value, name="out_backprop")], scope,
                        **attrs).output


def _attrs(rank, strides, padding, data_format, dilations, **others):
    """The attributes of a convolution, from what users write."""
    first = is_channels_first(data_format, rank)
    if strides is None:
        raise TypeError("strides must be given.")
    attrs = {**others, **padding_attrs(padding, explicit=rank == 4),
             "data_format": data_format or ("NHWC" if rank == 4 else "NDHWC"),
             "strides": per_axis("strides", strides, rank, first)}
    if dilations is not None:
        attrs["dilations"] = per_axis("dilations", dilations, rank, first)
    return attrs


def conv1d(value=None, filters=None, stride=None, padding=None, use_cudnn_on_gpu=None,
           data_format=None, name=None, input=None, dilations=None):
    """The convolution of sequences, (n, w, c) or "NCW", with a kernel (kernel w, c, out).

    stride and dilations are ints or lists of 1 or 3; padding and the rest are as for conv2d.

    As in TF: tf.nn.conv1d (op type Conv2D, of images one pixel high).
    """
    value = only_one("input", input, "value", value)
    first = is_channels_first(data_format, 3)
    axis = 2 if first else 1
    strides, dilations = (per_axis(label, given, 3, first) for label, given in (
        ("stride", stride), ("dilations", dilations)))
    strides, dilations = ((*e[:axis], 1, *e[axis:]) for e in (strides, dilations))
    if isinstance(padding, list | tuple):
        padding = [*padding[:axis], (0, 0), *padding[axis:]]
    with name_scope(name, "conv1d", [value, filters]) as scope:
        images = expand_dims(value, axis)
        kernel = expand_dims(filters, 0)
        result = conv2d(images, kernel, strides, padding, use_cudnn_on_gpu is not False,
                        "NCHW" if first else "NHWC", dilations, name=scope)
        return squeeze(result, [axis])


def convolution(input, filter=None, padding=None, strides=None, dilation_rate=None, name=None,
                data_format=None, filters=None, dilations=None):
    """conv1d, conv2d or conv3d, by the number of the kernel's dimensions.

    Args:
      input: Tensor, shape (n, *spatial, c), or (n, c, *spatial) for data_format "NC...".
      filter, filters: Tensor, shape (*kernel, c, out).
      padding: "VALID" or "SAME".
      strides: int or list with one for each spatial axis.
      dilation_rate, dilations: the same for the distance between the pixels of a window.

    As in TF: tf.nn.convolution.
    """
    kernel = as_tensor(only_one("filters", filters, "filter", filter))
    dilations = only_one("dilations", dilations, "dilation_rate", dilation_rate)
    rank = kernel.spec.rank
    if rank is None and data_format is not None:
        rank = len(data_format)
    if rank not in (3, 4, 5):
        raise ValueError("`conv_dims` must be 1, 2 or 3: the kernel must be of rank 3, 4 or 5, "
                         f"but has shape {kernel.shape}.")
    with name_scope(name, "convolution", [input, kernel]) as scope:
        if rank == 3:
            return conv1d(input, kernel, strides, padding, data_format=data_format, name=scope,
                          dilations=dilations)
        function = conv2d if rank == 4 else conv3d
        return function(input, kernel, 1 if strides is None else strides, padding,
                        data_format=data_format, dilations=dilations, name=scope)


def atrous_conv2d(value, filters, rate, padding, name=None):
    """conv2d with windows whose pixels lie `rate` apart (à trous, with holes).

    As in TF: tf.nn.atrous_conv2d (op type Conv2D).
    """
    return convolution(value, filters, padding, dilation_rate=(rate, rate), name=name)


def atrous_conv2d_transpose(value, filters, output_shape, rate, padding, name=None):
    """The transpose of atrous_conv2d; arguments as for conv2d_transpose.

    As in TF: tf.nn.atrous_conv2d_transpose (op type Conv2DBackpropInput).
    """
    return conv2d_transpose(value, filters, output_shape, 1, padding, dilations=(rate, rate),
                            name=name or "atrous_conv2d_transpose")
