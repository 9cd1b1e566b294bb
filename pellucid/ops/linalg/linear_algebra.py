"""Products of matrices. Read next: contractions.py.

Vectors are accepted too (our extension, see docs/semantics.md): on the left a vector is a
row, on the right a column, and the product lacks the axis that the vector lacks.
"""

from pellucid.core import dtypes
from pellucid.core.arrays import array_namespace
from pellucid.core.gradients import RegisterGradient
from pellucid.core.operation import Operation, convert_to_tensor, create
from pellucid.core.shapes import Spec, broadcast, merge, show
from pellucid.ops.arguments import (
    binary,
    check_allowed,
    convert_pair,
    name_scope,
    same_dtype,
)
from pellucid.ops.arrays.creation import range_
from pellucid.ops.arrays.joining import concat
from pellucid.ops.arrays.shaping import expand_dims, rank, squeeze, transpose
from pellucid.ops.math.complex_numbers import conj, conjugate
from pellucid.ops.regular import REAL

PRODUCTS = frozenset((dtypes.bfloat16, dtypes.float16, dtypes.float32, dtypes.float64,
                      dtypes.int32, dtypes.int64, dtypes.complex64, dtypes.complex128))


class MatMul(Operation):
    """a b, for matrices and vectors."""

    op_type, attrs, fresh = "MatMul", {"transpose_a": False, "transpose_b": False}, True

    def infer(self, a, b):
        dtype = same_dtype(a, b, ("a", "b"))
        check_allowed("a", dtype, PRODUCTS)
        for name, x in (("a", a), ("b", b)):
            if x.shape is not None and len(x.shape) not in (1, 2):
                raise ValueError(f"{name} must be a matrix or a vector, not of rank "
                                 f"{len(x.shape)}.")
        return Spec(dtype, product_shape(
            a.shape, b.shape, self.transpose_a, self.transpose_b))

    def compute(self, a, b):
        xp = array_namespace(a, b)
        return xp.matmul(a.T if self.transpose_a else a, b.T if self.transpose_b else b)


class BatchMatMulV2(Operation):
    """a b for each pair of matrices in two batches, whose shapes are broadcast.

    adj_x and adj_y: take the conjugate transpose first.
    """

    op_type, attrs, fresh = "BatchMatMulV2", {"adj_x": False, "adj_y": False}, True

    def infer(self, x, y):
        dtype = same_dtype(x, y)
        check_allowed("x", dtype, PRODUCTS)
        return Spec(dtype, product_shape(x.shape, y.shape, self.adj_x, self.adj_y))

    def compute(self, x, y):
        xp = array_namespace(x, y)
        return xp.matmul(_adjoint(x) if self.adj_x else x, _adjoint(y) if self.adj_y else y)


class BatchMatMul(BatchMatMulV2):
    """BatchMatMulV2 of old graphs: both batches have the same shape."""

    op_type, attrs = "BatchMatMul", BatchMatMulV2.attrs

    def infer(self, x, y):
        if x.shape is None and y.shape is None:
            return super().infer(x, y)
        a, b = x.shape, y.shape
        batch = merge(None if a is None else a[:-2], None if b is None else b[:-2])
        a, b = (batch + ((None, None) if s is None else s[-2:]) for s in (a, b))
        return super().infer(Spec(x.dtype, a), Spec(y.dtype, b))


def product_shape(a, b, swap_a, swap_b):
    """The shape of the product of factors of these shapes, the last axes swapped first."""
    if a is None or b is None:
        return None
    if not a or not b:
        raise ValueError("a product needs matrices or vectors, not scalars.")
    rows, inner = _split(a, swap_a)
    columns, other = _split(b, not swap_b)
    if None not in (inner, other) and inner != other:
        raise ValueError(f"inner dimensions differ, {inner} and {other}.")
    return broadcast(a[:-2], b[:-2]) + rows + columns


def _split(shape, swapped):
    """(outer dimensions, inner dimension) of a left factor; of a right one if swapped."""
    if len(shape) == 1:
        return (), shape[0]
    return (shape[-1:], shape[-2]) if swapped else (shape[-2:-1], shape[-1])


def _adjoint(x):
    swapped = x.swapaxes(-1, -2) if x.ndim > 1 else x
    return swapped.conj() if swapped.dtype.kind == "c" else swapped


# For y = a b: da = dy b^T and db = a^T dy. Where a factor was transposed, so is its
# gradient.

@RegisterGradient("MatMul")
def _mat_mul_gradient(op, grad):
    a, b, grad = _as_matrices(op, grad)
    a, b = conjugate(a), conjugate(b)
    ta, tb = op.transpose_a, op.transpose_b
    return (
        lambda: _like(_product(b, grad, tb, True) if ta else
                      _product(grad, b, False, not tb), op.inputs[0]),
        lambda: _like(_product(grad, a, True, ta) if tb else
                      _product(a, grad, not ta, False), op.inputs[1]))


