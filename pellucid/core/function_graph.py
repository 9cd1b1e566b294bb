"""FunctionGraph: a graph inside an operation, such as a branch of `cond` or the body of a loop.

The operations that a branch builds go to a graph of their own, so that they run only when the
branch is taken. Where one of them uses a tensor from outside, that tensor is *captured*: it
becomes an input of the enclosing operation, and an Argument inside stands for it. Names,
collections, variables and seeds are those of the graph around, as if there were only one.
Read next: ../ops/control/functional.py.
"""

import contextlib

from pellucid.core.graph import Graph, get_default_graph
from pellucid.core.scopes import Scopes
from pellucid.core.shapes import Spec
from pellucid.core.sources import Placeholder


class Argument(Placeholder):
    """A value that a function graph is called with.

    Attributes:
      is_ref: bool, the value is a Cell: that of a variable, which is read where it is used.
    """

    is_ref = False


def is_reference(tensor):
    """True if the tensor's value is a variable's Cell: the variable itself, or a read of it."""
    while tensor.op.op_type == "Identity":
        tensor = tensor.op.input_nodes[0]
    return tensor.op.returns_ref or getattr(tensor.op, "is_ref", False)


def _of_outer(name):
    """An attribute that a function graph shares with the graph around it."""
    return property(lambda graph: getattr(graph.outer, name),
                    lambda graph, value: setattr(graph.outer, name, value))


class FunctionGraph(Graph):
    """A graph that is computed as a part of an operation of the graph `outer`.

    Attributes:
      outer: Graph, in which the operation is.
      inputs: list of Tensor, the outputs of its Arguments.
      outputs: list of Tensor.
      captures: {Tensor of outer: the one of `inputs` that stands for it}.
      waits: list of Operation outside that must have run before.
      sealed: bool, True once the operation is built: it takes no more operations.
      function_name: str, what a GraphDef calls it.
    """

    function_name = ""

    outer: Graph
    _adopts = True
    _unseeded_random_ops = _of_outer("_unseeded_random_ops")
    _rewired = _of_outer("_rewired")
    _variable_store = _of_outer("_variable_store")
    seed = _of_outer("seed")

    def __init__(self, outer):
        Scopes.__init__(self)
        self.outer, self.inputs, self.outputs = outer, [], []
        self.captures, self.waits, self.sealed = {}, [], False
        self.name = outer._scope            # the name scope that it was built in
        self._operations = {}
        for shared in ("_collections", "_names_in_use", "_scope", "_devices", "_colocated",
                       "_gradient_overrides"):
            setattr(self, shared, getattr(outer, shared))

    @property
    def outermost(self):
        graph: Graph = self
        while graph.outer is not None:
            graph = graph.outer
        return graph

    # -- what it is called with ------------------------------------------------------------

    def argument(self, spec, name):
        """A new input, of which `spec` is known."""
        tensor = Argument((), dtype=spec.dtype, shape=spec.shape, name=name).output
        self.inputs.append(tensor)
        return tensor

    def capture(self, tensor):
        """The tensor here that stands for one of a graph around; None for any other's."""
        if tensor.op.graph is not self.outer:
            tensor = self.outer._adopt(tensor)
        if tensor is None or tensor in self.captures:
            return self.captures.get(tensor)
        self._check_not_finalized()
        spec = tensor.spec
        with self.aside():
            inner = self.argument(spec, self._unused(f"Capture/{_last(tensor.op.name)}"))
        inner.spec = Spec(spec.dtype, spec.shape, spec.value, spec.partial)
        inner.op.is_ref, inner.op.returns_ref = is_reference(tensor), tensor.op.returns_ref
        self.captures[tensor] = inner
        return inner

    def _unused(self, name):
        """`name` in this graph's scope, as a scope's own name; it takes none of the user's."""
        name, count = f"{self.name}/{name}".lstrip("/"), 0
        while f"{name}_{count}" in self._operations:
            count += 1
        return f"{name}_{count}/"

    @contextlib.contextmanager
    def aside(self):
        """Operations built inside are this graph's, and wait for nothing."""
        with self.as_default(), self.control_dependencies(None):
            yield

    def _adopt(self, tensor):
        return self.capture(tensor)

    # -- elements of the graphs around -----------------------------------------------------

    def as_graph_element(self, obj, allow_tensor=True, allow_operation=True):
        """The Tensor or Operation of this graph, or of one around it."""
        try:
            return super().as_graph_element(obj, allow_tensor, allow_operation)
        except (KeyError, ValueError):
            return self.outer.as_graph_element(obj, allow_tensor, allow_operation)

    @contextlib.contextmanager
    def control_dependencies(self, control_inputs):
        """As in Graph. For an operation outside, the whole enclosing operation waits."""
        if control_inputs is not None:
            ops = [self._as_operation(element) for element in control_inputs]
            self.waits += [op for op in ops if op.graph is not self]
            control_inputs = [op for op in ops if op.graph is self]
        with super().control_dependencies(control_inputs):
            yield

    # -- when it is complete ---------------------------------------------------------------

    @property
    def _finalized(self):  # type: ignore[override]
        return self.sealed or self.outer._finalized

    def _check_not_finalized(self):
        if self.sealed:
            raise ValueError(
                f"A tensor from inside {self.name!r} cannot be used outside of it: it has a "
                "value only while the branch or loop runs. Return it from the function that "
                "built it, and use what tf.cond or tf.while_loop returns.")
        self.outer._check_not_finalized()

    @contextlib.contextmanager
    def reopened(self):
        """Inside, operations may be added: what the gradient needs of the forward run."""
        before, self.sealed = self.sealed, False
        try:
            yield
        finally:
            self.sealed = before

    @property
    def has_effect(self):
        """True if calling it does more than to return values, or returns others each time."""
        return any(has_effect(op) for op in self._operations.values())


def has_effect(op):
    """True if an operation draws, writes, prints, or is a learner's own."""
    if op.op_type == "Identity":
        return False
    return bool(op.stateful or op.effect or (op.ref_inputs and op.returns_ref)
                or op.op_type is None)


def _last(name):
    return name.rpartition("/")[2]


@contextlib.contextmanager
def init_scope():
    """Operations built inside belong to no branch or loop, and wait for nothing.

    The graph is the outermost one; the name scope stays. Variables are made in it.
    As in TF: tf.init_scope.
    """
    graph = get_default_graph()
    if graph.outer is None:
        with graph.control_dependencies(None):
            yield
        return
    outermost = graph.outermost
    with outermost.as_default(), outermost.control_dependencies(None):
        with outermost.name_scope(graph._scope + "/" if graph._scope else None):
            yield
