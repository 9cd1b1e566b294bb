"""The records of files: lines, TFRecords, pieces of a fixed length. For readers and data sets."""

import gzip
import zlib

from pellucid.core import errors
from pellucid.data.files import opened
from pellucid.interchange.records import TFRecordOptions, records_with_offsets


def compression_of(options):
    """"", "ZLIB" or "GZIP", of TFRecordOptions, a name or None."""
    return TFRecordOptions.get_compression_type_string(options)


def whole_file(path):
    """The bytes of a file."""
    with opened(path) as file:
        return file.read()


def lines(path, compression=""):
    """Yields the lines of a file, without their ends, "\\n" or "\\r\\n"."""
    with _decompressed(path, compression) as file:
        for line in file:
            line = line.removesuffix(b"\n")
            yield line.removesuffix(b"\r")


def tf_records(path, compression=""):
    """Yields (offset, record) of a TFRecord file."""
    return records_with_offsets(path, compression)


def fixed_length(path, record, header=0, footer=0, hop=0, compression=""):
    """Yields the pieces of `record` bytes, `hop` apart, between header and footer."""
    if record <= 0:
        raise errors.InvalidArgumentError(None, None, f"record_bytes must be > 0, not {record}")
    hop = hop or record
    with _decompressed(path, compression) as file:
        file.seek(0, 2)
        end = file.tell() - footer
        file.seek(header)
        start = header
        while start + record <= end:
            piece = file.read(record)
            yield piece
            start += hop
            if hop != record:
                file.seek(start)


def fixed_length_whole(path, record, header=0, footer=0, compression=""):
    """The same for a data set, where the file must hold a whole number of records."""
    with _decompressed(path, compression) as file:
        file.seek(0, 2)
        body = file.tell() - header - footer
    if body % record:
        raise errors.InvalidArgumentError(
            None, None, f"Excess bytes of input data: the body of {path} has {body} bytes, which "
            f"is not an exact multiple of record size {record} bytes.")
    return fixed_length(path, record, header, footer, compression=compression)


def _decompressed(path, compression):
    if compression == "GZIP":
        return gzip.GzipFile(fileobj=opened(path))
    if compression == "ZLIB":
        import io
        return io.BytesIO(zlib.decompress(whole_file(path)))
    if compression:
        raise errors.InvalidArgumentError(
            None, None, f"Unsupported compression_type: {compression}.")
    return opened(path)
