"""compute_weighted_loss: from the losses of single entries to the one that is minimized.

Read next: losses.py.
"""

from pellucid.core import dtypes
from pellucid.core.graph import GraphKeys, get_default_graph
from pellucid.core.operation import convert_to_tensor
from pellucid.core.sources import constant
from pellucid.nn.weights import assert_broadcastable, broadcast_weights
from pellucid.ops.arguments import name_scope
from pellucid.ops.arrays.creation import ones_like, range_, zeros_like
from pellucid.ops.arrays.shaping import rank, size
from pellucid.ops.math.casting import cast
from pellucid.ops.math.comparison import equal
from pellucid.ops.math.division import div_no_nan
from pellucid.ops.math.elementwise import add_n, multiply
from pellucid.ops.math.reductions import reduce_sum
from pellucid.ops.math.selection import where
from pellucid.ops.state.variables import add_to_collection, get_collection


class Reduction:
    """How weighted losses of single entries become one. As in TF: tf.losses.Reduction.

    NONE: they stay apart. SUM: their sum. SUM_OVER_BATCH_SIZE: divided by their number.
    MEAN: divided by the sum of the weights. SUM_BY_NONZERO_WEIGHTS: divided by the number of
    weights that are not zero.
    """

    NONE = "none"
    SUM = "weighted_sum"
    SUM_OVER_BATCH_SIZE = "weighted_sum_over_batch_size"
    MEAN = "weighted_mean"
    SUM_BY_NONZERO_WEIGHTS = "weighted_sum_by_nonzero_weights"
    SUM_OVER_NONZERO_WEIGHTS = SUM_BY_NONZERO_WEIGHTS

    @classmethod
    def all(cls):
        """Tuple of the reductions."""
        return (cls.NONE, cls.SUM, cls.MEAN, cls.SUM_OVER_BATCH_SIZE,
                cls.SUM_OVER_NONZERO_WEIGHTS, cls.SUM_BY_NONZERO_WEIGHTS)

    @classmethod
    def validate(cls, key):
        """Raises ValueError unless key is one of them."""
        if key not in cls.all():
            raise ValueError(f"Invalid Reduction Key {key}.")


def compute_weighted_loss(losses, weights=1.0, scope=None, loss_collection=GraphKeys.LOSSES,
                          reduction=Reduction.SUM_BY_NONZERO_WEIGHTS):
    """The weighted losses, reduced to one.

    Args:
      losses: Tensor.
      weights: Tensor, a scalar or of losses' rank with each dimension losses' or 1.
      scope: str, the name scope.
      loss_collection: name of the collection that the loss joins, or None.
      reduction: one of Reduction.

    Returns:
      Tensor of losses' dtype: a scalar, or for Reduction.NONE of losses' shape.

    As in TF: tf.losses.compute_weighted_loss.
    """
    Reduction.validate(reduction)
    with name_scope(scope, "weighted_loss", (losses, weights)):
        losses = convert_to_tensor(losses)
        given, weights = weights, cast(convert_to_tensor(weights), dtypes.float32)
        check = assert_broadcastable(weights, losses)
        with get_default_graph().control_dependencies([] if check is None else [check]):
            dtype = losses.dtype
            losses = multiply(cast(losses, dtypes.float32), weights, name="Mul")
            loss = losses
            if reduction != Reduction.NONE:
                loss = reduce_sum(losses)
            if reduction == Reduction.MEAN:
                loss = _mean(loss, reduce_sum(ones_like(losses) * weights))
            elif reduction == Reduction.SUM_BY_NONZERO_WEIGHTS:
                loss = _mean(loss, count_present(losses, weights, given))
            elif reduction == Reduction.SUM_OVER_BATCH_SIZE:
                loss = _mean(loss, _count(losses))
            loss = loss if dtype is None else cast(loss, dtype)
            add_loss(loss, loss_collection)
            return loss


def _mean(total, count):
    return div_no_nan(reduce_sum(total), count, name="value")


def _count(losses):
    with name_scope(None, "num_elements", [losses]) as scope:
        return cast(size(losses, name=scope), dtypes.float32)


def count_present(losses, weights, given=None, per_batch=False):
    """How many losses have a weight that is not zero, float32.

    Args:
      losses, weights: Tensors.
      given: the weights as the user wrote them; a float other than 0 needs no counting.
      per_batch: bool, count for each entry of the first dimension; the others stay as 1.
    """
    if isinstance(given, float) and given != 0.0:
        return _count(losses)
    with name_scope(None, "num_present", (losses, weights)) as scope:
        present = where(equal(weights, 0.0), zeros_like(weights), ones_like(weights))
        present = broadcast_weights(present, losses)
        if per_batch:
            return reduce_sum(present, range_(1, rank(present)), keepdims=True, name=scope)
        return reduce_sum(present, name=scope)


# -- collections --------------------------------------------------------------------------

def add_loss(loss, loss_collection=GraphKeys.LOSSES):
    """Adds a Tensor to the losses. As in TF: tf.losses.add_loss."""
    if loss_collection:
        add_to_collection(loss_collection, loss)


def get_losses(scope=None, loss_collection=GraphKeys.LOSSES):
    """List of the losses; with `scope`, those whose name it matches.

    As in TF: tf.losses.get_losses.
    """
    return get_collection(loss_collection, scope)


def get_regularization_losses(scope=None):
    """List of the regularization losses. As in TF: tf.losses.get_regularization_losses."""
    return get_collection(GraphKeys.REGULARIZATION_LOSSES, scope)


def get_regularization_loss(scope=None, name="total_regularization_loss"):
    """The sum of the regularization losses, 0.0 if there is none.

    As in TF: tf.losses.get_regularization_loss.
    """
    losses = get_regularization_losses(scope)
    return add_n(losses, name=name) if losses else constant(0.0)


def get_total_loss(add_regularization_losses=True, name="total_loss", scope=None):
    """The sum of the losses and, unless told otherwise, the regularization losses.

    Raises ValueError if there is none. As in TF: tf.losses.get_total_loss.
    """
    losses = get_losses(scope=scope)
    if add_regularization_losses:
        losses += get_regularization_losses(scope)
    return add_n(losses, name=name)
