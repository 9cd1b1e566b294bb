"""Heads: from logits and labels to losses, predictions and metrics.

What the ready-made models have in common behind their logits. Names of losses, predictions and
metrics are TensorFlow's. Read next: canned.py.
"""

from pellucid.core import dtypes
from pellucid.core.operation import convert_to_tensor
from pellucid.estimator.spec import EstimatorSpec, ModeKeys
from pellucid.losses.reduction import Reduction, compute_weighted_loss, get_regularization_losses
from pellucid.metrics.counting import auc, precision, recall
from pellucid.metrics.streaming import accuracy, mean
from pellucid.ops.arguments import name_scope
from pellucid.ops.arrays.creation import ones_like, range_, zeros_like
from pellucid.ops.arrays.joining import concat
from pellucid.ops.arrays.shaping import expand_dims, reshape, shape
from pellucid.ops.arrays.tiling import tile
from pellucid.ops.math.casting import cast
from pellucid.ops.math.elementwise import add_n, maximum, square
from pellucid.ops.math.functions import sigmoid
from pellucid.ops.math.positions import argmax
from pellucid.ops.neural.cross_entropy import (
    sigmoid_cross_entropy_with_logits,
    sparse_softmax_cross_entropy_with_logits,
)
from pellucid.ops.neural.softmax import softmax
from pellucid.ops.text.numbers import as_string
from pellucid.summary.scalars import scalar


class Head:
    """What a model does with its logits.

    Args:
      logits_dimension: int, how many logits an example has.
      weight_column: name of a feature, or a numeric column, the weights of the examples.
      label_vocabulary: list of str, what labels are called; numbers where left out.
      loss_reduction: tf.losses.Reduction.
    """

    def __init__(self, logits_dimension, weight_column=None, label_vocabulary=None,
                 loss_reduction=Reduction.SUM):
        self.logits_dimension, self.weight_column = logits_dimension, weight_column
        self.label_vocabulary = label_vocabulary
        self.loss_reduction = loss_reduction

    def spec(self, features, mode, logits, labels, train_op_fn, scope):
        """The EstimatorSpec; train_op_fn(loss) makes the training operation.

        All is built in a name scope of that name, as are the variables of some optimizers.
        """
        with name_scope(scope):
            predictions = self.predictions(logits)
            if mode == ModeKeys.PREDICT:
                return EstimatorSpec(mode, predictions,
                                     export_outputs=self.export_outputs(predictions))
            labels = self.labels(labels, logits)
            weights = self.weights(features, logits)
            losses = self.losses(labels, logits)
            data_loss = compute_weighted_loss(losses, weights, reduction=self.loss_reduction)
            regularization = get_regularization_losses()
            loss = data_loss if not regularization else add_n([data_loss, *regularization])
            if mode == ModeKeys.EVAL:
                metrics = {"average_loss": mean(losses, weights),
                           **self.metrics(labels, logits, predictions, weights)}
                return EstimatorSpec(mode, predictions, loss, eval_metric_ops=metrics)
            train_op = train_op_fn(loss)
        with name_scope(None):
            scalar("loss", loss)
        return EstimatorSpec(mode, predictions, loss, train_op)

    def labels(self, labels, logits):
        """The labels as an (n, 1) or (n, d) tensor of the type that the loss needs."""
        if labels is None:
            raise ValueError("You must provide a labels Tensor. Given: None.")
        if isinstance(labels, dict):
            raise ValueError("labels must be one Tensor, not a dict: this model has one output.")
        labels = convert_to_tensor(labels)
        if labels.shape.ndims == 1:
            labels = expand_dims(labels, -1)
        if self.label_vocabulary:
            from pellucid.ops.text.vocabularies import index_table_from_tensor
            if labels.dtype != dtypes.string:
                raise ValueError("Labels dtype should be string if there is a vocabulary. "
                                 f"Instead got {labels.dtype}")
            labels = index_table_from_tensor(self.label_vocabulary).lookup(labels)
        return labels

    def weights(self, features, logits):
        """The examples' weights (n, 1), or 1."""
        if self.weight_column is None:
            return 1.0
        key = getattr(self.weight_column, "key", self.weight_column)
        weights = cast(convert_to_tensor(features[key]), dtypes.float32)
        return expand_dims(weights, -1) if weights.shape.ndims == 1 else weights

    def _classes(self, class_ids, logits, count):
        """predictions of classes: the chosen one's name, and all ids and names."""
        if self.label_vocabulary:
            from pellucid.ops.text.vocabularies import index_to_string_table_from_tensor
            classes = index_to_string_table_from_tensor(self.label_vocabulary).lookup(class_ids)
        else:
            classes = as_string(class_ids)
        rows = reshape(shape(logits)[0], [1])
        ids = expand_dims(range_(count), 0)
        names = expand_dims(convert_to_tensor(
            self.label_vocabulary or [str(i) for i in range(count)]), 0)
        each = concat([rows, [1]], 0)
        return {"class_ids": class_ids, "classes": classes, "all_class_ids": tile(ids, each),
                "all_classes": tile(names, each)}


