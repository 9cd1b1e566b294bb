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
from itertools import compress

import numpy as np

from pellucid.core.collector import collector_paused
from pellucid.core.failures import explain
from pellucid.core.session import register_engine
from pellucid.core.steps import at
from pellucid.core.traversal import schedule
from pellucid.core.walk import Walk, own
from pellucid.engine.executable import Executable, Untraceable
from pellucid.engine.lower import CannotSpecialise, Lowering, fed_values, live
from pellucid.engine.numpy_engine import MOST_SHAPES, NumpyEngine
from pellucid.engine.plan import innermost, may_be_fed, routines
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

    @staticmethod
    def sees_gpu():
        """True if JAX is installed and computes on a GPU."""
        try:
            import jax
        except ImportError:
            return False
        return jax.default_backend() in ("gpu", "cuda", "rocm")

    function = staticmethod(NumpyEngine.function)       # of data sets: they are the host's work

    def __call__(self, arrays):
        """List of the fetched tensors' values, the caller's own."""
        run = self._find(tuple([array.shape for array in arrays]))
        with self.jax.enable_x64(True):
            return run(arrays)

    def steps(self, arrays, stacked, count):
        """`count` runs in one program, see Session.run_steps; None if it takes several.

        Args:
          arrays: list of array, the feeds.
          stacked: set of positions of those feeds that have an entry for each step.
          count: int.
        """
        shapes = tuple([a.shape[1:] if i in stacked else a.shape for i, a in enumerate(arrays)])
        run, first = self._find(shapes), []
        if not isinstance(run, Run) or not run.is_one_program:
            return None
        with self.jax.enable_x64(True):
            if not run.has_run:            # an ordinary run finds out what XLA cannot trace
                first = [run(at(arrays, stacked, 0))]
                arrays = [a[1:] if i in stacked else a for i, a in enumerate(arrays)]
                count -= 1
            if run.is_one_program and count:
                rest = run.steps(arrays, stacked, count)
            else:
                rest = [np.stack(values) for values in zip(
                    *[run(at(arrays, stacked, i)) for i in range(count)], strict=True)]
        if not first:
            return rest
        if not rest:
            return [np.stack([value]) for value in first[0]]
        return [np.concatenate([[a], b]) for a, b in zip(first[0], rest, strict=True)]

    @property
    def runs(self):
        """List of the Runs so far, one for each combination of shapes."""
        return [run for run in self._runs.values() if isinstance(run, Run)]

    def plan(self, arrays=None):
        """The stages for arrays of these shapes, or for what the graph knows."""
        shapes = [None] * len(self.feeds) if arrays is None else [a.shape for a in arrays]
        return Run(self, shapes)

    def _find(self, shapes):
        run = self._runs.get(shapes)
        if run is None:
            if len(self._runs) >= MOST_SHAPES:
                self._runs.pop(next(iter(self._runs)), None)
            run = self._runs[shapes] = self._new(shapes)
        return run

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
        self.feeds = fed_values(engine.feeds, shapes)
        lowering = Lowering(engine.order, dict(zip(engine.feeds, self.feeds, strict=True)))
        self.fetches = [lowering.values[t] for t in engine.tensors]
        self.nodes = live(lowering.nodes, self.fetches)
        self.untraceable, self.has_run = set(), False
        for node in self.nodes:            # branches and loops, which the host computes
            routines(node, engine.session, set())
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
                # Nothing was computed: sort the rest again, with that node on the host.
                self.untraceable.add(failed.node.op)
                rest = {node for left in (stage, *ahead) for node in left.nodes}
                ahead = self._sort([node for node in self.nodes if node in rest])[::-1]
                self.stages = done + ahead[::-1]
        self.has_run = True
        return [self._fetch(value, values) for value in self.fetches]

    def _run(self, stage, values):
        if stage.on_device:
            self._of(stage)(values)
        else:
            for node in stage.nodes:
                self._compute(node, values)

    def _of(self, stage):
        compiled = self._compiled.get(stage)
        if compiled is None:
            compiled = self._compiled[stage] = _Compiled(self, stage)
        return compiled

    # -- many steps ------------------------------------------------------------------------

    @property
    def is_one_program(self):
        """True if many steps can be one program: the host only prepares what does not depend on
        the device, such as random numbers, and no variable is fetched."""
        *before, last = self.stages or [None]
        return (last is not None and last.on_device and not self._of(last).executable.static
                and len(before) < 2
                and not any(stage.on_device for stage in before)
                and not any(value.place for stage in before for node in stage.nodes
                            for value in node.inputs)
                and all(value.place is None for value in self.fetches))

    def steps(self, arrays, stacked, count):
        """List of the fetches' values, with a first axis for the steps; None if it cannot be."""
        *before, device = self.stages
        prepared = []
        for step in range(count if before else 0):
            prepared.append(dict(zip(self.feeds, at(arrays, stacked, step), strict=True)))
            self._run(before[0], prepared[-1])
        values = dict(zip(self.feeds, arrays, strict=True))
        changing = {self.feeds[i] for i in stacked}
        for value in prepared[0] if prepared else ():
            if value not in values:
                changing.add(value)
                values[value] = np.stack([made[value] for made in prepared])
        self._of(device).steps(values, changing, count)
        changing.update(self._of(device).executable.outputs)
        return [self._stacked(v, values, v in changing, count) for v in self.fetches]

    def _stacked(self, value, values, is_stacked, count):
        found = self._fetch(value, values)
        return found if is_stacked else np.stack([found] * count)

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
        if node.op.keeps:                  # beyond the run: then not the caller's own arrays
            inputs = [own(x) if may_be_fed(v) else x
                      for v, x in zip(node.inputs, inputs, strict=True)]
        before = [self.session.cell(node.op)] if node.op.stateful else [*node.functions]
        for value in node.touched:
            self._host_input(value, True, values)
        try:
            results = node.op.kernel(*before, *inputs)
        except Exception as error:
            failed = innermost(error.__traceback__) or (node.origin, inputs)
            raise explain(error, *failed) from error
        if node.op.returns_ref:
            return
        results = (results,) if len(node.outputs) == 1 else results or ()
        values.update(zip(node.outputs, results, strict=True))

    def _host_input(self, value, as_ref, values):
        if value.place is not None:
            cell = self.session.cell(value.place)
            if as_ref and not cell.is_set:
                return cell
            _settle(cell)
            with self.session._lock:       # its memory may be given away in the next moment
                array = _on_host(cell.value)
                if as_ref:
                    cell.value = array
            return cell if as_ref else array
        if value.constant is not None:
            return value.constant
        values[value] = array = _on_host(values[value])
        return array

    def _fetch(self, value, values):
        if value.place is not None:
            cell = self.session.cell(value.place)
            _settle(cell)
            with self.session._lock:       # its memory may be given away in the next moment
                return own(_on_host(cell.value))
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
        self._run(self.executable.function(self._static(values)), self.updated, values)

    def steps(self, values, changing, count):
        """The same for `count` steps, in which the Values `changing` have an entry each."""
        stacked = tuple([i for i, v in enumerate(self.executable.inputs) if v in changing])
        function = self.executable.loop(self._static(values), stacked, count)
        self._run(function, [True] * len(self.written), values)

    def _run(self, function, given, values):
        known = {**values, **self.constants} if self.constants else values
        inputs = [known[v] for v in self.executable.inputs]
        _settle(*compress(self.written, given), *self.read)
        with self.session._lock:
            written = [_given(cell) if used else None
                       for cell, used in zip(self.written, given, strict=True)]
            read = [cell.value for cell in self.read]
            done = []
            try:
                # The arrays that are written are given away. Python notices an interrupt between
                # two instructions: there is none between the call and the keeping of its results.
                done.extend(map(function, [written], [read], [inputs]))
            finally:
                for states, _ in done:
                    for cell, state in zip(self.written, states, strict=True):
                        cell.value = state
            [(states, outputs)] = done
            for result in (*outputs, *states):
                if hasattr(result, "block_until_ready"):             # a list has no such thing
                    result.block_until_ready()
                    break                  # all of one program are ready together
        values.update(zip(self.executable.outputs, outputs, strict=True))

    def _static(self, values):
        return [self._known_number(v, values) for v in self.executable.static]

    def _known_number(self, value, values):
        if value.place is not None:
            return np.asarray(self.session.cell(value.place).value)
        return np.asarray(values[value])


def _settle(*cells):
    """Has cells make their first values, before the lock of the session is taken.

    A first value is made in a run of the session, under the lock of its cell: who held the
    session's lock and waited for the cell's could wait for ever.
    """
    for cell in cells:
        cell.value  # noqa: B018


def _given(cell):
    """A variable's array, to be given away: what NumPy made may be seen by others, so a copy."""
    value = cell.value
    return np.array(value) if isinstance(value, np.ndarray | np.generic) else value


def _on_host(array):
    if isinstance(array, np.ndarray | np.generic):
        return array
    if hasattr(array, "as_list"):                    # a list of arrays
        return array.as_list()
    return np.asarray(array) if hasattr(array, "__array__") else array


register_engine("xla", XlaEngine)
