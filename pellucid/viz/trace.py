"""One run of a graph, step by step: forward in post-order, then backward.

    trace = tf.viz.trace(loss, {x: [1.0, 2.0]})
    print(trace)

Forward is the walk (core/walk.py) with someone watching; backward follows
core/gradients.py. Read next: backward.py.
"""

import html
import json

import numpy as np

from pellucid.core.cell import Cell, value_of
from pellucid.core.fetches import Fetches, expand_feeds
from pellucid.core.gradients import _carries_gradient
from pellucid.core.graph import get_default_graph
from pellucid.core.operation import convert_to_tensor
from pellucid.core.quiet import quietly
from pellucid.core.session import Session, get_default_session
from pellucid.core.tensor import Tensor
from pellucid.core.walk import Walk
from pellucid.viz.backward import contributions
from pellucid.viz.text import shorten
from pellucid.viz.values import LARGEST, as_json, as_text


def trace(fetches, feed_dict=None, session=None, xs=None, y=None):
    """Runs `fetches` and records each step: every node with its inputs and value, then
    every gradient as it accumulates.

    It is a run like any other: what it assigns stays assigned. The graph is not changed.

    Args:
      fetches, feed_dict: as in Session.run.
      session: Session; the default session of the graph, or a new one, where left out.
      xs: what to differentiate with respect to: Tensors or Variables. Where left out, the
        variables and fed tensors that the run used, or if there are none, its constants. An
        empty list leaves the backward part out.
      y: Tensor to differentiate; the first of the fetches that is floating, where left out.

    Returns:
      Trace.

    Raises what Session.run and tf.gradients raise. (Where neither xs nor y is given, an
    operation without a gradient only ends the trace early; `trace.note` says so.)
    """
    session = session or _session_for(fetches)
    graph = session.graph
    mapped = Fetches(graph, fetches)
    feeds, split = expand_feeds(graph, feed_dict or {})
    recorder = _Recorder()
    tensors = [feed.tensor for feed in feeds]
    walk = Walk(session, mapped.targets, tensors, watch=recorder.watch)
    values = list((feed_dict or {}).values())
    values = split(values) if split else values
    arrays = [feed.array(value) for feed, value in zip(feeds, values, strict=True)]
    recorder.feeds = dict(zip(tensors, arrays, strict=True))
    fetched = mapped.pack(quietly(walk, arrays))
    recorder.finish(walk.tensors)
    found = Trace(fetched, recorder.steps, mapped.targets)
    chosen = y is not None or xs is not None
    y = y if y is not None else next((t for t in walk.tensors if _differentiable(t)), None)
    if y is not None:
        xs = recorder.leaves() if xs is None else _as_tensors(xs)
        found._add_backward(convert_to_tensor(y), xs, recorder.values, session, chosen)
    return found


class Step:
    """One step of a run.

    Attributes:
      phase: "forward" or "backward".
      op: Operation: the one that is computed, or whose output's gradient grows.
      tensor: Tensor that gets a value or a gradient; None for what has no output.
      inputs: list of (name, value): the values that were computed with. Backward, the
        gradients of the consumer's outputs.
      value: what was computed; backward, the gradient received so far.
      is_fed: bool, the value was fed.
      consumer: backward, the Operation that sends; None at the start.
      position: backward, along which of the consumer's inputs.
      contribution: backward, what it sends.
      part, parts: backward, contribution `part` of `parts`; after the last it is final.
    """

    consumer = position = contribution = None
    is_fed, part, parts = False, 1, 1

    def __init__(self, phase, op, tensor, inputs, value):
        self.phase, self.op, self.tensor, self.inputs = phase, op, tensor, inputs
        self.value = value

    @property
    def name(self):
        """The operation's name."""
        return self.op.name

    @property
    def op_type(self):
        """The operation's type."""
        return self.op.type

    @property
    def shape(self):
        """Shape of the value, or None."""
        value = getattr(self.value, "values", self.value)          # of IndexedSlicesValue
        return None if value is None else np.shape(value)

    @property
    def location(self):
        """(file, line) where the user built the operation."""
        return self.op.location

    @property
    def is_final(self):
        """True if the value is complete: always forward; backward, after the last part."""
        return self.part == self.parts

    def as_dict(self, largest=LARGEST):
        """What JSON can carry of it."""
        file, line = self.location
        found = {
            "phase": self.phase, "name": self.name, "op_type": self.op_type,
            "tensor": self.tensor.name if self.tensor is not None else None,
            "inputs": [{"name": name, "value": as_json(value, largest)}
                       for name, value in self.inputs],
            "value": as_json(self.value, largest), "fed": self.is_fed,
            "location": {"file": file, "line": line}}
        if self.phase == "backward":
            found |= {
                "consumer": self.consumer.name if self.consumer is not None else None,
                "position": self.position, "part": self.part, "parts": self.parts,
                "contribution": as_json(self.contribution, largest), "final": self.is_final}
        return found

    def __repr__(self):
        return f"<Step {self.phase} {self.name!r} = {as_text(self.value)}>"


