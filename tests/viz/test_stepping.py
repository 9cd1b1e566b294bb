"""What the graph view gets: every node and edge of a graph, every step of a run."""

import json

import numpy as np
import pytest

import pellucid as tf
from pellucid.viz import stepping
from pellucid.viz.samples import with_sample


def data_of(target, **kwargs):
    """as_data, as it arrives in the page: through strict JSON."""
    return json.loads(json.dumps(stepping.as_data(target, **kwargs), allow_nan=False))


def names(data):
    return [node["name"] for node in data["nodes"]]


def small_net():
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    with tf.name_scope("layer"):
        w = tf.Variable(np.array([[0.5, -1.5], [2.0, 0.25]], np.float32), name="w")
        h = tf.tanh(tf.matmul(x, w), name="h")
    return x, w, tf.reduce_sum(h * h, name="loss")


def test_forward_covers_every_node_once_in_post_order():
    x, _, loss = small_net()
    data = data_of(tf.viz.trace(loss, {x: np.ones((3, 2))}))
    forward = [step["node"] for step in data["steps"] if step["phase"] == "forward"]
    assert forward == list(range(len(data["nodes"])))
    for i, node in enumerate(data["nodes"]):
        assert all(source < i for source, _ in node["inputs"])


def test_values_are_those_of_the_trace():
    x, _, loss = small_net()
    trace = tf.viz.trace(loss, {x: np.ones((3, 2))})
    data = data_of(trace)
    assert len(data["steps"]) == len(trace)
    for step, shown in zip(trace, data["steps"], strict=True):
        assert data["nodes"][shown["node"]]["name"] == step.name
        value = shown["value"] if step.phase == "forward" else shown["total"]
        np.testing.assert_array_equal(
            np.array(value["data"], value["dtype"]).reshape(value["shape"]), step.value)
    assert [s["fed"] for s in data["steps"] if "fed" in s].count(True) == 1


def test_backward_adds_up_to_the_gradients():
    x, w, loss = small_net()
    feed = {x: [[1.0, 2.0], [-0.5, 0.25]]}
    session = tf.Session(engine="walk")
    data = data_of(tf.viz.trace(loss, feed, session=session))
    (expected,) = session.run(tf.gradients(loss, [w]), feed)
    place = names(data).index(w.op.name)
    last = [s for s in data["steps"] if s["phase"] == "backward" and s["node"] == place][-1]
    assert last["part"] == last["parts"]
    np.testing.assert_array_equal(np.array(last["total"]["data"], np.float32), expected)
    h = names(data).index("layer/h")
    parts = [s for s in data["steps"] if s["phase"] == "backward" and s["node"] == h]
    np.testing.assert_allclose(np.sum([s["sent"]["data"] for s in parts], axis=0),
                               parts[-1]["total"]["data"])


def test_a_square_has_both_edges():
    err = tf.constant(3.0, name="err")
    square = tf.multiply(err, err, name="square")
    data = data_of(tf.viz.trace(square))
    assert data["nodes"][1]["inputs"] == [[0, 0], [0, 0]]
    backward = [s for s in data["steps"] if s["phase"] == "backward"]
    assert [(s["node"], s["from"], s["position"], s["part"]) for s in backward] == [
        (1, None, 0, 1), (0, 1, 0, 1), (0, 1, 1, 2)]
    assert [s["total"]["data"] for s in backward] == [1.0, 3.0, 6.0]


def test_what_json_has_no_numbers_for():
    x = tf.placeholder(tf.float32, [3], name="x")
    data = data_of(tf.viz.trace(x * 2.0, {x: [np.nan, np.inf, -np.inf]}))
    (fed,) = [step for step in data["steps"] if step.get("fed")]
    assert fed["value"]["data"] == ["nan", "inf", "-inf"]


def test_large_values_are_summarized_with_a_picture():
    x = tf.placeholder(tf.float32, name="x")
    image = np.arange(2 * 50 * 50 * 3, dtype=np.float32).reshape(2, 50, 50, 3)
    value = data_of(tf.viz.trace(tf.identity(x), {x: image}))["steps"][0]["value"]
    assert "data" not in value and value["min"] == 0.0 and value["max"] == 14999.0
    assert value["sample_of"] == "[0, ::3, ::3, 0]"
    np.testing.assert_array_equal(value["sample"], image[0, ::3, ::3, 0])
    assert sum(value["histogram"]["counts"]) == image.size


