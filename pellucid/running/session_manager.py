"""SessionManager: a session that is ready, from a checkpoint or from initializers.

Read next: monitored_session.py.
"""

import time

import numpy as np

from pellucid.core import errors
from pellucid.core.graph import get_default_graph
from pellucid.core.session import Session
from pellucid.interchange.checkpoints import get_checkpoint_state
from pellucid.platform import log


class SessionManager:
    """Makes sessions and gets them ready.

    Args:
      local_init_op: Operation to run in each new session.
      ready_op: string Tensor with the names of what is not initialized; or any Operation.
      ready_for_local_init_op: the same, before local_init_op may run.
      graph: Graph.
      recovery_wait_secs: float, seconds between two looks for a checkpoint.
      local_init_run_options: RunOptions for local_init_op.

    As in TF: tf.train.SessionManager.
    """

    def __init__(self, local_init_op=None, ready_op=None, ready_for_local_init_op=None,
                 graph=None, recovery_wait_secs=30, local_init_run_options=None):
        if ready_for_local_init_op is not None and local_init_op is None:
            raise ValueError("If you pass a ready_for_local_init_op you must also pass a "
                             f"local_init_op, ready_for_local_init_op "
                             f"[{ready_for_local_init_op!r}]")
        self._local_init_op, self._ready_op = local_init_op, ready_op
        self._ready_for_local_init_op = ready_for_local_init_op
        self._graph = get_default_graph() if graph is None else graph
        self._wait, self._options = recovery_wait_secs, local_init_run_options

    def prepare_session(self, master, init_op=None, saver=None, checkpoint_dir=None,
                        checkpoint_filename_with_path=None, wait_for_checkpoint=False,
                        max_wait_secs=7200, config=None, init_feed_dict=None, init_fn=None):
        """A Session whose variables come from a checkpoint, or else from initializers.

        Args:
          master: "".
          init_op: Operation; init_feed_dict: dict to feed it; init_fn: function(session).
          saver: Saver.
          checkpoint_dir: str, where to look for the latest checkpoint.
          checkpoint_filename_with_path: str, a checkpoint itself.
          wait_for_checkpoint: bool, wait until there is one, max_wait_secs at most.
          config: ConfigProto.

        Raises RuntimeError if it is not ready then.
        """
        session, loaded = self._restored(master, saver, checkpoint_dir,
                                         checkpoint_filename_with_path, wait_for_checkpoint,
                                         max_wait_secs, config)
        if not loaded:
            if init_op is None and not init_fn and self._local_init_op is None:
                raise RuntimeError("Model is not initialized and no init_op or init_fn or "
                                   "local_init_op was given")
            if init_op is not None:
                session.run(init_op, init_feed_dict)
            if init_fn:
                init_fn(session)
        name = getattr(init_op, "name", init_op)
        problem = self._initialize_local(session)
        if problem:
            raise RuntimeError("Init operations did not make model ready for local_init.  Init "
                               f"op: {name}, init fn: {init_fn}, error: {problem}")
        problem = _problem(self._ready_op, session)
        if problem:
            raise RuntimeError(
                f"Init operations did not make model ready.  Init op: {name}, init fn: {init_fn},"
                f" local_init_op: {self._local_init_op}, error: {problem}")
        return session

    def recover_session(self, master, saver=None, checkpoint_dir=None,
                        checkpoint_filename_with_path=None, wait_for_checkpoint=False,
                        max_wait_secs=7200, config=None):
        """(Session, whether a checkpoint made it ready)."""
        session, loaded = self._restored(master, saver, checkpoint_dir,
                                         checkpoint_filename_with_path, wait_for_checkpoint,
                                         max_wait_secs, config)
        problem = self._initialize_local(session)
        if not loaded:
            return session, False
        problem = problem or _problem(self._ready_op, session)
        if problem:
            log.info("Restoring model from %s did not make model ready: %s",
                     checkpoint_dir or checkpoint_filename_with_path, problem)
        return session, not problem

    def wait_for_session(self, master, config=None, max_wait_secs=None):
        """A Session that somebody else has made ready.

        Sessions do not share variables here, so only a graph without any is ever ready without
        an initializer. Raises DeadlineExceededError, at once.
        """
        session = Session(master, graph=self._graph, config=config)
        problem = self._initialize_local(session) or _problem(self._ready_op, session)
        if not problem:
            return session
        session.close()
        raise errors.DeadlineExceededError(
            None, None, f"Session was not ready, and no waiting (max_wait_secs={max_wait_secs}) "
            f"would help: {problem}. In pellucid each process trains alone: use is_chief=True.")

    def _restored(self, master, saver, directory, path, wait, most, config):
        """(new Session, whether its variables come from a checkpoint)."""
        session = Session(master, graph=self._graph, config=config)
        if directory and path:
            raise ValueError("Can not provide both checkpoint_dir and "
                             "checkpoint_filename_with_path.")
        if not saver or not (directory or path):
            return session, False
        if path:
            saver.restore(session, path)
            return session, True
        deadline, state = time.monotonic() + most, get_checkpoint_state(directory)
        while not state or not state.model_checkpoint_path:
            if not wait or time.monotonic() >= deadline:
                return session, False
            log.info("Waiting for checkpoint to be available.")
            time.sleep(self._wait)
            state = get_checkpoint_state(directory)
        saver.restore(session, state.model_checkpoint_path)
        saver.recover_last_checkpoints(state.all_model_checkpoint_paths)
        return session, True

    def _initialize_local(self, session):
        """Runs local_init_op if that may be; what hinders it, or None."""
        if self._local_init_op is None:
            return None
        problem = _problem(self._ready_for_local_init_op, session)
        if not problem:
            log.info("Running local_init_op.")
            session.run(self._local_init_op, options=self._options)
            log.info("Done running local_init_op.")
        return problem


def _problem(ready_op, session):
    """What a ready_op says is missing, or None."""
    if ready_op is None:
        return None
    try:
        names = session.run(ready_op)
    except errors.FailedPreconditionError as error:
        if "uninitialized" not in str(error):
            raise
        return str(error)
    if names is None or names.dtype == np.int32 or not names.size:
        return None
    return "Variables not initialized: " + ", ".join([name.decode() for name in names])
