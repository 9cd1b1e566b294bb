"""Rows for pellucid/ops/arrays/unique.py."""

import numpy as np

from tests.ops.case import case

X = np.array([4, 1, 4, 2, 1], np.int64)

CASES = [
    case("Unique", lambda tf, x: tf.unique(x), X,
         oracle=lambda x: [np.array([4, 1, 2]), np.array([0, 1, 0, 2, 1])]),
    case("Unique", lambda tf, x: tf.unique(x, tf.int64),
         np.array([0.5, -1.0, 0.5], np.float32),
         oracle=lambda x: [x[:2], np.array([0, 1, 0])], label="of floats"),
    case("Unique", lambda tf, x: tf.unique(x), np.array([b"b", b"a", b"b"], object),
         oracle=lambda x: [x[:2], np.array([0, 1, 0])], label="of strings"),
    case("Unique", lambda tf, x: tf.unique(x), X[:0],
         oracle=lambda x: [x, np.array([], np.int32)], label="of nothing"),
    case("Unique", lambda tf, x: tf.unique(x), np.array([np.nan, 1.0, np.nan, 1.0]),
         oracle=lambda x: [x[:3], np.array([0, 1, 2, 1])], label="of nan"),
    case("UniqueWithCounts", lambda tf, x: tf.unique_with_counts(x), X,
         oracle=lambda x: [np.array([4, 1, 2]), np.array([0, 1, 0, 2, 1]),
                           np.array([2, 2, 1])]),
]
