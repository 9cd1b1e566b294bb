"""A run, step by step: values as in Session.run, gradients as in tf.gradients."""

import json

import numpy as np
import pytest

import pellucid as tf
from pellucid.viz import trace


def numbers_agree(y, xs, feed=None, session=None):
    """The trace's gradients are, to the last bit, those of tf.gradients on the walk."""
    session = session or tf.Session(engine="walk")
    recorded = trace(y, feed, session=session, xs=xs)
    before = len(y.graph.get_operations())
    grads = tf.gradients(y, xs)
    for x, grad in zip(xs, grads, strict=True):
        found = recorded.gradient(x)
        if grad is None:
            assert found is None
            continue
        expected = session.run(grad, feed)
        if isinstance(grad, tf.IndexedSlices):
            np.testing.assert_array_equal(found.indices, expected.indices)
            found, expected = found.values, expected.values
        np.testing.assert_array_equal(found, expected)
        assert found.dtype == expected.dtype
    assert len(y.graph.get_operations()) > before
    return recorded


def test_the_tutorials_graph():
    A = tf.Variable([[1, 0], [0, -1]], name="A")
    b = tf.Variable([1, 1], name="b")
    x = tf.placeholder(name="x")
    z = tf.add(tf.matmul(A, x), b, name="z")
    names = [op.name for op in z.graph.get_operations()]
    recorded = trace(z, {x: [1, 2]})
    np.testing.assert_array_equal(recorded.fetched, [2, -1])
    assert [step.name for step in recorded.forward] == [
        "A", "A/read", "b", "b/read", "x", "MatMul", "z"]
    assert [step.is_fed for step in recorded.forward].index(True) == 4
    np.testing.assert_array_equal(recorded.value(A), [[1, 0], [0, -1]])
    assert [name for name, _ in recorded.forward[-1].inputs] == ["MatMul:0", "b/read:0"]
    assert [op.name for op in z.graph.get_operations()] == names       # nothing was added


def test_each_contribution_is_a_step():
    x = tf.placeholder(tf.float32, [2], name="x")
    y = tf.reduce_sum(x * x + x, name="y")
    recorded = numbers_agree(y, [x], {x: [3.0, 4.0]})
    steps = [step for step in recorded.backward if step.tensor is x]
    assert [(step.part, step.parts) for step in steps] == [(1, 3), (2, 3), (3, 3)]
    assert [step.is_final for step in steps] == [False, False, True]
    np.testing.assert_array_equal([s.contribution for s in steps], [[1, 1], [3, 4], [3, 4]])
    np.testing.assert_array_equal([s.value for s in steps], [[1, 1], [4, 5], [7, 9]])
    assert [(s.consumer.name, s.position) for s in steps] == [
        ("add", 1), ("mul", 0), ("mul", 1)]
    start = recorded.backward[0]
    assert (start.name, start.consumer, float(start.value)) == ("y", None, 1.0)


def test_a_diamond_waits_for_all_consumers():
    x = tf.constant(2.0, name="x")
    for _ in range(30):
        x = x + x
    recorded = trace(x)
    assert recorded.gradient("x:0" and x.graph.get_tensor_by_name("x:0")) == 2.0 ** 30
    assert len(recorded.backward) == 61


def test_consumers_off_the_way_send_nothing():
    x = tf.placeholder(tf.float32, [], name="x")
    y = x * 3.0
    tf.exp(x)
    assert numbers_agree(y, [x], {x: 1.0}).gradient(x) == 3.0


@pytest.mark.parametrize("build", [
    lambda x, w: tf.reduce_mean(tf.nn.relu(tf.matmul(x, w) - 1.0)),
    lambda x, w: tf.nn.softmax_cross_entropy_with_logits_v2(
        labels=tf.nn.softmax(x), logits=tf.matmul(x, w)),
    lambda x, w: tf.sigmoid(x) / tf.tanh(w) - tf.exp(-x),
    lambda x, w: tf.reduce_max(tf.concat([x, w], 0), axis=0) ** 2.0,
    lambda x, w: tf.gather(w, [1, 0, 1]) * 2.0,
    lambda x, w: tf.reduce_sum(tf.gather(w, [0, 0])) + tf.reduce_sum(tf.gather(w, [1])),
    lambda x, w: tf.gather(w, [0]) * tf.reduce_sum(w * w),
    lambda x, w: tf.gradients(tf.reduce_sum(tf.exp(x * w)), x)[0],
    lambda x, w: tf.unstack(x, 2)[0] * tf.split(w, 2)[1],
], ids=range(9))
def test_numbers_are_those_of_gradients(build):
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    w = tf.Variable(np.array([[0.5, -1.5], [2.0, 0.25]], np.float32), name="w")
    numbers_agree(build(x, w), [x, w], {x: [[1.0, -2.0], [0.3, 0.7]]})


def test_shapes_that_only_the_run_knows():
    x, y = tf.placeholder(tf.float32, name="x"), tf.placeholder(tf.float32, name="y")
    numbers_agree(x * y + y, [x, y], {x: np.ones((3, 1)), y: np.arange(4.0)})


