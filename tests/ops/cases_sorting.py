"""Operation types of pellucid/ops/arrays/sorting.py, sequences.py, math/histograms.py, bitwise.py.

The sparse edit distance, least squares and Fourier transforms have their own files.
"""

import numpy as np

from tests.ops.case import case

X = np.arange(24, dtype=np.float32).reshape(2, 3, 4) % 7 - 2.5
ROWS = np.array([[1, 3, 5, 5], [0, 0, 2, 9]], np.float32)
WANTED = np.array([[5, 0, 9], [0, 2.5, -1]], np.float32)
A = np.array([0, 1, 6, 12, -7], np.int32)
B = np.array([3, 1, 5, 10, 2], np.int32)


def reversed_rows(x, lengths):
    y = x.copy()
    for i, n in enumerate(lengths):
        y[i, :n] = x[i, :n][::-1]
    return y


def turned(seq, batch):
    return lambda tf, x, n: tf.reverse_sequence(x, n, seq_axis=seq, batch_axis=batch)


CASES = [
    case("LowerBound", lambda tf, x, v: tf.searchsorted(x, v), ROWS, WANTED),
    case("LowerBound", lambda tf, x, v: tf.searchsorted(x, v, out_type=tf.int64),
         np.array([1, 5, 5], np.int32), np.array([5, 7], np.int32), label="int32 to int64"),
    case("LowerBound", lambda tf, x, v: tf.searchsorted(x, v), ROWS[:, :0], WANTED,
         label="empty rows"),
    case("UpperBound", lambda tf, x, v: tf.searchsorted(x, v, side="right"), ROWS, WANTED),
    case("ReverseSequence", turned(1, 0), X, np.array([2, 3], np.int32), oracle=reversed_rows),
    case("ReverseSequence", turned(0, 2), X, np.array([2, 0, 1, 2], np.int64),
         label="batch last"),
    case("ReverseSequence", turned(1, 0), X[:0], np.zeros(0, np.int32), label="empty"),
    case("ReverseSequence", turned(1, 0), X.astype(np.float16), np.array([0, 1], np.int32),
         label="float16"),
    case("ReverseSequence", turned(1, 0), np.array([[b"a", b"b"]], object),
         np.array([2], np.int32), label="strings"),
    case("ParallelConcat", lambda tf, x, y: tf.parallel_stack([x, y]), X[0], X[1]),
    case("Bincount", lambda tf, x: tf.bincount(x), np.array([1, 1, 4], np.int32),
         oracle=lambda x: np.array([0, 2, 0, 0, 1], np.int32)),
    case("Bincount", lambda tf, x: tf.bincount(x, minlength=3, maxlength=4, dtype=tf.float64),
         np.array([[0, 7], [3, 3]], np.int32), oracle=lambda x: np.array([1.0, 0, 0, 2]),
         label="lengths"),
    case("Bincount", lambda tf, x: tf.bincount(x), np.zeros(0, np.int32),
         oracle=lambda x: np.zeros(0, np.int32), label="empty"),
    case("HistogramFixedWidth", lambda tf, x, r: tf.histogram_fixed_width(x, r, 5),
         np.array([-1.0, 0.0, 1.5, 2.0, 5.0, 15], np.float32), np.array([0.0, 5.0], np.float32),
         oracle=lambda x, r: np.array([2, 1, 1, 0, 2], np.int32)),
    case("HistogramFixedWidth", lambda tf, x, r, n: tf.histogram_fixed_width(
        x, r, n, dtype=tf.int64), np.array([[3, 9], [4, 4]], np.int32),
         np.array([0, 10], np.int32), np.int32(3), label="int32, number fed"),
    case("BitwiseAnd", lambda tf, x, y: tf.bitwise.bitwise_and(x, y), A, B, oracle=np.bitwise_and),
    case("BitwiseOr", lambda tf, x, y: tf.bitwise.bitwise_or(x, y), A, B, oracle=np.bitwise_or),
    case("BitwiseXor", lambda tf, x, y: tf.bitwise.bitwise_xor(x, y), A.astype(np.uint16),
         B.astype(np.uint16), oracle=np.bitwise_xor),
    case("Invert", lambda tf, x: tf.bitwise.invert(x), A, oracle=np.invert),
    case("Invert", lambda tf, x: tf.bitwise.invert(x), B.astype(np.uint8), oracle=np.invert,
         label="uint8"),
    case("LeftShift", lambda tf, x, y: tf.bitwise.left_shift(x, y), A, B, oracle=np.left_shift),
    case("RightShift", lambda tf, x, y: tf.bitwise.right_shift(x, y), A, B, oracle=np.right_shift),
    case("RightShift", lambda tf, x, y: tf.bitwise.right_shift(x, y), A.astype(np.int8),
         np.int8(99), oracle=lambda x, y: x >> 7, label="beyond all bits"),
    case("ListDiff", lambda tf, x, y: tf.setdiff1d(x, y), np.array([3, 1, 3, 2, 5]),
         np.array([1, 5, 9]), oracle=lambda x, y: [np.array([3, 3, 2]),
                                                   np.array([0, 2, 3], np.int32)]),
    case("ListDiff", lambda tf, x, y: tf.setdiff1d(x, y, index_dtype=tf.int64),
         np.array([b"a", b"b"], object), np.array([b"b"], object), label="strings"),
    case("ListDiff", lambda tf, x, y: tf.setdiff1d(x, y), X[0, 0], X[0, 0][:0], label="empty y"),
]