class Trace:
    """A run, step by step. Prints as a table.

    Attributes:
      fetched: what Session.run would have returned.
      steps: list of Step, forward and then backward.
      targets: list of the Tensors and Operations that were fetched.
      note: str, why there is no backward part, or "".
    """

    def __init__(self, fetched, steps, targets=()):
        self.fetched, self.steps, self.note = fetched, steps, ""
        self.targets = list(targets)

    def _add_backward(self, y, xs, values, session, raises):
        try:
            found = contributions(y, xs, values, session) if xs else []
        except LookupError as error:
            if raises:
                raise
            self.note, found = str(error), []
        for c in found:
            grads = [(f"gradient of {t.name}", value) for t, value in c.grads]
            step = Step("backward", c.tensor.op, c.tensor, grads, c.total)
            step.consumer, step.position = c.consumer, c.position
            step.contribution, step.part, step.parts = c.value, c.part, c.parts
            self.steps.append(step)

    @property
    def forward(self):
        """The steps in which values are computed."""
        return [step for step in self.steps if step.phase == "forward"]

    @property
    def backward(self):
        """The steps in which gradients grow."""
        return [step for step in self.steps if step.phase == "backward"]

    def value(self, tensor):
        """The value that a Tensor, or what converts to one, had in the run."""
        return self._last(tensor, self.forward, "was not computed in this run")

    def gradient(self, tensor):
        """The gradient of y with respect to a Tensor or Variable.

        None if y does not depend on it, or it was on no way from y to xs.
        """
        return self._last(tensor, self.backward, None)

    def _last(self, tensor, steps, missing):
        tensor = _as_tensors([tensor])[0]
        found = [step for step in steps if step.tensor is tensor]
        if not found and missing:
            raise KeyError(f"{tensor.name!r} {missing}.")
        return found[-1].value if found else None

    def as_dict(self, largest=LARGEST):
        """{"steps": [...], "note": ...}, of what JSON can carry."""
        return {"steps": [step.as_dict(largest) for step in self.steps], "note": self.note}

    def to_json(self, largest=LARGEST):
        """The trace as JSON text; arrays of more than `largest` elements are summarized."""
        return json.dumps(self.as_dict(largest), allow_nan=False)

    def __len__(self):
        return len(self.steps)

    def __iter__(self):
        return iter(self.steps)

    def __getitem__(self, index):
        return self.steps[index]

    def __repr__(self):
        return (f"<Trace of {len(self.forward)} forward and {len(self.backward)} backward "
                "steps>")

    def _repr_html_(self):
        return f"<pre>{html.escape(str(self))}</pre>"

    def __str__(self):
        rows = [_row(i, step) for i, step in enumerate(self.steps)]
        widths = [max((len(row[c]) for row in rows), default=0) for c in range(3)]
        lines, phase = [], None
        for row, step in zip(rows, self.steps, strict=True):
            if step.phase != phase:
                phase = step.phase
                lines += ["", phase] if lines else [phase]
            cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
            lines.append("  ".join(["", *cells, row[3]]).rstrip())
        return "\n".join(lines + ([f"\n{self.note}"] if self.note else []))


