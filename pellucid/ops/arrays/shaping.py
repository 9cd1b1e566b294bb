"""The shape of a tensor as a value, and operations that change nothing else.

Programs compute shapes by ordinary operations: `tf.reshape(x, [tf.shape(x)[0], 3])`. What
is known of such an integer vector before the run travels along in its Spec, as `value` or
entry by entry as `partial`; `entries` and `vector` read and make them.

Read next: joining.py.
"""

import math

import numpy as np

from pellucid.core import dtypes, shapes
from pellucid.core.arrays import array_namespace
from pellucid.core.gradients import NotDifferentiable, RegisterGradient
from pellucid.core.graph import get_default_graph
from pellucid.core.operation import Operation, create
from pellucid.core.shapes import Spec
from pellucid.core.sources import constant
from pellucid.core.tensor import Tensor
from pellucid.ops.arguments import as_tensor, build, check_allowed, name_scope

INDICES = frozenset((dtypes.int32, dtypes.int64))


# -- integer vectors that are shapes -------------------------------------------------------

def vector(dtype, known):
    """The Spec of an integer vector whose entries are known where they are not None."""
    if known is None:
        return Spec(dtype, (None,))
    if None in known:
        return Spec(dtype, (len(known),), None, tuple(known))
    return Spec(dtype, (len(known),), np.array(known, dtype._numpy if dtype else None))


def entries(spec):
    """The entries of an integer vector, None where unknown; None if its length is."""
    if spec.value is not None:
        return tuple(spec.value.tolist())
    return spec.partial if spec.partial is not None else spec.as_shape()


def check_indices(name, spec, rank=1, allowed=INDICES):
    """Raises TypeError or ValueError unless the Spec may be of indices, of that rank."""
    check_allowed(name, spec.dtype, allowed)
    if rank is not None and spec.shape is not None and len(spec.shape) != rank:
        raise ValueError(f"{name} must be of rank {rank}, not {len(spec.shape)}.")


class Shape(Operation):
    """The shape of x, as a vector."""

    op_type, attrs = "Shape", {"out_type": dtypes.int32}

    def infer(self, input):
        return vector(self.out_type, input.shape)

    def compute(self, input):
        return np.array(np.shape(input), self.out_type._numpy)


NotDifferentiable("Shape")


def shape(input, name=None, out_type=dtypes.int32):
    """The shape of a tensor, as a vector: a constant where it is known already.

    Args:
      input: Tensor.
      name: str.
      out_type: tf.int32 or tf.int64.

    As in TF: tf.shape (op types Shape, Const).
    """
    return shape_op(input, name, out_type)


def shape_op(input, name=None, out_type=dtypes.int32, optimize=True):
    """tf.shape; without `optimize`, never a constant."""
    return _measure(Shape, "Shape", input, name, out_type, optimize, lambda known: known)


def _measure(op_class, default, input, name, out_type, optimize, function):
    """function(shape of input) as a constant where that is known, else the operation."""
    out_type = dtypes.as_dtype(out_type)
    if type(input) is not Tensor or input.op.graph is not get_default_graph():
        with name_scope(name, default, (input,)) as scope:
            input = as_tensor(input)
            return _measured(op_class, input, scope, out_type, optimize, function)
    return _measured(op_class, input, name or default, out_type, optimize, function)


def _measured(op_class, input, name, out_type, optimize, function):
    if optimize and shapes.is_complete(input.spec.shape):
        return constant(np.array(function(input.spec.shape), out_type._numpy), name=name)
    return op_class((input,), name, out_type=out_type).output


class ShapeN(Operation):
    """The shapes of several tensors."""

    op_type, attrs = "ShapeN", {"out_type": dtypes.int32}

    def infer(self, *input):
        return tuple([vector(self.out_type, x.shape) for x in input])

    def compute(self, *input):
        found = tuple([np.array(np.shape(x), self.out_type._numpy) for x in input])
        return found if len(found) > 1 else found[0]


NotDifferentiable("ShapeN")


