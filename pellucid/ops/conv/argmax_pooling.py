"""Pooling that also says where each window's largest pixel was, and its gradient.

Positions count through the flattened image, (y w + x) c + channel. Read next: pool.py.
"""

import numpy as np

from pellucid.core import dtypes
from pellucid.core.arrays import scatter
from pellucid.core.gradients import RegisterGradient
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec
from pellucid.ops.arguments import build, check_allowed, same_dtype
from pellucid.ops.arrays.creation import zeros_like
from pellucid.ops.conv.convolution import attributes
from pellucid.ops.conv.pool import max_pool, positions
from pellucid.ops.conv.pooling import pooled_shape, pooling_attrs
from pellucid.ops.conv.windows import Windows, check_rank
from pellucid.ops.regular import REAL


class MaxPoolWithArgmax(Operation):
    """(The largest pixel of each window, its position in the flattened image)."""

    op_type, fresh = "MaxPoolWithArgmax", True
    attrs = {"ksize": (1, 1, 1, 1), "strides": (1, 1, 1, 1), "Targmax": dtypes.int64,
               "padding": "VALID", "include_batch_in_index": False}
    data_format = "NHWC"

    def infer(self, input):
        check_allowed("input", input.dtype, REAL)
        pooled = pooled_shape(self, "input", input)
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
        zeros = np.zeros(input.size, grad.dtype)
        return scatter(zeros, _flat(self, input, argmax), grad, "add").reshape(input.shape)


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


def max_pool_with_argmax(input, ksize, strides, padding, data_format="NHWC", Targmax=None,
                         name=None, output_dtype=None, include_batch_in_index=False):
    """max_pool, and where each largest pixel was.

    Args:
      input: Tensor of numbers, shape (n, h, w, c).
      ksize, strides, padding: as for tf.nn.max_pool.
      data_format: "NHWC", nothing else.
      Targmax, output_dtype: int64 (the default) or int32, of the positions.
      include_batch_in_index: bool, whether positions go on from image to image.

    Returns:
      (output, argmax), Tensors of one shape. A position is (y w + x) c + channel, plus the size
      of the images before if include_batch_in_index.

    As in TF: tf.nn.max_pool_with_argmax (op type MaxPoolWithArgmax).
    """
    if data_format != "NHWC":
        raise ValueError(f"data_format must be 'NHWC', not {data_format!r}; transpose the images.")
    attrs = pooling_attrs(4, ksize, strides, padding, data_format)
    del attrs["data_format"]
    dtype = dtypes.as_dtype(Targmax or output_dtype or dtypes.int64)
    check_allowed("Targmax", dtype, (dtypes.int32, dtypes.int64))
    op = build(MaxPoolWithArgmax, {"input": input}, name, Targmax=dtype,
               include_batch_in_index=bool(include_batch_in_index), **attrs)
    return op.outputs
