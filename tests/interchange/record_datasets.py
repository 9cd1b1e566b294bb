"""Pipelines of tf.data that are built in each library; recorded of TensorFlow 1.15:

With TensorFlow 1.15.5 (see tests/recorded/record.py): v37/bin/python tests/interchange/THIS_FILE
"""

import os

import numpy as np

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "recorded", "datasets.npz")


def functions(tf):
    """Data sets by functions that use tensors and other data sets, each as one of a zip."""
    data, scale = tf.data.Dataset, tf.constant(3, tf.int64)
    experimental = tf.data.experimental

    def rows(x):
        return data.from_tensors(x * scale).repeat(3)
    numbers = data.range(9).filter(lambda x: x > 2).repeat()
    return data.zip((
        numbers.map(lambda x: tf.cond(x > 5, lambda: x * scale, lambda: -x)),
        numbers.map(lambda x: tf.as_string(x + scale), num_parallel_calls=2),
        numbers.flat_map(lambda x: data.range(x).map(lambda y: x * 10 + y)),
        numbers.interleave(rows, cycle_length=2, block_length=2),
        numbers.interleave(rows, cycle_length=2, num_parallel_calls=2),
        numbers.apply(experimental.parallel_interleave(rows, cycle_length=2)),
        numbers.apply(experimental.map_and_batch(lambda x: x * scale, 4)),
        numbers.take(20).apply(experimental.group_by_window(
            lambda x: x % 2, lambda key, window: window.batch(2).map(lambda b: b + key), 2)),
        numbers.window(3, drop_remainder=True).flat_map(lambda window: window.batch(3)),
        numbers.map(lambda x: tf.SparseTensor([[0], [2]], tf.stack([x, -x]), [3]))
        .batch(2).map(tf.sparse_tensor_to_dense),
    )).take(8)


def state(tf):
    """A data set by a function that reads a variable."""
    factor = tf.Variable(2.0, name="factor")
    return tf.data.Dataset.range(4).map(lambda x: tf.cast(x, tf.float32) * factor)


def reduced(tf):
    """What is left of all elements."""
    total = tf.data.Dataset.range(5).reduce(tf.constant(10, tf.int64), lambda a, b: a + b)
    return tf.data.Dataset.from_tensors(total)


def build(tf, pipeline, one_shot):
    """The graph of a pipeline."""
    with tf.Graph().as_default() as graph:
        dataset = pipeline(tf)
        if one_shot:
            iterator, start = dataset.make_one_shot_iterator(), tf.no_op()
        else:
            iterator = dataset.make_initializable_iterator()
            start = iterator.initializer
        tf.identity_n(tf.nest.flatten(iterator.get_next()), name="elements")
        tf.group(start, name="begin")
        tf.global_variables_initializer()
    return graph


def elements(tf, graph):
    """List of the elements, as nested lists, that a graph of `build` gives."""
    found, names = [], [t.name for t in graph.get_operation_by_name("elements").outputs]
    with tf.Session(graph=graph) as session:
        session.run("init")
        session.run("begin")
        while True:
            try:
                found.append([np.asarray(v).tolist() for v in session.run(names)])
            except tf.errors.OutOfRangeError:
                return found


BOTH = [(functions, False), (functions, True), (state, False), (reduced, False)]


def record():
    import tensorflow as tf
    found = {}
    for pipeline, one_shot in BOTH:
        graph = build(tf, pipeline, one_shot)
        name = pipeline.__name__ + "_one_shot" * one_shot
        found[name] = np.frombuffer(graph.as_graph_def().SerializeToString(), np.uint8)
        found[name + "/elements"] = np.array(repr(elements(tf, graph)))
    np.savez_compressed(FILE, **found)


if __name__ == "__main__":
    record()
