"""Where the time of a run goes: by node, by name scope, and as a trace for Chrome.

    profile = session.profile([train, loss], {x: batch})
    print(profile)                          # the dearest nodes, and the name scopes
    profile.save_trace("trace.json")        # for chrome://tracing or https://ui.perfetto.dev

The run is the plan, worked off node by node with the clock read after each: what a plan leaves out
or computes at once does not appear, and a loop or branch is one node. Reading the clock costs each
node some tenths of a microsecond, so that tiny nodes look a little dearer than they are.
"""

import time
from dataclasses import dataclass

import numpy as np

from pellucid.core.shapes import show

ROWS = 20             # of nodes that are printed


@dataclass
class Row:
    """Nodes of one operation, or of one name scope.

    Attributes:
      name: str, of the operation or scope; "" is the outermost.
      type: str, of the operation, or "".
      count: int, how many nodes ran in one run.
      seconds: float, the time of one run, the mean.
      share: float, of the time of all nodes.
      shapes: str, of the outputs, or "".
    """

    name: str
    type: str
    count: float
    seconds: float
    share: float
    shapes: str = ""


class Profile:
    """The times of a run's nodes; print it.

    Attributes:
      runs: int, of how many runs the times are the mean.
      seconds: float, of all nodes of one run together.
      nodes: list of Row, the dearest first.
    """

    def __init__(self, runs, times, step_stats):
        self.runs, self._step_stats = runs, step_stats
        self.seconds = sum(t.nanoseconds for t in times.values()) / runs / 1e9
        self.nodes = self._rows((op.name, op.type, t.count, t.nanoseconds, t.shapes)
                                for op, t in times.items())

    def scopes(self, depth=1):
        """List of Row for the first `depth` parts of the name scopes, the dearest first."""
        totals = {}
        for row in self.nodes:
            name = "/".join(row.name.split("/")[:-1][:depth])
            count, seconds = totals.get(name, (0, 0.0))
            totals[name] = count + row.count, seconds + row.seconds
        return self._rows((name, "", count * self.runs, seconds * self.runs * 1e9, "")
                          for name, (count, seconds) in totals.items())

    def _rows(self, entries):
        rows = [Row(name, type_, count / self.runs, ns / self.runs / 1e9,
                    ns / self.runs / 1e9 / self.seconds if self.seconds else 0.0, shapes)
                for name, type_, count, ns, shapes in entries]
        return sorted(rows, key=lambda row: -row.seconds)

    def save_trace(self, path):
        """Writes the last run as a trace in Chrome's format."""
        from pellucid.interchange.bundle import write_file
        from pellucid.interchange.timeline import Timeline
        write_file(path, Timeline(self._step_stats).generate_chrome_trace_format().encode())

    def __str__(self):
        head = f"{self.seconds * 1e6:.1f} us in {sum(r.count for r in self.nodes):.0f} nodes, mean "
        left = len(self.nodes) - ROWS
        return "\n".join([
            head + f"of {self.runs} runs", "",
            *_lines("node", self.nodes[:ROWS]),
            *([f"... and {left} more"] if left > 0 else []), "",
            *_lines("name scope", self.scopes())])

    __repr__ = __str__


def _lines(title, rows):
    cells = [("us", "share", "count", title, "type", "shapes")]
    cells += [(f"{row.seconds * 1e6:.1f}", f"{row.share:.1%}", f"{row.count:g}",
               row.name or "(outermost)", row.type, row.shapes) for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        columns = [cell.rjust(width) if i < 3 else cell.ljust(width)
                   for i, (cell, width) in enumerate(zip(row, widths, strict=True))]
        yield "  ".join(columns).rstrip()


class _Times:
    """The times of one operation's nodes, added up."""

    __slots__ = ("count", "nanoseconds", "shapes")

    def __init__(self, outputs):
        self.count = self.nanoseconds = 0
        self.shapes = " ".join(show(x.shape) for x in outputs or ()
                               if isinstance(x, np.ndarray | np.generic))


class _Watch:
    """Called after each node: its time is what has passed since the node before."""

    def __init__(self):
        self.times, self._last = {}, 0               # Operation -> _Times

    def begin(self):
        """Called when the first node of a run is about to start."""
        self._last = time.perf_counter_ns()

    def __call__(self, op, inputs, outputs):
        took = time.perf_counter_ns() - self._last
        if op not in self.times:
            self.times[op] = _Times(outputs)
        self.times[op].count += 1
        self.times[op].nanoseconds += took
        self._last = time.perf_counter_ns()


def profile(call, values, runs):
    """The Profile of `runs` runs of a session's call with the feeds' values.

    One run goes before them, so that caches are warm, and one comes after them, for the trace.
    """
    from pellucid.interchange.messages import message
    from pellucid.interchange.step_stats import Recorder
    if runs < 1:
        raise ValueError(f"runs must be at least 1, but is {runs}")
    values, watch, metadata = list(values), _Watch(), message("RunMetadata")()
    call(values)
    for _ in range(runs):
        call.watched(values, watch)
    call.watched(values, Recorder(metadata))
    return Profile(runs, watch.times, metadata.step_stats)
