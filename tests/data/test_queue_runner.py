"""Queue runners and coordinators."""

import threading

import numpy as np
import pytest

import pellucid as tf


def pipeline(epochs=2):
    x, = tf.train.slice_input_producer([tf.range(100)], num_epochs=epochs, shuffle=False)
    return tf.train.batch([tf.square(x)], 10, num_threads=3, allow_smaller_final_batch=True)


def test_every_row_comes_through_several_threads(session):
    batch = pipeline()
    coordinator = tf.train.Coordinator()
    session.run(tf.local_variables_initializer())
    threads = tf.train.start_queue_runners(session, coordinator)
    assert len(threads) == 1 + 1 + 3 + 1 and all(t.daemon for t in threads)
    assert tf.train.start_queue_runners(session, coordinator) == []        # they run already
    rows = []
    with pytest.raises(tf.errors.OutOfRangeError):
        while True:
            rows += session.run(batch).tolist()
    coordinator.request_stop()
    coordinator.join(threads)
    assert sorted(rows) == sorted(2 * [i * i for i in range(100)])


def test_an_error_in_a_thread_is_raised_by_join(session):
    x = tf.train.batch([tf.log(tf.train.limit_epochs(-1.0, 5))], 2)
    bad = tf.train.batch([tf.check_numerics(x, "not a number")], 1)
    coordinator = tf.train.Coordinator()
    threads = tf.train.start_queue_runners(session, coordinator)
    with pytest.raises(tf.errors.OpError):
        session.run(bad)
    with pytest.raises(tf.errors.InvalidArgumentError, match="not a number"):
        coordinator.join(threads)


def test_without_a_coordinator_errors_are_kept(session):
    bad = tf.train.batch([tf.check_numerics(tf.log(-1.0), "bad")], 1)
    threads = tf.train.start_queue_runners(session)
    for thread in threads:
        thread.join(10)
    runner, = tf.get_collection(tf.GraphKeys.QUEUE_RUNNERS)
    assert [type(e) for e in runner.exceptions_raised] == [tf.errors.InvalidArgumentError]
    assert bad.shape == (1,)


def test_closing_the_session_ends_the_threads(engine):
    batch = pipeline(epochs=None)
    with tf.Session(engine=engine) as session:
        threads = tf.train.start_queue_runners(session)
        session.run(batch)
    for thread in threads:
        thread.join(10)
    assert not any(t.is_alive() for t in threads)


def test_the_default_session_is_used():
    batch = pipeline()
    with tf.Session() as session:
        tf.train.start_queue_runners()
        assert session.run(batch).shape == (10,)


def test_coordinator_raises_the_first_error_and_ignores_the_end_of_data():
    coordinator = tf.train.Coordinator()
    with coordinator.stop_on_exception():
        raise tf.errors.OutOfRangeError(None, None, "end")
    assert coordinator.should_stop()
    coordinator.join()
    assert coordinator.joined
    coordinator.clear_stop()
    assert not coordinator.should_stop()
    coordinator.request_stop(ValueError("first"))
    coordinator.request_stop(KeyError("second"))
    with pytest.raises(ValueError, match="first"):
        coordinator.join()


def test_coordinator_names_threads_that_do_not_stop():
    stay = threading.Event()
    thread = threading.Thread(target=stay.wait, name="stubborn", daemon=True)
    thread.start()
    coordinator = tf.train.Coordinator()
    coordinator.request_stop()
    with pytest.raises(RuntimeError, match="stubborn"):
        coordinator.join([thread], stop_grace_period_secs=0.01)
    coordinator.join([thread], stop_grace_period_secs=0.01, ignore_live_threads=True)
    stay.set()


def test_looper_thread():
    coordinator, turns = tf.train.Coordinator(), []

    def turn(limit):
        turns.append(len(turns))
        if len(turns) == limit:
            coordinator.request_stop()

    thread = tf.train.LooperThread.loop(coordinator, 0.0, turn, args=(5,))
    coordinator.join([thread])
    assert turns == [0, 1, 2, 3, 4]
    with pytest.raises(ValueError, match="Coordinator"):
        tf.train.LooperThread(None, 1.0)


def test_a_looper_tells_of_its_error():
    coordinator = tf.train.Coordinator()
    tf.train.LooperThread.loop(coordinator, None, lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        coordinator.join()


def test_summaries_say_how_full_a_queue_is(session):
    pipeline()
    merged = tf.summary.merge_all()
    found = tf.Summary.FromString(session.run(merged))
    assert {v.tag: v.simple_value for v in found.value} == {
        "input_producer/input_producer/fraction_of_32_full": 0.0,
        "batch/fraction_of_32_full": 0.0}
    assert np.isfinite([v.simple_value for v in found.value]).all()
