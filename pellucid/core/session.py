"""Session: runs operations of a graph, and keeps the values of its variables.

    session.run(z, {x: [1, 2]})

A session finds what `z` needs, lets its engine compute it, and gives the value back. The engine
is compiled once for each combination of fetches and feeds, and then called. Read next: walk.py.
"""

import importlib
import os
import threading
from operator import call

import numpy as np

from pellucid.core import errors
from pellucid.core import graph as graphs
from pellucid.core.fetches import Fetches, expand_feeds, key_of
from pellucid.core.options import ConfigProto, RunOptions, report_options
from pellucid.core.quiet import is_quiet, quiet
from pellucid.core.tensor import Tensor

_engines = {}              # name -> class(session, fetches, feeds), called with the feeds' values
default_engine = "numpy"   # of sessions that name none


def register_engine(name, engine):
    """Makes `Session(engine=name)` run with engine(session, fetches, feeds)(feed_values).

    Instead of the class it may be the name of a module that registers it when it is imported.
    """
    _engines[name] = engine


class Session:
    """Runs operations of one graph.

    Args:
      target: "", for TensorFlow's signature: there is no remote execution.
      graph: the Graph; the default graph where left out.
      config: ConfigProto.
      engine: "numpy" (compiled, the default), "xla" (compiled by JAX, for its devices) or "walk"
        (the definition, node by node). Left out: what `config` or the environment variable
        PELLUCID_ENGINE asks for; else "xla" if the graph has operations on a GPU and JAX sees
        one.

    As in TF: tf.Session.
    """

    def __init__(self, target="", graph=None, config=None, engine=None):
        if target:
            raise ValueError(f"Session target {target!r}: pellucid runs in this process only; "
                             "leave target out.")
        if graph is not None and not isinstance(graph, graphs.Graph):
            raise TypeError(f"graph must be a tf.Graph, but got {type(graph)}")
        if config is not None and not isinstance(config, ConfigProto):
            raise TypeError(f"config must be a tf.ConfigProto, but got {type(config)}")
        report_options(config)
        name = engine or _engine_of(config)
        self._engine_class = _find_engine(name) if name else None
        self._graph = graph if graph is not None else graphs.get_default_graph()
        self._config = config
        self._cells = {}            # stateful Operation -> Cell
        self._calls = {}            # (fetches, feed keys) -> _Call
        self._lock = threading.RLock()
        self._closed, self._entered = False, []

    @property
    def graph(self):
        return self._graph

    @property
    def sess_str(self):
        """The target: "", this process."""
        return ""

    @property
    def _engine(self):
        """The class of its engine. A session that names none looks at the graph when it first
        runs."""
        if self._engine_class is None:
            wants_gpu = default_engine == "numpy" and any(
                "GPU" in op.device for op in self._graph._operations.values())
            sees_gpu = wants_gpu and _find_engine("xla").sees_gpu()
            self._engine_class = _find_engine("xla" if sees_gpu else default_engine)
        return self._engine_class

    # -- running ---------------------------------------------------------------------------

    def run(self, fetches, feed_dict=None, options=None, run_metadata=None):
        """The values of `fetches`, in the same structure.

        Args:
          fetches: a Tensor, Operation, Variable, IndexedSlices, name such as "z:0", or lists,
            tuples, namedtuples and dicts of them.
          feed_dict: {Tensor or name: value}: what placeholders, or any other tensors, are.
          options: RunOptions.
          run_metadata: RunMetadata, which receives the times of the nodes if options ask for
            them: RunOptions(trace_level=RunOptions.FULL_TRACE).

        Returns:
          NumPy arrays and scalars, the caller's own; None where an Operation was fetched.

        Raises:
          RuntimeError: the session is closed.
          ValueError, TypeError: fetches or feeds that the graph does not have or cannot take.
          tf.errors.OpError: an operation failed.
        """
        key = fetches if type(fetches) is Tensor else key_of(fetches)
        try:
            call = self._calls[key, *feed_dict] if feed_dict else self._calls[key]
        except (KeyError, TypeError):
            call = self._prepare(fetches, feed_dict)
        if call.rewired != self._graph._rewired:           # an operation changed: compile anew
            self._calls.clear()
            call = self._prepare(fetches, feed_dict)
        values = feed_dict.values() if feed_dict else ()
        if options is None and run_metadata is None:
            return call(values)
        return _reported(call, values, options, run_metadata)

    def make_callable(self, fetches, feed_list=None, accept_options=False):
        """A function of the feeds' values that runs `fetches`; for loops.

        It takes options and run_metadata as well; accept_options is a hint.
        """
        feed_list = list(feed_list or ())
        call = self._prepare(fetches, dict.fromkeys(feed_list))

        def function(*values, options=None, run_metadata=None):
            if len(values) != len(feed_list):
                raise errors.InvalidArgumentError(
                    None, None, f"the callable takes {len(feed_list)} feeds, got {len(values)}")
            if self._closed:
                raise RuntimeError("Attempted to use a closed Session.")
            return _reported(call, values, options, run_metadata)
        return function

    def run_steps(self, fetches, feed_dict=None, stacked=None, steps=None):
        """Runs `fetches` many times in one call: `run` in a loop, without Python in between.

        The XLA engine makes one program of all steps where nothing but random numbers and input
        must come from the host, so that small training steps cost microseconds.

        Args:
          fetches, feed_dict: as in run; what is fed is the same in each step.
          stacked: {Tensor or name: array}: feeds that differ, an entry of the first axis a step.
          steps: int, how many; where left out, as many as there are stacked entries.

        Returns:
          What run returns, each value with a new first axis: its values in all steps.

        Not in TF, where a tf.while_loop around the step does this.

        >>> x, v = tf.placeholder(tf.float32, []), tf.Variable(0.0)
        >>> add = tf.assign_add(v, x)
        >>> tf.Session().run_steps(add, stacked={x: [1, 2, 3]}).tolist()
        [1.0, 3.0, 6.0]
        """
        from pellucid.core.steps import run_steps
        feed_dict, stacked = feed_dict or {}, stacked or {}
        both = feed_dict.keys() & stacked.keys()
        if both:
            raise ValueError(f"{both} are in feed_dict and in stacked.")
        call = self._prepare(fetches, {**feed_dict, **stacked})
        return quiet.context.run(run_steps, call, list(feed_dict.values()),
                                 list(stacked.values()), steps)

    def partial_run(self, *args, **kwargs):
        """Not supported."""
        raise NotImplementedError(
            "Session.partial_run is not supported. Call run once with all fetches, or keep what "
            "lies between the parts in a Variable.")

    partial_run_setup = partial_run

    def plan(self, fetches, feed_dict=None):
        """The program that runs `fetches`: `print(session.plan(loss).source)`.

        Args:
          fetches: as in run.
          feed_dict: as in run, or a list of the tensors that will be fed. With values, the
            plan is the one for their shapes.
        """
        keys = feed_dict if isinstance(feed_dict, dict) else dict.fromkeys(feed_dict or ())
        call = self._prepare(fetches, keys)
        if not hasattr(call.engine, "plan"):
            raise ValueError("this session's engine has no plan; use Session(engine='numpy').")
        if not isinstance(feed_dict, dict):
            return call.engine.plan()
        return call.engine.plan(call.arrays(keys.values()))

    def profile(self, fetches, feed_dict=None, runs=10):
        """Where the time of session.run(fetches, feed_dict) goes: a viz.profile.Profile.

        It prints as a table by node and by name scope, and save_trace(path) writes a trace for
        Chrome. The fetches are run, `runs` times and twice more: variables change.

        >>> v = tf.Variable(2.0)
        >>> profile = tf.Session().profile(tf.square(v, name="net/square"), runs=3)
        >>> [(row.type, row.count) for row in profile.nodes], profile.scopes()[0].name
        ([('Square', 1.0)], 'net')
        """
        from pellucid.viz.profile import profile
        feed_dict = feed_dict or {}
        return profile(self._prepare(fetches, feed_dict), feed_dict.values(), runs)

    def _prepare(self, fetches, feed_dict):
        """The _Call for these fetches and feeds, compiled at most once."""
        if self._closed:
            raise RuntimeError("Attempted to use a closed Session.")
        if feed_dict is not None and not isinstance(feed_dict, dict):
            raise TypeError(f"feed_dict must be a dict, not {type(feed_dict).__name__}.")
        key = key_of(fetches)
        key = (key, *feed_dict) if feed_dict else key
        with self._lock:
            if _is_hashable(key) and key in self._calls:
                return self._calls[key]
            if not self._graph._operations:
                raise RuntimeError("The Session graph is empty. Add operations to the graph "
                                   "before calling run().")
            rewired = self._graph._rewired
            mapped = Fetches(self._graph, fetches)
            feeds, split = expand_feeds(self._graph, feed_dict or {})
            engine = self._engine(self, mapped.targets, [feed.tensor for feed in feeds])
            call = self._calls[key] = _Call(
                engine, [feed.array for feed in feeds], split, mapped.pack, rewired)
            return call

    def cell(self, op):
        """The Cell that holds the state of a stateful operation in this session."""
        cell = self._cells.get(op)
        if cell is None:
            with self._lock:
                cell = self._cells.get(op)
                if cell is None and self._closed:         # while another thread was in a run
                    raise errors.CancelledError(None, None, "The session was closed.")
                if cell is None:
                    cell = self._cells[op] = op.new_cell(self)
        return cell

    def bring_home(self):
        """Makes NumPy arrays of what an engine keeps on another device."""
        with self._lock:                # not while waiting for a cell: who makes its first value
            cells = list(self._cells.values())                # holds it, and runs this session
        for cell in cells:
            with cell.lock:
                if cell.is_set and not isinstance(cell.value, np.ndarray | np.generic) and (
                        hasattr(cell.value, "__array_namespace__")):
                    cell.value = np.asarray(cell.value)

    # -- as the default session ------------------------------------------------------------

    def as_default(self):
        """A context manager that makes this the session of `eval` and `run` without one."""
        return _DefaultSession(self)

    def __enter__(self):
        graph, default = self._graph.as_default(), self.as_default()
        self._entered.append((graph, default))
        graph.__enter__()
        return default.__enter__()

    def __exit__(self, *exception):
        graph, default = self._entered.pop()
        default.__exit__(*exception)
        graph.__exit__(*exception)
        self.close()

    def close(self):
        """Frees the values of the variables, and wakes who waits for a queue.

        Running afterwards raises RuntimeError.
        """
        with self._lock:
            self._closed = True
            cells = list(self._cells.values())
            self._cells.clear()
        for cell in cells:
            cell.release()
        self._calls.clear()

    def list_devices(self):
        """Names of the devices: one CPU."""
        return ["/job:localhost/replica:0/task:0/device:CPU:0"]


