"""Placeholders and constants: which arrays Python and NumPy values become."""

import ml_dtypes
import numpy as np
import pytest

import pellucid as tf
from pellucid.core import dtypes, errors
from pellucid.core.operation import convert_to_tensor
from pellucid.core.shapes import Dimension, TensorShape
from pellucid.core.sources import as_array, constant, placeholder, placeholder_with_default

# -- constants: default types --------------------------------------------------------------

@pytest.mark.parametrize("value, dtype", [
    (1, "int32"), (2**31 - 1, "int32"), (-2**31, "int32"), (2**31, "int64"),
    (-2**31 - 1, "int64"),
    (1.0, "float32"), (1j, "complex128"), (True, "bool"), ("a", "string"), (b"a", "string"),
    ([], "float32"), ([[]], "float32"), ([1, 2.0], "float32"), ([1, 2**40], "int64"),
    ([1.0, 2j], "complex128"), (range(3), "int32"), ((1, 2), "int32"),
    (np.float64(1), "float64"), (np.float32(1), "float32"), (np.int64(1), "int64"),
    (np.uint8(1), "uint8"), (np.float16(1), "float16"), (np.bool_(True), "bool"),
    (np.array([1, 2]), "int64"), (np.array([1.0]), "float64"), (np.array(["a"]), "string"),
    (np.array([b"a"]), "string"), ([np.float64(1), np.float64(2)], "float32"),
    ([np.int64(1), 2], "int32"), ([np.int64(2**40)], "int64"), ([np.float16(1)], "float16"),
    ([True, 1], "int32"), ([True, 1.5], "float32"), (2**63, "uint64"),
    ([np.array([1, 2], np.int16)], "int16"), (ml_dtypes.bfloat16(1), "bfloat16"),
    (TensorShape([1, 2]), "int32"), (Dimension(3), "int32"),
])
def test_default_types(value, dtype):
    x = constant(value)
    assert x.dtype.name == dtype
    assert x.op.value.dtype == x.dtype._numpy


@pytest.mark.parametrize("value, dtype", [
    (1, "float32"), (1, "float64"), (1, "int8"), (1, "complex64"), (1.5, "float16"),
    (1.5, "bfloat16"), (1.5, "complex64"), (True, "bool"), ("a", "string"), ([], "int32"),
    (np.array([1.5]), "float32"), (np.array([1, 2]), "float32"),
    (np.float64(1.5), "float32"),
])
def test_a_dtype_converts(value, dtype):
    assert constant(value, dtype).dtype.name == dtype
    assert constant(value, dtypes.as_dtype(dtype)._as_ref).dtype.name == dtype


@pytest.mark.parametrize("value, dtype, text", [
    (1.5, "int32", "Expected int32, but got 1.5 of type 'float'."),
    (1, "bool", "Expected bool, but got 1 of type 'int'."),
    ("a", "float32", "Expected float32, but got 'a' of type 'str'."),
    (1j, "float32", "Expected float32, but got 1j of type 'complex'."),
    (1, "string", "Expected"),
    (np.array([1]), "string", "Expected string"),
    (np.array(["a"]), "int32", "Expected int32"),
    ([1, "a"], None, "Cannot make one tensor of values of different types"),
    ([True, "a"], None, "Cannot make one tensor of values of different types: bool, str"),
    (2**64, None, "Cannot convert 18446744073709551616 to a tensor"),
    (object(), None, "Failed to convert"),
])
def test_a_value_of_another_kind_is_refused(value, dtype, text):
    with pytest.raises(TypeError) as error:
        constant(value, dtype)
    assert text in str(error.value)


@pytest.mark.parametrize("value, text", [
    (None, "None values not supported."),
    ([[1, 2], [3]], "non-rectangular Python sequence"),
    ([1, [2]], "non-rectangular Python sequence"),
    (TensorShape([None]), "partially known TensorShape"),
])
def test_what_has_no_shape_is_refused(value, text):
    with pytest.raises(ValueError, match=text):
        constant(value)


@pytest.mark.parametrize("value, dtype, expected", [
    (300, "uint8", 44), (-1, "uint8", 255), (3_000_000_000, "int32", -1_294_967_296),
    (True, "float32", 1.0), (2**64 - 1, "uint64", 2**64 - 1),
])
def test_as_in_tensorflow_ints_wrap_and_bools_count(session, value, dtype, expected):
    result = session.run(constant(value, dtype))
    assert (result, result.dtype.name) == (expected, dtype)


