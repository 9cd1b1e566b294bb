"""The XLA engine: what JAX compiles gives the walk's numbers, and nothing leaks in or out."""

import threading
import warnings

import numpy as np
import pytest

import pellucid as tf

jax = pytest.importorskip("jax")


def runs(session):
    """All `Run`s that a session has made."""
    return [run for call in session._calls.values() for run in call.engine.runs]


def stages(fetches, feed=None):
    """The op types of each stage, "device" or "host" first."""
    plan = tf.Session(engine="xla").plan(fetches, feed or {})
    return [("device" if stage.on_device else "host", *(n.op.type for n in stage.nodes))
            for stage in plan.stages]


def net(engine, optimizer=tf.train.AdamOptimizer, steps=5):
    """Losses and weights of a small training program."""
    with tf.Graph().as_default():
        tf.set_random_seed(1)
        x = tf.placeholder(tf.float32, [None, 4])
        y = tf.placeholder(tf.int32, [None])
        hidden = tf.layers.dropout(tf.layers.dense(x, 8, tf.nn.relu), 0.2, training=True)
        loss = tf.losses.sparse_softmax_cross_entropy(y, tf.layers.dense(hidden, 3))
        train = optimizer(0.05).minimize(loss)
        rng = np.random.default_rng(0)
        batch = {x: rng.normal(size=(16, 4)), y: rng.integers(0, 3, 16)}
        with tf.Session(engine=engine) as session:
            session.run(tf.global_variables_initializer())
            losses = [session.run([loss, train], batch)[0] for _ in range(steps)]
            return losses, session.run(tf.trainable_variables())


# -- the same numbers ----------------------------------------------------------------------

@pytest.mark.parametrize("optimizer", [
    tf.train.AdamOptimizer, tf.train.RMSPropOptimizer, tf.train.AdagradOptimizer,
    tf.train.GradientDescentOptimizer])
def test_training_is_that_of_the_numpy_engine(optimizer):
    ours, weights = net("xla", optimizer)
    theirs, expected = net("numpy", optimizer)
    np.testing.assert_allclose(ours, theirs, rtol=1e-4)
    for w, e in zip(weights, expected, strict=True):
        np.testing.assert_allclose(w, e, rtol=1e-3, atol=1e-5)


def test_seeded_random_numbers_are_tensorflows():
    tf.set_random_seed(42)
    x = tf.random_normal([3]) * 2.0
    np.testing.assert_array_equal(*[
        [s.run(x), s.run(x)] for s in (tf.Session(engine="xla"), tf.Session(engine="walk"))])


def test_initializing_twice_continues_the_sequence_as_numpy_does():
    v = tf.Variable(tf.random_uniform([2], seed=3))
    results = []
    for engine in ("xla", "numpy"):
        with tf.Session(engine=engine) as session:
            for _ in range(2):
                session.run(v.initializer)
                results.append(session.run(v))
    np.testing.assert_array_equal(results[:2], results[2:])


def test_wide_types_are_exact_and_jax_keeps_its_own_setting():
    before = jax.config.jax_enable_x64
    x = tf.placeholder(tf.float64)
    n = tf.placeholder(tf.int64)
    with tf.Session(engine="xla") as session:
        y, m = session.run([x + 1e-12, n * 3], {x: 1.0, n: 2**40})
    assert y.dtype == np.float64 and y == 1.0 + 1e-12
    assert m.dtype == np.int64 and m == 3 * 2**40
    assert jax.config.jax_enable_x64 == before


# -- stages --------------------------------------------------------------------------------

def test_a_training_step_is_one_program():
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    w = tf.Variable(tf.ones([2, 1]))
    loss = tf.reduce_sum(tf.square(tf.matmul(x, w)))
    train = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    assert len(stages([loss, train], {x: np.ones((3, 2))})) == 1


def test_what_the_host_must_do_comes_in_as_few_stages_as_possible():
    x = tf.placeholder(tf.float32, [4], name="x")
    a = tf.py_func(np.sort, [x * 2.0], tf.float32)
    b = tf.py_func(np.sort, [x * 3.0], tf.float32)
    a.set_shape([4])
    b.set_shape([4])
    found = stages(a + b, {x: np.arange(4.0)})
    assert found == [("device", "Mul", "Mul"), ("host", "PyFunc", "PyFunc"), ("device", "AddV2")]


