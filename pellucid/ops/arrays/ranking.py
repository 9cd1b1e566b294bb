"""The greatest entries of each row, and whether a given one is among them."""

import collections

from pellucid.core import dtypes
from pellucid.core.arrays import array_namespace
from pellucid.core.dtypes import as_dtype
from pellucid.core.gradients import NotDifferentiable, RegisterGradient
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec, merge
from pellucid.ops.arguments import as_tensor, check_allowed, name_scope
from pellucid.ops.arrays.creation import range_
from pellucid.ops.arrays.gathering import scatter_nd
from pellucid.ops.arrays.shaping import expand_dims, reshape, shape, size
from pellucid.ops.regular import REAL

_INTEGERS = (dtypes.int32, dtypes.int64)


class TopKV2(Operation):
    """(the k greatest entries of each row, their places); of equals, the first first."""

    op_type, attrs = "TopKV2", {"sorted": True, "index_type": dtypes.int32}
    fresh = True
    static_inputs = (1,)

    def infer(self, input, k):
        check_allowed("input", input.dtype, REAL)
        if k.rank not in (None, 0):
            raise ValueError(f"k must be a scalar, but has rank {k.rank}.")
        count = None if k.value is None else int(k.value)
        if count is not None and count < 0:
            raise ValueError(f"Need k >= 0, got {count}")
        if input.shape is None:
            return Spec(input.dtype, None), Spec(self.index_type, None)
        _check_length(input.shape[-1] if input.shape else None, count, input.rank)
        found = (*input.shape[:-1], count)
        return Spec(input.dtype, found), Spec(self.index_type, found)

    def compute(self, input, k):
        xp, k = array_namespace(input), int(k)
        _check_length(input.shape[-1] if input.ndim else None, k, input.ndim)
        # Sorting the reversed row, and reversing the result, keeps equals in order.
        order = xp.argsort(input[..., ::-1], -1, stable=True)[..., ::-1][..., :k]
        places = (input.shape[-1] - 1 - order).astype(self.index_type._numpy)
        return xp.take_along_axis(input, places, -1), places


def _check_length(length, k, rank):
    if rank == 0:
        raise ValueError("Shape must be at least rank 1 but is rank 0.")
    if None not in (length, k) and length < k:
        raise ValueError(f"input must have last dimension >= k = {k} but is {length}")


@RegisterGradient("TopKV2")
def _top_k_gradient(op, grad, _):
    x, places = op.inputs[0], op.outputs[1]
    starts = range_(0, size(x), shape(x)[-1])                 # of the rows, laid end to end
    rows = reshape(places, [-1, shape(places)[-1]]) + expand_dims(starts, -1)
    flat = scatter_nd(reshape(rows, [-1, 1]), reshape(grad, [-1]), [size(x)])
    return reshape(flat, shape(x)), None


_TopK = collections.namedtuple("TopKV2", ["values", "indices"])


def top_k(input, k=1, sorted=True, index_type=dtypes.int32, name=None):
    """The k greatest entries along the last axis, greatest first.

    Args:
      input: Tensor of real numbers, of at least one dimension.
      k: int, or scalar Tensor of int32.
      sorted: bool; False permits any order, and gets this one.
      index_type: int32 or int64.

    Returns:
      (values, indices), a namedtuple of Tensors of shape (..., k). Of equal entries the one
      with the lower index comes first.

    As in TF: tf.nn.top_k, tf.math.top_k (op type TopKV2).
    """
    with name_scope(name, "TopKV2", [input, k]) as scope:
        input = as_tensor(input, name="input")
        k = convert_to_tensor(k, dtypes.int32, name="k")
        return _TopK(*TopKV2([input, k], name=scope, sorted=sorted,
                             index_type=as_dtype(index_type)).outputs)


class InTopKV2(Operation):
    """For each row, whether fewer than k entries are greater than the target's."""

    op_type, fresh = "InTopKV2", True

    def infer(self, predictions, targets, k):
        check_allowed("predictions", predictions.dtype, (dtypes.float32,))
        check_allowed("targets", targets.dtype, _INTEGERS)
        for name, x, rank in (("predictions", predictions, 2), ("targets", targets, 1),
                              ("k", k, 0)):
            if x.rank not in (None, rank):
                raise ValueError(f"{name} must be of rank {rank}, but is of rank {x.rank}.")
        rows = predictions.shape[:1] if predictions.shape else (None,)
        return Spec(dtypes.bool_, merge(rows, targets.shape))

    def compute(self, predictions, targets, k):
        xp = array_namespace(predictions, targets, k)
        classes = predictions.shape[1]
        inside = (targets >= 0) & (targets < classes)
        rows = xp.arange(len(predictions))
        if not classes:
            return xp.zeros(len(predictions), bool)
        own = predictions[rows, xp.where(inside, targets, 0)]
        greater = (predictions > own[:, None]).sum(-1)
        finite = xp.isfinite(predictions).all(-1)          # nobody ranks nan: then False
        return inside & finite & (greater < k)


NotDifferentiable("InTopKV2")


def in_top_k(predictions, targets, k, name=None):
    """Whether the target is among the k greatest predictions of its row.

    Args:
      predictions: Tensor of float32, shape (n, classes).
      targets: Tensor of int32 or int64, shape (n,), numbers of classes.
      k: int.

    Returns:
      Tensor of bool, shape (n,). Classes tied with the k-th count as inside. A target out
      of range, or a row with nan or inf, is False.

    As in TF: tf.nn.in_top_k, tf.math.in_top_k (op type InTopKV2).
    """
    with name_scope(name, "in_top_k", [predictions, targets, k]):
        with name_scope(name, "InTopKV2") as scope:
            predictions = as_tensor(predictions, name="predictions")
            targets = as_tensor(targets, name="targets")
            k = convert_to_tensor(k, targets.spec.dtype, name="k")
            return InTopKV2([predictions, targets, k], name=scope).output
