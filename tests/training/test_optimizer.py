"""Optimizers step by step beside TensorFlow's, and what the Optimizer base promises."""

import threading

import numpy as np
import pytest

import pellucid as tf
from tests.conftest import ENGINES, needs_tensorflow
from tests.differential.oracle import tensorflow

OPTIMIZERS = {
    "GradientDescent": lambda tf: tf.train.GradientDescentOptimizer(0.05),
    "Momentum": lambda tf: tf.train.MomentumOptimizer(0.01, 0.9),
    "Nesterov": lambda tf: tf.train.MomentumOptimizer(0.01, 0.9, use_nesterov=True),
    "Adagrad": lambda tf: tf.train.AdagradOptimizer(0.3, 0.5),
    "RMSProp": lambda tf: tf.train.RMSPropOptimizer(0.02, 0.8, 0.5, 1e-4),
    "RMSProp_centered": lambda tf: tf.train.RMSPropOptimizer(0.02, 0.8, 0.5, 1e-4,
                                                             centered=True),
    "Adam": lambda tf: tf.train.AdamOptimizer(0.05),
    "Adadelta": lambda tf: tf.train.AdadeltaOptimizer(0.9, 0.8, 1e-3),
    "Ftrl": lambda tf: tf.train.FtrlOptimizer(0.3, -0.6, 0.2, 0.05, 0.1),
    "Ftrl_shrinking": lambda tf: tf.train.FtrlOptimizer(
        0.3, l2_shrinkage_regularization_strength=0.02),
    "ProximalGradientDescent": lambda tf: tf.train.ProximalGradientDescentOptimizer(
        0.05, 0.02, 0.1),
    "ProximalAdagrad": lambda tf: tf.train.ProximalAdagradOptimizer(0.3, 0.5, 0.02, 0.1),
    "AdagradDA": lambda tf: tf.train.AdagradDAOptimizer(
        0.3, tf.train.get_or_create_global_step(), 0.2, 0.01, 0.05),
}
each_optimizer = pytest.mark.parametrize("name", OPTIMIZERS)


def train(tf, optimizer, dtype, steps, **session_options):
    """(losses, final variables, names of operations) of a regression with an embedding.

    Some rows of the table occur twice in a batch, and one never.
    """
    random = np.random.default_rng(0)
    graph = tf.Graph()
    with graph.as_default():
        rows = random.normal(size=(6, 3)).astype(dtype)
        table = tf.get_variable("table", initializer=rows)
        with tf.variable_scope("dense"):
            w = tf.get_variable("w", initializer=random.normal(size=(3, 2)).astype(dtype))
            b = tf.get_variable("b", initializer=np.zeros(2, dtype))
        ids = tf.placeholder(tf.int32, [None], name="ids")
        wanted = tf.placeholder(dtype, [None, 2], name="wanted")
        error = tf.matmul(tf.gather(table, ids), w) + b - wanted
        loss = tf.reduce_sum(tf.square(error))
        step = optimizer(tf).minimize(loss, tf.train.get_or_create_global_step())
        losses = []
        with tf.Session(graph=graph, **session_options) as session:
            session.run(tf.global_variables_initializer())
            for _ in range(steps):
                rows = random.integers(0, 5, 4)
                feed = {ids: rows, wanted: random.normal(size=(4, 2))}
                losses.append(session.run([loss, step], feed)[0])
            values = session.run({v.name: v for v in tf.global_variables()})
    names = [op.name for op in graph.get_operations() if "update" in op.name]
    return np.array(losses), values, names


@needs_tensorflow
@each_optimizer
@pytest.mark.parametrize("engine, dtype", [
    (engine, dtype) for engine in ENGINES for dtype in ("float32", "float64")
    if (engine, dtype) != ("xla", "float64")])           # compiling takes a second a rule
def test_forty_steps_as_in_tensorflow(name, dtype, engine):
    if name.startswith("Proximal") and dtype == "float64":
        pytest.skip("TensorFlow's sparse update does not cast the learning rate")
    losses, values, names = train(tf, OPTIMIZERS[name], dtype, 40, engine=engine)
    their_losses, their_values, their_names = train(
        tensorflow(), OPTIMIZERS[name], dtype, 40)
    rtol = 2e-4 if dtype == "float32" else 1e-9
    np.testing.assert_allclose(losses, their_losses, rtol)
    assert list(values) == list(their_values)
    for variable, value in values.items():
        assert value.dtype == their_values[variable].dtype, variable
        np.testing.assert_allclose(value, their_values[variable], rtol, rtol,
                                   err_msg=variable)
    assert values["global_step:0"] == 40
    assert names == their_names


@each_optimizer
def test_rows_without_gradient(name, session):
    """Adam's moments move all rows; the other rules leave alone what no gradient names."""
    table = tf.Variable(np.ones((3, 2), np.float32))
    rows = tf.placeholder(tf.int32, [None])
    loss = tf.reduce_sum(tf.square(tf.gather(table, rows)))
    step = OPTIMIZERS[name](tf).minimize(loss)
    session.run(step, {rows: [0, 0]})
    one = session.run(table)
    session.run(step, {rows: [1]})
    two = session.run(table)
    assert (one[1:] == 1).all() and (one[0] < 1).all()
    assert (two[1] < 1).all() and (two[2] == 1).all()
    assert (two[0] != one[0]).all() == (name == "Adam")


