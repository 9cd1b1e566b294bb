"""Elementwise arithmetic: sums, products, powers of two, absolute values, extremes.

z[i] = f(x[i], y[i]), with NumPy's broadcasting. Regular operations are declared
(../regular.py); each stands with its gradient and its public function. Read next: division.py.
"""

import numpy as np

from pellucid.core import dtypes
from pellucid.core.gradients import RegisterGradient
from pellucid.core.indexed_slices import IndexedSlices
from pellucid.core.operation import Operation, convert_to_tensor, create
from pellucid.core.shapes import Spec, merge, show
from pellucid.core.tensor import Tensor
from pellucid.ops.arguments import binary, check_allowed, name_scope, same_dtype, unary
from pellucid.ops.arrays.creation import ZerosLike
from pellucid.ops.broadcasting import unbroadcast
from pellucid.ops.math.comparison import greater_equal, less_equal
from pellucid.ops.math.complex_numbers import COMPLEX, ComplexAbs, conjugate
from pellucid.ops.math.selection import where
from pellucid.ops.regular import NUMBERS, REAL, SIGNED, SIGNED_REAL, Binary, Unary

# -- sums and differences -----------------------------------------------------------------

class Add(Binary):
    """x + y; strings are joined."""

    op_type, ufunc, folds = "Add", np.add, True
    allowed = NUMBERS | {dtypes.string}


class AddV2(Add):
    """x + y: the type that TensorFlow gives to the operator."""

    op_type, allowed = "AddV2", NUMBERS


@RegisterGradient("Add")
@RegisterGradient("AddV2")
def _add_gradient(op, grad):
    x, y = op.inputs
    return lambda: unbroadcast(grad, x, y), lambda: unbroadcast(grad, y, x)


def add(x, y, name=None):
    """x + y, elementwise.

    Args:
      x: Tensor of numbers or strings.
      y: Tensor of x's dtype, of a shape that broadcasts with x's.

    As in TF: tf.add (op type Add).
    """
    return binary(Add, x, y, name)


class Sub(Binary):
    """x - y."""

    op_type, ufunc, folds = "Sub", np.subtract, True


@RegisterGradient("Sub")
def _sub_gradient(op, grad):
    x, y = op.inputs
    return lambda: unbroadcast(grad, x, y), lambda: unbroadcast(-grad, y, x)


def subtract(x, y, name=None):
    """x - y, elementwise. As in TF: tf.subtract (op type Sub)."""
    return binary(Sub, x, y, name)


_ADDABLE = NUMBERS | {dtypes.variant}                   # lists add item by item


class AddN(Operation):
    """The sum of its inputs, all of one shape."""

    op_type, fresh = "AddN", True

    def infer(self, *inputs):
        dtype, shape = inputs[0].dtype, inputs[0].shape
        for i, x in enumerate(inputs[1:], 1):
            dtype = same_dtype(Spec(dtype, None), x, ("input 0", f"input {i}"))
            shape = merge(shape, x.shape)
        check_allowed("inputs", dtype, _ADDABLE)
        return Spec(dtype, shape)

    def compute(self, *inputs):
        if len(inputs) == 1:
            return inputs[0].copy()
        total = inputs[0] + inputs[1]
        for x in inputs[2:]:
            total = total + x
        return total


@RegisterGradient("AddN")
def _add_n_gradient(op, grad):
    return [grad] * len(op.inputs)


def add_n(inputs, name=None):
    """The sum of a list of Tensors (or IndexedSlices) of one dtype and shape.

    Raises ValueError for an empty list or shapes that differ.
    As in TF: tf.add_n (op type AddN).
    """
    inputs = _list_of_tensors(inputs)
    if len(inputs) == 1:
        return create("Identity", inputs, name=name).output if name else inputs[0]
    return AddN(inputs, name=name).output


def _list_of_tensors(inputs):
    if not isinstance(inputs, list | tuple):
        raise TypeError(f"inputs must be a list of Tensors, got {inputs!r}")
    if not inputs:
        raise ValueError("inputs must be a list of at least one Tensor/IndexedSlices with "
                         "the same dtype and shape, got []")
    return [convert_to_tensor(x) for x in inputs]


def accumulate_n(inputs, shape=None, tensor_dtype=None, name=None):
    """The sum of a list of Tensors of one dtype and shape, as add_n gives it.

    Args:
      inputs: list of Tensor.
      shape: their shape, where it is not known.
      tensor_dtype: DType that they must have.

    As in TF: tf.accumulate_n.
    """
    inputs = _list_of_tensors(inputs)
    found = inputs[0].spec.dtype
    if tensor_dtype is not None and found is not dtypes.as_dtype(tensor_dtype):
        raise TypeError(f"tensor_dtype is {tensor_dtype}, but input is of type {found}")
    if len(inputs) == 1 and name is None:
        return inputs[0]
    total = add_n(inputs, name)
    if shape is not None:
        total.set_shape(shape)
    return total


# -- products -----------------------------------------------------------------------------

class Mul(Binary):
    """x * y."""

    op_type, ufunc, folds = "Mul", np.multiply, True


