"""tf.linalg."""

from pellucid.ops.linalg.bands import diag as tensor_diag
from pellucid.ops.linalg.bands import diag_part as tensor_diag_part
from pellucid.ops.linalg.bands import matrix_band_part as band_part
from pellucid.ops.linalg.contractions import einsum, tensordot
from pellucid.ops.linalg.decompositions import qr, svd
from pellucid.ops.linalg.decompositions import self_adjoint_eig as eigh
from pellucid.ops.linalg.decompositions import self_adjoint_eigvals as eigvalsh
from pellucid.ops.linalg.diagonals import eye
from pellucid.ops.linalg.diagonals import matrix_diag as diag
from pellucid.ops.linalg.diagonals import matrix_diag_part as diag_part
from pellucid.ops.linalg.diagonals import matrix_set_diag as set_diag
from pellucid.ops.linalg.least_squares import matrix_solve_ls as lstsq
from pellucid.ops.linalg.linear_algebra import adjoint, cross, matmul, matrix_transpose, matvec
from pellucid.ops.linalg.linear_algebra import matrix_transpose as transpose
from pellucid.ops.linalg.linear_operator import LinearOperatorLowerTriangular
from pellucid.ops.linalg.solvers import cholesky, cholesky_solve, logdet
from pellucid.ops.linalg.solvers import log_matrix_determinant as slogdet
from pellucid.ops.linalg.solvers import matrix_determinant as det
from pellucid.ops.linalg.solvers import matrix_inverse as inv
from pellucid.ops.linalg.solvers import matrix_solve as solve
from pellucid.ops.linalg.solvers import matrix_triangular_solve as triangular_solve
from pellucid.ops.math.statistics import norm, trace
