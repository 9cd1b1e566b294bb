"""RunMetadata: each node of a run with its time and what it made."""

import time

import numpy as np
import pytest

import pellucid as tf
from pellucid.engine import numpy_engine

FULL = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)


def stats(metadata):
    (device,) = metadata.step_stats.dev_stats
    assert device.device.endswith("CPU:0")
    return {node.node_name: node for node in device.node_stats}


@pytest.mark.parametrize("name", ["walk", "numpy", "numpy, large"])
def test_nodes_have_times_and_outputs(name, monkeypatch):
    if name.endswith("large"):
        monkeypatch.setattr(numpy_engine, "LARGE", 1)
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    w = tf.Variable(tf.ones([3, 2]), name="w")
    slow = tf.py_func(lambda a: time.sleep(0.02) or a, [tf.matmul(x, w)], tf.float32, name="slow")
    y = tf.reduce_sum(slow, 0)
    metadata, before = tf.RunMetadata(), time.time() * 1e6
    with tf.Session(engine=name.split(",")[0]) as session:
        session.run(w.initializer)
        for _ in range(3):
            value = session.run(y, {x: np.ones((4, 3))}, FULL, metadata)
    assert value.tolist() == [12, 12]
    found = stats(metadata)
    assert {"MatMul", "slow", "Sum"} <= found.keys()
    node = found["MatMul"]
    assert before - 1e6 < node.all_start_micros < time.time() * 1e6 + 1e6
    assert 20_000 <= found["slow"].all_end_rel_micros < 10_000_000
    assert found["MatMul"].all_end_rel_micros >= 1
    assert node.timeline_label.startswith("MatMul = MatMul(")
    (output,) = node.output
    assert [d.size for d in output.tensor_description.shape.dim] == [4, 2]
    assert output.tensor_description.allocation_description.requested_bytes == 32


def test_without_a_trace_it_is_emptied():
    metadata = tf.RunMetadata()
    with tf.Session() as session:
        x = tf.constant(1.0) + tf.py_func(lambda: np.float32(2), [], tf.float32)
        session.run(x, options=FULL, run_metadata=metadata)
        assert metadata.step_stats.dev_stats
        assert session.run(x, run_metadata=metadata) == 3
        assert not metadata.step_stats.dev_stats
        assert session.run(x, options=FULL) == 3
        call = session.make_callable(x, accept_options=True)
        assert call(options=FULL, run_metadata=metadata) == 3
        assert metadata.step_stats.dev_stats
        with pytest.raises(TypeError, match="expected a tf.RunMetadata, but got"):
            session.run(x, run_metadata={})


@pytest.mark.parametrize("name", ["walk", "numpy"])
def test_errors_are_explained(name):
    x = tf.placeholder(tf.float32, name="x")
    y = tf.matmul(x, tf.ones([3, 2]), name="product")
    with tf.Session(engine=name) as session, pytest.raises(
            tf.errors.InvalidArgumentError, match="product"):
        session.run(y, {x: np.ones((4, 4))}, FULL, tf.RunMetadata())
