"""From a graph to what is drawn of it: at most a couple of hundred nodes.

A drawing with ten thousand nodes shows nothing. So the four nodes of a variable become one,
what initializes it goes inside, and name scopes become boxes, of which the large ones stay
folded. All of it is linear in the size of the graph. Read next: layout.py.
"""

import heapq
import re

from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import show
from pellucid.core.traversal import post_order, prerequisites

GRADIENTS = re.compile(r"(.*/)?gradients(_\d+)?$")
_LARGE = 12                   # a scope of gradients or updates with more operations stays folded
_DEEPEST = 24                 # scopes nested deeper than this are drawn as one


class Part:
    """One thing in the picture: an operation, a variable, or a name scope.

    Attributes:
      name: str, of the operation or the scope.
      kind: "op", "variable", "placeholder", "constant", "scope" or "bundle" (a run of nodes
        that were too many to draw).
      ops: list of the Operations it stands for, the important one first; [] for scopes.
      parent: Part, the scope around it; None for the root.
      children: list of Part; None for what is no scope.
      is_open: bool, its children are drawn inside.
      size: int, how many operations it stands for.
      label, note: str, what is written on it; note may be "".
      is_target: bool, the user asked for it.
    """

    def __init__(self, name, kind, parent=None, ops=()):
        self.name, self.kind, self.parent, self.ops = name, kind, parent, list(ops)
        self.children = [] if kind in ("scope", "bundle") else None
        self.is_open = self.is_target = False
        self.label = self.note = ""
        self.size, self.number = len(self.ops), min((op._number for op in self.ops), default=0)
        self.updates = self.reads = 0       # variables that it writes, values not drawn
        self.shown = self                   # the Part that stands for it in the picture

    def __repr__(self):
        return f"<{self.kind} {self.name!r} of {self.size}>"


class Edge:
    """An arrow of the picture.

    Attributes:
      source, target: Part.
      tensors: tuple of the Tensors it carries; () for a control edge.
      position: int, which of the target's inputs it is, for the order of the arrows.
    """

    __slots__ = ("points", "position", "source", "target", "tensors")

    def __init__(self, source, target, tensors, position):
        self.source, self.target, self.tensors = source, target, tensors
        self.position, self.points = position, None

    @property
    def label(self):
        """What is written on the arrow: the shape, if it is known and not to be seen anyway."""
        if self.source.kind == "constant":
            return ""
        if len(self.tensors) > 1:
            return f"{len(self.tensors)} tensors"
        shape = self.tensors[0].spec.shape if self.tensors else None
        return "" if shape is None else "scalar" if shape == () else show(shape)


class Picture:
    """What is drawn: `root`, an open scope of nested Parts, and `edges` between them."""

    def __init__(self, root, edges):
        self.root, self.edges = root, edges

    def parts(self):
        """Every drawn Part but the root, outer ones first."""
        found, stack = [], [self.root]
        while stack:
            part = stack.pop()
            found.append(part)
            if part.is_open:
                stack.extend(reversed(part.children))
        return found[1:]


def simplify(target, max_nodes=200, fold_variables=True, unfold=(), fold=()):
    """The Picture of a graph, or of what some tensors need.

    Args:
      target: Graph, Tensor, Operation, Variable, or a list of them.
      max_nodes: int, how many nodes to draw at most.
      fold_variables: bool, draw a variable as one node, without what initializes it.
      unfold: names of scopes to open even if they are large.
      fold: names of scopes to keep folded.
    """
    ops, targets = _operations(target)
    owner, hidden = _fold_variables(ops) if fold_variables else ({}, set())
    leaves = _leaves(ops, owner, hidden, targets)
    root = _scope_tree(leaves)
    _count_updates(leaves)
    _open(root, max_nodes, set(unfold), set(fold))
    _mark_shown(root)
    part_of = {op: leaf for leaf in leaves for op in leaf.ops}
    picture = Picture(root, _edges(ops, part_of, fold_variables))
    for part in picture.parts():
        _write(part)
    return picture


