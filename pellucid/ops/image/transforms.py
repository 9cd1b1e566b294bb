"""What is done to images before a network sees them: flips, crops, pads, colours.

An image is (h, w, c), several are (n, h, w, c). Read next: resizing.py.
"""

from pellucid.core import dtypes
from pellucid.core.operation import convert_to_tensor
from pellucid.ops.arguments import as_tensor, name_scope
from pellucid.ops.arrays.indexing import slice_
from pellucid.ops.arrays.shaping import expand_dims, reshape, shape, transpose
from pellucid.ops.arrays.tiling import pad, reverse, tile
from pellucid.ops.control.passing import identity
from pellucid.ops.linalg.contractions import tensordot
from pellucid.ops.math.casting import cast, saturate_cast
from pellucid.ops.math.elementwise import add, maximum, square
from pellucid.ops.math.functions import round, rsqrt, sqrt
from pellucid.ops.math.reductions import reduce_mean, reduce_prod
from pellucid.ops.math.selection import where
from pellucid.ops.random.draws import random_uniform

GRAY = (0.2989, 0.5870, 0.1140)             # how bright red, green and blue look (ITU-R BT.601)


def flip_left_right(image):
    """The image, or images, mirrored. As in TF: tf.image.flip_left_right."""
    return _flipped(image, -2, "flip_left_right")


def flip_up_down(image):
    """The image, or images, upside down. As in TF: tf.image.flip_up_down."""
    return _flipped(image, -3, "flip_up_down")


def _flipped(image, axis, name):
    with name_scope(None, name, [image]):
        image = _checked(image)
        return reverse(image, [image.spec.rank + axis])


def transpose_image(image, name=None):
    """The image, or images, with rows as columns. As in TF: tf.image.transpose_image."""
    with name_scope(name, "transpose", [image]):
        image = _checked(image)
        return transpose(image, [1, 0, 2] if image.spec.rank == 3 else [0, 2, 1, 3])


def rot90(image, k=1, name=None):
    """The image, or images, rotated counter-clockwise by k times 90 degrees; k is an int.

    As in TF: tf.image.rot90.
    """
    if not isinstance(k, int):
        raise ValueError(f"k must be an int, not {k!r}: it decides the shape of the result.")
    with name_scope(name, "rot90", [image]) as scope:
        image = _checked(image)
        first = image.spec.rank - 3
        order = [1, 0, 2] if first == 0 else [0, 2, 1, 3]
        if k % 4 == 1:
            image = transpose(reverse(image, [first + 1]), order)
        elif k % 4 == 2:
            image = reverse(image, [first, first + 1])
        elif k % 4 == 3:
            image = reverse(transpose(image, order), [first + 1])
        return identity(image, name=scope)


def crop_to_bounding_box(image, offset_height, offset_width, target_height, target_width):
    """The part of an image, or of images, whose upper left corner is at the offset.

    Raises ValueError if it is known to reach over the border.
    As in TF: tf.image.crop_to_bounding_box.
    """
    with name_scope(None, "crop_to_bounding_box", [image]):
        image = _checked(image)
        _, height, width, _ = _sizes(image)
        _check(offset_height >= 0, "offset_height must be >= 0.")
        _check(offset_width >= 0, "offset_width must be >= 0.")
        _check(target_height > 0, "target_height must be > 0.")
        _check(target_width > 0, "target_width must be > 0.")
        _check(height is None or height >= target_height + offset_height,
               "height must be >= target + offset.")
        _check(width is None or width >= target_width + offset_width,
               "width must be >= target + offset.")
        start, size = [offset_height, offset_width, 0], [target_height, target_width, -1]
        if image.spec.rank == 4:
            start, size = [0, *start], [-1, *size]
        return slice_(image, start, size)


def pad_to_bounding_box(image, offset_height, offset_width, target_height, target_width):
    """An image, or images, with zeros around, of the target's size, its corner at the offset.

    The height and the width must be known. Raises ValueError if it does not fit.
    As in TF: tf.image.pad_to_bounding_box.
    """
    with name_scope(None, "pad_to_bounding_box", [image]):
        image = _checked(image)
        _, height, width, _ = _sizes(image)
        _check(None not in (height, width), "the height and width of the image must be known.")
        below = target_height - offset_height - height
        right = target_width - offset_width - width
        _check(offset_height >= 0, "offset_height must be >= 0")
        _check(offset_width >= 0, "offset_width must be >= 0")
        _check(below >= 0, "height must be <= target - offset")
        _check(right >= 0, "width must be <= target - offset")
        widths = [[offset_height, below], [offset_width, right], [0, 0]]
        return pad(image, widths if image.spec.rank == 3 else [[0, 0], *widths])


