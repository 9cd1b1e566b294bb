"""TensorArray and the lists behind it; map_fn, scan, foldl, foldr."""

import time

import numpy as np
import pytest

import pellucid as tf
from pellucid.ops.control.lists import TensorList
from tests.ops.test_control_flow import run_both

X = np.arange(12.0).reshape(4, 3)


def elems(dtype=tf.float64):
    x = tf.placeholder(dtype, [None, 3])
    return x, {x: X}


def differences(y, x, feed):
    """The gradient of sum(y) with respect to x, by central differences."""
    total, session, h = tf.reduce_sum(y), tf.Session(), 1e-6
    at, found = np.array(feed[x], float), np.zeros(np.shape(feed[x]))
    for index in np.ndindex(at.shape):
        step = np.zeros(at.shape)
        step[index] = h
        up, down = (session.run(total, {**feed, x: at + s}) for s in (step, -step))
        found[index] = (up - down) / (2 * h)
    return found


def check(y, x, feed):
    """First and second gradient against differences, on each engine."""
    first = tf.gradients(y, x)[0]
    np.testing.assert_allclose(run_both(first, feed), differences(y, x, feed), atol=1e-5)
    second = tf.gradients(first ** 2, x)[0]
    np.testing.assert_allclose(run_both(second, feed), differences(first ** 2, x, feed), atol=1e-4)


# -- TensorList ----------------------------------------------------------------------------

def test_an_old_list_stays_as_it_was():
    empty = TensorList()
    one, two = empty.push(1), empty.push(1).push(2)
    other = two.put(0, 7)
    rest, last = other.pop()
    assert (empty.arrays(), one.arrays(), two.arrays()) == ([], [1], [1, 2])
    assert (other.arrays(), rest.arrays(), last) == ([7, 2], [7], 2)


def test_lists_against_plain_lists():
    rng, versions = np.random.default_rng(0), [(TensorList(), [])]
    for _ in range(3000):
        made, plain = versions[rng.integers(len(versions))]
        what = rng.integers(5)
        if what == 0 or not plain:
            made, plain = made.push(len(versions)), [*plain, len(versions)]
        elif what == 1:
            i = int(rng.integers(len(plain)))
            made, plain = made.put(i, -i), [*plain[:i], -i, *plain[i + 1:]]
        elif what == 2:
            made, plain = made.pop()[0], plain[:-1]
        elif what == 3:
            n = int(rng.integers(len(plain) + 3))
            made, plain = made.resized(n), (plain + [None] * 3)[:n]
        versions.append((made, plain))
        made, plain = versions[rng.integers(len(versions))]
        assert [made.get(i) for i in range(made.length)] == plain
    for made, plain in versions:
        assert made.arrays() == plain


def test_sums_of_lists():
    a, b = TensorList.of([1, None, 3]), TensorList.of([None, 5, 10])
    assert (a + b).arrays() == [1, 5, 13] and (b + a).arrays() == [1, 5, 13]
    assert (a + a).arrays() == [2, None, 6] and a.arrays() == [1, None, 3]
    with pytest.raises(tf.errors.InvalidArgumentError, match="different lengths"):
        a + TensorList(2)


# -- TensorArray ---------------------------------------------------------------------------

def test_write_read_and_stack():
    x, feed = elems()
    array = tf.TensorArray(tf.float64, size=3, clear_after_read=False)
    array = array.write(0, x[0]).write(2, x[1] * 2)
    values = run_both([array.read(2), array.stack(), array.gather([2, 0])], feed)
    np.testing.assert_array_equal(values[0], 2 * X[1])
    np.testing.assert_array_equal(values[1], [X[0], [0, 0, 0], 2 * X[1]])
    np.testing.assert_array_equal(values[2], [2 * X[1], X[0]])


def test_unstack_scatter_split_concat():
    x, feed = elems()
    make = lambda **options: tf.TensorArray(tf.float64, size=4, infer_shape=False,  # noqa: E731
                                            clear_after_read=False, **options)
    unstacked, scattered = make().unstack(x), make().scatter([3, 1, 0, 2], x)
    split = make().split(x, [1, 0, 2, 1])
    values = run_both([unstacked.stack(), scattered.stack(), split.concat(), split.size(),
                       scattered.concat()], feed)
    np.testing.assert_array_equal(values[0], X)
    np.testing.assert_array_equal(values[1], X[[2, 1, 3, 0]])
    np.testing.assert_array_equal(values[2], X)
    assert values[3] == 4
    np.testing.assert_array_equal(values[4], X[[2, 1, 3, 0]].ravel())


@pytest.mark.parametrize("build", [
    lambda x: tf.TensorArray(tf.float64, 4).unstack(x * x).stack(),
    lambda x: tf.TensorArray(tf.float64, 5).scatter([3, 1, 0, 4], x * x).gather([0, 3, 4]),
    lambda x: tf.TensorArray(tf.float64, 4, clear_after_read=False).unstack(
        x * x).gather([1, 1, 0]),
    lambda x: tf.TensorArray(tf.float64, 3, infer_shape=False).split(x * x, [1, 2, 1]).concat(),
    lambda x: tf.TensorArray(tf.float64, 2).write(1, x[0] * x[1]).write(0, x[2]).stack(),
    lambda x: tf.TensorArray(tf.float64, 0, dynamic_size=True).write(2, x[0] ** 2).stack(),
    lambda x: tf.TensorArray(tf.float64, 2).write(0, x[0] ** 3).read(0),
    lambda x: tf.TensorArray(tf.float64, 0, dynamic_size=True).unstack(x * x).stack(),
])
def test_gradients_of_arrays(build):
    x, feed = elems()
    check(build(x), x, feed)


