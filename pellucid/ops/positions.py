"""Where the extremes are, and running sums: argmax, argmin, cumsum, cumprod.

Read next: segments.py.
"""

import numpy as np

from pellucid.core import dtypes
from pellucid.core.arrays import array_namespace
from pellucid.core.dtypes import as_dtype
from pellucid.core.gradients import NotDifferentiable, RegisterGradient
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec, normalize_axis
from pellucid.ops.arguments import check_allowed, name_scope
from pellucid.ops.reductions import choose_argument, check_axes
from pellucid.ops.regular import NUMBERS, REAL


class _Arg(Operation):
    """The index of an extreme along one axis; the first of several."""

    attrs = {"output_type": dtypes.int64}
    fresh = folds = True

    def infer(self, x, dimension):
        check_allowed("input", x.dtype, REAL | {dtypes.bool_})
        check_axes(dimension)
        if x.shape is None:
            return Spec(self.output_type, None)
        if dimension.value is None:
            return Spec(self.output_type, (None,) * (len(x.shape) - 1))
        axis = normalize_axis(int(dimension.value), len(x.shape))
        return Spec(self.output_type, x.shape[:axis] + x.shape[axis + 1:])

    def _derived_attrs(self):
        return {"Tidx": self.input_nodes[1].spec.dtype, **super()._derived_attrs()}


class ArgMax(_Arg):
    """The index of the greatest element along an axis."""

    op_type, attrs = "ArgMax", _Arg.attrs

    def compute(self, x, dimension):
        return array_namespace(x).argmax(x, int(dimension)).astype(self.output_type._numpy)


class ArgMin(_Arg):
    """The index of the least element along an axis."""

    op_type, attrs = "ArgMin", _Arg.attrs

    def compute(self, x, dimension):
        return array_namespace(x).argmin(x, int(dimension)).astype(self.output_type._numpy)


NotDifferentiable("ArgMax")
NotDifferentiable("ArgMin")


def argmax(input, axis=None, name=None, dimension=None, output_type=dtypes.int64):
    """The index of the greatest element along an axis, the first if there are several.

    Args:
      input: Tensor of real numbers.
      axis: int, 0 where left out; -1 is the last.
      name: str.
      dimension: old spelling of axis.
      output_type: int64 or int32.

    As in TF: tf.argmax (op type ArgMax).
    """
    return _arg(ArgMax, input, axis, name, dimension, output_type)


def argmin(input, axis=None, name=None, dimension=None, output_type=dtypes.int64):
    """The index of the least element along an axis; arguments as argmax's.

    As in TF: tf.argmin (op type ArgMin).
    """
    return _arg(ArgMin, input, axis, name, dimension, output_type)


arg_max, arg_min = argmax, argmin


def _arg(op_class, x, axis, name, dimension, output_type):
    axis = choose_argument("axis", axis, "dimension", dimension)
    with name_scope(name, op_class.op_type, (x, axis)) as scope:
        x = convert_to_tensor(x, name="input")
        axis = convert_to_tensor(0 if axis is None else axis, name="dimension")
        return op_class((x, axis), scope, output_type=as_dtype(output_type)).output
