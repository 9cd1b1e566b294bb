"""The gamma function and its kin, the error function.

SciPy computes them (`pip install pellucid[scipy]`); erf, erfc and lgamma work without it,
more slowly, by Python's own.
"""

import functools
import importlib
import math

import numpy as np

from pellucid.core import dtypes
from pellucid.core.arrays import array_namespace
from pellucid.core.gradients import RegisterGradient
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec, merge
from pellucid.ops.arguments import binary, check_allowed, name_scope, same_dtype, unary
from pellucid.ops.broadcasting import unbroadcast
from pellucid.ops.math.elementwise import square
from pellucid.ops.math.functions import exp, log, log1p
from pellucid.ops.math.reductions import reduce_sum
from pellucid.ops.regular import Binary, Unary

_PRECISE = frozenset((dtypes.float32, dtypes.float64))


def _lgamma(x):
    if x <= 0 and x == math.floor(x):
        return math.inf                              # a pole
    try:
        return math.lgamma(x)
    except OverflowError:
        return math.inf


_WITHOUT_SCIPY = {name: np.frompyfunc(function, 1, 1) for name, function in (
    ("erf", math.erf), ("erfc", math.erfc), ("gammaln", lambda x: _lgamma(float(x))))}


@functools.cache
def _function(library, name):
    """A function of scipy.special, or of another library's namespace of that name."""
    try:
        return getattr(importlib.import_module(f"{library}scipy.special"), name)
    except ImportError:
        if name in _WITHOUT_SCIPY:
            return _WITHOUT_SCIPY[name]
        raise ImportError(f"{name} is computed by SciPy, which is not installed: "
                          "pip install 'pellucid[scipy]'") from None


def _compute(name, *values):
    """scipy.special's function, of the values' own dtype, in at least single precision."""
    xp, dtype = array_namespace(*values), values[0].dtype
    library = "" if xp is np else xp.__name__.partition(".")[0] + "."
    if dtype.itemsize < 4:                           # which SciPy does not know
        values = [x.astype(np.float32) for x in values]
    return xp.asarray(_function(library, name)(*values)).astype(dtype)


class _Unary(Unary):
    """y = function(x), of floating numbers."""

    allowed = dtypes.FLOATING
    function = ""

    def compute(self, x):
        return _compute(self.function, x)


class _Binary(Binary):
    """z = function(a, x), of floating numbers, broadcast against each other."""

    allowed = _PRECISE
    function = ""

    def compute(self, a, x):
        return _compute(self.function, a, x)


# -- the error function --------------------------------------------------------------------

class Erf(_Unary):
    """2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x."""

    op_type, function = "Erf", "erf"


class Erfc(_Unary):
    """1 - erf(x)."""

    op_type, function = "Erfc", "erfc"


@RegisterGradient("Erf")
def _erf_gradient(op, grad):
    return grad * (2 / math.sqrt(math.pi)) * exp(-square(op.inputs[0]))


@RegisterGradient("Erfc")
def _erfc_gradient(op, grad):
    return grad * (-2 / math.sqrt(math.pi)) * exp(-square(op.inputs[0]))


def erf(x, name=None):
    """The error function, 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x.

    As in TF: tf.erf (op type Erf).
    """
    return unary(Erf, x, name)


def erfc(x, name=None):
    """1 - erf(x), exact also where it is small. As in TF: tf.erfc (op type Erfc)."""
    return unary(Erfc, x, name)


# -- the gamma function --------------------------------------------------------------------

class Lgamma(_Unary):
    """log |gamma(x)|."""

    op_type, function = "Lgamma", "gammaln"

    def compute(self, x):
        xp, value = array_namespace(x), _compute(self.function, x)
        return xp.where(xp.isinf(x), xp.abs(value), value)      # SciPy says -inf of -inf


class Digamma(_Unary):
    """The derivative of log |gamma(x)|."""

    op_type, function = "Digamma", "digamma"

    def compute(self, x):
        xp, value = array_namespace(x), super().compute(x)
        return xp.where((x <= 0) & (x == xp.floor(x)), xp.asarray(np.nan, value.dtype), value)


class Polygamma(_Binary):
    """The derivative of order a of digamma(x)."""

    op_type = "Polygamma"

    def compute(self, a, x):
        # (-1)^(a+1) a! zeta(a + 1, x)
        xp = array_namespace(a, x)
        factorial = xp.exp(_compute("gammaln", a + 1))
        sign = xp.where(a % 2 == 0, -1, 1).astype(x.dtype)
        value = sign * factorial * _compute("zeta", a + 1, x)
        value = xp.where(a == 0, _compute("digamma", x), value)
        whole = (a >= 0) & (a == xp.floor(a))
        return xp.where(whole, value, xp.asarray(np.nan, x.dtype)).astype(x.dtype)


class Zeta(_Binary):
    """The sum of (q + n)^-x over n = 0, 1, ..."""

    op_type, function = "Zeta", "zeta"


@RegisterGradient("Lgamma")
def _lgamma_gradient(op, grad):
    return grad * digamma(op.inputs[0])


@RegisterGradient("Digamma")
def _digamma_gradient(op, grad):
    x = op.inputs[0]
    return grad * polygamma(convert_to_tensor(1, x.dtype), x)


