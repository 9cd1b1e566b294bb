"""Slices: x[1:3, ..., None, -1] and the operations behind it.

A tensor is indexed as a NumPy array is, by integers, slices, `...` and None; integers and
the ends of slices may be tensors. One operation, StridedSlice, does it all: begin, end and
strides are vectors with an entry for each item between the brackets, and the bits of masks
say what kind of item it is. Read next: tiling.py.
"""

import numpy as np

from pellucid.core import dtypes, errors, shapes
from pellucid.core.arrays import placed
from pellucid.core.gradients import NotDifferentiable, RegisterGradient
from pellucid.core.operation import Operation, convert_to_tensor, create
from pellucid.core.shapes import Spec
from pellucid.core.sources import constant
from pellucid.core.tensor import Tensor
from pellucid.ops.arguments import as_integers, as_tensor, build, name_scope
from pellucid.ops.arrays.joining import stack
from pellucid.ops.arrays.shaping import INDICES, check_indices, entries, shape, vector

newaxis = None

_MASKS = {"begin_mask": 0, "end_mask": 0, "ellipsis_mask": 0, "new_axis_mask": 0,
          "shrink_axis_mask": 0}


# -- the items between the brackets --------------------------------------------------------

class _Items:
    """What StridedSlice's inputs and masks mean for an array of known rank.

    Attributes:
      index: list of what NumPy takes between brackets: slice, int, None or ...
      dims: list of (position, axis): where in begin, end and strides the item stands, and
        which axis of the input it is about; axis is None for a new one, position for one
        that is left as it is.
    """

    def __init__(self, op, begin, end, strides, rank):
        self.index, self.dims, axis = [], [], 0
        new, ellipsis = op.new_axis_mask, op.ellipsis_mask
        if ellipsis & (ellipsis - 1):
            raise ValueError("Multiple ellipses in slice spec not allowed")
        count = len(begin)
        consumed = sum(not (ellipsis | new) >> i & 1 for i in range(count))
        for i in range(count):
            bit = 1 << i
            if ellipsis & bit:
                self.index.append(...)
                free = max(rank - consumed, 0)
                self.dims += [(None, axis + j) for j in range(free)]
                axis += free
            elif new & bit:
                self.index.append(None)
                self.dims.append((i, None))
            else:
                if axis >= rank:
                    raise ValueError(f"Index out of range using input dim {axis}; input "
                                     f"has only {rank} dims")
                self.index.append(_item(op, bit, begin[i], end[i], strides[i], i))
                self.dims.append((i, axis))
                axis += 1
        self.dims += [(None, j) for j in range(axis, rank)]


def _item(op, bit, begin, end, stride, i):
    """An int or slice; parts that are not known are None."""
    if stride == 0:
        raise ValueError(f"strides[{i}] must be non-zero")
    if op.shrink_axis_mask & bit:
        if stride is not None and stride < 0:
            raise ValueError("only stride 1 allowed on non-range indexing.")
        return begin
    return slice(None if op.begin_mask & bit else begin,
                 None if op.end_mask & bit else end, stride)


def _check_bounds(items, given):
    """Raises ValueError where an integer lies outside of its dimension."""
    for position, axis in items.dims:
        item = items.index[position] if position is not None else None
        length = given[axis] if axis is not None else None
        if type(item) is int and length is not None and not -length <= item < length:
            raise ValueError(f"slice index {item} of dimension {axis} out of bounds: it "
                             f"has length {length}.")


class _Sliced(Operation):
    """What StridedSlice and its relatives share: their attributes."""

    attrs = dict(_MASKS)

    def _slice_shape(self, given, begin, end, strides):
        """The shape of input[begin:end:strides], where `given` is that of the input."""
        count = _length(begin, end, strides)
        if strides.value is None or given is None:
            return None
        known = begin.value is not None and end.value is not None
        unknown = [None] * count
        items = _Items(self, begin.value.tolist() if known else unknown,
                       end.value.tolist() if known else unknown,
                       strides.value.tolist(), len(given))
        _check_bounds(items, given)
        result = []
        for position, axis in items.dims:
            if axis is None:
                result.append(1)
            elif position is None:
                result.append(given[axis])
            elif not self.shrink_axis_mask >> position & 1:
                both = (self.begin_mask & self.end_mask) >> position & 1
                length = given[axis] if known or both else None
                item = items.index[position]
                result.append(None if length is None else len(range(*item.indices(length))))
        return tuple(result)

    def items(self, given, begin, end, strides):
        """What NumPy takes between brackets, for an array of shape `given`: a tuple."""
        items = _Items(self, begin.tolist(), end.tolist(), strides.tolist(), len(given))
        _check_bounds(items, given)
        return tuple(items.index)