def test_results_whose_shape_depends_on_data_are_numpys():
    x = tf.placeholder(tf.float32, [None])
    y = tf.reduce_sum(tf.boolean_mask(x * 2.0, x > 0)) + 1.0
    with tf.Session(engine="xla") as session:
        assert session.run(y, {x: [1, -1, 2]}) == 7.0
        assert session.run(y, {x: [1, 1, 2]}) == 9.0


def test_a_fed_shape_is_known_when_the_program_is_compiled():
    x = tf.placeholder(tf.float32, [None])
    shape = tf.placeholder(tf.int32, [2])
    y = tf.reshape(x * 2.0, shape) + 1.0
    with tf.Session(engine="xla") as session:
        assert session.run(y, {x: np.ones(6), shape: [2, 3]}).shape == (2, 3)
        assert session.run(y, {x: np.ones(6), shape: [3, 2]}).shape == (3, 2)
        assert all(not run.untraceable for run in runs(session))


def test_what_xla_cannot_trace_is_computed_by_numpy():
    class by_hand(tf.Operation):
        op_type = "ByHandForThisTest"

        def compute(self, x):
            return np.asarray([float(v) for v in x], np.float32)

    x = tf.placeholder(tf.float32, [3])
    y = by_hand([x * 2.0]).output + 1.0
    with tf.Session(engine="xla") as session:
        for _ in range(2):
            np.testing.assert_array_equal(session.run(y, {x: [1, 2, 3]}), [3, 5, 7])
        assert [op.type for run in runs(session) for op in run.untraceable] == [
            "ByHandForThisTest"]
    del tf.core.operation.op_types["ByHandForThisTest"]


def test_an_own_operation_runs_on_the_host():
    class cube(tf.Operation):
        def __init__(self, x):
            super().__init__([x])

        def compute(self, x):
            return x ** 3

    x = tf.placeholder(tf.float32, [2])
    y = cube(x * 2.0).output * 1.0
    assert tf.Session(engine="xla").run(y, {x: [1, 2]}).tolist() == [8, 64]


def test_an_assertion_keeps_what_waits_for_it_from_running():
    x = tf.placeholder(tf.float32)
    v = tf.Variable(1.0)
    with tf.control_dependencies([tf.Assert(x * 2.0 > 0, [x])]):
        update = tf.assign(v, v + x)
    with tf.Session(engine="xla") as session:
        session.run(v.initializer)
        with pytest.raises(tf.errors.InvalidArgumentError, match="assertion failed"):
            session.run(update, {x: -1.0})
        assert session.run(v) == 1.0
        assert session.run(update, {x: 2.0}) == 3.0


def test_errors_are_explained_with_the_values():
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    y = tf.placeholder(tf.float32, [None, 3], name="y")
    with tf.Session(engine="xla") as session, pytest.raises(
            tf.errors.InvalidArgumentError, match=r"'x:0'  float32  \(2, 3\)"):
        session.run(x + y, {x: np.ones((2, 3)), y: np.ones((4, 3))})


# -- memory --------------------------------------------------------------------------------

def test_a_feed_may_be_overwritten_after_the_run():
    x = tf.placeholder(tf.float32, [100_000])
    v = tf.Variable(tf.zeros([100_000]))
    keep = tf.assign(v, x)
    with tf.Session(engine="xla") as session:
        session.run(v.initializer)
        for i in range(5):
            fed = np.full(100_000, i, np.float32)
            session.run(keep.op, {x: fed})
            fed[:] = -1
            assert (session.run(v) == i).all()


def test_what_is_fetched_is_the_callers():
    v = tf.Variable(tf.zeros([1000]))
    y = v + 1.0
    with tf.Session(engine="xla") as session:
        session.run(v.initializer)
        first, state = session.run([y, v])
        first[:] = 5
        state[:] = 5
        assert session.run(v).max() == 0 and session.run(y).max() == 1


def test_variables_stay_on_the_device_and_a_walk_brings_them_home():
    v = tf.Variable(tf.zeros([3]))
    add = tf.assign_add(v, [1.0, 2.0, 3.0])
    with tf.Session(engine="xla") as session:
        session.run(v.initializer)
        session.run(add)
        assert isinstance(session.cell(v.op).value, jax.Array)
        assert "Add" in str(tf.viz.trace(v + 1.0, session=session))
        np.testing.assert_array_equal(session.run(add), [2, 4, 6])


