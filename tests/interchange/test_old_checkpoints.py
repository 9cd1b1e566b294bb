"""Checkpoints that TensorFlow 1.15 wrote: both versions; .safetensors files."""

from pathlib import Path

import ml_dtypes
import numpy as np
import pytest

import pellucid as tf
from pellucid.interchange import safetensors
from pellucid.interchange.meta_graph import SaveSliceInfo
from tests.conftest import needs_tensorflow
from tests.differential.oracle import tensorflow

FILES = Path(__file__).parents[1] / "files"


def expected():
    random = np.random.RandomState(0)
    return {"a/float32": random.randn(3, 4).astype(np.float32), "double": random.randn(2),
            "half": np.array([1, 2.5], np.float16), "ints": np.array([-1, 2 ** 40]),
            "int32": np.array([[1], [-2]], np.int32), "bytes": np.array([1, 255], np.uint8),
            "flag": np.array(True), "complex64": np.array([1 + 2j], np.complex64),
            "words": np.array([b"", b"one", b"t\0w\xffo"], object),
            "parts": np.arange(30, dtype=np.float32).reshape(10, 3)}


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_what_tensorflow_wrote(version):
    reader = tf.train.NewCheckpointReader(str(FILES / version))
    wanted = expected()
    assert sorted(reader.get_variable_to_shape_map()) == sorted(wanted)
    for name, value in wanted.items():
        found = reader.get_tensor(name)
        assert np.array_equal(found, value) and np.asarray(found).dtype == value.dtype
        assert reader.get_variable_to_shape_map()[name] == list(value.shape)
    with pytest.raises(tf.errors.NotFoundError, match="nothing not found in checkpoint"):
        reader.get_tensor("nothing")


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_a_saver_restores_it(version, tmp_path):
    v = [tf.Variable(np.full(value.shape, b"") if value.dtype == object else
                     np.zeros_like(value), name=name) for name, value in expected().items()]
    with tf.Session() as session:
        assert tf.train.checkpoint_exists(str(FILES / version))
        tf.train.Saver().restore(session, str(FILES / version))
        for variable, value in zip(v, expected().values(), strict=True):
            assert np.array_equal(session.run(variable), value)


def test_damage_to_an_old_one_is_found(tmp_path):
    whole = (FILES / "v1").read_bytes()
    for position in range(0, len(whole), 3):
        data = bytearray(whole)
        data[position] ^= 1 << position % 8
        (tmp_path / "bad").write_bytes(data)
        try:
            reader = tf.train.NewCheckpointReader(str(tmp_path / "bad"))
            found = {name: reader.get_tensor(name)
                     for name in reader.get_variable_to_shape_map()}
        except (tf.errors.DataLossError, tf.errors.NotFoundError) as error:
            assert "bad" in str(error)
        else:                               # padding, which nobody reads
            assert all(np.array_equal(found[name], value) for name, value in expected().items())


def test_safetensors_there_and_back(tmp_path):
    pytest.importorskip("safetensors")
    tensors = {"a": np.arange(6, dtype=np.float32).reshape(2, 3), "scalar": np.float64(2.5),
               "empty": np.zeros((0, 3), np.int32), "b": np.array([1, 2], ml_dtypes.bfloat16),
               "flags": np.array([True, False])}
    path = str(tmp_path / "x.safetensors")
    safetensors.save_file(tensors, path)
    safetensors.to_checkpoint(path, str(tmp_path / "net"))
    for name, value in tensors.items():
        found = tf.train.load_variable(str(tmp_path / "net"), name)
        assert np.array_equal(found, value) and found.dtype == value.dtype
    safetensors.from_checkpoint(str(tmp_path / "net"), path)
    assert {n: v.tolist() for n, v in safetensors.load_file(path).items()} == {
        n: v.tolist() for n, v in tensors.items()}
    with pytest.raises(TypeError, match="'words' is of object"):
        safetensors.from_checkpoint(str(FILES / "v2"), path)
    Path(path).write_bytes(Path(path).read_bytes()[:-3])
    with pytest.raises(tf.errors.DataLossError, match="x.safetensors"):
        safetensors.load_file(path)
    with pytest.raises(tf.errors.NotFoundError):
        safetensors.load_file(str(tmp_path / "nothing"))


@needs_tensorflow
def test_partitioned_variables_in_both_directions(tmp_path):
    """Saved in parts by one library, restored as one, or in other parts, by the other."""
    value = np.random.RandomState(0).randn(10, 3).astype(np.float32)
    theirs = tensorflow()
    for writer, parts in (theirs, 3), (theirs, 1), (tf, 2), (tf, 1):
        path = save_parts(writer, str(tmp_path / f"{writer.__name__}{parts}"), value, parts)
        for reader in tf, theirs:
            for count in 1, 2:
                assert np.array_equal(restore_parts(reader, path, count), value)


def get_parts(library, value, parts):
    """The variables that are the parts of one, in library's way."""
    if library is tf and parts == 2:
        info = [SaveSliceInfo("w", [10, 3], [start, 0], [size, 3]) for start, size in (
            (0, 4), (4, 6))]
        made = [tf.Variable(value[:4], name="w/part_0"), tf.Variable(value[4:], name="w/part_1")]
        for variable, part in zip(made, info, strict=True):
            variable._save_slice_info = part
        return made
    found = library.get_variable(
        "w", initializer=library.constant(value),
        **{} if parts == 1 else {"partitioner": lambda shape, dtype: [parts, 1]})
    return [found] if parts == 1 else list(found)


def save_parts(library, path, value, parts):
    with library.Graph().as_default(), library.Session() as session:
        get_parts(library, value, parts)
        session.run(library.global_variables_initializer())
        return library.train.Saver().save(session, path)


def restore_parts(library, path, parts):
    with library.Graph().as_default(), library.Session() as session:
        made = get_parts(library, np.zeros((10, 3), np.float32), parts)
        library.train.Saver().restore(session, path)
        return np.concatenate(session.run(made))
