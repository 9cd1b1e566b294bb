"""Rewrite rules and spellings: each leaves the result as it is, and leaves something out."""

import numpy as np
import pytest

import pellucid as tf
from pellucid.engine import kernels


def planned(build, *arrays):
    """(types of the nodes that are left, program, result, result of the walk)."""
    xs = [tf.placeholder(a.dtype, a.shape, name="xyz"[i]) for i, a in enumerate(arrays)]
    y, feed = build(*xs), dict(zip(xs, arrays, strict=True))
    session = tf.Session()
    plan = session.plan(y, feed)
    session.run(y, feed)
    return ([n.op.type for n in plan.nodes], plan.source, session.run(y, feed),
            tf.Session(engine="walk").run(y, feed))


X = np.array([[1.0, -2.0, 3.0], [0.5, 4.0, -1.5]], np.float32)

RULES = {
    "pass_on": (lambda x: tf.exp(tf.identity(tf.stop_gradient(x))), ["Exp"]),
    "keep_shape reshape": (lambda x: tf.exp(tf.reshape(x, [2, -1])), ["Exp"]),
    "keep_shape tile": (lambda x: tf.exp(tf.tile(x, [1, 1])), ["Exp"]),
    "keep_shape transpose": (lambda x: tf.exp(tf.transpose(x, [0, 1])), ["Exp"]),
    "keep_type": (lambda x: tf.exp(tf.cast(tf.cast(x, tf.float32), tf.float32)), ["Exp"]),
    "times_one": (lambda x: tf.exp(tf.ones([2, 3]) * x / 1.0), ["Exp"]),
    "divide_instead": (lambda x: tf.reciprocal(x) * x, ["RealDiv"]),
    "negate_instead": (lambda x: x * -1.0, ["Neg"]),
    "do_not_repeat tile": (lambda x: x + tf.tile(tf.exp(x[:, :1]), [1, 3]),
                           ["StridedSlice", "Exp", "AddV2"]),
    "sum_once": (lambda x: tf.reduce_sum(tf.reduce_sum(tf.exp(x), 1)), ["Exp", "Sum"]),
    "multiply_and_sum": (lambda x: tf.reduce_sum(tf.exp(x) * x), ["Exp", "InnerProduct"]),
    "constants": (lambda x: x + tf.exp(tf.constant(1.0)) * tf.ones([2, 1]), ["AddV2"]),
}


@pytest.mark.parametrize("name", RULES)
def test_rule(name):
    build, left = RULES[name]
    types, source, result, walk = planned(build, X)
    assert types == left, source
    np.testing.assert_allclose(result, walk, rtol=1e-6)
    assert result.dtype == walk.dtype and result.shape == walk.shape


def test_a_transposition_of_a_square_is_not_nothing():
    square = X[:, :2]
    _, _, result, _ = planned(lambda x: tf.transpose(x), square)
    np.testing.assert_array_equal(result, square.T)


def test_one_times_x_is_kept_where_it_broadcasts():
    _, _, result, _ = planned(lambda x: tf.ones([4, 1, 1]) * x, X)
    assert result.shape == (4, 2, 3)


def test_a_repeated_operand_is_kept_beside_a_constant_of_equal_entries():
    x = np.array([[1.0], [2.0]], np.float32)
    _, _, result, walked = planned(
        lambda x: tf.tile(tf.exp(x), [1, 3]) * tf.constant(2.0, shape=[2, 3]), x)
    np.testing.assert_allclose(result, walked)


def test_a_repeated_operand_is_kept_where_both_are_repeated():
    def build(x):
        return tf.tile(x[:, :1], [1, 3]) + tf.tile(x[:1], [2, 1])
    _, _, result, walk = planned(build, X)
    np.testing.assert_array_equal(result, walk)


SPELLINGS = {
    "sum of all": lambda x: tf.reduce_sum(x),
    "sum of rows": lambda x: tf.reduce_sum(x, 1),
    "sum of columns, kept": lambda x: tf.reduce_sum(x, [0], keepdims=True),
    "mean": lambda x: tf.reduce_mean(x),
    "mean of columns": lambda x: tf.reduce_mean(x, 0),
    "max of rows": lambda x: tf.reduce_max(tf.transpose(x), 1, keepdims=True),
    "softmax": lambda x: tf.nn.softmax(tf.transpose(x)),
    "relu": lambda x: tf.nn.relu(x),
    "relu's gradient": lambda x: tf.gradients(tf.nn.relu(x), x)[0],
    "cross-entropy": lambda x: tf.nn.softmax_cross_entropy_with_logits_v2(
        logits=tf.transpose(x), labels=tf.nn.softmax(tf.transpose(x * 2))),
    "product": lambda x: tf.matmul(x, x, transpose_b=True),
    "cast": lambda x: tf.cast(x > 0, tf.float32) + tf.cast(x, tf.float32),
    "sigmoid": lambda x: tf.sigmoid(x * 100),
    "square": lambda x: tf.square(x),
}


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.float16])
@pytest.mark.parametrize("name", SPELLINGS)
def test_spelling(name, dtype):
    _, source, result, walk = planned(SPELLINGS[name], X.astype(dtype))
    tolerance = {np.float16: 5e-3, np.float32: 1e-6, np.float64: 1e-14}[dtype]
    np.testing.assert_allclose(result, walk, rtol=tolerance, atol=tolerance, err_msg=source)
    assert result.dtype == walk.dtype and np.shape(result) == np.shape(walk)


@pytest.mark.parametrize("shape", [(1, 1), (5, 1), (7, 7), (100, 2), (64, 10)])
def test_kernels_for_short_rows(shape):
    rng = np.random.default_rng(1)
    x = (rng.normal(size=shape) * 30).astype(np.float32)
    labels = rng.random(shape).astype(np.float32)
    before = x.copy(), labels.copy()
    powers = np.exp(x - x.max(1, keepdims=True))
    softmax = powers / powers.sum(1, keepdims=True)
    np.testing.assert_array_equal(kernels.max_rows(x), x.max(1))
    np.testing.assert_allclose(kernels.softmax_rows(x), softmax, rtol=1e-5)
    losses, backprop = kernels.cross_entropy_rows(x, labels)
    log = x - x.max(1, keepdims=True) - np.log(powers.sum(1, keepdims=True))
    np.testing.assert_allclose(losses, -(labels * log).sum(1), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(backprop, softmax - labels, rtol=1e-4, atol=1e-6)
    classes = rng.integers(0, shape[1], shape[0]).astype(np.int32)
    losses, backprop = kernels.sparse_cross_entropy_rows(x, classes)
    rows = np.arange(shape[0])
    np.testing.assert_allclose(losses, -log[rows, classes], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(backprop, softmax - np.eye(shape[1])[classes], rtol=1e-4, atol=1e-6)
    for wrong in (-1, shape[1]):
        with pytest.raises(tf.errors.InvalidArgumentError, match=f"label value of {wrong} "):
            kernels.sparse_cross_entropy_rows(x, np.full(shape[0], wrong, np.int64))
    np.testing.assert_array_equal(x, before[0])
    np.testing.assert_array_equal(labels, before[1])
