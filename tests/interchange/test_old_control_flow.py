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


@pytest.mark.parametrize("build", [loop, branch, two_results, branch_in_branch, loop_in_loop,
                                   branch_in_loop, loop_in_branch, arrays])
def test_tensorflows_graphs_run(build):
    if not oracle.installed():
        pytest.skip("TensorFlow is not installed")
    theirs = oracle.tensorflow()
    with theirs.Graph().as_default() as graph:
        x = theirs.placeholder(theirs.float32, [None, 3], name="x")
        fetches = build(theirs, x)
        with theirs.Session() as session:
            wanted = session.run(fetches, {x: X})
    names, data = [y.name for y in fetches], graph.as_graph_def().SerializeToString()
    assert {"Merge", "Exit"} & {node.op for node in graph.as_graph_def().node}
    with tf.Graph().as_default():
        tf.import_graph_def(tf.GraphDef.FromString(data), name="")
        for engine in ("walk", "numpy"):
            found = tf.Session(engine=engine).run(names, {"x:0": X})
            for one, other in zip(found, wanted, strict=True):
                np.testing.assert_allclose(one, other, rtol=1e-5)


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


@pytest.mark.parametrize("text, message", [
    ('node { name: "m" op: "Merge" input: "m" }', "cycle that is no loop"),
    ('node { name: "m" op: "Merge" }', "no Switch above"),
    ('node { name: "e" op: "Enter" input: "x" }', "conditions"),
    ('node { name: "e" op: "Exit" input: "x" }', "no loop"),
    ('node { name: "s" op: "Switch" input: "x" }', "control flow"),
])
def test_what_is_no_loop_is_refused(text, message):
    from google.protobuf import text_format
    with tf.Graph().as_default(), pytest.raises(ValueError, match=message):
        tf.import_graph_def(text_format.Parse(text, tf.GraphDef()))
