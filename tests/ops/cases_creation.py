"""Operation types of pellucid/ops/arrays/creation.py."""

import numpy as np

from tests.ops.case import case

X = np.arange(6, dtype=np.float32).reshape(2, 3)


def ints(*values, dtype=np.int32):
    return np.array(values, dtype)


def full(shape, value, dtype=np.float32):
    return np.full(shape, value, dtype)


def like(op_type):
    """tf.zeros_like or tf.ones_like as the operation of its own that gradients use."""
    def build(tf, x):
        if op_type == "ZerosLike":
            return tf.zeros_like(x, optimize=False)
        raw = tf.raw_ops if hasattr(tf, "raw_ops") else None
        return raw.OnesLike(x=x) if raw else ones_like(x)
    return build


def ones_like(x):
    from pellucid.core.operation import create
    return create("OnesLike", [x]).output


CASES = [
    case("Fill", lambda tf, x: tf.fill([2, 3], x), np.float32(4),
         oracle=lambda x: full((2, 3), 4)),
    case("Fill", lambda tf, x: tf.fill([], x), np.float32(4), label="scalar",
         oracle=lambda x: full((), 4)),
    case("Fill", lambda tf, x: tf.fill([0, 2], x), np.int64(4), label="empty",
         oracle=lambda x: full((0, 2), 4, np.int64)),
    case("Fill", lambda tf, shape: tf.fill(shape, 2.0), ints(2, 1), label="fed",
         oracle=lambda shape: full((2, 1), 2)),
    case("Fill", lambda tf, x: tf.fill([tf.shape(x)[0], 4], 0.0), X, label="partly known",
         oracle=lambda x: full((2, 4), 0)),
    case("Fill", lambda tf, x: tf.fill([2], x), np.array(b"a", object), label="strings",
         oracle=lambda x: full(2, b"a", object)),
    case("Fill", lambda tf, x: tf.zeros(tf.shape(x)), X, label="zeros",
         oracle=np.zeros_like),
    case("Fill", lambda tf, x: tf.ones(tf.shape(x), tf.bool), X, label="ones",
         oracle=lambda x: full((2, 3), True, bool)),
    case("Fill", lambda tf, x: tf.ones_like(x), X, label="ones_like", oracle=np.ones_like),
    case("Fill", lambda tf, x: tf.zeros([50, 40]), X[0], label="large",
         oracle=lambda x: full((50, 40), 0)),
    case("ZerosLike", like("ZerosLike"), X, oracle=np.zeros_like),
    case("ZerosLike", like("ZerosLike"), ints(1, 2, dtype=np.int8), label="int8",
         oracle=np.zeros_like),
    case("ZerosLike", like("ZerosLike"), np.array([True, False]), label="bool",
         oracle=np.zeros_like),
    case("ZerosLike", like("ZerosLike"), np.array([b"a"], object), label="strings",
         oracle=lambda x: full(1, b"", object)),
    case("OnesLike", like("OnesLike"), X, oracle=np.ones_like),
    case("OnesLike", like("OnesLike"), np.float32(3), label="scalar",
         oracle=lambda x: np.float32(1)),

    case("Range", lambda tf, n: tf.range(n), np.int32(3), oracle=lambda n: ints(0, 1, 2)),
    case("Range", lambda tf, a, b, d: tf.range(a, b, d), np.int32(5), np.int32(-2),
         np.int32(-3), label="down", oracle=lambda a, b, d: ints(5, 2, -1)),
    case("Range", lambda tf, n: tf.range(0.5, n, 0.25), np.float32(1.5), label="floats",
         oracle=lambda n: np.arange(0.5, 1.5, 0.25, np.float32)),
    case("Range", lambda tf, n: tf.range(n, n), np.int64(4), label="nothing",
         oracle=lambda n: ints(dtype=np.int64)),
    case("Range", lambda tf, n: tf.range(n, dtype=tf.float64), np.int32(3), label="dtype",
         oracle=lambda n: np.arange(3.0)),
    case("Range", lambda tf, x: tf.range(tf.shape(x)[1]), X, label="of a dimension",
         oracle=lambda x: ints(0, 1, 2)),
]
