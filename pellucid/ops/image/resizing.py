"""Resizing images, by linear interpolation or to the nearest pixel.

Both are linear and separable: y = R x C^T for each image and channel, where row i of R says of
which pixels row i of the result is made. The gradient is R^T dy C. Where a row i of the result
lies in the image depends on two options, as TensorFlow has them:

    align_corners         i (in - 1) / (out - 1)        corner pixels meet
    half_pixel_centers    (i + 1/2) in / out - 1/2      pixels are little squares
    neither               i in / out

Read next: bicubic.py.
"""

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.arrays import array_namespace
from pellucid.core.gradients import RegisterGradient
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec
from pellucid.ops.arguments import build, check_allowed
from pellucid.ops.arrays.shaping import shape
from pellucid.ops.conv.convolution import attributes
from pellucid.ops.conv.windows import check_rank
from pellucid.ops.regular import REAL

OPTIONS = {"align_corners": False, "half_pixel_centers": False}


class Resize(Operation):
    """What the operations that make images of another size share: the shape."""

    attrs, fresh = OPTIONS, True
    static_inputs = (1,)

    def infer(self, images, size):
        check_allowed("images", images.dtype, REAL)
        check_rank("images", images, 4)
        n, _, _, c = images.shape or (None,) * 4
        return Spec(self._dtype(images.dtype), (n, *check_size(size), c))

    def _dtype(self, dtype):
        return dtype


class ResizeBilinear(Resize):
    """Images whose pixels are weighted means of the four around them, float32."""

    op_type, attrs = "ResizeBilinear", OPTIONS

    def _dtype(self, dtype):
        return dtypes.float32

    def compute(self, images, size):
        x = images.astype(np.float32)
        wanted = positive(size)
        for axis in (2, 1):
            before, after, share = _between(self, x.shape[axis], wanted[axis - 1])
            share = share.reshape(-1, *(1,) * (3 - axis))
            low = x.take(before, axis)
            x = low + (x.take(after, axis) - low) * share
        return x


class ResizeNearestNeighbor(Resize):
    """Images whose pixels are those that are nearest."""

    op_type, attrs = "ResizeNearestNeighbor", OPTIONS

    def compute(self, images, size):
        rows, columns = (_nearest(self, given, made) for given, made in zip(
            images.shape[1:3], positive(size), strict=True))
        return images.take(rows, 1).take(columns, 2)


class ResizeBilinearGrad(Operation):
    """The gradient of ResizeBilinear with respect to its images."""

    op_type, attrs = "ResizeBilinearGrad", OPTIONS

    def infer(self, grads, original_image):
        check_allowed("grads", grads.dtype, (dtypes.float32,))
        check_allowed("original_image", original_image.dtype, dtypes.FLOATING)
        n, h, w, c = original_image.shape or (None,) * 4
        return Spec(original_image.dtype, (n, h, w, c))

    def compute(self, grads, original_image):
        maps = [_linear_map(self, original_image.shape[axis], grads.shape[axis])
                for axis in (1, 2)]
        return back(grads, *maps).astype(original_image.dtype)


class ResizeNearestNeighborGrad(Operation):
    """The gradient of ResizeNearestNeighbor with respect to its images, of height, width size."""

    op_type, attrs = "ResizeNearestNeighborGrad", OPTIONS
    static_inputs = (1,)

    def infer(self, grads, size):
        check_rank("grads", grads, 4)
        n, _, _, c = grads.shape or (None,) * 4
        return Spec(grads.dtype, (n, *check_size(size), c))

    def compute(self, grads, size):
        maps = []
        for axis in (1, 2):
            given, made = int(size[axis - 1]), grads.shape[axis]
            maps.append((_nearest(self, given, made)[:, None] == np.arange(given)).astype(
                grads.dtype))
        return back(grads, *maps)


def check_size(size):
    """(height, width) of the Spec of a size; None where unknown."""
    check_allowed("size", size.dtype, (dtypes.int32,))
    check_rank("size", size, 1)
    if size.value is not None and (size.value < 0).any():
        raise ValueError(f"the height and width must be >= 0, not {size.value.tolist()}.")
    sizes = size.as_shape() or (None, None)
    if len(sizes) != 2:
        raise ValueError(f"size must be a vector of 2, height and width, not of {len(sizes)}.")
    return sizes


def positive(size):
    """The height and width of a run. InvalidArgumentError unless they are positive."""
    height, width = (int(n) for n in size)
    if height <= 0 or width <= 0:
        raise errors.InvalidArgumentError(
            None, None, f"output dimensions must be positive, not {height} and {width}")
    return height, width


