"""tf.gradients: the chain rule over the graph, and what it refuses."""

import numpy as np
import pytest

import pellucid as tf
from pellucid.core import dtypes
from pellucid.core import gradients as core_gradients
from pellucid.core.gradients import (
    NotDifferentiable,
    RegisterGradient,
    UnconnectedGradients,
    gradients,
    path,
)
from pellucid.core.graph import Graph, get_default_graph
from pellucid.core.indexed_slices import IndexedSlices
from pellucid.core.operation import Operation, create
from pellucid.core.shapes import Spec
from pellucid.core.sources import constant, placeholder


@pytest.fixture
def registered():
    """Gradients registered during a test are forgotten after it."""
    before = dict(core_gradients._gradients)
    yield
    core_gradients._gradients.clear()
    core_gradients._gradients.update(before)


def derivative(session, y, x, at, **options):
    grad, = gradients(y, x, **options)
    return session.run(grad, {x: at}).tolist()


def scalar(name=None):
    return placeholder("float32", [], name=name)


# -- the chain rule ------------------------------------------------------------------------

def test_of_itself_it_is_one(session):
    x = placeholder("float32", [2])
    assert derivative(session, x, x, [3, 4]) == [1, 1]


def test_a_chain(session):
    x = scalar()
    assert derivative(session, (x * x) * x, x, 2) == 12


def test_a_diamond_adds_both_ways(session):
    x = scalar()
    y = x * x
    assert derivative(session, y + y * y, x, 3) == 6 + 4 * 27


def test_x_minus_x_is_zero(session):
    x = scalar()
    assert derivative(session, x - x, x, 3) == 0


def test_x_times_x_counts_both_positions(session):
    x = scalar()
    assert derivative(session, x * x, x, 3) == 6


def test_diamonds_upon_diamonds_stay_linear(session):
    x = y = scalar()
    for _ in range(60):
        y = y + y
    before = get_default_graph().version
    grad, = gradients(y, x)
    assert get_default_graph().version - before < 60 * 4
    assert session.run(grad, {x: 1}) == 2.0 ** 60


def test_a_consumer_off_the_path_takes_no_part(session):
    x = scalar()
    y = x * x
    off = tf.exp(y)                      # uses y, but the loss does not use it
    before = set(get_default_graph().get_operations())
    assert derivative(session, y * 2.0, x, 3) == 12
    added = set(get_default_graph().get_operations()) - before
    assert not any(off in op.inputs for op in added)


def test_several_ys_are_summed(session):
    x = scalar()
    grad, = gradients([x * x, 3.0 * x], [x])
    assert session.run(grad, {x: 2}) == 7


def test_a_y_may_depend_on_another_y(session):
    x = scalar()
    y = x * x
    grad, = gradients([y, 2.0 * y], [x])
    assert session.run(grad, {x: 2}) == 12


def test_several_xs_of_which_one_depends_on_another(session):
    x = scalar()
    y = x * x
    grads = gradients(y * 3.0, [x, y])
    assert session.run(grads, {x: 2}) == [12, 3]


def test_the_same_x_twice(session):
    x = scalar()
    assert session.run(gradients(x * x, [x, x]), {x: 2}) == [4, 4]


def test_gradients_of_gradients(session):
    x = y = scalar()
    y = x * x * x * x
    values = []
    for _ in range(5):
        y, = gradients(y, x)
        values.append(y)
        if y is None:
            break
    assert session.run(values[:4], {x: 2}) == [32, 48, 48, 24]


def test_a_fed_intermediate_is_where_the_gradient_is_taken(session):
    x = scalar()
    y = x * x
    grad, = gradients(y * y, x)
    assert session.run(grad, {x: 3, y: 10}) == 2 * 10 * 2 * 3


def test_gradients_of_variables(session):
    v = tf.Variable([1.0, 2.0])
    session.run(v.initializer)
    grad, = gradients(v * v, v)
    assert session.run(grad).tolist() == [2, 4]
    assert grad.dtype.name == "float32"


def test_broadcasting_is_summed_over(session):
    x, y = placeholder("float32", [2, 3]), placeholder("float32", [3])
    dx, dy = session.run(gradients(x * y, [x, y]), {x: np.ones((2, 3)), y: [1, 2, 3]})
    assert dx.tolist() == [[1, 2, 3]] * 2
    assert dy.tolist() == [2, 2, 2]


def test_broadcasting_of_shapes_known_only_in_the_run(session):
    x, y = placeholder("float32"), placeholder("float32")
    dx, dy = session.run(gradients(x * y, [x, y]), {x: np.ones((2, 3)), y: [[1], [2]]})
    assert dx.tolist() == [[1] * 3, [2] * 3]
    assert dy.tolist() == [[3], [3]]


def test_untyped_programs_have_gradients(session):
    x = placeholder()
    grad, = gradients(x * x, x)
    assert session.run(grad, {x: 3.0}) == 6


