"""Activation functions: the nonlinear steps of a network.

Each class stands with its gradient. Where TensorFlow has the gradient as an operation type
of its own (ReluGrad), so have we, with a gradient in turn, so that second derivatives are
right. At kinks they are TensorFlow's: relu 0, relu6 0 at both, leaky_relu alpha, elu 1.
Read next: softmax.py.
"""

import numpy as np

from pellucid.core import dtypes
from pellucid.core.arrays import array_namespace
from pellucid.core.gradients import RegisterGradient
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec, merge
from pellucid.core.tensor import Tensor
from pellucid.ops.arguments import as_tensor, check_allowed, name_scope, same_dtype
from pellucid.ops.arrays.creation import zeros_like
from pellucid.ops.math.casting import cast
from pellucid.ops.math.comparison import less
from pellucid.ops.math.elementwise import abs, sign, square
from pellucid.ops.math.functions import sigmoid
from pellucid.ops.math.selection import where
from pellucid.ops.regular import REAL


class Activation(Operation):
    """y = f(x), of x's dtype and shape."""

    allowed = dtypes.FLOATING
    fresh = True

    def infer(self, x):
        check_allowed("features", x.dtype, self.allowed)
        return Spec(x.dtype, x.shape)


class ActivationGradient(Operation):
    """The gradient with respect to x of some y = f(x), given that with respect to y.

    Its second input is x, or y where the derivative is simpler in terms of y.
    """

    allowed = dtypes.FLOATING
    fresh = True

    def infer(self, grad, x):
        dtype = same_dtype(grad, x, ("gradients", "features"))
        check_allowed("gradients", dtype, self.allowed)
        return Spec(dtype, merge(grad.shape, x.shape))


# -- straight pieces ----------------------------------------------------------------------

class Relu(Activation):
    """max(x, 0)."""

    op_type, allowed = "Relu", REAL

    def compute(self, x):
        return array_namespace(x).maximum(x, 0)


class ReluGrad(ActivationGradient):
    """grad where x > 0, else 0."""

    op_type, allowed = "ReluGrad", REAL

    def compute(self, grad, x):
        return grad * (x > 0)         # 3 times as fast as `where`


@RegisterGradient("Relu")
def _relu_gradient(op, grad):
    return ReluGrad([grad, op.output]).output


@RegisterGradient("ReluGrad")
def _relu_grad_gradient(op, grad):
    x = op.inputs[1]
    return ReluGrad([grad, x]).output, zeros_like(x)


def relu(features, name=None):
    """max(x, 0), elementwise. As in TF: tf.nn.relu (op type Relu)."""
    return _apply(Relu, features, name)


class Relu6(Activation):
    """min(max(x, 0), 6)."""

    op_type, allowed = "Relu6", REAL

    def compute(self, x):
        xp = array_namespace(x)
        return xp.minimum(xp.maximum(x, 0), 6)


class Relu6Grad(ActivationGradient):
    """grad where 0 < x < 6, else 0."""

    op_type, allowed = "Relu6Grad", REAL

    def compute(self, grad, x):
        return grad * ((x > 0) & (x < 6))


@RegisterGradient("Relu6")
def _relu6_gradient(op, grad):
    return Relu6Grad([grad, op.output]).output


@RegisterGradient("Relu6Grad")
def _relu6_grad_gradient(op, grad):
    x = op.inputs[1]
    return Relu6Grad([grad, x]).output, zeros_like(x)


def relu6(features, name=None):
    """min(max(x, 0), 6), elementwise. As in TF: tf.nn.relu6 (op type Relu6)."""
    return _apply(Relu6, features, name)


class LeakyRelu(Activation):
    """x where x > 0, else alpha x."""

    op_type, attrs = "LeakyRelu", {"alpha": 0.2}

    def compute(self, x):
        return array_namespace(x).where(x > 0, x, x * _number(x, self.alpha))


class LeakyReluGrad(ActivationGradient):
    """grad where x > 0, else alpha grad."""

    op_type, attrs = "LeakyReluGrad", {"alpha": 0.2}

    def compute(self, grad, x):
        return array_namespace(grad, x).where(x > 0, grad, grad * _number(grad, self.alpha))


@RegisterGradient("LeakyRelu")
def _leaky_relu_gradient(op, grad):
    return LeakyReluGrad([grad, op.inputs[0]], alpha=op.alpha).output


@RegisterGradient("LeakyReluGrad")
def _leaky_relu_grad_gradient(op, grad):
    x = op.inputs[1]
    return (LeakyReluGrad([grad, x], alpha=op.alpha).output,
            zeros_like(x))


def leaky_relu(features, alpha=0.2, name=None):
    """x where x > 0, else alpha x; integers are taken as float32.

    As in TF: tf.nn.leaky_relu (op type LeakyRelu).
    """
    with name_scope(name, "LeakyRelu", [features, alpha]) as scope:
        features = as_tensor(features, name="features")
        if features.dtype is not None and features.dtype.is_integer:
            features = cast(features, dtypes.float32)
        if isinstance(alpha, np.ndarray):
            alpha = alpha.item()
        return LeakyRelu([features], scope, alpha=alpha).output


# -- exponential pieces -------------------------------------------------------------------

