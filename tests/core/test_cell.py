"""Cells: values that are made on first use, and arrays that only their cell refers to."""

import threading

import numpy as np
import pytest

import pellucid as tf
from pellucid.core.cell import Cell, writable


def held(value):
    cell = Cell(name="v")
    cell.value = value
    return cell


def test_an_array_that_nobody_else_has_is_written_in_place():
    cell = held(np.zeros(3))
    address = cell.value.ctypes.data
    with writable([cell]) as arrays:
        arrays[0][1] = 5
    assert cell.value.tolist() == [0, 5, 0]
    assert cell.value.ctypes.data == address


@pytest.mark.parametrize("share", [
    lambda array: array, lambda array: array[1:], lambda array: memoryview(array),
    lambda array: [array], lambda array: held(array)], ids=[
    "reference", "view", "buffer", "list", "another cell"])
def test_whoever_has_the_array_keeps_it_as_it_was(share):
    cell = held(np.zeros(3))
    seen = share(cell.value)
    with writable([cell]) as arrays:
        arrays[0][:] = 5
    assert cell.value.tolist() == [5, 5, 5]
    seen = seen.value if isinstance(seen, Cell) else seen
    assert np.asarray(seen).max() == 0


@pytest.mark.parametrize("array", [np.zeros(4)[::2], np.broadcast_to(np.zeros(1), 3),
                                   np.frombuffer(b"\0" * 16)])
def test_memory_of_others_is_copied(array):
    cell = held(array)
    del array
    with writable([cell]) as arrays:
        arrays[0][0] = 5
    assert cell.value[0] == 5


def test_an_error_leaves_the_value():
    cell, empty = held(np.zeros(2)), Cell(name="w")
    with pytest.raises(tf.errors.FailedPreconditionError, match="uninitialized value w"), \
            writable([cell, empty]):
        pass
    with pytest.raises(ValueError), writable([cell]):
        raise ValueError
    assert cell.value.tolist() == [0, 0]
    assert not empty.is_set
    assert cell.lock.acquire(blocking=False)


def test_who_reads_meanwhile_waits():
    cell, found = held(np.zeros(2)), []
    with writable([cell]) as arrays:
        reader = threading.Thread(target=lambda: found.append(cell.value.tolist()))
        reader.start()
        reader.join(0.05)
        assert not found
        arrays[0][:] = 1
    reader.join()
    assert found == [[1, 1]]


def test_fetched_and_initial_values_are_not_changed_by_sparse_updates(engine):
    start = np.zeros((4, 2), np.float32)
    with tf.Graph().as_default():
        table = tf.Variable(start)
        copy = tf.Variable(table.initialized_value())
        rows = tf.placeholder(tf.int32, [None])
        loss = tf.reduce_sum(tf.gather(table, rows))
        step = tf.train.GradientDescentOptimizer(1.0).minimize(loss)
        kept = tf.identity(table)
        moved = tf.scatter_add(table, [3], [[9.0, 9.0]])
        with tf.Session(engine=engine) as session:
            session.run(tf.global_variables_initializer())
            before, read = session.run([table, kept])
            for _ in range(3):
                session.run(step, {rows: [1, 1, 2]})
            after = session.run(table)
            session.run(moved)
            assert after[:, 0].tolist() == [0, -6, -3, 0]
            assert session.run(table)[:, 0].tolist() == [0, -6, -3, 9]
            assert not before.any() and not read.any() and not start.any()
            assert not session.run(copy).any()
            session.run(table.initializer)
            assert not session.run(table).any()


def test_threads_that_add_rows_lose_nothing(engine):
    with tf.Graph().as_default():
        table = tf.Variable(np.zeros((8, 3), np.float32))
        rows = tf.placeholder(tf.int32, [None])
        add = tf.scatter_add(table, rows, tf.ones([2, 3])).op
        with tf.Session(engine=engine) as session:
            session.run(table.initializer)
            session.run(add, {rows: [0, 0]})
            sums = []

            def work(seed):
                for i in range(40):
                    session.run(add, {rows: [(seed + i) % 8, i % 8]})
                    if i % 10 == 0:
                        sums.append(session.run(table).sum() % 3)

            threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert session.run(table).sum() == 3 * 2 * (4 * 40 + 1)
            assert not any(sums)
