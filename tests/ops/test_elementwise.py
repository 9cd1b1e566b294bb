"""Elementwise operations: errors, IndexedSlices, extreme values."""

import numpy as np
import pytest

import pellucid as tf


@pytest.fixture
def slices():
    return tf.IndexedSlices(tf.constant([[2.0, -4.0], [6.0, 8.0]]), tf.constant([2, 0]),
                            tf.constant([3, 2]))


def test_scalar_mul_keeps_rows(slices, session):
    scaled = tf.scalar_mul(0.5, slices)
    assert isinstance(scaled, tf.IndexedSlices)
    value = session.run(scaled)
    assert value.values.tolist() == [[1.0, -2.0], [3.0, 4.0]]
    assert value.indices.tolist() == [2, 0]


def test_scalar_mul_wants_a_scalar():
    with pytest.raises(ValueError, match="Only scalar multiply works"):
        tf.scalar_mul(tf.constant([1.0, 2.0]), tf.constant([1.0, 2.0]))


def test_other_functions_make_rows_dense(slices, session):
    dense = np.array([[6.0, 8.0], [0.0, 0.0], [2.0, -4.0]])
    for z, wanted in [(tf.multiply(slices, 2.0), dense * 2),
                      (tf.square(slices), dense ** 2),
                      (tf.add_n([slices, tf.ones([3, 2])]), dense + 1),
                      (tf.reduce_sum(slices), dense.sum())]:
        np.testing.assert_array_equal(session.run(z), wanted)


def test_negative_clip_and_cast_keep_rows(slices, session):
    for z, wanted in [(-slices, [[-2.0, 4.0], [-6.0, -8.0]]),
                      (tf.clip_by_value(slices, -3.0, 7.0), [[2.0, -3.0], [6.0, 7.0]]),
                      (tf.cast(slices, tf.float64), [[2.0, -4.0], [6.0, 8.0]])]:
        assert isinstance(z, tf.IndexedSlices)
        assert session.run(z).values.tolist() == wanted


@pytest.mark.parametrize("divide", [
    tf.floordiv, tf.floormod, tf.truncatediv, tf.truncatemod, tf.div])
def test_integers_divided_by_zero(divide, session):
    y = tf.placeholder(tf.int32, [2])
    z = divide(tf.constant([1, 2]), y)
    with pytest.raises(tf.errors.InvalidArgumentError, match="division by zero"):
        session.run(z, {y: [1, 0]})


def test_nothing_divided_by_zero(session):
    x = tf.placeholder(tf.int32, [None])
    assert session.run(x // 0, {x: []}).tolist() == []


def test_floats_divided_by_zero(session):
    x = tf.constant([1.0, -1.0, 0.0])
    assert repr(session.run([x / 0, x // 0])) == repr(
        [np.array([np.inf, -np.inf, np.nan], np.float32)] * 2)


def test_integers_to_negative_powers(session):
    y = tf.placeholder(tf.int32, [1])
    with pytest.raises(tf.errors.InvalidArgumentError, match="negative integer powers"):
        session.run(tf.pow([2], y), {y: [-1]})


def test_sigmoid_is_exact_far_from_zero(session):
    x = np.array([-1000.0, -80.0, -30.0, -17.0, 0.0, 30.0, 1000.0], np.float32)
    wanted = [0.0, np.exp(-80.0), np.exp(-30.0), 1 / (1 + np.exp(17.0)), 0.5, 1.0, 1.0]
    np.testing.assert_allclose(session.run(tf.sigmoid(x)), wanted, 1e-5)


def test_squared_difference_of_complex_numbers_is_real(session):
    x, y = tf.constant([1 + 2j], tf.complex64), tf.constant([3 - 1j], tf.complex64)
    assert session.run(tf.squared_difference(x, y)).tolist() == [13 + 0j]


@pytest.mark.parametrize("build, error, text", [
    (lambda: tf.zeros([2, 3]) + tf.zeros([2]), ValueError,
     r"AddV2 'add': Dimensions must be equal, but are 3 and 2\n"
     r"  x = 'zeros:0'  float32  \(2, 3\)"),
    (lambda: tf.exp(tf.constant([1])), TypeError, "Exp 'Exp': x has DataType int32, which"),
    (lambda: tf.add(1, tf.constant([1.0])), TypeError, "type float32, which does not"),
    (lambda: tf.add_n([]), ValueError, "at least one Tensor"),
    (lambda: tf.add_n(tf.constant(1.0)), TypeError, "must be a list of Tensors"),
    (lambda: tf.add_n([tf.zeros([2]), tf.zeros([3])]), ValueError, "not compatible"),
    (lambda: tf.clip_by_value(tf.zeros([3]), tf.zeros([2, 3]), 1.0), ValueError,
     "not compatible"),
    (lambda: tf.bitcast(tf.zeros([3]), tf.float64), ValueError, "last dimension must be 2"),
    (lambda: tf.truediv(tf.constant([True]), True), TypeError, "Invalid dtype bool"),
])
def test_refused(build, error, text):
    with pytest.raises(error, match=text):
        build()


def test_errors_name_the_line():
    with pytest.raises(ValueError, match="test_elementwise.py"):
        tf.zeros([2]) * tf.zeros([3])


def test_gradient_of_crossing_clips(session):
    x = tf.constant([-2.0, 0.5, 3.0, 1.0])
    grad, = tf.gradients(tf.clip_by_value(x, -1.0, 1.0), x)
    assert session.run(grad).tolist() == [0.0, 1.0, 0.0, 1.0]    # at the bound: passed on


def test_gradient_of_power_at_zero(session):
    x, y = tf.constant([0.0, -1.0]), tf.constant([2.0, 2.0])
    dx, dy = tf.gradients(x ** y, [x, y])
    assert session.run(dx).tolist() == [0.0, -2.0]
    assert session.run(dy).tolist() == [0.0, 0.0]      # log is taken as 0 where undefined
    second, = tf.gradients(dy, x)
    assert np.isfinite(session.run(second)).all()


def test_casting_to_its_own_dtype_is_the_tensor_itself():
    x = tf.constant([1.0])
    assert tf.cast(x, tf.float32) is x
    assert tf.cast(x, "float32") is x


def test_casts_out_of_range_are_tensorflows(session):
    x = tf.constant([np.nan, 1e10, -1e10, np.inf, -1.0])
    assert session.run(tf.cast(x, tf.int32)).tolist() == [-2**31] * 4 + [-1]
    assert session.run(tf.cast(x, tf.uint32)).tolist() == [0, 1410065408, 2884901888, 0,
                                                           2**32 - 1]
    assert session.run(tf.saturate_cast(x[1:3], tf.int8)).tolist() == [127, -128]


def test_strings_are_not_cast(session):
    with pytest.raises(tf.errors.UnimplementedError, match="string_to_number"):
        session.run(tf.cast(tf.constant(["1"]), tf.int32))