def test_gradients_of_arrays_in_loops():
    x, feed = elems()
    inputs = tf.TensorArray(tf.float64, size=tf.shape(x)[0]).unstack(x)
    outputs = tf.TensorArray(tf.float64, size=tf.shape(x)[0])

    def body(i, state, outputs):
        state = tf.tanh(state * 0.5 + inputs.read(i) * 0.1)
        return i + 1, state, outputs.write(i, state * state)
    *_, outputs = tf.while_loop(lambda i, *_: i < tf.shape(x)[0], body,
                                [0, tf.zeros([3], tf.float64), outputs])
    check(outputs.stack(), x, feed)


@pytest.mark.parametrize("program, message", [
    (lambda a: a.write(0, 1.0).write(0, 2.0).stack(), "already been written"),
    (lambda a: [(b := a.write(0, 1.0)).read(0), b.read(0)], "index 0 twice"),
    (lambda a: a.write(0, [b := a.write(0, 1.0), b.read(0)][1]) and (
        [c := a.write(1, 1.0), c.stack(), c.stack()][1:]), "index 0 twice"),
    (lambda a: a.write(3, 1.0).stack(), "index 3 but array is not resizeable"),
    (lambda a: a.write(0, 1.0).read(7), "read from index 7"),
])
def test_what_is_refused_in_the_run(program, message):
    fetches = program(tf.TensorArray(tf.float32, size=3))
    for engine in ("walk", "numpy"):
        with pytest.raises(tf.errors.InvalidArgumentError, match=message):
            tf.Session(engine=engine).run(fetches)


def test_what_is_refused_at_once():
    array = tf.TensorArray(tf.float32, size=3).write(0, 1.0)
    with pytest.raises(ValueError, match="Inconsistent shapes"):
        array.write(1, [1.0, 2.0])
    with pytest.raises(ValueError, match="dtype is float32"):
        array.write(1, tf.constant(1))
    with pytest.raises(ValueError, match="Size must be provided"):
        tf.TensorArray(tf.float32)
    with pytest.raises(NotImplementedError, match=r"tf\.gradients"):
        array.grad("g")


def test_appending_takes_linear_time():
    x = tf.placeholder(tf.float32, [])
    n = tf.placeholder(tf.int32, [])
    _, array = tf.while_loop(lambda i, _: i < n, lambda i, a: (i + 1, a.write(i, x)),
                             [0, tf.TensorArray(tf.float32, 0, dynamic_size=True)])
    fetches, session = [array.size(), *tf.gradients(array.stack(), x)], tf.Session()
    for _ in range(2):
        session.run(fetches, {x: 1.0, n: 10})

    def seconds(count):
        start = time.process_time()
        assert session.run(fetches, {x: 1.0, n: count}) == [count, count]
        return time.process_time() - start
    short, long = (min(seconds(k) for _ in range(3)) for k in (1000, 10_000))
    assert long < 40 * short, "of quadratic time, a hundred times"


# -- mapping -------------------------------------------------------------------------------

def test_map_fn():
    x, feed = elems()
    np.testing.assert_allclose(run_both(tf.map_fn(lambda r: r * tf.reduce_sum(r), x), feed),
                               X * X.sum(1, keepdims=True))
    check(tf.map_fn(lambda r: r * tf.reduce_sum(r), x), x, feed)


def test_map_fn_of_structures():
    x, feed = elems()
    y = tf.map_fn(lambda e: {"sum": e[0] + e[1], "first": tf.cast(e[0][0], tf.int32)}, (x, 2 * x),
                  dtype={"sum": tf.float64, "first": tf.int32})
    values = run_both([y["sum"], y["first"]], feed)
    np.testing.assert_allclose(values[0], 3 * X)
    np.testing.assert_array_equal(values[1], X[:, 0])


def test_scan_and_folds():
    x, feed = elems()
    step = lambda a, r: 0.5 * a + r * r  # noqa: E731
    wanted, a = [], X[0]
    for row in X[1:]:
        wanted.append(a)
        a = 0.5 * a + row * row
    np.testing.assert_allclose(run_both(tf.scan(step, x), feed), [*wanted, a])
    np.testing.assert_allclose(run_both(tf.foldl(step, x), feed), a)
    check(tf.scan(step, x), x, feed)
    check(tf.scan(step, x, initializer=tf.ones([3], tf.float64), reverse=True), x, feed)
    check(tf.foldr(step, x), x, feed)




def test_jacobian_by_map_fn():
    x = tf.placeholder(tf.float64, [3])
    y = x ** 2
    rows = tf.map_fn(lambda i: tf.gradients(y[i], x)[0], tf.range(3), dtype=tf.float64)
    np.testing.assert_allclose(run_both(rows, {x: [1.0, 2.0, 3.0]}), np.diag([2.0, 4.0, 6.0]))
