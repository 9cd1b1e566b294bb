"""Matrix products: vectors, errors, what einsum contracts."""

import numpy as np
import pytest

import pellucid as tf

A = np.array([[1.0, 2.0, -3.0], [0.5, -5.0, 1.0]])
B = np.array([[1.0, 0.5], [-1.0, 2.0], [0.25, 3.0]])
U, V = A[0].copy(), B[:, 0].copy()
PAIRS = {"matrix vector": (A, V), "vector matrix": (U, B), "vector vector": (U, V),
         "matrix matrix": (A, B), "batch vector": (np.stack([A, 2 * A]), V),
         "vector batch": (U, np.stack([B, 2 * B]))}


def numeric_gradient(function, x):
    grad, h = np.zeros_like(x), 1e-6
    for index in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[index] = h
        grad[index] = (function(x + step) - function(x - step)) / (2 * h)
    return grad


@pytest.mark.parametrize("pair, known, dtype", [
    *[(pair, True, tf.float64) for pair in PAIRS], *[(pair, True, None) for pair in PAIRS],
    *[(pair, False, None) for pair in PAIRS],
    ("matrix matrix", False, tf.float64)])     # typed, of unknown rank: as TensorFlow does
def test_vectors_and_their_gradients(pair, known, dtype, session):
    """Our extension, also where an untyped placeholder turns out to hold a vector."""
    a_value, b_value = PAIRS[pair]
    a = tf.placeholder(dtype, a_value.shape if known else None)
    b = tf.placeholder(dtype, b_value.shape if known else None)
    y = tf.matmul(a, b)
    wanted = np.matmul(a_value, b_value)
    weights = np.cos(np.arange(wanted.size)).reshape(wanted.shape)
    grads = tf.gradients(y, [a, b], tf.constant(weights))
    feeds = {a: a_value, b: b_value}
    got, grad_a, grad_b = session.run([y, *grads], feeds)
    np.testing.assert_allclose(got, wanted)
    np.testing.assert_allclose(grad_a, numeric_gradient(
        lambda x: np.sum(weights * np.matmul(x, b_value)), a_value), 1e-6, 1e-8)
    np.testing.assert_allclose(grad_b, numeric_gradient(
        lambda x: np.sum(weights * np.matmul(a_value, x)), b_value), 1e-6, 1e-8)
    second = tf.gradients(tf.reduce_sum(grads[0] * grads[0]), b)[0]
    assert session.run(second, feeds).shape == b_value.shape


@pytest.mark.parametrize("build, error, text", [
    (lambda a, b: tf.matmul(a, a), ValueError,
     r"MatMul 'MatMul': inner dimensions differ, 3 and 2.\n  a = 'a:0'  float32  \(2, 3\)"),
    (lambda a, b: tf.matmul(a, tf.constant([[1]])), TypeError, "b has type int32"),
    (lambda a, b: tf.matmul(a, b, transpose_a=True, adjoint_a=True), ValueError, "Only"),
    (lambda a, b: tf.matmul(a, tf.zeros([])), ValueError, "vector"),
    (lambda a, b: tf.matmul(tf.zeros([2, 3, 4]), tf.zeros([3, 4, 5])), ValueError,
     "2 and 3"),
    (lambda a, b: tf.einsum("ij,jk->ik", a), ValueError, "expecting 2"),
    (lambda a, b: tf.einsum("ijk->i", a), ValueError, "names 3 axes, its tensor has 2"),
    (lambda a, b: tf.einsum("ij->k", a), ValueError, "axes that no input has: k"),
    (lambda a, b: tf.einsum("ij,jk->ik", a, a), ValueError, "2 in one input and 3"),
    (lambda a, b: tf.einsum("i1->i", a), ValueError, "incorrect format"),
    (lambda a, b: tf.tensordot(a, a, [[0, 1], [0]]), ValueError, "2 != 1"),
    (lambda a, b: tf.tensordot(a, a, 3), ValueError, "not be larger"),
    (lambda a, b: tf.matrix_transpose(tf.zeros([2])), ValueError, "rank at least 2"),
    (lambda a, b: tf.cross(a, a[:, :2]), ValueError, "not compatible"),
])
def test_refused(build, error, text):
    a, b = tf.placeholder(tf.float32, [2, 3], name="a"), tf.placeholder(tf.float32, [3, 2])
    with pytest.raises(error, match=text):
        build(a, b)


def test_factors_that_do_not_fit_in_the_run(session):
    a = tf.placeholder(tf.float32, [None, None], name="a")
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"'a:0'  float32  \(1, 2\)"):
        session.run(tf.matmul(a, np.ones((3, 2), np.float32)), {a: [[1.0, 2.0]]})


def test_einsum_of_many(session):
    arrays = [np.random.default_rng(i).normal(size=s) for i, s in enumerate(
        [(2, 3), (3, 4), (4, 5), (5, 2)])]
    for equation in ("ab,bc,cd,de->ae", "ab,bc,cd,da->", "ab,bc,cd,de", "ab,bc,cd,dq->qac"):
        xs = [tf.constant(x) for x in arrays]
        y = tf.einsum(equation, *xs)
        wanted = np.einsum(equation, *arrays)
        np.testing.assert_allclose(session.run(y), wanted, 1e-9)
        assert y.shape.as_list() == list(wanted.shape)
        grad, = tf.gradients(y, xs[2])
        value = session.run(grad)
        ones = np.ones_like(wanted)

        def loss(x, equation=equation, ones=ones):
            return np.sum(ones * np.einsum(equation, *arrays[:2], x, arrays[3]))
        np.testing.assert_allclose(value, numeric_gradient(loss, arrays[2]), 1e-5, 1e-7)


def test_einsum_takes_one_input_twice(session):
    x = tf.constant(A)
    y = tf.einsum("ij,kj->ik", x, x)
    grad, = tf.gradients(y, x)
    np.testing.assert_allclose(session.run(grad), 2 * A.sum(0) * np.ones((2, 1)))


def test_tensordot_with_axes_as_tensors(session):
    x, y = tf.placeholder(tf.float64), tf.placeholder(tf.float64)
    axes = tf.placeholder(tf.int32)
    z = tf.tensordot(x, y, axes)
    np.testing.assert_allclose(session.run(z, {x: A, y: B, axes: [[1], [0]]}), A @ B)
    z = tf.tensordot(x, y, 1)
    np.testing.assert_allclose(session.run(z, {x: A, y: B}), A @ B)
    grad, = tf.gradients(z, x)
    np.testing.assert_allclose(session.run(grad, {x: A, y: B}), np.ones((2, 2)) @ B.T)


def test_matrix_transpose(session):
    x = np.arange(12).reshape(2, 2, 3)
    unknown = tf.placeholder(tf.int64)
    assert session.run(tf.matrix_transpose(x)).tolist() == x.swapaxes(1, 2).tolist()
    assert session.run(tf.matrix_transpose(unknown), {unknown: x}).shape == (2, 3, 2)
    z = tf.constant([[1j, 2]], tf.complex64)
    assert session.run(tf.matrix_transpose(z, conjugate=True)).tolist() == [[-1j], [2]]
    assert session.run(tf.linalg.adjoint(z)).tolist() == [[-1j], [2]]


def test_trace(session):
    x = tf.constant(np.arange(18.0).reshape(2, 3, 3))
    y = tf.trace(x)
    assert y.op.name == "Trace"
    grad, = tf.gradients(y, x)
    assert session.run(y).tolist() == [12.0, 39.0]
    assert session.run(grad).tolist() == [np.eye(3).tolist()] * 2
