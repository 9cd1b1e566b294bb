"""Plan: a run of a graph as a straight-line NumPy program.

    print(session.plan(loss, {x: batch}).source)

One line a node, in post-order, and each value deleted after its last use. Letting values die is
what makes a large step fast: memory just used is used again while it is still in the cache
(measured: 3 times faster than keeping them). Read next: spelling.py.
"""

import keyword
import re
from functools import cached_property

import numpy as np

from pellucid.core import shapes
from pellucid.core.dtypes import resource, string, variant
from pellucid.core.walk import Walk, own
from pellucid.engine.bodies import CannotSpecialise, whole
from pellucid.engine.groups import Groups
from pellucid.engine.lower import Lowering, fed_values, live
from pellucid.engine.nodes import Value
from pellucid.engine.spelling import slot, spell
from pellucid.engine.tape import failed_step

_OBJECTS = string, variant, resource              # fetched as they are


class Routine:
    """A function of a plan: the whole run, or the body of a loop or branch in it.

    Args:
      session: the Session whose cells hold the variables.
      name: str, what the program calls it.
      parameters: list of Value, and `names`, for each a name or None.
      nodes: list of Node.
      results: list of Value.
      taken: set of str, the names of the plan's other routines.

    Attributes:
      source: str, the program.
    """

    is_body = True

    def __init__(self, session, name, parameters, names, nodes, results, taken=()):
        self.session, self.name, self.feeds, self.feed_names = session, name, parameters, names
        self.nodes, self.fetches, self.taken = nodes, results, taken or {name}
        for value in (*self.fetches, *(v for node in self.nodes for v in node.inputs)):
            value.uses += 1
        self.routines = [routine for node in nodes 
                         for routine in routines(node, session, self.taken)]
        self.steps = [_Step(node) for node in self.nodes]
        self._code = None

    # -- as a program ----------------------------------------------------------------------

    @cached_property
    def _program(self):
        return _Program(self)

    @property
    def source(self):
        """The program as Python source text, that of its bodies first."""
        return "\n".join([*[routine.source + "\n" for routine in self.routines],
                          self._program.source])

    def compile(self):
        """The program as a function of the parameters' arrays that returns a list."""
        program = self._program
        code = compile(program.source, f"<plan of {', '.join(self._title())}>", "exec")
        exec(code, program.namespace)
        function = program.namespace[self.name]
        self._code, program.namespace[_ROUTINE] = function.__code__, self
        return function

    def _title(self):
        return [v.node.origin.name if v.node else v.name or "?" for v in self.fetches] or ["step"]

    def is_borrowed(self, position):
        """False: a body's results need not be the caller's own."""
        return False

    def cell(self, value):
        """The session's Cell of a variable's Value."""
        return self.session.cell(value.place)


def routines(node, session, taken):
    """The Routines of a node's bodies; the node gets their functions."""
    scope, found = node.origin.name.rpartition("/")[0] or node.origin.name, []
    for body in node.bodies:
        name = _identifier(f"{_short(scope)}_{body.role.removesuffix('_branch')}", taken)
        taken.add(name)
        found.append(Routine(session, name, body.parameters, [None] * len(body.parameters),
                             body.nodes, body.outputs, taken))
    node.functions = [routine.compile() for routine in found]
    return found


_ROUTINE = "__routine__"       # in the namespace of a program: the Routine that it is


def innermost(traceback):
    """(Operation, values of its inputs) where an error left the innermost program, or None."""
    found = None
    while traceback is not None:
        frame = traceback.tb_frame
        routine = frame.f_globals.get(_ROUTINE)
        if routine is not None and frame.f_code is routine._code:
            node = routine._program.at(traceback.tb_lineno, frame.f_locals)
            found = (node[0].origin, node[1]) if node else found
        traceback = traceback.tb_next
    return found


class Plan(Routine):
    """The program of one run: given fetches, feeds and the shapes of the feeds.

    Args:
      session: the Session whose cells hold the variables.
      order: the operations to run, in order.
      feeds: list of Tensor.
      fetches: list of Tensor.
      shapes_fed: for each feed its shape, or None for what the graph knows of it.

    Attributes:
      nodes: list of Node.
      source: str, the program.
    """

    is_body = False

    def __init__(self, session, order, feeds, fetches, shapes_fed):
        values = fed_values(feeds, shapes_fed)
        lowering = Lowering(order, dict(zip(feeds, values, strict=True)))
        results = [lowering.values[t] for t in fetches]
        super().__init__(session, "step", values, [t.name for t in feeds],
                         live(lowering.nodes, results), results)
        self._borrowed = borrowed(self.nodes, self.feeds, self.fetches)

    def failed_at(self, traceback):
        """(Operation, values of its inputs) where an error left the program, or None."""
        failed, inside = failed_step(traceback), innermost(traceback)
        if failed and not inside:
            node = self.nodes[failed[0]]
            return node.origin, failed[1][:len(node.inputs)]
        return inside

    def is_borrowed(self, position):
        """True if the fetch at this position must be copied: someone else holds its memory."""
        return position in self._borrowed