def _product(a, b, transpose_a, transpose_b):
    return MatMul((a, b), transpose_a=transpose_a, transpose_b=transpose_b).output


@RegisterGradient("BatchMatMul")
@RegisterGradient("BatchMatMulV2")
def _batch_mat_mul_gradient(op, grad):
    x, y, grad = _as_matrices(op, grad)
    ax, ay = op.adj_x, op.adj_y

    def grad_x():
        sent = _adjoints(y, grad, ay, True) if ax else _adjoints(grad, y, False, not ay)
        return _like(_unbroadcast_batch(sent, x, y), op.inputs[0])

    def grad_y():
        sent = _adjoints(grad, x, True, ax) if ay else _adjoints(x, grad, not ax, False)
        return _like(_unbroadcast_batch(sent, y, x), op.inputs[1])

    return grad_x, grad_y


def _adjoints(x, y, adj_x, adj_y):
    return BatchMatMulV2((x, y), adj_x=adj_x, adj_y=adj_y).output


def _unbroadcast_batch(grad, x, other):
    """The gradient by x, summed over the batch axes along which x was repeated."""
    a, b = x.spec.shape, other.spec.shape
    if a is not None and b is not None and (a[:-2] == b[:-2] and None not in a[:-2]):
        return grad
    shape, others = (create("Shape", [t]).output for t in (x, other))
    batch = create("BroadcastGradientArgs", [shape[:-2], others[:-2]]).outputs[0]
    return create("Reshape", [create("Sum", [grad, batch]).output, shape]).output


class AsMatrix(Operation):
    """A vector as a matrix of one column (or one row); anything else as it is.

    Needed where an untyped placeholder may turn out to hold either.
    """

    op_type, attrs = "AsMatrix", {"column": False}

    def infer(self, x):
        return Spec(x.dtype, self._shape(x.shape))

    def compute(self, x):
        return x.reshape(self._shape(x.shape))

    def _shape(self, shape):
        if shape is None or len(shape) != 1:
            return shape
        return (*shape, 1) if self.column else (1, *shape)


class AsProduct(Operation):
    """The gradient of a product with the axes that it lacks where a factor is a vector."""

    op_type = "AsProduct"

    def infer(self, grad, a, b):
        if None in (grad.shape, a.shape, b.shape):
            return Spec(grad.dtype, None)
        return Spec(grad.dtype, self._shape(grad.shape, a.shape, b.shape))

    def compute(self, grad, a, b):
        return grad.reshape(self._shape(grad.shape, a.shape, b.shape))

    def _shape(self, shape, a, b):
        if len(b) == 1:
            shape = (*shape, 1)
        return (*shape[:-1], 1, *shape[-1:]) if len(a) == 1 else shape


@RegisterGradient("AsMatrix")
def _as_matrix_gradient(op, grad):
    return _like(grad, op.inputs[0])


@RegisterGradient("AsProduct")
def _as_product_gradient(op, grad):
    return _like(grad, op.inputs[0]), None, None


def _as_matrices(op, grad):
    """Both factors and the product's gradient, with axes added for what are vectors."""
    a, b = op.inputs
    if all(_is_matrix(x) for x in (a, b)):
        return a, b, grad
    return (a if _is_matrix(a) else AsMatrix((a,)).output,
            b if _is_matrix(b) else AsMatrix((b,), column=True).output,
            AsProduct((grad, a, b)).output)


def _is_matrix(x):
    """False for a vector, and for an untyped tensor that may be one.

    A typed tensor of unknown rank is a matrix, as in TensorFlow.
    """
    return x.spec.dtype is not None if x.spec.shape is None else len(x.spec.shape) > 1


def _like(grad, x):
    """A gradient in the shape of x: without the axes that were added."""
    if _is_matrix(x):
        return grad
    return create("Reshape", [grad, create("Shape", [x]).output]).output


