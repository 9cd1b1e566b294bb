"""Operation types that TensorFlow's gradients are made of, for graphs that come from there.

pellucid's own gradients are written with ordinary operations (`1 - y * y` for tanh). A training
graph that TensorFlow built holds these in their place. All take y = f(x), not x.
"""

import numpy as np

from pellucid.core import dtypes, errors, shapes
from pellucid.core.arrays import on_host
from pellucid.core.gradients import NotDifferentiable, RegisterGradient
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec
from pellucid.ops.arguments import check_allowed

_INEXACT = dtypes.FLOATING | {dtypes.complex64, dtypes.complex128}


class _FunctionGradient(Operation):
    """A gradient dy f'(x), from y = f(x) and dy, of one type and shape."""

    fresh = conjugates = True

    def infer(self, y, dy):
        check_allowed("y", y.dtype, _INEXACT)
        if None not in (y.dtype, dy.dtype) and y.dtype is not dy.dtype:
            raise TypeError(f"y is {y.dtype.name}, but dy is {dy.dtype.name}")
        return Spec(y.dtype, shapes.merge(y.shape, dy.shape))

    def compute(self, y, dy):
        # For complex numbers the factor is the conjugate of f'(x). Where the operation does not
        # see to that, TensorFlow's graph gives it the conjugate of y.
        return dy * self.derivative(
            y.conj() if self.conjugates and y.dtype.kind == "c" else y)


class TanhGrad(_FunctionGradient):
    """dy (1 - y^2)."""

    op_type, conjugates = "TanhGrad", False

    def derivative(self, y):
        return 1 - y * y


class SigmoidGrad(_FunctionGradient):
    """dy y (1 - y)."""

    op_type, conjugates = "SigmoidGrad", False

    def derivative(self, y):
        return y * (1 - y)


class SqrtGrad(_FunctionGradient):
    """dy / 2y."""

    op_type = "SqrtGrad"

    def derivative(self, y):
        return y.dtype.type(0.5) / y


class RsqrtGrad(_FunctionGradient):
    """-dy y^3 / 2."""

    op_type = "RsqrtGrad"

    def derivative(self, y):
        return y.dtype.type(-0.5) * y * y * y


class ReciprocalGrad(_FunctionGradient):
    """-dy y^2."""

    op_type = "ReciprocalGrad"

    def derivative(self, y):
        return -y * y


class InvGrad(ReciprocalGrad):
    """The same, under its old name."""

    op_type = "InvGrad"


# With g the gradient of dy f'(y): that of dy is g f'(y), that of y is g dy df'/dy. Both are
# written for real numbers; gradients of complex ones are refused, not guessed.

def _second(op, grad, slope):
    y, dy = op.inputs
    if y.dtype is not None and y.dtype.is_complex:
        raise LookupError(f"No gradient defined for operation {op.name!r} (op type: {op.type}) "
                          "of complex numbers")
    return slope(y) * dy * grad, type(op)([y, grad]).output


@RegisterGradient("TanhGrad")
def _tanh_grad_gradient(op, grad):
    return _second(op, grad, lambda y: -2 * y)


@RegisterGradient("SigmoidGrad")
def _sigmoid_grad_gradient(op, grad):
    return _second(op, grad, lambda y: 1 - 2 * y)


@RegisterGradient("SqrtGrad")
def _sqrt_grad_gradient(op, grad):
    return _second(op, grad, lambda y: -0.5 / (y * y))


@RegisterGradient("RsqrtGrad")
def _rsqrt_grad_gradient(op, grad):
    return _second(op, grad, lambda y: -1.5 * y * y)


@RegisterGradient("ReciprocalGrad")
@RegisterGradient("InvGrad")
def _reciprocal_grad_gradient(op, grad):
    return _second(op, grad, lambda y: -2 * y)


class ConcatOffset(Operation):
    """Where each part starts in a concatenation: int32 vectors, from the axis and the shapes."""

    op_type, fresh = "ConcatOffset", True
    host = True

    def infer(self, concat_dim, *parts):
        check_allowed("concat_dim", concat_dim.dtype, {dtypes.int32})
        if len(parts) < 2:
            raise ValueError("there are fewer than 2 shapes")
        return tuple([Spec(part.dtype, part.shape) for part in parts])

    def compute(self, concat_dim, *parts):
        axis, rank = int(concat_dim), len(parts[0])
        if on_host(concat_dim) and not -rank <= axis < rank:
            raise errors.InvalidArgumentError(
                None, None, f"Concat dim is out of range: {axis} vs. {rank}")
        offsets, total = [], 0
        for part in parts:
            offset = np.zeros(rank, part.dtype)
            offset[axis] = total
            offsets.append(offset)
            total += int(part[axis])
        return tuple(offsets)


NotDifferentiable("ConcatOffset")
