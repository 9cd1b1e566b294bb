"""Parts of images, and images with a border of zeros.

Sizes and offsets are ints or scalar Tensors; what is known is checked at once, the rest in the
run. Read next: conversion.py.
"""

from pellucid.core import dtypes
from pellucid.core.tensor import Tensor
from pellucid.ops.arguments import name_scope
from pellucid.ops.arrays.indexing import slice_
from pellucid.ops.arrays.tiling import pad
from pellucid.ops.image.checking import check, check_if_known, checked, height_and_width
from pellucid.ops.math.casting import cast
from pellucid.ops.math.elementwise import maximum, minimum


def crop_to_bounding_box(image, offset_height, offset_width, target_height, target_width):
    """The part of an image, or of images, whose upper left corner is at the offset.

    Raises ValueError if it is known to reach over the border.
    As in TF: tf.image.crop_to_bounding_box.
    """
    with name_scope(None, "crop_to_bounding_box", [image]):
        image = checked(image)
        height, width = height_and_width(image)
        for name, offset, target, size in (("height", offset_height, target_height, height),
                                           ("width", offset_width, target_width, width)):
            check_if_known(lambda n: n >= 0, offset, message=f"offset_{name} must be >= 0.")
            check_if_known(lambda n: n > 0, target, message=f"target_{name} must be > 0.")
            check_if_known(lambda n, t, o: n >= t + o, size, target, offset,
                           message=f"{name} must be >= target + offset.")
        start, size = [offset_height, offset_width, 0], [target_height, target_width, -1]
        if image.spec.rank == 4:
            start, size = [0, *start], [-1, *size]
        return _of_size(slice_(image, start, size), image, target_height, target_width)


def pad_to_bounding_box(image, offset_height, offset_width, target_height, target_width):
    """An image, or images, with zeros around, of the target's size, its corner at the offset.

    Raises ValueError if it is known not to fit.
    As in TF: tf.image.pad_to_bounding_box.
    """
    with name_scope(None, "pad_to_bounding_box", [image]):
        image = checked(image)
        height, width = height_and_width(image)
        below = target_height - offset_height - height
        right = target_width - offset_width - width
        for name, offset, after in (("height", offset_height, below),
                                    ("width", offset_width, right)):
            check_if_known(lambda n: n >= 0, offset, message=f"offset_{name} must be >= 0")
            check_if_known(lambda n: n >= 0, after, message=f"{name} must be <= target - offset")
        widths = [[offset_height, below], [offset_width, right], [0, 0]]
        padded = pad(image, widths if image.spec.rank == 3 else [[0, 0], *widths])
        return _of_size(padded, image, target_height, target_width)


def resize_image_with_crop_or_pad(image, target_height, target_width):
    """An image, or images, cropped or padded with zeros, evenly, to the target's size.

    As in TF: tf.image.resize_image_with_crop_or_pad.
    """
    with name_scope(None, "resize_image_with_crop_or_pad", [image]):
        image = checked(image)
        height, width = height_and_width(image)
        check_if_known(lambda n: n > 0, target_height, message="target_height must be > 0.")
        check_if_known(lambda n: n > 0, target_width, message="target_width must be > 0.")
        cropped = crop_to_bounding_box(
            image, _max((height - target_height) // 2, 0), _max((width - target_width) // 2, 0),
            _min(target_height, height), _min(target_width, width))
        return pad_to_bounding_box(
            cropped, _max((target_height - height) // 2, 0), _max((target_width - width) // 2, 0),
            target_height, target_width)


def central_crop(image, central_fraction):
    """The middle of an image, or images: `central_fraction` of its height and of its width.

    Raises ValueError unless 0 < central_fraction <= 1. As in TF: tf.image.central_crop.
    """
    with name_scope(None, "central_crop", [image]):
        check(0 < central_fraction <= 1, "central_fraction must be within (0, 1]")
        image = checked(image)
        if central_fraction == 1:
            return image
        starts, sizes = [], []
        for size in height_and_width(image):
            if isinstance(size, Tensor):
                wide = cast(size, dtypes.float64)
                starts.append(cast((wide - wide * central_fraction) / 2, dtypes.int32))
            else:
                starts.append(int((size - size * central_fraction) / 2))
            sizes.append(size - 2 * starts[-1])
        more = image.spec.rank - 3
        part = slice_(image, [0] * more + [*starts, 0], [-1] * more + [*sizes, -1])
        return _of_size(part, image, *sizes)


def _of_size(result, image, height, width):
    """The result, with what is known of its shape."""
    shape = [None if isinstance(size, Tensor) else int(size) for size in (height, width)]
    *more, _, _, channels = image.spec.shape
    result.set_shape([*more, *shape, channels])
    return result


def _max(a, b):
    return maximum(a, b) if isinstance(a, Tensor) or isinstance(b, Tensor) else max(a, b)


def _min(a, b):
    return minimum(a, b) if isinstance(a, Tensor) or isinstance(b, Tensor) else min(a, b)
