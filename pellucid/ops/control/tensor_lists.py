"""The operations on lists of tensors: what TensorArray and the gradients of loops are made of.

A handle is a tensor of type variant whose value is a TensorList. Each operation returns another
list, so the gradient of appending is taking away, and all of it differentiates again.
Read next: tensor_array.py.
"""

import numpy as np

from pellucid.core import dtypes, errors, shapes
from pellucid.core.gradients import NotDifferentiable, RegisterGradient
from pellucid.core.operation import Operation, create
from pellucid.core.shapes import Spec
from pellucid.core.sources import constant
from pellucid.ops.control.lists import TensorList

HANDLE = Spec(dtypes.variant, ())


# -- shapes as inputs ----------------------------------------------------------------------

def shape_tensor(shape):
    """A static shape as the input element_shape: -1 for what is unknown."""
    value = -1 if shape is None else [-1 if d is None else d for d in shape]
    return constant(np.array(value, np.int32), name="element_shape")


def shape_of(tensor):
    """The shape of a tensor as an input: static where it is known."""
    if shapes.is_complete(tensor.spec.shape):
        return shape_tensor(tensor.spec.shape)
    return create("Shape", [tensor]).output


def zeros_of(tensor):
    """Zeros of a tensor's shape, which do not keep the tensor itself."""
    dtype = tensor.spec.dtype
    if dtype is dtypes.variant:
        return create("ZerosLike", [tensor]).output
    zero = constant(np.zeros((), dtype._numpy))
    return create("Fill", [shape_of(tensor), zero], name="zeros").output


def _static(element_shape):
    """The static shape that the input element_shape says."""
    if element_shape.value is not None and element_shape.value.ndim == 0:
        return None
    return element_shape.as_shape()


def _rows(count, shape):
    return None if shape is None else (count, *shape)


# -- making lists --------------------------------------------------------------------------

class EmptyTensorList(Operation):
    """A list of no items."""

    op_type, attrs = "EmptyTensorList", {"element_dtype": None}
    static_inputs = (0, 1)

    def infer(self, element_shape, max_num_elements):
        return HANDLE

    def compute(self, element_shape, max_num_elements):
        return TensorList()


class TensorListReserve(Operation):
    """A list of `num_elements` items that are not set; clears: of which each is read once."""

    op_type, attrs = "TensorListReserve", {"element_dtype": None, "clears": False}
    static_inputs = (0, 1)

    def infer(self, element_shape, num_elements):
        return HANDLE

    def compute(self, element_shape, num_elements):
        if num_elements < 0:
            raise errors.InvalidArgumentError(
                None, None, f"The num_elements to reserve must be a non negative number, but got "
                f"{num_elements}")
        return TensorList(int(num_elements), taken=set() if self.clears else None)


class TensorListFromTensor(Operation):
    """The rows of a tensor as a list; clears: see TensorListReserve."""

    op_type, attrs = "TensorListFromTensor", {"clears": False}
    static_inputs = (1,)

    def infer(self, tensor, element_shape):
        return HANDLE

    def compute(self, tensor, element_shape):
        return TensorList.of(list(tensor), set() if self.clears else None)


@RegisterGradient("TensorListFromTensor")
def _from_tensor_gradient(op, grad):
    tensor = op.inputs[0]
    shape = tensor.spec.shape
    rows = -1 if not shape or shape[0] is None else shape[0]
    return [stack(grad, tensor.spec.dtype, _row_shape(tensor), rows), None]


def _row_shape(tensor):
    """The shape of a tensor's rows as an input."""
    shape = tensor.spec.shape
    if shape is not None and shapes.is_complete(shape[1:]):
        return shape_tensor(shape[1:])
    return create("Shape", [tensor]).output[1:]


for _type in ("EmptyTensorList", "TensorListReserve"):
    NotDifferentiable(_type)


# -- the end of a list ---------------------------------------------------------------------

class TensorListPushBack(Operation):
    """The list with one item more."""

    op_type, attrs = "TensorListPushBack", {"element_dtype": None}

    def infer(self, input_handle, tensor):
        return HANDLE

    def compute(self, input_handle, tensor):
        return input_handle.push(tensor)


class TensorListPopBack(Operation):
    """(The list without its last item, that item.)"""

    op_type, attrs = "TensorListPopBack", {"element_dtype": None}
    static_inputs = (1,)

    def infer(self, input_handle, element_shape):
        return HANDLE, Spec(self.element_dtype, _static(element_shape))

    def compute(self, input_handle, element_shape):
        rest, item = input_handle.pop()
        if item is None:
            item = input_handle.zeros(element_shape, self.element_dtype)
        return rest, item


@RegisterGradient("TensorListPushBack")
def _push_back_gradient(op, grad):
    return pop(grad, op.inputs[1].spec.dtype, shape_of(op.inputs[1]))


