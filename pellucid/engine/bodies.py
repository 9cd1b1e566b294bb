"""Bodies of loops and branches in a plan.

The function graphs of an If or a While are lowered like the graph around them, from what is
known of their inputs in this run: constants from outside are constants inside, and a loop
variable has a known shape if the body keeps it. A branch whose condition is known is computed
right where it stands. What nobody uses of an operation's results is not computed: a loop keeps
nothing for a gradient that the run does not fetch. Read next: plan.py.
"""

from pellucid.core import shapes
from pellucid.core.shapes import Spec
from pellucid.core.traversal import schedule
from pellucid.engine import items
from pellucid.engine.nodes import Node, Value
from pellucid.engine.trips import Trips


class CannotSpecialise(Exception):
    """The shapes of this run contradict the graph; running it will say where."""


class Body:
    """One function graph of a node's operation.

    Attributes:
      role: str, "then_branch", "body", ...: the attribute of the operation.
      inputs: list of Value, what it is called with, one for each of the graph's inputs.
      outputs: list of Value.
      nodes: list of Node.
      parameters: list of Value, those of `inputs` that the plan passes.
    """

    __slots__ = ("inputs", "nodes", "outputs", "parameters", "role")

    def __init__(self, role, graph, inputs):
        from pellucid.engine.lower import Lowering
        lowering = Lowering(schedule(graph.outputs, graph.inputs),
                            dict(zip(graph.inputs, inputs, strict=True)))
        self.role, self.inputs, self.parameters = role, inputs, inputs
        self.nodes, self.outputs = lowering.nodes, [lowering.values[t] for t in graph.outputs]

    def uses(self):
        """Set of the Values that its nodes and its results are made of."""
        return {v for node in self.nodes for v in node.inputs} | set(self.outputs)


# -- lowering ------------------------------------------------------------------------------

def lower(lowering, op, inputs):
    """The Values of the outputs of an operation that holds graphs."""
    if op.op_type in ("PartitionedCall", "StatefulPartitionedCall"):
        return lowering.inline(op.f, inputs, op)
    if op.subgraphs[0] == "then_branch" and inputs[0].constant is not None:
        chosen = op.else_branch if not _truth(inputs[0].constant) else op.then_branch
        return lowering.inline(chosen, inputs[1:], op)
    lowering.written(op, inputs)
    if op.subgraphs[0] == "then_branch":
        return _branches(lowering, op, inputs)
    return _loop(lowering, op, inputs)


def _truth(constant):
    return constant.size > 0 if constant.ndim else bool(constant)


def _given(op, inputs):
    """What the graphs of an operation see of its inputs: the same constants and variables."""
    places, found = {}, []
    for position, value in enumerate(inputs):
        if value.place is not None and position in op.ref_inputs:
            found.append(places.setdefault(value.place, Value(value.spec, place=value.place)))
        elif value.constant is not None:
            found.append(Value(value.spec, constant=value.constant))
            found[-1].name = value.name
        else:
            found.append(Value(Spec(value.spec.dtype, value.spec.shape)))
            found[-1].item = value.item
    return found


def _branches(lowering, op, inputs):
    bodies = []
    for role, graph in zip(op.subgraphs, op.graphs, strict=True):
        given = _given(op, inputs)[1:]
        try:
            bodies.append(Body(role, graph, given))
        except CannotSpecialise:               # perhaps it is not taken; if it is, it will say so
            bodies.append(Body(role, graph, [_known(t, v) for t, v in zip(
                graph.inputs, given, strict=True)]))
    pairs = [(b, b) if is_fake(a) else (a, a) if is_fake(b) else (a, b)
             for a, b in zip(*[body.outputs for body in bodies], strict=True)]
    node = _node(op, inputs, [_either(a.spec, b.spec) for a, b in pairs], bodies)
    lowering.nodes.append(node)
    for value, (a, b) in zip(node.outputs, pairs, strict=True):
        value.item = items.join(a.item, b.item)
    return [lowering.constant(a.constant, a.spec) if items.are_same(a.constant, b.constant)
            else value for value, (a, b) in zip(node.outputs, pairs, strict=True)]


def is_fake(value):
    """True of what a branch returns only because the other one has such a result."""
    return value.node is not None and value.node.op.op_type == "FakeParam"


def _known(tensor, value):
    """A Value of which no more is known than the graph does."""
    if value.place is not None:
        return value
    return Value(Spec(tensor.spec.dtype, tensor.spec.shape))


def _loop(lowering, op, inputs):
    n, given = op.variables, _given(op, inputs)
    static = [t.spec for t in op.body.inputs[:n]]
    try:
        found = [shapes.merge(v.spec.shape, spec.shape)
                 for v, spec in zip(inputs, static, strict=False)]
    except ValueError as error:
        raise CannotSpecialise(str(error)) from error
    held = [v.item for v in given[:n]]
    for attempt in range(_ATTEMPTS):
        variables = _variables_of(static, found, held)
        body = Body("body", op.body, [*variables, *given[n:]])
        kept = [items.either_shape(shape, out.spec.shape)
                for shape, out in zip(found, body.outputs, strict=True)]
        joined = [items.join(item, out.item)
                  for item, out in zip(held, body.outputs, strict=True)]
        news = [v for v, item in zip(variables, joined, strict=True)
                if not items.equal(v.item, item)]
        if kept == found and not _are_read(news, body):
            held = joined
            break
        last = attempt == _ATTEMPTS - 2
        found = [shapes.merge(spec.shape, None if last else shape)
                 for spec, shape in zip(static, kept, strict=True)]
        held = [None] * n if last else joined
    given = _given(op, inputs)
    cond = Body("cond", op.cond, [*_variables_of(static, found, held), *given[n:]])
    node = _node(op, inputs, [Spec(v.spec.dtype, v.spec.shape) for v in variables], [cond, body])
    lowering.nodes.append(node)
    for value, item in zip(node.outputs, held, strict=True):
        value.item = item
    trips = Trips(node)
    ends = [trips.end(k) for k in range(n)]
    return [value if end is None else lowering.constant(end, value.spec)
            for value, end in zip(node.outputs, ends, strict=True)]


