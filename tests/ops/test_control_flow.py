"""Branches and loops: what runs, what is kept, what is refused, how the plan prints them."""

import numpy as np
import pytest

import pellucid as tf
from pellucid.ops.control.functional import FakeParam


def power(x, n=3):
    """x^(n + 1), by a loop."""
    return tf.while_loop(lambda i, y: i < n, lambda i, y: (i + 1, y * x), [0, x])[1]


def run_both(fetches, feed=None):
    """By the walk, by the first and by the second run of a plan: all equal."""
    wanted = tf.Session(engine="walk").run(fetches, feed)
    session = tf.Session()
    for _ in range(2):
        values = session.run(fetches, feed)
        for value, one in zip(tf.nest.flatten(values), tf.nest.flatten(wanted), strict=True):
            np.testing.assert_allclose(value, one, rtol=1e-6)
    return wanted


def test_derivatives_of_any_order():
    x = tf.placeholder(tf.float64, [])
    y, wanted, factor = power(x), [], 1.0
    derivatives = [y]
    for order in range(4):
        wanted.append(factor * 1.5 ** (4 - order))
        derivatives.append(tf.gradients(derivatives[-1], x)[0])
        factor *= 4 - order
    np.testing.assert_allclose(run_both(derivatives[:4], {x: 1.5}), wanted)


def test_the_plan_prints_bodies_as_functions():
    x = tf.placeholder(tf.float32, [2], name="x")
    y = power(x)
    source = tf.Session().plan(y, {x: [1, 2]}).source
    assert "def while_cond(" in source and "def while_body(" in source
    assert "StatelessWhile(while_cond, while_body, " in source
    compile(source, "plan", "exec")


def test_a_run_keeps_nothing_for_a_gradient_that_it_does_not_fetch():
    x = tf.placeholder(tf.float32, [2], name="x")
    y = power(x)
    gradient = tf.gradients(y, x)[0]
    session = tf.Session()
    assert "TensorListPushBack" not in session.plan(y, [x]).source
    assert "TensorListPushBack" in session.plan(gradient, [x]).source
    np.testing.assert_allclose(session.run(gradient, {x: [1, 2]}), [4, 32])


def test_only_what_the_gradient_needs_is_kept():
    x, c = tf.placeholder(tf.float32, [2]), tf.placeholder(tf.float32, [2])
    y = tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, (y + c) * 2.0), [0, x])[1]
    gradient = tf.gradients(y, x)[0]                       # linear: no value is needed
    assert "TensorListPushBack" not in tf.Session().plan(gradient, [x, c]).source


def test_a_branch_that_is_known_is_computed_where_it_stands():
    x = tf.placeholder(tf.float32, [2], name="x")
    y = tf.cond(tf.constant(True), lambda: x * 2, lambda: tf.exp(x))
    source = tf.Session().plan(y, [x]).source
    assert "If" not in source and "exp" not in source


def test_ten_thousand_iterations_and_their_gradient():
    x = tf.placeholder(tf.float64, [])
    y = tf.while_loop(lambda i, y: i < 10_000, lambda i, y: (i + 1, y * x), [0, x])[1]
    values = tf.Session().run([y, tf.gradients(y, x)[0]], {x: 1.0001})
    np.testing.assert_allclose(values, [1.0001 ** 10_001, 10_001 * 1.0001 ** 10_000], rtol=1e-9)


def test_many_loops_one_after_the_other():
    x = y = tf.placeholder(tf.float32, [])
    for _ in range(300):
        y = tf.cond(y > 0, lambda y=y: y + 1, lambda y=y: y - 1)
    assert run_both([y, tf.gradients(y, x)[0]], {x: 1.0}) == [301, 1]


def test_shapes_that_the_body_keeps_are_known_in_the_plan():
    x = tf.placeholder(tf.float32, [None, None], name="x")
    y = tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, tf.tanh(y) + 1), [0, x])[1]
    assert "(2, 3)" in tf.Session().plan(y, {x: np.ones((2, 3))}).source


