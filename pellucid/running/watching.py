"""Hooks that show how training goes: values in the log, summaries, speed, traces."""

import os

import numpy as np

from pellucid.core.graph import get_default_graph
from pellucid.core.options import RunOptions
from pellucid.interchange.bundle import write_file
from pellucid.interchange.messages import message
from pellucid.interchange.timeline import Timeline
from pellucid.platform import log
from pellucid.running.session_run_hook import SessionRunArgs, SessionRunHook
from pellucid.running.steps import NeverTriggerTimer, SecondOrStepTimer, step_before_run
from pellucid.summary.writer import FileWriterCache
from pellucid.training.training_util import get_global_step


class LoggingTensorHook(SessionRunHook):
    """Writes values of tensors to the log, tf.logging.info.

    Args:
      tensors: {tag: Tensor or name}, or a list of names.
      every_n_iter: int, how many runs lie between.
      every_n_secs: float, how many seconds lie between; one of both is given, or at_end.
      at_end: bool, also (or only) at the end.
      formatter: function from {tag: value} to the text.

    As in TF: tf.train.LoggingTensorHook.
    """

    def __init__(self, tensors, every_n_iter=None, every_n_secs=None, at_end=False,
                 formatter=None):
        only_at_end = at_end and every_n_iter is None and every_n_secs is None
        if not only_at_end and (every_n_iter is None) == (every_n_secs is None):
            raise ValueError("either at_end and/or exactly one of every_n_iter and every_n_secs "
                             "must be provided.")
        if every_n_iter is not None and every_n_iter <= 0:
            raise ValueError(f"invalid every_n_iter={every_n_iter}.")
        self._tags = sorted(tensors) if isinstance(tensors, dict) else list(tensors)
        self._tensors = tensors if isinstance(tensors, dict) else {t: t for t in tensors}
        self._formatter, self._at_end = formatter, at_end
        self._timer = NeverTriggerTimer() if only_at_end else SecondOrStepTimer(
            every_n_secs, every_n_iter)

    def begin(self):
        self._timer.reset()
        self._runs = 0
        self._current = {tag: _element(tensor) for tag, tensor in self._tensors.items()}

    def before_run(self, run_context):
        self._due = self._timer.should_trigger_for_step(self._runs)
        return SessionRunArgs(self._current) if self._due else None

    def after_run(self, run_context, run_values):
        if self._due:
            self._log(run_values.results)
        self._runs += 1

    def end(self, session):
        if self._at_end:
            self._log(session.run(self._current))

    def _log(self, values):
        seconds, _ = self._timer.update_last_triggered_step(self._runs)
        with np.printoptions(suppress=True):
            text = self._formatter(values) if self._formatter else ", ".join(
                [f"{tag} = {values[tag]}" for tag in self._tags])
        if seconds is not None and not self._formatter:
            text += f" ({seconds:.3f} sec)"
        log.info("%s", text)


def _element(tensor):
    graph = get_default_graph()
    if not isinstance(tensor, str):
        if getattr(tensor, "graph", None) is not graph:
            raise ValueError(f"Passed {tensor} should have graph attribute that is equal to "
                             f"current graph {graph}.")
        return tensor
    if ":" in tensor:
        return graph.as_graph_element(tensor)
    op = graph.get_operation_by_name(tensor)
    if len(op.outputs) > 1:
        raise ValueError(f"Name {tensor} is ambiguous, as this `Operation` has multiple outputs "
                         "(at least 2).")
    return graph.as_graph_element(tensor + ":0")


class _WriterHook(SessionRunHook):
    """What the hooks that write to an event file share."""

    def __init__(self, timer, output_dir, summary_writer):
        self._timer, self._output_dir, self._writer = timer, output_dir, summary_writer

    def begin(self):
        if self._writer is None and self._output_dir:
            self._writer = FileWriterCache.get(self._output_dir)
        self._step = step_before_run()


