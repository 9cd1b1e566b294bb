"""Session.run: every form of fetch and feed, default sessions, what is refused and how."""

import collections
import threading

import numpy as np
import pytest

import pellucid as tf
from pellucid.core import errors
from pellucid.core.graph import Graph, get_default_graph
from pellucid.core.indexed_slices import IndexedSlices, IndexedSlicesValue
from pellucid.core.operation import Operation, create
from pellucid.core.options import ConfigProto, RunOptions
from pellucid.core.session import InteractiveSession, Session, get_default_session
from pellucid.core.sources import constant, placeholder

# -- fetches -------------------------------------------------------------------------------

def test_a_fetch_keeps_its_structure(session):
    Pair = collections.namedtuple("Pair", "a b")
    x, y = constant(1), constant(2.5)
    assert session.run(x) == 1
    assert session.run([x, y]) == [1, 2.5]
    assert session.run((x, [y, (x,)])) == (1, [2.5, (1,)])
    assert session.run({"a": x, "b": {"c": [y]}}) == {"a": 1, "b": {"c": [2.5]}}
    pair = session.run(Pair(x, y))
    assert type(pair) is Pair
    assert pair == (1, 2.5)
    ordered = session.run(collections.OrderedDict([("z", x), ("a", y)]))
    assert type(ordered) is collections.OrderedDict
    assert list(ordered.items()) == [("z", 1), ("a", 2.5)]


@pytest.mark.parametrize("empty", [[], (), {}])
def test_fetching_nothing_returns_nothing(session, empty):
    constant(1)
    assert session.run(empty) == empty


def test_a_tensor_may_be_fetched_twice(session):
    x = constant([1, 2])
    first, second = session.run([x, x])
    assert first.tolist() == second.tolist() == [1, 2]


def test_names_may_be_fetched(session):
    constant(1, name="x")
    assert session.run("x:0") == 1
    assert session.run(["x:0", "x"]) == [1, None]


def test_operations_return_none(session):
    x = constant(1)
    assert session.run(x.op) is None
    assert session.run([x, x.op, create("NoOp")]) == [1, None, None]


def test_a_learners_operation_returns_its_value(session):
    class twice(Operation):
        def __init__(self, x):
            super().__init__([x])

        def compute(self, x):
            return 2 * x

    op = twice(constant(3))
    assert session.run(op) == 6
    assert session.run({"op": op}) == {"op": 6}
    assert op.eval(session=session) == 6


def test_variables_may_be_fetched(session):
    v = tf.Variable([1.0, 2.0])
    session.run(v.initializer)
    assert session.run(v).tolist() == [1, 2]
    assert session.run({"v": v})["v"].tolist() == [1, 2]


def test_indexed_slices_are_fetched_as_their_parts(session):
    slices = IndexedSlices(constant([[1.0, 2.0]]), constant([3]), constant([5, 2]))
    value = session.run(slices)
    assert isinstance(value, IndexedSlicesValue)
    assert value.values.tolist() == [[1, 2]]
    assert value.indices.tolist() == [3]
    assert value.dense_shape.tolist() == [5, 2]
    parts, = session.run([IndexedSlices(slices.values, slices.indices)])
    assert parts.dense_shape is None


def test_results_belong_to_the_caller(session):
    v = tf.Variable([1.0, 2.0])
    x = constant([1.0, 2.0])
    session.run(v.initializer)
    for fetch in (v, v.value(), x):
        result = session.run(fetch)
        result[:] = 7
        assert session.run(fetch).tolist() == [1, 2]


def test_scalars_are_numpy_scalars(session):
    assert isinstance(session.run(constant(1.5)), np.float32)
    assert isinstance(session.run(constant(1.5) + 1.0), np.float32)
    assert isinstance(session.run(constant(True)), np.bool_)
    assert isinstance(session.run(constant("a")), bytes)


@pytest.mark.parametrize("fetch, error, text", [
    (None, TypeError, "Fetch argument None has invalid type <class 'NoneType'>"),
    (3, TypeError, "Fetch argument 3 has invalid type <class 'int'>"),
    ([3.5], TypeError, "Fetch argument 3.5 has invalid type"),
    ({1, 2}, TypeError, "has invalid type <class 'set'>"),
    (np.zeros(2), TypeError, "has invalid type <class 'numpy.ndarray'>"),
    ("y:0", ValueError, "Fetch argument 'y:0' cannot be interpreted as a Tensor."),
    ("y", ValueError, "The name 'y' refers to an Operation not in the graph."),
    (["x:0", "x:7"], ValueError, "has 1 outputs"),
])
def test_what_cannot_be_fetched_is_refused(session, fetch, error, text):
    constant(1, name="x")
    with pytest.raises(error) as raised:
        session.run(fetch)
    assert text in str(raised.value)