def test_a_growing_variable_is_not_taken_to_keep_its_shape():
    x = tf.placeholder(tf.float32, [None])
    y = tf.while_loop(lambda y: tf.size(y) < 6, lambda y: tf.concat([y, y[:1]], 0), [x])
    run_both(y, {x: [1.0, 2.0]})


def test_what_a_body_assigns_is_the_sessions_own_array():
    x, v = tf.placeholder(tf.float32, [2]), tf.Variable([0.0, 0.0])

    def body(i):
        with tf.control_dependencies([tf.assign(v, x)]):
            return i + 1
    step = tf.while_loop(lambda i: i < 1, body, [0])
    for engine in ("walk", "numpy"):
        session, fed = tf.Session(engine=engine), np.array([1, 2], np.float32)
        for _ in range(2):
            session.run(step, {x: fed})
        fed[0] = 7
        np.testing.assert_array_equal(session.run(v), [1, 2])


def test_what_a_branch_returns_is_the_callers_own():
    v, p = tf.Variable([1.0, 2.0]), tf.placeholder(tf.bool, [])
    y = tf.cond(p, lambda: v.read_value(), lambda: v + 1)
    for engine in ("walk", "numpy"):
        session = tf.Session(engine=engine)
        for _ in range(2):
            session.run(y, {p: True})[0] = 7
        np.testing.assert_array_equal(session.run(v), [1, 2])


def test_an_error_names_the_operation_inside_and_the_users_line(engine):
    x = tf.placeholder(tf.float32, [None])
    y = tf.while_loop(lambda i, y: i < 2, lambda i, y: (i + 1, tf.reshape(y, [5])), [0, x],
                      shape_invariants=[tf.TensorShape([]), tf.TensorShape(None)])[1]
    session = tf.Session(engine=engine)
    for _ in range(2):
        with pytest.raises(tf.errors.InvalidArgumentError) as error:
            session.run(y, {x: [1.0, 2.0]})
        assert error.value.op.name == "while/Reshape"
        assert "test_control_flow.py" in str(error.value)


def test_an_error_in_a_learners_operation_stays_what_it_is(engine):
    class fragile(tf.Operation):
        def __init__(self, x):
            super().__init__([x])

        def compute(self, x):
            raise KeyError("mine")

    x = tf.placeholder(tf.float32, [])
    y = tf.cond(x > 0, lambda: fragile(x), lambda: x)
    session = tf.Session(engine=engine)
    assert session.run(y, {x: -1.0}) == -1
    with pytest.raises(KeyError, match="mine"):
        session.run(y, {x: 1.0})


def test_a_branch_that_does_not_fit_is_an_error_only_where_it_is_taken():
    x, y = tf.placeholder(tf.float32, [None]), tf.placeholder(tf.float32, [None])
    z = tf.cond(tf.equal(tf.size(x), tf.size(y)), lambda: x + y, lambda: x)
    run_both(z, {x: [1.0], y: [2.0]})
    run_both(z, {x: [1.0, 2.0, 3.0], y: [1.0, 2.0]})


def test_a_tensor_from_inside_cannot_be_used_outside():
    leaked = []
    x = tf.placeholder(tf.float32, [])
    tf.cond(x > 0, lambda: leaked.append(x * 2) or x, lambda: x)
    with pytest.raises(ValueError, match="Return it from the function"):
        leaked[0] + 1
    with pytest.raises(ValueError):
        tf.Session().run(leaked[0], {x: 1.0})
    with pytest.raises(ValueError, match="another branch"):
        tf.cond(x > 0, lambda: leaked[0], lambda: x)


