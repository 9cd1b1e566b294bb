"""Parsing Examples: messages of errors, TensorFlow 2's form of the operation, damaged input."""

import os

import numpy as np
import pytest

import pellucid as tf
from tests.conftest import needs_tensorflow
from tests.differential.oracle import tensorflow
from tests.ops.cases_parsing import BATCH, ONE, SEQUENCE


def example(**features):
    return tf.train.Example(features=tf.train.Features(feature=features)).SerializeToString()


def floats(*values):
    return tf.train.Feature(float_list=tf.train.FloatList(value=values))


FIXED = {"a": tf.FixedLenFeature([2], tf.float32)}
STEPS = {"a": tf.FixedLenSequenceFeature([2], tf.float32, allow_missing=True)}
INTS = {"a": tf.VarLenFeature(tf.int64)}


@pytest.mark.parametrize("features, data, message", [
    (FIXED, example(), r"Feature: a \(data type: float\) is required but could not be found"),
    (FIXED, example(a=floats(1)), r"Number of float values != expected.  Values size: 1 but "
                                  r"output shape: \[2\]"),
    (INTS, example(a=floats(1)), "Data type: float but expected type: int64"),
    (STEPS, example(a=floats(1, 2, 3)), r"Saw 3 values but output shape is: \[\?,2\]"),
    (FIXED, b"\xff\xff", "Could not parse example input"),
])
def test_errors_say_which_feature(features, data, message):
    with tf.Session() as session:
        for parsed in (tf.parse_example([data], features, example_names=["mine"]),
                       tf.parse_single_example(data, features, example_names="mine")):
            with pytest.raises(tf.errors.InvalidArgumentError, match="Name: mine, .*" + message):
                session.run(parsed["a"])
        with pytest.raises(tf.errors.InvalidArgumentError, match=message):
            session.run(tf.parse_single_example(data, features)["a"])


def test_a_list_that_is_required():
    x = {"y": tf.FixedLenSequenceFeature([2], tf.float32)}
    with tf.Session() as session, pytest.raises(
            tf.errors.InvalidArgumentError, match="Feature list 'y' is required"):
        session.run(tf.parse_single_sequence_example(SEQUENCE[()], None, x)[1]["y"])


@needs_tensorflow
@pytest.mark.parametrize("data", [BATCH, ONE])
def test_graphs_of_tensorflow_2(data):
    theirs = tensorflow()
    with theirs.Graph().as_default() as graph, theirs.Session() as session:
        x = theirs.placeholder(theirs.string, data.shape, name="x")
        features = {"x": theirs.io.FixedLenFeature([2], theirs.float32, [0.5, 0.25]),
                    "t": theirs.io.VarLenFeature(theirs.string)}
        found = theirs.io.parse_example(x, features)
        names = [found["x"].name, *[t.name for t in (
            found["t"].indices, found["t"].values, found["t"].dense_shape)]]
        wanted = session.run(names, {x: data})
    assert "ParseExampleV2" in {node.op for node in graph.as_graph_def().node}
    tf.import_graph_def(tf.GraphDef.FromString(graph.as_graph_def().SerializeToString()), name="")
    with tf.Session() as session:
        for a, b in zip(session.run(names, {"x:0": data}), wanted, strict=True):
            assert np.array_equal(a, b)


def test_damaged_examples_are_errors_or_examples():
    """Bits flipped anywhere: never anything but InvalidArgumentError."""
    random = np.random.RandomState(0)
    features = {"x": tf.FixedLenFeature([2], tf.float32, [0.5, 0.25]),
                "t": tf.VarLenFeature(tf.string)}
    x = tf.placeholder(tf.string, [])
    one = tf.parse_single_example(x, features)
    lists = tf.parse_single_sequence_example(
        x, {"t": tf.VarLenFeature(tf.string)}, {"x": tf.VarLenFeature(tf.float32)})
    refused = 0
    with tf.Session() as session:
        for fetch, whole in (one, ONE[()]), (lists, SEQUENCE[()]):
            for _ in range(200):
                data = bytearray(whole)
                for _ in range(random.randint(1, 4)):
                    data[random.randint(len(data))] ^= 1 << random.randint(8)
                data = bytes(data[:random.randint(1, len(data) + 1)])
                try:
                    session.run(fetch, {x: data})
                except tf.errors.InvalidArgumentError:
                    refused += 1
            with pytest.raises(tf.errors.InvalidArgumentError):
                session.run(fetch, {x: os.urandom(100) + b"\xff" * 20})
    assert refused > 50


def test_a_record_file_of_examples(tmp_path):
    path = str(tmp_path / "examples.tfrecord")
    with tf.python_io.TFRecordWriter(path) as writer:
        for i in range(5):
            writer.write(example(a=floats(i, 2 * i)))
    x = tf.placeholder(tf.string, [])
    parsed = tf.parse_single_example(x, FIXED)["a"]
    with tf.Session() as session:
        found = [session.run(parsed, {x: r}) for r in tf.python_io.tf_record_iterator(path)]
    assert np.array_equal(found, [[i, 2 * i] for i in range(5)])


def test_keyword_forms():
    with pytest.raises(ValueError, match="both"):
        tf.decode_raw()
    with tf.Session() as session:
        assert session.run(tf.decode_raw(bytes=b"ab", out_type=tf.uint8)).tolist() == [97, 98]
    with pytest.raises(ValueError, match="Missing features"):
        tf.parse_single_sequence_example("x")
