"""Element types."""

import copy
import pickle

import ml_dtypes
import numpy as np
import pytest

from pellucid.core import dtypes
from pellucid.core.dtypes import ALL, as_dtype

REFS = [dtype._as_ref for dtype in ALL]


@pytest.mark.parametrize("dtype", [*ALL, *REFS], ids=lambda d: d.name)
def test_a_dtype_is_found_by_everything_it_is_called(dtype):
    assert as_dtype(dtype) is dtype
    assert as_dtype(dtype.name) is dtype
    assert as_dtype(dtype.as_datatype_enum) is dtype
    assert pickle.loads(pickle.dumps(dtype)) is dtype
    assert copy.deepcopy(dtype) is dtype
    assert repr(dtype) == f"tf.{dtype.name}"
    assert str(dtype) == f"<dtype: {dtype.name!r}>"


@pytest.mark.parametrize("dtype", ALL, ids=lambda d: d.name)
def test_a_reference_knows_its_base(dtype):
    ref = dtype._as_ref
    assert ref.base_dtype is dtype.base_dtype is dtype
    assert ref.name == dtype.name + "_ref"
    assert ref.as_datatype_enum == dtype.as_datatype_enum + 100
    assert ref != dtype
    assert dtype.is_compatible_with(dtype)
    assert dtype.is_compatible_with(ref)
    assert not ref.is_compatible_with(dtype)
    assert ref._as_ref is ref


@pytest.mark.parametrize("value, name", [
    (np.float32, "float32"), (np.dtype("int64"), "int64"), (np.int8, "int8"),
    (ml_dtypes.bfloat16, "bfloat16"), (float, "float32"), (int, "int64"), (bool, "bool"),
    (complex, "complex128"), (str, "string"), (bytes, "string"), (object, "string"),
    (np.dtype("S3"), "string"), (np.dtype("U3"), "string"), (np.str_, "string"),
    ("half", "float16"), ("float", "float32"), ("double", "float64"), (1, "float32"),
    (101, "float32_ref"), ("<f8", "float64"),
])
def test_numpy_and_python_types_stand_for_dtypes(value, name):
    assert as_dtype(value).name == name


@pytest.mark.parametrize("value", [
    "float33", None, 0, 999, [], np.dtype("M8[s]"), object(),
])
def test_what_is_no_dtype_is_refused(value):
    with pytest.raises(TypeError, match="Cannot convert value .* to a TensorFlow DType"):
        as_dtype(value)


def test_dtypes_equal_what_stands_for_them():
    assert dtypes.float32 == "float32"
    assert dtypes.float32 == np.float32
    assert dtypes.float32 != np.float64
    assert dtypes.float32 != "nonsense"
    assert dtypes.float32 is not None
    assert dtypes.float32 != None                   # noqa: E711 - the comparison is the point
    assert {dtypes.float32: 1}[dtypes.float32] == 1


@pytest.mark.parametrize("dtype, kinds", [
    ("float16", "f"), ("bfloat16", "f"), ("float32", "f"), ("int32", "i"), ("uint8", "iu"),
    ("bool", "b"), ("complex64", "c"), ("string", ""), ("float32_ref", "f"),
    ("int64_ref", "i"),
])
def test_kinds(dtype, kinds):
    dtype = as_dtype(dtype)
    assert dtype.is_floating is ("f" in kinds)
    assert dtype.is_integer is ("i" in kinds)
    assert dtype.is_unsigned is ("u" in kinds)
    assert dtype.is_bool is ("b" in kinds)
    assert dtype.is_complex is ("c" in kinds)


@pytest.mark.parametrize("dtype, least, greatest", [
    ("uint8", 0, 255), ("int16", -32768, 32767), ("int32", -2**31, 2**31 - 1),
    ("int64", -2**63, 2**63 - 1), ("bool", False, True),
    ("float32", float(np.finfo(np.float32).min), float(np.finfo(np.float32).max)),
    ("float16", -65504.0, 65504.0),
])
def test_limits(dtype, least, greatest):
    dtype = as_dtype(dtype)
    assert dtype.min == least
    assert dtype.max == greatest


def test_bfloat16_has_limits():
    assert 3.3e38 < float(dtypes.bfloat16.max) < 3.5e38


def test_pixels():
    assert dtypes.float32.limits == (0, 1)
    assert dtypes.uint8.limits == (0, 255)


@pytest.mark.parametrize("dtype", [dtypes.string, dtypes.complex64], ids=lambda d: d.name)
def test_types_without_an_order_have_no_limits(dtype):
    with pytest.raises(TypeError, match="Cannot find minimum value of"):
        dtype.min
    with pytest.raises(TypeError, match="Cannot find maximum value of"):
        dtype.max


def test_sizes_and_real_parts():
    assert (dtypes.float16.size, dtypes.complex128.size, dtypes.string.size) == (2, 16, 0)
    assert dtypes.complex64.real_dtype is dtypes.float32
    assert dtypes.complex128.real_dtype is dtypes.float64
    assert dtypes.int32.real_dtype is dtypes.int32
    assert dtypes.float32.as_numpy_dtype is np.float32
    assert dtypes.string.as_numpy_dtype is np.object_