class BinaryHead(Head):
    """Two classes, one logit: sigmoid cross-entropy."""

    def __init__(self, weight_column=None, label_vocabulary=None, loss_reduction=Reduction.SUM):
        super().__init__(1, weight_column, label_vocabulary, loss_reduction)

    def labels(self, labels, logits):
        return cast(super().labels(labels, logits), dtypes.float32)

    def predictions(self, logits):
        """logits, logistic, probabilities, class_ids, classes, ..."""
        both = concat([zeros_like(logits), logits], -1)
        class_ids = expand_dims(argmax(both, -1), -1)
        return {"logits": logits, "logistic": sigmoid(logits), "probabilities": softmax(both),
                **self._classes(class_ids, logits, 2)}

    def export_outputs(self, predictions):
        """What a served model gives."""
        return _of_classes(predictions)

    def losses(self, labels, logits):
        """The loss of each example, (n, 1)."""
        return sigmoid_cross_entropy_with_logits(labels=labels, logits=logits)

    def metrics(self, labels, logits, predictions, weights):
        """What evaluate reports beside the losses."""
        logistic, class_ids = predictions["logistic"], predictions["class_ids"]
        weights = ones_like(logistic) * weights
        label_mean, update = mean(labels, weights)
        baseline = (maximum(label_mean, 1 - label_mean), maximum(update, 1 - update))
        return {
            "accuracy": accuracy(labels, class_ids, weights),
            "precision": precision(labels, class_ids, weights),
            "recall": recall(labels, class_ids, weights),
            "prediction/mean": mean(logistic, weights), "label/mean": (label_mean, update),
            "accuracy_baseline": baseline, "auc": auc(labels, logistic, weights),
            "auc_precision_recall": auc(labels, logistic, weights, curve="PR")}


class MultiClassHead(Head):
    """n classes, n logits: softmax cross-entropy."""

    def labels(self, labels, logits):
        labels = super().labels(labels, logits)
        if not labels.dtype.is_integer:
            raise ValueError(f"Labels dtype should be integer. Instead got {labels.dtype}.")
        return labels

    def predictions(self, logits):
        """logits, probabilities, class_ids, classes, ..."""
        class_ids = expand_dims(argmax(logits, -1), -1)
        return {"logits": logits, "probabilities": softmax(logits),
                **self._classes(class_ids, logits, self.logits_dimension)}

    def export_outputs(self, predictions):
        """What a served model gives."""
        return _of_classes(predictions)

    def losses(self, labels, logits):
        """The loss of each example, (n, 1)."""
        return expand_dims(sparse_softmax_cross_entropy_with_logits(
            labels=labels[:, 0], logits=logits), -1)

    def metrics(self, labels, logits, predictions, weights):
        """What evaluate reports beside the losses."""
        class_ids = predictions["class_ids"]
        weights = ones_like(logits[:, :1]) * weights
        return {"accuracy": accuracy(labels, class_ids, weights)}


def _of_classes(predictions):
    from pellucid.estimator.saved_models import ClassificationOutput, PredictOutput
    chosen = ClassificationOutput(predictions["probabilities"], predictions["all_classes"])
    return {"serving_default": chosen, "classification": chosen,
            "predict": PredictOutput(predictions)}


class RegressionHead(Head):
    """Numbers: squared error."""

    def labels(self, labels, logits):
        return cast(super().labels(labels, logits), dtypes.float32)

    def predictions(self, logits):
        """predictions."""
        return {"predictions": logits}

    def export_outputs(self, predictions):
        """What a served model gives."""
        from pellucid.estimator.saved_models import PredictOutput, RegressionOutput
        value = RegressionOutput(predictions["predictions"])
        return {"serving_default": value, "regression": value,
                "predict": PredictOutput(predictions)}

    def losses(self, labels, logits):
        """The loss of each number, (n, d)."""
        labels.shape.assert_is_compatible_with(logits.shape)
        return square(labels - logits)

    def metrics(self, labels, logits, predictions, weights):
        """What evaluate reports beside the losses."""
        weights = ones_like(logits) * weights
        return {"prediction/mean": mean(predictions["predictions"], weights),
                "label/mean": mean(labels, weights)}


def classification_head(n_classes, weight_column, label_vocabulary, loss_reduction):
    """The Head for n_classes. ValueError for fewer than 2, or a vocabulary of another size."""
    if n_classes < 2:
        raise ValueError(f"n_classes must be > 1 for classification: {n_classes}.")
    if label_vocabulary is not None and len(label_vocabulary) != n_classes:
        raise ValueError(f"label_vocabulary has {len(label_vocabulary)} names for {n_classes} "
                         "classes.")
    if n_classes == 2:
        return BinaryHead(weight_column, label_vocabulary, loss_reduction)
    return MultiClassHead(n_classes, weight_column, label_vocabulary, loss_reduction)