class Elu(Activation):
    """x where x > 0, else e^x - 1 (Clevert et al. 2015)."""

    op_type = "Elu"

    def compute(self, x):
        xp = array_namespace(x)
        return xp.where(x > 0, x, xp.expm1(xp.minimum(x, 0)))


class EluGrad(ActivationGradient):
    """grad where y > 0, else grad (y + 1), for y = elu(x): there dy/dx = e^x = y + 1."""

    op_type = "EluGrad"

    def compute(self, grad, y):
        xp = array_namespace(grad, y)
        return xp.where(y < 0, (y + 1) * grad, grad)


@RegisterGradient("Elu")
def _elu_gradient(op, grad):
    return EluGrad([grad, op.output]).output


@RegisterGradient("EluGrad")
def _elu_grad_gradient(op, grad):
    before, y = op.inputs                  # d/dy of before (y + 1) is before, where y < 0
    return EluGrad([grad, y]).output, _where_negative(y, grad * before)


def elu(features, name=None):
    """x where x > 0, else e^x - 1. As in TF: tf.nn.elu (op type Elu)."""
    return _apply(Elu, features, name)


# Klambauer et al. 2017, "Self-normalizing neural networks".
_SCALE = 1.0507009873554804934193349852946
_SCALE_ALPHA = 1.7580993408473768599402175208123


class Selu(Activation):
    """s x where x > 0, else s a (e^x - 1): keeps mean 0 and variance 1 (Klambauer 2017)."""

    op_type = "Selu"

    def compute(self, x):
        xp = array_namespace(x)
        negative = xp.expm1(xp.minimum(x, 0)) * _number(x, _SCALE_ALPHA)
        return xp.where(x > 0, x * _number(x, _SCALE), negative)


class SeluGrad(ActivationGradient):
    """grad s where y > 0, else grad (y + s a), for y = selu(x)."""

    op_type = "SeluGrad"

    def compute(self, grad, y):
        xp = array_namespace(grad, y)
        negative = grad * (y + _number(y, _SCALE_ALPHA))
        return xp.where(y < 0, negative, grad * _number(y, _SCALE))


@RegisterGradient("Selu")
def _selu_gradient(op, grad):
    return SeluGrad([grad, op.output]).output


@RegisterGradient("SeluGrad")
def _selu_grad_gradient(op, grad):
    before, y = op.inputs
    return SeluGrad([grad, y]).output, _where_negative(y, grad * before)


def selu(features, name=None):
    """The self-normalizing activation. As in TF: tf.nn.selu (op type Selu)."""
    return _apply(Selu, features, name)


class Softplus(Activation):
    """log(1 + e^x)."""

    op_type = "Softplus"

    def compute(self, x):
        xp = array_namespace(x)            # max(x, 0) + log(1 + e^-|x|) does not overflow
        return xp.maximum(x, 0) + xp.log1p(xp.exp(-xp.abs(x)))


class SoftplusGrad(ActivationGradient):
    """grad / (1 + e^-x)."""

    op_type = "SoftplusGrad"

    def compute(self, grad, x):
        xp = array_namespace(grad, x)
        return grad / (xp.exp(-x) + 1)


@RegisterGradient("Softplus")
def _softplus_gradient(op, grad):
    return SoftplusGrad([grad, op.inputs[0]]).output


@RegisterGradient("SoftplusGrad")
def _softplus_grad_gradient(op, grad):
    before, x = op.inputs                  # the derivative of sigmoid(x) is s (1 - s)
    s = sigmoid(x)
    return SoftplusGrad([grad, x]).output, grad * before * s * (1 - s)


def softplus(features, name=None):
    """log(1 + e^x), elementwise. As in TF: tf.nn.softplus, tf.math.softplus."""
    return _apply(Softplus, features, name)


class Softsign(Activation):
    """x / (1 + |x|)."""

    op_type = "Softsign"

    def compute(self, x):
        return x / (array_namespace(x).abs(x) + 1)


class SoftsignGrad(ActivationGradient):
    """grad / (1 + |x|)^2."""

    op_type = "SoftsignGrad"

    def compute(self, grad, x):
        xp = array_namespace(grad, x)
        return grad / xp.square(xp.abs(x) + 1)


@RegisterGradient("Softsign")
def _softsign_gradient(op, grad):
    return SoftsignGrad([grad, op.inputs[0]]).output


@RegisterGradient("SoftsignGrad")
def _softsign_grad_gradient(op, grad):
    before, x = op.inputs                  # d/dx (1 + |x|)^-2 = -2 sign(x) (1 + |x|)^-3
    distance = 1 + abs(x)
    slope = -2 * sign(x) / (distance * square(distance))
    return SoftsignGrad([grad, x]).output, grad * before * slope


def softsign(features, name=None):
    """x / (1 + |x|), elementwise. As in TF: tf.nn.softsign, tf.math.softsign."""
    return _apply(Softsign, features, name)


def _apply(op_class, features, name):
    if type(features) is Tensor:
        return op_class((features,), name).output
    with name_scope(name, op_class.op_type, [features]) as scope:
        return op_class((convert_to_tensor(features, name="features"),), scope).output


def _number(x, value):
    """value in x's dtype: bfloat16 times a Python float would be float32."""
    return x.dtype.type(value)


def _where_negative(y, grad):
    """grad where y < 0, else 0."""
    return where(less(y, 0.0), grad, zeros_like(y))
