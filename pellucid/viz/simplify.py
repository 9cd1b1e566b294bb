"""From a graph to what is drawn of it: at most a couple of hundred nodes.

A drawing with ten thousand nodes shows nothing. So the four nodes of a variable become
one, name scopes become boxes, and the large ones among them stay folded. All of it is
linear in the size of the graph. Read next: variables.py, scopes.py and arrows.py, which do
the three steps; then layout.py.
"""

from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.traversal import post_order, prerequisites
from pellucid.viz import arrows, scopes, variables
from pellucid.viz.picture import Part, Picture

KINDS = {"VariableV2": "variable", "Placeholder": "placeholder",
         "PlaceholderWithDefault": "placeholder", "Const": "constant"}


def simplify(target, max_nodes=200, fold_variables=True, unfold=(), fold=()):
    """The Picture of a graph, or of what some tensors need. The arguments are draw's."""
    ops, targets = operations(target)
    owner, hidden = variables.fold(ops) if fold_variables else ({}, set())
    root, leaves = _tree(ops, owner, hidden, targets)
    scopes.unfold(root, max_nodes, set(unfold), set(fold))
    part_of = {op: leaf for leaf in leaves for op in leaf.ops}
    picture = Picture(root, arrows.connect(ops, part_of, fold_variables))
    for part in picture.parts():
        arrows.write(part)
    return picture


def operations(target):
    """(list of the operations to draw, set of those that the user named)."""
    if hasattr(target, "get_operations"):
        return target.get_operations(), set()
    items = list(target) if isinstance(target, list | tuple | set) else [target]
    if not items:
        raise ValueError("draw: nothing to draw, the list is empty.")
    targets = {_operation(item) for item in items}
    if len({op.graph for op in targets}) > 1:
        raise ValueError("draw: the tensors are of different graphs; draw one at a time.")
    return post_order(targets, prerequisites(())), targets


def staying_folded(ops, owner):
    """Names of scopes that are not opened at first. `owner` is what variables.fold returns."""
    root, _ = _tree(ops, owner, set(), set())
    return scopes.staying_folded(root)


def _tree(ops, owner, hidden, targets):
    """(the root scope, the leaves in it)."""
    leaves = _leaves(ops, owner, hidden, targets)
    root = scopes.tree(leaves)
    arrows.find_updates(leaves)
    return root, leaves


def _operation(item):
    if isinstance(item, Operation):
        return item
    if not hasattr(item, "graph"):
        raise TypeError("draw: expected a Graph, Tensor, Operation, Variable or a list of "
                        f"them, not {item!r}.")
    return convert_to_tensor(item).op


def _leaves(ops, owner, hidden, targets):
    """One Part for each operation, or for all that is drawn as one with it."""
    groups = {}
    for op in ops:
        if op not in hidden:
            groups.setdefault(owner.get(op, op), []).append(op)
    leaves = []
    for head, members in groups.items():
        if head in members:
            members.remove(head)
            members.insert(0, head)
        leaf = Part(head.name, KINDS.get(head.type, "op"), ops=members)
        leaf.is_target = not targets.isdisjoint(members)
        leaves.append(leaf)
    return leaves
