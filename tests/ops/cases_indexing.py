"""Operation types of pellucid/ops/arrays/indexing.py."""

import numpy as np

from tests.ops.case import case

CUBE = np.linspace(-1, 1, 24).reshape(2, 3, 4).astype(np.float32)
V = np.arange(1, 7, dtype=np.float32)


def indexed(label, key):
    """A row for x[key]."""
    return case("StridedSlice", lambda tf, x: x[key], CUBE, oracle=lambda x: x[key],
                label=label)


def ints(*values, dtype=np.int32):
    return np.array(values, dtype)


s_ = np.s_

CASES = [
    indexed("x[0]", s_[0]),
    indexed("x[-1]", s_[-1]),
    indexed("x[1, 2, 3]", s_[1, 2, 3]),
    indexed("x[:]", s_[:]),
    indexed("x[1:]", s_[1:]),
    indexed("x[:, ::-1, 1:3]", s_[:, ::-1, 1:3]),
    indexed("x[..., 1]", s_[..., 1]),
    indexed("x[..., None, 1]", s_[..., None, 1]),
    indexed("x[None, 0, ..., ::2]", s_[None, 0, ..., ::2]),
    indexed("x[:, 5:]", s_[:, 5:]),
    indexed("x[:, -5:2]", s_[:, -5:2]),
    indexed("x[:, 2:0:-1, -2::-3]", s_[:, 2:0:-1, -2::-3]),
    indexed("x[...]", s_[...]),
    case("StridedSlice", lambda tf, x, i: x[i], CUBE, np.int32(1), label="x[i]",
         oracle=lambda x, i: x[1]),
    case("StridedSlice", lambda tf, x, i: x[i], CUBE, np.int32(-1), label="x[-i]",
         oracle=lambda x, i: x[-1]),
    case("StridedSlice", lambda tf, x, i: x[:, i:, 1:i + 2], CUBE, np.int32(1),
         label="x[:, i:, 1:i + 2]", oracle=lambda x, i: x[:, 1:, 1:3]),
    case("StridedSlice", lambda tf, x, i: x[..., :i], CUBE, np.int64(2),
         label="x[..., :i]", oracle=lambda x, i: x[..., :2]),
    case("StridedSlice", lambda tf, x: x[1:], np.array([b"a", b"b"], object),
         label="strings", oracle=lambda x: x[1:]),
    case("StridedSlice", lambda tf, x: x[2:, :1], np.zeros((0, 3), np.float32),
         label="empty", oracle=lambda x: x[2:, :1]),
    case("StridedSlice",
         lambda tf, x: tf.strided_slice(x, [1, 0, 3], [2, 2, 0], [1, 1, -2]), CUBE,
         label="strided_slice", oracle=lambda x: x[1:2, 0:2, 3:0:-2]),
    case("StridedSlice", lambda tf, x: tf.strided_slice(
        x, [0, 1], [0, 3], begin_mask=1, end_mask=1, new_axis_mask=0), CUBE, label="masks",
         oracle=lambda x: x[:, 1:3]),
    case("StridedSlice", lambda tf, x, b, e: tf.strided_slice(x, b, e), CUBE, ints(0, 1),
         ints(2, -1), label="bounds fed", oracle=lambda x, b, e: x[0:2, 1:-1]),
    case("StridedSlice", lambda tf, x: tf.zeros(tf.shape(x)[1:]), CUBE, label="of a shape",
         oracle=lambda x: np.zeros((3, 4), np.float32)),
    case("StridedSliceGrad",
         lambda tf, x: tf.gradients(x[0, ::-2], x, grad_ys=x[1, ::2])[0], CUBE,
         oracle=lambda x: np.stack([x[1, ::-1] * [[1], [0], [1]], 0 * x[1]])),

    case("Slice", lambda tf, x: tf.slice(x, [0, 1, 2], [2, 2, 1]), CUBE,
         oracle=lambda x: x[:, 1:3, 2:3]),
    case("Slice", lambda tf, x: tf.slice(x, [1, 0, 1], [-1, 2, -1]), CUBE, label="rest",
         oracle=lambda x: x[1:, :2, 1:]),
    case("Slice", lambda tf, x, begin, size: tf.slice(x, begin, size), CUBE, ints(0, 1, 2),
         ints(1, -1, 2), label="fed", oracle=lambda x, begin, size: x[:1, 1:, 2:]),
    case("Slice", lambda tf, x, n: tf.slice(x, [n], [2]), V, np.int32(3),
         label="begin computed", oracle=lambda x, n: x[3:5]),
    case("Slice", lambda tf, x: tf.slice(x, [6], [0]), V, label="nothing",
         oracle=lambda x: x[6:]),
    case("Slice", lambda tf, x: tf.slice(x, [], []), np.float32(5), label="scalar",
         oracle=lambda x: x),
    case("Slice", lambda tf, x: tf.slice(x, tf.constant([1], tf.int64), [2]), V,
         label="int64", oracle=lambda x: x[1:3]),
]
