"""Variables: what they are made of, their values in a session, collections, updates."""

import numpy as np
import pytest

import pellucid as tf
from pellucid.core import dtypes, errors
from pellucid.core.graph import Graph, GraphKeys, get_default_graph
from pellucid.core.operation import convert_to_tensor, create
from pellucid.core.session import Session
from pellucid.core.sources import constant, placeholder
from pellucid.core.tensor import Tensor


def collection(key):
    return get_default_graph().get_collection(key)


# -- construction --------------------------------------------------------------------------

def test_a_variable_is_four_operations_of_its_own_scope():
    v = tf.Variable([1.0, 2.0], name="v")
    types = {op.name: op.type for op in get_default_graph().get_operations()}
    assert types == {"v/initial_value": "Const", "v": "VariableV2", "v/Assign": "Assign",
                     "v/read": "Identity"}
    assert repr(v) == "<tf.Variable 'v:0' shape=(2,) dtype=float32_ref>"
    assert (v.name, v.op.name, v.op.type) == ("v:0", "v", "VariableV2")
    assert v.graph is get_default_graph()
    assert v.initializer.type == "Assign"
    assert v.initial_value.name == "v/initial_value:0"
    assert v.value().name == "v/read:0"
    assert v.shape.as_list() == v.get_shape().as_list() == [2]
    assert v.trainable


def test_names():
    assert tf.Variable(1.0).name == "Variable:0"
    assert tf.Variable(1.0).name == "Variable_1:0"
    with get_default_graph().name_scope("a"):
        assert tf.Variable(1.0, name="v").name == "a/v:0"


@pytest.mark.parametrize("value, dtype, expected", [
    (1, None, "int32"), (1.0, None, "float32"), (1, "float64", "float64"),
    (np.zeros(2), None, "float64"), (True, None, "bool"), ("a", None, "string"),
])
def test_types(value, dtype, expected):
    assert tf.Variable(value, dtype=dtype).dtype.base_dtype.name == expected


def test_an_initial_value_may_be_a_function(session):
    calls = []

    def initial():
        calls.append(1)
        return constant([1.0, 2.0])

    v = tf.Variable(initial, name="v")
    session.run(v.initializer)
    assert session.run(v).tolist() == [1, 2]
    assert calls == [1]


def test_an_initial_value_may_depend_on_another_variable(session):
    v = tf.Variable(2.0)
    w = tf.Variable(v.initialized_value() * 3.0)
    session.run([v.initializer, w.initializer])
    assert session.run(w) == 6


@pytest.mark.parametrize("options, error, text", [
    ({}, ValueError, "initial_value must be specified."),
    ({"initial_value": 1.0, "constraint": 3}, ValueError, "must be a callable"),
    ({"initial_value": 1.0, "collections": "a"}, ValueError, "must be a list, tuple"),
    ({"initial_value": 1.5, "dtype": "int32"}, TypeError, "Expected int32, but got 1.5"),
    ({"initial_value": "a", "dtype": "float32"}, TypeError, "Expected float32"),
    ({"initial_value": None, "dtype": "float32"}, ValueError, "must be specified"),
    ({"initial_value": 1.0, "name": "a b"}, ValueError, "is not a valid scope name"),
])
def test_what_a_variable_cannot_be_is_refused(options, error, text):
    with pytest.raises(error) as raised:
        tf.Variable(**options)
    assert text in str(raised.value)


def test_an_initial_value_of_unknown_shape_is_refused():
    with pytest.raises(ValueError, match="initial_value must have a shape specified"):
        tf.Variable(placeholder("float32"))


def test_collections():
    v = tf.Variable(1.0)
    frozen = tf.Variable(1.0, trainable=False)
    local = tf.Variable(1.0, trainable=False, collections=[GraphKeys.LOCAL_VARIABLES])
    both = tf.Variable(1.0, collections=["mine"])
    assert collection(GraphKeys.GLOBAL_VARIABLES) == [v, frozen]
    assert collection(GraphKeys.TRAINABLE_VARIABLES) == [v, both]
    assert collection(GraphKeys.LOCAL_VARIABLES) == [local]
    assert collection("mine") == [both]
    assert not frozen.trainable


def test_a_variable_waits_for_nothing():
    with get_default_graph().control_dependencies([constant(1.0)]):
        v = tf.Variable(1.0)
    assert v.op.control_inputs == v.initializer.control_inputs == ()


# -- values --------------------------------------------------------------------------------

def test_the_initializer_sets_the_initial_value(session):
    v = tf.Variable([1.0, 2.0])
    assert session.run(v.initializer) is None
    assert session.run(v).tolist() == [1, 2]
    assert session.run(v.value()).tolist() == [1, 2]
    assert v.eval(session).tolist() == [1, 2]
    v.load([3.0, 4.0], session)
    assert session.run(v).tolist() == [3, 4]
    session.run(v.initializer)
    assert session.run(v).tolist() == [1, 2]


def test_a_variable_is_initialized_on_first_use(session):
    v = tf.Variable([1, 2])
    assert session.run(v + 1).tolist() == [2, 3]


def test_asking_does_not_initialize(session):
    v = tf.Variable(1.0)
    asked = create("IsVariableInitialized", [v._ref()]).output
    assert not session.run(asked)
    assert not session.run(asked)
    session.run(v.initializer)
    assert session.run(asked)