@pytest.mark.parametrize("array, shape", [
    (np.zeros(1000), (1, 24)), (np.full((9, 900), np.nan), (9, 24)),
    (np.ones((2, 3, 4, 5, 6)), (5, 6)), (np.ones((3, 3, 8, 16)), (3, 3)),
    (np.array([np.inf] * 300), (1, 24)), (np.arange(600) % 2 == 0, (1, 24))])
def test_samples_of_any_shape(array, shape):
    found = with_sample(array)
    assert np.shape(found["sample"])[0] == shape[0]
    assert np.shape(found["sample"])[1] <= shape[1]
    assert json.dumps(found, allow_nan=False)


def test_text_is_summarized_without_numbers():
    assert "sample" not in with_sample(np.array([b"a"] * 1000, object))


def test_a_graph_without_a_run():
    x, w, loss = small_net()
    data = data_of(loss)
    assert data["steps"] == [] and data["nodes"][-1]["is_target"]
    node = {name: node for name, node in zip(names(data), data["nodes"], strict=True)}
    assert node["x"]["outputs"] == [{"name": "x:0", "dtype": "float32", "shape": [None, 2]}]
    place = names(data).index("layer/w")
    assert node["layer/w/read"]["variable"] == place and node["layer/w"]["variable"] is None
    assert data_of(x.graph)["nodes"] and data_of([loss, w])["nodes"]


def test_the_users_line_and_the_types():
    first = tf.constant(2.0, name="first")
    data = data_of(tf.sigmoid(first, name="second"))
    lines = [node["line"] for node in data["nodes"]]
    assert lines[1] == lines[0] + 1
    assert data["nodes"][0]["file"] == "test_stepping.py"
    sigmoid = data["types"]["Sigmoid"]
    assert sigmoid["doc"].startswith("1 / (1 + e^-x)")
    assert "class Sigmoid" in sigmoid["code"] and "def " in sigmoid["gradient"]
    assert sigmoid["file"] == "pellucid/ops/math/functions.py"
    assert data["types"]["Const"]["gradient"] == ""


def test_a_learners_own_operation():
    class own_cube(tf.Operation):
        def __init__(self, x):
            super().__init__([x])

        def compute(self, x):
            return x ** 3

    data = data_of(tf.viz.trace(own_cube(tf.constant(2.0))))
    assert data["steps"][-1]["value"]["data"] == 8.0
    assert "x ** 3" in data["types"]["own_cube"]["code"] and data["types"]["own_cube"]["file"] == ""
    assert "own_cube" in data["note"]                          # which has no gradient


def test_control_inputs_and_slices():
    table = tf.Variable(np.ones((4, 2), np.float32), name="table")
    with tf.control_dependencies([tf.no_op(name="first")]):
        rows = tf.gather(table, [1, 1], name="rows")
    data = data_of(tf.viz.trace(tf.reduce_sum(rows), xs=[table]))
    node = data["nodes"][names(data).index("rows/indices")]
    assert [data["nodes"][c]["name"] for c in node["controls"]] == ["first"]
    last = data["steps"][-1]
    assert last["total"]["indices"]["data"] == [1, 1]


def test_the_gradient_of_what_was_not_fetched():
    x, w, loss = small_net()
    data = data_of(tf.viz.trace(x + 0.0, {x: np.ones((1, 2))}, y=loss, xs=[w]))
    assert {"loss", "layer/w", "add"} <= set(names(data))


def test_a_long_run_is_shown_with_fewer_numbers_and_a_huge_one_cut():
    x = tf.constant(np.ones(100, np.float32))
    for _ in range(30_000):
        x = x + x
    data = stepping.as_data(x)
    assert len(data["nodes"]) == stepping.MOST_NODES and "30,001" in data["note"]


def test_gradients_and_updates_are_folded_at_first():
    _, _, loss = small_net()
    assert data_of(loss)["folded"] == []
    train = tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss, name="train")
    assert data_of(train)["folded"] == ["gradients"]            # the update is a few nodes


def test_what_can_be_shown():
    x = tf.constant(1.0)
    for value in (x, x.op, x.graph, tf.Variable(1.0), tf.viz.trace(x), [x, x.op]):
        assert stepping.can_show(value)
    for value in (None, 1.0, np.ones(3), [], [x, 1.0], "x", [[x]]):
        assert not stepping.can_show(value)
