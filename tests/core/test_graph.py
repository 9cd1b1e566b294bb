"""Graphs: the default graph, names and scopes, collections, what new operations inherit."""

import threading

import pytest

import pellucid as tf
from pellucid.core.gradients import RegisterGradient, gradients
from pellucid.core.graph import Graph, GraphKeys, get_default_graph, reset_default_graph
from pellucid.core.operation import Operation
from pellucid.core.session import Session
from pellucid.core.sources import constant, placeholder


def names():
    return [op.name for op in get_default_graph().get_operations()]


# -- the default graph ---------------------------------------------------------------------

def test_as_default_without_with_takes_effect_at_once():
    graph = Graph()
    graph.as_default()
    assert get_default_graph() is graph
    assert constant(1).graph is graph


def test_as_default_with_with_restores_the_graph_before():
    before = get_default_graph()
    with Graph().as_default() as inner:
        assert get_default_graph() is inner
        with Graph().as_default() as innermost:
            assert get_default_graph() is innermost
        assert get_default_graph() is inner
    assert get_default_graph() is before


def test_a_with_block_inside_a_graph_made_default_for_good():
    outer, inner = Graph(), Graph()
    outer.as_default()
    with inner.as_default():
        assert get_default_graph() is inner
    assert get_default_graph() is outer


def test_a_graph_made_default_inside_a_with_block_ends_with_it():
    before = get_default_graph()
    with Graph().as_default():
        Graph().as_default()
    assert get_default_graph() is before


def test_one_graph_may_be_entered_twice():
    graph, other = Graph(), Graph()
    with graph.as_default():
        with other.as_default():
            with graph.as_default():
                assert get_default_graph() is graph
            assert get_default_graph() is other
        assert get_default_graph() is graph


def test_the_graph_before_comes_back_after_an_error():
    before = get_default_graph()
    with pytest.raises(ZeroDivisionError), Graph().as_default():
        raise ZeroDivisionError
    assert get_default_graph() is before


def test_reset_default_graph_empties_it():
    constant(1)
    reset_default_graph()
    assert names() == []


def test_reset_default_graph_ends_a_graph_made_default_for_good():
    graph = Graph()
    graph.as_default()
    reset_default_graph()
    assert get_default_graph() is not graph


def test_reset_default_graph_is_refused_inside_a_with_block():
    with (Graph().as_default(),
          pytest.raises(AssertionError, match="Do not use tf.reset_default_graph")):
        reset_default_graph()


def test_threads_have_their_own_stack_above_one_graph_for_all():
    seen = {}

    def look():
        seen["default"] = get_default_graph()
        with Graph().as_default():
            pass

    everyones = get_default_graph()
    with Graph().as_default() as mine:
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
        assert get_default_graph() is mine
    assert seen["default"] is everyones


def test_operations_join_the_graph_of_their_inputs():
    with Graph().as_default() as graph:
        x = placeholder("float32")
    assert (x + x).graph is graph
    assert (x * 2.0).graph is graph
    assert get_default_graph() is not graph


def test_inputs_from_two_graphs_are_refused():
    with Graph().as_default():
        x = constant(1.0, name="x")
    y = constant(2.0, name="y")
    with pytest.raises(ValueError, match=r'must be from the same graph as Tensor\("'):
        x + y


# -- finding operations --------------------------------------------------------------------

def test_operations_are_listed_in_order_of_creation():
    constant(1, name="b")
    constant(2, name="a")
    assert names() == ["b", "a"]
    assert get_default_graph().version == 2


def test_elements_are_found_by_name():
    graph = get_default_graph()
    x = placeholder("float32", name="x")
    assert graph.get_operation_by_name("x") is x.op
    assert graph.get_tensor_by_name("x:0") is x
    assert graph.as_graph_element("x") is x.op
    assert graph.as_graph_element("x:0") is x
    assert graph.as_graph_element(x) is x
    assert graph.as_graph_element(x.op) is x.op
    v = tf.Variable(1.0)
    assert graph.as_graph_element(v).name == v.name


@pytest.mark.parametrize("find, error, text", [
    (lambda g: g.get_operation_by_name("y"), KeyError,
     "The name 'y' refers to an Operation not in the graph."),
    (lambda g: g.get_tensor_by_name("y:0"), KeyError,
     "The name 'y:0' refers to a Tensor which does not exist. The operation 'y' does not"),
    (lambda g: g.get_tensor_by_name("x:1"), KeyError, "The operation 'x' has 1 outputs."),
    (lambda g: g.get_tensor_by_name("x"), ValueError, "Perhaps you meant 'x:0'."),
    (lambda g: g.get_tensor_by_name("x:y"), ValueError, "<op_name>:<index>"),
    (lambda g: g.get_operation_by_name("x:0"), ValueError,
     "Name 'x:0' appears to refer to a Tensor, not an Operation."),
    (lambda g: g.get_operation_by_name(3), TypeError,
     "Operation names are strings, not 3."),
    (lambda g: g.get_tensor_by_name(None), TypeError,
     "Tensor names are strings, not None."),
    (lambda g: g.as_graph_element(3), TypeError,
     "Can not convert a int into a Tensor or Operation."),
    (lambda g: g.as_graph_element(g.get_tensor_by_name("x:0"), allow_tensor=False),
     TypeError,
     "Can not convert a Tensor into a Operation."),
])
def test_what_is_not_there_is_refused(find, error, text):
    placeholder("float32", name="x")
    with pytest.raises(error) as raised:
        find(get_default_graph())
    assert text in raised.value.args[0]


