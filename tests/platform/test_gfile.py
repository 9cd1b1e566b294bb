"""Files under TensorFlow's names, with its errors."""

import pytest

import pellucid as tf
from pellucid.platform.gfile import read_file_to_string, write_string_to_file


def test_write_and_read(tmp_path):
    path = tmp_path / "text"
    with tf.gfile.GFile(path, "w") as file:
        file.write("één\n")
        file.write(b"two\n")
    assert path.read_bytes() == "één\ntwo\n".encode()
    with tf.gfile.Open(str(path)) as file:
        assert file.readline() == "één\n" and file.tell() == 6 and file.size() == 10
        assert file.read(2) == "tw" and file.read() == "o\n" and file.read() == ""
        file.seek(0)
        assert list(file) == ["één\n", "two\n"] and file.readlines() == []
    with tf.gfile.FastGFile(path, "rb") as file:
        assert next(file) == "één\n".encode() and file.read() == b"two\n"
    with tf.gfile.GFile(path, "a") as file:
        file.write("three")
    assert read_file_to_string(path).endswith("three")
    write_string_to_file(path, "")
    assert tf.gfile.Stat(path).length == 0


def test_modes(tmp_path):
    file = tf.gfile.GFile(tmp_path / "x", "w")
    assert not (tmp_path / "x").exists()
    file.close()
    assert (tmp_path / "x").read_bytes() == b""
    with pytest.raises(tf.errors.PermissionDeniedError, match="reading"):
        tf.gfile.GFile(tmp_path / "x", "w").read()
    with pytest.raises(tf.errors.PermissionDeniedError, match="writing"):
        tf.gfile.GFile(tmp_path / "x").write("y")
    with pytest.raises(tf.errors.InvalidArgumentError):
        tf.gfile.GFile(tmp_path / "x", "q")
    missing = tf.gfile.GFile(tmp_path / "none")               # opened on first use
    with pytest.raises(tf.errors.NotFoundError, match="No such file"):
        missing.read()


def test_folders(tmp_path):
    deep = tmp_path / "a" / "b"
    tf.gfile.MakeDirs(deep)
    tf.gfile.MakeDirs(deep)
    with pytest.raises(tf.errors.AlreadyExistsError):
        tf.gfile.MkDir(deep)
    with pytest.raises(tf.errors.NotFoundError):
        tf.gfile.MkDir(tmp_path / "no" / "where")
    for name in "21":
        write_string_to_file(deep / name, name)
    assert tf.gfile.ListDirectory(deep) == ["1", "2"]
    assert tf.gfile.Glob(f"{tmp_path}/a/*/*") == [f"{deep}/1", f"{deep}/2"]
    assert tf.io.gfile.glob([f"{deep}/2", f"{deep}/1"]) == [f"{deep}/2", f"{deep}/1"]
    assert list(tf.gfile.Walk(str(tmp_path))) == [
        (str(tmp_path), ["a"], []), (f"{tmp_path}/a", ["b"], []), (str(deep), [], ["1", "2"])]
    assert next(tf.gfile.Walk(str(tmp_path), in_order=False))[0] == str(deep)
    assert tf.gfile.IsDirectory(deep) and not tf.gfile.IsDirectory(deep / "1")
    with pytest.raises(tf.errors.FailedPreconditionError):
        tf.gfile.Remove(deep)
    tf.gfile.DeleteRecursively(tmp_path / "a")
    assert not tf.gfile.Exists(deep)
    for function in (tf.gfile.DeleteRecursively, tf.gfile.Remove, tf.gfile.ListDirectory,
                     tf.gfile.Stat):
        with pytest.raises(tf.errors.NotFoundError):
            function(deep)


@pytest.mark.parametrize("move", [tf.gfile.Copy, tf.gfile.Rename, tf.io.gfile.copy])
def test_copies_and_renames(tmp_path, move):
    write_string_to_file(tmp_path / "x", "new")
    write_string_to_file(tmp_path / "y", "old")
    with pytest.raises(tf.errors.AlreadyExistsError):
        move(tmp_path / "x", tmp_path / "y")
    move(tmp_path / "x", tmp_path / "y", overwrite=True)
    assert read_file_to_string(tmp_path / "y") == "new"
    with pytest.raises(tf.errors.NotFoundError):
        move(tmp_path / "none", tmp_path / "z")


def test_other_machines_are_refused():
    with pytest.raises(tf.errors.UnimplementedError, match="gs://bucket/x: .* copy it here"):
        tf.gfile.Exists("gs://bucket/x")
