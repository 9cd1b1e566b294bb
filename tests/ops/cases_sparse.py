"""Operation types of pellucid/ops/sparse."""

import numpy as np

from tests.ops.case import case

PLACES = np.array([[0, 1], [0, 3], [2, 0]])
MIXED = PLACES[[2, 0, 1]]
VALUES = np.array([1.5, -2.0, 0.5])
DENSE = np.arange(8.0).reshape(4, 2) - 3


def product(places=PLACES, **options):
    return lambda tf, values, b: tf.sparse_tensor_dense_matmul(
        tf.SparseTensor(places, values, [3, 4]), b, **options)


def reordered(tf, places, values):
    found = tf.sparse_reorder(tf.SparseTensor(places, values, [2, 3, 4]))
    return [found.indices, found.values]


def whole(values, dtype=np.float64):
    x = np.zeros((3, 4), dtype)
    x[tuple(PLACES.T)] = values
    return x


# Letters of words in a batch of 3 x 2: cat, a, ab, and cut, b, ab, each at its PLACED.
WORDS = (np.array([99, 97, 116, 97, 98, 97]), np.array([99, 117, 116, 98, 97, 98]))
PLACED = ([[0, 0, 0], [0, 0, 1], [0, 0, 2], [1, 0, 0], [1, 0, 1], [0, 1, 0]],
          [[0, 0, 0], [0, 0, 1], [0, 0, 2], [0, 1, 0], [2, 0, 0], [2, 0, 1]])


def distances(**options):
    def build(tf, ours, theirs):
        pairs = [tf.sparse_reorder(tf.SparseTensor(places, values, [3, 2, 3]))
                 for places, values in zip(PLACED, (ours, theirs), strict=True)]
        return tf.edit_distance(*pairs, **options)
    return build


OTHERS = np.array([[0, 1], [1, 1], [2, 0]])


def sparse(tf, values):
    return tf.SparseTensor(PLACES, values, [3, 4])


def three(found):
    return [found.indices, found.values, found.dense_shape]


def filled(found):
    return [*three(found[0]), found[1]]


