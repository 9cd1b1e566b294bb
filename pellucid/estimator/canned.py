"""The ready-made models: DNN and linear ones, and both together.

Their variables are called as TensorFlow's: dnn/hiddenlayer_0/kernel, linear/linear_model/x/weights.
Each is a few lines: columns, logits, head, optimizer. Read next: columns.py.
"""

import math

from pellucid.estimator.columns import input_layer, linear_model
from pellucid.estimator.estimator import Estimator
from pellucid.estimator.heads import RegressionHead, classification_head
from pellucid.estimator.spec import ModeKeys
from pellucid.layers.core import Dense, dropout
from pellucid.layers.normalization import batch_normalization
from pellucid.losses.reduction import Reduction
from pellucid.nn.normalization import zero_fraction
from pellucid.ops.control.waiting import group
from pellucid.ops.neural.activations import relu
from pellucid.ops.state.assignment import assign_add
from pellucid.ops.state.initializers import glorot_uniform_initializer
from pellucid.ops.state.variable_scope import variable_scope
from pellucid.ops.state.variables import get_collection
from pellucid.summary.histograms import histogram
from pellucid.summary.scalars import scalar
from pellucid.training.adagrad import AdagradOptimizer
from pellucid.training.adam import AdamOptimizer
from pellucid.training.ftrl import FtrlOptimizer
from pellucid.training.gradient_descent import GradientDescentOptimizer
from pellucid.training.optimizer import Optimizer
from pellucid.training.rmsprop import RMSPropOptimizer
from pellucid.training.training_util import get_global_step

_OPTIMIZERS = {"Adagrad": AdagradOptimizer, "Adam": AdamOptimizer, "Ftrl": FtrlOptimizer,
               "RMSProp": RMSPropOptimizer, "SGD": GradientDescentOptimizer}


def _optimizer(given, rate):
    """An Optimizer, of its name, of a function that makes it, or itself."""
    if isinstance(given, str):
        if given not in _OPTIMIZERS:
            raise ValueError(f"Unsupported optimizer name: {given}. Supported names are: "
                             f"{tuple(sorted(_OPTIMIZERS))}")
        return _OPTIMIZERS[given](learning_rate=rate)
    if callable(given) and not isinstance(given, Optimizer):
        given = given()
    if not isinstance(given, Optimizer):
        raise ValueError(f"The given object is not an Optimizer instance. Given: {given}")
    return given


def _linear_rate(columns, most):
    return min(most, 1 / math.sqrt(len(columns)))


def _dnn_logits(features, mode, units, columns, hidden_units, activation_fn, dropout_rate,
                batch_norm):
    """The logits of a multilayer perceptron, in the scope "dnn"."""
    training = mode == ModeKeys.TRAIN
    with variable_scope("dnn", values=tuple(features.values())):
        with variable_scope("input_from_feature_columns"):
            net = input_layer(features, columns)
        for i, width in enumerate(hidden_units):
            net = Dense(width, activation_fn, kernel_initializer=glorot_uniform_initializer(),
                        name=f"hiddenlayer_{i}")(net)
            if dropout_rate is not None and training:
                net = dropout(net, dropout_rate, training=True)
            if batch_norm:
                net = batch_normalization(net, momentum=0.999, training=training,
                                          name=f"batchnorm_{i}")
            scalar(f"dnn/hiddenlayer_{i}/fraction_of_zero_values", zero_fraction(net))
            histogram(f"dnn/hiddenlayer_{i}/activation", net)
        return Dense(units, kernel_initializer=glorot_uniform_initializer(), name="logits")(net)


def _linear_logits(features, units, columns, combiner):
    """The logits of a linear model, in the scope "linear"."""
    with variable_scope("linear", values=tuple(features.values())):
        return linear_model(features, columns, units, combiner)


def _checked(features):
    if not isinstance(features, dict):
        raise ValueError(f"features should be a dictionary of `Tensor`s. Given type: "
                         f"{type(features)}")
    return features


