"""Tensor bundles: TensorFlow's checkpoints ("V2"), read and written tensor by tensor.

    prefix.index                  a table: "" -> header, name -> type, shape, place, checksum
    prefix.data-00000-of-00001    the tensors' bytes, one after the other

A writer fills files of other names, and puts them in place at the end: first the data, then the
index, which alone says where the data are. Writing over a bundle gives its data a name that the
old index does not use. So at every instant there is one complete bundle, the old or the new.
Read next: checkpoints.py.
"""

import contextlib
import itertools
import os
import struct

import numpy as np

from pellucid.core import dtypes, errors, shapes
from pellucid.interchange.checksum import PIECE, crc32c, masked, masked_crc32c
from pellucid.interchange.messages import message, parse
from pellucid.interchange.slices import as_index, slice_key
from pellucid.interchange.table import read_table, varint, write_table

_counter = itertools.count()


def data_file(prefix, shard, shards):
    """Name of a data file."""
    return f"{prefix}.data-{shard:05d}-of-{shards:05d}"


# -- reading -------------------------------------------------------------------------------

class BundleReader:
    """The tensors of a checkpoint.

    Args:
      prefix: str, the path without ".index".

    Raises NotFoundError where there is no such checkpoint, DataLossError (with file and offset)
    where it is damaged. Damage in a tensor's bytes is found when that tensor is read.
    """

    def __init__(self, prefix):
        self.prefix, self.index = os.fspath(prefix), os.fspath(prefix) + ".index"
        try:
            self._table = read_table(self.index)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            raise errors.NotFoundError(
                None, None, "Unsuccessful TensorSliceReader constructor: Failed to find any "
                f"matching files for {self.prefix}: there is no {self.index}") from None
        header = self._table.pop(b"", None)
        if header is None:
            raise self._damaged(b"", "there is no header")
        header = parse("BundleHeaderProto", header, self.index)
        if header.endianness:
            raise errors.UnimplementedError(
                None, None, f"{self.index}: the checkpoint was written on a big-endian machine")
        if not 0 <= header.num_shards < 1 << 20:
            raise self._damaged(b"", f"it says to have {header.num_shards} data files")
        self.shards = header.num_shards
        self._entries = {}

    def names(self):
        """List of the tensors' names, sorted."""
        return [key.decode(errors="replace") for key in self._table if not key.startswith(b"\0")]

    def __contains__(self, name):
        return name.encode() in self._table

    def shape(self, name):
        """Tuple of int."""
        return self._entry(name.encode())[1]

    def dtype(self, name):
        """DType."""
        return self._entry(name.encode())[0]

    def read(self, name):
        """The tensor as a new array; strings as an object array of bytes."""
        key = name.encode()
        dtype, shape, entry = self._entry(key)
        if entry.slices:
            return self._read_parts(key, dtype, shape, entry)
        return self._read_one(key, dtype, shape, entry)

    def read_by_parts(self, name):
        """Yields (array, None), or (array, (whole shape, extents)) for each part of a
        partitioned variable."""
        key = name.encode()
        dtype, shape, entry = self._entry(key)
        if not entry.slices:
            yield self._read_one(key, dtype, shape, entry), None
            return
        for extents, part_key, part_shape, part_entry in self._parts(key, dtype, shape, entry):
            yield self._read_one(part_key, dtype, part_shape, part_entry), (shape, extents)

    def _damaged(self, key, what):
        return errors.DataLossError(None, None, f"{self.index}, key {key!r}: {what}")

    def _entry(self, key):
        """(DType, shape, BundleEntryProto) of a key."""
        found = self._entries.get(key)
        if found is None:
            if key not in self._table:
                raise errors.NotFoundError(None, None, f"Key {key.decode(errors='replace')} not "
                                           f"found in checkpoint {self.prefix}")
            entry = parse("BundleEntryProto", self._table[key], f"{self.index}, key {key!r}")
            shape = tuple([dim.size for dim in entry.shape.dim])
            if entry.shape.unknown_rank or any(d < 0 for d in shape) or len(shape) > 64:
                raise self._damaged(key, f"the shape {shape} is not one of an array")
            try:
                dtype = dtypes.as_dtype(entry.dtype)
            except TypeError:
                raise errors.UnimplementedError(
                    None, None, f"{self.index}, key {key!r}: element type {entry.dtype} is not "
                    "supported") from None
            found = self._entries[key] = dtype.base_dtype, shape, entry
        return found

    def _read_one(self, key, dtype, shape, entry):
        path = data_file(self.prefix, entry.shard_id, self.shards)
        count = shapes.size(shape)
        if not count and any(d >= 1 << 31 for d in shape):
            raise self._damaged(key, f"no array has the shape {shape}")
        expected = None if dtype is dtypes.string else count * dtype.size
        if expected not in (None, entry.size):
            raise self._damaged(key, f"{dtype.name} of shape {shape} is {expected} bytes, but "
                                f"the entry has {entry.size}")
        try:
            with open(path, "rb") as file:
                length = os.fstat(file.fileno()).st_size
                if not (0 <= entry.offset and 0 <= entry.size <= length - entry.offset):
                    raise errors.DataLossError(
                        None, None, f"{path}, byte {entry.offset}: {key!r} is {entry.size} bytes "
                        f"here, but the file ends at {length}")
                file.seek(entry.offset)
                if dtype is dtypes.string:
                    return _read_strings(file.read(entry.size), count, entry, path).reshape(shape)
                return _read_array(file, dtype._numpy, shape, entry, path)
        except (FileNotFoundError, NotADirectoryError):
            raise errors.NotFoundError(
                None, None, f"{path} is missing, where {key!r} of the checkpoint lies") from None

    def _read_parts(self, key, dtype, shape, entry):
        whole = None
        for extents, part_key, part_shape, part_entry in self._parts(key, dtype, shape, entry):
            value = self._read_one(part_key, dtype, part_shape, part_entry)
            whole = np.empty(shape, dtype._numpy) if whole is None else whole
            whole[as_index(extents)] = value
        return whole

    def _parts(self, key, dtype, shape, entry):
        """[(extents, key, shape, entry)] of a partitioned variable's parts, which lie under keys
        of their own."""
        parts, places, elements = [], [], 0
        for part in entry.slices:
            extents = [(e.start, e.length if e.HasField("length") else -1) for e in part.extent]
            if len(extents) != len(shape) or not all(
                    0 <= start and -1 <= length and start + length <= d
                    for (start, length), d in zip(extents, shape, strict=True)):
                raise self._damaged(key, f"the part {extents} is not inside the shape {shape}")
            part_key = slice_key(key, extents)
            part_dtype, part_shape, part_entry = self._entry(part_key)
            wanted = tuple([d if length == -1 else length
                            for (_, length), d in zip(extents, shape, strict=True)])
            if part_entry.slices or part_dtype is not dtype or part_shape != wanted:
                raise self._damaged(part_key, "the part is not of the type and shape that "
                                    f"{key!r} says")
            elements += shapes.size(wanted)
            places.append((part_entry.shard_id, part_entry.offset, part_entry.size))
            parts.append((extents, part_key, part_shape, part_entry))
        if elements != shapes.size(shape):
            raise self._damaged(key, f"its {len(parts)} parts are {elements} elements, where the "
                                f"shape {shape} has {shapes.size(shape)}")
        places.sort()
        if any(a[0] == b[0] and b[1] < a[1] + a[2] for a, b in itertools.pairwise(places)):
            raise self._damaged(key, "its parts share bytes")
        return parts


