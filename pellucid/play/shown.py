"""How a value is shown below a program, beside its repr: a picture, where it has one.

Kinds: "graph" for what has a graph (a tensor, a trace), "chart" or "svg" for what can draw
itself, "array" for matrices of numbers, which the page shows as heat maps.
"""

import numpy as np

from pellucid.viz import stepping
from pellucid.viz.samples import with_sample

SMALLEST = 3                               # rows or columns of a matrix that is worth a picture


def displays(value):
    """List of (kind, data); empty if the repr says it all."""
    if stepping.can_show(value):
        return [("graph", stepping.to_json(value))]        # text crosses to the page fastest
    draw = getattr(value, "_repr_svg_", None)
    if draw is not None:
        return [("chart" if type(value).__name__ == "Chart" else "svg", draw())]
    if isinstance(value, np.ndarray) and _is_picture(value):
        return [("array", _matrix(value))]
    return []


def _is_picture(array):
    return array.ndim == 2 and array.dtype.kind in "fiub" and min(array.shape) >= SMALLEST


def _matrix(array):
    found = with_sample(array, largest=64 * 64)
    return {"shape": list(array.shape), "dtype": str(array.dtype), "text": repr(array),
            "values": found.get("data", found.get("sample")), "of": found.get("sample_of", "")}
