"""Estimator: from a model_fn to a model that is trained, evaluated and asked.

    def model_fn(features, labels, mode, params):
        ...
        return tf.estimator.EstimatorSpec(mode, predictions, loss, train_op)

    estimator = tf.estimator.Estimator(model_fn, "model_dir", params={"rate": 0.1})
    estimator.train(input_fn, steps=1000)

Each call builds a graph of its own, and the checkpoints in model_dir are what passes from one to
the next. Read next: spec.py, run_config.py, then the ready-made models in canned.py.
"""

import copy
import inspect
import os
import tempfile

import numpy as np

from pellucid.core import errors
from pellucid.core.graph import Graph, GraphKeys
from pellucid.estimator.run_config import RunConfig
from pellucid.estimator.spec import EstimatorSpec, ModeKeys
from pellucid.interchange.checkpoints import (
    latest_checkpoint,
    list_variables,
    load_checkpoint,
    load_variable,
)
from pellucid.metrics.streaming import mean
from pellucid.ops.control.waiting import group
from pellucid.ops.random.draws import set_random_seed
from pellucid.platform import log
from pellucid.running.monitored_session import (
    ChiefSessionCreator,
    MonitoredSession,
    MonitoredTrainingSession,
)
from pellucid.running.saving import CheckpointSaverHook
from pellucid.running.scaffold import Scaffold
from pellucid.running.session_run_hook import SessionRunHook
from pellucid.running.stopping import FinalOpsHook, NanTensorHook, StopAtStepHook
from pellucid.running.watching import LoggingTensorHook
from pellucid.summary.scalars import scalar
from pellucid.training.from_checkpoint import init_from_checkpoint
from pellucid.training.saver import Saver
from pellucid.training.training_util import create_global_step


