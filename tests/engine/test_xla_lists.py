"""Lists of tensors on XLA: loops that fill and empty them are part of the program."""

import numpy as np
import pytest

import pellucid as tf

pytest.importorskip("jax")

X = np.arange(12.0).reshape(4, 3) / 7


def check(fetches, *feeds):
    """The fetches are those of the walk, and what computes them; for feeds one by one.

    Returns the stages' sides for the last feed.
    """
    walk, xla = tf.Session(engine="walk"), tf.Session(engine="xla")
    for session in (walk, xla):
        session.run(tf.global_variables_initializer())
    for v in tf.global_variables():
        v.load(xla.run(v), walk)
    for feed in feeds:
        expected, found = walk.run(fetches, feed), xla.run(fetches, feed)
        for a, b in zip(tf.nest.flatten(found), tf.nest.flatten(expected), strict=True):
            if b is not None:
                np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)
    *_, call = xla._calls.values()
    *_, run = call.engine.runs
    return ["device" if stage.on_device else "host" for stage in run.stages]


def repeated(x, times, body=lambda y: tf.sin(y) * 1.1):
    return tf.while_loop(lambda i, y: i < times, lambda i, y: (i + 1, body(y)), (0, x))[1]


def mapped(x):
    return tf.map_fn(lambda row: tf.reduce_sum(tf.sin(row) * row), x)


def scanned(x):
    return tf.scan(lambda total, row: total * 0.5 + tf.sin(row), x)


def a_loop_in_a_loop(x):
    return repeated(x, 3, lambda y: repeated(y, 2, lambda z: tf.sin(z) + y))


def a_branch_in_a_loop(x):
    return repeated(x, 4, lambda y: tf.cond(
        tf.reduce_sum(y) > 1, lambda: tf.sin(y) * y, lambda: y * 1.5))


def a_loop_in_a_branch(x):
    return tf.cond(tf.reduce_sum(x) > 1, lambda: repeated(x, 5), lambda: x * x)


def at_most_six_times(x):
    return tf.while_loop(lambda y: tf.reduce_sum(y) < 100., lambda y: tf.square(y) + 1.0, [x],
                         maximum_iterations=6)


def rows_of_a_table(x):
    return tf.while_loop(
        lambda i, s: i < 3, lambda i, s: (i + 1, s + tf.sin(tf.gather(x, [i, 0]))),
        (0, tf.zeros([2, 3], tf.float64)))[1]


def read_and_written(x):
    inputs = tf.TensorArray(tf.float64, size=4, clear_after_read=False).unstack(x)
    _, outputs = tf.while_loop(
        lambda i, _: i < 4,
        lambda i, array: (i + 1, array.write(i, tf.sin(inputs.read(i)) * inputs.read(3 - i))),
        (0, tf.TensorArray(tf.float64, size=4)))
    return outputs.stack()


@pytest.mark.parametrize("build", [
    mapped, scanned, a_loop_in_a_loop, a_branch_in_a_loop, a_loop_in_a_branch,
    at_most_six_times, rows_of_a_table, read_and_written])
def test_gradients_of_loops_are_one_program(build):
    x = tf.placeholder(tf.float64, [None, 3])
    y = build(x)
    gradient = tf.convert_to_tensor(tf.gradients(y, x)[0])
    assert check([y, gradient], {x: X}) == ["device"]


def test_second_gradients_of_loops_are_one_program():
    x = tf.placeholder(tf.float64, [None, 3])
    first = tf.gradients(repeated(x, 3), x)[0]
    assert check(tf.gradients(first ** 2, x)[0], {x: X}) == ["device"]


def test_training_a_dynamic_rnn_is_one_program():
    x, y = tf.placeholder(tf.float32, [None, None, 3]), tf.placeholder(tf.int32, [None])
    outputs, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.BasicLSTMCell(5), x, dtype=tf.float32)
    loss = tf.losses.sparse_softmax_cross_entropy(y, tf.layers.dense(outputs[:, -1], 3))
    train = tf.train.AdamOptimizer(0.01).minimize(loss)
    feed = {x: np.random.default_rng(0).normal(size=(2, 6, 3)), y: [0, 2]}
    assert check([loss, train], feed, feed, feed) == ["device"]


def test_sequences_of_different_lengths():
    x, n = tf.placeholder(tf.float32, [None, 4, 3]), tf.placeholder(tf.int32, [None])
    cell = tf.nn.rnn_cell.GRUCell(4)
    outputs, _ = tf.nn.dynamic_rnn(cell, x, sequence_length=n, dtype=tf.float32)
    batch = np.random.default_rng(0).normal(size=(3, 4, 3))
    gradients = tf.gradients(outputs, tf.trainable_variables())
    sides = check(gradients, {x: batch, n: [1, 3, 2]}, {x: batch, n: [4, 1, 1]})
    assert sides == ["host", "device"]                   # the lengths' shape is asserted first