def test_loading_and_saving_pass_through_the_host(tmp_path):
    v = tf.Variable([1.0, 2.0], name="v")
    double = tf.assign(v, v * 2.0)
    saver = tf.train.Saver()
    with tf.Session(engine="xla") as session:
        session.run(v.initializer)
        session.run(double)
        path = saver.save(session, str(tmp_path / "model"))
        v.load([7.0, 7.0], session)
        assert session.run(double).tolist() == [14, 14]
        saver.restore(session, path)
        assert session.run(double).tolist() == [4, 8]


def test_threads_lose_no_update():
    v = tf.Variable(0.0)
    add = tf.assign_add(v, 1.0)
    with tf.Session(engine="xla") as session:
        session.run(v.initializer)
        session.run(add)
        threads = [threading.Thread(target=lambda: [session.run(add.op) for _ in range(50)])
                   for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert session.run(v) == 201


# -- choosing the engine -------------------------------------------------------------------

def test_the_options_and_the_environment_choose_the_engine(monkeypatch):
    from pellucid.engine.xla import XlaEngine
    config = tf.ConfigProto()
    config.graph_options.optimizer_options.global_jit_level = tf.OptimizerOptions.ON_1
    assert tf.Session(config=config)._engine is XlaEngine
    monkeypatch.setenv("PELLUCID_ENGINE", "xla")
    assert tf.Session()._engine is XlaEngine
    assert tf.Session(engine="walk")._engine is not XlaEngine


@pytest.mark.parametrize("has_gpu", [True, False])
def test_a_graph_on_a_gpu_goes_to_xla_where_there_is_one(monkeypatch, has_gpu):
    monkeypatch.delenv("PELLUCID_ENGINE", raising=False)
    monkeypatch.setattr(jax, "default_backend", lambda: "gpu" if has_gpu else "cpu")
    session, elsewhere = tf.Session(), tf.Session(graph=tf.Graph())
    with elsewhere.graph.as_default():
        nowhere = tf.constant(1.0) + 1.0
    with tf.device("/gpu:0"):
        y = tf.constant([1.0, 2.0]) * 3.0
    assert session.run(y).tolist() == [3, 6] and elsewhere.run(nowhere) == 2
    assert session._engine.__name__ == ("XlaEngine" if has_gpu else "NumpyEngine")
    assert elsewhere._engine.__name__ == "NumpyEngine"


def test_a_graph_too_large_to_compile_is_numpys(monkeypatch):
    monkeypatch.setattr("pellucid.engine.xla.LARGE", 3)
    x = tf.placeholder(tf.float32, [2])
    v = tf.Variable([1.0, 1.0])
    update = tf.assign(v, tf.sin(tf.cos(tf.sin(x * 2.0))) + v)
    with tf.Session(engine="xla") as session:
        session.run(v.initializer)
        with pytest.warns(UserWarning, match="NumPy engine"):
            first = session.run(update, {x: [1, 2]})
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            np.testing.assert_allclose(session.run(update, {x: [1, 2]}) - 1, 2 * (first - 1))


def test_the_plan_says_what_is_computed_where():
    x = tf.placeholder(tf.float32, [2], name="x")
    y = tf.exp(x * 2.0, name="y")
    source = tf.Session(engine="xla").plan(y, {x: [1, 2]}).source
    assert source == "on the device:\n    Mul 'mul' (2,)\n    Exp 'y' (2,)\n"


# -- many steps in one call ----------------------------------------------------------------

def test_the_steps_of_one_call_are_those_of_a_loop():
    rng = np.random.default_rng(0)
    points, labels = rng.normal(size=(6, 16, 4)), rng.integers(0, 3, (6, 16))
    results = []
    for engine, together in (("xla", True), ("xla", False), ("numpy", True), ("walk", True)):
        with tf.Graph().as_default():
            tf.set_random_seed(1)
            x, y = tf.placeholder(tf.float32, [None, 4]), tf.placeholder(tf.int32, [None])
            rate = tf.placeholder(tf.float32, [])
            hidden = tf.nn.dropout(tf.layers.dense(x, 8, tf.nn.relu), 0.8)
            loss = tf.losses.sparse_softmax_cross_entropy(y, tf.layers.dense(hidden, 3))
            train = tf.train.AdamOptimizer(rate).minimize(loss)
            with tf.Session(engine=engine) as session:
                session.run(tf.global_variables_initializer())
                if together:
                    losses, nothing = session.run_steps(
                        [loss, train], {rate: 0.05}, {x: points, y: labels})
                    assert nothing is None
                else:
                    losses = [session.run([loss, train], {rate: 0.05, x: p, y: c})[0]
                              for p, c in zip(points, labels, strict=True)]
                results.append((losses, session.run(tf.trainable_variables()[0])))
    for losses, weights in results[1:]:
        np.testing.assert_allclose(losses, results[0][0], rtol=1e-4)
        np.testing.assert_allclose(weights, results[0][1], rtol=1e-3, atol=1e-6)


def test_steps_that_need_the_host_in_between_are_a_loop(engine):
    v = tf.Variable(1.0)
    doubled = tf.py_func(lambda x: x * np.float32(2), [v + 0.0], tf.float32)
    doubled.set_shape([])
    update = tf.assign(v, doubled)
    with tf.Session(engine=engine) as session:
        session.run(v.initializer)
        assert session.run_steps(update, steps=4).tolist() == [2, 4, 8, 16]


def test_what_run_steps_refuses():
    x = tf.placeholder(tf.float32, [])
    session = tf.Session()
    with pytest.raises(ValueError, match="one number of steps"):
        session.run_steps(x + 1.0, stacked={x: [1, 2]}, steps=3)
    with pytest.raises(ValueError, match="needs steps"):
        session.run_steps(x + 1.0, {x: 1})
    with pytest.raises(ValueError, match="at least one step"):
        session.run_steps(x + 1.0, {x: 1}, steps=0)
    with pytest.raises(ValueError, match="in stacked"):
        session.run_steps(x + 1.0, {x: 1}, {x: [1]})


# -- branches and loops --------------------------------------------------------------------

def test_a_loop_is_part_of_the_program():
    n = tf.placeholder(tf.int32, [])
    x = tf.placeholder(tf.float32, [3])
    i, y = tf.while_loop(lambda i, y: i < n, lambda i, y: (i + 1, tf.sin(y) * 1.1), (0, x * 2.0))
    assert [stage[0] for stage in stages([i, y], {n: 5, x: np.ones(3)})] == ["device"]
    for count in (5, 0, 7):
        feed = {n: count, x: [1.0, 2.0, 3.0]}
        expected = tf.Session(engine="walk").run([i, y], feed)
        with tf.Session(engine="xla") as session:
            found = session.run([i, y], feed)
            assert not any(run.untraceable for run in runs(session))
        assert found[0] == expected[0]
        np.testing.assert_allclose(found[1], expected[1], rtol=1e-5)


def test_a_branch_changes_variables_only_if_it_is_taken():
    taken = tf.placeholder(tf.bool, [])
    v = tf.Variable(1.0)
    y = tf.cond(taken, lambda: tf.assign_add(v, 2.0) * 10.0, lambda: v + 0.5)
    assert [stage[0] for stage in stages(y, {taken: True})] == ["device"]
    with tf.Session(engine="xla") as session:
        session.run(v.initializer)
        assert session.run(y, {taken: False}) == 1.5 and session.run(v) == 1.0
        assert session.run(y, {taken: True}) == 30.0 and session.run(v) == 3.0


def test_a_loop_around_a_training_step():
    x, w = tf.constant([[1.0, 2.0], [3.0, 4.0]]), tf.Variable([[1.0], [1.0]])
    loss = tf.reduce_sum(tf.square(tf.matmul(x, w)))

    def step(i):
        with tf.control_dependencies([tf.assign_sub(w, 0.01 * tf.matmul(
                x, tf.matmul(x, w), transpose_a=True))]):
            return i + 1
    steps = tf.while_loop(lambda i: i < 10, step, [0])
    results = []
    assert [stage[0] for stage in stages(steps)] == ["device"]
    for engine in ("xla", "walk"):
        with tf.Session(engine=engine) as session:
            session.run(w.initializer)
            session.run(steps)
            results.append(session.run([w, loss]))
            if engine == "xla":
                assert not any(run.untraceable for run in runs(session))
    np.testing.assert_allclose(results[0][0], results[1][0], rtol=1e-5)


def test_a_loop_that_needs_the_host_is_numpys():
    x = tf.placeholder(tf.float32, [2])
    _, y = tf.while_loop(
        lambda i, y: i < 3,
        lambda i, y: (i + 1, tf.reshape(tf.py_func(lambda a: a * 2, [y], tf.float32), [2])),
        (0, x))
    assert tf.Session(engine="xla").run(y * 1.0, {x: [1, 2]}).tolist() == [8, 16]