@each_optimizer
def test_a_gradient_twice_in_a_row_counts_as_its_sum(name, session):
    def run(indices, values):
        v = tf.Variable(np.ones((2, 1), np.float32))
        grad = tf.IndexedSlices(tf.constant(values, shape=[len(values), 1]),
                                tf.constant(indices))
        session.run(OPTIMIZERS[name](tf).apply_gradients([(grad, v)]))
        return session.run(v)

    twice, once = run([1, 0, 1], [0.25, 1.0, 0.5]), run([0, 1], [1.0, 0.75])
    np.testing.assert_allclose(twice, once, 1e-6)


def test_slots():
    v, w = tf.Variable([1.0, 2.0], name="v"), tf.Variable(3.0, name="w")
    optimizer = tf.train.AdamOptimizer(name="Fast")
    assert optimizer.get_slot_names() == [] and optimizer.get_slot(v, "m") is None
    optimizer.minimize(tf.reduce_sum(v) * w)
    assert optimizer.get_name() == "Fast"
    assert optimizer.get_slot_names() == ["m", "v"]
    assert [optimizer.get_slot(v, s).op.name for s in "mv"] == ["v/Fast", "v/Fast_1"]
    assert [x.op.name for x in optimizer.variables()] == [
        "beta1_power", "beta2_power", "v/Fast", "v/Fast_1", "w/Fast", "w/Fast_1"]
    assert all(x not in tf.trainable_variables() for x in optimizer.variables())
    assert all(x in tf.global_variables() for x in optimizer.variables())


def test_two_optimizers_of_one_variable_do_not_share_slots():
    v = tf.Variable(1.0, name="v")
    first, second = (tf.train.MomentumOptimizer(0.1, 0.9) for _ in range(2))
    for optimizer in (first, second, first):
        optimizer.minimize(v * v)
    assert [o.get_slot(v, "momentum").op.name for o in (first, second)] == [
        "v/Momentum", "v/Momentum_1"]


def test_slots_of_a_variable_whose_shape_may_change(session):
    v = tf.Variable([1.0, 2.0], validate_shape=False)
    for make in OPTIMIZERS.values():
        session.run(make(tf).minimize(tf.reduce_sum(v * v)))
    assert (session.run(v) < [1.0, 2.0]).all()


def test_hyperparameters_may_be_tensors_and_functions(session):
    v, rate = tf.Variable(1.0), tf.placeholder(tf.float32, [])
    step = tf.train.MomentumOptimizer(rate, lambda: 0.5).minimize(v * 1.0)
    values = []
    for r in (0.5, 0.25):
        session.run(step, {rate: r})
        values.append(session.run(v))
    assert values == [0.5, 0.125]


@pytest.mark.parametrize("gate", ["GATE_NONE", "GATE_OP", "GATE_GRAPH"])
def test_gates_change_no_gradient(gate, session):
    v, w = tf.Variable(2.0), tf.Variable(3.0)
    gate = getattr(tf.train.Optimizer, gate)
    optimizer = tf.train.GradientDescentOptimizer(0.1)
    pairs = optimizer.compute_gradients(v * w, gate_gradients=gate)
    assert [x for _, x in pairs] == [v, w]
    assert session.run([grad for grad, _ in pairs]) == [3.0, 2.0]


def test_compute_gradients_keeps_variables_without_gradient():
    v, w = tf.Variable(2.0), tf.Variable(3.0)
    pairs = tf.train.GradientDescentOptimizer(0.1).compute_gradients(v * v, [v, w])
    assert pairs[1] == (None, w)
    update = tf.train.GradientDescentOptimizer(0.1).apply_gradients(pairs)
    assert [op.name for op in update.control_inputs] == [
        "GradientDescent/update_Variable/ApplyGradientDescent"]


def test_a_constraint_holds_after_each_step(session):
    v = tf.Variable([1.0, -1.0], constraint=lambda x: tf.maximum(x, 0.0))
    step = tf.train.GradientDescentOptimizer(0.5).minimize(tf.reduce_sum(v))
    for expected in ([0.5, 0.0], [0.0, 0.0]):
        session.run(step)
        assert session.run(v).tolist() == expected
    table = tf.Variable([[1.0]], constraint=tf.abs)
    with pytest.raises(RuntimeError, match="constraint function on a sparse variable"):
        tf.train.GradientDescentOptimizer(0.5).minimize(
            tf.gather(table, [0]), var_list=[table])


def test_the_step_is_counted_after_the_update(session):
    v, count = tf.Variable(1.0), tf.Variable(0, name="count", trainable=False)
    optimizer = tf.train.GradientDescentOptimizer(0.5)
    step = optimizer.minimize(v * 1.0, global_step=count, name="go")
    assert step.name == "go" and step.type == "AssignAdd"
    assert tf.get_collection(tf.GraphKeys.TRAIN_OP) == [step]
    session.run(step)
    assert session.run([v, count]) == [0.5, 1]


