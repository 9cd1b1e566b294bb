"""Tape: a run worked off as a list of functions, for programs that may run once or are huge.

Each step is a function of slots. The many steps of a large graph are of few forms, such as
"{0} + {1}.value", and each form is compiled once.
"""

from functools import lru_cache
from operator import itemgetter

from pellucid.core.cell import value_of
from pellucid.core.walk import own
from pellucid.engine.nodes import Value
from pellucid.engine.spelling import SYMBOLS
from pellucid.ops.regular import Binary, Unary


class Tape:
    """A list of steps over numbered slots, as a callable of the feeds' arrays.

    Built up by slot(), step() and finish(). Slots are named by any hashable key.

    Attributes:
      steps: list of (function, getter of the arguments, only output slot or None, output slots, slots
        that nobody reads later).
      copies_feeds: bool, whether a variable might keep what is fed.
    """

    def __init__(self):
        self._slots, self._start, self._computed = {}, [], set()
        self.steps, self._feeds, self._fetches = [], [], []
        self.copies_feeds = False

    def slot(self, key, value=None):
        """The slot of a key; a new one starts each run with `value`."""
        slot = self._slots.get(key)
        if slot is None:
            slot = self._slots[key] = len(self._start)
            self._start.append(value)
        return slot

    def step(self, function, arguments, outputs):
        """Appends function(*argument slots) -> output slots.

        At least two arguments, see `form`: then itemgetter gives them as a tuple, in 60 ns.
        """
        self._computed.update(outputs)
        self.steps.append((function, arguments + [0] * (2 - len(arguments)), outputs))

    def finish(self, feeds, fetches):
        """Fixes the slots of feeds and fetches, and where slots are read for the last time."""
        self._feeds, self._fetches = feeds, fetches
        keep, steps = set(fetches), []
        for function, arguments, outputs in reversed(self.steps):
            dead = []
            for slot in (*arguments, *outputs):
                if slot not in keep:
                    keep.add(slot)
                    if slot in self._computed:
                        dead.append(slot)
            only = outputs[0] if len(outputs) == 1 else None
            steps.append((function, itemgetter(*arguments), only, outputs, dead))
        steps.reverse()
        self.steps = steps
        return self

    def __call__(self, *arrays):
        """List of the fetched values, the caller's own."""
        values = list(self._start)
        for slot, array in zip(self._feeds, arrays, strict=True):
            values[slot] = own(array) if self.copies_feeds else array
        position = -1
        for position, (function, inputs, output, outputs, dead) in enumerate(self.steps):  # noqa: B007 - failed_step reads it
            result = function(*inputs(values))
            if output is not None:
                values[output] = result
            elif outputs:
                for slot, value in zip(outputs, result, strict=True):
                    values[slot] = value
            for slot in dead:
                values[slot] = None
        return [own(value_of(values[slot])) for slot in self._fetches]


def failed_step(traceback):
    """(position of the step, values of its arguments) if an error came through a Tape."""
    while traceback is not None:
        frame = traceback.tb_frame
        if frame.f_code is Tape.__call__.__code__ and frame.f_locals["position"] >= 0:
            known = frame.f_locals
            return known["position"], known["inputs"](known["values"])
        traceback = traceback.tb_next
    return None


def of_plan(plan):
    """The Tape of a Plan."""
    tape = Tape()

    def slot(thing):
        if not isinstance(thing, Value):
            return tape.slot(id(thing), thing)
        return tape.slot(thing, plan.cell(thing) if thing.place is not None else thing.constant)

    feeds = [slot(v) for v in plan.feeds]
    for step in plan.steps:
        arguments = [slot(argument) for argument in step.arguments]
        outputs = [] if step.node.op.returns_ref else [slot(v) for v in step.node.outputs]
        tape.step(form(step.template, len(arguments)), arguments, outputs)
    return tape.finish(feeds, [slot(v) for v in plan.fetches])


def of_graph(session, order, feeds, fetches):
    """The Tape of a graph as it stands, without a Plan: for graphs too large to rewrite.

    Looks at each operation once, in a few microseconds.
    """
    tape, alias, cells = Tape(), {}, set()
    tape.copies_feeds = True
    fed = {tensor: tape.slot(tensor) for tensor in feeds}
    for op in order:
        arguments = [tape.slot(alias.get(t, t)) for t in op.input_nodes]
        if op.returns_ref and not arguments:
            cells.add(tape.slot(op.outputs[0], session.cell(op)))
        elif op.op_type == "Const":
            tape.slot(op.outputs[0], op.value)
        elif op.op_type == "Identity":
            alias[op.outputs[0]] = alias.get(op.input_nodes[0], op.input_nodes[0])
        else:
            outputs = [tape.slot(t if t not in fed else (t, "computed")) for t in op.outputs]
            if op.returns_ref:
                alias[op.outputs[0]] = alias.get(op.input_nodes[0], op.input_nodes[0])
                outputs = []
            reads = tuple([i for i, slot in enumerate(arguments)
                           if slot in cells and i not in op.ref_inputs])
            function, extras = _function(op, reads)
            extras = [tape.slot(id(e), e) for e in extras(session)] if extras else []
            tape.step(function, arguments + extras, outputs)
    return tape.finish(list(fed.values()), [tape.slot(alias.get(t, t)) for t in fetches])


def _function(op, reads):
    """How a step computes an operation, and what it needs besides the inputs."""
    if not op.stateful and type(op).compute in (Unary.compute, Binary.compute):
        return _regular(op.ufunc, len(op.input_nodes), reads), None
    inputs = ["{%d}.value" % i if i in reads else "{%d}" % i for i in range(len(op.input_nodes))]
    own_cell = ["{%d}" % (len(inputs) + 1)] if op.stateful else []
    text = "{%d}(%s)" % (len(inputs), ", ".join(own_cell + inputs))
    count = len(inputs) + 1 + len(own_cell)
    return form(text, count), lambda session: [
        op.kernel, *([session.cell(op)] if op.stateful else [])]


@lru_cache(maxsize=1024)
def _regular(ufunc, count, reads):
    """A ufunc as a function of arrays and, at the positions `reads`, of cells."""
    names = [f"a{i}" for i in range(max(count, 2))]
    inputs = [f"{name}.value" if i in reads else name for i, name in enumerate(names[:count])]
    symbol = SYMBOLS.get(ufunc)
    body = f"{inputs[0]} {symbol} {inputs[1]}" if symbol else f"ufunc({', '.join(inputs)})"
    return eval(f"lambda {', '.join(names)}: {body}", {"ufunc": ufunc})


@lru_cache(maxsize=1024)
def form(template, count):
    """The function of `count` arguments, but at least two, that a template stands for."""
    names = [f"a{i}" for i in range(max(count, 2))]
    return eval(f"lambda {', '.join(names)}: {template.format(*names)}")
