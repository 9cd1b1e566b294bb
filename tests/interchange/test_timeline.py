"""A run's timeline as Chrome reads it."""

import json

import numpy as np

import pellucid as tf
from pellucid.interchange.timeline import Timeline
from pellucid.names.lookup import find


def trace(step_stats, **options):
    events = json.loads(Timeline(step_stats).generate_chrome_trace_format(**options))
    return events["traceEvents"]


def of_phase(events, phase):
    return [event for event in events if event["ph"] == phase]


def test_a_run_in_one_lane():
    x = tf.placeholder(tf.float32, [3, 3])
    y = tf.reduce_sum(tf.matmul(x, tf.Variable(tf.ones([3, 3]))), name="total")
    metadata = tf.RunMetadata()
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(y, {x: np.ones((3, 3))}, tf.RunOptions(trace_level=3), metadata)
    events = trace(metadata.step_stats, show_memory=True)
    assert [event["args"]["name"] for event in of_phase(events, "M")] == [
        "Allocators", "/job:localhost/replica:0/task:0/device:CPU:0 Compute"]
    nodes = {event["args"]["name"]: event for event in of_phase(events, "X")}
    product, total = nodes["MatMul"], nodes["total"]
    assert product["name"] == product["args"]["op"] == "MatMul"
    assert product["args"]["input0"] == "Placeholder" and total["args"]["input0"] == "MatMul"
    assert product["ts"] + product["dur"] <= total["ts"] + total["dur"]
    held = [event["args"]["cpu"] for event in of_phase(events, "C")]
    assert max(held) >= 36 and held[-1] == 0
    assert not of_phase(trace(metadata.step_stats, show_dataflow=False), "C")


def test_nodes_that_overlap_are_in_lanes_and_arrows_cross_them():
    stats = tf.RunMetadata().step_stats
    device = stats.dev_stats.add(device="/cpu:0")
    for name, start, took, label in [
            ("a", 10, 5, "a = Const()"), ("b", 12, 6, "b = Neg(a)"),
            ("c", 16, 4, "c = Add(a, b:1)"), ("d", 30, 0, "not a label")]:
        device.node_stats.add(node_name=name, all_start_micros=start, all_end_rel_micros=took,
                              timeline_label=label)
    events = trace(stats)
    lanes = {event["args"]["name"]: (event["tid"], event["dur"], event["name"])
             for event in of_phase(events, "X")}
    assert lanes == {"a": (0, 5, "Const"), "b": (1, 6, "Neg"), "c": (0, 4, "Add"),
                     "d": (1, 1, "unknown")}
    arrows = [(event["ph"], event["name"], event["tid"], event["ts"], event["id"])
              for event in events if event["ph"] in "st"]
    assert arrows == [("s", "a", 0, 15, 0), ("t", "a", 1, 12, 0),
                      ("s", "b", 1, 18, 1), ("t", "b", 0, 16, 1)]
    assert len(trace(stats, show_dataflow=False)) == len(events) - 4


def test_programs_find_it():
    assert find("tensorflow.python.client.timeline").Timeline is Timeline
