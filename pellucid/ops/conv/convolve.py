"""Convolution of arrays, for NumPy and for JAX.

NumPy has no convolution. Each window, the patch of the image under the kernel, is laid out as a
row of a matrix, and the convolution is that matrix times the kernel (Chellapilla et al. 2006,
"im2col"). All patches at once take kernel-size times the memory of the image, which is slow to
touch for the first time; so they are copied and multiplied some megabytes at a time. Milliseconds
on one core (batch 64, float32):

                              5x5, 28x28x1->32    5x5, 14x14x32->64    3x3, 32x32x64->64
    the product alone                      1.0                   16                  122
    all patches at once                    2.3                   21                  160
    4 MB of patches at a time              2.3                   14                  106
    a product for each offset             10.9                   19                  197
  by the kernel: at once                   2.5                   22                  166
    4 MB at a time                         2.5                   15                   82
  by the image: patches added up           3.2                   21                   75
    as a convolution of the gradient       5.6                   17                   77

A training step of LeNet, batch 64, takes 72 ms so, 100 with all patches at once; on two cores 53
and 72.

Of tall kernels only the rows of patches are laid out, so each pixel is copied as often as a kernel
is wide, and no more; a row of the kernel meets the rows from its own on, which lie there already.
For 5x5, 14x14x32->64, this takes 0.88 of the time, and 0.85 by the kernel, 0.81 by the image; for
3x3 it is no gain (1.00, 0.90, 0.91 for 32x32x64->64; 1.3 for 7x7x256->256).

Images are (n, *spatial, c), kernels (*spatial, c, out). `how` is (strides, pads, dilations), each
with an entry a spatial axis; pads are pairs. Read next: convolution.py.
"""

import itertools
import math
import sys

import numpy as np
from numpy.lib.stride_tricks import as_strided

from pellucid.core.arrays import array_namespace, placed

BLOCK = 4 << 20                # bytes of patches to copy at a time
LINES = 256 << 10              # bytes of rows of patches to copy at a time


def convolve(x, w, how):
    """(n, *sizes, c) and (*kernel, c, out) -> (n, *out_sizes, out)."""
    if array_namespace(x, w) is not np:
        return _lax_convolve(x, w, how)
    kernel, out = w.shape[:-2], w.shape[-1]
    if _by_rows(x, kernel, how):
        return _convolve_rows(x, w, how)
    patches = _patches(x, kernel, how)
    factor = w.reshape(-1, out)
    shape = (*patches.shape[:len(kernel) + 1], out)
    if math.prod(kernel) == 1 or not patches.size:
        return patches.reshape(-1, len(factor)).dot(factor).reshape(shape)
    result = np.empty(shape, x.dtype)
    rows = result.reshape(-1, out)
    for where, matrix in _blocks(patches, len(kernel)):
        np.dot(matrix, factor, out=rows[where])
    return result


def convolve_back_to_kernel(x, grad, kernel, how):
    """The gradient with respect to the kernel, (*kernel, c, out), given that of convolve."""
    if array_namespace(x, grad) is not np:
        shape = (*kernel, x.shape[-1], grad.shape[-1])
        return _transposed(lambda w: _lax_convolve(x, w, how), shape, grad)
    if _by_rows(x, kernel, how) and grad.shape[-1]:
        return _rows_back_to_kernel(x, grad, kernel, how)
    patches = _patches(x, kernel, how)
    rows = grad.reshape(-1, grad.shape[-1])
    total = np.zeros((math.prod(kernel) * x.shape[-1], rows.shape[1]), x.dtype)
    if patches.size:
        for where, matrix in _blocks(patches, len(kernel)):
            total += matrix.T.dot(rows[where])
    return total.reshape(*kernel, x.shape[-1], -1 if rows.shape[1] else 0)


def convolve_back_to_image(sizes, w, grad, how):
    """The gradient with respect to the image, (n, *sizes, c), given that of convolve."""
    *kernel, c, out = w.shape
    shape = (len(grad), *sizes, c)
    if array_namespace(w, grad) is not np:
        return _transposed(lambda x: _lax_convolve(x, w, how), shape, grad)
    if not grad.size or not w.size:
        return np.zeros(shape, grad.dtype)
    turned = _turned(sizes, kernel, grad.shape[1:-1], how)
    if turned is not None and out <= 4 * c:
        flipped = np.flip(w, range(len(kernel))).swapaxes(-1, -2)
        return convolve(grad, np.ascontiguousarray(flipped), turned)
    return _add_patches(shape, w, grad, how)


# -- tall kernels, row by row --------------------------------------------------------------

def _by_rows(x, kernel, how):
    """True if laying out rows of patches is quicker than laying out patches."""
    counts = _counts(x.shape[1:-1], kernel, how)
    return (kernel[0] >= 4 and how[0][0] == 1 and math.prod(kernel[1:]) * x.shape[-1] >= 64
            and len(x) > 0 and math.prod(counts) >= 128)


