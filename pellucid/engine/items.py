"""What is known of the items of lists in a run: their shape, and whether they are all the same.

What a loop keeps for its gradient goes into lists and comes out of them in the backward loop.
With the shapes of this run known, so are those of the items; and what the loop kept only to know
a shape later is the same in each iteration, a constant, and need not be kept. An item is

    NOTHING                     there is none
    UNSET                       nothing was put in where it is: zeros, of whatever shape
    Item(dtype, shape, value)   what was put in is all so
    None                        unknown

Read next: bodies.py.
"""

from typing import Any, NamedTuple

import numpy as np

from pellucid.core import shapes
from pellucid.core.dtypes import variant
from pellucid.core.shapes import Spec


class Item(NamedTuple):
    """What is known of each item of a list; of one that is a list itself, what is of its items."""

    dtype: Any = None
    shape: tuple | None = None
    value: Any = None
    item: "Item | None" = None


NOTHING, UNSET = Item(), Item()
_SAME = 64                   # elements: larger constants are not compared


def join(a, b):
    """What is known of an item that is one of two."""
    if a is NOTHING or b is NOTHING:
        return b if a is NOTHING else a
    if a is UNSET or b is UNSET:
        return _any(b if a is UNSET else a)
    if a is None or b is None:
        return None
    value = a.value if are_same(a.value, b.value) else None
    return Item(a.dtype, either_shape(a.shape, b.shape), value, join(a.item, b.item))


def either_shape(a, b):
    """The shape of what has one of two shapes."""
    if a is None or b is None or len(a) != len(b):
        return None
    return tuple([p if p == q else None for p, q in zip(a, b, strict=True)])


def equal(a, b):
    """True if the same is known."""
    if a is None or b is None or a.dtype is None or b.dtype is None:
        return a is b
    return a.shape == b.shape and equal(a.item, b.item) and (
        a.value is b.value or are_same(a.value, b.value))


def are_same(a, b):
    """True of two small constants of one dtype that are equal; of None, False."""
    return a is not None and b is not None and a.size <= _SAME and a.dtype == b.dtype and (
        np.array_equal(a, b))


def outputs(lowering, node):
    """The Values of the outputs of a new node that has lists among its inputs or outputs."""
    rule = _RULES.get(node.op.op_type)
    return node.outputs if rule is None else rule(lowering, node)


# -- what each operation says ------------------------------------------------------------------

def _empty(lowering, node):
    node.outputs[0].item = NOTHING
    return node.outputs


def _unset(lowering, node):
    node.outputs[0].item = UNSET
    return node.outputs


def _push(lowering, node):
    items, new = node.inputs
    node.outputs[0].item = join(items.item, _spec(new))
    return node.outputs


def _pop(lowering, node):
    rest, item = node.outputs
    rest.item = node.inputs[0].item
    return [rest, _known(lowering, item, rest.item)]


def _set(lowering, node):
    items, _, new = node.inputs
    node.outputs[0].item = _any(join(items.item, _spec(new)))
    return node.outputs


def _scattered(lowering, node):
    items, tensor, _ = node.inputs
    node.outputs[0].item = _any(join(items.item, _row(tensor)))
    return node.outputs


def _from_tensor(lowering, node):
    node.outputs[0].item = _row(node.inputs[0])
    return node.outputs


def _get(lowering, node):
    return [_known(lowering, node.outputs[0], _any(node.inputs[0].item))]


def _stack(lowering, node):
    item, out = node.inputs[0].item, node.outputs[0]
    if _says_shape(item) and out.shape is not None:
        _refine(out, (out.shape[0], *item.shape))
    return node.outputs


def _resized(lowering, node):
    node.outputs[0].item = join(UNSET, node.inputs[0].item)
    return node.outputs


def _sum(lowering, node):
    found = NOTHING
    for value in node.inputs:
        found = join(found, _any(value.item))
    node.outputs[0].item = found
    return node.outputs


_RULES = {
    "EmptyTensorList": _empty, "TensorListReserve": _unset, "ZerosLike": _unset,
    "FakeParam": _empty, "TensorListPushBack": _push, "TensorListPopBack": _pop,
    "TensorListSetItem": _set, "TensorListScatterIntoExistingList": _scattered,
    "TensorListFromTensor": _from_tensor, "TensorListScatterV2": _from_tensor,
    "TensorListGetItem": _get, "TensorListStack": _stack, "TensorListGather": _stack,
    "TensorListResize": _resized, "AddN": _sum,
}


def _spec(value):
    return Item(value.dtype, value.shape, value.constant, value.item)


def _row(value):
    shape = value.shape
    return Item(value.dtype, shape[1:] if shape else None)


def _any(item):
    """The same without a value."""
    if item is None or (item.value is None and item.item is None):
        return item
    return item._replace(value=None, item=_any(item.item))


def _says_shape(item):
    return item is not None and item.shape is not None


def _known(lowering, value, item):
    """The Value of what is taken from a list of such items."""
    if not _says_shape(item):
        return value
    if item.value is not None:
        return lowering.constant(item.value, item)
    if value.dtype is variant:
        value.item = item.item
        return value
    _refine(value, item.shape)
    return value


def _refine(value, shape):
    try:
        shape = shapes.merge(value.shape, shape)
    except ValueError:                     # the run will say so
        return
    value.spec = Spec(value.dtype, shape)
