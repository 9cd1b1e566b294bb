"""TensorArray: a list of tensors that a loop writes and reads, one after the other.

    array = tf.TensorArray(tf.float32, size=10)
    _, array = tf.while_loop(lambda i, _: i < 10,
                             lambda i, a: (i + 1, a.write(i, x * tf.to_float(i))), [0, array])
    array.stack()

Each write gives another TensorArray; its value is a list of tensors (lists.py), so writing takes
the same time however long the array is. Read next: mapping.py.
"""

import numpy as np

from pellucid.core import dtypes, shapes
from pellucid.core.dtypes import as_dtype
from pellucid.core.operation import convert_to_tensor
from pellucid.ops.arguments import name_scope
from pellucid.ops.control.passing import identity
from pellucid.ops.control.tensor_lists import (
    TensorListConcatV2,
    TensorListGather,
    TensorListGetItem,
    TensorListLength,
    TensorListReserve,
    TensorListScatterIntoExistingList,
    TensorListSetItem,
    TensorListSplit,
    TensorListStack,
    shape_tensor,
)


class TensorArray:
    """A list of tensors of one dtype, each of which is written once.

    Args:
      dtype: DType of the elements.
      size: int or scalar int32 Tensor, how many there are.
      dynamic_size: bool, whether writing beyond the end makes it longer.
      clear_after_read: bool, whether an element is gone once it was read; True by default.
      tensor_array_name: str, the name where `name` is left out.
      handle, flow: a TensorArray's own tensor, to go on with it; handle is for TensorFlow's
        signature.
      infer_shape: bool, whether all elements have one shape, that of the first known.
      element_shape: the shape of the elements, as far as it is known.
      colocate_with_first_write_call: a hint.
      name: str.

    An element that was never written reads as zeros, where its shape is known. Gradients pass
    through. As in TF: tf.TensorArray (op types TensorListReserve, TensorListSetItem, ...).
    """

    def __init__(self, dtype, size=None, dynamic_size=None, clear_after_read=None,
                 tensor_array_name=None, handle=None, flow=None, infer_shape=True,
                 element_shape=None, colocate_with_first_write_call=True, name=None):
        if handle is not None:
            raise ValueError("TensorArray(handle=...): pass flow=array.flow to go on with an "
                             "array; there are no handles.")
        if size is not None and flow is not None:
            raise ValueError("Cannot provide both a flow and size arguments at the same time")
        if size is None and flow is None:
            raise ValueError("Size must be provided if flow is not provided")
        self._dtype = as_dtype(dtype).base_dtype
        self._dynamic = bool(dynamic_size)
        self._clears = True if clear_after_read is None else bool(clear_after_read)
        self._infers = infer_shape or element_shape is not None
        # The arrays that come of each other share what is known: a list of one shape, or none.
        self._known = [] if element_shape is None else [shapes.as_tuple(element_shape)]
        self._count = -1                     # how many there are, where that is known
        self._size = None if self._dynamic else size
        if flow is not None:
            self._flow = convert_to_tensor(flow)
            return
        with name_scope(name or tensor_array_name, "TensorArray", [size]) as scope:
            size = convert_to_tensor(size, dtypes.int32, name="size")
            if size.spec.value is not None and not self._dynamic:
                self._count = int(size.spec.value)
            self._flow = TensorListReserve(
                [shape_tensor(self._shape), size],
                name=scope, element_dtype=self._dtype, clears=self._clears).output

    # -- what it is ------------------------------------------------------------------------

    @property
    def dtype(self):
        """The DType of the elements."""
        return self._dtype

    @property
    def dynamic_size(self):
        """True if writing beyond the end makes it longer."""
        return self._dynamic

    @property
    def element_shape(self):
        """The TensorShape of the elements, as far as it is known."""
        return shapes.TensorShape(self._shape)

    @property
    def flow(self):
        """The Tensor whose value is the list."""
        return self._flow

    @property
    def handle(self):
        """None: all there is is the flow."""
        return None

    @property
    def _shape(self):
        return self._known[0] if self._known else None

    def _composite_parts(self):
        """([its tensor], function from such a tensor to a TensorArray), for loops."""
        return [self._flow], self._with

    def _with(self, flow):
        """The array after something was done to it."""
        other = object.__new__(TensorArray)
        other.__dict__.update(self.__dict__, _flow=flow)
        return other

    def _learn(self, shape):
        """Takes note of the shape of an element. ValueError if others have another."""
        if not self._infers or shape is None:
            return
        if not shapes.compatible(self._shape, shape):
            raise ValueError(f"Inconsistent shapes: saw {shapes.show(shape)} but expected "
                             f"{shapes.show(self._shape)} (and infer_shape=True)")
        self._known[:] = [shapes.merge(self._shape, shape)]

    def _check_type(self, value):
        if value.spec.dtype not in (self._dtype, None):
            raise ValueError(f"TensorArray dtype is {self._dtype.name} but the value has dtype "
                             f"{value.spec.dtype.name}: {value!r}")

    # -- reading ---------------------------------------------------------------------------

    def size(self, name=None):
        """The number of elements, a scalar int32 Tensor."""
        if self._size is not None:
            return convert_to_tensor(self._size, dtypes.int32)
        return TensorListLength([self._flow], name=name or "TensorArraySizeV3").output

    def read(self, index, name=None):
        """The element at `index`. InvalidArgumentError in the run if it was read before."""
        with name_scope(name, "TensorArrayReadV3", [index]) as scope:
            index = convert_to_tensor(index, dtypes.int32, name="index")
            return TensorListGetItem([self._flow, index, shape_tensor(self._shape)], name=scope,
                                     element_dtype=self._dtype).output

    def stack(self, name=None):
        """All elements, as the rows of one Tensor."""
        with name_scope(name, "TensorArrayStack", [self._flow]):
            return TensorListStack([self._flow, shape_tensor(self._shape)],
                                   name="TensorArrayGatherV3", element_dtype=self._dtype,
                                   num_elements=self._count).output

    def gather(self, indices, name=None):
        """The elements at `indices`, as the rows of one Tensor."""
        with name_scope(name, "TensorArrayGatherV3", [indices]) as scope:
            indices = convert_to_tensor(indices, dtypes.int32, name="indices")
            return TensorListGather([self._flow, indices, shape_tensor(self._shape)], name=scope,
                                    element_dtype=self._dtype).output

    def concat(self, name=None):
        """All elements joined along their first axis, in which they may differ."""
        with name_scope(name, "TensorArrayConcatV3", [self._flow]) as scope:
            shape = self._shape and (None, *self._shape[1:])
            none = convert_to_tensor(np.zeros(0, np.int64), name="leading_dims")
            return TensorListConcatV2([self._flow, shape_tensor(shape), none], name=scope,
                                      element_dtype=self._dtype).outputs[0]

    # -- writing ---------------------------------------------------------------------------

    def write(self, index, value, name=None):
        """The array with an element set. InvalidArgumentError in the run if it was before."""
        with name_scope(name, "TensorArrayWrite", [index, value]):
            index = convert_to_tensor(index, dtypes.int32, name="index")
            value = convert_to_tensor(value, preferred_dtype=self._dtype, name="value")
            self._check_type(value)
            self._learn(value.spec.shape)
            return self._with(TensorListSetItem(
                [self._flow, index, value], name="TensorArrayWriteV3", element_dtype=self._dtype,
                resize_if_index_out_of_bounds=self._dynamic, once=True).output)

    def unstack(self, value, name=None):
        """The array with the rows of a Tensor as its elements."""
        with name_scope(name, "TensorArrayUnstack", [value]):
            from pellucid.ops.arrays.creation import range_
            from pellucid.ops.arrays.shaping import shape_op
            value = convert_to_tensor(value, preferred_dtype=self._dtype, name="value")
            return self._scatter(range_(shape_op(value)[0]), value)

    def scatter(self, indices, value, name=None):
        """The array with the rows of a Tensor as the elements at `indices`."""
        with name_scope(name, "TensorArrayScatter", [indices, value]):
            value = convert_to_tensor(value, preferred_dtype=self._dtype, name="value")
            return self._scatter(convert_to_tensor(indices, dtypes.int32, name="indices"), value)

    def _scatter(self, indices, value):
        self._check_type(value)
        if value.spec.rank == 0:
            raise ValueError(f"a TensorArray is filled from rows, but {value!r} is a scalar.")
        self._learn(value.spec.shape and value.spec.shape[1:])
        return self._with(TensorListScatterIntoExistingList(
            [self._flow, value, indices], name="TensorArrayScatterV3", element_dtype=self._dtype,
            resizes=self._dynamic, once=True).output)

    def split(self, value, lengths, name=None):
        """The array with parts of a Tensor, of these lengths along its first axis."""
        with name_scope(name, "TensorArraySplit", [value, lengths]):
            value = convert_to_tensor(value, self._dtype, name="value")
            lengths = convert_to_tensor(lengths, dtypes.int64, name="lengths")
            self._check_type(value)
            shape = value.spec.shape
            known = lengths.spec.value
            if shape and known is not None and len(set(known.tolist())) == 1:
                self._learn((int(known[0]), *shape[1:]))
            return self._with(TensorListSplit(
                [value, shape_tensor(shape and (None, *shape[1:])), lengths],
                name="TensorArraySplitV3", element_dtype=self._dtype,
                clears=self._clears).output)

    # -- the rest --------------------------------------------------------------------------

    def identity(self):
        """The same array, available after the enclosing control dependencies."""
        return self._with(identity(self._flow))

    def close(self, name=None):
        """An operation that does nothing: a run's values end with it."""
        from pellucid.ops.control.waiting import no_op
        return no_op(name=name)

    def grad(self, source, flow=None, name=None):
        """Not supported: gradients pass through TensorArrays by themselves."""
        raise NotImplementedError("TensorArray.grad: differentiate with tf.gradients; it passes "
                                  "through TensorArrays by itself.")

    def __repr__(self):
        return f"<tf.TensorArray {self._flow.name!r} of {self._dtype.name}>"
