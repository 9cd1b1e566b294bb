"""Tensors made of nothing but a shape: fill, zeros, ones, range, linspace.

Read next: gathering.py.
"""

import math

import numpy as np

from pellucid.core import dtypes, shapes
from pellucid.core.arrays import array_namespace
from pellucid.core.gradients import NotDifferentiable, RegisterGradient
from pellucid.core.operation import Operation, convert_to_tensor, create
from pellucid.core.shapes import Spec, is_complete
from pellucid.core.sources import constant, contains_tensor
from pellucid.core.tensor import Tensor
from pellucid.ops.arguments import (
    as_integers,
    as_tensor,
    build,
    check_allowed,
    name_scope,
    same_dtype,
)
from pellucid.ops.arrays.shaping import check_indices, entries, reshape, shape_op

KEPT = 1000         # elements: a smaller known tensor is a constant in the graph


# -- fill ----------------------------------------------------------------------------------

class Fill(Operation):
    """A tensor of shape dims, each element of which is value."""

    op_type, folds, fresh = "Fill", True, True
    static_inputs = (0,)

    def infer(self, dims, value):
        check_indices("dims", dims)
        if value.shape:
            raise ValueError(f"value must be a scalar, but is {shapes.show(value.shape)}.")
        if min((d for d in entries(dims) or () if d is not None), default=0) < 0:
            raise ValueError("Fill dimensions must be >= 0")
        return Spec(value.dtype, dims.as_shape())

    def compute(self, dims, value):
        dtype = getattr(value, "dtype", object)                # a string may be bytes
        return array_namespace(value).full(tuple(dims.tolist()), value, dtype)


@RegisterGradient("Fill")
def _fill_gradient(op, grad):
    return None, create("Sum", [grad, create("Range", [
        0, create("Rank", [grad]).output, 1]).output]).output


def fill(dims, value, name=None):
    """A tensor of shape dims, each element of which is value.

    Args:
      dims: vector of int32 or int64.
      value: scalar.

    As in TF: tf.fill (op type Fill).
    """
    return build(Fill, {"dims": dims, "value": value}, name, ints=("dims",)).output


def zeros(shape, dtype=dtypes.float32, name=None):
    """A tensor of zeros; False or "" for bool and string.

    Args:
      shape: list of int, TensorShape or vector of int32 or int64.
      dtype: DType.

    As in TF: tf.zeros (op type Const where the shape is known and small, otherwise Fill).
    """
    return _full(shape, 0, dtypes.as_dtype(dtype).base_dtype, name, "zeros")


def ones(shape, dtype=dtypes.float32, name=None):
    """A tensor of ones; True for bool.

    Args:
      shape: list of int, TensorShape or vector of int32 or int64.
      dtype: DType.

    As in TF: tf.ones (op type Const where the shape is known and small, otherwise Fill).
    """
    return _full(shape, 1, dtypes.as_dtype(dtype).base_dtype, name, "ones")


def _full(shape, number, dtype, name, default):
    with name_scope(name, default, (shape,)) as scope:
        known = _known_shape(shape)
        if known is not None and (shapes.size(known) or 0) < KEPT:
            return constant(_full_array(known, number, dtype), name=scope)
        if known is not None:
            shape = constant(np.array(known, np.int32), name="shape_as_tensor")
        elif not isinstance(shape, Tensor):
            shape = _as_dims(shape)
        if shape.spec.shape in (None, ()):
            shape = reshape(shape, [-1])
        value = constant(_full_array((), number, dtype), name="Const")
        return fill(shape, value, name=scope)


def _as_dims(shape):
    if isinstance(shape, int | np.integer | shapes.Dimension):
        return constant(np.array([int(shape)], np.int32), name="shape_as_tensor")
    return convert_to_tensor(shape, dtypes.int32)


def _known_shape(shape):
    """A list, array or TensorShape as a tuple; None for a tensor or a bare number."""
    if isinstance(shape, shapes.TensorShape):
        return tuple(shape.as_list()) if shape.is_fully_defined() else None
    if not isinstance(shape, list | tuple | np.ndarray):
        return None
    known = [getattr(d, "value", d) for d in shape]
    if all(isinstance(d, int | np.integer) and d >= 0 for d in known):
        return tuple([int(d) for d in known])
    return None


