"""Comparison and logic: elementwise questions, answered by tensors of bool.

`==` on tensors is identity, as in TensorFlow 1; tf.equal compares. Read next: selection.py.
"""

import numpy as np

from pellucid.core import dtypes
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.shapes import Spec, broadcast
from pellucid.core.tensor import Tensor
from pellucid.ops.arguments import as_tensor, binary, check_allowed, same_dtype
from pellucid.ops.regular import REAL, Binary, Unary


class _Comparison(Binary):
    """Whether ufunc(x, y), bool."""

    allowed, folds = REAL, True

    def infer(self, x, y):
        check_allowed("x", same_dtype(x, y), self.allowed)
        return Spec(dtypes.bool_, broadcast(x.shape, y.shape))


class Equal(_Comparison):
    """x == y, of numbers, strings or bools."""

    op_type, attrs = "Equal", {"incompatible_shape_error": True}
    ufunc, allowed = np.equal, frozenset(dtypes.ALL)


class NotEqual(_Comparison):
    """x != y, of numbers, strings or bools."""

    op_type, attrs = "NotEqual", {"incompatible_shape_error": True}
    ufunc, allowed = np.not_equal, frozenset(dtypes.ALL)


class Less(_Comparison):
    """x < y."""

    op_type, ufunc = "Less", np.less


class LessEqual(_Comparison):
    """x <= y."""

    op_type, ufunc = "LessEqual", np.less_equal


class Greater(_Comparison):
    """x > y."""

    op_type, ufunc = "Greater", np.greater


class GreaterEqual(_Comparison):
    """x >= y."""

    op_type, ufunc = "GreaterEqual", np.greater_equal


class _Logic(Binary):
    """ufunc(x, y) of bools."""

    allowed, folds = frozenset((dtypes.bool_,)), True


class LogicalAnd(_Logic):
    """x and y."""

    op_type, ufunc = "LogicalAnd", np.logical_and


class LogicalOr(_Logic):
    """x or y."""

    op_type, ufunc = "LogicalOr", np.logical_or


class LogicalNot(Unary):
    """not x."""

    op_type, ufunc, folds = "LogicalNot", np.logical_not, True
    allowed = frozenset((dtypes.bool_,))


for _op_type in ("Equal", "NotEqual", "Less", "LessEqual", "Greater", "GreaterEqual",
                 "LogicalAnd", "LogicalOr", "LogicalNot"):
    NotDifferentiable(_op_type)


def equal(x, y, name=None):
    """x == y, elementwise.

    Args:
      x: Tensor of any dtype.
      y: Tensor of x's dtype, of a shape that broadcasts with x's.

    Returns:
      Tensor of bool. A nan equals nothing, not even itself.

    As in TF: tf.equal (op type Equal).
    """
    return binary(Equal, x, y, name)


def not_equal(x, y, name=None):
    """x != y, elementwise, bool. As in TF: tf.not_equal (op type NotEqual)."""
    return binary(NotEqual, x, y, name)


def less(x, y, name=None):
    """x < y, elementwise, bool. As in TF: tf.less (op type Less)."""
    return binary(Less, x, y, name)


def less_equal(x, y, name=None):
    """x <= y, elementwise, bool. As in TF: tf.less_equal (op type LessEqual)."""
    return binary(LessEqual, x, y, name)


def greater(x, y, name=None):
    """x > y, elementwise, bool. As in TF: tf.greater (op type Greater)."""
    return binary(Greater, x, y, name)


def greater_equal(x, y, name=None):
    """x >= y, elementwise, bool. As in TF: tf.greater_equal (op type GreaterEqual)."""
    return binary(GreaterEqual, x, y, name)


def logical_and(x, y, name=None):
    """x and y, elementwise, of bools. As in TF: tf.logical_and (op type LogicalAnd)."""
    return binary(LogicalAnd, x, y, name, dtype=dtypes.bool_)


def logical_or(x, y, name=None):
    """x or y, elementwise, of bools. As in TF: tf.logical_or (op type LogicalOr)."""
    return binary(LogicalOr, x, y, name, dtype=dtypes.bool_)


def logical_not(x, name=None):
    """not x, elementwise, of bools. As in TF: tf.logical_not (op type LogicalNot)."""
    return LogicalNot((_as_bools(x),), name).output


def logical_xor(x, y, name="LogicalXor"):
    """x or y but not both, elementwise, of bools: (x or y) and not (x and y).

    As in TF: tf.logical_xor.
    """
    x, y = _as_bools(x), _as_bools(y)
    return logical_and(logical_or(x, y), logical_not(logical_and(x, y)), name)


def _as_bools(x):
    """A Tensor as it is, so that the operation says what it wants; a value as bools."""
    return x if type(x) is Tensor else as_tensor(x, dtypes.bool_)