def _variables_of(static, shapes_now, items_now):
    """Values of a loop's variables."""
    found = []
    for spec, shape, item in zip(static, shapes_now, items_now, strict=True):
        found.append(Value(Spec(spec.dtype, shape)))
        found[-1].item = item
    return found


def _are_read(lists, body):
    """True if a body does more with some of these lists than to put something in."""
    readers = [node for node in body.nodes if node.op.op_type not in (
        "TensorListPushBack", "TensorListSetItem")]
    return any(not set(lists).isdisjoint(node.inputs) for node in readers) if lists else False


_ATTEMPTS = 4              # at shapes that the body keeps; the last is what the graph knows


def _node(op, inputs, specs, bodies):
    node = Node(op, inputs, specs)
    node.bodies = bodies
    return node


def _either(a, b):
    return Spec(a.dtype or b.dtype, items.either_shape(a.shape, b.shape))


# -- leaving out what nobody uses ----------------------------------------------------------

def narrow(node, needed):
    """Makes a node compute no more of its outputs than those in `needed` (Values) ask for."""
    from pellucid.engine.lower import live
    is_loop = node.bodies[-1].role == "body"
    positions = _variables(node, needed) if is_loop else [
        i for i, value in enumerate(node.outputs) if value in needed]
    for body in node.bodies:
        if body.role != "cond":
            body.outputs = [body.outputs[i] for i in positions]
        body.nodes = live(body.nodes, body.outputs)
    used = set().union(*[body.uses() for body in node.bodies])
    first = node.op.first
    passed = [i for i, values in enumerate(zip(*[b.inputs for b in node.bodies], strict=True))
              if _is_passed(i, values, used, positions, node if is_loop else None)]
    for body in node.bodies:
        body.parameters = [body.inputs[i] for i in passed]
    node.touched = [value for i, value in enumerate(node.inputs)
                    if value.place is not None and i in node.op.ref_inputs]
    op = object.__new__(type(node.op))
    op.__dict__.update(node.op.__dict__, ref_inputs=(), _variables=len(positions))
    node.inputs = [*node.inputs[:first], *[node.inputs[first + i] for i in passed]]
    node.outputs, node.op = [node.outputs[i] for i in positions], op


def _is_passed(position, values, used, variables, loop):
    """True if the bodies take the input at a position as a parameter."""
    if loop is not None and position < loop.op.variables:
        return position in variables
    return any(v in used and v.constant is None and v.place is None for v in values)


def _variables(node, needed):
    """The loop variables that matter: for what is needed, for the condition, for effects."""
    cond, body = node.bodies
    n = node.op.variables
    masks = [_masks(b) for b in node.bodies]
    wanted = masks[0][1] | masks[1][1]
    wanted |= masks[0][0].get(cond.outputs[0], 0)
    wanted |= sum(1 << i for i, value in enumerate(node.outputs) if value in needed)
    done = 0
    while done != wanted:
        fresh, done = wanted & ~done, wanted
        for i in range(n):
            if fresh >> i & 1:
                wanted |= masks[1][0].get(body.outputs[i], 0)
    return [i for i in range(n) if wanted >> i & 1]


def _masks(body):
    """({Value: the inputs that it is made of, as bits}, those that effects are made of)"""
    masks, effects = {}, 0
    for i, value in enumerate(body.inputs):
        if value.place is None and value.constant is None:
            masks[value] = 1 << i
    for node in body.nodes:
        bits = 0
        for value in node.inputs:
            bits |= masks.get(value, 0)
        masks.update(dict.fromkeys(node.outputs, bits))
        if node.has_effect:
            effects |= bits
    return masks, effects


# -- bodies of a graph that is not lowered ------------------------------------------------------

def whole(role, graph):
    """The Body of a function graph of which no more is known than the graph does."""
    from pellucid.engine.lower import live
    places, given = {}, []
    for tensor in graph.inputs:
        place = _place_of(graph, tensor)
        if place is None:
            given.append(Value(Spec(tensor.spec.dtype, tensor.spec.shape)))
        else:
            given.append(places.setdefault(place, Value(tensor.spec, place=place)))
    body = Body(role, graph, given)
    body.nodes = live(body.nodes, body.outputs)
    return body


def _place_of(graph, tensor):
    """The variable whose Cell a function graph is given for one of its inputs, or None."""
    if not tensor.op.is_ref:
        return None
    while graph is not None and getattr(tensor.op, "is_ref", False):
        outside = {inner: outer for outer, inner in graph.captures.items()}
        tensor, graph = outside[tensor], graph.outer
        while tensor.op.input_nodes:                     # reads, and updates, pass it on
            tensor = tensor.op.input_nodes[0]
    return tensor.op
