"""Softmax: numbers become probabilities. Read next: cross_entropy.py."""

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.arrays import array_namespace
from pellucid.core.gradients import RegisterGradient
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec
from pellucid.ops.arguments import as_tensor, check_allowed
from pellucid.ops.arrays.shaping import transpose
from pellucid.ops.math.functions import exp
from pellucid.ops.math.reductions import reduce_sum


class Softmax(Operation):
    """e^x over its sum along the last axis."""

    op_type, fresh = "Softmax", True

    def infer(self, logits):
        check_allowed("logits", logits.dtype, dtypes.FLOATING)
        if logits.rank == 0:
            raise ValueError("logits must have at least one dimension.")
        return Spec(logits.dtype, logits.shape)

    def compute(self, logits):
        xp = array_namespace(logits)
        powers = xp.exp(logits - _greatest(xp, logits))       # e^(x - max) is at most 1
        return powers / powers.sum(-1, keepdims=True, dtype=powers.dtype)


class LogSoftmax(Softmax):
    """x - log(the sum of e^x along the last axis)."""

    op_type = "LogSoftmax"

    def compute(self, logits):
        xp = array_namespace(logits)
        shifted = logits - _greatest(xp, logits)
        return shifted - xp.log(xp.exp(shifted).sum(-1, keepdims=True, dtype=shifted.dtype))


def _greatest(xp, logits):
    return xp.max(logits, -1, keepdims=True, initial=-np.inf)


@RegisterGradient("Softmax")
def _softmax_gradient(op, grad):
    # dy_i/dx_j = y_i ([i = j] - y_j), so the gradient is (grad - sum_i grad_i y_i) y.
    y = op.output
    return (grad - reduce_sum(grad * y, -1, keepdims=True)) * y


@RegisterGradient("LogSoftmax")
def _log_softmax_gradient(op, grad):
    # dy_i/dx_j = [i = j] - softmax(x)_j.
    return grad - reduce_sum(grad, -1, keepdims=True) * exp(op.output)


def softmax(logits, axis=None, name=None, dim=None):
    """e^x over its sum along an axis: positive numbers that add up to 1.

    Args:
      logits: floating Tensor of at least one dimension.
      axis: int, the last by default. `dim` is its old name.

    As in TF: tf.nn.softmax (op type Softmax).
    """
    return _along(Softmax, logits, _axis(axis, dim), name)


def log_softmax(logits, axis=None, name=None, dim=None):
    """log(softmax(logits)), computed as x - log(sum e^x), which does not overflow.

    As in TF: tf.nn.log_softmax (op type LogSoftmax).
    """
    return _along(LogSoftmax, logits, _axis(axis, dim), name)


def _axis(axis, dim):
    if dim is not None:
        if axis is not None:
            raise ValueError("Cannot specify both 'axis' and 'dim'.")
        return dim
    return -1 if axis is None else axis


def _along(op_class, logits, axis, name):
    """op_class, which works along the last axis, along another: swapped there and back."""
    logits = as_tensor(logits)
    rank = logits.spec.rank
    if axis == -1 or (rank is not None and axis == rank - 1):
        return op_class([logits], name=name).output
    if rank is None:
        raise TypeError(f"axis {axis} of {logits.name!r}, whose rank is unknown: only the "
                        "last axis can be taken; say more with set_shape.")
    if not -rank <= axis < rank:
        raise errors.InvalidArgumentError(
            None, None, f"`axis` must be in [{-rank}, {rank}), but is {axis}")
    order = list(range(rank))
    order[axis], order[-1] = rank - 1, axis % rank
    inside = op_class([transpose(logits, order)]).output
    return transpose(inside, order, name=name)
