"""session.profile: the time of each node, added up by operation and by name scope."""

import json

import numpy as np
import pytest

import pellucid as tf
from pellucid.viz.profile import ROWS


@pytest.fixture
def net():
    x = tf.placeholder(tf.float32, [None, 4], name="x")
    with tf.name_scope("large"):
        y = tf.matmul(x, tf.Variable(np.ones((4, 4), np.float32)), name="product")
    with tf.name_scope("small"):
        y = tf.tanh(y, name="squash")
    return x, y


def test_nodes_scopes_and_shares(net):
    x, y = net
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        profile = session.profile(y, {x: np.ones((3, 4))}, runs=4)
    assert profile.runs == 4
    assert {(row.name, row.type, row.count, row.shapes) for row in profile.nodes} == {
        ("large/product", "MatMul", 1, "(3, 4)"), ("small/squash", "Tanh", 1, "(3, 4)")}
    assert {row.name for row in profile.scopes()} == {"large", "small"}
    assert sum(row.share for row in profile.nodes) == pytest.approx(1)
    assert sum(row.seconds for row in profile.scopes()) == pytest.approx(profile.seconds)
    assert profile.nodes[0].seconds >= profile.nodes[1].seconds > 0
    text = str(profile)
    assert "mean of 4 runs" in text and "large/product" in text and "name scope" in text


def test_the_trace_is_chromes(net, tmp_path):
    x, y = net
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.profile(y, {x: np.ones((1, 4))}, runs=1).save_trace(tmp_path / "trace.json")
    events = json.loads((tmp_path / "trace.json").read_text())["traceEvents"]
    assert [e["name"] for e in events if e["ph"] == "X"] == ["MatMul", "Tanh"]


def test_many_nodes_are_cut():
    y = tf.Variable(2.0)
    for _ in range(ROWS + 2):
        y = tf.sin(y)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        assert "... and 2 more" in str(session.profile(y, runs=1))


def test_an_optimizers_update_runs_each_time():
    v = tf.Variable(0.0)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.profile(tf.assign_add(v, 1.0), runs=3)
        assert session.run(v) == 5


def test_no_runs_are_refused(net):
    with pytest.raises(ValueError, match="at least 1, but is 0"):
        tf.Session().profile(tf.constant(1.0), runs=0)
