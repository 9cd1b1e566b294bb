"""Pooling: the largest or the mean pixel of windows, in one, two and three dimensions.

Read next: pool.py for the arithmetic, argmax_pooling.py.
"""

from pellucid.core import dtypes
from pellucid.core.gradients import RegisterGradient
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec, merge
from pellucid.ops.arguments import as_tensor, check_allowed, name_scope, same_dtype
from pellucid.ops.arrays.creation import zeros_like
from pellucid.ops.arrays.shaping import expand_dims, only_one, shape, squeeze
from pellucid.ops.conv import pool as arithmetic
from pellucid.ops.conv.convolution import attributes, narrow, wide
from pellucid.ops.conv.windows import (
    FORMATS,
    Windows,
    check_only_spatial,
    check_rank,
    is_channels_first,
    padding_attrs,
    per_axis,
)
from pellucid.ops.regular import REAL

_2D = {"ksize": (1, 1, 1, 1), "strides": (1, 1, 1, 1), "padding": "VALID",
       "data_format": "NHWC"}
_3D = {"ksize": (1,) * 5, "strides": (1,) * 5, "padding": "VALID", "data_format": "NDHWC"}


class _Pooling(Operation):
    """What the forward operations share: the shape."""

    attrs, fresh, allowed = _2D, True, dtypes.FLOATING

    def infer(self, value):
        check_allowed("value", value.dtype, self.allowed)
        return Spec(value.dtype, pooled_shape(self, "value", value))

    def compute(self, value):
        windows = Windows(self)
        x = windows.last(wide(value))
        return windows.back(narrow(
            type(self).pool(x, windows, windows.spatial(self.ksize)), value))


class MaxPool(_Pooling):
    """The largest pixel of each window."""

    op_type, pool, allowed = "MaxPool", staticmethod(arithmetic.max_pool), REAL


class MaxPool3D(_Pooling):
    """The largest voxel of each window."""

    op_type, attrs, pool = "MaxPool3D", _3D, staticmethod(arithmetic.max_pool)


class AvgPool(_Pooling):
    """The mean of each window; a window that reaches over the border has fewer pixels."""

    op_type, pool = "AvgPool", staticmethod(arithmetic.mean_pool)


class AvgPool3D(_Pooling):
    """The mean of each window of a volume."""

    op_type, attrs, pool = "AvgPool3D", _3D, staticmethod(arithmetic.mean_pool)


class _MaxPoolBack(Operation):
    """What the backward passes of the maximum share."""

    attrs, fresh, allowed = _2D, True, REAL

    def _check(self, orig_input, orig_output, grad):
        dtype = same_dtype(orig_input, orig_output, ("orig_input", "orig_output"))
        check_allowed("orig_input", dtype, self.allowed)
        same_dtype(orig_input, grad, ("orig_input", "grad"))

    def _arrays(self, *arrays):
        windows = Windows(self)
        ksize = windows.spatial(self.ksize)
        arrays = [windows.last(wide(a)) for a in arrays]
        if arrays[1].shape[1:-1] != windows.count(arrays[0].shape[1:-1], ksize):
            raise ValueError(f"orig_output has spatial axes {arrays[1].shape[1:-1]}, but there "
                             f"are {windows.count(arrays[0].shape[1:-1], ksize)} windows.")
        return windows, ksize, arrays


class MaxPoolGrad(_MaxPoolBack):
    """The gradient of MaxPool: that of each window goes to its first largest pixel."""

    op_type = "MaxPoolGrad"
    first = True

    def infer(self, orig_input, orig_output, grad):
        self._check(orig_input, orig_output, grad)
        check_rank("orig_input", orig_input, len(self.ksize))
        merge(orig_output.shape, grad.shape)
        return Spec(orig_input.dtype, orig_input.shape or (None,) * len(self.ksize))

    def compute(self, orig_input, orig_output, grad):
        windows, ksize, (x, y, g) = self._arrays(orig_input, orig_output, grad)
        return windows.back(narrow(arithmetic.max_pool_back(
            x, y, g, windows, ksize, self.first), grad))