class Estimator:
    """A model that is trained, evaluated and asked. As in TF: tf.estimator.Estimator.

    Args:
      model_fn: function(features, labels, mode, params, config) that builds the model and
        returns an EstimatorSpec; labels, mode, params and config only if it names them.
      model_dir: str, where checkpoints and summaries go; a temporary folder by default.
      config: RunConfig.
      params: dict, handed to model_fn.
      warm_start_from: checkpoint, or a directory of them, whose tensors of the same names the
        trainable variables start with.
    """

    def __init__(self, model_fn, model_dir=None, config=None, params=None, warm_start_from=None):
        if model_fn is None:
            raise ValueError("model_fn must be provided to Estimator.")
        accepted = _arguments(model_fn)
        if "features" not in accepted and accepted is not _ANY:
            raise ValueError("model_fn must include features argument.")
        if params is not None and "params" not in accepted:
            raise ValueError(f"model_fn ({model_fn}) does not include params argument, but params "
                             "is passed to Estimator.")
        self._model_fn, self._params = model_fn, copy.deepcopy(params or {})
        self._warm_start_from = warm_start_from
        config = RunConfig() if config is None else config
        if isinstance(config, dict) or not hasattr(config, "save_checkpoints_steps"):
            raise ValueError(f"config must be an instance of `RunConfig`, but provided {config}.")
        if model_dir and config.model_dir and model_dir != config.model_dir:
            raise ValueError(f"`model_dir` are set both in constructor and `RunConfig`, but with "
                             f"different values: {model_dir!r}, {config.model_dir!r}")
        chosen = model_dir or config.model_dir
        if not chosen:
            chosen = tempfile.mkdtemp()
            log.warning("Using temporary folder as model directory: %s", chosen)
        self._config = config.replace(model_dir=os.fspath(chosen))

    @property
    def model_dir(self):
        """str, where checkpoints and summaries are."""
        return self._config.model_dir

    @property
    def config(self):
        """The RunConfig."""
        return copy.copy(self._config)

    @property
    def params(self):
        """A copy of the dict that model_fn gets."""
        return copy.deepcopy(self._params)

    @property
    def model_fn(self):
        """function(features, labels, mode, config)."""
        return lambda features, labels, mode, config: self._call_model_fn(features, labels, mode)

    def latest_checkpoint(self):
        """The path of the latest checkpoint, or None."""
        return latest_checkpoint(self.model_dir)

    def get_variable_names(self):
        """List of the names in the latest checkpoint. ValueError if there is none."""
        self._trained()
        return [name for name, _ in list_variables(self.model_dir)]

    def get_variable_value(self, name):
        """A variable's value in the latest checkpoint, an array. ValueError if there is none."""
        self._trained()
        return load_variable(self.model_dir, name)

    def _trained(self):
        path = self.latest_checkpoint()
        if not path:
            raise ValueError("Estimator has not been trained yet.")
        return path

    def eval_dir(self, name=None):
        """str, where the summaries of evaluations go."""
        return os.path.join(self.model_dir, f"eval_{name}" if name else "eval")

    # -- training --------------------------------------------------------------------------

    def train(self, input_fn, hooks=None, steps=None, max_steps=None, saving_listeners=None):
        """Trains until the input ends, or steps are done. Returns the Estimator.

        Args:
          input_fn: function() that returns (features, labels), Tensors or dicts of them, or a
            tf.data.Dataset of such.
          hooks: list of SessionRunHook.
          steps: int, how many steps from where it stands.
          max_steps: int, up to which step; nothing is done if it stands there.
          saving_listeners: list of CheckpointSaverListener.

        Raises tf.train.NanLossDuringTrainingError (NanTensorHook's) if the loss becomes NaN.
        """
        if steps is not None and max_steps is not None:
            raise ValueError("Can not provide both steps and max_steps.")
        for name, number in (("steps", steps), ("max_steps", max_steps)):
            if number is not None and number <= 0:
                raise ValueError(f"Must specify {name} > 0, given: {number}")
        if max_steps is not None and self._steps_done() >= max_steps:
            log.info("Skipping training since max_steps has already saved.")
            return self
        hooks = _checked_hooks(hooks)
        if steps is not None or max_steps is not None:
            hooks.append(StopAtStepHook(steps, max_steps))
        with Graph().as_default():
            set_random_seed(self._config.tf_random_seed)
            global_step = create_global_step()
            features, labels, input_hooks = self._inputs(input_fn, ModeKeys.TRAIN)
            spec = self._call_model_fn(features, labels, ModeKeys.TRAIN)
            loss = self._run_training(spec, global_step, hooks + input_hooks, saving_listeners)
        log.info("Loss for final step: %s.", loss)
        return self

    def _steps_done(self):
        path = self.latest_checkpoint()
        if path is None:
            return 0
        reader = load_checkpoint(path)
        return int(reader.get_tensor("global_step")) if reader.has_tensor("global_step") else 0

    def _run_training(self, spec, global_step, hooks, saving_listeners):
        """The loop; returns the loss of the last step."""
        config = self._config
        if self._warm_start_from is not None and self.latest_checkpoint() is None:
            _warm_start(self._warm_start_from)
        graph = spec.loss.graph
        if not any(summary.op.name == "loss"
                   for summary in graph.get_collection(GraphKeys.SUMMARIES)):
            scalar("loss", spec.loss)
        graph.add_to_collection(GraphKeys.LOSSES, spec.loss)
        hooks += [NanTensorHook(spec.loss), *spec.training_hooks]
        if config.log_step_count_steps:
            hooks.append(LoggingTensorHook({"loss": spec.loss, "step": global_step},
                                           every_n_iter=config.log_step_count_steps))
        scaffold = self._scaffold(spec)
        chief_hooks = list(spec.training_chief_hooks)
        if not any(isinstance(hook, CheckpointSaverHook) for hook in hooks + chief_hooks):
            often = config.save_checkpoints_secs, config.save_checkpoints_steps
            chief_hooks.append(CheckpointSaverHook(
                self.model_dir, *(often if any(often) else (None, 2 ** 62)), scaffold=scaffold,
                listeners=saving_listeners))
        elif saving_listeners:
            raise ValueError("saving_listeners: give them to the CheckpointSaverHook among the "
                             "hooks.")
        loss = None
        with MonitoredTrainingSession(
                checkpoint_dir=self.model_dir, scaffold=scaffold, hooks=hooks,
                chief_only_hooks=chief_hooks, save_checkpoint_secs=0,
                save_summaries_steps=config.save_summary_steps, config=config.session_config,
                log_step_count_steps=config.log_step_count_steps) as session:
            while not session.should_stop():
                _, loss = session.run([spec.train_op, spec.loss])
        return loss

    def _scaffold(self, spec):
        scaffold = spec.scaffold or Scaffold()
        graph = spec.loss.graph
        if scaffold.saver is None and not graph.get_collection(GraphKeys.SAVERS):
            scaffold.saver = Saver(
                max_to_keep=self._config.keep_checkpoint_max, defer_build=True, allow_empty=True,
                keep_checkpoint_every_n_hours=self._config.keep_checkpoint_every_n_hours)
            graph.add_to_collection(GraphKeys.SAVERS, scaffold.saver)
        return scaffold

    # -- evaluating ------------------------------------------------------------------------

    def evaluate(self, input_fn, steps=None, hooks=None, checkpoint_path=None, name=None):
        """The metrics over an input: {name: number}, with "loss" and "global_step".

        Args:
          input_fn: as in train.
          steps: int, how many batches; until the input ends where left out.
          hooks: list of SessionRunHook.
          checkpoint_path: str; the latest by default.
          name: str, the evaluation's name, part of the name of its folder of summaries.
        """
        if steps is not None and steps <= 0:
            raise ValueError(f"Must specify steps > 0, given: {steps}")
        hooks = _checked_hooks(hooks)
        path = checkpoint_path or self.latest_checkpoint()
        if not path:
            log.info("Could not find trained model in model_dir: %s, running initialization to "
                     "evaluate.", self.model_dir)
        with Graph().as_default():
            set_random_seed(self._config.tf_random_seed)
            global_step = create_global_step()
            features, labels, input_hooks = self._inputs(input_fn, ModeKeys.EVAL)
            spec = self._call_model_fn(features, labels, ModeKeys.EVAL)
            metrics = dict(spec.eval_metric_ops)
            if "loss" in metrics:
                raise ValueError('Metric with name "loss" is not allowed, because Estimator '
                                 "already defines a default metric with the same name.")
            metrics["loss"] = mean(spec.loss)
            values = {key: value for key, (value, _) in metrics.items()}
            values["global_step"] = global_step
            final = FinalOpsHook(values)
            update = group(*(update for _, update in metrics.values()))
            creator = ChiefSessionCreator(
                scaffold=spec.scaffold, config=self._config.session_config,
                checkpoint_filename_with_path=path)
            all_hooks = [*hooks, *input_hooks, *spec.evaluation_hooks, final]
            done = 0
            with MonitoredSession(creator, all_hooks) as session:
                while not session.should_stop() and (steps is None or done < steps):
                    session.run(update)
                    done += 1
            results = final.final_ops_values
        shown = ", ".join(f"{key} = {results[key]}" for key in sorted(results))
        log.info("Saving dict for global step %d: %s", results["global_step"], shown)
        _summarize(self.eval_dir(name), results)
        return results

    # -- asking ----------------------------------------------------------------------------

    def predict(self, input_fn, predict_keys=None, hooks=None, checkpoint_path=None,
                yield_single_examples=True):
        """Yields the predictions for each example of an input.

        Args:
          input_fn: as in train; labels are not looked at.
          predict_keys: list of str, which of the predictions; all by default.
          hooks: list of SessionRunHook.
          checkpoint_path: str; the latest by default.
          yield_single_examples: False yields those of a batch at once.
        """
        hooks = _checked_hooks(hooks)
        path = checkpoint_path or self.latest_checkpoint()
        if not path:
            log.info("Could not find trained model in model_dir: %s, running initialization to "
                     "predict.", self.model_dir)
        with Graph().as_default():
            set_random_seed(self._config.tf_random_seed)
            create_global_step()
            features, _, input_hooks = self._inputs(input_fn, ModeKeys.PREDICT)
            spec = self._call_model_fn(features, None, ModeKeys.PREDICT)
            predictions = _chosen(spec.predictions, predict_keys)
            creator = ChiefSessionCreator(
                scaffold=spec.scaffold, config=self._config.session_config,
                checkpoint_filename_with_path=path)
            session = MonitoredSession(creator, [*hooks, *input_hooks, *spec.prediction_hooks])
        try:                                # no graph is the default while the caller works
            while not session.should_stop():
                try:
                    batch = session.run(predictions)
                except errors.OutOfRangeError:
                    break
                yield from _examples(batch) if yield_single_examples else [batch]
        finally:
            session.close()

    # -- the model and its input -----------------------------------------------------------

    def _call_model_fn(self, features, labels, mode):
        accepted = _arguments(self._model_fn)
        options = {"mode": mode, "params": self._params_for(mode), "config": self.config,
                   "labels": labels}
        if "labels" not in accepted and labels is not None:
            raise ValueError("model_fn does not take labels, but input_fn returns labels.")
        spec = self._model_fn(features=features, **{
            key: value for key, value in options.items() if key in accepted})
        return self._checked_spec(spec)

    def _params_for(self, mode):
        """The params that model_fn and input_fn get."""
        return self.params

    def _checked_spec(self, spec):
        """What model_fn returned, as an EstimatorSpec. ValueError if it is none."""
        if not isinstance(spec, EstimatorSpec):
            raise ValueError("model_fn should return an EstimatorSpec.")
        return spec

    def _inputs(self, input_fn, mode):
        """(features, labels, hooks) of what input_fn returns."""
        accepted = _arguments(input_fn)
        options = {"mode": mode, "params": self._params_for(mode), "config": self.config}
        if accepted is _ANY:
            accepted = ()
        given = input_fn(**{key: value for key, value in options.items() if key in accepted})
        hooks = []
        if hasattr(given, "make_initializable_iterator"):              # a tf.data.Dataset
            iterator = given.make_initializable_iterator()
            hooks.append(_Initialize(iterator.initializer))
            given = iterator.get_next()
        if isinstance(given, list | tuple) and len(given) != 2 and mode != ModeKeys.PREDICT:
            raise ValueError("input_fn should return (features, labels) as a len 2 tuple.")
        if isinstance(given, tuple | list):
            return given[0], given[1] if len(given) > 1 else None, hooks
        return given, None, hooks

    # -- exporting -------------------------------------------------------------------------

    def export_saved_model(self, export_dir_base, serving_input_receiver_fn, assets_extra=None,
                           as_text=False, checkpoint_path=None):
        """Writes a SavedModel into a new folder of export_dir_base; see saved_models.py."""
        from pellucid.estimator.saved_models import export
        return export(self, export_dir_base, serving_input_receiver_fn, assets_extra, as_text,
                      checkpoint_path)

    export_savedmodel = export_saved_model


