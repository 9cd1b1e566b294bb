"""Checkpoints: written and read, by us and by TensorFlow; overwritten, damaged, hostile."""

import os
import tracemalloc

import hypothesis.strategies as st
import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings

import pellucid as pt
from pellucid.interchange import bundle, table
from pellucid.interchange.bundle import BundleReader, BundleWriter
from pellucid.interchange.slices import parse_slice, slice_key
from tests.conftest import needs_tensorflow
from tests.differential.oracle import tensorflow

TENSORS = {
    "a": np.arange(6, dtype=np.float32).reshape(2, 3), "double": np.linspace(0, 1, 7),
    "deep/name/int64": np.array([2**40, -1]), "bool": np.array(True), "uint8": np.uint8([0, 255]),
    "empty": np.zeros((0, 3), np.int32), "complex": np.complex64([1 + 2j]),
    "bfloat16": np.arange(3).astype(ml_dtypes.bfloat16), "half": np.float16([0.5]),
    "strings": np.array([[b"x", b""], [b"y" * 300, b"\xff\0"]], object),
    "string": np.array(b"hello", object), "no strings": np.zeros((0, 2), object),
}
HALVES = [((4, 3), ((0, 2), (0, -1)), np.ones((2, 3), np.float32)),
          ((4, 3), ((2, 2), (0, 3)), np.full((2, 3), 2, np.float32))]


def write(prefix, tensors=TENSORS, parts=True):
    with BundleWriter(prefix) as writer:
        for name, value in tensors.items():
            writer.add(name, value)
        for shape, extents, value in HALVES if parts else ():
            writer.add("parted", value, (shape, extents))


def assert_same(actual, expected):
    actual = np.asarray(actual, object if isinstance(actual, bytes) else None)
    assert actual.dtype == expected.dtype and actual.shape == expected.shape
    assert np.array_equal(actual, expected)


@pytest.fixture
def prefix(tmp_path):
    return str(tmp_path / "net")


def test_there_and_back(prefix):
    write(prefix)
    reader = BundleReader(prefix)
    assert set(reader.names()) == {*TENSORS, "parted"}
    for name, value in TENSORS.items():
        assert_same(reader.read(name), value)
        assert reader.shape(name) == value.shape
    assert reader.read("parted")[:, 0].tolist() == [1, 1, 2, 2]


def test_many_names_fill_several_blocks(prefix):
    names = [f"some/long/scope/name_{i}/variable" for i in range(9000)]
    with BundleWriter(prefix) as writer:
        for i, name in enumerate(names):
            writer.add(name, np.int32(i))
    reader = BundleReader(prefix)
    assert reader.names() == sorted(names)
    assert all(reader.read(name) == i for i, name in list(enumerate(names))[::500])


@needs_tensorflow
def test_tensorflow_reads_ours(prefix):
    write(prefix)
    tf = tensorflow()
    reader = tf.train.load_checkpoint(prefix)
    assert reader.get_variable_to_shape_map() == {
        "parted": [4, 3], **{name: list(value.shape) for name, value in TENSORS.items()}}
    for name, value in TENSORS.items():
        assert_same(reader.get_tensor(name), value)
    with tf.Graph().as_default(), tf.Session() as session:
        rows, = session.run(tf.raw_ops.RestoreV2(
            prefix=prefix, tensor_names=["parted"], shape_and_slices=["4 3 1,2:-"],
            dtypes=[tf.float32]))
    assert rows[:, 0].tolist() == [1, 2]


@needs_tensorflow
def test_we_read_tensorflows(prefix):
    tf = tensorflow()
    with tf.Graph().as_default(), tf.Session() as session:
        for name, value in TENSORS.items():
            tf.Variable(value, name=name.replace(" ", "_"))
        parts = tf.get_variable("parted", [7, 3], partitioner=tf.fixed_size_partitioner(3))
        session.run(tf.global_variables_initializer())
        tf.train.Saver().save(session, prefix)
        whole = session.run(parts.as_tensor())
    reader = pt.train.NewCheckpointReader(prefix)
    for name, value in TENSORS.items():
        assert_same(reader.get_tensor(name.replace(" ", "_")), value)
    assert_same(reader.get_tensor("parted"), whole)


def test_slice_keys_are_tensorflows():
    # From a checkpoint that TensorFlow wrote.
    assert slice_key(b"part", [(0, 2), (0, -1)]) == b"\0part\0\1\1\2\x80\x82\x80\x7f"
    assert slice_key(b"p", [(300, 70000)]) == b"\0p\0\1\1\1" + b"\xc1\x2c" + b"\xe1\x11\x70"


@pytest.mark.parametrize("text", ["4", "4 3 0,5:-", "4 x -", "4 -1,2", "4 3 -", "4 0;2"])
def test_slices_that_are_none(text):
    with pytest.raises(pt.errors.InvalidArgumentError, match="does not say which part"):
        parse_slice(text)


