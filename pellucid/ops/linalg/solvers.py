"""Systems of linear equations: Cholesky factors, solutions, inverses, determinants.

Each works on a matrix or on a batch of them, in the last two axes. Read next:
decompositions.py.
"""

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.arrays import array_namespace
from pellucid.core.gradients import RegisterGradient
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec, merge
from pellucid.ops.arguments import check_allowed, name_scope, same_dtype, unary
from pellucid.ops.arrays.shaping import expand_dims
from pellucid.ops.linalg.bands import matrix_band_part
from pellucid.ops.linalg.diagonals import matrix_diag_part, matrix_set_diag
from pellucid.ops.linalg.linear_algebra import adjoint, matmul
from pellucid.ops.math.complex_numbers import conjugate, real
from pellucid.ops.math.functions import log
from pellucid.ops.math.reductions import reduce_sum

SOLVABLE = (dtypes.float32, dtypes.float64, dtypes.complex64, dtypes.complex128)


def check_square(x, name="input"):
    """The shape of Spec x with both of its last dimensions known if one is.

    Raises TypeError for a dtype that LAPACK does not know, ValueError unless x can hold
    square matrices.
    """
    check_allowed(name, x.dtype, SOLVABLE)
    if x.shape is None:
        return None
    if len(x.shape) < 2:
        raise ValueError(f"{name} must be at least a matrix, but has rank {x.rank}.")
    *batch, m, n = x.shape
    if None not in (m, n) and m != n:
        raise ValueError(f"Dimensions must be equal, but are {m} and {n}: {name} must hold "
                         "square matrices.")
    side = n if m is None else m
    return (*batch, side, side)


def solved(function, *matrices, cause):
    """function(*matrices); InvalidArgumentError with `cause` for a singular matrix."""
    try:
        return function(*matrices)
    except np.linalg.LinAlgError as error:
        if "must be" in str(error):                          # it is not square
            cause = str(error)
        raise errors.InvalidArgumentError(None, None, cause) from None


class _Square(Operation):
    """Base of operations from a square matrix to one like it."""

    fresh = True

    def infer(self, input):
        return Spec(input.dtype, check_square(input))


# -- the Cholesky factor -------------------------------------------------------------------

class Cholesky(_Square):
    """The lower triangular L with L L^H = x; only x's lower triangle is read."""

    op_type = "Cholesky"

    def compute(self, input):
        return solved(array_namespace(input).linalg.cholesky, input, cause=(
            "Cholesky decomposition was not successful. The input might not be valid: it "
            "must be symmetric and positive definite."))


@RegisterGradient("Cholesky")
def _cholesky_gradient(op, grad):
    # dL = L low(L^-1 dx L^-H), where low takes the lower triangle and halves the diagonal;
    # so the gradient is the symmetric part of L^-H low(L^H g) L^-1. (Murray 2016)
    factor = op.output
    middle = matmul(factor, grad, adjoint_a=True)
    middle = matrix_set_diag(middle, matrix_diag_part(middle) / 2)
    left = matrix_triangular_solve(factor, matrix_band_part(middle, -1, 0), adjoint=True)
    whole = adjoint(matrix_triangular_solve(factor, adjoint(left), adjoint=True))
    return (whole + adjoint(whole)) / 2


def cholesky(input, name=None):
    """The Cholesky factor of symmetric (Hermitian) positive definite matrices.

    Args:
      input: Tensor of float32, float64 or complex, shape (..., n, n). Only the lower
        triangle is read.

    Returns:
      Tensor like input: lower triangular L with L L^H = input.

    Raises:
      tf.errors.InvalidArgumentError: in the run, if a matrix is not positive definite.

    As in TF: tf.cholesky, tf.linalg.cholesky (op type Cholesky).
    """
    return unary(Cholesky, input, name)


def cholesky_solve(chol, rhs, name=None):
    """x with A x = rhs, given A's Cholesky factor.

    Args:
      chol: Tensor, shape (..., n, n), what tf.cholesky(A) returns.
      rhs: Tensor of chol's dtype, shape (..., n, k).

    As in TF: tf.cholesky_solve, tf.linalg.cholesky_solve.
    """
    with name_scope(name, "cholesky_solve", [chol, rhs]):
        chol = convert_to_tensor(chol, name="chol")
        y = _solve(MatrixTriangularSolve, chol, rhs, None, lower=True)
        return _solve(MatrixTriangularSolve, chol, y, None, lower=True, adjoint=True)


# -- solutions -----------------------------------------------------------------------------

