"""TensorProto there and back, and what is wrong with some."""

import ml_dtypes
import numpy as np
import pytest

import pellucid as pt
from tests.differential.oracle import installed, tensorflow

ARRAYS = [np.float32([[1, 2], [3, 4]]), np.array(2.5), np.zeros((3, 2), np.int32),
          np.array([True, False]), np.complex64([1 + 2j, 3]), np.complex128(1j),
          np.float16([1.5]), np.arange(4).astype(ml_dtypes.bfloat16), np.array(-3, np.int8),
          np.uint64([2**63]), np.zeros((0, 3)), np.array([b"a", b"\xff"], object),
          np.array(b"x", object), np.uint32(7), np.int64([-1, -1])]


@pytest.mark.parametrize("array", ARRAYS, ids=lambda a: f"{a.dtype}{a.shape}")
def test_there_and_back(array):
    proto = pt.make_tensor_proto(array)
    values = [pt.make_ndarray(proto)]
    if installed():
        tf = tensorflow()
        theirs = type(tf.make_tensor_proto(0.0)).FromString(proto.SerializeToString())
        values += [tf.make_ndarray(theirs), pt.make_ndarray(type(proto).FromString(
            tf.make_tensor_proto(array).SerializeToString()))]
    for value in values:
        assert value.dtype == array.dtype and value.shape == array.shape
        assert value.tolist() == array.tolist()


def test_shapes_are_filled():
    proto = pt.make_tensor_proto([1, 2], shape=[2, 2])
    assert pt.make_ndarray(proto).tolist() == [[1, 2], [2, 2]]
    proto = pt.make_tensor_proto(0.0)
    proto.tensor_shape.dim.add(size=3)
    proto.float_val[:] = [1, 2]
    assert pt.make_ndarray(proto).tolist() == [1, 2, 2]
    proto.float_val[:] = []
    assert pt.make_ndarray(proto).tolist() == [0, 0, 0]
    with pytest.raises(ValueError, match="do not fill"):
        pt.make_tensor_proto([1, 2, 3], shape=[2])
    with pytest.raises(TypeError, match="Expected Tensor's shape"):
        pt.make_tensor_proto([1, 2], shape=[2, 2], verify_shape=True)


@pytest.mark.parametrize("fields, text", [
    ({"dtype": 1, "tensor_content": b"abc"}, "is 4 bytes, but there are 3"),
    ({"dtype": 1, "tensor_shape": {"dim": [{"size": -1}]}}, "has the shape"),
    ({"dtype": 1, "tensor_shape": {"unknown_rank": True}}, "has the shape None"),
    ({"dtype": 1, "float_val": [1, 2]}, "2 values for the shape"),
    ({"dtype": 1, "tensor_shape": {"dim": [{"size": 1 << 40}]}, "float_val": [1, 2]},
     "of which the last is to fill"),
    ({"dtype": 1, "tensor_shape": {"dim": [{"size": 1 << 40}, {"size": 1 << 40}]}},
     "no array has the shape"),
])
def test_what_is_wrong(fields, text):
    with pytest.raises(pt.errors.InvalidArgumentError) as found:
        pt.make_ndarray(type(pt.make_tensor_proto(0))(**fields))
    assert text in found.value.message


def test_types_we_do_not_have():
    with pytest.raises(TypeError, match="Unsupported tensor type"):
        pt.make_ndarray(type(pt.make_tensor_proto(0))(dtype=11))
