"""Estimators that were written for TPUs, on the CPU: what tf.contrib.tpu does with use_tpu=False.

    config = tf.contrib.tpu.RunConfig(model_dir="model", tpu_config=tf.contrib.tpu.TPUConfig())
    estimator = tf.contrib.tpu.TPUEstimator(model_fn, config=config, use_tpu=False,
                                            train_batch_size=32)

input_fn and model_fn find the batch size in params["batch_size"]. Everything else is as in
estimator.py; what only a TPU would look at (TPUConfig) is carried along.
"""

from collections import namedtuple

from pellucid.estimator.estimator import Estimator
from pellucid.estimator.run_config import RunConfig as _RunConfig
from pellucid.estimator.spec import EstimatorSpec, ModeKeys
from pellucid.running.session_run_hook import SessionRunArgs, SessionRunHook

_NO_TPU = "there are no TPUs here: pass use_tpu=False, and the model trains on the CPU."


class InputPipelineConfig:
    """How input reaches TPUs. As in TF: tf.contrib.tpu.InputPipelineConfig."""

    PER_SHARD_V1, PER_HOST_V1, PER_HOST_V2, BROADCAST = 1, 2, 3, 4


class TPUConfig(namedtuple("TPUConfig", (
        "iterations_per_loop", "num_shards", "num_cores_per_replica",
        "per_host_input_for_training", "tpu_job_name", "initial_infeed_sleep_secs",
        "input_partition_dims", "eval_training_input_configuration",
        "experimental_host_call_every_n_steps"))):
    """What a TPU would be told; a CPU has no use for it. As in TF: tf.contrib.tpu.TPUConfig."""

    def __new__(cls, iterations_per_loop=2, num_shards=None, num_cores_per_replica=None,
                per_host_input_for_training=True, tpu_job_name=None,
                initial_infeed_sleep_secs=None, input_partition_dims=None,
                eval_training_input_configuration=InputPipelineConfig.PER_HOST_V1,
                experimental_host_call_every_n_steps=1):
        for name, number in (("iterations_per_loop", iterations_per_loop),
                             ("num_shards", num_shards)):
            if number is not None and number < 1:
                raise ValueError(f"{name} must be positive, but is {number}.")
        return super().__new__(
            cls, iterations_per_loop, num_shards, num_cores_per_replica,
            per_host_input_for_training, tpu_job_name, initial_infeed_sleep_secs,
            input_partition_dims, eval_training_input_configuration,
            experimental_host_call_every_n_steps)


class RunConfig(_RunConfig):
    """tf.estimator.RunConfig with a TPUConfig. As in TF: tf.contrib.tpu.RunConfig.

    Args:
      tpu_config: TPUConfig.
      evaluation_master, master: None or "": there is one process.
      cluster: None, likewise.
      others: see tf.estimator.RunConfig.
    """

    def __init__(self, tpu_config=None, evaluation_master=None, master=None, cluster=None,
                 **kwargs):
        for name, value in (("evaluation_master", evaluation_master), ("master", master),
                            ("cluster", cluster)):
            if value:
                raise NotImplementedError(f"RunConfig({name}=...): {_NO_TPU} Leave it out.")
        super().__init__(**kwargs)
        self.tpu_config = tpu_config or TPUConfig()


_FIELDS = ("mode", "predictions", "loss", "train_op", "eval_metrics", "export_outputs",
           "scaffold_fn", "host_call", "training_hooks", "evaluation_hooks", "prediction_hooks")