# -- which operations -----------------------------------------------------------------------

def _operations(target):
    """(the operations to draw, those that the user named)."""
    if hasattr(target, "get_operations"):
        return target.get_operations(), set()
    items = list(target) if isinstance(target, list | tuple | set) else [target]
    if not items:
        raise ValueError("draw: nothing to draw, the list is empty.")
    targets = {i if isinstance(i, Operation) else convert_to_tensor(i).op for i in items}
    return post_order(targets, prerequisites(())), targets


# -- a variable is one node -----------------------------------------------------------------

def _fold_variables(ops):
    """({operation: the VariableV2 that it is drawn as part of}, operations to leave out)."""
    present, owner, assigns = set(ops), {}, set()
    for place in ops:
        if place.type != "VariableV2":
            continue
        owner[place] = place
        for op in place.consumers:
            if op.type == "Identity" and not op.control_inputs:
                owner[op] = place
            elif _initializes(op, place):
                owner[op] = place
                assigns.add(op)
    _absorb_initial_values(assigns, present, owner)
    _absorb_slots(ops, owner)
    hidden = {op for op in ops if op.type == "NoOp" and op.control_inputs
              and assigns.issuperset(op.control_inputs)}
    return {op: place for op, place in owner.items() if op in present}, hidden


def _initializes(op, place):
    if op.type != "Assign" or op.input_nodes[0].op is not place:
        return False
    initial = getattr(place, "initial_value", None)
    return op.input_nodes[1] is initial if initial is not None else (
        op.name == place.name + "/Assign")


def _absorb_initial_values(assigns, present, owner):
    """What is used for nothing but the first value of a variable belongs to it."""
    stack = [(t.op, owner[assign]) for assign in assigns for t in assign.input_nodes[1:]]
    while stack:
        op, place = stack.pop()
        if op in owner or op not in present:
            continue
        if all(c in owner for t in op.outputs for c in t._consumers if c in present):
            owner[op] = place
            stack.extend((t.op, place) for t in op.input_nodes)


def _absorb_slots(ops, owner):
    """What an optimizer keeps for a variable, W/Adam, is drawn as part of W."""
    places = {op.name: op for op in ops if op.type == "VariableV2"}
    for name, place in places.items():
        outer = name.rpartition("/")[0]
        if outer in places:
            for op in [place, *place.consumers]:
                if owner.get(op) is place:
                    owner[op] = places[outer]


def _leaves(ops, owner, hidden, targets):
    groups = {}
    for op in ops:
        if op not in hidden:
            groups.setdefault(owner.get(op, op), []).append(op)
    leaves = []
    for head, members in groups.items():
        if members[0] is not head:
            members.remove(head)
            members.insert(0, head)
        leaf = Part(head.name, _kind(head), ops=members)
        leaf.is_target = not targets.isdisjoint(members)
        leaves.append(leaf)
    return leaves


_KINDS = {"VariableV2": "variable", "Placeholder": "placeholder", "Const": "constant",
          "PlaceholderWithDefault": "placeholder"}


def _kind(op):
    return _KINDS.get(op.type, "op")


# -- name scopes are boxes ------------------------------------------------------------------

def _scope_tree(leaves):
    """The root scope, with all leaves in nested scopes; scopes that say little are left out."""
    root = Part("", "scope")
    scopes = {"": root}
    for leaf in leaves:
        _scope_of(leaf.name.rpartition("/")[0], scopes)
    for leaf in leaves:
        # An operation that carries its scope's own name, "loss" in "loss/", is drawn inside.
        leaf.parent = scopes.get(leaf.name) or _scope_of(leaf.name.rpartition("/")[0], scopes)
        leaf.parent.children.append(leaf)
    for scope in reversed(scopes.values()):           # inner ones first
        scope.children = [part for child in scope.children for part in _unwrapped(child, scope)]
        scope.children.sort(key=lambda part: part.number)
        scope.size = sum(child.size for child in scope.children)
        scope.number = min((child.number for child in scope.children), default=0)
    return root


