"""MonitoredSession: a session that gets itself ready, runs hooks, and recovers.

    with tf.train.MonitoredTrainingSession(checkpoint_dir="model", hooks=hooks) as session:
        while not session.should_stop():
            session.run(train)

The graph is finalized when the session is made. What a run raises as AbortedError or
UnavailableError makes a new session, from the latest checkpoint, and repeats the run. The end of
the data, OutOfRangeError, ends the `with` block without an error.
"""

import abc
import inspect

from pellucid.core import errors
from pellucid.core.graph import GraphKeys, get_default_graph
from pellucid.core.options import RunOptions
from pellucid.data.queue_runner import start_queue_runners
from pellucid.interchange.messages import message
from pellucid.platform import log
from pellucid.running.coordinator import Coordinator
from pellucid.running.saving import CheckpointSaverHook
from pellucid.running.scaffold import Scaffold
from pellucid.running.session_manager import SessionManager
from pellucid.running.session_run_hook import (
    SessionRunArgs,
    SessionRunContext,
    SessionRunValues,
)
from pellucid.running.watching import StepCounterHook, SummarySaverHook

_LOST = (errors.AbortedError, errors.UnavailableError)       # a new session may do better
_END = (errors.OutOfRangeError, StopIteration)


# -- how sessions are made -----------------------------------------------------------------

class SessionCreator(abc.ABC):
    """Makes the session of a MonitoredSession. As in TF: tf.train.SessionCreator."""

    @abc.abstractmethod
    def create_session(self):
        """A Session, ready to run."""


class ChiefSessionCreator(SessionCreator):
    """Makes a session ready, from a checkpoint or from initializers.

    Args:
      scaffold: Scaffold.
      master: "".
      config: ConfigProto.
      checkpoint_dir: str, where to look for the latest checkpoint.
      checkpoint_filename_with_path: str, a checkpoint itself.

    As in TF: tf.train.ChiefSessionCreator.
    """

    def __init__(self, scaffold=None, master="", config=None, checkpoint_dir=None,
                 checkpoint_filename_with_path=None):
        self._scaffold = scaffold or Scaffold()
        self._master, self._config = master, config
        self._checkpoint = {"checkpoint_dir": checkpoint_dir,
                            "checkpoint_filename_with_path": checkpoint_filename_with_path}
        self._manager = None

    def create_session(self):
        """A Session, ready to run."""
        scaffold = self._scaffold.finalize()
        self._manager = self._manager or _manager_of(scaffold)
        return self._manager.prepare_session(
            self._master, init_op=scaffold.init_op, saver=scaffold.saver, config=self._config,
            init_feed_dict=scaffold.init_feed_dict, init_fn=scaffold.init_fn, **self._checkpoint)


class WorkerSessionCreator(SessionCreator):
    """Makes a session that another process has made ready; here there is none.

    As in TF: tf.train.WorkerSessionCreator.
    """

    def __init__(self, scaffold=None, master="", config=None, max_wait_secs=30 * 60):
        self._scaffold = scaffold or Scaffold()
        self._master, self._config, self._most = master, config, max_wait_secs

    def create_session(self):
        """A Session; DeadlineExceededError if it has variables to initialize."""
        return _manager_of(self._scaffold.finalize()).wait_for_session(
            self._master, self._config, self._most)


def _manager_of(scaffold):
    return SessionManager(local_init_op=scaffold.local_init_op, ready_op=scaffold.ready_op,
                          ready_for_local_init_op=scaffold.ready_for_local_init_op,
                          graph=get_default_graph())


# -- the sessions --------------------------------------------------------------------------

class StepContext:
    """What run_step_fn gives its function.

    Attributes:
      session: Session, to run without hooks.
      run_with_hooks: the MonitoredSession's run.
    """

    def __init__(self, session, run_with_hooks):
        self.session, self.run_with_hooks = session, run_with_hooks

    def request_stop(self):
        """Ends the step, and training."""
        raise StopIteration("step_fn has requested the iterations to stop.")


