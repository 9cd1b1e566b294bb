"""Looking into checkpoints, and the file `checkpoint`."""

import os

import numpy as np
import pytest

import pellucid as tf
from pellucid.interchange.bundle import BundleWriter


@pytest.fixture
def prefix(tmp_path):
    prefix = str(tmp_path / "net-3")
    with BundleWriter(prefix) as writer:
        writer.add("b", np.float32([1, 2]))
        writer.add("a", np.array(7, np.int64))
        writer.add("s", np.array(b"text", object))
    return prefix


def test_reader(prefix):
    reader = tf.train.NewCheckpointReader(prefix)
    assert reader.get_variable_to_shape_map() == {"a": [], "b": [2], "s": []}
    assert reader.get_variable_to_dtype_map() == {
        "a": tf.int64, "b": tf.float32, "s": tf.string}
    assert reader.has_tensor("a") and not reader.has_tensor("c")
    assert reader.get_tensor("s") == b"text"
    assert reader.get_tensor("a") == 7 and isinstance(reader.get_tensor("a"), np.int64)
    assert reader.debug_string() == b"a (int64) []\nb (float32) [2]\ns (string) []\n"


def test_lists_and_values(prefix):
    assert tf.train.list_variables(prefix) == [("a", []), ("b", [2]), ("s", [])]
    assert tf.train.load_variable(prefix, "b").tolist() == [1, 2]
    with pytest.raises(tf.errors.NotFoundError, match="Key c not found"):
        tf.train.load_variable(prefix, "c")


def test_of_a_directory(prefix, tmp_path):
    with pytest.raises(ValueError, match="Couldn't find 'checkpoint' file"):
        tf.train.load_checkpoint(str(tmp_path))
    tf.train.update_checkpoint_state(str(tmp_path), prefix)
    assert tf.train.load_variable(str(tmp_path), "a") == 7
    assert tf.train.load_variable(tmp_path, "a") == 7


def test_existence(prefix):
    assert tf.train.checkpoint_exists(prefix)
    assert len(tf.train.get_checkpoint_mtimes([prefix, prefix + "x"])) == 1
    tf.train.remove_checkpoint(prefix)
    assert not tf.train.checkpoint_exists(prefix)
    assert os.listdir(os.path.dirname(prefix)) == []
    tf.train.remove_checkpoint(prefix)


def test_state(prefix, tmp_path):
    folder = str(tmp_path)
    assert tf.train.get_checkpoint_state(folder) is None
    assert tf.train.latest_checkpoint(folder) is None
    tf.train.update_checkpoint_state(folder, prefix, ["older"])
    state = tf.train.get_checkpoint_state(folder)
    assert state.model_checkpoint_path == prefix
    assert list(state.all_model_checkpoint_paths) == [os.path.join(folder, "older"), prefix]
    assert tf.train.latest_checkpoint(folder) == prefix
    tf.train.remove_checkpoint(prefix)
    assert tf.train.latest_checkpoint(folder) is None


def test_relative_paths_move_with_the_directory(prefix, tmp_path):
    tf.train.update_checkpoint_state(str(tmp_path), prefix, save_relative_paths=True)
    moved = tmp_path.rename(tmp_path.with_name("moved"))
    assert tf.train.latest_checkpoint(moved) == str(moved / "net-3")


def test_a_relative_directory(prefix, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path.parent)
    tf.train.update_checkpoint_state(tmp_path.name, os.path.join(tmp_path.name, "net-3"))
    with open(tmp_path / "checkpoint") as file:
        assert 'model_checkpoint_path: "net-3"' in file.read()
    assert tf.train.latest_checkpoint(tmp_path.name) == os.path.join(tmp_path.name, "net-3")
    monkeypatch.chdir(tmp_path)
    tf.train.update_checkpoint_state("", "net-3")
    assert tf.train.latest_checkpoint(".") == os.path.join(".", "net-3")


@pytest.mark.parametrize("content", [b"", b"model_checkpoint_path: 3", b"\xff\0", b"x" * 1000])
def test_damaged_state(tmp_path, content):
    (tmp_path / "checkpoint").write_bytes(content)
    with pytest.raises(tf.errors.DataLossError, match="checkpoint"):
        tf.train.get_checkpoint_state(str(tmp_path))
    assert tf.train.latest_checkpoint(str(tmp_path)) is None


def test_timestamps_must_match(prefix, tmp_path):
    with pytest.raises(ValueError, match="must match checkpoint paths"):
        tf.train.update_checkpoint_state(
            str(tmp_path), prefix, all_model_checkpoint_timestamps=[1.0, 2.0])


def test_the_state_must_not_be_the_checkpoint(tmp_path):
    path = str(tmp_path / "checkpoint")
    with pytest.raises(RuntimeError, match="conflicts with path used for checkpoint state"):
        tf.train.update_checkpoint_state(str(tmp_path), path)
