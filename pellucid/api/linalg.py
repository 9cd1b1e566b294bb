"""tf.linalg."""

from pellucid.ops.contractions import einsum, tensordot
from pellucid.ops.diagonals import eye
from pellucid.ops.diagonals import matrix_diag as diag
from pellucid.ops.diagonals import matrix_diag_part as diag_part
from pellucid.ops.diagonals import matrix_set_diag as set_diag
from pellucid.ops.linear_algebra import adjoint, cross, matmul, matrix_transpose, matvec
from pellucid.ops.linear_algebra import matrix_transpose as transpose
from pellucid.ops.statistics import norm, trace
