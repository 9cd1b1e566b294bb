"""The gradients of a run that has happened, one contribution after the other.

`tf.gradients` adds nodes to a graph. To show the numbers of one run without touching the
user's graph, the same gradient functions build their nodes in a scratch graph, where each
tensor of the run is represented by a node that promises what the tensor promised and holds
the value that it had. Since the functions see the same promises they build the same nodes,
so the numbers are those of `tf.gradients`.
"""

import numpy as np

from pellucid.core.cell import Cell, value_of
from pellucid.core.gradients import _call, _start, _sum, gradient_function, path
from pellucid.core.graph import Graph
from pellucid.core.indexed_slices import IndexedSlices, IndexedSlicesValue
from pellucid.core.operation import Operation
from pellucid.core.quiet import quietly
from pellucid.core.session import Session
from pellucid.core.shapes import Spec
from pellucid.core.walk import Walk


class Contribution:
    """What one consumer sends back along one of its inputs.

    Attributes:
      tensor: Tensor whose gradient grows.
      consumer: Operation that sends; None for the start, the gradient of y itself.
      position: int, along which of the consumer's inputs.
      grads: list of (Tensor, value): the gradients of the consumer's outputs, which it had.
      value: what is sent.
      total: the sum of what the tensor has received so far.
      part, parts: this is contribution `part` of `parts`; with the last, total is final.
    """

    def __init__(self, tensor, consumer, position, grads, value, total, part):
        self.tensor, self.consumer, self.position = tensor, consumer, position
        self.grads, self.value, self.total, self.part = grads, value, total, part
        self.parts = None


def contributions(y, xs, values, session):
    """List of Contribution, in the order of backpropagation from y to xs.

    Args:
      y: Tensor.
      xs: list of Tensor.
      values: {Tensor: value} of the run.
      session: Session, which computes what a gradient needs and the run did not.
    """
    return _Backward(y.graph, values, session).run(y, xs)


class _Backward:
    def __init__(self, graph, values, session):
        self.values = {}            # Tensor of the scratch graph -> value
        self.scratch = _Scratch(graph, session, values)
        self.session = Session(graph=self.scratch, engine="walk")
        self.partial = {}           # Tensor of the user's graph -> gradients sent to it
        self.totals = {}            # the same -> their sum so far
        self.found = []

    def run(self, y, xs):
        """The walk of core/gradients.py, with each sum as it grows."""
        with self.scratch.as_default(), self.scratch.name_scope("gradients"):
            ops, wanted = path([y], xs, [])
            self.receive(y, None, 0, [], _start(self.scratch.stand_in(y), None, 0))
            for op in reversed(ops):
                self.visit(op, wanted)
        self.count_parts()
        return self.found

    def visit(self, op, wanted):
        """All consumers of op have sent: its gradient is complete and goes on."""
        grads = [_sum(self.partial.get(t, ())) for t in op.outputs]
        function = gradient_function(op) if any(g is not None for g in grads) else None
        if function is None:
            return
        with self.scratch.name_scope(op.name + "_grad"):
            double = self.scratch.double(op)
            inputs = {stand_in for stand_in, t in zip(double.input_nodes, op.input_nodes,
                                                      strict=True) if t in wanted}
            sent = _call(function, double, grads, inputs, gate=False)
        self.evaluate(sent)
        known = [(t, self.totals.get(t)) for t in op.outputs]
        for i, (tensor, grad) in enumerate(zip(op.input_nodes, sent, strict=True)):
            if grad is not None and tensor in wanted:
                self.receive(tensor, op, i, known, grad)

    def receive(self, tensor, consumer, position, grads, grad):
        """Adds a contribution to the gradient of a tensor."""
        sent = self.partial.setdefault(tensor, [])
        sent.append(grad)
        value = self.value_of(grad)
        self.totals[tensor] = total = value if len(sent) == 1 else self.add(
            self.totals[tensor], value, sent)
        self.found.append(
            Contribution(tensor, consumer, position, grads, value, total, len(sent)))

    def add(self, total, value, sent):
        """The sum of all that was sent; AddN, too, adds from left to right."""
        if isinstance(total, IndexedSlicesValue) or isinstance(value, IndexedSlicesValue):
            return self.value_of(_sum(sent))
        with np.errstate(all="ignore"):          # a run has no warnings either: core/quiet.py
            return np.add(total, value)

    def value_of(self, grad):
        """The value of a gradient, a Tensor or IndexedSlices of the scratch graph."""
        self.evaluate([grad])
        if isinstance(grad, IndexedSlices):
            tensors, rebuild = grad._fetch_parts()
            return rebuild(*map(self.lookup, tensors))
        return self.lookup(grad)

    def evaluate(self, grads):
        """Computes the nodes that these gradients are made of, each once."""
        parts = [grad._fetch_parts()[0] if isinstance(grad, IndexedSlices) else [grad]
                 for grad in grads if grad is not None]
        _compute(self.session, [t for part in parts for t in part], self.is_known,
                 self.lookup, self.values)

    def is_known(self, tensor):
        """True if it has a value."""
        return tensor in self.values or isinstance(tensor.op, _Recorded)

    def lookup(self, tensor):
        """A known value."""
        if isinstance(tensor.op, _Recorded):
            return tensor.op.original_value()
        return self.values[tensor]

    def count_parts(self):
        """Says of each contribution how many there are for its tensor."""
        for contribution in self.found:
            contribution.parts = len(self.partial[contribution.tensor])


