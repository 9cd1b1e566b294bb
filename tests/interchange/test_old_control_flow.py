"""Graphs of Switch, Merge, Enter, Exit and NextIteration, read as If and While."""

from pathlib import Path

import numpy as np
import pytest

import pellucid as tf
from tests.differential import oracle

RECORDED = Path(__file__).parent / "recorded"
X = np.random.default_rng(0).normal(size=(2, 3)).astype(np.float32)


def loop(tf, x):
    return tf.while_loop(lambda i, a: i < 4, lambda i, a: (i + 1, a * 0.5 + x), [0, x])


def branch(tf, x):
    return [tf.cond(tf.reduce_sum(x) > 0, lambda: x * 2, lambda: x - 1)]


def two_results(tf, x):
    return list(tf.cond(tf.reduce_sum(x) < 100, lambda: (x * 2, tf.constant(1.0)),
                        lambda: (x - 1, tf.constant(2.0))))


def branch_in_branch(tf, x):
    return [tf.cond(tf.reduce_sum(x) < 100, lambda: tf.cond(
        tf.reduce_sum(x) > 1e3, lambda: x * 7, lambda: x * 3), lambda: x)]


def loop_in_loop(tf, x):
    def body(i, a):
        return i + 1, tf.while_loop(lambda j, b: j < i, lambda j, b: (j + 1, b + x * 0.1),
                                    [0, a])[1]
    return tf.while_loop(lambda i, a: i < 3, body, [0, x])


def branch_in_loop(tf, x):
    def body(i, a):
        return i + 1, tf.cond(tf.reduce_sum(a) > 0, lambda: tf.tanh(a), lambda: a + x)
    return tf.while_loop(lambda i, a: i < 3, body, [0, x])


def loop_in_branch(tf, x):
    return [tf.cond(tf.reduce_sum(x) < 100, lambda: tf.while_loop(
        lambda i, a: i < 3, lambda i, a: (i + 1, a * x), [0, x])[1], lambda: x)]


def arrays(tf, x):
    return [tf.map_fn(lambda row: row * tf.reduce_sum(row), x),
            tf.scan(lambda a, row: a * 0.5 + row, x)]


def weights(tf):
    return tf.get_variable("w", initializer=tf.constant([1.0, 0.2, 0.3]))


def gradients_of_branches_in_one_another(tf, x):
    w = weights(tf)
    y = tf.cond(tf.reduce_sum(x) < 100, lambda: tf.tanh(x * w) + w * tf.cond(
        tf.reduce_sum(x * w) > -5.0, lambda: tf.exp(x * w) * w, lambda: x), lambda: x)
    return [y, *tf.gradients(y, [w, x])]


def gradients_of_branches_on_one_condition(tf, x):
    w, pred = weights(tf), tf.reduce_sum(x) < 100
    y = tf.cond(pred, lambda: tf.tanh(x * w), lambda: x * w)
    z = tf.cond(pred, lambda: tf.exp(y * w), lambda: y)
    return [z, *tf.gradients(tf.cond(pred, lambda: tf.nn.relu(z * w + y), lambda: y), [w, x, y])]


def gradients_of_branches_in_branches_in_loop(tf, x):
    w = weights(tf)
    y = tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, tf.cond(
        tf.reduce_sum(y) < 50.0, lambda: tf.tanh(y * w) * tf.cond(
            i > 1, lambda: y * w * w, lambda: tf.sigmoid(y)), lambda: y)), [0, x])[1]
    return [y, *tf.gradients(y, [w, x])]


def rows_in_a_branch(tf, x):
    table = tf.get_variable("table", initializer=tf.constant(X))
    y = tf.cond(tf.reduce_sum(x) < 100, lambda: tf.nn.embedding_lookup(table, [0, 1, 1]) * 2.0,
                lambda: tf.nn.embedding_lookup(table, [1]))
    return [y, tf.convert_to_tensor(tf.gradients(y, table)[0])]


def averages_in_a_branch(tf, x):
    mean = tf.get_variable("mean", initializer=tf.zeros([3]))
    with tf.control_dependencies([tf.assign_add(mean, tf.ones([3]))]):
        update = tf.cond(tf.reduce_sum(x) < 100, lambda: tf.group(tf.assign_add(mean, x[0])),
                         lambda: tf.no_op())
    with tf.control_dependencies([update]):
        return [tf.cond(tf.reduce_sum(x) < 100, lambda: mean * 2.0, lambda: x[0])]


GRADIENTS = [gradients_of_branches_in_one_another, gradients_of_branches_on_one_condition,
             gradients_of_branches_in_branches_in_loop, rows_in_a_branch, averages_in_a_branch]


@pytest.mark.parametrize("build", [loop, branch, two_results, branch_in_branch, loop_in_loop,
                                   branch_in_loop, loop_in_branch, arrays, *GRADIENTS])