class _Canned(Estimator):
    """What the ready-made models share: a head, and up to two parts with an optimizer each."""

    def __init__(self, head, model_dir, config, warm_start_from, dnn=None, linear=None):
        def model_fn(features, labels, mode):
            _checked(features)
            parts, logits = [], []
            if dnn is not None:
                rate, optimizer, columns, hidden_units, activation, rate_of_dropout, norm = dnn
                logits.append(_dnn_logits(features, mode, head.logits_dimension, columns,
                                          hidden_units, activation, rate_of_dropout, norm))
                parts.append(("dnn", optimizer, rate))
            if linear is not None:
                rate, optimizer, columns, combiner = linear
                logits.append(_linear_logits(features, head.logits_dimension, columns, combiner))
                parts.append(("linear", optimizer, rate))
            scope = f"{parts[0][0]}/head/" if len(parts) == 1 else "head"
            return head.spec(features, mode, sum(logits[1:], logits[0]), labels,
                             lambda loss: _train_op(loss, parts), scope)
        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)


def _train_op(loss, parts):
    """One step of each part's optimizer on its variables, and one count."""
    if len(parts) == 1:
        (_, optimizer, rate), = parts
        return _with_updates(_optimizer(optimizer, rate), loss, get_global_step(), None)
    steps = [_with_updates(_optimizer(optimizer, rate), loss, None,
                           get_collection("trainable_variables", scope))
             for scope, optimizer, rate in parts]
    with loss.graph.control_dependencies([group(*steps)]):
        return assign_add(get_global_step(), 1).op


def _with_updates(optimizer, loss, global_step, variables):
    updates = get_collection("update_ops")            # batch normalization's moving averages
    with loss.graph.control_dependencies(updates):
        return optimizer.minimize(loss, global_step, variables)


class DNNClassifier(_Canned):
    """A multilayer perceptron that tells classes apart. As in TF: tf.estimator.DNNClassifier.

    Args:
      hidden_units: list of int, the sizes of the hidden layers.
      feature_columns: list of dense columns of tf.feature_column.
      model_dir: str.
      n_classes: int; labels are 0 ... n_classes - 1, or of label_vocabulary.
      weight_column: name of a feature, the weights of the examples.
      label_vocabulary: list of str.
      optimizer: Optimizer, a function that makes one, or "Adagrad", "Adam", "Ftrl", "RMSProp",
        "SGD".
      activation_fn: function(Tensor) -> Tensor of the hidden layers.
      dropout: float, the probability of leaving a unit out in training.
      config: RunConfig.
      warm_start_from: checkpoint, or a directory of them.
      loss_reduction: tf.losses.Reduction of the losses of a batch.
      batch_norm: bool, whether batch normalization follows each hidden layer.
    """

    def __init__(self, hidden_units, feature_columns, model_dir=None, n_classes=2,
                 weight_column=None, label_vocabulary=None, optimizer="Adagrad",
                 activation_fn=relu, dropout=None, input_layer_partitioner=None, config=None,
                 warm_start_from=None, loss_reduction=Reduction.SUM, batch_norm=False):
        _refuse(input_layer_partitioner)
        super().__init__(
            classification_head(n_classes, weight_column, label_vocabulary, loss_reduction),
            model_dir, config, warm_start_from,
            dnn=(0.05, optimizer, feature_columns, hidden_units, activation_fn, dropout,
                 batch_norm))


class DNNRegressor(_Canned):
    """A multilayer perceptron that tells numbers. As in TF: tf.estimator.DNNRegressor.

    Args:
      label_dimension: int, how many numbers.
      All others: as DNNClassifier's.
    """

    def __init__(self, hidden_units, feature_columns, model_dir=None, label_dimension=1,
                 weight_column=None, optimizer="Adagrad", activation_fn=relu, dropout=None,
                 input_layer_partitioner=None, config=None, warm_start_from=None,
                 loss_reduction=Reduction.SUM, batch_norm=False):
        _refuse(input_layer_partitioner)
        super().__init__(
            RegressionHead(label_dimension, weight_column, None, loss_reduction), model_dir,
            config, warm_start_from,
            dnn=(0.05, optimizer, feature_columns, hidden_units, activation_fn, dropout,
                 batch_norm))


class LinearClassifier(_Canned):
    """A linear model that tells classes apart. As in TF: tf.estimator.LinearClassifier.

    Args:
      feature_columns: list of columns of tf.feature_column.
      sparse_combiner: "sum", "mean" or "sqrtn", how several categories of an example add up.
      All others: as DNNClassifier's.
    """

    def __init__(self, feature_columns, model_dir=None, n_classes=2, weight_column=None,
                 label_vocabulary=None, optimizer="Ftrl", config=None, partitioner=None,
                 warm_start_from=None, loss_reduction=Reduction.SUM, sparse_combiner="sum"):
        _refuse(partitioner)
        super().__init__(
            classification_head(n_classes, weight_column, label_vocabulary, loss_reduction),
            model_dir, config, warm_start_from,
            linear=(_linear_rate(feature_columns, 0.2), optimizer, feature_columns,
                    sparse_combiner))


