"""Boxes cut out of images and made the same size, as detectors of objects do.

A box is (y1, x1, y2, x2) in fractions of the height and width, from centre to centre of the corner
pixels. Read next: boxes.py.
"""

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.arrays import array_namespace, on_host, scatter
from pellucid.core.gradients import NotDifferentiable, RegisterGradient
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec
from pellucid.ops.arguments import build, check_allowed
from pellucid.ops.arrays.shaping import only_one, shape
from pellucid.ops.conv.windows import check_rank
from pellucid.ops.image.resizing import check_size
from pellucid.ops.regular import REAL


class CropAndResize(Operation):
    """Of image box_ind[i], the box boxes[i], made crop_size large; float32."""

    op_type, fresh, static_inputs = "CropAndResize", True, (3,)
    attrs = {"method": "bilinear", "extrapolation_value": 0.0}

    def infer(self, image, boxes, box_ind, crop_size):
        check_allowed("image", image.dtype, REAL)
        check_rank("image", image, 4)
        count = _check_boxes(boxes, box_ind)
        channels = None if image.shape is None else image.shape[3]
        return Spec(dtypes.float32, (count, *check_size(crop_size), channels))

    def compute(self, image, boxes, box_ind, crop_size):
        xp = array_namespace(image)
        _check_indices(box_ind, len(image))
        places = _Places(boxes, box_ind, image.shape[1:3], crop_size, self.method)
        crops = sum(image[corner].astype(np.float32) * share
                    for corner, share in places.corners()) if box_ind.size else xp.zeros(
            (0, *map(int, crop_size), image.shape[3]), np.float32)
        return xp.where(places.inside, crops, np.float32(self.extrapolation_value))


class CropAndResizeGradImage(Operation):
    """The gradient of CropAndResize with respect to the images, of shape image_size."""

    op_type, fresh, static_inputs = "CropAndResizeGradImage", True, (3,)
    attrs = {"T": dtypes.float32, "method": "bilinear"}

    def infer(self, grads, boxes, box_ind, image_size):
        check_allowed("grads", grads.dtype, (dtypes.float32,))
        _check_boxes(boxes, box_ind)
        return Spec(self.T, image_size.as_shape() or (None,) * 4)

    def compute(self, grads, boxes, box_ind, image_size):
        sizes = image_size.tolist()
        places = _Places(boxes, box_ind, sizes[1:3], grads.shape[1:3], self.method)
        total = array_namespace(grads).zeros(sizes, self.T._numpy)
        for corner, share in places.corners():
            total = scatter(total, corner, grads * share * places.inside, "add")
        return total


class CropAndResizeGradBoxes(Operation):
    """The gradient of CropAndResize with respect to the boxes."""

    op_type, attrs, fresh = "CropAndResizeGradBoxes", {"method": "bilinear"}, True

    def infer(self, grads, image, boxes, box_ind):
        check_allowed("grads", grads.dtype, (dtypes.float32,))
        return Spec(dtypes.float32, (_check_boxes(boxes, box_ind), 4))

    def compute(self, grads, image, boxes, box_ind):
        xp = array_namespace(grads)
        places = _Places(boxes, box_ind, image.shape[1:3], grads.shape[1:3], "bilinear")
        (a, b), (c, d) = places.pixels(image)           # top left and right, bottom left and right
        y, x = places.shares
        along_y = ((c - a) * (1 - x) + (d - b) * x) * grads * places.inside
        along_x = ((b - a) * (1 - y) + (d - c) * y) * grads * places.inside
        parts = [xp.sum(along * places.slopes(axis, end), (1, 2, 3))
                 for end in (0, 1) for axis, along in enumerate((along_y, along_x))]
        return xp.stack(parts, -1).astype(np.float32)


