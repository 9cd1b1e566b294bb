"""Pooling: the largest or the mean pixel of windows, in one, two and three dimensions.

Read next: pool.py for the arithmetic.
"""

import numpy as np

from pellucid.core import dtypes
from pellucid.core.gradients import RegisterGradient
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec, merge
from pellucid.ops.arguments import as_tensor, check_allowed, name_scope, same_dtype
from pellucid.ops.convolution import attributes, narrow, wide
from pellucid.ops.creation import zeros_like
from pellucid.ops.pool import (
    max_pool,
    max_pool_back,
    max_pool_back_again,
    mean_pool,
    mean_pool_back,
    positions,
)
from pellucid.ops.regular import REAL
from pellucid.ops.shaping import expand_dims, only_one, shape, squeeze
from pellucid.ops.windows import (
    FORMATS,
    Windows,
    check_only_spatial,
    check_rank,
    is_channels_first,
    padding_attrs,
    per_axis,
)

_2D = {"ksize": (1, 1, 1, 1), "strides": (1, 1, 1, 1), "padding": "VALID",
       "data_format": "NHWC"}
_3D = {"ksize": (1,) * 5, "strides": (1,) * 5, "padding": "VALID", "data_format": "NDHWC"}


class _Pooling(Operation):
    """What the forward operations share: the shape."""

    attrs, fresh, allowed = _2D, True, dtypes.FLOATING

    def infer(self, value):
        check_allowed("value", value.dtype, self.allowed)
        return Spec(value.dtype, _pooled(self, "value", value))

    def compute(self, value):
        windows = Windows(self)
        x = windows.last(wide(value))
        return windows.back(narrow(
            type(self).pool(x, windows, windows.spatial(self.ksize)), value))


class MaxPool(_Pooling):
    """The largest pixel of each window."""

    op_type, pool, allowed = "MaxPool", staticmethod(max_pool), REAL


class MaxPool3D(_Pooling):
    """The largest voxel of each window."""

    op_type, attrs, pool = "MaxPool3D", _3D, staticmethod(max_pool)


class AvgPool(_Pooling):
    """The mean of each window; a window that reaches over the border has fewer pixels."""

    op_type, pool = "AvgPool", staticmethod(mean_pool)


class AvgPool3D(_Pooling):
    """The mean of each window of a volume."""

    op_type, attrs, pool = "AvgPool3D", _3D, staticmethod(mean_pool)


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

    def infer(self, orig_input, orig_output, grad):
        self._check(orig_input, orig_output, grad)
        check_rank("orig_input", orig_input, len(self.ksize))
        merge(orig_output.shape, grad.shape)
        return Spec(orig_input.dtype, orig_input.shape or (None,) * len(self.ksize))

    def compute(self, orig_input, orig_output, grad):
        windows, ksize, (x, y, g) = self._arrays(orig_input, orig_output, grad)
        return windows.back(narrow(max_pool_back(x, y, g, windows, ksize), grad))


class MaxPoolGradGrad(_MaxPoolBack):
    """Of a tensor of MaxPool's input's shape, the entries at the first largest pixels."""

    op_type = "MaxPoolGradGrad"

    def infer(self, orig_input, orig_output, grad):
        self._check(orig_input, orig_output, grad)
        merge(orig_input.shape, grad.shape)
        return Spec(orig_input.dtype, merge(_pooled(self, "orig_input", orig_input),
                                            orig_output.shape))

    def compute(self, orig_input, orig_output, grad):
        windows, ksize, (x, y, g) = self._arrays(orig_input, orig_output, grad)
        return windows.back(narrow(max_pool_back_again(x, y, g, windows, ksize), grad))


class MaxPool3DGrad(MaxPoolGrad):
    """The gradient of MaxPool3D."""

    op_type, attrs, allowed = "MaxPool3DGrad", _3D, dtypes.FLOATING


class MaxPool3DGradGrad(MaxPoolGradGrad):
    """The gradient of MaxPool3DGrad with respect to its last input."""

    op_type, attrs, allowed = "MaxPool3DGradGrad", _3D, dtypes.FLOATING