def _length(begin, end, strides):
    """How many items there are; ValueError unless begin, end and strides agree."""
    count = None
    for label, spec in (("begin", begin), ("end", end), ("strides", strides)):
        check_indices(label, spec, allowed=INDICES | {dtypes.int16})
        length = spec.shape[0] if spec.shape else None
        if None not in (count, length) and count != length:
            raise ValueError("begin, end and strides must have one length, but have "
                             f"{count} and {length}.")
        count = length if count is None else count
    return count


class StridedSlice(_Sliced):
    """input[begin:end:strides], with masks."""

    op_type, folds = "StridedSlice", True
    static_inputs = (1, 2, 3)

    def infer(self, input, begin, end, strides):
        found = self._slice_shape(input.shape, begin, end, strides)
        spec = Spec(input.dtype, found)
        known = entries(input) if input.rank == 1 else None
        if None not in (known, found) and begin.value is not None and end.value is not None:
            self._pass_on(spec, known, begin, end, strides)
        return spec

    def _pass_on(self, spec, known, begin, end, strides):
        """Notes which entries of an integer vector the result is made of."""
        if spec.dtype is None or not spec.dtype.is_integer or len(known) > 64:
            return
        part = np.array(known, object)[
            self.items((len(known),), begin.value, end.value, strides.value)]
        if len(spec.shape) == 1:
            found = vector(spec.dtype, tuple(part))
            spec.value, spec.partial = found.value, found.partial
        elif not spec.shape and part is not None:
            spec.value = np.array(part, spec.dtype._numpy)

    def compute(self, input, begin, end, strides):
        return input[self.items(np.shape(input), begin, end, strides)]


@RegisterGradient("StridedSlice")
def _strided_slice_gradient(op, grad):
    x, begin, end, strides = op.inputs
    sizes = shape(x, out_type=begin.spec.dtype or dtypes.int32)
    return create("StridedSliceGrad", [sizes, begin, end, strides, grad],
                  **_masks_of(op)).output, None, None, None


def _masks_of(op):
    return {name: getattr(op, name) for name in _MASKS}


class StridedSliceGrad(_Sliced):
    """Zeros of a shape, but for the part [begin:end:strides], which is dy."""

    op_type, fresh = "StridedSliceGrad", True
    static_inputs = (0, 1, 2, 3)

    def infer(self, shape, begin, end, strides, dy):
        check_indices("shape", shape)
        _length(begin, end, strides)
        return Spec(dy.dtype, shape.as_shape())

    def compute(self, shape, begin, end, strides, dy):
        shape = tuple(shape.tolist())
        return placed(shape, self.items(shape, begin, end, strides), dy)


@RegisterGradient("StridedSliceGrad")
def _strided_slice_grad_gradient(op, grad):
    _, begin, end, strides, _ = op.inputs
    return None, None, None, None, StridedSlice([grad, begin, end, strides],
                                                **_masks_of(op)).output


class StridedSliceAssign(_Sliced):
    """Points a variable at a new value, of which [begin:end:strides] is another."""

    op_type, ref_inputs, returns_ref = "StridedSliceAssign", (0,), True
    static_inputs = (2, 3, 4)

    def infer(self, ref, begin, end, strides, value):
        part = self._slice_shape(ref.shape, begin, end, strides)
        if part is not None and value.shape is not None:
            shapes.broadcast(part, value.shape)
        return Spec(ref.dtype, ref.shape)

    def compute(self, ref, begin, end, strides, value):
        with ref.lock:
            changed = np.array(ref.value)
            changed[self.items(changed.shape, begin, end, strides)] = value
            ref.value = changed
        return ref


NotDifferentiable("StridedSliceAssign")


