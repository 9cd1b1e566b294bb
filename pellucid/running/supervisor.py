"""Supervisor: what MonitoredSession was before it, with threads in place of hooks.

    supervisor = tf.train.Supervisor(logdir="model")
    with supervisor.managed_session() as session:
        while not supervisor.should_stop():
            session.run(train)
"""

import contextlib
import os
import time

from pellucid.core.graph import GraphKeys, get_default_graph
from pellucid.interchange.graph_def import write_graph
from pellucid.interchange.messages import message
from pellucid.interchange.meta_graph import export_meta_graph
from pellucid.ops.control.waiting import group
from pellucid.ops.state.variables import (
    global_variables,
    global_variables_initializer,
    local_variables_initializer,
    report_uninitialized_variables,
)
from pellucid.platform import log
from pellucid.running.coordinator import Coordinator
from pellucid.running.looper_thread import LooperThread
from pellucid.running.session_manager import SessionManager
from pellucid.summary.merging import merge_all
from pellucid.summary.writer import FileWriter
from pellucid.training.saver import Saver
from pellucid.training.training_util import get_global_step, global_step


class Supervisor:
    """Makes sessions ready, and saves and writes summaries in threads while they train.

    Args:
      graph: Graph, which is finalized.
      ready_op, ready_for_local_init_op, init_op, init_feed_dict, local_init_op, summary_op,
        saver, init_fn: as of a Scaffold; None for none.
      is_chief: bool, must be True: in pellucid each process trains alone.
      logdir: str, where checkpoints and event files are.
      global_step: Tensor or Variable.
      save_summaries_secs, save_model_secs: seconds between two summaries, two checkpoints; 0 for
        none.
      recovery_wait_secs: seconds between two looks for a checkpoint.
      stop_grace_secs: seconds that threads have to end.
      checkpoint_basename: str.
      session_manager: SessionManager.
      summary_writer: FileWriter, or None.
      local_init_run_options: RunOptions.

    As in TF: tf.train.Supervisor.
    """

    USE_DEFAULT = 0

    def __init__(self, graph=None, ready_op=USE_DEFAULT, ready_for_local_init_op=USE_DEFAULT,
                 is_chief=True, init_op=USE_DEFAULT, init_feed_dict=None,
                 local_init_op=USE_DEFAULT, logdir=None, summary_op=USE_DEFAULT,
                 saver=USE_DEFAULT, global_step=USE_DEFAULT, save_summaries_secs=120,
                 save_model_secs=600, recovery_wait_secs=30, stop_grace_secs=120,
                 checkpoint_basename="model.ckpt", session_manager=None,
                 summary_writer=USE_DEFAULT, init_fn=None, local_init_run_options=None):
        if not is_chief:
            raise NotImplementedError("Supervisor(is_chief=False): in pellucid each process "
                                      "trains alone; leave is_chief out.")
        self._graph = get_default_graph() if graph is None else graph
        with self._graph.as_default():
            self.ready_op = _given_or(ready_op, GraphKeys.READY_OP,
                                      report_uninitialized_variables)
            self.ready_for_local_init_op = _given_or(
                ready_for_local_init_op, GraphKeys.READY_FOR_LOCAL_INIT_OP, lambda: None)
            self.init_op = _given_or(init_op, GraphKeys.INIT_OP, global_variables_initializer)
            self.local_init_op = _given_or(local_init_op, GraphKeys.LOCAL_INIT_OP, _local_init)
            self.saver = _given_or(saver, GraphKeys.SAVERS,
                                   lambda: Saver() if global_variables() else None)
            self.summary_op = _given_or(summary_op, GraphKeys.SUMMARY_OP, merge_all)
            self.global_step = _given_or(global_step, GraphKeys.GLOBAL_STEP, get_global_step)
            self._meta_graph = export_meta_graph(
                saver_def=self.saver.saver_def if self.saver else None)
        self.init_feed_dict, self.is_chief, self._init_fn = init_feed_dict, True, init_fn
        self._logdir, self._grace = logdir, stop_grace_secs
        self.save_summaries_secs, self.save_model_secs = save_summaries_secs, save_model_secs
        self.save_path = os.path.join(logdir, checkpoint_basename) if logdir else None
        self.coord = Coordinator()
        self.summary_writer = summary_writer
        if summary_writer is Supervisor.USE_DEFAULT:
            self.summary_writer = FileWriter(logdir) if logdir else None
        self.session_manager = session_manager or SessionManager(
            local_init_op=self.local_init_op, ready_op=self.ready_op,
            ready_for_local_init_op=self.ready_for_local_init_op, graph=self._graph,
            recovery_wait_secs=recovery_wait_secs, local_init_run_options=local_init_run_options)
        self._graph_written = False
        self._graph.finalize()

    # -- sessions ------------------------------------------------------------------------------

    @contextlib.contextmanager
    def managed_session(self, master="", config=None, start_standard_services=True,
                        close_summary_writer=True):
        """A context manager of a Session that is ready, with its threads started.

        An error inside stops the threads and is raised at the end; the end of the data,
        OutOfRangeError, is no error.
        """
        session = None
        try:
            session = self.prepare_or_wait_for_session(
                master, config, start_standard_services=start_standard_services)
            yield session
        except Exception as error:
            self.request_stop(error)
        finally:
            try:
                self.stop(close_summary_writer=close_summary_writer)
            finally:
                if session is not None:
                    session.close()

    def prepare_or_wait_for_session(self, master="", config=None, wait_for_checkpoint=False,
                                    max_wait_secs=7200, start_standard_services=True):
        """A Session, from the latest checkpoint in logdir, or from initializers."""
        self.coord.clear_stop()
        if self.summary_writer:
            self.summary_writer.reopen()
        session = self.session_manager.prepare_session(
            master, init_op=self.init_op, saver=self.saver, checkpoint_dir=self._logdir,
            wait_for_checkpoint=wait_for_checkpoint, max_wait_secs=max_wait_secs, config=config,
            init_feed_dict=self.init_feed_dict, init_fn=self._init_fn)
        self._write_graph()
        if start_standard_services:
            self.start_standard_services(session)
            self.start_queue_runners(session)
        return session

    def _write_graph(self):
        if self._logdir:
            write_graph(self._graph.as_graph_def(add_shapes=True), self._logdir, "graph.pbtxt")
        if self.summary_writer and not self._graph_written:
            self.summary_writer.add_graph(self._graph)
            self.summary_writer.add_meta_graph(self._meta_graph)
            self._graph_written = True

    # -- threads -------------------------------------------------------------------------------

    def start_standard_services(self, sess):
        """Starts the threads that save, write summaries and measure speed; returns them."""
        if not self._logdir:
            log.warning("Standard services need a 'logdir' passed to the SessionManager")
            return None
        self._log_session("START", sess)
        threads = []
        if self.save_summaries_secs and self.summary_writer:
            if self.summary_op is not None:
                threads.append(self._looper(self.save_summaries_secs, self._summarize, sess))
            if self.global_step is not None:
                threads.append(_StepCounter(self, sess))
        if self.saver and self.save_model_secs:
            threads.append(self._looper(self.save_model_secs, self._save, sess))
        for thread in threads:
            thread.start()
        return threads

    def _looper(self, seconds, target, session):
        return LooperThread(self.coord, seconds, target, (session,))

    def _summarize(self, session):
        fetches = [self.summary_op] if self.global_step is None else [
            self.summary_op, self.global_step]
        self.summary_writer.add_summary(*session.run(fetches))

    def _save(self, session):
        self.saver.save(session, self.save_path, global_step=self.global_step)
        self._log_session("CHECKPOINT", session, checkpoint_path=self.save_path)

    def _log_session(self, status, session, **fields):
        if self.summary_writer and self.global_step is not None:
            log_type = message("SessionLog")
            entry = log_type(status=getattr(log_type, status), **fields)
            self.summary_writer.add_session_log(entry, global_step(session, self.global_step))

    def start_queue_runners(self, sess, queue_runners=None):
        """Starts the threads of the graph's queue runners; returns them."""
        if queue_runners is None:
            queue_runners = self._graph.get_collection(GraphKeys.QUEUE_RUNNERS)
        return [thread for runner in queue_runners
                for thread in runner.create_threads(sess, self.coord, daemon=True, start=True)]

    def loop(self, timer_interval_secs, target, args=None, kwargs=None):
        """Starts a LooperThread that calls target every so many seconds; returns it."""
        return LooperThread.loop(self.coord, timer_interval_secs, target, args, kwargs)

    # -- stopping ------------------------------------------------------------------------------

    def stop(self, threads=None, close_summary_writer=True, ignore_live_threads=False):
        """Stops the threads, and raises what one of them reported."""
        self.coord.request_stop()
        try:
            self.coord.join(threads, self._grace, ignore_live_threads)
        finally:
            if close_summary_writer and self.summary_writer:
                log_type = message("SessionLog")
                self.summary_writer.add_session_log(log_type(status=log_type.STOP))
                self.summary_writer.close()
                self._graph_written = False

    def request_stop(self, ex=None):
        """Asks the threads to stop; `ex` is raised at the end."""
        self.coord.request_stop(ex)

    def should_stop(self):
        """True once a stop was requested."""
        return self.coord.should_stop()

    def stop_on_exception(self):
        """A context manager that turns an exception inside into a request to stop."""
        return self.coord.stop_on_exception()

    def wait_for_stop(self):
        """Waits until a stop is requested."""
        self.coord.wait_for_stop()

    def summary_computed(self, sess, summary, global_step=None):
        """Writes a summary that the program computed itself."""
        if not self.summary_writer:
            raise RuntimeError("Writing a summary requires a summary writer.")
        if global_step is None and self.global_step is not None:
            global_step = int(sess.run(self.global_step))
        self.summary_writer.add_summary(summary, global_step)

    PrepareSession, StartQueueRunners = prepare_or_wait_for_session, start_queue_runners
    StartStandardServices, Stop, RequestStop = start_standard_services, stop, request_stop
    Loop, ShouldStop, StopOnException = loop, should_stop, stop_on_exception
    WaitForStop, SummaryComputed = wait_for_stop, summary_computed


