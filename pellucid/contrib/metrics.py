"""tf.contrib.metrics: what there is beside tf.metrics."""

from pellucid.core import dtypes
from pellucid.core.operation import convert_to_tensor
from pellucid.metrics.counting import confusion_at
from pellucid.metrics.variables import aligned, reported
from pellucid.ops.arguments import name_scope
from pellucid.ops.arrays.creation import ones_like
from pellucid.ops.math.casting import cast
from pellucid.ops.math.comparison import equal
from pellucid.ops.math.division import div
from pellucid.ops.math.elementwise import multiply
from pellucid.ops.math.reductions import reduce_max, reduce_mean, reduce_sum
from pellucid.ops.state.variable_scope import variable_scope


def accuracy(predictions, labels, weights=None, name=None):
    """The part of the predictions that equal the labels, of this batch alone.

    Args:
      predictions: Tensor of labels' type.
      labels: Tensor of ints, bools or strings.
      weights: Tensor, what each counts.
      name: str.

    Raises ValueError for other types, or types that differ.
    As in TF: tf.contrib.metrics.accuracy.
    """
    predictions, labels = convert_to_tensor(predictions), convert_to_tensor(labels)
    if not (labels.dtype.is_integer or labels.dtype in (dtypes.bool_, dtypes.string)):
        raise ValueError("Labels should have bool, integer, or string dtype, not "
                         f"{labels.dtype!r}")
    if not labels.dtype.is_compatible_with(predictions.dtype):
        raise ValueError("Dtypes of predictions and labels should match. Given: predictions "
                         f"({predictions.dtype!r}) and labels ({labels.dtype!r})")
    with name_scope(name, "accuracy", [predictions, labels]):
        right = cast(equal(predictions, labels), dtypes.float32)
        if weights is None:
            return reduce_mean(right)
        right = multiply(right, weights)
        return div(reduce_sum(right), reduce_sum(multiply(weights, ones_like(right))))


_EPSILON = 1e-7


def f1_score(labels, predictions, weights=None, num_thresholds=200, metrics_collections=None,
             updates_collections=None, name=None):
    """The best F1 score, 2 precision recall / (precision + recall), over thresholds.

    Args:
      labels: Tensor, cast to bool.
      predictions: Tensor of float32 in [0, 1].
      weights: Tensor, what each counts.
      num_thresholds: int.
      metrics_collections, updates_collections: names of collections for value and update.
      name: str.

    Returns:
      (value, update): the score so far, and an operation that takes this batch in.

    As in TF: tf.contrib.metrics.f1_score.
    """
    with variable_scope(name, "f1", (labels, predictions, weights)):
        predictions, labels, weights = aligned(
            convert_to_tensor(predictions), convert_to_tensor(labels), weights)
        steps = [(i + 1) / (num_thresholds - 1) for i in range(num_thresholds - 2)]
        counts = confusion_at(labels, predictions, [-_EPSILON, *steps, 1 + _EPSILON], weights,
                              ("tp", "fn", "fp"))
        scores = [_best(count, label)
                  for count, label in zip(counts, ("value", "update"), strict=True)]
        return reported(*scores, metrics_collections, updates_collections)


def _best(count, label):
    precision = div(count["tp"], _EPSILON + count["tp"] + count["fp"], name="precision_" + label)
    recall = div(count["tp"], _EPSILON + count["tp"] + count["fn"], name="recall_" + label)
    return reduce_max(2.0 * precision * recall / (precision + recall + _EPSILON))


def __getattr__(name):
    """The public names: this file bears the name of its face, api/contrib/metrics.py."""
    from pellucid.names.old import from_face
    return from_face("pellucid.api.contrib.metrics", name)
