"""Waiting: group, tuple, with_dependencies."""

import pytest

import pellucid as tf
from pellucid.ops.control.waiting import with_dependencies


def test_group_runs_all(session):
    v, w = tf.Variable(1.0), tf.Variable([2.0])
    both = tf.group(v.assign_add(1.0), [w.assign([5.0]).op], name="both")
    assert both.type == "NoOp" and both.name == "both" and len(both.control_inputs) == 2
    session.run(tf.global_variables_initializer())
    assert session.run(both) is None
    assert session.run([v, w]) == [2.0, [5.0]]


def test_group_of_nothing_and_of_the_wrong():
    assert tf.group().name == "group_deps" and tf.no_op("n").name == "n"
    assert tf.group({"a": tf.constant(1)}, (tf.no_op(),)).control_inputs
    for wrong in (3, None, "name"):
        with pytest.raises(TypeError, match="should be zero or more"):
            tf.group(wrong)


def test_group_in_the_graph_of_its_inputs():
    other = tf.Graph()
    with other.as_default():
        x = tf.constant(1.0)
    assert tf.group(x).graph is other


def test_tuple_waits_for_all(session):
    v = tf.Variable(1.0)
    x = tf.constant(3.0)
    first, none, op = tf.tuple([x, None, tf.no_op()], control_inputs=[v.assign(7.0)])
    assert none is None and op.type == "NoOp"
    assert session.run(first) == 3.0
    assert session.run(v) == 7.0


def test_tuple_of_slices(session):
    table = tf.Variable(tf.ones([4, 2]))
    grad, = tf.gradients(tf.gather(table, [1, 3]), table)
    waited, = tf.tuple([grad])
    assert isinstance(waited, tf.IndexedSlices)
    assert session.run(waited).indices.tolist() == [1, 3]


def test_tuple_of_nothing():
    with pytest.raises(ValueError, match="at least one Tensor"):
        tf.tuple([])


def test_with_dependencies(session):
    v = tf.Variable(1.0)
    y = with_dependencies([v.assign(2.0)], tf.constant(5.0))
    assert y.name == "control_dependency:0" and session.run(y) == 5.0
    assert session.run(v) == 2.0
