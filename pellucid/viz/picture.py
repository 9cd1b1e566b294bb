"""What a drawing consists of: parts, one inside the other, and edges between them.

Nothing here knows pixels. Read next: simplify.py, which makes a Picture of a graph, and
layout.py, which places it.
"""

from pellucid.core.shapes import show


class Part:
    """One thing in the picture: an operation, a variable, or a name scope.

    Attributes:
      name: str, of the operation or the scope.
      kind: "op", "variable", "placeholder", "constant", "scope", or "bundle" (a run of
        nodes that were too many to draw).
      ops: list of the Operations it stands for, the important one first; [] for scopes.
      parent: Part, the scope around it; None for the root.
      children: list of Part; None for what is no scope.
      is_open: bool, its children are drawn inside.
      size: int, how many operations it stands for.
      number: int, when the first of them was built.
      shown: Part that stands for it in the picture: itself, or a folded scope around it.
      writes: dict whose keys are the variables (VariableV2) that it updates.
      reads: int, how many values flow into it without an arrow.
      label, note: str, what is written on it; note may be "".
      is_target: bool, the user asked for it.
    """

    def __init__(self, name, kind, parent=None, ops=()):
        self.name, self.kind, self.parent, self.ops = name, kind, parent, list(ops)
        self.children = [] if kind in ("scope", "bundle") else None
        self.is_open = self.is_target = False
        self.size = len(self.ops)
        self.number = min((op._number for op in self.ops), default=0)
        self.shown, self.writes, self.reads = self, {}, 0
        self.label = self.note = ""

    @property
    def is_folded(self):
        """True for a scope that is drawn as one node."""
        return self.children is not None and not self.is_open

    def __repr__(self):
        return f"<{self.kind} {self.name!r} of {self.size}>"


class Edge:
    """An arrow of the picture.

    Attributes:
      source, target: Part.
      tensors: tuple of the Tensors it carries; () for a control edge.
      position: int, which of the target's inputs it is, for the order of the arrows.
    """

    __slots__ = ("position", "source", "target", "tensors")

    def __init__(self, source, target, tensors, position):
        self.source, self.target, self.tensors = source, target, tensors
        self.position = position

    @property
    def label(self):
        """What is written on the arrow: the shape, if it is known; not for constants."""
        if self.source.kind == "constant" or not self.tensors:
            return ""
        if len(self.tensors) > 1:
            return f"{len(self.tensors)} tensors"
        shape = self.tensors[0].spec.shape
        return "" if shape is None else "scalar" if shape == () else show(shape)


class Picture:
    """What is drawn: `root`, an open scope of nested Parts, and `edges` between them."""

    def __init__(self, root, edges):
        self.root, self.edges = root, edges

    def parts(self):
        """List of every drawn Part but the root, outer ones first."""
        found, stack = [], [self.root]
        while stack:
            part = stack.pop()
            found.append(part)
            if part.is_open:
                stack.extend(reversed(part.children))
        return found[1:]
