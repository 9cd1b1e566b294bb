"""The XLA engine: the same plan, compiled by JAX, with the variables kept on the device.

    session = tf.Session(engine="xla")

For each combination of fetches, feeds and shapes the plan's nodes are sorted into stages
(stages.py), and those of the device are compiled (executable.py). JAX is imported when the first
session asks for it. Three rules make it safe to use:

- 64-bit types are switched on around every call, and only there: JAX's own setting, and so the
  user's other JAX programs, stay as they are.
- What is fed is read while the device computes, so a run returns only when it has finished.
- Memory of variables is given away to their new values. So one run of a session at a time
  uses the device; the host's stages, which may wait for one another, are not held up.
"""

import warnings

import numpy as np

from pellucid.core.collector import collector_paused
from pellucid.core.failures import explain
from pellucid.core.session import register_engine
from pellucid.core.traversal import schedule
from pellucid.core.walk import Walk, own
from pellucid.engine.executable import Executable, Untraceable
from pellucid.engine.lower import CannotSpecialise, Lowering, live
from pellucid.engine.numpy_engine import NumpyEngine
from pellucid.engine.stages import sides, stages

LARGE = 2_000                # nodes: XLA's compile time grows faster than the program


class XlaEngine:
    """Runs `fetches` of a session's graph, given the values of `feeds`."""

    def __init__(self, session, fetches, feeds):
        self.jax = _import_jax()
        self.session, self.fetches, self.feeds = session, fetches, feeds
        with collector_paused():
            self.order = schedule(fetches, feeds)
        self.tensors = [f for f in fetches if hasattr(f, "value_index")]
        self._runs = {}                    # shapes of the feeds -> _Run, or another engine

    def __call__(self, arrays):
        """List of the fetched tensors' values, the caller's own."""
        shapes = tuple([array.shape for array in arrays])
        run = self._runs.get(shapes)
        if run is None:
            run = self._runs[shapes] = self._new(shapes)
        with self.jax.enable_x64(True):
            return run(arrays)

    def _new(self, shapes):
        try:
            with collector_paused():
                run = _Run(self, shapes)
        except CannotSpecialise:           # the walk says what is wrong, with the values
            return Walk(self.session, self.fetches, self.feeds)
        if run.size <= LARGE:
            return run
        warnings.warn(
            f"This run has {run.size} nodes; compiling more than {LARGE} would take XLA minutes. "
            "The NumPy engine computes it. Repeated parts, such as the steps of static_rnn, are "
            "one node in tf.while_loop or dynamic_rnn.", stacklevel=5)
        return NumpyEngine(self.session, self.fetches, self.feeds)


def _import_jax():
    try:
        import jax
    except ImportError as error:
        raise ImportError("Session(engine='xla') needs JAX: pip install 'pellucid[xla]'. "
                          "Session(engine='numpy') does without.") from error
    return jax


class _Run:
    """The stages for one combination of shapes."""

    def __init__(self, engine, shapes):
        self.session, self.order, self.jax = engine.session, engine.order, engine.jax
        lowering = Lowering(engine.order, engine.feeds, shapes)
        self.feeds = lowering.feeds
        self.fetches = [lowering.values[t] for t in engine.tensors]
        self.nodes = live(lowering.nodes, self.fetches)
        self.size = len(self.nodes)
        self._untraceable = set()
        self._compiled = {}                # Stage -> Executable
        self._constants = {}               # Value -> array on the device
        self.stages = self._sort(self.nodes)

    def _sort(self, nodes):
        return stages(self.order, nodes, sides(nodes, self._untraceable))

    def __call__(self, arrays):
        values = dict(zip(self.feeds, arrays, strict=True))
        queue = list(reversed(self.stages))
        done = []
        while queue:
            stage = queue.pop()
            try:
                self._run(stage, values)
                done.append(stage)
            except Untraceable as failed:
                # Nothing has been computed: sort this stage again, with that node on the host.
                self._untraceable.add(failed.node.op)
                queue += reversed(self._sort(stage.nodes))
                self.stages = done + queue[::-1]
        return [self._fetch(value, values) for value in self.fetches]

    def _run(self, stage, values):
        if not stage.on_device:
            for node in stage.nodes:
                self._compute(node, values)
            return
        executable = self._compiled.get(stage)
        if executable is None:
            executable = self._compiled[stage] = Executable(stage.nodes, self._wanted(stage))
        static = [np.asarray(self._value(v, values)) for v in executable.static]
        inputs = [self._input(v, values) for v in executable.inputs]
        function = executable.function(static)
        with self.session._lock:
            written = [self.session.cell(v.place) for v in executable.written]
            read = [self.session.cell(v.place).value for v in executable.read]
            states, outputs = function([cell.value for cell in written], read, inputs)
            for cell, state in zip(written, states, strict=True):
                cell.value = state
            for result in (outputs or states)[:1]:
                result.block_until_ready()
        values.update(zip(executable.outputs, outputs, strict=True))

    def _wanted(self, stage):
        """The Values that are fetched or used by other stages."""
        inside = set(stage.nodes)
        return {*self.fetches, *(v for node in self.nodes if node not in inside
                                 for v in node.inputs)}

    def _input(self, value, values):
        if value.constant is None:
            return values[value]
        if value not in self._constants:
            self._constants[value] = self.jax.device_put(np.array(value.constant))
        return self._constants[value]

    def _value(self, value, values):
        """An array of the run, wherever it is."""
        if value.place is not None:
            return self.session.cell(value.place).value
        return value.constant if value.constant is not None else values[value]

    # -- the host's part -------------------------------------------------------------------

    def _compute(self, node, values):
        inputs = [self._host_input(v, i in node.op.ref_inputs, values)
                  for i, v in enumerate(node.inputs)]
        state = [self.session.cell(node.op)] if node.op.stateful else []
        try:
            results = node.op.kernel(*state, *inputs)
        except Exception as error:
            raise explain(error, node.origin, inputs) from error
        if node.op.returns_ref:
            return
        results = (results,) if len(node.outputs) == 1 else results or ()
        values.update(zip(node.outputs, results, strict=True))

    def _host_input(self, value, as_ref, values):
        if value.place is not None:
            cell = self.session.cell(value.place)
            if not as_ref:
                return _on_host(cell.value)
            with self.session._lock:
                if cell.is_set:
                    cell.value = _on_host(cell.value)
            return cell
        array = _on_host(self._value(value, values))
        if value in values:
            values[value] = array
        return array

    def _fetch(self, value, values):
        found = self._value(value, values)
        return own(found) if isinstance(found, np.ndarray | np.generic) else _scalar(found)


def _on_host(array):
    return array if isinstance(array, np.ndarray | np.generic) else np.asarray(array)


def _scalar(array):
    """A device's array as the caller's own; scalars are NumPy scalars."""
    return np.array(array)[()]


register_engine("xla", XlaEngine)
