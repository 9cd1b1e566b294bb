"""Updates of variables: atomic, never in place, and refused where they cannot be right."""

import threading

import numpy as np
import pytest

import pellucid as tf


def test_threads_that_add_lose_no_update(session):
    counter = tf.Variable(np.zeros(1000), name="counter")
    step = tf.assign_add(counter, np.ones(1000))
    session.run(counter.initializer)

    def add():
        for _ in range(200):
            session.run(step.op)

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    np.testing.assert_array_equal(session.run(counter), np.full(1000, 800.0))


def test_threads_that_scatter_lose_no_update(session):
    table = tf.Variable(np.zeros((50, 4), np.float32))
    step = tf.scatter_add(table, [3, 3, 7], np.ones((3, 4), np.float32))
    session.run(table.initializer)
    threads = [threading.Thread(target=lambda: [session.run(step.op) for _ in range(100)])
               for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert session.run(table)[[3, 7, 8], 0].tolist() == [600, 300, 0]


@pytest.mark.parametrize("update", [
    lambda v: tf.assign_add(v, [1.0, 1.0]), lambda v: tf.scatter_add(v, [0], [1.0]),
    lambda v: tf.scatter_nd_update(v, [[0]], [1.0])])
def test_an_update_makes_a_new_array(session, update):
    v = tf.Variable([1.0, 2.0])
    step = update(v)
    session.run(v.initializer)
    cell = session.cell(v.op)
    before = np.asarray(cell.value)          # on XLA a view of the device's memory
    session.run(step)
    assert cell.value is not before
    assert before.tolist() == [1.0, 2.0]


def test_updates_do_not_broadcast(session):
    v = tf.Variable([1.0, 2.0])
    with pytest.raises(ValueError, match="not compatible"):
        tf.assign_add(v, 1.0)
    x = tf.placeholder(tf.float32)
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"same size.*\(2,\) and \(\)"):
        session.run(tf.assign_add(v, x), {x: 1.0})
    assert session.run(v).tolist() == [1.0, 2.0]


def test_rows_that_do_not_exist_are_refused(session):
    v = tf.Variable([[1.0], [2.0]])
    i = tf.placeholder(tf.int32, [None])
    step = tf.scatter_update(v, i, [[5.0]])
    for wrong in (2, -1):
        with pytest.raises(tf.errors.InvalidArgumentError,
                           match=rf"indices\[0\] = {wrong} is not in \[0, 2\)"):
            session.run(step, {i: [wrong]})
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"\[2 0\] does not index"):
        session.run(tf.scatter_nd_add(v, [[2, 0]], [1.0]))
    assert session.run(v).tolist() == [[1.0], [2.0]]


def test_what_is_no_variable_cannot_be_assigned_to():
    for wrong in (tf.constant(1), 3, [1.0]):
        with pytest.raises(AttributeError, match="it is not a Variable"):
            tf.assign(wrong, 2)
    with pytest.raises(TypeError, match="sparse_delta is not IndexedSlices"):
        tf.Variable([1.0]).scatter_add([1.0])


def test_wrong_types_are_refused():
    v = tf.Variable([1.0, 2.0])
    with pytest.raises(TypeError, match="int32, the variable float32"):
        tf.assign(v, tf.constant([1, 2]))
    with pytest.raises(TypeError, match="ref has DataType bool"):
        tf.assign_add(tf.Variable(True), True)
    with pytest.raises(TypeError, match="indices has DataType float32"):
        tf.scatter_add(v, [0.0], [1.0])
    with pytest.raises(ValueError, match=r"updates must have shape \(1,\)"):
        tf.scatter_add(v, [0], [1.0, 2.0])


def test_an_update_can_be_updated(session):
    v = tf.Variable(1.0)
    assert session.run(tf.assign_add(tf.assign_add(tf.assign(v, 10.0), 1.0), 2.0)) == 13.0


def test_names_are_those_of_tensorflow():
    v = tf.Variable([1.0, 2.0], name="v")
    start = len(tf.get_default_graph().get_operations())
    tf.assign(v, [3.0, 4.0])
    v.assign_add([1.0, 1.0], name="more")
    tf.scatter_update(v, [0], [1.0])
    assert [op.name for op in tf.get_default_graph().get_operations()[start:]] == [
        "Assign/value", "Assign", "more/value", "more",
        "ScatterUpdate/indices", "ScatterUpdate/updates", "ScatterUpdate"]


def test_count_up_to(session):
    count = tf.count_up_to(tf.Variable(0), 3)
    assert [session.run(count) for _ in range(3)] == [0, 1, 2]
    for _ in range(2):
        with pytest.raises(tf.errors.OutOfRangeError, match="Reached limit of 3"):
            session.run(count)


def test_a_count_is_seen_by_what_reads_later(session):
    counter = tf.Variable(5)
    before = counter + 0
    with tf.get_default_graph().control_dependencies([before]):
        count = tf.count_up_to(counter, 9)
    with tf.get_default_graph().control_dependencies([count]):
        after = counter + 0
    assert session.run([before, count, after]) == [5, 5, 6]


def test_asking_for_initialization_does_not_initialize(session):
    v, w = tf.Variable([1.0, 2.0], name="v"), tf.Variable(3.0, name="w")
    missing, one = tf.report_uninitialized_variables(), tf.is_variable_initialized(v)
    check = tf.assert_variables_initialized()
    assert not session.run(one)
    assert session.run(missing).tolist() == [b"v", b"w"]
    session.run(v.initializer)
    assert session.run(missing).tolist() == [b"w"]
    with pytest.raises(tf.errors.FailedPreconditionError, match="uninitialized value w"):
        session.run(check)
    assert session.run(w) == 3.0                             # first use initializes
    assert session.run(missing).tolist() == []
    session.run(check)


def test_initializers_without_variables(session):
    assert tf.global_variables_initializer().type == "NoOp"
    assert tf.assert_variables_initialized() is None
    assert session.run(tf.report_uninitialized_variables()).shape == (0,)


def test_local_variables_are_initialized_apart(session):
    v = tf.Variable(1.0, collections=[tf.GraphKeys.LOCAL_VARIABLES], trainable=False)
    assert tf.global_variables() == [] and tf.local_variables() == [v]
    session.run(tf.global_variables_initializer())
    assert session.run(tf.report_uninitialized_variables()).tolist() == [b"Variable"]
    session.run(tf.local_variables_initializer())
    assert session.run(tf.report_uninitialized_variables()).size == 0
