"""Python's operators: which operation each builds, under which name, of which dtype."""

import numpy as np
import pytest

import pellucid as tf

X = np.array([7.0, -7.0, 2.5], np.float32)
OPERATORS = [
    (lambda x, y: x + y, "add", "AddV2"), (lambda x, y: x - y, "sub", "Sub"),
    (lambda x, y: x * y, "mul", "Mul"), (lambda x, y: x / y, "truediv", "RealDiv"),
    (lambda x, y: x // y, "floordiv", "FloorDiv"), (lambda x, y: x % y, "mod", "FloorMod"),
    (lambda x, y: x ** y, "pow", "Pow"), (lambda x, y: x < y, "Less", "Less"),
    (lambda x, y: x <= y, "LessEqual", "LessEqual"),
    (lambda x, y: x > y, "Greater", "Greater"),
    (lambda x, y: x >= y, "GreaterEqual", "GreaterEqual"),
]
REFLECTED = OPERATORS[:7]
UNARY = [(lambda x: -x, "Neg", "Neg"), (lambda x: abs(x), "Abs", "Abs")]


@pytest.mark.parametrize("operator, name, op_type", OPERATORS)
def test_operator_of_two_tensors(operator, name, op_type, session):
    x, y = tf.constant(X), tf.constant([2.0, 2.0, 2.0])
    z = operator(x, y)
    assert (z.op.name, z.op.type) == (name, op_type)
    np.testing.assert_allclose(session.run(z), operator(X, np.float32(2)), 1e-6)


@pytest.mark.parametrize("operator, name, op_type", OPERATORS)
def test_operator_with_a_number(operator, name, op_type, session):
    z = operator(tf.constant(X), 2)
    assert (z.op.name, z.op.type) == (name, op_type)
    assert z.op.inputs[1].name == f"{name}/y:0"
    assert z.op.inputs[1].dtype is tf.float32
    np.testing.assert_allclose(session.run(z), operator(X, np.float32(2)), 1e-6)


@pytest.mark.parametrize("operator, name, op_type", REFLECTED)
def test_operator_reflected(operator, name, op_type, session):
    z = operator(2, tf.constant(X))
    assert (z.op.name, z.op.type) == (name, op_type)
    assert z.op.inputs[0].name == f"{name}/x:0"
    np.testing.assert_allclose(session.run(z), operator(np.float32(2), X), 1e-6)


@pytest.mark.parametrize("operator, name, op_type", REFLECTED)
def test_an_array_on_the_left(operator, name, op_type, session):
    z = operator(X.astype(np.float64), tf.constant(X))   # cast to float32, as in TensorFlow
    assert z.dtype is tf.float32
    assert z.op.type == op_type


@pytest.mark.parametrize("make", [
    lambda: tf.Variable(X, name="v"), lambda: tf.constant(X).op, lambda: tf.constant(X)])
@pytest.mark.parametrize("operator, name, op_type", OPERATORS)
def test_variables_and_operations_have_operators(make, operator, name, op_type, session):
    x = make()
    session.run(tf.no_op())
    z = operator(x, x)
    assert z.op.type == op_type
    np.testing.assert_allclose(session.run(z), operator(X, X), 1e-6)


@pytest.mark.parametrize("operator, name, op_type", UNARY)
def test_operator_of_one(operator, name, op_type, session):
    for x in (tf.constant(X), tf.Variable(X, name="v"), tf.constant(X).op):
        z = operator(x)
        assert z.op.type == op_type
        np.testing.assert_array_equal(session.run(z), operator(X))


def test_logic(session):
    p, q = tf.constant([True, True, False]), tf.constant([True, False, False])
    both, either, one, neither = p & q, p | q, p ^ q, ~p
    found = [both, either, one, neither]
    assert [z.op.name for z in found] == ["and", "or", "xor", "LogicalNot"]
    assert session.run(found)[2].tolist() == [False, True, False]
    assert (True & p).op.type == "LogicalAnd"
    with pytest.raises(TypeError):
        tf.constant([1]) & tf.constant([2])


def test_matrix_product(session):
    a = tf.constant(np.eye(2, dtype=np.float32))
    z = a @ [[1.0, 2.0], [3.0, 4.0]]
    assert (z.op.name, z.op.type) == ("matmul", "MatMul")
    assert session.run(z).tolist() == [[1.0, 2.0], [3.0, 4.0]]
    assert session.run(np.ones((2, 2), np.float32) @ a).tolist() == [[1.0, 1.0], [1.0, 1.0]]


def test_equality_is_identity(session):
    x = tf.constant(1.0)
    assert x == x
    assert x != tf.constant(1.0)
    assert {x: "key"}[x] == "key"


def test_division_of_integers(session):
    x, y = tf.constant([7, -7]), tf.constant([2, 2])
    z = x / y
    assert z.dtype is tf.float64
    assert [t.op.name for t in z.op.inputs] == ["truediv/Cast", "truediv/Cast_1"]
    assert session.run([z, x // y, x % y, tf.div(x, y)])[1].tolist() == [3, -4]
    assert session.run(z).tolist() == [3.5, -3.5]
    assert (tf.constant([1], tf.int8) / 2).dtype is tf.float32


@pytest.mark.parametrize("build", [
    lambda: tf.constant([1]) + 1.5, lambda: 1.5 * tf.constant([1]),
    lambda: tf.constant([1.0]) + "a", lambda: tf.constant([1.0]) + tf.constant([1]),
    lambda: tf.constant([1.0]) / tf.constant([1]), lambda: tf.constant([1]) < 0.5])
def test_types_that_do_not_fit(build):
    with pytest.raises(TypeError):
        build()


def test_strings_are_joined(session):
    z = tf.constant(["a", "b"]) + "c"
    assert z.op.type == "Add"
    assert session.run(z).tolist() == [b"ac", b"bc"]


def test_untyped_placeholders_take_part(session):
    x = tf.placeholder()
    z = (2 * x - 1) / x
    assert z.dtype is None
    assert session.run(z, {x: [1, 2]}).tolist() == [1.0, 1.5]


def test_operators_in_another_graph_build_there():
    other = tf.Graph()
    with other.as_default():
        x = tf.constant(1.0)
    assert (x + 1).graph is other
    assert (1 - x).graph is other
    assert (x * x).graph is other
