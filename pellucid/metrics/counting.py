"""tf.metrics of yes and no: true and false positives and negatives, and what follows from them."""

import numpy as np

from pellucid.core import dtypes
from pellucid.core.operation import convert_to_tensor
from pellucid.core.sources import constant
from pellucid.metrics.variables import FLOAT, aligned, metric_variable, reported
from pellucid.nn.weights import broadcast_weights
from pellucid.ops.arrays.creation import zeros_like
from pellucid.ops.arrays.shaping import expand_dims, reshape
from pellucid.ops.control.passing import identity
from pellucid.ops.math.casting import cast
from pellucid.ops.math.comparison import equal, greater, logical_and, logical_not
from pellucid.ops.math.division import div_no_nan
from pellucid.ops.math.elementwise import maximum, minimum, multiply
from pellucid.ops.math.functions import log
from pellucid.ops.math.reductions import reduce_sum
from pellucid.ops.math.selection import where
from pellucid.ops.state.assignment import assign_add
from pellucid.ops.state.variable_scope import variable_scope


def _counted(values, weights):
    """(count so far, count with this batch): how often `values`, of bool, are True."""
    count = metric_variable([], FLOAT, "count")
    values = cast(values, FLOAT)
    if weights is not None:
        values, _, weights = aligned(values, None, weights)
        values = multiply(values, broadcast_weights(cast(weights, FLOAT), values))
    return identity(count), assign_add(count, reduce_sum(values))


def _metric(name, label, prediction, description):
    """The function tf.metrics.<name>: counts examples of that label and prediction."""
    def metric(labels, predictions, weights=None, metrics_collections=None,
               updates_collections=None, name=None):
        with variable_scope(name, metric.__name__, (predictions, labels, weights)):
            predictions, labels, weights = aligned(
                cast(convert_to_tensor(predictions), dtypes.bool_),
                cast(convert_to_tensor(labels), dtypes.bool_), weights)
            hit = logical_and(equal(labels, label), equal(predictions, prediction))
            return reported(*_counted(hit, weights), metrics_collections, updates_collections)

    metric.__name__ = metric.__qualname__ = name
    metric.__doc__ = f"""How often {description}.

    Args:
      labels, predictions: Tensors of one shape, cast to bool.
      weights, metrics_collections, updates_collections, name: as mean's.

    Returns:
      (value, update): scalar float32 Tensors.

    As in TF: tf.metrics.{name}.
    """
    return metric


true_positives = _metric("true_positives", True, True, "what is true was predicted to be")
false_positives = _metric("false_positives", False, True, "what is false was predicted true")
true_negatives = _metric("true_negatives", False, False, "what is false was predicted to be")
false_negatives = _metric("false_negatives", True, False, "what is true was predicted false")


def precision(labels, predictions, weights=None, metrics_collections=None,
              updates_collections=None, name=None):
    """Of what was predicted true, the part that is; 0 if nothing was.

    Arguments as true_positives'. As in TF: tf.metrics.precision.
    """
    return _share("precision", false_positives, labels, predictions, weights,
                  metrics_collections, updates_collections, name)


def recall(labels, predictions, weights=None, metrics_collections=None,
           updates_collections=None, name=None):
    """Of what is true, the part that was predicted to be; 0 if nothing is.

    Arguments as true_positives'. As in TF: tf.metrics.recall.
    """
    return _share("recall", false_negatives, labels, predictions, weights,
                  metrics_collections, updates_collections, name)


def _share(default, misses, labels, predictions, weights, metrics_collections,
           updates_collections, name):
    """true positives / (true positives + misses)."""
    with variable_scope(name, default, (predictions, labels, weights)):
        predictions, labels, weights = aligned(
            cast(convert_to_tensor(predictions), dtypes.bool_),
            cast(convert_to_tensor(labels), dtypes.bool_), weights)
        hit, new_hit = true_positives(labels, predictions, weights)
        missed, new_missed = misses(labels, predictions, weights)
        value = _part(hit, missed, "value")
        update = _part(new_hit, new_missed, "update_op")
        return reported(value, update, metrics_collections, updates_collections)


def _part(hit, missed, name):
    return where(greater(hit + missed, 0), div_no_nan(hit, hit + missed), zeros_like(hit),
                 name=name)


# -- the area under a curve ---------------------------------------------------------------

