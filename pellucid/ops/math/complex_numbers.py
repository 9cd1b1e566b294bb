"""Complex numbers: parts, conjugate, modulus, argument. Read next: elementwise.py."""

import numpy as np

from pellucid.core import dtypes
from pellucid.core.arrays import array_namespace, on_host
from pellucid.core.gradients import RegisterGradient
from pellucid.core.operation import Operation, convert_to_tensor, create
from pellucid.core.shapes import Spec, broadcast
from pellucid.ops.arguments import as_tensor, check_allowed, name_scope, same_dtype
from pellucid.ops.arrays.creation import ZerosLike
from pellucid.ops.broadcasting import unbroadcast
from pellucid.ops.regular import Unary

COMPLEX = frozenset((dtypes.complex64, dtypes.complex128))
COMPLEX_OR_UNTYPED = COMPLEX | {None}
_COMPLEX_OF = {dtypes.float32: dtypes.complex64, dtypes.float64: dtypes.complex128}


class Conj(Unary):
    """The complex conjugate."""

    op_type, ufunc, allowed = "Conj", np.conjugate, COMPLEX


@RegisterGradient("Conj")
def _conj_gradient(op, grad):
    return conj(grad)


def conj(x, name=None):
    """The complex conjugate of x; x itself where it is real.

    As in TF: tf.conj (op type Conj).
    """
    x = as_tensor(x)
    return Conj((x,), name).output if x.spec.dtype in COMPLEX_OR_UNTYPED else x


def conjugate(x):
    """The conjugate of what is known to be complex, x itself otherwise.

    The gradient of a complex function is grad times the conjugate of its derivative.
    """
    return conj(x) if x.spec.dtype in COMPLEX else x


class Complex(Operation):
    """real + i imag."""

    op_type, fresh = "Complex", True

    def infer(self, real, imag):
        dtype = same_dtype(real, imag, ("real", "imag"))
        check_allowed("real", dtype, frozenset(_COMPLEX_OF))
        return Spec(_COMPLEX_OF.get(dtype), broadcast(real.shape, imag.shape))

    def compute(self, real, imag):
        if on_host(real, imag):             # 1j * inf would make a nan of the real part
            result = np.empty(np.broadcast_shapes(real.shape, imag.shape),
                              np.result_type(real, np.complex64))
            result.real, result.imag = real, imag
            return result[()]
        return real + np.array(1j, np.result_type(real, np.complex64)) * imag

    def _derived_attrs(self):
        return {"Tout": self.outputs[0].spec.dtype, **super()._derived_attrs()}


@RegisterGradient("Complex")
def _complex_gradient(op, grad):
    real_part, imaginary_part = op.inputs
    return (lambda: unbroadcast(real(grad), real_part, imaginary_part),
            lambda: unbroadcast(imag(grad), imaginary_part, real_part))


def complex(real, imag, name=None):
    """The complex numbers real + i imag.

    Args:
      real: Tensor of float32 or float64.
      imag: Tensor of real's dtype.

    Returns:
      Tensor of complex64 or complex128.

    As in TF: tf.complex (op type Complex).
    """
    real, imag = convert_to_tensor(real, name="real"), convert_to_tensor(imag, name="imag")
    return Complex((real, imag), name).output


class _Part(Operation):
    """A real function of complex numbers."""

    fresh = True

    def infer(self, x):
        check_allowed("input", x.dtype, COMPLEX)
        return Spec(x.dtype and x.dtype.real_dtype, x.shape)

    def _derived_attrs(self):
        return {"Tout": self.outputs[0].spec.dtype, **super()._derived_attrs()}


class Real(_Part):
    """The real part."""

    op_type, fresh = "Real", False

    def compute(self, x):
        return x.real


@RegisterGradient("Real")
def _real_gradient(op, grad):
    return complex(grad, ZerosLike((grad,)).output)


class Imag(_Part):
    """The imaginary part."""

    op_type, fresh = "Imag", False

    def compute(self, x):
        return x.imag


@RegisterGradient("Imag")
def _imag_gradient(op, grad):
    return complex(ZerosLike((grad,)).output, grad)


class Angle(_Part):
    """The argument, in (-pi, pi]."""

    op_type = "Angle"

    def compute(self, x):
        return array_namespace(x).angle(x)


@RegisterGradient("Angle")
def _angle_gradient(op, grad):
    # d arg(x) = Im(dx / x), so the gradient is -grad / (Im x + i Re x), and 0 at 0.
    x = op.inputs[0]
    return -complex(grad, ZerosLike((grad,)).output) * create(
        "Reciprocal", [complex(imag(x), real(x))]).output


class ComplexAbs(_Part):
    """|x|."""

    op_type = "ComplexAbs"

    def compute(self, x):
        return array_namespace(x).abs(x)


@RegisterGradient("ComplexAbs")
def _complex_abs_gradient(op, grad):
    # d|x| = Re(conj(x) dx) / |x|, and 0 at 0.
    x, zeros = op.inputs[0], ZerosLike((grad,)).output
    return create("DivNoNan", [complex(grad, zeros) * x, complex(op.output, zeros)]).output


def real(input, name=None):
    """The real part of `input`; `input` itself where it is real.

    As in TF: tf.real (op type Real).
    """
    return _part(Real, input, name, lambda x: x)


def imag(input, name=None):
    """The imaginary part of `input`; zeros where it is real.

    As in TF: tf.imag (op type Imag).
    """
    return _part(Imag, input, name, lambda x: ZerosLike((x,)).output)


def angle(input, name=None):
    """The argument of complex numbers, in (-pi, pi].

    As in TF: tf.angle (op type Angle).
    """
    return _part(Angle, input, name, lambda x: ZerosLike((x,)).output)


def _part(op_class, x, name, of_real):
    with name_scope(name, op_class.op_type, (x,)) as scope:
        x = convert_to_tensor(x, name="input")
        is_real = x.spec.dtype is not None and not x.spec.dtype.is_complex
        return of_real(x) if is_real else op_class((x,), scope).output
