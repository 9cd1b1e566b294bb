"""Boxes drawn on images, and the best of boxes that overlap.

A box is (y1, x1, y2, x2). Read next: distorted_boxes.py.
"""

import numpy as np

from pellucid.core import dtypes
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec
from pellucid.ops.arguments import build, check_allowed
from pellucid.ops.conv.windows import check_rank

# Yellow, blue, red, lime, purple, olive, maroon, navy, aqua, fuchsia; one box after the other.
PALETTE = np.array([[1, 1, 0, 1], [0, 0, 1, 1], [1, 0, 0, 1], [0, 1, 0, 1], [0.5, 0, 0.5, 1],
                    [0.5, 0.5, 0, 1], [0.5, 0, 0, 1], [0, 0, 0.5, 1], [0, 1, 1, 1],
                    [1, 0, 1, 1]], np.float32)


class DrawBoundingBoxes(Operation):
    """Images with the borders of boxes on them, one pixel wide, in ten colours."""

    op_type, fresh, host = "DrawBoundingBoxes", True, True

    def infer(self, images, boxes):
        check_allowed("images", images.dtype, (dtypes.float32, dtypes.float16))
        check_allowed("boxes", boxes.dtype, (dtypes.float32,))
        check_rank("images", images, 4)
        check_rank("boxes", boxes, 3)
        return Spec(images.dtype, images.shape)

    def compute(self, images, boxes, colors=None):
        drawn = np.array(images)
        palette = PALETTE if colors is None or not len(colors) else colors
        if colors is None and drawn.shape[3] == 1:
            palette = np.ones_like(PALETTE)
        for image, its_boxes in zip(drawn, boxes, strict=True):
            for i, box in enumerate(its_boxes):
                _draw(image, box, palette[i % len(palette)][:image.shape[2]])
        return drawn


class DrawBoundingBoxesV2(DrawBoundingBoxes):
    """The same in given colours, taken in turns."""

    op_type = "DrawBoundingBoxesV2"

    def infer(self, images, boxes, colors):
        check_allowed("colors", colors.dtype, (dtypes.float32,))
        check_rank("colors", colors, 2)
        return super().infer(images, boxes)

    def compute(self, images, boxes, colors):
        return super().compute(images, boxes, colors)


NotDifferentiable("DrawBoundingBoxes")
NotDifferentiable("DrawBoundingBoxesV2")


def _draw(image, box, color):
    """Draws one box on one image, which is the caller's own; what is outside is left out."""
    height, width, _ = image.shape
    top, left, bottom, right = (int(part * np.float32(size - 1)) for part, size in zip(
        box, (height, width) * 2, strict=True))
    if top > bottom or left > right or top >= height or left >= width or bottom < 0 or right < 0:
        return
    rows = slice(max(top, 0), min(bottom, height - 1) + 1)
    columns = slice(max(left, 0), min(right, width - 1) + 1)
    if top >= 0:
        image[top, columns] = color
    if bottom < height:
        image[bottom, columns] = color
    if left >= 0:
        image[rows, left] = color
    if right < width:
        image[rows, right] = color


def draw_bounding_boxes(images, boxes, name=None, colors=None):
    """Images with boxes drawn on them.

    Args:
      images: Tensor of float32 or float16, shape (n, h, w, c), c being 1, 3 or 4.
      boxes: Tensor of float32, shape (n, boxes, 4): y1, x1, y2, x2 in fractions of the size.
      colors: Tensor of float32, shape (colours, c), taken in turns; ten of them by default.

    As in TF: tf.image.draw_bounding_boxes (op types DrawBoundingBoxes, DrawBoundingBoxesV2).
    """
    inputs = {"images": images, "boxes": boxes}
    if colors is None:
        return build(DrawBoundingBoxes, inputs, name).output
    return build(DrawBoundingBoxesV2, {**inputs, "colors": colors}, name).output


# -- the best of boxes that overlap --------------------------------------------------------