def test_a_graph_keeps_its_own_copy(session):
    array = np.array([1.0, 2.0], np.float32)
    x = constant(array)
    array[0] = 5
    result = session.run(x)
    result[1] = 7
    assert session.run(x).tolist() == [1, 2]


def test_text_becomes_bytes(session):
    assert session.run(constant("ä")) == "ä".encode()
    assert session.run(constant(["a", b"b"])).tolist() == [b"a", b"b"]
    assert session.run(constant([["a"], ["b"]])).shape == (2, 1)
    assert session.run(constant(np.array(["a", "bc"]))).tolist() == [b"a", b"bc"]
    assert constant([], "string").shape.as_list() == [0]


def test_nested_arrays(session):
    x = constant([np.array([1, 2], np.float32), [3.0, 4.0]])         # TensorFlow refuses it
    assert session.run(x).tolist() == [[1, 2], [3, 4]]
    assert x.dtype is dtypes.float32


# -- constants: shapes ---------------------------------------------------------------------

def test_a_shape_is_filled_with_the_last_value(session):
    assert session.run(constant(3, shape=[2, 2])).tolist() == [[3, 3], [3, 3]]
    assert session.run(constant([1, 2], shape=[2, 2])).tolist() == [[1, 2], [2, 2]]
    assert session.run(constant([1, 2, 3, 4], shape=(2, 2))).tolist() == [[1, 2], [3, 4]]
    assert session.run(constant(7, "float32", 3)).tolist() == [7, 7, 7]
    assert session.run(constant([], shape=[0, 2])).shape == (0, 2)


def test_a_shape_that_is_too_small_is_refused():
    with pytest.raises(ValueError, match="Too many elements provided. Takes at most 1,"):
        constant([1, 2], shape=[1])
    with pytest.raises(ValueError, match="Cannot fill shape"):
        constant([], shape=[1])
    with pytest.raises(TypeError, match=r"Expected Tensor's shape: \(2, 2\), got \(2,\)"):
        constant([1, 2], shape=[2, 2], verify_shape=True)


def test_names():
    assert constant(1).name == "Const:0"
    assert constant(1, name="x").name == "x:0"
    assert placeholder("float32").name == "Placeholder:0"
    assert convert_to_tensor(1).name == "Const_1:0"
    assert convert_to_tensor(1, name="y").name == "y:0"


def test_as_array_gives_arrays_of_the_librarys_own():
    array = np.arange(3)
    assert as_array(array) is not array
    assert as_array(array, "float32").dtype == np.float32
    assert as_array(2).shape == ()


# -- placeholders --------------------------------------------------------------------------

def test_a_placeholder_passes_on_what_is_fed(session):
    x = placeholder("float32", [None, 2])
    assert x.shape.as_list() == [None, 2]
    value = session.run(x, {x: [[1, 2]]})
    assert value.dtype == np.float32
    assert value.tolist() == [[1, 2]]


def test_an_untyped_placeholder_takes_the_type_of_what_is_fed(session):
    x = placeholder()
    y = x + x
    assert x.dtype is None
    for value, dtype in [(1, np.int64), (1.5, np.float64), (np.float32(1), np.float32),
                         ([1j], np.complex128)]:
        result = session.run(y, {x: value})
        assert result.dtype == dtype
        assert np.all(result == 2 * np.asarray(value))


def test_a_missing_feed_names_the_placeholder(session):
    x = placeholder("float32", [None, 2], name="x")
    with pytest.raises(errors.InvalidArgumentError) as error:
        session.run(x + 1.0)
    text = str(error.value)
    assert "You must feed a value for placeholder tensor 'x'" in text
    assert "float32" in text and "(?, 2)" in text
    assert "It is an input of 'add'." in text
    assert "test_sources.py:" in text
    assert error.value.op is x.op


def test_a_placeholder_with_default(session):
    x = placeholder_with_default(constant([1.0, 2.0]), [None])
    assert x.shape.as_list() == [None]
    assert session.run(x).tolist() == [1, 2]
    assert session.run(x + x, {x: [3, 4, 5]}).tolist() == [6, 8, 10]
    with pytest.raises(ValueError, match="the default has shape"):
        placeholder_with_default([1.0, 2.0], [3])


def test_the_tutorials_first_program(engine):
    tf.Graph().as_default()
    A = tf.Variable([[1, 0], [0, -1]])
    b = tf.Variable([1, 1])
    x = tf.placeholder()
    y = tf.matmul(A, x)
    z = tf.add(y, b)
    assert str(tf.Session(engine=engine).run(z, {x: [1, 2]})) == "[ 2 -1]"
