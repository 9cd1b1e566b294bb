"""Reductions: sums, means, extremes along axes. Read next: positions.py.

Each takes the axes as a second input, a vector of ints or one int, as TensorFlow's do.
"""

import numpy as np

from pellucid.core import dtypes, shapes
from pellucid.core.arrays import array_namespace
from pellucid.core.gradients import NotDifferentiable, RegisterGradient
from pellucid.core.operation import Operation, create
from pellucid.core.shapes import Spec, normalize_axis
from pellucid.core.sources import constant
from pellucid.core.tensor import Tensor
from pellucid.ops.arguments import build, check_allowed
from pellucid.ops.arrays.creation import ones_like
from pellucid.ops.arrays.gathering import gather
from pellucid.ops.arrays.joining import concat, stack
from pellucid.ops.arrays.shaping import (
    expand_dims,
    invert_permutation,
    rank,
    reshape,
    shape,
    size,
    transpose,
)
from pellucid.ops.math.casting import cast, cast_like
from pellucid.ops.math.comparison import equal
from pellucid.ops.math.complex_numbers import conjugate
from pellucid.ops.math.elementwise import maximum
from pellucid.ops.math.selection import where
from pellucid.ops.regular import NUMBERS, REAL


class Reduction(Operation):
    """x reduced along axes; with keep_dims, the reduced axes stay, with length 1."""

    attrs = {"keep_dims": False}
    allowed = NUMBERS
    fresh = folds = True
    static_inputs = (1,)

    def infer(self, x, axes):
        check_allowed("input", x.dtype, self.allowed)
        check_axes(axes)
        if x.shape is None or axes.value is None:
            unknown = x.shape is None or not self.keep_dims
            return Spec(x.dtype, None if unknown else (None,) * len(x.shape))
        rank = len(x.shape)
        gone = {normalize_axis(axis, rank) for axis in np.ravel(axes.value).tolist()}
        if self.keep_dims:
            return Spec(
                x.dtype, tuple(1 if i in gone else d for i, d in enumerate(x.shape)))
        return Spec(x.dtype, tuple(d for i, d in enumerate(x.shape) if i not in gone))

    def compute(self, x, axes):
        axes = tuple(np.ravel(axes).tolist())
        if not axes:
            return x.copy()
        return self.reduce(x, axes)

    def _derived_attrs(self):
        return {"Tidx": self.input_nodes[1].spec.dtype, **super()._derived_attrs()}

    def reduce(self, x, axes):
        """x reduced along a tuple of at least one axis."""
        raise NotImplementedError


def check_axes(axes):
    """Raises TypeError unless axes are int32 or int64, ValueError for a matrix of them."""
    check_allowed("reduction_indices", axes.dtype, frozenset((dtypes.int32, dtypes.int64)))
    if axes.rank is not None and axes.rank > 1:
        raise ValueError(f"the axes must be a vector or a scalar, not of shape "
                         f"{shapes.show(axes.shape)}")


_NARROW = tuple(numpy_type for numpy_type, dtype in dtypes._BY_NUMPY.items()
                if dtype in (dtypes.float16, dtypes.bfloat16))


class Sum(Reduction):
    """The sum; 0 of nothing."""

    op_type = "Sum"

    def reduce(self, x, axes):
        return total(x, axes, self.keep_dims)


def total(x, axes, keep_dims):
    """The sum in x's dtype; that of 16 bit floats is accumulated in float32."""
    xp = array_namespace(x)
    if x.dtype in _NARROW:
        return xp.sum(x, axes, np.float32, keepdims=keep_dims).astype(x.dtype)
    reduce = np.add.reduce if xp is np else xp.sum         # np.sum costs a microsecond more
    return reduce(x, axes, x.dtype, keepdims=keep_dims)


@RegisterGradient("Sum")
def _sum_gradient(op, grad):
    return spread(op, grad), None


