"""Lists that contain tensors are tensors: tf.reshape(x, [n, 3]) packs the tensor n and 3.

Core turns lists of numbers into constants, and leaves the others to this file.
Read next: indexing.py.
"""

from pellucid.core.dtypes import as_dtype
from pellucid.core.operation import create, register_tensor_conversion_function
from pellucid.core.sources import constant, contains_tensor
from pellucid.ops.arguments import as_tensor, name_scope
from pellucid.ops.arrays.joining import Pack


def _pack_list(value, dtype=None, name=None, as_ref=False):
    """A Tensor of a nested list with tensors in it; the other leaves take their dtype."""
    if not contains_tensor(value):
        return NotImplemented
    found = _first_tensor(value).spec.dtype
    if dtype is not None and found is not None and found is not dtype:
        value, found = _cast_leaves(value, dtype), dtype
    return _pack(value, found or dtype, name or "packed")


def _is_tensor(item):
    return not isinstance(item, list | tuple) and contains_tensor([item])


def _first_tensor(value):
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, list | tuple):
            stack.extend(reversed(item))
        elif _is_tensor(item):
            return as_tensor(item)
    return None


def _cast_leaves(value, dtype):
    if isinstance(value, list | tuple):
        return [_cast_leaves(item, dtype) for item in value]
    if not _is_tensor(value):
        return value
    tensor = as_tensor(value)
    return tensor if tensor.spec.dtype in (dtype, None) else create(
        "Cast", [tensor], DstT=as_dtype(dtype)).output


def _pack(value, dtype, name):
    """Pack of a list and of lists inside it, named by position; of numbers, the list."""
    with name_scope(name, None) as scope:
        parts = [_pack(item, dtype, str(i)) if isinstance(item, list | tuple) else item
                 for i, item in enumerate(value)]
        if not any(_is_tensor(part) for part in parts):
            return value
        tensors = [_as_part(part, dtype, str(i)) for i, part in enumerate(parts)]
        return Pack(tensors, scope).output


def _as_part(item, dtype, name):
    if not _is_tensor(item):
        return constant(item, dtype, name=name)
    tensor = as_tensor(item)
    if dtype is not None and tensor.spec.dtype not in (dtype, None):
        raise TypeError(f"Cannot convert a list containing a tensor of dtype "
                        f"{tensor.spec.dtype.name} to {dtype.name} (Tensor is: {tensor!r})")
    return tensor


register_tensor_conversion_function((list, tuple), _pack_list, priority=1001)

