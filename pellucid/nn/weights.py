"""Weights of single entries: what losses and metrics share."""

from pellucid.core.graph import get_default_graph
from pellucid.core.operation import convert_to_tensor
from pellucid.core.shapes import show
from pellucid.ops.arguments import name_scope
from pellucid.ops.arrays.confusion_matrix import without_last
from pellucid.ops.arrays.creation import ones_like
from pellucid.ops.arrays.shaping import rank, squeeze
from pellucid.ops.arrays.shaping import shape as shape_of
from pellucid.ops.arrays.tiling import broadcast_dynamic_shape
from pellucid.ops.control.assertions import assert_equal
from pellucid.ops.control.printing import Assert_
from pellucid.ops.control.waiting import group
from pellucid.ops.math.casting import cast
from pellucid.ops.math.comparison import equal, logical_or
from pellucid.ops.math.elementwise import multiply


def assert_broadcastable(weights, values):
    """An operation that fails unless `weights` are a scalar or have, in each dimension, values'
    size or 1. The ranks must agree: broadcasting from the right would weigh the wrong things.

    Raises ValueError at once where the shapes are known. None where nothing is left to check.
    """
    of_weights, of_values = weights.spec.shape, values.spec.shape
    if of_weights == ():
        return None
    if of_weights is not None and of_values is not None:
        if len(of_weights) != len(of_values) or any(
                w not in (1, v, None) and v is not None
                for w, v in zip(of_weights, of_values, strict=True)):
            raise ValueError("weights can not be broadcast to values. values.rank="
                             f"{len(of_values)}. weights.rank={len(of_weights)}. values.shape="
                             f"{show(of_values)}. weights.shape={show(of_weights)}.")
        if all(w == 1 or w == v is not None for w, v in zip(of_weights, of_values, strict=True)):
            return None
    with name_scope("assert_broadcastable"):
        ranks = rank(weights), rank(values)
        fits = logical_or(equal(ranks[0], 0), equal(*ranks))
        shape = shape_of(values)
        both = broadcast_dynamic_shape(shape_of(weights), shape)
        return group(Assert_(fits, ["weights can not be broadcast to values: their ranks are",
                                    *ranks]),
                     assert_equal(both, shape, message="weights can not be broadcast to values."))


def broadcast_weights(weights, values):
    """`weights` in the shape of values. See assert_broadcastable."""
    with name_scope(None, "broadcast_weights", (weights, values)):
        check = assert_broadcastable(weights, values)
        known = weights.spec.shape
        if known is not None and None not in known and known == values.spec.shape:
            return weights
        with get_default_graph().control_dependencies([] if check is None else [check]):
            return multiply(weights, cast(ones_like(values), weights.dtype))


def squeeze_weights(weights, values):
    """weights as a Tensor, without a last dimension of 1 that `values` do not have."""
    weights = convert_to_tensor(weights)
    ranks = weights.spec.rank, values.spec.rank
    if ranks[0] == 0:
        return weights
    if None not in ranks:
        return squeeze(weights, [-1]) if ranks[0] - ranks[1] == 1 else weights
    return without_last(weights, equal(rank(weights) - rank(values), 1))
