"""Record files (TFRecord): one byte string after the other, each with checksums.

    8 bytes   length of the data, little-endian
    4         masked CRC-32C of those 8 bytes
    length    the data
    4         masked CRC-32C of the data

A whole file may be compressed, as zlib or gzip. Event files (summary/) and data sets of
`tf.train.Example` (interchange/parsing.py) are record files.
"""

import contextlib
import os
import struct
import zlib

from pellucid.core import errors
from pellucid.interchange.checksum import masked_crc32c

_PIECE = 1 << 20                 # bytes read at a time
_CHECKED = struct.Struct("<QI")


class TFRecordCompressionType:
    """How a record file is compressed. As in TF: tf.io.TFRecordCompressionType."""

    NONE, ZLIB, GZIP = 0, 1, 2


_NAMES = {TFRecordCompressionType.NONE: "", TFRecordCompressionType.ZLIB: "ZLIB",
          TFRecordCompressionType.GZIP: "GZIP"}
_FLUSH = {None: zlib.Z_NO_FLUSH, "": zlib.Z_NO_FLUSH, "Z_NO_FLUSH": zlib.Z_NO_FLUSH,
          "Z_PARTIAL_FLUSH": zlib.Z_PARTIAL_FLUSH, "Z_SYNC_FLUSH": zlib.Z_SYNC_FLUSH,
          "Z_FULL_FLUSH": zlib.Z_FULL_FLUSH, "Z_FINISH": zlib.Z_FINISH,
          "Z_BLOCK": zlib.Z_BLOCK, "Z_TREES": zlib.Z_TREES}


class TFRecordOptions:
    """How record files are read and written.

    Args:
      compression_type: "", "ZLIB" or "GZIP", a number of TFRecordCompressionType, or other
        TFRecordOptions.
      flush_mode: str, zlib's, for example "Z_SYNC_FLUSH": what TFRecordWriter.flush does.
      window_bits, compression_level, mem_level, compression_strategy: int, zlib's.
      input_buffer_size, output_buffer_size, compression_method: not supported.

    As in TF: tf.io.TFRecordOptions, tf.python_io.TFRecordOptions.
    """

    compression_type_map = _NAMES

    def __init__(self, compression_type=None, flush_mode=None, input_buffer_size=None,
                 output_buffer_size=None, window_bits=None, compression_level=None,
                 compression_method=None, mem_level=None, compression_strategy=None):
        if not (input_buffer_size is output_buffer_size is compression_method is None):
            raise NotImplementedError(
                "TFRecordOptions: input_buffer_size, output_buffer_size and compression_method "
                "are not supported; leave them out.")
        if flush_mode not in _FLUSH:
            raise ValueError(f"flush_mode={flush_mode!r} is none of "
                             f"{', '.join(sorted(filter(None, _FLUSH)))}")
        self.get_compression_type_string(compression_type)                # checks it
        self.compression_type, self.flush_mode = compression_type, flush_mode
        self.window_bits, self.compression_level = window_bits, compression_level
        self.mem_level, self.compression_strategy = mem_level, compression_strategy

    @classmethod
    def get_compression_type_string(cls, options):
        """"", "ZLIB" or "GZIP", of options, a number, a name or None. ValueError for others."""
        if isinstance(options, TFRecordOptions):
            return cls.get_compression_type_string(options.compression_type)
        if options is None:
            return ""
        if options in cls.compression_type_map:
            return cls.compression_type_map[options]
        if options in cls.compression_type_map.values():
            return options
        raise ValueError(f'Not a valid compression_type: "{options}"')

    def _compressor(self):
        """A zlib object that compresses, or None."""
        kind = self.get_compression_type_string(self)
        if not kind:
            return None
        given = {"level": self.compression_level, "memLevel": self.mem_level,
                 "strategy": self.compression_strategy,
                 "wbits": self.window_bits or zlib.MAX_WBITS}
        if kind == "GZIP" and given["wbits"] <= zlib.MAX_WBITS:
            given["wbits"] += 16                              # what zlib calls a gzip header
        return zlib.compressobj(**{key: value for key, value in given.items()
                                   if value is not None})


# -- reading -------------------------------------------------------------------------------

def read_records(path, compression=None):
    """Yields the records of a file, each a byte string.

    Args:
      path: str.
      compression: None, "", "ZLIB", "GZIP", or TFRecordOptions.

    Raises NotFoundError where there is no file; DataLossError, with file and offset (in the
    uncompressed bytes, for a compressed file), where it is cut off or damaged. However large a
    length it says, no more is read than is there.
    """
    for _, record in records_with_offsets(path, compression):
        yield record