class MaxPoolGradGrad(_MaxPoolBack):
    """Of a tensor of MaxPool's input's shape, the entries at the first largest pixels."""

    op_type = "MaxPoolGradGrad"

    def infer(self, orig_input, orig_output, grad):
        self._check(orig_input, orig_output, grad)
        merge(orig_input.shape, grad.shape)
        return Spec(orig_input.dtype, merge(pooled_shape(self, "orig_input", orig_input),
                                            orig_output.shape))

    def compute(self, orig_input, orig_output, grad):
        windows, ksize, (x, y, g) = self._arrays(orig_input, orig_output, grad)
        return windows.back(narrow(arithmetic.max_pool_back_again(x, y, g, windows, ksize), grad))


class MaxPool3DGrad(MaxPoolGrad):
    """The gradient of MaxPool3D: as in TensorFlow, of equal voxels each gets all of it."""

    op_type, attrs, allowed, first = "MaxPool3DGrad", _3D, dtypes.FLOATING, False


class MaxPool3DGradGrad(MaxPoolGradGrad):
    """The gradient of MaxPool3DGrad with respect to its last input."""

    op_type, attrs, allowed = "MaxPool3DGradGrad", _3D, dtypes.FLOATING


class AvgPoolGrad(Operation):
    """The gradient of AvgPool: each pixel of a window gets an equal share of the window's."""

    op_type, attrs, fresh = "AvgPoolGrad", _2D, True
    static_inputs = (0,)

    def infer(self, orig_input_shape, grad):
        check_allowed("orig_input_shape", orig_input_shape.dtype, (dtypes.int32,))
        check_allowed("grad", grad.dtype, dtypes.FLOATING)
        rank = len(self.ksize)
        check_rank("grad", grad, rank)
        sizes = orig_input_shape.as_shape() or (None,) * rank
        if len(sizes) != rank:
            raise ValueError(f"orig_input_shape must have {rank} entries, not {len(sizes)}.")
        return Spec(grad.dtype, sizes)

    def compute(self, orig_input_shape, grad):
        windows = Windows(self)
        ksize = windows.spatial(self.ksize)
        g, sizes = windows.last(wide(grad)), orig_input_shape.tolist()
        spatial = windows.spatial(sizes)
        wanted = (sizes[0], *windows.count(spatial, ksize), windows.channels(sizes))
        if g.shape != wanted:
            raise ValueError(f"grad has {g.shape}, but the windows of orig_input_shape are "
                             f"{wanted} (channels last).")
        return windows.back(narrow(arithmetic.mean_pool_back(spatial, g, windows, ksize), grad))


class AvgPool3DGrad(AvgPoolGrad):
    """The gradient of AvgPool3D."""

    op_type, attrs = "AvgPool3DGrad", _3D


def pooled_shape(op, name, value):
    """The shape of what is pooled from a Spec."""
    check_rank(name, value, len(op.ksize))
    windows = Windows(op)
    check_only_spatial("ksize", op.ksize, windows.channels_first)
    check_only_spatial("strides", op.strides, windows.channels_first)
    x = value.shape or (None,) * len(op.ksize)
    counts = windows.count(windows.spatial(x), windows.spatial(op.ksize))
    return windows.join(x[0], counts, windows.channels(x))


_BACK = {4: (MaxPoolGrad, MaxPoolGradGrad, AvgPool, AvgPoolGrad),
         5: (MaxPool3DGrad, MaxPool3DGradGrad, AvgPool3D, AvgPool3DGrad)}


@RegisterGradient("MaxPool")
@RegisterGradient("MaxPool3D")
def _max_pool_gradient(op, grad):
    back = _BACK[len(op.ksize)][0]
    return back([op.inputs[0], op.outputs[0], grad], **attributes(op)).output


# Which pixel is the largest does not change in a small step, so what chose it gets zeros.

@RegisterGradient("MaxPoolGrad")
@RegisterGradient("MaxPool3DGrad")
def _max_pool_grad_gradient(op, grad):
    x, y, _ = op.inputs
    again = _BACK[len(op.ksize)][1]
    return (lambda: zeros_like(x), lambda: zeros_like(y),
            lambda: again([x, y, grad], **attributes(op)).output)


