"""tf.linalg."""
# ruff: noqa: F401

from pellucid.ops.contractions import einsum, tensordot
from pellucid.ops.linear_algebra import cross, matmul, matrix_transpose, matvec
from pellucid.ops.linear_algebra import matrix_transpose as transpose
from pellucid.ops.statistics import norm