def test_an_element_of_another_graph_is_refused():
    x = constant(1)
    with pytest.raises(ValueError, match="is not an element of this graph"):
        Graph().as_graph_element(x)


# -- names ---------------------------------------------------------------------------------

def test_names_are_made_unique():
    for _ in range(3):
        constant(1, name="a")
    assert names() == ["a", "a_1", "a_2"]


def test_case_is_ignored_when_names_are_made_unique():
    constant(1, name="a")
    constant(1, name="A")
    assert names() == ["a", "A_1"]


def test_a_name_that_was_given_counts():
    constant(1, name="a_1")
    constant(1, name="a")
    constant(1, name="a")
    assert names() == ["a_1", "a", "a_2"]


def test_unique_name_can_look_without_taking():
    graph = get_default_graph()
    assert graph.unique_name("a", mark_as_used=False) == "a"
    assert graph.unique_name("a") == "a"
    assert graph.unique_name("a", mark_as_used=False) == "a_1"
    assert graph.unique_name("a") == "a_1"


@pytest.mark.parametrize("name", ["", "_a", "a b", "a:0", "-a", "/a", "ä"])
def test_malformed_names_are_refused(name):
    with pytest.raises(ValueError, match="is not a valid node name"):
        constant(1, name=name)


def test_name_scopes_nest():
    graph = get_default_graph()
    with graph.name_scope("a") as a:
        constant(1, name="x")
        with graph.name_scope("b") as b:
            constant(1, name="x")
            assert graph.get_name_scope() == "a/b"
    assert (a, b) == ("a/", "a/b/")
    assert names() == ["a/x", "a/b/x"]
    assert graph.get_name_scope() == ""


def test_a_scope_that_is_entered_again_gets_another_name():
    graph = get_default_graph()
    for _ in range(2):
        with graph.name_scope("a"):
            constant(1, name="x")
    assert names() == ["a/x", "a_1/x"]


def test_a_scope_with_a_slash_is_entered_as_it_is():
    graph = get_default_graph()
    with graph.name_scope("a") as a, graph.name_scope("b"):
        pass
    with graph.name_scope("c"), graph.name_scope(a):
        constant(1, name="x")
        assert graph.get_name_scope() == "a"
    assert names() == ["a/x"]


@pytest.mark.parametrize("root", [None, ""])
def test_none_is_the_root_scope(root):
    graph = get_default_graph()
    with graph.name_scope("a"), graph.name_scope(root) as scope:
        constant(1, name="x")
    assert (scope, names()) == ("", ["x"])


def test_an_operation_named_like_a_scope_does_not_clash():
    graph = get_default_graph()
    constant(1, name="a")
    with graph.name_scope("a") as scope:
        constant(1, name="x")
    assert scope == "a_1/"
    assert names() == ["a", "a_1/x"]


def test_a_scope_ends_after_an_error():
    graph = get_default_graph()
    with pytest.raises(ZeroDivisionError), graph.name_scope("a"):
        raise ZeroDivisionError
    assert graph.get_name_scope() == ""


@pytest.mark.parametrize("name", ["a b", "_a", "a:b"])
def test_malformed_scopes_are_refused(name):
    with (pytest.raises(ValueError, match="is not a valid scope name"),
          get_default_graph().name_scope(name)):
        pass


def test_inside_a_scope_a_name_may_begin_with_an_underscore():
    graph = get_default_graph()
    with graph.name_scope("a"), graph.name_scope("_b"):
        constant(1, name="_x")
    assert names() == ["a/_b/_x"]


# -- what new operations inherit -----------------------------------------------------------

def test_control_dependencies_become_control_inputs():
    graph = get_default_graph()
    a, b = constant(1.0, name="a"), constant(2.0, name="b")
    with graph.control_dependencies([a, b.op]):
        c = constant(3.0, name="c")
        with graph.control_dependencies([c]):
            d = constant(4.0, name="d")
    assert [op.name for op in c.op.control_inputs] == ["a", "b"]
    assert [op.name for op in d.op.control_inputs] == ["c"] or \
        [op.name for op in d.op.control_inputs] == ["a", "b", "c"]


def test_a_data_input_is_no_control_input_besides():
    a = constant(1.0)
    with get_default_graph().control_dependencies([a]):
        assert (a + a).op.control_inputs == ()


def test_waiting_for_an_input_that_waits_is_enough():
    a = constant(1.0)
    with get_default_graph().control_dependencies([a]):
        b = constant(2.0)
        assert (b + b).op.control_inputs == ()


