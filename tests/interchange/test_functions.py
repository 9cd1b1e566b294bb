"""Branches, loops and calls as functions of a GraphDef's library: ours, and TensorFlow's."""

import numpy as np
import pytest

import pellucid as tf
from tests.differential import oracle

X = np.random.default_rng(0).normal(size=(2, 3)).astype(np.float32)
FETCHES = ["loss:0", "gx:0", "gw:0"]


def training_graph(tf):
    """A loop with a branch in it, and a map, and their gradients."""
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    w = tf.Variable(np.eye(3, dtype=np.float32) * 0.5, name="w")

    def body(i, a):
        return i + 1, tf.cond(tf.reduce_sum(a) > 0, lambda: tf.tanh(tf.matmul(a, w)),
                              lambda: a * a)
    y = tf.while_loop(lambda i, a: i < 4, body, [0, x])[1]
    mapped = tf.map_fn(lambda row: row * tf.reduce_sum(row), x)
    loss = tf.reduce_sum(y) + tf.reduce_sum(mapped)
    gx, gw = tf.gradients(loss, [x, w])
    for tensor, name in ((loss, "loss"), (gx, "gx"), (gw, "gw")):
        tf.identity(tensor, name=name)
    tf.global_variables_initializer()


def values(tf, graph):
    with tf.Session(graph=graph) as session:
        session.run("init")
        return session.run(FETCHES, {"x:0": X})


@pytest.fixture(scope="module")
def ours():
    """(values, serialized GraphDef) of the training graph."""
    with tf.Graph().as_default() as graph:
        training_graph(tf)
    return values(tf, graph), graph.as_graph_def().SerializeToString()


def imported(tf, data):
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(tf.GraphDef.FromString(data), name="")
    return graph


def assert_close(found, wanted):
    for one, other in zip(found, wanted, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)


def test_a_loop_has_a_shape_for_each_of_its_variables():
    with tf.Graph().as_default() as graph:
        training_graph(tf)
    for node in graph.as_graph_def(add_shapes=True).node:
        if "While" in node.op:
            assert len(node.attr["_output_shapes"].list.shape) == len(node.attr["T"].list.type)


def test_what_is_written_is_read(ours):
    wanted, data = ours
    graph = imported(tf, data)
    assert_close(values(tf, graph), wanted)
    assert graph.as_graph_def().library.function


def test_what_is_read_differentiates(ours):
    wanted, data = ours
    graph = imported(tf, data)
    with graph.as_default():
        gradient = tf.gradients(graph.get_tensor_by_name("loss:0"),
                                graph.get_tensor_by_name("x:0"))[0]
        with tf.Session() as session:
            session.run("init")
            assert_close([session.run(gradient, {"x:0": X})], wanted[1:2])


def test_tensorflow_runs_ours(ours):
    if not oracle.installed():
        pytest.skip("TensorFlow is not installed")
    wanted, data = ours
    theirs = oracle.tensorflow()
    assert_close(values(theirs, imported(theirs, data)), wanted)


def test_we_run_tensorflows(ours):
    if not oracle.installed():
        pytest.skip("TensorFlow is not installed")
    theirs = oracle.tensorflow()
    theirs.enable_control_flow_v2()
    try:
        with theirs.Graph().as_default() as graph:
            training_graph(theirs)
    finally:
        theirs.disable_control_flow_v2()
    data = graph.as_graph_def().SerializeToString()
    assert_close(values(tf, imported(tf, data)), ours[0])


def test_a_body_that_assigns_is_read_again():
    with tf.Graph().as_default() as graph:
        v = tf.Variable(1.0, name="v")

        def body(i):
            with tf.control_dependencies([tf.assign_add(v, 2.0)]):
                return i + 1
        tf.identity(tf.while_loop(lambda i: i < 3, body, [0]), name="step")
        tf.global_variables_initializer()
    graph = imported(tf, graph.as_graph_def().SerializeToString())
    with tf.Session(graph=graph) as session:
        session.run("init")
        assert session.run("step:0") == 3 and session.run("v:0") == 7


