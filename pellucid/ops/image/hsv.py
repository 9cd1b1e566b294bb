"""Hue, saturation, value: the colour circle, in numbers from 0 to 1 (Smith 1978).

value is the brightest channel, saturation how far the darkest is below it, hue where on the
circle red (0), yellow (1/6), green (1/3), cyan, blue, magenta the colour lies. Read next:
adjusting.py.
"""

import numpy as np

from pellucid.core import dtypes
from pellucid.core.arrays import array_namespace
from pellucid.core.gradients import NotDifferentiable, RegisterGradient
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec
from pellucid.ops.arguments import check_allowed, unary
from pellucid.ops.arrays.masking import one_hot
from pellucid.ops.arrays.tiling import reverse
from pellucid.ops.linalg.contractions import tensordot
from pellucid.ops.math.division import div_no_nan
from pellucid.ops.math.positions import argmax, argmin
from pellucid.ops.math.reductions import reduce_max, reduce_min, reduce_sum


class _Colors(Operation):
    """Images of floats (..., 3) in another colour space."""

    fresh = True

    def infer(self, images):
        check_allowed("images", images.dtype, dtypes.FLOATING)
        if images.rank == 0 or (images.shape and images.shape[-1] not in (None, 3)):
            raise ValueError(f"images must have 3 channels, the last dimension of {images.shape}.")
        return Spec(images.dtype, None if images.shape is None else (*images.shape[:-1], 3))


class RGBToHSV(_Colors):
    """(hue, saturation, value) of (red, green, blue)."""

    op_type = "RGBToHSV"

    def compute(self, images):
        xp = array_namespace(images)
        kind = images.dtype.type
        r, g, b = images[..., 0], images[..., 1], images[..., 2]
        value = xp.maximum(xp.maximum(r, g), b)
        span = value - xp.minimum(xp.minimum(r, g), b)
        zero, gray = kind(0), span <= 0
        saturation = xp.where(value > 0, span / xp.where(value > 0, value, kind(1)), zero)
        norm = kind(1 / 6) / xp.where(gray, kind(1), span)
        hue = xp.where(r == value, norm * (g - b), xp.where(
            g == value, norm * (b - r) + kind(2 / 6), norm * (r - g) + kind(4 / 6)))
        hue = xp.where(gray, zero, hue)
        return xp.stack([xp.where(hue < 0, hue + kind(1), hue), saturation, value], -1)


class HSVToRGB(_Colors):
    """(red, green, blue) of (hue, saturation, value)."""

    op_type = "HSVToRGB"

    def compute(self, images):
        xp = array_namespace(images)
        kind = images.dtype.type
        sixth, saturation, value = images[..., :1] * kind(6), images[..., 1:2], images[..., 2:]
        # How full of red, green, blue the pure colour is: 1 a sixth to both sides of its own.
        pure = xp.concatenate([abs(sixth - kind(3)) - kind(1), kind(2) - abs(sixth - kind(2)),
                               kind(2) - abs(sixth - kind(4))], -1)
        pure = xp.minimum(xp.maximum(pure, kind(0)), kind(1))
        return ((kind(1) - saturation) + saturation * pure) * value


# With max, min and their difference d, value = max, saturation = 1 - min / max, and hue is, up to
# a constant, (p - q) / 6d, for p, q the two channels that follow the largest around the circle.

AFTER = np.array([[0, 1, -1], [-1, 0, 1], [1, -1, 0]])          # p - q, where channel i is largest


@RegisterGradient("RGBToHSV")
def _rgb_to_hsv_gradient(op, grad):
    rgb = op.inputs[0]
    dtype = rgb.dtype
    largest = one_hot(argmax(rgb, -1), 3, dtype=dtype)
    last_smallest = 2 - argmin(reverse(rgb, [-1]), -1)
    smallest = one_hot(last_smallest, 3, dtype=dtype)
    after = tensordot(largest, AFTER.astype(dtype.as_numpy_dtype), [[-1], [0]])
    high, low = reduce_max(rgb, -1, keepdims=True), reduce_min(rgb, -1, keepdims=True)
    span = high - low
    of_hue, of_saturation, of_value = (grad[..., i:i + 1] for i in range(3))
    difference = reduce_sum(after * rgb, -1, keepdims=True)
    hue = (div_no_nan(after, span)
           - div_no_nan(difference, span * span) * (largest - smallest)) / 6
    saturation = div_no_nan(low, high * high) * largest - div_no_nan(smallest, high)
    return of_hue * hue + of_saturation * saturation + of_value * largest


NotDifferentiable("HSVToRGB")


def rgb_to_hsv(images, name=None):
    """Hue, saturation and value of images of floats from 0 to 1, shape (..., 3).

    As in TF: tf.image.rgb_to_hsv (op type RGBToHSV).
    """
    return unary(RGBToHSV, images, name)


def hsv_to_rgb(images, name=None):
    """What rgb_to_hsv was given. As in TF: tf.image.hsv_to_rgb (op type HSVToRGB)."""
    return unary(HSVToRGB, images, name)
