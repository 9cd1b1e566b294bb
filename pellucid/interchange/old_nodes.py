"""Small words of the conversion of old graphs: NodeDefs by name, and the texts of their inputs.

Read next: old_state.py.
"""

import numpy as np

from pellucid.interchange.messages import message
from pellucid.interchange.tensors import array_to_proto

INT32, INT64, FLOAT, VARIANT = 3, 9, 1, 21
_TYPES = {INT32: np.int32, INT64: np.int64, FLOAT: np.float32}


def source_of(text):
    """The name of the node that an input comes from."""
    return text.removeprefix("^").partition(":")[0]


def full(text):
    """An input with its number: "x:0" for "x"."""
    return text if ":" in text or text.startswith("^") else f"{text}:0"


def data_inputs(node):
    """The inputs that are values."""
    return [t for t in node.input if not t.startswith("^")]


def control_inputs(node):
    """The inputs that a node only waits for."""
    return [t for t in node.input if t.startswith("^")]


def new_node(name, op, inputs):
    """A NodeDef."""
    node = message("NodeDef")()
    node.name, node.op = name, op
    node.input.extend(inputs)
    return node


def copy_of(node):
    """The same NodeDef, another message."""
    copy = message("NodeDef")()
    copy.CopyFrom(node)
    return copy


def unused(taken, name):
    """`name`, with a number if it is taken."""
    found, count = name, 0
    while found in taken:
        count += 1
        found = f"{name}_{count}"
    return found


def constant(nodes, name, value, enum):
    """The name of a new Const among the nodes."""
    node = new_node(unused(nodes, name), "Const", [])
    node.attr["dtype"].type = enum
    array_to_proto(np.array(value, _TYPES[enum]), node.attr["value"].tensor)
    nodes[node.name] = node
    return node.name


def consumers_of(nodes):
    """{name: names of the nodes that take from it, or wait for it}"""
    found = {}
    for node in nodes.values():
        for text in node.input:
            found.setdefault(source_of(text), []).append(node.name)
    return found


def decides(switch, nodes, through=("Identity",)):
    """What a Switch decides by, behind the Identity (pred_id) that each branch has."""
    text = full(switch.input[1])
    for _ in nodes:
        node = nodes.get(source_of(text))
        if node is None or node.op not in through:
            break
        text = full(node.input[0])
    return text


def switch_above(texts, nodes):
    """The nearest output of a Switch that some inputs come from, as a text; None without one.

    On the way to it there may be whole branches, each from a Merge up to a Switch. What is outside
    of the loop that the inputs are in is not looked at.
    """
    seen, stack, waited = set(), [(t, 0) for t in texts], []
    while stack or waited:
        text, inner = (stack or waited).pop()
        node = nodes.get(source_of(text))
        if node is None or node.op in ("Enter", "Exit") or (node.name, inner) in seen:
            continue
        seen.add((node.name, inner))
        if node.op == "Switch":
            if decides_a_loop(node, nodes) or text.startswith("^"):
                continue
            if not inner:
                return full(text)
            stack.append((node.input[0], inner - 1))
            continue
        sources = [nodes.get(source_of(t)) for t in data_inputs(node)]
        if node.op == "Merge" and any(s is not None and s.op == "Enter" for s in sources):
            continue
        inner += node.op == "Merge"
        stack += [(t, inner) for t in data_inputs(node)]
        waited += [(t, inner) for t in control_inputs(node)]
    return None


def decides_a_loop(switch, nodes):
    """True of a Switch that is part of a loop, not of a branch."""
    cond = nodes.get(source_of(switch.input[1]))
    return cond is not None and cond.op == "LoopCond"


def leaving(exit_node, nodes):
    """(Switch, Merge) that an Exit's value comes from, by name; behind Identity nodes."""
    name = source_of(exit_node.input[0])
    for _ in nodes:
        if nodes[name].op != "Identity":
            break
        name = source_of(nodes[name].input[0])
    return name, source_of(nodes[name].input[0])


def topological(nodes, inputs=lambda node: node.input):
    """The nodes, each after those it takes inputs from; ValueError where there is a circle."""
    done, order = set(), []
    for first in nodes.values():
        stack = [(first, iter(inputs(first)))]
        while stack:
            node, rest = stack[-1]
            if node.name in done:
                stack.pop()
                continue
            for text in rest:
                source = source_of(text)
                if source in nodes and source not in done:
                    stack.append((nodes[source], iter(inputs(nodes[source]))))
                    break
            else:
                done.add(node.name)
                order.append(node)
                stack.pop()
            if len(stack) > len(nodes):
                raise ValueError(f"Node {first.name!r} is in a cycle that is no loop")
    return order