class MatrixSolve(Operation):
    """x with A x = rhs; with A^H x = rhs if adjoint."""

    op_type, attrs, fresh = "MatrixSolve", {"adjoint": False}, True

    def infer(self, matrix, rhs):
        dtype = same_dtype(matrix, rhs, ("matrix", "rhs"))
        shape = check_square(matrix, "matrix")
        if rhs.shape is None:
            return Spec(dtype, None if shape is None else (*shape[:-1], None))
        if len(rhs.shape) < 2:
            raise ValueError(f"rhs must be at least a matrix, but has rank {rhs.rank}.")
        if shape is None:
            return Spec(dtype, rhs.shape)
        return Spec(dtype, merge(shape[:-1], rhs.shape[:-1]) + rhs.shape[-1:])

    def compute(self, matrix, rhs):
        self.infer(Spec(None, np.shape(matrix)), Spec(None, np.shape(rhs)))
        if self.adjoint:
            matrix = matrix.swapaxes(-1, -2).conj()
        return self._solve(matrix, rhs)

    def _solve(self, matrix, rhs):
        xp = array_namespace(matrix, rhs)
        return solved(xp.linalg.solve, matrix, rhs, cause="Input matrix is not invertible.")


class MatrixTriangularSolve(MatrixSolve):
    """The same for a triangular A, whose other triangle is not read."""

    op_type, attrs = "MatrixTriangularSolve", {"lower": True, "adjoint": False}

    def _solve(self, matrix, rhs):
        # NumPy has no solver for triangles. Its general one costs more, but is as exact:
        # elimination in a triangle has nothing to eliminate.
        xp = array_namespace(matrix, rhs)
        triangle = xp.tril if self.lower != self.adjoint else xp.triu
        return super()._solve(triangle(matrix), rhs)


@RegisterGradient("MatrixSolve")
def _matrix_solve_gradient(op, grad):
    # A dx = drhs - dA x: so to rhs goes b = A^-H g, and to A goes -b x^H.
    sent = matrix_solve(op.inputs[0], grad, adjoint=not op.adjoint)
    return lambda: _to_matrix(op, sent), sent


@RegisterGradient("MatrixTriangularSolve")
def _matrix_triangular_solve_gradient(op, grad):
    sent = matrix_triangular_solve(op.inputs[0], grad, op.lower, not op.adjoint)
    band = (-1, 0) if op.lower else (0, -1)
    return lambda: matrix_band_part(_to_matrix(op, sent), *band), sent


def _to_matrix(op, sent):
    if op.adjoint:
        return -matmul(op.output, sent, adjoint_b=True)
    return -matmul(sent, op.output, adjoint_b=True)


def matrix_solve(matrix, rhs, adjoint=False, name=None):
    """x with matrix x = rhs.

    Args:
      matrix: Tensor of float32, float64 or complex, shape (..., n, n).
      rhs: Tensor of its dtype, shape (..., n, k).
      adjoint: bool, solve with the matrix's conjugate transpose.

    Returns:
      Tensor, shape (..., n, k).

    Raises:
      tf.errors.InvalidArgumentError: in the run, if a matrix is not invertible.

    As in TF: tf.matrix_solve, tf.linalg.solve (op type MatrixSolve).
    """
    with name_scope(name, "MatrixSolve", [matrix, rhs]) as scope:
        return _solve(MatrixSolve, matrix, rhs, scope, adjoint=bool(adjoint))


def matrix_triangular_solve(matrix, rhs, lower=True, adjoint=False, name=None):
    """x with matrix x = rhs, where the matrix is triangular.

    Args:
      matrix: Tensor of float32, float64 or complex, shape (..., n, n).
      rhs: Tensor of its dtype, shape (..., n, k).
      lower: bool, whether the matrix is lower triangular. What stands in the other triangle
        is not read.
      adjoint: bool, solve with the matrix's conjugate transpose.

    Returns:
      Tensor, shape (..., n, k).

    Raises:
      tf.errors.InvalidArgumentError: in the run, if a matrix is not invertible.

    As in TF: tf.matrix_triangular_solve (op type MatrixTriangularSolve).
    """
    with name_scope(name, "triangular_solve", [matrix, rhs]):
        return _solve(MatrixTriangularSolve, matrix, rhs, None, lower=bool(lower),
                      adjoint=bool(adjoint))


def _solve(op_class, matrix, rhs, name, **attrs):
    matrix = convert_to_tensor(matrix, name="matrix")
    rhs = convert_to_tensor(rhs, matrix.spec.dtype, name="rhs")
    return op_class([matrix, rhs], name, **attrs).output


