"""Queues across threads, sessions and engines. Values against TensorFlow: tests/recorded."""

import threading
import time

import numpy as np
import pytest

import pellucid as tf


def started(*functions):
    """Threads that run functions, started."""
    threads = [threading.Thread(target=f, daemon=True) for f in functions]
    for thread in threads:
        thread.start()
    return threads


def joined(threads, seconds=20):
    deadline = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    assert not any(t.is_alive() for t in threads), "threads hang"


def until(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


@pytest.mark.parametrize("queue_class", [tf.FIFOQueue, tf.RandomShuffleQueue])
def test_many_threads_lose_and_double_nothing(queue_class, session):
    extra = {} if queue_class is tf.FIFOQueue else {"min_after_dequeue": 3}
    queue = queue_class(7, dtypes=tf.int32, shapes=[()], **extra)
    x = tf.placeholder(tf.int32, [])
    enqueue, many = queue.enqueue(x), queue.enqueue_many([x + tf.range(10)])
    dequeue, up_to, close = queue.dequeue(), queue.dequeue_up_to(3), queue.close()
    found, lock = [], threading.Lock()

    def put(start, op, step):
        for i in range(start, start + 100, step):
            session.run(op, {x: i})

    def take(tensor):
        try:
            while True:
                got = np.atleast_1d(session.run(tensor)).tolist()
                with lock:
                    found.extend(got)
        except tf.errors.OutOfRangeError:
            pass

    takers = started(lambda: take(dequeue), lambda: take(up_to), lambda: take(up_to))
    joined(started(*[lambda s=s, job=job: put(s, *job) for s, job in zip(
        range(0, 600, 100), 3 * [(enqueue, 1), (many, 10)], strict=True)]))
    session.run(close)
    joined(takers)
    assert sorted(found) == list(range(600))


def test_who_waits_longest_is_served_first(session):
    queue = tf.FIFOQueue(100, tf.int32, shapes=[()])
    many, one, size = queue.dequeue_many(4), queue.dequeue(), queue.size()
    x = tf.placeholder(tf.int32, [])
    enqueue = queue.enqueue(x)
    found = {}
    session.run(size)
    state = session.cell(queue.queue_ref.op).value
    first = started(lambda: found.update(many=session.run(many).tolist()))
    until(lambda: len(state._dequeuers) == 1)
    second = started(lambda: found.update(one=int(session.run(one))))
    until(lambda: len(state._dequeuers) == 2)
    for i in range(5):
        session.run(enqueue, {x: i})
    joined(first + second)
    assert found == {"many": [0, 1, 2, 3], "one": 4}


def test_close_waits_for_those_who_enqueue(session):
    queue = tf.FIFOQueue(2, tf.int32, shapes=[()])
    enqueue, close, dequeue = queue.enqueue_many([[1, 2, 3, 4]]), queue.close(), queue.dequeue()
    closed = queue.is_closed()
    session.run(closed)
    state = session.cell(queue.queue_ref.op).value
    threads = started(lambda: session.run(enqueue))
    until(lambda: len(state._elements) == 2)
    threads += started(lambda: session.run(close))
    until(lambda: len(state._enqueuers) == 2)
    assert not session.run(closed)
    assert [int(session.run(dequeue)) for _ in range(4)] == [1, 2, 3, 4]
    joined(threads)
    assert session.run(closed)


def test_close_may_cancel_those_who_enqueue(session):
    queue = tf.FIFOQueue(2, tf.int32, shapes=[()])
    enqueue = queue.enqueue_many([[1, 2, 3, 4]])
    cancel, size = queue.close(cancel_pending_enqueues=True), queue.size()
    errors = []

    def put():
        with pytest.raises(tf.errors.CancelledError):
            session.run(enqueue)
        errors.append("cancelled")

    threads = started(put)
    until(lambda: session.run(size) == 2)
    session.run(cancel)
    joined(threads)
    assert errors == ["cancelled"] and session.run(size) == 2


def test_a_closed_session_wakes_who_waits(session):
    full, empty = tf.FIFOQueue(1, tf.int32), tf.FIFOQueue(1, tf.int32)
    put, take = full.enqueue_many([[1, 2]]), empty.dequeue()
    errors = []

    def wait(op):
        try:
            session.run(op)
        except tf.errors.CancelledError as error:
            errors.append(str(error))

    threads = started(lambda: wait(put), lambda: wait(take))
    until(lambda: len(session._cells) == 2)
    until(lambda: all(s.value._enqueuers or s.value._dequeuers
                      for s in list(session._cells.values())))
    session.close()
    joined(threads)
    assert sorted(e.split()[0] for e in errors) == ["Dequeue", "Enqueue"]


def test_other_runs_go_on_while_one_waits(session):
    queue = tf.FIFOQueue(1, tf.float32)
    w = tf.Variable(1.0)
    step, take, put = w.assign_add(1.0), queue.dequeue(), queue.enqueue(7.0)
    found = []
    threads = started(lambda: found.append(session.run(take)))
    for _ in range(50):
        session.run(step)
    session.run(put)
    joined(threads)
    assert session.run(w) == 51.0 and found == [7.0]


def test_sessions_have_their_own(engine):
    queue = tf.FIFOQueue(5, tf.int32)
    put, size = queue.enqueue(1), queue.size()
    with tf.Session(engine=engine) as a, tf.Session(engine=engine) as b:
        a.run(put)
        assert (a.run(size), b.run(size)) == (1, 0)


def test_one_shared_name_is_one_queue(session):
    first, second = [tf.FIFOQueue(5, tf.int32, shared_name="q") for _ in range(2)]
    session.run(first.enqueue(3))
    assert session.run(second.dequeue()) == 3


def test_what_is_fed_and_fetched_stays_the_callers(session):
    queue = tf.FIFOQueue(5, tf.float32, shapes=[(3,)])
    x = tf.placeholder(tf.float32, [3])
    computed = x + 1.0
    enqueue, both, dequeue = queue.enqueue(x), queue.enqueue(computed), queue.dequeue()
    fed = np.ones(3, np.float32)
    session.run(enqueue, {x: fed})
    fed[:] = 9.0
    assert session.run(dequeue).tolist() == [1, 1, 1]
    for _ in range(3):
        fetched, _ = session.run([computed, both], {x: np.ones(3)})
        fetched[:] = 9.0
        assert session.run(dequeue).tolist() == [2, 2, 2]


def test_errors_say_which_queue(session):
    queue = tf.FIFOQueue(5, tf.float32, name="my_queue")
    session.run(queue.close())
    with pytest.raises(tf.errors.OutOfRangeError, match="'my_queue' is closed and has insuffici"):
        session.run(queue.dequeue())
    shaped = tf.FIFOQueue(5, tf.float32, shapes=[(2,)])
    x = tf.placeholder(tf.float32)
    with pytest.raises(tf.errors.InvalidArgumentError, match="Expected \\(2,\\), got \\(3,\\)"):
        session.run(shaped.enqueue(x), {x: [1, 2, 3]})


def test_a_browser_without_threads_says_so(session, monkeypatch):
    queue = tf.FIFOQueue(5, tf.float32)
    monkeypatch.setattr("sys.platform", "emscripten")
    with pytest.raises(tf.errors.FailedPreconditionError, match="use|tf.data"):
        session.run(queue.dequeue())
