"""tf.losses: how far predictions are from labels, as one number.

Each computes a loss for every entry; compute_weighted_loss weighs them, reduces them to one and
adds that to the collection LOSSES. Read next: ../metrics/streaming.py.
"""

from pellucid.core import dtypes
from pellucid.core.graph import GraphKeys
from pellucid.core.operation import convert_to_tensor
from pellucid.losses.reduction import Reduction, add_loss, compute_weighted_loss, count_present
from pellucid.nn.weights import assert_broadcastable, squeeze_weights
from pellucid.ops.arguments import name_scope
from pellucid.ops.arrays.confusion_matrix import remove_squeezable_dimensions
from pellucid.ops.arrays.creation import ones_like, range_, zeros_like
from pellucid.ops.arrays.shaping import rank
from pellucid.ops.arrays.shaping import shape as shape_of
from pellucid.ops.control.passing import stop_gradient
from pellucid.ops.math.casting import cast
from pellucid.ops.math.comparison import greater
from pellucid.ops.math.division import div_no_nan
from pellucid.ops.math.elementwise import (
    abs,
    add,
    maximum,
    minimum,
    multiply,
    square,
    squared_difference,
    subtract,
)
from pellucid.ops.math.functions import log
from pellucid.ops.math.reductions import choose_argument, reduce_sum
from pellucid.ops.math.selection import where
from pellucid.ops.neural import cross_entropy
from pellucid.ops.neural.activations import relu

_BY_WEIGHTS = Reduction.SUM_BY_NONZERO_WEIGHTS


def _both(labels, predictions, name="predictions"):
    """Labels and predictions in float32; their shapes must agree."""
    _required(labels, predictions, name)
    predictions = cast(convert_to_tensor(predictions), dtypes.float32)
    labels = cast(convert_to_tensor(labels), dtypes.float32)
    if not predictions.shape.is_compatible_with(labels.shape):
        raise ValueError(f"Shapes {predictions.shape} and {labels.shape} are incompatible")
    return labels, predictions


def _required(labels, predictions, name="predictions"):
    if labels is None:
        raise ValueError("labels must not be None.")
    if predictions is None:
        raise ValueError(f"{name} must not be None.")


