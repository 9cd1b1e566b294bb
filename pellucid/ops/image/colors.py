"""Colour spaces: gray, and the linear ones of television, YIQ and YUV. Read next: hsv.py."""

import numpy as np

from pellucid.core import dtypes
from pellucid.ops.arguments import as_tensor, name_scope
from pellucid.ops.arrays.shaping import expand_dims
from pellucid.ops.arrays.tiling import tile
from pellucid.ops.image.checking import check
from pellucid.ops.image.conversion import convert_image_dtype
from pellucid.ops.linalg.contractions import tensordot

GRAY = (0.2989, 0.5870, 0.1140)             # how bright red, green and blue look (ITU-R BT.601)

# Rows say what red, green and blue give to each channel of the other space.
RGB_TO_YIQ = ((0.299, 0.59590059, 0.2115),
              (0.587, -0.27455667, -0.52273617),
              (0.114, -0.32134392, 0.31119955))
YIQ_TO_RGB = ((1, 1, 1),
              (0.95598634, -0.27201283, -1.10674021),
              (0.6208248, -0.64720424, 1.70423049))
RGB_TO_YUV = ((0.299, -0.14714119, 0.61497538),
              (0.587, -0.28886916, -0.51496512),
              (0.114, 0.43601035, -0.10001026))
YUV_TO_RGB = ((1, 1, 1),
              (0, -0.394642334, 2.03206185),
              (1.13988303, -0.58062185, 0))


def rgb_to_grayscale(images, name=None):
    """How bright images with 3 channels look, in one channel; of the same type.

    As in TF: tf.image.rgb_to_grayscale.
    """
    with name_scope(name, "rgb_to_grayscale", [images]) as scope:
        images = as_tensor(images, name="images")
        before = images.dtype
        gray = tensordot(convert_image_dtype(images, dtypes.float32), list(GRAY), [[-1], [-1]])
        return convert_image_dtype(expand_dims(gray, -1), before, name=scope)


def grayscale_to_rgb(images, name=None):
    """Images with one channel, which becomes all three. As in TF: tf.image.grayscale_to_rgb."""
    with name_scope(name, "grayscale_to_rgb", [images]) as scope:
        images = as_tensor(images, name="images")
        rank = images.spec.rank
        check(rank is not None, "the rank of the images must be known.")
        check(images.spec.shape[-1] in (1, None),
              "Last dimension of a grayscale image should be size 1.")
        return tile(images, [1] * (rank - 1) + [3], name=scope)


def rgb_to_yiq(images):
    """Images of floats (..., 3), brightness and two differences of colour.

    As in TF: tf.image.rgb_to_yiq.
    """
    return _times(images, RGB_TO_YIQ)


def yiq_to_rgb(images):
    """What rgb_to_yiq was given. As in TF: tf.image.yiq_to_rgb."""
    return _times(images, YIQ_TO_RGB)


def rgb_to_yuv(images):
    """Images of floats (..., 3), brightness and two differences of colour.

    As in TF: tf.image.rgb_to_yuv.
    """
    return _times(images, RGB_TO_YUV)


def yuv_to_rgb(images):
    """What rgb_to_yuv was given. As in TF: tf.image.yuv_to_rgb."""
    return _times(images, YUV_TO_RGB)


def _times(images, matrix):
    images = as_tensor(images, name="images")
    kernel = as_tensor(np.array(matrix), images.dtype, name="kernel")
    return tensordot(images, kernel, [[images.spec.rank - 1], [0]])
