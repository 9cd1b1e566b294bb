"""Division and remainders, under the names that TensorFlow gives to each kind of rounding.

Integer division by zero is an error, as in TensorFlow; floating division by zero gives inf
or nan in silence. Read next: functions.py.
"""

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.arrays import array_namespace, on_host
from pellucid.core.gradients import NotDifferentiable, RegisterGradient
from pellucid.core.operation import convert_to_tensor
from pellucid.core.tensor import Tensor
from pellucid.ops.arguments import binary, convert_pair, name_scope, unary
from pellucid.ops.arrays.creation import ZerosLike
from pellucid.ops.broadcasting import unbroadcast
from pellucid.ops.math.casting import cast, cast_like
from pellucid.ops.math.comparison import not_equal
from pellucid.ops.math.complex_numbers import conjugate
from pellucid.ops.math.elementwise import square
from pellucid.ops.regular import INEXACT, REAL, Binary, Unary


def _check_divisor(x, y):
    if on_host(y) and y.dtype.kind in "iu" and not np.all(y) and x.size:
        raise errors.InvalidArgumentError(None, None, "Integer division by zero")


# -- quotients ----------------------------------------------------------------------------

class RealDiv(Binary):
    """x / y, of floating or complex numbers."""

    op_type, ufunc, allowed = "RealDiv", np.divide, INEXACT


class Div(Binary):
    """x / y; integers are truncated towards zero."""

    op_type = "Div"

    def compute(self, x, y):
        _check_divisor(x, y)
        return _truncated(x, y) if x.dtype.kind in "iu" else x / y


@RegisterGradient("RealDiv")
@RegisterGradient("Div")
def _real_div_gradient(op, grad):
    # d(x/y) = dx / y - x / y^2 dy
    x, y = op.inputs
    a, b = conjugate(x), conjugate(y)
    return (lambda: unbroadcast(grad / b, x, y),
            lambda: unbroadcast(grad * (-a / b / b), y, x))


class TruncateDiv(Binary):
    """x / y of integers, rounded towards zero."""

    op_type, folds = "TruncateDiv", True
    allowed = frozenset(d for d in dtypes.ALL if d.is_integer)

    def compute(self, x, y):
        _check_divisor(x, y)
        return _truncated(x, y)


def _truncated(x, y):
    """x / y of integers, rounded towards zero: floor division, one more below zero."""
    xp = array_namespace(x, y)
    quotient = xp.floor_divide(x, y)
    inexact = (quotient < 0) & (quotient * y != x)
    return quotient + inexact.astype(quotient.dtype)


class FloorDiv(Binary):
    """floor(x / y)."""

    op_type, folds = "FloorDiv", True

    def compute(self, x, y):
        _check_divisor(x, y)
        xp = array_namespace(x, y)
        if x.dtype.kind in "iu":
            return xp.floor_divide(x, y)
        return xp.floor(x / y)           # NumPy's floor_divide gives nan for 1 / 0, not inf


NotDifferentiable("TruncateDiv")
NotDifferentiable("FloorDiv")


def realdiv(x, y, name=None):
    """x / y of floating or complex numbers. As in TF: tf.realdiv (op type RealDiv)."""
    return binary(RealDiv, x, y, name)


def truncatediv(x, y, name=None):
    """x / y of integers, rounded towards zero.

    As in TF: tf.truncatediv (op type TruncateDiv).
    """
    return binary(TruncateDiv, x, y, name)


def floor_div(x, y, name=None):
    """floor(x / y), of x's dtype. As in TF: tf.floor_div (op type FloorDiv)."""
    return binary(FloorDiv, x, y, name)


def floordiv(x, y, name=None):
    """floor(x / y): Python's `//`. As in TF: tf.floordiv (op type FloorDiv)."""
    return binary(FloorDiv, x, y, name, "floordiv")


def div(x, y, name=None):
    """Python 2's `/`: x / y of floating numbers, floor(x / y) of integers.

    As in TF: tf.div.
    """
    with name_scope(name, "div", (x, y)) as scope:
        x = convert_to_tensor(x, name="x")
        y = convert_to_tensor(y, x.spec.dtype, name="y")
        return _quotient_class(x)((x, y), scope).output


def _quotient_class(x):
    return FloorDiv if x.spec.dtype is not None and x.spec.dtype.is_integer else RealDiv


