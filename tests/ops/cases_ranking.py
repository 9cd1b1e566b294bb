"""Operation types of pellucid/ops/arrays/ranking.py."""

import numpy as np

from tests.ops.case import case

X = np.array([[-2.0, 5.0, 0.25, 5.0, 1.0], [1.5, 1.5, 3.0, -1.0, 1.5]], np.float32)
Y = np.array([[-2.0, 5.0, 0.25, 4.0, 1.0], [1.5, 2.0, 3.0, -1.0, 0.5]], np.float32)
TARGETS = np.array([3, 0], np.int32)

CASES = [
    case("TopKV2", lambda tf, x: tf.nn.top_k(x, 2), Y,
         oracle=lambda x: [np.array([[5, 4], [3, 2]], np.float32),
                           np.array([[1, 3], [2, 1]], np.int32)]),
    case("TopKV2", lambda tf, x: tf.nn.top_k(x, 4), X, gradient=(), label="ties",
         oracle=lambda x: [np.array([[5, 5, 1, 0.25], [3, 1.5, 1.5, 1.5]], np.float32),
                           np.array([[1, 3, 4, 2], [2, 0, 1, 4]], np.int32)]),
    case("TopKV2", lambda tf, x: tf.nn.top_k(x), Y[0], label="vector"),
    case("TopKV2", lambda tf, x: tf.nn.top_k(x, 5), Y, label="all"),
    case("TopKV2", lambda tf, x: tf.nn.top_k(x, 0), Y, gradient=(), label="none"),
    case("TopKV2", lambda tf, x: tf.nn.top_k(x, 3), Y.reshape(2, 1, 5), label="box"),
    case("TopKV2", lambda tf, x, k: tf.nn.top_k(x, k), Y, np.int32(3), label="k is fed"),
    case("TopKV2", lambda tf, x: tf.nn.top_k(x, 2), np.array([3, 250, 0, 250], np.uint8),
         label="uint8"),
    case("TopKV2", lambda tf, x: tf.nn.top_k(x, 2), np.array([3, -2**31, 7], np.int32),
         label="int32"),
    case("TopKV2", lambda tf, x: tf.nn.top_k(x, 2), X[:0], gradient=(), label="empty"),
    case("InTopKV2", lambda tf, x, t: tf.nn.in_top_k(x, t, 2), X, TARGETS,
         oracle=lambda x, t: np.array([True, True])),
    case("InTopKV2", lambda tf, x, t: tf.nn.in_top_k(x, t, 1), X, TARGETS,
         oracle=lambda x, t: np.array([True, False]), label="first"),
    case("InTopKV2", lambda tf, x, t: tf.nn.in_top_k(x, t, 1), X,
         np.array([-1, 5], np.int64), oracle=lambda x, t: np.array([False, False]),
         label="out of range"),
    case("InTopKV2", lambda tf, x, t: tf.nn.in_top_k(x, t, 3),
         np.array([[np.nan, 1, 2], [np.inf, 1, 2]], np.float32), TARGETS % 3, label="nan"),
]
