"""Data sets across threads, sessions and engines. Against TensorFlow: tests/recorded."""

import gc
import threading
import time

import numpy as np
import pytest

import pellucid as tf

Dataset = tf.data.Dataset


def drained(session, element, most=100):
    found = []
    try:
        while len(found) < most:
            found.append(np.asarray(session.run(element)).tolist())
    except tf.errors.OutOfRangeError:
        pass
    return found


def until(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def threads_named(prefix):
    return [t for t in threading.enumerate() if t.name.startswith(prefix)]


# -- iterators -----------------------------------------------------------------------------

def test_sessions_are_independent(engine):
    element = Dataset.range(5).make_one_shot_iterator().get_next()
    iterator = Dataset.range(3).make_initializable_iterator()
    other = iterator.get_next()
    with tf.Session(engine=engine) as a, tf.Session(engine=engine) as b:
        assert [int(a.run(element)) for _ in range(3)] == [0, 1, 2]
        assert int(b.run(element)) == 0
        a.run(iterator.initializer)
        with pytest.raises(tf.errors.FailedPreconditionError, match="not been initialized"):
            b.run(other)


def test_one_run_takes_one_element(session):
    element = Dataset.range(9).make_one_shot_iterator().get_next()
    assert session.run([element + 0, element * 10, element]) == [0, 0, 0]
    assert session.run([element + 0, element * 10, element]) == [1, 10, 1]


def test_what_is_fed_and_fetched_stays_the_callers(session):
    x = tf.placeholder(tf.float32, [2, 2])
    iterator = Dataset.from_tensor_slices(x).repeat().make_initializable_iterator()
    element = iterator.get_next()
    fed = np.ones((2, 2), np.float32)
    session.run(iterator.initializer, {x: fed})
    fed[:] = 9.0
    for _ in range(4):
        row = session.run(element)
        assert row.tolist() == [1.0, 1.0]
        row[:] = 7.0
    handle = tf.placeholder(tf.string, [])
    by_handle = tf.data.Iterator.from_string_handle(handle, tf.float32).get_next()
    name = session.run(iterator.string_handle())
    for _ in range(4):
        row = session.run(by_handle, {handle: name})
        assert row.tolist() == [1.0, 1.0]
        row[:] = 7.0


def test_threads_share_an_iterator(session):
    data = Dataset.range(400).map(lambda x: x * 2, num_parallel_calls=2).prefetch(4)
    element = data.make_one_shot_iterator().get_next()
    found = []
    threads = [threading.Thread(target=lambda: found.extend(drained(session, element, 500)))
               for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(found) == list(range(0, 800, 2))


def test_shared_name(session):
    iterators = [Dataset.range(5).make_initializable_iterator(shared_name="one")
                 for _ in range(2)]
    first, second = [iterator.get_next() for iterator in iterators]
    session.run(iterators[0].initializer)
    assert [int(session.run(first)), int(session.run(second))] == [0, 1]


def test_an_iterator_cannot_be_saved():
    iterator = Dataset.range(5).make_one_shot_iterator()
    with pytest.raises(NotImplementedError, match="skip"):
        tf.data.experimental.make_saveable_from_iterator(iterator)


# -- threads -------------------------------------------------------------------------------

def test_prefetch_reads_ahead_but_not_further(session):
    asked = []

    def numbers():
        for i in range(100):
            asked.append(i)
            yield i

    data = Dataset.from_generator(numbers, tf.int64, []).prefetch(3)
    element = data.make_one_shot_iterator().get_next()
    assert session.run(element) == 0
    until(lambda: len(asked) == 5)             # one given, three wait, one in the thread's hand
    time.sleep(0.02)
    assert len(asked) == 5
    assert drained(session, element, 200) == list(range(1, 100))


def test_closing_a_session_ends_the_threads(engine):
    data = Dataset.range(10**9).map(lambda x: x + 1, num_parallel_calls=2).prefetch(2)
    element = data.make_one_shot_iterator().get_next()
    before = len(threads_named("pellucid-"))
    with tf.Session(engine=engine) as session:
        session.run(element)
        assert len(threads_named("pellucid-")) > before
    until(lambda: len(threads_named("pellucid-")) <= before)


def test_a_new_start_ends_the_threads_of_the_old(session):
    before = len(threads_named("pellucid-prefetch"))
    iterator = Dataset.range(10**9).prefetch(2).make_initializable_iterator()
    element = iterator.get_next()
    for _ in range(5):
        session.run(iterator.initializer)
        assert session.run(element) == 0
    gc.collect()
    until(lambda: len(threads_named("pellucid-prefetch")) <= before + 1)


def test_closing_wakes_who_waits_for_an_element(engine):
    release = threading.Event()

    def slow():
        yield 1
        release.wait(20)
        yield 2

    element = Dataset.from_generator(slow, tf.int64, []).prefetch(1).make_one_shot_iterator(
        ).get_next()
    session, errors = tf.Session(engine=engine), []
    assert session.run(element) == 1

    def wait():
        try:
            session.run(element)
        except tf.errors.OutOfRangeError:
            errors.append("ended")

    thread = threading.Thread(target=wait)
    thread.start()
    time.sleep(0.05)
    session.close()
    thread.join(20)
    release.set()
    assert errors == ["ended"]


def test_without_threads_elements_are_computed_when_asked_for(session, monkeypatch):
    def no_threads(self):
        raise RuntimeError("can't start new thread")
    monkeypatch.setattr(threading.Thread, "start", no_threads)
    data = Dataset.range(6).map(lambda x: x * x, num_parallel_calls=3).prefetch(2)
    data = data.apply(tf.data.experimental.map_and_batch(lambda x: x + 1, 2))
    assert drained(session, data.make_one_shot_iterator().get_next()) == [
        [1, 2], [5, 10], [17, 26]]
    data = Dataset.range(3).interleave(Dataset.range, 2, num_parallel_calls=2)
    assert drained(session, data.make_one_shot_iterator().get_next()) == [0, 0, 1]


def test_parallel_calls_run_at_the_same_time(session):
    meeting = threading.Barrier(3, timeout=20)

    def meet(x):
        meeting.wait()
        return x

    data = Dataset.range(6).map(lambda x: tf.py_func(meet, [x], tf.int64), num_parallel_calls=3)
    assert drained(session, data.make_one_shot_iterator().get_next()) == list(range(6))


# -- errors --------------------------------------------------------------------------------

def test_an_error_in_a_function_names_the_users_line(session):
    def bad(x):
        return tf.reshape(tf.range(x), [2])              # the line

    line = bad.__code__.co_firstlineno + 1
    element = Dataset.range(1, 4).map(bad).make_one_shot_iterator().get_next()
    with pytest.raises(tf.errors.InvalidArgumentError, match=rf"test_datasets.py:{line}\)"):
        session.run(element)
    assert session.run(element).tolist() == [0, 1]       # the next one is right


def test_an_error_in_a_thread_comes_out_in_its_place(session):
    data = Dataset.range(6).map(lambda x: tf.check_numerics(
        tf.log(tf.cast(x - 2, tf.float32)), "log"), num_parallel_calls=2).prefetch(2)
    element = data.make_one_shot_iterator().get_next()
    outcomes = []
    for _ in range(6):
        try:
            outcomes.append(round(float(session.run(element)), 3))
        except tf.errors.InvalidArgumentError:
            outcomes.append("error")
    assert outcomes == ["error", "error", "error", 0.0, 0.693, 1.099]


@pytest.mark.parametrize("calls", [None, 2])
def test_how_many_take_turns_may_be_left_open(session, calls):
    length = tf.placeholder(tf.int64, [])
    data = Dataset.range(3).interleave(Dataset.from_tensors, length, num_parallel_calls=calls)
    iterator = data.make_initializable_iterator()
    for given in -1, 1, 2:
        session.run(iterator.initializer, {length: given})
        assert drained(session, iterator.get_next()) == [0, 1, 2]
    for given in -2, 0:
        with pytest.raises(tf.errors.InvalidArgumentError, match="cycle_length must be greater"):
            session.run(iterator.initializer, {length: given})


def test_how_many_take_turns_in_contrib(session):
    data = Dataset.range(3).apply(tf.data.experimental.parallel_interleave(
        Dataset.from_tensors, cycle_length=-1))
    with pytest.raises(tf.errors.InvalidArgumentError, match="cycle_length must be greater"):
        session.run(data.make_one_shot_iterator().get_next())


def test_what_is_not_supported_says_so():
    data = Dataset.range(3)
    with pytest.raises(NotImplementedError, match="leave filename out"):
        data.cache("a file")
    with pytest.raises(NotImplementedError, match="prefetch"):
        data.with_options(None)


# -- functions -----------------------------------------------------------------------------

def test_functions_do_not_disturb_names_and_seeds_outside(session):
    tf.set_random_seed(1)
    before = tf.random_uniform([])
    with tf.Graph().as_default() as graph:
        tf.set_random_seed(1)
        Dataset.range(3).map(lambda x: tf.random_uniform([]) + tf.cast(x, tf.float32))
        after = tf.random_uniform([], name="random_uniform")
        with tf.Session(graph=graph) as other:
            assert other.run(after) == session.run(before)
        assert after.name == before.name


def test_random_sequences_go_on_within_an_iterator_and_start_anew_with_it(session):
    data = Dataset.range(3).map(lambda x: tf.random_uniform([], seed=1)).repeat(2)
    iterator = data.make_initializable_iterator()
    element, runs = iterator.get_next(), []
    for _ in range(2):
        session.run(iterator.initializer)
        runs.append(drained(session, element))
    assert runs[0] == runs[1] and len(set(runs[0])) == 6


def test_control_flow_in_functions(session):
    def collatz(x):
        return tf.while_loop(lambda n, steps: n > 1, lambda n, steps: (
            tf.cond(tf.equal(n % 2, 0), lambda: n // 2, lambda: 3 * n + 1), steps + 1),
            [x, tf.constant(0)])[1]
    element = Dataset.range(1, 8).map(collatz).make_one_shot_iterator().get_next()
    assert drained(session, element) == [0, 1, 7, 2, 5, 8, 16]


def test_a_data_set_in_a_branch(session):
    flag = tf.placeholder(tf.bool, [])
    iterators = [d.make_one_shot_iterator() for d in (
        Dataset.range(5), Dataset.range(10, 15))]
    chosen = tf.cond(flag, lambda: iterators[0].get_next(), lambda: iterators[1].get_next())
    assert [int(session.run(chosen, {flag: f})) for f in (True, False, False, True)] == [
        0, 10, 11, 1]


def test_grouping(session):
    data = Dataset.range(10).apply(tf.data.experimental.group_by_window(
        lambda x: x % 3, lambda key, window: window.batch(2), window_size=2))
    assert drained(session, data.make_one_shot_iterator().get_next()) == [
        [0, 3], [1, 4], [2, 5], [6, 9], [7], [8]]
    data = Dataset.from_tensor_slices([1, 5, 2, 6, 3]).map(tf.range).apply(
        tf.data.experimental.bucket_by_sequence_length(tf.size, [4], [2, 2]))
    assert drained(session, data.make_one_shot_iterator().get_next()) == [
        [[0, 0], [0, 1]], [[0, 1, 2, 3, 4, 0], [0, 1, 2, 3, 4, 5]], [[0, 1, 2]]]


def test_in_a_graph_def_and_back(engine):
    x = tf.placeholder(tf.float32, [None], name="x")
    data = Dataset.from_tensor_slices(x).shuffle(3, seed=1).padded_batch(2, []).prefetch(1)
    iterator = data.make_initializable_iterator()
    names = [iterator.initializer.name, iterator.get_next().name]
    mapped = Dataset.range(3).map(lambda i: i + 1).make_one_shot_iterator().get_next()
    Dataset.from_generator(list, ((tf.int32, tf.string), tf.int32), (([None], ()), ()))
    with tf.Session(engine=engine) as session:
        session.run(names[0], {x: [1.0, 2.0, 3.0]})
        wanted = drained(session, names[1])
        assert drained(session, mapped) == [1, 2, 3]
    exported = tf.get_default_graph().as_graph_def()
    with tf.Graph().as_default(), tf.Session(engine=engine) as session:
        tf.import_graph_def(exported, name="")
        session.run(names[0], {"x:0": [1.0, 2.0, 3.0]})
        assert drained(session, names[1]) == wanted and len(wanted) == 2
        assert drained(session, mapped.name) == [1, 2, 3]


def test_faces():
    assert tf.contrib.data.map_and_batch is tf.data.experimental.map_and_batch
    for name in ("Dataset", "Iterator", "TFRecordDataset", "TextLineDataset", "experimental"):
        assert hasattr(tf.data, name)
    assert tf.data.get_output_types(Dataset.range(2)) == tf.int64
    assert tf.data.experimental.AUTOTUNE == -1