# -- options -------------------------------------------------------------------------------

def test_grad_ys_start_the_chain(session):
    x = placeholder("float32", [2])
    y = x * x
    assert derivative(session, y, x, [1, 2], grad_ys=[constant([10.0, 1.0])]) == [20, 4]
    assert derivative(session, [y, y], x, [1, 2], grad_ys=[None, [1.0, 0.0]]) == [4, 4]
    with pytest.raises(ValueError, match="Passed 2 grad_ys for 1 ys"):
        gradients(y, x, grad_ys=[None, None])


def test_grad_ys_must_have_the_dtype_of_y():
    x = placeholder("float32", [2])
    with pytest.raises((TypeError, ValueError), match="float64"):
        gradients(x * x, x, grad_ys=[constant([1.0, 1.0], "float64")])


def test_stop_gradients_makes_constants(session):
    x = scalar()
    y = x * x
    z = y * x
    assert derivative(session, z, x, 3, stop_gradients=[y]) == 9
    assert derivative(session, z, x, 3, stop_gradients=y) == 9
    assert derivative(session, z, x, 3) == 27


def test_stopping_at_x_itself_leaves_only_direct_ways(session):
    a = scalar()
    b = 2.0 * a
    grads = gradients(a + b, [a, b], stop_gradients=[a, b])
    assert session.run(grads, {a: 1}) == [1, 1]


def test_what_is_not_connected(session):
    x, other = scalar(), placeholder("float32", [2])
    y = x * x
    assert gradients(y, other) == [None]
    assert gradients(y, [other, x])[0] is None
    for option in ("zero", UnconnectedGradients.ZERO):
        zero, = gradients(y, other, unconnected_gradients=option)
        assert session.run(zero, {other: [1, 2]}).tolist() == [0, 0]
    assert gradients(y, other, unconnected_gradients="none") == [None]
    with pytest.raises(ValueError, match="'sometimes' is not a valid UnconnectedGradients"):
        gradients(y, other, unconnected_gradients="sometimes")


def test_gradients_do_not_pass_integers():
    x = scalar()
    n = create("Cast", [x], DstT=dtypes.int32)
    y = create("Cast", [n], DstT=dtypes.float32).output
    assert gradients(y, x) == [None]


def test_gate_gradients_computes_all_before_any_is_used(session):
    x, y = scalar(), scalar()
    dx, dy = gradients(x * y, [x, y], gate_gradients=True)
    assert session.run([dx, dy], {x: 2, y: 3}) == [3, 2]
    assert dx.op.control_inputs


def test_operations_are_named_after_what_they_are_the_gradient_of():
    x = scalar("x")
    y = tf.multiply(x, x, name="square")
    before = len(get_default_graph().get_operations())
    gradients(y, x)
    gradients(y, x, name="again")
    names = [op.name for op in get_default_graph().get_operations()[before:]]
    assert any(name.startswith("gradients/square_grad/") for name in names)
    assert any(name.startswith("again/square_grad/") for name in names)
    assert all(name.startswith(("gradients/", "again/")) for name in names)
    assert names[0] == "gradients/grad_ys_0" or names[0].startswith("gradients/")


def test_gradients_join_the_graph_of_ys():
    with Graph().as_default() as graph:
        x = scalar()
        y = x * x
    grad, = gradients(y, x)
    assert grad.graph is graph
    assert get_default_graph().get_operations() == []


# -- registering ---------------------------------------------------------------------------

class double(Operation):
    """Twice x; some tests register a gradient for it."""

    def __init__(self, x):
        super().__init__([x])

    def infer(self, x):
        return Spec(x.dtype, x.shape)

    def compute(self, x):
        return 2 * x


def test_a_missing_gradient_shows_how_to_define_one():
    x = scalar()
    y = double(x)
    with pytest.raises(LookupError) as error:
        gradients(y, x)
    text = str(error.value)
    assert "No gradient defined for operation 'double' (op type: double)" in text
    assert '@tf.RegisterGradient("double")' in text
    assert "tf.NotDifferentiable('double')" in text


def test_a_missing_gradient_off_the_path_is_no_matter(session):
    x = scalar()
    double(x)
    assert derivative(session, x * x, x, 2) == 4


def test_a_registered_gradient_is_used(session, registered):
    @RegisterGradient("double")
    def gradient(op, grad):
        return grad + grad

    x = scalar()
    assert derivative(session, double(x), x, 3) == 2


def test_not_differentiable_stops(registered):
    NotDifferentiable("double")
    x = scalar()
    assert gradients(double(x), x) == [None]


def test_registering_twice_is_refused(registered):
    RegisterGradient("double")(lambda op, grad: grad)
    with pytest.raises(KeyError, match="Registering two gradients with name 'double'!"):
        RegisterGradient("double")(lambda op, grad: grad)
    with pytest.raises(KeyError, match="Registering two gradients with name 'double'!"):
        NotDifferentiable("double")
    for register in (RegisterGradient, NotDifferentiable):
        with pytest.raises(TypeError, match="op_type must be a string"):
            register(double)