def auc(labels, predictions, weights=None, num_thresholds=200, metrics_collections=None,
        updates_collections=None, curve="ROC", name=None, summation_method="trapezoidal",
        thresholds=None):
    """The area under the curve that the thresholds between true and false trace out.

    Args:
      labels: Tensor, cast to bool.
      predictions: float Tensor of labels' shape, in [0, 1].
      weights, metrics_collections, updates_collections, name: as mean's.
      num_thresholds: int, how many points of the curve there are.
      curve: "ROC", the true positive rate over the false positive rate; or "PR", precision over
        recall.
      summation_method: "trapezoidal"; "minoring" or "majoring", for sums below or above the
        curve; "careful_interpolation", which for PR is Davis & Goadrich's (2006).
      thresholds: list of float in (0, 1), instead of num_thresholds.

    Returns:
      (value, update): scalar float32 Tensors.

    As in TF: tf.metrics.auc.
    """
    with variable_scope(name, "auc", (labels, predictions, weights)):
        if curve not in ("ROC", "PR"):
            raise ValueError(f"curve must be either ROC or PR, {curve} unknown")
        areas = {"trapezoidal": _between, "minoring": minimum, "majoring": maximum,
                 "careful_interpolation": None if curve == "PR" else _between}
        if summation_method not in areas:
            raise ValueError(f"Invalid summation_method: {summation_method}")
        small = 1e-7
        if thresholds is None:
            thresholds = [(i + 1) / (num_thresholds - 1) for i in range(num_thresholds - 2)]
        thresholds = [0.0 - small, *sorted(thresholds), 1.0 + small]
        before, after = confusion_at(labels, predictions, thresholds, weights)
        value, update = (_area(counts, curve, areas[summation_method], name)
                         for counts, name in ((before, "value"), (after, "update_op")))
        return reported(value, update, metrics_collections, updates_collections)


def confusion_at(labels, predictions, thresholds, weights, keys=("tp", "fn", "tn", "fp")):
    """({"tp": ..., "fn", "tn", "fp"} so far, the same with this batch), one for each threshold."""
    predictions, labels, weights = aligned(
        convert_to_tensor(predictions), cast(convert_to_tensor(labels), dtypes.bool_), weights)
    flat = reshape(cast(predictions, FLOAT), [1, -1])
    positive = greater(flat, expand_dims(constant(np.array(thresholds, np.float32)), 1))
    negative = logical_not(positive)
    true = reshape(labels, [1, -1])
    false = logical_not(true)
    if weights is not None:
        weights = reshape(broadcast_weights(cast(weights, FLOAT), predictions), [1, -1])
    before, after = {}, {}
    for key, name, pair in (
            ("tp", "true_positives", (true, positive)),
            ("fn", "false_negatives", (true, negative)),
            ("tn", "true_negatives", (false, negative)),
            ("fp", "false_positives", (false, positive))):
        if key not in keys:
            continue
        hits = multiply(cast(pair[0], FLOAT), cast(pair[1], FLOAT))
        if weights is not None:
            hits = hits * weights
        count = metric_variable([len(thresholds)], FLOAT, name)
        before[key], after[key] = count.value(), assign_add(count, reduce_sum(hits, 1))
    return before, after


def _area(counts, curve, height, name):
    tp, fn, tn, fp = (counts[key] for key in ("tp", "fn", "tn", "fp"))
    small = 1e-6
    if curve == "PR" and height is None:
        return _careful_area(tp, fp, fn)
    recalled = (tp + small) / (tp + fn + small)
    if curve == "ROC":
        x, y = fp / (fp + tn + small), recalled
    else:
        x, y = recalled, (tp + small) / (tp + fp + small)
    return reduce_sum(multiply(x[:-1] - x[1:], height(y[:-1], y[1:])), name=name)


def _between(left, right):
    return (left + right) / 2.0


def _careful_area(tp, fp, fn):
    """Between two points the true positives are linear in the positives p, tp = a + s p, so that
    precision is s + a / p. Its integral over recall, tp / (tp + fn), is

        s (tp_1 - tp_2 + a log(p_1 / p_2)) / (tp_2 + fn_2).
    """
    change = tp[:-1] - tp[1:]
    positives = tp + fp
    slope = div_no_nan(change, maximum(positives[:-1] - positives[1:], 0), name="prec_slope")
    intercept = tp[1:] - multiply(slope, positives[1:])
    both = logical_and(positives[:-1] > 0, positives[1:] > 0)
    relation = where(both, div_no_nan(positives[:-1], maximum(positives[1:], 0)),
                     zeros_like(positives[1:]) + 1)
    return reduce_sum(
        div_no_nan(slope * (change + intercept * log(relation)),
                   maximum(tp[1:] + fn[1:], 0), name="pr_auc_increment"),
        name="interpolate_pr_auc")
