"""tf.linalg."""

from pellucid.ops.bands import diag as tensor_diag
from pellucid.ops.bands import diag_part as tensor_diag_part
from pellucid.ops.bands import matrix_band_part as band_part
from pellucid.ops.contractions import einsum, tensordot
from pellucid.ops.decompositions import qr, svd
from pellucid.ops.decompositions import self_adjoint_eig as eigh
from pellucid.ops.decompositions import self_adjoint_eigvals as eigvalsh
from pellucid.ops.diagonals import eye
from pellucid.ops.diagonals import matrix_diag as diag
from pellucid.ops.diagonals import matrix_diag_part as diag_part
from pellucid.ops.diagonals import matrix_set_diag as set_diag
from pellucid.ops.linear_algebra import adjoint, cross, matmul, matrix_transpose, matvec
from pellucid.ops.linear_algebra import matrix_transpose as transpose
from pellucid.ops.solvers import cholesky, cholesky_solve, logdet
from pellucid.ops.solvers import log_matrix_determinant as slogdet
from pellucid.ops.solvers import matrix_determinant as det
from pellucid.ops.solvers import matrix_inverse as inv
from pellucid.ops.solvers import matrix_solve as solve
from pellucid.ops.solvers import matrix_triangular_solve as triangular_solve
from pellucid.ops.statistics import norm, trace