class NonMaxSuppressionV3(Operation):
    """Indices of boxes, best first, none of which overlaps a better one too much."""

    op_type, fresh, host = "NonMaxSuppressionV3", True, True

    def infer(self, boxes, scores, max_output_size, iou_threshold, score_threshold):
        check_allowed("boxes", boxes.dtype, (dtypes.float16, dtypes.float32))
        for name, spec, rank in (("boxes", boxes, 2), ("scores", scores, 1),
                                 ("max_output_size", max_output_size, 0),
                                 ("iou_threshold", iou_threshold, 0),
                                 ("score_threshold", score_threshold, 0)):
            check_rank(name, spec, rank)
        if boxes.shape and boxes.shape[1] not in (None, 4):
            raise ValueError(f"a box has 4 numbers, y1, x1, y2, x2, not {boxes.shape[1]}.")
        if boxes.shape and scores.shape and None not in (boxes.shape[0], scores.shape[0]) and (
                boxes.shape[0] != scores.shape[0]):
            raise ValueError(f"there are {boxes.shape[0]} boxes, but {scores.shape[0]} scores.")
        return Spec(dtypes.int32, (None,))

    def compute(self, boxes, scores, max_output_size, iou_threshold, score_threshold):
        chosen = []
        corners = np.asarray(boxes, np.float32)
        low = np.minimum(corners[:, :2], corners[:, 2:])
        high = np.maximum(corners[:, :2], corners[:, 2:])
        areas = (high - low).prod(1)
        order = np.argsort(-np.asarray(scores, np.float32), kind="stable")
        for i in order[scores[order] > score_threshold]:
            if len(chosen) >= max_output_size:
                break
            common = np.maximum(np.minimum(high[i], high[chosen])
                                - np.maximum(low[i], low[chosen]), 0).prod(1)
            union = areas[i] + areas[chosen] - common
            known = (areas[i] > 0) & (areas[chosen] > 0)
            shares = np.divide(common, union, out=np.zeros_like(common), where=known)
            if not (shares > iou_threshold).any():
                chosen.append(i)
        return np.array(chosen, np.int32)


class NonMaxSuppressionV4(NonMaxSuppressionV3):
    """The same, filled up with zeros if need be, and how many there are."""

    op_type, attrs = "NonMaxSuppressionV4", {"pad_to_max_output_size": False}

    def infer(self, boxes, scores, max_output_size, iou_threshold, score_threshold):
        found = super().infer(boxes, scores, max_output_size, iou_threshold, score_threshold)
        if self.pad_to_max_output_size and max_output_size.value is not None:
            found = Spec(dtypes.int32, (int(max_output_size.value),))
        return found, Spec(dtypes.int32, ())

    def compute(self, boxes, scores, max_output_size, iou_threshold, score_threshold):
        chosen = super().compute(boxes, scores, max_output_size, iou_threshold, score_threshold)
        count = np.array(len(chosen), np.int32)
        if self.pad_to_max_output_size:
            chosen = np.pad(chosen, (0, int(max_output_size) - len(chosen)))
        return chosen, count


NotDifferentiable("NonMaxSuppressionV3")
NotDifferentiable("NonMaxSuppressionV4")


def non_max_suppression(boxes, scores, max_output_size, iou_threshold=0.5,
                        score_threshold=float("-inf"), name=None):
    """Indices of boxes, best first, none of which overlaps a better one too much.

    Args:
      boxes: Tensor of floats, shape (n, 4): corners y1, x1, y2, x2, in any unit.
      scores: Tensor of n floats.
      max_output_size: int, how many are wanted at most.
      iou_threshold: float; a box is dropped if it shares more with a better one, as a fraction of
        the area of both.
      score_threshold: float; boxes of that score, or lower, are dropped.

    Returns:
      Tensor of int32, a vector.

    As in TF: tf.image.non_max_suppression (op type NonMaxSuppressionV3).
    """
    return build(NonMaxSuppressionV3, _inputs(boxes, scores, max_output_size, iou_threshold,
                                              score_threshold), name,
                 "non_max_suppression/NonMaxSuppressionV3", ints=("max_output_size",)).output


def non_max_suppression_padded(boxes, scores, max_output_size, iou_threshold=0.5,
                               score_threshold=float("-inf"), pad_to_max_output_size=False,
                               name=None):
    """non_max_suppression, and how many indices are valid.

    Returns:
      (indices, count): a vector, of max_output_size if pad_to_max_output_size, filled up with
      zeros; and a scalar.

    As in TF: tf.image.non_max_suppression_padded (op type NonMaxSuppressionV4).
    """
    return build(NonMaxSuppressionV4, _inputs(boxes, scores, max_output_size, iou_threshold,
                                              score_threshold), name, ints=("max_output_size",),
                 pad_to_max_output_size=bool(pad_to_max_output_size)).outputs


def _inputs(boxes, scores, max_output_size, iou_threshold, score_threshold):
    return {"boxes": boxes, "scores": scores, "max_output_size": max_output_size,
            "iou_threshold": iou_threshold, "score_threshold": score_threshold}
