"""The table: a file of sorted (key, value) pairs, as LevelDB writes them.

    blocks, each: entries, restart offsets, their number; then 1 byte (compression), 4 of checksum
    a block of handles (offset, size), one for each block above
    48 bytes: the handles of that block and of an empty one, padding, a magic number

An entry holds how many bytes its key shares with the key before, the rest of the key, and the
value. At restart offsets nothing is shared. Read next: bundle.py.
"""

import struct

from pellucid.core import errors
from pellucid.interchange.checksum import masked_crc32c

_MAGIC = 0xDB4775248B80FB57
_FOOTER, _TRAILER = 48, 5
_BLOCK = 1 << 18                     # bytes of a block, roughly
_RESTART = 16                        # entries from one restart to the next


def read_table(path):
    """{key: value}, both bytes, of a table file.

    Raises DataLossError, with file and offset, for what is damaged. A file cannot make this
    take more than a few times its own size in memory.
    """
    with open(path, "rb") as file:
        data = file.read()
    table = _Table(path, data)
    if len(data) < _FOOTER or struct.unpack_from("<Q", data, len(data) - 8)[0] != _MAGIC:
        raise table.damaged(max(len(data) - _FOOTER, 0), "there is no table's end here")
    end = len(data) - _FOOTER
    other, position = table.handle(end, len(data) - 8)          # room for more, empty so far
    index, _ = table.handle(position, len(data) - 8)
    table.check(*other)
    found, last = {}, b""
    names = (1 << 26) + 16 * len(data)                          # bytes of keys we accept
    reached = 0
    for _, (start, stop) in table.entries(*index):
        (offset, size), _ = table.handle(start, stop)
        if offset < reached:
            raise table.damaged(start, "blocks overlap")
        reached = offset + size
        for key, (start, stop) in table.entries(offset, size):
            if key <= last and found:
                raise table.damaged(start, "keys are not in order")
            names -= len(key)
            if names < 0:
                raise table.damaged(start, "more keys than a file of this size can mean")
            found[key], last = data[start:stop], key
    return found


class _Table:
    """The bytes of a table, with checks of what is read."""

    def __init__(self, path, data):
        self.path, self.data = path, data

    def damaged(self, offset, what):
        return errors.DataLossError(None, None, f"{self.path}, byte {offset}: {what}")

    def varint(self, position, end):
        """(number, position after it) of a number written 7 bits a byte, lowest first."""
        number = shift = 0
        for i in range(position, min(end, position + 10)):
            byte = self.data[i]
            number |= (byte & 127) << shift
            if byte < 128:
                return number, i + 1
            shift += 7
        raise self.damaged(position, "a number does not end")

    def handle(self, position, end):
        """((offset, size), position after it) of a block, which is inside the file."""
        offset, after = self.varint(position, end)
        size, after = self.varint(after, end)
        if size < 4 or offset + size + _TRAILER > len(self.data) - _FOOTER:
            raise self.damaged(position, f"a block of {size} bytes at {offset} is not inside "
                               f"the file of {len(self.data)} bytes")
        return (offset, size), after

    def entries(self, offset, size):
        """Yields key, (start, stop) of the value, for each entry of a block."""
        self.check(offset, size)
        data = self.data
        restarts = struct.unpack_from("<I", data, offset + size - 4)[0]
        end = offset + size - 4 - 4 * restarts
        if end < offset:
            raise self.damaged(offset + size - 4, f"{restarts} restarts do not fit the block")
        key, position = b"", offset
        while position < end:
            start = position
            shared, position = self.varint(position, end)
            rest, position = self.varint(position, end)
            length, position = self.varint(position, end)
            if shared > len(key) or position + rest + length > end:
                raise self.damaged(start, "an entry reaches beyond its block")
            key = key[:shared] + data[position:position + rest]
            position += rest
            yield key, (position, position + length)
            position += length

    def check(self, offset, size):
        """Raises DataLossError unless a block's bytes are those that were written."""
        end = offset + size
        stored = struct.unpack_from("<I", self.data, end + 1)[0]
        if stored != masked_crc32c(self.data[offset:end + 1]):
            raise self.damaged(offset, "the block's checksum does not match")
        if self.data[end]:
            raise self.damaged(end, f"compression {self.data[end]}; only uncompressed blocks "
                               "can be read")


def write_table(file, items):
    """Writes sorted (key, value) pairs, all bytes, to an open file."""
    writer, handles, part, size, key = _Writer(file), [], [], 0, b""
    for key, value in items:
        part.append((key, value))
        size += len(key) + len(value)
        if size >= _BLOCK:
            handles.append((key, writer.put(part, _RESTART)))
            part, size = [], 0
    if part:
        handles.append((key, writer.put(part, _RESTART)))
    footer = writer.put([], _RESTART) + writer.put(handles, 1)
    file.write(footer.ljust(_FOOTER - 8, b"\0") + struct.pack("<Q", _MAGIC))


class _Writer:
    def __init__(self, file):
        self.file, self.offset = file, 0

    def put(self, items, restart):
        """Writes a block, and returns its handle."""
        out, restarts, last = bytearray(), [], b""
        for i, (key, value) in enumerate(items):
            if i % restart:
                shared = _shared(last, key)
            else:
                shared = 0
                restarts.append(len(out))
            out += varint(shared) + varint(len(key) - shared) + varint(len(value))
            out += key[shared:] + value
            last = key
        restarts = restarts or [0]
        out += struct.pack(f"<{len(restarts) + 1}I", *restarts, len(restarts))
        handle = varint(self.offset) + varint(len(out))
        out += b"\0"
        out += struct.pack("<I", masked_crc32c(bytes(out)))
        self.file.write(out)
        self.offset += len(out)
        return handle


def _shared(a, b):
    """How many bytes at the start are the same, found by halving."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def varint(number):
    """A number below 2^64 as bytes, 7 bits each, lowest first."""
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)
