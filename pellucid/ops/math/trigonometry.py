"""Trigonometric and hyperbolic functions, of radians. Read next: ../../nn/.

Each gradient is the derivative written with tensors; where the derivative is simple in
terms of the value, it uses the value (`op.output`), and saves computing the function again.
"""

import numpy as np

from pellucid.core import dtypes
from pellucid.core.gradients import RegisterGradient
from pellucid.ops.arguments import binary, unary
from pellucid.ops.broadcasting import unbroadcast
from pellucid.ops.math.complex_numbers import conjugate
from pellucid.ops.math.division import reciprocal
from pellucid.ops.math.elementwise import square
from pellucid.ops.math.functions import rsqrt
from pellucid.ops.regular import INEXACT, Binary, Unary


class Sin(Unary):
    """The sine."""

    op_type, ufunc, allowed = "Sin", np.sin, INEXACT


@RegisterGradient("Sin")
def _sin_gradient(op, grad):
    return grad * cos(conjugate(op.inputs[0]))


def sin(x, name=None):
    """The sine, elementwise. As in TF: tf.sin (op type Sin)."""
    return unary(Sin, x, name)


class Cos(Unary):
    """The cosine."""

    op_type, ufunc, allowed = "Cos", np.cos, INEXACT


@RegisterGradient("Cos")
def _cos_gradient(op, grad):
    return -grad * sin(conjugate(op.inputs[0]))


def cos(x, name=None):
    """The cosine, elementwise. As in TF: tf.cos (op type Cos)."""
    return unary(Cos, x, name)


class Tan(Unary):
    """The tangent."""

    op_type, ufunc, allowed = "Tan", np.tan, INEXACT


@RegisterGradient("Tan")
def _tan_gradient(op, grad):
    return grad * square(reciprocal(cos(conjugate(op.inputs[0]))))


def tan(x, name=None):
    """The tangent, elementwise. As in TF: tf.tan (op type Tan)."""
    return unary(Tan, x, name)


class Asin(Unary):
    """The angle in [-pi/2, pi/2] whose sine is x."""

    op_type, ufunc, allowed = "Asin", np.arcsin, INEXACT


@RegisterGradient("Asin")
def _asin_gradient(op, grad):
    return grad * rsqrt(1 - square(conjugate(op.inputs[0])))


def asin(x, name=None):
    """The angle in [-pi/2, pi/2] whose sine is x, elementwise.

    As in TF: tf.asin (op type Asin).
    """
    return unary(Asin, x, name)


class Acos(Unary):
    """The angle in [0, pi] whose cosine is x."""

    op_type, ufunc, allowed = "Acos", np.arccos, INEXACT


@RegisterGradient("Acos")
def _acos_gradient(op, grad):
    return -grad * rsqrt(1 - square(conjugate(op.inputs[0])))


def acos(x, name=None):
    """The angle in [0, pi] whose cosine is x, elementwise.

    As in TF: tf.acos (op type Acos).
    """
    return unary(Acos, x, name)


class Atan(Unary):
    """The angle in (-pi/2, pi/2) whose tangent is x."""

    op_type, ufunc, allowed = "Atan", np.arctan, INEXACT


@RegisterGradient("Atan")
def _atan_gradient(op, grad):
    return grad / (1 + square(conjugate(op.inputs[0])))


def atan(x, name=None):
    """The angle in (-pi/2, pi/2) whose tangent is x, elementwise.

    As in TF: tf.atan (op type Atan).
    """
    return unary(Atan, x, name)


class Atan2(Binary):
    """The angle in [-pi, pi] of the point (x, y), of which y comes first."""

    op_type, ufunc, allowed = "Atan2", np.arctan2, dtypes.FLOATING


@RegisterGradient("Atan2")
def _atan2_gradient(op, grad):
    # The angle changes by (x dy - y dx) / (x^2 + y^2).
    y, x = op.inputs
    scaled = grad / (square(x) + square(y))
    return (lambda: unbroadcast(x * scaled, y, x),
            lambda: unbroadcast(-y * scaled, x, y))


def atan2(y, x, name=None):
    """The angle in [-pi, pi] of the point (x, y), elementwise.

    As in TF: tf.atan2 (op type Atan2).
    """
    return binary(Atan2, y, x, name)


# -- hyperbolic (tanh is in functions.py) -------------------------------------------------

class Sinh(Unary):
    """The hyperbolic sine."""

    op_type, ufunc, allowed = "Sinh", np.sinh, INEXACT


@RegisterGradient("Sinh")
def _sinh_gradient(op, grad):
    return grad * cosh(conjugate(op.inputs[0]))


def sinh(x, name=None):
    """The hyperbolic sine, elementwise. As in TF: tf.sinh (op type Sinh)."""
    return unary(Sinh, x, name)


class Cosh(Unary):
    """The hyperbolic cosine."""

    op_type, ufunc, allowed = "Cosh", np.cosh, INEXACT


@RegisterGradient("Cosh")
def _cosh_gradient(op, grad):
    return grad * sinh(conjugate(op.inputs[0]))


def cosh(x, name=None):
    """The hyperbolic cosine, elementwise. As in TF: tf.cosh (op type Cosh)."""
    return unary(Cosh, x, name)


class Asinh(Unary):
    """The inverse of sinh."""

    op_type, ufunc, allowed = "Asinh", np.arcsinh, INEXACT


@RegisterGradient("Asinh")
def _asinh_gradient(op, grad):
    return grad / cosh(conjugate(op.output))                     # sinh' = cosh, at y


def asinh(x, name=None):
    """The inverse of sinh, elementwise. As in TF: tf.asinh (op type Asinh)."""
    return unary(Asinh, x, name)


class Acosh(Unary):
    """The inverse of cosh, not below 0."""

    op_type, ufunc, allowed = "Acosh", np.arccosh, INEXACT


@RegisterGradient("Acosh")
def _acosh_gradient(op, grad):
    return grad / sinh(conjugate(op.output))                     # cosh' = sinh, at y


def acosh(x, name=None):
    """The inverse of cosh, not below 0, elementwise. As in TF: tf.acosh (op type Acosh)."""
    return unary(Acosh, x, name)


class Atanh(Unary):
    """The inverse of tanh."""

    op_type, ufunc, allowed = "Atanh", np.arctanh, INEXACT


@RegisterGradient("Atanh")
def _atanh_gradient(op, grad):
    return grad / (1 - square(conjugate(op.inputs[0])))


def atanh(x, name=None):
    """The inverse of tanh, elementwise. As in TF: tf.atanh (op type Atanh)."""
    return unary(Atanh, x, name)
