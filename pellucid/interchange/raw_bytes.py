"""Tensors from and to byte strings."""

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec
from pellucid.interchange.parsing_ops import parse_message
from pellucid.interchange.tensors import content_to_proto, make_ndarray
from pellucid.ops.arguments import check_allowed, name_scope

_RAW = frozenset(d for d in dtypes.ALL if d not in (dtypes.string, dtypes.uint32, dtypes.uint64))


class DecodeRaw(Operation):
    """Byte strings, all of one length, as vectors of numbers."""

    op_type, attrs, fresh = "DecodeRaw", {"out_type": None, "little_endian": True}, True

    def infer(self, bytes):
        check_allowed("bytes", bytes.dtype, {dtypes.string})
        check_allowed("out_type", self.out_type, _RAW)
        return Spec(self.out_type, None if bytes.shape is None else (*bytes.shape, None))

    def compute(self, bytes):
        strings, size = np.asarray(bytes, object), self.out_type.size
        lengths = {len(s) for s in strings.ravel().tolist()}
        if len(lengths) > 1:
            raise errors.InvalidArgumentError(
                None, None, "DecodeRaw requires input strings to all be the same size, but some "
                f"have size {min(lengths)} and others {max(lengths)}")
        length = max(lengths, default=0)
        if length % size:
            raise errors.InvalidArgumentError(
                None, None, f"Input to DecodeRaw has length {length} that is not a multiple of "
                f"{size}, the size of {self.out_type.name}")
        raw = b"".join(strings.ravel().tolist())
        if self.out_type is dtypes.bool_:
            numbers = np.frombuffer(raw, np.uint8) != 0
        else:
            order = "<" if self.little_endian else ">"
            numbers = np.frombuffer(raw, self.out_type._numpy.newbyteorder(order))
        return numbers.astype(self.out_type._numpy).reshape(*strings.shape, length // size)


NotDifferentiable("DecodeRaw")


def decode_raw(input_bytes=None, out_type=None, little_endian=True, name=None, bytes=None):
    """The numbers whose memory byte strings hold.

    Args:
      input_bytes: Tensor of strings of one length.
      out_type: DType of numbers.
      little_endian: bool, the order of a number's bytes.
      name: str.
      bytes: the former name of input_bytes.

    Returns:
      Tensor of out_type, shape (*input_bytes.shape, numbers).

    As in TF: tf.io.decode_raw (op type DecodeRaw).
    """
    if (input_bytes is None) == (bytes is None):
        raise ValueError("Got none of, or both of, input_bytes and bytes; give input_bytes.")
    if out_type is None:
        raise ValueError("decode_raw() missing 1 positional argument: 'out_type'")
    with name_scope(name, "DecodeRaw", [input_bytes, bytes]) as scope:
        strings = convert_to_tensor(bytes if input_bytes is None else input_bytes, dtypes.string,
                                    name="bytes")
        return DecodeRaw([strings], name=scope, out_type=dtypes.as_dtype(out_type),
                         little_endian=little_endian).output


class SerializeTensor(Operation):
    """A tensor as a serialized TensorProto."""

    op_type, fresh = "SerializeTensor", True

    def infer(self, tensor):
        return Spec(dtypes.string, ())

    def compute(self, tensor):
        result = np.empty((), object)
        result[()] = content_to_proto(np.asarray(tensor)).SerializeToString()
        return result


NotDifferentiable("SerializeTensor")


def serialize_tensor(tensor, name=None):
    """A tensor as a byte string, for parse_tensor.

    As in TF: tf.io.serialize_tensor (op type SerializeTensor).
    """
    with name_scope(name, "SerializeTensor", [tensor]) as scope:
        return SerializeTensor([convert_to_tensor(tensor, name="tensor")], name=scope).output


class ParseTensor(Operation):
    """The tensor in a serialized TensorProto."""

    op_type, attrs, fresh = "ParseTensor", {"out_type": None}, True

    def infer(self, serialized):
        check_allowed("serialized", serialized.dtype, {dtypes.string})
        return Spec(self.out_type, None)

    def compute(self, serialized):
        if np.ndim(serialized):
            raise errors.InvalidArgumentError(
                None, None, "Expected `serialized` to be a scalar, got shape: "
                f"{list(np.shape(serialized))}")
        proto = parse_message("TensorProto", bytes(np.asarray(serialized, object)[()]), "")
        if proto.dtype != self.out_type.as_datatype_enum:
            try:
                found = dtypes.as_dtype(proto.dtype).name
            except TypeError:
                found = proto.dtype
            raise errors.InvalidArgumentError(
                None, None, f"Type mismatch between parsed tensor ({found}) and dtype "
                f"({self.out_type.name})")
        return np.array(make_ndarray(proto))


NotDifferentiable("ParseTensor")


def parse_tensor(serialized, out_type, name=None):
    """The tensor that serialize_tensor made a byte string of.

    Args:
      serialized: scalar Tensor of strings, a TensorProto.
      out_type: DType of the tensor; a run raises InvalidArgumentError for another.

    As in TF: tf.io.parse_tensor (op type ParseTensor).
    """
    with name_scope(name, "ParseTensor", [serialized]) as scope:
        serialized = convert_to_tensor(serialized, dtypes.string, name="serialized")
        return ParseTensor([serialized], name=scope, out_type=dtypes.as_dtype(out_type)).output
