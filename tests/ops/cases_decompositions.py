"""Operation types of pellucid/ops/linalg/decompositions.py.

What does not depend on the signs that factors share is looked at.
"""

import numpy as np

from tests.ops.case import case

X = np.array([[2.0, -0.5], [1.5, 5.0], [0.5, 1.0]])
SINGLE = X.astype(np.float32)
SQUARE = np.array([[3.0, 0.5, -1.0], [0.2, 1.5, 0.7], [-0.4, 0.3, 0.5]])
BATCH = np.stack([X, X[::-1]])
DISTINCT = np.stack([X, X[::-1] ** 2])      # along its first axis, too, no matrix is singular


def product(full):
    """q r, which does not depend on the signs that the factors share."""
    def build(tf, x):
        q, r = tf.qr(x, full_matrices=full)
        return tf.matmul(q, r)
    return build


def squares_of_factors(tf, x):
    q, r = tf.qr(x)
    return [q * q, r * r]


def spectrum(tf, x):
    e, v = tf.self_adjoint_eig(x + tf.matrix_transpose(x))
    return [e, v * v]


def spectral_norm(x):
    return np.linalg.norm(x, 2, axis=(0, 2))


def symmetric(x):
    e, v = np.linalg.eigh(x + x.swapaxes(-1, -2))
    return [e, v * v]


def values_and_squares(tf, x):
    s, u, v = tf.svd(x)
    return [s, u * u, v * v]


def singular(x):
    u, s, vh = np.linalg.svd(x, full_matrices=False)
    return [s, u * u, vh.swapaxes(-1, -2) ** 2]


CASES = [
    case("Qr", product(False), SINGLE, oracle=lambda x: x, gradient=()),
    case("Qr", product(True), SINGLE, oracle=lambda x: x, gradient=(), label="full"),
    case("Qr", product(False), SINGLE.T.copy(), oracle=lambda x: x, gradient=(), label="wide"),
    case("Qr", product(False), BATCH, oracle=lambda x: x, gradient=(), label="batch"),
    case("Qr", squares_of_factors, SQUARE, oracle=lambda x: [y * y for y in np.linalg.qr(x)],
         label="square"),
    case("SelfAdjointEigV2", spectrum, SQUARE, oracle=symmetric),
    case("SelfAdjointEigV2", spectrum, np.stack([SQUARE, SQUARE.T @ SQUARE]), oracle=symmetric,
         label="batch"),
    case("SelfAdjointEigV2", lambda tf, x: tf.self_adjoint_eigvals(x),
         SQUARE, oracle=np.linalg.eigvalsh, label="values"),
    case("SelfAdjointEigV2", lambda tf, x: tf.self_adjoint_eigvals(x),
         (SQUARE + 1j * SQUARE.T).astype(np.complex64), oracle=lambda x: np.linalg.eigvalsh(
             x).astype(np.complex64), gradient=(), label="complex"),
    case("Svd", values_and_squares, SQUARE, oracle=singular),
    case("Svd", values_and_squares, BATCH, oracle=singular, label="tall batch"),
    case("Svd", values_and_squares, X.T.copy(), oracle=singular, label="wide"),
    case("Svd", lambda tf, x: tf.svd(x, compute_uv=False), X,
         oracle=lambda x: np.linalg.svd(x, compute_uv=False), label="values"),
    case("Svd", lambda tf, x: [y * y for y in tf.svd(x, full_matrices=True)[1:]],
         SQUARE, oracle=lambda x: singular(x)[1:], label="full"),
    case("Svd", lambda tf, x: tf.norm(x, 2, axis=[-3, 2]), DISTINCT, oracle=spectral_norm,
         label="norm"),
    case("Svd", lambda tf, x: tf.svd(x, compute_uv=False), (SQUARE + 1j).astype(np.complex128),
         oracle=lambda x: np.linalg.svd(x, compute_uv=False), gradient=(), label="complex"),
]
