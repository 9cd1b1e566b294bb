"""Operations and tensors: a learner's own, attributes, conversion, what errors say."""

import inspect
from pathlib import Path

import numpy as np
import pytest

import pellucid as tf
from pellucid.core import dtypes
from pellucid.core.gradients import RegisterGradient, gradients
from pellucid.core.graph import Graph, get_default_graph
from pellucid.core.operation import (
    Operation,
    convert_to_tensor,
    create,
    register_tensor_conversion_function,
)
from pellucid.core.shapes import Spec
from pellucid.core.sources import constant, placeholder
from pellucid.core.tensor import Tensor


class cube(Operation):
    """x ** 3, as a learner writes it."""

    def __init__(self, x):
        super().__init__([x])

    def compute(self, x_value):
        return x_value ** 3


@RegisterGradient("cube")
def _cube_gradient(op, grad):
    x = op.inputs[0]
    return 3 * x * x * grad


# -- a learner's own operation -------------------------------------------------------------

def test_a_learners_operation_needs_nothing_but_compute(session):
    x = placeholder()
    assert session.run(cube(x), {x: 2}) == 8


def test_it_stands_wherever_a_tensor_may(session):
    x = placeholder("float32", [2])
    y = cube(x)
    assert session.run(y + x, {x: [1, 2]}).tolist() == [2, 10]
    assert session.run(x * y, {x: [1, 2]}).tolist() == [1, 16]
    assert session.run(-cube(y), {x: [1, 2]}).tolist() == [-1, -512]


def test_it_can_be_trained_through(session):
    x = placeholder("float32", [2])
    y = cube(x)
    first, = gradients(y, x)
    second, = gradients(first, x)
    values = session.run([first, second], {x: [1, 2]})
    np.testing.assert_allclose(values, [[3, 12], [6, 12]])


def test_its_type_and_name_are_those_of_its_class():
    y, z = cube(1.0), cube(2.0)
    assert (y.type, y.name, z.name) == ("cube", "cube", "cube_1")
    assert repr(y) == "<tf.Operation 'cube' type=cube>"
    assert y.input_nodes == y.inputs
    assert y.inputs[0].op.type == "Const"


def test_its_result_becomes_an_array_of_the_promised_type(session):
    class mean(Operation):
        def __init__(self, x):
            super().__init__([x])

        def infer(self, x):
            return Spec(dtypes.float32, ())

        def compute(self, x):
            return sum(x.tolist()) / len(x)                # a Python float

    value = session.run(mean([1, 2]))
    assert value == 1.5
    assert value.dtype == np.float32


def test_a_result_of_another_kind_than_promised_says_what_to_write(session):
    class half(Operation):
        def __init__(self, x):
            super().__init__([x])

        def compute(self, x):
            return x / 2

    with pytest.raises(TypeError) as error:
        session.run(half(constant(3)))
    assert str(error.value).startswith(
        "half.compute returned float64, but 'half:0' is int32: define infer(self, "
        "*inputs), which returns tf.Spec(dtype, shape).")


def test_several_outputs(session):
    class halves(Operation):
        def __init__(self, x):
            super().__init__([x])

        def infer(self, x):
            return Spec(x.dtype, (2,)), Spec(x.dtype, (2,))

        def compute(self, x):
            return x[:2], x[2:]

    op = halves([1.0, 2.0, 3.0, 4.0])
    first, last = op.outputs
    assert (first.name, last.name) == ("halves:0", "halves:1")
    assert session.run(first - last).tolist() == [-2, -2]
    with pytest.raises(ValueError, match="halves 'halves' has 2 outputs; choose one of"):
        op.output
    assert session.run(op) is None


def test_without_compute_it_says_so(session):
    class nothing(Operation):
        pass

    with pytest.raises(NotImplementedError, match="'nothing' does not define compute"):
        session.run(nothing())


def test_an_error_in_compute_keeps_its_class_and_names_the_operation(session):
    class fails(Operation):
        def __init__(self, x):
            super().__init__([x])

        def compute(self, x):
            raise KeyError("mine")

    y = fails(constant([1.0, 2.0], name="x"))
    with pytest.raises(KeyError, match="mine") as error:
        session.run(y)
    note = "\n".join(error.value.__notes__)
    assert "while computing fails 'fails' with" in note
    assert "'x:0'  float32  (2,)" in note
    assert "test_operation.py:" in note


def test_python_recursion_is_not_needed_to_read_an_operation():
    y = cube(constant(1.0, name="x"))
    assert str(y) == "name: 'cube'\nop: 'cube'\ninput: 'x:0'"


# -- what an operation says of itself ------------------------------------------------------

def test_consumers_are_the_operations_that_use_it():
    x = constant(1.0)
    y, z = x + x, -x
    assert x.consumers() == [y.op, y.op, z.op]              # x + x uses it twice
    assert x.op.consumers == [y.op, z.op]
    assert y.consumers() == []


def test_attributes():
    x = placeholder("float32", [None, 2], name="x")
    assert x.op.get_attr("dtype") is dtypes.float32
    assert x.op.get_attr("shape") == (None, 2)
    assert (x + x).op.get_attr("T") is dtypes.float32
    with pytest.raises(ValueError, match="Operation 'x' has no attr named 'other'."):
        x.op.get_attr("other")


def test_an_unknown_attribute_is_refused():
    with pytest.raises(TypeError, match=r"NoOp has no attribute \['speed'\]"):
        create("NoOp", speed=3)


def test_the_location_is_the_users_line():
    file, line = (constant(1.0) + 2.0).op.location
    assert file == __file__
    assert "+ 2.0" in Path(__file__).read_text().splitlines()[line - 1]