class StepCounterHook(_WriterHook):
    """Says how many steps are done in a second, in the log and as a summary.

    Args:
      every_n_steps: int, how many steps lie between.
      every_n_secs: float, how many seconds lie between; exactly one of both is given.
      output_dir: str, where to write an event file.
      summary_writer: FileWriter, in place of output_dir.

    As in TF: tf.train.StepCounterHook.
    """

    def __init__(self, every_n_steps=100, every_n_secs=None, output_dir=None,
                 summary_writer=None):
        if (every_n_steps is None) == (every_n_secs is None):
            raise ValueError("exactly one of every_n_steps and every_n_secs should be provided.")
        super().__init__(SecondOrStepTimer(every_n_secs, every_n_steps), output_dir,
                         summary_writer)
        self._last = None

    def begin(self):
        super().begin()
        self._tag = get_global_step().op.name + "/sec"

    def before_run(self, run_context):
        return SessionRunArgs(self._step)

    def after_run(self, run_context, run_values):
        before = run_values.results
        if self._timer.should_trigger_for_step(before + 1):
            step = run_context.session.run(self._step)
            if self._timer.should_trigger_for_step(step):
                seconds, steps = self._timer.update_last_triggered_step(step)
                if seconds is not None:
                    self._report(steps / max(seconds, 1e-9), step)
        if before == self._last:
            log.log_first_n(
                log.WARN, "It seems that global step (tf.train.get_global_step) has not been "
                "increased: it is %s. Pass it to Optimizer.minimize or apply_gradients.", 5,
                before)
        self._last = before

    def _report(self, speed, step):
        if self._writer is not None:
            summary = message("Summary")()
            summary.value.add(tag=self._tag, simple_value=speed)
            self._writer.add_summary(summary, step)
        log.info("%s: %g", self._tag, speed)


class SummarySaverHook(_WriterHook):
    """Writes summaries to an event file.

    Args:
      save_steps: int, how many steps lie between.
      save_secs: float, how many seconds lie between; exactly one of both is given.
      output_dir: str, where to write.
      summary_writer: FileWriter, in place of output_dir.
      scaffold: Scaffold, whose summary_op to run.
      summary_op: Tensor or list of them, in place of scaffold.

    As in TF: tf.train.SummarySaverHook.
    """

    def __init__(self, save_steps=None, save_secs=None, output_dir=None, summary_writer=None,
                 scaffold=None, summary_op=None):
        if (scaffold is None) == (summary_op is None):
            raise ValueError("Exactly one of scaffold or summary_op must be provided.")
        super().__init__(SecondOrStepTimer(save_secs, save_steps), output_dir, summary_writer)
        self._scaffold, self._summary_op = scaffold, summary_op

    def begin(self):
        super().begin()
        self._next = None

    def before_run(self, run_context):
        self._due = self._next is None or self._timer.should_trigger_for_step(self._next)
        fetches = {"step": self._step}
        if self._due and self._summaries():
            fetches["summaries"] = self._summaries()
        return SessionRunArgs(fetches)

    def _summaries(self):
        found = self._summary_op if self._scaffold is None else self._scaffold.summary_op
        return found if isinstance(found, list) or found is None else [found]

    def after_run(self, run_context, run_values):
        if not self._writer:
            return
        step = run_values.results["step"] + 1
        if self._due:
            step = run_context.session.run(self._step)
        if self._next is None:
            log_type = message("SessionLog")
            self._writer.add_session_log(log_type(status=log_type.START), step)
        if self._due:
            self._timer.update_last_triggered_step(step)
            for summary in run_values.results.get("summaries", ()):
                self._writer.add_summary(summary, step)
        self._next = step + 1

    def end(self, session=None):
        if self._writer:
            self._writer.flush()


class ProfilerHook(_WriterHook):
    """Records runs now and then: the times of the nodes, for TensorBoard's graph page and Chrome.

    Args:
      save_steps: int, how many steps lie between.
      save_secs: float, how many seconds lie between; exactly one of both is given.
      output_dir: str, where to write the event file, and beside it timeline-STEP.json.
      show_dataflow, show_memory: bool, as in Timeline.generate_chrome_trace_format.

    As in TF: tf.train.ProfilerHook.
    """

    def __init__(self, save_steps=None, save_secs=None, output_dir="", show_dataflow=True,
                 show_memory=False):
        super().__init__(SecondOrStepTimer(save_secs, save_steps), output_dir or os.curdir, None)
        self._output_file = os.path.join(output_dir, "timeline-{}.json")
        self._shown = {"show_dataflow": show_dataflow, "show_memory": show_memory}

    def begin(self):
        super().begin()
        self._next = None

    def before_run(self, run_context):
        self._due = self._next is not None and self._timer.should_trigger_for_step(self._next)
        options = RunOptions(trace_level=RunOptions.FULL_TRACE) if self._due else None
        return SessionRunArgs(self._step, options=options)

    def after_run(self, run_context, run_values):
        before = run_values.results
        if self._next is None:
            self._timer.update_last_triggered_step(before)
        step = before + 1
        if self._due:
            step = run_context.session.run(self._step)
            self._timer.update_last_triggered_step(step)
            self._writer.add_run_metadata(run_values.run_metadata, f"step_{step}", step)
            self._save(step, run_values.run_metadata.step_stats)
        self._next = step + 1

    def _save(self, step, step_stats):
        path = self._output_file.format(step)
        log.info("Saving timeline for %d into '%s'.", step, path)
        trace = Timeline(step_stats).generate_chrome_trace_format(**self._shown)
        write_file(path, trace.encode())
