"""assert_equal and its family: in the run, and at once where all is known."""

import numpy as np
import pytest

import pellucid as tf

# name: (symbol, values that satisfy it beside [1, 2], values that do not)
RELATIONS = {
    "assert_equal": ("==", [1, 2], [1, 3]),
    "assert_none_equal": ("!=", [2, 1], [3, 2]),
    "assert_less": ("<", [2, 3], [2, 2]),
    "assert_less_equal": ("<=", [1, 3], [2, 1]),
    "assert_greater": (">", [0, 1], [0, 2]),
    "assert_greater_equal": (">=", [1, 1], [2, 2]),
}
SIGNS = {
    "assert_positive": (">", [1, 2], [0, 1]),
    "assert_negative": ("<", [-1, -2], [0, -1]),
    "assert_non_negative": (">=", [0, 1], [-1, 1]),
    "assert_non_positive": ("<=", [0, -1], [-1, 1]),
}


@pytest.mark.parametrize("name", RELATIONS)
@pytest.mark.parametrize("dtype", [tf.int32, tf.float32])
def test_relations_in_the_run(name, dtype, session):
    symbol, good, bad = RELATIONS[name]
    y = tf.placeholder(dtype, [None], name="y")
    check = getattr(tf, name)(tf.cast([1, 2], dtype), y, message="the reason", summarize=5)
    session.run(check, {y: good})
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        session.run(check, {y: bad})
    text = f"[the reason] [Condition x {symbol} y did not hold element-wise:]"
    assert text in caught.value.message
    assert f"[y (y:0) = ] [{bad[0]} {bad[1]}]" in caught.value.message


@pytest.mark.parametrize("name", RELATIONS)
def test_relations_of_what_is_known(name):
    _, good, bad = RELATIONS[name]
    assert getattr(tf, name)([1, 2], good).type == "Assert"
    with pytest.raises(tf.errors.InvalidArgumentError, match="did not hold element-wise"):
        getattr(tf.debugging, name)([1, 2], bad)


@pytest.mark.parametrize("name", SIGNS)
def test_signs(name, session):
    symbol, good, bad = SIGNS[name]
    x = tf.placeholder(tf.int32, [None], name="x")
    check = getattr(tf, name)(x)
    session.run(check, {x: good})
    with pytest.raises(tf.errors.InvalidArgumentError,
                       match=rf"Condition x {symbol} 0 did not hold .*\[x \(x:0\) = \]"):
        session.run(check, {x: bad})
    with pytest.raises(tf.errors.InvalidArgumentError):
        getattr(tf, name)(bad)


def test_data_of_the_users_own(session):
    x = tf.placeholder(tf.int32, [])
    check = tf.assert_equal(x, 1, data=["own data", x])
    with pytest.raises(tf.errors.InvalidArgumentError,
                       match=r"assertion failed: \[own data\] \[2\]"):
        session.run(check, {x: 2})


def test_near(session):
    x = tf.placeholder(tf.float32, [])
    check = tf.assert_near(x, 1.0, message="far")
    session.run(check, {x: 1.0 + 5e-7})
    with pytest.raises(tf.errors.InvalidArgumentError, match="not equal to tolerance"):
        session.run(check, {x: 1.0 + 1e-5})
    session.run(tf.assert_near(x, 1.0, rtol=0.1, atol=0.2), {x: 1.29})


def test_rank_that_is_known():
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    for good in (tf.assert_rank(x, 2), tf.assert_rank_at_least(x, 1),
                 tf.assert_rank_in(x, (1, 2))):
        assert good.type == "NoOp"
    with pytest.raises(ValueError, match=r"Tensor x:0 must have rank 1\.  Received rank 2"):
        tf.assert_rank(x, 1)
    with pytest.raises(ValueError, match="why  Tensor x:0 must have rank at least 3"):
        tf.assert_rank_at_least(x, 3, message="why")
    with pytest.raises(ValueError, match="must have rank in 3, 4"):
        tf.assert_rank_in(x, [3, 4])


def test_rank_in_the_run(session):
    x = tf.placeholder(tf.float32)
    checks = {tf.assert_rank(x, 1): (1,), tf.assert_rank_at_least(x, 1): (1, 2),
              tf.assert_rank_in(x, [0, 2]): (0, 2)}
    for check, ranks in checks.items():
        for rank in range(3):
            feed = {x: np.ones((2,) * rank)}
            if rank in ranks:
                session.run(check, feed)
                continue
            with pytest.raises(tf.errors.InvalidArgumentError, match="must have rank"):
                session.run(check, feed)


def test_types():
    x = tf.placeholder(tf.float32, [None], name="x")
    assert tf.assert_type(x, tf.float32).type == tf.assert_integer(3).type == "NoOp"
    with pytest.raises(TypeError, match="x:0 must be of type tf.int32"):
        tf.assert_type(x, tf.int32)
    with pytest.raises(TypeError, match="integer type"):
        tf.assert_integer(x)
    assert tf.assert_same_float_dtype([x, None]) == tf.float32
    assert tf.assert_same_float_dtype() == tf.float32
    with pytest.raises(ValueError, match="must be of the same type"):
        tf.assert_same_float_dtype([x], tf.float64)
    with pytest.raises(ValueError, match="Expected floating point type"):
        tf.assert_same_float_dtype([tf.constant(1)])


def test_scalar_and_iterable():
    assert tf.assert_scalar(3.0).get_shape().ndims == 0
    with pytest.raises(ValueError, match="Expected scalar shape"):
        tf.assert_scalar([1.0])
    tf.assert_proper_iterable([1])
    for wrong in (tf.constant([1]), "text", np.zeros(2), 3):
        with pytest.raises(TypeError, match="'proper' iterable"):
            tf.assert_proper_iterable(wrong)


def test_questions(session):
    assert tf.is_numeric_tensor(tf.constant(1))
    assert not tf.is_numeric_tensor(tf.constant("a")) and not tf.is_numeric_tensor(1)
    for value, rising, strictly in (
            ([1, 2, 2], True, False), ([[1, 2], [3, 4]], True, True),
            ([2, 1], False, False), ([], True, True), ([7], True, True)):
        x = tf.constant(value)
        assert session.run([tf.is_non_decreasing(x), tf.is_strictly_increasing(x)]) == [
            rising, strictly]
