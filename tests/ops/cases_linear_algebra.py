"""Operation types of ops/linalg/linear_algebra.py and contractions.py."""

import numpy as np

from tests.ops.case import case

A = np.array([[1.0, 2.0, -3.0], [0.5, -5.0, 1.0]], np.float32)
B = np.array([[1.0, 0.5], [-1.0, 2.0], [0.25, 3.0]], np.float32)
C = np.array([[1.0, 2.0], [-1.0, 0.5]], np.float32)
X3 = np.linspace(-1, 2, 12, dtype=np.float32).reshape(2, 2, 3)
Y3 = np.linspace(2, -1, 18, dtype=np.float32).reshape(2, 3, 3)
X4 = np.linspace(-1, 1, 12, dtype=np.float32).reshape(2, 1, 2, 3)
INTS = np.array([[1, 2, -3], [4, 5, 6]], np.int32)
Z = np.array([[1 + 2j, -0.5 + 0.25j], [3 - 1j, 1j]], np.complex64)


def swap(x):
    return np.swapaxes(x, -1, -2)


def product(a, b, swap_a, swap_b, label=""):
    """A row for a b, with factors stored transposed where the options say so."""
    a, b = (swap(a).copy() if swap_a else a), (swap(b).copy() if swap_b else b)
    op_type = "MatMul" if max(a.ndim, b.ndim) == 2 else "BatchMatMulV2"
    return case(
        op_type,
        lambda tf, a, b: tf.matmul(a, b, transpose_a=swap_a, transpose_b=swap_b), a, b,
        oracle=lambda a, b: np.matmul(swap(a) if swap_a else a, swap(b) if swap_b else b),
        label=f"{label}{'_ta' * swap_a}{'_tb' * swap_b}".lstrip("_"))


def einsum(equation, *inputs, **options):
    return case("Einsum", lambda tf, *xs: tf.einsum(equation, *xs), *inputs,
                oracle=lambda *xs: np.einsum(equation, *xs), label=equation, **options)


CASES = [
    *[product(A, B, ta, tb) for ta in (False, True) for tb in (False, True)],
    *[product(X3, Y3, ta, tb) for ta in (False, True) for tb in (False, True)],
    *[product(X4, Y3, ta, tb, "broadcast") for ta in (False, True) for tb in (False, True)],
    product(X3, B, False, False, "matrix"),
    product(A, Y3, False, False, "left_matrix"),
    product(A[:0], B, False, False, "empty"),
    product(A[:, :0], B[:0], False, False, "inner_empty"),
    product(INTS, INTS.T.copy(), False, False, "int32"),
    product(A.astype(np.float64), B.astype(np.float64), False, False, "float64"),
    product(A.astype(np.float16), B.astype(np.float16), False, False, "float16"),
    product(Z, Z, False, False, "complex"),
    case("MatMul", lambda tf, a, b: a @ b, A, B, oracle=np.matmul, label="operator"),
    case("MatMul", lambda tf, a, b: tf.matmul(a, b, adjoint_a=True), Z, Z,
         oracle=lambda a, b: a.conj().T @ b, label="adjoint"),
    case("MatMul", lambda tf, x: tf.matmul(x, x), C, oracle=lambda x: x @ x,
         label="itself"),
    case("BatchMatMulV2", lambda tf, a, b: tf.matmul(a, b, adjoint_b=True), Z[None],
         Z[None], oracle=lambda a, b: a @ swap(b).conj(), label="adjoint"),
    case("MatMul", lambda tf, a, b: tf.linalg.matvec(a, b), A, B[:, 0].copy(),
         oracle=np.matmul, label="matvec"),
    case("MatMul", lambda tf, a, b: tf.tensordot(a, b, [[2], [0]]), X3, B,
         oracle=lambda a, b: np.tensordot(a, b, [[2], [0]]), label="tensordot"),
    case("MatMul", lambda tf, a, b: tf.tensordot(a, b, [[0, 2], [1, 0]]), X3, B,
         oracle=lambda a, b: np.tensordot(a, b, [[0, 2], [1, 0]]), label="tensordot_two"),
    case("Cross", lambda tf, a, b: tf.cross(a, b), A, A[::-1].copy(), oracle=np.cross),

    einsum("ij,jk->ik", A, B),
    einsum("ij->ji", A),
    einsum("ij->j", A),
    einsum("ij->", A),
    einsum("ii->i", C),
    einsum("ii->", C),
    einsum("i,i->", A[0], A[1]),
    einsum("i,j->ji", A[0], B[0]),
    einsum("ij,ij->i", A, A + 1),
    einsum("ij,j->ij", A, B[:, 0].copy()),
    einsum("bij,bjk->bki", X3, Y3),
    einsum("bij,jk->bik", X3, B),
    einsum("bfi,bti->bft", X3, X3 + 1),
    einsum("ijk,kl->l", X3, B),
    einsum("iij,jk->ki", np.stack([A, A + 1]), B),
    einsum("...ij,...jk->...ik", X3, Y3),
    einsum("...ij,jk->...ik", X4, B),
    einsum("i...,i->...", X3, C[0]),
    einsum("ij,jk,kl->il", A, B, C),
    einsum("ij,jk", A, B),
    einsum("ij,jk->ik", INTS, INTS.T.copy()),
    einsum("ij,jk->ik", Z, Z, second=False),
]