# -- nothing is lost -----------------------------------------------------------------------

def test_an_error_while_writing_leaves_the_old_one(prefix):
    write(prefix)
    with pytest.raises(ZeroDivisionError), BundleWriter(prefix) as writer:
        writer.add("a", np.zeros(3))
        1 / 0
    assert_same(BundleReader(prefix).read("a"), TENSORS["a"])
    assert not [name for name in os.listdir(os.path.dirname(prefix)) if ".part-" in name]


def test_whatever_step_of_overwriting_fails_there_is_a_whole_one(prefix, monkeypatch):
    """os.replace, os.fsync and os.remove each fail at each of their calls in turn."""
    old, new = {"x": np.zeros(3)}, {"x": np.ones(3), "y": np.ones(1)}
    seen = set()
    for step in range(12):
        write(prefix, old, parts=False)
        calls = iter(range(100))

        def failing(real, step=step, calls=calls):
            def function(*args):
                if next(calls) >= step:
                    raise OSError("the machine stopped")
                return real(*args)
            return function

        with monkeypatch.context() as patch:
            for name in "replace", "fsync", "remove":
                patch.setattr(bundle.os, name, failing(getattr(os, name)))
            try:
                write(prefix, new, parts=False)
            except OSError:
                pass
        reader = BundleReader(prefix)
        found = {name: reader.read(name).tolist() for name in reader.names()}
        assert found in ({"x": [0, 0, 0]}, {"x": [1, 1, 1], "y": [1]})
        seen.add(len(found))
    assert seen == {1, 2}


def test_overwriting_leaves_one_data_file(prefix):
    for i in range(3):
        write(prefix, {"x": np.full(2, i)}, parts=False)
        assert BundleReader(prefix).read("x").tolist() == [i, i]
        assert len(os.listdir(os.path.dirname(prefix))) == 2


def test_large_tensors_take_no_second_copy(prefix):
    big = np.random.default_rng(0).random(1 << 22)                # 32 MiB
    tracemalloc.start()
    write(prefix, {"big": big}, parts=False)
    writing = tracemalloc.get_traced_memory()[1]
    tracemalloc.reset_peak()
    value = BundleReader(prefix).read("big")
    reading = tracemalloc.get_traced_memory()[1] - writing
    tracemalloc.stop()
    assert np.array_equal(value, big)
    assert writing < big.nbytes / 4 and reading < big.nbytes * 1.25


def test_a_name_twice(prefix):
    with pytest.raises(pt.errors.InvalidArgumentError, match="duplicate key"), \
            BundleWriter(prefix) as writer:
        writer.add("x", np.ones(1))
        writer.add("x", np.ones(1))
    assert not os.path.exists(prefix + ".index")


# -- damage --------------------------------------------------------------------------------

def test_there_is_none(prefix):
    with pytest.raises(pt.errors.NotFoundError, match="net.index"):
        BundleReader(prefix)


def test_an_unknown_name(prefix):
    write(prefix)
    with pytest.raises(pt.errors.NotFoundError, match="Key nobody not found in checkpoint"):
        BundleReader(prefix).read("nobody")


def test_the_data_are_missing(prefix):
    write(prefix)
    os.remove(bundle.data_file(prefix, 0, 1))
    with pytest.raises(pt.errors.NotFoundError, match="data-00000-of-00001 is missing"):
        BundleReader(prefix).read("a")


def test_any_flipped_bit_of_the_index_is_noticed(prefix):
    write(prefix)
    data = open_bytes(prefix + ".index")
    for i in range(len(data)):
        damaged = bytearray(data)
        damaged[i] ^= 1 << i % 8
        put(prefix + ".index", damaged)
        try:
            reader = BundleReader(prefix)
        except pt.errors.DataLossError as error:
            assert "net.index" in error.message and "byte" in error.message
        else:                           # the padding of the end
            assert len(data) - 48 < i < len(data) - 8
            assert_same(reader.read("a"), TENSORS["a"])


def test_any_flipped_bit_of_the_data_is_noticed(prefix):
    tensors = {"x": np.arange(5.0), "s": np.array([b"abc", b"de"], object)}
    write(prefix, tensors, parts=False)
    path = bundle.data_file(prefix, 0, 1)
    data = open_bytes(path)
    for i in range(len(data)):
        damaged = bytearray(data)
        damaged[i] ^= 1 << i % 8
        put(path, damaged)
        with pytest.raises(pt.errors.DataLossError, match=r"data-00000-of-00001.*byte \d+"):
            for name in tensors:
                BundleReader(prefix).read(name)


def open_bytes(path):
    with open(path, "rb") as file:
        return file.read()


def put(path, data):
    with open(path, "wb") as file:
        file.write(data)


