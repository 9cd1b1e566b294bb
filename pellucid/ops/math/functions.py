"""Functions: exponentials, roots and powers, rounding. Read next: trigonometry.py.

Each gradient is the derivative written with tensors; where the derivative is simple in
terms of the value, it uses the value (`op.output`), and saves computing the function again.
"""

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.arrays import array_namespace, on_host
from pellucid.core.gradients import NotDifferentiable, RegisterGradient
from pellucid.core.operation import convert_to_tensor
from pellucid.core.shapes import Spec
from pellucid.ops.arguments import binary, check_allowed, unary
from pellucid.ops.arrays.creation import OnesLike, ZerosLike
from pellucid.ops.broadcasting import unbroadcast
from pellucid.ops.math.comparison import greater, not_equal
from pellucid.ops.math.complex_numbers import COMPLEX, conjugate
from pellucid.ops.math.division import reciprocal
from pellucid.ops.math.elementwise import square
from pellucid.ops.math.selection import where
from pellucid.ops.regular import INEXACT, SIGNED, Binary, Unary

FLOATING = dtypes.FLOATING


# -- exponentials and logarithms ----------------------------------------------------------

class Exp(Unary):
    """e^x."""

    op_type, ufunc, allowed = "Exp", np.exp, INEXACT


@RegisterGradient("Exp")
def _exp_gradient(op, grad):
    return grad * conjugate(op.output)


def exp(x, name=None):
    """e^x, elementwise. As in TF: tf.exp (op type Exp)."""
    return unary(Exp, x, name)


class Expm1(Unary):
    """e^x - 1, exact near 0."""

    op_type, ufunc, allowed = "Expm1", np.expm1, INEXACT


@RegisterGradient("Expm1")
def _expm1_gradient(op, grad):
    return grad * conjugate(exp(op.inputs[0]))


def expm1(x, name=None):
    """e^x - 1, elementwise, exact near 0. As in TF: tf.expm1 (op type Expm1)."""
    return unary(Expm1, x, name)


class Log(Unary):
    """The natural logarithm."""

    op_type, ufunc, allowed = "Log", np.log, INEXACT


@RegisterGradient("Log")
def _log_gradient(op, grad):
    return grad * reciprocal(conjugate(op.inputs[0]))


def log(x, name=None):
    """The natural logarithm, elementwise; -inf at 0. As in TF: tf.log (op type Log)."""
    return unary(Log, x, name)


class Log1p(Unary):
    """log(1 + x), exact near 0."""

    op_type, ufunc, allowed = "Log1p", np.log1p, INEXACT


@RegisterGradient("Log1p")
def _log1p_gradient(op, grad):
    return grad * reciprocal(1 + conjugate(op.inputs[0]))


def log1p(x, name=None):
    """log(1 + x), elementwise, exact near 0. As in TF: tf.log1p (op type Log1p)."""
    return unary(Log1p, x, name)


class Sigmoid(Unary):
    """1 / (1 + e^-x)."""

    op_type, allowed = "Sigmoid", INEXACT

    def compute(self, x):
        # Where e^-x overflows the result is 1 / inf = 0, as it should be. The other common
        # form, (tanh(x / 2) + 1) / 2, has no digits left for x below -17 (in float32).
        one = np.array(1, x.dtype)
        return one / (one + array_namespace(x).exp(-x))


@RegisterGradient("Sigmoid")
def _sigmoid_gradient(op, grad):
    y = conjugate(op.output)
    return grad * y * (1 - y)                                 # dy/dx = y (1 - y)


def sigmoid(x, name=None):
    """1 / (1 + e^-x), elementwise. As in TF: tf.sigmoid (op type Sigmoid)."""
    return unary(Sigmoid, x, name)


class Tanh(Unary):
    """The hyperbolic tangent."""

    op_type, ufunc, allowed = "Tanh", np.tanh, INEXACT


@RegisterGradient("Tanh")
def _tanh_gradient(op, grad):
    return grad * (1 - square(conjugate(op.output)))               # dy/dx = 1 - y^2


def tanh(x, name=None):
    """The hyperbolic tangent, elementwise. As in TF: tf.tanh (op type Tanh)."""
    return unary(Tanh, x, name)


# -- roots and powers ---------------------------------------------------------------------

class Sqrt(Unary):
    """The square root."""

    op_type, ufunc, allowed = "Sqrt", np.sqrt, INEXACT


@RegisterGradient("Sqrt")
def _sqrt_gradient(op, grad):
    return grad * 0.5 / conjugate(op.output)


def sqrt(x, name=None):
    """The square root, elementwise; nan where x < 0. As in TF: tf.sqrt (op type Sqrt)."""
    return unary(Sqrt, x, name)


class Rsqrt(Unary):
    """1 / sqrt(x)."""

    op_type, allowed = "Rsqrt", INEXACT

    def compute(self, x):
        xp = array_namespace(x)
        return xp.reciprocal(xp.sqrt(x))


