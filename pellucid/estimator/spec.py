"""What a model_fn is called for, and what it returns. Read estimator.py first."""

from collections import namedtuple

from pellucid.core.graph import get_default_graph
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.tensor import Tensor
from pellucid.core.variable import Variable
from pellucid.ops.arrays.shaping import reshape


class ModeKeys:
    """What a model_fn is called for. As in TF: tf.estimator.ModeKeys."""

    TRAIN = "train"
    EVAL = "eval"
    PREDICT = "infer"


_FIELDS = ("mode", "predictions", "loss", "train_op", "eval_metric_ops", "export_outputs",
           "training_chief_hooks", "training_hooks", "scaffold", "evaluation_hooks",
           "prediction_hooks")


class EstimatorSpec(namedtuple("EstimatorSpec", _FIELDS)):
    """The operations of a model, as a model_fn returns them.

    Args:
      mode: one of ModeKeys.
      predictions: Tensor or {name: Tensor}; what PREDICT needs.
      loss: Tensor, a scalar; what TRAIN and EVAL need.
      train_op: Operation that does one step and counts it; what TRAIN needs.
      eval_metric_ops: {name: (value Tensor, update Operation)}, as tf.metrics returns them.
      export_outputs: {name: ExportOutput}, for a SavedModel.
      training_hooks, training_chief_hooks, evaluation_hooks, prediction_hooks: lists of
        SessionRunHook.
      scaffold: tf.train.Scaffold.

    Raises ValueError or TypeError where something that the mode needs is missing or wrong.
    As in TF: tf.estimator.EstimatorSpec.
    """

    def __new__(cls, mode, predictions=None, loss=None, train_op=None, eval_metric_ops=None,
                export_outputs=None, training_chief_hooks=None, training_hooks=None,
                scaffold=None, evaluation_hooks=None, prediction_hooks=None):
        if mode not in ("train", "eval", "infer"):
            raise ValueError(f"mode {mode!r} is not one of tf.estimator.ModeKeys.")
        for needed_by, name, value in (("train", "train_op", train_op), ("train", "loss", loss),
                                       ("eval", "loss", loss),
                                       ("infer", "predictions", predictions)):
            if mode == needed_by and value is None:
                raise ValueError(f"Missing {name}.")
        hooks = {"training_chief_hooks": training_chief_hooks, "training_hooks": training_hooks,
                 "evaluation_hooks": evaluation_hooks, "prediction_hooks": prediction_hooks}
        for name, given in hooks.items():
            hooks[name] = _checked_hooks(name, given)
        _check_train_op(train_op)
        return super().__new__(
            cls, mode, _checked_predictions(predictions), _scalar(loss), train_op,
            _checked_metrics(eval_metric_ops), export_outputs, scaffold=scaffold, **hooks)


def _scalar(loss):
    if loss is None:
        return None
    loss = convert_to_tensor(loss)
    if loss.shape.num_elements() not in (None, 1):
        raise ValueError(f"Loss must be scalar, given: {loss}")
    if loss.shape.ndims != 0:
        loss = reshape(loss, [])
    _check_graph(loss, "loss")
    return loss


def _checked_predictions(predictions):
    if predictions is None:
        return {}
    if isinstance(predictions, dict):
        for name, tensor in predictions.items():
            if not isinstance(tensor, Tensor | Variable):
                raise TypeError(f"predictions[{name!r}] must be Tensor, given: {tensor!r}")
            _check_graph(tensor, f"predictions[{name!r}]")
    elif not isinstance(predictions, Tensor):
        raise TypeError(f"predictions must be Tensor or a dict of them, given: {predictions!r}")
    return predictions


def _checked_metrics(metrics):
    if metrics is None:
        return {}
    if not isinstance(metrics, dict):
        raise TypeError(f"eval_metric_ops must be a dict, given: {metrics!r}")
    for name, pair in metrics.items():
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise TypeError("Values of eval_metric_ops must be (metric_value, update_op) tuples, "
                            f"given: {pair!r} for key: {name}")
    return metrics


def _checked_hooks(name, hooks):
    from pellucid.running.session_run_hook import SessionRunHook
    for hook in hooks or ():
        if not isinstance(hook, SessionRunHook):
            raise TypeError(f"{name}: all hooks must be SessionRunHook instances, given: {hook!r}")
    return list(hooks or ())


def _check_train_op(train_op):
    if train_op is not None and not isinstance(train_op, Operation | Tensor | Variable):
        raise TypeError(f"train_op must be Operation or Tensor, given: {train_op!r}")


def _check_graph(tensor, what):
    if tensor.graph is not get_default_graph():
        raise ValueError(f"{what} with {tensor.name!r} must be from the default graph. Possible "
                         "causes of this error include: it was created outside of model_fn.")
