"""What a run did when, for Chrome: open the file in chrome://tracing or https://ui.perfetto.dev.

    metadata = tf.RunMetadata()
    session.run(loss, options=tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE),
                run_metadata=metadata)
    with open("timeline.json", "w") as file:
        file.write(Timeline(metadata.step_stats).generate_chrome_trace_format())

A device is a process, and nodes that overlap are in different threads (lanes). The format is
Chrome's Trace Event Format: X an event that takes time, s and t the ends of an arrow, C counters,
M names.
"""

import collections
import heapq
import itertools
import json
import re

_LABEL = re.compile(r"(.*) = (.*)\((.*)\)$")           # name = Type(input, input)


class Timeline:
    """The times of a run's nodes.

    Args:
      step_stats: StepStats, such as run_metadata.step_stats.
      graph: for TensorFlow's signature; the nodes themselves name their inputs.

    As in TF: tensorflow.python.client.timeline.Timeline.
    """

    def __init__(self, step_stats, graph=None):
        self._step_stats = step_stats

    def generate_chrome_trace_format(self, show_dataflow=True, show_memory=False):
        """The trace as JSON.

        Args:
          show_dataflow: bool, whether arrows go from a node to those in other lanes that read it.
          show_memory: bool, whether the memory that the nodes' outputs take is drawn: from the
            node that makes one until the last that reads it ends.
        """
        nodes = list(self._nodes())
        names = [_process(0, "Allocators")] + [
            _process(pid, f"{device.device} Compute")
            for pid, device in enumerate(self._step_stats.dev_stats, 1)]
        events = [node.event() for node in nodes]
        if show_dataflow:
            events += _arrows(nodes)
        if show_memory:
            events += _memory(nodes)
        return json.dumps({"traceEvents": names + events}, indent=4, separators=(",", ": "))

    def _nodes(self):
        """All nodes, each device's in the order of their beginnings."""
        for pid, device in enumerate(self._step_stats.dev_stats, 1):
            lanes = []                                 # (when it is free again, its number)
            for stats in sorted(device.node_stats, key=lambda stats: stats.all_start_micros):
                end = stats.all_start_micros + max(stats.all_end_rel_micros, 1)
                if lanes and lanes[0][0] <= stats.all_start_micros:
                    lane = heapq.heapreplace(lanes, (end, lanes[0][1]))[1]
                else:
                    lane = len(lanes)
                    heapq.heappush(lanes, (end, lane))
                yield _Node(stats, pid, lane, end)


class _Node:
    """A node of the run, and where it is drawn."""

    def __init__(self, stats, pid, lane, end):
        self.name, self.pid, self.lane = stats.node_name, pid, lane
        self.start, self.end, self.outputs = stats.all_start_micros, end, stats.output
        found = _LABEL.match(stats.timeline_label)
        self.type = found[2] if found else "unknown"
        self.inputs = found[3].split(", ") if found and found[3] else []
        self.producers = [name.lstrip("^").partition(":")[0] for name in self.inputs]

    def event(self):
        inputs = {f"input{i}": name for i, name in enumerate(self.inputs)}
        return {"ph": "X", "cat": "Op", "name": self.type, "pid": self.pid, "tid": self.lane,
                "ts": self.start, "dur": self.end - self.start,
                "args": {"name": self.name, "op": self.type, **inputs}}

    def arrow_end(self, phase, name, time, number):
        """The beginning (s) or the tip (t) of an arrow."""
        return {"ph": phase, "cat": "DataFlow", "name": name, "pid": self.pid, "tid": self.lane,
                "ts": time, "id": number}


def _process(pid, name):
    return {"name": "process_name", "ph": "M", "pid": pid, "args": {"name": name}}


def _arrows(nodes):
    makers, numbers = {node.name: node for node in nodes}, itertools.count()
    for node in nodes:
        for producer in node.producers:
            maker = makers.get(producer)
            if maker is not None and (maker.pid, maker.lane) != (node.pid, node.lane):
                number = next(numbers)
                yield maker.arrow_end("s", producer, maker.end, number)
                yield node.arrow_end("t", producer, node.start, number)


def _memory(nodes):
    """How much each allocator holds, whenever that changes."""
    until = {node.name: node.end for node in nodes}
    for node in nodes:
        for producer in node.producers:
            until[producer] = max(until.get(producer, 0), node.end)
    changes = []                                       # (time, allocator, bytes)
    for node in nodes:
        for output in node.outputs:
            memory = output.tensor_description.allocation_description
            changes += [(node.start, memory.allocator_name, memory.requested_bytes),
                        (until[node.name], memory.allocator_name, -memory.requested_bytes)]
    held = collections.Counter()
    for time, allocator, change in sorted(changes):
        held[allocator] += change
        yield {"ph": "C", "cat": "Memory", "name": allocator, "pid": 0, "tid": 0, "ts": time,
               "args": {allocator: held[allocator]}}
