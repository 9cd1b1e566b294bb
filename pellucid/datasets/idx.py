"""The format of MNIST's files: gzipped arrays of bytes, "idx" (LeCun, Cortes & Burges).

A file is a magic number that says how many dimensions there are, the dimensions, each four bytes,
the most significant first, and then the numbers. Read next: mnist.py, input_data.py.
"""

import gzip
import struct
import zlib

import numpy as np

IMAGES, LABELS = 2051, 2049            # the magic numbers: bytes in 3 dimensions, or in 1


def read(source, magic):
    """The uint8 array in a gzipped idx file.

    Args:
      source: path, or a binary file that is open.
      magic: int, what the file must begin with; its last byte is the number of dimensions.

    Raises ValueError if it is no such file, or not whole.
    """
    name = getattr(source, "name", source)
    how = {"fileobj": source} if hasattr(source, "read") else {"filename": source}
    try:
        with gzip.GzipFile(mode="rb", **how) as file:
            head = file.read(4 * (1 + magic % 256))
            found, *shape = struct.unpack(f">{1 + magic % 256}I", head)
            if found != magic:
                raise ValueError(f"magic number {found}, not {magic}")
            data = file.read()
        return np.frombuffer(data, np.uint8).reshape(shape)
    except (EOFError, OSError, struct.error, ValueError, zlib.error) as error:
        if isinstance(error, FileNotFoundError):
            raise
        kind = "images" if magic == IMAGES else "labels"
        raise ValueError(f"{name} is no gzipped idx file of {kind}, or is not whole ({error}). "
                         "Delete it, and it is downloaded again.") from error