def function_of(session, graph):
    """A function graph as a function, where nothing is known of its arguments."""
    try:
        body = whole("body", graph)
    except CannotSpecialise:
        return Walk(session, graph.outputs, graph.inputs).evaluate
    return Routine(session, "body", body.inputs, [None] * len(body.inputs), body.nodes,
                   body.outputs).compile()


class _Step:
    """A node with its spelling: a template over `arguments`.

    Attributes:
      template: str; "{1}.value" reads a variable.
      arguments: list of Value and of other objects that the template names.
      used: set of int, the arguments that it does name.
    """

    __slots__ = ("arguments", "node", "template", "used")

    def __init__(self, node):
        template, extras = spell(node)
        self.node, self.arguments = node, [*node.inputs, *extras]
        references = node.op.ref_inputs
        forms = []
        for i, argument in enumerate(self.arguments):
            reads = (i < len(node.inputs) and argument.place is not None and i not in references)
            forms.append(slot(i, reads))
            if i < len(node.inputs) and argument.constant is not None:
                self.arguments[i] = Value(argument.spec, constant=_handy(argument.constant, node))
                self.arguments[i].name = argument.name
        self.template = template.format(*forms)
        if node.op.keeps and any(fed := [may_be_fed(v) for v in node.inputs]):
            for i in [i for i, may_be in enumerate(fed) if may_be]:
                self.template = self.template.replace(
                    slot(i), f"{slot(len(self.arguments))}({slot(i)})")
            self.arguments.append(own)
        self.used = {int(i) for i in re.findall(r"{(\d+)}", self.template)}


def _handy(constant, node):
    """A constant in the form that NumPy takes fastest: 0-d beside arrays, else a scalar."""
    if constant.ndim or not isinstance(constant, np.ndarray | np.generic):
        return constant
    others = [v.spec.rank for v in node.inputs if v.constant is None]
    return np.asarray(constant) if any(others) else np.asarray(constant)[()]


def may_be_fed(value):
    """True if a variable that keeps this value could keep an array of the caller's."""
    while value.node is not None and not value.node.op.fresh and value.node.inputs:
        if value.node.bodies:
            return True
        value = value.node.inputs[0]
    return value.node is None and value.constant is None and value.place is None


def borrowed(nodes, feeds, fetches):
    """Positions of the fetches whose memory is not the caller's alone.

    Values that may share memory form groups; a group with a feed, a constant, a variable or a
    value that a variable keeps is not the caller's, nor is one that was fetched already.
    """
    groups, shared = Groups(), [*feeds]
    for node in nodes:
        if not node.op.fresh:
            groups.join([*node.inputs, *node.outputs])
        if node.op.returns_ref or node.op.keeps:
            shared += node.inputs
        if node.bodies:                          # they may return, or keep, what they see
            shared += [*node.inputs, *node.outputs]
        shared += [v for v in node.inputs if v.node is None]
    shared += [v for v in fetches if v.node is None]
    taken, result = {groups.of(v) for v in shared}, set()
    for i, value in enumerate(fetches):
        if groups.of(value) in taken:
            result.add(i)
        taken.add(groups.of(value))
    return result


