"""Resizing images smoothly: each pixel from the sixteen around it (Keys 1981).

Along each axis, a pixel that lies a share t after its left neighbour is a mean of four, whose
weights are a piecewise cubic function of their distance:

    |d| <= 1:  (a + 2) |d|^3 - (a + 3) |d|^2 + 1
    |d| <= 2:  a |d|^3 - 5 a |d|^2 + 8 a |d| - 4 a

with a = -3/4; with half_pixel_centers a = -1/2, and pixels outside of the image do not count. As
in TensorFlow, shares are rounded to 1/1024. Read next: area.py.
"""

import numpy as np

from pellucid.core import dtypes
from pellucid.core.gradients import RegisterGradient
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec
from pellucid.ops.arguments import check_allowed
from pellucid.ops.arrays.shaping import shape
from pellucid.ops.conv.convolution import attributes
from pellucid.ops.image.resizing import OPTIONS, Resize, back, places, positive, resized

STEPS = 1024


class ResizeBicubic(Resize):
    """Images whose pixels are weighted means of the sixteen around them, float32."""

    op_type, attrs = "ResizeBicubic", OPTIONS

    def _dtype(self, dtype):
        return dtypes.float32

    def compute(self, images, size):
        x, wanted = images.astype(np.float32), positive(size)
        for axis in (1, 2):
            pixels, weights = _neighbours(self, x.shape[axis], wanted[axis - 1])
            weights = weights.reshape(4, -1, *(1,) * (3 - axis))
            x = sum(x.take(pixels[i], axis) * weights[i] for i in range(4))
        return x


class ResizeBicubicGrad(Operation):
    """The gradient of ResizeBicubic with respect to its images."""

    op_type, attrs, fresh = "ResizeBicubicGrad", OPTIONS, True

    def infer(self, grads, original_image):
        check_allowed("grads", grads.dtype, (dtypes.float32,))
        check_allowed("original_image", original_image.dtype, (dtypes.float32, dtypes.float64))
        return Spec(original_image.dtype, original_image.shape or (None,) * 4)

    def compute(self, grads, original_image):
        maps = []
        for axis in (1, 2):
            given, made = original_image.shape[axis], grads.shape[axis]
            pixels, weights = _neighbours(self, given, made)
            maps.append(np.zeros((made, given), np.float32))
            for i in range(4):                    # at the border, two may be the same pixel
                maps[-1][np.arange(made), pixels[i]] += weights[i]
        return back(grads, *maps).astype(original_image.dtype)


def _neighbours(op, given, made):
    """(four pixels, their weights), shape (4, made) both."""
    at = places(op, given, made)
    left = np.floor(at)
    share = np.rint((at - left) * np.float32(STEPS)) / STEPS
    offsets = np.arange(-1, 3)[:, None]
    pixels = left.astype(np.intp) + offsets
    weights = _cubic(np.abs(share - offsets), -0.5 if op.half_pixel_centers else -0.75)
    weights = weights.astype(np.float32)
    inside = np.clip(pixels, 0, given - 1)
    if op.half_pixel_centers:
        weights = np.where(inside == pixels, weights, np.float32(0))
        total = weights.sum(0, dtype=np.float32)
        weights = weights / np.where(np.abs(total) >= 1e-35, total, np.float32(1))
    return inside, weights


def _cubic(distance, a):
    """The weight of a pixel at that distance, at most 2."""
    near = ((a + 2) * distance - (a + 3)) * distance * distance + 1
    far = ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a
    return np.where(distance <= 1, near, far)


@RegisterGradient("ResizeBicubic")
def _resize_bicubic_gradient(op, grad):
    images = op.inputs[0]
    if images.dtype not in (None, dtypes.float32, dtypes.float64):     # as in TensorFlow: none
        return None, None
    return ResizeBicubicGrad([grad, images], **attributes(op)).output, None


@RegisterGradient("ResizeBicubicGrad")
def _resize_bicubic_grad_gradient(op, grad):
    size = shape(op.inputs[0])[1:3]
    return ResizeBicubic([grad, size], **attributes(op)).output, None


def resize_bicubic(images, size, align_corners=False, name=None, half_pixel_centers=False):
    """Images of another size, by cubic interpolation.

    Args:
      images: Tensor of numbers, shape (n, h, w, c).
      size: int32 vector, the new height and width.
      align_corners: bool, whether the corner pixels stay what they are.
      half_pixel_centers: bool, whether a pixel is a square, not a point.

    Returns:
      Tensor of float32.

    As in TF: tf.image.resize_bicubic (op type ResizeBicubic).
    """
    return resized(ResizeBicubic, images, size, name, align_corners, half_pixel_centers)
