"""Resizing images by the means of the areas that new pixels cover. Read next: resize_images.py."""

import numpy as np

from pellucid.core import dtypes
from pellucid.core.arrays import array_namespace
from pellucid.core.gradients import NotDifferentiable
from pellucid.ops.arguments import build
from pellucid.ops.image.resizing import Resize, positive, scale_of


class ResizeArea(Resize):
    """Images whose pixels are the means of what they cover, float32."""

    op_type, attrs = "ResizeArea", {"align_corners": False}

    def _dtype(self, dtype):
        return dtypes.float32

    def compute(self, images, size):
        xp = array_namespace(images)
        x = images.astype(np.float32)
        n, h, w, c = x.shape
        rows, columns = (_cover(self, given, made) for given, made in zip(
            (h, w), positive(size), strict=True))
        x = xp.matmul(rows, x.reshape(n, h, w * c)).reshape(n, len(rows), w, c)
        return xp.matmul(columns, x)


def _cover(op, given, made):
    """The matrix (made, given) of how much of each pixel a new one covers, as a share."""
    scale = scale_of(op, given, made)
    start = np.arange(made, dtype=np.float32) * scale
    end = np.arange(1, made + 1, dtype=np.float32) * scale
    weights = np.zeros((made, given), np.float32)
    for i in range(made):
        pixels = np.arange(int(np.floor(start[i])), int(np.ceil(end[i])))
        covered = np.minimum(pixels + 1, end[i]) - np.maximum(pixels, start[i])
        np.add.at(weights[i], np.clip(pixels, 0, given - 1), covered.astype(np.float32))
    return weights / scale


NotDifferentiable("ResizeArea")


def resize_area(images, size, align_corners=False, name=None):
    """Images of another size, each pixel the mean of the area that it covers.

    Args:
      images: Tensor of numbers, shape (n, h, w, c).
      size: int32 vector, the new height and width.
      align_corners: bool, whether the corner pixels stay what they are.

    Returns:
      Tensor of float32. It has no gradient.

    As in TF: tf.image.resize_area (op type ResizeArea).
    """
    return build(ResizeArea, {"images": images, "size": size}, name, ints=("size",),
                 align_corners=bool(align_corners)).output