class _MonitoredSession:
    """What MonitoredSession and SingularMonitoredSession share."""

    StepContext = StepContext
    recovers = True

    def __init__(self, session_creator, hooks, stop_grace_period_secs=120):
        self._graph = get_default_graph()
        self._was_finalized = self._graph.finalized
        self._hooks, self._grace = list(hooks or ()), stop_grace_period_secs
        for hook in self._hooks:
            hook.begin()
        self._creator = session_creator or ChiefSessionCreator()
        self._session = self._coordinator = None
        self._closed = self._stop = False
        self._create()

    @property
    def graph(self):
        """The Graph; None once the session is closed."""
        return None if self._closed else self._graph

    def run(self, fetches, feed_dict=None, options=None, run_metadata=None):
        """As Session.run, with the hooks.

        Raises RuntimeError once the session should stop, or is closed.
        """
        return self._recovering(self._run_once, fetches, feed_dict, options, run_metadata)

    def run_step_fn(self, step_fn):
        """What step_fn(step_context) returns, which may run several times, with or without
        hooks. See StepContext."""
        names = list(inspect.signature(step_fn).parameters)
        if names not in (["step_context"], ["self", "step_context"]):
            raise ValueError("`step_fn` may either have one `step_context` argument, or `self` "
                             "and `step_context` arguments if it's an instance method. Got "
                             f"{names} instead.")
        return self._recovering(lambda: step_fn(StepContext(self._session, self._run_once)))

    def should_stop(self):
        """True once a hook, a thread, or an error in one has asked for the end."""
        if self._closed:
            return True
        try:
            self._coordinator.raise_requested_exception()
        except _LOST as error:
            if not self.recovers:
                return True
            self._replace(error)
            return False
        except Exception:
            return True
        return self._coordinator.should_stop() or self._stop

    def close(self):
        """Calls the hooks' end, stops the threads, frees the session."""
        self._close(None)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        if kind is not None and issubclass(kind, _END):
            kind = None
        self._close(kind)
        return kind is None

    # -- one run -------------------------------------------------------------------------------

    def _run_once(self, fetches, feed_dict=None, options=None, run_metadata=None):
        if self.should_stop():
            raise RuntimeError("Run called even after should_stop requested.")
        session = self._session
        context = SessionRunContext(SessionRunArgs(fetches, feed_dict), session)
        wanted, feeds, options = self._ask_hooks(context, fetches, feed_dict, options)
        if options is not None and options.trace_level and run_metadata is None:
            run_metadata = message("RunMetadata")()
        try:
            values = session.run(wanted, feeds, options, run_metadata)
        except _LOST:
            raise
        except Exception:
            try:                                     # perhaps a lost thread is behind it
                self._coordinator.raise_requested_exception()
            except _LOST:
                raise
            except Exception:
                pass
            raise
        for hook in self._hooks:
            hook.after_run(context, SessionRunValues(values.get(hook), options, run_metadata))
        self._stop = self._stop or context.stop_requested
        return values["caller"]

    def _ask_hooks(self, context, fetches, feed_dict, options):
        """(fetches, feeds, options) of a run with what the hooks add."""
        wanted, feeds = {"caller": fetches}, {}
        for hook in self._hooks:
            request = hook.before_run(context)
            if request is None:
                continue
            if request.fetches is not None:
                wanted[hook] = request.fetches
            if request.feed_dict:
                _check_apart(feeds, request.feed_dict, "Same tensor is fed by two hooks.")
                feeds.update(request.feed_dict)
            if request.options:
                options = _merged(options or RunOptions(), request.options)
        if feed_dict:
            _check_apart(feed_dict, feeds, "Same tensor is fed by a SessionRunHook and user.")
            feeds.update(feed_dict)
        return wanted, feeds or None, options

    # -- making, replacing, closing ------------------------------------------------------------

    def _create(self):
        while True:
            try:
                self._session = self._creator.create_session()
                self._coordinator = Coordinator(clean_stop_exception_types=())
                if self._graph.get_collection(GraphKeys.QUEUE_RUNNERS):
                    start_queue_runners(self._session, self._coordinator)
                for hook in self._hooks:
                    hook.after_create_session(self._session, self._coordinator)
                return
            except _LOST as error:
                if not self.recovers:
                    raise
                self._say(error)

    def _recovering(self, function, *args):
        """function(*args), in a new session if the one there is was lost."""
        if self._closed:
            raise RuntimeError("Session is already closed.")
        while True:
            try:
                return function(*args)
            except _LOST as error:
                if not self.recovers:
                    raise
                self._replace(error)

    def _replace(self, error):
        self._say(error)
        try:
            self._end_session()
        except _LOST:
            pass
        self._stop = False
        self._create()

    @staticmethod
    def _say(error):
        log.info("An error was raised: the session is closed, and a new one is made. %s", error)

    def _end_session(self):
        self._coordinator.request_stop()
        try:
            self._coordinator.join(stop_grace_period_secs=self._grace, ignore_live_threads=True)
        finally:
            self._session.close()

    def _close(self, kind):
        if self._closed:
            raise RuntimeError("Session is already closed.")
        try:
            if kind is None:
                for hook in self._hooks:
                    hook.end(self._session)
        finally:
            try:
                self._end_session()
            except _LOST as error:
                log.warning("An error occurred when attempting to close the session: %s", error)
            finally:
                self._closed = True
                self._graph._finalized = self._was_finalized


