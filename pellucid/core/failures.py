"""What a failing node says: which operation, which inputs, and the user's line."""

import numpy as np

from pellucid.core import errors
from pellucid.core.cell import value_of


def explain(error, op, values):
    """The exception to raise where computing `op` with `values` raised `error`.

    An error inside a learner's own operation stays what it is, with a note. What NumPy refuses
    becomes InvalidArgumentError, as in TensorFlow.
    """
    if getattr(error, "_explained", False):          # by the body of a loop, to its operation
        return error
    place = "(built at {}:{})".format(*op.location)
    if isinstance(error, errors.OpError):
        if error.op is not None:
            return error
        return type(error)(op, op, f"{error.message}\n{_summary(op, values)}\n  {place}")
    if op.op_type is None:
        error.add_note(f"while computing {_summary(op, values)}\n  {place}")
        error._explained = True
        return error
    kind: type[errors.OpError] = errors.InvalidArgumentError
    if isinstance(error, MemoryError):
        kind = errors.ResourceExhaustedError
    return kind(op, op, f"{error}\n{_summary(op, values)}\n  {place}")


def _summary(op, values):
    lines = [f"{op.type} {op.name!r} with"] if op.input_nodes else [f"{op.type} {op.name!r}"]
    for tensor, value in zip(op.input_nodes, values, strict=False):
        value = value_of(value)
        dtype = getattr(value, "dtype", np.dtype(object))
        if dtype.kind == "O":                                # a string, or a handle
            dtype = tensor.dtype.name if tensor.dtype else type(value).__name__
        lines.append(f"  {tensor.name!r}  {dtype}  {np.shape(value)}")
    return "\n".join(lines)