def _compute(session, tensors, is_known, lookup, values):
    """Computes tensors from what is known, and notes all on the way in `values`."""
    def watch(op, inputs, outputs):
        values.update((t, value_of(v)) for t, v in zip(op.outputs, outputs, strict=True)
                      if not isinstance(v, Cell) or v.is_set)

    wanted = [t for t in tensors if not is_known(t)]
    feeds, seen, stack = {}, set(), list(wanted)
    while stack:
        tensor = stack.pop()
        if is_known(tensor):
            feeds[tensor] = None
        elif tensor.op not in seen:
            seen.add(tensor.op)
            stack.extend(tensor.op.input_nodes)
    if wanted:
        quietly(Walk(session, wanted, list(feeds), watch=watch), [lookup(t) for t in feeds])


class _Recorded(Operation):
    """Stands for a tensor of the user's graph: its promise, and its value in the run."""

    attrs = {"promise": None, "original": None}

    def infer(self):
        return self.promise

    def compute(self):
        return self.original_value()

    def original_value(self):
        """The value in the run."""
        return self.graph.value_in_run(self.original)


class _Scratch(Graph):
    """A graph on the side, in which tensors of the user's graph are recorded values."""

    _adopts = True

    def __init__(self, graph, session, values):
        super().__init__()
        self.user_graph, self.user_session, self.recorded = graph, session, values
        self.stand_ins, self.seed = {}, graph.seed

    def stand_in(self, tensor):
        """The tensor of this graph that represents one of the user's."""
        if tensor not in self.stand_ins:
            spec = tensor.spec
            with self.name_scope(None), self.control_dependencies(None):
                self.stand_ins[tensor] = _Recorded(
                    (), promise=Spec(spec.dtype, spec.shape, spec.value, spec.partial),
                    original=tensor, name=tensor.op.name).output
        return self.stand_ins[tensor]

    def value_in_run(self, tensor):
        """The value of one of the user's tensors; computed if the run did not need it."""
        recorded = self.recorded
        if recorded.get(tensor) is None:
            _compute(self.user_session, [tensor], lambda t: recorded.get(t) is not None,
                     recorded.__getitem__, recorded)
        return recorded[tensor]

    def double(self, op):
        """The operation as its gradient function sees it, with inputs and outputs here."""
        double = object.__new__(type(op))
        double.__dict__.update(
            op.__dict__, graph=self, control_inputs=(),
            input_nodes=tuple(map(self.stand_in, op.input_nodes)),
            outputs=tuple(map(self.stand_in, op.outputs)))
        return double

    def _adopt(self, tensor):
        """A custom gradient may use tensors of the user's graph: their values stand in."""
        return self.stand_in(tensor) if tensor.graph is self.user_graph else None
