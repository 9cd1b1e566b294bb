"""py_func: what the function gets, what it may return, what becomes of its exceptions."""

import numpy as np
import pytest

import pellucid as tf


def test_what_the_function_gets(session):
    seen = []

    def look(*values):
        seen.extend(values)
        return np.float32(0)

    session.run(tf.py_func(look, [1.0, [1, 2], "a", ["a", "b"], True], tf.float32))
    number, array, text, texts, flag = seen
    assert type(number) is np.float32 and type(array) is np.ndarray
    assert text == b"a" and texts.tolist() == [b"a", b"b"] and flag == np.True_


def test_results(session):
    assert session.run(tf.py_func(lambda: np.arange(3), [], tf.int64)).tolist() == [0, 1, 2]
    assert session.run(tf.py_func(lambda: 1.5, [], tf.float64)) == 1.5
    assert session.run(tf.py_func(lambda: "text", [], tf.string)) == b"text"
    one, two = tf.py_func(lambda: (np.float32(1), True), [], [tf.float32, tf.bool])
    assert session.run([two, one]) == [True, 1.0]
    only, = tf.py_func(lambda: np.int32(3), [], [tf.int32])
    assert session.run(only) == 3 and only.get_shape().ndims is None


def test_without_outputs(session):
    called = []
    op = tf.py_func(lambda x: called.append(x), [2.0], [])
    assert isinstance(op, tf.Operation) and session.run(op) is None
    with tf.control_dependencies([op]):
        session.run(tf.identity(1.0))
    assert called == [2.0, 2.0]


def test_it_runs_in_each_run_and_only_if_needed(session):
    count = []

    def step():
        count.append(1)
        return np.int64(len(count))

    x = tf.py_func(step, [], tf.int64)
    y = x + x
    assert [session.run(y) for _ in range(3)] == [2, 4, 6]
    session.run(tf.constant(1) + 1)
    assert len(count) == 3


def test_it_may_write_into_its_inputs_and_keep_its_results(session):
    kept = np.zeros(2, np.float32)

    def meddle(x):
        x[0] = 9
        kept[0] += x[0]
        return kept

    v = tf.Variable([1.0, 2.0])
    session.run(tf.global_variables_initializer())
    y = tf.py_func(meddle, [v], tf.float32)
    first = session.run(y)
    session.run(y)
    assert first.tolist() == [9.0, 0.0] and session.run(v).tolist() == [1.0, 2.0]


@pytest.mark.parametrize("value, dtype, text", [
    (1, tf.int32, "0-th value returned by <lambda> is int64, but expects int32"),
    (1.5, tf.float32, "is float64, but expects float32"),
    ("a", tf.float32, "is string, but expects float32"),
    ((1.0, 2.0), tf.float64, "returns 2 values, but expects to see 1 values"),
    (None, tf.float64, "returns 0 values, but expects to see 1 values")])
def test_wrong_results(value, dtype, text, session):
    with pytest.raises(tf.errors.InvalidArgumentError, match=text):
        session.run(tf.py_func(lambda: value, [], dtype))


@pytest.mark.parametrize("error, becomes", [
    (ValueError, "InvalidArgumentError"), (TypeError, "InvalidArgumentError"),
    (UnicodeError, "InvalidArgumentError"), (StopIteration, "OutOfRangeError"),
    (NotImplementedError, "UnimplementedError"), (MemoryError, "ResourceExhaustedError"),
    (KeyError, "UnknownError"), (ZeroDivisionError, "UnknownError")])
def test_exceptions(error, becomes, session):
    def fail():
        raise error("the reason")

    with pytest.raises(getattr(tf.errors, becomes), match="the reason") as caught:
        session.run(tf.py_func(fail, [], tf.float32, name="failing"))
    assert error.__name__ in caught.value.message and caught.value.op.name == "failing"


def test_keyboard_interrupt_passes(session):
    def stop():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        session.run(tf.py_func(stop, [], tf.float32))


def test_a_session_inside(session):
    x = tf.constant(2.0)
    y = tf.py_func(lambda: session.run(x * 3), [], tf.float32)
    assert session.run(y) == 6.0


def test_func_must_be_callable():
    with pytest.raises(ValueError, match="Expected func to be callable"):
        tf.py_func(3, [], tf.float32)


def test_numpy_function(session):
    assert session.run(tf.numpy_function(np.square, [3.0], tf.float32)) == 9.0
