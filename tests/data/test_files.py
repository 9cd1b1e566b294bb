"""Files as tensors."""

import pytest

import pellucid as tf


def test_written_and_read(session, tmp_path):
    path = str(tmp_path / "new" / "a.bin")
    session.run(tf.write_file(path, b"\x00\xff contents"))
    assert session.run(tf.read_file(path)) == b"\x00\xff contents"
    session.run(tf.io.write_file(path, "other"))
    assert session.run(tf.io.read_file(tf.constant(path))) == b"other"
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["a.bin"]


def test_a_missing_file_is_not_found(session):
    with pytest.raises(tf.errors.NotFoundError, match="/nowhere/a.txt; No such file"):
        session.run(tf.read_file("/nowhere/a.txt"))


def test_each_run_reads_anew(session, tmp_path):
    (tmp_path / "a").write_bytes(b"1")
    contents, names = tf.read_file(str(tmp_path / "a")), tf.matching_files(str(tmp_path / "*"))
    assert session.run(contents) == b"1" and len(session.run(names)) == 1
    (tmp_path / "a").write_bytes(b"2")
    (tmp_path / "b").write_bytes(b"")
    assert session.run(contents) == b"2" and len(session.run(names)) == 2
