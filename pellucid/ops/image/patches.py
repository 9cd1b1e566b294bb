"""The windows of a convolution, laid out as pixels of many channels. Read next: quality.py."""

import math

import numpy as np

from pellucid.core.arrays import array_namespace
from pellucid.core.gradients import RegisterGradient
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec
from pellucid.ops.arguments import build, check_allowed
from pellucid.ops.arrays.shaping import only_one, reshape, shape
from pellucid.ops.conv.convolution import Conv2DBackpropInput
from pellucid.ops.conv.convolve import under
from pellucid.ops.conv.windows import (
    Windows,
    check_only_spatial,
    check_rank,
    padding_attrs,
    per_axis,
)
from pellucid.ops.linalg.diagonals import eye
from pellucid.ops.regular import NUMBERS


class ExtractImagePatches(Operation):
    """Of images (n, h, w, c), all windows, each as one pixel of kernel h x kernel w x c channels.
    """

    op_type, fresh = "ExtractImagePatches", True
    attrs = {"ksizes": (1, 1, 1, 1), "strides": (1, 1, 1, 1), "rates": (1, 1, 1, 1),
             "padding": "VALID"}
    data_format = "NHWC"

    @property
    def dilations(self):
        """The rates, by the name that Windows knows."""
        return self.rates

    def infer(self, images):
        check_allowed("images", images.dtype, NUMBERS)
        check_rank("images", images, 4)
        for name in ("ksizes", "strides", "rates"):
            check_only_spatial(name, getattr(self, name), False)
        n, h, w, c = images.shape or (None,) * 4
        kernel = self.ksizes[1:3]
        counts = Windows(self).count((h, w), kernel)
        return Spec(images.dtype, (n, *counts, None if c is None else math.prod(kernel) * c))

    def compute(self, images):
        xp = array_namespace(images)
        windows, (kh, kw) = Windows(self), self.ksizes[1:3]
        n, *sizes, c = images.shape
        counts = windows.count(sizes, (kh, kw))
        pads = windows.pads(sizes, (kh, kw))
        padded = xp.pad(images, [(0, 0), *pads, (0, 0)]) if any(map(any, pads)) else images
        parts = [padded[(slice(None), *under(at, counts, windows.strides, windows.dilations))]
                 for at in np.ndindex(kh, kw)]
        return xp.stack(parts, 3).reshape(n, *counts, kh * kw * c)


# A convolution with a kernel of ones and zeros does the same, and knows its gradient.

@RegisterGradient("ExtractImagePatches")
def _extract_image_patches_gradient(op, grad):
    images = op.inputs[0]
    (kh, kw), channels = op.ksizes[1:3], images.spec.shape[3] if images.spec.shape else None
    channels = shape(images)[3] if channels is None else channels
    depth = kh * kw * channels
    kernel = reshape(eye(depth, dtype=grad.dtype), [kh, kw, channels, depth])
    return Conv2DBackpropInput([shape(images), kernel, grad], strides=op.strides,
                               padding=op.padding, dilations=op.rates).output


def extract_image_patches(images, ksizes=None, strides=None, rates=None, padding=None, name=None,
                          sizes=None):
    """The windows of images, each as one pixel with the window's pixels as its channels.

    Args:
      images: Tensor of numbers, shape (n, h, w, c).
      ksizes, sizes: list of 4, [1, kernel h, kernel w, 1].
      strides: list of 4, [1, h, w, 1], the distance between windows.
      rates: list of 4, [1, h, w, 1], the distance between the pixels of a window.
      padding: "VALID" or "SAME".

    Returns:
      Tensor of images' dtype, shape (n, out h, out w, kernel h x kernel w x c).

    As in TF: tf.image.extract_image_patches, tf.extract_image_patches (op type
    ExtractImagePatches).
    """
    ksizes = only_one("sizes", sizes, "ksizes", ksizes)
    return build(ExtractImagePatches, {"images": images}, name,
                 ksizes=per_axis("ksizes", ksizes, 4, False),
                 strides=per_axis("strides", strides, 4, False),
                 rates=per_axis("rates", rates, 4, False),
                 **padding_attrs(padding, explicit=False)).output
