"""Shapes: what is known of them before the run, and what is said where they do not fit."""

import numpy as np
import pytest

import pellucid as tf


@pytest.fixture
def x():
    return tf.placeholder(tf.float32, [None, 3])


def test_shapes_computed_from_shapes_are_known_before_the_run(x):
    n = tf.shape(x)[0]
    unknown = tf.placeholder(tf.int32)
    assert tf.reshape(x, [n, 3]).shape.as_list() == [None, 3]
    assert tf.reshape(x, tf.stack([n, 3])).shape.as_list() == [None, 3]
    assert tf.reshape(x, tf.concat([[n], [3]], 0)).shape.as_list() == [None, 3]
    assert tf.zeros(tf.shape(x)).shape.as_list() == [None, 3]
    assert tf.zeros(tf.shape(x)[1:]).shape.as_list() == [3]
    assert tf.fill([n, 4], 0.0).shape.as_list() == [None, 4]
    assert tf.zeros([tf.shape(x)[1] * 2, n + 1]).shape.as_list() == [6, None]
    assert tf.tile([[1]], [n, 2]).shape.as_list() == [None, 2]
    assert tf.ones([unknown, 7]).shape.as_list() == [None, 7]
    assert tf.broadcast_to([1.0, 2.0, 3.0], tf.shape(x)).shape.as_list() == [None, 3]
    assert tf.range(tf.shape(x)[1]).shape.as_list() == [3]
    assert tf.one_hot(tf.range(n), tf.shape(x)[1]).shape.as_list() == [None, 3]
    assert tf.zeros(tf.unstack(tf.shape(x))).shape.as_list() == [None, 3]
    assert tf.zeros([tf.rank(x), tf.size(tf.zeros([2, 5]))]).shape.as_list() == [2, 10]
    assert tf.eye(tf.shape(x)[1], n).shape.as_list() == [3, None]


def test_arithmetic_on_part_of_a_shape_is_known_too(x):
    """TensorFlow knows the vector [3] as a shape, but not what its product is."""
    features = tf.reduce_prod(tf.shape(x)[1:])
    assert tf.reshape(x, [1, -1, features]).shape.as_list() == [1, None, 3]


def test_a_known_shape_is_a_constant():
    known = tf.zeros([2, 3])
    measured = [tf.shape(known), tf.size(known), tf.rank(known)]
    assert [t.op.type for t in measured] == ["Const"] * 3
    assert [t.name for t in measured] == ["Shape:0", "Size:0", "Rank:0"]


def test_constants_are_built_in_the_tensors_graph():
    other = tf.Graph()
    with other.as_default():
        y = tf.zeros([2, 3])
    assert tf.shape(y).graph is other
    assert tf.transpose(y).graph is other
    assert tf.zeros_like(y).graph is other


def test_arguments_become_constants_in_the_operations_scope(x):
    tf.reshape(x, [-1, 1])
    tf.expand_dims([1, 2], 0, name="named")
    names = [op.name for op in tf.get_default_graph().get_operations()]
    assert names == ["Placeholder", "Reshape/shape", "Reshape", "named/input", "named/dim",
                     "named"]


@pytest.mark.parametrize("build, text", [
    (lambda x: tf.reshape(tf.zeros([2, 3]), [4]), "6 elements do not fill"),
    (lambda x: tf.reshape(tf.zeros([2, 3]), [-1, 4]), "6 elements do not fill"),
    (lambda x: tf.reshape(x, [7]), "a multiple of 3"),
    (lambda x: tf.reshape(x, [-2, 3]), "-2 is no dimension"),
    (lambda x: tf.reshape(x, 3), "must be of rank 1"),
    (lambda x: tf.transpose(x, [0]), "perm has 1 entries, but x has 2"),
    (lambda x: tf.transpose(x, [0, 2]), "perm dim 2 is out of range"),
    (lambda x: tf.expand_dims(x, 3), r"dim 3 not in the interval \[-3, 2\]"),
    (lambda x: tf.squeeze(x, [1]), r"can not squeeze dim\[1\].*got 3"),
    (lambda x: tf.squeeze(x, [2]), "axis 2 is out of range"),
    (lambda x: tf.expand_dims(x), "Must specify an axis"),
    (lambda x: tf.expand_dims(x, 0, dim=0), "both 'dim' and 'axis'"),
    (lambda x: tf.tile(x, [1]), "multiples must have an entry for each of 2"),
    (lambda x: tf.pad(x, [[1, 1]]), "paddings must have a row for each of 2"),
    (lambda x: tf.pad(x, [[1, 1], [-1, 0]]), "non-negative"),
    (lambda x: tf.pad(x, [[1, 1], [1, 0]], "WRAP"), "`mode`"),
    (lambda x: tf.broadcast_to(x, [2, 4]), "3 does not broadcast to 4"),
    (lambda x: tf.reverse(x, [0, -2]), "axis 0 specified more than once"),
    (lambda x: tf.concat([x, tf.zeros([2, 2])], 0), "all dimensions but that of axis 0"),
    (lambda x: tf.concat([1, 2], 0), "can't concatenate scalars"),
    (lambda x: tf.stack([x, x[0]]), "not compatible"),
    (lambda x: tf.stack([x, x], 3), r"`axis` = 3 not in range \[-3, 3\)"),
    (lambda x: tf.unstack(x), "Cannot infer argument `num`"),
    (lambda x: tf.split(x, 2, 1), "cannot be split into 2 equal parts"),
    (lambda x: tf.split(x, [1, 1], 1), "can't split axis 1 of size 3"),
    (lambda x: tf.gather(3.0, [0]), "at least one dimension"),
    (lambda x: tf.gather(x, [0], axis=2), "params of rank 2 have no axis 2"),
    (lambda x: tf.scatter_nd([[0]], [[1.0]], [2]), "updates must have shape"),
    (lambda x: tf.fill([-1], 1), "must be >= 0"),
    (lambda x: tf.fill([2], [1, 2]), "value must be a scalar"),
    (lambda x: tf.range(3, delta=0), "delta != 0"),
    (lambda x: tf.one_hot([0], -1), "depth must be non-negative"),
    (lambda x: tf.boolean_mask(x, True), "mask cannot be scalar"),
    (lambda x: tf.boolean_mask(tf.zeros([2]), [True]), "incompatible"),
    (lambda x: tf.matrix_diag(x[0], k=[0, 1]), "bands of several are not supported"),
])
def test_what_does_not_fit_is_refused_when_it_is_built(x, build, text):
    with pytest.raises(ValueError, match=text):
        build(x)


