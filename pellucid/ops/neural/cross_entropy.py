"""Cross-entropies: how far predicted probabilities are from the labels.

For logits x and labels c, whose rows are probabilities, the loss of a row is

    -sum_j c_j log softmax(x)_j = sum_j c_j (log sum_k e^x_k - x_j),

and its gradient with respect to x is softmax(x) - c where c adds up to 1. The fused
operations compute both at once, as TensorFlow's do. Read next: ../random/draws.py.
"""

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.arrays import array_namespace, on_host
from pellucid.core.gradients import RegisterGradient
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec, broadcast, compatible, merge, show
from pellucid.ops.arguments import as_tensor, check_allowed, name_scope, old_names, same_dtype
from pellucid.ops.arrays.creation import zeros_like
from pellucid.ops.arrays.shaping import expand_dims, reshape, shape, transpose
from pellucid.ops.control.passing import stop_gradient
from pellucid.ops.math.casting import cast
from pellucid.ops.math.comparison import greater_equal
from pellucid.ops.math.elementwise import abs, add
from pellucid.ops.math.functions import exp, log1p
from pellucid.ops.math.reductions import reduce_sum
from pellucid.ops.math.selection import where
from pellucid.ops.neural.activations import relu
from pellucid.ops.neural.softmax import log_softmax, softmax

# -- labels are probabilities -------------------------------------------------------------

class SoftmaxCrossEntropyWithLogits(Operation):
    """(loss of each row, its gradient with respect to the logits)."""

    op_type, fresh = "SoftmaxCrossEntropyWithLogits", True

    def infer(self, features, labels):
        dtype = same_dtype(features, labels, ("features", "labels"))
        check_allowed("features", dtype, dtypes.FLOATING)
        for name, x in (("features", features), ("labels", labels)):
            if x.rank not in (None, 2):
                raise ValueError(f"{name} must be a matrix, but has rank {x.rank}.")
        both = broadcast(features.shape or (None, None), labels.shape or (None, None))
        return Spec(dtype, both[:1]), Spec(dtype, both)

    def compute(self, features, labels):
        xp = array_namespace(features, labels)
        shifted, powers, total = _exponentials(xp, features)
        losses = labels * (xp.log(total) - shifted)
        return losses.sum(-1, dtype=losses.dtype), powers / total - labels


@RegisterGradient("SoftmaxCrossEntropyWithLogits")
def _softmax_cross_entropy_gradient(op, grad_loss, grad_backprop):
    # As in TensorFlow, the gradient of the backprop with respect to the labels, -1, is left
    # out: mixed second derivatives are 0.
    return (lambda: _logits_gradient(op, grad_loss, grad_backprop),
            lambda: expand_dims(grad_loss, -1) * -log_softmax(op.inputs[0]))


def _logits_gradient(op, grad_loss, grad_backprop):
    """The gradient through the loss, and that through the backprop, which is a softmax."""
    grad = expand_dims(grad_loss, -1) * op.outputs[1]
    if grad_backprop.op.type == "ZerosLike":          # nobody used the backprop
        return grad
    p = softmax(op.inputs[0])
    return grad + (grad_backprop - reduce_sum(grad_backprop * p, -1, keepdims=True)) * p


def _exponentials(xp, logits):
    """x - max, e^(x - max), and the sum of the latter, along the last axis."""
    shifted = logits - xp.max(logits, -1, keepdims=True, initial=-np.inf)
    powers = xp.exp(shifted)
    return shifted, powers, powers.sum(-1, keepdims=True, dtype=powers.dtype)


def softmax_cross_entropy_with_logits_v2(labels, logits, axis=None, name=None, dim=None):
    """The cross-entropy between labels and softmax(logits).

    Args:
      labels: Tensor of logits' shape, whose entries along `axis` add up to 1.
      logits: floating Tensor.
      axis: int, the axis of the classes, the last by default. `dim` is its old name.

    Returns:
      Tensor of logits' dtype and shape, but without the axis. Gradients go to logits and to
      labels.

    As in TF: tf.nn.softmax_cross_entropy_with_logits_v2.
    """
    if dim is not None and axis is not None:
        raise ValueError("Cannot specify both 'axis' and 'dim'.")
    _check_given("softmax_cross_entropy_with_logits", labels, logits)
    axis = next((a for a in (axis, dim) if a is not None), -1)
    with name_scope(name, "softmax_cross_entropy_with_logits", [logits, labels]) as scope:
        logits = as_tensor(logits, name="logits")
        labels = as_tensor(labels, name="labels")
        precise = _precise(logits)
        if precise.dtype is not None:
            labels = cast(labels, precise.dtype)
        known = logits.spec.shape
        if axis != -1:
            precise, labels = _axis_last(precise, axis), _axis_last(labels, axis)
        rows = [_as_rows(precise), _as_rows(labels)]
        losses = SoftmaxCrossEntropyWithLogits(rows, name=scope).outputs[0]
        outer = [-1] if precise.spec.rank == 2 else shape(precise)[:-1]
        losses = reshape(losses, outer, name="Reshape_2")
        if known is not None:
            losses.set_shape([d for i, d in enumerate(known) if i != axis % len(known)])
        return losses if logits.dtype is None else cast(losses, logits.dtype)


