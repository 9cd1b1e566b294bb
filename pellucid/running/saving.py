"""CheckpointSaverHook: saves while a program trains, so that it can go on later."""

import os

from pellucid.core.graph import GraphKeys, get_default_graph
from pellucid.interchange.graph_def import write_graph
from pellucid.interchange.messages import message
from pellucid.interchange.meta_graph import export_meta_graph
from pellucid.platform import log
from pellucid.running.session_run_hook import SessionRunArgs, SessionRunHook
from pellucid.running.steps import SecondOrStepTimer, step_before_run
from pellucid.summary.writer import FileWriterCache


class CheckpointSaverListener:
    """What a program does beside a CheckpointSaverHook; each method does nothing by itself.

    As in TF: tf.train.CheckpointSaverListener.
    """

    def begin(self):
        """Called once, before the session is made."""

    def before_save(self, session, global_step_value):
        """Called before each save."""

    def after_save(self, session, global_step_value):
        """Called after each save; True ends training."""

    def end(self, session, global_step_value):
        """Called once, at the end."""


class CheckpointSaverHook(SessionRunHook):
    """Saves a checkpoint at the beginning, now and then, and at the end.

    Args:
      checkpoint_dir: str, made if it does not exist.
      save_secs: float, how many seconds lie between.
      save_steps: int, how many steps lie between; exactly one of both is given.
      saver: Saver.
      checkpoint_basename: str.
      scaffold: Scaffold, whose saver to use; without both, the one in the collection SAVERS.
      listeners: list of CheckpointSaverListener.

    As in TF: tf.train.CheckpointSaverHook.
    """

    def __init__(self, checkpoint_dir, save_secs=None, save_steps=None, saver=None,
                 checkpoint_basename="model.ckpt", scaffold=None, listeners=None):
        if saver is not None and scaffold is not None:
            raise ValueError("You cannot provide both saver and scaffold.")
        self._directory = checkpoint_dir
        self._path = os.path.join(checkpoint_dir, checkpoint_basename)
        self._saver, self._scaffold = saver, scaffold
        self._timer = SecondOrStepTimer(save_secs, save_steps)
        self._listeners = listeners or []

    def begin(self):
        self._writer = FileWriterCache.get(self._directory)
        self._step = step_before_run()
        for listener in self._listeners:
            listener.begin()

    def after_create_session(self, session, coord):
        step, graph = session.run(self._step), get_default_graph()
        os.makedirs(self._directory, exist_ok=True)
        write_graph(graph.as_graph_def(add_shapes=True), self._directory, "graph.pbtxt")
        self._writer.add_graph(graph)
        self._writer.add_meta_graph(export_meta_graph(
            graph=graph, saver_def=self._find_saver().saver_def))
        self._save(session, step)
        self._timer.update_last_triggered_step(step)

    def before_run(self, run_context):
        return SessionRunArgs(self._step)

    def after_run(self, run_context, run_values):
        if not self._timer.should_trigger_for_step(run_values.results + 1):
            return
        step = run_context.session.run(self._step)
        if self._timer.should_trigger_for_step(step):
            self._timer.update_last_triggered_step(step)
            if self._save(run_context.session, step):
                run_context.request_stop()

    def end(self, session):
        step = session.run(self._step)
        if step != self._timer.last_triggered_step():
            self._save(session, step)
        for listener in self._listeners:
            listener.end(session, step)

    def _save(self, session, step):
        """Saves; True if a listener wants to end training."""
        log.info("Saving checkpoints for %d into %s.", step, self._path)
        for listener in self._listeners:
            listener.before_save(session, step)
        self._find_saver().save(session, self._path, global_step=step)
        log_type = message("SessionLog")
        self._writer.add_session_log(
            log_type(status=log_type.CHECKPOINT, checkpoint_path=self._path), step)
        return any([listener.after_save(session, step) for listener in self._listeners])

    def _find_saver(self):
        if self._saver is None and self._scaffold is not None:
            return self._scaffold.saver
        if self._saver is None:
            savers = get_default_graph().get_collection(GraphKeys.SAVERS)
            if len(savers) != 1:
                raise RuntimeError(
                    f"{len(savers) or 'No'} items in collection {GraphKeys.SAVERS}: give "
                    "CheckpointSaverHook a saver or a scaffold.")
            self._saver = savers[0]
        return self._saver