def absolute_difference(labels, predictions, weights=1.0, scope=None,
                        loss_collection=GraphKeys.LOSSES, reduction=_BY_WEIGHTS):
    """|predictions - labels|.

    Args:
      labels, predictions: Tensors of one shape.
      weights, scope, loss_collection, reduction: as of compute_weighted_loss.

    Returns:
      float32 Tensor, a scalar unless reduction is NONE.

    As in TF: tf.losses.absolute_difference.
    """
    with name_scope(scope, "absolute_difference", (predictions, labels, weights)) as scope:
        labels, predictions = _both(labels, predictions)
        losses = abs(subtract(predictions, labels))
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def mean_squared_error(labels, predictions, weights=1.0, scope=None,
                       loss_collection=GraphKeys.LOSSES, reduction=_BY_WEIGHTS):
    """(predictions - labels)^2. Arguments as absolute_difference's.

    As in TF: tf.losses.mean_squared_error.
    """
    with name_scope(scope, "mean_squared_error", (predictions, labels, weights)) as scope:
        labels, predictions = _both(labels, predictions)
        losses = squared_difference(predictions, labels)
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def huber_loss(labels, predictions, weights=1.0, delta=1.0, scope=None,
               loss_collection=GraphKeys.LOSSES, reduction=_BY_WEIGHTS):
    """e^2 / 2 for |e| <= delta, else delta |e| - delta^2 / 2, where e = predictions - labels.

    Arguments as absolute_difference's. As in TF: tf.losses.huber_loss.
    """
    with name_scope(scope, "huber_loss", (predictions, labels, weights)) as scope:
        labels, predictions = _both(labels, predictions)
        size = abs(subtract(predictions, labels))
        quadratic = minimum(size, delta)
        linear = subtract(size, quadratic)
        half = convert_to_tensor(0.5, quadratic.dtype)
        losses = add(multiply(half, multiply(quadratic, quadratic)), delta * linear)
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def log_loss(labels, predictions, weights=1.0, epsilon=1e-7, scope=None,
             loss_collection=GraphKeys.LOSSES, reduction=_BY_WEIGHTS):
    """-c log(p + epsilon) - (1 - c) log(1 - p + epsilon), for probabilities p and labels c.

    Arguments as absolute_difference's. As in TF: tf.losses.log_loss.
    """
    with name_scope(scope, "log_loss", (predictions, labels, weights)) as scope:
        labels, predictions = _both(labels, predictions)
        losses = (-multiply(labels, log(predictions + epsilon))
                  - multiply(1 - labels, log(1 - predictions + epsilon)))
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def cosine_distance(labels, predictions, axis=None, weights=1.0, scope=None,
                    loss_collection=GraphKeys.LOSSES, reduction=_BY_WEIGHTS, dim=None):
    """1 - the inner product along `axis` of vectors that have length 1 already.

    Arguments as absolute_difference's; `dim` is the old name of axis.
    As in TF: tf.losses.cosine_distance.
    """
    axis = choose_argument("axis", axis, "dim", dim)
    if axis is None:
        raise ValueError("You must specify 'axis'.")
    with name_scope(scope, "cosine_distance_loss", (predictions, labels, weights)) as scope:
        labels, predictions = _both(labels, predictions)
        losses = 1 - reduce_sum(multiply(predictions, labels), (axis,), keepdims=True)
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def hinge_loss(labels, logits, weights=1.0, scope=None, loss_collection=GraphKeys.LOSSES,
               reduction=_BY_WEIGHTS):
    """max(0, 1 - c logits), where the labels 0 and 1 stand for c = -1 and 1.

    Arguments as absolute_difference's. As in TF: tf.losses.hinge_loss.
    """
    with name_scope(scope, "hinge_loss", (logits, labels, weights)) as scope:
        labels, logits = _both(labels, logits, "logits")
        ones = ones_like(labels)
        labels = subtract(2 * labels, ones)
        losses = relu(subtract(ones, multiply(labels, logits)))
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def mean_pairwise_squared_error(labels, predictions, weights=1.0, scope=None,
                                loss_collection=GraphKeys.LOSSES):
    """The mean over pairs i, j of an example's entries of (e_i - e_j)^2, e = predictions - labels.

    Args:
      labels, predictions: Tensors of shape (n, ...).
      weights: scalar, or Tensor that broadcasts from (n, 1, ...).

    Returns:
      Scalar float32 Tensor: the sum over examples of weight times mean.

    As in TF: tf.losses.mean_pairwise_squared_error.
    """
    with name_scope(scope, "mean_pairwise_squared_error", (predictions, labels, weights)):
        labels, predictions = _both(labels, predictions)
        weights = cast(convert_to_tensor(weights), dtypes.float32)
        assert_broadcastable(weights, labels)
        errors = subtract(predictions, labels)
        axes = range_(1, rank(errors))
        # The sum over pairs of (e_i - e_j)^2 is 2 n sum e^2 - 2 (sum e)^2.
        n = count_present(errors, weights, per_batch=True)
        squares = reduce_sum(square(errors), axes, keepdims=True)
        sums = reduce_sum(errors, axes, keepdims=True)
        first = 2.0 * div_no_nan(squares, maximum(n - 1, 0), name="value")
        second = 2.0 * div_no_nan(square(sums), maximum(multiply(n, n - 1), 0), name="value")
        loss = reduce_sum(multiply(first - second, weights))
        loss = where(greater(reduce_sum(n), 0), loss, zeros_like(loss), name="value")
        add_loss(loss, loss_collection)
        return loss