class _Call:
    """One combination of fetches and feeds, ready to run."""

    __slots__ = ("converters", "engine", "pack", "rewired", "split")

    def __init__(self, engine, converters, split, pack, rewired):
        self.engine, self.pack = engine, pack
        self.converters, self.split = converters, split
        self.rewired = rewired              # the state of the graph that it was made for

    def arrays(self, values):
        """The fed values as arrays of their tensors' types."""
        if self.split:
            values = self.split(values)
        return list(map(call, self.converters, values))

    def __call__(self, values):
        arrays = self.arrays(values)
        if is_quiet.get():                  # quietly(engine, arrays), written out: 0.15 us less
            return self.pack(self.engine(arrays))
        return self.pack(quiet.context.run(self.engine, arrays))

    def watched(self, values, watch):
        """The same, calling watch(op, inputs, outputs) after each node."""
        if not hasattr(self.engine, "watched"):
            raise NotImplementedError("this session's engine runs a program whose nodes cannot be "
                                      "watched; use Session(engine='numpy').")
        return self.pack(quiet.context.run(self.engine.watched, self.arrays(values), watch))


def _is_hashable(key):
    try:
        hash(key)
    except TypeError:
        return False
    return True


def _reported(call, values, options, run_metadata):
    """call(values), and what `options` ask for in run_metadata."""
    if options is not None and not isinstance(options, RunOptions):
        raise TypeError(f"expected a tf.RunOptions, but got {type(options)}")
    report_options(options)
    if run_metadata is None:
        return call(values)
    from pellucid.interchange.step_stats import Recorder
    record = Recorder(run_metadata)
    traced = options is not None and options.HasField("trace_level")
    return call.watched(values, record) if traced else call(values)


