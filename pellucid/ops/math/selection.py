"""Selection: choosing elements by a tensor of bool. Read next: casting.py."""

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.arrays import array_namespace
from pellucid.core.gradients import RegisterGradient
from pellucid.core.operation import Operation, convert_to_tensor, create
from pellucid.core.shapes import Spec, broadcast, merge, show
from pellucid.core.tensor import Tensor
from pellucid.ops.arguments import (
    as_tensor,
    check_allowed,
    convert_pair,
    name_scope,
    same_dtype,
)
from pellucid.ops.arrays.creation import ZerosLike
from pellucid.ops.broadcasting import unbroadcast

_BOOL = frozenset((dtypes.bool_,))


class Select(Operation):
    """x where the condition holds, else y. A vector as condition chooses whole rows."""

    op_type, fresh, folds = "Select", True, True

    def infer(self, condition, x, y):
        check_allowed("condition", condition.dtype, _BOOL)
        dtype, shape = same_dtype(x, y), merge(x.shape, y.shape)
        chosen = condition.shape
        if chosen and shape is not None:
            if len(chosen) > 1:
                shape = merge(shape, chosen)
            else:
                merge(shape[:1], chosen)            # a check: TensorFlow keeps the shape
        return Spec(dtype, shape)

    def compute(self, condition, x, y):
        shape = np.shape(x)
        if np.shape(condition) not in ((), shape):
            if np.shape(condition) != shape[:1]:
                raise errors.InvalidArgumentError(
                    None, None, f"the condition has shape {show(np.shape(condition))}; it "
                    f"must have x's, {show(shape)}, or be a vector of x's first dimension")
            condition = condition.reshape(shape[:1] + (1,) * (len(shape) - 1))
        if np.shape(y) != shape:
            raise errors.InvalidArgumentError(
                None, None, f"x and y must have the same shape, not {show(shape)} and "
                f"{show(np.shape(y))}")
        return array_namespace(condition, x, y).where(condition, x, y)


@RegisterGradient("Select")
def _select_gradient(op, grad):
    condition = op.inputs[0]
    zeros = ZerosLike((grad,)).output
    return (None, lambda: where(condition, grad, zeros),
            lambda: where(condition, zeros, grad))


class SelectV2(Operation):
    """x where the condition holds, else y; all three are broadcast."""

    op_type, fresh, folds = "SelectV2", True, True

    def infer(self, condition, x, y):
        check_allowed("condition", condition.dtype, _BOOL)
        shape = broadcast(x.shape, y.shape)
        return Spec(same_dtype(x, y), broadcast(condition.shape, shape))

    def compute(self, condition, x, y):
        return array_namespace(condition, x, y).where(condition, x, y)


@RegisterGradient("SelectV2")
def _select_v2_gradient(op, grad):
    condition, x, y = op.inputs
    zeros = ZerosLike((grad,)).output
    return (None, lambda: unbroadcast(where_v2(condition, grad, zeros), x, grad),
            lambda: unbroadcast(where_v2(condition, zeros, grad), y, grad))


def where(condition, x=None, y=None, name=None):
    """x where condition holds, else y; with one argument, the indices where it holds.

    Args:
      condition: Tensor of bool.
      x: Tensor, of condition's shape; or of any higher rank if condition is a vector (then
        it chooses whole rows), or of any shape if it is a scalar.
      y: Tensor of x's dtype and shape. Nothing is broadcast.

    Returns:
      Tensor of x's dtype and shape; without x and y, int64 of shape (number of True, rank).

    As in TF: tf.where (op types Select, Where).
    """
    if (x is None) != (y is None):
        raise ValueError("x and y must both be non-None or both be None.")
    if x is None:
        with name_scope(name, "Where", (condition,)) as scope:
            condition = convert_to_tensor(
                condition, preferred_dtype=dtypes.bool_, name="condition")
            return create("Where", [condition], name=scope).output       # gathering.py
    return _select(Select, condition, x, y, name)


def where_v2(condition, x=None, y=None, name=None):
    """x where condition holds, else y, all broadcast against each other.

    As in TF: tf.where_v2, TensorFlow 2's tf.where (op types SelectV2, Where).
    """
    if x is None or y is None:
        return where(condition, x, y, name)
    return _select(SelectV2, condition, x, y, name)


def _select(op_class, condition, x, y, name):
    if type(condition) is type(x) is type(y) is Tensor:
        return op_class((condition, x, y), name).output
    with name_scope(name, op_class.op_type, (condition, x, y)) as scope:
        condition = as_tensor(condition, dtypes.bool_, "condition")
        x, y = convert_pair(x, y)
        return op_class((condition, x, y), scope).output
