"""confusion_matrix: how often each label was predicted as what; labels beside predictions."""

from pellucid.core import dtypes
from pellucid.core.graph import get_default_graph
from pellucid.core.operation import convert_to_tensor
from pellucid.ops.arguments import name_scope
from pellucid.ops.arrays.creation import ones_like
from pellucid.ops.arrays.gathering import scatter_nd
from pellucid.ops.arrays.joining import stack
from pellucid.ops.arrays.shaping import rank, reshape, squeeze
from pellucid.ops.arrays.shaping import shape as shape_of
from pellucid.ops.control.assertions import assert_less, assert_non_negative
from pellucid.ops.control.passing import identity
from pellucid.ops.math.casting import cast
from pellucid.ops.math.comparison import equal
from pellucid.ops.math.elementwise import maximum
from pellucid.ops.math.reductions import reduce_max


def confusion_matrix(labels, predictions, num_classes=None, dtype=dtypes.int32, name=None,
                     weights=None):
    """The matrix whose entry [i, j] counts the examples of label i that were predicted as j.

    Args:
      labels, predictions: Tensors of int, shape (n,); one of them may be (n, 1).
      num_classes: int; by default one more than the greatest label or prediction.
      dtype: DType of the result.
      weights: Tensor of shape (n,): what each example counts, instead of 1.

    Returns:
      Tensor of shape (num_classes, num_classes).

    Raises tf.errors.InvalidArgumentError if a label is negative, or not below num_classes.
    As in TF: tf.confusion_matrix, tf.math.confusion_matrix.
    """
    with name_scope(name, "confusion_matrix", (predictions, labels, num_classes, weights)):
        labels, predictions = remove_squeezable_dimensions(labels, predictions)
        labels, predictions = cast(labels, dtypes.int64), cast(predictions, dtypes.int64)
        after = get_default_graph().control_dependencies
        with after([assert_non_negative(labels, message="`labels` contains negative values")]):
            labels = identity(labels)
        with after([assert_non_negative(predictions,
                                        message="`predictions` contains negative values")]):
            predictions = identity(predictions)
        if num_classes is None:
            num_classes = maximum(reduce_max(predictions), reduce_max(labels)) + 1
        else:
            num_classes = cast(convert_to_tensor(num_classes), dtypes.int64)
            with after([assert_less(labels, num_classes, message="`labels` out of bound")]):
                labels = identity(labels)
            with after([assert_less(predictions, num_classes,
                                    message="`predictions` out of bound")]):
                predictions = identity(predictions)
        if weights is None:
            counts = ones_like(predictions, dtype)
        else:
            weights = convert_to_tensor(weights)
            if not weights.shape.is_compatible_with(predictions.shape):
                raise ValueError(f"Shapes {weights.shape} and {predictions.shape} are "
                                 "incompatible")
            counts = cast(weights, dtype)
        pairs = stack([labels, predictions], axis=1)
        return scatter_nd(pairs, counts, stack([num_classes, num_classes]))


def remove_squeezable_dimensions(labels, predictions, expected_rank_diff=0, name=None):
    """(labels, predictions) without a last dimension of 1 that one of them has too many.

    Args:
      labels, predictions: Tensors.
      expected_rank_diff: int, by how much the rank of the predictions should be the greater.
    """
    with name_scope(name, "remove_squeezable_dimensions", (labels, predictions)):
        labels, predictions = convert_to_tensor(labels), convert_to_tensor(predictions)
        ranks = labels.spec.rank, predictions.spec.rank
        if None not in ranks:
            difference = ranks[1] - ranks[0] - expected_rank_diff
            if difference == 1:
                predictions = squeeze(predictions, [-1])
            elif difference == -1:
                labels = squeeze(labels, [-1])
            return labels, predictions
        difference = rank(predictions) - rank(labels) - expected_rank_diff
        return (without_last(labels, equal(difference, -1)),
                without_last(predictions, equal(difference, 1)))


def without_last(x, condition):
    """x without its last dimension, which must be 1, if the condition holds in the run."""
    if x.spec.shape and x.spec.shape[-1] not in (1, None):
        return identity(x)
    count = rank(x) - cast(condition, dtypes.int32)
    return reshape(x, shape_of(x)[:count])
