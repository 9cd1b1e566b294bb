"""Graphs with resource variables: TensorFlow's, imported, give TensorFlow's numbers."""

import numpy as np
import pytest

import pellucid as tf
from tests.conftest import needs_tensorflow
from tests.differential.oracle import tensorflow

OPTIMIZERS = {
    "GradientDescent": lambda t: t.train.GradientDescentOptimizer(0.1),
    "Momentum": lambda t: t.train.MomentumOptimizer(0.1, 0.9, use_nesterov=True),
    "Adagrad": lambda t: t.train.AdagradOptimizer(0.1),
    "Adam": lambda t: t.train.AdamOptimizer(0.1),
    "RMSProp": lambda t: t.train.RMSPropOptimizer(0.1, momentum=0.5),
    "CenteredRMSProp": lambda t: t.train.RMSPropOptimizer(0.1, centered=True),
    "Adadelta": lambda t: t.train.AdadeltaOptimizer(1.0),
    "Ftrl": lambda t: t.train.FtrlOptimizer(0.1),
    "AdagradDA": lambda t: t.train.AdagradDAOptimizer(0.1, t.train.get_or_create_global_step()),
    "ProximalAdagrad": lambda t: t.train.ProximalAdagradOptimizer(0.1),
    "ProximalGradientDescent": lambda t: t.train.ProximalGradientDescentOptimizer(0.1),
}
X = np.random.RandomState(0).randn(5, 3).astype(np.float32)


def imported(graph):
    tf.import_graph_def(tf.GraphDef.FromString(graph.as_graph_def().SerializeToString()), name="")


@needs_tensorflow
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizers_of_an_imported_graph(name):
    theirs = tensorflow()
    with theirs.Graph().as_default() as graph:
        x = theirs.placeholder(theirs.float32, [None, 3], name="x")
        w = theirs.get_variable("w", initializer=theirs.ones([3, 2]), use_resource=True)
        e = theirs.get_variable("e", initializer=theirs.ones([4, 2]), use_resource=True)
        loss = theirs.reduce_sum((theirs.matmul(x, w) - 1.0) ** 2) + theirs.reduce_sum(
            theirs.gather(e, [1, 3, 1]) ** 2)
        optimizer = OPTIMIZERS[name](theirs)
        steps = theirs.train.get_or_create_global_step()
        optimizer.minimize(loss, steps, name="step")
        theirs.global_variables_initializer()
        with theirs.Session() as session:
            wanted = run_steps(session, loss.name)
    types = {node.op for node in graph.as_graph_def().node}
    assert f"ResourceApply{name}" in types or name == "AdagradDA"
    assert types & {"ResourceGather"} and "VarHandleOp" in types
    imported(graph)
    for engine in "walk", "numpy":
        with tf.Session(engine=engine) as session:
            np.testing.assert_allclose(run_steps(session, loss.name), wanted, rtol=2e-5)


def run_steps(session, loss):
    session.run("init")
    losses = []
    for _ in range(4):
        losses.append(session.run(loss, {"x:0": X}))
        session.run("step", {"x:0": X})
    return losses


@needs_tensorflow
def test_what_else_is_done_with_them():
    theirs = tensorflow()
    with theirs.Graph().as_default() as graph:
        v = theirs.get_variable("v", initializer=theirs.constant([[1.0, 2.0], [3.0, 4.0]]),
                                use_resource=True)
        named = [v.is_initialized(), theirs.gather_nd(v, [[1, 0]]), v.assign_add([[1.0] * 2] * 2),
                 v.assign_sub([[0.5] * 2] * 2), v.sparse_read([1]), theirs.shape(v)]
        names = [t.name for t in named]
        grad = theirs.gradients(theirs.gather(v, [0]), v)[0]
        names += [theirs.convert_to_tensor(grad).name]
        initializer = v.initializer.name
        with theirs.Session() as session:
            wanted = [session.run(names[0]), session.run(initializer)]
            wanted += [session.run(name) for name in names]
    imported(graph)
    with tf.Session() as session:
        found = [session.run(names[0]), session.run(initializer)]
        found += [session.run(name) for name in names]
    for ours, other in zip(found, wanted, strict=True):
        assert (ours is None and other is None) or np.array_equal(ours, other)


def handle(name, shared):
    node = tf.NodeDef(op="VarHandleOp", name=name)
    node.attr["dtype"].type = 1
    node.attr["shape"].shape.SetInParent()
    node.attr["shared_name"].s = shared
    read = tf.NodeDef(op="ReadVariableOp", name=name + "/read", input=[name])
    assign = tf.NodeDef(op="AssignVariableOp", name=name + "/assign", input=[name, "value"])
    for part in read, assign:
        part.attr["dtype"].type = 1
    return [node, read, assign]


def test_handles_of_one_name_are_one_variable():
    value = tf.NodeDef(op="Const", name="value")
    value.attr["dtype"].type = 1
    value.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(np.float32(7)))
    graph_def = tf.GraphDef(node=[value, *handle("a", b"v"), *handle("b", b"v"),
                                  *handle("c", b"")])
    tf.import_graph_def(graph_def, name="")
    with tf.Session() as session:
        session.run("a/assign")
        assert session.run("b/read:0") == 7
        with pytest.raises(tf.errors.FailedPreconditionError, match="uninitialized value c"):
            session.run("c/read:0")
