"""Operation types of pellucid/ops/arrays/gathering.py."""

import numpy as np

from tests.ops.case import case

X = np.arange(6, dtype=np.float32).reshape(2, 3)
CUBE = np.linspace(-1, 1, 24).reshape(2, 3, 4).astype(np.float32)
ROWS = np.array([1, 0, 1], np.int32)
PAIRS = np.array([[0, 2], [1, 0], [0, 2]], np.int32)
EMPTY = np.zeros((0,), np.int32)


def ints(*values, dtype=np.int32):
    return np.array(values, dtype)


def add_at(shape, index, updates):
    total = np.zeros(shape, updates.dtype)
    np.add.at(total, index, updates)
    return total


def with_rows(x, index, updates, sign=None):
    result = x.copy()
    if sign is None:
        result[index] = updates
    else:
        np.add.at(result, index, sign * updates)
    return result


def paths(ids, parents, lengths, end):
    """gather_tree, one path after the other."""
    found = np.full_like(ids, end)
    for row, beam in np.ndindex(ids.shape[1:]):
        place = beam
        for t in reversed(range(min(lengths[row], len(ids)))):
            found[t, row, beam], place = ids[t, row, place], parents[t, row, place]
        ends = np.flatnonzero(found[:, row, beam] == end)
        found[ends[0] if len(ends) else len(ids):, row, beam] = end
    return found


def gather_tree(tf, *inputs):
    return tf.contrib.seq2seq.gather_tree(*inputs)           # which is not in TensorFlow 2


TREE = (np.arange(24, dtype=np.int32).reshape(4, 2, 3) % 7,
        np.arange(24, dtype=np.int32).reshape(4, 2, 3) % 5 % 3, ints(4, 2), np.int32(6))


