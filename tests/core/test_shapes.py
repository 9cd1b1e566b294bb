"""Static shapes: tuples inside, TensorShape and Dimension outside."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.core import shapes
from pellucid.core.shapes import Dimension, Spec, TensorShape, as_shape

DIMENSIONS = st.one_of(st.none(), st.integers(0, 3))
SHAPES = st.one_of(st.none(), st.lists(DIMENSIONS, max_size=4).map(tuple))
COMPLETE = st.lists(st.integers(0, 3), max_size=4).map(tuple)


def erase(shape, which):
    """`shape` with the dimensions unknown at which `which` is true."""
    return tuple(None if hide else d for d, hide in zip(shape, which, strict=True))


# -- what the library computes with --------------------------------------------------------

@given(COMPLETE, COMPLETE, st.data())
def test_broadcast_agrees_with_numpy_as_far_as_it_knows(a, b, data):
    hidden_a = data.draw(st.lists(st.booleans(), min_size=len(a), max_size=len(a)))
    hidden_b = data.draw(st.lists(st.booleans(), min_size=len(b), max_size=len(b)))
    try:
        expected = np.broadcast_shapes(a, b)
    except ValueError:
        with pytest.raises(ValueError, match="Dimensions must be equal, but are"):
            shapes.broadcast(a, b)
        return
    assert shapes.broadcast(a, b) == expected
    got = shapes.broadcast(erase(a, hidden_a), erase(b, hidden_b))
    assert shapes.compatible(got, expected)


@pytest.mark.parametrize("a, b, expected", [
    ((None,), (3,), (3,)), ((None,), (1,), (None,)), ((None,), (None,), (None,)),
    ((None, 3), (3,), (None, 3)), ((2, None), (None, 4), (2, 4)), (None, (3,), None),
    ((), (None,), (None,)), ((0,), (1,), (0,)), ((None, 1), (1, 2), (None, 2)),
])
def test_broadcast_with_unknown_dimensions(a, b, expected):
    assert shapes.broadcast(a, b) == expected
    assert shapes.broadcast(b, a) == expected


@given(SHAPES, SHAPES)
def test_merge_is_defined_exactly_where_shapes_are_compatible(a, b):
    if shapes.compatible(a, b):
        merged = shapes.merge(a, b)
        assert merged == shapes.merge(b, a)
        assert shapes.compatible(merged, a)
        assert shapes.compatible(merged, b)
    else:
        with pytest.raises(ValueError, match="are not compatible"):
            shapes.merge(a, b)


@given(SHAPES)
def test_size_is_the_product_where_it_is_known(shape):
    size = shapes.size(shape)
    if shapes.is_complete(shape):
        assert size == int(np.prod(shape))
    else:
        assert size is None or 0 in shape


@pytest.mark.parametrize("shape, text", [
    (None, "<unknown>"), ((), "()"), ((3,), "(3,)"), ((None,), "(?,)"),
    ((None, 3), "(?, 3)"),
])
def test_shapes_print_as_in_tensorflow(shape, text):
    assert shapes.show(shape) == str(TensorShape(shape)) == text


@pytest.mark.parametrize("axis, rank, expected", [(0, 2, 0), (-1, 2, 1), (1, None, 1)])
def test_normalize_axis(axis, rank, expected):
    assert shapes.normalize_axis(axis, rank) == expected


@pytest.mark.parametrize("axis", [2, -3])
def test_an_axis_out_of_range_is_refused(axis):
    with pytest.raises(ValueError, match=rf"axis {axis} is out of range \[-2, 2\) for"):
        shapes.normalize_axis(axis, 2)


@pytest.mark.parametrize("shape, expected", [
    (None, None), ((), ()), ([], ()), (3, (3,)), (np.int64(3), (3,)),
    ([2, None], (2, None)),
    (TensorShape([2, None]), (2, None)), (Dimension(3), (3,)), (np.array([2, 3]), (2, 3)),
    ([Dimension(2), Dimension(None)], (2, None)), (range(3), (0, 1, 2)),
])
def test_what_users_write_for_a_shape(shape, expected):
    assert shapes.as_tuple(shape) == expected
    assert as_shape(shape) == TensorShape(expected)


@pytest.mark.parametrize("shape, error", [
    ([-1], ValueError), (-2, ValueError), ([1.5], TypeError), (["a"], TypeError),
])
def test_what_is_no_shape_is_refused(shape, error):
    with pytest.raises(error, match="Dimension"):
        shapes.as_tuple(shape)


def test_a_spec_reads_as_a_shape():
    assert Spec(None, (2,), np.array([3, -1])).as_shape() == (3, None)
    assert Spec(None, (2,), partial=(3, None)).as_shape() == (3, None)
    assert Spec(None, (2,)).as_shape() == (None, None)
    assert Spec(None, (None,)).as_shape() is None
    assert Spec(None, None).as_shape() is None
    assert Spec(None, None).rank is None
    assert Spec(None, (1, 2)).rank == 2


# -- TensorShape ---------------------------------------------------------------------------

def test_a_tensor_shape_is_a_list_of_dimensions():
    shape = TensorShape([None, 3])
    assert shape.ndims == shape.rank == len(shape) == 2
    assert shape.dims == [Dimension(None), Dimension(3)] or shape.dims[1].value == 3
    assert [d.value for d in shape] == [None, 3]
    assert shape[0].value is None
    assert shape[1] == 3
    assert shape[-1].value == 3
    assert shape[1:].as_list() == [3]
    assert shape.as_list() == [None, 3]
    assert shape == TensorShape([None, 3])
    assert shape == [None, 3]
    assert shape != TensorShape([None, 4])
    assert repr(shape) == "TensorShape([Dimension(None), Dimension(3)])"
    assert bool(shape)
    assert hash(shape) == hash(TensorShape([None, 3]))


def test_a_shape_of_unknown_rank():
    shape = TensorShape(None)
    assert shape.ndims is None
    assert shape.dims is None
    assert not shape
    assert repr(shape) == "TensorShape(None)"
    assert shape[3].value is None
    assert shape[1:].ndims is None
    assert shape.concatenate([1]).ndims is None
    assert shape.num_elements() is None
    with pytest.raises(ValueError, match="length of Shape with unknown rank"):
        len(shape)
    with pytest.raises(ValueError, match="iterate over a shape with unknown rank"):
        iter(shape)
    with pytest.raises(ValueError, match=r"as_list\(\) is not defined on an unknown"):
        shape.as_list()


def test_completeness():
    assert TensorShape([2, 3]).is_fully_defined()
    assert TensorShape([2, 3]).num_elements() == 6
    assert TensorShape([]).num_elements() == 1
    assert not TensorShape([2, None]).is_fully_defined()
    assert TensorShape([2, None]).num_elements() is None
    TensorShape([2]).assert_is_fully_defined()
    with pytest.raises(ValueError, match=r"Shape \(2, \?\) is not fully defined"):
        TensorShape([2, None]).assert_is_fully_defined()


def test_compatibility():
    shape = TensorShape([None, 3])
    assert shape.is_compatible_with([2, 3])
    assert not shape.is_compatible_with([2, 4])
    assert not shape.is_compatible_with([3])
    assert shape.merge_with([2, None]).as_list() == [2, 3]
    with pytest.raises(ValueError, match=r"Shapes \(\?, 3\) and \(2, 4\) are incompatible"):
        shape.assert_is_compatible_with([2, 4])
    with pytest.raises(ValueError, match="not compatible"):
        shape.merge_with([2, 4])


def test_ranks():
    shape = TensorShape([None, 3])
    assert shape.with_rank(2).as_list() == [None, 3]
    assert TensorShape(None).with_rank(2).as_list() == [None, None]
    assert shape.with_rank_at_least(1) is shape or shape.with_rank_at_least(1) == shape
    assert shape.with_rank_at_most(2).as_list() == [None, 3]
    shape.assert_has_rank(2)
    shape.assert_same_rank([1, 2])
    for refused in (lambda: shape.with_rank(3), lambda: shape.with_rank_at_least(3),
                    lambda: shape.with_rank_at_most(1), lambda: shape.assert_has_rank(1),
                    lambda: shape.assert_same_rank([1])):
        with pytest.raises(ValueError, match="rank|not compatible"):
            refused()


def test_joining_shapes():
    assert TensorShape([1]).concatenate([None]).as_list() == [1, None]
    assert (TensorShape([1]) + TensorShape([2])).as_list() == [1, 2]


# -- Dimension -----------------------------------------------------------------------------

def test_dimensions_calculate():
    three, unknown = Dimension(3), Dimension(None)
    assert (three + 1).value == (1 + three).value == 4
    assert (three - 1).value == 2
    assert (4 - three).value == 1
    assert (three * 2).value == (2 * three).value == 6
    assert (three // 2).value == 1
    assert (7 // three).value == 2
    assert (three % 2).value == 1
    assert (7 % three).value == 1
    assert int(three) == 3
    assert list(range(three)) == [0, 1, 2]
    for result in (unknown + 1, 1 + unknown, unknown * three, unknown // 2,
                   three - unknown):
        assert result.value is None


def test_dimensions_compare_where_they_are_known():
    three, unknown = Dimension(3), Dimension(None)
    assert three == 3
    assert three != 4
    assert three < 4
    assert three >= Dimension(3)
    assert three > 2
    assert three <= 3
    assert (unknown == 3) is None
    assert (unknown < 3) is None
    assert (three == None) is None                    # noqa: E711 - None is an unknown one
    assert hash(three) == hash(3)


def test_dimensions_merge():
    three, unknown = Dimension(3), Dimension(None)
    assert unknown.merge_with(3).value == three.merge_with(unknown).value == 3
    assert three.is_compatible_with(unknown)
    assert not three.is_compatible_with(4)
    with pytest.raises(ValueError, match="Dimensions 3 and 4 are not compatible"):
        three.merge_with(4)


def test_an_unknown_dimension_is_no_number():
    assert str(Dimension(None)) == "?"
    assert repr(Dimension(None)) == "Dimension(None)"
    with pytest.raises(TypeError, match="The dimension is unknown"):
        range(Dimension(None))


@pytest.mark.parametrize("value, error", [
    (-1, ValueError), (1.5, TypeError), ("3", TypeError),
])
def test_what_is_no_dimension_is_refused(value, error):
    with pytest.raises(error, match="Dimension"):
        Dimension(value)
