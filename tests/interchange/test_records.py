"""Record files: there and back, TensorFlow's and ours, whole and damaged."""

import gzip
import os
import struct
import tracemalloc
import zlib

import pytest

import pellucid as tf
from pellucid.interchange.checksum import masked_crc32c
from pellucid.interchange.records import read_records, records_with_offsets
from tests.conftest import needs_tensorflow
from tests.differential.oracle import tensorflow

RECORDS = [b"", b"one", os.urandom(3 << 20), b"\0" * 1000, *[bytes([i]) * i for i in range(200)]]


def write(path, options=None, records=RECORDS, library=tf):
    with library.python_io.TFRecordWriter(str(path), options) as writer:
        for record in records:
            writer.write(record)


@pytest.mark.parametrize("kind", ["", "ZLIB", "GZIP"])
def test_there_and_back(tmp_path, kind):
    write(tmp_path / "r", tf.io.TFRecordOptions(kind, compression_level=1))
    assert list(read_records(tmp_path / "r", kind)) == RECORDS
    options = tf.io.TFRecordOptions(getattr(tf.io.TFRecordCompressionType, kind or "NONE"))
    assert list(tf.python_io.tf_record_iterator(str(tmp_path / "r"), options)) == RECORDS


@needs_tensorflow
@pytest.mark.parametrize("kind", ["", "ZLIB", "GZIP"])
def test_tensorflow_reads_ours_and_we_read_theirs(tmp_path, kind):
    theirs = tensorflow()
    write(tmp_path / "ours", tf.io.TFRecordOptions(kind))
    write(tmp_path / "theirs", theirs.io.TFRecordOptions(kind), library=theirs)
    assert list(read_records(tmp_path / "theirs", kind)) == RECORDS
    read = theirs.data.TFRecordDataset(str(tmp_path / "ours"), kind)
    iterator = theirs.data.make_one_shot_iterator(read).get_next()
    with theirs.Session() as session:
        assert [session.run(iterator) for _ in RECORDS] == RECORDS


def test_streams_on_end_are_one_file(tmp_path):
    write(tmp_path / "a", None, [b"one"])
    write(tmp_path / "b", None, [b"two"])
    data = [(tmp_path / name).read_bytes() for name in "ab"]
    (tmp_path / "gz").write_bytes(b"".join(map(gzip.compress, data)))
    (tmp_path / "z").write_bytes(b"".join(map(zlib.compress, data)))
    assert list(read_records(tmp_path / "gz", "GZIP")) == [b"one", b"two"]
    assert list(read_records(tmp_path / "z", "ZLIB")) == [b"one", b"two"]


@pytest.mark.parametrize("kind", ["", "ZLIB", "GZIP"])
def test_a_cut_file_gives_its_records_then_an_error(tmp_path, kind):
    records = [os.urandom(40) for _ in range(50)]
    write(tmp_path / "r", kind, records)
    whole = (tmp_path / "r").read_bytes()
    for end in range(1, len(whole), 97):
        (tmp_path / "cut").write_bytes(whole[:end])
        found = []
        try:
            for record in read_records(tmp_path / "cut", kind):
                found.append(record)      # noqa: PERF402 - the list is kept if it raises
        except tf.errors.DataLossError as error:
            assert "cut, byte " in str(error)
        else:
            assert not kind and end % 56 == 0
        assert found == records[:len(found)]


def test_a_flipped_bit_is_found_with_its_offset(tmp_path):
    write(tmp_path / "r", None, [b"abc", b"defg"])
    whole = (tmp_path / "r").read_bytes()
    for position in range(len(whole)):
        damaged = bytearray(whole)
        damaged[position] ^= 1 << position % 8
        (tmp_path / "bad").write_bytes(damaged)
        where = 0 if position < 19 else 19
        with pytest.raises(tf.errors.DataLossError, match=f"bad, byte {where}: corrupted"):
            list(read_records(tmp_path / "bad"))


def test_a_length_beyond_the_file_takes_no_memory(tmp_path):
    length = struct.pack("<Q", 1 << 62)
    head = length + struct.pack("<I", masked_crc32c(length))
    (tmp_path / "r").write_bytes(head + b"x" * 100)
    (tmp_path / "z").write_bytes(zlib.compress(head + b"x" * 100))
    tracemalloc.start()
    for name, kind in ("r", ""), ("z", "ZLIB"):
        with pytest.raises(tf.errors.DataLossError, match="truncated record: it should hold"):
            list(read_records(tmp_path / name, kind))
    assert tracemalloc.get_traced_memory()[1] < 8 << 20
    tracemalloc.stop()


def test_offsets(tmp_path):
    write(tmp_path / "r", None, [b"abc", b"", b"d"])
    assert [o for o, _ in records_with_offsets(tmp_path / "r")] == [0, 19, 35]


def test_what_is_refused(tmp_path):
    with pytest.raises(tf.errors.NotFoundError, match="nothing"):
        list(read_records(tmp_path / "nothing"))
    with pytest.raises(tf.errors.FailedPreconditionError, match="directory"):
        list(read_records(tmp_path))
    with pytest.raises(tf.errors.NotFoundError):
        tf.io.TFRecordWriter(str(tmp_path / "no" / "r"))
    with pytest.raises(ValueError, match="compression_type"):
        tf.io.TFRecordOptions("LZ4")
    with pytest.raises(NotImplementedError, match="input_buffer_size"):
        tf.io.TFRecordOptions("GZIP", input_buffer_size=3)
    with pytest.raises(ValueError, match="Z_SYNC_FLUSH"):
        tf.io.TFRecordOptions("GZIP", flush_mode="now")
    writer = tf.io.TFRecordWriter(str(tmp_path / "r"))
    with pytest.raises(TypeError, match="bytes"):
        writer.write(3)
    writer.close()
    with pytest.raises(tf.errors.FailedPreconditionError, match="closed"):
        writer.write(b"")


def test_flush_shows_what_was_written(tmp_path):
    options = tf.io.TFRecordOptions("ZLIB", flush_mode="Z_SYNC_FLUSH")
    with tf.io.TFRecordWriter(str(tmp_path / "r"), options) as writer:
        writer.write(b"early")
        writer.flush()
        assert next(read_records(tmp_path / "r", "ZLIB")) == b"early"
