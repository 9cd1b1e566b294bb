"""Files made to do harm: a clear error, in bounded time and memory, and nothing is run."""

import time
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pellucid as tf
from pellucid.interchange import messages
from pellucid.interchange.bundle import BundleReader
from pellucid.interchange.messages import message
from pellucid.interchange.old_checkpoints import OldReader
from pellucid.interchange.records import read_records
from pellucid.interchange.table import varint, write_table
from tests.interchange import fuzz


def test_a_few_hundred_damaged_files():
    """The same for 10,000 and more: python -m tests.interchange.fuzz."""
    lines = []
    bugs = fuzz.run(90, seed=3, report=lines.append)
    assert not bugs, bugs[0][2] + "\n".join(lines)


READERS = {
    "table": lambda path: BundleReader(path[:-6]), "old": OldReader,
    "records": lambda path: list(read_records(path)),
    "zlib": lambda path: list(read_records(path, "ZLIB")),
    "events": lambda path: list(tf.train.summary_iterator(path)),
    "meta": lambda path: tf.train.import_meta_graph(path),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("hostile")


@given(data=st.binary(max_size=300))
@settings(max_examples=60, deadline=None)
@pytest.mark.parametrize("reader", READERS)
def test_any_bytes(folder, reader, data):
    path = folder / "x.index"
    path.write_bytes(data)
    with tf.Graph().as_default():
        try:
            READERS[reader](str(path))
        except (tf.errors.DataLossError, tf.errors.NotFoundError) as error:
            assert "x" in str(error)


@given(text=st.text(max_size=200))
@settings(max_examples=25, deadline=None)
def test_any_text_as_a_checkpoint_state(folder, text):
    (folder / "checkpoint").write_text(text, "utf-8", "replace")
    assert tf.train.latest_checkpoint(folder) is None or text


def node(name, op="Identity", *inputs):
    result = message("NodeDef")(name=name, op=op, input=inputs)
    if op == "Identity":
        result.attr["T"].type = 1
    return result


def constant(name="c"):
    result = message("NodeDef")(name=name, op="Const")
    result.attr["dtype"].type = 1
    result.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(np.float32(1)))
    return result


def test_python_is_not_run():
    for op in "PyFunc", "PyFuncStateless", "EagerPyFunc":
        with pytest.raises(tf.errors.InvalidArgumentError, match="call Python functions"):
            tf.import_graph_def(message("GraphDef")(node=[constant(), node("f", op)]))


def test_cycles_are_found():
    for nodes in ([node("a", "Identity", "a")],
                  [node("a", "Identity", "b"), node("b", "Identity", "a")]):
        with pytest.raises(ValueError, match="cycle"):
            tf.import_graph_def(message("GraphDef")(node=nodes))


def test_many_nodes_take_linear_time():
    """A chain, listed backwards: nothing recurses."""
    took = []
    for count in 3_000, 12_000:
        nodes = [node(f"n{i}", "Identity", f"n{i - 1}" if i else "c") for i in range(count)]
        graph_def = message("GraphDef")(node=[*reversed(nodes), constant()])
        start = time.process_time()
        with tf.Graph().as_default():
            tf.import_graph_def(graph_def, name="")
        took.append(time.process_time() - start)
    assert took[1] < 12 * took[0] + 1


def test_deep_nesting():
    deep = b""
    for _ in range(1000):                   # AttrValue.func, NameAttrList.attr, its value
        for tag in b"\x12", b"\x12", b"\x52":
            deep = tag + varint(len(deep)) + deep
    with pytest.raises(tf.errors.DataLossError, match="here: .* bytes are not a"):
        messages.parse("AttrValue", deep, "here")
    text = "attr { value { list { func { " * 20 + "attr { value { list { " * 3000
    with pytest.raises(tf.errors.DataLossError, match="here: this text is not a"):
        messages.parse_text("NodeDef", text, "here")


def test_a_tensor_larger_than_any_memory():
    huge = message("TensorProto")(dtype=1)
    for _ in range(4):
        huge.tensor_shape.dim.add(size=1 << 40)
    huge.float_val.append(1.0)
    with pytest.raises(tf.errors.InvalidArgumentError):
        tf.make_ndarray(huge)
    bad = constant()
    bad.attr["value"].tensor.CopyFrom(huge)
    with pytest.raises(ValueError, match="attribute 'value'"):
        tf.import_graph_def(message("GraphDef")(node=[bad]))


@pytest.mark.parametrize("old", [False, True])
def test_a_checkpoint_with_a_shape_larger_than_the_file(tmp_path, old):
    shape = message("TensorShapeProto")()
    for _ in range(2):
        shape.dim.add(size=1 << 30)
    if old:
        header = message("SavedTensorSlices")()
        header.meta.tensor.add(name="w", shape=shape, type=1, slice=[
            message("TensorSliceProto")(extent=[{"length": 1}, {"length": 1}])])
        items = [(b"", header.SerializeToString())]
    else:
        entry = message("BundleEntryProto")(dtype=1, shape=shape, size=1 << 62)
        items = [(b"", message("BundleHeaderProto")(num_shards=1).SerializeToString()),
                 (b"w", entry.SerializeToString())]
    with open(tmp_path / ("net" if old else "net.index"), "wb") as file:
        write_table(file, items)
    (tmp_path / "net.data-00000-of-00001").write_bytes(b"1234")
    tracemalloc.start()
    with pytest.raises(tf.errors.DataLossError, match="net"):
        tf.train.load_variable(str(tmp_path / "net"), "w")
    assert tracemalloc.get_traced_memory()[1] < 10 << 20
    tracemalloc.stop()