def test_none_clears_control_dependencies():
    graph = get_default_graph()
    a = constant(1.0)
    with graph.control_dependencies([a]):
        with graph.control_dependencies(None):
            assert constant(1.0).op.control_inputs == ()
        assert constant(1.0).op.control_inputs == (a.op,)


def test_control_dependencies_of_another_graph_are_refused():
    a = constant(1.0)
    graph = Graph()
    with (graph.as_default(),
          pytest.raises(ValueError, match="not an element of this graph"),
          graph.control_dependencies([a])):
        pass


def test_devices_are_recorded_and_merged():
    graph = get_default_graph()
    with graph.device("/job:worker/gpu:1"):
        outer = constant(1.0)
        with graph.device("/cpu:0"):
            inner = constant(1.0)
        with graph.device(lambda op: "/task:3"):
            computed = constant(1.0)
    assert outer.device == "/job:worker/device:GPU:1"
    assert inner.device == "/job:worker/device:CPU:0"
    assert computed.device == "/job:worker/task:3/device:GPU:1"
    assert constant(1.0).device == ""


def test_a_malformed_device_is_refused():
    with (pytest.raises(ValueError, match="Unknown device part 'abc' in '/abc'"),
          get_default_graph().device("/abc")):
        pass


def test_gradient_override_map_chooses_another_gradient(session):
    if "Negative" not in _registered():
        @RegisterGradient("Negative")
        def _gradient(op, grad):
            return -grad
    x = placeholder("float32", [])
    with get_default_graph().gradient_override_map({"Exp": "Negative"}):
        y = tf.exp(x)
    z = tf.exp(x)
    assert session.run(gradients(y, x)[0], {x: 0.0}) == -1.0
    assert session.run(gradients(z, x)[0], {x: 0.0}) == 1.0


def _registered():
    from pellucid.core.gradients import _gradients
    return _gradients


def test_gradient_override_map_wants_a_dict():
    with (pytest.raises(TypeError, match="must be a dictionary"),
          get_default_graph().gradient_override_map([("Exp", "Other")])):
        pass


# -- collections and finalize --------------------------------------------------------------

def test_collections_keep_what_was_added():
    graph = get_default_graph()
    graph.add_to_collection("a", 1)
    graph.add_to_collections(["a", "b", "b"], 2)
    assert graph.get_collection("a") == [1, 2]
    assert graph.get_collection("b") == [2]
    assert graph.get_collection("c") == []
    assert graph.get_all_collection_keys() == ["a", "b"]


def test_get_collection_returns_a_copy_and_the_ref_itself():
    graph = get_default_graph()
    graph.add_to_collection("a", 1)
    graph.get_collection("a").append(2)
    assert graph.get_collection("a") == [1]
    graph.get_collection_ref("a").append(2)
    assert graph.get_collection("a") == [1, 2]
    graph.get_collection_ref("new").append(3)
    assert graph.get_collection("new") == [3]


def test_a_scope_selects_by_the_beginning_of_the_name():
    graph = get_default_graph()
    for name in "a/x", "a/y", "b/x":
        tf.Variable(1.0, name=name)

    def found(scope):
        return [v.op.name for v in graph.get_collection(GraphKeys.GLOBAL_VARIABLES, scope)]

    assert found("a") == ["a/x", "a/y"]
    assert found("b/") == ["b/x"]
    assert found(".*x") == ["a/x", "b/x"]
    assert found(None) == ["a/x", "a/y", "b/x"]


def test_items_without_a_name_are_in_no_scope():
    graph = get_default_graph()
    graph.add_to_collection("a", 1)
    assert graph.get_collection("a", "x") == []


def test_clear_collection_empties():
    graph = get_default_graph()
    graph.add_to_collection("a", 1)
    graph.clear_collection("a")
    assert graph.get_collection("a") == []


def test_a_finalized_graph_takes_nothing_more(engine):
    graph = get_default_graph()
    x = constant(1.0)
    assert not graph.finalized
    graph.finalize()
    assert graph.finalized
    with pytest.raises(RuntimeError, match="Graph is finalized and cannot be modified."):
        x + x
    with pytest.raises(RuntimeError, match="Graph is finalized"):
        graph.add_to_collection("a", 1)
    assert names() == ["Const"]
    assert Session(engine=engine).run(x) == 1.0


def test_everything_may_be_fed_and_fetched():
    graph = get_default_graph()
    x = constant(1.0)
    assert graph.is_feedable(x)
    assert graph.is_fetchable(x.op)
    with pytest.raises(NotImplementedError, match="every tensor may be fed"):
        graph.prevent_feeding(x)


def test_a_failed_construction_leaves_no_operation():
    class refuses(Operation):
        def infer(self, x):
            raise ValueError("no.")

    x = constant(1.0)
    with pytest.raises(ValueError, match=r"refuses 'refuses': no\."):
        refuses([x])
    assert names() == ["Const"]
    assert x.consumers() == []
