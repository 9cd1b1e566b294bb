"""tf.image.resize_images: any of the ways to resize, for one image or several.

Read next: crop_and_resize.py.
"""

import math

import numpy as np

from pellucid.core import dtypes
from pellucid.core.operation import convert_to_tensor
from pellucid.core.tensor import Tensor
from pellucid.ops.arguments import as_tensor, name_scope
from pellucid.ops.arrays.shaping import expand_dims, squeeze
from pellucid.ops.image.area import resize_area
from pellucid.ops.image.bicubic import resize_bicubic
from pellucid.ops.image.checking import check, check_if_known, checked, height_and_width
from pellucid.ops.image.cropping import pad_to_bounding_box
from pellucid.ops.image.resizing import check_size, resize_bilinear, resize_nearest_neighbor
from pellucid.ops.math.casting import cast
from pellucid.ops.math.elementwise import maximum, minimum
from pellucid.ops.math.functions import floor, round


class ResizeMethod:
    """What tf.image.resize_images can do. As in TF: tf.image.ResizeMethod."""

    BILINEAR, NEAREST_NEIGHBOR, BICUBIC, AREA = range(4)


_METHODS = {ResizeMethod.BILINEAR: resize_bilinear, "bilinear": resize_bilinear,
            ResizeMethod.NEAREST_NEIGHBOR: resize_nearest_neighbor,
            "nearest": resize_nearest_neighbor,
            ResizeMethod.BICUBIC: resize_bicubic, "bicubic": resize_bicubic,
            ResizeMethod.AREA: resize_area, "area": resize_area}


def resize_images(images, size, method=ResizeMethod.BILINEAR, align_corners=False,
                  preserve_aspect_ratio=False, name=None):
    """Images of another size.

    Args:
      images: Tensor, shape (n, h, w, c), or (h, w, c) for one image.
      size: int32 vector, the new height and width. If they are known to be the old ones, the
        images are returned as they are.
      method: ResizeMethod, or its name in small letters: "bilinear", "nearest", "bicubic",
        "area".
      align_corners: bool, whether the corner pixels stay what they are.
      preserve_aspect_ratio: bool, whether height and width keep their ratio: then the images
        become as large as fits into `size`.

    Returns:
      Tensor, float32 unless the method is NEAREST_NEIGHBOR.

    As in TF: tf.image.resize_images, tf.image.resize.
    """
    if method not in _METHODS:
        raise ValueError(f"Resize method {method!r} is not implemented; there are "
                         "tf.image.ResizeMethod's BILINEAR, NEAREST_NEIGHBOR, BICUBIC and AREA.")
    with name_scope(name, "resize", [images, size]):
        images = as_tensor(images, name="images")
        rank = images.spec.rank
        check(rank in (3, 4), "'images' must have either 3 or 4 dimensions, not shape "
                              f"{images.shape}.")
        batch = expand_dims(images, 0) if rank == 3 else images
        try:
            size = as_tensor(size, dtypes.int32, name="size")
        except TypeError as error:
            raise ValueError(f"'size' must be a 1-D int32 Tensor: {error}") from None
        known = check_size(size.spec)
        if preserve_aspect_ratio:
            size = _fitting(batch, size, known)
            known = check_size(size.spec)
        result = batch
        if None in known or batch.spec.shape[1:3] != known:
            result = _METHODS[method](batch, size, align_corners)
        return squeeze(result, [0]) if rank == 3 else result


def _fitting(images, size, known):
    """The size of the same ratio as the images that fits into `size`, as TensorFlow rounds it."""
    sizes = height_and_width(images)
    if not any(isinstance(n, Tensor) for n in sizes) and None not in known:
        given, wanted = np.array([sizes, known], np.float32)
        factor = (wanted / given).min()
        return convert_to_tensor(np.rint(factor * given).astype(np.int32), name="size")
    wanted = cast(size, dtypes.float32)
    given = [cast(convert_to_tensor(n), dtypes.float32) for n in sizes]
    factor = minimum(wanted[0] / given[0], wanted[1] / given[1])
    return convert_to_tensor([cast(round(factor * n), dtypes.int32) for n in given], name="size")


def resize_image_with_pad(image, target_height, target_width, method=ResizeMethod.BILINEAR,
                          align_corners=False):
    """An image, or images, as large as fits into the target with the same ratio; zeros around.

    Args:
      image: Tensor, shape (h, w, c) or (n, h, w, c).
      target_height, target_width: int.
      method, align_corners: as for tf.image.resize_images.

    As in TF: tf.image.resize_image_with_pad.
    """
    with name_scope(None, "resize_image_with_pad", [image]):
        image = checked(image)
        rank = image.spec.rank
        image = expand_dims(image, 0) if rank == 3 else image
        targets = target_height, target_width
        for name, target in zip(("target_height", "target_width"), targets, strict=True):
            check_if_known(lambda n: n > 0, target, message=f"{name} must be > 0.")
        sizes, starts = _inside(height_and_width(image), targets)
        smaller = resize_images(image, sizes, method, align_corners)
        padded = pad_to_bounding_box(smaller, *starts, *targets)
        return squeeze(padded, [0]) if rank == 3 else padded


def _inside(sizes, targets):
    """(the size of the same ratio that fits into the targets, the offsets that centre it)."""
    if not any(isinstance(n, Tensor) for n in (*sizes, *targets)):
        ratio = max(size / target for size, target in zip(sizes, targets, strict=True))
        scaled = [size / ratio for size in sizes]
        return list(map(math.floor, scaled)), [
            max(0, math.floor((target - size) / 2)) for target, size in zip(
                targets, scaled, strict=True)]
    wide = [[cast(convert_to_tensor(n), dtypes.float64) for n in pair]
            for pair in (sizes, targets)]
    ratio = maximum(wide[0][1] / wide[1][1], wide[0][0] / wide[1][0])
    scaled = [size / ratio for size in wide[0]]
    return [cast(floor(size), dtypes.int32) for size in scaled], [
        maximum(0, cast(floor((target - size) / 2), dtypes.int32))
        for target, size in zip(wide[1], scaled, strict=True)]
