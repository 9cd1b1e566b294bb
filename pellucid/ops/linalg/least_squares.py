"""Least squares: the solution of systems that have too many equations, or too few."""

import numpy as np

from pellucid.core import dtypes
from pellucid.core.arrays import array_namespace
from pellucid.core.gradients import RegisterGradient, gradients
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec, merge
from pellucid.core.tensor import Tensor
from pellucid.ops.arguments import as_tensor, check_allowed, name_scope, same_dtype
from pellucid.ops.arrays.shaping import shape
from pellucid.ops.linalg.diagonals import eye
from pellucid.ops.linalg.linear_algebra import matmul
from pellucid.ops.linalg.solvers import SOLVABLE, cholesky, cholesky_solve
from pellucid.ops.math.casting import cast


class MatrixSolveLs(Operation):
    """x that makes |A x - rhs|^2 + l2_regularizer |x|^2 least; of several, the shortest."""

    op_type, attrs, fresh = "MatrixSolveLs", {"fast": True}, True

    def infer(self, matrix, rhs, l2_regularizer):
        dtype = same_dtype(matrix, rhs, ("matrix", "rhs"))
        check_allowed("matrix", dtype, SOLVABLE)
        merge(l2_regularizer.shape, ())
        for label, x in ("matrix", matrix), ("rhs", rhs):
            if x.shape is not None and len(x.shape) < 2:
                raise ValueError(f"{label} must be at least a matrix, but has rank {x.rank}.")
        if matrix.shape is None and rhs.shape is None:
            return Spec(dtype, None)
        matrix, rhs = matrix.shape, rhs.shape
        matrix = (*rhs[:-1], None) if matrix is None else matrix
        rhs = (*matrix[:-1], None) if rhs is None else rhs
        batch = merge(matrix[:-1], rhs[:-1])[:-1]
        return Spec(dtype, (*batch, matrix[-1], rhs[-1]))

    def compute(self, matrix, rhs, l2_regularizer):
        xp = array_namespace(matrix, rhs)
        if self.fast:
            return _by_normal_equations(xp, matrix, rhs, l2_regularizer)
        # By the singular values, those aside that are zero but for rounding.
        u, s, vh = xp.linalg.svd(matrix, full_matrices=False)
        floor = s[..., :1] * max(matrix.shape[-2:]) * np.finfo(s.dtype).eps
        inverse = xp.where(s > floor, 1 / xp.where(s > floor, s, 1), 0)
        projected = u.swapaxes(-1, -2).conj() @ rhs
        return (vh.swapaxes(-1, -2).conj() @ (inverse[..., None] * projected)).astype(matrix.dtype)


def _by_normal_equations(xp, a, b, weight):
    """(A^H A + w I)^-1 A^H b; or, of fewer equations than unknowns, A^H (A A^H + w I)^-1 b."""
    ah, weight = a.swapaxes(-1, -2).conj(), weight.astype(a.dtype)
    rows, columns = a.shape[-2:]
    if rows >= columns:
        return xp.linalg.solve(ah @ a + weight * xp.eye(columns, dtype=a.dtype), ah @ b)
    return ah @ xp.linalg.solve(a @ ah + weight * xp.eye(rows, dtype=a.dtype), b)


@RegisterGradient("MatrixSolveLs")
def _matrix_solve_ls_gradient(op, grad):
    # The same solution, written in operations that have gradients.
    if not op.fast:
        raise ValueError("Gradient not defined for fast=False")
    a, b, weight = op.inputs
    if a.spec.shape is None or None in a.spec.shape[-2:]:
        raise ValueError("The gradient of matrix_solve_ls needs a matrix of known shape: use "
                         "set_shape.")
    return (*gradients(_solution(a, b, weight), [a, b], grad, stop_gradients=[a, b]), None)


def _solution(matrix, rhs, weight):
    """The least squares solution by Cholesky's factor of the smaller Gram matrix."""
    rows, columns = matrix.spec.shape[-2:]
    over = rows >= columns
    gram = matmul(matrix, matrix, adjoint_a=over, adjoint_b=not over)
    if isinstance(weight, Tensor) or weight != 0:
        identity = eye(min(rows, columns), batch_shape=shape(gram)[:-2], dtype=gram.dtype)
        gram = gram + cast(weight, gram.dtype) * identity
    factor = cholesky(gram)
    if over:
        return cholesky_solve(factor, matmul(matrix, rhs, adjoint_a=True))
    return matmul(matrix, cholesky_solve(factor, rhs), adjoint_a=True)


def matrix_solve_ls(matrix, rhs, l2_regularizer=0.0, fast=True, name=None):
    """x that makes |matrix x - rhs|^2 + l2_regularizer |x|^2 least.

    Args:
      matrix: Tensor of float32, float64 or complex, shape (..., m, n).
      rhs: Tensor of its dtype, shape (..., m, k).
      l2_regularizer: float or scalar Tensor.
      fast: bool, solve the normal equations by Cholesky's factor, which is quicker, and fails
        if the columns (for m < n the rows) are nearly dependent. False takes any matrix,
        leaves the regularizer out as TensorFlow does, and has no gradient.

    Returns:
      Tensor, shape (..., n, k).

    As in TF: tf.matrix_solve_ls, tf.linalg.lstsq (op type MatrixSolveLs).
    """
    matrix = as_tensor(matrix, name="matrix")
    known = matrix.spec.shape
    if fast and known is not None and None not in known[-2:]:
        with name_scope(name, "matrix_solve_ls", [matrix, rhs, l2_regularizer]):
            rhs = convert_to_tensor(rhs, matrix.spec.dtype, name="rhs")
            return _solution(matrix, rhs, l2_regularizer)
    with name_scope(name, "MatrixSolveLs", [matrix, rhs, l2_regularizer]) as scope:
        rhs = convert_to_tensor(rhs, matrix.spec.dtype, name="rhs")
        weight = convert_to_tensor(l2_regularizer, dtypes.float64, name="l2_regularizer")
        return MatrixSolveLs([matrix, rhs, weight], scope, fast=bool(fast)).output