_ANY = frozenset(("features", "labels", "mode", "params", "config"))


def _arguments(function):
    """The names of the arguments that a function can be given; _ANY if it takes all."""
    parameters = inspect.signature(function).parameters.values()
    if any(p.kind is p.VAR_KEYWORD for p in parameters):
        return _ANY
    return frozenset(p.name for p in parameters if p.kind is not p.VAR_POSITIONAL)


class _Initialize(SessionRunHook):
    """Starts a data set's iterator in each new session."""

    def __init__(self, initializer):
        self._initializer = initializer

    def after_create_session(self, session, coord):
        session.run(self._initializer)


def _checked_hooks(hooks):
    hooks = list(hooks or ())
    for hook in hooks:
        if not isinstance(hook, SessionRunHook):
            raise TypeError(f"All hooks must be SessionRunHook instances, given: {hook}")
    return hooks


def _warm_start(path):
    """Trainable variables start with the tensors of their names."""
    from pellucid.ops.state.variables import trainable_variables
    reader = load_checkpoint(path)
    names = [v.op.name for v in trainable_variables() if reader.has_tensor(v.op.name)]
    init_from_checkpoint(path, {name: name for name in names})


def _chosen(predictions, keys):
    if not keys:
        return predictions
    if not isinstance(predictions, dict):
        raise ValueError("predict_keys argument is not valid in case of non-dict predictions.")
    chosen = {key: value for key, value in predictions.items() if key in keys}
    if not chosen:
        raise ValueError(f"Expected to run at least one output from {list(predictions)}, provided "
                         f"{keys}.")
    return chosen


def _examples(batch):
    """What a batch says of each example."""
    if not isinstance(batch, dict):
        yield from batch
        return
    sizes = {len(value) if np.ndim(value) else None for value in batch.values()}
    if len(sizes) != 1 or None in sizes:
        raise ValueError("Batch length of predictions should be same. "
                         f"{ {key: np.shape(value) for key, value in batch.items()} }: use "
                         "yield_single_examples=False.")
    for i in range(sizes.pop()):
        yield {key: value[i] for key, value in batch.items()}


def _summarize(folder, results):
    """Writes the results of an evaluation as a summary."""
    from pellucid.interchange.messages import message
    from pellucid.summary.writer import FileWriter
    summary = message("Summary")()
    for key, value in results.items():
        if key != "global_step" and np.ndim(value) == 0 and np.asarray(value).dtype.kind in "fiu":
            summary.value.add(tag=key, simple_value=float(value))
    with FileWriter(folder) as writer:
        writer.add_summary(summary, results["global_step"])


