"""LinearOperatorLowerTriangular: a triangular matrix, and what can be done with it cheaply."""

from pellucid.core.shapes import as_tuple
from pellucid.ops.arguments import as_tensor, name_scope
from pellucid.ops.arrays.shaping import expand_dims, shape, squeeze
from pellucid.ops.control.passing import identity
from pellucid.ops.linalg.bands import matrix_band_part
from pellucid.ops.linalg.diagonals import matrix_diag_part
from pellucid.ops.linalg.linear_algebra import matmul
from pellucid.ops.linalg.solvers import matrix_triangular_solve
from pellucid.ops.math.elementwise import abs
from pellucid.ops.math.functions import log
from pellucid.ops.math.reductions import reduce_prod, reduce_sum


class LinearOperatorLowerTriangular:
    """The lower triangle of a matrix, as the linear map that it is.

    Args:
      tril: Tensor, shape (..., n, n). What stands above the diagonal is not read.
      is_non_singular, is_self_adjoint, is_positive_definite, is_square: bool, hints, which
        can be read again. is_square=False is refused: the matrix is square.
      name: str.

    As in TF: tf.linalg.LinearOperatorLowerTriangular. Products, solutions and determinants;
    for all else use to_dense().
    """

    def __init__(self, tril, is_non_singular=None, is_self_adjoint=None,
                 is_positive_definite=None, is_square=None,
                 name="LinearOperatorLowerTriangular"):
        if is_square is False:
            raise ValueError("Only square lower triangular operators supported at this time.")
        self.is_square, self.is_non_singular = True, is_non_singular
        self.is_self_adjoint, self.is_positive_definite = is_self_adjoint, is_positive_definite
        self.name = name
        with name_scope(name, values=[tril]):
            self._matrix = matrix_band_part(as_tensor(tril, name="tril"), -1, 0)
            self._diagonal = matrix_diag_part(self._matrix)

    @property
    def dtype(self):
        return self._matrix.dtype

    @property
    def shape(self):
        """TensorShape of the matrix."""
        return self._matrix.shape

    def shape_tensor(self, name="shape_tensor"):
        """The matrix's shape, as a Tensor."""
        return shape(self._matrix, name)

    @property
    def batch_shape(self):
        """TensorShape of what stands before the last two axes."""
        return self.shape[:-2]

    @property
    def domain_dimension(self):
        """Dimension: the number of columns."""
        return self.shape[-1]

    @property
    def range_dimension(self):
        """Dimension: the number of rows."""
        return self.shape[-2]

    @property
    def tensor_rank(self):
        """int, the matrix's number of axes."""
        return len(as_tuple(self.shape))

    def to_dense(self, name="to_dense"):
        """The matrix, zeros above the diagonal."""
        with name_scope(name):
            return identity(self._matrix)

    def diag_part(self, name="diag_part"):
        """The diagonal, shape (..., n)."""
        with name_scope(name):
            return identity(self._diagonal)

    def trace(self, name="trace"):
        """The sum of the diagonal."""
        with name_scope(name):
            return reduce_sum(self._diagonal, -1)

    def determinant(self, name="det"):
        """The determinant: the product of the diagonal."""
        with name_scope(name):
            return reduce_prod(self._diagonal, [-1])

    def log_abs_determinant(self, name="log_abs_det"):
        """log |det|: a sum over the diagonal."""
        with name_scope(name):
            return reduce_sum(log(abs(self._diagonal)), [-1])

    def matmul(self, x, adjoint=False, adjoint_arg=False, name="matmul"):
        """matrix x, for x of shape (..., n, k); of adjoints if adjoint, adjoint_arg."""
        with name_scope(name):
            return matmul(self._matrix, x, adjoint_a=adjoint, adjoint_b=adjoint_arg)

    def matvec(self, x, adjoint=False, name="matvec"):
        """matrix x, for x of shape (..., n)."""
        with name_scope(name):
            return squeeze(self.matmul(expand_dims(as_tensor(x), -1), adjoint), [-1])

    def solve(self, rhs, adjoint=False, adjoint_arg=False, name="solve"):
        """x with matrix x = rhs, for rhs of shape (..., n, k)."""
        with name_scope(name):
            from pellucid.ops.linalg.linear_algebra import adjoint as adjoint_of
            rhs = adjoint_of(rhs) if adjoint_arg else rhs
            return matrix_triangular_solve(self._matrix, rhs, lower=True, adjoint=adjoint)

    def solvevec(self, rhs, adjoint=False, name="solvevec"):
        """x with matrix x = rhs, for rhs of shape (..., n)."""
        with name_scope(name):
            return squeeze(self.solve(expand_dims(as_tensor(rhs), -1), adjoint), [-1])

    def add_to_tensor(self, x, name="add_to_tensor"):
        """matrix + x."""
        with name_scope(name):
            return self._matrix + x
