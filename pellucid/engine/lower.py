"""From a graph to the nodes of a plan: the shapes of this run, and what follows from them.

Every operation is looked at once, in the order of the run. With the shapes of the fed arrays
known, most of what a general graph must compute about shapes is known too. So an operation
becomes

    nothing         if a rule says that it passes an input on (rewrite.py),
    a constant      if its inputs are constants,
    an earlier node if that computed the same from the same,
    or a node.

Read next: rewrite.py.
"""

import numpy as np

from pellucid.core import dtypes, shapes
from pellucid.core.operation import fold
from pellucid.core.shapes import Spec
from pellucid.core.traversal import schedule
from pellucid.engine import bodies, items
from pellucid.engine.bodies import CannotSpecialise
from pellucid.engine.nodes import Node, Value, is_pure
from pellucid.engine.rewrite import rules
from pellucid.engine.updates import split

FOLD_LIMIT = 1 << 20         # elements: larger constants are computed in each run, not kept


class Lowering:
    """The nodes of one plan, while it is made.

    Args:
      order: the operations of the run, in order.
      given: {Tensor: Value} of what is fed, or what a body is called with.

    Attributes:
      values: {Tensor: Value}.
      nodes: list of Node, in order.
    """

    def __init__(self, order, given):
        self.values, self.nodes = dict(given), []
        self._same = {}              # what a pure node computes -> its outputs
        self._epochs = {}            # variable's Value -> how often it was written so far
        for op in order:
            self._lower(op)

    def _lower(self, op):
        inputs = [self.values[t] for t in op.input_nodes]
        for tensor, value in zip(op.outputs, self._outputs(op, inputs), strict=True):
            self.values.setdefault(tensor, value)

    def _outputs(self, op, inputs):
        if op.returns_ref:
            return self._reference(op, inputs)
        if op.subgraphs:
            return bodies.lower(self, op, inputs)
        return self.add(op, inputs, self._specs(op, inputs), op)

    def _reference(self, op, inputs):
        """A variable, or an update of one, which passes the variable on."""
        if not inputs:
            return [Value(op.outputs[0].spec, place=op)]
        if inputs[0].place is None:
            raise CannotSpecialise(f"{op.name} updates what is not a variable in this run")
        self.written(op, inputs)
        update, arguments = split(self, op, inputs)
        self.nodes.append(Node(update, arguments, [t.spec for t in op.outputs], op))
        return [inputs[0]]

    def inline(self, graph, inputs, caller):
        """The Values of a function graph's outputs, computed right here from these inputs."""
        first = len(self.nodes)
        outside, self.values = self.values, dict(zip(graph.inputs, inputs, strict=True))
        for op in schedule(graph.outputs, graph.inputs):
            self._lower(op)
        outputs = [self.values[t] for t in graph.outputs]
        self.values = outside
        for node in self.nodes[first:]:
            node.caller = caller
        return outputs

    def written(self, op, inputs):
        """Takes note that an operation may have changed the variables it refers to."""
        for position in op.ref_inputs:
            self._epochs[inputs[position]] = self._epochs.get(inputs[position], 0) + 1

    def _specs(self, op, inputs):
        """What the outputs are in this run."""
        static = [t.spec for t in op.outputs]
        known = [v.spec for v in inputs]
        if known == [t.spec for t in op.input_nodes]:         # the very same: nothing is new
            return static
        try:
            found = op.infer(*known)
            found = [found] if isinstance(found, Spec) else list(found)
            found = [_with_shape(spec, shapes.merge(spec.shape, before.shape))
                     for spec, before in zip(found, static, strict=True)]
        except (ValueError, TypeError) as error:
            raise CannotSpecialise(str(error)) from error
        if op.folds and len(found) == 1:
            fold(op, known, found[0])
        return found

    def add(self, op, inputs, specs, origin):
        """The Values of an operation's outputs: of a new node, or of something simpler."""
        has_lists = holds_lists(inputs, specs)
        if has_lists or not is_pure(op):
            self.written(op, inputs)
            node = Node(op, inputs, specs, origin)
            self.nodes.append(node)
            return items.outputs(self, node) if has_lists else node.outputs
        constants = self._constants(op, inputs, specs)
        if constants is not None:
            return constants
        rule = rules.get(op.op_type)
        replaced = rule and rule(self, op, inputs, specs, origin)
        if replaced is not None:
            return replaced
        key = self._key(op, inputs)
        if key in self._same:
            return self._same[key]
        node = Node(op, inputs, specs, origin)
        self.nodes.append(node)
        if key is not None:
            self._same[key] = node.outputs
        return node.outputs

    def _constants(self, op, inputs, specs):
        """The outputs as constants, if they are the same in every run."""
        for spec in specs:
            if spec.value is None:
                break
        else:
            return [self.constant(spec.value, spec) for spec in specs] if specs else None
        for value in inputs:
            if value.constant is None:
                return None
        if not inputs:
            return None
        if any((shapes.size(spec.shape) or 0) > FOLD_LIMIT for spec in specs):
            return None
        try:
            results = op.compute(*[v.constant for v in inputs])
        except Exception:              # it fails: let it fail in the run, where it is explained
            return None
        results = (results,) if len(specs) == 1 else results
        return [self.constant(r, s) for r, s in zip(results, specs, strict=True)]

    def constant(self, array, spec=None):
        """A Value that is the same in every run."""
        array = array if isinstance(array, np.ndarray | np.generic) else np.asarray(array, object)
        value = Value(Spec(spec.dtype if spec else None, array.shape, array), constant=array)
        if array.size > 16 or array.dtype == object:
            return value
        return self._same.setdefault((array.dtype, array.shape, array.tobytes()), value)

    def _key(self, op, inputs):
        """What tells a pure computation from others; None where it cannot be told."""
        attributes = tuple([getattr(op, name) for name in op.attrs])
        key = (type(op), attributes, *[(id(v), self._epochs.get(v, 0)) for v in inputs])
        try:
            hash(key)
        except TypeError:                                       # an attribute that is an array
            return None
        return key


def fed_values(feeds, shapes_fed):
    """The Values of fed tensors.

    Args:
      feeds: list of Tensor.
      shapes_fed: for each the shape of its array, or None to keep to what the graph knows.
    """
    return [Value(Spec(t.spec.dtype, t.spec.shape if shape is None else shape))
            for t, shape in zip(feeds, shapes_fed, strict=True)]


def holds_lists(inputs, specs):
    """True if a list of tensors comes or goes: two of them are never one, whatever is in them."""
    variant = dtypes.variant
    return any(spec.dtype is variant for spec in specs) or any(
        value.spec.dtype is variant for value in inputs)


def _with_shape(spec, shape):
    """The Spec, also where the user's set_shape knows more than infer."""
    return spec if spec.shape == shape else Spec(spec.dtype, shape, spec.value, spec.partial)


def live(nodes, targets):
    """The nodes that have an effect or that `targets` (Values) depend on."""
    needed, kept = set(targets), []
    for node in reversed(nodes):
        if node.has_effect or not needed.isdisjoint(node.outputs):
            if node.bodies:
                bodies.narrow(node, needed)
            kept.append(node)
            needed.update(node.inputs)
    kept.reverse()
    return kept
