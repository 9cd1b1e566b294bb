"""Indices out of range, gradients that stay sparse, masks and groups."""

import numpy as np
import pytest

import pellucid as tf

X = np.arange(6, dtype=np.float32).reshape(2, 3)


@pytest.mark.parametrize("indices, text", [
    (2, r"indices = 2 is not in \[0, 2\)"),
    (-1, r"indices = -1 is not in \[0, 2\)"),
    ([0, 5], r"indices\[1\] = 5 is not in \[0, 2\)"),
    ([[0, 1], [1, -2]], r"indices\[1,1\] = -2 is not in \[0, 2\)"),
])
def test_gather_names_the_index_out_of_range(session, indices, text):
    i = tf.placeholder(tf.int32)
    with pytest.raises(tf.errors.InvalidArgumentError, match=text):
        session.run(tf.gather(X, i), {i: indices})


def test_gather_nd_names_the_index_out_of_range(session):
    i = tf.placeholder(tf.int32, [None, 2])
    y = tf.gather_nd(X, i)
    for wrong in [1, 3], [1, -1]:
        with pytest.raises(
                tf.errors.InvalidArgumentError,
                match=r"indices\[1\] = \[1, -?\d\] does not index into .* \[2, 3\]"):
            session.run(y, {i: [[0, 0], wrong]})


@pytest.mark.parametrize("build", [
    lambda i: tf.scatter_nd(i, [1.0], [2]),
    lambda i: tf.tensor_scatter_update([1.0, 2.0], i, [3.0]),
    lambda i: tf.tensor_scatter_add([1.0, 2.0], i, [3.0]),
])
@pytest.mark.parametrize("index", [2, -1])
def test_scattering_out_of_range_is_refused(session, build, index):
    i = tf.placeholder(tf.int32, [1, 1])
    with pytest.raises(tf.errors.InvalidArgumentError, match="does not index into"):
        session.run(build(i), {i: [[index]]})


def test_the_gradient_of_a_lookup_is_sparse_and_keeps_duplicates(session):
    v = tf.Variable(X)
    session.run(v.initializer)
    rows = tf.gather(v, [1, 0, 1])
    gradient, = tf.gradients(rows * rows, v)
    assert isinstance(gradient, tf.IndexedSlices)
    values, indices, dense_shape = session.run(gradient)
    assert indices.tolist() == [1, 0, 1]
    assert dense_shape.tolist() == [2, 3]
    np.testing.assert_array_equal(values, 2 * X[[1, 0, 1]])
    dense = session.run(tf.convert_to_tensor(gradient))
    np.testing.assert_array_equal(dense, 2 * X * [[1], [2]])


def test_the_gradient_of_a_lookup_by_a_matrix_of_numbers(session):
    x, i = tf.constant(X), tf.constant([[1, 1], [0, 1]])
    gradient, = tf.gradients(tf.gather(x, i), x)
    assert session.run(gradient.indices).tolist() == [1, 1, 0, 1]
    assert session.run(tf.convert_to_tensor(gradient)).tolist() == [[1] * 3, [3] * 3]


def test_the_gradient_of_rows_by_gather_nd_is_sparse(session):
    x = tf.constant(X)
    gradient, = tf.gradients(tf.gather_nd(x, [[1], [1]]), x)
    assert isinstance(gradient, tf.IndexedSlices)
    assert session.run(gradient).indices.tolist() == [1, 1]


def test_gather_from_nothing(session):
    i = tf.placeholder(tf.int32, [None])
    y = tf.gather(np.zeros((0, 3), np.float32), i)
    assert session.run(y, {i: []}).shape == (0, 3)
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"not in \[0, 0\)"):
        session.run(y, {i: [0]})


def test_boolean_mask_keeps_what_is_known_of_the_shape(session):
    x = tf.placeholder(tf.float32, [None, 3])
    mask = tf.placeholder(tf.bool, [None])
    y = tf.boolean_mask(x, mask)
    assert y.shape.as_list() == [None, 3]
    assert session.run(y, {x: X, mask: [False, True]}).tolist() == [[3, 4, 5]]
    with pytest.raises(ValueError, match="Number of mask dimensions must be specified"):
        tf.boolean_mask(x, tf.placeholder(tf.bool))


def test_the_gradient_of_a_mask_is_zero_elsewhere(session):
    x = tf.constant(X)
    gradient, = tf.gradients(tf.boolean_mask(x * x, X > 2), x)
    np.testing.assert_array_equal(session.run(gradient), 2 * X * (X > 2))


def test_partitions_out_of_range_are_refused(session):
    p = tf.placeholder(tf.int32, [2])
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"partitions\[1\] = 2 is not"):
        session.run(tf.dynamic_partition(X, p, 2), {p: [0, 2]})


def test_stitching_what_was_partitioned_gives_it_back(session):
    numbers = tf.constant([1, 0, 2, 0, 1])
    x = tf.constant(np.random.default_rng(0).normal(size=(5, 2)))
    parts = tf.dynamic_partition(x, numbers, 3)
    places = tf.dynamic_partition(tf.range(5), numbers, 3)
    np.testing.assert_array_equal(*session.run([tf.dynamic_stitch(places, parts), x]))
    gradient, = tf.gradients([part * (i + 1.0) for i, part in enumerate(parts)], x)
    assert session.run(gradient)[:, 0].tolist() == [2, 1, 3, 1, 2]


def test_one_hot_of_numbers_beyond_depth_is_off(session):
    assert session.run(tf.one_hot([-1, 1, 7], 3)).tolist() == [[0] * 3, [0, 1, 0], [0] * 3]


def test_tensor_scatter_leaves_its_input_alone(session):
    x = tf.placeholder(tf.float32, [2])
    fed = np.zeros(2, np.float32)
    added = tf.tensor_scatter_add(x, [[1], [1]], [1.0, 2.0])
    assert session.run(added, {x: fed}).tolist() == [0, 3]
    assert fed.tolist() == [0, 0]


@pytest.mark.parametrize("engine", ["numpy", "walk"])                # XLA looks at no values
def test_gather_tree_names_the_parent_that_is_none(engine):
    ids = np.zeros((2, 1, 2), np.int32)
    paths = tf.contrib.seq2seq.gather_tree(ids, [[[0, 0]], [[0, 2]]], [2], 9)
    with tf.Session(engine=engine) as session, pytest.raises(
            tf.errors.InvalidArgumentError, match=r"invalid parent id 2 at .* \(0, 0, 1\)"):
        session.run(paths)


def test_gather_tree_checks_its_ranks():
    with pytest.raises(ValueError, match="must be rank 3 but is rank 2"):
        tf.contrib.seq2seq.gather_tree([[1]], [[[1]]], [1], 1)