class AvgPoolGrad(Operation):
    """The gradient of AvgPool: each pixel of a window gets an equal share of the window's."""

    op_type, attrs, fresh = "AvgPoolGrad", _2D, True

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
        return windows.back(narrow(mean_pool_back(spatial, g, windows, ksize), grad))


class AvgPool3DGrad(AvgPoolGrad):
    """The gradient of AvgPool3D."""

    op_type, attrs = "AvgPool3DGrad", _3D


def _pooled(op, name, value):
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


# -- where the largest is ------------------------------------------------------------------

class MaxPoolWithArgmax(Operation):
    """(The largest pixel of each window, its position in the flattened image)."""

    op_type, fresh = "MaxPoolWithArgmax", True
    attrs = {"ksize": (1, 1, 1, 1), "strides": (1, 1, 1, 1), "Targmax": dtypes.int64,
             "padding": "VALID", "include_batch_in_index": False}
    data_format = "NHWC"

    def infer(self, input):
        check_allowed("input", input.dtype, REAL)
        pooled = _pooled(self, "input", input)
        return Spec(input.dtype, pooled), Spec(self.Targmax, pooled)

    def compute(self, input):
        windows = Windows(self)
        ksize = windows.spatial(self.ksize)
        y = max_pool(input, windows, ksize)
        n, *sizes, c = input.shape
        index = positions(input, y, windows, ksize) * c + np.arange(c)
        if self.include_batch_in_index:
            index = index + _image_starts(n, np.prod(sizes) * c)
        return y, index.astype(self.Targmax._numpy)


class MaxPoolGradWithArgmax(Operation):
    """The gradient of MaxPoolWithArgmax: `grad` added up at the positions `argmax`."""

    op_type, fresh = "MaxPoolGradWithArgmax", True
    attrs = {key: default for key, default in MaxPoolWithArgmax.attrs.items() if key != "Targmax"}

    def infer(self, input, grad, argmax):
        same_dtype(input, grad, ("input", "grad"))
        check_rank("input", input, 4)
        return Spec(input.dtype, input.shape or (None,) * 4)

    def compute(self, input, grad, argmax):
        total = np.zeros(input.size, grad.dtype)
        np.add.at(total, _flat(self, input, argmax), grad)
        return total.reshape(input.shape)


class MaxPoolGradGradWithArgmax(MaxPoolGradWithArgmax):
    """The entries of `grad`, of input's shape, at the positions `argmax`."""

    op_type, attrs = "MaxPoolGradGradWithArgmax", MaxPoolGradWithArgmax.attrs

    def infer(self, input, grad, argmax):
        same_dtype(input, grad, ("input", "grad"))
        return Spec(input.dtype, argmax.shape or (None,) * 4)

    def compute(self, input, grad, argmax):
        return grad.reshape(-1)[_flat(self, input, argmax)]


def _flat(op, x, argmax):
    """Positions in all images, flattened together."""
    if op.include_batch_in_index:
        return argmax
    return argmax + _image_starts(len(x), x[:1].size)


def _image_starts(n, size):
    return (np.arange(n) * size).reshape(-1, 1, 1, 1)


@RegisterGradient("MaxPoolWithArgmax")
def _max_pool_with_argmax_gradient(op, grad, _):
    attrs = attributes(op)
    del attrs["Targmax"]
    return MaxPoolGradWithArgmax([op.inputs[0], grad, op.outputs[1]], **attrs).output


@RegisterGradient("MaxPoolGradWithArgmax")
def _max_pool_grad_with_argmax_gradient(op, grad):
    x, _, argmax = op.inputs
    return (lambda: zeros_like(x), lambda: MaxPoolGradGradWithArgmax(
        [x, grad, argmax], **attributes(op)).output, None)


@RegisterGradient("MaxPoolGradGradWithArgmax")
def _max_pool_grad_grad_with_argmax_gradient(op, grad):
    x, _, argmax = op.inputs
    return (lambda: zeros_like(x), lambda: MaxPoolGradWithArgmax(
        [x, grad, argmax], **attributes(op)).output, None)
