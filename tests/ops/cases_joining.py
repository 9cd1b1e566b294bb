"""Operation types of pellucid/ops/arrays/joining.py."""

import numpy as np

from tests.ops.case import case

X = np.arange(6, dtype=np.float32).reshape(2, 3)
Y = -np.arange(3, dtype=np.float32).reshape(1, 3)
CUBE = np.linspace(-1, 1, 24).reshape(2, 3, 4).astype(np.float32)
EMPTY = np.zeros((0, 3), np.float32)


def ints(*values, dtype=np.int32):
    return np.array(values, dtype)


CASES = [
    case("ConcatV2", lambda tf, x, y: tf.concat([x, y], 0), X, Y,
         oracle=lambda x, y: np.concatenate([x, y])),
    case("ConcatV2", lambda tf, x, y: tf.concat([x, y, x], -1), X, X[:, :1],
         label="last axis", oracle=lambda x, y: np.concatenate([x, y, x], 1)),
    case("ConcatV2", lambda tf, x, y: tf.concat([x, y], 1), CUBE, CUBE[:, :2],
         label="middle", oracle=lambda x, y: np.concatenate([x, y], 1)),
    case("ConcatV2", lambda tf, x, y: tf.concat([x, y], 0), X, EMPTY, label="empty",
         oracle=lambda x, y: x),
    case("ConcatV2", lambda tf, x, y, axis: tf.concat([x, y], axis), X, X, np.int32(1),
         label="axis fed", oracle=lambda x, y, axis: np.concatenate([x, y], 1)),
    case("ConcatV2", lambda tf, x: tf.concat([x, [[1.0, 2.0, 3.0]]], 0), X,
         label="with a list", oracle=lambda x: np.append(x, np.float32([[1, 2, 3]]), 0)),
    case("ConcatV2", lambda tf, x, y: tf.concat([x, y], 0), ints(1, 2), ints(3),
         label="ints", oracle=lambda x, y: ints(1, 2, 3)),
    case("ConcatV2", lambda tf, x: tf.concat([x, x], 0), np.array([b"a"], object),
         label="strings", oracle=lambda x: np.array([b"a", b"a"], object)),
    case("ConcatV2", lambda tf, x: tf.zeros(tf.concat([tf.shape(x)[:1], [4]], 0)), X,
         label="as a shape", oracle=lambda x: np.zeros((2, 4), np.float32)),

    case("Pack", lambda tf, x, y: tf.stack([x, y]), X, X + 1,
         oracle=lambda x, y: np.stack([x, y])),
    case("Pack", lambda tf, x, y: tf.stack([x, y], axis=-1), X, X + 1, label="last axis",
         oracle=lambda x, y: np.stack([x, y], -1)),
    case("Pack", lambda tf, x, y: tf.stack([x, y], axis=1), X, X + 1, label="middle",
         oracle=lambda x, y: np.stack([x, y], 1)),
    case("Pack", lambda tf, x, y: tf.stack([x, y]), np.float32(1), np.float32(2),
         label="scalars", oracle=lambda x, y: np.float32([1, 2])),
    case("Pack", lambda tf, x: tf.convert_to_tensor([[x, 2.0], [3.0, x]]), np.float32(1),
         label="nested list", oracle=lambda x: np.float32([[1, 2], [3, 1]])),
    case("Pack", lambda tf, x: tf.stack([x]), EMPTY, label="one, empty",
         oracle=lambda x: x[None]),

    case("Unpack", lambda tf, x: tf.unstack(x, 2), X, oracle=list),
    case("Unpack", lambda tf, x: tf.unstack(x, 3, axis=-1), X, label="last axis",
         oracle=lambda x: list(x.T)),
    case("Unpack", lambda tf, x: tf.unstack(x, 3, axis=1), CUBE, label="middle",
         oracle=lambda x: [x[:, i] for i in range(3)]),
    case("Unpack", lambda tf, x: tf.unstack(x, 1), Y, label="one", oracle=lambda x: [x[0]]),
    case("Unpack", lambda tf, x: tf.unstack(x, 3), X[0], label="vector", oracle=list),
    case("Unpack", lambda tf, x: tf.unstack(x, 2)[1], X, label="of which one is used",
         oracle=lambda x: x[1]),
    case("Unpack", lambda tf, x: tf.zeros(tf.unstack(tf.shape(x), 2)), X,
         label="of a shape", oracle=np.zeros_like),

    case("Split", lambda tf, x: tf.split(x, 3, 1), X,
         oracle=lambda x: np.split(x, 3, 1)),
    case("Split", lambda tf, x: tf.split(x, 2, -1), CUBE, label="last axis",
         oracle=lambda x: np.split(x, 2, -1)),
    case("Split", lambda tf, x: tf.split(x, 1), X, label="into one", oracle=lambda x: [x]),
    case("Split", lambda tf, x, axis: tf.split(x, 2, axis), CUBE, np.int32(0),
         label="axis fed", oracle=lambda x, axis: np.split(x, 2)),
    case("Split", lambda tf, x: tf.split(x, 3, 1)[2], X, label="of which one is used",
         oracle=lambda x: x[:, 2:]),
    case("SplitV", lambda tf, x: tf.split(x, [1, 2], 1), X,
         oracle=lambda x: [x[:, :1], x[:, 1:]]),
    case("SplitV", lambda tf, x: tf.split(x, [1, -1], -1), CUBE, label="rest",
         oracle=lambda x: [x[..., :1], x[..., 1:]]),
    case("SplitV", lambda tf, x: tf.split(x, [2, 0], 0), X, label="nothing",
         oracle=lambda x: [x, x[:0]]),
    case("SplitV", lambda tf, x, sizes: tf.split(x, sizes, 1, num=2), X, ints(1, 2),
         label="sizes fed", oracle=lambda x, sizes: [x[:, :1], x[:, 1:]]),
    case("SplitV", lambda tf, x: tf.split(x, [3], 1), X, label="into one",
         oracle=lambda x: [x]),
]
