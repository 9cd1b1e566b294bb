"""Functions of elements as graphs: how map, filter and the like take the user's function apart.

The function is called once, with tensors that stand for an element, and builds a function graph
(core/function_graph.py). What it uses from outside, the graph captures: tensors are computed when
the iterator starts, variables are read each time. While a session runs, the graph is compiled and
called with each element. Read next: mapping.py.
"""

import os

from pellucid.core.function_graph import FunctionGraph, is_reference
from pellucid.core.graph import get_default_graph
from pellucid.core.quiet import quietly
from pellucid.core.shapes import Spec
from pellucid.data import nest, structure
from pellucid.data.streams import Failure
from pellucid.data.structure import as_value


class DatasetGraph(FunctionGraph):
    """The function graph of a data set: names and random seeds begin anew, as in TensorFlow."""

    _unseeded_random_ops = 0

    def __init__(self, outer):
        super().__init__(outer)
        self.name = self._scope = ""
        self._names_in_use = {}


class Traced:
    """A user's function as a graph.

    Args:
      function: function of elements.
      elements: list of structures; the function gets the parts of each that is a tuple as
        arguments of their own, if it is the only one.
      what: str, for error messages.

    Attributes:
      graph: DatasetGraph, whose outputs are a flat element.
      result: what the function returned, lists as tuples.
      structure: that of the result.
      captured: list of Tensor of the outer graph, the last inputs of a call.
    """

    def __init__(self, function, elements, what):
        self.graph = graph = DatasetGraph(get_default_graph())
        with graph.as_default():
            arguments = []
            for element in elements:
                leaves = nest.flatten(element)
                tensors = [graph.argument(Spec(leaf.flat_dtype, leaf.flat_shape), "args")
                           for leaf in leaves]
                arguments.append(nest.pack_like(element, [
                    leaf.from_flat(t) for leaf, t in zip(leaves, tensors, strict=True)]))
            if len(arguments) == 1 and type(arguments[0]) is tuple:
                arguments = arguments[0]
            self.result = function(*arguments)
            if isinstance(self.result, list):
                self.result = tuple(self.result)
            if self.result is None:
                raise TypeError(f"Unsupported return value from function passed to {what}: None.")
            self.structure, tensors = structure.convert_structure(self.result)
            graph.outputs = [_inside(graph, leaf.to_flat(t)) for leaf, t in zip(
                nest.flatten(self.structure), tensors, strict=True)]
        self.captured = list(graph.captures)
        graph.sealed = True

    def build(self, op_class, source, last=(), **attrs):
        """The operation that calls the function; what it uses comes between other inputs."""
        with get_default_graph().control_dependencies(self.graph.waits):
            return op_class([*source, *self.captured, *last],
                            **{op_class.functions[0]: self.graph}, **attrs)


class CallsFunctions:
    """Mixin of the operations that call function graphs with elements of data sets."""

    @property
    def ref_inputs(self):
        """Positions of the inputs that arrive as Cells: variables, which are read each time."""
        return tuple([i for i, t in enumerate(self.input_nodes) if is_reference(t)])

    @classmethod
    def called_with(cls, attrs, inputs):
        """What the functions of a node are called with, for who builds them from a file.

        Args:
          attrs: {name: value} of the node.
          inputs: list of Tensor, of the node.

        Returns:
          {name of the attribute: list with a Spec for each part of an element, then those of the
          inputs that the function uses}.
        """
        raise NotImplementedError(cls.__name__)


def _inside(graph, tensor):
    """A tensor that the graph may return, also one from outside."""
    return tensor if tensor.op.graph is graph else graph.capture(tensor)


# -- calling it ----------------------------------------------------------------------------


class _Cells:
    """A session as a function sees it: what keeps state in the function starts anew with the
    iterator, everything else is the session's."""

    def __init__(self, session):
        self._session, self._own = session, {}

    def cell(self, op):
        """The Cell of a stateful operation."""
        if op.graph.outer is None:
            return self._session.cell(op)
        if op not in self._own:
            self._own.setdefault(op, op.new_cell(self))
        return self._own[op]

    def __getattr__(self, name):
        return getattr(self._session, name)


def compiled(context, graph):
    """The function graph as a function of arrays, which returns a flat element.

    One that keeps state, such as a random sequence, is compiled for each place of use.
    """
    if any(op.stateful for op in graph.get_operations()):
        return context.state(lambda: _compile(context.session, graph), graph)
    return context.shared(graph, lambda: _compile(context.session, graph))


def _compile(session, graph):
    function = session._engine.function(_Cells(session), graph)

    def call(*values):
        return tuple(quietly(function, *map(as_value, values)))
    return call


def called(function, element, captured):
    """function(*element, *captured), or the Failure to compute it, or the one that came."""
    if type(element) is Failure:
        return element
    try:
        return function(*element, *captured)
    except Exception as error:
        return Failure(error)


def processors():
    """How many things to do at a time where that is left open."""
    return os.cpu_count() or 1