def test_tensorflows_graphs_run(build):
    if not oracle.installed():
        pytest.skip("TensorFlow is not installed")
    theirs = oracle.tensorflow()
    with theirs.Graph().as_default() as graph:
        x = theirs.placeholder(theirs.float32, [None, 3], name="x")
        with theirs.variable_scope("", use_resource=build in GRADIENTS[::2]):
            fetches = build(theirs, x)
        theirs.global_variables_initializer()
        with theirs.Session() as session:
            session.run("init")
            wanted = session.run(fetches, {x: X})
    names, data = [y.name for y in fetches], graph.as_graph_def().SerializeToString()
    assert {"Merge", "Exit"} & {node.op for node in graph.as_graph_def().node}
    with tf.Graph().as_default():
        tf.import_graph_def(tf.GraphDef.FromString(data), name="")
        for engine in ("walk", "numpy"):
            session = tf.Session(engine=engine)
            session.run("init")
            found = session.run(names, {"x:0": X})
            for one, other in zip(found, wanted, strict=True):
                np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


def test_dynamic_rnn_of_tensorflow_1():
    """An LSTM over sequences of different lengths, as TensorFlow 1.15.5 wrote it."""
    recorded = np.load(RECORDED / "dynamic_rnn.npz")
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(tf.GraphDef.FromString((RECORDED / "dynamic_rnn.pb").read_bytes()),
                            name="")
        assert "StatelessWhile" in {op.type for op in graph.get_operations()}
        for engine in ("walk", "numpy"):
            session = tf.Session(engine=engine)
            session.run("init")
            o, h = session.run(["o:0", "h:0"], {"x:0": recorded["X"], "n:0": [3, 5]})
            np.testing.assert_allclose(o, recorded["o"], rtol=1e-4, atol=1e-6)
            np.testing.assert_allclose(h, recorded["h"], rtol=1e-4, atol=1e-6)
        x = graph.get_tensor_by_name("x:0")
        assert tf.gradients(graph.get_tensor_by_name("o:0"), x)[0] is not None


SWITCHES = """
    node { name: "p" op: "Placeholder" attr { key: "dtype" value { type: DT_BOOL } } }
    node { name: "s" op: "Switch" input: "p" input: "p" }
    node { name: "t" op: "Switch" input: "p" input: "p" }"""


@pytest.mark.parametrize("text, message", [
    ('node { name: "m" op: "Merge" input: "m" }', "cycle that is no loop"),
    ('node { name: "m" op: "Merge" }', "no Switch above"),
    ('node { name: "e" op: "Enter" input: "x" }', "conditions"),
    ('node { name: "e" op: "Exit" input: "x" }', "no loop"),
    ('node { name: "s" op: "Switch" input: "x" }', "control flow"),
    (SWITCHES + 'node { name: "m" op: "Merge" input: "s" input: "s:1" input: "t:1" }', "3 values"),
    (SWITCHES + 'node { name: "m" op: "Merge" input: "s:1" input: "t:1" }', "'s:1' is on the"),
])
def test_what_is_no_loop_is_refused(text, message):
    from google.protobuf import text_format
    with tf.Graph().as_default(), pytest.raises(ValueError, match=message):
        tf.import_graph_def(text_format.Parse(text, tf.GraphDef()))


TRAINING = np.load(RECORDED / "old_training.npz")


@pytest.mark.parametrize("name", sorted({key.partition("/")[0] for key in TRAINING.files}))
def test_training_graphs_of_tensorflow_1_train(name):
    """Gradients of loops, with their stacks and arrays, as TensorFlow 1.15.5 wrote them."""
    found = {key.partition("/")[2]: TRAINING[key] for key in TRAINING.files
             if key.startswith(name + "/")}
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(tf.GraphDef.FromString(found.pop("graph").tobytes()), name="")
    wanted, feed = found.pop("losses"), {f"{key}:0": value for key, value in found.items()}
    for engine in ("walk", "numpy"):
        with tf.Session(graph=graph, engine=engine) as session:
            session.run("init")
            losses = [session.run(["loss:0", "step"], feed)[0] for _ in wanted]
        np.testing.assert_allclose(losses, wanted, rtol=1e-4)


RANDOM = np.load(RECORDED / "old_random.npz")


