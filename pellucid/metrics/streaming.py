"""tf.metrics: means over all batches seen since the local variables were initialized.

Each returns (value, update). `value` is the metric so far; `update` adds the current batch, and
is the metric with it. Read next: counting.py.
"""

from pellucid.core import dtypes
from pellucid.core.graph import get_default_graph
from pellucid.core.operation import convert_to_tensor
from pellucid.metrics.variables import FLOAT, aligned, metric_variable, ratio, reported
from pellucid.nn.weights import broadcast_weights
from pellucid.ops.arrays.confusion_matrix import confusion_matrix
from pellucid.ops.arrays.creation import ones_like, zeros_like
from pellucid.ops.arrays.shaping import reshape, size
from pellucid.ops.linalg.diagonals import matrix_diag_part
from pellucid.ops.math.casting import cast
from pellucid.ops.math.comparison import equal, less
from pellucid.ops.math.division import div_no_nan
from pellucid.ops.math.elementwise import abs, maximum, multiply, squared_difference, subtract
from pellucid.ops.math.functions import sqrt
from pellucid.ops.math.reductions import reduce_mean, reduce_sum
from pellucid.ops.math.selection import where
from pellucid.ops.state.assignment import assign_add, scatter_add
from pellucid.ops.state.variable_scope import variable_scope


def mean(values, weights=None, metrics_collections=None, updates_collections=None, name=None):
    """The mean of all values, weighted.

    Args:
      values: Tensor.
      weights: None, or a Tensor: a scalar, or of values' rank with each dimension values' or 1.
      metrics_collections, updates_collections: lists of names of collections that the value,
        the update joins.
      name: str, of the variable scope: its variables are "total" and "count".

    Returns:
      (value, update): scalar float32 Tensors; 0 before anything was counted.

    As in TF: tf.metrics.mean.
    """
    with variable_scope(name, "mean", (values, weights)):
        values = cast(convert_to_tensor(values), FLOAT)
        total, count = metric_variable([], FLOAT, "total"), metric_variable([], FLOAT, "count")
        values, number = _weighed(values, weights)
        new_total = assign_add(total, reduce_sum(values))
        with get_default_graph().control_dependencies([values]):
            new_count = assign_add(count, number)
        return reported(ratio(total, count, "value"), ratio(new_total, new_count, "update_op"),
                        metrics_collections, updates_collections)


def _weighed(values, weights):
    """The values times their weights, and what they count together."""
    if weights is None:
        return values, cast(size(values), FLOAT)
    values, _, weights = aligned(values, None, weights)
    weights = broadcast_weights(cast(weights, FLOAT), values)
    return multiply(values, weights), reduce_sum(weights)


def mean_tensor(values, weights=None, metrics_collections=None, updates_collections=None,
                name=None):
    """The mean, entry by entry, of Tensors of one shape. Arguments as mean's.

    As in TF: tf.metrics.mean_tensor.
    """
    with variable_scope(name, "mean", (values, weights)):
        values = cast(convert_to_tensor(values), FLOAT)
        total = metric_variable(values.shape, FLOAT, "total_tensor")
        count = metric_variable(values.shape, FLOAT, "count_tensor")
        number = ones_like(values)
        if weights is not None:
            values, _, weights = aligned(values, None, weights)
            weights = broadcast_weights(cast(weights, FLOAT), values)
            values, number = multiply(values, weights), multiply(number, weights)
        new_total = assign_add(total, values)
        with get_default_graph().control_dependencies([values]):
            new_count = assign_add(count, number)
        return reported(ratio(total, count, "value"), ratio(new_total, new_count, "update_op"),
                        metrics_collections, updates_collections)


def accuracy(labels, predictions, weights=None, metrics_collections=None,
             updates_collections=None, name=None):
    """How often predictions are equal to the labels.

    Args:
      labels, predictions: Tensors of one shape; the predictions are cast to labels' dtype.
      All others: as mean's.

    As in TF: tf.metrics.accuracy.
    """
    predictions, labels, weights = aligned(predictions, labels, weights)
    if predictions.dtype is not labels.dtype:
        predictions = cast(predictions, labels.dtype)
    correct = cast(equal(predictions, labels), FLOAT)
    return mean(correct, weights, metrics_collections, updates_collections, name or "accuracy")


def percentage_below(values, threshold, weights=None, metrics_collections=None,
                     updates_collections=None, name=None):
    """The fraction (for all its name) of values below the threshold. Arguments as mean's.

    As in TF: tf.metrics.percentage_below.
    """
    below = cast(less(values, threshold), FLOAT)
    return mean(below, weights, metrics_collections, updates_collections,
                name or "percentage_below_threshold")


# -- errors -------------------------------------------------------------------------------

def mean_absolute_error(labels, predictions, weights=None, metrics_collections=None,
                        updates_collections=None, name=None):
    """The mean of |predictions - labels|. Arguments as accuracy's.

    As in TF: tf.metrics.mean_absolute_error.
    """
    predictions, labels, weights = aligned(predictions, labels, weights)
    return mean(abs(predictions - labels), weights, metrics_collections, updates_collections,
                name or "mean_absolute_error")