def resize_image_with_crop_or_pad(image, target_height, target_width):
    """An image, or images, cropped or padded with zeros, evenly, to the target's size.

    The height and the width must be known. As in TF: tf.image.resize_image_with_crop_or_pad.
    """
    with name_scope(None, "resize_image_with_crop_or_pad", [image]):
        image = _checked(image)
        _, height, width, _ = _sizes(image)
        _check(None not in (height, width), "the height and width of the image must be known.")
        _check(target_height > 0, "target_height must be > 0.")
        _check(target_width > 0, "target_width must be > 0.")
        cropped = crop_to_bounding_box(
            image, max((height - target_height) // 2, 0), max((width - target_width) // 2, 0),
            min(target_height, height), min(target_width, width))
        return pad_to_bounding_box(
            cropped, max((target_height - height) // 2, 0), max((target_width - width) // 2, 0),
            target_height, target_width)


# -- colours -------------------------------------------------------------------------------

def convert_image_dtype(image, dtype, saturate=False, name=None):
    """An image of another type: floats are between 0 and 1, integers up to their largest.

    Args:
      image: Tensor of integers or floats.
      dtype: DType.
      saturate: bool, whether what is out of range becomes the nearest value.

    As in TF: tf.image.convert_image_dtype.
    """
    image = as_tensor(image, name="image")
    dtype = dtypes.as_dtype(dtype)
    before = image.dtype
    if dtype is before:
        return identity(image, name=name)
    with name_scope(name, "convert_image", [image]) as scope:
        convert = saturate_cast if saturate else cast
        if before.is_integer and dtype.is_integer:
            if before.max > dtype.max:
                scale = (before.max + 1) // (dtype.max + 1)
                return convert(image // scale, dtype, name=scope)
            scale = (dtype.max + 1) // (before.max + 1)
            return convert(image, dtype) * scale
        if before.is_floating and dtype.is_floating:
            return cast(image, dtype, name=scope)
        if before.is_integer:
            return cast(image, dtype) * (1.0 / before.max)
        return convert(image * (dtype.max + 0.5), dtype, name=scope)


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
        _check(rank is not None, "the rank of the images must be known.")
        _check(images.spec.shape[-1] in (1, None),
               "Last dimension of a grayscale image should be size 1.")
        return tile(images, [1] * (rank - 1) + [3], name=scope)


def per_image_standardization(image):
    """Each image with mean 0 and variance 1: (x - mean) / max(stddev, 1 / sqrt(size)).

    The result is float16 for float16, and float32 for all else.

    As in TF: tf.image.per_image_standardization.
    """
    with name_scope(None, "per_image_standardization", [image]) as scope:
        image = _checked(image)
        x = image if image.dtype is dtypes.float16 else cast(image, dtypes.float32)
        count = cast(reduce_prod(shape(image)[-3:]), x.dtype)
        mean = reduce_mean(x, [-1, -2, -3], keepdims=True)
        deviation = sqrt(reduce_mean(square(x - mean), [-1, -2, -3], keepdims=True))
        return identity((x - mean) / maximum(deviation, rsqrt(count)), name=scope)


def adjust_brightness(image, delta):
    """An image with delta, as a fraction of the largest value, added; of the same type.

    As in TF: tf.image.adjust_brightness.
    """
    with name_scope(None, "adjust_brightness", [image, delta]) as scope:
        image = as_tensor(image, name="image")
        floats = image if image.dtype.is_floating else convert_image_dtype(image, dtypes.float32)
        brighter = add(floats, cast(convert_to_tensor(delta), floats.dtype), name=scope)
        return convert_image_dtype(brighter, image.dtype, saturate=True)


def random_flip_left_right(image, seed=None):
    """Each image mirrored, or not, with probability 1/2. As in TF: tf.image.random_flip_left_right.
    """
    return _flipped_by_chance(image, -2, seed, "random_flip_left_right")


def random_flip_up_down(image, seed=None):
    """Each image upside down, or not, with probability 1/2. As in TF: tf.image.random_flip_up_down.
    """
    return _flipped_by_chance(image, -3, seed, "random_flip_up_down")


def random_brightness(image, max_delta, seed=None):
    """adjust_brightness by a number between -max_delta and max_delta.

    Raises ValueError if max_delta is negative. As in TF: tf.image.random_brightness.
    """
    _check(max_delta >= 0, "max_delta must be non-negative.")
    return adjust_brightness(image, random_uniform([], -max_delta, max_delta, seed=seed))


def _flipped_by_chance(image, axis, seed, name):
    with name_scope(None, name, [image]):
        image = _checked(image)
        rank = image.spec.rank
        mirrored = reverse(image, [rank + axis])
        if rank == 3:
            return where(random_uniform([], 0, 1.0, seed=seed) < 0.5, mirrored, image)
        draws = random_uniform([shape(image)[0]], 0, 1.0, seed=seed)
        chosen = cast(round(reshape(draws, [-1, 1, 1, 1])), image.dtype)
        return chosen * mirrored + (1 - chosen) * image


def _checked(image):
    """The image as a Tensor. ValueError unless it is of rank 3 or 4."""
    image = as_tensor(image, name="image")
    _check(image.spec.rank in (3, 4), "an image must have 3 dimensions, images 4; the shape is "
                                      f"{image.shape}.")
    return image


def _sizes(image):
    return image.spec.shape if image.spec.rank == 4 else (1, *image.spec.shape)


def _check(condition, message):
    if not condition:
        raise ValueError(message)
