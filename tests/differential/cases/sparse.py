"""Sparse tensors: making, feeding, fetching, products, embeddings of bags."""

import numpy as np

from ..harness import case, fed, raised

PLACES = [[0, 1], [0, 3], [2, 0]]
VALUES = np.array([1.5, -2.0, 0.5], np.float32)


@case
def sparse_tensors(tf):
    x = tf.SparseTensor(PLACES, VALUES, [3, 4])
    return [x.indices, x.values, x.dense_shape, x.shape.as_list(), x.dtype.name]


@case(each=[(None,), ([3, 4],), ([None, 4],)])
def placeholders(tf, shape):
    x = tf.sparse_placeholder(tf.float32, shape, name="x")
    value = tf.SparseTensorValue(PLACES, VALUES, [3, 4])
    dense = tf.sparse_tensor_to_dense(x)
    return fed([x.indices, x.values, x.dense_shape, dense], {x: value})


@case
def to_dense(tf):
    x = tf.SparseTensor(PLACES, VALUES, [3, 4])
    return [tf.sparse_tensor_to_dense(x), tf.sparse_tensor_to_dense(x, 7.0, name="named"),
            tf.sparse_to_dense([1, 3], [5], [1, 2], default_value=-1),
            tf.sparse_to_dense([1, 3], [5], 4), tf.sparse_to_dense(2, [3], True, False),
            tf.sparse_to_dense([[0, 1], [0, 0]], [2, 2], [1.0, 2.0], validate_indices=False)]


@case(each=[([[0, 1], [0, 0]],), ([[0, 1], [0, 1]],), ([[0, 1], [5, 0]],), ([[0, 1, 0]],)])
def to_dense_refuses(tf, places):
    i = tf.placeholder(tf.int64, [None, None])
    return fed(tf.sparse_to_dense(i, [2, 3], 1.0), {i: places})


@case
def gradients_through_to_dense(tf):
    values, default = tf.constant(VALUES), tf.constant(2.0)
    y = tf.sparse_to_dense(PLACES, [3, 4], values, default)
    return tf.gradients(y * y, [values, default])[0:2]


@case(each=[(False, False), (True, False), (False, True), (True, True)])
def products(tf, adjoint_a, adjoint_b):
    x = tf.SparseTensor(PLACES, VALUES, [3, 4])
    b = np.arange(6 if adjoint_a else 8, dtype=np.float32).reshape(-1, 2)
    b = tf.constant(b.T if adjoint_b else b)
    y = tf.sparse_tensor_dense_matmul(x, b, adjoint_a, adjoint_b)
    return [y, *[tf.identity(g) for g in tf.gradients(y * y, [x.values, b])]]


@case
def reorder_and_retain(tf):
    x = tf.SparseTensor(PLACES[::-1], VALUES, [3, 4])
    ordered = tf.sparse_reorder(x)
    return [ordered.indices, ordered.values,
            tf.sparse_tensor_to_dense(tf.sparse_retain(ordered, [True, False, True]))]


@case
def refuses(tf):
    return [raised(lambda: tf.SparseTensor([[0, 1]], [1.0, 2.0], [3, 4])),
            raised(lambda: tf.convert_to_tensor(tf.SparseTensor([[0, 1]], [1.0], [3, 4]))),
            raised(lambda: tf.sparse_tensor_to_dense(tf.constant([1.0])))]


@case(names=False, why="TensorFlow takes SparseSegmentSum, we Gather and SegmentSum",
      each=[(c, w) for c in ("sum", "mean", "sqrtn") for w in (False, True)])
def embedding_lookup_sparse(tf, combiner, weighted):
    table = tf.constant(np.arange(10, dtype=np.float32).reshape(5, 2))
    places = [[0, 0], [0, 1], [2, 0]]
    ids = tf.SparseTensor(places, tf.constant([3, 1, 3], tf.int64), [4, 2])
    weights = tf.SparseTensor(places, [0.5, 2.0, 1.5], [4, 2]) if weighted else None
    y = tf.nn.embedding_lookup_sparse(table, ids, weights, combiner=combiner)
    return [y, tf.convert_to_tensor(tf.gradients(y * y, table)[0])]