def _engine_of(config):
    """The engine that the options ask for, TensorFlow's switch for XLA or the environment; or
    None."""
    if config is not None and config.graph_options.optimizer_options.global_jit_level > 0:
        return "xla"
    return os.environ.get("PELLUCID_ENGINE") or None


def _find_engine(name):
    if name not in _engines:
        raise ValueError(f"Unknown engine {name!r}: there are {', '.join(sorted(_engines))}.")
    if isinstance(_engines[name], str):
        importlib.import_module(_engines[name])
    return _engines[name]


class _Sessions(threading.local):
    def __init__(self):
        self.stack = []


_sessions = _Sessions()


class _DefaultSession:
    def __init__(self, session):
        self.session = session

    def __enter__(self):
        _sessions.stack.append(self.session)
        return self.session

    def __exit__(self, *exception):
        _sessions.stack.remove(self.session)


def get_default_session():
    """The innermost session in use as default in this thread, or None."""
    return _sessions.stack[-1] if _sessions.stack else None


def default_session_for(element, session=None):
    """`session`, or the default session; ValueError where there is none for the graph."""
    session = session or get_default_session()
    if session is None:
        raise ValueError(f"Cannot evaluate {element.name!r}: No default session is registered. "
                         "Use `with sess.as_default()` or pass an explicit session to "
                         "`eval(session=sess)`.")
    if session.graph is not element.graph:
        raise ValueError(f"Cannot use the default session to evaluate {element.name!r}: the "
                         "tensor's graph is different from the session's graph.")
    return session


class InteractiveSession(Session):
    """A session that is the default from its construction until it is closed.

    As in TF: tf.InteractiveSession.
    """

    def __init__(self, target="", graph=None, config=None, engine=None):
        super().__init__(target, graph, config, engine)
        self._default = self.as_default()
        self._default.__enter__()
        self._default_graph = self._graph.as_default() if graph is not None else None

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def close(self):
        """Stops being the default, and frees the values of the variables."""
        if not self._closed:
            self._default.__exit__()
            if self._default_graph is not None:
                self._default_graph.__enter__()
                self._default_graph.__exit__()
        super().close()
