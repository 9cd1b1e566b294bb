"""The gradient of an If is an If on the same condition.

Each of its branches is the gradient of one branch of the forward If. What they need of the
forward run is returned by the forward If as further outputs, with something meaningless
(FakeParam) in the place of what only the other branch has. A call of a function is the same
with one branch.
"""

from pellucid.core import dtypes
from pellucid.core.gradients import RegisterGradient
from pellucid.core.graph import get_default_graph
from pellucid.core.indexed_slices import IndexedSlices
from pellucid.core.operation import convert_to_tensor
from pellucid.core.shapes import Spec
from pellucid.core.sources import constant
from pellucid.core.tensor import Tensor
from pellucid.ops.control.functional import FakeParam, build_call, build_if
from pellucid.ops.control.gradient_graph import GradientGraph, scope_of_gradients
from pellucid.ops.control.tensor_lists import shape_of, zeros_of


def _branches_gradient(op, grads, wanted):
    """The gradients with respect to the inputs of an If or a PartitionedCall."""
    known = [i for i, grad in enumerate(grads) if grad is not None]
    asked = [j for j in range(op.first, len(wanted)) if wanted[j]]
    branches = [_Branch(op, graph, known, asked) for graph in op.graphs]
    results = [None] * len(op.input_nodes)
    parts = []                          # (input, are its gradients rows) for those that have one
    for j in asked:
        found = [branch.found.get(j) for branch in branches]
        if any(grad is not None for grad in found):
            are_rows = all(grad is None or isinstance(grad, IndexedSlices) for grad in found)
            parts.append((j, are_rows and _known_rows(op.input_nodes[j])))
    if not parts:
        return results
    for branch in branches:
        branch.returns(parts)
    for branch in branches:
        branch.takes([other.kept for other in branches])
    arguments = [convert_to_tensor(grads[i]) for i in known]
    for position, branch in enumerate(branches):
        arguments += [output_of(op, position, tensor) for tensor, _ in branch.kept]
    graphs = [branch.graph for branch in branches]
    ends = iter((build_if(op.input_nodes[0], *graphs, arguments) if op.first else
                 build_call(*graphs, arguments)).outputs)
    for j, are_rows in parts:
        results[j] = next(ends)
        if are_rows:
            results[j] = IndexedSlices(results[j], next(ends), shape_of(op.input_nodes[j]))
    return results


_branches_gradient.asks_wanted = True
for _type in ("If", "StatelessIf", "PartitionedCall", "StatefulPartitionedCall"):
    RegisterGradient(_type)(_branches_gradient)


def _known_rows(tensor):
    """True if it is known what a row of the tensor looks like, so that there can be none."""
    return tensor.spec.shape is not None and None not in tensor.spec.shape[1:]


class _Branch:
    """The gradient of one branch of an If, while it is built.

    Attributes:
      found: {input of the If: gradient with respect to it}.
      kept: list of (forward tensor, argument that brings it).
    """

    def __init__(self, op, forward, known, asked):
        outer = get_default_graph()
        self.op, self.forward, self.kept = op, forward, []
        self.graph = GradientGraph(outer, forward, self._keep, again=False)
        self.graph._scope = scope_of_gradients(outer, op)
        with self.graph.as_default(), forward.reopened():
            self.incoming = [self.graph.argument(_static(op.outputs[i]), "grad") for i in known]
            xs = {j: forward.inputs[j - op.first] for j in asked}
            found = self.graph.differentiate([forward.outputs[i] for i in known], self.incoming,
                                             list(xs.values()))
        self.found = {j: found[x] for j, x in xs.items() if found.get(x) is not None}

    def _keep(self, tensor):
        argument = self.graph.argument(_static(tensor), "kept")
        self.kept.append((tensor, argument))
        return argument

    def returns(self, parts):
        """Fixes what it returns; `parts` says for which inputs, and which are rows."""
        with self.graph.as_default(), self.forward.reopened():
            for j, are_rows in parts:
                self.graph.outputs += self._rows(j) if are_rows else [self._dense(j)]

    def takes(self, kept):
        """Fixes its arguments; `kept` is what each branch keeps."""
        graph, arguments = self.graph, list(self.incoming)
        with graph.as_default():
            for theirs in kept:
                arguments += [argument if theirs is self.kept else
                              graph.argument(_static(tensor), "other")
                              for tensor, argument in theirs]
        graph.inputs = arguments + [t for t in graph.inputs if t not in arguments]

    def _dense(self, j):
        grad = self.found.get(j)
        return self._inside(zeros_of(self._input(j)) if grad is None else convert_to_tensor(grad))

    def _rows(self, j):
        grad, x = self.found.get(j), self._input(j)
        if grad is not None:
            from pellucid.ops.math.casting import cast
            return [self._inside(grad.values), self._inside(cast(grad.indices, dtypes.int64))]
        nothing = constant(0, x.spec.dtype), constant(0, dtypes.int64)
        from pellucid.ops.arrays.creation import fill
        return [fill([0, *x.spec.shape[1:]], nothing[0]), fill([0], nothing[1])]

    def _input(self, j):
        return self._inside(self.forward.inputs[j - self.op.first])

    def _inside(self, tensor):
        graph = self.graph
        return tensor if tensor.op.graph is graph else graph._adopt(tensor)


def _static(tensor):
    return Spec(tensor.spec.dtype, tensor.spec.shape)


def output_of(op, position, tensor):
    """The output of an If that is a tensor of one of its branches, added the first time.

    Args:
      op: If, StatelessIf or a call of a function.
      position: int, which of its graphs the tensor is in.
      tensor: Tensor of that graph.
    """
    op.kept = {} if op.kept is None else op.kept
    if tensor not in op.kept:
        spec = _static(tensor)
        for i, graph in enumerate(op.graphs):
            with graph.reopened(), graph.aside():
                graph.outputs.append(tensor if i == position else FakeParam(
                    dtype=spec.dtype, shape=spec.shape).output)
        op.outputs += (Tensor(op, len(op.outputs), spec),)
        op.graph._rewired += 1
        op.kept[tensor] = op.outputs[-1]
    return op.kept[tensor]