# -- cross-entropies ----------------------------------------------------------------------

def sigmoid_cross_entropy(multi_class_labels, logits, weights=1.0, label_smoothing=0, scope=None,
                          loss_collection=GraphKeys.LOSSES, reduction=_BY_WEIGHTS):
    """Minus the logarithm of the probability of each label, which is sigmoid(logits) for 1.

    Args:
      multi_class_labels: Tensor of logits' shape, between 0 and 1.
      logits: floating Tensor.
      label_smoothing: float s: labels become labels (1 - s) + s / 2.
      weights, scope, loss_collection, reduction: as of compute_weighted_loss.

    As in TF: tf.losses.sigmoid_cross_entropy.
    """
    _required(multi_class_labels, logits, "logits")
    with name_scope(scope, "sigmoid_cross_entropy_loss",
                    (logits, multi_class_labels, weights)) as scope:
        logits = convert_to_tensor(logits)
        labels = cast(convert_to_tensor(multi_class_labels), logits.dtype)
        _check_shapes(logits, labels)
        if label_smoothing > 0:
            labels = labels * (1 - label_smoothing) + 0.5 * label_smoothing
        losses = cross_entropy.sigmoid_cross_entropy_with_logits(
            labels=labels, logits=logits, name="xentropy")
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def softmax_cross_entropy(onehot_labels, logits, weights=1.0, label_smoothing=0, scope=None,
                          loss_collection=GraphKeys.LOSSES, reduction=_BY_WEIGHTS):
    """Minus sum_j c_j log softmax(logits)_j, for rows c of labels.

    Args:
      onehot_labels: Tensor of logits' shape (n, k); no gradient flows into it.
      logits: floating Tensor.
      label_smoothing: float s: labels become labels (1 - s) + s / k.
      weights: as of compute_weighted_loss, for losses of shape (n,).
      scope, loss_collection, reduction: as of compute_weighted_loss.

    As in TF: tf.losses.softmax_cross_entropy.
    """
    _required(onehot_labels, logits, "logits")
    with name_scope(scope, "softmax_cross_entropy_loss",
                    (logits, onehot_labels, weights)) as scope:
        logits = convert_to_tensor(logits)
        labels = cast(convert_to_tensor(onehot_labels), logits.dtype)
        _check_shapes(logits, labels)
        if label_smoothing > 0:
            classes = cast(shape_of(labels)[-1], logits.dtype)
            labels = labels * (1.0 - label_smoothing) + label_smoothing / classes
        labels = stop_gradient(labels, name="labels_stop_gradient")
        losses = cross_entropy.softmax_cross_entropy_with_logits_v2(
            labels=labels, logits=logits, name="xentropy")
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def sparse_softmax_cross_entropy(labels, logits, weights=1.0, scope=None,
                                 loss_collection=GraphKeys.LOSSES, reduction=_BY_WEIGHTS):
    """Minus log softmax(logits)[label].

    Args:
      labels: Tensor of int, logits' shape without the last axis; a last dimension of 1 too many
        is dropped, of weights too.
      logits: floating Tensor of shape (..., k).
      weights, scope, loss_collection, reduction: as of compute_weighted_loss.

    As in TF: tf.losses.sparse_softmax_cross_entropy.
    """
    _required(labels, logits, "logits")
    with name_scope(scope, "sparse_softmax_cross_entropy_loss",
                    (logits, labels, weights)) as scope:
        labels, logits = remove_squeezable_dimensions(labels, logits, expected_rank_diff=1)
        if not isinstance(weights, float):
            weights = squeeze_weights(weights, labels)
        losses = cross_entropy.sparse_softmax_cross_entropy_with_logits(
            labels=labels, logits=logits, name="xentropy")
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def _check_shapes(logits, labels):
    if not logits.shape.is_compatible_with(labels.shape):
        raise ValueError(f"Shapes {logits.shape} and {labels.shape} are incompatible")
