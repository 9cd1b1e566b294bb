"""GraphDefs: graphs there and back, training included; what is malformed is refused."""

import random

import numpy as np
import pytest

import pellucid as pt
from pellucid.interchange.messages import message, parse
from tests.conftest import needs_tensorflow
from tests.differential.oracle import tensorflow

X = np.random.RandomState(0).rand(5, 4).astype(np.float32)
Y = np.array([0, 1, 2, 1, 0], np.int32)
FEEDS = {"x:0": X, "y:0": Y}


def build(tf):
    """A model that is trained; its random initializer has a seed."""
    tf.set_random_seed(7)
    x = tf.placeholder(tf.float32, [None, 4], name="x")
    y = tf.placeholder(tf.int32, [None], name="y")
    w = tf.get_variable("w", [4, 3])
    b = tf.Variable(tf.zeros([3]), name="b")
    with tf.device("/cpu:0"):
        logits = tf.matmul(x, w) + b
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits)
    loss = tf.reduce_mean(losses, name="loss")
    tf.train.AdamOptimizer(0.1).minimize(loss)
    tf.global_variables_initializer()


def train(session):
    """The losses of five steps; names are all that is known of the graph."""
    session.run("init")
    losses = []
    for _ in range(5):
        session.run("Adam", FEEDS)
        losses.append(session.run("loss:0", FEEDS))
    return losses


def imported(library, graph_def):
    with library.Graph().as_default() as graph:
        library.import_graph_def(
            library.GraphDef.FromString(graph_def.SerializeToString()), name="")
    return graph


@needs_tensorflow
def test_a_training_graph_runs_in_tensorflow():
    build(pt)
    wanted = train(pt.Session())
    graph = imported(tensorflow(), pt.get_default_graph().as_graph_def())
    np.testing.assert_allclose(train(tensorflow().Session(graph=graph)), wanted, rtol=1e-5)


@needs_tensorflow
def test_tensorflows_training_graph_runs_here(engine):
    tf = tensorflow()
    with tf.Graph().as_default() as graph:
        build(tf)
        wanted = train(tf.Session(graph=graph))
    graph = imported(pt, graph.as_graph_def())
    np.testing.assert_allclose(
        train(pt.Session(graph=graph, engine=engine)), wanted, rtol=1e-5)


@needs_tensorflow
def test_a_graph_is_as_tensorflow_writes_it():
    """Node by node, but for the gradients, which may take another path to the same numbers."""
    tf = tensorflow()
    build(pt)
    with tf.Graph().as_default() as graph:
        build(tf)
    theirs = {n.name: n for n in message("GraphDef").FromString(
        graph.as_graph_def().SerializeToString()).node}
    ours = [n for n in pt.get_default_graph().as_graph_def().node
            if not n.name.startswith("gradients/")]
    for node in ours:
        other = theirs[node.name]
        assert node.op.removesuffix("V2") == other.op.removesuffix("V2")    # Add or AddV2
        assert node.device == other.device
        assert [i for i in node.input if not i.startswith(("^", "gradients/"))] == [
            i for i in other.input if not i.startswith(("^", "gradients/"))]
        for name, value in node.attr.items():
            if name not in ("grad_a", "grad_b") and value.WhichOneof("value") != "tensor":
                assert other.attr[name] == value, (node.name, name)


def test_text_there_and_back(tmp_path):
    from google.protobuf import text_format
    build(pt)
    graph_def = pt.get_default_graph().as_graph_def()
    path = pt.train.write_graph(pt.get_default_graph(), str(tmp_path / "new"), "net.pbtxt")
    with open(path) as file:
        assert text_format.Parse(file.read(), pt.GraphDef()) == graph_def
    path = pt.io.write_graph(graph_def, str(tmp_path), "net.pb", as_text=False)
    with open(path, "rb") as file:
        assert pt.GraphDef.FromString(file.read()) == graph_def


