"""Operation types of ops/arrays/segments.py and sorted_segments.py, against TensorFlow."""

import numpy as np

from tests.ops.case import case

X = np.array([[1.5, -2.0], [3.0, 0.5], [-1.0, 2.5], [0.75, 4.0]], np.float32)
TIES = np.array([[1.0, 2.0], [1.0, 3.0], [5.0, 5.0]], np.float32)
ZEROS = np.array([[0.0, 2.0], [0.0, 3.0], [5.0, 0.0]], np.float32)
IDS = np.array([2, 0, 2, -1], np.int32)
SORTED = np.array([0, 0, 2, 2], np.int32)
COUNT = np.int32(4)
GRID = np.array([[0, 1], [1, 0], [3, 3], [0, 1]], np.int64)


def unsorted(op_type, symbol):
    def build(tf, x, ids, count):
        return getattr(tf, symbol)(x, ids, count)
    # Segments without rows hold the least or greatest number: too great for differences.
    gradient = () if symbol.endswith(("max", "min")) else None
    return [
        case(op_type, build, X, IDS, COUNT, gradient=gradient),
        case(op_type, build, X, GRID, COUNT, label="grid", gradient=gradient),
        case(op_type, build, X[:0], IDS[:0], COUNT, label="empty", gradient=gradient),
        case(op_type, build, (X * 4).astype(np.int32), IDS, COUNT, label="int32"),
        case(op_type, lambda tf, x: build(tf, x, [1, 1, 0], 2), X[:3], label="fixed"),
    ]


def ordered(op_type, symbol):
    def build(tf, x, ids):
        return getattr(tf, symbol)(x, ids)
    return [case(op_type, build, X, SORTED),
            case(op_type, build, X[:, 0], SORTED.astype(np.int64), label="vector"),
            case(op_type, build, (X * 4).astype(np.int64), SORTED, label="int64")]


CASES = [
    *unsorted("UnsortedSegmentSum", "unsorted_segment_sum"),
    *unsorted("UnsortedSegmentProd", "unsorted_segment_prod"),
    *unsorted("UnsortedSegmentMax", "unsorted_segment_max"),
    *unsorted("UnsortedSegmentMin", "unsorted_segment_min"),
    case("UnsortedSegmentSum", lambda tf, x: tf.unsorted_segment_mean(x, [1, 1, 0], 3),
         TIES, label="mean"),
    case("UnsortedSegmentSum", lambda tf, x: tf.unsorted_segment_sqrt_n(x, [1, 1, 0], 3),
         TIES, label="sqrt_n"),
    *ordered("SegmentSum", "segment_sum"),
    *ordered("SegmentMean", "segment_mean"),
    *ordered("SegmentMax", "segment_max"),
    *ordered("SegmentMin", "segment_min"),
    *ordered("SegmentProd", "segment_prod"),
]
