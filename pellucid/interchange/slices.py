"""Parts of a tensor in a checkpoint: which part, and under which key it lies.

A partitioned variable is one name in a checkpoint and several tensors. `Saver` names a part by
text such as "10 4 0,5:-": the whole's shape, then start,length of each axis, "-" for all of it.
"""

import re

from pellucid.core import errors


def parse_slice(text):
    """(whole shape, ((start, length), ...)) of "10 4 0,5:-"; (None, None) of "".

    A length of -1 is the whole axis.

    Raises InvalidArgumentError for other texts. As in TF: tf.Variable.SaveSliceInfo.spec.
    """
    if not text:
        return None, None
    *shape, extents = text.split(" ")
    try:
        shape = [int(d) for d in shape]
        extents = [(0, -1) if e == "-" else tuple(int(n) for n in e.split(","))
                   for e in extents.split(":")]
        inside = all(0 <= start and -1 <= length and start + length <= d
                     for (start, length), d in zip(extents, shape, strict=True))
    except ValueError:
        inside = False
    if not inside:
        raise errors.InvalidArgumentError(
            None, None, f"{text!r} does not say which part of which shape: write for example "
            "'10 4 0,5:-' for the first 5 of 10 rows of 4.")
    return shape, tuple(extents)


def as_index(extents):
    """The NumPy index of a part."""
    return tuple([slice(start, None if length == -1 else start + length)
                  for start, length in extents])


def slice_key(name, extents):
    """The key under which a part of the tensor `name` (bytes) lies.

    extents: (start, length) of each axis, length -1 for the whole axis. Keys in this code sort
    as the numbers and texts that they stand for do.
    """
    name = re.sub(rb"[\0\xff]", lambda found: found[0] + bytes([found[0][0] ^ 255]), name)
    numbers = b"".join(_signed(start) + _signed(length) for start, length in extents)
    return _unsigned(0) + name + b"\0\1" + _unsigned(len(extents)) + numbers


def _unsigned(n):
    digits = n.to_bytes((n.bit_length() + 7) // 8, "big")
    return bytes([len(digits)]) + digits


def _signed(n):
    # Like UTF-8: leading ones say how many bytes there are; negative numbers are inverted.
    length = (~n if n < 0 else n).bit_length() // 7 + 1
    if length == 1:
        return bytes([0x80 ^ (n & 255)])
    digits = bytearray((n & (1 << 8 * length) - 1).to_bytes(length, "big"))
    header = 0xFF << (8 - length) & 0xFF if length <= 8 else 0xFF
    digits[0] ^= header
    return bytes(digits)