def test_versions_and_from_version():
    pt.constant(1.0, name="a")
    version = pt.get_default_graph().version
    pt.constant(2.0, name="b")
    graph_def = pt.get_default_graph().as_graph_def(from_version=version)
    assert [node.name for node in graph_def.node] == ["b"]
    assert graph_def.versions.producer == 134


def test_add_shapes():
    pt.placeholder(pt.float32, [None, 3], name="x")
    node, = pt.get_default_graph().as_graph_def(add_shapes=True).node
    shape, = node.attr["_output_shapes"].list.shape
    assert [dim.size for dim in shape.dim] == [-1, 3]


def test_a_learners_own_operation_is_a_node():
    class cube(pt.Operation):
        def __init__(self, x):
            super().__init__([x])

        def compute(self, x):
            return x ** 3

    cube(pt.placeholder(name="x"))
    first, second = pt.get_default_graph().as_graph_def().node
    assert (first.op, second.op, second.input) == ("Placeholder", "cube", ["x"])


def test_python_functions_are_named():
    pt.py_func(np.sin, [pt.constant(1.0)], pt.float32, name="f")
    node = pt.get_default_graph().as_graph_def().node[-1]
    assert node.op == "PyFunc" and b"sin" in node.attr["token"].s
    assert list(node.attr["Tin"].list.type) == list(node.attr["Tout"].list.type) == [1]
    assert pt.get_default_graph().as_graph_def() == pt.get_default_graph().as_graph_def()


# -- importing -----------------------------------------------------------------------------

def graph_of(*nodes):
    """A GraphDef of nodes written as dicts; attr {name: {field: value}}."""
    return pt.GraphDef(node=[pt.NodeDef(**node) for node in nodes])


FLOAT = {"type": 1}
PLACE = {"name": "x", "op": "Placeholder", "attr": {"dtype": FLOAT}}


def node(name, op, *inputs, **attr):
    return {"name": name, "op": op, "input": inputs, "attr": attr}


def test_names_and_return_elements():
    graph_def = graph_of(PLACE, node("a/y", "Neg", "x", T=FLOAT))
    y, op = pt.import_graph_def(graph_def, return_elements=["a/y:0", "x"])
    assert (y.name, op.name) == ("import/a/y:0", "import/x")
    again, = pt.import_graph_def(graph_def, return_elements=["a/y:0"])
    assert again.name == "import_1/a/y:0"
    named, = pt.import_graph_def(graph_def, return_elements=["x"], name="net")
    assert named.name == "net/x"
    assert pt.import_graph_def(graph_def, name="") is None
    assert pt.placeholder(name="x").name == "x_1:0"
    assert pt.Session().run(y, {"import/x:0": 2.0}) == -2


def test_nodes_in_any_order_and_control_inputs():
    graph_def = graph_of(node("y", "Neg", "x", "^z", T=FLOAT), node("z", "NoOp"), PLACE)
    y, = pt.import_graph_def(graph_def, return_elements=["y"], name="")
    assert [c.name for c in y.control_inputs] == ["z"]


def test_input_map():
    graph_def = graph_of(PLACE, node("y", "Neg", "x", T=FLOAT))
    given = pt.constant(3.0)
    for key in "x", "x:0":
        y, = pt.import_graph_def(graph_def, {key: given}, ["y:0"])
        assert pt.Session().run(y) == -3
    with pytest.raises(ValueError, match=r"not found in graph_def: \[nobody:0\]"):
        pt.import_graph_def(graph_def, {"nobody:0": given})


def test_defaults_that_were_left_out():
    graph_def = graph_of(PLACE, node("y", "MatMul", "x", "x", T=FLOAT))
    y, = pt.import_graph_def(graph_def, return_elements=["y"])
    assert y.transpose_a is False


def test_old_placeholders_without_a_shape():
    old = graph_of(node("x", "Placeholder", dtype=FLOAT, shape={"shape": {}}))
    old.versions.producer = 21
    x, = pt.import_graph_def(old, return_elements=["x:0"])
    assert x.shape.ndims is None
    old.versions.producer = 134
    x, = pt.import_graph_def(old, return_elements=["x:0"])
    assert x.shape.ndims == 0