class Mean(Reduction):
    """The mean; nan of nothing. That of integers is truncated."""

    op_type = "Mean"

    def reduce(self, x, axes):
        result = total(x, axes, self.keep_dims)
        count = x.size // result.size if result.size else 1
        if x.dtype.kind not in "iu":
            return result / np.array(count, x.dtype)
        return (abs(result) // max(count, 1)).astype(x.dtype) * array_namespace(result).sign(result)


@RegisterGradient("Mean")
def _mean_gradient(op, grad):
    x, y = op.inputs[0], op.output
    before, after = shapes.size(x.spec.shape), shapes.size(y.spec.shape)
    if None not in (before, after, grad.spec.dtype):
        count = constant(np.array(before // max(after, 1)), grad.spec.dtype)
    else:
        count = cast_like(size(x) // maximum(size(y), 1), grad)
    return spread(op, grad / count), None


def keep(op, value):
    """A reduction's output, or its gradient, with the reduced axes as ones of length 1."""
    x, axes = op.inputs
    if op.keep_dims:
        return value
    if axes.spec.value is None or x.spec.shape is None:
        return reshape(value, shape(type(op)([x, axes], keep_dims=True)))
    rank = len(x.spec.shape)
    for axis in sorted({a % rank for a in np.ravel(axes.spec.value).tolist()}):
        value = expand_dims(value, axis)
    return value


def spread(op, grad):
    """A gradient, the same for all elements that were reduced to one."""
    x = op.inputs[0]
    if grad.spec.shape != ():
        grad = keep(op, grad)
    return create("BroadcastTo", [grad, shape(x)]).output


class _Extreme(Reduction):
    """The greatest or least element; of nothing, the least or greatest of the dtype."""

    allowed = REAL

    def reduce(self, x, axes):
        xp = array_namespace(x)
        if 0 in x.shape and any(x.shape[a] == 0 for a in axes):
            shape = total(x, axes, self.keep_dims).shape
            return xp.full(shape, self.of_nothing(x.dtype), x.dtype)
        if xp is np:
            return self.ufunc.reduce(x, axes, keepdims=self.keep_dims)
        return self.function(xp)(x, axes, keepdims=self.keep_dims)


class Max(_Extreme):
    """The greatest element."""

    op_type, ufunc = "Max", np.maximum

    def function(self, xp):
        return xp.max

    def of_nothing(self, dtype):
        return np.iinfo(dtype).min if dtype.kind in "iu" else -np.inf


class Min(_Extreme):
    """The least element."""

    op_type, ufunc = "Min", np.minimum

    def function(self, xp):
        return xp.min

    def of_nothing(self, dtype):
        return np.iinfo(dtype).max if dtype.kind in "iu" else np.inf


@RegisterGradient("Max")
@RegisterGradient("Min")
def _extreme_gradient(op, grad):
    # Elements that share the extreme share the gradient equally.
    x, axes = op.inputs
    chosen = cast_like(equal(keep(op, op.output), x), grad)
    count = Sum([chosen, axes], keep_dims=True).output
    return chosen / count * keep(op, grad), None


class Prod(Reduction):
    """The product; 1 of nothing."""

    op_type = "Prod"

    def reduce(self, x, axes):
        xp = array_namespace(x)
        if x.dtype in _NARROW:
            return xp.prod(x, axes, np.float32, keepdims=self.keep_dims).astype(x.dtype)
        return xp.prod(x, axes, x.dtype, keepdims=self.keep_dims)


@RegisterGradient("Prod")
def _prod_gradient(op, grad):
    # The derivative by an element is the product of the others: of those before it and
    # those after it. Dividing the whole product by the element would fail at zeros.
    x, axes = op.inputs
    chosen, others = split_axes(x, axes)
    perm = concat([chosen, others], 0)
    turned = transpose(x, perm)
    count = reduce_prod(gather(shape(x), chosen))
    reduced = reshape(turned, stack([count, -1]))
    before = create("Cumprod", [reduced, 0], exclusive=True).output
    after = create("Cumprod", [reduced, 0], exclusive=True, reverse=True).output
    rest = reshape(conjugate(before * after), shape(turned))
    return keep(op, grad) * transpose(rest, invert_permutation(perm)), None


def split_axes(x, axes):
    """(axes, the other axes of x) as vectors of int32, each axis once, none negative."""
    if x.spec.shape is not None and axes.spec.value is not None:
        everything = range(len(x.spec.shape))
        given = np.ravel(axes.spec.value).tolist()
        chosen = list(dict.fromkeys(axis % len(everything) for axis in given))
        return (constant(np.array(chosen, np.int32)),
                constant(np.array([i for i in everything if i not in chosen], np.int32)))
    axes = cast(reshape(axes, [-1]), dtypes.int32) % rank(x)
    chosen = create("UnsortedSegmentSum", [ones_like(axes), axes, rank(x)]).output
    return axes, cast(reshape(where(equal(chosen, 0)), [-1]), dtypes.int32)


class _Logical(Reduction):
    allowed = frozenset((dtypes.bool_,))


class All(_Logical):
    """Whether all are true; True of nothing."""

    op_type = "All"

    def reduce(self, x, axes):
        return array_namespace(x).all(x, axes, keepdims=self.keep_dims)


class Any(_Logical):
    """Whether any is true; False of nothing."""

    op_type = "Any"

    def reduce(self, x, axes):
        return array_namespace(x).any(x, axes, keepdims=self.keep_dims)


NotDifferentiable("All")
NotDifferentiable("Any")


# -- what users call ----------------------------------------------------------------------

def choose_argument(new, value, old, old_value):
    """The value of an argument that has an old spelling. ValueError if both are given."""
    if old_value is None:
        return value
    if value is not None:
        raise ValueError(f"Cannot specify both '{old}' and '{new}'.")
    return old_value


def _reduce(op_class, x, axis, keepdims, name, reduction_indices, keep_dims):
    axis = choose_argument("axis", axis, "reduction_indices", reduction_indices)
    keepdims = bool(choose_argument("keepdims", keepdims, "keep_dims", keep_dims))
    everything = axis is None
    if everything:
        axis = all_axes(x)
    result = build(op_class, {"input": x, "reduction_indices": axis}, name,
                   ints=("reduction_indices",), keep_dims=keepdims).output
    if everything and not keepdims and result.spec.shape is None:
        result.set_shape(())
    return result


def all_axes(x):
    """A Tensor of the numbers of all axes of x."""
    if isinstance(x, Tensor) and x.spec.shape is not None:
        return constant(np.arange(len(x.spec.shape), dtype=np.int32))
    rank = create("Rank", [x]).output
    return create("Range", [constant(0, name="range/start"), rank,
                            constant(1, name="range/delta")], name="range").output


def reduce_sum(input_tensor, axis=None, keepdims=None, name=None, reduction_indices=None,
               keep_dims=None):
    """The sum of elements along axes.

    Args:
      input_tensor: Tensor of numbers.
      axis: int, list of int, or int Tensor; all axes where left out. -1 is the last.
      keepdims: bool, keep the reduced axes with length 1.
      reduction_indices, keep_dims: old spellings of axis and keepdims.

    Returns:
      Tensor of input_tensor's dtype. The sum of nothing is 0.

    As in TF: tf.reduce_sum (op type Sum).
    """
    return _reduce(Sum, input_tensor, axis, keepdims, name, reduction_indices, keep_dims)


def reduce_mean(input_tensor, axis=None, keepdims=None, name=None, reduction_indices=None,
                keep_dims=None):
    """The mean of elements along axes; truncated for integers, nan of nothing.

    Arguments as reduce_sum's. As in TF: tf.reduce_mean (op type Mean).
    """
    return _reduce(Mean, input_tensor, axis, keepdims, name, reduction_indices, keep_dims)


def reduce_prod(input_tensor, axis=None, keepdims=None, name=None, reduction_indices=None,
                keep_dims=None):
    """The product of elements along axes; 1 of nothing.

    Arguments as reduce_sum's. As in TF: tf.reduce_prod (op type Prod).
    """
    return _reduce(Prod, input_tensor, axis, keepdims, name, reduction_indices, keep_dims)


def reduce_max(input_tensor, axis=None, keepdims=None, name=None, reduction_indices=None,
               keep_dims=None):
    """The greatest element along axes; elements that share it share its gradient.

    Arguments as reduce_sum's. As in TF: tf.reduce_max (op type Max).
    """
    return _reduce(Max, input_tensor, axis, keepdims, name, reduction_indices, keep_dims)


def reduce_min(input_tensor, axis=None, keepdims=None, name=None, reduction_indices=None,
               keep_dims=None):
    """The least element along axes; elements that share it share its gradient.

    Arguments as reduce_sum's. As in TF: tf.reduce_min (op type Min).
    """
    return _reduce(Min, input_tensor, axis, keepdims, name, reduction_indices, keep_dims)


def reduce_all(input_tensor, axis=None, keepdims=None, name=None, reduction_indices=None,
               keep_dims=None):
    """Whether all of a bool Tensor's elements along axes are true.

    Arguments as reduce_sum's. As in TF: tf.reduce_all (op type All).
    """
    return _reduce(All, input_tensor, axis, keepdims, name, reduction_indices, keep_dims)


def reduce_any(input_tensor, axis=None, keepdims=None, name=None, reduction_indices=None,
               keep_dims=None):
    """Whether any of a bool Tensor's elements along axes is true.

    Arguments as reduce_sum's. As in TF: tf.reduce_any (op type Any).
    """
    return _reduce(Any, input_tensor, axis, keepdims, name, reduction_indices, keep_dims)
