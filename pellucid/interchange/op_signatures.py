"""What TensorFlow calls the inputs, outputs and attributes of each operation type.

A GraphDef says for each node the types of what it takes (T, Tidx, ...) and how many (N). They
follow from the inputs; `op_types.txt` says how, one line a type:

    MatMul | a:T b:T | product:T | transpose_a:bool=false transpose_b:bool=false T:type
    ConcatV2 | values:N*T axis:Tidx | output:T | N:int T:type Tidx:type="int32"

`N*T` is N tensors of type T, `*Tin` tensors of the types in the list Tin, `&T` a variable.
Read next: attributes.py.
"""

import functools
from pathlib import Path

FILE = Path(__file__).with_name("op_types.txt")
REQUIRED = object()                    # the default of an attribute that has none


class Argument:
    """An input or output: one tensor, `number` (an attribute) of one type, or one for each
    type in the attribute `types`."""

    __slots__ = ("is_ref", "name", "number", "type", "types")

    def __init__(self, name, type, number, types, is_ref):
        self.name, self.type, self.number, self.types = name, type, number, types
        self.is_ref = is_ref


class Signature:
    """Inputs, outputs, and {attribute: (type, default)} of an operation type."""

    __slots__ = ("attrs", "inputs", "outputs")

    def __init__(self, inputs, outputs, attrs):
        self.inputs, self.outputs, self.attrs = inputs, outputs, attrs


@functools.cache
def _lines():
    return "\n" + FILE.read_text()


@functools.cache
def signature(op_type):
    """The Signature of one of TensorFlow's operation types; None if there is no such type."""
    text = _lines()
    start = text.find(f"\n{op_type} |")
    if start < 0:
        return None
    _, inputs, outputs, attrs = text[start + 1:text.index("\n", start + 1)].split(" |")
    return Signature(tuple(map(_argument, inputs.split())),
                     tuple(map(_argument, outputs.split())),
                     dict(map(_attribute, attrs.split())))


def _argument(text):
    name, kind = text.split(":")
    is_ref, kind = kind.startswith("&"), kind.removeprefix("&")
    if kind.startswith("*"):
        return Argument(name, "", "", kind[1:], is_ref)
    number, _, kind = kind.rpartition("*")
    return Argument(name, kind, number, "", is_ref)


def _attribute(text):
    import json  # here, so that `import pellucid` need not wait for it
    name, kind = text.split(":", 1)
    kind, equals, default = kind.partition("=")
    return name, (kind, json.loads(default) if equals else REQUIRED)