def test_a_loss_may_be_a_function(session):
    v = tf.Variable(1.0)
    session.run(tf.train.GradientDescentOptimizer(0.5).minimize(lambda: v * v))
    assert session.run(v) == 0.0


def test_what_cannot_be_optimized_is_refused():
    optimizer = tf.train.GradientDescentOptimizer(0.1)
    with pytest.raises(ValueError, match="No variables to optimize"):
        optimizer.minimize(tf.constant(1.0))
    v = tf.Variable(1.0, name="v")
    with pytest.raises(ValueError, match="No gradients provided for any variable.*'v:0'"):
        optimizer.minimize(tf.constant(1.0))
    with pytest.raises(ValueError, match="Invalid type tf.int32 for Const_2:0"):
        optimizer.minimize(tf.constant(1))
    with pytest.raises(ValueError, match="gate_gradients must be one of"):
        optimizer.minimize(v, gate_gradients=3)
    with pytest.raises(ValueError, match="No variables provided"):
        optimizer.apply_gradients([])
    with pytest.raises(TypeError, match="Gradient must be convertible"):
        optimizer.apply_gradients([(object(), v)])
    with pytest.raises(ValueError, match="Must specify the optimizer name"):
        tf.train.GradientDescentOptimizer(0.1, name="")
    with pytest.raises(ValueError, match="initial_accumulator_value must be positive"):
        tf.train.AdagradOptimizer(0.1, 0.0)


def test_a_gradient_of_another_shape_is_refused(session):
    v, x = tf.Variable([1.0, 2.0]), tf.placeholder(tf.float32)
    for make in OPTIMIZERS.values():
        step = make(tf).apply_gradients([(x, v)])
        with pytest.raises(tf.errors.InvalidArgumentError, match="not have the same shape"):
            session.run(step, {x: 1.0})
    assert session.run(v).tolist() == [1.0, 2.0]


def test_untyped_gradients_take_the_type_of_the_variable(session):
    v, x = tf.Variable([1.0, 2.0]), tf.placeholder()
    session.run(tf.train.GradientDescentOptimizer(1.0).apply_gradients([(x, v)]),
                {x: np.array([1, 1])})
    value = session.run(v)
    assert value.dtype == np.float32 and value.tolist() == [0.0, 1.0]


def test_threads_that_train_lose_no_step(session):
    v = tf.Variable(np.zeros(100, np.float32))
    count = tf.train.get_or_create_global_step()
    step = tf.train.GradientDescentOptimizer(1.0).minimize(-tf.reduce_sum(v), count)
    session.run(tf.global_variables_initializer())
    threads = [threading.Thread(target=lambda: [session.run(step) for _ in range(100)])
               for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert session.run(count) == 400
    assert (session.run(v) == 400).all()


class SignDescent(tf.train.Optimizer):
    """w = w - rate sign(g), with a count of the steps beside each variable."""

    def __init__(self, rate, use_locking=False, name="SignDescent"):
        super().__init__(use_locking, name)
        self._rate = rate

    def _create_slots(self, var_list):
        for v in var_list:
            self._zeros_slot(v, "count", self._name)
        self._create_non_slot_variable(0.0, "steps", min(var_list, key=lambda v: v.name))

    def _prepare(self):
        self._rate_t = tf.convert_to_tensor(self._call_if_callable(self._rate), name="rate")

    def _apply_dense(self, grad, var):
        count = tf.assign_add(self.get_slot(var, "count"), tf.ones_like(var))
        return tf.group(tf.assign_sub(var, self._rate_t * tf.sign(grad)), count)

    def _apply_sparse(self, grad, var):
        return tf.scatter_sub(var, grad.indices, self._rate_t * tf.sign(grad.values)).op

    def _finish(self, update_ops, name_scope):
        steps = self._get_non_slot_variable("steps", tf.get_default_graph())
        with tf.control_dependencies(update_ops):
            return tf.assign_add(steps, 1.0, name=name_scope).op


def test_an_optimizer_of_ones_own(session):
    v = tf.Variable([1.0, -1.0], name="v")
    table = tf.Variable([[1.0], [2.0]], name="table")
    optimizer = SignDescent(0.5)
    looked_up = tf.reduce_sum(tf.gather(table, [1, 1]))
    step = optimizer.minimize(tf.reduce_sum(v * v) + looked_up)
    assert step.name == "SignDescent"
    session.run(step)
    assert session.run(v).tolist() == [0.5, -0.5]
    assert session.run(table).tolist() == [[1.0], [1.5]]
    assert session.run(optimizer.get_slot(v, "count")).tolist() == [1.0, 1.0]
    assert [x.op.name for x in optimizer.variables()] == ["steps", "table/SignDescent",
                                                          "v/SignDescent"]
    with pytest.raises(NotImplementedError, match="does not define _apply_dense"):
        tf.train.Optimizer(False, "none").minimize(v)