def _given_or(given, collection, default):
    """What the user gave, or the first of a collection, or the default, which then joins it."""
    if given is not Supervisor.USE_DEFAULT:
        return given
    graph = get_default_graph()
    for found in graph.get_collection(collection):
        return found
    made = default()
    if made is not None:
        graph.add_to_collection(collection, made)
    return made


def _local_init():
    tables = get_default_graph().get_collection(GraphKeys.TABLE_INITIALIZERS)
    return group(local_variables_initializer(), *tables)


class _StepCounter(LooperThread):
    """Writes how many steps are done in a second."""

    def __init__(self, supervisor, session):
        super().__init__(supervisor.coord, supervisor.save_summaries_secs)
        self._supervisor, self._session = supervisor, session

    def start_loop(self):
        self._last = self._now()

    def run_loop(self):
        (time_before, step_before), self._last = self._last, self._now()
        seconds, steps = self._last[0] - time_before, self._last[1] - step_before
        speed = steps / seconds if seconds > 0 else float("inf")
        summary = message("Summary")()
        summary.value.add(tag=f"{self._supervisor.global_step.op.name}/sec", simple_value=speed)
        self._supervisor.summary_writer.add_summary(summary, self._last[1])

    def _now(self):
        return time.monotonic(), global_step(self._session, self._supervisor.global_step)


def basic_train_loop(supervisor, train_step_fn, args=None, kwargs=None, master=""):
    """Calls train_step_fn(session, *args, **kwargs) until the supervisor stops.

    As in TF: tf.train.basic_train_loop.
    """
    with supervisor.managed_session(master) as session:
        while not supervisor.should_stop():
            train_step_fn(session, *(args or ()), **(kwargs or {}))
