"""GraphDefs cut, frozen, stripped; a trained network frozen here runs in TensorFlow."""

import numpy as np
import pytest

import pellucid as pt
from tests.conftest import needs_tensorflow
from tests.differential.oracle import tensorflow

X = np.random.RandomState(0).rand(2, 3).astype(np.float32)


def network(tf):
    """y = tanh(x w + b), beside a node that y does not need."""
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    w = tf.Variable(np.arange(6, dtype=np.float32).reshape(3, 2) / 10, name="w")
    b = tf.Variable([0.5, -0.5], name="b")
    tf.identity(tf.tanh(tf.matmul(x, w) + b), name="y")
    tf.negative(x, name="unused")
    tf.global_variables_initializer()


def frozen(tf):
    with tf.Graph().as_default() as graph, tf.Session() as session:
        network(tf)
        session.run("init")
        wanted = session.run("y:0", {"x:0": X})
        return wanted, tf.graph_util.convert_variables_to_constants(
            session, graph.as_graph_def(), ["y"])


def run(tf, graph_def):
    with tf.Graph().as_default(), tf.Session() as session:
        y, = tf.import_graph_def(tf.GraphDef.FromString(graph_def.SerializeToString()),
                                 return_elements=["y:0"])
        return session.run(y, {"import/x:0": X})


def test_freezing(engine):
    wanted, graph_def = frozen(pt)
    assert {node.name for node in graph_def.node} == {
        "x", "w", "w/read", "b", "b/read", "MatMul", "add", "Tanh", "y"}
    assert {node.op for node in graph_def.node if node.name in ("w", "b")} == {"Const"}
    np.testing.assert_array_equal(run(pt, graph_def), wanted)


@needs_tensorflow
@pytest.mark.parametrize("ours", [True, False])
def test_frozen_graphs_run_in_the_other_library(ours):
    libraries = (pt, tensorflow())[::1 if ours else -1]
    wanted, graph_def = frozen(libraries[0])
    np.testing.assert_allclose(run(libraries[1], graph_def), wanted, rtol=1e-5)


@pytest.mark.parametrize("lists, kept", [
    ({"variable_names_whitelist": ["w"]}, {"b"}), ({"variable_names_blacklist": ["w"]}, {"w"})])
def test_freezing_some(lists, kept):
    network(pt)
    with pt.Session() as session:
        graph_def = pt.graph_util.convert_variables_to_constants(
            session, pt.get_default_graph().as_graph_def(), ["y"], **lists)
    assert {node.name for node in graph_def.node if node.op == "VariableV2"} == kept


def test_cutting_out():
    network(pt)
    whole = pt.get_default_graph().as_graph_def()
    part = pt.graph_util.extract_sub_graph(whole, ["MatMul"])
    assert [node.name for node in part.node] == ["x", "w", "w/read", "MatMul"]
    assert part.versions == whole.versions and len(whole.node) > 4
    with pytest.raises(AssertionError, match="nobody is not in graph"):
        pt.graph_util.extract_sub_graph(whole, ["nobody"])
    with pytest.raises(TypeError, match="dest_nodes must be a list"):
        pt.graph_util.extract_sub_graph(whole, "MatMul")


def test_removing_training_nodes():
    wanted, graph_def = frozen(pt)
    small = pt.graph_util.remove_training_nodes(graph_def, ["y"])
    assert [n.name for n in small.node if n.op == "Identity"] == ["y"]
    assert len(small.node) == len(graph_def.node) - 2
    np.testing.assert_array_equal(run(pt, small), wanted)


def test_nodes_that_others_wait_for_stay():
    x = pt.placeholder(pt.float32, name="x")
    with pt.control_dependencies([pt.identity(x, name="awaited")]):
        pt.negative(pt.identity(x, name="passing"), name="y")
    small = pt.graph_util.remove_training_nodes(pt.get_default_graph().as_graph_def())
    assert {"x", "awaited", "y"} <= {n.name for n in small.node}


def test_shapes_by_name():
    network(pt)
    shape = pt.graph_util.tensor_shape_from_node_def_name(pt.get_default_graph(), "w")
    assert shape.as_list() == [3, 2]
