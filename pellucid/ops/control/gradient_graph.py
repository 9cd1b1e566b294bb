"""GradientGraph: where the body of a loop, or a branch, is differentiated.

The gradient functions see the operations of the forward graph and build their own in another,
which becomes the body of the backward loop. Where they use a tensor of the forward graph it is
brought over: a constant again, what was captured from outside captured again, and what depends
on nothing else computed again. The rest is *kept*: the forward operation returns it, too.
Read next: while_gradient.py.
"""

from pellucid.core.function_graph import FunctionGraph, has_effect
from pellucid.core.gradients import _backward, path
from pellucid.core.operation import create
from pellucid.core.sources import constant
from pellucid.core.traversal import post_order

# What these say of a tensor is computed where the tensor is, so that it need not be kept itself.
_ABOUT_SHAPES = frozenset(("Shape", "Size", "Rank", "TensorListLength"))


class GradientGraph(FunctionGraph):
    """A function graph that takes tensors of the graph `forward`.

    Args:
      outer: Graph, in which the gradient's operation will be.
      forward: FunctionGraph to differentiate.
      keep: function of a tensor of `forward` that returns a tensor here, of the value that
        the forward run gave it.
      again: bool, compute anew what depends on captured tensors alone (it is the same in
        each iteration).
    """

    def __init__(self, outer, forward, keep, again):
        super().__init__(outer)
        self.forward, self._keep, self._here = forward, keep, {}
        self._outside = {inner: tensor for tensor, inner in forward.captures.items()}
        self._again = self._invariant() if again else None

    def differentiate(self, ys, grads, xs):
        """{x: gradient here} of those of xs that ys depend on; all are of the forward graph."""
        partial = {}
        for y, grad in zip(ys, grads, strict=True):
            partial.setdefault(y, []).append(grad)
        ops, wanted = path(ys, xs, ())
        return _backward(self, ops, wanted, partial, set(xs), False)

    # -- tensors of the forward graph ------------------------------------------------------

    def _settle(self, op, inputs):
        forward = self.forward
        if op.op_type in _ABOUT_SHAPES and all(t.op.graph is forward for t in inputs):
            return forward, inputs
        return super()._settle(op, inputs)

    def _adopt(self, tensor):
        if tensor.op.graph is not self.forward:
            return self.capture(tensor)
        if tensor not in self._here:
            with self.aside():
                self._bring(tensor)
        return self._here[tensor]

    def _bring(self, tensor):
        if tensor.op.op_type in _ABOUT_SHAPES and self._again is not None and all(
                t in self._outside or t.op in self._again for t in tensor.op.input_nodes):
            self._again.add(tensor.op)                  # younger than the others
        if not self._again or tensor.op not in self._again:
            self._here[tensor] = self._simply(tensor)
            return
        missing = post_order([tensor.op], lambda op: [
            t.op for t in op.input_nodes if t.op in self._again and t not in self._here])
        for op in missing:
            inputs = [self._here[t] if t in self._here else self._simply(t)
                      for t in op.input_nodes]
            copy = create(op.op_type, inputs, name=op.name.rpartition("/")[2],
                          **{name: getattr(op, name) for name in op.attrs})
            copy._gradient_type = op._gradient_type
            copy._gradient_function = op._gradient_function
            self._here.update(zip(op.outputs, copy.outputs, strict=True))

    def _simply(self, tensor):
        """A tensor here of the value of one that is not computed again."""
        if tensor in self._outside:
            return self.capture(self._outside[tensor])
        spec = tensor.spec
        if spec.value is not None:
            return constant(spec.value, spec.dtype, name=tensor.op.name.rpartition("/")[2])
        return self._keep(tensor)

    def _invariant(self):
        """The operations of the forward graph that compute the same in each iteration."""
        found, same = set(), set(self._outside)
        for op in self.forward.get_operations():
            if not op.input_nodes or op.subgraphs or op.control_inputs or has_effect(op):
                continue
            if all(t in same or t.spec.value is not None for t in op.input_nodes):
                found.add(op)
                same.update(op.outputs)
        return found


def scope_of_gradients(graph, op):
    """The name scope that the gradient of an operation was entered in."""
    before, found, _ = graph._scope.rpartition(op.name)
    return before.rstrip("/") if found else graph._scope