class TPUEstimatorSpec(namedtuple("TPUEstimatorSpec", _FIELDS)):
    """What the model_fn of a TPUEstimator returns.

    Args:
      eval_metrics: (function, its arguments as a list or dict of Tensors); it returns
        {name: (value, update)}.
      scaffold_fn: function without arguments that returns a tf.train.Scaffold.
      host_call: (function, its arguments); what it returns is run with every step.
      others: see tf.estimator.EstimatorSpec.

    As in TF: tf.contrib.tpu.TPUEstimatorSpec.
    """

    def __new__(cls, mode, predictions=None, loss=None, train_op=None, eval_metrics=None,
                export_outputs=None, scaffold_fn=None, host_call=None, training_hooks=None,
                evaluation_hooks=None, prediction_hooks=None):
        for name, pair in (("eval_metrics", eval_metrics), ("host_call", host_call)):
            if pair is not None:
                _check_call(name, pair)
        return super().__new__(
            cls, mode, predictions, loss, train_op, eval_metrics, export_outputs, scaffold_fn,
            host_call, *(tuple(hooks or ()) for hooks in (
                training_hooks, evaluation_hooks, prediction_hooks)))

    def as_estimator_spec(self):
        """The EstimatorSpec that means the same on a CPU."""
        with_each_step = [] if self.host_call is None else [_HostCall(_called(self.host_call))]
        training, evaluation, prediction = (
            [*hooks, *with_each_step] for hooks in (
                self.training_hooks, self.evaluation_hooks, self.prediction_hooks))
        return EstimatorSpec(
            self.mode, self.predictions, self.loss, self.train_op,
            None if self.eval_metrics is None else _called(self.eval_metrics),
            self.export_outputs, training_hooks=training, evaluation_hooks=evaluation,
            prediction_hooks=prediction,
            scaffold=None if self.scaffold_fn is None else self.scaffold_fn())


def _check_call(name, pair):
    if not isinstance(pair, list | tuple) or len(pair) != 2:
        raise ValueError(f"{name} should be tuple or list of length 2: a function and its "
                         f"arguments, not {pair!r}.")
    if not callable(pair[0]):
        raise TypeError(f"{name}[0] should be callable, not {pair[0]!r}.")
    if not isinstance(pair[1], list | tuple | dict):
        raise ValueError(f"{name}[1] should be a list, a tuple or a dict, not {pair[1]!r}.")


def _called(pair):
    function, arguments = pair
    return function(**arguments) if isinstance(arguments, dict) else function(*arguments)


class _HostCall(SessionRunHook):
    """Runs what a host call returned with every step."""

    def __init__(self, fetches):
        self._fetches = fetches

    def before_run(self, run_context):
        return SessionRunArgs(self._fetches)


_BATCH_SIZE = "batch_size"


class TPUEstimator(Estimator):
    """An Estimator whose model_fn returns a TPUEstimatorSpec (or an EstimatorSpec).

    Args:
      model_fn, model_dir, params, warm_start_from: see tf.estimator.Estimator.
      config: tf.contrib.tpu.RunConfig.
      use_tpu: False; there are no TPUs here.
      train_batch_size, eval_batch_size, predict_batch_size: int, params["batch_size"] of each
        mode.
      batch_axis, eval_on_tpu, export_to_tpu, export_to_cpu: of no concern without a TPU.

    Raises NotImplementedError for use_tpu=True.
    As in TF: tf.contrib.tpu.TPUEstimator.
    """

    def __init__(self, model_fn=None, model_dir=None, config=None, params=None, use_tpu=True,
                 train_batch_size=None, eval_batch_size=None, predict_batch_size=None,
                 batch_axis=None, eval_on_tpu=True, export_to_tpu=True, export_to_cpu=True,
                 warm_start_from=None, embedding_config_spec=None):
        if not isinstance(config, RunConfig):
            raise ValueError("`config` must be provided with type `tf.contrib.tpu.RunConfig`")
        if params is not None and _BATCH_SIZE in params:
            raise ValueError(f"params[{_BATCH_SIZE!r}] is reserved: the batch sizes are arguments "
                             "of TPUEstimator.")
        if use_tpu:
            raise NotImplementedError(f"TPUEstimator: {_NO_TPU}")
        if embedding_config_spec is not None:
            raise NotImplementedError(f"TPUEstimator(embedding_config_spec=...): {_NO_TPU}")
        self._batch_sizes = {ModeKeys.TRAIN: train_batch_size, ModeKeys.EVAL: eval_batch_size,
                             ModeKeys.PREDICT: predict_batch_size}
        super().__init__(model_fn, model_dir, config, params, warm_start_from)

    def _params_for(self, mode):
        size = self._batch_sizes[mode]
        return self.params if size is None else {**self.params, _BATCH_SIZE: size}

    def _checked_spec(self, spec):
        if isinstance(spec, TPUEstimatorSpec):
            spec = spec.as_estimator_spec()
        return super()._checked_spec(spec)
