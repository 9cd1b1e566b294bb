"""TensorFlow's messages (GraphDef and the like), as protobuf classes of our own.

`tensorflow.proto` says what they hold; `tensorflow.binpb` is the same, compiled. The classes
live in a pool of their own, so TensorFlow's may be loaded beside them; between the two, only
bytes travel. Read next: tensors.py.
"""

import functools
from pathlib import Path

from pellucid.core import errors

COMPILED = Path(__file__).with_name("tensorflow.binpb")


@functools.cache
def message(name):
    """The protobuf class of a message, for example message("GraphDef")."""
    from google.protobuf import message_factory
    return message_factory.GetMessageClass(_pool().FindMessageTypeByName("tensorflow." + name))


@functools.cache
def data_types():
    """{number: name} of the element types: {1: "DT_FLOAT", ...}."""
    return {v.number: v.name
            for v in _pool().FindEnumTypeByName("tensorflow.DataType").values}


@functools.cache
def _pool():
    from google.protobuf import descriptor_pb2, descriptor_pool
    pool = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString(COMPILED.read_bytes()).file:
        pool.AddSerializedFile(file.SerializeToString())
    return pool


def parse(name, data, where):
    """The message in `data`, bytes. DataLossError, naming `where`, if it is damaged."""
    from google.protobuf.message import DecodeError
    try:
        return message(name).FromString(data)
    except DecodeError as error:
        raise errors.DataLossError(
            None, None, f"{where}: these {len(data)} bytes are not a {name}: {error}") from None


def parse_text(name, text, where):
    """The message that `text` spells. DataLossError, naming `where`, if it cannot be read."""
    from google.protobuf import text_format
    try:
        return text_format.Parse(text, message(name)())
    except (text_format.ParseError, RecursionError, UnicodeDecodeError, ValueError) as error:
        what = "nested too deeply" if isinstance(error, RecursionError) else error
        raise errors.DataLossError(
            None, None, f"{where}: this text is not a {name}: {what}") from None


def to_text(proto):
    """The text form of a message."""
    from google.protobuf import text_format
    return text_format.MessageToString(proto)
