"""Many runs in one call: Session.run_steps.

An engine that can keep the data where it computes does all steps in one program; for the others
this is a loop.
"""

import numpy as np

from pellucid.core import errors


def run_steps(call, fixed, stacked, count):
    """The fetches of `count` runs, each value with a new first axis for the steps.

    Args:
      call: what a Session has prepared for the fetches and feeds.
      fixed: values of the feeds that are the same in each step.
      stacked: values of the other feeds, which come after these: an entry a step.
      count: int, or None for the length of what is stacked.
    """
    if call.split:
        raise TypeError("run_steps feeds tensors; feed the parts of a SparseTensor or another "
                        "composite by themselves.")
    count = _count(stacked, count)
    first = len(fixed)
    arrays = [convert(value) for convert, value in zip(call.converters, fixed, strict=False)]
    arrays += [_entries(convert, value)
               for convert, value in zip(call.converters[first:], stacked, strict=True)]
    positions = frozenset(range(first, len(arrays)))
    many = getattr(call.engine, "steps", None)
    found = many(arrays, positions, count) if many and count else None
    if found is None:
        found = [call.engine(at(arrays, positions, step)) for step in range(count)]
        found = [np.stack(values) for values in zip(*found, strict=True)]
    return call.pack(found)


def at(arrays, stacked, step):
    """The feeds of one step."""
    return [a[step] if i in stacked else a for i, a in enumerate(arrays)]


def _count(stacked, count):
    lengths = {len(value) for value in stacked}
    if count is not None:
        lengths.add(count)
    if len(lengths) != 1:
        wanted = "steps, or something stacked" if not lengths else (
            f"one number of steps, but got {', '.join(map(str, sorted(lengths)))}")
        raise ValueError(f"run_steps needs {wanted}.")
    if min(lengths) < 1:
        raise ValueError("run_steps needs at least one step.")
    return lengths.pop()


def _entries(convert, value):
    """The converted entries of what is stacked, as one array."""
    first = convert(value[0])
    if isinstance(value, np.ndarray) and value.dtype == first.dtype:
        return value                       # every entry has the type and shape of the first
    entries = [first, *map(convert, value[1:])]
    if any(entry.shape != first.shape for entry in entries):
        raise errors.InvalidArgumentError(
            None, None, "what is stacked must have entries of one shape, but has "
            f"{sorted({entry.shape for entry in entries})}")
    return np.stack(entries)
