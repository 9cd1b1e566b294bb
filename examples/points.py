"""Points on a plane in two colours, for perceptron.py and xor.py to tell apart."""

from typing import NamedTuple

import numpy as np


def two_clouds(count=100, seed=0):
    """(points, classes) of a red cloud at the lower left and a blue one at the upper right.

    points has shape (count, 2). classes has shape (count, 2) and is one-hot: (1, 0) is red.
    """
    return _clouds(count, [(-2, -2)], [(2, 2)], seed)


def four_clouds(count=100, seed=0):
    """(points, classes) of red clouds at two corners and blue ones at the other two."""
    return _clouds(count, [(-2, -2), (2, 2)], [(-2, 2), (2, -2)], seed)


def _clouds(count, red, blue, seed):
    random = np.random.default_rng(seed)
    centers = np.repeat(red + blue, count // len(red + blue), axis=0)
    points = centers + random.normal(scale=0.75, size=centers.shape)
    classes = np.repeat([[1.0, 0.0], [0.0, 1.0]], count // 2, axis=0)
    return points, classes


class Result(NamedTuple):
    """A trained classifier of points.

    Attributes:
      name: str.
      points, classes: what it was trained with.
      losses: list of float, one a step.
      accuracy: float, how many of the points are on their own side.
      predict: function from points of shape (n, 2) to probabilities of shape (n, 2).
    """

    name: str
    points: np.ndarray
    classes: np.ndarray
    losses: list
    accuracy: float
    predict: object

    def __str__(self):
        return (f"{self.name}: {len(self.losses)} steps, loss {self.losses[0]:.3f} to "
                f"{self.losses[-1]:.3f}, accuracy {self.accuracy:.0%}")
