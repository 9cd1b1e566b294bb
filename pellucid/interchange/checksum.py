"""The checksum of TensorFlow's files: CRC-32C, masked.

A file holds the checksum of data that may hold checksums itself, so it is rotated and shifted
by a constant ("masked"): crc32c is linear, and a checksum of checksums would be weak.
"""

import functools

PIECE = 1 << 22                # bytes taken at a time: they stay in the processor's cache


@functools.cache
def _extend():
    from google_crc32c import extend
    return extend


def crc32c(data, before=0):
    """CRC-32C of bytes or of a one-dimensional uint8 array, going on from `before`."""
    extend = _extend()
    for start in range(0, len(data), PIECE):
        before = extend(before, data[start:start + PIECE])
    return before


def masked(crc):
    """The form of a checksum that files hold."""
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def masked_crc32c(data):
    """The masked CRC-32C of bytes."""
    return masked(crc32c(data))