def _scope_of(name, scopes):
    """The scope of that name, made together with those around it if it is new."""
    if name in scopes:
        return scopes[name]
    parts, scope = name.split("/")[:_DEEPEST], scopes[""]
    for depth in range(len(parts)):
        prefix = "/".join(parts[:depth + 1])
        if prefix not in scopes:
            scopes[prefix] = Part(prefix, "scope", scope)
            scope.children.append(scopes[prefix])
        scope = scopes[prefix]
    return scope


def _unwrapped(child, parent):
    """The child; or what is in it, where a box around that would say nothing.

    That is a scope of one, or what `x * 2.0` makes: an operation and its constants.
    """
    if child.kind != "scope":
        return (child,)
    ops = [part for part in child.children if part.kind != "constant"]
    if len(child.children) > 1 and not (len(ops) == 1 and ops[0].name == child.name):
        return (child,)
    for part in child.children:
        part.parent = parent
    return child.children


# -- large scopes stay folded ---------------------------------------------------------------

def _open(root, limit, unfold, fold):
    """Opens scopes, outer and small ones first, while no more than `limit` nodes are drawn."""
    wanted = {"/".join(name.split("/")[:depth + 1])
              for name in unfold for depth in range(name.count("/") + 1)}
    drawn, order, heap = 1, 0, [((False, 0, 0), 0, root, 0)]
    while heap:
        _, _, scope, depth = heapq.heappop(heap)
        forced = scope.name in wanted
        if scope.name in fold or (not forced and _stays_folded(scope)):
            continue
        children = scope.children
        if drawn - 1 + len(children) > limit:
            # Many children beside each other: a few at both ends, and bundles in between.
            if not forced and scope is not root and drawn > limit // 8:
                continue
            children = _bundled(scope, max(limit + 1 - drawn, 8))
            if not forced and drawn - 1 + len(children) > limit:
                continue
            fold = fold.union(child.name for child in children) - wanted
        scope.children, scope.is_open = children, True
        drawn += len(children) - 1
        for child in children:
            if child.kind == "scope":
                order += 1
                rank = (child.name not in wanted, depth + 1, child.size)
                heapq.heappush(heap, (rank, order, child, depth + 1))


def _count_updates(leaves):
    """How many operations in each scope write variables: an optimizer's scope is full of them."""
    for leaf in leaves:
        if leaf.kind == "op" and any(map(_writes, leaf.ops[:1] * 2, leaf.ops[0].ref_inputs)):
            scope = leaf.parent
            while scope is not None:
                scope.updates += 1
                scope = scope.parent


def _stays_folded(scope):
    """Gradients and updates repeat for each variable what need not be seen more than once."""
    return scope.size > _LARGE and scope.parent is not None and (
        bool(GRADIENTS.match(scope.name)) or 8 * scope.updates > scope.size)