def mean_squared_error(labels, predictions, weights=None, metrics_collections=None,
                       updates_collections=None, name=None):
    """The mean of (predictions - labels)^2. Arguments as accuracy's.

    As in TF: tf.metrics.mean_squared_error.
    """
    predictions, labels, weights = aligned(predictions, labels, weights)
    return mean(squared_difference(labels, predictions), weights, metrics_collections,
                updates_collections, name or "mean_squared_error")


def root_mean_squared_error(labels, predictions, weights=None, metrics_collections=None,
                            updates_collections=None, name=None):
    """The square root of mean_squared_error. Arguments as accuracy's.

    As in TF: tf.metrics.root_mean_squared_error.
    """
    value, update = mean_squared_error(labels, predictions, weights,
                                       name=name or "root_mean_squared_error")
    return reported(sqrt(value), sqrt(update), metrics_collections, updates_collections)


def mean_relative_error(labels, predictions, normalizer, weights=None, metrics_collections=None,
                        updates_collections=None, name=None):
    """The mean of |predictions - labels| / normalizer, 0 where that is 0.

    Arguments as accuracy's. As in TF: tf.metrics.mean_relative_error.
    """
    predictions, labels, weights = aligned(predictions, labels, weights)
    normalizer = convert_to_tensor(normalizer, predictions.dtype)
    relative = where(equal(normalizer, zeros_like(normalizer)), zeros_like(labels),
                     abs(labels - predictions) / normalizer)
    return mean(relative, weights, metrics_collections, updates_collections,
                name or "mean_relative_error")


def mean_cosine_distance(labels, predictions, dim, weights=None, metrics_collections=None,
                         updates_collections=None, name=None):
    """1 - the mean inner product, along axis `dim`, of vectors that have length 1 already.

    Arguments as accuracy's. As in TF: tf.metrics.mean_cosine_distance.
    """
    predictions, labels, weights = aligned(predictions, labels, weights)
    products = reduce_sum(multiply(predictions, labels), [dim], keepdims=True)
    value, update = mean(products, weights, name=name or "mean_cosine_distance")
    return reported(subtract(1.0, value), subtract(1.0, update), metrics_collections,
                    updates_collections)


# -- classes ------------------------------------------------------------------------------

def mean_per_class_accuracy(labels, predictions, num_classes, weights=None,
                            metrics_collections=None, updates_collections=None, name=None):
    """The mean over classes of each class's accuracy.

    Args:
      labels, predictions: Tensors of int.
      num_classes: int.
      All others: as mean's.

    As in TF: tf.metrics.mean_per_class_accuracy.
    """
    with variable_scope(name, "mean_accuracy", (predictions, labels, weights)):
        labels = cast(convert_to_tensor(labels), dtypes.int64)
        predictions = cast(convert_to_tensor(predictions), dtypes.int64)
        total = metric_variable([num_classes], FLOAT, "total")
        count = metric_variable([num_classes], FLOAT, "count")
        labels, predictions = reshape(labels, [-1]), reshape(predictions, [-1])
        correct = cast(equal(predictions, labels), FLOAT)
        number = ones_like(labels, FLOAT)
        if weights is not None:
            weights = cast(reshape(convert_to_tensor(weights), [-1]), FLOAT)
            correct, number = correct * weights, number * weights
        new_total = scatter_add(total, labels, correct)
        new_count = scatter_add(count, labels, number)
        value = reduce_mean(div_no_nan(total, maximum(count, 0)), name="mean_accuracy")
        update = div_no_nan(new_total, maximum(new_count, 0), name="update_op")
        return reported(value, update, metrics_collections, updates_collections)


def mean_iou(labels, predictions, num_classes, weights=None, metrics_collections=None,
             updates_collections=None, name=None):
    """The mean over classes of intersection over union: true positives over all that were of the
    class or were predicted to be. Classes that did not occur do not count.

    Args:
      labels, predictions: Tensors of int.
      num_classes: int.
      All others: as mean's. The update is the confusion matrix, float64.

    As in TF: tf.metrics.mean_iou.
    """
    with variable_scope(name, "mean_iou", (predictions, labels, weights)):
        predictions, labels, weights = aligned(predictions, labels, weights)
        total = metric_variable([num_classes, num_classes], dtypes.float64,
                                "total_confusion_matrix")
        predictions, labels = (reshape(cast(x, dtypes.int64), [-1])
                               for x in (predictions, labels))
        if weights is not None:
            weights = reshape(weights, [-1])
        counts = confusion_matrix(labels, predictions, num_classes, dtypes.float64,
                                  weights=weights)
        return reported(_mean_iou(total), assign_add(total, counts), metrics_collections,
                        updates_collections)


def _mean_iou(matrix):
    by_row = cast(reduce_sum(matrix, 0), FLOAT)
    by_column = cast(reduce_sum(matrix, 1), FLOAT)
    correct = cast(matrix_diag_part(matrix), FLOAT)
    union = by_row + by_column - correct
    valid = reduce_sum(cast(union > 0, FLOAT))
    union = where(union > 0, union, ones_like(union))
    total = reduce_sum(correct / union, name="mean_iou")
    return where(valid > 0, total / valid, zeros_like(total))