CHANGES = st.lists(st.tuples(st.sampled_from(["flip", "cut", "insert", "ones"]),
                             st.integers(0, 1 << 20), st.binary(min_size=1, max_size=12)),
                   min_size=1, max_size=4)


def mutated(data, changes):
    data = bytearray(data)
    for how, place, extra in changes:
        i = place % max(len(data), 1)
        if how == "flip" and data:
            data[i] ^= extra[0] or 1
        elif how == "cut":
            del data[i:]
        elif how == "insert":
            data[i:i] = extra
        else:
            data[i:i + len(extra)] = b"\xff" * len(extra)
    return bytes(data)


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    prefix = str(tmp_path_factory.mktemp("sample") / "net")
    write(prefix)
    return (prefix + "-mutated", open_bytes(prefix + ".index"),
            open_bytes(bundle.data_file(prefix, 0, 1)))


@settings(max_examples=300)
@given(changes=CHANGES, which=st.booleans(), trusting=st.booleans())
def test_mutated_files_get_clear_errors(sample, changes, which, trusting):
    """Also where the checksums of the blocks are right, as somebody hostile would make them."""
    prefix, index, data = sample
    put(prefix + ".index", mutated(index, changes) if which else index)
    put(bundle.data_file(prefix, 0, 1), data if which else mutated(data, changes))
    with pytest.MonkeyPatch.context() as patch:
        if trusting:
            patch.setattr(table._Table, "check", lambda *args: None)
        try:
            reader = BundleReader(prefix)
            names = reader.names()
        except (pt.errors.DataLossError, pt.errors.UnimplementedError):
            return
        for name in names:
            try:
                reader.read(name)
            except (pt.errors.DataLossError, pt.errors.NotFoundError,
                    pt.errors.UnimplementedError):
                pass


# -- hostile lengths -----------------------------------------------------------------------

def forge(prefix, **fields):
    """A checkpoint with one entry "x" that says what it likes."""
    header = bundle.message("BundleHeaderProto")(num_shards=1)
    entry = bundle.message("BundleEntryProto")(**fields)
    with open(prefix + ".index", "wb") as file:
        table.write_table(file, [(b"", header.SerializeToString()),
                                 (b"x", entry.SerializeToString())])
    put(bundle.data_file(prefix, 0, 1), b"12345678")


@pytest.mark.parametrize("fields", [
    {"dtype": 1, "shape": {"dim": [{"size": 1 << 40}]}, "size": 1 << 42},
    {"dtype": 1, "shape": {"dim": [{"size": 1 << 40}, {"size": 1 << 40}]}, "size": 8},
    {"dtype": 1, "shape": {"dim": [{"size": -1}]}, "size": 8},
    {"dtype": 1, "shape": {"unknown_rank": True}, "size": 8},
    {"dtype": 1, "shape": {"dim": [{"size": 1}] * 100}, "size": 4},
    {"dtype": 1, "shape": {"dim": [{"size": 2}]}, "size": 8, "offset": 1 << 62},
    {"dtype": 1, "shape": {"dim": [{"size": 2}]}, "size": 8, "offset": -8},
    {"dtype": 1, "shape": {"dim": [{"size": 0}, {"size": 1 << 62}]}, "size": 0},
    {"dtype": 7, "shape": {"dim": [{"size": 1 << 40}]}, "size": 8},
    {"dtype": 7, "shape": {"dim": [{"size": 2}]}, "size": 1 << 40},
    {"dtype": 1, "shape": {"dim": [{"size": 1 << 40}]},
     "slices": [{"extent": [{"start": 0, "length": 1 << 40}]}]},
    {"dtype": 1, "shape": {"dim": [{"size": 4}]}, "slices": [{"extent": []}]},
])
def test_hostile_entries(prefix, fields):
    forge(prefix, **fields)
    tracemalloc.start()
    with pytest.raises((pt.errors.DataLossError, pt.errors.NotFoundError)):
        BundleReader(prefix).read("x")
    assert tracemalloc.get_traced_memory()[1] < 1 << 22
    tracemalloc.stop()


def test_keys_that_grow_without_end_are_refused(tmp_path):
    """Each entry takes a few bytes, and shares a long key with the one before."""
    path = str(tmp_path / "grown")
    items = [(b"k" * 100_000 + bytes([i // 250 + 1, i % 250]), b"") for i in range(2000)]
    with open(path, "wb") as file, pytest.MonkeyPatch.context() as patch:
        patch.setattr(table, "_RESTART", 1 << 30)
        patch.setattr(table, "_BLOCK", 1 << 40)
        table.write_table(file, items)
    assert os.path.getsize(path) < 1 << 18
    tracemalloc.start()
    with pytest.raises(pt.errors.DataLossError, match="more keys than a file of this size"):
        table.read_table(path)
    assert tracemalloc.get_traced_memory()[1] < 1 << 27
    tracemalloc.stop()
