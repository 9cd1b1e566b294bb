"""Operation types of pellucid/ops/linalg/diagonals.py."""

import numpy as np

from tests.ops.case import case

V = np.array([1.0, -2.0, 3.0], np.float32)
PAIR = np.array([[1.0, 2.0], [3.0, 4.0]], np.float32)
BATCH = np.linspace(-1, 1, 24).reshape(2, 3, 4).astype(np.float32)


def with_diagonal(x, d, k=0):
    result = x.copy()
    rows = np.arange(d.shape[-1]) + max(-k, 0)
    result[..., rows, rows + k] = d
    return result


CASES = [
    case("MatrixDiagV3", lambda tf, x: tf.matrix_diag(x), V, oracle=np.diag),
    case("MatrixDiagV3", lambda tf, x: tf.matrix_diag(x), PAIR, label="batch",
         oracle=lambda x: np.stack([np.diag(row) for row in x])),
    case("MatrixDiagV3", lambda tf, x: tf.matrix_diag(x, k=1), V, label="above",
         oracle=lambda x: np.diag(x, 1)),
    case("MatrixDiagV3", lambda tf, x: tf.matrix_diag(x, k=-2, num_rows=5, num_cols=4), V,
         label="below", oracle=lambda x: np.diag(x, -2)[:, :4]),
    case("MatrixDiagV3",
         lambda tf, x: tf.matrix_diag(x, num_rows=3, num_cols=4, padding_value=9.0), V,
         label="wide", oracle=lambda x: with_diagonal(np.full((3, 4), 9, np.float32), x)),
    case("MatrixDiagV3", lambda tf, n: tf.eye(n), np.int32(2), label="eye",
         oracle=lambda n: np.eye(2, dtype=np.float32)),
    case("MatrixDiagPartV3", lambda tf, x: tf.matrix_diag_part(x), BATCH,
         oracle=lambda x: np.diagonal(x, 0, 1, 2)),
    case("MatrixDiagPartV3", lambda tf, x: tf.matrix_diag_part(x, k=-1), BATCH,
         label="below", oracle=lambda x: np.diagonal(x, -1, 1, 2)),
    case("MatrixDiagPartV3", lambda tf, x: tf.matrix_diag_part(x, k=3), BATCH,
         label="above", oracle=lambda x: np.diagonal(x, 3, 1, 2)),
    case("MatrixSetDiagV3", lambda tf, x, d: tf.matrix_set_diag(x, d), BATCH,
         np.float32([[1, 2, 3], [4, 5, 6]]), oracle=with_diagonal),
    case("MatrixSetDiagV3", lambda tf, x, d: tf.matrix_set_diag(x, d, k=2), BATCH, PAIR,
         label="above", oracle=lambda x, d: with_diagonal(x, d, 2)),
    case("MatrixSetDiagV3", lambda tf, x, d: tf.matrix_set_diag(x, d, k=-1), BATCH, PAIR,
         label="below", oracle=lambda x, d: with_diagonal(x, d, -1)),
    case("MatrixSetDiagV3", lambda tf, n: tf.eye(n, 3, batch_shape=[2]), np.int32(2),
         label="eye", oracle=lambda n: np.stack([np.eye(2, 3, dtype=np.float32)] * 2)),
]