def _lines(x, kernel, how):
    """(slice of images, rows of their patches: one (images, pixels, depth) a row of the kernel).

    The rows are only good until the next ones are asked for.
    """
    lines = _patches(x, (1, *kernel[1:]), how)
    count, dilation = _counts(x.shape[1:-1], kernel, how)[0], how[2][0]
    depth = math.prod(kernel[1:]) * x.shape[-1]
    for images in _spans(len(x), max(1, LINES // (lines[:1].size * lines.itemsize))):
        block = np.ascontiguousarray(lines[images])
        block = block.reshape(*block.shape[:2], -1, depth)
        yield images, [block[:, i:i + count].reshape(len(block), -1, depth)      # no copies
                       for i in range(0, kernel[0] * dilation, dilation)]


def _convolve_rows(x, w, how):
    """convolve: the sum over the rows of the kernel."""
    *kernel, _, out = w.shape
    result = np.empty((len(x), *_counts(x.shape[1:-1], kernel, how), out), x.dtype)
    pixels, factors = result.reshape(len(x), -1, out), w.reshape(kernel[0], -1, out)
    for images, rows in _lines(x, kernel, how):
        part = pixels[images]
        np.matmul(rows[0], factors[0], out=part)
        for row, factor in zip(rows[1:], factors[1:], strict=True):
            part += np.matmul(row, factor)
    return result


def _rows_back_to_kernel(x, grad, kernel, how):
    """convolve_back_to_kernel: each row of the kernel for itself, image by image."""
    out = grad.shape[-1]
    pixels = grad.reshape(len(x), -1, out)
    total = np.zeros((kernel[0], math.prod(kernel[1:]) * x.shape[-1], out), x.dtype)
    for images, rows in _lines(x, kernel, how):
        for of_row, row in zip(total, rows, strict=True):
            for image, of_image in zip(row, pixels[images], strict=True):
                of_row += image.T.dot(of_image)
    return total.reshape(*kernel, x.shape[-1], out)


def _turned(sizes, kernel, counts, how):
    """`how` of the convolution of the gradient with the flipped kernel; None if there is none.

    With strides of 1, pixel i is under kernel offset k in window i + before - k: a convolution
    again, in which the padding completes the kernel's.
    """
    strides, pads, dilations = how
    if any(s != 1 for s in strides):
        return None
    turned = []
    for size, k, count, (before, _), dilation in zip(sizes, kernel, counts, pads, dilations,
                                                     strict=True):
        extent = (k - 1) * dilation
        start = extent - before
        turned.append((start, size - count + extent - start))
    return None if min(map(min, turned)) < 0 else (strides, tuple(turned), dilations)


def _add_patches(shape, w, grad, how):
    """Each window's gradient by its patch, added where the patch was taken."""
    strides, pads, dilations = how
    *kernel, c, out = w.shape
    counts = grad.shape[1:-1]
    padded = np.zeros((len(grad), *[d + p + q for d, (p, q) in zip(
        shape[1:-1], pads, strict=True)], c), grad.dtype)
    factor = np.ascontiguousarray(w.reshape(-1, out).T)
    rows = math.prod(counts) * factor.shape[1] * grad.itemsize
    for images in _spans(len(grad), max(1, BLOCK // rows)):
        part = grad[images]
        patches = part.reshape(-1, out).dot(factor).reshape(len(part), *counts, *kernel, c)
        for at in itertools.product(*map(range, kernel)):
            padded[(images, *under(at, counts, strides, dilations))] += patches[
                (slice(None),) * (len(kernel) + 1) + at]
    return padded[(slice(None), *[slice(p, p + d) for d, (p, _) in zip(
        shape[1:-1], pads, strict=True)])]


def under(offset, counts, strides, dilations):
    """Slices of the padded image: the pixels that lie under one kernel offset."""
    return tuple([slice(k * d, k * d + (count - 1) * s + 1, s) for k, count, s, d in zip(
        offset, counts, strides, dilations, strict=True)])


def padded_with(x, pads, fill=0):
    """The image with `fill` around it; the image itself where nothing is to be added."""
    if not any(p or q for p, q in pads):
        return x
    shape = (len(x), *[d + p + q for d, (p, q) in zip(x.shape[1:-1], pads, strict=True)],
             x.shape[-1])
    inside = [slice(p, p + d) for d, (p, _) in zip(x.shape[1:-1], pads, strict=True)]
    return placed(shape, (slice(None), *inside), x, fill)


def _patches(x, kernel, how):
    """A view (n, *counts, *kernel, c) of the padded image: windows share their pixels."""
    strides, pads, dilations = how
    counts = _counts(x.shape[1:-1], kernel, how)
    x = padded_with(x, pads)
    steps = x.strides[1:-1]
    return as_strided(
        x, (len(x), *counts, *kernel, x.shape[-1]),
        (x.strides[0], *[s * t for s, t in zip(strides, steps, strict=True)],
         *[d * t for d, t in zip(dilations, steps, strict=True)], x.strides[-1]),
        writeable=False)


def _counts(sizes, kernel, how):
    """How many windows there are along each axis."""
    return [max(0, (d + p + q - (k - 1) * dilation - 1) // s + 1)
            for d, k, s, (p, q), dilation in zip(sizes, kernel, *how, strict=True)]


def _blocks(patches, spatial):
    """(slice of rows, matrix of those rows), for patches as a matrix with a row a window.

    Several images at a time, or several rows of windows where one image is too large. The matrix
    is only good until the next one is asked for.
    """
    n, count = patches.shape[:2]
    depth = math.prod(patches.shape[spatial + 1:])
    line = math.prod(patches.shape[2:spatial + 1])                # windows in a row of an image
    lines = max(1, BLOCK // (line * depth * patches.itemsize))
    whole = lines >= count
    buffer = np.empty((min(n, lines // count), count, *patches.shape[2:]) if whole else
                      (1, lines, *patches.shape[2:]), patches.dtype)
    spans = [(images, slice(0, count)) for images in _spans(n, lines // count)] if whole else [
        (slice(i, i + 1), rows) for i in range(n) for rows in _spans(count, lines)]
    for images, rows in spans:
        block = buffer[:images.stop - images.start, :rows.stop - rows.start]
        np.copyto(block, patches[images, rows])
        start = (images.start * count + rows.start) * line
        matrix = block.reshape(-1, depth)
        yield slice(start, start + len(matrix)), matrix


def _spans(n, step):
    return [slice(i, min(i + step, n)) for i in range(0, n, step)]


# -- one kernel a channel ------------------------------------------------------------------

def convolve_depthwise(x, w, how):
    """(n, *sizes, c) and (*kernel, c, m) -> (n, *out_sizes, c m): each channel with m kernels."""
    if array_namespace(x, w) is not np:
        return _lax_depthwise(x, w, how)
    *kernel, c, m = w.shape
    counts, slices = _offsets(x.shape[1:-1], kernel, how)
    result = np.empty((len(x), *counts, c, m), x.dtype)
    for images in _spans(len(x), max(1, BLOCK // max(1, result[:1].nbytes))):
        padded = padded_with(x[images], how[1])
        total = np.zeros((len(padded), *counts, c, m), x.dtype)
        for at, where in slices:
            total += padded[where][..., None] * w[at]
        result[images] = total
    return result.reshape(*result.shape[:-2], c * m)


def depthwise_back_to_kernel(x, grad, kernel, how):
    """The gradient with respect to the kernels, (*kernel, c, m)."""
    c = x.shape[-1]
    m = grad.shape[-1] // c if c else 0
    if array_namespace(x, grad) is not np:
        return _transposed(lambda w: _lax_depthwise(x, w, how), (*kernel, c, m), grad)
    _, slices = _offsets(x.shape[1:-1], kernel, how)
    padded = padded_with(x, how[1])
    grad = grad.reshape(-1, c, m)
    result = np.empty((*kernel, c, m), x.dtype)
    for at, where in slices:
        result[at] = np.einsum("nc,ncm->cm", padded[where].reshape(-1, c), grad)
    return result


def depthwise_back_to_image(sizes, w, grad, how):
    """The gradient with respect to the image, (n, *sizes, c)."""
    *kernel, c, m = w.shape
    shape = (len(grad), *sizes, c)
    if array_namespace(w, grad) is not np:
        return _transposed(lambda x: _lax_depthwise(x, w, how), shape, grad)
    _, slices = _offsets(sizes, kernel, how)
    pads = how[1]
    padded = np.zeros((len(grad), *[d + p + q for d, (p, q) in zip(sizes, pads, strict=True)], c),
                      grad.dtype)
    grad = grad.reshape(*grad.shape[:-1], c, m)
    for at, where in slices:
        padded[where] += np.einsum("...cm,cm->...c", grad, w[at])
    return padded[(slice(None), *[slice(p, p + d) for d, (p, _) in zip(sizes, pads, strict=True)])]


def _offsets(sizes, kernel, how):
    """(windows along each axis, [(kernel offset, index of the pixels under it)])."""
    counts = _counts(sizes, kernel, how)
    return counts, [(at, (slice(None), *under(at, counts, how[0], how[2])))
                    for at in itertools.product(*map(range, kernel))]


# -- JAX -----------------------------------------------------------------------------------

def _lax_convolve(x, w, how, groups=1):
    """The same by jax.lax, which whoever brought a JAX array has imported."""
    lax = sys.modules["jax"].lax
    w = w.astype(x.dtype)
    strides, pads, dilations = how
    spatial = tuple(range(len(strides)))
    image = (0, len(spatial) + 1, *[i + 1 for i in spatial])
    kernel = (len(spatial) + 1, len(spatial), *spatial)
    return lax.conv_general_dilated(
        x, w, strides, pads, rhs_dilation=dilations, feature_group_count=groups,
        dimension_numbers=lax.ConvDimensionNumbers(image, kernel, image))


def _lax_depthwise(x, w, how):
    *kernel, c, m = w.shape
    return _lax_convolve(x, w.reshape(*kernel, 1, c * m), how, groups=c)


def _transposed(linear, shape, grad):
    """The gradient of a linear function with respect to its argument of that shape."""
    jax = sys.modules["jax"]
    return jax.linear_transpose(linear, jax.ShapeDtypeStruct(shape, grad.dtype))(grad)[0]