def test_all_unknown_types_are_named_in_one_message():
    graph_def = graph_of(PLACE, node("m", "Mystery", "x"), node("m2", "Mystery", "x"),
                         node("s/e", "Enigma", "x", T=FLOAT))
    with pytest.raises(pt.errors.NotFoundError) as found:
        pt.import_graph_def(graph_def)
    for text in ("3 nodes are of 2 operation types", "Mystery: 2 nodes, the first is 'm'",
                 "Enigma: 1 node, the first is 's/e' (not one of TensorFlow's types either"):
        assert text in found.value.message
    assert not pt.get_default_graph().get_operations()


def test_python_functions_are_refused():
    with pytest.raises(pt.errors.InvalidArgumentError, match="call Python functions"):
        pt.import_graph_def(graph_of(node("f", "PyFunc", token={"s": b"pyfunc_0"})))


@pytest.mark.parametrize("nodes, text", [
    ([node("y", "Neg", "nobody", T=FLOAT)], "Node 'y': Unknown input node 'nobody'"),
    ([node("y", "Neg", "^nobody", T=FLOAT)], "expected inputs of 1 tensors"),
    ([PLACE, node("y", "Neg", "x", "^nobody", T=FLOAT)], "Unknown input node '^nobody'"),
    ([PLACE, node("y", "Neg", "x:1", T=FLOAT)], "invalid output 1 of source node x"),
    ([PLACE, node("y", "Neg", "x", "x", T=FLOAT)], "expected inputs of 1 tensors do not match 2"),
    ([PLACE, PLACE], "Node 'x' is not unique"),
    ([node("a b", "NoOp")], "invalid characters"),
    ([node("", "NoOp")], "invalid characters"),
    ([node("a/", "NoOp")], "invalid characters"),
    ([node("a", "Neg", "b", T=FLOAT), node("b", "Neg", "a", T=FLOAT)], "there is a cycle"),
    ([PLACE, node("y", "MatMul", "x", "x", T=FLOAT, transpose_a={"i": 1})],
     "attribute 'transpose_a': it should be of type bool, but is i"),
    ([PLACE, node("y", "Neg", "x", T=FLOAT, colour={"i": 1})], "mentions attr 'colour' not in"),
    ([node("c", "Const", dtype=FLOAT, value={"tensor": {
        "dtype": 1, "tensor_shape": {"dim": [{"size": 3}]}, "tensor_content": b"abc"}})],
     "float32 of shape (3,) is 12 bytes, but there are 3"),
])
def test_malformed_graphs(nodes, text):
    with pytest.raises(ValueError) as found:
        pt.import_graph_def(graph_of(*nodes))
    assert text in str(found.value)


def test_a_constant_that_says_to_be_huge_takes_no_memory():
    import tracemalloc
    graph_def = graph_of(node("c", "Const", dtype=FLOAT, value={"tensor": {
        "dtype": 1, "tensor_shape": {"dim": [{"size": 1 << 40}]}, "float_val": [1.0]}}))
    tracemalloc.start()
    pt.import_graph_def(graph_def)
    assert tracemalloc.get_traced_memory()[1] < 1 << 22
    tracemalloc.stop()


def test_long_chains_in_any_order():
    nodes = [node(f"n{i}", "Neg", f"n{i + 1}", T=FLOAT) for i in range(5000)]
    nodes.append({**PLACE, "name": "n5000"})
    y, = pt.import_graph_def(graph_of(*nodes), return_elements=["n0:0"], name="")
    assert pt.Session().run(y, {"n5000:0": 2.0}) == 2


