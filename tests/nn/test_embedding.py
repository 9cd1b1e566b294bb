"""Embedding lookups, in one table and in parts."""

import numpy as np
import pytest

import pellucid as tf

TABLE = np.arange(14, dtype=np.float32).reshape(7, 2)


@pytest.mark.parametrize("ids", [3, [6, 0, 6], [[1, 2], [5, 4]], []])
def test_one_table(ids, session):
    rows = tf.nn.embedding_lookup(TABLE, np.array(ids, np.int32))
    np.testing.assert_array_equal(session.run(rows), TABLE[np.array(ids, int)])


@pytest.mark.parametrize("strategy", ["mod", "div"])
@pytest.mark.parametrize("n", [2, 3, 7])
@pytest.mark.parametrize("ids", [[6, 0, 6, 3], [[1, 2], [5, 4]], []])
def test_a_table_in_parts(strategy, n, ids, session):
    cut = [TABLE[i::n] for i in range(n)] if strategy == "mod" else np.array_split(TABLE, n)
    parts = [tf.Variable(part) for part in cut]
    given = tf.placeholder(tf.int64, np.shape(ids))
    rows = tf.nn.embedding_lookup(parts, given, partition_strategy=strategy)
    found = session.run(rows, {given: ids})
    np.testing.assert_array_equal(found, TABLE[np.array(ids, int)])
    grads = tf.gradients(rows, parts)
    assert all(isinstance(grad, tf.IndexedSlices) for grad in grads)


def test_the_gradient_is_sparse(session):
    table = tf.Variable(TABLE)
    grad, = tf.gradients(tf.nn.embedding_lookup(table, [2, 2, 5]), table)
    found = session.run(grad)
    assert found.indices.tolist() == [2, 2, 5] and found.values.tolist() == [[1, 1]] * 3


def test_max_norm(session):
    table = tf.constant([[3.0, 4.0], [0.3, 0.4], [0.0, 0.0]])
    rows = tf.nn.embedding_lookup(table, [0, 1, 2], max_norm=1.0)
    np.testing.assert_allclose(session.run(rows), [[0.6, 0.8], [0.3, 0.4], [0, 0]], 1e-6)
    grad, = tf.gradients(rows, table)
    assert np.isfinite(session.run(grad).values).all()
    ids = tf.placeholder(tf.int32)
    rows = tf.nn.embedding_lookup([table, table], ids, max_norm=1.0)
    np.testing.assert_allclose(session.run(rows, {ids: [[0], [2]]}),
                               [[[0.6, 0.8]], [[0.3, 0.4]]], rtol=1e-6)


def test_what_is_refused(session, engine):
    for nothing in (None, []):
        with pytest.raises(ValueError, match="params must be specified"):
            tf.nn.embedding_lookup(nothing, [0])
    with pytest.raises(ValueError, match="Only 'div' and 'mod'"):
        tf.nn.embedding_lookup([TABLE, TABLE], [0], partition_strategy="random")
    with pytest.raises(TypeError):
        tf.nn.embedding_lookup(TABLE, [0.5])
    if engine == "xla":                          # which does not look, as on TensorFlow's GPUs
        return
    ids = tf.placeholder(tf.int32, [None])
    with pytest.raises(tf.errors.InvalidArgumentError):
        session.run(tf.nn.embedding_lookup(TABLE, ids), {ids: [7]})