@pytest.mark.parametrize("train", [True, False])
@pytest.mark.parametrize("name", RANDOM.files)
def test_gradients_have_the_random_numbers_of_the_values(name, train):
    """Dropout in a branch, of 1.15.5: y is homogeneous in x, so that sum(y) = sum(x * dy/dx)."""
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(tf.GraphDef.FromString(RANDOM[name].tobytes()), name="")
    x = np.abs(np.random.default_rng(1).normal(size=(4, 3))).astype(np.float32)
    for engine in ("walk", "numpy"):
        with tf.Session(graph=graph, engine=engine) as session:
            session.run("init")
            feed = {"x:0": x, "train:0": train}
            for _ in range(3):
                y, of_x, of_w = session.run(["y:0", "gradient_of_x:0", "gradient_of_w:0"], feed)
                np.testing.assert_allclose((x * of_x).sum(), y.sum(), rtol=1e-4)
                assert of_w.shape == (3,)
            kinds = {op.type for op in _all_operations(graph)}
            assert not kinds & {"Switch", "Merge"}


@pytest.mark.parametrize("name, draws", [("random_factors", 2), ("random_factors_in_loop", 1)])
def test_what_is_drawn_is_drawn_once_also_in_a_graph_that_is_written_again(name, draws):
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(tf.GraphDef.FromString(RANDOM[name].tobytes()), name="")
        again = graph.as_graph_def().SerializeToString()
    found = [op for op in _all_operations(graph) if op.type == "RandomUniform"]
    assert len(found) == draws                              # as many as in TensorFlow's graph
    x = np.ones((4, 3), np.float32)
    for library in [tf, oracle.tensorflow()] if oracle.installed() else [tf]:
        with library.Graph().as_default(), library.Session() as session:
            library.import_graph_def(library.GraphDef.FromString(again), name="")
            session.run("init")
            y, grad = session.run(["y:0", "gradient_of_x:0"], {"x:0": x, "train:0": True})
            np.testing.assert_allclose((x * grad).sum(), y.sum(), rtol=1e-4)


def test_the_values_of_a_branch_run_without_what_only_its_gradients_need():
    if not oracle.installed():
        pytest.skip("TensorFlow is not installed")
    theirs = oracle.tensorflow()
    with theirs.Graph().as_default() as graph:
        x, label = [theirs.placeholder(theirs.float32, [3], name=n) for n in ("x", "label")]
        y = theirs.cond(x[0] < 9, lambda: theirs.tanh(x * x), lambda: x, name="y")
        theirs.identity(theirs.gradients((y - label) ** 2, x)[0], "gradient")
    with tf.Graph().as_default():
        tf.import_graph_def(tf.GraphDef.FromString(graph.as_graph_def().SerializeToString()),
                            name="")
        found = tf.Session().run("y/Merge:0", {"x:0": [1, 2, 3]})
    np.testing.assert_allclose(found, np.tanh([1, 4, 9]), rtol=1e-6)


def _all_operations(graph):
    stack, found = [graph], []
    while stack:
        for op in stack.pop().get_operations():
            found.append(op)
            stack += [getattr(op, role) for role in op.subgraphs]
    return found


def test_a_training_graph_that_was_read_is_written_and_read_again():
    """It is a graph of If and While now, which TensorFlow's later versions run too."""
    data = TRAINING["lstm/graph"].tobytes()
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(tf.GraphDef.FromString(data), name="")
        again = graph.as_graph_def().SerializeToString()
    feed = {"x:0": TRAINING["lstm/x"], "n:0": TRAINING["lstm/n"]}
    for library in [tf, oracle.tensorflow()] if oracle.installed() else [tf]:
        with library.Graph().as_default(), library.Session() as session:
            library.import_graph_def(library.GraphDef.FromString(again), name="")
            session.run("init")
            losses = [session.run(["loss:0", "step"], feed)[0] for _ in range(4)]
        np.testing.assert_allclose(losses, TRAINING["lstm/losses"], rtol=1e-4)


def test_gradients_of_a_loop_in_a_branch_in_a_loop_are_refused():
    if not oracle.installed():
        pytest.skip("TensorFlow is not installed")
    theirs = oracle.tensorflow()
    with theirs.Graph().as_default() as graph:
        x = theirs.placeholder(theirs.float32, [None, 3], name="x")
        y = theirs.while_loop(lambda i, y: i < 2, lambda i, y: (i + 1, theirs.cond(
            y[0, 0] < 9, lambda: loop(theirs, y * x)[1], lambda: y)), [0, x])[1]
        theirs.gradients(y, x)
    graph_def = tf.GraphDef.FromString(graph.as_graph_def().SerializeToString())
    with tf.Graph().as_default(), pytest.raises(ValueError, match="loops in branches in loops"):
        tf.import_graph_def(graph_def)


def test_a_stack_whose_handle_comes_from_elsewhere_is_refused():
    from google.protobuf import text_format
    graph_def = text_format.Parse(
        'node { name: "p" op: "Placeholder" attr { key: "dtype" value { type: DT_RESOURCE } } }'
        'node { name: "pop" op: "StackPopV2" input: "p" }', tf.GraphDef())
    with tf.Graph().as_default(), pytest.raises(ValueError, match="'pop'.*Placeholder"):
        tf.import_graph_def(graph_def)