def strided_slice(input_, begin, end, strides=None, begin_mask=0, end_mask=0,
                  ellipsis_mask=0, new_axis_mask=0, shrink_axis_mask=0, var=None,
                  name=None):
    """input_[begin[0]:end[0]:strides[0], begin[1]:end[1]:strides[1], ...].

    Args:
      input_: Tensor.
      begin, end, strides: vectors of int32 or int64, of one length; strides default to 1.
      begin_mask, end_mask: where bit i is set, slice i starts or ends at the border.
      ellipsis_mask: where bit i is set, item i stands for as many axes as are left.
      new_axis_mask: where bit i is set, item i is a new axis of 1.
      shrink_axis_mask: where bit i is set, item i is the integer begin[i].
      var: Variable that input_ is the value of, so that the slice can be assigned to.

    As in TF: tf.strided_slice (op type StridedSlice).
    """
    if strides is None:
        strides = create("OnesLike", [as_integers(begin)]).output
    inputs = {"input": input_, "begin": begin, "end": end, "strides": strides}
    op = build(StridedSlice, inputs, name, ints=("begin", "end", "strides"),
               begin_mask=begin_mask, end_mask=end_mask, ellipsis_mask=ellipsis_mask,
               new_axis_mask=new_axis_mask, shrink_axis_mask=shrink_axis_mask)
    if var is not None:
        op.outputs = (_VariableSlice(op, 0, op.outputs[0].spec, var),)
    return op.output


class _VariableSlice(Tensor):
    """A part of a variable: a Tensor that can be assigned to, v[1:3].assign(...)."""

    __slots__ = ("_variable",)

    def __init__(self, op, value_index, spec, variable):
        super().__init__(op, value_index, spec)
        self._variable = variable

    def assign(self, value, name=None):
        """A Tensor that sets this part of the variable when it runs."""
        _, *where = self.op.inputs
        ref = self._variable._ref()
        value = convert_to_tensor(value, self.spec.dtype, name="value")
        return StridedSliceAssign([ref, *where, value], name or self.op.name + "/_assign/",
                                  **_masks_of(self.op)).output


# -- x[...] --------------------------------------------------------------------------------

def index(tensor, key, var=None):
    """tensor[key], where key holds integers (also as tensors), slices, None and ..."""
    if isinstance(key, Tensor | np.ndarray) and _is_mask(key):
        return _boolean_mask(tensor, key)
    key = tuple(key) if isinstance(key, list | tuple) else (key,)
    begin, end, strides = [], [], []
    masks = dict(_MASKS)
    for i, item in enumerate(key):
        bit, start, stop, step = 1 << i, 0, 0, 1
        if isinstance(item, slice):
            if item.start is None:
                masks["begin_mask"] |= bit
            else:
                start = _checked(item.start)
            if item.stop is None:
                masks["end_mask"] |= bit
            else:
                stop = _checked(item.stop)
            if item.step is not None:
                step = _checked(item.step)
        elif item is Ellipsis:
            masks["ellipsis_mask"] |= bit
        elif item is None:
            masks["new_axis_mask"] |= bit
        else:
            start = _checked(item)
            stop = start + 1
            masks["shrink_axis_mask"] |= bit
        begin.append(start)
        end.append(stop)
        strides.append(step)
    with name_scope(None, "strided_slice", (tensor, *begin, *end, *strides)) as scope:
        bounds = _packed(begin, end, strides)
        return strided_slice(tensor, *bounds, **masks, var=var, name=scope)


def _is_mask(key):
    dtype = key.spec.dtype if isinstance(key, Tensor) else key.dtype
    return dtype == np.bool_ if isinstance(key, np.ndarray) else dtype is dtypes.bool_


def _packed(*bounds):
    """begin, end and strides as Tensors of one dtype."""
    if all(type(b) is int for bound in bounds for b in bound):
        wide = any(not -2**31 <= b < 2**31 for bound in bounds for b in bound)
        dtype = np.int64 if wide else np.int32
        names = "stack", "stack_1", "stack_2"
        return [constant(np.array(bound, dtype), name=name)
                for bound, name in zip(bounds, names, strict=True)]
    if not bounds[0]:
        return [constant(np.zeros(0, np.int32)) for _ in bounds]
    tensors = [stack(bound) for bound in bounds]
    if len({t.spec.dtype for t in tensors}) > 1:
        tensors = [t if t.spec.dtype is dtypes.int64 else
                   create("Cast", [t], DstT=dtypes.int64).output for t in tensors]
    return tensors


