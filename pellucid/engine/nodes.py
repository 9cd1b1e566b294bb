"""What a plan is made of: Values, and the Nodes that compute them.

A graph says what could be computed. A plan is about one run: its shapes are those of the arrays
that were fed, its nodes are only those that the run needs, and some of them are not the user's.
Read next: lower.py.
"""

from pellucid.core.dtypes import variant
from pellucid.engine.trips import Trips


class Value:
    """An array of a run.

    Attributes:
      spec: Spec, with the shape that it has in this run.
      node: the Node that computes it, or None for a feed, a constant or a variable.
      constant: numpy array or scalar, if it is the same in every run.
      item: what is known of its items, if it is a list of tensors (items.py).
      place: the VariableV2 operation (or other owner of a cell) if it is a variable.
      name: str, what the plan's program calls it.
      uses: int, how many arguments and fetches it is, once the nodes are final.
    """

    __slots__ = ("constant", "item", "name", "node", "place", "spec", "uses")

    def __init__(self, spec, node=None, constant=None, place=None):
        self.spec, self.node, self.constant, self.place = spec, node, constant, place
        self.item, self.name, self.uses = None, None, 0

    @property
    def shape(self):
        return self.spec.shape

    @property
    def dtype(self):
        return self.spec.dtype


class Node:
    """One computation of a plan.

    Attributes:
      op: the Operation whose compute defines it; one outside the graph if a rule made it.
      inputs: list of Value.
      outputs: list of Value.
      origin: the user's Operation that it comes from, for comments and error messages.
      caller: the Operation of the run's own graph that it comes from: `origin`, or what calls
        the function graph that origin is in.
      bodies: list of Body, the function graphs of its operation (bodies.py).
      functions: list of function, the bodies once they are programs.
      touched: list of Value, the variables that the bodies read, or write where the node has an
        effect: they are not among the inputs, since a body knows their cells.
    """

    __slots__ = ("bodies", "caller", "functions", "inputs", "op", "origin", "outputs", "touched")

    def __init__(self, op, inputs, specs, origin=None):
        self.op, self.inputs = op, inputs
        self.origin = self.caller = origin or op
        self.outputs = [Value(spec, self) for spec in specs]
        self.bodies, self.functions, self.touched = (), (), ()

    @property
    def static_inputs(self):
        """List of Value: the inputs that XLA must know as numbers."""
        if self.bodies:
            return limits(self)
        n = len(self.inputs)
        return [self.inputs[i] for i in self.op.static_inputs if -n <= i < n]

    @property
    def has_effect(self):
        """True if it must run even where nobody uses its outputs."""
        op = self.op
        return op.effect or op.returns_ref or op.op_type is None


def limits(node):
    """The inputs that say how often a loop goes round which needs room for its lists."""
    if node.bodies[-1].role != "body" or all(v.dtype is not variant for v in node.outputs):
        return []
    trips = Trips(node)
    return [node.inputs[k] for k in trips.unknown] if trips.most is None else []


def is_pure(op):
    """True if the outputs depend on nothing but the inputs, and computing does nothing else.

    A learner's own operation may print, or count: it is computed in each run.
    """
    return op.op_type is not None and not (op.stateful or op.effect or op.returns_ref)
