"""Moving pixels between space, depth and batch: blocks of an image become channels or images.

Nothing is computed, only rearranged, so each operation's gradient is the reverse operation.
"""

import numpy as np

from pellucid.core import dtypes
from pellucid.core.arrays import array_namespace
from pellucid.core.gradients import RegisterGradient
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec
from pellucid.ops.arguments import build
from pellucid.ops.arrays.shaping import check_indices
from pellucid.ops.conv.convolution import attributes
from pellucid.ops.conv.windows import check_rank

# -- depth ---------------------------------------------------------------------------------

class SpaceToDepth(Operation):
    """(n, h, w, c) to (n, h / b, w / b, b b c): a block's pixels become channels of one pixel."""

    op_type, attrs = "SpaceToDepth", {"block_size": 2, "data_format": "NHWC"}

    def infer(self, input):
        n, h, w, c = _image(self, input)
        b = self.block_size
        return Spec(input.dtype, _join(
            self, n, _divided("height", h, b), _divided("width", w, b), c and c * b * b))

    def compute(self, input):
        n, h, w, c = _image(self, input)
        b = self.block_size
        if self.data_format == "NCHW":
            x = input.reshape(n, c, h // b, b, w // b, b).transpose(0, 3, 5, 1, 2, 4)
        else:
            x = input.reshape(n, h // b, b, w // b, b, c).transpose(0, 1, 3, 2, 4, 5)
        return x.reshape(_join(self, n, h // b, w // b, c * b * b))


class DepthToSpace(Operation):
    """(n, h, w, b b c) to (n, h b, w b, c): SpaceToDepth backwards."""

    op_type, attrs = "DepthToSpace", SpaceToDepth.attrs

    def infer(self, input):
        n, h, w, c = _image(self, input)
        b = self.block_size
        return Spec(input.dtype, _join(
            self, n, h and h * b, w and w * b, _divided("depth", c, b * b)))

    def compute(self, input):
        n, h, w, c = _image(self, input)
        b = self.block_size
        c = _divided("depth", c, b * b)
        if self.data_format == "NCHW":
            x = input.reshape(n, b, b, c, h, w).transpose(0, 3, 4, 1, 5, 2)
        else:
            x = input.reshape(n, h, w, b, b, c).transpose(0, 1, 3, 2, 4, 5)
        return x.reshape(_join(self, n, h * b, w * b, c))


def _image(op, x):
    """(n, h, w, c) of a Spec or an array."""
    if op.data_format not in ("NHWC", "NCHW"):
        raise ValueError(f"data_format must be 'NHWC' or 'NCHW', not {op.data_format!r}.")
    if op.block_size < 2:
        raise ValueError(f"Block size should be > 1, but was: {op.block_size}.")
    if isinstance(x, Spec):
        check_rank("input", x, 4)
    shape = x.shape or (None,) * 4
    return (shape[0], *shape[2:], shape[1]) if op.data_format == "NCHW" else shape


def _join(op, n, h, w, c):
    return (n, c, h, w) if op.data_format == "NCHW" else (n, h, w, c)


def _divided(what, size, by):
    if size is not None and size % by:
        raise ValueError(f"{what} {size} is not divisible by {by}.")
    return None if size is None else size // by


@RegisterGradient("SpaceToDepth")
def _space_to_depth_gradient(op, grad):
    return DepthToSpace([grad], **attributes(op)).output


@RegisterGradient("DepthToSpace")
def _depth_to_space_gradient(op, grad):
    return SpaceToDepth([grad], **attributes(op)).output


def space_to_depth(input, block_size, name=None, data_format="NHWC"):
    """Blocks of pixels as channels: (n, h, w, c) to (n, h / b, w / b, b b c).

    Raises ValueError if the height or the width is not divisible by block_size.
    As in TF: tf.nn.space_to_depth, tf.space_to_depth (op type SpaceToDepth).
    """
    return build(SpaceToDepth, {"input": input}, name, block_size=int(block_size),
                 data_format=data_format).output


def depth_to_space(input, block_size, name=None, data_format="NHWC"):
    """Channels as blocks of pixels: (n, h, w, b b c) to (n, h b, w b, c).

    Raises ValueError if the number of channels is not divisible by block_size^2.
    As in TF: tf.nn.depth_to_space, tf.depth_to_space (op type DepthToSpace).
    """
    return build(DepthToSpace, {"input": input}, name, block_size=int(block_size),
                 data_format=data_format).output


# -- batch ---------------------------------------------------------------------------------

class SpaceToBatchND(Operation):
    """Pads axes 1, 2, ... with zeros, then makes each offset in a block an image of its own.

    Offset (i, j) of image k is image (i b1 + j) n + k of the result.
    """

    op_type = "SpaceToBatchND"
    static_inputs = (1, 2)

    def infer(self, input, block_shape, paddings):
        x, block, widths = _batch_arguments(input, block_shape, paddings, "paddings")
        if x is None or block is None:
            return Spec(input.dtype, None)
        spatial = []
        for d, b, width in zip(x[1:], block, widths, strict=False):
            unknown = None in (d, b, width)
            spatial.append(None if unknown else _divided("padded size", d + sum(width), b))
        n = None if x[0] is None or None in block else x[0] * int(np.prod(block))
        return Spec(input.dtype, (n, *spatial, *x[1 + len(block):]))

    def compute(self, input, block_shape, paddings):
        xp = array_namespace(input)
        block, m = block_shape.tolist(), len(block_shape)
        x = xp.pad(input, [(0, 0), *map(tuple, paddings.tolist()),
                           *[(0, 0)] * (input.ndim - m - 1)])
        counts = [_divided("padded size", d, b) for d, b in zip(x.shape[1:], block, strict=False)]
        rest = x.shape[m + 1:]
        split = [v for pair in zip(counts, block, strict=True) for v in pair]
        order = [*range(2, 2 * m + 1, 2), 0, *range(1, 2 * m, 2)]
        x = x.reshape(len(x), *split, *rest).transpose(
            *order, *range(2 * m + 1, 2 * m + 1 + len(rest)))
        return x.reshape(input.shape[0] * int(np.prod(block)), *counts, *rest)


class BatchToSpaceND(Operation):
    """SpaceToBatchND backwards: interleaves images, then crops."""

    op_type = "BatchToSpaceND"
    static_inputs = (1, 2)

    def infer(self, input, block_shape, crops):
        x, block, widths = _batch_arguments(input, block_shape, crops, "crops")
        if x is None or block is None:
            return Spec(input.dtype, None)
        spatial = []
        for d, b, width in zip(x[1:], block, widths, strict=False):
            size = None if None in (d, b, width) else d * b - sum(width)
            if size is not None and size < 0:
                raise ValueError(f"Negative dimension size caused by cropping {width} from "
                                 f"{d * b}.")
            spatial.append(size)
        n = None if None in block else _divided("batch size", x[0], int(np.prod(block)))
        return Spec(input.dtype, (n, *spatial, *x[1 + len(block):]))

    def compute(self, input, block_shape, crops):
        block, m = block_shape.tolist(), len(block_shape)
        n = _divided("batch size", len(input), int(np.prod(block)))
        counts, rest = input.shape[1:m + 1], input.shape[m + 1:]
        order = [m, *[axis for i in range(m) for axis in (m + 1 + i, i)]]
        x = input.reshape(*block, n, *counts, *rest).transpose(
            *order, *range(2 * m + 1, 2 * m + 1 + len(rest)))
        x = x.reshape(n, *[c * b for c, b in zip(counts, block, strict=True)], *rest)
        kept = [slice(p, d - q) for d, (p, q) in zip(x.shape[1:], crops.tolist(), strict=False)]
        return x[(slice(None), *kept)]


def _batch_arguments(input, block_shape, widths, name):
    """(shape, block, pairs), each None where unknown; the checks of both operations."""
    check_indices("block_shape", block_shape)
    check_indices(name, widths, rank=2)
    m = block_shape.shape[0] if block_shape.shape else None
    if m is None and widths.shape:
        m = widths.shape[0]
    if widths.shape and (widths.shape[1] not in (2, None) or (
            None not in (m, widths.shape[0]) and widths.shape[0] != m)):
        raise ValueError(f"{name} must have a pair for each of the {m} entries of block_shape.")
    if None not in (m, input.rank) and input.rank < m + 1:
        raise ValueError(f"input must be of rank {m + 1} at least, but has rank {input.rank}.")
    if m is None:
        return input.shape, None, None
    block = (None,) * m if block_shape.value is None else tuple(block_shape.value.tolist())
    if any(b is not None and b < 1 for b in block):
        raise ValueError(f"block_shape must be positive, but is {block}.")
    pairs = [None] * m if widths.value is None else widths.value.tolist()
    if any(pair is not None and min(pair) < 0 for pair in pairs):
        raise ValueError(f"{name} cannot be negative: {pairs}.")
    return input.shape, block, pairs


class SpaceToBatch(SpaceToBatchND):
    """SpaceToBatchND of older graphs, for images and square blocks."""

    op_type, attrs = "SpaceToBatch", {"block_size": 2}

    def infer(self, input, paddings):
        check_rank("input", input, 4)
        return super().infer(Spec(input.dtype, input.shape or (None,) * 4),
                             _square(self.block_size), paddings)

    def compute(self, input, paddings):
        return super().compute(input, _square(self.block_size).value, paddings)


class BatchToSpace(BatchToSpaceND):
    """BatchToSpaceND of older graphs, for images and square blocks."""

    op_type, attrs = "BatchToSpace", {"block_size": 2}

    def infer(self, input, crops):
        check_rank("input", input, 4)
        return super().infer(Spec(input.dtype, input.shape or (None,) * 4),
                             _square(self.block_size), crops)

    def compute(self, input, crops):
        return super().compute(input, _square(self.block_size).value, crops)


def _square(size):
    if size < 2:
        raise ValueError(f"Block size should be > 1, but was: {size}.")
    return Spec(dtypes.int32, (2,), np.array([size, size], np.int32))


@RegisterGradient("SpaceToBatchND")
def _space_to_batch_nd_gradient(op, grad):
    return BatchToSpaceND([grad, *op.inputs[1:]]).output, None, None


@RegisterGradient("BatchToSpaceND")
def _batch_to_space_nd_gradient(op, grad):
    return SpaceToBatchND([grad, *op.inputs[1:]]).output, None, None


@RegisterGradient("SpaceToBatch")
def _space_to_batch_gradient(op, grad):
    return BatchToSpace([grad, op.inputs[1]], block_size=op.block_size).output, None


@RegisterGradient("BatchToSpace")
def _batch_to_space_gradient(op, grad):
    return SpaceToBatch([grad, op.inputs[1]], block_size=op.block_size).output, None


def space_to_batch_nd(input, block_shape, paddings, name=None):
    """Pads images with zeros and makes each offset in a block an image of its own.

    Args:
      input: Tensor, shape (n, *spatial, *rest).
      block_shape: int vector, an entry for each of the spatial axes.
      paddings: ints, shape (len(block_shape), 2): how much before and after each axis.

    Returns:
      Tensor of input's dtype, shape (n prod(block), *(padded / block), *rest).

    As in TF: tf.space_to_batch_nd (op type SpaceToBatchND).
    """
    inputs = {"input": input, "block_shape": block_shape, "paddings": paddings}
    return build(SpaceToBatchND, inputs, name, ints=("block_shape", "paddings")).output


def batch_to_space_nd(input, block_shape, crops, name=None):
    """Interleaves images into larger ones and crops them: space_to_batch_nd backwards.

    As in TF: tf.batch_to_space_nd (op type BatchToSpaceND).
    """
    inputs = {"input": input, "block_shape": block_shape, "crops": crops}
    return build(BatchToSpaceND, inputs, name, ints=("block_shape", "crops")).output


def space_to_batch(input, paddings, block_size=None, name=None, block_shape=None):
    """space_to_batch_nd of images, (n, h, w, c), with square blocks of block_size.

    block_shape, two ints, is its later form.

    As in TF: tf.space_to_batch, tf.nn.space_to_batch (op type SpaceToBatchND).
    """
    result = space_to_batch_nd(input, _block(block_size, block_shape), paddings, name)
    result.set_shape([None] * 4)
    return result


def batch_to_space(input, crops, block_size, name=None, block_shape=None):
    """batch_to_space_nd of images, (n, h, w, c), with square blocks of block_size.

    block_shape, two ints, is its later form.

    As in TF: tf.batch_to_space (op type BatchToSpaceND).
    """
    result = batch_to_space_nd(input, _block(block_size, block_shape), crops, name)
    result.set_shape([None] * 4)
    return result


def _block(size, shape):
    if shape is not None:
        return shape
    if size is None:
        raise ValueError("block_size must be given.")
    return np.array([size, size], np.int64)
