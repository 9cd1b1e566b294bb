"""If and While: operations that hold graphs.

An If has two function graphs and computes one of them; a While computes its body again and again
while its condition holds. Both are ordinary operations: what their graphs use from outside are
their inputs, and what they compute is a function of those. Read next: cond.py, while_loop.py.
"""

import numpy as np

from pellucid.core import arrays, dtypes
from pellucid.core.function_graph import is_reference
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.graph import get_default_graph
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec
from pellucid.ops.control.lists import TensorList


class Functional(Operation):
    """Base of the operations that hold function graphs.

    Class attributes:
      first: int, the position of the first input that the graphs are called with.
    """

    first = 0
    kept = None           # {tensor of a graph: the output that gives it to the gradient}

    @property
    def graphs(self):
        """List of its FunctionGraphs."""
        return [getattr(self, name) for name in self.subgraphs]


class If(Functional):
    """then_branch(*inputs) where cond is true, else_branch(*inputs) otherwise."""

    op_type, first = "If", 1
    attrs = {"then_branch": None, "else_branch": None}
    subgraphs = ("then_branch", "else_branch")

    def infer(self, cond, *inputs):
        return tuple([_either(a.spec, b.spec) for a, b in zip(
            self.then_branch.outputs, self.else_branch.outputs, strict=True)])

    def compute(self, then_branch, else_branch, cond, *inputs):
        return _results(arrays.choose(cond, then_branch, else_branch, inputs))


class FakeParam(Operation):
    """What a branch returns in the place of a value that only the other one has."""

    op_type, attrs = "FakeParam", {"dtype": None, "shape": None}

    def infer(self):
        return Spec(self.dtype, self.shape)

    def compute(self):
        if self.dtype is dtypes.variant:
            return TensorList()
        shape = [0 if d is None else d for d in self.shape or ()]
        return np.broadcast_to(np.zeros((), self.dtype._numpy), shape)


NotDifferentiable("FakeParam")


class StatelessIf(If):
    """The same, of branches without effects."""

    op_type = "StatelessIf"


class While(Functional):
    """The loop variables after `while cond(*variables): variables = body(*variables)`.

    The inputs are the loop variables' first values, then what cond and body use from outside.
    maximum: int, iterations that there can be at most, or None; for engines that must reserve.
    """

    op_type = "While"
    attrs = {"cond": None, "body": None, "parallel_iterations": 10, "maximum": None,
             "differentiable": True}
    subgraphs = ("cond", "body")
    _variables = None                   # how many there are, in a node outside of any graph

    @property
    def variables(self):
        """int, the number of loop variables."""
        return len(self.body.outputs) if self._variables is None else self._variables

    def infer(self, *inputs):
        return tuple([Spec(t.spec.dtype, t.spec.shape)
                      for t in self.body.inputs[:len(self.body.outputs)]])

    def compute(self, cond, body, *inputs):
        n = self.variables
        return _results(arrays.repeat(cond, body, inputs[:n], inputs[n:]))


class StatelessWhile(While):
    """The same, of a condition and a body without effects."""

    op_type = "StatelessWhile"


class PartitionedCall(Functional):
    """f(*inputs)."""

    op_type, attrs, subgraphs = "PartitionedCall", {"f": None}, ("f",)

    def infer(self, *inputs):
        return tuple([Spec(t.spec.dtype, t.spec.shape) for t in self.f.outputs])

    def compute(self, f, *inputs):
        return _results(f(*inputs))


class StatefulPartitionedCall(PartitionedCall):
    """The same, of a function with effects."""

    op_type = "StatefulPartitionedCall"


def _results(values):
    """A list of values as compute returns them."""
    return values[0] if len(values) == 1 else tuple(values)


def _either(a, b):
    """What is known of a tensor that is one of two."""
    return Spec(a.dtype or b.dtype, either_shape(a.shape, b.shape))


def either_shape(a, b):
    """The shape of what has one of two shapes."""
    if a is None or b is None or len(a) != len(b):
        return None
    return tuple([p if p == q else None for p, q in zip(a, b, strict=True)])


# -- building them -------------------------------------------------------------------------

def build_if(pred, then_branch, else_branch, arguments=(), name="If"):
    """The If (or StatelessIf) of two function graphs with as many arguments and outputs."""
    return _build((StatelessIf, If), [pred, *arguments], [then_branch, else_branch], name,
                  then_branch=then_branch, else_branch=else_branch)


def build_while(cond, body, first_values, name="While", **attrs):
    """The While (or StatelessWhile) of two function graphs, whose first inputs are the loop
    variables."""
    return _build((StatelessWhile, While), list(first_values), [cond, body], name,
                  cond=cond, body=body, **attrs)


def build_call(function, arguments, name="PartitionedCall"):
    """The PartitionedCall (or StatefulPartitionedCall) of a function graph."""
    return _build((PartitionedCall, StatefulPartitionedCall), list(arguments), [function], name,
                  f=function)


def _build(op_classes, inputs, graphs, name, **attrs):
    captured = _share_captures(graphs)
    has_effect = any(graph.has_effect for graph in graphs)
    waits = [op for graph in graphs for op in graph.waits]
    with get_default_graph().control_dependencies(waits):
        op = op_classes[has_effect]([*inputs, *captured], name=name, **attrs)
    op.effect = has_effect
    op.ref_inputs = tuple([len(inputs) + i for i, tensor in enumerate(captured)
                           if is_reference(tensor)])
    for graph in graphs:
        graph.sealed = True
    return op


def _share_captures(graphs):
    """Makes what any of the graphs captures the last inputs of each, in the same order."""
    captured = list(dict.fromkeys(tensor for graph in graphs for tensor in graph.captures))
    for graph in graphs:
        inside = set(graph.captures.values())
        given = [tensor for tensor in graph.inputs if tensor not in inside]
        graph.inputs = given + [graph.capture(tensor) for tensor in captured]
    return captured
