"""Operation types that read data."""

import numpy as np

from tests.ops.case import case

LINES = np.array([[b"1,x,2.5"], [b",,-1e3"]], object)

CASES = [
    case("DecodeCSV", lambda tf, x: tf.decode_csv(x, [[7], ["d"], [0.0]]), LINES,
         oracle=lambda x: [np.array([[1], [7]], np.int32), np.array([[b"x"], [b"d"]], object),
                           np.array([[2.5], [-1e3]], np.float32)]),
    case("DecodeCSV", lambda tf, x: tf.decode_csv(x, [["d"], [0.0]], select_cols=[1, 2]), LINES,
         oracle=lambda x: [np.array([[b"x"], [b"d"]], object),
                           np.array([[2.5], [-1e3]], np.float32)], label="columns"),
]
