"""Where the extremes are, and running sums: argmax, argmin, cumsum, cumprod.

Read next: ../arrays/segments.py.
"""

import numpy as np

from pellucid.core import dtypes
from pellucid.core.arrays import array_namespace, on_host
from pellucid.core.dtypes import as_dtype
from pellucid.core.gradients import NotDifferentiable, RegisterGradient
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec, normalize_axis
from pellucid.ops.arguments import build, check_allowed, name_scope
from pellucid.ops.math.complex_numbers import conjugate
from pellucid.ops.math.division import div_no_nan
from pellucid.ops.math.reductions import check_axes, choose_argument
from pellucid.ops.regular import NUMBERS, REAL


class _Arg(Operation):
    """The index of an extreme along one axis; the first of several."""

    attrs = {"output_type": dtypes.int64}
    fresh = folds = True
    static_inputs = (1,)

    def infer(self, x, dimension):
        check_allowed("input", x.dtype, REAL | {dtypes.bool_})
        check_axes(dimension)
        if x.shape is None:
            return Spec(self.output_type, None)
        if len(x.shape) < 2:
            return Spec(self.output_type, ())         # whatever the axis; the run checks it
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
        x, axis = _without_nan(x, -np.inf), int(dimension)
        return array_namespace(x).argmax(x, axis).astype(self.output_type._numpy)


class ArgMin(_Arg):
    """The index of the least element along an axis."""

    op_type, attrs = "ArgMin", _Arg.attrs

    def compute(self, x, dimension):
        x, axis = _without_nan(x, np.inf), int(dimension)
        return array_namespace(x).argmin(x, axis).astype(self.output_type._numpy)


def _without_nan(x, instead):
    """In TensorFlow a nan is never an extreme; in NumPy it always is."""
    if x.dtype.kind in "iub":
        return x
    xp = array_namespace(x)
    nan = xp.isnan(x)
    return x if on_host(x) and not nan.any() else xp.where(nan, x.dtype.type(instead), x)


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
    return build(op_class, {"input": x, "dimension": 0 if axis is None else axis}, name,
                 ints=("dimension",), output_type=as_dtype(output_type)).output


# -- running sums and products ------------------------------------------------------------

class _Running(Operation):
    """y[i] = the combination of x[0] to x[i] along an axis.

    exclusive: without x[i] itself, so that y[0] is the neutral value.
    reverse: from the end.
    """

    attrs = {"exclusive": False, "reverse": False}
    fresh = folds = True
    neutral = 0
    static_inputs = (1,)

    def infer(self, x, axis):
        check_allowed("x", x.dtype, NUMBERS)
        check_axes(axis)
        if axis.rank not in (None, 0):
            raise ValueError("the axis must be a scalar.")
        return Spec(x.dtype, x.shape)

    def compute(self, x, axis):
        xp, axis = array_namespace(x), int(axis)
        axis = normalize_axis(axis, x.ndim)
        turned = xp.flip(x, axis) if self.reverse else x
        if self.exclusive and x.shape[axis]:
            shape = (*x.shape[:axis], 1, *x.shape[axis + 1:])
            first = xp.full(shape, self.neutral, x.dtype)
            rest = turned[(slice(None),) * axis + (slice(None, -1),)]
            turned = xp.concatenate([first, rest], axis)
        result = self.accumulate(xp, turned, axis)
        return xp.flip(result, axis) if self.reverse else result

    def accumulate(self, xp, x, axis):
        """The combinations of x[0] to x[i], along an axis."""
        raise NotImplementedError


class Cumsum(_Running):
    """Running sums."""

    op_type, attrs = "Cumsum", _Running.attrs

    def accumulate(self, xp, x, axis):
        return xp.cumsum(x, axis, x.dtype)


@RegisterGradient("Cumsum")
def _cumsum_gradient(op, grad):
    return _summed_back(op, grad), None


def _summed_back(op, grad):
    """The sum of gradients that each x[i] has a part in: from the other end."""
    return Cumsum(
        (grad, op.inputs[1]), exclusive=op.exclusive, reverse=not op.reverse).output


class Cumprod(_Running):
    """Running products."""

    op_type, attrs, neutral = "Cumprod", _Running.attrs, 1

    def accumulate(self, xp, x, axis):
        return xp.cumprod(x, axis, x.dtype)


@RegisterGradient("Cumprod")
def _cumprod_gradient(op, grad):
    # dy[j]/dx[i] = y[j] / x[i] for each product that x[i] is part of. Where x[i] = 0 the
    # derivative may be another, but TensorFlow, too, returns 0.
    total = _summed_back(op, conjugate(op.output) * grad)
    return div_no_nan(total, conjugate(op.inputs[0])), None


def cumsum(x, axis=0, exclusive=False, reverse=False, name=None):
    """Running sums along an axis: of [a, b, c], [a, a + b, a + b + c].

    Args:
      x: Tensor of numbers.
      axis: int; -1 is the last.
      exclusive: bool, leave the element itself out: [0, a, a + b].
      reverse: bool, from the end: [a + b + c, b + c, c].

    As in TF: tf.cumsum (op type Cumsum).
    """
    return _running(Cumsum, x, axis, exclusive, reverse, name)


def cumprod(x, axis=0, exclusive=False, reverse=False, name=None):
    """Running products along an axis; arguments as cumsum's.

    As in TF: tf.cumprod (op type Cumprod).
    """
    return _running(Cumprod, x, axis, exclusive, reverse, name)


def _running(op_class, x, axis, exclusive, reverse, name):
    with name_scope(name, op_class.op_type, (x,)) as scope:
        x = convert_to_tensor(x, name="x")
        axis = convert_to_tensor(axis, name="axis")
        return op_class(
            (x, axis), scope, exclusive=bool(exclusive), reverse=bool(reverse)).output
