"""Random crops that keep enough of an object in view, with TensorFlow's random numbers.

Such crops are how networks of the Inception kind are trained (Szegedy et al. 2015). Read next:
patches.py.
"""

import math

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.shapes import Spec
from pellucid.ops.arguments import build, check_allowed
from pellucid.ops.conv.windows import check_rank
from pellucid.ops.random import numbers
from pellucid.ops.random.draws import RandomOperation, Sequence

_F = np.float32
_ATTRS = {"seed": 0, "seed2": 0, "aspect_ratio_range": (0.75, 1.33), "area_range": (0.05, 1.0),
          "max_attempts": 100, "use_image_if_no_bounding_boxes": False}


class SampleDistortedBoundingBoxV2(RandomOperation):
    """(begin, size) of a random crop, for tf.slice, and the crop as a box."""

    op_type, attrs = "SampleDistortedBoundingBoxV2", _ATTRS

    def infer(self, image_size, bounding_boxes, min_object_covered):
        check_rank("image_size", image_size, 1)
        check_rank("bounding_boxes", bounding_boxes, 3)
        check_allowed("bounding_boxes", bounding_boxes.dtype, (dtypes.float32,))
        check_allowed("min_object_covered", min_object_covered.dtype, (dtypes.float32,))
        return (Spec(image_size.dtype, (3,)), Spec(image_size.dtype, (3,)),
                Spec(dtypes.float32, (1, 1, 4)))

    def compute(self, cell, image_size, bounding_boxes, min_object_covered):
        height, width = (int(n) for n in image_size[:2])
        objects = self._objects(bounding_boxes.reshape(-1, 4), height, width)
        draws = _Draws(self._words(cell))
        for _ in range(self.max_attempts):
            low, high = map(_F, self.aspect_ratio_range)
            ratio = draws.fraction() * (high - low) + low
            crop = self._crop(width, height, ratio, draws)
            if crop is not None and _shows(crop, objects, min_object_covered):
                break
        else:
            crop = 0, 0, height, width
        top, left, bottom, right = crop
        kind = image_size.dtype
        box = np.array(crop, _F) / np.array([height, width, height, width], _F)
        return (np.array([top, left, 0], kind),
                np.array([bottom - top, right - left, -1], kind), box.reshape(1, 1, 4))

    def _words(self, cell):
        """A function of n that gives n random 32-bit words, from where the last run stopped."""
        with cell.lock:
            state = cell.value
            if type(state) is not Sequence:
                return lambda n: state.integers(0, 1 << 32, n, np.uint32)
            cell.value = state.skip(self.max_attempts)       # four words an attempt, a block

        def words(n):
            nonlocal state
            found = numbers.words(state.key, [state.block], n, 4)[0]
            state = state.skip(n // 4)
            return found
        return words

    def _objects(self, boxes, height, width):
        """The objects (top, left, bottom, right) in pixels."""
        if not len(boxes):
            if not self.use_image_if_no_bounding_boxes:
                raise errors.InvalidArgumentError(
                    None, None, "No bounding boxes provided as input. One must enable "
                    "use_image_if_no_bounding_boxes if you wish to not provide any bounding boxes.")
            return np.array([[0, 0, height, width]])
        if (boxes < 0).any() or (boxes > 1).any():
            raise errors.InvalidArgumentError(
                None, None, f"All bounding boxes must be in [0.0, 1.0], unlike {boxes.tolist()}")
        return (boxes * np.array([height, width] * 2, _F)).astype(np.int64)

    def _crop(self, width, height, ratio, draws):
        """A random (top, left, bottom, right) of that width / height; None if none fits."""
        smallest, largest = (_F(part) * _F(width) * _F(height) for part in self.area_range)
        if largest <= 0 or ratio <= 0 or width <= 0 or height <= 0 or smallest > largest:
            return None
        high, highest = (round(float(np.sqrt(area / ratio))) for area in (smallest, largest))
        if round(float(highest * ratio)) > width:
            highest = int((width + 0.5 - 1e-7) / float(ratio))
        highest = min(highest, height)
        high = min(high, highest)
        if high < highest:
            high += draws.below(highest - high + 1)
        wide = round(float(_F(high) * ratio))
        if wide * high < smallest:                   # only for rounding
            high += 1
            wide = round(float(_F(high) * ratio))
        if wide * high > largest:
            high -= 1
            wide = round(float(_F(high) * ratio))
        if not (smallest <= wide * high <= largest and 0 < wide <= width and 0 < high <= height):
            return None
        top = draws.below(height - high) if high < height else 0
        left = draws.below(width - wide) if wide < width else 0
        return top, left, top + high, left + wide


class _Draws:
    """Random numbers one by one, from a function that gives words."""

    def __init__(self, words):
        self.words, self.rest = words, []

    def _word(self):
        if not self.rest:
            self.rest = self.words(64)[::-1].tolist()
        return self.rest.pop()

    def fraction(self):
        """A float32 from 0 to 1."""
        return numbers.mantissas(np.array([[self._word()]], np.uint32), _F)[0, 0]

    def below(self, n):
        """An integer from 0 to n - 1; words that would make some likelier are drawn again."""
        word = self._word()
        if n & (n - 1) == 0:
            return word & (n - 1)
        while word < 2 ** 32 % n:
            word = self._word()
        return word % n


def _shows(crop, objects, share):
    """True if at least that share of one of the objects, of a pixel or more, is in the crop."""
    top, left, bottom, right = crop
    for y1, x1, y2, x2 in objects.tolist():
        area = max(0, y2 - y1) * max(0, x2 - x1)
        seen = max(0, min(bottom, y2) - max(top, y1)) * max(0, min(right, x2) - max(left, x1))
        if area >= 1 and _F(seen) / _F(area) >= share:
            return math.prod((bottom - top, right - left)) >= 1
    return False


NotDifferentiable("SampleDistortedBoundingBoxV2")


def sample_distorted_bounding_box(image_size, bounding_boxes, seed=None, seed2=None,
                                  min_object_covered=0.1, aspect_ratio_range=None,
                                  area_range=None, max_attempts=None,
                                  use_image_if_no_bounding_boxes=None, name=None):
    """A random crop of an image that shows enough of one of its objects.

    Args:
      image_size: integer vector (height, width, channels).
      bounding_boxes: Tensor of float32, shape (1, objects, 4): y1, x1, y2, x2 in fractions of the
        size.
      seed, seed2: int, of the random numbers; without both, every session differs.
      min_object_covered: float, the share of an object that the crop must show.
      aspect_ratio_range: two floats, width / height of the crop; 0.75 to 1.33 by default.
      area_range: two floats, the crop's share of the image; 0.05 to 1 by default.
      max_attempts: int, after how many tries the whole image is taken; 100 by default.
      use_image_if_no_bounding_boxes: bool, whether the image is the object where none is given.

    Returns:
      (begin, size, box): two vectors of 3 for tf.slice, and the crop as a box, shape (1, 1, 4).

    As in TF: tf.image.sample_distorted_bounding_box (op type SampleDistortedBoundingBoxV2).
    """
    given = {"aspect_ratio_range": aspect_ratio_range, "area_range": area_range,
             "max_attempts": max_attempts, "seed": seed, "seed2": seed2,
             "use_image_if_no_bounding_boxes": use_image_if_no_bounding_boxes}
    attrs = {key: tuple(map(float, value)) if key.endswith("range") else value
             for key, value in given.items() if value is not None}
    inputs = {"image_size": image_size, "bounding_boxes": bounding_boxes,
              "min_object_covered": np.float32(min_object_covered) if isinstance(
                  min_object_covered, int | float) else min_object_covered}
    return build(SampleDistortedBoundingBoxV2, inputs, name,
                 "sample_distorted_bounding_box/SampleDistortedBoundingBoxV2",
                 ints=("image_size",), **attrs).outputs