def test_randomness_happens_once():
    x = tf.constant([1.0] * 20, name="x")
    y = tf.nn.dropout(x, keep_prob=0.5)
    recorded = trace(y)
    np.testing.assert_array_equal(recorded.gradient(x), recorded.fetched)


def test_a_custom_gradient_sees_the_values_of_the_run():
    @tf.custom_gradient
    def clipped(x):
        y = tf.exp(x)
        return y, lambda grad: tf.minimum(grad * (y * 1.0), 5.0) + 0.0 * tf.sin(x)

    x = tf.placeholder(tf.float32, [2], name="x")
    z = clipped(x)
    size = len(x.graph.get_operations())
    trace(z, {x: [0.0, 3.0]})
    assert len(x.graph.get_operations()) == size
    recorded = numbers_agree(z, [x], {x: [0.0, 3.0]})
    np.testing.assert_array_equal(recorded.gradient(x), [1.0, 5.0])


def test_a_learners_own_operation():
    class cubed(tf.Operation):
        def __init__(self, x):
            super().__init__([x])

        def compute(self, x):
            return x ** 3

    x = tf.placeholder(tf.float32, [], name="x")
    y = cubed(x)
    recorded = trace(y, {x: 2.0})
    assert recorded.fetched == 8.0 and recorded.backward == []
    assert '@tf.RegisterGradient("cubed")' in recorded.note
    with pytest.raises(LookupError, match="cubed"):
        trace(y, {x: 2.0}, xs=[x])


def test_what_a_gradient_needs_and_the_run_did_not():
    x = tf.placeholder(tf.float32, [], name="x")
    hidden = tf.exp(x, name="hidden")
    y = hidden * hidden
    recorded = trace(y, {hidden: 3.0, x: 1.0}, xs=[x, hidden])
    assert recorded.gradient(hidden) == 6.0
    assert recorded.gradient(x) == 18.0                 # exp(x) was fed as 3


def test_what_is_not_computed_is_not_shown():
    x = tf.placeholder(tf.float32, [], name="x")
    hidden = tf.exp(x, name="hidden")
    recorded = trace(hidden + 1.0, {hidden: 3.0})
    assert "x" not in [step.name for step in recorded]
    with pytest.raises(KeyError, match="was not computed"):
        recorded.value(x)


def test_training_steps_count_once():
    w = tf.Variable(1.0, name="w")
    step = tf.train.GradientDescentOptimizer(0.25).minimize(w * w)
    session = tf.Session()
    session.run(w.initializer)
    trace(step, session=session)
    assert session.run(w) == 0.5


def test_initializers():
    v = tf.Variable([1.0, 2.0], name="v")
    recorded = trace(v.initializer)
    assert recorded.forward[-1].name == "v/Assign" and recorded.backward == []
    np.testing.assert_array_equal(recorded.forward[-1].value, [1.0, 2.0])


def test_which_tensors_and_which_session():
    x = tf.constant(3.0, name="x")
    w = tf.Variable(2.0, name="w")
    y, count = x * w, tf.constant(1)
    with tf.Session() as session:
        session.run(w.initializer)
        session.run(w.assign(5.0))
        recorded = trace({"count": count, "y": [y]})
    assert recorded.fetched == {"count": 1, "y": [15.0]}
    assert recorded.gradient(w) == 3.0 and recorded.gradient(x) is None
    assert trace(y, xs=[]).backward == []
    assert trace([w * w, y], y=y).gradient(w) == 3.0


def test_json_and_table():
    x = tf.placeholder(tf.float32, name="x")
    y = tf.log(x, name="y")
    recorded = trace([y, tf.constant(b"text")], {x: np.zeros(300)})
    found = json.loads(recorded.to_json())
    step = next(step for step in found["steps"] if step["name"] == "y")
    assert step["value"]["min"] == "-inf" and step["value"]["shape"] == [300]
    assert len(step["value"]["first"]) == 8 and "data" not in step["value"]
    assert step["location"]["file"] == __file__ and step["location"]["line"] > 150
    assert found["steps"][-1]["phase"] == "backward"
    small = json.loads(trace(tf.constant([[1, 2]])).to_json())["steps"][0]["value"]
    assert small == {"shape": [1, 2], "dtype": "int32", "data": [[1, 2]]}
    lines = str(recorded).splitlines()
    assert lines[0] == "forward" and "backward" in lines
    assert max(map(len, lines)) < 140


def test_the_table_says_what_accumulates():
    x = tf.placeholder(tf.float32, [], name="x")
    y = tf.multiply(x, x, name="y")
    assert str(trace(y, {x: 3.0})) == """\
forward
  0  x  fed    3.
  1  y  Mul    9.

backward
  2  y  start  1.
  3  x  ← y     = 3.
  4  x  ← y    += 3.  →  6."""


def test_a_long_chain():
    x = tf.placeholder(tf.float64, [], name="x")
    y = x
    for _ in range(3000):
        y = y * 1.001
    recorded = trace(y, {x: 1.0})
    assert len(recorded.backward) == 3001