# -- calls of functions, and what is wrong with them -----------------------------------------

def with_function(body, op="square_plus", name="square_plus"):
    """A GraphDef whose node "y" calls a function on "x"."""
    return tf.GraphDef.FromString(_message(body, op, name).SerializeToString())


def _message(body, op, name):
    from google.protobuf import text_format
    text = f"""
      node {{ name: "x" op: "Placeholder" attr {{ key: "dtype" value {{ type: DT_FLOAT }} }} }}
      node {{ name: "y" op: "{op}" input: "x"
             attr {{ key: "Tin" value {{ list {{ type: DT_FLOAT }} }} }}
             attr {{ key: "Tout" value {{ list {{ type: DT_FLOAT }} }} }}
             attr {{ key: "f" value {{ func {{ name: "{name}" }} }} }} }}
      library {{ function {{
        signature {{ name: "square_plus" input_arg {{ name: "a" type: DT_FLOAT }}
                    output_arg {{ name: "r" type: DT_FLOAT }} }}
        {body} ret {{ key: "r" value: "out:z:0" }} }} }}"""
    return text_format.Parse(text, tf.GraphDef())


BODY = """node_def { name: "sq" op: "Square" input: "a" }
          node_def { name: "out" op: "AddV2" input: "sq:y:0" input: "a" }"""


@pytest.mark.parametrize("op", ["square_plus", "PartitionedCall", "StatefulPartitionedCall"])
def test_calls(op):
    with tf.Graph().as_default() as graph:
        x, y = tf.import_graph_def(with_function(BODY, op), return_elements=["x:0", "y:0"])
        gradient = tf.gradients(y, x)[0]
    for engine in ("walk", "numpy"):
        with tf.Session(graph=graph, engine=engine) as session:
            assert session.run([y, gradient], {x: 3.0}) == [12, 7]


@pytest.mark.parametrize("graph_def, message", [
    (lambda: with_function(BODY, "PartitionedCall", "nothing"), "no function 'nothing'"),
    (lambda: with_function(BODY.replace('"Square"', '"square_plus"')), "calls itself"),
    (lambda: with_function(BODY.replace("sq:y:0", "sq:nonsense:0")), "no output 'nonsense'"),
    (lambda: with_function(BODY.replace("sq:y:0", "other:y:0")), "Unknown input"),
])
def test_malformed_functions_are_refused(graph_def, message):
    with tf.Graph().as_default(), pytest.raises(ValueError, match=message):
        tf.import_graph_def(graph_def())


def test_types_that_are_missing_in_functions_are_reported_too():
    with tf.Graph().as_default(), pytest.raises(tf.errors.NotFoundError, match="Nonsense: 1 node"):
        tf.import_graph_def(with_function(BODY.replace('"Square"', '"Nonsense"')))


def test_lists_of_several_lengths_are_named_each():
    """ParseSingleExample gives lists of two, two, two and one."""
    features = {"a": tf.VarLenFeature(tf.int64), "b": tf.VarLenFeature(tf.string),
                "y": tf.FixedLenFeature([], tf.int64)}
    example = tf.train.Example()
    for name, value in (("a", 3), ("y", 7)):
        example.features.feature[name].int64_list.value.append(value)
    example.features.feature["b"].bytes_list.value.append(b"word")

    def parse(record):
        parsed = tf.parse_single_example(record, features)
        return parsed["a"].values, parsed["b"].values, parsed["y"]

    with tf.Graph().as_default() as graph:
        records = tf.data.Dataset.from_tensors(example.SerializeToString())
        iterator = records.map(parse).make_initializable_iterator()
        got = [tensor.name for tensor in iterator.get_next()]
        start, written = iterator.initializer.name, graph.as_graph_def()
    with tf.Graph().as_default(), tf.Session() as session:
        tf.import_graph_def(written, name="")
        session.run(start)
        a, b, y = session.run(got)
    assert (a.tolist(), b.tolist(), y) == ([3], [b"word"], 7)
