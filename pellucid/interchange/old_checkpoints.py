"""Checkpoints from before TensorFlow 0.12 ("V1"), read tensor by tensor.

One file, a table: under "" what tensors there are, under each other key a part of a tensor as a
message. What reads checkpoints takes either form: open_checkpoint. Read next: checkpoints.py.
"""

import os

import numpy as np

from pellucid.core import dtypes, errors, shapes
from pellucid.interchange.bundle import BundleReader
from pellucid.interchange.messages import parse
from pellucid.interchange.slices import as_index, slice_key
from pellucid.interchange.table import read_table
from pellucid.interchange.tensors import listed_values


class OldReader:
    """The tensors of a V1 checkpoint; the methods are BundleReader's.

    Args:
      prefix: str, the path of the file.

    Raises DataLossError, with the file and where in it, for what is damaged.
    """

    def __init__(self, prefix):
        self.prefix = os.fspath(prefix)
        self._table = read_table(self.prefix)
        header = self._table.pop(b"", None)
        if header is None:
            raise self._damaged("", "there is no header")
        header = parse("SavedTensorSlices", header, self.prefix)
        self._tensors = {tensor.name: tensor for tensor in header.meta.tensor}

    def names(self):
        """List of the tensors' names, sorted."""
        return sorted(self._tensors)

    def __contains__(self, name):
        return name in self._tensors

    def shape(self, name):
        """Tuple of int."""
        tensor = self._tensor(name)
        shape = tuple([dim.size for dim in tensor.shape.dim])
        if tensor.shape.unknown_rank or any(d < 0 for d in shape) or len(shape) > 64:
            raise self._damaged(name, f"the shape {shape} is not one of an array")
        return shape

    def dtype(self, name):
        """DType."""
        try:
            return dtypes.as_dtype(self._tensor(name).type).base_dtype
        except TypeError:
            raise errors.UnimplementedError(
                None, None, f"{self.prefix}, tensor {name!r}: element type "
                f"{self._tensor(name).type} is not supported") from None

    def read(self, name):
        """The tensor as a new array; strings as an object array of bytes."""
        dtype, shape, whole, seen = self.dtype(name), self.shape(name), None, 0
        for part in self._tensor(name).slice:
            extents = [(e.start, e.length if e.HasField("length") else -1) for e in part.extent]
            extents = extents or [(0, -1)] * len(shape)
            if len(extents) != len(shape) or not all(
                    0 <= start and -1 <= length and start + length <= d
                    for (start, length), d in zip(extents, shape, strict=True)):
                raise self._damaged(name, f"the part {extents} is not inside the shape {shape}")
            values = self._part(name, extents, dtype)
            wanted = tuple([d if length == -1 else length
                            for (_, length), d in zip(extents, shape, strict=True)])
            if len(values) != shapes.size(wanted):
                raise self._damaged(name, f"a part of shape {wanted} has {len(values)} values")
            seen += len(values)
            if seen > shapes.size(shape):
                raise self._damaged(name, "its parts overlap")
            if wanted == shape:
                return values.reshape(shape)
            if whole is None:
                self._check_parts(name, shape, dtype)
                whole = np.empty(shape, dtype._numpy)
            whole[as_index(extents)] = values.reshape(wanted)
        if seen != shapes.size(shape) or whole is None:
            raise self._damaged(name, f"its parts are {seen} elements of {shapes.size(shape)}")
        return whole

    def _check_parts(self, name, shape, dtype):
        """Raises DataLossError for a shape larger than this file can fill."""
        if shapes.size(shape) > 8 * os.path.getsize(self.prefix):
            raise self._damaged(name, f"the shape {shape} is larger than the file")

    def _part(self, name, extents, dtype):
        """The values of a part, a vector."""
        key = slice_key(name.encode(), extents)
        if key not in self._table:
            raise self._damaged(name, f"the part {extents} is missing")
        message = parse("SavedTensorSlices", self._table[key], f"{self.prefix}, tensor {name!r}")
        try:
            return np.array(listed_values(message.data.data, dtype))
        except (errors.InvalidArgumentError, ValueError) as error:
            raise self._damaged(name, str(error)) from None

    def _tensor(self, name):
        if name not in self._tensors:
            raise errors.NotFoundError(
                None, None, f"Key {name} not found in checkpoint {self.prefix}")
        return self._tensors[name]

    def _damaged(self, name, what):
        return errors.DataLossError(None, None, f"{self.prefix}, tensor {name!r}: {what}")


def open_checkpoint(prefix):
    """A BundleReader, or an OldReader where there is a file of an old checkpoint."""
    prefix = os.fspath(prefix)
    if os.path.isfile(prefix) and not os.path.isfile(prefix + ".index"):
        return OldReader(prefix)
    return BundleReader(prefix)
