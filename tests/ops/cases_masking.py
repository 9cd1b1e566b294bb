"""Operation types of pellucid/ops/arrays/masking.py."""

import numpy as np

from tests.ops.case import case

X = np.arange(6, dtype=np.float32).reshape(2, 3)
MASK = np.array([[True, False, True], [False, False, True]])
NUMBERS = np.array([[0, 2], [-1, 5]], np.int32)


def ints(*values, dtype=np.int32):
    return np.array(values, dtype)


def on(depth, x, axis=-1, values=(1.0, 0.0)):
    hot = np.expand_dims(x, -1) == np.arange(depth)
    return np.moveaxis(np.where(hot, *np.float32(values)), -1, axis)


CASES = [
    case("Where", lambda tf, m: tf.where(m), MASK, oracle=np.argwhere),
    case("Where", lambda tf, x: tf.where(x), np.float32([1, 0, np.nan, -2]), label="floats",
         oracle=np.argwhere),
    case("Where", lambda tf, x: tf.where(x), np.array(True), label="scalar",
         oracle=lambda x: np.zeros((1, 0), np.int64)),
    case("Where", lambda tf, x: tf.where(x), np.zeros((0, 2), bool), label="empty",
         oracle=lambda x: np.zeros((0, 2), np.int64)),
    case("GatherV2", lambda tf, x, m: tf.boolean_mask(x, m), X, MASK, label="boolean_mask",
         oracle=lambda x, m: x[m]),
    case("GatherV2", lambda tf, x, m: tf.boolean_mask(x, m, axis=1), X, MASK[0],
         label="boolean_mask of columns", oracle=lambda x, m: x[:, m]),

    case("OneHot", lambda tf, i: tf.one_hot(i, 3), NUMBERS, oracle=lambda i: on(3, i)),
    case("OneHot", lambda tf, i: tf.one_hot(i, 3, axis=0), NUMBERS, label="axis 0",
         oracle=lambda i: on(3, i, 0)),
    case("OneHot", lambda tf, i: tf.one_hot(i, 3, 5.0, -1.0, axis=1), NUMBERS,
         label="axis 1", oracle=lambda i: on(3, i, 1, (5, -1))),
    case("OneHot", lambda tf, i, depth: tf.one_hot(i, depth, dtype=tf.float32), NUMBERS,
         np.int32(4), label="depth fed", oracle=lambda i, depth: on(4, i)),
    case("OneHot", lambda tf, i: tf.one_hot(i, 2, True, False), NUMBERS.astype(np.int64),
         label="bool", oracle=lambda i: on(2, i) == 1),
    case("OneHot", lambda tf, i: tf.one_hot(i, 2), np.uint8(1), label="scalar",
         oracle=lambda i: np.float32([0, 1])),
    case("OneHot", lambda tf, i: tf.one_hot(i, 0), NUMBERS, label="depth 0",
         oracle=lambda i: np.zeros((2, 2, 0), np.float32)),

    case("DynamicPartition", lambda tf, x, p: tf.dynamic_partition(x, p, 2), X, ints(1, 0),
         oracle=lambda x, p: [x[1:], x[:1]]),
    case("DynamicPartition", lambda tf, x, p: tf.dynamic_partition(x, p, 3), X,
         MASK.astype(np.int32), label="of elements",
         oracle=lambda x, p: [x[~MASK], x[MASK], x[:0, 0]]),
    case("DynamicPartition", lambda tf, x, p: tf.dynamic_partition(x, p, 1), X, ints(0, 0),
         label="into one", oracle=lambda x, p: [x]),
    case("DynamicPartition", lambda tf, x, p: tf.dynamic_partition(x, p, 2)[1], X,
         ints(1, 0), label="of which one is used", oracle=lambda x, p: x[:1]),

    case("DynamicStitch", lambda tf, i, j, x, y: tf.dynamic_stitch([i, j], [x, y]),
         ints(2, 0), ints(1), X, -X[:1],
         oracle=lambda i, j, x, y: np.stack([x[1], -x[0], x[0]])),
    case("DynamicStitch", lambda tf, i, j, x, y: tf.dynamic_stitch([i, j], [x, y]),
         ints(0, 1), np.int32(1), np.float32([1, 2]), np.float32(3), label="twice",
         oracle=lambda i, j, x, y: np.float32([1, 3]), gradient=()),
    case("DynamicStitch", lambda tf, x: tf.dynamic_stitch([[1, 0]], [x]), X, label="known",
         oracle=lambda x: x[::-1]),

    case("Less", lambda tf, n: tf.sequence_mask(n, 4), ints(1, 4, 0),
         label="sequence_mask", oracle=lambda n: np.arange(4) < n[:, None]),
    case("Less", lambda tf, n: tf.sequence_mask(n), ints([1], [3]),
         label="sequence_mask to the longest",
         oracle=lambda n: np.arange(3) < n[..., None]),
]