@RegisterGradient("TensorListPopBack")
def _pop_back_gradient(op, list_grad, item_grad):
    return [push(list_grad, item_grad), None]


class TensorListLength(Operation):
    """The number of items."""

    op_type = "TensorListLength"

    def infer(self, input_handle):
        return Spec(dtypes.int32, ())

    def compute(self, input_handle):
        count = input_handle.length
        return np.int32(count) if isinstance(count, int) else count


class TensorListResize(Operation):
    """The list cut off, or with unset items at its end."""

    op_type, static_inputs = "TensorListResize", (1,)

    def infer(self, input_handle, size):
        return HANDLE

    def compute(self, input_handle, size):
        return input_handle.resized(int(size))


@RegisterGradient("TensorListResize")
def _resize_gradient(op, grad):
    return [TensorListResize([grad, length(op.inputs[0])]).output, None]


class TensorListElementShape(Operation):
    """The shape of the items, as far as it is known: that of one that is set, else -1."""

    op_type, attrs = "TensorListElementShape", {"shape_type": dtypes.int32}

    def infer(self, input_handle):
        return Spec(self.shape_type, None)

    def compute(self, input_handle):
        return np.array(input_handle.item_shape(), self.shape_type._numpy)


NotDifferentiable("TensorListElementShape")
NotDifferentiable("TensorListLength")


# -- one item ------------------------------------------------------------------------------

class TensorListGetItem(Operation):
    """The item at a position."""

    op_type, attrs = "TensorListGetItem", {"element_dtype": None}
    static_inputs = (2,)

    def infer(self, input_handle, index, element_shape):
        return Spec(self.element_dtype, _static(element_shape))

    def compute(self, input_handle, index, element_shape):
        return input_handle.read(index, element_shape, self.element_dtype)


class TensorListSetItem(Operation):
    """The list with another item at a position; once: which was not set before."""

    op_type = "TensorListSetItem"
    attrs = {"element_dtype": None, "resize_if_index_out_of_bounds": False, "once": False}

    def infer(self, input_handle, index, item):
        return HANDLE

    def compute(self, input_handle, index, item):
        return input_handle.write(index, item, self.resize_if_index_out_of_bounds, self.once)


@RegisterGradient("TensorListGetItem")
def _get_item_gradient(op, grad):
    items, index = op.inputs[:2]
    nothing = TensorListReserve([shape_of(grad), length(items)],
                                element_dtype=grad.spec.dtype).output
    return [TensorListSetItem([nothing, index, grad],
                              element_dtype=grad.spec.dtype).output, None, None]


@RegisterGradient("TensorListSetItem")
def _set_item_gradient(op, grad):
    items, index, item = op.inputs
    dtype = item.spec.dtype
    rest = TensorListSetItem([grad, index, zeros_of(item)], element_dtype=dtype).output
    if op.resize_if_index_out_of_bounds:
        rest = TensorListResize([rest, length(items)]).output
    return [rest, None, get(grad, index, dtype, shape_of(item))]


# -- many items ----------------------------------------------------------------------------

class TensorListStack(Operation):
    """The items as the rows of one tensor."""

    op_type, attrs = "TensorListStack", {"element_dtype": None, "num_elements": -1}
    static_inputs = (1,)

    def infer(self, input_handle, element_shape):
        count = None if self.num_elements < 0 else self.num_elements
        return Spec(self.element_dtype, _rows(count, _static(element_shape)))

    def compute(self, input_handle, element_shape):
        return input_handle.stack(element_shape, self.element_dtype)


class TensorListGather(Operation):
    """The items at some positions as the rows of one tensor."""

    op_type, attrs = "TensorListGather", {"element_dtype": None}
    static_inputs = (2,)

    def infer(self, input_handle, indices, element_shape):
        count = indices.shape[0] if indices.rank else None
        return Spec(self.element_dtype, _rows(count, _static(element_shape)))

    def compute(self, input_handle, indices, element_shape):
        return input_handle.stack(element_shape, self.element_dtype, indices)


class TensorListScatterV2(Operation):
    """A list of `num_elements` items, of which `indices` names those that are rows of tensor.

    -1 for num_elements: as many as indices ask for. adds: rows that go to one place are added.
    """

    op_type, attrs = "TensorListScatterV2", {"element_dtype": None, "adds": False}
    static_inputs = (2, 3)

    def infer(self, tensor, indices, element_shape, num_elements):
        return HANDLE

    def compute(self, tensor, indices, element_shape, num_elements):
        count = int(num_elements) if num_elements >= 0 else int(max(indices, default=-1)) + 1
        return TensorList(count).scatter(tensor, indices, adds=self.adds)


