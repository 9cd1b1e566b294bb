"""Large graphs, long loops, many threads: time and memory stay in proportion."""

import gc
import resource
import sys
import threading
import time
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest

import pellucid as tf
from pellucid.core.gradients import gradients
from pellucid.core.graph import get_default_graph
from pellucid.core.operation import Operation
from pellucid.core.session import Session
from pellucid.core.traversal import schedule

LONG = 100_000


def version():
    return get_default_graph().version


# -- large graphs --------------------------------------------------------------------------

def test_a_chain_of_100_000_operations_is_built_differentiated_and_run(engine):
    assert sys.getrecursionlimit() <= 1000
    x = y = tf.placeholder(tf.float32, [])
    for _ in range(LONG):
        y = tf.negative(y)
    built = version()
    assert LONG <= built <= LONG + 2
    grad, = gradients(y, x)
    assert version() - built <= LONG + 3               # one operation for each, ones, a sum
    too_large = pytest.warns(UserWarning, match="minutes to compile")
    with Session(engine=engine) as session, too_large if engine == "xla" else nullcontext():
        for _ in range(2):
            assert session.run([y, grad], {x: 3.0}) == [3.0, 1.0]


def test_a_chain_through_binary_operations(engine):
    """Operators with constants cost a bounded number of operations each."""
    x = y = tf.placeholder(tf.float32, [2])
    for _ in range(5_000):
        y = y * 1.0 + x
    built = version()
    assert built <= 5_000 * 3 + 1
    grad, = gradients(y, x)
    assert version() - built <= 5_000 * 6
    with Session(engine=engine) as session:
        assert session.run(grad, {x: [1, 1]}).tolist() == [5001, 5001]


def test_a_diamond_1_000_deep_visits_each_node_once():
    visits = []

    class visited(Operation):
        def __init__(self, x):
            super().__init__([x])

        def compute(self, x):
            visits.append(self)
            return x

    x = y = tf.placeholder(tf.float64, [])
    for _ in range(1000):
        y = visited(y)
        y = tf.add(y, y) * 0.5
    for engine in ("walk", "numpy"):
        visits.clear()
        with Session(engine=engine) as session:
            assert session.run(y, {x: 1.0}) == 1.0
        assert len(visits) == len(set(visits)) == 1000


def test_the_gradient_of_a_deep_diamond_is_linear(engine):
    x = y = tf.placeholder(tf.float64, [])
    for _ in range(1000):
        y = y + y
    built = version()
    grad, = gradients(y, x)
    assert version() - built <= 1000 * 2 + 2
    assert len(schedule([grad], [x])) <= 1000 * 2 + 2
    with Session(engine=engine) as session:
        assert session.run(grad, {x: 1.0}) == 2.0 ** 1000


def test_many_consumers_of_one_tensor(engine):
    x = tf.placeholder(tf.float32, [])
    ys = [x * float(i) for i in range(2000)]
    grad, = gradients(ys, x)
    with Session(engine=engine) as session:
        assert session.run(grad, {x: 1.0}) == sum(range(2000))
        assert session.run(ys, {x: 2.0}) == [2.0 * i for i in range(2000)]


def test_many_names_that_collide():
    """Making names unique does not start over each time."""
    class Counted(dict):
        asked = 0

        def __contains__(self, name):
            Counted.asked += 1
            return super().__contains__(name)

    graph = get_default_graph()
    graph._names_in_use = Counted()
    for _ in range(20_000):
        tf.constant(0, name="same")
    assert len({op.name for op in graph.get_operations()}) == 20_000
    assert Counted.asked <= 3 * 20_000


# -- long loops ----------------------------------------------------------------------------

