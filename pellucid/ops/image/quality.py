"""How much images differ, and how much they vary: psnr, ssim, edges. Read next: decoding.py."""

import math

import numpy as np

from pellucid.core import dtypes
from pellucid.ops.arguments import as_tensor, name_scope
from pellucid.ops.arrays.creation import zeros_like
from pellucid.ops.arrays.joining import concat
from pellucid.ops.arrays.shaping import reshape, shape
from pellucid.ops.arrays.tiling import pad, tile
from pellucid.ops.control.passing import identity
from pellucid.ops.conv.depthwise import depthwise_conv2d
from pellucid.ops.image.checking import check
from pellucid.ops.image.conversion import convert_image_dtype
from pellucid.ops.math.casting import cast
from pellucid.ops.math.elementwise import abs, square, squared_difference
from pellucid.ops.math.functions import log
from pellucid.ops.math.reductions import reduce_mean, reduce_sum

SOBEL = np.array([[[-1, -2, -1], [0, 0, 0], [1, 2, 1]], [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]])


def total_variation(images, name=None):
    """The sum of the differences between neighbouring pixels: (n,), or a scalar for one image.

    As in TF: tf.image.total_variation.
    """
    with name_scope(name, "total_variation"):
        images = as_tensor(images, name="images")
        rank = images.spec.rank
        check(rank in (3, 4), "'images' must be either 3 or 4-dimensional.")
        axes = None if rank == 3 else [1, 2, 3]
        down = images[..., 1:, :, :] - images[..., :-1, :, :]
        right = images[..., 1:, :] - images[..., :-1, :]
        return reduce_sum(abs(down), axes) + reduce_sum(abs(right), axes)


def image_gradients(image):
    """(dy, dx): each pixel's difference to the one below and to the right; 0 at the border.

    image has shape (n, h, w, c). As in TF: tf.image.image_gradients.
    """
    image = as_tensor(image, name="image")
    check(image.spec.rank == 4, "image_gradients expects a 4D tensor [batch_size, h, w, d], not "
                                f"{image.shape}.")
    down = image[:, 1:] - image[:, :-1]
    right = image[:, :, 1:] - image[:, :, :-1]
    return (concat([down, zeros_like(image[:, :1])], 1),
            concat([right, zeros_like(image[:, :, :1])], 2))


def sobel_edges(image):
    """How steep images (n, h, w, c) are downward and to the right: (n, h, w, c, 2).

    As in TF: tf.image.sobel_edges (Sobel & Feldman 1968).
    """
    image = as_tensor(image, name="image")
    kernel = SOBEL.transpose(1, 2, 0)[:, :, None]
    kernel = tile(as_tensor(kernel.astype(image.dtype.as_numpy_dtype)),
                  [1, 1, shape(image)[-1], 1], name="sobel_filters")
    padded = pad(image, [[0, 0], [1, 1], [1, 1], [0, 0]], mode="REFLECT")
    edges = depthwise_conv2d(padded, kernel, [1, 1, 1, 1], "VALID")
    edges = reshape(edges, concat([shape(image), [2]], 0))
    if image.spec.shape is not None:
        edges.set_shape([*image.spec.shape, 2])
    return edges


def psnr(a, b, max_val, name=None):
    """The peak signal-to-noise ratio of image pairs in decibels, 10 log10(max^2 / mean((a - b)^2)).

    Args:
      a, b: Tensor of numbers of one type, shape (..., h, w, c).
      max_val: number, the distance between black and white.

    Returns:
      Tensor of float32, shape (...).

    As in TF: tf.image.psnr.
    """
    with name_scope(name, "PSNR", [a, b]):
        a, b, largest = _pair(a, b, max_val)
        error = reduce_mean(squared_difference(a, b), [-3, -2, -1])
        ratio = 20 * log(largest) / math.log(10.0) - np.float32(10 / math.log(10)) * log(error)
        return identity(ratio)


def ssim(img1, img2, max_val, filter_size=11, filter_sigma=1.5, k1=0.01, k2=0.03):
    """The structural similarity of image pairs, 1 for equal ones (Wang et al. 2004).

    Args:
      img1, img2: Tensor of numbers of one type, shape (..., h, w, c).
      max_val: number, the distance between black and white.
      filter_size, filter_sigma: of the Gaussian window in which images are compared.
      k1, k2: floats that keep quotients finite.

    Returns:
      Tensor of float32, shape (...), the mean over windows and channels.

    As in TF: tf.image.ssim.
    """
    x, y, largest = _pair(img1, img2, max_val)
    c1, c2 = square(k1 * largest), square(k2 * largest)

    def mean(z):
        """The mean of each window, weighted."""
        whole = shape(z)
        images = reshape(z, concat([[-1], whole[-3:]], 0))
        kernel = tile(as_tensor(_gaussian(filter_size, filter_sigma)), [1, 1, whole[-1], 1])
        blurred = depthwise_conv2d(images, kernel, [1, 1, 1, 1], "VALID")
        return reshape(blurred, concat([whole[:-3], shape(blurred)[1:]], 0))

    mean_x, mean_y = mean(x), mean(y)
    product, squares = 2 * mean_x * mean_y, square(mean_x) + square(mean_y)
    luminance = (product + c1) / (squares + c1)
    contrast = (2 * mean(x * y) - product + c2) / (mean(square(x) + square(y)) - squares + c2)
    return reduce_mean(reduce_mean(luminance * contrast, [-3, -2]), [-1])


def _gaussian(size, sigma):
    """The weights of a window, (size, size, 1, 1), which sum to 1."""
    distance = np.arange(size) - (size - 1) / 2
    line = np.exp(-0.5 * np.square(distance / sigma))
    weights = np.outer(line, line)
    return (weights / weights.sum()).astype(np.float32)[:, :, None, None]


def _pair(a, b, max_val):
    """Two images and the largest value as float32, after a look at their shapes."""
    a, b = as_tensor(a), as_tensor(b)
    one, other = a.spec.shape, b.spec.shape
    if one is not None and other is not None:
        check(len(one) >= 3 and len(other) >= 3 and all(
            p == q or None in (p, q) for p, q in zip(one[-3:], other[-3:], strict=True)),
            f"images must have one shape (..., h, w, c), not {one} and {other}.")
    largest = convert_image_dtype(cast(max_val, a.dtype), dtypes.float32)
    return (convert_image_dtype(a, dtypes.float32), convert_image_dtype(b, dtypes.float32), largest)