def records_with_offsets(path, compression=None):
    """Yields (offset in the uncompressed bytes, record). As read_records."""
    path = os.fsdecode(path)
    kind = TFRecordOptions.get_compression_type_string(compression)
    try:
        file = open(path, "rb")
    except (FileNotFoundError, NotADirectoryError):
        raise errors.NotFoundError(None, None, f"{path}; No such file or directory") from None
    except IsADirectoryError:
        raise errors.FailedPreconditionError(
            None, None, f"{path}; Is a directory") from None
    with file:
        source = _Inflated(file, path, kind) if kind else _Plain(file)
        offset = 0
        while True:
            header = source.read(12)
            if not header:
                return
            if len(header) < 12:
                raise _damaged(path, offset, f"truncated record: its header of 12 bytes ends "
                               f"after {len(header)}")
            length, check = _CHECKED.unpack(header)
            if masked_crc32c(header[:8]) != check:
                raise _damaged(path, offset, "corrupted record: the checksum of its length does "
                               "not match")
            data = source.read(length + 4)
            if len(data) < length + 4:
                raise _damaged(path, offset, f"truncated record: it should hold {length} bytes "
                               f"and a checksum, but only {len(data)} bytes follow")
            record = data[:-4]
            if masked_crc32c(record) != int.from_bytes(data[-4:], "little"):
                raise _damaged(path, offset, f"corrupted record: the checksum of its {length} "
                               "bytes does not match")
            yield offset, record
            offset += length + 16


def _damaged(path, offset, what):
    return errors.DataLossError(None, None, f"{path}, byte {offset}: {what}")


class _Plain:
    """A file whose read() allocates no more than there is."""

    def __init__(self, file):
        self.file = file

    def read(self, size):
        if size <= _PIECE:
            return self.file.read(size)
        pieces = []
        while size and (piece := self.file.read(min(size, _PIECE))):
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)


class _Inflated:
    """The same for a compressed file; it may be several zlib or gzip streams on end."""

    def __init__(self, file, path, kind):
        self.file, self.path, self.kind = file, path, kind
        self.bits = zlib.MAX_WBITS + (16 if kind == "GZIP" else 0)
        self.stream, self.started = zlib.decompressobj(self.bits), False
        self.ready, self.position = b"", 0

    def read(self, size):
        pieces = []
        while size:
            if self.position == len(self.ready):
                self.ready, self.position = self._more(), 0
                if not self.ready:
                    break
            piece = self.ready[self.position:self.position + size]
            self.position += len(piece)
            size -= len(piece)
            pieces.append(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _more(self):
        """At most _PIECE further bytes; none at the end."""
        while True:
            if self.stream.eof:
                rest = self.stream.unused_data or self.file.read(_PIECE)
                if not rest:
                    return b""
                self.stream, self.started = zlib.decompressobj(self.bits), False
            else:
                rest = self.stream.unconsumed_tail or self.file.read(_PIECE)
            if not rest and not self.started:
                return b""
            try:
                found = self.stream.decompress(rest, _PIECE)
            except zlib.error as error:
                raise _damaged(self.path, self.file.tell(), "the bytes before are no "
                               f"{self.kind} stream: {error}") from None
            self.started = True
            if found:
                return found
            if not rest and not self.stream.eof:
                raise _damaged(self.path, self.file.tell(), f"truncated: the {self.kind} stream "
                               "does not end")


def tf_record_iterator(path, options=None):
    """An iterator over the records of a file. As in TF: tf.python_io.tf_record_iterator.

    Raises, when it is asked for a record, NotFoundError or DataLossError, as read_records.
    """
    return read_records(path, options)


# -- writing -------------------------------------------------------------------------------

def framed(data):
    """The bytes that a record is in a file."""
    length = len(data).to_bytes(8, "little")
    return b"".join([length, masked_crc32c(length).to_bytes(4, "little"), data,
                     masked_crc32c(data).to_bytes(4, "little")])


class TFRecordWriter:
    """Writes a record file; may be used with `with`.

    Args:
      path: str.
      options: TFRecordOptions, a number of TFRecordCompressionType or a name of one.

    What was written is in the file once flush or close was called.
    As in TF: tf.io.TFRecordWriter, tf.python_io.TFRecordWriter.
    """

    def __init__(self, path, options=None):
        if not isinstance(options, TFRecordOptions):
            options = TFRecordOptions(compression_type=options)
        self._compressor = options._compressor()
        self._flush_mode = _FLUSH[options.flush_mode]
        path = os.fsdecode(path)
        try:
            self._file = open(path, "wb")
        except (FileNotFoundError, NotADirectoryError):
            raise errors.NotFoundError(
                None, None, f"{path}; No such file or directory") from None
        except OSError as error:
            raise errors.PermissionDeniedError(None, None, f"{path}; {error.strerror}") from None

    def write(self, record):
        """Appends a record, bytes (text is written as UTF-8)."""
        data = record.encode() if isinstance(record, str) else record
        if not isinstance(data, bytes | bytearray | memoryview):
            raise TypeError(f"a record must be bytes, got {type(record).__name__}")
        if self._file is None:
            raise errors.FailedPreconditionError(None, None, "Writer is closed.")
        self._put(framed(bytes(data)))

    def _put(self, data):
        self._file.write(self._compressor.compress(data) if self._compressor else data)

    def flush(self):
        """Writes what is waiting to the file (of a compressed one, what flush_mode says)."""
        if self._file is None:
            raise errors.FailedPreconditionError(None, None, "Writer is closed.")
        if self._compressor and self._flush_mode not in (zlib.Z_NO_FLUSH, zlib.Z_FINISH):
            self._file.write(self._compressor.flush(self._flush_mode))
        self._file.flush()

    def close(self):
        """Ends the file."""
        if self._file is None:
            return
        with contextlib.closing(self._file):
            if self._compressor:
                self._file.write(self._compressor.flush())
        self._file = None

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def __del__(self):
        if getattr(self, "_file", None) is not None:
            self.close()
