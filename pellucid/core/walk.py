"""The walk: the definition of what running a graph means.

Take the operations in post-order, compute each from the values of its inputs, and keep the
value for its consumers. Every faster engine is compared with this one. Read next: gradients.py.
"""

import numpy as np

from pellucid.core.cell import Cell, value_of
from pellucid.core.failures import explain
from pellucid.core.session import register_engine
from pellucid.core.tensor import Tensor
from pellucid.core.traversal import schedule


class Walk:
    """Runs `fetches` node by node.

    Args:
      session: the Session whose cells hold the state.
      fetches: list of Tensor and Operation.
      feeds: list of Tensor, whose values each call gives.
      check: bool, compare each value with the operation's promise (used by tests).
      watch: function(op, inputs, outputs), called after each node (used by viz.trace).
    """

    def __init__(self, session, fetches, feeds, check=False, watch=None):
        self.session, self.feeds, self.check, self.watch = session, feeds, check, watch
        self.fetches, self.order = fetches, schedule(fetches, feeds)
        self.tensors = [f for f in fetches if isinstance(f, Tensor)]
        self._functions = {}            # function graph -> Walk of it

    @staticmethod
    def function(session, graph):
        """A function graph as a function of the values of its inputs: what data sets call."""
        return Walk(session, graph.outputs, graph.inputs).evaluate

    def __call__(self, feed_values):
        """List of the fetched tensors' values, the caller's own."""
        self.session.bring_home()
        return [own(v) for v in self.evaluate(*map(np.array, feed_values))]

    def evaluate(self, *feed_values):
        """The same, but arrays that others may hold: how a body is called."""
        values = dict(zip(self.feeds, feed_values, strict=True))
        for op in self.order:
            inputs = [_argument(op, i, values[t]) for i, t in enumerate(op.input_nodes)]
            outputs = self._compute(op, inputs)
            for tensor, value in zip(op.outputs, outputs, strict=True):
                values.setdefault(tensor, value)         # a fed output keeps what was fed
        return [value_of(values[t]) for t in self.tensors]

    def watched(self, feed_values, watch):
        """The same, calling watch(op, inputs, outputs) after each node."""
        return Walk(self.session, self.fetches, self.feeds, self.check, watch)(feed_values)

    def _compute(self, op, inputs):
        before = [self.session.cell(op)] if op.stateful else []
        before += [self._function(getattr(op, name)) for name in op.subgraphs]
        try:
            outputs = op.kernel(*before, *inputs)
        except Exception as error:
            raise explain(error, op, inputs) from error
        outputs = (outputs,) if len(op.outputs) == 1 else outputs or ()
        if self.check:
            for tensor, value in zip(op.outputs, outputs, strict=True):
                check_promise(tensor, value_of(value))
        if self.watch:
            self.watch(op, inputs, outputs)
        return outputs

    def _function(self, graph):
        """A function graph as a function, of the values of its inputs."""
        if graph not in self._functions:
            self._functions[graph] = Walk(
                self.session, graph.outputs, graph.inputs, self.check).evaluate
        return self._functions[graph]


def _argument(op, position, value):
    """An input as compute wants it: the array, or the cell where it asks for the variable."""
    return value if position in op.ref_inputs else value_of(value)


def own(value):
    """A copy that the caller may write into; scalars are NumPy scalars, as in TensorFlow."""
    return np.array(value)[()] if isinstance(value, np.ndarray | np.generic) else value


def check_promise(tensor, value):
    """Raises AssertionError if a value is not of the dtype and shape that infer promised."""
    if isinstance(value, Cell) or tensor.dtype is None:
        return
    promised, shape = tensor.spec.dtype, np.shape(value)
    actual = getattr(value, "dtype", np.dtype(object))
    if actual != promised._numpy:
        raise AssertionError(f"{tensor!r} has values of dtype {actual}")
    if not tensor.shape.is_compatible_with(shape):
        raise AssertionError(f"{tensor!r} has a value of shape {shape}")


register_engine("walk", Walk)