def _full_array(shape, number, dtype):
    if dtype is dtypes.string:
        if number:
            raise TypeError(f"Expected string, but got {number}.")
        return np.full(shape, b"", object)
    return np.full(shape, number, dtype._numpy)


# -- like another tensor -------------------------------------------------------------------

class ZerosLike(Operation):
    """Zeros of x's dtype and shape."""

    op_type, fresh, number = "ZerosLike", True, 0

    def infer(self, x):
        small = x.dtype not in (None, dtypes.variant) and is_complete(x.shape) and (
            shapes.size(x.shape) <= KEPT)
        value = _full_array(x.shape, self.number, x.dtype) if small else None
        return Spec(x.dtype, x.shape, value)

    def compute(self, x):
        if hasattr(x, "zeros_like"):                     # a list of arrays
            return x.zeros_like()
        xp = array_namespace(x)
        if xp is np and np.asarray(x).dtype == object:
            return np.full(np.shape(x), b"", object)
        return (xp.ones if self.number else xp.zeros)(np.shape(x), x.dtype)


NotDifferentiable("ZerosLike")


class OnesLike(ZerosLike):
    """Ones of x's dtype and shape."""

    op_type, number = "OnesLike", 1


NotDifferentiable("OnesLike")


def zeros_like(tensor, dtype=None, name=None, optimize=True):
    """Zeros of a tensor's shape, and of its dtype or another.

    As in TF: tf.zeros_like (op types ZerosLike; Const where the shape is known).
    """
    with name_scope(name, "zeros_like", (tensor,)) as scope:
        tensor = as_tensor(tensor, name="tensor")
        wanted = tensor.spec.dtype if dtype is None else dtypes.as_dtype(dtype).base_dtype
        if optimize and wanted is not None and is_complete(tensor.spec.shape):
            return zeros(tensor.spec.shape, wanted, scope)
        if wanted is not tensor.spec.dtype:
            return zeros(shape_op(tensor, optimize=optimize), wanted, scope)
        return ZerosLike((tensor,), scope).output


def ones_like(tensor, dtype=None, name=None, optimize=True):
    """Ones of a tensor's shape, and of its dtype or another.

    As in TF: tf.ones_like (op type Fill).
    """
    with name_scope(name, "ones_like", (tensor,)) as scope:
        tensor = as_tensor(tensor, name="tensor")
        wanted = tensor.spec.dtype if dtype is None else dtypes.as_dtype(dtype).base_dtype
        if wanted is None:                          # untyped: whatever the tensor will be
            return OnesLike((tensor,), scope).output
        if optimize and is_complete(tensor.spec.shape):
            dims = np.array(tensor.spec.shape, np.int32)
            dims = constant(dims, name="Shape/shape_as_tensor")
        else:
            dims = shape_op(tensor, optimize=optimize)
        return ones(dims, wanted, scope)


# -- sequences -----------------------------------------------------------------------------

class Range(Operation):
    """start, start + delta, start + 2 delta, ..., before limit is reached."""

    op_type, folds, fresh = "Range", True, True
    static_inputs = (0, 1, 2)

    def infer(self, start, limit, delta):
        inputs = {"start": start, "limit": limit, "delta": delta}
        dtype = start.dtype
        for label, spec in inputs.items():
            check_allowed(label, spec.dtype, NUMBERS)
            if spec.shape:
                raise ValueError(f"{label} must be a scalar, but has shape "
                                 f"{shapes.show(spec.shape)}.")
            if spec.dtype not in (dtype, None) and dtype is not None:
                raise TypeError(f"{label} has type {spec.dtype.name}, which does not match "
                                f"type {dtype.name} of start.")
        if any(spec.value is None for spec in inputs.values()):
            return Spec(dtype, (None,))
        return Spec(dtype, (_count(*[spec.value[()] for spec in inputs.values()]),))

    def compute(self, start, limit, delta):
        count = _count(start, limit, delta)
        steps = np.arange(count, dtype=np.int64).astype(delta.dtype)
        return (start + steps * delta).astype(start.dtype, copy=False)