def _bundled(scope, room):
    """The children of a scope as at most `room` parts, and at most twenty."""
    ends = min(6, room // 4)
    children, count = scope.children, min(8, room - 2 * ends)
    first, middle, last = children[:ends], children[ends:-ends], children[-ends:]
    bundles = []
    for i in range(count):
        run = middle[i * len(middle) // count:(i + 1) * len(middle) // count]
        if len(run) == 1:
            bundles += run
        elif run:
            bundle = Part(f"{run[0].name} … {run[-1].name}", "bundle", scope)
            bundle.children, bundle.number = run, run[0].number
            bundle.size = sum(part.size for part in run)
            for part in run:
                part.parent = bundle
            bundles.append(bundle)
    return first + bundles + last


def _mark_shown(root):
    """Every leaf learns which part of the picture stands for it."""
    stack = [(root, None)]
    while stack:
        part, inside = stack.pop()
        part.shown = inside or part
        if part.children is not None:
            stack.extend((c, inside or (None if part.is_open else part)) for c in part.children)


# -- arrows ---------------------------------------------------------------------------------

def _edges(ops, part_of, fold_variables):
    """List of Edge. Between two operations, one for each input; to and from folded scopes, one
    for all that flows between the two."""
    edges, bundled = [], {}
    for op in ops:
        leaf = part_of.get(op)
        if leaf is None:
            continue
        for position, tensor in enumerate(op.input_nodes):
            source = part_of.get(tensor.op)
            if source is None or source.shown is leaf.shown:
                continue
            if fold_variables and source.kind == "variable" and _writes(op, position):
                leaf.shown.written = written = getattr(leaf.shown, "written", {})
                written[source] = None
            elif source.shown is source and leaf.shown is leaf and leaf.kind != "variable":
                edges.append(Edge(source, leaf, (tensor,), position))
            else:
                key = source.shown, leaf.shown
                bundled.setdefault(key, (len(edges), position, {}))[2][_carried(tensor)] = None
        for control in op.control_inputs:
            source = part_of.get(control)
            if source is not None and source.shown is not leaf.shown:
                bundled.setdefault((source.shown, leaf.shown, "control"), (len(edges), 1000, {}))
    for (source, target, *_), (_, position, tensors) in bundled.items():
        edges.append(Edge(source, target, tuple(tensors), position))
    return _without_reads_of_gradients(edges)


def _carried(tensor):
    """The tensor; for what reads a variable, the variable: it is one node with one value."""
    op = tensor.op
    reads = op.type == "Identity" and op.input_nodes[0].op.type == "VariableV2"
    return op.input_nodes[0] if reads else tensor


def _writes(op, position):
    return (position in op.ref_inputs and op.returns_ref) or (
        position in op.ref_inputs and not op.outputs)


def _without_reads_of_gradients(edges):
    """A folded gradient uses most values of the forward pass. Only the arrow from the loss is
    drawn; how many others there are is written on the node."""
    into = {}
    for edge in edges:
        target = edge.target
        if target.kind == "scope" and not target.is_open and GRADIENTS.match(target.name):
            into.setdefault(target, []).append(edge)
    left_out = set()
    for scope, found in into.items():
        if len(found) > 3:
            loss = max(found, key=lambda e: e.source.number)
            left_out.update(e for e in found if e is not loss)
            scope.reads = sum(len(e.tensors) for e in found) - len(loss.tensors)
    return [e for e in edges if e not in left_out]


# -- what is written on a node --------------------------------------------------------------

_DEFAULT_NAMES = {"add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "strided_slice",
                  "stack", "concat", "range", "ones", "zeros", "ones_like", "zeros_like"}


def _write(part):
    """Sets label and note."""
    relative = _relative_name(part)
    if part.kind == "scope" and part.is_open:
        part.label = relative
    elif part.children is not None:
        part.label = relative
        part.note = f"{part.size:,} ops"
        if getattr(part, "reads", 0):
            part.note += f", reads {part.reads} values"
    elif part.kind == "constant":
        part.label = _constant_text(part.ops[0])
    elif part.kind == "op":
        part.label = part.ops[0].type
        leaf = re.sub(r"_\d+$", "", relative)
        if leaf.lower() not in part.label.lower() and leaf not in _DEFAULT_NAMES:
            part.note = relative
    else:
        part.label = relative
    written = list(getattr(part, "written", ()))
    if len(written) == 1:
        part.note = f"→ {written[0].name}"
    elif written:
        part.note += f"{', ' if part.note else ''}→ {len(written)} variables"


def _relative_name(part):
    """The name within the open scope around it."""
    outer = part.parent
    while outer.kind == "bundle":
        outer = outer.parent
    if part.kind == "bundle":
        first, last = part.children[0].name, part.children[-1].name
        cut = len(outer.name) + 1 if outer.name else 0
        return f"{first[cut:]} … {last[cut:]}"
    if outer.name and part.name.startswith(outer.name + "/"):
        return part.name[len(outer.name) + 1:]
    return part.name if part.name != outer.name else part.name.rpartition("/")[2]


def _constant_text(op):
    value = op.value
    if value is None or value.size > 4 or value.dtype.kind == "O":
        return "Const"
    return " ".join(str(value).split())
