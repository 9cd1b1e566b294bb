"""Embeddings of bags: the rows for each example's ids, combined into one."""

from pellucid.core import dtypes
from pellucid.nn.embedding import embedding_lookup
from pellucid.ops.arguments import name_scope
from pellucid.ops.arrays.creation import ones
from pellucid.ops.arrays.gathering import gather
from pellucid.ops.arrays.joining import concat
from pellucid.ops.arrays.shaping import rank, reshape, shape
from pellucid.ops.arrays.sorted_segments import segment_mean, segment_sum
from pellucid.ops.arrays.unique import unique
from pellucid.ops.math.casting import cast
from pellucid.ops.math.division import div_no_nan
from pellucid.ops.math.functions import sqrt
from pellucid.ops.sparse.sparse_tensor import as_sparse

_COMBINERS = ("mean", "sqrtn", "sum")


def embedding_lookup_sparse(params, sp_ids, sp_weights, partition_strategy="mod", name=None,
                            combiner="mean", max_norm=None):
    """For each example the rows of its ids, combined.

    Args:
      params: Tensor or Variable, shape (rows, ...), or list of its parts, as in
        embedding_lookup.
      sp_ids: SparseTensor of int32 or int64, shape (batch, any): each example's ids.
      sp_weights: SparseTensor of floats with the same indices, or None for 1 each.
      partition_strategy: "mod" or "div".
      combiner: "sum", the weighted sum; "mean", that divided by the sum of the weights;
        "sqrtn", divided by the root of the sum of the weights' squares.
      max_norm: float, the greatest length that a row is given; None for any.

    Returns:
      Tensor, shape (batch, ...), where batch ends at the last example that has an id; one
      without is 0. Its gradient is IndexedSlices.

    Raises:
      ValueError: for another combiner.
      TypeError: if sp_ids or sp_weights is not sparse.

    As in TF: tf.nn.embedding_lookup_sparse.
    """
    combiner = "mean" if combiner is None else combiner
    if combiner not in _COMBINERS:
        raise ValueError(f"combiner must be one of 'mean', 'sqrtn' or 'sum', got {combiner}")
    sp_ids = as_sparse(sp_ids)
    with name_scope(name, "embedding_lookup_sparse", [sp_ids.values]):
        examples = cast(sp_ids.indices[:, 0], dtypes.int32)
        ids, places = unique(sp_ids.values)
        table = embedding_lookup(params, ids, partition_strategy, max_norm=max_norm)
        rows = gather(table, places)
        if sp_weights is None:
            return _plain(rows, examples, combiner)
        weights = cast(as_sparse(sp_weights).values, rows.dtype)
        inner = ones([rank(rows) - 1], dtypes.int32)
        weights = reshape(weights, concat([shape(weights), inner], 0))
        total = segment_sum(rows * weights, examples)
        if combiner == "mean":
            return div_no_nan(total, segment_sum(weights, examples))
        if combiner == "sqrtn":
            return div_no_nan(total, sqrt(segment_sum(weights * weights, examples)))
        return total


def _plain(rows, examples, combiner):
    if combiner == "mean":
        return segment_mean(rows, examples)
    total = segment_sum(rows, examples)
    if combiner == "sum":
        return total
    counts = segment_sum(ones(shape(examples), rows.dtype), examples)
    inner = ones([rank(rows) - 1], dtypes.int32)
    counts = reshape(counts, concat([shape(counts), inner], 0))
    return div_no_nan(total, sqrt(counts))
