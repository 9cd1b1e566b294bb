"""Of an array that is too large to show: what a picture of it needs."""

import numpy as np

from pellucid.viz.values import LARGEST, as_json

_BINS = 24
_SIDE = 24             # rows and columns of a sample at most


def with_sample(value, largest=LARGEST):
    """values.as_json, and for an array of numbers that it summarizes also

      "histogram": {"low", "high", "counts"} of its finite elements,
      "sample": nested lists, a matrix of at most 24 by 24 of its elements,
      "sample_of": str, which ones, as an index: "[0, ::2, ::2, 0]".
    """
    found = as_json(value, largest)
    if found is None or "min" not in found:
        return found
    array = np.asarray(value).astype(np.float64)
    return {**found, **_histogram(array), **_sample(array)}


def _histogram(array):
    numbers = array[np.isfinite(array)]
    if not numbers.size:
        return {}
    low, high = float(numbers.min()), float(numbers.max())
    if not np.isfinite(high - low) or high == low:          # nothing to divide into bins
        return {"histogram": {"low": low, "high": high, "counts": [int(numbers.size)]}}
    counts, _ = np.histogram(numbers, _BINS, (low, high))
    return {"histogram": {"low": low, "high": high, "counts": counts.tolist()}}


def _sample(array):
    """Evenly spaced elements along the two axes that make a picture, the first of the others."""
    shown = _picture_axes(array.shape)
    index = tuple(slice(None, None, -(-size // _SIDE)) if axis in shown else 0
                  for axis, size in enumerate(array.shape))
    words = ["0" if part == 0 else ":" if part.step == 1 else f"::{part.step}"
             for part in index]
    matrix = np.atleast_2d(array[index])
    return {"sample": as_json(matrix, matrix.size)["data"],
            "sample_of": f"[{', '.join(words)}]"}


def _picture_axes(shape):
    """The last two; of four, those of an image (n, h, w, c) or a kernel (h, w, c, out)."""
    if len(shape) == 4:
        return {1, 2} if shape[1] == shape[2] or shape[0] != shape[1] else {0, 1}
    return set(range(len(shape))[-2:])