@pytest.mark.parametrize("build", [
    lambda: tf.reshape(tf.zeros([2]), [1.5, 4]),
    lambda: tf.gather([1, 2], [1.5]),
    lambda: tf.concat([tf.constant([1]), tf.constant([1.0])], 0),
    lambda: tf.stack([tf.constant(1), tf.constant(1.0)]),
    lambda: tf.one_hot([0], 2, 1, 0.0),
    lambda: tf.one_hot([0.5], 2),
    lambda: tf.fill([1.5], 1),
    lambda: tf.concat(0, [np.zeros((2, 3)), np.zeros((2, 3))]),
])
def test_what_has_the_wrong_type_is_refused_when_it_is_built(build):
    with pytest.raises(TypeError):
        build()


@pytest.mark.parametrize("build, value, text", [
    (lambda v: tf.reshape(tf.zeros([6]), v), [4, 2], "reshape"),
    (lambda v: tf.reshape(tf.zeros([6]), v), [-1, -1], "unknown dimension"),
    (lambda v: tf.reshape(tf.zeros([6]), v), [-2, 3], "below -1"),
    (lambda v: tf.transpose(tf.zeros([2, 3]), v), [0, 0], "repeated axis"),
    (lambda v: tf.tile(tf.zeros([2, 3]), v), [-1, 1], "multiples >= 0"),
    (lambda v: tf.zeros(v), [-1, 1], "negative dimensions"),
    (lambda v: tf.invert_permutation(v), [1, 1], "twice"),
    (lambda v: tf.invert_permutation(v), [0, 2], "2 is not between 0 and 2"),
    (lambda v: tf.broadcast_to(tf.zeros([3]), v), [1, 1], "broadcast"),
    (lambda v: tf.split(tf.zeros([4]), v), [3, 2], "can't split axis 0 of size 4"),
    (lambda v: tf.pad(tf.zeros([2]), [v], "REFLECT"), [2, 0], "less than the dimension"),
    (lambda v: tf.range(1, 3, v[0]), [0, 0], "delta != 0"),
    (lambda v: tf.range(1, 3, v[0]), [-1, 0], "Requires start >= limit when delta < 0"),
    (lambda v: tf.one_hot([0], v[0]), [-1, 0], "depth must be non-negative"),
])
def test_what_does_not_fit_is_refused_in_the_run(session, build, value, text):
    v = tf.placeholder(tf.int32, [2])
    y = build(v)
    with pytest.raises(tf.errors.InvalidArgumentError, match=text):
        session.run(y, {v: value})


def test_old_names_of_arguments(session):
    x = tf.zeros([1, 3])
    assert tf.expand_dims(x, dim=0).shape == [1, 1, 3]
    assert tf.squeeze(x, squeeze_dims=[0]).shape == [3]
    assert tf.reverse_v2 is tf.reverse
    assert tf.manip.roll is tf.roll


def test_meshgrid_is_numpys(session):
    a, b, c = [1, 2], [3, 4, 5], [6.0]
    for indexing in "xy", "ij":
        ours = session.run(tf.meshgrid(a, b, indexing=indexing))
        for one, other in zip(ours, np.meshgrid(a, b, indexing=indexing), strict=True):
            np.testing.assert_array_equal(one, other)
    assert [g.shape.as_list() for g in tf.meshgrid(c, [7.0, 8.0], [9.0])] == [[2, 1, 1]] * 3
    with pytest.raises(ValueError, match="'xy' or 'ij'"):
        tf.meshgrid(a, b, indexing="yx")