def resident():
    """MB of memory that the process holds now; where that is not told, at most so far."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * resource.getpagesize() / 1e6
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def test_200_000_runs_do_not_grow_memory():
    """The compiled engine, on the step of a small net. `make bench` runs a million."""
    x = tf.placeholder(tf.float32, [4])
    w = tf.Variable([1.0, 2.0, 3.0, 4.0])
    loss = w * x
    update = w.assign(w - 0.001 * gradients(loss, w)[0])
    feed = {x: np.ones(4, np.float32)}
    with Session() as session:
        session.run(w.initializer)
        for _ in range(1_000):
            session.run([loss, update], feed)
        gc.collect()
        operations, before = version(), resident()
        for _ in range(200_000):
            session.run([loss, update], feed)
        gc.collect()
        assert version() == operations
        assert resident() - before < 5


def test_runs_leave_no_garbage(engine):
    """Nothing that a run makes needs the cycle collector to die."""
    x = tf.placeholder(tf.float32, [])
    y = x * 2.0 + 1.0
    with Session(engine=engine) as session:
        for value in range(10):
            session.run({"y": [y]}, {x: value})
        gc.collect()
        before = len(gc.get_objects())
        gc.disable()
        try:
            for value in range(2_000):
                session.run({"y": [y]}, {x: value})
            assert len(gc.get_objects()) - before < 200
        finally:
            gc.enable()


def test_feeds_of_many_shapes_are_not_kept_forever(engine):
    x = tf.placeholder(tf.float32, [None])
    y = x * x
    with Session(engine=engine) as session:
        for n in range(70 if engine == "xla" else 500):      # XLA takes its time for each
            assert session.run(y, {x: np.ones(n, np.float32)}).shape == (n,)


# -- threads -------------------------------------------------------------------------------

def together(function, count=8):
    """Runs function(i) in `count` threads at once; raises what one of them raised."""
    start, failures = threading.Barrier(count), []

    def body(i):
        start.wait()
        try:
            function(i)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=body, args=(i,)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


@pytest.fixture
def eager_threads():
    """Threads take turns as often as Python lets them."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_no_update_is_lost(engine, eager_threads):
    v = tf.Variable(np.zeros(3, np.int64))
    add = v.assign_add([1, 1, 1])
    with Session(engine=engine) as session:
        session.run(v.initializer)
        together(lambda i: [session.run(add) for _ in range(500)])
        assert session.run(v).tolist() == [4000] * 3


def test_threads_do_not_see_each_others_values(engine, eager_threads):
    x = tf.placeholder(tf.float32, [None])
    y = (x * 2.0 + 1.0) * x

    def check(i):
        for n in range(1, 100):
            value = np.full(n % 7 + 1, i + n, np.float32)
            result = session.run(y, {x: value})
            np.testing.assert_array_equal(result, (value * 2 + 1) * value)

    with Session(engine=engine) as session:
        together(check)


def test_threads_that_run_a_new_fetch_at_once(engine, eager_threads):
    v = tf.Variable(1.0)
    y = v * 2.0
    for _ in range(20):
        with Session(engine=engine) as session:
            together(lambda i, session=session: [
                session.run(y), session.run({"y": y}), session.run([y, v])])


def test_a_first_value_in_the_making_stops_no_other_run(engine):
    """Making it runs the session, as do the threads that wait for it."""
    making, waiting = threading.Event(), threading.Event()

    def make():
        making.set()
        waiting.wait(5)
        time.sleep(0.05)                                   # the other thread waits by now
        return np.float32(session.run(other))

    other = tf.constant(3.0) + 1.0
    v = tf.Variable(tf.py_func(make, [], tf.float32), validate_shape=False)
    y, results = v + 1.0, []
    with Session(engine=engine) as session:

        def first():
            results.append(session.run(y))

        def second():
            making.wait(5)
            waiting.set()
            results.append(session.run(y))

        threads = [threading.Thread(target=f, daemon=True) for f in (first, second)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        assert results == [5.0, 5.0]


# -- interruption --------------------------------------------------------------------------

@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError, ValueError])
def test_an_interrupted_run_leaves_each_variable_whole(engine, error):
    """Each is before or after its own update, none is half-written, and runs go on."""
    strike = []

    class strikes(Operation):
        def __init__(self, x):
            super().__init__([x])

        def compute(self, x):
            if strike:
                raise strike.pop()
            return x

    a, b = tf.Variable(np.zeros(1000)), tf.Variable(np.zeros(1000))
    update_a = a.assign_add(np.ones(1000))
    with get_default_graph().control_dependencies([update_a]):
        update_b = b.assign_add(strikes(np.ones(1000)))
    with Session(engine=engine) as session:
        session.run([a.initializer, b.initializer])
        for run in range(3):
            strike.append(error("stop"))
            with pytest.raises(error):
                session.run(update_b)
            assert session.run(a).tolist() == [2.0 * run + 1] * 1000
            assert session.run(b).tolist() == [1.0 * run] * 1000
            session.run(update_b)
            assert session.run(b).tolist() == [run + 1.0] * 1000


@pytest.mark.parametrize("size", [1000, 100_000])
def test_ctrl_c_stops_a_run(engine, size):
    """An interrupt from outside arrives between two operations, and the session goes on."""
    import _thread
    v = tf.Variable(np.zeros(size))
    step = v.assign_add(np.ones(size))
    with Session(engine=engine) as session:
        session.run(v.initializer)
        session.run(step)
        for _ in range(20):
            session.run(v.initializer)
            done = 0
            timer = threading.Timer(0.005, _thread.interrupt_main)
            with pytest.raises(KeyboardInterrupt):
                timer.start()
                while True:
                    session.run(step)
                    done += 1
            timer.join()
            values = np.unique(session.run(v))
            assert len(values) == 1
            assert values[0] - done in (0, 1)