@RegisterGradient("Rsqrt")
def _rsqrt_gradient(op, grad):
    y = conjugate(op.output)
    return grad * -0.5 * (y * y * y)                          # dy/dx = -y^3 / 2


def rsqrt(x, name=None):
    """1 / sqrt(x), elementwise. As in TF: tf.rsqrt (op type Rsqrt)."""
    return unary(Rsqrt, x, name)


class Pow(Binary):
    """x^y."""

    op_type, ufunc, folds = "Pow", np.power, True
    allowed = frozenset(d for d in SIGNED)

    def compute(self, x, y):
        if on_host(y) and y.dtype.kind in "iu" and np.any(y < 0):
            raise errors.InvalidArgumentError(
                None, None, "Integers to negative integer powers are not allowed")
        return array_namespace(x, y).power(x, y)


@RegisterGradient("Pow")
def _pow_gradient(op, grad):
    # d(x^y) = y x^(y-1) dx + x^y log(x) dy, with log(x) taken as 0 where it is not defined.
    x, y = op.inputs
    a, b, z = conjugate(x), conjugate(y), conjugate(op.output)
    return (lambda: unbroadcast(grad * b * pow(a, b - 1), x, y),
            lambda: unbroadcast(grad * z * _log_or_zero(a), y, x))


def _log_or_zero(x):
    """log(x) where it is defined, else 0; so too its gradient."""
    zeros, ones = ZerosLike((x,)).output, OnesLike((x,)).output
    defined = not_equal(x, zeros) if x.spec.dtype in COMPLEX else greater(x, zeros)
    return where(defined, log(where(defined, x, ones)), zeros)


def pow(x, y, name=None):
    """x^y, elementwise.

    Args:
      x: Tensor of numbers.
      y: Tensor of x's dtype; integers must not be negative.

    As in TF: tf.pow (op type Pow).
    """
    return binary(Pow, x, y, name)


# -- rounding -----------------------------------------------------------------------------

class _Rounding(Unary):
    """A step function: its derivative is 0 wherever it has one."""

    allowed = dtypes.FLOATING


class Floor(_Rounding):
    """The greatest integer that is not above x."""

    op_type, ufunc = "Floor", np.floor


class Ceil(_Rounding):
    """The least integer that is not below x."""

    op_type, ufunc = "Ceil", np.ceil


class Rint(_Rounding):
    """The nearest integer, the even one of two."""

    op_type, ufunc = "Rint", np.rint


class Round(Unary):
    """The nearest integer, the even one of two; integers stay as they are."""

    op_type, allowed = "Round", SIGNED

    def compute(self, x):
        return x.copy() if x.dtype.kind == "i" else array_namespace(x).rint(x)


NotDifferentiable("Floor")
NotDifferentiable("Ceil")
NotDifferentiable("Rint")
NotDifferentiable("Round")


def floor(x, name=None):
    """The greatest integer that is not above x. As in TF: tf.floor (op type Floor)."""
    return unary(Floor, x, name)


def ceil(x, name=None):
    """The least integer that is not below x. As in TF: tf.ceil (op type Ceil)."""
    return unary(Ceil, x, name)


def rint(x, name=None):
    """The nearest integer, the even one of two. As in TF: tf.rint (op type Rint)."""
    return unary(Rint, x, name)


def round(x, name=None):
    """The nearest integer, the even one of two; integers stay as they are.

    As in TF: tf.round (op type Round).
    """
    x = convert_to_tensor(x, name="x")
    if x.spec.dtype is not None and x.spec.dtype.is_integer:
        return x
    return Round((x,), name).output


# -- kinds of numbers ---------------------------------------------------------------------

class _Kind(Unary):
    """Whether x is of some kind, bool."""

    allowed = dtypes.FLOATING

    def infer(self, x):
        check_allowed("x", x.dtype, self.allowed)
        return Spec(dtypes.bool_, x.shape)


class IsNan(_Kind):
    """Whether x is not a number."""

    op_type, ufunc = "IsNan", np.isnan


class IsInf(_Kind):
    """Whether x is inf or -inf."""

    op_type, ufunc = "IsInf", np.isinf


class IsFinite(_Kind):
    """Whether x is neither infinite nor nan."""

    op_type, ufunc = "IsFinite", np.isfinite


NotDifferentiable("IsNan")
NotDifferentiable("IsInf")
NotDifferentiable("IsFinite")


def is_nan(x, name=None):
    """Whether x is nan, elementwise. As in TF: tf.is_nan (op type IsNan)."""
    return unary(IsNan, x, name)


def is_inf(x, name=None):
    """Whether x is inf or -inf, elementwise. As in TF: tf.is_inf (op type IsInf)."""
    return unary(IsInf, x, name)


def is_finite(x, name=None):
    """Whether x is finite, elementwise. As in TF: tf.is_finite (op type IsFinite)."""
    return unary(IsFinite, x, name)
