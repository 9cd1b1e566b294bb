"""Operation types of pellucid/ops/linalg/solvers.py."""

import numpy as np

from tests.ops.case import case

A = np.array([[3.0, 0.5, -1.0], [0.2, 1.5, 0.7], [-0.4, 0.3, 0.5]])
BATCH = np.stack([A, A.T + 1])
COMPLEX = (A + 0.5j * A.T).astype(np.complex64)
B = np.array([[1.0, 2.0], [-1.0, 0.5], [0.0, 3.0]])
B_BATCH = np.stack([B, -2 * B])


def positive(tf, x):
    return tf.matmul(x, x, adjoint_b=True)


def squared(x):
    return x @ x.swapaxes(-1, -2).conj()


def transposed(x):
    return x.swapaxes(-1, -2)


CASES = [
    case("Cholesky", lambda tf, x: tf.cholesky(positive(tf, x)), A,
         oracle=lambda x: np.linalg.cholesky(squared(x))),
    case("Cholesky", lambda tf, x: tf.cholesky(positive(tf, x)), BATCH,
         oracle=lambda x: np.linalg.cholesky(squared(x)), label="batch"),
    case("Cholesky", lambda tf, x: tf.cholesky(x), squared(COMPLEX),
         oracle=np.linalg.cholesky, gradient=(), label="complex"),
    case("Cholesky", lambda tf, x: tf.linalg.logdet(positive(tf, x)), BATCH,
         oracle=lambda x: np.log(np.linalg.det(squared(x))), label="logdet"),
    case("MatrixInverse", lambda tf, x: tf.matrix_inverse(x), A, oracle=np.linalg.inv),
    case("MatrixInverse", lambda tf, x: tf.matrix_inverse(x, adjoint=True), BATCH,
         oracle=lambda x: transposed(np.linalg.inv(x)), label="adjoint"),
    case("MatrixInverse", lambda tf, x: tf.matrix_inverse(x, adjoint=True), COMPLEX,
         oracle=lambda x: np.linalg.inv(x).T.conj(), gradient=(), label="complex"),
    case("MatrixInverse", lambda tf, x: tf.linalg.inv(x), np.zeros((2, 0, 0), np.float32),
         oracle=lambda x: x, label="empty"),
    case("MatrixDeterminant", lambda tf, x: tf.matrix_determinant(x), A,
         oracle=np.linalg.det),
    case("MatrixDeterminant", lambda tf, x: tf.matrix_determinant(x),
         BATCH.astype(np.float32), oracle=np.linalg.det, label="batch"),
    case("LogMatrixDeterminant", lambda tf, x: tf.linalg.slogdet(x), BATCH,
         oracle=lambda x: list(np.linalg.slogdet(x))),
    case("LogMatrixDeterminant", lambda tf, x: tf.linalg.slogdet(x), COMPLEX, gradient=(),
         label="complex"),
    case("MatrixSolve", lambda tf, a, b: tf.matrix_solve(a, b), A, B, oracle=np.linalg.solve),
    case("MatrixSolve", lambda tf, a, b: tf.matrix_solve(a, b, adjoint=True), BATCH, B_BATCH,
         oracle=lambda a, b: np.linalg.solve(transposed(a), b), label="adjoint batch"),
    case("MatrixSolve", lambda tf, a, b: tf.linalg.solve(a, b, adjoint=True), COMPLEX,
         B.astype(np.complex64), oracle=lambda a, b: np.linalg.solve(a.T.conj(), b),
         gradient=(), label="complex"),
    case("MatrixTriangularSolve", lambda tf, a, b: tf.matrix_triangular_solve(a, b), A, B,
         oracle=lambda a, b: np.linalg.solve(np.tril(a), b)),
    case("MatrixTriangularSolve",
         lambda tf, a, b: tf.matrix_triangular_solve(a, b, lower=False), BATCH, B_BATCH,
         oracle=lambda a, b: np.linalg.solve(np.triu(a), b), label="upper batch"),
    case("MatrixTriangularSolve",
         lambda tf, a, b: tf.matrix_triangular_solve(a, b, adjoint=True), A, B,
         oracle=lambda a, b: np.linalg.solve(np.tril(a).T, b), label="adjoint"),
    case("MatrixTriangularSolve",
         lambda tf, a, b: tf.linalg.triangular_solve(a, b, lower=False, adjoint=True), A, B,
         oracle=lambda a, b: np.linalg.solve(np.triu(a).T, b), label="upper adjoint"),
    case("MatrixTriangularSolve", lambda tf, x, b: tf.cholesky_solve(x, b), A, B,
         oracle=lambda x, b: np.linalg.solve(squared(np.tril(x)), b), label="cholesky_solve"),
]