@RegisterGradient("Polygamma")
def _polygamma_gradient(op, grad):
    a, x = op.inputs
    return None, lambda: unbroadcast(grad * polygamma(a + 1, x), x, a)


@RegisterGradient("Zeta")
def _zeta_gradient(op, grad):
    x, q = op.inputs
    return None, lambda: unbroadcast(grad * -x * zeta(x + 1, q), q, x)


def lgamma(x, name=None):
    """log |gamma(x)|, elementwise. As in TF: tf.lgamma (op type Lgamma)."""
    return unary(Lgamma, x, name)


def digamma(x, name=None):
    """The derivative of lgamma(x). Needs SciPy. As in TF: tf.digamma (op type Digamma)."""
    return unary(Digamma, x, name)


def polygamma(a, x, name=None):
    """The derivative of order a (0, 1, ...) of digamma(x). Needs SciPy.

    Args:
      a: Tensor of float32 or float64, whole numbers; no gradient flows to it.
      x: Tensor of its dtype, of a shape that broadcasts with a's.

    As in TF: tf.polygamma (op type Polygamma).
    """
    return binary(Polygamma, a, x, name)


def zeta(x, q, name=None):
    """Hurwitz' zeta function, the sum of (q + n)^-x over n = 0, 1, ... Needs SciPy.

    Args:
      x: Tensor of float32 or float64; no gradient flows to it.
      q: Tensor of its dtype, of a shape that broadcasts with x's.

    As in TF: tf.zeta (op type Zeta).
    """
    return binary(Zeta, x, q, name)


def lbeta(x, name=None):
    """log |beta(x)| along the last axis: the sum of lgamma(x), less lgamma of x's sum.

    As in TF: tf.lbeta.
    """
    with name_scope(name, "lbeta", (x,)):
        x = convert_to_tensor(x, name="x")
        return reduce_sum(lgamma(x), [-1]) - lgamma(reduce_sum(x, [-1]))


# -- incomplete integrals ------------------------------------------------------------------

class Igamma(_Binary):
    """The integral of t^(a-1) exp(-t) from 0 to x, divided by gamma(a)."""

    op_type, function = "Igamma", "gammainc"


class Igammac(_Binary):
    """1 - igamma(a, x)."""

    op_type, function = "Igammac", "gammaincc"


@RegisterGradient("Igamma")
def _igamma_gradient(op, grad):
    a, x = op.inputs
    return lambda: _not_by_a(op), lambda: unbroadcast(grad * _gamma_density(a, x), x, a)


@RegisterGradient("Igammac")
def _igammac_gradient(op, grad):
    a, x = op.inputs
    return lambda: _not_by_a(op), lambda: unbroadcast(-grad * _gamma_density(a, x), x, a)


def _gamma_density(a, x):
    return exp((a - 1) * log(x) - x - lgamma(a))


def _not_by_a(op):
    raise NotImplementedError(f"{op.type} {op.name!r} has no gradient with respect to a: use "
                              "tf.stop_gradient where it is not wanted.")


def igamma(a, x, name=None):
    """The lower regularized incomplete gamma function. Needs SciPy.

    Args:
      a: Tensor of float32 or float64, positive. Its gradient is not implemented.
      x: Tensor of its dtype, of a shape that broadcasts with a's.

    As in TF: tf.igamma (op type Igamma).
    """
    return binary(Igamma, a, x, name)


def igammac(a, x, name=None):
    """The upper regularized incomplete gamma function, 1 - igamma(a, x). Needs SciPy.

    As in TF: tf.igammac (op type Igammac).
    """
    return binary(Igammac, a, x, name)


class Betainc(Operation):
    """The integral of t^(a-1) (1-t)^(b-1) from 0 to x, divided by beta(a, b).

    Inputs that are not scalars have the same shape.
    """

    op_type, fresh = "Betainc", True

    def infer(self, a, b, x):
        dtype = same_dtype(Spec(same_dtype(a, b, ("a", "b")), None), x, ("a", "x"))
        check_allowed("a", dtype, _PRECISE)
        shape, unknown = (), False
        for given in (a.shape, b.shape, x.shape):
            unknown = unknown or given is None
            if given:
                shape = merge(shape or None, given)
        return Spec(dtype, None if unknown and not shape else shape)

    def compute(self, a, b, x):
        return _compute("betainc", a, b, x)


@RegisterGradient("Betainc")
def _betainc_gradient(op, grad):
    a, b, x = op.inputs
    log_beta = lgamma(a) + lgamma(b) - lgamma(a + b)
    density = exp((b - 1) * log1p(-x) + (a - 1) * log(x) - log_beta)
    return None, None, lambda: unbroadcast(grad * density, x, grad)


def betainc(a, b, x, name=None):
    """The regularized incomplete beta function. Needs SciPy.

    Args:
      a, b: Tensors of float32 or float64, positive; no gradient flows to them.
      x: Tensor of their dtype, in [0, 1]. Those that are not scalars have the same shape.

    As in TF: tf.betainc (op type Betainc).
    """
    with name_scope(name, "Betainc", (a, b, x)) as scope:
        a = convert_to_tensor(a, name="a")
        b, x = (convert_to_tensor(v, a.spec.dtype, name=n) for v, n in ((b, "b"), (x, "x")))
        return Betainc([a, b, x], scope).output
