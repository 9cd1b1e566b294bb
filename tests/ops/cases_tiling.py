"""Operation types of pellucid/ops/arrays/tiling.py."""

import numpy as np

from tests.ops.case import case

X = np.arange(6, dtype=np.float32).reshape(2, 3)
CUBE = np.linspace(-1, 1, 24).reshape(2, 3, 4).astype(np.float32)
ROW = np.array([1, -2, 3], np.float32)
EMPTY = np.zeros((0, 3), np.float32)
WIDTHS = [[1, 1], [0, 2]]
SENT = np.arange(20, dtype=np.float32).reshape(4, 5)


def ints(*values, dtype=np.int32):
    return np.array(values, dtype)


def padded(mode):
    """The gradient of tf.pad in a mirroring mode, as a function of x and the one sent."""
    def build(tf, x, g):
        return tf.gradients(tf.pad(x, WIDTHS, mode), x, grad_ys=g)[0]
    return build


CASES = [
    case("Tile", lambda tf, x: tf.tile(x, [2, 3]), X, oracle=lambda x: np.tile(x, (2, 3))),
    case("Tile", lambda tf, x: tf.tile(x, [1, 0]), X, label="no copy",
         oracle=lambda x: x[:, :0]),
    case("Tile", lambda tf, x: tf.tile(x, []), np.float32(3), label="scalar",
         oracle=lambda x: x),
    case("Tile", lambda tf, x, n: tf.tile(x, [1, n]), X, np.int32(2), label="computed",
         oracle=lambda x, n: np.tile(x, (1, 2))),
    case("Tile", lambda tf, x, n: tf.tile(x, n), CUBE, ints(2, 1, 3), label="fed",
         oracle=lambda x, n: np.tile(x, (2, 1, 3))),
    case("Tile", lambda tf, x: tf.tile(x, [2, 2]), EMPTY, label="empty",
         oracle=lambda x: np.tile(x, (2, 2))),
    case("Tile", lambda tf, x: tf.tile(x, tf.constant([2], tf.int64)), ROW, label="int64",
         oracle=lambda x: np.tile(x, 2)),

    case("BroadcastTo", lambda tf, x: tf.broadcast_to(x, [2, 3]), ROW,
         oracle=lambda x: np.broadcast_to(x, (2, 3))),
    case("BroadcastTo", lambda tf, x: tf.broadcast_to(x, [4, 2, 3]), X[:, :1],
         label="both ways", oracle=lambda x: np.broadcast_to(x, (4, 2, 3))),
    case("BroadcastTo", lambda tf, x, shape: tf.broadcast_to(x, shape), ROW, ints(2, 3),
         label="fed", oracle=lambda x, shape: np.broadcast_to(x, (2, 3))),
    case("BroadcastTo", lambda tf, x, y: tf.broadcast_to(x, tf.shape(y)), ROW, X,
         label="like another", oracle=lambda x, y: np.broadcast_to(x, (2, 3)),
         gradient=(0,)),
    case("BroadcastTo", lambda tf, x: tf.broadcast_to(x, [2, 0]), np.float32(3),
         label="to nothing", oracle=lambda x: np.zeros((2, 0), np.float32)),

    case("BroadcastArgs", lambda tf, a, b: tf.broadcast_dynamic_shape(a, b), ints(2, 1, 3),
         ints(4, 1), oracle=lambda a, b: ints(2, 4, 3)),
    case("BroadcastArgs", lambda tf, a, b: tf.broadcast_dynamic_shape(a, b), ints(),
         ints(4, 1), label="scalar", oracle=lambda a, b: ints(4, 1)),

    case("Pad", lambda tf, x: tf.pad(x, WIDTHS), X, oracle=lambda x: np.pad(x, WIDTHS)),
    case("Pad", lambda tf, x, p: tf.pad(x, p), X, np.array(WIDTHS, np.int32), label="fed",
         oracle=lambda x, p: np.pad(x, WIDTHS)),
    case("Pad", lambda tf, x, n: tf.pad(x, [[n, 0], [1, n]]), X, np.int32(2),
         label="computed", oracle=lambda x, n: np.pad(x, [[2, 0], [1, 2]])),
    case("Pad", lambda tf, x: tf.pad(x, [[0, 0]]), ROW, label="nothing",
         oracle=lambda x: x),
    case("Pad", lambda tf, x: tf.pad(x, [[1, 0], [0, 0]]), EMPTY, label="empty",
         oracle=lambda x: np.zeros((1, 3), np.float32)),
    case("Pad", lambda tf, x: tf.pad(x, [[1, 1]]), np.array([True]), label="bool",
         oracle=lambda x: np.array([False, True, False])),
    case("PadV2", lambda tf, x: tf.pad(x, WIDTHS, constant_values=7), X,
         oracle=lambda x: np.pad(x, WIDTHS, constant_values=7)),
    case("PadV2", lambda tf, x, v: tf.pad(x, WIDTHS, constant_values=v), X, np.float32(2),
         label="computed", oracle=lambda x, v: np.pad(x, WIDTHS, constant_values=2),
         gradient=(0,)),
    case("MirrorPad", lambda tf, x: tf.pad(x, WIDTHS, "REFLECT"), X,
         oracle=lambda x: np.pad(x, WIDTHS, "reflect")),
    case("MirrorPad", lambda tf, x: tf.pad(x, [[2, 1], [3, 3]], "symmetric"), X,
         label="symmetric", oracle=lambda x: np.pad(x, [[2, 1], [3, 3]], "symmetric")),
    case("MirrorPad", lambda tf, x, p: tf.pad(x, p, "REFLECT"), X,
         np.array(WIDTHS, np.int32), label="fed",
         oracle=lambda x, p: np.pad(x, WIDTHS, "reflect")),
    case("MirrorPadGrad", padded("REFLECT"), X, SENT),
    case("MirrorPadGrad", padded("SYMMETRIC"), X, SENT, label="symmetric"),

    case("ReverseV2", lambda tf, x: tf.reverse(x, [1]), X, oracle=lambda x: x[:, ::-1]),
    case("ReverseV2", lambda tf, x: tf.reverse(x, [-1, 0]), CUBE, label="two",
         oracle=lambda x: x[::-1, :, ::-1]),
    case("ReverseV2", lambda tf, x: tf.reverse(x, []), X, label="none", oracle=lambda x: x),
    case("ReverseV2", lambda tf, x, axis: tf.reverse(x, axis), X, ints(0), label="fed",
         oracle=lambda x, axis: x[::-1]),

    case("Roll", lambda tf, x: tf.roll(x, 1, 0), ROW, oracle=lambda x: np.roll(x, 1)),
    case("Roll", lambda tf, x: tf.roll(x, [1, -5], [0, 1]), X, label="two",
         oracle=lambda x: np.roll(x, (1, -5), (0, 1))),
    case("Roll", lambda tf, x: tf.roll(x, [1, 1], [1, 1]), X, label="twice",
         oracle=lambda x: np.roll(x, 2, 1)),
    case("Roll", lambda tf, x, shift: tf.roll(x, shift, -1), X, np.int32(2), label="fed",
         oracle=lambda x, shift: np.roll(x, 2, 1)),
]