# -- inverses and determinants -------------------------------------------------------------

class MatrixInverse(_Square):
    """x^-1, or its conjugate transpose."""

    op_type, attrs = "MatrixInverse", {"adjoint": False}

    def compute(self, input):
        inverse = solved(array_namespace(input).linalg.inv, input,
                         cause="Input is not invertible.")
        return inverse.swapaxes(-1, -2).conj() if self.adjoint else inverse


@RegisterGradient("MatrixInverse")
def _matrix_inverse_gradient(op, grad):
    # d(x^-1) = -x^-1 dx x^-1
    y = op.output
    if op.adjoint:
        return -matmul(y, matmul(grad, y, adjoint_a=True))
    return -matmul(y, matmul(grad, y, adjoint_b=True), adjoint_a=True)


def matrix_inverse(input, adjoint=False, name=None):
    """The inverse of each matrix.

    Args:
      input: Tensor of float32, float64 or complex, shape (..., n, n).
      adjoint: bool, return the inverse's conjugate transpose.

    Raises:
      tf.errors.InvalidArgumentError: in the run, if a matrix is not invertible.

    As in TF: tf.matrix_inverse, tf.linalg.inv (op type MatrixInverse).
    """
    with name_scope(name, "MatrixInverse", [input]) as scope:
        input = convert_to_tensor(input, name="input")
        return MatrixInverse([input], scope, adjoint=bool(adjoint)).output


class MatrixDeterminant(Operation):
    """det x."""

    op_type, fresh = "MatrixDeterminant", True

    def infer(self, input):
        shape = check_square(input)
        return Spec(input.dtype, None if shape is None else shape[:-2])

    def compute(self, input):
        return array_namespace(input).linalg.det(input)


@RegisterGradient("MatrixDeterminant")
def _matrix_determinant_gradient(op, grad):
    # d det = det tr(x^-1 dx)
    inverse = matrix_inverse(op.inputs[0], adjoint=True)
    return _as_matrix(grad * conjugate(op.output)) * inverse


def _as_matrix(x):
    return expand_dims(expand_dims(x, -1), -1)


def matrix_determinant(input, name=None):
    """The determinant of each matrix.

    Args:
      input: Tensor of float32, float64 or complex, shape (..., n, n).

    Returns:
      Tensor, shape (...). Its gradient needs an invertible matrix.

    As in TF: tf.matrix_determinant, tf.linalg.det (op type MatrixDeterminant).
    """
    return unary(MatrixDeterminant, input, name)


class LogMatrixDeterminant(Operation):
    """(sign, log|det x|), where det x = sign exp(log|det x|)."""

    op_type, fresh = "LogMatrixDeterminant", True

    def infer(self, input):
        shape = check_square(input)
        spec = Spec(input.dtype, None if shape is None else shape[:-2])
        return spec, Spec(spec.dtype, spec.shape)

    def compute(self, input):
        sign, size = array_namespace(input).linalg.slogdet(input)
        return sign, size.astype(input.dtype)         # slogdet's logarithm is real


@RegisterGradient("LogMatrixDeterminant")
def _log_matrix_determinant_gradient(op, _, grad):
    # d log|det| = tr(x^-1 dx); the sign is constant.
    return _as_matrix(grad) * matrix_inverse(op.inputs[0], adjoint=True)


def log_matrix_determinant(input, name=None):
    """(sign, log|det|) of each matrix: determinants too great or too small to write down.

    Args:
      input: Tensor of float32, float64 or complex, shape (..., n, n).

    Returns:
      (sign, log_abs_determinant), Tensors of input's dtype, shape (...).

    As in TF: tf.linalg.slogdet (op type LogMatrixDeterminant).
    """
    with name_scope(name, "LogMatrixDeterminant", [input]) as scope:
        return LogMatrixDeterminant([convert_to_tensor(input, name="input")], scope).outputs


def logdet(matrix, name=None):
    """log det of symmetric (Hermitian) positive definite matrices, by Cholesky's factor.

    Args:
      matrix: Tensor of float32, float64 or complex, shape (..., n, n).

    Returns:
      Tensor of real numbers, shape (...).

    As in TF: tf.linalg.logdet.
    """
    with name_scope(name, "logdet", [matrix]):
        diagonal = real(matrix_diag_part(cholesky(matrix)))
        return reduce_sum(log(diagonal), [-1]) * 2
