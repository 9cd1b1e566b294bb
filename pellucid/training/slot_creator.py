"""Slots: the variables that an optimizer or an average keeps beside another variable.

The slot "Adam" of the variable "dense/kernel" is a variable named "dense/kernel/Adam".
"""

from pellucid.core.shapes import as_shape
from pellucid.core.sources import constant
from pellucid.core.variable import Variable
from pellucid.ops.state.initializers import zeros_initializer
from pellucid.ops.state.partitioned_variables import SaveSliceInfo
from pellucid.ops.state.variable_scope import get_variable, get_variable_scope, variable_scope


def create_slot(primary, val, name, colocate_with_primary=True):
    """A variable named "<primary>/<name>" that starts as the Tensor `val`.

    Args:
      primary: Variable or Tensor.
      val: Tensor.
      name: str; where the name is taken, _1, _2, ... is appended.
    """
    return _create(primary, val, None, None, name, val.shape.is_fully_defined())


def create_slot_with_initializer(primary, initializer, shape, dtype, name,
                                 colocate_with_primary=True):
    """A variable named "<primary>/<name>" that starts as initializer(shape, dtype)."""
    shape = as_shape(shape)
    return _create(primary, initializer, shape, dtype, name, shape.is_fully_defined())


def create_zeros_slot(primary, name, dtype=None, colocate_with_primary=True):
    """A variable named "<primary>/<name>", of primary's shape, that starts as zeros."""
    dtype = primary.dtype.base_dtype if dtype is None else dtype
    if primary.shape.is_fully_defined():
        return create_slot_with_initializer(primary, zeros_initializer(), primary.shape,
                                            dtype, name)
    from pellucid.ops.arrays.creation import zeros
    from pellucid.ops.arrays.shaping import shape
    value = primary.initialized_value() if isinstance(primary, Variable) else primary
    return create_slot(primary, zeros(shape(value), dtype), name)


def filled_like(primary, value):
    """A Tensor full of `value`, of the shape and dtype of a Variable."""
    if primary.shape.is_fully_defined():
        return constant(value, primary.dtype.base_dtype, primary.shape)
    return primary.initialized_value() * 0 + value


def _create(primary, value, shape, dtype, name, validate_shape):
    with variable_scope(None, f"{primary.op.name}/{name}"):
        scope = get_variable_scope()
        scope.set_partitioner(None)                # a slot is as whole as its variable
        slot = get_variable("", shape, dtype, value, trainable=False,
                            validate_shape=validate_shape)
    part = getattr(primary, "_save_slice_info", None)
    if part is not None and slot.shape.as_list() == part.var_shape:
        own = slot.op.name[len(primary.op.name):]  # the slot of a part is a part of the slot
        slot._save_slice_info = SaveSliceInfo(
            part.full_name + own, part.full_shape, part.var_offset, part.var_shape)
    return slot