CASES = [
    case("GatherV2", lambda tf, x, i: tf.gather(x, i), X, ROWS, oracle=lambda x, i: x[i]),
    case("GatherV2", lambda tf, x, i: tf.gather(x, i), X, np.int32(1), label="one",
         oracle=lambda x, i: x[1]),
    case("GatherV2", lambda tf, x, i: tf.gather(x, i), CUBE, ROWS.reshape(1, 3),
         label="matrix", oracle=lambda x, i: x[i]),
    case("GatherV2", lambda tf, x, i: tf.gather(x, i), X, EMPTY, label="nothing",
         oracle=lambda x, i: x[:0]),
    case("GatherV2", lambda tf, x, i: tf.gather(x, i), X, ROWS.astype(np.int64),
         label="int64", oracle=lambda x, i: x[i]),
    case("GatherV2", lambda tf, x, i: tf.gather(x, i, axis=1), CUBE, ROWS, label="axis 1",
         oracle=lambda x, i: x[:, i]),
    case("GatherV2", lambda tf, x, i: tf.gather(x, i, axis=-1), CUBE, ROWS.reshape(3, 1),
         label="last axis", oracle=lambda x, i: x[..., i]),
    case("GatherV2", lambda tf, x, i, axis: tf.gather(x, i, axis=axis), CUBE, ROWS,
         np.int32(1), label="axis fed", oracle=lambda x, i, axis: x[:, i]),
    case("GatherV2", lambda tf, x, i: tf.gather(x, i, batch_dims=1), X,
         ints([0, 2], [1, 1]), label="batch",
         oracle=lambda x, i: np.take_along_axis(x, i, 1)),
    case("GatherV2", lambda tf, x, i: tf.gather(x, i, batch_dims=1, axis=2), CUBE,
         ints([0, 2], [1, 1]), label="batch, axis 2",
         oracle=lambda x, i: np.stack([x[0][:, [0, 2]], x[1][:, [1, 1]]])),
    case("GatherV2", lambda tf, x, i: tf.gather(x, i, batch_dims=-1, axis=1), CUBE,
         ints([0, 2], [1, 1]), label="batch from the end",
         oracle=lambda x, i: np.stack([x[0, [0, 2]], x[1, [1, 1]]])),
    case("GatherV2", lambda tf, x, i: tf.gather(x, i), np.array([b"a", b"b"], object),
         ROWS, label="strings", oracle=lambda x, i: x[i]),

    case("GatherNd", lambda tf, x, i: tf.gather_nd(x, i), X, PAIRS,
         oracle=lambda x, i: x[[0, 1, 0], [2, 0, 2]]),
    case("GatherNd", lambda tf, x, i: tf.gather_nd(x, i), CUBE, ints([1], [1]),
         label="rows", oracle=lambda x, i: x[[1, 1]]),
    case("GatherNd", lambda tf, x, i: tf.gather_nd(x, i), CUBE, ints([[1, 2]], [[0, 1]]),
         label="deep", oracle=lambda x, i: np.stack([x[1:, 2], x[:1, 1]])),
    case("GatherNd", lambda tf, x, i: tf.gather_nd(x, i), X, ints(1, 2), label="one",
         oracle=lambda x, i: x[1, 2]),
    case("GatherNd", lambda tf, x, i: tf.gather_nd(x, i), X, np.zeros((2, 0), np.int32),
         label="all", oracle=lambda x, i: np.stack([x, x])),
    case("GatherNd", lambda tf, x, i: tf.gather_nd(x, i), X, np.zeros((0, 2), np.int32),
         label="nothing", oracle=lambda x, i: np.zeros(0, np.float32)),
    case("GatherNd", lambda tf, x, i: tf.gather_nd(x, i, batch_dims=1), CUBE,
         ints([1], [2]), label="batch", oracle=lambda x, i: np.stack([x[0, 1], x[1, 2]])),

    case("ScatterNd", lambda tf, i, u: tf.scatter_nd(i, u, [2, 3]), PAIRS,
         np.float32([1, 2, 4]), oracle=lambda i, u: add_at((2, 3), (i[:, 0], i[:, 1]), u)),
    case("ScatterNd", lambda tf, i, u: tf.scatter_nd(i, u, [4, 3]), ints([3], [1]), X,
         label="rows", oracle=lambda i, u: add_at((4, 3), [3, 1], u)),
    case("ScatterNd", lambda tf, i, u, shape: tf.scatter_nd(i, u, shape), ints([3], [1]),
         ints(5, 6), ints(4), label="shape fed", oracle=lambda i, u, s: ints(0, 6, 0, 5)),
    case("ScatterNd", lambda tf, i, u: tf.scatter_nd(i, u, [2]), np.zeros((0, 1), np.int64),
         np.zeros(0, np.float32), label="nothing",
         oracle=lambda i, u: np.zeros(2, np.float32)),

    case("TensorScatterUpdate", lambda tf, x, i, u: tf.tensor_scatter_update(x, i, u), X,
         ints([0, 2], [1, 0]), np.float32([7, 8]),
         oracle=lambda x, i, u: with_rows(x, ([0, 1], [2, 0]), u)),
    case("TensorScatterUpdate", lambda tf, x, i, u: tf.tensor_scatter_update(x, i, u), X,
         ints([1]), X[:1] + 9, label="rows", oracle=lambda x, i, u: with_rows(x, [1], u)),
    case("TensorScatterAdd", lambda tf, x, i, u: tf.tensor_scatter_add(x, i, u), X, PAIRS,
         np.float32([1, 2, 4]),
         oracle=lambda x, i, u: with_rows(x, (i[:, 0], i[:, 1]), u, 1)),
    case("TensorScatterSub", lambda tf, x, i, u: tf.tensor_scatter_sub(x, i, u), X, PAIRS,
         np.float32([1, 2, 4]),
         oracle=lambda x, i, u: with_rows(x, (i[:, 0], i[:, 1]), u, -1)),

    case("GatherTree", gather_tree, *TREE, oracle=paths),
    case("GatherTree", gather_tree, *TREE[:2], ints(9, 0), np.int32(-1), oracle=paths,
         label="long and empty"),
    case("GatherTree", gather_tree, *np.zeros((2, 0, 1, 2), np.int32), ints(3), np.int32(0),
         oracle=paths, label="no steps"),
]
