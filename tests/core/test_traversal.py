"""The order of a run, and the walk that keeps to it."""

import pytest

import pellucid as tf
from pellucid.core import dtypes
from pellucid.core.graph import get_default_graph
from pellucid.core.operation import Operation
from pellucid.core.session import Session
from pellucid.core.shapes import Spec
from pellucid.core.sources import constant, placeholder
from pellucid.core.traversal import schedule
from pellucid.core.walk import Walk, own


def names(fetches, fed=()):
    return [op.name for op in schedule(fetches, fed)]


def test_each_node_comes_once_after_what_it_needs():
    x = constant(1.0, name="x")
    y = tf.add(x, x, name="y")
    z = tf.add(y, x, name="z")
    assert names([z]) == ["x", "y", "z"]
    assert names([z, y, x]) == ["x", "y", "z"]


def test_among_free_choices_the_older_comes_first():
    a, b = constant(1.0, name="a"), constant(2.0, name="b")
    assert names([tf.add(b, a, name="c")]) == ["a", "b", "c"]


def test_nothing_behind_a_fed_tensor_is_computed():
    x = placeholder("float32", name="x")
    y = tf.add(x, x, name="y")
    z = tf.add(y, y, name="z")
    assert names([z], [y]) == ["z"]
    assert names([y, z], [y]) == ["z"]
    assert names([y], [y]) == []


def test_control_inputs_come_first():
    a = constant(1.0, name="a")
    with get_default_graph().control_dependencies([a]):
        b = constant(2.0, name="b")
    assert names([b]) == ["a", "b"]


def test_a_control_input_may_be_younger():
    a, b = constant(1.0, name="a"), constant(2.0, name="b")
    c = tf.add(a, a, name="c")
    c.op._add_control_input(tf.add(b, b, name="d").op)
    assert names([c]) == ["a", "b", "d", "c"]


def test_a_circle_of_control_inputs_is_refused():
    a = constant(1.0, name="a")
    b = tf.add(a, a, name="b")
    a.op._add_control_input(b.op)
    with pytest.raises(ValueError, match="waits for itself: the control inputs of some"):
        names([b])


def test_a_rewired_graph_is_compiled_anew(session):
    v = tf.Variable(1.0)
    session.run(v.initializer)
    read = v.read_value()
    assert session.run(read) == 1
    read.op._add_control_input(v.assign(5.0).op)
    assert session.run(read) == 5


def test_the_walk_can_be_watched():
    x = placeholder("float32", [2])
    y = x * 2.0
    seen = []

    def watch(op, inputs, outputs):
        seen.append((op.type, outputs[0].tolist()))

    walk = Walk(Session(engine="walk"), [y], [x], watch=watch)
    walk([[1, 2]])
    assert [kind for kind, _ in seen] == ["Placeholder", "Const", "Mul"] or \
        [kind for kind, _ in seen] == ["Const", "Mul"]
    assert seen[-1] == ("Mul", [2, 4])


@pytest.mark.parametrize("spec, text", [
    (Spec(dtypes.float64, ()), "has values of dtype float32"),
    (Spec(dtypes.float32, (2,)), r"has a value of shape \(\)"),
])
def test_the_walk_can_hold_operations_to_their_promises(spec, text):
    class Lies(Operation):
        op_type = "Lies for a test"

        def infer(self, x):
            return spec

        def compute(self, x):
            return x

    from pellucid.core.operation import op_types
    del op_types[Lies.op_type]
    walk = Walk(Session(engine="walk"), [Lies([constant(1.0)], name="lies").output], [],
                check=True)
    with pytest.raises(AssertionError, match=text):
        walk([])


def test_own_gives_scalars_and_copies():
    import numpy as np
    array = np.zeros(2)
    assert own(array) is not array
    assert isinstance(own(np.array(1.0)), np.float64)
    assert own(b"a") == b"a"