def shape_n(input, out_type=dtypes.int32, name=None):
    """A list of the shapes of a list of tensors. As in TF: tf.shape_n (op type ShapeN)."""
    with name_scope(name, "ShapeN", input) as scope:
        input = [as_tensor(x, name=f"input_{i}") for i, x in enumerate(input)]
        return list(ShapeN(input, scope, out_type=dtypes.as_dtype(out_type)).outputs)


class Size(Operation):
    """The number of elements of x."""

    op_type, attrs = "Size", {"out_type": dtypes.int32}

    def infer(self, input):
        size = shapes.size(input.shape)
        return Spec(self.out_type, (),
                    None if size is None else np.array(size, self.out_type._numpy))

    def compute(self, input):
        return np.array(np.size(input), self.out_type._numpy)


NotDifferentiable("Size")


def size(input, name=None, out_type=dtypes.int32):
    """The number of elements of a tensor. As in TF: tf.size (op types Size, Const)."""
    return _measure(Size, "Size", input, name, out_type, True, shapes.size)


class Rank(Operation):
    """The number of dimensions of x."""

    op_type = "Rank"

    def infer(self, input):
        return Spec(dtypes.int32, (), None if input.shape is None
                    else np.array(len(input.shape), np.int32))

    def compute(self, input):
        return np.array(np.ndim(input), np.int32)


NotDifferentiable("Rank")


def rank(input, name=None):
    """The number of dimensions of a tensor. As in TF: tf.rank (op types Rank, Const)."""
    with name_scope(name, "Rank", (input,)) as scope:
        input = as_tensor(input)
        if input.spec.shape is not None:
            return constant(np.array(len(input.spec.shape), np.int32), name=scope)
        return Rank((input,), scope).output


# -- reshape -------------------------------------------------------------------------------

class Reshape(Operation):
    """The elements of a tensor, in the same order, in another shape."""

    op_type, folds = "Reshape", True
    static_inputs = (1,)

    def infer(self, tensor, shape):
        check_indices("shape", shape)
        for d in entries(shape) or ():
            if d is not None and d < -1:
                raise ValueError(f"{d} is no dimension; -1 is one to be worked out.")
        return Spec(tensor.dtype, _filled(tensor.shape, shape.as_shape()))

    def compute(self, tensor, shape):
        wanted = shape.tolist()
        if min(wanted, default=0) < -1:
            raise ValueError(f"a dimension of shape {wanted} is below -1.")
        if -1 in wanted and 0 in wanted:
            wanted[wanted.index(-1)] = _beside_nothing(np.shape(tensor), wanted)
        return array_namespace(tensor).reshape(tensor, tuple(wanted))


def _beside_nothing(given, wanted):
    """What -1 stands for in an empty shape: as if the dimensions of 0 were not there.

    NumPy refuses this; TensorFlow reshapes (3, 0) by [0, -1] to (0, 3).
    """
    if 0 not in given:
        raise ValueError(f"cannot reshape {list(given)} into {wanted}")
    have, want = (math.prod(filter(None, shape)) for shape in (given, wanted))
    return have // -want