def test_mutated_graphs_get_clear_errors():
    build(pt)
    data = pt.get_default_graph().as_graph_def().SerializeToString()
    source = random.Random(0)
    for _ in range(300):
        damaged = bytearray(data)
        for _ in range(source.randint(1, 3)):
            place = source.randrange(len(damaged))
            if source.random() < 0.3:
                del damaged[place:place + source.randint(1, 9)]
            else:
                damaged[place] = source.randrange(256)
        try:
            graph_def = parse("GraphDef", bytes(damaged), "net.pb")
            with pt.Graph().as_default():
                pt.import_graph_def(graph_def)
        except (pt.errors.DataLossError, pt.errors.InvalidArgumentError,
                pt.errors.NotFoundError, ValueError):
            pass


def network(tf):
    """Convolution, pooling, normalization, dropout, decay, momentum, clipping: one step each."""
    x = tf.placeholder(tf.float32, [None, 12, 12, 1], name="x")
    y = tf.placeholder(tf.int32, [None], name="y")
    source = np.random.RandomState(1)

    def variable(name, *shape):
        value = 0.2 * source.standard_normal(shape).astype(np.float32)
        return tf.get_variable(name, initializer=value)

    h = tf.nn.conv2d(x, variable("k", 3, 3, 1, 4), [1, 1, 1, 1], "SAME")
    h = tf.tanh(tf.nn.bias_add(h, variable("kb", 4)))
    h = tf.nn.max_pool(h, [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
    mean, variance = tf.nn.moments(h, [0, 1, 2])
    h = tf.nn.batch_normalization(h, mean, variance, variable("beta", 4), variable("gamma", 4),
                                  1e-3)
    h = tf.nn.avg_pool(tf.concat([h, tf.nn.sigmoid(h)], 3), [1, 2, 2, 1], [1, 2, 2, 1], "VALID")
    logits = tf.matmul(tf.reshape(h, [-1, 72]), variable("w", 72, 3))
    losses = tf.nn.softmax_cross_entropy_with_logits_v2(labels=tf.one_hot(y, 3), logits=logits)
    loss = tf.add(tf.reduce_mean(losses), 1e-3 * tf.nn.l2_loss(logits), name="loss")
    step = tf.train.get_or_create_global_step()
    optimizer = tf.train.MomentumOptimizer(tf.train.exponential_decay(0.1, step, 3, 0.9), 0.9)
    pairs = [(tf.clip_by_norm(g, 1.0), v) for g, v in optimizer.compute_gradients(loss)]
    optimizer.apply_gradients(pairs, global_step=step, name="Adam")
    tf.global_variables_initializer()


@needs_tensorflow
@pytest.mark.parametrize("ours", [True, False])
def test_a_convolutional_network_trains_in_the_other_library(ours, monkeypatch):
    monkeypatch.setitem(FEEDS, "x:0", np.random.RandomState(0).rand(5, 12, 12, 1))
    first, second = (pt, tensorflow())[::1 if ours else -1]
    with first.Graph().as_default() as graph:
        network(first)
        with first.Session() as session:
            wanted = train(session)
    with second.Session(graph=imported(second, graph.as_graph_def())) as session:
        np.testing.assert_allclose(train(session), wanted, rtol=1e-5)


def test_an_operation_as_a_message():
    """What device functions of many programs look at: op.node_def.op."""
    y = pt.identity(pt.constant(1.0), name="y")
    node = y.op.node_def
    assert (node.name, node.op, list(node.input)) == ("y", "Identity", ["Const"])
    assert node == pt.get_default_graph().as_graph_def().node[1]


def test_what_tensorflow_1_does_not_know_is_not_written():
    with pt.Graph().as_default() as graph:
        product = pt.matmul(pt.ones([2, 2]), pt.ones([2, 2]))
        pt.nn.max_pool(pt.ones([1, 4, 4, 1]), 2, 2, "SAME", name="pool")
    nodes = {node.name: set(node.attr) for node in graph.as_graph_def().node}
    assert nodes[product.op.name] == {"T", "transpose_a", "transpose_b"}
    assert nodes["pool"] == {"T", "data_format", "ksize", "padding", "strides"}
