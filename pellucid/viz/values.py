"""Values as short text, and as what JSON can carry."""

import math

import numpy as np

LARGEST = 256              # arrays of more elements are summarized
_FIRST = 8


def as_text(value, limit=56):
    """One line that shows a value, or as much of it as fits.

    >>> as_text(np.array([[1, 0], [0, -1]]))
    '[[1 0] [0 -1]]'
    """
    if value is None:
        return "-"
    if hasattr(value, "indices"):                        # IndexedSlicesValue
        return f"rows {as_text(value.indices, 20)} = {as_text(value.values, limit - 26)}"
    text = np.array2string(np.asarray(value), precision=4, threshold=12, edgeitems=2,
                           suppress_small=True, separator=" ")
    text = " ".join(text.split()).replace("[ ", "[")
    return text if len(text) <= limit else text[:limit - 1] + "…"


def as_json(value, largest=LARGEST):
    """A dict of strings, numbers and lists for a value; None for none.

    It has "shape", "dtype", and "data", nested lists; or, for arrays of more than `largest`
    elements, "min", "max", "mean" and the "first" few. What JSON has no number for is a
    string: "nan", "inf", "-inf", and complex numbers.
    """
    if value is None:
        return None
    if hasattr(value, "indices"):
        return {"indices": as_json(value.indices, largest),
                "values": as_json(value.values, largest),
                "dense_shape": as_json(value.dense_shape, largest)}
    array = np.asarray(value)
    found = {"shape": list(array.shape), "dtype": _type_name(array.dtype)}
    if array.size <= largest:
        return {**found, "data": _plain(array.tolist())}
    found["first"] = _plain(array.ravel()[:_FIRST].tolist())
    if array.dtype.kind in "fiub" or array.dtype.name == "bfloat16":
        numbers = array.astype(np.float64)
        with np.errstate(all="ignore"):
            found |= {"min": _plain(numbers.min()), "max": _plain(numbers.max()),
                      "mean": _plain(numbers.mean())}
    return found


def _type_name(dtype):
    return "string" if dtype.kind in "OSU" else dtype.name


def _plain(item):
    if isinstance(item, list):
        return [_plain(part) for part in item]
    if isinstance(item, bytes):
        return item.decode("utf-8", "backslashreplace")
    if isinstance(item, bool | int | str):
        return item
    if isinstance(item, complex):
        return str(item)
    number = float(item)
    return number if math.isfinite(number) else str(number)