class TensorListScatterIntoExistingList(Operation):
    """The list with the rows of a tensor at some positions."""

    op_type = "TensorListScatterIntoExistingList"
    attrs = {"element_dtype": None, "resizes": False, "once": False}

    def infer(self, input_handle, tensor, indices):
        return HANDLE

    def compute(self, input_handle, tensor, indices):
        return input_handle.scatter(tensor, indices, self.resizes, self.once)


@RegisterGradient("TensorListStack")
def _stack_gradient(op, grad):
    return [TensorListFromTensor([grad, shape_tensor(None)]).output, None]


@RegisterGradient("TensorListGather")
def _gather_gradient(op, grad):
    items, indices = op.inputs[:2]
    return [TensorListScatterV2([grad, indices, shape_tensor(None), length(items)],
                                element_dtype=grad.spec.dtype, adds=True).output, None, None]


@RegisterGradient("TensorListScatterV2")
def _scatter_gradient(op, grad):
    tensor, indices = op.inputs[:2]
    return [TensorListGather([grad, indices, _row_shape(tensor)],
                             element_dtype=tensor.spec.dtype).output, None, None, None]


@RegisterGradient("TensorListScatterIntoExistingList")
def _scatter_into_gradient(op, grad):
    items, tensor, indices = op.inputs
    dtype = tensor.spec.dtype
    rest = TensorListScatterIntoExistingList([grad, zeros_of(tensor), indices],
                                             element_dtype=dtype).output
    if op.resizes:
        rest = TensorListResize([rest, length(items)]).output
    rows = TensorListGather([grad, indices, _row_shape(tensor)], element_dtype=dtype).output
    return [rest, rows, None]


# -- items of different lengths ------------------------------------------------------------

class TensorListConcatV2(Operation):
    """(The items joined along their first axis, their lengths.)"""

    op_type, attrs = "TensorListConcatV2", {"element_dtype": None}
    static_inputs = (1, 2)

    def infer(self, input_handle, element_shape, leading_dims):
        shape = _static(element_shape)
        joined = None if shape is None else (None, *shape[1:])
        return Spec(self.element_dtype, joined), Spec(dtypes.int64, (None,))

    def compute(self, input_handle, element_shape, leading_dims):
        return input_handle.concat(element_shape, leading_dims, self.element_dtype)


class TensorListSplit(Operation):
    """The parts of a tensor, of these lengths along its first axis; clears: as above."""

    op_type, attrs = "TensorListSplit", {"element_dtype": None, "clears": False}
    static_inputs = (1, 2)

    def infer(self, tensor, element_shape, lengths):
        return HANDLE

    def compute(self, tensor, element_shape, lengths):
        if np.sum(lengths) != len(tensor):
            raise errors.InvalidArgumentError(
                None, None, f"Expected sum of lengths to be equal to values.shape[0], but sum of "
                f"lengths is {np.sum(lengths)} and value's shape is: {list(np.shape(tensor))}")
        ends = np.cumsum(lengths).tolist()
        parts = [tensor[end - n:end] for end, n in zip(ends, lengths.tolist(), strict=True)]
        return TensorList.of(parts, set() if self.clears else None)


@RegisterGradient("TensorListConcatV2")
def _concat_gradient(op, grad, _):
    return [TensorListSplit([grad, shape_tensor(None), op.outputs[1]],
                            element_dtype=grad.spec.dtype).output, None, None]


@RegisterGradient("TensorListSplit")
def _split_gradient(op, grad):
    tensor, _, lengths = op.inputs
    shape = tensor.spec.shape
    shape = None if shape is None else (None, *shape[1:])
    return [concat(grad, tensor.spec.dtype, shape, lengths), None, None]


# -- shorter ways to build them ------------------------------------------------------------

def empty(dtype, shape):
    """A list of no items, which will have this dtype and static shape."""
    limit = constant(np.int32(-1), name="max_num_elements")
    return EmptyTensorList([shape_tensor(shape), limit], element_dtype=dtype).output


def push(items, tensor):
    """The list with one item more."""
    return TensorListPushBack([items, tensor], element_dtype=tensor.spec.dtype).output


def pop(items, dtype, element_shape):
    """[the list without its last item, that item]"""
    return list(TensorListPopBack([items, element_shape], element_dtype=dtype).outputs)


def length(items):
    """The number of items."""
    return TensorListLength([items]).output


def get(items, index, dtype, element_shape):
    """The item at a position."""
    return TensorListGetItem([items, index, element_shape], element_dtype=dtype).output


def stack(items, dtype, element_shape, count=-1):
    """The items as the rows of one tensor."""
    return TensorListStack([items, element_shape], element_dtype=dtype,
                           num_elements=count).output


def concat(items, dtype, shape, leading_dims=None):
    """The items, of this static shape, joined along their first axis."""
    if leading_dims is None:
        leading_dims = constant(np.zeros(0, np.int64), name="leading_dims")
    return TensorListConcatV2([items, shape_tensor(shape), leading_dims],
                              element_dtype=dtype).outputs[0]