def test_construction_errors_say_what_which_and_where():
    a = placeholder("float32", [None, 784], name="flatten")
    b = placeholder("float32", [512, 10], name="kernel")
    with pytest.raises(ValueError) as error:
        tf.matmul(a, b, name="dense")
    lines = str(error.value).splitlines()
    assert lines[0].startswith("MatMul 'dense': ")
    assert "784" in lines[0] and "512" in lines[0]
    assert lines[1].split() == ["a", "=", "'flatten:0'", "float32", "(?,", "784)"]
    assert lines[2].split() == ["b", "=", "'kernel:0'", "float32", "(512,", "10)"]
    assert "test_operation.py:" in lines[3]


# -- tensors -------------------------------------------------------------------------------

def test_tensors_print_as_in_tensorflow():
    x = placeholder("float32", [None, 2], name="x")
    assert repr(x) == "<tf.Tensor 'x:0' shape=(?, 2) dtype=float32>"
    assert str(x) == 'Tensor("x:0", shape=(?, 2), dtype=float32)'
    y = placeholder("int32", name="y")
    assert repr(y) == "<tf.Tensor 'y:0' shape=<unknown> dtype=int32>"
    assert str(y) == 'Tensor("y:0", dtype=int32)'


def test_an_untyped_tensor_prints():
    x = placeholder(name="x")
    assert x.dtype is None
    assert repr(x) == "<tf.Tensor 'x:0' shape=<unknown> dtype=None>"


def test_tensors_compare_by_identity_and_hash():
    x, y = constant(1.0), constant(1.0)
    assert x == x
    assert not x == y
    assert x != y
    assert len({x, y, x}) == 2


@pytest.mark.parametrize("use, error, text", [
    (bool, TypeError, "Using a Tensor as a Python bool is not allowed: 'x:0' has no value"),
    (len, TypeError, "len is not defined for the symbolic Tensor 'x:0'"),
    (iter, TypeError, "can only be iterated over if its first dimension is known"),
    (float, TypeError, ""),
    (int, TypeError, ""),
    (np.asarray, NotImplementedError, "Cannot convert the symbolic Tensor 'x:0' to"),
])
def test_a_tensor_is_no_value(use, error, text):
    x = placeholder("float32", [None], name="x")
    with pytest.raises(error) as raised:
        use(x)
    assert text in str(raised.value)


def test_set_shape_adds_what_is_known():
    x = placeholder("float32", [None, 2], name="x")
    x.set_shape([3, None])
    assert x.shape.as_list() == [3, 2]
    y = placeholder("float32")
    y.set_shape([None, 1])
    assert y.get_shape().as_list() == [None, 1]
    y.set_shape(None)
    assert y.get_shape().as_list() == [None, 1]


def test_set_shape_refuses_a_contradiction():
    x = placeholder("float32", [None, 2], name="x")
    with pytest.raises(ValueError, match=r"x:0: Shapes \(\?, 2\) and \(3, 3\) are not"):
        x.set_shape([3, 3])


def test_numpy_leaves_operators_to_the_tensor(session):
    x = placeholder("float32", [2])
    y = np.array([1, 2], np.float32) + x
    assert isinstance(y, Tensor)
    assert session.run(y, {x: [1, 1]}).tolist() == [2, 3]


# -- convert_to_tensor ---------------------------------------------------------------------

def test_a_tensor_converts_to_itself():
    x = constant(1.0)
    assert convert_to_tensor(x) is x
    assert convert_to_tensor(x, dtypes.float32) is x
    assert convert_to_tensor(cube(x)).op.type == "cube"


def test_a_tensor_of_another_dtype_is_refused():
    x = constant(1.0, name="x")
    with pytest.raises(ValueError, match="requested dtype int32 for Tensor with dtype "
                                         "float32: <tf.Tensor 'x:0'"):
        convert_to_tensor(x, dtypes.int32)


@pytest.mark.parametrize("value", [object(), {1, 2}, {"a": 1}, len])
def test_what_is_no_value_is_refused(value):
    with pytest.raises(TypeError):
        convert_to_tensor(value)


def test_none_is_refused():
    with pytest.raises(ValueError, match="None values not supported."):
        convert_to_tensor(None)


def test_a_preferred_dtype_is_tried_first():
    assert convert_to_tensor(1, preferred_dtype="float64").dtype is dtypes.float64
    assert convert_to_tensor(1.5, preferred_dtype="int32").dtype is dtypes.float32
    assert convert_to_tensor(1, "int64", preferred_dtype="float64").dtype is dtypes.int64
    assert convert_to_tensor(1, dtype_hint="float64").dtype is dtypes.float64


def test_a_users_type_can_be_made_convertible():
    class Celsius:
        degrees = 20.0

    def convert(value, dtype=None, name=None, as_ref=False):
        return constant(value.degrees + 273.15, dtype or "float32", name=name or "kelvin")

    register_tensor_conversion_function(Celsius, convert)
    assert convert_to_tensor(Celsius()).name == "kelvin:0"
    assert convert_to_tensor(Celsius(), "float64").dtype is dtypes.float64
    with pytest.raises(TypeError, match="conversion_func must be callable"):
        register_tensor_conversion_function(Celsius, None)


def test_an_own_operation_in_another_graph():
    with Graph().as_default() as graph:
        x = constant(1.0)
    assert cube(x).graph is graph
    assert get_default_graph().get_operations() == []


def test_a_learners_operation_points_at_the_line_that_made_it():
    class twice(Operation):
        def __init__(self, x):
            super().__init__([x])

        def compute(self, x_value):
            return 2 * x_value

    made = twice(constant(1.0)); line = inspect.currentframe().f_lineno       # noqa: E702
    assert made.location == (__file__, line)
