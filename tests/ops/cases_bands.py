"""Operation types of pellucid/ops/linalg/bands.py."""

import numpy as np

from tests.ops.case import case

X = np.arange(24, dtype=np.float32).reshape(2, 3, 4) - 7
DIAGONAL = np.array([[1.0, -2.0, 3.0], [0.5, 0.0, 4.0]])


def whole(x):
    return np.diag(x.ravel()).reshape(x.shape * 2)


CASES = [
    case("MatrixBandPart", lambda tf, x: tf.matrix_band_part(x, -1, 0), X, oracle=np.tril),
    case("MatrixBandPart", lambda tf, x: tf.matrix_band_part(x, 0, -1), X, oracle=np.triu,
         label="upper"),
    case("MatrixBandPart", lambda tf, x: tf.linalg.band_part(x, 1, 2), X[0].astype(np.int32),
         oracle=lambda x: np.tril(np.triu(x, -1), 2), label="band"),
    case("MatrixBandPart", lambda tf, x, n: tf.matrix_band_part(x, n, n), X, np.int32(1),
         label="fed"),
    case("MatrixBandPart", lambda tf, x: tf.matrix_band_part(x, 0, 0),
         np.zeros((0, 2), np.float32), oracle=lambda x: x, label="empty"),
    case("Diag", lambda tf, x: tf.diag(x), DIAGONAL, oracle=whole),
    case("Diag", lambda tf, x: tf.linalg.tensor_diag(x), np.array([1, 2, 3]), oracle=np.diag,
         label="vector"),
    case("DiagPart", lambda tf, x: tf.diag_part(x), whole(DIAGONAL) + 1,
         oracle=lambda x: DIAGONAL + 1),
    case("DiagPart", lambda tf, x: tf.diag_part(x), np.arange(9).reshape(3, 3),
         oracle=np.diag, label="matrix"),
]
