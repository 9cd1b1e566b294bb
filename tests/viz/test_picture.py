"""What is drawn of a graph: which parts, which arrows, what is written on them."""

import numpy as np
import pytest

import pellucid as tf
from pellucid.viz.simplify import simplify


def parts(picture):
    """{name: Part} of what is drawn as one node."""
    return {part.name: part for part in picture.parts() if not part.is_open}


def arrows(picture):
    """List of (source name, target name), sorted."""
    return sorted((edge.source.name, edge.target.name) for edge in picture.edges)


def affine():
    A = tf.Variable([[1, 0], [0, -1]], name="A")
    b = tf.Variable([1, 1], name="b")
    x = tf.placeholder(name="x")
    return tf.add(tf.matmul(A, x), b, name="z")


def perceptron():
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    c = tf.placeholder(tf.float32, [None, 2], name="c")
    with tf.name_scope("layer"):
        W = tf.Variable(tf.random_normal([2, 2]), name="W")
        b = tf.Variable(tf.zeros([2]), name="b")
        p = tf.nn.softmax(tf.matmul(x, W) + b)
    with tf.name_scope("loss"):
        loss = tf.reduce_mean(-tf.reduce_sum(c * tf.log(p), axis=1))
    return loss, tf.train.AdamOptimizer(0.1).minimize(loss)


def test_a_variable_is_one_node():
    picture = simplify(affine().graph)
    assert set(parts(picture)) == {"A", "b", "x", "MatMul", "z"}
    assert arrows(picture) == [("A", "MatMul"), ("MatMul", "z"), ("b", "z"), ("x", "MatMul")]
    kinds = {name: part.kind for name, part in parts(picture).items()}
    assert (kinds["A"], kinds["x"], kinds["z"]) == ("variable", "placeholder", "op")


def test_all_nodes_of_a_variable_on_demand():
    picture = simplify(affine().graph, fold_variables=False)
    assert {"A", "A/initial_value", "A/Assign", "A/read"} <= set(parts(picture))


def test_what_only_initializes_is_inside_the_variable():
    v = tf.Variable(tf.random_normal([3]) * 2.0, name="v")
    shared = tf.constant([1.0, 2.0, 3.0], name="shared")
    w = tf.Variable(shared, name="w")
    tf.add(v * w, shared, name="sum")
    tf.global_variables_initializer()
    picture = simplify(tf.get_default_graph())
    assert set(parts(picture)) == {"v", "w", "mul_1", "sum", "shared"}
    assert ("shared", "w") in arrows(picture)


def test_only_what_a_tensor_needs_is_drawn():
    z = affine()
    tf.exp(z.op.inputs[0], name="unrelated")
    picture = simplify(z)
    assert "unrelated" not in parts(picture)
    assert [name for name, part in parts(picture).items() if part.is_target] == ["z"]
    assert set(parts(simplify([z.op.inputs[0].op, z]))) == set(parts(picture))


def test_each_input_has_its_arrow():
    x = tf.placeholder(tf.float32, [3], name="x")
    tf.multiply(x, x, name="square")
    picture = simplify(tf.get_default_graph())
    assert arrows(picture) == [("x", "square")] * 2
    assert [edge.position for edge in picture.edges] == [0, 1]
    assert [edge.label for edge in picture.edges] == ["(3,)"] * 2


def test_control_edges_carry_nothing():
    a = tf.constant(1.0, name="a")
    with tf.control_dependencies([a]):
        tf.no_op(name="after")
    edge, = simplify(tf.get_default_graph()).edges
    assert (edge.tensors, edge.label) == ((), "")


def test_labels():
    x = tf.placeholder(tf.float32, [None, 4], name="x")
    unknown = tf.placeholder(tf.float32, name="unknown")
    tf.reduce_sum(x, name="total") + 2.0
    tf.exp(unknown)
    labels = {edge.source.name: edge.label for edge in simplify(x.graph).edges}
    assert labels["x"] == "(?, 4)" and labels["total"] == "scalar" and labels["unknown"] == ""
    assert labels["add/y"] == ""                       # a constant: one sees its value
    assert parts(simplify(x.graph))["add/y"].label == "2.0"


