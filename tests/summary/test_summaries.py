"""Summary operations: names, tags and collections as in TensorFlow, and what they refuse."""

import numpy as np
import pytest

import pellucid as tf
from pellucid.summary.histograms import bucket_limits


def tags(summary):
    return [value.tag for value in tf.Summary.FromString(summary).value]


def test_tags_follow_name_scopes_and_families():
    with tf.Graph().as_default(), tf.Session() as session, tf.name_scope("a"):
        one = tf.summary.scalar("loss", 1.0)
        two = tf.summary.scalar("loss", 2.0)
        three = tf.summary.scalar("loss", 3.0, family="fam")
        assert [t.op.name for t in (one, two, three)] == ["a/loss", "a/loss_1", "a/fam/loss"]
        assert tags(session.run(tf.summary.merge_all())) == [
            "a/loss", "a/loss_1", "fam/a/fam/loss"]
        assert one.graph.get_collection(tf.GraphKeys.SUMMARIES) == [one, two, three]


def test_names_are_cleaned():
    with tf.Graph().as_default(), pytest.warns(UserWarning, match="using loss_of_1_ instead"):
        assert tf.summary.scalar("loss of 1%", 1.0).op.name == "loss_of_1_"


def test_collections():
    with tf.Graph().as_default() as graph:
        assert tf.summary.merge_all() is None
        summary = tf.summary.histogram("h", [1.0], collections=["mine"])
        assert graph.get_collection("mine") == [summary]
        assert tf.summary.merge_all() is None
        assert tf.summary.merge_all("mine").op.name == "Merge/MergeSummary"


def test_merge_all_of_a_scope():
    with tf.Graph().as_default():
        tf.summary.scalar("train/loss", 1.0)
        kept = tf.summary.scalar("test/loss", 1.0)
        assert tf.summary.merge_all(scope="test/").op.inputs == (kept,)


@pytest.mark.parametrize("value, message", [
    (np.nan, "Nan in summary histogram for: h"), (np.inf, "Infinity in summary histogram for: h"),
    (-np.inf, "Infinity in summary histogram for: h")])
def test_histograms_of_what_is_not_finite(value, message):
    with tf.Graph().as_default(), tf.Session() as session, pytest.raises(
            tf.errors.InvalidArgumentError, match=message):
        session.run(tf.summary.histogram("h", tf.constant([1.0, value])))


def test_histogram_of_the_largest_number():
    with tf.Graph().as_default(), tf.Session() as session:
        summary = session.run(tf.summary.histogram("h", tf.constant(
            [np.finfo(np.float64).max], tf.float64)))
    assert tf.Summary.FromString(summary).value[0].histo.bucket[-1] == 1
    assert len(bucket_limits()) == 1551


def test_scalars_must_be_scalars():
    with tf.Graph().as_default(), tf.Session() as session, pytest.raises(
            tf.errors.InvalidArgumentError, match=r"not the same shape: \[\] != \[2\] \(tag 'x'"):
        session.run(tf.summary.scalar("x", tf.constant([1.0, 2.0])))


def test_merging_what_cannot_be_merged():
    with tf.Graph().as_default(), tf.Session() as session:
        one = tf.summary.scalar("x", 1.0)
        with pytest.raises(tf.errors.InvalidArgumentError, match="Duplicate tag x"):
            session.run(tf.summary.merge([one, one]))
        with pytest.raises(tf.errors.InvalidArgumentError, match="Could not parse"):
            session.run(tf.summary.merge([one, tf.constant("\xff\xff")]))


def test_types():
    with tf.Graph().as_default():
        with pytest.raises(TypeError, match="values has DataType string"):
            tf.summary.scalar("x", "text")
        with pytest.raises(ValueError, match="dtype string"):
            tf.summary.text("x", tf.constant(1))
        with pytest.raises(ValueError, match="max_images must be at least 1"):
            tf.summary.image("x", np.zeros((1, 1, 1, 1)), max_outputs=0)


def test_description_of_a_node():
    node = tf.NodeDef(op="TensorSummary")
    node.attr["description"].s = b'{"type_hint": "hint"}'
    assert tf.summary.get_summary_description(node).type_hint == "hint"
    with pytest.raises(ValueError, match="on NoOp"):
        tf.summary.get_summary_description(tf.NodeDef(op="NoOp"))


def test_rows_are_checked_on_the_default_engine_too():
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [])
        summary = tf.summary.merge([tf.summary.scalar("x", x), tf.summary.scalar("y", 2 * x)])
        for value in 1.0, 2.0, 3.0:                     # as a list, then compiled
            read = tf.Summary.FromString(session.run(summary, {x: value}))
            assert [v.simple_value for v in read.value] == [value, 2 * value]