def test_a_fetch_of_another_graph_is_refused(session):
    constant(1)
    with Graph().as_default():
        foreign = constant(1)
    with pytest.raises(ValueError, match=r"Fetch argument .*not an element of this graph"):
        session.run(foreign)


def test_an_empty_graph_is_refused(session):
    with pytest.raises(RuntimeError, match="The Session graph is empty"):
        session.run([])


# -- feeds ---------------------------------------------------------------------------------

def test_any_tensor_may_be_fed(session):
    x = placeholder("float32", name="x")
    y = x * 2.0
    z = y + 1.0
    assert session.run(z, {x: 3}) == 7
    assert session.run(z, {y: 3}) == 4                     # x is not needed then
    assert session.run([y, z], {z: 5, x: 1}) == [2, 5]
    assert session.run(constant(1.0) + x, {"x:0": 2}) == 3
    c = constant(1.0)
    assert session.run(c + c, {c: 4}) == 8


def test_a_fed_tensor_may_be_fetched(session):
    x = placeholder("float32", [2])
    value = np.array([1, 2], np.float32)
    result = session.run(x, {x: value})
    assert result.tolist() == [1, 2]
    result[0] = 9
    assert value.tolist() == [1, 2]


def test_variables_may_be_fed(session):
    v = tf.Variable([1.0, 2.0])
    session.run(v.initializer)
    assert session.run(v + 1.0, {v.value(): [5, 6]}).tolist() == [6, 7]
    assert session.run(v + 1.0, {v: [5, 6]}).tolist() == [6, 7]
    assert session.run(v).tolist() == [1, 2]


def test_the_parts_of_indexed_slices_may_be_fed(session):
    slices = IndexedSlices(placeholder("float32", [None, 1]), placeholder("int32", [None]))
    fed = IndexedSlicesValue([[1.0]], [4], None)
    value = session.run(slices, {slices: fed})
    assert (value.values.tolist(), value.indices.tolist()) == ([[1]], [4])


def test_several_tensors_may_be_fed_as_a_tuple(session):
    x, y = placeholder("float32"), placeholder("float32")
    assert session.run(x - y, {(x, y): (3.0, 1.0)}) == 2
    with pytest.raises(ValueError, match="Cannot feed 1 values for 2 tensors"):
        session.run(x - y, {(x, y): (3.0,)})


def test_tuples_of_tuples_may_be_fed(session):
    """The state of a deep cell: a tuple of pairs."""
    a, b, c = (placeholder("float32", [2]) for _ in range(3))
    state = collections.namedtuple("State", "memory output")
    key = (state(a, b), c)
    assert session.run(a + b * c, {key: (state([1, 2], [3, 4]), [5, 6])}).tolist() == [16, 26]
    with pytest.raises(ValueError, match="Cannot feed 1 values for 2 tensors"):
        session.run(a, {key: ([[1, 2]], [5, 6])})


def test_feeds_are_cast_as_numpy_casts(session):
    x, n = placeholder("float32"), placeholder("int32")
    assert session.run(x, {x: 3}).dtype == np.float32
    assert session.run(x, {x: np.float64(0.1)}) == np.float32(0.1)
    assert session.run(n, {n: np.array([1.7, -1.7])}).tolist() == [1, -1]
    assert session.run(n, {n: True}) == 1


def test_lists_and_strings_may_be_fed(session):
    s = placeholder("string")
    assert session.run(s, {s: [b"a", b"b"]}).tolist() == [b"a", b"b"]
    assert session.run(s, {s: b"a"}) == b"a"
    for text in ("ä", "ä".encode()):
        for value in ([text], np.array([text]), np.array([text], object)):
            assert session.run(s, {s: value}).tolist() == ["ä".encode()]
    assert session.run(s, {s: "ä"}) == "ä".encode()


def test_fed_arrays_are_not_kept(session):
    x = placeholder("float32", [2])
    v = tf.Variable([0.0, 0.0])
    assign = v.assign(x)
    array = np.array([1, 2], np.float32)
    session.run(assign, {x: array})
    array[:] = 9
    assert session.run(v).tolist() == [1, 2]