def test_a_gradient_must_have_one_part_an_input(registered):
    RegisterGradient("double")(lambda op, grad: (grad, grad))
    x = scalar()
    with pytest.raises(ValueError) as error:
        gradients(double(x), x)
    assert str(error.value) == ("Num gradients 2 generated for op 'double' (op type: "
                                "double) do not match num inputs 1")


def test_a_gradient_must_have_the_shape_of_its_input(registered):
    RegisterGradient("double")(lambda op, grad: constant([1.0, 2.0, 3.0]))
    x = placeholder("float32", [2])
    with pytest.raises(ValueError) as error:
        gradients(double(x), x)
    assert ("Forward operation: double (double). Input index: 0. Original input shape: "
            "(2,). Calculated input gradient shape: (3,)") in str(error.value)


def test_what_the_input_knows_the_gradient_knows(session, registered):
    RegisterGradient("double")(
        lambda op, grad: create("PlaceholderWithDefault", [grad]).output)
    x = placeholder("float32", [2])
    grad, = gradients(double(x), x)
    assert grad.shape.as_list() == [2]


def test_a_gradient_may_be_an_operation(session, registered):
    RegisterGradient("double")(lambda op, grad: double(grad))
    x = scalar()
    assert derivative(session, double(x), x, 3) == 2


def test_outputs_without_a_gradient_arrive_as_zeros(session, registered):
    class both(Operation):
        def __init__(self, x):
            super().__init__([x])

        def infer(self, x):
            return Spec(x.dtype, x.shape), Spec(x.dtype, x.shape)

        def compute(self, x):
            return x + 1, x * 2

    @RegisterGradient("both")
    def gradient(op, first, second):
        return first + 2.0 * second

    x = placeholder("float32", [2])
    assert derivative(session, both(x).outputs[1], x, [1, 1]) == [2, 2]


# -- IndexedSlices -------------------------------------------------------------------------

class rows(Operation):
    """Rows of a table, with a gradient that is IndexedSlices."""

    def __init__(self, table, indices):
        super().__init__([table, indices])

    def infer(self, table, indices):
        return Spec(table.dtype, indices.shape + table.shape[1:])

    def compute(self, table, indices):
        return table[indices]


@pytest.fixture
def rows_gradient(registered):
    @RegisterGradient("rows")
    def gradient(op, grad):
        table, indices = op.inputs
        return IndexedSlices(grad, indices, constant(table.shape.as_list())), None


def test_the_gradient_of_a_lookup_is_indexed_slices(session, rows_gradient):
    table = tf.Variable(np.zeros((4, 2), np.float32))
    grad, = gradients(rows(table, [1, 3, 1]), table)
    assert isinstance(grad, IndexedSlices)
    value = session.run(grad)
    assert value.indices.tolist() == [1, 3, 1]
    assert value.values.tolist() == [[1, 1]] * 3
    assert grad.shape.as_list() == [4, 2]


def test_two_lookups_give_the_rows_of_both(session, rows_gradient):
    table = tf.Variable(np.zeros((4, 2), np.float32))
    grad, = gradients([rows(table, [1]), 2.0 * rows(table, [2, 1]).output], table)
    value = session.run(grad)
    found = zip(value.indices.tolist(), value.values[:, 0].tolist(), strict=True)
    assert sorted(found) == [(1, 1.0), (1, 2.0), (2, 2.0)]


def test_a_lookup_and_a_dense_use_give_a_dense_gradient(session, rows_gradient):
    table = tf.Variable(np.ones((3, 1), np.float32))
    grad, = gradients([rows(table, [1, 1]), table * 3.0], table)
    assert not isinstance(grad, IndexedSlices)
    assert session.run(grad).tolist() == [[3], [5], [3]]


# -- what is refused -----------------------------------------------------------------------

@pytest.mark.parametrize("dtype", ["int32", "bool", "string"])
def test_no_gradient_comes_from_ys_that_are_not_floating(dtype):
    x = placeholder(dtype, name="x")
    assert gradients(x, x) == [None]


def test_complex_ys_need_grad_ys():
    x = placeholder("complex64")
    with pytest.raises(TypeError, match="Gradients of complex tensors must set grad_ys"):
        gradients(x * x, x)


def test_path_is_what_lies_between():
    x, other = scalar("x"), scalar("other")
    y = x * other
    z = tf.exp(y)
    tf.exp(x)
    tf.exp(z)
    ops, tensors = path([z], [x], [])
    assert [op.type for op in ops] == ["Mul", "Exp"]
    assert tensors == {x, y, z}
    assert path([z], [x], [y]) == ([], {x})
    assert path([other], [x], []) == ([], {x})
