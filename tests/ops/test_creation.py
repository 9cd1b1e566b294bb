"""Constants where they are small, Fill where they are large or not known."""

import numpy as np
import pytest

import pellucid as tf


def kinds(*tensors):
    return [(t.op.name, t.op.type) for t in tensors]


def test_small_known_tensors_are_constants():
    assert kinds(tf.zeros([2]), tf.ones([999]), tf.zeros([])) == [
        ("zeros", "Const"), ("ones", "Const"), ("zeros_1", "Const")]


def test_large_and_unknown_tensors_are_filled():
    n = tf.placeholder(tf.int32, [])
    assert kinds(tf.zeros([1000]), tf.ones([n]), tf.zeros(3)) == [
        ("zeros", "Fill"), ("ones", "Fill"), ("zeros_1", "Fill")]


def test_a_bare_number_is_a_vector():
    assert tf.zeros(3).shape == [3]
    assert tf.ones(tf.constant(2)).shape == [2]


@pytest.mark.parametrize("dtype, zero, one", [
    (tf.bool, False, True), (tf.int8, 0, 1), (tf.complex64, 0j, 1 + 0j), (tf.half, 0, 1)])
def test_zeros_and_ones_of_other_types(session, dtype, zero, one):
    zeros, ones = session.run([tf.zeros([1], dtype), tf.ones([1], dtype)])
    assert zeros.dtype == ones.dtype == dtype.as_numpy_dtype
    assert (zeros[0], ones[0]) == (zero, one)


def test_zeros_of_strings_are_empty(session):
    assert session.run(tf.zeros([2], tf.string)).tolist() == [b"", b""]


def test_like_a_known_shape():
    x = tf.constant([[1.0, 2.0]])
    assert kinds(tf.zeros_like(x), tf.ones_like(x)) == [
        ("zeros_like", "Const"), ("ones_like", "Fill")]
    y = tf.placeholder(tf.float32, [None])
    assert kinds(tf.zeros_like(y), tf.ones_like(y)) == [
        ("zeros_like_1", "ZerosLike"), ("ones_like_1", "Fill")]
    assert tf.zeros_like(y, tf.int64).dtype is tf.int64


def test_like_an_untyped_tensor(session):
    x = tf.placeholder()
    fed = np.array([1, 2], np.int16)
    values = session.run([tf.zeros_like(x), tf.ones_like(x)], {x: fed})
    assert [v.tolist() for v in values] == [[0, 0], [1, 1]]
    assert {v.dtype for v in values} == {np.dtype(np.int16)}


@pytest.mark.parametrize("bounds", [
    (5,), (2, 9, 3), (5, 0, -2), (10, 10), (0.0, 1.0, 0.25), (0, 1, 0.1), (1.5,)])
def test_range_is_numpys(session, bounds):
    ours = tf.range(*bounds)
    expected = np.arange(*bounds)
    assert ours.shape == expected.shape
    np.testing.assert_allclose(session.run(ours), expected, rtol=1e-6)
    assert ours.dtype is (tf.int32 if expected.dtype.kind == "i" else tf.float32)


def test_range_takes_the_widest_type():
    assert tf.range(tf.constant(3, tf.int64)).dtype is tf.int64
    assert tf.range(0, tf.constant(3.0, tf.float64)).dtype is tf.float64
    assert tf.range(3, dtype=tf.float32).dtype is tf.float32


@pytest.mark.parametrize("num", [1, 2, 3, 10])
def test_linspace_includes_both_ends(session, num):
    values = session.run(tf.linspace(2.0, -3.0, num))
    np.testing.assert_allclose(values, np.linspace(2, -3, num), rtol=1e-6)
    assert values[0] == 2 and (num == 1 or values[-1] == -3)


def test_eye_is_numpys(session):
    assert session.run(tf.eye(3)).tolist() == np.eye(3).tolist()
    assert session.run(tf.eye(2, 3)).tolist() == np.eye(2, 3).tolist()
    assert session.run(tf.eye(3, 2, dtype=tf.int32)).tolist() == np.eye(3, 2).tolist()
    assert session.run(tf.eye(0)).shape == (0, 0)
    assert session.run(tf.eye(2, batch_shape=[3])).shape == (3, 2, 2)
    assert tf.eye(2, name="named").op.name == "named/diag"


def test_the_ones_that_gradients_start_with_are_known():
    x = tf.constant(2.0)
    gradient, = tf.gradients(x * 3, x)
    operations = tf.get_default_graph().get_operations()
    start = next(op for op in operations if "grad_ys_0" in op.name)
    assert start.outputs[0].spec.value == 1
    assert gradient.dtype is tf.float32
