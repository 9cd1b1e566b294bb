"""What TensorFlow says of the rows: its static shapes, and values where NumPy is no oracle.

Asked alive where it is installed; else what it said when this module was last run:

    python -m tests.ops.answers             remakes answers.json
    python -m tests.ops.answers If While    asks only about rows of these types, and new ones
"""

import functools
import json
import sys
from pathlib import Path

import numpy as np

from tests.differential.oracle import installed, tensorflow
from tests.ops.harness import Built, erasures, load_rows, static

ANSWERS = Path(__file__).with_name("answers.json")
REFUSED = "refused"


def of(name, row):
    """{"static": {label: [what is known of each output] or "refused"}, "values": [...]}"""
    return ask(name, row) if installed() else recorded()[name]


def ask(name, row):
    """TensorFlow's answer, computed now."""
    variants = {"": None, **erasures(row)}
    return {"static": {label: _static(row, shapes) for label, shapes in variants.items()},
            "values": None if row.oracle else [encode(v) for v in _values(row)]}


def _static(row, shapes):
    try:
        return [static(y) for y in Built(row, shapes, library=tensorflow()).outputs]
    except Exception:
        return REFUSED


def _values(row):
    tf = tensorflow()
    built = Built(row, library=tf)
    with tf.Session(graph=built.graph) as session:
        with built.graph.as_default():
            session.run(tf.global_variables_initializer())
        return session.run(built.outputs, dict(zip(built.fed, row.inputs, strict=True)))


@functools.cache
def recorded():
    """What TensorFlow said when this module was last run, by name of the row."""
    return json.loads(ANSWERS.read_text())


def encode(value):
    """An array as JSON: its type, its shape, its numbers; complex numbers as pairs."""
    value = np.asarray(value)
    flat = value.reshape(-1)
    if value.dtype.kind in "OS":
        data = [item.decode("latin-1") for item in flat]
    elif value.dtype.kind == "c":
        data = [[part(x.real), part(x.imag)] for x in flat]
    else:
        data = [part(x) for x in flat]
    return [value.dtype.name, list(value.shape), data]


def part(x):
    """One number, as short as its type allows; JSON has no nan and inf."""
    if isinstance(x, np.bool_ | np.integer):
        return x.item()
    number = float(str(x))
    return number if np.isfinite(number) else str(number)


def decode(encoded):
    """The array that `encode` was given; text as an array of bytes."""
    dtype, shape, data = encoded
    if dtype.startswith(("object", "bytes")):
        result = np.empty(len(data), object)
        result[:] = [item.encode("latin-1") for item in data]
        return result.reshape(shape)
    if dtype.startswith("complex"):
        data = [complex(float(a), float(b)) for a, b in data]
    elif dtype.startswith(("float", "bfloat")):
        dtype, data = "float64", [float(x) for x in data]
    return np.array(data, dtype).reshape(shape)


def main(op_types):
    known = {} if not op_types else recorded()
    lines = [f"{json.dumps(name)}: " + json.dumps(
                 known[name] if name in known and row.op_type not in op_types else ask(name, row))
             for name, row in sorted(load_rows().items())]
    ANSWERS.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    print(f"{ANSWERS.name}: {len(lines)} rows, {ANSWERS.stat().st_size / 1024:.0f} KB")


if __name__ == "__main__":
    main(sys.argv[1:])
