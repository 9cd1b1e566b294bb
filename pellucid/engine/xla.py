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
from pellucid.engine.numpy_engine import MOST_SHAPES, NumpyEngine
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
            if len(self._runs) >= MOST_SHAPES:
                self._runs.pop(next(iter(self._runs)), None)
            run = self._runs[shapes] = self._new(shapes)
        with self.jax.enable_x64(True):
            return run(arrays)

    @property
    def runs(self):
        """List of the Runs so far, one for each combination of shapes."""
        return [run for run in self._runs.values() if isinstance(run, Run)]

    def plan(self, arrays=None):
        """The stages for arrays of these shapes, or for what the graph knows."""
        shapes = [None] * len(self.feeds) if arrays is None else [a.shape for a in arrays]
        return Run(self, shapes)

    def _new(self, shapes):
        try:
            with collector_paused():
                run = Run(self, shapes)
        except CannotSpecialise:           # the walk says what is wrong, with the values
            return Walk(self.session, self.fetches, self.feeds)
        if len(run.nodes) <= LARGE:
            return run
        warnings.warn(
            f"This run has {len(run.nodes)} nodes, and XLA would take minutes to compile more "
            f"than {LARGE}: the NumPy engine computes it. What repeats, such as the steps of "
            "static_rnn, is one node in tf.while_loop or dynamic_rnn.", stacklevel=5)
        return _OnTheHost(self)


def _import_jax():
    try:
        import jax
    except ImportError as error:
        raise ImportError("Session(engine='xla') needs JAX: pip install 'pellucid[xla]'. "
                          "Session(engine='numpy') does without.") from error
    return jax


class _OnTheHost:
    """A run that the NumPy engine computes, on the variables of this session."""

    def __init__(self, engine):
        self.session = engine.session
        self.engine = NumpyEngine(engine.session, engine.fetches, engine.feeds)

    def __call__(self, arrays):
        self.session.bring_home()
        return self.engine(arrays)


class Run:
    """The stages of a run, for one combination of shapes.

    Attributes:
      nodes: list of Node.
      stages: list of Stage.
      untraceable: set of Operation that XLA turned out not to be able to trace.
    """

    def __init__(self, engine, shapes):
        self.session, self.order, self.jax = engine.session, engine.order, engine.jax
        lowering = Lowering(engine.order, engine.feeds, shapes)
        self.feeds = lowering.feeds
        self.fetches = [lowering.values[t] for t in engine.tensors]
        self.nodes = live(lowering.nodes, self.fetches)
        self.untraceable = set()
        self._compiled = {}                # Stage -> _Compiled
        self.stages = self._sort(self.nodes)

    def _sort(self, nodes):
        return stages(self.order, nodes, sides(nodes, self.untraceable))

    def __call__(self, arrays):
        values = dict(zip(self.feeds, arrays, strict=True))
        done, ahead = [], self.stages[::-1]
        while ahead:
            stage = ahead.pop()
            try:
                self._run(stage, values)
                done.append(stage)
            except Untraceable as failed:
                # Nothing was computed: sort this stage again, with that node on the host.
                self.untraceable.add(failed.node.op)
                ahead += self._sort(stage.nodes)[::-1]
                self.stages = done + ahead[::-1]
        return [self._fetch(value, values) for value in self.fetches]

    def _run(self, stage, values):
        if not stage.on_device:
            for node in stage.nodes:
                self._compute(node, values)
            return
        compiled = self._compiled.get(stage)
        if compiled is None:
            compiled = self._compiled[stage] = _Compiled(self, stage)
        compiled(values)

    def wanted(self, stage):
        """The Values that are fetched or used by other stages."""
        inside = set(stage.nodes)
        return {*self.fetches, *(v for node in self.nodes if node not in inside
                                 for v in node.inputs)}

    @property
    def source(self):
        """str: what is computed where, a line a node."""
        lines = []
        for stage in self.stages:
            lines.append("on the device:" if stage.on_device else "on the host:")
            lines += [f"    {node.origin.type} {node.origin.name!r} "
                      f"{' '.join(str(v.shape) for v in node.outputs)}".rstrip()
                      for node in stage.nodes]
        return "\n".join(lines) + "\n"

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
        if value.constant is not None:
            return value.constant
        values[value] = array = _on_host(values[value])
        return array

    def _fetch(self, value, values):
        if value.place is not None:
            with self.session._lock:       # its memory may be given away in the next moment
                return own(_on_host(self.session.cell(value.place).value))
        return own(_on_host(values[value] if value.constant is None else value.constant))


class _Compiled:
    """A stage's Executable with the session's variables and constants."""

    def __init__(self, run, stage):
        self.session = run.session
        self.executable = Executable(stage.nodes, run.wanted(stage))
        self.written = [run.session.cell(v.place) for v in self.executable.written]
        self.updated = [v in self.executable.updated for v in self.executable.written]
        self.read = [run.session.cell(v.place) for v in self.executable.read]
        self.constants = {v: run.jax.device_put(np.array(v.constant))
                          for v in self.executable.inputs if v.constant is not None}

    def __call__(self, values):
        """Computes the stage's outputs, into `values`, and the variables' new values."""
        executable = self.executable
        known = {**values, **self.constants} if self.constants else values
        inputs = [known[v] for v in executable.inputs]
        static = [self._known_number(v, values) for v in executable.static]
        function = executable.function(static)
        with self.session._lock:
            states, outputs = function(
                [_given(cell) if updated else None
                 for cell, updated in zip(self.written, self.updated, strict=True)],
                [cell.value for cell in self.read], inputs)
            for cell, state in zip(self.written, states, strict=True):
                cell.value = state
            for result in (*outputs, *states):
                result.block_until_ready()
                break                      # all of one program are ready together
        values.update(zip(executable.outputs, outputs, strict=True))

    def _known_number(self, value, values):
        if value.place is not None:
            return np.asarray(self.session.cell(value.place).value)
        return np.asarray(values[value])


def _given(cell):
    """A variable's array, to be given away: what NumPy made may be seen by others, so a copy."""
    value = cell.value
    return np.array(value) if isinstance(value, np.ndarray | np.generic) else value


def _on_host(array):
    return array if isinstance(array, np.ndarray | np.generic) else np.asarray(array)


register_engine("xla", XlaEngine)