CASES = [
    case("SparseToDense", lambda tf, v, d: tf.sparse_to_dense(PLACES, [3, 4], v, d), VALUES,
         np.float64(7.0)),
    case("SparseToDense", lambda tf, v: tf.sparse_tensor_to_dense(
        tf.SparseTensor(PLACES, v, [3, 4])), VALUES, oracle=whole, label="sparse tensor"),
    case("SparseToDense", lambda tf, i, v: tf.sparse_to_dense(i, [6], v, -1), np.array([1, 4]),
         np.int32(9), label="vector, one value"),
    case("SparseToDense", lambda tf, i, s, v: tf.sparse_to_dense(
        i, s, v, "none", validate_indices=False), MIXED, np.array([3, 4]),
         np.array([b"a", b"b", b"c"], object), label="strings, not in order"),
    case("SparseReorder", lambda tf, v: tf.sparse_reorder(
        tf.SparseTensor(MIXED, v, [3, 4])).values, VALUES),
    case("SparseReorder", reordered, np.array([[1, 0, 0], [0, 2, 3], [0, 2, 1]]), VALUES,
         label="rank 3"),
    case("SparseTensorDenseMatMul", product(), VALUES, DENSE,
         oracle=lambda v, b: whole(v) @ b),
    case("SparseTensorDenseMatMul", product(MIXED, adjoint_b=True), VALUES[[2, 0, 1]],
         DENSE.T.copy(), oracle=lambda v, b: whole(v[[1, 2, 0]]) @ b.T, label="adjoint b"),
    case("SparseTensorDenseMatMul", product(adjoint_a=True), VALUES, DENSE[:3],
         oracle=lambda v, b: whole(v).T @ b, label="adjoint a"),
    case("SparseTensorDenseMatMul", product(adjoint_a=True),
         (VALUES + 1j).astype(np.complex64), (DENSE[:3] - 2j).astype(np.complex64),
         oracle=lambda v, b: whole(v, np.complex64).T.conj() @ b, gradient=(), label="complex"),
    case("SparseTensorDenseMatMul", product(PLACES[:0]), VALUES[:0], DENSE,
         oracle=lambda v, b: np.zeros((3, 2)), label="empty"),
    case("EditDistance", distances(), WORDS[0], WORDS[1],
         oracle=lambda *_: np.array([[1 / 3, 1], [np.inf, 0], [1, 0]], np.float32)),
    case("EditDistance", distances(normalize=False), WORDS[0], WORDS[1],
         oracle=lambda *_: np.array([[1, 1], [2, 0], [2, 0]], np.float32), label="plain"),
    case("SparseConcat", lambda tf, v, w: three(tf.sparse_concat(1, [sparse(tf, v), sparse(
        tf, w)])), VALUES, 2 * VALUES),
    case("SparseConcat", lambda tf, v, w: three(tf.sparse_concat(-2, [sparse(tf, v), sparse(
        tf, w)])), VALUES, 2 * VALUES, label="rows"),
    case("SparseConcat", lambda tf, v, w: three(tf.sparse_concat(
        0, [sparse(tf, v), tf.SparseTensor([[0, 5]], w, [1, 7])], expand_nonconcat_dim=True)),
         VALUES, VALUES[:1], label="greatest width"),
    case("SparseSlice", lambda tf, v: three(tf.sparse_slice(sparse(tf, v), [0, 1], [2, 9])),
         VALUES),
    case("SparseSlice", lambda tf, v, c: three(tf.sparse_slice(sparse(tf, v), c, [1, 1])), VALUES,
         np.array([1, 1]), label="nothing inside"),
    case("SparseSplit", lambda tf, v: [part for one in tf.sparse_split(
        sp_input=sparse(tf, v), num_split=3, axis=1) for part in three(one)], VALUES),
    case("SparseReshape", lambda tf, v: three(tf.sparse_reshape(sparse(tf, v), [2, -1, 2])),
         VALUES),
    case("SparseReshape", lambda tf, v, s: three(tf.sparse_reshape(sparse(tf, v), s)), VALUES,
         np.array([12], np.int32), label="vector, fed"),
    case("SparseFillEmptyRows", lambda tf, v, d: filled(tf.sparse_fill_empty_rows(
        sparse(tf, v), d)), VALUES, np.float64(7)),
    case("SparseFillEmptyRows", lambda tf, v: filled(tf.sparse_fill_empty_rows(
        tf.SparseTensor(PLACES[:2], v, [4, 4]), "?")), np.array([b"a", b"b"], object),
         label="strings"),
    case("SparseAdd", lambda tf, v, w: three(tf.sparse_add(sparse(tf, v), tf.SparseTensor(
        OTHERS, w, [3, 4]))), VALUES, 2 * VALUES),
    case("SparseAdd", lambda tf, v, w: three(tf.sparse_add(sparse(tf, v), tf.SparseTensor(
        OTHERS, w, [3, 4]), 1.0)), VALUES, VALUES * 1.5, label="threshold"),
    case("SparseTensorDenseAdd", lambda tf, v, d: tf.sparse_add(d, sparse(tf, v)), VALUES,
         np.arange(12.0).reshape(3, 4)),
    case("SparseReduceSum", lambda tf, v: tf.sparse_reduce_sum(sparse(tf, v), 1), VALUES),
    case("SparseReduceSum", lambda tf, v: tf.sparse_reduce_sum(sparse(tf, v), [-2], keepdims=True),
         VALUES, label="kept"),
    case("SparseReduceSum", lambda tf, v: tf.sparse_reduce_sum(sparse(tf, v)), VALUES, label="all"),
    case("SparseReduceMax", lambda tf, v: tf.sparse_reduce_max(sparse(tf, v), 0),
         np.array([-1.0, -2.0, 3.0])),
    case("SparseReduceMax", lambda tf, v: tf.sparse_reduce_max(sparse(tf, v), [1]),
         np.array([-1, -2, 3], np.int32), label="int32"),
    case("SparseDenseCwiseMul", lambda tf, v, d: (sparse(tf, v) * d).values, VALUES,
         np.arange(1.0, 5.0)),
    case("SparseDenseCwiseDiv", lambda tf, v, d: (sparse(tf, v) / d).values, VALUES,
         np.arange(1.0, 13.0).reshape(3, 4)),
    case("SparseSoftmax", lambda tf, v: tf.sparse_softmax(sparse(tf, v)).values, VALUES),
    case("SparseSoftmax", lambda tf, v: tf.sparse_softmax(tf.SparseTensor(
        [[0, 0, 1], [0, 0, 2], [1, 1, 0]], v, [2, 2, 3])).values, VALUES.astype(np.float32),
         label="rank 3"),
    case("SparseSoftmax", lambda tf, v: tf.sparse_softmax(tf.SparseTensor(
        PLACES[:0], v, [3, 4])).values, VALUES[:0], label="empty"),
]