class LinearRegressor(_Canned):
    """A linear model that tells numbers. As in TF: tf.estimator.LinearRegressor.

    Args:
      label_dimension: int, how many numbers.
      All others: as LinearClassifier's.
    """

    def __init__(self, feature_columns, model_dir=None, label_dimension=1, weight_column=None,
                 optimizer="Ftrl", config=None, partitioner=None, warm_start_from=None,
                 loss_reduction=Reduction.SUM, sparse_combiner="sum"):
        _refuse(partitioner)
        super().__init__(
            RegressionHead(label_dimension, weight_column, None, loss_reduction), model_dir,
            config, warm_start_from,
            linear=(_linear_rate(feature_columns, 0.2), optimizer, feature_columns,
                    sparse_combiner))


def _both(linear_columns, linear_optimizer, combiner, dnn_columns, dnn_optimizer, hidden_units,
          activation, rate_of_dropout, batch_norm):
    """The parts of a combined model."""
    if not linear_columns and not dnn_columns:
        raise ValueError("Either linear_feature_columns or dnn_feature_columns must be defined.")
    if dnn_columns and not hidden_units:
        raise ValueError("dnn_hidden_units must be defined when dnn_feature_columns is specified.")
    return {
        "dnn": (0.001, dnn_optimizer, dnn_columns, hidden_units, activation, rate_of_dropout,
                batch_norm) if dnn_columns else None,
        "linear": (_linear_rate(linear_columns, 0.005), linear_optimizer, linear_columns,
                   combiner) if linear_columns else None}


class DNNLinearCombinedClassifier(_Canned):
    """A linear model and a perceptron, whose logits are added ("wide and deep").

    Arguments as LinearClassifier's and DNNClassifier's, with linear_ and dnn_ before them.
    Cheng et al. 2016. As in TF: tf.estimator.DNNLinearCombinedClassifier.
    """

    def __init__(self, model_dir=None, linear_feature_columns=None, linear_optimizer="Ftrl",
                 dnn_feature_columns=None, dnn_optimizer="Adagrad", dnn_hidden_units=None,
                 dnn_activation_fn=relu, dnn_dropout=None, n_classes=2, weight_column=None,
                 label_vocabulary=None, input_layer_partitioner=None, config=None,
                 warm_start_from=None, loss_reduction=Reduction.SUM, batch_norm=False,
                 linear_sparse_combiner="sum"):
        _refuse(input_layer_partitioner)
        super().__init__(
            classification_head(n_classes, weight_column, label_vocabulary, loss_reduction),
            model_dir, config, warm_start_from,
            **_both(linear_feature_columns, linear_optimizer, linear_sparse_combiner,
                    dnn_feature_columns, dnn_optimizer, dnn_hidden_units, dnn_activation_fn,
                    dnn_dropout, batch_norm))


class DNNLinearCombinedRegressor(_Canned):
    """A linear model and a perceptron, whose numbers are added.

    As in TF: tf.estimator.DNNLinearCombinedRegressor.
    """

    def __init__(self, model_dir=None, linear_feature_columns=None, linear_optimizer="Ftrl",
                 dnn_feature_columns=None, dnn_optimizer="Adagrad", dnn_hidden_units=None,
                 dnn_activation_fn=relu, dnn_dropout=None, label_dimension=1, weight_column=None,
                 input_layer_partitioner=None, config=None, warm_start_from=None,
                 loss_reduction=Reduction.SUM, batch_norm=False, linear_sparse_combiner="sum"):
        _refuse(input_layer_partitioner)
        super().__init__(
            RegressionHead(label_dimension, weight_column, None, loss_reduction), model_dir,
            config, warm_start_from,
            **_both(linear_feature_columns, linear_optimizer, linear_sparse_combiner,
                    dnn_feature_columns, dnn_optimizer, dnn_hidden_units, dnn_activation_fn,
                    dnn_dropout, batch_norm))


def _refuse(partitioner):
    if partitioner is not None:
        raise NotImplementedError("partitioner: variables are whole here; leave it out.")
