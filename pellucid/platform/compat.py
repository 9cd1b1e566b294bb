"""Strings and bytes between Python 2 and 3. As in TF: tf.compat."""

import numbers

import numpy as np

bytes_or_text_types = (bytes, str)
complex_types = (numbers.Complex, np.number)
integral_types = (numbers.Integral, np.integer)
real_types = (numbers.Real, np.integer, np.floating)


def as_bytes(bytes_or_text, encoding="utf-8"):
    """A string or bytes as bytes. TypeError for anything else. As in TF: tf.compat.as_bytes."""
    if isinstance(bytes_or_text, str):
        return bytes_or_text.encode(encoding)
    if isinstance(bytes_or_text, bytes | bytearray):
        return bytes(bytes_or_text)
    raise TypeError(f"Expected binary or unicode string, got {bytes_or_text!r}")


def as_text(bytes_or_text, encoding="utf-8"):
    """A string or bytes as str. TypeError for anything else. As in TF: tf.compat.as_text."""
    if isinstance(bytes_or_text, str):
        return bytes_or_text
    if isinstance(bytes_or_text, bytes):
        return bytes_or_text.decode(encoding)
    raise TypeError(f"Expected binary or unicode string, got {bytes_or_text!r}")


as_str = as_text


def as_str_any(value):
    """as_str of a string or bytes, and str(value) of all else."""
    return as_str(value) if isinstance(value, bytes) else str(value)


def path_to_str(path):
    """A path as str: what a pathlib.Path stands for, anything else unchanged."""
    return as_str_any(path.__fspath__()) if hasattr(path, "__fspath__") else path


def forward_compatible(year, month, day):
    """False: programs keep to what 1.15 could do. As in TF: tf.compat.forward_compatible."""
    return False
