"""Hooks that say when training begins and ends, and what it is fed."""

import time

import numpy as np

from pellucid.core import errors
from pellucid.platform import log
from pellucid.running.session_run_hook import SessionRunArgs, SessionRunHook
from pellucid.running.steps import step_before_run


class StopAtStepHook(SessionRunHook):
    """Ends training at a global step.

    Args:
      num_steps: int, how many steps from where training begins.
      last_step: int, the step itself; exactly one of both is given.

    As in TF: tf.train.StopAtStepHook.
    """

    def __init__(self, num_steps=None, last_step=None):
        if num_steps is None and last_step is None:
            raise ValueError("One of num_steps or last_step must be specified.")
        if num_steps is not None and last_step is not None:
            raise ValueError("Only one of num_steps or last_step can be specified.")
        self._num_steps, self._last_step = num_steps, last_step

    def begin(self):
        self._step = step_before_run()

    def after_create_session(self, session, coord):
        if self._last_step is None:
            self._last_step = session.run(self._step) + self._num_steps

    def before_run(self, run_context):
        return SessionRunArgs(self._step)

    def after_run(self, run_context, run_values):
        if run_values.results + 1 >= self._last_step and (
                run_context.session.run(self._step) >= self._last_step):
            run_context.request_stop()


class NanLossDuringTrainingError(RuntimeError):
    """The loss is not a number. As in TF: tf.train.NanLossDuringTrainingError."""

    def __str__(self):
        return "NaN loss during training."


class NanTensorHook(SessionRunHook):
    """Ends training when the loss is not a number.

    Args:
      loss_tensor: scalar Tensor.
      fail_on_nan_loss: bool, raise NanLossDuringTrainingError rather than only stop.

    As in TF: tf.train.NanTensorHook.
    """

    def __init__(self, loss_tensor, fail_on_nan_loss=True):
        self._loss, self._fail = loss_tensor, fail_on_nan_loss

    def before_run(self, run_context):
        return SessionRunArgs(self._loss)

    def after_run(self, run_context, run_values):
        if np.isnan(run_values.results):
            if self._fail:
                log.error("Model diverged with loss = NaN.")
                raise NanLossDuringTrainingError
            log.warning("Model diverged with loss = NaN.")
            run_context.request_stop()


class GlobalStepWaiterHook(SessionRunHook):
    """Lets the first run wait until the global step, which other threads count, is reached.

    As in TF: tf.train.GlobalStepWaiterHook.
    """

    pause = 0.5                              # seconds from one look to the next

    def __init__(self, wait_until_step):
        self._wait_until_step = wait_until_step

    def begin(self):
        self._started = False
        self._step = step_before_run()

    def before_run(self, run_context):
        if self._started:
            return
        if self._wait_until_step > 0:
            log.info("Waiting for global step %d before starting training.",
                     self._wait_until_step)
            while run_context.session.run(self._step) < self._wait_until_step:
                time.sleep(self.pause)
        self._started = True


class FinalOpsHook(SessionRunHook):
    """Runs something once, at the end.

    Args:
      final_ops: what to fetch.
      final_ops_feed_dict: dict to feed.

    Attributes:
      final_ops_values: the values.

    As in TF: tf.train.FinalOpsHook.
    """

    def __init__(self, final_ops, final_ops_feed_dict=None):
        self._final_ops, self._feed_dict = final_ops, final_ops_feed_dict
        self.final_ops_values = None

    def end(self, session):
        if self._final_ops is None:
            return
        try:
            self.final_ops_values = session.run(self._final_ops, self._feed_dict)
        except (errors.OutOfRangeError, StopIteration):
            log.warning("What FinalOpsHook runs reads from the input, which is at its end: let "
                        "it depend on variables only.")
            raise


class FeedFnHook(SessionRunHook):
    """Feeds each run what a function returns: feed_fn() -> feed_dict.

    As in TF: tf.train.FeedFnHook.
    """

    def __init__(self, feed_fn):
        self.feed_fn = feed_fn

    def before_run(self, run_context):
        return SessionRunArgs(None, feed_dict=self.feed_fn())
