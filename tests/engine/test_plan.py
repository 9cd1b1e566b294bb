"""The plan: a printed program that computes what the walk computes."""

import numpy as np
import pytest

import pellucid as tf
from pellucid.engine.plan import Plan


def both(fetches, feed=None):
    """The fetches by the walk, by the list of steps (first run) and by the program (second)."""
    walk = tf.Session(engine="walk").run(fetches, feed)
    session = tf.Session(engine="numpy")
    return walk, session.run(fetches, feed), session.run(fetches, feed)


def perceptron():
    """(placeholders, loss, variables) of a small net, and a batch for it."""
    rng = np.random.default_rng(0)
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    c = tf.placeholder(tf.float32, [None, 2], name="c")
    w = tf.Variable(rng.normal(size=(3, 2)).astype(np.float32), name="w")
    b = tf.Variable(np.zeros(2, np.float32), name="b")
    p = tf.nn.softmax(tf.matmul(x, w) + b)
    loss = -tf.reduce_sum(c * tf.log(p), name="loss")
    batch = {x: rng.normal(size=(20, 3)).astype(np.float32),
             c: np.eye(2, dtype=np.float32)[rng.integers(0, 2, 20)]}
    return loss, [w, b], batch


def test_the_program_is_python_with_a_line_a_node_and_values_that_die():
    x = tf.placeholder(tf.float32, [2], name="x")
    y = tf.exp(x * x, name="y")
    source = tf.Session().plan(y, {x: [1, 2]}).source
    assert source.splitlines() == [
        "def step(x):",
        f"    {'mul = x * x':<54}  # Mul 'mul' (2,)",
        "    del x",
        f"    {'y = exp(mul)':<54}  # Exp 'y' (2,)",
        "    del mul",
        "    return [y]",
    ]
    compile(source, "plan", "exec")


def test_walk_list_and_program_agree_on_a_training_step():
    loss, variables, batch = perceptron()
    grads = tf.gradients(loss, variables)
    walk, first, second = both([loss, grads], batch)
    np.testing.assert_allclose(first[0], walk[0], rtol=1e-5)
    for a, b, c in zip(walk[1], first[1], second[1], strict=True):
        np.testing.assert_allclose(b, a, rtol=1e-4, atol=1e-5)
        np.testing.assert_array_equal(b, c)                   # the same numbers, to the bit


def test_what_is_known_before_the_run_is_not_computed_in_it():
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    rows = tf.shape(x)[0]
    y = tf.reshape(x, tf.stack([rows, 3, 1])) * tf.cast(rows * 2, tf.float32)
    plan = tf.Session().plan(y, {x: np.ones((4, 3))})
    assert [node.op.type for node in plan.nodes] == ["Reshape", "Mul"]


def test_equal_computations_are_done_once():
    x = tf.placeholder(tf.float32, [3])
    y = tf.exp(x) + tf.exp(x)
    assert [n.op.type for n in tf.Session().plan(y, [x]).nodes] == ["Exp", "AddV2"]


def test_random_numbers_are_not_merged():
    a, b = tf.random_uniform([4]), tf.random_uniform([4])
    first, second = tf.Session().run([a, b])
    assert not np.array_equal(first, second)


def test_reads_of_a_variable_before_and_after_its_update_are_not_merged():
    v = tf.Variable(1.0)
    before = tf.exp(v)
    with tf.control_dependencies([before]):
        update = v.assign_add(1.0)
    with tf.control_dependencies([update]):
        after = tf.exp(v)
    for engine in ("walk", "numpy"):
        session = tf.Session(engine=engine)
        for start in (1.0, 2.0, 3.0):
            np.testing.assert_allclose(session.run([before, after]),
                                       np.exp([start, start + 1]), rtol=1e-6)


def test_a_learners_operation_is_computed_in_each_run():
    class count(tf.Operation):
        calls = 0

        def __init__(self, x):
            super().__init__([x])

        def compute(self, x_value):
            count.calls += 1
            return x_value + count.calls

    y = count(tf.constant(10.0))
    session = tf.Session()
    assert [session.run(y) for _ in range(3)] == [11, 12, 13]


def test_a_fetched_array_is_the_callers_own():
    v = tf.Variable([1.0, 2.0, 3.0])
    x = tf.placeholder(tf.float32, [3])
    constant = tf.constant([4.0, 5.0])
    fetches = [v, tf.reshape(v, [3, 1]), tf.identity(x), x[1:], constant, tf.exp(x),
               tf.reshape(tf.exp(x), [3, 1])]
    session, fed = tf.Session(), np.array([1, 2, 3], np.float32)
    expected = session.run(fetches, {x: fed})
    for _ in range(3):
        values = session.run(fetches, {x: fed})
        for value, right in zip(values, expected, strict=True):
            np.testing.assert_array_equal(value, right)
            value[...] = -1                                    # must disturb nobody
    np.testing.assert_array_equal(fed, [1, 2, 3])


