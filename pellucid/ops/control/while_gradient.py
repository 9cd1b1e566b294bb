"""The gradient of a loop is a loop that walks back.

Forward, x_{i+1} = f(x_i, c). Given the gradient d_{i+1} with respect to x_{i+1},

    d_i   = d_{i+1} df/dx (x_i, c)        with respect to the loop variables
    g_c  += d_{i+1} df/dc (x_i, c)        with respect to what the body uses from outside

so the backward loop carries d and the sums g. What the derivatives need of each iteration the
forward loop appends to lists, as loop variables of its own, and the backward loop takes from
their ends. Only what a gradient function asks for is kept, and in a run that does not fetch the
gradient nothing is. The backward loop is a While again, so it has a gradient too.
"""

from pellucid.core import dtypes
from pellucid.core.function_graph import FunctionGraph
from pellucid.core.gradients import RegisterGradient, _carries_gradient, _gradients
from pellucid.core.graph import get_default_graph
from pellucid.core.indexed_slices import IndexedSlices
from pellucid.core.operation import convert_to_tensor, create
from pellucid.core.shapes import Spec
from pellucid.core.sources import constant
from pellucid.core.tensor import Tensor
from pellucid.ops.control.functional import build_while
from pellucid.ops.control.gradient_graph import GradientGraph, scope_of_gradients
from pellucid.ops.control.tensor_lists import (
    HANDLE,
    concat,
    empty,
    pop,
    push,
    shape_of,
    shape_tensor,
    zeros_of,
)


def _while_gradient(op, grads, wanted):
    """The gradients with respect to the inputs of a While."""
    if not op.differentiable:
        return [None] * len(op.input_nodes)
    return _Backward(op, grads, wanted).build()


_while_gradient.asks_wanted = True
RegisterGradient("While")(_while_gradient)
RegisterGradient("StatelessWhile")(_while_gradient)


class _Backward:
    """The backward loop of a While, while it is built.

    Its loop variables are the count of the iterations left, the gradients with respect to the
    forward loop's variables, the sums, and the lists of what was kept.
    """

    def __init__(self, op, grads, wanted):
        self.op, self.forward, self.grads, self.wanted = op, op.body, grads, wanted
        self.count = op.variables
        self.kept = []                  # (forward tensor, argument: list, list without its end)
        outer = get_default_graph()
        self.graph = GradientGraph(outer, op.body, self._keep, again=True)
        self.graph._scope = scope_of_gradients(outer, op)

    def build(self):
        variables, constants = self._involved()
        if not variables:
            return [None] * len(self.op.input_nodes)
        graph, forward = self.graph, self.forward
        with graph.as_default(), forward.reopened():
            counter = graph.argument(Spec(dtypes.int32, ()), "count")
            incoming = [graph.argument(_static(forward.outputs[i]), "grad") for i in variables]
            xs = [forward.inputs[i] for i in (*variables, *constants)]
            found = graph.differentiate([forward.outputs[i] for i in variables], incoming, xs)
            outgoing = [self._outgoing(found.get(forward.inputs[i]), forward.inputs[i])
                        for i in variables]
            sums = {j: _Sum(graph, found[forward.inputs[j]], forward.inputs[j])
                    for j in constants if found.get(forward.inputs[j]) is not None}
            graph.outputs = [counter - 1, *outgoing,
                             *[t for part in sums.values() for t in part.following],
                             *[rest for _, _, rest in self.kept]]
            arguments = [counter, *incoming, *[t for s in sums.values() for t in s.arguments],
                         *[argument for _, argument, _ in self.kept]]
        graph.inputs = arguments + [t for t in graph.inputs if t not in arguments]
        return self._results(variables, sums)

    def _results(self, variables, sums):
        """Builds the backward loop; the gradients of the op's inputs, some of them new."""
        op = self.op
        firsts = [_counter(op), *[zeros_of(op.outputs[i]) if self.grads[i] is None else
                                  convert_to_tensor(self.grads[i]) for i in variables]]
        histories = [_history(op, tensor) for tensor, _, _ in self.kept]
        added = op.variables - self.count
        for j, part in sums.items():
            firsts += part.start(op.input_nodes[j + added])
        loop = build_while(_while_positive([*firsts, *histories]), self.graph,
                           [*firsts, *histories], maximum=op.maximum)
        ends, results = iter(loop.outputs[1:]), [None] * len(op.input_nodes)
        for i in variables:
            results[i] = next(ends)
        for j, part in sums.items():
            results[j + added] = part.total([next(ends) for _ in part.arguments],
                                            op.input_nodes[j + added])
        return results

    def _involved(self):
        """(loop variables that gradients pass through, constants that get one): positions."""
        n, depends = self.count, dependence(self.forward)
        reached = sum(1 << i for i in range(n) if self.grads[i] is not None)
        active = sum(1 << i for i, wanted in enumerate(self.wanted) if wanted)
        while True:                                  # to the fixed point: at most n times
            further = reached, active
            for i in range(n):
                if reached >> i & 1:
                    reached |= depends[i] & ((1 << n) - 1)
                if depends[i] & active:
                    active |= 1 << i
            if further == (reached, active):
                break
        variables = [i for i in range(n) if (reached & active) >> i & 1
                     and _carries_gradient(self.forward.inputs[i])]
        used = 0
        for i in variables:
            used |= depends[i]
        constants = [j for j in range(n, len(self.wanted))
                     if self.wanted[j] and used >> j & 1]
        return variables, constants

    def _keep(self, tensor):
        argument = self.graph.argument(HANDLE, "history")
        rest, item = pop(argument, tensor.spec.dtype, shape_tensor(tensor.spec.shape))
        self.kept.append((tensor, argument, rest))
        return item

    def _outgoing(self, grad, variable):
        return zeros_of(variable) if grad is None else _inside(self.graph,
                                                               convert_to_tensor(grad))


