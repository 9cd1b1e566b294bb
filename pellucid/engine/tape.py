"""Tape: a run worked off as a list of functions, for programs that may run once or are huge.

Each step is a function of slots. The many steps of a large graph are of few forms, such as
"{0} + {1}.value", and each form is compiled once.
"""

from copy import copy
from functools import lru_cache
from operator import itemgetter

from pellucid.core.cell import value_of
from pellucid.core.walk import own
from pellucid.engine.nodes import Value
from pellucid.engine.spelling import SYMBOLS, call
from pellucid.ops.regular import Binary, Unary


class Tape:
    """A list of steps over numbered slots, as a callable of the feeds' arrays.

    Built up by new(), step() and finish().

    Attributes:
      steps: list of (function, getter of the arguments, only output slot or None, output slots,
        slots that nobody reads later).
      copies_feeds: bool, whether a variable might keep what is fed.
      operations: list of Operation, what each step computes, if it was made of a graph.
    """

    def __init__(self):
        self._start, self._computed = [], set()
        self.steps, self._feeds, self._fetches = [], [], []
        self.copies_feeds, self.operations = False, []

    def new(self, value=None):
        """A new slot, which starts each run with `value`."""
        self._start.append(value)
        return len(self._start) - 1

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


def watched(tape, operations, watch):
    """The same tape, calling watch(op, inputs, outputs) after each step."""
    def after(function, op):
        def step(*inputs):
            outputs = function(*inputs)
            watch(op, inputs[:len(op.input_nodes)], outputs if len(op.outputs) != 1 else (outputs,))
            return outputs
        return step

    result = copy(tape)
    result.steps = [(after(function, op), *rest)
                    for (function, *rest), op in zip(tape.steps, operations, strict=True)]
    return result


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
    tape, slots = Tape(), {}

    def slot(thing):
        key = thing if isinstance(thing, Value) else id(thing)
        if key not in slots:
            if isinstance(thing, Value):
                thing = thing.constant if thing.place is None else plan.cell(thing)
            slots[key] = tape.new(thing)
        return slots[key]

    feeds = [slot(v) for v in plan.feeds]
    for step in plan.steps:
        arguments = [slot(argument) for argument in step.arguments]
        outputs = [] if step.node.op.returns_ref else [slot(v) for v in step.node.outputs]
        tape.step(form(step.template, len(arguments)), arguments, outputs)
    return tape.finish(feeds, [slot(v) for v in plan.fetches])


def of_graph(session, order, feeds, fetches, function_of):
    """The Tape of a graph as it stands, without a Plan: for graphs too large to rewrite.

    Looks at each operation once, in a few microseconds. function_of(session, function graph)
    makes a function of the body of a loop or branch.
    """
    tape, cells = Tape(), set()
    tape.copies_feeds = True
    slots = {tensor: tape.new() for tensor in feeds}
    for op in order:
        arguments = [slots[t] for t in op.input_nodes]
        if op.op_type == "Const":
            slots.setdefault(op.outputs[0], tape.new(op.value))
        elif op.returns_ref and not arguments:
            slots.setdefault(op.outputs[0], tape.new(session.cell(op)))
            cells.add(slots[op.outputs[0]])
        elif op.op_type == "Identity":
            slots.setdefault(op.outputs[0], arguments[0])
        else:
            outputs = [] if op.returns_ref else [tape.new() for _ in op.outputs]
            for tensor, slot in zip(op.outputs, outputs or arguments, strict=False):
                slots.setdefault(tensor, slot)             # a fed output keeps what was fed
            reads = tuple([i for i, slot in enumerate(arguments)
                           if slot in cells and i not in op.ref_inputs]) if cells else ()
            function, extras = _function(session, op, reads, function_of)
            tape.step(function, arguments + [tape.new(e) for e in extras], outputs)
            tape.operations.append(op)
    return tape.finish([slots[t] for t in feeds], [slots[t] for t in fetches])


def _function(session, op, reads, function_of):
    """How a step computes an operation, and the objects it needs after the inputs."""
    if not op.stateful and type(op).compute in (Unary.compute, Binary.compute):
        return _regular(op.ufunc, len(op.input_nodes), reads), ()
    count = len(op.input_nodes)
    if op.subgraphs:
        inside = len(op.subgraphs)
        text = call(count, [*range(count + 1, count + 1 + inside), *range(count)], reads)
        return form(text, count + 1 + inside), [
            op.kernel, *[function_of(session, getattr(op, name)) for name in op.subgraphs]]
    if not op.stateful:
        return form(call(count, range(count), reads), count + 1), [op.kernel]
    text = call(count, [count + 1, *range(count)], reads)
    return form(text, count + 2), [op.kernel, session.cell(op)]


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
    body = template.format(*names)
    if not body.startswith("with "):
        return eval(f"lambda {', '.join(names)}: {body}")
    namespace = {}
    exec(f"def update({', '.join(names)}):\n    {body}", namespace)
    return namespace["update"]
