"""train_and_evaluate: training, with an evaluation of each new checkpoint.

As in TF: tf.estimator.train_and_evaluate.
"""

import time
from collections import namedtuple

from pellucid.platform import log
from pellucid.running.saving import CheckpointSaverListener


class TrainSpec(namedtuple("TrainSpec", "input_fn max_steps hooks saving_listeners")):
    """How to train. As in TF: tf.estimator.TrainSpec.

    Args:
      input_fn: as Estimator.train's.
      max_steps: int, up to which step; until the input ends where left out.
      hooks: list of SessionRunHook.
    """

    def __new__(cls, input_fn, max_steps=None, hooks=None, saving_listeners=None):
        if max_steps is not None and max_steps <= 0:
            raise ValueError(f"Must specify max_steps > 0, given: {max_steps}")
        return super().__new__(cls, input_fn, max_steps, tuple(hooks or ()),
                               tuple(saving_listeners or ()))


class EvalSpec(namedtuple("EvalSpec", "input_fn steps name hooks exporters start_delay_secs "
                                      "throttle_secs")):
    """How to evaluate. As in TF: tf.estimator.EvalSpec.

    Args:
      input_fn: as Estimator.evaluate's.
      steps: int, how many batches; None until the input ends.
      name: str, the evaluation's name.
      hooks: list of SessionRunHook.
      exporters: Exporter, or a list of them, called after each evaluation.
      start_delay_secs: seconds, of use to other processes only.
      throttle_secs: seconds that lie at least between two evaluations.
    """

    def __new__(cls, input_fn, steps=100, name=None, hooks=None, exporters=None,
                start_delay_secs=120, throttle_secs=600):
        if steps is not None and steps <= 0:
            raise ValueError(f"Must specify steps > 0, given: {steps}")
        if throttle_secs < 0:
            raise ValueError(f"Must specify throttle_secs >= 0, given: {throttle_secs}")
        exporters = exporters if isinstance(exporters, list | tuple) else [exporters] * (
            exporters is not None)
        return super().__new__(cls, input_fn, steps, name, tuple(hooks or ()), tuple(exporters),
                               start_delay_secs, throttle_secs)


class _Evaluate(CheckpointSaverListener):
    """Evaluates when a checkpoint was saved, but not more often than throttle_secs."""

    def __init__(self, estimator, spec, max_steps):
        self.estimator, self.spec, self.max_steps = estimator, spec, max_steps
        self.last, self.results, self.exports, self.step = None, None, [], None

    def begin(self):
        self.last, self.first = time.monotonic(), True

    def after_save(self, session, global_step_value):
        if self.first:                       # the one before the first step
            self.first = False
            return
        if time.monotonic() - self.last < self.spec.throttle_secs:
            log.info("Skip the current checkpoint eval due to throttle secs (%s secs).",
                     self.spec.throttle_secs)
            return
        self.evaluate(global_step_value)

    def end(self, session, global_step_value):
        if self.step != global_step_value:
            self.evaluate(global_step_value)

    def evaluate(self, step):
        """One evaluation, and what the exporters make of it."""
        estimator, spec = self.estimator, self.spec
        self.step = step
        self.results = estimator.evaluate(spec.input_fn, spec.steps, list(spec.hooks),
                                          name=spec.name)
        is_last = self.max_steps is not None and step >= self.max_steps
        self.exports = [
            exporter.export(estimator, f"{estimator.model_dir}/export/{exporter.name}",
                            estimator.latest_checkpoint(), self.results, is_last)
            for exporter in spec.exporters]
        self.last = time.monotonic()


def train_and_evaluate(estimator, train_spec, eval_spec):
    """Trains; evaluates checkpoints as they are saved, and at the end.

    Args:
      estimator: Estimator.
      train_spec: TrainSpec.
      eval_spec: EvalSpec.

    Returns:
      (the last evaluation's results, list of what the exporters returned).
    """
    if not isinstance(train_spec, TrainSpec):
        raise TypeError(f"`train_spec` must have type `tf.estimator.TrainSpec`. Got: {train_spec}")
    if not isinstance(eval_spec, EvalSpec):
        raise TypeError(f"`eval_spec` must have type `tf.estimator.EvalSpec`. Got: {eval_spec}")
    listener = _Evaluate(estimator, eval_spec, train_spec.max_steps)
    estimator.train(train_spec.input_fn, list(train_spec.hooks), max_steps=train_spec.max_steps,
                    saving_listeners=[*train_spec.saving_listeners, listener])
    return listener.results, listener.exports