def truediv(x, y, name=None):
    """Python 3's `/`: integers are converted to floating numbers first.

    Returns:
      Tensor of x's dtype if it is floating or complex; float64 for 32 and 64 bit integers,
      float32 for narrower ones.

    Raises TypeError if the dtypes differ. As in TF: tf.truediv (op types Cast, RealDiv).
    """
    if type(x) is Tensor and type(y) is Tensor and x.spec.dtype in _INEXACT_OR_UNTYPED:
        return RealDiv((x, y), name or "truediv").output
    with name_scope(name, "truediv", (x, y)) as scope:
        x, y = convert_pair(x, y)
        floating = _quotient_dtype(x, y)
        if floating is not None:
            x, y = cast(x, floating), cast(y, floating)
        return RealDiv((x, y), scope).output


_INEXACT_OR_UNTYPED = INEXACT | {None}
_QUOTIENT_DTYPES = {                     # as float32 holds them exactly or not
    dtypes.int8: dtypes.float32, dtypes.uint8: dtypes.float32,
    dtypes.int16: dtypes.float32, dtypes.uint16: dtypes.float32,
    dtypes.int32: dtypes.float64, dtypes.uint32: dtypes.float64,
    dtypes.int64: dtypes.float64, dtypes.uint64: dtypes.float64}


def _quotient_dtype(x, y):
    """The dtype that true division converts its operands to; None if they stay."""
    dtype, other = x.spec.dtype, y.spec.dtype
    if None not in (dtype, other) and dtype is not other:
        raise TypeError("`x` and `y` must have the same dtype, "
                        f"got {dtype!r} != {other!r}.")
    if dtype in _INEXACT_OR_UNTYPED:
        return None
    if dtype not in _QUOTIENT_DTYPES:
        raise TypeError(f"Invalid dtype {dtype.name} in __truediv__: true division is "
                        "defined for numbers.")
    return _QUOTIENT_DTYPES[dtype]


def divide(x, y, name=None):
    """x / y, as Python's operator does it. As in TF: tf.divide (see truediv)."""
    if not isinstance(x, Tensor):
        x = convert_to_tensor(x, y.spec.dtype if isinstance(y, Tensor) else None)
    return truediv(x, y, name)


# -- remainders ---------------------------------------------------------------------------

class FloorMod(Binary):
    """x - floor(x / y) y, which has the sign of y: Python's `%`."""

    op_type, ufunc, allowed, folds = "FloorMod", np.remainder, REAL, True

    def compute(self, x, y):
        _check_divisor(x, y)
        return array_namespace(x, y).remainder(x, y)


@RegisterGradient("FloorMod")
def _floor_mod_gradient(op, grad):
    x, y = op.inputs
    return (lambda: unbroadcast(grad, x, y),
            lambda: unbroadcast(-grad * floor_div(x, y), y, x))


class TruncateMod(Binary):
    """x - trunc(x / y) y, which has the sign of x: C's `%`."""

    op_type, allowed = "TruncateMod", dtypes.FLOATING | {dtypes.int32, dtypes.int64}

    def compute(self, x, y):
        _check_divisor(x, y)
        return array_namespace(x, y).fmod(x, y)


class Mod(TruncateMod):
    """TruncateMod under the name of old graphs."""

    op_type = "Mod"


@RegisterGradient("TruncateMod")
@RegisterGradient("Mod")
def _truncate_mod_gradient(op, grad):
    # z = x - n y with n constant almost everywhere, so dz = dx - n dy, and n = (x - z) / y.
    x, y = op.inputs
    return (lambda: unbroadcast(grad, x, y),
            lambda: unbroadcast(grad * ((op.output - x) / y), y, x))


def floormod(x, y, name=None):
    """The remainder of floor division, of y's sign: Python's `%`.

    As in TF: tf.floormod, tf.mod (op type FloorMod).
    """
    return binary(FloorMod, x, y, name)


mod = floormod


def truncatemod(x, y, name=None):
    """The remainder of division rounded towards zero, of x's sign.

    As in TF: tf.truncatemod (op type TruncateMod).
    """
    return binary(TruncateMod, x, y, name)


# -- reciprocals --------------------------------------------------------------------------

class Reciprocal(Unary):
    """1 / x."""

    op_type, ufunc, allowed = "Reciprocal", np.reciprocal, INEXACT


