"""First values that depend on other variables, in a GraphDef: TensorFlow can compute them."""

import numpy as np

import pellucid as tf
from tests.differential import oracle


def model():
    """Variables that start from others, in chains and through a branch; and a step."""
    w = tf.Variable(tf.random_normal([3], seed=1), name="w")
    u = tf.Variable(tf.concat([w * 2.0, w], 0), name="u")
    v = tf.Variable(tf.reduce_sum(u) + tf.reduce_sum(w), name="v")
    tf.Variable(tf.cond(v > 0, lambda: v * 3, lambda: v - 1), name="z")
    with tf.control_dependencies([w.assign_sub(w * 0.5)]):
        tf.train.ExponentialMovingAverage(0.9).apply([w, u])
    tf.global_variables_initializer()
    tf.train.Saver()
    return [variable.name for variable in tf.global_variables()]


def run(library, names, load):
    """The variables after their initializers, once for all, and after a step."""
    with library.Graph().as_default(), library.Session() as session:
        load()
        session.run("init")
        first = session.run(names)
        session.run("ExponentialMovingAverage")
        return first + session.run(names)


def test_one_run_initializes_them():
    with tf.Graph().as_default() as graph:
        names = model()
        graph_def, meta = graph.as_graph_def(), tf.train.export_meta_graph()
        with tf.Session() as session:
            session.run("init")
            expected = session.run(names)
            session.run("ExponentialMovingAverage")
            expected += session.run(names)
    for library in [tf, oracle.tensorflow()] if oracle.installed() else [tf]:
        found = library.GraphDef.FromString(graph_def.SerializeToString())
        ways = (lambda found=found, library=library: library.import_graph_def(found, name=""),
                lambda library=library: library.train.import_meta_graph(
                    library.MetaGraphDef.FromString(meta.SerializeToString())))
        for load in ways:
            for one, other in zip(run(library, names, load), expected, strict=True):
                np.testing.assert_allclose(one, other, 1e-5)


def test_a_graph_without_such_variables_is_written_as_it_is():
    with tf.Graph().as_default() as graph:
        w = tf.Variable(tf.zeros([2]), name="w")
        tf.train.AdamOptimizer().minimize(tf.reduce_sum(w * w))
        assert [node.name for node in graph.as_graph_def().node] == [
            op.name for op in graph.get_operations()]


def test_the_copies_have_names_of_their_own():
    with tf.Graph().as_default() as graph:
        w = tf.Variable([1.0], name="w")
        tf.constant(0, name="w/read/cond"), tf.constant(0, name="mul/Initialized")
        tf.Variable(w * 2.0), tf.Variable(w * 2.0 + 1.0)
        names = [node.name.lower() for node in graph.as_graph_def().node]
        assert len(set(names)) == len(names)
        assert "w/read/cond_1/merge" in names and "mul/initialized_1" in names
