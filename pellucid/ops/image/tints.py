"""Hue and saturation, by given amounts or by chance. Read next: resizing.py.

The arithmetic is single precision in TensorFlow's order, so that bytes come out the same.
"""

import numpy as np

from pellucid.core import dtypes
from pellucid.core.arrays import array_namespace
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec
from pellucid.ops.arguments import as_tensor, name_scope
from pellucid.ops.image.adjusting import check_pixels, drawn_factor
from pellucid.ops.image.checking import check
from pellucid.ops.image.conversion import as_floats, convert_image_dtype
from pellucid.ops.random.draws import random_uniform


class _Tint(Operation):
    """Images (..., h, w, 3) of floats, and how much to change."""

    fresh = True

    def infer(self, images, amount):
        check_pixels(images, amount, self.amount)
        if images.shape and images.shape[-1] not in (None, 3):
            raise ValueError(f"images must have 3 channels, not {images.shape[-1]}.")
        return Spec(images.dtype, images.shape)


# Which of (largest, middle, smallest) red, green and blue are, in each sixth of the circle.
SIXTHS = np.array([[0, 1, 2], [1, 0, 2], [2, 0, 1], [2, 1, 0], [1, 2, 0], [0, 2, 1]])


class AdjustHue(_Tint):
    """Every colour moved around the colour circle by delta turns."""

    op_type, amount = "AdjustHue", "delta"

    def compute(self, images, delta):
        xp = array_namespace(images)
        x = images.astype(np.float32)
        r, g, b = x[..., 0], x[..., 1], x[..., 2]
        low, middle, high = (xp.sort(x, -1)[..., i] for i in range(3))
        sixth = xp.where(r < g, xp.where(b < r, 1, xp.where(b > g, 3, 2)),
                         xp.where(b < g, 0, xp.where(b > r, 4, 5)))
        gray = high == low
        share = (middle - low) / xp.where(gray, np.float32(1), high - low)
        hue = sixth.astype(np.float32) + xp.where(sixth % 2 == 0, share, 1 - share)
        hue = xp.where(gray, np.float32(0), hue) + xp.asarray(delta, np.float32) * np.float32(6)
        hue = xp.where(hue < 0, hue + 6 * xp.ceil(-hue / 6), hue)
        hue = xp.where(hue >= 6, hue - 6 * xp.floor(hue / 6), hue)
        sixth = xp.clip(hue.astype(np.int32), 0, 5)
        share = hue - sixth.astype(np.float32)
        share = xp.where(sixth % 2 == 0, share, 1 - share)
        three = xp.stack([high, low + share * (high - low), low], -1)
        return xp.take_along_axis(three, xp.asarray(SIXTHS)[sixth], -1).astype(images.dtype)


class AdjustSaturation(_Tint):
    """Every colour with its saturation times scale, at most 1."""

    op_type, amount = "AdjustSaturation", "scale"

    def compute(self, images, scale):
        xp = array_namespace(images)
        kind = np.float32
        x = images.astype(kind)
        r, g, b = x[..., 0], x[..., 1], x[..., 2]
        value = xp.maximum(r, xp.maximum(g, b))
        span = value - xp.minimum(r, xp.minimum(g, b))
        gray = span <= 0
        saturation = xp.where(value > 0, span / xp.where(value > 0, value, kind(1)), kind(0))
        norm = kind(1) / (kind(6) * xp.where(gray, kind(1), span))
        hue = xp.where(r == value, norm * (g - b), xp.where(
            g == value, norm * (b - r) + kind(2 / 6), norm * (r - g) + kind(4 / 6)))
        hue = xp.where(gray, kind(0), xp.where(hue < 0, hue + kind(1), hue))
        saturation = xp.clip(saturation * xp.asarray(scale, kind), 0, 1)
        strong = saturation * value
        sixths = hue * kind(6)
        other = strong * (kind(1) - abs(sixths % kind(2) - kind(1)))
        three = xp.stack([strong, other, xp.zeros_like(strong)], -1)
        places = xp.asarray(SIXTHS)[xp.clip(sixths.astype(np.int32), 0, 5)]
        colors = xp.take_along_axis(three, places, -1)
        return (colors + (value - strong)[..., None]).astype(images.dtype)


NotDifferentiable("AdjustHue")
NotDifferentiable("AdjustSaturation")


def adjust_hue(image, delta, name=None):
    """An RGB image with its colours moved around the circle by delta, -1 to 1; of the same type.

    As in TF: tf.image.adjust_hue (op type AdjustHue).
    """
    return _adjusted(AdjustHue, image, delta, name, "adjust_hue")


def adjust_saturation(image, saturation_factor, name=None):
    """An RGB image with its saturation times a factor; of the same type.

    As in TF: tf.image.adjust_saturation (op type AdjustSaturation).
    """
    return _adjusted(AdjustSaturation, image, saturation_factor, name, "adjust_saturation")


def _adjusted(op_class, image, amount, name, default):
    with name_scope(name, default, [image]):
        image = as_tensor(image, name="image")
        amount = convert_to_tensor(amount, dtypes.float32, name=op_class.amount)
        adjusted = op_class([as_floats(image), amount]).output
        return convert_image_dtype(adjusted, image.dtype)


def random_hue(image, max_delta, seed=None):
    """adjust_hue by a number between -max_delta and max_delta.

    Raises ValueError unless 0 <= max_delta <= 0.5. As in TF: tf.image.random_hue.
    """
    check(max_delta <= 0.5, "max_delta must be <= 0.5.")
    check(max_delta >= 0, "max_delta must be non-negative.")
    return adjust_hue(image, random_uniform([], -max_delta, max_delta, seed=seed))


def random_saturation(image, lower, upper, seed=None):
    """adjust_saturation by a factor between lower and upper.

    Raises ValueError unless 0 <= lower < upper. As in TF: tf.image.random_saturation.
    """
    return adjust_saturation(image, drawn_factor(lower, upper, seed))