def test_an_array_that_a_variable_keeps_is_not_the_callers(monkeypatch):
    v = tf.Variable([0.0, 0.0])
    x = tf.placeholder(tf.float32, [2])
    assign = v.assign(tf.identity(x))
    for large in (False, True):
        monkeypatch.setattr("pellucid.engine.numpy_engine.LARGE", 0 if large else 5000)
        session = tf.Session()
        for _ in range(3):
            fed = np.array([1, 2], np.float32)
            session.run(assign.op, {x: fed})
            fed[:] = 7
            assert session.run(v).tolist() == [1, 2]


def test_a_gradient_becomes_the_variable_only_if_nobody_else_sees_it():
    v = tf.Variable([1.0, 2.0, 3.0])
    x = tf.placeholder(tf.float32, [3])
    grad = tf.exp(x)
    step = tf.train.GradientDescentOptimizer(1.0).apply_gradients([(grad, v)])
    for fetches in (step, [step, grad], [step, tf.reshape(grad, [3, 1])]):
        session = tf.Session()
        session.run(v.initializer)
        for i in range(3):
            found = session.run(fetches, {x: np.zeros(3)})
            if isinstance(fetches, list):
                assert np.ravel(found[1]).tolist() == [1, 1, 1]
                found[1][...] = 9
            assert session.run(v).tolist() == [0.0 - i, 1.0 - i, 2.0 - i]


def test_shapes_that_contradict_the_graph_are_explained():
    x = tf.placeholder(tf.float32, name="x")
    y = tf.matmul(x, tf.constant(np.ones((3, 2), np.float32)), name="product")
    session = tf.Session()
    for _ in range(3):
        with pytest.raises(tf.errors.InvalidArgumentError, match="'product'") as error:
            session.run(y, {x: np.ones((2, 4))})
        assert "(2, 4)" in str(error.value) and "test_plan.py" in str(error.value)


def test_an_error_in_the_program_names_the_operation_and_its_inputs():
    x = tf.placeholder(tf.int32, [3], name="x")
    y = tf.floordiv(tf.constant([6, 6, 6]), x, name="quotient")
    session = tf.Session()
    for _ in range(3):
        assert session.run(y, {x: [1, 2, 3]}).tolist() == [6, 3, 2]
        with pytest.raises(tf.errors.InvalidArgumentError, match="'quotient'") as error:
            session.run(y, {x: [1, 0, 3]})
        assert error.value.op is y.op and "'x:0'" in str(error.value)


def test_an_error_in_a_learners_compute_stays_what_it_is():
    class broken(tf.Operation):
        def __init__(self, x):
            super().__init__([x])

        def compute(self, x_value):
            raise ZeroDivisionError("by me")

    x = tf.placeholder(tf.float32, [], name="x")
    y = broken(x)
    for engine in ("walk", "numpy"):
        session = tf.Session(engine=engine)
        for _ in range(3):
            with pytest.raises(ZeroDivisionError, match="by me") as error:
                session.run(y, {x: 1})
            assert any("broken" in note for note in error.value.__notes__)


def test_one_graph_with_many_shapes():
    x = tf.placeholder(tf.float32, [None, None])
    y = tf.reduce_mean(tf.nn.softmax(x) * tf.cast(tf.shape(x)[1], tf.float32))
    session = tf.Session()
    for rows in range(1, 90):
        for _ in range(2):
            assert session.run(y, {x: np.random.rand(rows, 5)}) == pytest.approx(1, rel=1e-5)


def test_large_graphs_run_without_a_plan(monkeypatch):
    monkeypatch.setattr("pellucid.engine.numpy_engine.LARGE", 3)
    loss, variables, batch = perceptron()
    grads = tf.gradients(loss, variables)
    update = [v.assign_sub(0.1 * g) for v, g in zip(variables, grads, strict=True)]
    walk, first, second = both([loss, *grads], batch)
    for a, b, c in zip(walk, first, second, strict=True):
        np.testing.assert_allclose(b, a, rtol=1e-5)
        np.testing.assert_array_equal(b, c)
    session = tf.Session()
    losses = [session.run([loss, update], batch)[0] for _ in range(5)]
    assert losses == sorted(losses, reverse=True)
    with pytest.raises(tf.errors.InvalidArgumentError, match="placeholder"):
        session.run(loss)
    with pytest.raises(tf.errors.InvalidArgumentError, match="Mul 'mul'"):
        session.run(loss, {"x:0": np.ones((2, 3)), "c:0": np.ones((3, 2))})


def test_the_plan_of_a_session_can_be_asked_for_by_feeds_or_by_values():
    x = tf.placeholder(tf.float32, [None], name="x")
    session = tf.Session()
    assert isinstance(session.plan(tf.exp(x), [x]), Plan)
    assert "(4,)" in session.plan(tf.exp(x), {x: np.ones(4)}).source
    with pytest.raises(ValueError, match="no plan"):
        tf.Session(engine="walk").plan(tf.exp(x), [x])
