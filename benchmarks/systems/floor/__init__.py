"""The floor: each step written by hand in NumPy, forward and backward.

A person who knows the shapes writes this: buffers allocated once, the mathematics of
softmax and cross-entropy simplified to p - c, constants folded into each other, and for
each reduction the quickest spelling. No library can know all of it in advance, so this is
what there is to reach. Measured reasons, for arrays of some hundred numbers:

- a ufunc with `out` takes 0.3 us, 0.9 us if it broadcasts along the last axis, and 0.7 us
  against a Python number instead of an array;
- summing 100 rows of 2 takes 2.3 us by `np.add.reduce` and 0.5 us by `np.dot` with ones.
"""

import numpy as np

from benchmarks.systems import System, builders_in
from benchmarks.systems.floor.conv import conv_net, convolution
from benchmarks.systems.floor.dense import classifier, inference
from benchmarks.systems.floor.lstm import lstm
from benchmarks.systems.floor.transformer import transformer

BUILT_ELSEWHERE = classifier, conv_net, convolution, inference, lstm, transformer


def affine(problem):
    a, b = problem.weights()
    z = np.empty_like(b)

    def step(x):
        np.dot(a, x, out=z)
        return np.add(z, b, out=z)

    return step


def chain(problem):
    """A loop over NumPy scalars, which multiply in a quarter of an array's time."""
    c, factors = problem.factor, range(problem.length)

    def step(y):
        slope = np.float32(1)
        for _ in factors:
            y = y * c
        for _ in factors:
            slope = slope * c
        return y, slope

    return step


def diamond(problem):
    doublings = range(problem.depth)

    def step(y):
        slope = np.float64(1)
        for _ in doublings:
            y = y + y
        for _ in doublings:
            slope = slope + slope
        return y, slope

    return step


def load():
    return System(f"numpy {np.__version__}", builders_in(globals()))
