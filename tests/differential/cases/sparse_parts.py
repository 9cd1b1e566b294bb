"""Sparse tensors joined, cut, formed anew and reduced: names and static shapes."""

from __future__ import annotations

import numpy as np

from tests.differential.harness import case, fed, raised

PLACES = np.array([[0, 1], [0, 3], [2, 0]])
VALUES = np.array([1.5, -2.0, 0.5], np.float32)


def _sparse(tf, values=VALUES, shape=(3, 4)):
    return tf.SparseTensor(PLACES, values, shape)


def _parts(*tensors):
    return [[x.indices, x.values, x.dense_shape] for x in tensors]


@case
def forms(tf):
    x = _sparse(tf)
    return _parts(tf.sparse_reset_shape(x), tf.sparse_reset_shape(x, [4, 9]),
                  tf.sparse_transpose(x), tf.sparse_transpose(x, [1, 0]),
                  tf.sparse_reshape(x, [-1, 2]), tf.sparse.from_dense([[0, 7], [5, 0]]))


@case
def placeholder_fed_and_fetched(tf):
    x = tf.sparse_placeholder(tf.float32, [3, None])
    value = tf.SparseTensorValue(PLACES, VALUES, np.array([3, 4]))
    return fed([tf.sparse_tensor_to_dense(x), x.values * 2,
                tf.sparse_add(x, tf.ones([3, 4])), (x * [[2.0], [3.0], [4.0]]).values],
               {x: value})


@case
def rows_masked(tf):
    rows = tf.IndexedSlices(tf.constant([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]),
                            tf.constant([4, 1, 7]))
    return tf.sparse_mask(rows, [1, 9])


@case
def refused(tf):
    x = _sparse(tf)
    return [raised(lambda: tf.sparse_add(tf.zeros([3, 4]), tf.zeros([3, 4]))),
            raised(lambda: tf.sparse_reset_shape(x, [2, 4])),
            raised(lambda: tf.sparse_reset_shape(x, [3, 4, 1])),
            raised(lambda: tf.sparse_reshape(x, [5, 2])),
            raised(lambda: tf.sparse_concat(0, 5))]


@case(names=False, why="there is no SparseAddGrad: its work is done by searching and gathering")
def gradients_through_values(tf):
    v, w = tf.placeholder(tf.float32, [3]), tf.placeholder(tf.float32, [3])
    total = tf.sparse_add(_sparse(tf, v), _sparse(tf, w * w))
    loss = tf.reduce_sum(tf.sparse_softmax(total).values * [1.0, 2.0, 3.0])
    return fed(tf.gradients(loss, [v, w]), {v: VALUES, w: VALUES + 1})