def _between(op, given, made):
    """For `made` pixels from `given` ones: the pixel before, that after, and the latter's share."""
    at = places(op, given, made)
    below = np.floor(at)
    before = np.maximum(below, 0).astype(np.intp)
    after = np.minimum(np.ceil(at), given - 1).astype(np.intp)
    return before, after, (at - below).astype(np.float32)


def _linear_map(op, given, made):
    """The matrix (made, given) of linear interpolation."""
    before, after, share = _between(op, given, made)
    pixel = np.arange(given)
    return ((before[:, None] == pixel) * (1 - share)[:, None]
            + (after[:, None] == pixel) * share[:, None]).astype(np.float32)


def _nearest(op, given, made):
    """The index of the pixel that each of `made` ones is taken from."""
    if op.align_corners:
        at = np.floor(places(op, given, made) + np.float32(0.5))      # half away from zero
    elif op.half_pixel_centers:
        at = np.floor(places(op, given, made) + np.float32(0.5))      # the square it lies in
    else:
        at = np.floor(places(op, given, made))
    return np.clip(at, 0, given - 1).astype(np.intp)


def places(op, given, made):
    """Where the pixels lie in the image, in float32 as in TensorFlow."""
    i, half = np.arange(made, dtype=np.float32), np.float32(0.5)
    scale = scale_of(op, given, made)
    return (i + half) * scale - half if op.half_pixel_centers else i * scale


def scale_of(op, given, made):
    """How far apart the new pixels lie in the image."""
    if op.align_corners and made > 1:
        return np.float32(given - 1) / np.float32(made - 1)
    return np.float32(given) / np.float32(max(made, 1))


def back(grads, rows, columns):
    """R^T dy C, for gradients (n, h, w, c)."""
    xp = array_namespace(grads)
    n, h, _, c = grads.shape
    along = xp.matmul(columns.T, grads).reshape(n, h, -1)
    return xp.matmul(rows.T, along).reshape(n, rows.shape[1], columns.shape[1], c)


@RegisterGradient("ResizeBilinear")
def _resize_bilinear_gradient(op, grad):
    return ResizeBilinearGrad([grad, op.inputs[0]], **attributes(op)).output, None


@RegisterGradient("ResizeBilinearGrad")
def _resize_bilinear_grad_gradient(op, grad):
    size = shape(op.inputs[0])[1:3]
    return ResizeBilinear([grad, size], **attributes(op)).output, None


@RegisterGradient("ResizeNearestNeighbor")
def _resize_nearest_neighbor_gradient(op, grad):
    size = shape(op.inputs[0])[1:3]
    return ResizeNearestNeighborGrad([grad, size], **attributes(op)).output, None


@RegisterGradient("ResizeNearestNeighborGrad")
def _resize_nearest_neighbor_grad_gradient(op, grad):
    size = shape(op.inputs[0])[1:3]
    return ResizeNearestNeighbor([grad, size], **attributes(op)).output, None


# -- public functions ----------------------------------------------------------------------

def resize_bilinear(images, size, align_corners=False, name=None, half_pixel_centers=False):
    """Images of another size, by linear interpolation.

    Args:
      images: Tensor of numbers, shape (n, h, w, c).
      size: int32 vector, the new height and width.
      align_corners: bool, whether the corner pixels stay what they are.
      half_pixel_centers: bool, whether a pixel is a square, not a point.

    Returns:
      Tensor of float32.

    As in TF: tf.image.resize_bilinear (op type ResizeBilinear).
    """
    return resized(ResizeBilinear, images, size, name, align_corners, half_pixel_centers)


def resize_nearest_neighbor(images, size, align_corners=False, name=None,
                            half_pixel_centers=False):
    """Images of another size, each pixel that which is nearest; arguments as above, dtype kept.

    As in TF: tf.image.resize_nearest_neighbor (op type ResizeNearestNeighbor).
    """
    return resized(ResizeNearestNeighbor, images, size, name, align_corners, half_pixel_centers)


def resized(op_class, images, size, name=None, align_corners=False, half_pixel_centers=False):
    """The output of an operation that makes images of another size."""
    if align_corners and half_pixel_centers:
        raise ValueError("If half_pixel_centers is True, align_corners must be False.")
    return build(op_class, {"images": images, "size": size}, name, ints=("size",),
                 align_corners=bool(align_corners),
                 half_pixel_centers=bool(half_pixel_centers)).output
