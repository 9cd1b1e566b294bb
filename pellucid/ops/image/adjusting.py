"""Brightness, contrast and gamma, by given amounts or by chance.

All work on fractions of the brightest value, whatever type the image has; the result has the
image's type, and what is out of range becomes the nearest value. Read next: tints.py.
"""

import numpy as np

from pellucid.core import dtypes
from pellucid.core.arrays import array_namespace
from pellucid.core.gradients import RegisterGradient
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec
from pellucid.core.tensor import Tensor
from pellucid.ops.arguments import as_tensor, check_allowed, name_scope
from pellucid.ops.control.printing import Assert_
from pellucid.ops.control.waiting import with_dependencies
from pellucid.ops.image.checking import check
from pellucid.ops.image.conversion import as_floats, convert_image_dtype
from pellucid.ops.math.casting import cast
from pellucid.ops.math.elementwise import add
from pellucid.ops.math.functions import pow
from pellucid.ops.math.reductions import reduce_mean, reduce_sum
from pellucid.ops.random.draws import random_uniform

PIXELS = (dtypes.float16, dtypes.float32)


class AdjustContrastv2(Operation):
    """y = (x - mean) factor + mean, with the mean over each channel of each image."""

    op_type, fresh = "AdjustContrastv2", True

    def infer(self, images, contrast_factor):
        check_pixels(images, contrast_factor, "contrast_factor")
        return Spec(images.dtype, images.shape)

    def compute(self, images, contrast_factor):
        xp = array_namespace(images)
        x = images.astype(np.float32)
        mean = x.mean((-3, -2), keepdims=True, dtype=np.float32)
        return ((x - mean) * xp.asarray(contrast_factor, np.float32) + mean).astype(images.dtype)


# y_i = f x_i + (1 - f) mean, so that dx = f dy + (1 - f) mean(dy), and df = sum((x - mean) dy).

@RegisterGradient("AdjustContrastv2")
def _adjust_contrast_gradient(op, grad):
    x, factor = op.inputs
    factor = cast(factor, x.dtype)
    mean = reduce_mean(grad, [-3, -2], keepdims=True)
    spread = x - reduce_mean(x, [-3, -2], keepdims=True)
    return (grad * factor + mean * (1 - factor),
            cast(reduce_sum(spread * grad), dtypes.float32))


def check_pixels(images, amount, name):
    """What the operations on colours ask: images of floats (..., h, w, c), and a number."""
    check_allowed("images", images.dtype, PIXELS)
    check_allowed(name, amount.dtype, (dtypes.float32,))
    if images.rank is not None and images.rank < 3:
        raise ValueError("images must be at least of rank 3, (h, w, c).")
    if amount.rank not in (None, 0):
        raise ValueError(f"{name} must be one number, not of rank {amount.rank}.")


def adjust_brightness(image, delta):
    """An image with delta, as a fraction of the largest value, added; of the same type.

    As in TF: tf.image.adjust_brightness.
    """
    with name_scope(None, "adjust_brightness", [image, delta]) as scope:
        image = as_tensor(image, name="image")
        floats = as_floats(image)
        brighter = add(floats, cast(convert_to_tensor(delta), floats.dtype), name=scope)
        return convert_image_dtype(brighter, image.dtype, saturate=True)


def adjust_contrast(images, contrast_factor):
    """Images whose pixels are contrast_factor times as far from the mean of their channel.

    Args:
      images: Tensor of integers or floats, shape (..., h, w, c); each image has its own means.
      contrast_factor: float or scalar Tensor.

    As in TF: tf.image.adjust_contrast (op type AdjustContrastv2).
    """
    with name_scope(None, "adjust_contrast", [images, contrast_factor]) as scope:
        images = as_tensor(images, name="images")
        factor = convert_to_tensor(contrast_factor, dtypes.float32, name="contrast_factor")
        adjusted = AdjustContrastv2([as_floats(images), factor], scope).output
        return convert_image_dtype(adjusted, images.dtype, saturate=True)


def adjust_gamma(image, gamma=1, gain=1):
    """gain image^gamma, of the image's type: darker for gamma > 1, brighter below.

    Raises ValueError if gamma is negative, tf.errors.InvalidArgumentError in the run where it is
    a Tensor. As in TF: tf.image.adjust_gamma.
    """
    with name_scope(None, "adjust_gamma", [image, gamma, gain]):
        image = as_tensor(image, name="image")
        message = "Gamma should be a non-negative real number."
        if isinstance(gamma, Tensor):
            gamma = with_dependencies([Assert_(gamma >= 0, [message])], gamma)
        else:
            check(gamma >= 0, message)
        return convert_image_dtype(gain * pow(as_floats(image), gamma), image.dtype,
                                   saturate=True)


def random_brightness(image, max_delta, seed=None):
    """adjust_brightness by a number between -max_delta and max_delta.

    Raises ValueError if max_delta is negative. As in TF: tf.image.random_brightness.
    """
    check(max_delta >= 0, "max_delta must be non-negative.")
    return adjust_brightness(image, random_uniform([], -max_delta, max_delta, seed=seed))


def random_contrast(image, lower, upper, seed=None):
    """adjust_contrast by a factor between lower and upper.

    Raises ValueError unless 0 <= lower < upper. As in TF: tf.image.random_contrast.
    """
    return adjust_contrast(image, drawn_factor(lower, upper, seed))


def drawn_factor(lower, upper, seed):
    """A number between lower and upper. ValueError unless 0 <= lower < upper."""
    check(upper > lower, "upper must be > lower.")
    check(lower >= 0, "lower must be non-negative.")
    return random_uniform([], lower, upper, seed=seed)
