"""SessionRunHook: what a program adds to every run of a MonitoredSession.

    class LogLoss(tf.train.SessionRunHook):
        def before_run(self, run_context):
            return tf.train.SessionRunArgs(loss)        # also fetch the loss
        def after_run(self, run_context, run_values):
            print(run_values.results)

Read next: monitored_session.py, and the hooks that there are: stopping.py, saving.py, watching.py.
"""

import collections


class SessionRunHook:
    """Base class of hooks; each method does nothing unless a subclass defines it.

    As in TF: tf.train.SessionRunHook.
    """

    def begin(self):
        """Called once, before the session is made: the last chance to add operations."""

    def after_create_session(self, session, coord):
        """Called after a session was made, also after one was recovered.

        Args:
          session: Session.
          coord: Coordinator of its threads.
        """

    def before_run(self, run_context):
        """What to add to a run: SessionRunArgs or None."""

    def after_run(self, run_context, run_values):
        """Called after a run, with SessionRunValues. run_context.request_stop() ends training."""

    def end(self, session):
        """Called once, at the end, unless an error ended the session."""


class SessionRunArgs(collections.namedtuple("SessionRunArgs",
                                            ["fetches", "feed_dict", "options"])):
    """What a run fetches and is fed. As in TF: tf.train.SessionRunArgs."""

    def __new__(cls, fetches, feed_dict=None, options=None):
        return super().__new__(cls, fetches, feed_dict, options)


class SessionRunValues(collections.namedtuple("SessionRunValues",
                                              ["results", "options", "run_metadata"])):
    """What a run gave: the values of the hook's own fetches.

    run_metadata is None unless the run was traced.
    As in TF: tf.train.SessionRunValues.
    """


class SessionRunContext:
    """A run, as hooks see it.

    Attributes:
      original_args: SessionRunArgs, what the user asked for.
      session: Session, for runs of the hook's own.
      stop_requested: bool.

    As in TF: tf.train.SessionRunContext.
    """

    def __init__(self, original_args, session):
        self.original_args, self.session, self.stop_requested = original_args, session, False

    def request_stop(self):
        """Makes should_stop() of the MonitoredSession true."""
        self.stop_requested = True