def _inside(graph, tensor):
    return tensor if tensor.op.graph is graph else graph._adopt(tensor)


def _static(tensor):
    return Spec(tensor.spec.dtype, tensor.spec.shape)


def dependence(graph):
    """For each output of a function graph the inputs it depends on differentiably, as bits."""
    depends = {t: 1 << i for i, t in enumerate(graph.inputs) if _carries_gradient(t)}
    for op in graph.get_operations():
        bits = 0
        for tensor in op.input_nodes:
            bits |= depends.get(tensor, 0)
        if bits and (op._gradient_function is not None
                     or _gradients.get(op._gradient_type or op.type, "none") is not None):
            depends.update((t, bits) for t in op.outputs if _carries_gradient(t))
    return [depends.get(t, 0) for t in graph.outputs]


# -- the sum of the gradients with respect to what the body uses from outside ---------------

class _Sum:
    """The loop variables that add up the gradient with respect to a constant of the loop.

    Rows of a table (IndexedSlices) are appended to two lists, of values and of their indices:
    no array of the table's size is made, and none is copied.

    Attributes:
      arguments: list of Tensor, their arguments in the backward body.
      following: list of Tensor, their next values.
    """

    def __init__(self, graph, grad, constant):
        self.parts = None
        if isinstance(grad, IndexedSlices):
            self.parts = [grad.values, grad.indices]
            self.arguments = [graph.argument(HANDLE, "slices") for _ in self.parts]
            self.following = list(map(push, self.arguments, self.parts))
            return
        self.arguments = [graph.argument(_static(constant), "sum")]
        op_type = "AddN" if constant.spec.dtype is dtypes.variant else "Add"
        self.following = [create(op_type, [*self.arguments, grad]).output]

    def start(self, constant):
        """What the loop variables start with."""
        if self.parts is None:
            return [zeros_of(constant)]
        return [empty(part.spec.dtype, _ragged(part)) for part in self.parts]

    def total(self, ends, constant):
        """The gradient, of the loop variables at the end."""
        if self.parts is None:
            return ends[0]
        values, indices = [concat(end, part.spec.dtype, _ragged(part))
                           for end, part in zip(ends, self.parts, strict=True)]
        return IndexedSlices(values, indices, shape_of(constant))


def _ragged(rows):
    """The static shape of rows of any number."""
    return None if rows.spec.shape is None else (None, *rows.spec.shape[1:])


# -- what the forward loop keeps -----------------------------------------------------------

def _counter(op):
    """The number of iterations that a While made, counted by a loop variable."""
    return _kept(op, "count", Spec(dtypes.int32, ()), lambda: constant(0, name="count"),
                 lambda count: count + 1)


def _history(op, tensor):
    """The list of the values that a tensor of a While's body had."""
    return _kept(op, tensor, HANDLE, lambda: empty(tensor.spec.dtype, tensor.spec.shape),
                 lambda items: push(items, tensor))


def _kept(op, key, spec, first, following):
    """The end of a loop variable that a While gets for its gradient, the first time it is asked.

    Args:
      op: While, in place: who has the operation need not know.
      key: what tells it apart.
      spec: Spec of the loop variable.
      first: function that builds what it starts with, beside the While.
      following: function of its argument in the body that builds its next value.
    """
    op.kept = {} if op.kept is None else op.kept
    if key in op.kept:
        return op.kept[key]
    n, graph = op.variables, op.graph
    with graph.as_default(), graph.control_dependencies(None):
        start = first()
    for inner in op.graphs:
        with inner.reopened(), inner.aside():
            argument = inner.argument(spec, "kept")
            inner.inputs.insert(n, inner.inputs.pop())
            if inner is op.body:
                inner.outputs.append(following(argument))
    op.input_nodes = (*op.input_nodes[:n], start, *op.input_nodes[n:])
    op.ref_inputs = tuple([position + 1 for position in op.ref_inputs])
    start._consumers.append(op)
    op.outputs += (Tensor(op, n, Spec(spec.dtype, spec.shape)),)
    graph._rewired += 1
    op.kept[key] = op.outputs[n]
    return op.outputs[n]


def _while_positive(firsts):
    """The condition of the backward loop: that the count, its first loop variable, is not 0."""
    graph = FunctionGraph(get_default_graph())
    with graph.as_default():
        count, *_ = [graph.argument(_static(first), "count") for first in firsts]
        graph.outputs = [count > 0]
    return graph
