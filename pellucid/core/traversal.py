"""Walking a graph: each node once, after everything it needs.

Nothing here recurses, so the depth of a graph is limited by memory alone. Read next: session.py.
"""

from pellucid.core.tensor import Tensor


def post_order(targets, prerequisites):
    """The operations that `targets` need, each after its prerequisites.

    Post-order is what makes a session right: when a node's turn comes, its inputs have been
    computed. It leaves a choice, and the choice matters where a variable is both read and
    written: the operations that were built first run first. A node can only be built from nodes
    that exist, so creation order is itself a post-order, up to control edges added later.

    Args:
      targets: iterable of Operation.
      prerequisites: function from an Operation to the Operations that must come before it.

    Returns:
      list of Operation. Time is linear in nodes and edges, but for one sort.

    Raises ValueError if the operations wait for one another in a circle.
    """
    needed, stack, forward = set(), list(targets), False
    while stack:
        op = stack.pop()
        if op not in needed:
            needed.add(op)
            for before in prerequisites(op):
                forward = forward or before._number > op._number
                stack.append(before)
    oldest_first = sorted(needed, key=_number)
    return _pull_forward(oldest_first, prerequisites) if forward else oldest_first


def _number(op):
    return op._number


def _pull_forward(ops, prerequisites):
    """The same order, except that what an operation needs comes before it."""
    order, done, waiting = [], set(), set()
    for root in ops:
        stack = [root]
        while stack:
            op = stack[-1]
            missing = [] if op in done else [p for p in prerequisites(op) if p not in done]
            if missing and op in waiting:
                raise ValueError(f"{op.name!r} waits for itself: the control inputs of some "
                                 "operations form a circle.")
            if missing:
                waiting.add(op)
                stack.extend(missing)
                continue
            stack.pop()
            if op not in done:
                done.add(op)
                order.append(op)
    return order


def prerequisites(fed):
    """The rule for a run: inputs and control inputs, but nothing behind a fed tensor."""
    if not fed:
        return lambda op: [t.op for t in op.input_nodes] + list(op.control_inputs)

    def before(op):
        return ([t.op for t in op.input_nodes if t not in fed]
                + [c for c in op.control_inputs if not c.outputs or not fed.issuperset(c.outputs)])
    return before


def schedule(fetches, fed):
    """The operations that a run computes, in order, to deliver `fetches` (Tensors, Operations)."""
    fed = frozenset(fed)
    targets = [f.op if isinstance(f, Tensor) else f for f in fetches if f not in fed]
    return post_order(targets, prerequisites(fed))
