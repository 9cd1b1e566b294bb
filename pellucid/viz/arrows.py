"""Which arrows a picture has, and what is written on its nodes."""

import re

from pellucid.viz.picture import Edge
from pellucid.viz.scopes import GRADIENTS

_LAST = 1000           # control inputs arrive after all others


def connect(ops, part_of, fold_variables):
    """List of Edge.

    Between two operations there is one for each input, so x * x has two. To and from what
    stands for several operations there is one for all that flows between the two.
    """
    single, merged = [], {}
    for op in ops:
        leaf = part_of.get(op)
        if leaf is None:
            continue
        for position, tensor in enumerate(op.input_nodes):
            source = part_of.get(tensor.op)
            if source is None or source.shown is leaf.shown:
                continue
            if fold_variables and source.kind == "variable" and _writes(op, position):
                leaf.writes[source.ops[0]] = None             # a note instead of an arrow
            elif source.shown is source and leaf.shown is leaf and leaf.kind != "variable":
                single.append(Edge(source, leaf, (tensor,), position))
            else:
                _, tensors = merged.setdefault((source.shown, leaf.shown), (position, {}))
                tensors[_carried(tensor)] = None
        for control in op.control_inputs:
            source = part_of.get(control)
            if source is not None and source.shown is not leaf.shown:
                merged.setdefault((source.shown, leaf.shown, "control"), (_LAST, {}))
    edges = single + [Edge(source, target, tuple(tensors), position)
                      for (source, target, *_), (position, tensors) in merged.items()]
    return _without_reads_of_gradients(edges)


def _carried(tensor):
    """The tensor; for a read of a variable, the variable: it is one node with one value."""
    op = tensor.op
    is_read = op.type == "Identity" and op.input_nodes[0].op.type == "VariableV2"
    return op.input_nodes[0] if is_read else tensor


def _writes(op, position):
    """True if this input is a variable that the operation updates."""
    return position in op.ref_inputs and (op.returns_ref or not op.outputs)


def find_updates(leaves):
    """Tells scopes which variables are updated in them."""
    for leaf in leaves:
        op = leaf.ops[0]
        if op.type in ("Assign", "Identity") or not op.ref_inputs:
            continue
        if leaf.kind == "op" and _writes(op, op.ref_inputs[0]):
            scope = leaf.parent
            while scope is not None:
                scope.writes[op.input_nodes[op.ref_inputs[0]].op] = None
                scope = scope.parent


def _without_reads_of_gradients(edges):
    """A folded gradient uses most values of the forward pass. Only the arrow from the loss
    is drawn; how many others there are is written on the node."""
    arriving = {}
    for edge in edges:
        if edge.target.is_folded and GRADIENTS.match(edge.target.name):
            arriving.setdefault(edge.target, []).append(edge)
    left_out = set()
    for scope, found in arriving.items():
        if len(found) > 3:
            loss = max(found, key=lambda edge: edge.source.number)
            left_out.update(edge for edge in found if edge is not loss)
            scope.reads = sum(len(edge.tensors) for edge in found) - len(loss.tensors)
    return [edge for edge in edges if edge not in left_out]


# -- text ----------------------------------------------------------------------------------

# Names that operations get from Python's operators and from functions of another name.
_DEFAULT_NAMES = {"add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "strided_slice",
                  "stack", "concat", "range", "ones", "zeros", "ones_like", "zeros_like"}


def write(part):
    """Sets label and note of a part."""
    name = _relative_name(part)
    part.label = name
    if part.is_folded:
        part.note = f"{part.size:,} ops"
        if part.reads:
            part.note += f", reads {part.reads} values"
        if part.writes:
            part.note += f", updates {_count(part.writes, 'variable')}"
    elif part.kind == "constant":
        part.label = _constant_text(part.ops[0])
    elif part.kind == "op":
        part.label = part.ops[0].type
        if part.writes:
            part.note = "updates " + ", ".join(v.name for v in part.writes)
        else:
            part.note = _own_name(name, part.label)


def _own_name(name, op_type):
    """The part of an operation's name that is not just its type, in other spelling."""
    words = name.split("/")
    while words:
        stem = re.sub(r"_\d+$", "", words[-1])
        says_type = stem.replace("_", "").lower() in op_type.lower()
        if not says_type and stem not in _DEFAULT_NAMES:
            return "/".join(words)
        words.pop()
    return ""


def _count(things, name):
    return f"{len(things)} {name}{'s' if len(things) > 1 else ''}"


def _relative_name(part):
    """The name as it is within the open scope around it."""
    outer = part.parent
    while outer.kind == "bundle":
        outer = outer.parent
    if part.kind == "bundle":
        cut = len(outer.name) + 1 if outer.name else 0
        return f"{part.children[0].name[cut:]} … {part.children[-1].name[cut:]}"
    if outer.name and part.name.startswith(outer.name + "/"):
        return part.name[len(outer.name) + 1:]
    return part.name.rpartition("/")[2] if part.name == outer.name else part.name


def _constant_text(op):
    value = op.value
    if value is None or value.size > 4 or value.dtype.kind == "O":
        return "Const"
    return " ".join(str(value).split())
