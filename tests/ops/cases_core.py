"""Operation types of pellucid/core and of passing values on."""

import numpy as np

from tests.ops.case import case

M = np.array([[1.5, -2.0, 0.25], [3.0, 0.5, -1.0]], np.float32)

CASES = [
    case("Const", lambda tf: tf.constant(M), oracle=lambda: M, label="array"),
    case("Const", lambda tf: tf.constant(3, tf.int64), oracle=lambda: np.int64(3),
         label="int64"),
    case("PlaceholderWithDefault", lambda tf, x: tf.placeholder_with_default(x, [None, 3]),
         M, oracle=lambda x: x),
    case("Identity", lambda tf, x: tf.identity(x), M, oracle=lambda x: x),
    case("Identity", lambda tf, x: tf.identity(x), np.array([b"a", b""], object),
         oracle=lambda x: [x], label="string"),
]
