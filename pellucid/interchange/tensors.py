"""Arrays and shapes as messages: TensorProto, TensorShapeProto. Read next: op_signatures.py."""

import math

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.sources import as_array
from pellucid.interchange.messages import message

# The list of a TensorProto that holds a type's values, if they are not in tensor_content.
_FIELDS = {"float32": "float_val", "float64": "double_val", "int32": "int_val",
           "uint8": "int_val", "int16": "int_val", "int8": "int_val", "uint16": "int_val",
           "string": "string_val", "complex64": "scomplex_val", "int64": "int64_val",
           "bool": "bool_val", "complex128": "dcomplex_val", "float16": "half_val",
           "bfloat16": "half_val", "uint32": "uint32_val", "uint64": "uint64_val"}
_REPEATED = 1 << 26           # bytes that a short list may be filled up to


def make_tensor_proto(values, dtype=None, shape=None, verify_shape=False):
    """The TensorProto of a value.

    Args:
      values: an array, number, string or nested list.
      dtype: DType; by default as for tf.constant.
      shape: list of int; the last value is repeated to fill it.
      verify_shape: raise TypeError if the value does not have `shape`.

    As in TF: tf.make_tensor_proto.
    """
    array = as_array(values, dtype)
    if shape is not None:
        array = _reshaped(array, tuple(shape), verify_shape)
    return array_to_proto(array)


def _reshaped(array, shape, verify_shape):
    size = math.prod(shape)
    if verify_shape and array.shape != shape:
        raise TypeError(f"Expected Tensor's shape: {shape}, got {array.shape}.")
    if array.size > size or (size and not array.size):
        raise ValueError(f"{array.size} values do not fill the shape {shape}")
    flat = array.reshape(-1)
    return np.concatenate([flat, np.repeat(flat[-1:], size - flat.size)]).reshape(shape)


def array_to_proto(array, proto=None):
    """Fills a TensorProto (a new one where none is given) with an array."""
    proto = message("TensorProto")() if proto is None else proto
    dtype = dtypes.of_numpy(array.dtype)
    proto.dtype = dtype.as_datatype_enum
    shape_to_proto(array.shape, proto.tensor_shape)
    if dtype is dtypes.string:
        proto.string_val.extend(array.ravel().tolist())
    elif array.size:
        raw = array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes()
        if raw == raw[:dtype.size] * array.size:            # one value stands for all equal ones
            getattr(proto, _FIELDS[dtype.name]).extend(_numbers(array.reshape(-1)[:1], dtype))
        else:
            proto.tensor_content = raw
    return proto


def content_to_proto(array, proto=None):
    """The same, with numbers as the bytes of their memory even where shorter forms exist."""
    if array.dtype == object:
        return array_to_proto(array, proto)
    proto = message("TensorProto")() if proto is None else proto
    proto.dtype = dtypes.of_numpy(array.dtype).as_datatype_enum
    shape_to_proto(array.shape, proto.tensor_shape)
    proto.tensor_content = array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes()
    return proto


def _numbers(array, dtype):
    if dtype.is_complex:
        return array.view(dtype.real_dtype._numpy).tolist()
    if dtype in (dtypes.float16, dtypes.bfloat16):
        return array.view(np.uint16).tolist()
    return array.tolist()


def make_ndarray(tensor):
    """The array of a TensorProto, not to be written to.

    Raises InvalidArgumentError where shape, type and bytes do not fit together.
    As in TF: tf.make_ndarray.
    """
    try:
        dtype = dtypes.as_dtype(tensor.dtype).base_dtype
    except TypeError:
        raise TypeError(f"Unsupported tensor type: {tensor.dtype}") from None
    shape = proto_to_shape(tensor.tensor_shape)
    if shape is None or None in shape or len(shape) > 64:
        raise _wrong(f"a tensor's value has the shape {shape}")
    size = math.prod(shape)
    if dtype is not dtypes.string and tensor.tensor_content:
        if len(tensor.tensor_content) != size * dtype.size:
            raise _wrong(f"{dtype.name} of shape {shape} is {size * dtype.size} bytes, but "
                         f"there are {len(tensor.tensor_content)}")
        if dtype is dtypes.bool_:
            return (np.frombuffer(tensor.tensor_content, np.uint8) != 0).reshape(shape)
        stored = dtype._numpy.newbyteorder("<")
        array = np.frombuffer(tensor.tensor_content, stored).reshape(shape)
        return array.astype(dtype._numpy, copy=False)
    return _filled(listed_values(tensor, dtype), shape, size, dtype)


def listed_values(tensor, dtype):
    """The values in a TensorProto's list for a type, as a vector."""
    if dtype.name not in _FIELDS:
        raise TypeError(f"Unsupported tensor type: {dtype.name}")
    values = getattr(tensor, _FIELDS[dtype.name])
    if dtype is dtypes.string:
        array = np.empty(len(values), object)
        array[:] = values
        return array
    try:
        if dtype.is_complex:
            parts = np.array(values, dtype.real_dtype._numpy)
            return parts[:len(parts) // 2 * 2].view(dtype._numpy)
        if dtype in (dtypes.float16, dtypes.bfloat16):
            return np.array(values, np.int64).astype(np.uint16).view(dtype._numpy)
        wide = np.array(values, np.int64) if dtype.is_integer and dtype.size < 8 else values
        return np.array(wide).astype(dtype._numpy) if len(values) else np.empty(0, dtype._numpy)
    except OverflowError:
        raise _wrong(f"{dtype.name} cannot hold the values") from None


def _filled(values, shape, size, dtype):
    """The shape filled with the values; the last is repeated, and zeros stand for none."""
    if len(values) > size:
        raise _wrong(f"{len(values)} values for the shape {shape}")
    try:
        if len(values) == size:
            return values.reshape(shape)
        if len(values) <= 1:                      # takes no memory, whatever the shape says
            missing = b"" if dtype is dtypes.string else dtype._numpy.type(0)
            value = np.array(values[0] if len(values) else missing, dtype._numpy)
            return np.broadcast_to(value, shape)
    except ValueError as error:
        raise _wrong(f"no array has the shape {shape}: {error}") from None
    if size * max(dtype.size, 8) > _REPEATED:
        raise _wrong(f"{len(values)} values, of which the last is to fill the shape {shape}")
    rest = np.broadcast_to(values[-1:], (size - len(values),))
    return np.concatenate([values, rest]).reshape(shape)


def _wrong(what):
    return errors.InvalidArgumentError(None, None, f"TensorProto: {what}")


def shape_to_proto(shape, proto=None):
    """Fills a TensorShapeProto (a new one where none is given); None is an unknown rank."""
    proto = message("TensorShapeProto")() if proto is None else proto
    proto.SetInParent()
    if shape is None:
        proto.unknown_rank = True
        return proto
    for d in shape:
        proto.dim.add(size=-1 if d is None else d)
    return proto


def proto_to_shape(proto):
    """Tuple of int or None, or None, of a TensorShapeProto."""
    if proto.unknown_rank:
        return None
    return tuple([None if dim.size < 0 else dim.size for dim in proto.dim])