def test_a_fed_number_of_iterations_is_known_when_the_program_is_compiled():
    x, n = tf.placeholder(tf.float64, [3]), tf.placeholder(tf.int32, [])
    gradient = tf.gradients(repeated(x, n), x)[0]
    feeds = [{x: X[0], n: count} for count in (3, 0, 5)]
    assert check(gradient, *feeds) == ["device"]


def test_a_loop_that_the_data_ends_keeps_its_lists_on_the_host():
    x = tf.placeholder(tf.float64, [3])
    y = tf.while_loop(lambda y: tf.reduce_sum(y) < 100., lambda y: tf.square(y) + 1.0, [x])
    assert check([y, tf.gradients(y, x)[0]], {x: X[0]}) == ["host"]


def test_a_list_that_a_loop_in_a_loop_and_a_branch_fill():
    from pellucid.ops.control.tensor_lists import TensorListGather, empty, push
    x = tf.placeholder(tf.float64, [3])

    def inner(i, items):
        _, items = tf.while_loop(lambda j, _: j < 2, lambda j, items: (
            j + 1, push(items, x + tf.to_double(i))), (0, items))
        return i + 1, tf.cond(i > 1, lambda: push(items, x), lambda: push(push(items, -x), x))
    first = push(empty(tf.float64, (3,)), x)
    _, items = tf.while_loop(lambda i, _: i < 4, inner, (0, first))
    rows = TensorListGather([items, tf.range(15), [3]], element_dtype=tf.float64).output
    assert check(rows, {x: X[1]}) == ["device"]


def test_a_list_that_no_loop_carries_is_the_hosts_where_a_wrong_index_is_told():
    array = tf.TensorArray(tf.float32, size=2).unstack(tf.placeholder_with_default([1., 2.], [2]))
    with pytest.raises(tf.errors.InvalidArgumentError, match="Tried to read from index 5"):
        tf.Session(engine="xla").run(array.read(5))


def test_a_list_made_on_the_device_comes_home_to_what_turns_out_to_be_the_hosts(monkeypatch):
    from pellucid.ops.control.tensor_lists import TensorListGetItem

    def not_traced(self, items, index, element_shape):
        assert type(items).__name__ == "TensorList"
        return items.read(index, element_shape, self.element_dtype)
    monkeypatch.setattr(TensorListGetItem, "compute", not_traced)
    x = tf.placeholder(tf.float64, [3])
    _, array = tf.while_loop(lambda i, _: i < 4, lambda i, a: (i + 1, a.write(i, x * 2.0)), (
        0, tf.TensorArray(tf.float64, size=4, clear_after_read=False)))
    between = tf.py_func(np.negative, [array.stack()], tf.float64)
    between.set_shape([4, 3])
    _, y = tf.while_loop(lambda i, _: i < 4, lambda i, y: (i + 1, y + array.read(i)), (
        0, between[0]))
    assert check(y, {x: X[0]}, {x: X[1]}) == ["device", "host"] * 2


# -- what a plan knows of lists ----------------------------------------------------------------

def test_what_a_loop_keeps_to_know_shapes_is_not_kept():
    x = tf.placeholder(tf.float64, [None, 3])
    y = repeated(x, 3, lambda y: y * tf.reduce_sum(y, 1, keepdims=True))
    source = tf.Session().plan(tf.gradients(y, x), {x: X}).source
    assert source.count("# TensorListPushBack") == 2 and "BroadcastGradientArgs" not in source


def trips(build, feed=None):
    """The Trips of the only loop of a plan."""
    from pellucid.engine.trips import Trips
    plan = tf.Session().plan(build, feed or {})
    loop, = [node for node in plan.nodes if node.bodies]
    return Trips(loop)


@pytest.mark.parametrize(("start", "holds", "step", "expected"), [
    (0, lambda i: i < 5, 1, 5), (1, lambda i: i <= 5, 2, 3), (9, lambda i: i > 5, -1, 4),
    (9, lambda i: 5 <= i, -2, 3), (7, lambda i: i < 5, 1, 0)])
def test_how_often_a_counting_loop_goes_round(start, holds, step, expected):
    x = tf.placeholder(tf.float32, [])
    i, y = tf.while_loop(lambda i, y: holds(i), lambda i, y: (i + step, y + x), (start, 0.0))
    found = trips([i, y], {x: 1})
    assert (found.most, found.exact) == (expected, True)
    assert tf.Session().run([i, y], {x: 1}) == [start + expected * step, expected]


def test_how_often_a_loop_goes_round_at_most():
    x, n = tf.placeholder(tf.float32, []), tf.placeholder(tf.int32, [2])
    most = tf.minimum(8, tf.maximum(1, tf.reduce_max(n)))
    found = trips(tf.while_loop(lambda i, y: tf.logical_and(i < most, y < 5.), lambda i, y: (
        i + 1, y + x), (0, 0.0))[1], {x: 1, n: [1, 2]})
    assert (found.most, found.exact) == (8, False)
    unknown = trips(tf.while_loop(lambda y: y < 5., lambda y: y + x, [0.0]), {x: 1})
    assert (unknown.most, unknown.exact) == (None, False)