class Inv(Reciprocal):
    """Reciprocal under its name in old graphs."""

    op_type = "Inv"


@RegisterGradient("Reciprocal")
@RegisterGradient("Inv")
def _reciprocal_gradient(op, grad):
    y = conjugate(op.output)
    return -grad * y * y                         # d(1/x) = -dx / x^2


def reciprocal(x, name=None):
    """1 / x, elementwise. As in TF: tf.reciprocal (op type Reciprocal)."""
    return unary(Reciprocal, x, name)


# -- quotients and products that tame 0 ---------------------------------------------------

class DivNoNan(Binary):
    """x / y, and 0 where y is 0."""

    op_type, allowed = "DivNoNan", INEXACT

    def compute(self, x, y):
        xp = array_namespace(x, y)
        zero = y == 0
        return xp.where(zero, y.dtype.type(0), x / xp.where(zero, y.dtype.type(1), y))


@RegisterGradient("DivNoNan")
def _div_no_nan_gradient(op, grad):
    x, y = op.inputs
    a, b = conjugate(x), conjugate(y)
    return (lambda: unbroadcast(div_no_nan(grad, b), x, y),
            lambda: unbroadcast(grad * div_no_nan(div_no_nan(-a, b), b), y, x))


class MulNoNan(Binary):
    """x y, and 0 where y is 0, whatever x is."""

    op_type, allowed = "MulNoNan", INEXACT

    def compute(self, x, y):
        return array_namespace(x, y).where(y == 0, y.dtype.type(0), x * y)


@RegisterGradient("MulNoNan")
def _mul_no_nan_gradient(op, grad):
    x, y = op.inputs
    return (lambda: unbroadcast(multiply_no_nan(grad, y), x, y),
            lambda: unbroadcast(multiply_no_nan(x, grad), y, x))


class Xdivy(Binary):
    """x / y, and 0 where x is 0, whatever y is."""

    op_type, allowed = "Xdivy", INEXACT

    def compute(self, x, y):
        return array_namespace(x, y).where(x == 0, x.dtype.type(0), x / y)


@RegisterGradient("Xdivy")
def _xdivy_gradient(op, grad):
    x, y = op.inputs
    return (lambda: unbroadcast(grad * xdivy(_not_zero(x), y), x, y),
            lambda: unbroadcast(grad * xdivy(-x, square(y)), y, x))


class Xlogy(Binary):
    """x log(y), and 0 where x is 0, whatever y is."""

    op_type, allowed = "Xlogy", INEXACT

    def compute(self, x, y):
        xp = array_namespace(x, y)
        return xp.where(x == 0, x.dtype.type(0), x * xp.log(y))


@RegisterGradient("Xlogy")
def _xlogy_gradient(op, grad):
    x, y = op.inputs
    return (lambda: unbroadcast(grad * xlogy(_not_zero(x), y), x, y),
            lambda: unbroadcast(grad * xdivy(x, y), y, x))


def _not_zero(x):
    """1 where x is not 0, else 0."""
    return cast_like(not_equal(x, ZerosLike((x,)).output), x)


def div_no_nan(x, y, name=None):
    """x / y, and 0 where y is 0. As in TF: tf.div_no_nan (op type DivNoNan)."""
    return binary(DivNoNan, x, y, name, "div_no_nan")


def reciprocal_no_nan(x, name=None):
    """1 / x, and 0 where x is 0. As in TF: tf.math.reciprocal_no_nan (op type DivNoNan)."""
    with name_scope(name, "reciprocal_no_nan", (x,)) as scope:
        x = convert_to_tensor(x, name="x")
        one = convert_to_tensor(1, x.spec.dtype, name="one")
        return DivNoNan((one, x), scope).output


def multiply_no_nan(x, y, name=None):
    """x y, and 0 where y is 0 even if x is infinite or nan.

    As in TF: tf.math.multiply_no_nan (op type MulNoNan).
    """
    return binary(MulNoNan, x, y, name, "multiply_no_nan")


def xdivy(x, y, name=None):
    """x / y, and 0 where x is 0. As in TF: tf.math.xdivy (op type Xdivy)."""
    return binary(Xdivy, x, y, name)


def xlogy(x, y, name=None):
    """x log(y), and 0 where x is 0. As in TF: tf.math.xlogy (op type Xlogy)."""
    return binary(Xlogy, x, y, name)