class _Program:
    """The source text of a plan, with the objects that it names."""

    def __init__(self, plan):
        self.plan, self.namespace, self.lines = plan, {"own": own}, {}
        self._names, self._taken = {}, {*plan.taken, "own", "_", "np"}
        arguments = ", ".join(self._feed_names())
        body = self._body()
        self.source = "\n".join([*self._header(), f"def {plan.name}({arguments}):", *body, ""])
        offset = len(self._header()) + 1
        self.lines = {offset + i: node for i, node in self.lines.items()}

    def at(self, line, local_values):
        """(Node, values of its inputs) of a line of the program that failed."""
        node = self.lines.get(line)
        known = {**self.namespace, **local_values}
        return node and (node, [known.get(v.name, v.constant) for v in node.inputs])

    def _feed_names(self):
        for value, name in zip(self.plan.feeds, self.plan.feed_names, strict=True):
            name = self._unique((name or value.name or "x").removesuffix(":0"))
            if value.place is None and value.constant is None:
                value.name = name
            yield name

    def _header(self):
        lines = []
        for name, thing in self.namespace.items():
            if isinstance(thing, np.ndarray | np.generic):
                text = np.array2string(np.asarray(thing), threshold=6, edgeitems=2).split("\n")
                text = text[0] + (" ..." if len(text) > 1 else "")
                lines.append(f"# {name} = {text}  {thing.dtype} {thing.shape}")
        return lines

    def _body(self):
        last_use = {}
        fetched = set(self.plan.fetches)
        for i, node in enumerate(self.plan.nodes):
            for value in (*node.inputs, *node.outputs):
                if value not in fetched and (value.node is not None or value in self.plan.feeds):
                    last_use[value] = i
        dying = {}
        for value, i in last_use.items():
            dying.setdefault(i, []).append(value)
        body = []
        for i, step in enumerate(self.plan.steps):
            body.append("    " + self._line(step))
            self.lines[len(body)] = step.node
            dead = [v.name for v in dying.get(i, ()) if v.name]
            if dead:
                body.append(f"    del {', '.join(dead)}")
        fetches = [self._fetch(i, v) for i, v in enumerate(self.plan.fetches)]
        body.append(f"    return [{', '.join(fetches)}]")
        return body

    def _line(self, step):
        node = step.node
        arguments = [self._name(a, node, i) if i in step.used else ""
                     for i, a in enumerate(step.arguments)]
        expression = step.template.format(*arguments)
        targets = [self._target(v, node) for v in node.outputs if not node.op.returns_ref]
        text = f"{', '.join(targets)} = {expression}" if targets else expression
        spec = node.outputs[0].spec if node.outputs else None
        note = f"{node.origin.type} {node.origin.name!r}" + (
            f" {shapes.show(spec.shape)}" if spec else "")
        return f"{text:<54}  # {note}"

    def _target(self, value, node):
        value.name = self._unique(value.name or node.origin.name)
        return value.name

    def _fetch(self, i, value):
        if value.place is not None:
            read = f"{self._place(value)}.value"
            return read if self.plan.is_body else f"own({read})"
        name = self._name(value, None, 0)
        if self.plan.is_body:
            return name
        if self.plan.is_borrowed(i) or value.spec.rank is None or value.dtype in _OBJECTS:
            return f"own({name})"
        return f"{name}[()]" if value.spec.rank == 0 else name

    def _name(self, thing, node, position):
        if isinstance(thing, Value):
            if thing.place is not None:
                return self._place(thing)
            if thing.constant is not None:
                return self._bind(thing.constant, thing.name or _constant_name(node, position))
            return thing.name
        name = getattr(thing, "__name__", None) or str(thing)
        if _ROUTINE in getattr(thing, "__globals__", ()):
            self.namespace[name] = thing                  # a body, under its own name
            return name
        if isinstance(thing, np.ndarray):
            name = "zeros" if not thing.any() else "ones" if (thing == 1).all() else "weights"
        elif name in ("compute", "_compute_own", "update"):
            name = node.op.type
        elif name == "reduce":
            name = "sum"
        return self._bind(thing, name)

    def _place(self, value):
        return self._bind(self.plan.cell(value), value.place.name)

    def _bind(self, thing, name):
        """The global name of an object, the same wherever it is used."""
        if id(thing) not in self._names:
            self._names[id(thing)] = name = self._unique(name)
            self.namespace[name] = thing
        return self._names[id(thing)]

    def _unique(self, name):
        name = _identifier(_short(name), self._taken)
        self._taken.add(name)
        return name


def _identifier(name, taken):
    """A name as Python has them, that is not taken."""
    base = re.sub(r"\W", "_", name)
    if not base.isidentifier() or keyword.iskeyword(base):
        base = "_" + base
    name, count = base, 0
    while name in taken:
        count += 1
        name = f"{base}_{count}"
    return name


def _short(name):
    """The end of an operation's name; d_... for what a gradient is made of.

    >>> _short("gradients/hidden/MatMul_grad/mul"), _short("layer/dense/Relu")
    ('d_MatMul_mul', 'dense_Relu')
    """
    forward, gradient, end = name.rpartition("_grad/")
    if gradient:
        return f"d_{forward.rpartition('/')[2]}_{end.rpartition('/')[2]}"
    before, last = name.rpartition("/")[::2]
    scope = before.rpartition("/")[2]
    return f"{scope}_{last}" if scope and scope != last else last


def _constant_name(node, position):
    if node is None or not node.origin.input_nodes[position:]:
        return "constant"
    return node.origin.input_nodes[position].op.name
