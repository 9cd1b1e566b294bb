"""The NumPy engine, the default: one plan for each combination of fetches, feeds and shapes.

The first run with new shapes works the plan off as a list; from the second on it is a compiled
program. Both compute the same numbers.
"""

from pellucid.core.collector import collector_paused
from pellucid.core.failures import explain
from pellucid.core.session import register_engine
from pellucid.core.tensor import Tensor
from pellucid.core.traversal import schedule
from pellucid.core.walk import Walk
from pellucid.engine.lower import CannotSpecialise
from pellucid.engine.plan import Plan, function_of, innermost
from pellucid.engine.tape import Tape, failed_step, of_graph, of_plan, watched

LARGE = 5_000                # operations: a larger graph is worked off as it stands
MOST_SHAPES = 64             # plans kept for one combination of fetches and feeds


class NumpyEngine:
    """Runs `fetches` of a session's graph, given the values of `feeds`."""

    def __init__(self, session, fetches, feeds):
        self.session, self.fetches, self.feeds = session, fetches, feeds
        with collector_paused():
            self.order = schedule(fetches, feeds)
        self.tensors = [f for f in fetches if isinstance(f, Tensor)]
        self._runs = {}                       # shapes of the feeds -> _Run
        self._large = len(self.order) > LARGE
        self._last = None, None, None         # of the latest: shapes, function, _Run

    @staticmethod
    def function(session, graph):
        """A function graph as a function of the values of its inputs: what data sets call."""
        function = function_of(session, graph)

        def call(*values):
            try:
                return function(*values)
            except Exception as error:
                failed = innermost(error.__traceback__)
                explained = explain(error, *failed) if failed else error
                if explained is error:
                    raise
                raise explained from error
        return call

    def __call__(self, arrays):
        """List of the fetched tensors' values, the caller's own."""
        shapes = tuple([array.shape for array in arrays])
        last, function, run = self._last
        if shapes != last:
            function, run = self._find(shapes)
        try:
            return function(*arrays)
        except Exception as error:
            raise_explained(run, error)

    def watched(self, arrays, watch):
        """The same, worked off as a list, with watch(op, inputs, outputs) after each node.

        If watch has a method begin(), it is called just before the first.
        """
        run = _Run(self, None if self._large else tuple([array.shape for array in arrays]))
        function = run.watched(watch)
        getattr(watch, "begin", lambda: None)()
        try:
            return function(*arrays)
        except Exception as error:
            raise_explained(run, error)

    def _find(self, shapes):
        shapes = None if self._large else shapes
        run = self._runs.get(shapes)
        if run is None:
            if len(self._runs) >= MOST_SHAPES:
                self._runs.pop(next(iter(self._runs)), None)
            with collector_paused():
                run = self._runs[shapes] = _Run(self, shapes)
            return run.function, run
        function = run.compiled()
        self._last = shapes, function, run
        return function, run

    def plan(self, arrays=None):
        """The Plan for arrays of these shapes, or for what the graph knows."""
        shapes = [None] * len(self.feeds) if arrays is None else [a.shape for a in arrays]
        return Plan(self.session, self.order, self.feeds, self.tensors, shapes)


class _Run:
    """The plan for one combination of shapes, first as a list, then as a program."""

    def __init__(self, engine, shapes):
        self.plan = None
        if shapes is None:
            self.function = of_graph(engine.session, engine.order, engine.feeds, engine.tensors,
                                     function_of)
            return
        try:
            self.plan = Plan(engine.session, engine.order, engine.feeds, engine.tensors, shapes)
            self.function = of_plan(self.plan)
        except CannotSpecialise:              # the walk says what is wrong, with the values
            self.walk = Walk(engine.session, engine.fetches, engine.feeds)
            self.function = lambda *arrays: self.walk(arrays)

    def compiled(self):
        """The program, where there is a plan."""
        if self.plan is not None and isinstance(self.function, Tape):
            self.function = self.plan.compile()
        return self.function

    def watched(self, watch):
        """The list, calling watch(op, inputs, outputs) after each step."""
        if not isinstance(self.function, Tape):
            return lambda *arrays: self.walk.watched(arrays, watch)
        operations = self.function.operations
        if self.plan is not None:
            operations = [node.origin for node in self.plan.nodes]
        return watched(self.function, operations, watch)

    def explain(self, error):
        """The error to raise for one that left the function."""
        if self.plan is not None:
            found = self.plan.failed_at(error.__traceback__)
        elif isinstance(self.function, Tape):
            failed, inside = failed_step(error.__traceback__), innermost(error.__traceback__)
            found = inside or (failed and (self.function.operations[failed[0]], failed[1]))
        else:
            return error
        return explain(error, *found) if found else error


def raise_explained(run, error):
    """Raises what `run` makes of an error, or the error."""
    explained = run.explain(error)
    if explained is error:
        raise error
    raise explained from error


register_engine("numpy", NumpyEngine)
register_engine("xla", "pellucid.engine.xla")