@RegisterGradient("Mul")
def _mul_gradient(op, grad):
    x, y = op.inputs
    return (lambda: unbroadcast(grad * conjugate(y), x, y),
            lambda: unbroadcast(grad * conjugate(x), y, x))


def multiply(x, y, name=None):
    """x * y, elementwise. As in TF: tf.multiply (op type Mul)."""
    return binary(Mul, x, y, name)


def scalar_mul(scalar, x, name=None):
    """A scalar times a Tensor or IndexedSlices; the rows of IndexedSlices stay rows.

    Raises ValueError if `scalar` is not of rank 0. As in TF: tf.scalar_mul.
    """
    scalar = convert_to_tensor(scalar, x.dtype and x.dtype.base_dtype, name="scalar")
    if scalar.spec.shape not in (None, ()):
        raise ValueError(f"Only scalar multiply works, got shape {show(scalar.spec.shape)}")
    if isinstance(x, IndexedSlices):
        return IndexedSlices(multiply(scalar, x.values, name), x.indices, x.dense_shape)
    return multiply(scalar, x, name)


class Square(Unary):
    """x * x."""

    op_type, ufunc, folds = "Square", np.square, True


@RegisterGradient("Square")
def _square_gradient(op, grad):
    return grad * (conjugate(op.inputs[0]) * 2)


def square(x, name=None):
    """x * x, elementwise. As in TF: tf.square (op type Square)."""
    return unary(Square, x, name)


class SquaredDifference(Binary):
    """|x - y|^2."""

    op_type = "SquaredDifference"
    allowed = frozenset(d for d in SIGNED if d not in (dtypes.int8, dtypes.int16))

    def compute(self, x, y):
        d = x - y
        return d * d.conjugate() if d.dtype.kind == "c" else d * d


@RegisterGradient("SquaredDifference")
def _squared_difference_gradient(op, grad):
    x, y = op.inputs
    sent = grad * 2 * (x - y)
    return lambda: unbroadcast(sent, x, y), lambda: unbroadcast(-sent, y, x)


def squared_difference(x, y, name=None):
    """(x - y)^2, elementwise.

    As in TF: tf.squared_difference (op type SquaredDifference).
    """
    return binary(SquaredDifference, x, y, name)


# -- signs --------------------------------------------------------------------------------

class Neg(Unary):
    """-x."""

    op_type, ufunc, allowed, folds = "Neg", np.negative, SIGNED, True


@RegisterGradient("Neg")
def _neg_gradient(op, grad):
    return -grad


def negative(x, name=None):
    """-x, elementwise. As in TF: tf.negative (op type Neg)."""
    return unary(Neg, x, name)


class Abs(Unary):
    """|x| of real numbers."""

    op_type, ufunc, allowed, folds = "Abs", np.abs, SIGNED_REAL, True


@RegisterGradient("Abs")
def _abs_gradient(op, grad):
    return grad * sign(op.inputs[0])


def abs(x, name=None):
    """|x|, elementwise; for complex x its modulus, a real number.

    As in TF: tf.abs (op types Abs, ComplexAbs).
    """
    if type(x) is not Tensor:
        with name_scope(name, "Abs", (x,)) as scope:
            return abs(convert_to_tensor(x, name="x"), scope)
    return (ComplexAbs if x.spec.dtype in COMPLEX else Abs)((x,), name or "Abs").output


class Sign(Unary):
    """-1, 0 or 1; x / |x| for complex x."""

    op_type, ufunc, allowed, folds = "Sign", np.sign, SIGNED, True


@RegisterGradient("Sign")
def _sign_gradient(op, grad):
    return ZerosLike((op.inputs[0],)).output


def sign(x, name=None):
    """-1, 0 or 1 as x is negative, zero or positive. As in TF: tf.sign (op type Sign)."""
    return unary(Sign, x, name)


# -- extremes -----------------------------------------------------------------------------

class Maximum(Binary):
    """The greater of x and y."""

    op_type, ufunc, allowed, folds = "Maximum", np.maximum, REAL, True


class Minimum(Binary):
    """The lesser of x and y."""

    op_type, ufunc, allowed, folds = "Minimum", np.minimum, REAL, True


@RegisterGradient("Maximum")
def _maximum_gradient(op, grad):
    return _to_the_chosen(greater_equal, op, grad)


@RegisterGradient("Minimum")
def _minimum_gradient(op, grad):
    return _to_the_chosen(less_equal, op, grad)


def _to_the_chosen(compare, op, grad):
    """The whole gradient to x where it was chosen or equal to y, to y elsewhere."""
    x, y = op.inputs
    chosen, zeros = compare(x, y), ZerosLike((grad,)).output
    return (lambda: unbroadcast(where(chosen, grad, zeros), x, y),
            lambda: unbroadcast(where(chosen, zeros, grad), y, x))


def maximum(x, y, name=None):
    """The greater of x and y, elementwise; nan if either is.

    Where they are equal, the gradient is x's. As in TF: tf.maximum (op type Maximum).
    """
    return binary(Maximum, x, y, name)


def minimum(x, y, name=None):
    """The lesser of x and y, elementwise; nan if either is.

    Where they are equal, the gradient is x's. As in TF: tf.minimum (op type Minimum).
    """
    return binary(Minimum, x, y, name)