def test_a_place_without_an_initial_value_says_so(session):
    place = create("VariableV2", shape=(2,), dtype=dtypes.float32, name="place").output
    with pytest.raises(errors.FailedPreconditionError,
                       match="Attempting to use uninitialized value place"):
        session.run(create("Identity", [place]).output)


def test_two_sessions_on_one_graph_are_independent(engine):
    v = tf.Variable(1.0)
    add = v.assign_add(1.0)
    first, second = Session(engine=engine), Session(engine=engine)
    for session in (first, second):
        session.run(v.initializer)
    for _ in range(3):
        first.run(add)
    assert (first.run(v), second.run(v)) == (4, 1)


def test_a_value_that_was_fetched_does_not_change(session):
    v = tf.Variable([1.0, 2.0])
    session.run(v.initializer)
    before = session.run(v)
    session.run(v.assign_add([1.0, 1.0]))
    assert before.tolist() == [1, 2]
    before[0] = 9
    assert session.run(v).tolist() == [2, 3]


def test_variables_are_operands(session):
    v = tf.Variable([1.0, 2.0])
    session.run(v.initializer)
    assert session.run(v + 1.0).tolist() == [2, 3]
    assert session.run(1.0 - v).tolist() == [0, -1]
    assert session.run(v * v).tolist() == [1, 4]
    assert session.run(-v).tolist() == [-1, -2]
    assert isinstance(v + 1.0, Tensor)
    with pytest.raises(TypeError, match="'Variable' object is not iterable"):
        iter(v)


def test_conversion():
    v = tf.Variable(1.0)
    assert convert_to_tensor(v) is v.value()
    assert convert_to_tensor(v, as_ref=True).op is v.op
    assert convert_to_tensor(v, "float32") is v.value()
    with pytest.raises(ValueError, match="Incompatible type conversion requested to type "
                                         "'int32' for variable of type 'float32_ref'"):
        convert_to_tensor(v, "int32")


# -- updates -------------------------------------------------------------------------------

def test_assign(session):
    v = tf.Variable([1.0, 2.0])
    session.run(v.initializer)
    assert session.run(v.assign([3.0, 4.0])).tolist() == [3, 4]
    assert session.run(v.assign_add([1.0, 1.0])).tolist() == [4, 5]
    assert session.run(v.assign_sub([2.0, 2.0])).tolist() == [2, 3]
    assert session.run(v).tolist() == [2, 3]
    assert session.run(v.assign([0.0, 0.0], read_value=False)) is None
    assert session.run(v).tolist() == [0, 0]


def test_an_update_is_a_reference_that_can_be_updated_again(session):
    v = tf.Variable(1.0)
    session.run(v.initializer)
    assert session.run(v.assign(5.0) + 1.0) == 6


@pytest.mark.parametrize("update", ["assign", "assign_add", "assign_sub"])
def test_an_update_of_another_shape_or_type_is_refused(update):
    v = tf.Variable([1.0, 2.0], name="v")
    with pytest.raises(ValueError, match=r"\(2,\).*\(3,\)"):
        getattr(v, update)([1.0, 2.0, 3.0])
    with pytest.raises((TypeError, ValueError), match="float64"):
        getattr(v, update)(constant([1.0, 2.0], "float64"))


def test_a_shape_known_only_in_the_run_is_checked_there(session):
    v = tf.Variable([1.0, 2.0])
    x = placeholder("float32")
    session.run(v.initializer)
    with pytest.raises(errors.InvalidArgumentError, match="shapes of both tensors"):
        session.run(v.assign(x), {x: [1, 2, 3]})
    assert session.run(v).tolist() == [1, 2]


def test_without_validate_shape_any_shape_is_taken(session):
    v = tf.Variable([1.0, 2.0], validate_shape=False)
    x = placeholder("float32")
    session.run(v.initializer)
    assert v.shape.ndims is None
    assert session.run(create("Assign", [v._ref(), x], validate_shape=False).output,
                       {x: [[1, 2, 3]]}).tolist() == [[1, 2, 3]]
    assert session.run(v).tolist() == [[1, 2, 3]]


def test_reading_after_an_update_under_control_dependencies(session):
    v = tf.Variable(1.0)
    session.run(v.initializer)
    with get_default_graph().control_dependencies([v.assign(5.0)]):
        after = v.read_value()
    assert session.run(after) == 5


def test_a_read_built_before_an_update_runs_before_it(session):
    v = tf.Variable(1.0)
    session.run(v.initializer)
    twice = v * 2.0
    update = v.assign_add(1.0)
    assert session.run([twice, update]) == [2, 2]


def test_set_shape():
    v = tf.Variable([1.0, 2.0], validate_shape=False)
    v.set_shape([2])
    assert v.shape.as_list() == [2]
    assert v.value().shape.as_list() == [2]


def test_load_needs_a_session(engine):
    v = tf.Variable(1.0)
    with pytest.raises(ValueError, match="No default session is registered"):
        v.load(2.0)
    with Session(engine=engine):
        v.load(2.0)
        assert v.eval() == 2


def test_a_variable_of_another_graph_is_refused(engine):
    v = tf.Variable(1.0)
    with Graph().as_default(), Session(engine=engine) as session:
        constant(1.0)
        with pytest.raises(ValueError, match="not an element of this graph"):
            session.run(v)