def softmax_cross_entropy_with_logits(_sentinel=None, labels=None, logits=None, dim=-1, name=None,
                                      axis=None):
    """The same, except that no gradient goes to the labels.

    As in TF: tf.nn.softmax_cross_entropy_with_logits.
    """
    _check_given("softmax_cross_entropy_with_logits", labels, logits, _sentinel)
    default = "softmax_cross_entropy_with_logits_sg"
    with name_scope(name, default, [logits, labels]) as scope:
        labels = stop_gradient(labels, name="labels_stop_gradient")
        axis = dim if axis is None else axis
        return softmax_cross_entropy_with_logits_v2(labels, logits, axis, scope)


def _check_given(function, labels, logits, sentinel=None):
    if sentinel is not None:             # logits stood first once: nothing goes by position now
        raise ValueError(f"Only call `{function}` with named arguments (labels=..., logits=..., "
                         "...)")
    if labels is None or logits is None:
        raise ValueError(f"Both labels and logits must be provided for {function}.")


def _precise(logits):
    """Half-precision logits in single precision, others as they are."""
    narrow = logits.dtype in (dtypes.float16, dtypes.bfloat16)
    return cast(logits, dtypes.float32) if narrow else logits


def _axis_last(x, axis):
    """x with one axis moved to the end."""
    rank = x.spec.rank
    if rank is None:
        raise ValueError(f"axis {axis} of {x.name!r}, whose rank is unknown: only the last "
                         "axis can be taken; say more with set_shape.")
    if not -rank <= axis < rank:
        raise ValueError(f"axis {axis} is out of range [-{rank}, {rank})")
    axis %= rank
    return transpose(x, [i for i in range(rank) if i != axis] + [axis])


def _as_rows(x):
    """x as a matrix: all axes but the last become one."""
    if x.spec.rank == 2:
        return x
    classes = x.spec.shape[-1] if x.spec.shape else None
    return reshape(x, [-1, shape(x)[-1] if classes is None else classes])


# -- labels are numbers of classes --------------------------------------------------------

class SparseSoftmaxCrossEntropyWithLogits(Operation):
    """(loss of each row, its gradient with respect to the logits), for the right class."""

    op_type, fresh = "SparseSoftmaxCrossEntropyWithLogits", True

    def infer(self, features, labels):
        check_allowed("features", features.dtype, dtypes.FLOATING)
        check_allowed("labels", labels.dtype, (dtypes.int32, dtypes.int64))
        if features.rank not in (None, 2) or labels.rank not in (None, 1):
            raise ValueError("features must be a matrix and labels a vector, but they have "
                             f"shapes {show(features.shape)} and {show(labels.shape)}.")
        rows, classes = features.shape or (None, None)
        rows, = merge((rows,), labels.shape or (None,))
        return Spec(features.dtype, (rows,)), Spec(features.dtype, (rows, classes))

    def compute(self, features, labels):
        xp = array_namespace(features, labels)
        shifted, powers, total = _exponentials(xp, features)
        right = xp.arange(len(features)), labels
        if not on_host(features, labels):
            losses = xp.log(total)[:, 0] - shifted[right]
            return losses, (powers / total).at[right].add(-1)
        check_labels(labels, features.shape[1])
        losses = np.log(total)[:, 0] - shifted[right]
        backprop = powers / total
        backprop[right] -= 1                               # an array of our own, so far
        return losses, backprop


def check_labels(labels, classes):
    """Raises InvalidArgumentError unless every label is one of 0, ... classes - 1."""
    if labels.size and not 0 <= labels.min() <= labels.max() < classes:
        wrong = labels[(labels < 0) | (labels >= classes)][0]
        raise errors.InvalidArgumentError(
            None, None, f"Received a label value of {wrong} which is outside the valid "
            f"range of [0, {classes}). Label values: "
            f"{' '.join(map(str, labels[:64].tolist()))}")


@RegisterGradient("SparseSoftmaxCrossEntropyWithLogits")
def _sparse_softmax_cross_entropy_gradient(op, grad_loss, grad_backprop):
    return _logits_gradient(op, grad_loss, grad_backprop), None


