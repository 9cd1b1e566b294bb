"""The messages: their compiled form is current, and TensorFlow's own live beside them."""

import importlib.util

import pytest

import pellucid as tf
from pellucid.interchange import messages
from tests.conftest import needs_tensorflow
from tests.differential.oracle import tensorflow


@pytest.mark.skipif(not importlib.util.find_spec("grpc_tools"), reason="needs grpcio-tools")
def test_the_compiled_form_is_current():
    from google.protobuf import descriptor_pb2

    from tests.interchange.compile_messages import compiled
    parse = descriptor_pb2.FileDescriptorSet.FromString
    assert parse(compiled()) == parse(messages.COMPILED.read_bytes()), (
        "remake it: python -m tests.interchange.compile_messages")


@needs_tensorflow
def test_fields_are_those_of_tensorflow():
    tensorflow()
    from tensorflow.core.example import example_pb2
    from tensorflow.core.framework import (
        graph_pb2,
        op_def_pb2,
        step_stats_pb2,
        types_pb2,
        variable_pb2,
    )
    from tensorflow.core.protobuf import (
        config_pb2,
        meta_graph_pb2,
        saved_model_pb2,
        saver_pb2,
        tensor_bundle_pb2,
    )
    from tensorflow.core.util import event_pb2, saved_tensor_slice_pb2
    theirs = {}
    for module in (graph_pb2, op_def_pb2, variable_pb2, meta_graph_pb2, saved_model_pb2,
                   saver_pb2, tensor_bundle_pb2, example_pb2, step_stats_pb2, config_pb2,
                   event_pb2, saved_tensor_slice_pb2):
        collect(module.DESCRIPTOR, theirs)
    ours = {}
    for file in ("tensorflow.proto",):
        collect(messages._pool().FindFileByName(file), ours)
    compared = ours.keys() & theirs.keys()
    assert len(compared) >= 65
    for name in compared:
        known = {f.name: (f.number, f.type, f.label if hasattr(f, "label") else 0)
                 for f in theirs[name].fields}
        for field in ours[name].fields:
            number, kind, _ = known[field.name]
            assert field.number == number, (name, field.name)
            # Enumerations that only TensorFlow's programs use are plain numbers here.
            assert field.type == kind or (kind, field.type) == (14, 5), (name, field.name)
    numbers = dict(types_pb2.DataType.items())
    assert all(numbers[name] == number for number, name in messages.data_types().items())


def collect(file, found, seen=None):
    """Adds {name: descriptor} of a file's messages and of what it imports."""
    seen = set() if seen is None else seen
    if file.name in seen:
        return
    seen.add(file.name)
    stack = list(file.message_types_by_name.values())
    while stack:
        message = stack.pop()
        found[message.full_name] = message
        stack.extend(message.nested_types)
    for other in file.dependencies:
        collect(other, found, seen)


def test_messages_are_reached_by_their_names():
    assert tf.GraphDef is messages.message("GraphDef")
    assert tf.GraphDef(node=[tf.NodeDef(name="a")]).node[0].name == "a"
    assert tf.train.SaverDef().DESCRIPTOR.full_name == "tensorflow.SaverDef"


def test_protobuf_is_loaded_on_use():
    import subprocess
    import sys
    program = ("import sys, pellucid; assert 'google.protobuf' not in sys.modules;"
               "assert 'google_crc32c' not in sys.modules; pellucid.GraphDef();"
               "assert 'google.protobuf' in sys.modules")
    subprocess.run([sys.executable, "-c", program], check=True)


def test_damage_names_the_place():
    with pytest.raises(tf.errors.DataLossError, match="here: these 3 bytes are not a GraphDef"):
        messages.parse("GraphDef", b"\xff\xff\xff", "here")


@pytest.mark.parametrize("text", ["node {", "node { nme: 'a' }", "\0", "node: 3"])
def test_text_that_is_none(text):
    with pytest.raises(tf.errors.DataLossError, match="here: this text is not a GraphDef"):
        messages.parse_text("GraphDef", text, "here")


def test_deep_nesting_is_refused():
    deep = "node { attr { value { func { " * 4000
    with pytest.raises(tf.errors.DataLossError):
        messages.parse_text("GraphDef", deep, "here")
    proto, value = tf.AttrValue(), b""
    for _ in range(3000):
        value = wrap(0x52, wrap(0x12, wrap(0x12, value)))     # func { attr { value { ... } } }
    with pytest.raises(tf.errors.DataLossError):
        messages.parse("AttrValue", value, "here")
    assert not proto.WhichOneof("value")


def wrap(tag, data):
    from pellucid.interchange.table import varint
    return bytes([tag]) + varint(len(data)) + data
