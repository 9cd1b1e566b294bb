"""The gradient of broadcasting: sum over the axes along which an input was repeated."""

import numpy as np

from pellucid.core import dtypes
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation, create
from pellucid.core.shapes import Spec
from pellucid.core.sources import constant


class BroadcastGradientArgs(Operation):
    """For shapes s0, s1 of two operands: the axes along which each was repeated."""

    op_type = "BroadcastGradientArgs"
    host = True

    def infer(self, s0, s1):
        known = s0.as_shape(), s1.as_shape()
        if None in known or None in known[0] + known[1]:
            return Spec(s0.dtype, (None,)), Spec(s0.dtype, (None,))
        return tuple(Spec(s0.dtype, axes.shape, axes)
                     for axes in self.compute(*map(np.array, known)))

    def compute(self, s0, s1):
        rank = max(len(s0), len(s1))
        a = (1,) * (rank - len(s0)) + tuple(s0)
        b = (1,) * (rank - len(s1)) + tuple(s1)
        if tuple(s0) == tuple(s1):
            a = b = ()              # else, as in TensorFlow, axes of 1 are in both
        return (np.array([i for i, p in enumerate(a) if p == 1], np.int32),
                np.array([i for i, q in enumerate(b) if q == 1], np.int32))


NotDifferentiable("BroadcastGradientArgs")


def unbroadcast(grad, x, other):
    """The gradient with respect to x, where grad is that of an elementwise f(x, other).

    Where the static shapes say which axes were repeated, only what is needed is built;
    otherwise the axes are computed when the graph runs.
    """
    a, b = x.spec.shape, other.spec.shape
    if a is not None and a == b and None not in a:
        return grad
    axes = _repeated_axes(a, b)
    if axes == ():
        return grad
    shape = create("Shape", [x], name="Shape").output
    if axes is None:
        axes = BroadcastGradientArgs(
            [shape, create("Shape", [other]).output]).outputs[0]
    else:
        axes = constant(np.array(axes, np.int32), dtypes.int32)
    return create("Reshape", [create("Sum", [grad, axes]).output, shape]).output


def _repeated_axes(a, b):
    """Axes of the result along which shape a was repeated to meet b; None if unknown."""
    if a is None or b is None:
        return None
    rank = max(len(a), len(b))
    axes = []
    for i in range(rank):
        p = a[i - rank + len(a)] if i >= rank - len(a) else -1     # -1: a lacks the axis
        q = b[i - rank + len(b)] if i >= rank - len(b) else -1
        if p == -1:
            axes.append(i)
        elif q in (-1, 1):
            continue
        elif p == 1 and q is not None:
            axes.append(i)
        elif p is None or p == 1:
            return None
    return tuple(axes)
