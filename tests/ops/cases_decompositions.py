"""Operation types of pellucid/ops/decompositions.py."""

import numpy as np

from tests.ops.case import case

X = np.array([[2.0, -0.5], [1.5, 5.0], [0.5, 1.0]], np.float32)


def product(full):
    """q r, which does not depend on the signs that the factors share."""
    def build(tf, x):
        q, r = tf.qr(x, full_matrices=full)
        return tf.matmul(q, r)
    return build


CASES = [
    case("Qr", product(False), X, oracle=lambda x: x, gradient=()),
    case("Qr", product(True), X, oracle=lambda x: x, gradient=(), label="full"),
    case("Qr", product(False), X.T.copy(), oracle=lambda x: x, gradient=(), label="wide"),
    case("Qr", product(False), np.stack([X, 2 * X]).astype(np.float64), oracle=lambda x: x,
         gradient=(), label="batch"),
]