@pytest.mark.parametrize("feed, error, text", [
    (lambda x: {x: [1, 2, 3]}, ValueError,
     "Cannot feed value of shape (3,) for Tensor 'x:0', which has shape '(?, 2)'"),
    (lambda x: {x: [[1, 2, 3]]}, ValueError, "Cannot feed value of shape (1, 3)"),
    (lambda x: {"y:0": 1}, TypeError, "Cannot interpret feed_dict key as Tensor: "),
    (lambda x: {3: 1}, TypeError, "Cannot interpret feed_dict key as Tensor: "),
    (lambda x: {x: x}, TypeError, "The value of a feed cannot be a tf.Tensor object."),
    (lambda x: {x: [["a", "b"]]}, ValueError, "could not convert string to float"),
    (lambda x: [x], TypeError, "feed_dict must be a dict, not list."),
])
def test_what_cannot_be_fed_is_refused(session, feed, error, text):
    x = placeholder("float32", [None, 2], name="x")
    with pytest.raises(error) as raised:
        session.run(x, feed(x))
    assert text in str(raised.value)


def test_an_int_that_does_not_fit_is_refused(session):
    n = placeholder("int32", name="n")
    with pytest.raises(TypeError, match="feed value 4294967296 .* is not compatible "
                                        "with Tensor type int32"):
        session.run(n, {n: 2**32})


def test_a_variable_is_no_feed_value(session):
    x = placeholder("float32")
    with pytest.raises(TypeError, match="value of a feed cannot be a tf.Tensor object."):
        session.run(x, {x: tf.Variable(1.0)})


# -- what a run does -----------------------------------------------------------------------

def counting(calls):
    class counts(Operation):
        def __init__(self, x):
            super().__init__([x])

        def compute(self, x):
            calls.append(float(x))
            return x + 1

    return counts


def test_each_node_is_computed_once(session):
    calls = []
    count = counting(calls)
    x = placeholder("float32", [])
    y = count(x)
    assert session.run(y + y, {x: 1}) == 4
    assert calls == [1]


def test_only_what_is_needed_is_computed(session):
    calls = []
    count = counting(calls)
    x = placeholder("float32", [])
    y, other = count(x), count(x + 10.0)
    assert session.run(y, {x: 1}) == 2
    assert calls == [1]
    assert session.run(other, {x: 1}) == 12


def test_control_inputs_run_before(session):
    calls = []
    count = counting(calls)
    first = count(constant(5.0))
    with get_default_graph().control_dependencies([first]):
        second = count(constant(1.0))
    session.run(second)
    assert calls == [5, 1]


def test_a_graph_may_grow_between_runs(session):
    x = constant(1.0)
    assert session.run(x) == 1
    y = x + 1.0
    assert session.run(y) == 2
    assert session.run([x, y]) == [1, 2]


def test_run_is_quiet_about_floating_point(session):
    x = placeholder("float32", [3])
    result = session.run(x * x, {x: [1e30, np.inf, np.nan]})
    assert np.isinf(result[:2]).all() and np.isnan(result[2])


def test_an_error_names_operation_inputs_and_line(session):
    x, y = placeholder("float32", name="x"), placeholder("float32", name="y")
    z = tf.add(x, y, name="z")
    with pytest.raises(errors.InvalidArgumentError) as error:
        session.run(z, {x: [1, 2], y: [1, 2, 3]})
    text = str(error.value)
    assert "Add 'z' with" in text
    assert "'x:0'  float32  (2,)" in text
    assert "'y:0'  float32  (3,)" in text
    assert "test_session.py:" in text
    assert error.value.op is z.op
    assert error.value.error_code == 3


def test_a_session_runs_after_an_error(session):
    x = placeholder("float32")
    with pytest.raises(errors.InvalidArgumentError):
        session.run(x + 1.0)
    assert session.run(x + 1.0, {x: 1}) == 2


# -- make_callable, partial_run, plan ------------------------------------------------------

def test_make_callable_is_run_with_the_feeds_in_order(session):
    x, y = placeholder("float32"), placeholder("float32")
    function = session.make_callable({"z": x - y}, [x, y])
    assert function(5, 3) == {"z": 2}
    assert function([5, 6], 3)["z"].tolist() == [2, 3]
    with pytest.raises(errors.InvalidArgumentError, match="the callable takes 2 feeds, got 1"):
        function(5)
    assert session.make_callable(constant(1))() == 1