def matmul(a, b, transpose_a=False, transpose_b=False, adjoint_a=False, adjoint_b=False,
           a_is_sparse=False, b_is_sparse=False, name=None):
    """The matrix product a b.

    Args:
      a: Tensor, shape (..., m, k); or a vector, shape (k,).
      b: Tensor of a's dtype, shape (..., k, n); or a vector, shape (k,). Axes before the
        last two are a batch, and are broadcast.
      transpose_a, transpose_b: swap the last two axes first.
      adjoint_a, adjoint_b: swap them and conjugate.
      a_is_sparse, b_is_sparse: hints that many elements are zero; the result is the same.

    Returns:
      Tensor of a's dtype, shape (..., m, n), without m or n where a or b is a vector.

    Raises:
      ValueError: if the inner dimensions are known and differ, or if a factor is to be both
        transposed and adjoint.

    As in TF: tf.matmul (op types MatMul, BatchMatMulV2).
    """
    if transpose_a and adjoint_a:
        raise ValueError("Only one of transpose_a and adjoint_a can be True.")
    if transpose_b and adjoint_b:
        raise ValueError("Only one of transpose_b and adjoint_b can be True.")
    swap_a, swap_b = bool(transpose_a or adjoint_a), bool(transpose_b or adjoint_b)
    with name_scope(name, "MatMul", (a, b)) as scope:
        a, b = convert_pair(a, b, names=("a", "b"))
        ranks, plain = (a.spec.rank, b.spec.rank), (1, 2)
        untyped = None in (a.spec.dtype, b.spec.dtype) and not (swap_a or swap_b)
        if untyped and (ranks[0] in plain or ranks[1] in plain):
            plain = (None, 1, 2)                  # the tutorial's matmul(A, x), x a placeholder()
        if ranks[0] in plain and ranks[1] in plain:
            a, b = conj(a) if adjoint_a else a, conj(b) if adjoint_b else b
            return MatMul((a, b), scope, transpose_a=swap_a, transpose_b=swap_b).output
        a, b = conj(a) if transpose_a else a, conj(b) if transpose_b else b
        return BatchMatMulV2((a, b), scope, adj_x=swap_a, adj_y=swap_b).output


def matvec(a, b, transpose_a=False, adjoint_a=False, a_is_sparse=False, b_is_sparse=False,
           name=None):
    """The product of a matrix and a vector, or of batches of them.

    Args:
      a: Tensor, shape (..., m, k).
      b: Tensor of a's dtype, shape (..., k).
      transpose_a, adjoint_a, a_is_sparse, b_is_sparse: as in matmul.

    Returns:
      Tensor of a's dtype, shape (..., m).

    As in TF: tf.linalg.matvec.
    """
    with name_scope(name, "MatVec", (a, b)):
        b = convert_to_tensor(b, name="b")
        product = matmul(a, expand_dims(b, -1), transpose_a, False, adjoint_a, False,
                         a_is_sparse, b_is_sparse)
        return squeeze(product, -1)


def matrix_transpose(a, name="matrix_transpose", conjugate=False):
    """A matrix, or a batch of them, with its last two axes swapped.

    Raises ValueError for a tensor of rank below 2. As in TF: tf.matrix_transpose.
    """
    with name_scope(name, "matrix_transpose", (a,)):
        a = convert_to_tensor(a, name="a")
        if a.spec.shape is None:
            n = rank(a)
            perm = concat([range_(n - 2), [n - 1, n - 2]], 0)
        elif len(a.spec.shape) < 2:
            raise ValueError("Argument `a` should be a (batch) matrix with rank at least "
                             f"2, got shape {show(a.spec.shape)}")
        else:
            n = len(a.spec.shape)
            perm = [*range(n - 2), n - 1, n - 2]
        return transpose(a, perm, conjugate=conjugate)


def adjoint(matrix, name=None):
    """The conjugate transpose of a matrix, or of a batch of them. As in TF: tf.linalg.adjoint."""
    with name_scope(name, "adjoint", (matrix,)):
        return matrix_transpose(convert_to_tensor(matrix, name="matrix"), conjugate=True)


class Cross(Operation):
    """The cross products of vectors of 3, the last axis."""

    op_type, fresh = "Cross", True

    def infer(self, a, b):
        check_allowed("a", same_dtype(a, b, ("a", "b")), REAL)
        shape = merge(a.shape, b.shape)
        if shape is not None and (not shape or shape[-1] not in (3, None)):
            raise ValueError("Cross-products are only defined for 3-element vectors.")
        return Spec(a.dtype, shape)

    def compute(self, a, b):
        xp = array_namespace(a, b)
        x, y, z = (a[..., i] for i in range(3))
        u, v, w = (b[..., i] for i in range(3))
        return xp.stack([y * w - z * v, z * u - x * w, x * v - y * u], axis=-1)


@RegisterGradient("Cross")
def _cross_gradient(op, grad):
    # g . (a x b) = a . (b x g) = b . (g x a)
    a, b = op.inputs
    return lambda: cross(b, grad), lambda: cross(grad, a)


def cross(a, b, name=None):
    """The cross products of vectors, which are the last axis of a and b, of length 3.

    As in TF: tf.cross (op type Cross).
    """
    return binary(Cross, a, b, name)