def test_variables_are_made_outside():
    x = tf.placeholder(tf.float32, [])
    with pytest.raises(ValueError, match="use a lambda as the initializer"):
        tf.cond(x > 0, lambda: tf.Variable(x * 2) + 0, lambda: x)
    y = tf.while_loop(lambda i, y: i < 2, lambda i, y: (
        i + 1, y + tf.get_variable("w", [], initializer=tf.ones_initializer())), [0, x])[1]
    assert [v.name for v in tf.global_variables()] == ["w:0"]
    assert tf.global_variables()[0].graph is tf.get_default_graph()
    assert run_both(y, {x: 1.0}) == 3


def test_init_scope_leaves_branches():
    x, made = tf.placeholder(tf.float32, []), []

    def branch():
        with tf.init_scope():
            made.append(tf.constant(3.0))
        return x + made[0]
    y = tf.cond(x > 0, branch, lambda: x)
    assert made[0].graph is tf.get_default_graph()
    assert run_both(y, {x: 1.0}) == 4


def test_the_gradient_of_random_numbers_in_a_body_is_that_of_the_numbers_drawn():
    x = tf.placeholder(tf.float32, [3])
    y = tf.while_loop(lambda i, y: i < 4, lambda i, y: (
        i + 1, y * tf.random_uniform([3], 0.5, 1.5, seed=3)), [0, x])[1]
    for engine in ("walk", "numpy"):
        value, gradient = tf.Session(engine=engine).run([y, tf.gradients(y, x)[0]],
                                                        {x: [1.0, 2.0, 3.0]})
        np.testing.assert_allclose(value, gradient * [1, 2, 3], rtol=1e-6)


def test_custom_gradients_inside():
    @tf.custom_gradient
    def tenfold(x):
        return x + 0, lambda grad: 10 * grad

    x = tf.placeholder(tf.float32, [])
    y = tf.while_loop(lambda i, y: i < 2, lambda i, y: (i + 1, tenfold(y)), [0, x])[1]
    z = tf.cond(x > 0, lambda: tenfold(x), lambda: x)
    assert run_both(tf.gradients([y, z], x)[0], {x: 1.0}) == 110


def test_hessians_through_a_loop():
    x = tf.placeholder(tf.float64, [2])
    y = tf.reduce_sum(power(x, 2))
    np.testing.assert_allclose(run_both(tf.hessians(y, x)[0], {x: [1.0, 2.0]}),
                               [[6, 0], [0, 12]])


def test_a_gradient_is_kept_where_an_operation_has_none_but_nobody_asks():
    class opaque(tf.Operation):
        def __init__(self, x):
            super().__init__([x])

        def compute(self, x):
            return x + 1

    x, c = tf.placeholder(tf.float32, []), tf.placeholder(tf.float32, [])
    y = tf.while_loop(lambda i, y: i < 2, lambda i, y: (
        i + 1, y * tf.reshape(opaque(c), [])), [0, x])[1]
    assert run_both(tf.gradients(y, x)[0], {x: 1.0, c: 1.0}) == 4
    with pytest.raises(LookupError, match="opaque"):
        tf.gradients(y, c)


def test_seeds_count_operations_inside():
    def numbers(in_branch):
        with tf.Graph().as_default():
            tf.set_random_seed(4)
            first = tf.cond(tf.constant(True), lambda: tf.random_uniform([2]),
                            lambda: tf.zeros([2])) if in_branch else tf.random_uniform([2])
            return tf.Session().run([first, tf.random_uniform([2])])
    np.testing.assert_array_equal(numbers(True), numbers(False))


def test_fake_param_is_of_its_type_and_shape():
    assert FakeParam.detached(dtype=tf.float64, shape=(2, None)).compute().shape == (2, 0)
    assert FakeParam.detached(dtype=tf.float64, shape=(2, 3)).compute().dtype == np.float64


def test_finalized_graphs_run():
    x = tf.placeholder(tf.float32, [])
    y = power(x)
    tf.get_default_graph().finalize()
    assert run_both(y, {x: 2.0}) == 16
    with pytest.raises(RuntimeError):
        tf.cond(x > 0, lambda: x, lambda: x)