def _row(index, step):
    """The four cells of a step in the table."""
    if step.phase == "forward":
        how = "fed" if step.is_fed else step.op_type
        return str(index), shorten(step.name, 40), how, as_text(step.value)
    tensor = step.name if len(step.op.outputs) == 1 else step.tensor.name
    if step.consumer is None:
        return str(index), shorten(tensor, 40), "start", as_text(step.value)
    sent = as_text(step.contribution)
    if step.parts > 1:
        sent = f"{'+=' if step.part > 1 else ' ='} {sent}"
        sent += f"  →  {as_text(step.value)}" if step.part > 1 else ""
    return str(index), shorten(tensor, 40), f"← {shorten(step.consumer.name, 30)}", sent


class _Recorder:
    """Watches a walk.

    Attributes:
      steps: list of Step.
      values: {Tensor: value} of all that was computed or fed.
      feeds: {Tensor: array}.
    """

    def __init__(self):
        self.steps, self.values, self.feeds = [], {}, {}
        self._waiting = {}         # Tensor of a variable without a value -> its Cell
        self._empty = {}           # such a Cell -> the steps that show it

    def watch(self, op, inputs, outputs):
        """Called after each node."""
        for tensor, value in zip(op.input_nodes, inputs, strict=True):
            if tensor in self.feeds and tensor not in self.values:
                self._add_feed(tensor)
            if tensor in self._waiting and not isinstance(value, Cell):
                self._was_read(tensor)
        shown = [(tensor.name, _value(value))
                 for tensor, value in zip(op.input_nodes, inputs, strict=True)]
        if not op.outputs:
            self.steps.append(Step("forward", op, None, shown, None))
        for tensor, value in zip(op.outputs, outputs, strict=True):
            step = Step("forward", op, tensor, shown, _value(value))
            self.steps.append(step)
            if tensor in self.feeds:
                step.value, step.is_fed = self.feeds[tensor], True
            elif isinstance(value, Cell) and not value.is_set:
                self._waiting[tensor] = value
                self._empty.setdefault(value, []).append(step)
            self.values[tensor] = step.value

    def _add_feed(self, tensor):
        step = Step("forward", tensor.op, tensor, [], self.feeds[tensor])
        step.is_fed = True
        self.steps.append(step)
        self.values[tensor] = step.value

    def _was_read(self, tensor):
        """A variable without a value gets its first one when it is read. The steps that
        only passed the variable on have shown none yet."""
        cell = self._waiting[tensor]
        for step in self._empty.pop(cell, ()):
            self.values[step.tensor] = step.value = cell.value
            del self._waiting[step.tensor]

    def finish(self, fetched):
        """After the run: what was fetched was read."""
        for tensor in fetched:
            if tensor in self.feeds and tensor not in self.values:
                self._add_feed(tensor)
            if tensor in self._waiting:
                self._was_read(tensor)

    def leaves(self):
        """What a learner wants gradients of: variables and feeds, or else constants."""
        used = [s.tensor for s in self.steps if s.tensor is not None]
        found = [t for t in used if t in self.feeds or t.op.type == "VariableV2"]
        found = [t for t in found if _differentiable(t)]
        return found or [t for t in used if t.op.type == "Const" and _differentiable(t)]


def _value(value):
    """The array of a variable's cell; None if it has none yet; any other value as it is."""
    return None if isinstance(value, Cell) and not value.is_set else value_of(value)


def _differentiable(tensor):
    dtype = tensor.spec.dtype
    return _carries_gradient(tensor) and (dtype is None or not dtype.is_complex)


def _as_tensors(items):
    items = items if isinstance(items, list | tuple) else [items]
    return [item if isinstance(item, Tensor) else convert_to_tensor(item, as_ref=True)
            for item in items]


def _session_for(fetches):
    """The default session, if it is one of the fetches' graph; else a new one."""
    graph, stack = None, [fetches]
    while stack and graph is None:
        item = stack.pop()
        if isinstance(item, dict):
            item = list(item.values())
        if isinstance(item, list | tuple):
            stack.extend(item)
        else:
            graph = getattr(item, "graph", None)
    graph = graph or get_default_graph()
    session = get_default_session()
    if session is not None and session.graph is graph:
        return session
    return Session(graph=graph)