def test_scopes_are_boxes_unless_they_say_nothing():
    x = tf.placeholder(tf.float32, [2], name="x")
    with tf.name_scope("one"):
        y = tf.exp(x)
    with tf.name_scope("two"):
        y = tf.sin(tf.cos(y) * 2.0)
    picture = simplify(y.graph)
    assert [part.name for part in picture.parts() if part.is_open] == ["two"]
    assert parts(picture)["one/Exp"].note == "one"
    assert parts(picture)["two/mul"].parent.name == "two"


def test_gradients_and_updates_are_folded():
    loss, _ = perceptron()
    drawn = parts(simplify(loss.graph))
    gradients = drawn["gradients"]
    assert gradients.is_folded and gradients.reads > 3 and "reads" in gradients.note
    assert drawn["Adam/update_layer/W/ApplyAdam"].note == "updates layer/W"
    assert "layer/W/Adam" not in drawn                  # an optimizer's slot is part of W
    opened = parts(simplify(loss.graph, unfold=["gradients"]))
    assert any(name.startswith("gradients/") for name in opened)
    closed = parts(simplify(loss.graph, fold=["layer", "Adam"]))
    assert closed["layer"].is_folded and "updates 2 variables" in closed["Adam"].note


def test_an_optimizer_of_many_variables_is_folded():
    variables = [tf.Variable(1.0, name=f"w{i}") for i in range(12)]
    tf.train.GradientDescentOptimizer(0.1).minimize(tf.add_n(variables))
    assert parts(simplify(variables[0].graph))["GradientDescent"].is_folded


def test_an_update_is_a_note_instead_of_an_arrow():
    w = tf.Variable(1.0, name="w")
    tf.train.GradientDescentOptimizer(0.1).minimize(w * w)
    drawn = parts(simplify(w.graph))
    update, = [part for part in drawn.values() if part.label == "ApplyGradientDescent"]
    assert update.note == "updates w"


@pytest.mark.parametrize("limit", [10, 40, 200])
def test_at_most_so_many_nodes(limit):
    x = tf.placeholder(tf.float32, [2], name="x")
    for i in range(30):
        with tf.name_scope(f"block{i}"):
            for _ in range(30):
                x = tf.exp(x)
    for _ in range(700):
        x = tf.sin(x)
    picture = simplify(x.graph, max_nodes=limit)
    assert 5 < len(parts(picture)) <= limit
    assert sum(part.size for part in parts(picture).values()) == 1601


def test_nothing_is_lost_by_folding():
    loss, _ = perceptron()
    for limit in (8, 20, 200):
        picture = simplify(loss.graph, max_nodes=limit)
        drawn = set(parts(picture).values())
        assert all(edge.source in drawn and edge.target in drawn for edge in picture.edges)
        assert all(edge.source is not edge.target for edge in picture.edges)


def test_a_scope_may_be_named_like_an_operation_in_it():
    x = tf.placeholder(tf.float32, [2], name="x")
    with tf.name_scope("loss") as scope:
        tf.exp(tf.sin(x), name=scope)
    drawn = parts(simplify(x.graph))
    assert drawn["loss"].parent.name == "loss" and drawn["loss"].label == "Exp"


def test_long_constants_are_not_spelled_out():
    tf.constant(np.zeros(100), name="zeros")
    tf.constant([1, 2], name="pair")
    drawn = parts(simplify(tf.get_default_graph()))
    assert (drawn["zeros"].label, drawn["pair"].label) == ("Const", "[1 2]")


def test_what_cannot_be_drawn():
    with pytest.raises(ValueError, match="nothing to draw"):
        simplify([])
    with pytest.raises(TypeError, match="expected a Graph, Tensor"):
        simplify(3)
    a = tf.constant(1.0)
    with tf.Graph().as_default():
        b = tf.constant(1.0)
    with pytest.raises(ValueError, match="different graphs"):
        simplify([a, b])


def test_an_empty_graph_is_an_empty_picture():
    assert simplify(tf.Graph()).parts() == []