@RegisterGradient("MaxPoolGradGrad")
@RegisterGradient("MaxPool3DGradGrad")
def _max_pool_grad_grad_gradient(op, grad):
    x, y, _ = op.inputs
    back = _BACK[len(op.ksize)][0]
    return (lambda: zeros_like(x), lambda: zeros_like(y),
            lambda: back([x, y, grad], **attributes(op)).output)


@RegisterGradient("AvgPool")
@RegisterGradient("AvgPool3D")
def _avg_pool_gradient(op, grad):
    back = _BACK[len(op.ksize)][3]
    return back([shape(op.inputs[0]), grad], **attributes(op)).output


@RegisterGradient("AvgPoolGrad")
@RegisterGradient("AvgPool3DGrad")
def _avg_pool_grad_gradient(op, grad):
    return None, _BACK[len(op.ksize)][2]([grad], **attributes(op)).output


# -- public functions ----------------------------------------------------------------------

def max_pool(value, ksize, strides, padding, data_format="NHWC", name=None, input=None):
    """The largest pixel of each window.

    Args:
      value, input: Tensor of numbers, shape (n, h, w, c).
      ksize: int or list of 1, 2 or 4, the extent of a window.
      strides: the same, the distance between windows.
      padding: "VALID", no window reaches over the border; or "SAME", ceil(h / stride) windows,
        which do (of an odd number of pixels, more at the bottom and right).
      data_format: "NHWC", or "NCHW" for images (n, c, h, w).

    Returns:
      Tensor of value's dtype, shape (n, out h, out w, c). Its gradient goes to the first largest
      pixel of each window.

    As in TF: tf.nn.max_pool (op type MaxPool).
    """
    return _pool(MaxPool, only_one("input", input, "value", value), ksize, strides, padding,
                 data_format, name)


def avg_pool(value, ksize, strides, padding, data_format="NHWC", name=None, input=None):
    """The mean of each window, a Tensor of floats; arguments as for max_pool.

    A window that reaches over the border is the mean of its pixels inside.

    As in TF: tf.nn.avg_pool (op type AvgPool).
    """
    return _pool(AvgPool, only_one("input", input, "value", value), ksize, strides, padding,
                 data_format, name)


def max_pool2d(input, ksize, strides, padding, data_format="NHWC", name=None):
    """max_pool. As in TF: tf.nn.max_pool2d (op type MaxPool)."""
    return _pool(MaxPool, input, ksize, strides, padding, data_format, name, "MaxPool2d")


def max_pool3d(input, ksize, strides, padding, data_format="NDHWC", name=None):
    """max_pool of volumes, (n, d, h, w, c) or "NCDHW".

    As in TF: tf.nn.max_pool3d (op type MaxPool3D).
    """
    return _pool(MaxPool3D, input, ksize, strides, padding, data_format, name)


def avg_pool3d(input, ksize, strides, padding, data_format="NDHWC", name=None):
    """avg_pool of volumes, (n, d, h, w, c) or "NCDHW".

    As in TF: tf.nn.avg_pool3d (op type AvgPool3D).
    """
    return _pool(AvgPool3D, input, ksize, strides, padding, data_format, name)


def max_pool1d(input, ksize, strides, padding, data_format="NWC", name=None):
    """max_pool of sequences, (n, w, c) or "NCW".

    As in TF: tf.nn.max_pool1d (op type MaxPool, of images one pixel high).
    """
    return _pool_sequences(MaxPool, "MaxPool1d", input, ksize, strides, padding, data_format,
                           name)


def avg_pool1d(input, ksize, strides, padding, data_format="NWC", name=None):
    """avg_pool of sequences, (n, w, c) or "NCW".

    As in TF: tf.nn.avg_pool1d (op type AvgPool, of images one pixel high).
    """
    return _pool_sequences(AvgPool, "AvgPool1D", input, ksize, strides, padding, data_format,
                           name)


