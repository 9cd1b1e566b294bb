"""Operation types of pellucid/ops/arrays/shaping.py."""

import numpy as np

from tests.ops.case import case

X = np.arange(6, dtype=np.float32).reshape(2, 3)
CUBE = np.linspace(-1, 1, 24).reshape(2, 3, 4).astype(np.float32)
EMPTY = np.zeros((0, 3), np.float32)
STRINGS = np.array([[b"a", b"b"]], object)
COMPLEX = np.array([[1 + 2j, 3], [4j, 5 - 1j]], np.complex64)


def ints(*values, dtype=np.int32):
    return np.array(values, dtype)


CASES = [
    case("ShapeN", lambda tf, x, y: tf.shape_n([x, y]), X, CUBE,
         oracle=lambda x, y: [ints(2, 3), ints(2, 3, 4)]),
    case("ShapeN", lambda tf, x: tf.shape_n([x], out_type=tf.int64), X,
         oracle=lambda x: [ints(2, 3, dtype=np.int64)], label="one"),

    case("Reshape", lambda tf, x: tf.reshape(x, [3, 2]), X,
         oracle=lambda x: x.reshape(3, 2)),
    case("Reshape", lambda tf, x: tf.reshape(x, [-1, 2, 1]), X, label="worked out",
         oracle=lambda x: x.reshape(-1, 2, 1)),
    case("Reshape", lambda tf, x: tf.reshape(x, [-1]), X, label="flat", oracle=np.ravel),
    case("Reshape", lambda tf, x: tf.reshape(x, []), np.float32([[7]]), label="scalar",
         oracle=lambda x: x[0, 0]),
    case("Reshape", lambda tf, x: tf.reshape(x, [1, 1]), np.float32(7), label="of a scalar",
         oracle=lambda x: np.float32([[7]])),
    case("Reshape", lambda tf, x: tf.reshape(x, [3, 0]), EMPTY, label="empty",
         oracle=lambda x: np.zeros((3, 0), np.float32)),
    case("Reshape", lambda tf, x: tf.reshape(x, [-1, 5]), EMPTY, label="empty, worked out",
         oracle=lambda x: np.zeros((0, 5), np.float32)),
    case("Reshape", lambda tf, x, shape: tf.reshape(x, shape), X, ints(3, -1),
         label="shape fed", oracle=lambda x, shape: x.reshape(3, 2)),
    case("Reshape", lambda tf, x: tf.reshape(x, [tf.shape(x)[1], tf.shape(x)[0]]), X,
         label="shape computed", oracle=lambda x: x.reshape(3, 2)),
    case("Reshape", lambda tf, x: tf.reshape(x, [tf.shape(x)[0], 3]), X,
         label="shape partly known", oracle=lambda x: x),
    case("Reshape", lambda tf, x: tf.reshape(x, tf.constant([6], tf.int64)), X,
         label="int64", oracle=np.ravel),
    case("Reshape", lambda tf, x: tf.reshape(x, [2]), STRINGS, label="strings",
         oracle=np.ravel),

    case("ExpandDims", lambda tf, x: tf.expand_dims(x, 0), X, oracle=lambda x: x[None]),
    case("ExpandDims", lambda tf, x: tf.expand_dims(x, -1), X, label="end",
         oracle=lambda x: x[..., None]),
    case("ExpandDims", lambda tf, x: tf.expand_dims(x, -2), X, label="-2",
         oracle=lambda x: x[:, None]),
    case("ExpandDims", lambda tf, x: tf.expand_dims(x, 0), np.float32(2), label="scalar",
         oracle=lambda x: np.float32([2])),
    case("ExpandDims", lambda tf, x, axis: tf.expand_dims(x, axis), X, np.int32(1),
         label="axis fed", oracle=lambda x, axis: x[:, None]),
    case("ExpandDims", lambda tf, x: tf.expand_dims(x, dim=[1]), ints(1, 2), label="vector",
         oracle=lambda x: x[:, None]),

    case("Squeeze", lambda tf, x: tf.squeeze(x), X.reshape(1, 2, 1, 3), oracle=np.squeeze),
    case("Squeeze", lambda tf, x: tf.squeeze(x, [0]), X.reshape(1, 2, 1, 3), label="one",
         oracle=lambda x: x[0]),
    case("Squeeze", lambda tf, x: tf.squeeze(x, [0, -2]), X.reshape(1, 2, 1, 3),
         label="two", oracle=lambda x: x[0, :, 0]),
    case("Squeeze", lambda tf, x: tf.squeeze(x, -1), np.float32([[4]]), label="number",
         oracle=lambda x: np.float32([4])),
    case("Squeeze", lambda tf, x: tf.squeeze(x), X, label="nothing", oracle=lambda x: x),
    case("Squeeze", lambda tf, x: tf.squeeze(x), np.float32([[4]]), label="scalar",
         oracle=lambda x: np.float32(4)),

    case("Transpose", lambda tf, x: tf.transpose(x), X, oracle=np.transpose),
    case("Transpose", lambda tf, x: tf.transpose(x, [2, 0, 1]), CUBE, label="cube",
         oracle=lambda x: x.transpose(2, 0, 1)),
    case("Transpose", lambda tf, x: tf.transpose(x), CUBE, label="reversed",
         oracle=np.transpose),
    case("Transpose", lambda tf, x, perm: tf.transpose(x, perm), CUBE, ints(1, 0, 2),
         label="perm fed", oracle=lambda x, perm: x.transpose(1, 0, 2)),
    case("Transpose", lambda tf, x: tf.transpose(x, [0]), X[0], label="vector",
         oracle=lambda x: x),
    case("Transpose", lambda tf, x: tf.transpose(x), np.float32(3), label="scalar",
         oracle=lambda x: x),
    case("Transpose", lambda tf, x: tf.transpose(x), EMPTY, label="empty",
         oracle=np.transpose),
    case("Transpose", lambda tf, x: tf.transpose(x, conjugate=True), X,
         label="conjugate of reals", oracle=np.transpose),
    case("ConjugateTranspose", lambda tf, x: tf.transpose(x, conjugate=True), COMPLEX,
         oracle=lambda x: x.conj().T),

    case("InvertPermutation", lambda tf, x: tf.invert_permutation(x), ints(2, 0, 3, 1),
         oracle=np.argsort),
    case("InvertPermutation", lambda tf, x: tf.invert_permutation(x),
         ints(1, 0, dtype=np.int64), label="int64", oracle=np.argsort),
    case("InvertPermutation", lambda tf, x: tf.invert_permutation(x), ints(), label="empty",
         oracle=lambda x: x),
]