def _read_array(file, numpy_type, shape, entry, path):
    array = np.empty(shape, numpy_type)
    raw = array.reshape(-1).view(np.uint8)
    crc = 0
    for start in range(0, len(raw), PIECE):
        piece = raw[start:start + PIECE]
        if file.readinto(piece) != len(piece):
            raise errors.DataLossError(None, None, f"{path}: the file ended while it was read")
        crc = crc32c(piece, crc)
    _check(masked(crc), entry, path)
    return array


def _read_strings(raw, count, entry, path):
    """Lengths (7 bits a byte), the checksum of the lengths, the bytes."""
    if count > len(raw):
        raise errors.DataLossError(
            None, None, f"{path}, byte {entry.offset}: {count} strings in {len(raw)} bytes")
    lengths, position = [], 0
    for _ in range(count):
        number = shift = 0
        while True:
            if position >= len(raw) or shift > 63:
                raise errors.DataLossError(None, None, f"{path}, byte {entry.offset + position}: "
                                           "the length of a string does not end")
            byte = raw[position]
            position += 1
            number |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                break
        lengths.append(number)
    if position + 4 + sum(lengths) != len(raw):
        raise errors.DataLossError(None, None, f"{path}, byte {entry.offset + position}: strings "
                                   f"of {sum(lengths)} bytes in {len(raw) - position - 4}")
    _check(masked(crc32c(raw[position:], crc32c(_fixed(lengths)))), entry, path)
    strings = np.empty(count, object)
    position += 4
    for i, length in enumerate(lengths):
        strings[i] = raw[position:position + length]
        position += length
    return strings


def _check(crc, entry, path):
    if crc != entry.crc32c:
        raise errors.DataLossError(
            None, None, f"{path}, byte {entry.offset}: the checksum of the {entry.size} bytes "
            f"here is {crc:#010x}, where {entry.crc32c:#010x} was stored")


def _fixed(lengths):
    """Lengths as the checksum takes them: 4 bytes each, 8 for those that need them."""
    if all(n < 1 << 32 for n in lengths):
        return struct.pack(f"<{len(lengths)}I", *lengths)
    return b"".join([struct.pack("<I" if n < 1 << 32 else "<Q", n) for n in lengths])


# -- writing -------------------------------------------------------------------------------

