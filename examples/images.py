"""Handwritten digits, and images as text. The digits come with scikit-learn."""

from typing import NamedTuple

import numpy as np
from sklearn import datasets


class Digits(NamedTuple):
    """Images of shape (n, 64), in [0, 1], and the digits that they show, of shape (n,)."""

    images: np.ndarray
    digits: np.ndarray


def load_digits(seed=0):
    """(training part, held-out part), four fifths and one fifth of the digits, shuffled.

    The 1,797 images of 8 x 8 pixels come with scikit-learn.
    """
    data = datasets.load_digits()
    order = np.random.default_rng(seed).permutation(len(data.target))
    images, digits = data.data[order] / 16.0, data.target[order]
    cut = len(order) * 4 // 5
    return Digits(images[:cut], digits[:cut]), Digits(images[cut:], digits[cut:])


def picture(image):
    """An image of 8 x 8 pixels in [0, 1], as eight lines of characters."""
    shades = " .:-=+*#%@"
    levels = np.clip(np.asarray(image).reshape(8, 8) * 10, 0, 9).astype(int)
    return "\n".join("".join(2 * shades[level] for level in row) for row in levels)


def side_by_side(pictures, gap="   "):
    """Some pictures in a row, as one text."""
    return "\n".join(gap.join(lines) for lines in zip(*(p.split("\n") for p in pictures)))