def max_pool_v2(input, ksize, strides, padding, data_format=None, name=None):
    """max_pool1d, max_pool or max_pool3d, by the rank of the input.

    As in TF: tf.nn.max_pool_v2.
    """
    return _by_rank((max_pool1d, max_pool2d, max_pool3d), input, ksize, strides, padding,
                    data_format, name)


def avg_pool_v2(input, ksize, strides, padding, data_format=None, name=None):
    """avg_pool1d, avg_pool or avg_pool3d, by the rank of the input.

    As in TF: tf.nn.avg_pool_v2.
    """
    return _by_rank((avg_pool1d, avg_pool, avg_pool3d), input, ksize, strides, padding,
                    data_format, name)


def pool(input, window_shape, pooling_type, padding, dilation_rate=None, strides=None, name=None,
         data_format=None, dilations=None):
    """The largest or the mean of windows over one, two or three spatial axes.

    Args:
      input: Tensor, shape (n, *spatial, c), or (n, c, *spatial) for data_format "NC...".
      window_shape: list of int, the extent along each spatial axis.
      pooling_type: "MAX" or "AVG".
      padding: "VALID" or "SAME".
      strides: list of int, one for each spatial axis; ones by default.
      dilation_rate, dilations: only ones: windows with holes are not supported.

    As in TF: tf.nn.pool.
    """
    rates = only_one("dilations", dilations, "dilation_rate", dilation_rate)
    if rates is not None and any(rate != 1 for rate in rates):
        raise ValueError("pool supports dilations of 1 only; the pixels of a dilated window can "
                         "be brought together with tf.space_to_batch_nd.")
    functions = {"MAX": (max_pool1d, max_pool2d, max_pool3d),
                 "AVG": (avg_pool1d, avg_pool, avg_pool3d)}
    if pooling_type not in functions:
        raise ValueError(f"pooling_type must be 'MAX' or 'AVG', not {pooling_type!r}.")
    if len(window_shape) not in (1, 2, 3):
        raise ValueError(f"Input must have 1, 2 or 3 spatial axes, not {len(window_shape)}.")
    strides = [1] * len(window_shape) if strides is None else strides
    with name_scope(name, f"{pooling_type.lower()}_pool", [input]) as scope:
        return functions[pooling_type][len(window_shape) - 1](
            input, list(window_shape), list(strides), padding,
            data_format or FORMATS[len(window_shape) + 2][0], name=scope)


def _pool(op_class, value, ksize, strides, padding, data_format, name, default=None):
    with name_scope(name, default or op_class.op_type, [value]) as scope:
        return op_class([as_tensor(value, name="input")], scope, **pooling_attrs(
            len(op_class.attrs["ksize"]), ksize, strides, padding, data_format)).output


def pooling_attrs(rank, ksize, strides, padding, data_format):
    """The attributes of a pooling, from what users write."""
    first = is_channels_first(data_format, rank)
    return {**padding_attrs(padding, explicit=False), "data_format": data_format,
            "ksize": per_axis("ksize", ksize, rank, first),
            "strides": per_axis("strides", strides, rank, first)}


def _pool_sequences(op_class, default, value, ksize, strides, padding, data_format, name):
    first = is_channels_first(data_format, 3)
    axis = 2 if first else 1
    ksize, strides = (per_axis(label, given, 3, first) for label, given in (
        ("ksize", ksize), ("strides", strides)))
    ksize, strides = ((*entries[:axis], 1, *entries[axis:]) for entries in (ksize, strides))
    with name_scope(name, default, [value]) as scope:
        images = expand_dims(value, axis)
        pooled = _pool(op_class, images, ksize, strides, padding, "NCHW" if first else "NHWC",
                       scope)
        return squeeze(pooled, axis)


def _by_rank(functions, value, ksize, strides, padding, data_format, name):
    value = as_tensor(value)
    rank = len(data_format) if value.spec.rank is None and data_format else value.spec.rank
    if rank not in FORMATS:
        raise ValueError(f"input must be of rank 3, 4 or 5, but has shape {value.shape}.")
    return functions[rank - 3](value, ksize, strides, padding, data_format or FORMATS[rank][0],
                               name=name)
