"""Products with sparse matrices."""

import numpy as np

from pellucid.core.arrays import array_namespace, on_host, scatter
from pellucid.core.gradients import RegisterGradient
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec, merge
from pellucid.ops.arguments import check_allowed, name_scope, same_dtype
from pellucid.ops.arrays.gathering import gather
from pellucid.ops.linalg.linear_algebra import PRODUCTS, adjoint
from pellucid.ops.math.complex_numbers import conjugate
from pellucid.ops.math.reductions import reduce_sum
from pellucid.ops.sparse.sparse_tensor import as_sparse, check_indices


class SparseTensorDenseMatMul(Operation):
    """a b, where a is sparse; of adjoints if adjoint_a, adjoint_b."""

    op_type, fresh = "SparseTensorDenseMatMul", True
    attrs = {"adjoint_a": False, "adjoint_b": False}
    static_inputs = (2,)

    def infer(self, a_indices, a_values, a_shape, b):
        dtype = same_dtype(a_values, b, ("a_values", "b"))
        check_allowed("b", dtype, PRODUCTS)
        m, k = merge(a_shape.as_shape(), (None, None))
        inner, n = merge(b.shape, (None, None))
        m, k = (k, m) if self.adjoint_a else (m, k)
        inner, n = (n, inner) if self.adjoint_b else (inner, n)
        if None not in (k, inner) and k != inner:
            raise ValueError(f"inner dimensions differ, {k} and {inner}.")
        return Spec(dtype, (m, n))

    def compute(self, a_indices, a_values, a_shape, b):
        dims = tuple(a_shape.tolist())
        if on_host(a_indices):
            check_indices(a_indices, dims)
        rows, columns = a_indices[:, 0], a_indices[:, 1]
        height, width = dims
        if self.adjoint_a:
            rows, columns, height, width = columns, rows, width, height
            a_values = a_values.conj()
        if self.adjoint_b:
            b = b.T.conj()
        if len(b) != width:
            raise ValueError(f"inner dimensions differ, {width} and {len(b)}")
        xp = array_namespace(a_values, b)
        if xp is np and a_values.dtype.kind == "f":
            return _sums(rows, a_values[:, None] * b[columns], height)
        zeros = xp.zeros((height, b.shape[1]), b.dtype)
        return scatter(zeros, rows, a_values[:, None] * b[columns], "add")


def _sums(rows, products, height):
    """The products with the same row number, added: sorted, then summed run by run.

    Ten times as fast as np.add.at for 10,000 products of 32.
    """
    result = np.zeros((height, products.shape[1]), products.dtype)
    if len(rows):
        if (rows[1:] < rows[:-1]).any():
            order = np.argsort(rows, kind="stable")
            rows, products = rows[order], products[order]
        starts = np.flatnonzero(np.concatenate([[True], rows[1:] != rows[:-1]]))
        result[rows[starts]] = np.add.reduceat(products, starts, axis=0)
    return result


@RegisterGradient("SparseTensorDenseMatMul")
def _sparse_tensor_dense_mat_mul_gradient(op, grad):
    # y[r] += a[r, c] b[c]: so to a[r, c] goes g[r] . b[c], and to b goes a^H g.
    indices, values, dense_shape, b = op.inputs
    rows, columns = indices[:, 0], indices[:, 1]
    if op.adjoint_a:
        rows, columns = columns, rows

    def to_values():
        from_b = gather(adjoint(b) if op.adjoint_b else b, columns)
        sent = reduce_sum(gather(grad, rows) * conjugate(from_b), 1)
        return conjugate(sent) if op.adjoint_a else sent

    def to_b():
        sent = SparseTensorDenseMatMul([indices, values, dense_shape, grad],
                                       adjoint_a=not op.adjoint_a).output
        return adjoint(sent) if op.adjoint_b else sent

    return None, to_values, None, to_b


def sparse_tensor_dense_matmul(sp_a, b, adjoint_a=False, adjoint_b=False, name=None):
    """The product of a sparse matrix and a dense one.

    Args:
      sp_a: SparseTensor, shape (m, k).
      b: Tensor of its dtype, shape (k, n).
      adjoint_a, adjoint_b: take the conjugate transpose first.

    Returns:
      Tensor, shape (m, n). Gradients flow to sp_a.values and to b.

    As in TF: tf.sparse_tensor_dense_matmul, tf.sparse.matmul (op type
    SparseTensorDenseMatMul).
    """
    sp_a = as_sparse(sp_a)
    with name_scope(name, "SparseTensorDenseMatMul",
                    [sp_a.indices, sp_a.values, sp_a.dense_shape, b]):
        b = convert_to_tensor(b, sp_a.values.spec.dtype, name="b")
        return SparseTensorDenseMatMul(
            [sp_a.indices, sp_a.values, sp_a.dense_shape, b], adjoint_a=bool(adjoint_a),
            adjoint_b=bool(adjoint_b)).output
