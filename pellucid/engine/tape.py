"""Tape: a plan worked off as a list of functions, for programs that may run once or are huge.

Each step is a function of slots. The many steps of a large graph are of few forms, such as
"{0} + {1}.value", and each form is compiled once.
"""

from functools import lru_cache

from pellucid.core.cell import value_of
from pellucid.core.walk import own
from pellucid.engine.nodes import Value


class Tape:
    """The program of a plan as a callable of the feeds' arrays."""

    def __init__(self, plan):
        self._plan, self._start, self._slots = plan, [], {}
        self._feeds = [self._slot(v) for v in plan.feeds]
        self._steps = []
        for step in plan.steps:
            arguments = [self._slot(a) for a in step.arguments]
            outputs = [] if step.node.op.returns_ref else [self._slot(v) for v in step.node.outputs]
            self._steps.append((_form(step.template, len(arguments)), arguments, outputs))
        self._fetches = [self._slot(v) for v in plan.fetches]
        self._steps = self._with_last_uses()

    def __call__(self, *arrays):
        """List of the fetched values, the caller's own."""
        values = list(self._start)
        for slot, array in zip(self._feeds, arrays, strict=True):
            values[slot] = array
        position = -1
        for position, (function, arguments, output, outputs, dead) in enumerate(self._steps):  # noqa: B007 - failed_at reads it
            result = function(*[values[slot] for slot in arguments])
            if output is not None:
                values[output] = result
            else:
                for slot, value in zip(outputs, result or (), strict=False):
                    values[slot] = value
            for slot in dead:
                values[slot] = None
        return [own(value_of(values[slot])) for slot in self._fetches]

    def _slot(self, thing):
        """The position of a Value or another object in the list of values."""
        key = thing if isinstance(thing, Value) else id(thing)
        slot = self._slots.get(key)
        if slot is None:
            slot = self._slots[key] = len(self._start)
            self._start.append(self._initial(thing))
        return slot

    def _initial(self, thing):
        if not isinstance(thing, Value):
            return thing
        return self._plan.cell(thing) if thing.place is not None else thing.constant

    def _with_last_uses(self):
        """The steps, each with its only output if there is one, and the slots to free after it."""
        keep, result = set(self._fetches), []
        passing = {s for v, s in self._slots.items() if isinstance(v, Value) and (
            v.node is not None)}
        for function, arguments, outputs in reversed(self._steps):
            dead = passing.intersection((*arguments, *outputs)).difference(keep)
            keep |= dead
            result.append((function, arguments, outputs[0] if len(outputs) == 1 else None,
                           outputs, tuple(dead)))
        result.reverse()
        return result


@lru_cache(maxsize=1024)
def _form(template, count):
    names = [f"a{i}" for i in range(count)]
    return eval(f"lambda {', '.join(names)}: {template.format(*names)}")
