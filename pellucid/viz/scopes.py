"""Name scopes as nested boxes, of which large ones stay folded.

The parts of a picture form a tree by their names. At first everything is folded into the
root; then boxes are opened, outer and small ones first, until there are enough nodes.
"""

import heapq
import re

from pellucid.viz.picture import Part

GRADIENTS = re.compile(r"(.*/)?gradients(_\d+)?$")
_LARGE = 12            # scopes of gradients and updates with more operations stay folded
_DEEPEST = 24          # what is nested deeper is drawn in one box


def tree(leaves):
    """The root scope, with all leaves in nested scopes but for those that say little."""
    root = Part("", "scope")
    scopes = {"": root}
    for leaf in leaves:
        _scope_of(leaf.name, scopes)
    for leaf in leaves:
        # An operation that has its scope's own name, "loss" beside "loss/...", goes inside.
        leaf.parent = scopes.get(leaf.name) or _scope_of(leaf.name, scopes)
        leaf.parent.children.append(leaf)
    for scope in reversed(scopes.values()):                   # inner ones first
        scope.children = [part for child in scope.children
                          for part in _unwrapped(child, scope)]
        scope.children.sort(key=lambda part: part.number)
        scope.size = sum(child.size for child in scope.children)
        scope.number = min((child.number for child in scope.children), default=0)
    return root


def _scope_of(name, scopes):
    """The scope that an operation's name puts it in, made if it is new."""
    outer = name.rpartition("/")[0]
    if outer in scopes:
        return scopes[outer]
    scope, prefix = scopes[""], ""
    for word in outer.split("/")[:_DEEPEST]:
        prefix = f"{prefix}/{word}" if prefix else word
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


# -- opening -------------------------------------------------------------------------------

def unfold(root, limit, wanted, unwanted):
    """Opens scopes while no more than `limit` nodes are drawn.

    Args:
      root: Part, from `tree`.
      limit: int.
      wanted: set of names of scopes to open first, and even if they are large.
      unwanted: set of names of scopes to leave folded.
    """
    wanted = {"/".join(name.split("/")[:depth]) for name in wanted
              for depth in range(1, name.count("/") + 2)} | {""}
    drawn, pushed, heap = 1, 0, [((), 0, root)]
    while heap:
        rank, _, scope = heapq.heappop(heap)
        is_wanted = scope.name in wanted
        if scope.name in unwanted or not (is_wanted or _may_open(scope)):
            continue
        children, room = scope.children, limit + 1 - drawn
        if len(children) > room:
            if not is_wanted and drawn > limit // 8:
                continue
            children = _bundled(scope, max(room, 8))
            unwanted = unwanted.union(child.name for child in children) - wanted
        scope.children, scope.is_open = children, True
        drawn += len(children) - 1
        depth = rank[1] + 1 if rank else 0
        for child in children:
            if child.kind == "scope":
                pushed += 1
                order = (child.name not in wanted, depth, child.size)
                heapq.heappush(heap, (order, pushed, child))
    _tell_shown(root)


def staying_folded(root):
    """Names of the scopes that are not opened before somebody wants to see them."""
    found, stack = [], [root]
    while stack:
        scope = stack.pop()
        if not _may_open(scope):
            found.append(scope.name)
        stack.extend(child for child in scope.children if child.kind == "scope")
    return sorted(found)


def _may_open(scope):
    """False for large scopes of gradients and updates: they repeat for each variable what
    need not be seen more than once."""
    repeats = GRADIENTS.match(scope.name) or 8 * len(scope.writes) > scope.size
    return not repeats or scope.size <= _LARGE


def _bundled(scope, room):
    """The children of a scope as at most twenty parts: some at both ends, runs between."""
    ends = min(6, room // 4)
    children, count = scope.children, min(8, room - 2 * ends)
    middle, bundles = children[ends:-ends], []
    for i in range(count):
        run = middle[i * len(middle) // count:(i + 1) * len(middle) // count]
        bundles += [_bundle(run, scope)] if len(run) > 1 else run
    return children[:ends] + bundles + children[-ends:]


def _bundle(run, scope):
    bundle = Part(f"{run[0].name} … {run[-1].name}", "bundle", scope)
    bundle.children, bundle.number = run, run[0].number
    for part in run:
        part.parent = bundle
        bundle.size += part.size
        bundle.writes.update(part.writes)
    return bundle


def _tell_shown(root):
    """Every part learns which part of the picture stands for it."""
    stack = [(root, None)]
    while stack:
        part, folded = stack.pop()
        part.shown = folded or part
        if part.children is not None:
            inside = folded or (None if part.is_open else part)
            stack.extend((child, inside) for child in part.children)