def _checked(item):
    """An integer or integer scalar tensor. TypeError for other things."""
    if type(item) is int:
        return item
    if isinstance(item, int | np.integer | shapes.Dimension) and type(item) is not bool:
        return item.__index__()
    if isinstance(item, np.ndarray) and item.dtype.kind in "iu" and not item.shape:
        return item.__index__()
    if hasattr(item, "_as_graph_element") or isinstance(item, Operation):
        item = as_tensor(item)
    if isinstance(item, Tensor):
        spec = item.spec
        if spec.dtype in INDICES | {dtypes.int16, None} and (not spec.shape):
            return item
    raise TypeError("Only integers, slices (`:`), ellipsis (`...`), tf.newaxis (`None`) "
                    "and scalar tf.int32/tf.int64 tensors are valid indices, got "
                    f"{item!r}")


def _boolean_mask(tensor, mask):
    from pellucid.ops.arrays.masking import boolean_mask  # which imports this file
    return boolean_mask(tensor, mask)


def index_variable(variable, key):
    """variable[key]: a Tensor that can be assigned to."""
    return index(variable.value(), key, var=variable)


# -- slice ---------------------------------------------------------------------------------

class Slice(Operation):
    """input[begin:begin + size]; a size of -1 is all that is left."""

    op_type, folds = "Slice", True
    static_inputs = (1, 2)

    def infer(self, input, begin, size):
        check_indices("begin", begin)
        check_indices("size", size)
        for d in entries(size) or ():
            if d is not None and d < -1:
                raise ValueError(f"a size must be positive or -1, but is {d}.")
        lengths = [spec.shape and spec.shape[0] for spec in (begin, size)]
        rank = next((n for n in (input.rank, *lengths) if n is not None), None)
        if any(n not in (rank, None) for n in lengths):
            raise ValueError(f"begin and size must each have {rank} entries.")
        if rank is None:
            return Spec(input.dtype, None)
        return Spec(input.dtype, self._shape(input.shape, entries(begin), size, rank))

    def _shape(self, given, begin, size, rank):
        if size.value is None:              # what is known of it, read as a shape
            return size.as_shape() or (None,) * rank
        result = []
        for i, d in enumerate(size.value.tolist()):
            length, start = given and given[i], begin and begin[i]
            if d == -1:
                d = None if length is None or start is None else length - start
                if d is not None and d < 0:
                    raise ValueError(f"begin[{i}] = {start} is beyond dimension {length}.")
            result.append(d)
        return tuple(result)

    def compute(self, input, begin, size):
        return input[_window(np.shape(input), begin.tolist(), size.tolist())]


def _window(given, begin, size):
    """The slices that Slice stands for. InvalidArgumentError beyond the borders."""
    if not len(given) == len(begin) == len(size):
        raise ValueError(f"begin and size must have {len(given)} entries, but have "
                         f"{len(begin)} and {len(size)}")
    slices = []
    for i, (length, start, count) in enumerate(zip(given, begin, size, strict=True)):
        stop = length if count == -1 else start + count
        if not 0 <= start <= length:
            raise _out_of_range("begin", i, f"[0, {length}]", start)
        if not start <= stop <= length:
            raise _out_of_range("size", i, f"[0, {length - start}]", count)
        slices.append(slice(start, stop))
    return tuple(slices)


def _out_of_range(what, i, interval, value):
    return errors.InvalidArgumentError(
        None, None, f"Expected {what}[{i}] in {interval}, but got {value}")


@RegisterGradient("Slice")
def _slice_gradient(op, grad):
    # What was cut away gets zero: pad the gradient, by begin in front, by the rest behind.
    x, begin, _ = op.inputs
    dtype = begin.spec.dtype or dtypes.int32
    rest = shape(x, out_type=dtype) - shape(op.output, out_type=dtype) - begin
    return create("Pad", [grad, stack([begin, rest], axis=1)]).output, None, None


def slice_(input_, begin, size, name=None):
    """The part of a tensor that starts at `begin` and has shape `size`.

    Args:
      input_: Tensor of rank n.
      begin: vector of n int32 or int64.
      size: vector of n; -1 means all that is left of the dimension.

    Raises InvalidArgumentError in the run if the part reaches beyond the tensor.

    As in TF: tf.slice (op type Slice).
    """
    return build(Slice, {"input": input_, "begin": begin, "size": size}, name,
                 ints=("begin", "size"), alike=("begin", "size")).output


slice_.__name__ = "slice"
