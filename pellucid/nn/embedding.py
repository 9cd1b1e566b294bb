"""Embeddings: rows of a table, by number. The table may lie in several parts."""

from pellucid.core import dtypes
from pellucid.ops.arguments import as_tensor, name_scope
from pellucid.ops.arrays.creation import range_
from pellucid.ops.arrays.gathering import gather
from pellucid.ops.arrays.joining import concat
from pellucid.ops.arrays.masking import dynamic_partition, dynamic_stitch
from pellucid.ops.arrays.shaping import rank, reshape, shape, size
from pellucid.ops.control.passing import identity
from pellucid.ops.math.casting import cast
from pellucid.ops.math.comparison import less
from pellucid.ops.math.elementwise import add_n, maximum, square
from pellucid.ops.math.functions import sqrt
from pellucid.ops.math.reductions import reduce_sum
from pellucid.ops.math.selection import where
from pellucid.ops.state.partitioned_variables import PartitionedVariable


def embedding_lookup(params, ids, partition_strategy="mod", name=None,
                     validate_indices=True, max_norm=None):
    """The rows `ids` of a table.

    Args:
      params: Tensor or Variable, shape (rows, ...), or the parts of a table, a list of them or a
        PartitionedVariable: by "mod", row i is row i // n of part i % n; by "div", each part
        holds rows in a row, and the first parts one more where they cannot have equally many.
      ids: Tensor of int32 or int64.
      partition_strategy: "mod" or "div".
      validate_indices: for TensorFlow's signature: ids are always checked.
      max_norm: float, the greatest length that a row is given; None for any.

    Returns:
      Tensor of shape ids.shape + params.shape[1:]. Its gradient is IndexedSlices.

    Raises:
      ValueError: no table, or an unknown strategy.
      tf.errors.InvalidArgumentError: an id is not the number of a row.

    As in TF: tf.nn.embedding_lookup.
    """
    many = isinstance(params, list | tuple | PartitionedVariable)
    parts = list(params) if many else [params]
    if not parts or parts[0] is None:
        raise ValueError(f"params must be specified: {params}")
    with name_scope(name, "embedding_lookup", [*parts, ids]) as scope:
        ids = as_tensor(ids, name="ids")
        if len(parts) == 1:
            rows = gather(parts[0], ids, name=scope)
            return identity(_clip(rows, ids, max_norm))
        parts = [as_tensor(part) for part in parts]
        flat = reshape(ids, [-1])
        numbers, owners = _locate(flat, parts, partition_strategy)
        asked = dynamic_partition(numbers, owners, len(parts))
        places = dynamic_partition(range_(size(flat)), owners, len(parts))
        found = [gather(part, some) for part, some in zip(parts, asked, strict=True)]
        rows = dynamic_stitch(places, found, name=scope)
        rows = reshape(rows, concat([shape(ids), shape(parts[0])[1:]], 0))
        return _clip(rows, ids, max_norm)


def _locate(flat, parts, strategy):
    """For each id, its row within the part that holds it, and the number of that part."""
    n = len(parts)
    if strategy == "mod":
        return flat // n, cast(flat % n, dtypes.int32)
    if strategy != "div":
        raise ValueError("Only 'div' and 'mod' are supported for `partition_strategy`. "
                         f"Received: partition_strategy={strategy}")
    total = cast(add_n([shape(part)[0] for part in parts]), flat.dtype)
    least, more = total // n, total % n            # `more` parts hold least + 1 rows
    owners = maximum(flat // (least + 1), (flat - more) // least)
    numbers = where(less(owners, more), flat % (least + 1), (flat - more) % least)
    return numbers, cast(owners, dtypes.int32)


def _clip(rows, ids, max_norm):
    """Rows no longer than max_norm."""
    if max_norm is None:
        return rows
    if rows.spec.rank is None or ids.spec.rank is None:
        axes = range_(rank(ids), rank(rows))
    else:
        axes = list(range(ids.spec.rank, rows.spec.rank))
    squares = reduce_sum(square(rows), axes, keepdims=True)
    # Not max(|row|, max_norm): the root of 0 would send nan back.
    return rows * (max_norm / sqrt(maximum(squares, max_norm**2)))