def _filled(given, wanted):
    """The shape `wanted`, with an unknown dimension worked out from the shape `given`."""
    if given is None or wanted is None:
        return wanted
    have, open_in = (0, 0) if 0 in given else _known_product(given)
    want, open_out = _known_product(wanted)
    if not open_in and have != want and (not open_out or want == 0):
        raise ValueError(f"{have} elements do not fill {shapes.show(wanted)}.")
    if open_in == 1 and not open_out and have and want % have:
        raise ValueError(f"the number of elements is a multiple of {have}, but that of "
                         f"{shapes.show(wanted)} is {want}.")
    if not open_in and open_out == 1 and want:
        if have % want:
            raise ValueError(f"{have} elements do not fill {shapes.show(wanted)}: that "
                             f"would take a multiple of {want}.")
        return tuple([have // want if d is None else d for d in wanted])
    return wanted


def _known_product(shape):
    product, unknown = 1, 0
    for d in shape:
        if d is None:
            unknown += 1
        else:
            product *= d
    return product, unknown


@RegisterGradient("Reshape")
def _reshape_gradient(op, grad):
    return reshape(grad, shape(op.inputs[0])), None


def reshape(tensor, shape, name=None):
    """The elements of a tensor, in the same order, in another shape.

    Args:
      tensor: Tensor.
      shape: vector of int32 or int64; one entry may be -1, to be worked out from the rest.

    Raises ValueError if the number of elements is known and differs.

    As in TF: tf.reshape (op type Reshape).
    """
    return build(Reshape, {"tensor": tensor, "shape": shape}, name, ints=("shape",)).output


class ExpandDims(Operation):
    """A dimension of 1, inserted at position `dim`."""

    op_type, folds = "ExpandDims", True
    static_inputs = (1,)

    def infer(self, input, dim):
        check_allowed("dim", dim.dtype, INDICES)
        if shapes.size(dim.shape) not in (1, None):
            raise ValueError("dim must be one number.")
        if input.shape is None or dim.value is None:
            return Spec(input.dtype, None)
        given, axis = input.shape, dim.value.item()
        rank = len(given)
        if not -rank - 1 <= axis <= rank:
            raise ValueError(f"dim {axis} not in the interval [{-rank - 1}, {rank}].")
        axis = axis + rank + 1 if axis < 0 else axis
        return Spec(input.dtype, (*given[:axis], 1, *given[axis:]))

    def compute(self, input, dim):
        return array_namespace(input).expand_dims(input, dim.item())


@RegisterGradient("ExpandDims")
def _expand_dims_gradient(op, grad):
    return reshape(grad, shape(op.inputs[0])), None


def expand_dims(input, axis=None, name=None, dim=None):
    """The tensor with a dimension of 1 inserted.

    Args:
      input: Tensor, shape (...).
      axis: int, where the new dimension will be; -1 is the end. Formerly called dim.

    As in TF: tf.expand_dims (op type ExpandDims).
    """
    axis = only_one("axis", axis, "dim", dim)
    if axis is None:
        raise ValueError("Must specify an axis argument to tf.expand_dims()")
    return build(ExpandDims, {"input": input, "dim": axis}, name, ints=("dim",)).output


def only_one(name, value, old_name, old_value):
    """The value of an argument that has an older name; ValueError if both are given."""
    if old_value is None:
        return value
    if value is not None:
        raise ValueError(f"Cannot specify both {old_name!r} and {name!r}.")
    return old_value


class Squeeze(Operation):
    """The tensor without dimensions of 1: those in squeeze_dims, or all."""

    op_type, attrs, folds = "Squeeze", {"squeeze_dims": ()}, True

    def infer(self, input):
        given = input.shape
        if given is None or (None in given and not self.squeeze_dims):
            return Spec(input.dtype, None)
        if not self.squeeze_dims:
            return Spec(input.dtype, tuple([d for d in given if d != 1]))
        gone = {shapes.normalize_axis(axis, len(given)) for axis in self.squeeze_dims}
        for axis in gone:
            if given[axis] not in (1, None):
                raise ValueError(f"can not squeeze dim[{axis}], expected a dimension of 1, "
                                 f"got {given[axis]}.")
        return Spec(input.dtype, tuple([d for i, d in enumerate(given) if i not in gone]))

    def compute(self, input):
        return array_namespace(input).squeeze(input, self.squeeze_dims or None)


@RegisterGradient("Squeeze")
def _squeeze_gradient(op, grad):
    return reshape(grad, shape(op.inputs[0]))


def squeeze(input, axis=None, name=None, squeeze_dims=None):
    """The tensor without dimensions of 1.

    Args:
      input: Tensor.
      axis: int or list of int, the dimensions to drop; all that are 1 by default. Formerly
        called squeeze_dims.

    Raises ValueError if a dimension to drop is known and not 1.

    As in TF: tf.squeeze (op type Squeeze).
    """
    axis = only_one("axis", axis, "squeeze_dims", squeeze_dims)
    axes = () if axis is None else tuple(np.ravel(axis).tolist())
    return build(Squeeze, {"input": input}, name, squeeze_dims=axes).output


# -- the order of the axes -----------------------------------------------------------------

class Transpose(Operation):
    """y, of which axis i is axis perm[i] of x."""

    op_type, folds = "Transpose", True
    static_inputs = (1,)

    def infer(self, x, perm):
        check_indices("perm", perm)
        count = perm.shape[0] if perm.shape else None
        known = perm.value is not None
        order = [_axis(i, count) for i in perm.value.tolist()] if known else None
        if x.shape is None:
            return Spec(x.dtype, None if count is None else (None,) * count)
        rank = len(x.shape)
        if count not in (rank, None):
            raise ValueError(f"perm has {count} entries, but x has {rank} dimensions.")
        if order is None:
            return Spec(x.dtype, x.shape if rank <= 1 else (None,) * rank)
        return Spec(x.dtype, tuple([x.shape[i] for i in order]))

    def compute(self, x, perm):
        return array_namespace(x).transpose(x, tuple(perm.tolist()))


def _axis(i, rank):
    if not -rank <= i < rank:
        raise ValueError(f"perm dim {i} is out of range of input rank {rank}.")
    return i


@RegisterGradient("Transpose")
def _transpose_gradient(op, grad):
    return transpose(grad, create("InvertPermutation", [op.inputs[1]]).output), None


class ConjugateTranspose(Transpose):
    """The complex conjugate of Transpose."""

    op_type = "ConjugateTranspose"

    def compute(self, x, perm):
        return array_namespace(x).conjugate(super().compute(x, perm))


@RegisterGradient("ConjugateTranspose")
def _conjugate_transpose_gradient(op, grad):
    inverse = create("InvertPermutation", [op.inputs[1]]).output
    return transpose(grad, inverse, conjugate=True), None


def transpose(a, perm=None, name="transpose", conjugate=False):
    """The tensor with its axes in another order.

    Args:
      a: Tensor.
      perm: vector of int32 or int64: axis i of the result is axis perm[i] of a. By default
        the axes are reversed, so that a matrix is transposed.
      conjugate: take complex conjugates too.

    As in TF: tf.transpose (op types Transpose, ConjugateTranspose).
    """
    with name_scope(name, "transpose", (a,)) as scope:
        a = as_tensor(a, name="a")
        conjugate = conjugate and (a.spec.dtype is None or a.spec.dtype.is_complex)
        op_class = ConjugateTranspose if conjugate else Transpose
        if perm is None and a.spec.shape is not None:
            perm = np.arange(len(a.spec.shape) - 1, -1, -1, np.int32)
        if perm is None:
            last = rank(a) - 1
            perm = create("Range", [last, constant(-1, name="Range/limit"),
                                    constant(-1, name="Range/delta")]).output
        return build(op_class, {"x": a, "perm": perm}, scope, ints=("perm",)).output


class InvertPermutation(Operation):
    """y, where y[x[i]] = i."""

    op_type, folds = "InvertPermutation", True
    host = True

    def infer(self, x):
        check_indices("x", x)
        return Spec(x.dtype, (None,) if x.shape is None else x.shape)

    def compute(self, x):
        count = len(x)
        for value in x.tolist():
            if not 0 <= value < count:
                raise ValueError(f"{value} is not between 0 and {count}")
        if len(set(x.tolist())) < count:
            raise ValueError(f"{x.tolist()} has an entry twice, so it is no permutation")
        return np.argsort(x).astype(x.dtype)


NotDifferentiable("InvertPermutation")


def invert_permutation(x, name=None):
    """The permutation that undoes x: y[x[i]] = i.

    Raises InvalidArgumentError in the run if x is not a permutation of 0, 1, ..., n - 1.

    As in TF: tf.invert_permutation (op type InvertPermutation).
    """
    return build(InvertPermutation, {"x": x}, name, ints=("x",)).output
