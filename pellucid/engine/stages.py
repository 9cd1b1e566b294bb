"""Stages of a run on two sides: what XLA compiles, and what NumPy computes between.

Not everything can be compiled: strings, Python functions, results whose shape depends on the
data. So the nodes of a plan are sorted into stages that alternate between the host and the
device, as few as the order of things allows:

    host      a seeded random number is drawn
    device    forward pass, gradients, updates of the variables
    host      a summary of the loss is made

A node belongs to the earliest stage of its side that comes after everything it needs: its
inputs, the writes of the variables that it reads, the reads of those that it writes and, if it
has an effect, what it waits for. Read next: executable.py.
"""

from pellucid.core.dtypes import resource, string, variant
from pellucid.engine.groups import Groups

HOST, DEVICE = 0, 1


class Stage:
    """Nodes that run on one side, one after the other.

    Attributes:
      on_device: bool.
      nodes: list of Node, in the order of the plan.
    """

    __slots__ = ("nodes", "on_device")

    def __init__(self, on_device):
        self.on_device, self.nodes = on_device, []


_OBJECTS = string, resource, variant              # values that are no arrays of numbers
_WITH_LISTS = frozenset((                         # what XLA can do with lists of tensors
    "AddN", "FakeParam", "Identity", "If", "StatelessIf", "StatelessWhile", "StopGradient",
    "While", "ZerosLike"))


def sides(nodes, untraceable=frozenset()):
    """{Node: HOST or DEVICE}.

    Args:
      nodes: list of Node, in order.
      untraceable: set of Operation that were seen to fail while XLA traced them.

    What a node must know as numbers while it is compiled (a shape, an axis: `static_inputs`) is
    computed on the host, back to where it stops being small whole numbers.
    """
    found, known, told = {}, set(), _of_shapes(nodes)
    for_host = {node for node in nodes if node.op in untraceable or _is_for_host(node)}
    for_host |= _with_lists_of_the_host(nodes, for_host)
    for node in reversed(nodes):
        side = HOST if node in for_host else DEVICE
        if side is DEVICE and not known.isdisjoint(node.outputs) and not (
                node.has_effect or node in told or _lists_of(node)):
            side = HOST
            known.update(v for v in node.inputs if _is_whole_number(v))
        if side is DEVICE:
            known.update(node.static_inputs)
        found[node] = side
    return found


def _is_for_host(node):
    op = node.op
    if any(_is_for_host(inner) for body in node.bodies for inner in body.nodes):
        return True
    acts = op.effect and not op.returns_ref and not node.bodies       # prints, queues, asserts
    if op.host or op.op_type is None or op.stateful or acts:
        return True
    objects = _OBJECTS[:2] if _takes_lists(op) else _OBJECTS
    return any(value.dtype in objects for value in (*node.inputs, *node.outputs))


def _takes_lists(op):
    return op.op_type in _WITH_LISTS or op.op_type.startswith(("TensorList", "EmptyTensorList"))


def _with_lists_of_the_host(nodes, for_host):
    """Set of the nodes that share lists with nodes of the host, or share them with no loop.

    A list stays on one side. One that no loop or branch carries is the host's, where a wrong
    index is told.
    """
    groups, carried, lost = Groups(), set(), set()
    for node in nodes:
        groups.join(_lists_of(node))
    for node in nodes:
        found = {groups.of(value) for value in _lists_of(node)}
        if node.bodies:
            carried |= found
        if node in for_host:
            lost |= found
    return {node for node in nodes
            if any(groups.of(v) in lost or groups.of(v) not in carried for v in _lists_of(node))}


def _lists_of(node):
    return [value for value in (*node.inputs, *node.outputs) if value.dtype is variant]


def _of_shapes(nodes):
    """Set of the nodes whose outputs are numbers while a program is traced: they are made of
    constants and of the shapes of arrays."""
    found, told = set(), set()
    for node in nodes:
        if node.op.op_type in _ABOUT_SHAPES or (node.inputs and not node.bodies and all(
                v.constant is not None or v in told for v in node.inputs)):
            found.add(node)
            told.update(node.outputs)
    return found


_ABOUT_SHAPES = frozenset(("Shape", "ShapeN", "Size", "Rank", "TensorListLength"))


def _is_whole_number(value):
    dtype = value.dtype
    return dtype is not None and dtype._numpy.kind in "iub"


def stages(order, nodes, side_of):
    """List of Stage, for the operations `order` of a run and the `nodes` that it has become."""
    levels = _Levels(side_of)
    by_caller = {}
    for node in nodes:
        by_caller.setdefault(node.caller, []).append(node)
    for op in order:
        levels.place(op, by_caller.get(op, ()))
    found = {}
    for node in nodes:
        level = levels.of_node[node]
        if level not in found:
            found[level] = Stage(side_of[node] is DEVICE)
        found[level].nodes.append(node)
    return [found[level] for level in sorted(found)]


class _Levels:
    """The stage of each node, as a number: even on the host, odd on the device."""

    def __init__(self, side_of):
        self.side_of, self.of_node = side_of, {}
        self._of_op = {}                  # Operation -> the last level of what it became
        self._waits = {}                  # Operation -> that of what it waits for, however far
        self._read, self._written = {}, {}            # variable's Value -> levels
        self._effect = HOST               # the level of the last effect on the host

    def place(self, op, nodes):
        """Gives levels to the nodes that one operation has become."""
        waits = [self._of_op.get(c, 0) for c in op.control_inputs]
        waits += [self._waits.get(t.op, 0) for t in op.input_nodes]
        self._waits[op] = waited = max(waits, default=0)
        last = max([waited, *(self._of_op.get(t.op, 0) for t in op.input_nodes)])
        for node in nodes:
            last = max(last, self._place(node, waited))
        self._of_op[op] = last

    def _place(self, node, waited):
        level = max((self.of_node.get(v.node, 0) for v in node.inputs), default=0)
        seen, writes = [*node.inputs, *node.touched], node.op.ref_inputs
        if node.has_effect and node.touched:
            writes = range(len(node.inputs), len(seen))
        for i, value in enumerate(seen):
            if value.place is not None:
                level = max(level, self._written.get(value, 0))
                if i in writes:
                    level = max(level, self._read.get(value, 0))
        side = self.side_of[node]
        if node.has_effect:
            level = max(level, waited, self._effect if side is HOST else 0)
        level += level % 2 != side
        for i, value in enumerate(seen):
            if value.place is not None:
                levels = self._written if i in writes else self._read
                levels[value] = max(level, levels.get(value, 0))
        if node.has_effect and side is HOST:
            self._effect = level
        self.of_node[node] = level
        return level
