"""x[...]: as in NumPy, whatever the shape and whatever stands between the brackets."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import pellucid as tf

X = np.arange(24, dtype=np.float32).reshape(2, 3, 4)


def known_dimension_erased(shape, erased):
    return [None if e else d for d, e in zip(shape, erased, strict=True)]


@st.composite
def arrays_and_keys(draw):
    """An array, a key, and which of the array's dimensions the graph does not know."""
    shape = draw(hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
    key = draw(hnp.basic_indices(shape, allow_newaxis=True, allow_ellipsis=True))
    erased = draw(st.lists(st.booleans(), min_size=len(shape), max_size=len(shape)))
    return np.arange(int(np.prod(shape)), dtype=np.int64).reshape(shape), key, erased


@settings(max_examples=200, deadline=None)
@given(arrays_and_keys())
def test_indexing_is_numpys(drawn):
    x, key, erased = drawn
    with tf.Graph().as_default():
        known, partly = tf.constant(x), tf.placeholder(
            tf.int64, known_dimension_erased(x.shape, erased))
        results = [known[key], partly[key]]
        assert results[0].shape == x[key].shape
        assert results[1].shape.is_compatible_with(x[key].shape)
        for engine in "walk", "numpy":
            for value in tf.Session(engine=engine).run(results, {partly: x}):
                np.testing.assert_array_equal(value, x[key])


@settings(max_examples=50, deadline=None)
@given(arrays_and_keys())
def test_the_gradient_of_indexing_puts_it_back(drawn):
    x, key, erased = drawn
    with tf.Graph().as_default():
        fed = tf.placeholder(tf.float64, known_dimension_erased(x.shape, erased))
        y = fed[key]
        gradient, = tf.gradients(y * y, fed)
        expected = np.zeros(x.shape)
        expected[key] = 2 * x[key]
        np.testing.assert_array_equal(tf.Session().run(gradient, {fed: x}), expected)


@pytest.mark.parametrize("key", [
    1.5, "a", [1.5], np.array([0, 1]), slice(1.0, 2), slice("a", None), (0, "b"),
    [True, False]])
def test_what_is_no_index_is_a_type_error(key):
    with pytest.raises(TypeError, match="Only integers, slices"):
        tf.constant(X)[key]


def test_a_tensor_that_is_no_integer_scalar_is_a_type_error():
    for wrong in tf.constant(1.0), tf.constant([0, 1]), tf.constant("a"):
        with pytest.raises(TypeError, match="valid indices"):
            tf.constant(X)[wrong]


@pytest.mark.parametrize("key, text", [
    (2, "slice index 2 of dimension 0 out of bounds"),
    (-3, "slice index -3 of dimension 0"),
    ((0, 3), "of dimension 1"),
    ((0, 0, 0, 0), "input has only 3 dims"),
    ((..., 0, ...), "Multiple ellipses"),
    (slice(None, None, 0), r"strides\[0\] must be non-zero"),
])
def test_an_index_that_does_not_fit_is_refused_at_once(key, text):
    with pytest.raises(ValueError, match=text):
        tf.constant(X)[key]


def test_an_index_that_does_not_fit_is_refused_in_the_run(session):
    i = tf.placeholder(tf.int32, [])
    y = tf.constant(X)[:, i]
    for wrong in 3, -4:
        with pytest.raises(tf.errors.InvalidArgumentError,
                           match=f"slice index {wrong} of dimension 1 out of bounds"):
            session.run(y, {i: wrong})


def test_slice_names_what_is_out_of_range(session):
    begin = tf.placeholder(tf.int32, [3])
    y = tf.slice(tf.constant(X), begin, [1, 2, 4])
    with pytest.raises(tf.errors.InvalidArgumentError,
                       match=r"Expected size\[1\] in \[0, 1\], but got 2"):
        session.run(y, {begin: [0, 2, 0]})
    with pytest.raises(tf.errors.InvalidArgumentError,
                       match=r"Expected begin\[0\] in \[0, 2\], but got -1"):
        session.run(y, {begin: [-1, 0, 0]})


def test_a_mask_picks_elements(session):
    x = tf.constant([1.0, -2.0, 3.0])
    assert session.run(x[x > 0]).tolist() == [1, 3]


def test_iterating_over_a_tensor_indexes_it(session):
    rows = session.run(list(tf.constant(X)))
    assert len(rows) == 2
    np.testing.assert_array_equal(rows[1], X[1])


def test_operations_and_variables_are_indexed_alike(session):
    v = tf.Variable(X)
    op = tf.constant(X).op
    np.testing.assert_array_equal(session.run(v[1, ..., 2]), X[1, ..., 2])
    np.testing.assert_array_equal(session.run(op[0]), X[0])


def test_a_part_of_a_variable_is_assigned(session):
    v = tf.Variable([1.0, 2.0, 3.0, 4.0])
    session.run(v.initializer)
    before = session.run(v)
    after = session.run(v[1:3].assign([7.0, 8.0]))
    assert after.tolist() == [1, 7, 8, 4]
    assert before.tolist() == [1, 2, 3, 4]
    session.run(v[::-2].assign([0.0, -1.0]))
    assert session.run(v).tolist() == [1, -1, 8, 0]


def test_the_plan_writes_brackets_as_the_user_did():
    x = tf.placeholder(tf.float32, [4, 3])
    source = tf.Session().plan(x[1:3, None, ..., -1], [x]).source
    assert "Placeholder[1:3, None, ..., -1]" in source
