"""contrib's regularizers: functions that return a function from weights to a loss."""

import numbers

from pellucid.core.graph import GraphKeys
from pellucid.core.operation import convert_to_tensor
from pellucid.core.sources import constant
from pellucid.ops.arguments import name_scope
from pellucid.ops.math.elementwise import abs, add_n, multiply
from pellucid.ops.math.reductions import reduce_sum
from pellucid.ops.neural.biases import l2_loss
from pellucid.ops.state.variables import add_to_collection, get_collection


def l1_regularizer(scale, scope=None):
    """A function weights -> scale sum |w|; None of it for scale 0.0.

    As in TF: tf.contrib.layers.l1_regularizer.
    """
    return _scaled("l1_regularizer", scale, scope, lambda weights: reduce_sum(abs(weights)))


def l2_regularizer(scale, scope=None):
    """A function weights -> scale sum w^2 / 2; None of it for scale 0.0.

    As in TF: tf.contrib.layers.l2_regularizer.
    """
    return _scaled("l2_regularizer", scale, scope, l2_loss)


def _scaled(name, scale, scope, penalty):
    if isinstance(scale, numbers.Integral):
        raise ValueError(f"scale cannot be an integer: {scale}")
    if isinstance(scale, numbers.Real):
        if scale < 0.0:
            raise ValueError(f"Setting a scale less than 0 on a regularizer: {scale:g}")
        if scale == 0.0:
            return lambda _: None

    def regularizer(weights):
        with name_scope(scope, name, [weights]) as inner:
            factor = convert_to_tensor(scale, weights.dtype.base_dtype, name="scale")
            return multiply(factor, penalty(weights), name=inner)

    return regularizer


def l1_l2_regularizer(scale_l1=1.0, scale_l2=1.0, scope=None):
    """A function weights -> scale_l1 sum |w| + scale_l2 sum w^2 / 2.

    As in TF: tf.contrib.layers.l1_l2_regularizer.
    """
    scope = scope or "l1_l2_regularizer"
    return sum_regularizer([l1_regularizer(scale_l1), l2_regularizer(scale_l2)], scope)


def sum_regularizer(regularizer_list, scope=None):
    """The sum of regularizers, some of which may be None; None if all are.

    As in TF: tf.contrib.layers.sum_regularizer.
    """
    given = [regularizer for regularizer in regularizer_list if regularizer is not None]
    if not given:
        return None

    def regularizer(weights):
        with name_scope(scope, "sum_regularizer", [weights]) as inner:
            penalties = [penalty for penalty in (one(weights) for one in given)
                         if penalty is not None]
            return add_n(penalties, name=inner) if penalties else None

    return regularizer


def apply_regularization(regularizer, weights_list=None):
    """The sum of regularizer(w) over weights, which joins REGULARIZATION_LOSSES.

    Args:
      regularizer: function(weights) -> scalar Tensor or None.
      weights_list: list of Variable or Tensor; by default the collection WEIGHTS.

    Raises ValueError without weights, or where a penalty is no scalar.
    As in TF: tf.contrib.layers.apply_regularization.
    """
    weights_list = weights_list or get_collection(GraphKeys.WEIGHTS)
    if not weights_list:
        raise ValueError("No weights to regularize.")
    with name_scope("get_regularization_penalty", values=weights_list) as scope:
        penalties = [regularizer(weights) for weights in weights_list]
        penalties = [constant(0.0) if p is None else p for p in penalties]
        for penalty in penalties:
            if penalty.shape.ndims != 0:
                raise ValueError("regularizer must return a scalar Tensor instead of a Tensor "
                                 f"with rank {penalty.shape.ndims}.")
        total = add_n(penalties, name=scope)
        add_to_collection(GraphKeys.REGULARIZATION_LOSSES, total)
        return total