class BundleWriter:
    """Writes a checkpoint; used with `with`, it appears when the block ends without an error.

    Args:
      prefix: str, the path without ".index". Its directory must exist.
    """

    def __init__(self, prefix):
        self.prefix = os.fspath(prefix)
        self._suffix = f".part-{os.getpid()}-{next(_counter)}"
        self._old, self._shards = _old_data(self.prefix)
        self._data_path = data_file(self.prefix, 0, self._shards)
        self._items, self._offset = {}, 0
        self._data = open(self._data_path + self._suffix, "wb")

    def add(self, name, value, part=None):
        """Appends a tensor.

        Args:
          name: str.
          value: array; strings as an object array of bytes.
          part: (whole shape, extents) where the value is a part of the tensor.
        """
        key, value = name.encode(), np.asarray(value)
        dtype = dtypes.of_numpy(value.dtype)
        if part is not None:
            whole = self._items.setdefault(key, self._new_entry(dtype, part[0]))
            extent = whole.slices.add().extent
            for start, length in part[1]:
                extent.add(start=start) if length == -1 else extent.add(start=start, length=length)
            key = slice_key(key, part[1])
        if key in self._items or not key:
            raise errors.InvalidArgumentError(
                None, None, f"Adding duplicate key: {name!r}" if key else "A tensor needs a name")
        entry = self._items[key] = self._new_entry(dtype, value.shape)
        write = self._write_strings if dtype is dtypes.string else self._write_array
        entry.size, entry.crc32c = write(value)
        entry.offset = self._offset
        self._offset += entry.size

    def add_bundle(self, reader):
        """Appends all that another checkpoint holds, one tensor in memory at a time."""
        for name in reader.names():
            for value, part in reader.read_by_parts(name):
                self.add(name, value, part)

    def _new_entry(self, dtype, shape):
        entry = message("BundleEntryProto")(dtype=dtype.as_datatype_enum)
        entry.shape.SetInParent()
        for d in shape:
            entry.shape.dim.add(size=d)
        return entry

    def _write_array(self, value):
        value = np.ascontiguousarray(value, value.dtype.newbyteorder("="))
        raw = value.reshape(-1).view(np.uint8)
        crc = 0
        for start in range(0, len(raw), PIECE):
            piece = raw[start:start + PIECE]
            crc = crc32c(piece, crc)
            self._data.write(piece)
        return len(raw), masked(crc)

    def _write_strings(self, value):
        strings = [s.encode() if isinstance(s, str) else bytes(s) for s in value.ravel().tolist()]
        fixed = _fixed([len(s) for s in strings])
        lengths = b"".join([varint(len(s)) for s in strings])
        rest = struct.pack("<I", masked_crc32c(fixed)) + b"".join(strings)
        self._data.write(lengths)
        self._data.write(rest)
        return len(lengths) + len(rest), masked(crc32c(rest, crc32c(fixed)))

    def __enter__(self):
        return self

    def __exit__(self, kind, *exception):
        if kind is None:
            try:
                self._finish()
            except BaseException:
                self._discard()
                raise
        else:
            self._discard()

    def _finish(self):
        header = message("BundleHeaderProto")(num_shards=self._shards, version={"producer": 1})
        items = [(b"", header.SerializeToString())]
        items += [(key, self._items[key].SerializeToString()) for key in sorted(self._items)]
        index = self.prefix + ".index"
        _close_to_disk(self._data)
        with open(index + self._suffix, "wb") as file:
            write_table(file, items)
            _close_to_disk(file)
        os.replace(self._data_path + self._suffix, self._data_path)
        sync_directory(self.prefix)                    # the data are there before the index
        os.replace(index + self._suffix, index)
        sync_directory(self.prefix)
        for path in self._old:
            if path != self._data_path:
                with contextlib.suppress(OSError):
                    os.remove(path)

    def _discard(self):
        self._data.close()
        for path in self._data_path, self.prefix + ".index":
            with contextlib.suppress(OSError):
                os.remove(path + self._suffix)


def _old_data(prefix):
    """(data files of the bundle that is there, number of shards that the new index will name).

    The number is part of the data files' names: one that the old index does not use leaves
    the old bundle whole until the new index takes its place.
    """
    try:
        shards = BundleReader(prefix).shards
    except errors.OpError:
        return [], 1
    return ([data_file(prefix, i, shards) for i in range(min(shards, 1000))],
            2 if shards == 1 else 1)


def _close_to_disk(file):
    file.flush()
    os.fsync(file.fileno())
    file.close()


def sync_directory(path):
    """Makes the names in the directory of `path` survive a loss of power."""
    if os.name != "posix":
        return                                         # a directory cannot be opened there
    directory = os.open(os.path.dirname(os.path.abspath(path)), os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def write_file(path, data):
    """Writes bytes so that `path` holds the old or the new ones, whole, at every instant."""
    part = f"{path}.part-{os.getpid()}-{next(_counter)}"
    try:
        with open(part, "wb") as file:
            file.write(data)
            _close_to_disk(file)
        os.replace(part, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.remove(part)
        raise
    sync_directory(path)