def _check_apart(feeds, others, text):
    both = set(feeds) & set(others)
    if both:
        raise RuntimeError(f"{text} Conflict(s): {list(both)}")


def _merged(options, others):
    """RunOptions with what either asks for."""
    merged = RunOptions()
    for name in RunOptions.fields:
        setattr(merged, name, max(getattr(options, name), getattr(others, name)))
    return merged


class MonitoredSession(_MonitoredSession):
    """A session that gets itself ready, runs hooks, and recovers.

    Args:
      session_creator: SessionCreator; ChiefSessionCreator() where left out.
      hooks: list of SessionRunHook.
      stop_grace_period_secs: seconds that threads have to end.

    As in TF: tf.train.MonitoredSession.
    """

    def __init__(self, session_creator=None, hooks=None, stop_grace_period_secs=120):
        super().__init__(session_creator, hooks, stop_grace_period_secs)


class SingularMonitoredSession(_MonitoredSession):
    """The same without recovery.

    Args:
      hooks, stop_grace_period_secs: as of a MonitoredSession.
      scaffold, master, config, checkpoint_dir, checkpoint_filename_with_path: as of a
        ChiefSessionCreator.

    As in TF: tf.train.SingularMonitoredSession.
    """

    recovers = False

    def __init__(self, hooks=None, scaffold=None, master="", config=None, checkpoint_dir=None,
                 stop_grace_period_secs=120, checkpoint_filename_with_path=None):
        super().__init__(ChiefSessionCreator(scaffold, master, config, checkpoint_dir,
                                             checkpoint_filename_with_path),
                         hooks, stop_grace_period_secs)

    def raw_session(self):
        """The Session itself, without hooks."""
        return None if self._closed else self._session


_LEFT_OUT = object()


def MonitoredTrainingSession(master="", is_chief=True, checkpoint_dir=None, scaffold=None,
                             hooks=None, chief_only_hooks=None,
                             save_checkpoint_secs=_LEFT_OUT, save_summaries_steps=_LEFT_OUT,
                             save_summaries_secs=_LEFT_OUT, config=None,
                             stop_grace_period_secs=120, log_step_count_steps=100,
                             max_wait_secs=7200, save_checkpoint_steps=_LEFT_OUT,
                             summary_dir=None):
    """A MonitoredSession for training, with the hooks that most programs want.

    Args:
      master: "".
      is_chief: bool; False only for graphs without variables, since nobody else makes them ready.
      checkpoint_dir: str, where to save and to go on from; nothing is saved where left out.
      scaffold: Scaffold.
      hooks, chief_only_hooks: lists of SessionRunHook.
      save_checkpoint_secs, save_checkpoint_steps: how often to save; 600 seconds where both are
        left out.
      save_summaries_steps, save_summaries_secs: how often to write summaries; 100 steps.
      config: ConfigProto.
      stop_grace_period_secs: seconds that threads have to end.
      log_step_count_steps: int, how often to log the speed.
      max_wait_secs: seconds that one who is not the chief waits.
      summary_dir: str, where to write summaries; checkpoint_dir where left out.

    As in TF: tf.train.MonitoredTrainingSession.
    """
    summaries = _either(save_summaries_steps, save_summaries_secs, (100, None))
    checkpoints = _either(save_checkpoint_steps, save_checkpoint_secs, (None, 600))
    scaffold = scaffold or Scaffold()
    if not is_chief:
        return MonitoredSession(WorkerSessionCreator(scaffold, master, config, max_wait_secs),
                                hooks, stop_grace_period_secs)
    all_hooks = list(chief_only_hooks or ())
    directory = summary_dir or checkpoint_dir
    if directory and log_step_count_steps and log_step_count_steps > 0:
        all_hooks.append(StepCounterHook(log_step_count_steps, output_dir=directory))
    if directory and any(often and often > 0 for often in summaries):
        all_hooks.append(SummarySaverHook(*summaries, output_dir=directory, scaffold=scaffold))
    if checkpoint_dir and any(often and often > 0 for often in checkpoints):
        steps, seconds = checkpoints
        all_hooks.append(CheckpointSaverHook(checkpoint_dir, seconds, steps, scaffold=scaffold))
    creator = ChiefSessionCreator(scaffold, master, config, checkpoint_dir)
    return MonitoredSession(creator, all_hooks + list(hooks or ()), stop_grace_period_secs)


def _either(steps, seconds, default):
    """(steps, seconds), where one that is left out is None, and both together are the default."""
    if steps is _LEFT_OUT and seconds is _LEFT_OUT:
        return default
    return None if steps is _LEFT_OUT else steps, None if seconds is _LEFT_OUT else seconds