def _count(start, limit, delta):
    """How many numbers there are from start to before limit, in steps of delta."""
    if delta == 0:
        raise ValueError("Requires delta != 0")
    if (start < limit) != (delta > 0) and start != limit:
        raise ValueError(f"Requires start {'<=' if delta > 0 else '>='} limit when delta "
                         f"{'>' if delta > 0 else '<'} 0: {start}, {limit}")
    if start.dtype.kind in "iu":
        return -((int(start) - int(limit)) // int(delta))
    return math.ceil(abs((limit - start) / delta))         # rounded as the type rounds


NotDifferentiable("Range")

_WIDER = (dtypes.int32, dtypes.int64, dtypes.float16, dtypes.bfloat16, dtypes.float32,
          dtypes.float64)
NUMBERS = frozenset(_WIDER)


def range_(start, limit=None, delta=1, dtype=None, name="range"):
    """The numbers start, start + delta, ... before limit; tf.range(n) is 0, ..., n - 1.

    Args:
      start, limit, delta: scalars, numbers or Tensors; all take the widest of their dtypes.
      dtype: DType of the result, where that is not wanted.

    As in TF: tf.range (op type Range).
    """
    if limit is None:
        start, limit = 0, start
    with name_scope(name, "range", (start, limit, delta)) as scope:
        given = {"start": start, "limit": limit, "delta": delta}
        wanted = None if dtype is None else dtypes.as_dtype(dtype).base_dtype
        tensors = [convert_to_tensor(x, None if contains_tensor([x]) else wanted, label)
                   for label, x in given.items()]
        return Range(_widened(tensors, wanted), scope).output


def _widened(tensors, wanted):
    """The tensors, cast to `wanted` or else to the widest of their dtypes."""
    found = [t.spec.dtype for t in tensors]
    for dtype in found:
        check_allowed("a bound of the range", dtype, NUMBERS)
    if None in found:
        return tensors
    wanted = wanted or max(found, key=_WIDER.index)
    return [t if t.spec.dtype is wanted else _cast(t, wanted) for t in tensors]


def _cast(tensor, dtype):
    """The tensor cast; a known number stays known, so that the range's length is."""
    result = create("Cast", [tensor], DstT=dtype).output
    if tensor.spec.value is not None:
        result.spec.value = tensor.spec.value.astype(dtype._numpy)
    return result


range_.__name__ = "range"


class LinSpace(Operation):
    """num numbers at equal distances, from start to stop, both included."""

    op_type, fresh = "LinSpace", True
    static_inputs = (0, 1, 2)

    def infer(self, start, stop, num):
        dtype = same_dtype(start, stop, ("start", "stop"))
        check_allowed("start", dtype, dtypes.FLOATING)
        for label, spec in (("start", start), ("stop", stop), ("num", num)):
            if spec.shape:
                raise ValueError(f"{label} must be a scalar, but has shape "
                                 f"{shapes.show(spec.shape)}.")
        count = None if num.value is None else num.value.item()
        if count is not None and count <= 0:
            raise ValueError(f"Requires num > 0: {count}")
        return Spec(dtype, (count,))

    def compute(self, start, stop, num):
        xp, count = array_namespace(start, stop), num.item()
        if count <= 0:
            raise ValueError(f"Requires num > 0: {count}")
        step = (stop - start) / np.array(max(count - 1, 1), start.dtype)
        inner = start + step * np.arange(1, max(count - 1, 1)).astype(start.dtype)
        first, last = xp.reshape(start, (1,)), xp.reshape(stop, (1,))
        return xp.concatenate([first, inner, last] if count > 1 else [first])


@RegisterGradient("LinSpace")
def _linspace_gradient(op, grad):
    # y_i = (1 - t_i) start + t_i stop, where t runs from 0 to 1.
    start, _, num = op.inputs
    t = LinSpace([zeros_like(start), ones_like(start), num]).output
    return (create("Sum", [grad * (1 - t), constant([0])]).output,
            create("Sum", [grad * t, constant([0])]).output, None)


def linspace(start, stop, num, name=None):
    """num numbers at equal distances, from start to stop, both included.

    Args:
      start, stop: floating scalars.
      num: int scalar, at least 1.

    As in TF: tf.linspace, tf.lin_space (op type LinSpace).
    """
    with name_scope(name, "LinSpace", (start, stop, num)) as scope:
        start = as_tensor(start, name="start")
        stop = convert_to_tensor(stop, start.spec.dtype, name="stop")
        return LinSpace([start, stop, as_integers(num, "num")], scope).output