class _Places:
    """Where the pixels of crops lie in the images.

    Attributes:
      index: image of each box, (n, 1, 1).
      low, high: (rows, columns) of the pixels before and after, (n, h, 1) and (n, 1, w).
      shares: of the pixels after, (n, h, 1, 1) and (n, 1, w, 1).
      inside: bool, (n, h, w, 1).
    """

    def __init__(self, boxes, box_ind, sizes, crop_size, method):
        self.sizes, self.crop_size = [int(n) for n in sizes], [int(n) for n in crop_size]
        xp = self.xp = array_namespace(boxes)
        at = [self._along(boxes, axis) for axis in (0, 1)]
        inside = [(p >= 0) & (p <= size - 1) for p, size in zip(at, self.sizes, strict=True)]
        if method == "nearest":                       # half away from zero
            at = [xp.floor(p + np.float32(0.5)) for p in at]
        low = [xp.floor(p) for p in at]
        shares = [(p - q).astype(np.float32) for p, q in zip(at, low, strict=True)]

        def pixels(places):
            return [xp.clip(p, 0, size - 1).astype(np.int64)
                    for p, size in zip(places, self.sizes, strict=True)]
        low, high = pixels(low), pixels(map(xp.ceil, at))
        self.index = box_ind.reshape(-1, 1, 1)
        self.low = low[0][:, :, None], low[1][:, None, :]
        self.high = high[0][:, :, None], high[1][:, None, :]
        self.shares = shares[0][:, :, None, None], shares[1][:, None, :, None]
        self.inside = (inside[0][:, :, None] & inside[1][:, None, :])[..., None]

    def _along(self, boxes, axis):
        """Places along an axis, (number of boxes, size of the crop)."""
        start, end = boxes[:, axis, None], boxes[:, axis + 2, None]
        last, made = np.float32(self.sizes[axis] - 1), self.crop_size[axis]
        if made == 1:
            return np.float32(0.5) * (start + end) * last
        scale = (end - start) * last / np.float32(made - 1)
        return start * last + np.arange(made, dtype=np.float32) * scale

    def slopes(self, axis, end):
        """What a place changes with the box's start or end: (h, 1, 1) or (w, 1)."""
        last, made = self.sizes[axis] - 1, self.crop_size[axis]
        share = np.arange(made, dtype=np.float32) / (made - 1) if made > 1 else np.full(
            1, 0.5, np.float32)
        slopes = np.float32(last) * (share if end else 1 - share)
        return slopes.reshape(-1, *(1,) * (2 - axis))

    def pixels(self, image):
        """((top left, top right), (bottom left, bottom right)), as float32."""
        return [[image[self.index, row, column].astype(np.float32)
                 for column in (self.low[1], self.high[1])] for row in (self.low[0], self.high[0])]

    def corners(self):
        """Of the four pixels around each place: (index, share)."""
        for row, p in ((self.low[0], 1 - self.shares[0]), (self.high[0], self.shares[0])):
            for column, q in ((self.low[1], 1 - self.shares[1]), (self.high[1], self.shares[1])):
                yield (self.index, row, column), p * q


def _check_boxes(boxes, box_ind):
    """How many boxes there are, after checks."""
    check_allowed("boxes", boxes.dtype, (dtypes.float32,))
    check_allowed("box_ind", box_ind.dtype, (dtypes.int32,))
    check_rank("boxes", boxes, 2)
    check_rank("box_ind", box_ind, 1)
    count, four = boxes.shape or (None, 4)
    if four not in (None, 4):
        raise ValueError(f"a box has 4 numbers, y1, x1, y2, x2, not {four}.")
    return count if count is not None or box_ind.shape is None else box_ind.shape[0]


def _check_indices(box_ind, n):
    if not on_host(box_ind):
        return                               # a program on a device cannot say so
    wrong = [i for i in np.unique(box_ind).tolist() if not 0 <= i < n]
    if wrong:
        raise errors.OutOfRangeError(
            None, None, f"box_ind has values outside [0, batch_size): {wrong[0]} for {n} images")


@RegisterGradient("CropAndResize")
def _crop_and_resize_gradient(op, grad):
    image, boxes, box_ind, _ = op.inputs
    of_image, dtype = None, image.dtype or dtypes.float32
    if dtype.is_floating:
        of_image = CropAndResizeGradImage([grad, boxes, box_ind, shape(image)], T=dtype,
                                          method=op.method).output
    return of_image, CropAndResizeGradBoxes([grad, image, boxes, box_ind]).output, None, None


NotDifferentiable("CropAndResizeGradImage")
NotDifferentiable("CropAndResizeGradBoxes")


def crop_and_resize(image, boxes, box_ind=None, crop_size=None, method="bilinear",
                    extrapolation_value=0, name=None, box_indices=None):
    """Boxes cut out of images and made the same size.

    Args:
      image: Tensor of numbers, shape (n, h, w, c).
      boxes: Tensor of float32, shape (m, 4): y1, x1, y2, x2 in fractions of the size; what is
        outside of the image becomes extrapolation_value, and y1 > y2 turns a box upside down.
      box_ind, box_indices: int32 vector of m, the image of each box.
      crop_size: int32 vector, height and width of the results.
      method: "bilinear" or "nearest".
      extrapolation_value: float.

    Returns:
      Tensor of float32, shape (m, crop height, crop width, c).

    As in TF: tf.image.crop_and_resize (op type CropAndResize).
    """
    if method not in ("bilinear", "nearest"):
        raise ValueError(f"method must be 'bilinear' or 'nearest', not {method!r}.")
    inputs = {"image": image, "boxes": boxes,
              "box_ind": only_one("box_indices", box_indices, "box_ind", box_ind),
              "crop_size": crop_size}
    return build(CropAndResize, inputs, name, ints=("box_ind", "crop_size"), method=method,
                 extrapolation_value=float(extrapolation_value)).output