def test_partial_run_is_refused(session):
    with pytest.raises(NotImplementedError, match="Call run once with all fetches"):
        session.partial_run(None, [])
    with pytest.raises(NotImplementedError, match="partial_run is not supported"):
        session.partial_run_setup([])


# -- construction, closing, default sessions -----------------------------------------------

@pytest.mark.parametrize("options, error, text", [
    ({"target": "grpc://host:1"}, ValueError, "pellucid runs in this process only"),
    ({"graph": 3}, TypeError, "graph must be a tf.Graph, but got <class 'int'>"),
    ({"config": {}}, TypeError, "config must be a tf.ConfigProto, but got <class 'dict'>"),
    ({"engine": "steam"}, ValueError, "Unknown engine 'steam': there are "),
])
def test_a_session_refuses_what_it_cannot_do(options, error, text):
    with pytest.raises(error) as raised:
        Session(**options)
    assert text in str(raised.value)


def test_a_session_takes_a_graph_and_a_config(engine):
    with Graph().as_default() as graph:
        x = constant(1)
    config = ConfigProto(allow_soft_placement=True)
    session = Session(graph=graph, config=config, engine=engine)
    assert session.graph is graph
    assert session.run(x) == 1
    assert session.list_devices()


def test_a_closed_session_is_refused(engine):
    x = constant(1)
    session = Session(engine=engine)
    function = session.make_callable(x)
    session.run(x)
    session.close()
    session.close()
    for use in (lambda: session.run(x), lambda: session.run([x]), function):
        with pytest.raises(RuntimeError, match="Attempted to use a closed Session."):
            use()


def test_with_makes_it_the_default_and_closes_it(engine):
    with Graph().as_default() as graph:
        x = constant(1)
    with Session(graph=graph, engine=engine) as session:
        assert get_default_session() is session
        assert get_default_graph() is graph
        assert x.eval() == 1
    assert get_default_session() is None
    assert get_default_graph() is not graph
    with pytest.raises(RuntimeError, match="closed"):
        session.run(x)


def test_as_default_does_not_close(engine):
    x = constant(1)
    session = Session(engine=engine)
    with session.as_default() as same:
        assert same is session
        with Session(engine=engine).as_default() as inner:
            assert get_default_session() is inner
        assert get_default_session() is session
        assert x.eval() == 1
    assert session.run(x) == 1


def test_eval_and_run_need_a_session(engine):
    x = placeholder("float32")
    y = x + 1.0
    with pytest.raises(ValueError, match="No default session is registered"):
        y.eval({x: 1})
    with pytest.raises(ValueError, match="No default session is registered"):
        y.op.run({x: 1})
    session = Session(engine=engine)
    assert y.eval({x: 1}, session) == 2
    assert y.op.run({x: 1}, session=session) is None
    with Graph().as_default():
        other = Session(engine=engine)
    with pytest.raises(ValueError, match="the tensor's graph is different"):
        y.eval({x: 1}, other)


def test_an_interactive_session_is_the_default_until_closed(engine):
    x = constant(1)
    session = InteractiveSession(engine=engine)
    assert get_default_session() is session
    assert x.eval() == 1
    session.close()
    assert get_default_session() is None


def test_an_interactive_session_brings_its_graph(engine):
    graph = Graph()
    session = InteractiveSession(graph=graph, engine=engine)
    assert get_default_graph() is graph
    assert (constant(1) + 1).eval() == 2
    session.close()
    assert get_default_graph() is not graph


def test_default_sessions_are_a_threads_own(engine):
    seen = []
    constant(1)
    with Session(engine=engine):
        thread = threading.Thread(target=lambda: seen.append(get_default_session()))
        thread.start()
        thread.join()
    assert seen == [None]


def test_sessions_keep_their_own_variables(engine):
    v = tf.Variable(1.0)
    first, second = Session(engine=engine), Session(engine=engine)
    first.run(v.initializer)
    v.load(5.0, first)
    second.run(v.initializer)
    assert (first.run(v), second.run(v)) == (5, 1)


def test_options_of_a_run(session):
    x = constant(1)
    assert session.run(x, options=RunOptions(), run_metadata=tf.RunMetadata()) == 1
    with pytest.raises(TypeError, match="a tf.RunOptions, but got"):
        session.run(x, options="fast")