def sparse_softmax_cross_entropy_with_logits(_sentinel=None, labels=None, logits=None, name=None):
    """The cross-entropy between softmax(logits) and the class that is right.

    Args:
      labels: Tensor of int32 or int64, numbers of classes, of logits' shape less one axis.
      logits: floating Tensor; its last axis has an entry a class.

    Returns:
      Tensor of logits' dtype and labels' shape.

    Raises:
      ValueError: the shapes do not fit.
      tf.errors.InvalidArgumentError: a label is not the number of a class.

    As in TF: tf.nn.sparse_softmax_cross_entropy_with_logits.
    """
    _check_given("sparse_softmax_cross_entropy_with_logits", labels, logits, _sentinel)
    with name_scope(name, "SparseSoftmaxCrossEntropyWithLogits", [labels, logits]):
        labels, logits = convert_to_tensor(labels), convert_to_tensor(logits)
        _check_ranks(labels.spec.shape, logits.spec.shape)
        precise = _precise(logits)
        if logits.spec.rank == 2:
            losses = _sparse(precise, labels, name)
        else:
            losses = _sparse(_as_rows(precise), reshape(labels, [-1]), name)
            losses = reshape(losses, shape(labels))
            losses.set_shape(labels.spec.shape)
        return losses if precise is logits else cast(losses, logits.dtype)


def _sparse(logits, labels, name):
    return SparseSoftmaxCrossEntropyWithLogits([logits, labels], name=name).outputs[0]


def _check_ranks(labels, logits):
    if logits is None or labels is None:
        return
    if not logits:
        raise ValueError(f"Logits cannot be scalars - received shape {show(logits)}.")
    if len(labels) != len(logits) - 1:
        raise ValueError(f"Rank mismatch: Rank of labels (received {len(labels)}) should "
                         f"equal rank of logits minus 1 (received {len(logits)}).")
    if not compatible(labels, logits[:-1]):
        raise ValueError(f"Shape mismatch: The shape of labels (received {show(labels)}) "
                         "should equal the shape of logits except for the last dimension "
                         f"(received {show(logits)}).")


# -- each entry is a question of its own --------------------------------------------------

@old_names(targets="labels")
def sigmoid_cross_entropy_with_logits(_sentinel=None, labels=None, logits=None, name=None):
    """The cross-entropy between labels and sigmoid(logits), entry by entry.

    For logits x and labels z it is -z log s(x) - (1 - z) log(1 - s(x)), computed as
    max(x, 0) - x z + log(1 + e^-|x|), which does not overflow.

    Args:
      labels: Tensor of logits' dtype and shape.
      logits: floating Tensor.

    As in TF: tf.nn.sigmoid_cross_entropy_with_logits.
    """
    _check_given("sigmoid_cross_entropy_with_logits", labels, logits, _sentinel)
    with name_scope(name, "logistic_loss", [logits, labels]) as scope:
        logits = as_tensor(logits, name="logits")
        labels = as_tensor(labels, name="labels")
        _check_same_shape(logits, labels, "labels")
        zeros = zeros_like(logits)
        positive = greater_equal(logits, zeros)
        # Chosen by one condition, so that at 0 the two gradients, 1 and -1/2, add up to
        # 1/2.
        above_zero = where(positive, logits, zeros)
        minus_size = where(positive, -logits, logits)
        return add(above_zero - logits * labels, log1p(exp(minus_size)), name=scope)


def weighted_cross_entropy_with_logits(labels=None, logits=None, pos_weight=None,
                                       name=None, targets=None):
    """The same, with the part of the positive labels times pos_weight:
    -w z log s(x) - (1 - z) log(1 - s(x)). `targets` is the old name of labels.

    As in TF: tf.nn.weighted_cross_entropy_with_logits.
    """
    if labels is not None and targets is not None:
        raise ValueError("Cannot specify both 'labels' and 'targets'.")
    labels = targets if labels is None else labels
    with name_scope(name, "logistic_loss", [logits, labels]) as scope:
        logits = as_tensor(logits, name="logits")
        labels = as_tensor(labels, name="labels")
        _check_same_shape(logits, labels, "labels")
        # l log(1 + e^-x), with l = 1 + (w - 1) z, as l (log(1 + e^-|x|) + max(-x, 0)).
        log_weight = 1 + (pos_weight - 1) * labels
        log_of_sum = log1p(exp(-abs(logits))) + relu(-logits)
        return add((1 - labels) * logits, log_weight * log_of_sum, name=scope)


def _check_same_shape(logits, labels, name):
    if not compatible(logits.spec.shape, labels.spec.shape):
        raise ValueError(f"`logits` and `{name}` must have the same shape, received "
                         f"({show(logits.spec.shape)} vs {show(labels.spec.shape)}).")
