"""Batch normalization in one operation (Ioffe & Szegedy 2015), and its gradient in one.

With the mean m and variance v of each channel over n pixels, and r = 1 / sqrt(v + epsilon),

    y = (x - m) r scale + offset.

In training m and v are those of the batch, and move with x; so

    d offset = sum dy
    d scale  = r sum dy (x - m)
    dx       = r scale (dy - mean dy - (x - m) r^2 mean(dy (x - m))).

Otherwise they are given, and dx = r scale dy. Read next: ../../nn/normalization.py, which does the
same with small operations.
"""

import numpy as np

from pellucid.core import dtypes
from pellucid.core.arrays import array_namespace
from pellucid.core.gradients import RegisterGradient, gradients
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec, merge
from pellucid.core.sources import constant
from pellucid.ops.arguments import as_tensor, check_allowed, name_scope, same_dtype
from pellucid.ops.arrays.shaping import transpose
from pellucid.ops.conv.windows import FORMATS, check_rank
from pellucid.ops.math.casting import cast
from pellucid.ops.math.elementwise import square
from pellucid.ops.math.functions import rsqrt
from pellucid.ops.math.reductions import reduce_mean, reduce_sum, total

_ATTRS = {"epsilon": 1e-4, "exponential_avg_factor": 1.0, "data_format": "NHWC",
          "is_training": True}
_GRAD_ATTRS = {"epsilon": 1e-4, "data_format": "NHWC", "is_training": True}
_NORMALIZED = frozenset((dtypes.float16, dtypes.bfloat16, dtypes.float32))
LEAST_EPSILON = 1.001e-5


class FusedBatchNormV3(Operation):
    """(y, mean, variance, then what the gradient needs: mean, variance and nothing).

    In training mean and variance are the batch's, the variance times n / (n - 1), mixed with the
    given ones if exponential_avg_factor is not 1. For the gradient it is divided by n.
    """

    op_type, attrs = "FusedBatchNormV3", _ATTRS
    extra = 1                   # outputs for the gradient beside mean and variance

    def infer(self, x, scale, offset, mean, variance):
        check_allowed("x", x.dtype, _NORMALIZED)
        for name, spec in (("scale", scale), ("offset", offset), ("mean", mean),
                           ("variance", variance)):
            check_allowed(name, spec.dtype, (dtypes.float32,))
            check_rank(name, spec, 1)
        shape, channels = _shapes(self, x, scale, offset)
        if not self.is_training:
            channels = merge(channels, merge(mean.shape, variance.shape))
        vector = Spec(scale.dtype, channels)
        return (Spec(x.dtype, shape), *[vector] * 4, *[Spec(scale.dtype, (0,))] * self.extra)

    def compute(self, x, scale, offset, mean, variance):
        xp = array_namespace(x, scale)
        wide = _wide(x)
        nothing = [np.zeros(0, np.float32)] * self.extra
        if not self.is_training:
            y = (wide - _per_channel(self, mean, x)) * _per_channel(
                self, scale / xp.sqrt(variance + np.float32(self.epsilon)), x)
            y = (y + _per_channel(self, offset, x)).astype(x.dtype)
            return (y, xp.array(mean), xp.array(variance), xp.array(mean), xp.array(variance),
                    *nothing)
        axes = _other_axes(self, x.ndim)
        n = x.size // max(1, scale.size)
        if not n:
            empty = xp.full(scale.shape, np.nan, np.float32)
            return xp.array(x), empty, empty, empty, empty, *nothing
        count = np.float32(n)
        now = total(wide, axes, False) / count
        centred = wide - _per_channel(self, now, x)
        biased = total(xp.square(centred), axes, False) / count
        factor = scale / xp.sqrt(biased + np.float32(self.epsilon))
        y = centred * _per_channel(self, factor, x) + _per_channel(self, offset, x)
        return (y.astype(x.dtype), self._mixed(mean, now),
                self._mixed(variance, biased * np.float32(n / max(n - 1, 1))), now, biased,
                *nothing)

    def _mixed(self, before, now):
        factor = np.float32(self.exponential_avg_factor)
        return array_namespace(now).array(now) if factor == 1 else before + factor * (now - before)


class FusedBatchNormV2(FusedBatchNormV3):
    """FusedBatchNormV3 of older graphs, without the last output."""

    op_type, attrs, extra = "FusedBatchNormV2", _ATTRS, 0


class FusedBatchNorm(FusedBatchNormV2):
    """FusedBatchNormV2 of older graphs."""

    op_type, attrs = "FusedBatchNorm", _ATTRS


class FusedBatchNormGradV3(Operation):
    """(dx, d scale, d offset, nothing, nothing), given dy and what the forward pass saved."""

    op_type, attrs = "FusedBatchNormGradV3", _GRAD_ATTRS

    def infer(self, y_backprop, x, scale, reserve_space_1, reserve_space_2, *reserve_space_3):
        dtype = same_dtype(x, y_backprop, ("x", "y_backprop"))
        check_allowed("x", dtype, _NORMALIZED)
        merged = merge(x.shape, y_backprop.shape)
        shape, channels = _shapes(self, Spec(dtype, merged), scale, reserve_space_1)
        vector, nothing = Spec(scale.dtype, channels), Spec(scale.dtype, (0,))
        return Spec(dtype, shape), vector, vector, nothing, nothing

    def compute(self, y_backprop, x, scale, mean, variance, *_):
        xp = array_namespace(x, y_backprop)
        axes = _other_axes(self, x.ndim)
        nothing = np.zeros(0, np.float32)
        if not x.size:
            none = np.zeros(scale.shape, np.float32)
            return xp.array(x), none, none, nothing, nothing
        grad, centred = _wide(y_backprop), _wide(x) - _per_channel(self, mean, x)
        r = np.float32(1) / xp.sqrt(variance + np.float32(self.epsilon))
        d_offset = total(grad, axes, False)
        along = total(grad * centred, axes, False)
        if self.is_training:
            n = np.float32(x.size // scale.size)
            grad = (grad - _per_channel(self, d_offset / n, x)
                    - centred * _per_channel(self, r * r * along / n, x))
        dx = grad * _per_channel(self, r * scale, x)
        return dx.astype(x.dtype), r * along, d_offset, nothing, nothing


class FusedBatchNormGradV2(FusedBatchNormGradV3):
    """FusedBatchNormGradV3 of older graphs, without the last input."""

    op_type, attrs = "FusedBatchNormGradV2", _GRAD_ATTRS


class FusedBatchNormGrad(FusedBatchNormGradV2):
    """FusedBatchNormGradV2 of older graphs."""

    op_type, attrs = "FusedBatchNormGrad", _GRAD_ATTRS


def _shapes(op, x, *vectors):
    """(the shape of x, that of a vector with an entry a channel), each from all there is."""
    if op.data_format not in FORMATS[4] + FORMATS[5]:
        raise ValueError(f"data_format must be one of {', '.join(FORMATS[4] + FORMATS[5])}, not "
                         f"{op.data_format!r}.")
    rank = len(op.data_format)
    check_rank("x", x, rank)
    axis = _channel_axis(op, rank)
    shape = x.shape or (None,) * rank
    channels = shape[axis:axis + 1]
    for vector in vectors:
        channels = merge(channels, vector.shape)
    return (*shape[:axis], *channels, *shape[axis + 1:]), channels


def _channel_axis(op, rank):
    return 1 if op.data_format[1] == "C" else rank - 1


def _other_axes(op, rank):
    return tuple([i for i in range(rank) if i != _channel_axis(op, rank)])


def _per_channel(op, vector, x):
    """A vector in a shape that broadcasts with x."""
    return vector.reshape(-1, *(1,) * (x.ndim - 2)) if op.data_format[1] == "C" else vector


def _wide(x):
    return x if x.dtype == np.float32 else x.astype(np.float32)


# The gradient does not flow through mean and variance as outputs, nor as inputs: they are there
# for moving averages.

@RegisterGradient("FusedBatchNorm")
def _fused_batch_norm_gradient(op, grad, *_):
    return _back(FusedBatchNormGrad, op, grad)


@RegisterGradient("FusedBatchNormV2")
def _fused_batch_norm_v2_gradient(op, grad, *_):
    return _back(FusedBatchNormGradV2, op, grad)


@RegisterGradient("FusedBatchNormV3")
def _fused_batch_norm_v3_gradient(op, grad, *_):
    return _back(FusedBatchNormGradV3, op, grad)


def _back(op_class, op, grad):
    x, scale, _, mean, variance = op.inputs
    saved = op.outputs[3:] if op.is_training else (mean, variance, *op.outputs[5:])
    dx, d_scale, d_offset, *_ = op_class(
        [grad, x, scale, *saved], epsilon=op.epsilon, data_format=op.data_format,
        is_training=op.is_training).outputs
    return dx, d_scale, d_offset, None, None


# The gradient once more, from small operations, which differentiate by themselves.

@RegisterGradient("FusedBatchNormGrad")
@RegisterGradient("FusedBatchNormGradV2")
@RegisterGradient("FusedBatchNormGradV3")
def _fused_batch_norm_grad_gradient(op, *grads):
    y_backprop, x, scale, mean, variance = op.inputs[:5]
    results = _spelled_out(op, y_backprop, x, scale, mean, variance)
    inputs = [y_backprop, x, scale]             # of which one may depend on another, outside
    found = gradients(results, inputs, grads[:3], stop_gradients=inputs)
    return [*found, *[None] * (len(op.inputs) - 3)]


def _spelled_out(op, y_backprop, x, scale, mean, variance):
    """(dx, d scale, d offset) as functions of dy, x, scale; in training the mean is x's."""
    grad, wide = cast(y_backprop, dtypes.float32), cast(x, dtypes.float32)
    first = op.data_format[1] == "C"
    rank = len(op.data_format)
    if first:
        to_last = [0, *range(2, rank), 1]
        grad, wide = transpose(grad, to_last), transpose(wide, to_last)
    axes = list(range(rank - 1))
    if op.is_training:
        mean = reduce_mean(wide, axes)
        variance = reduce_mean(square(wide - mean), axes)
    centred, r = wide - mean, rsqrt(variance + op.epsilon)
    d_offset, along = reduce_sum(grad, axes), reduce_sum(grad * centred, axes)
    if op.is_training:
        grad = (grad - reduce_mean(grad, axes)
                - centred * (r * r * reduce_mean(grad * centred, axes)))
    dx = grad * (r * scale)
    if first:
        dx = transpose(dx, [0, rank - 1, *range(1, rank - 1)])
    return cast(dx, x.dtype), r * along, d_offset


def fused_batch_norm(x, scale, offset, mean=None, variance=None, epsilon=0.001,
                     data_format="NHWC", is_training=True, name=None, exponential_avg_factor=1.0):
    """Batch normalization: (x - mean) / sqrt(variance + epsilon) scale + offset.

    Args:
      x: Tensor of float16, bfloat16 or float32, shape (n, h, w, c).
      scale, offset: float32, shape (c,).
      mean, variance: float32, shape (c,); not needed in training.
      epsilon: float; at least 1.001e-5 is used.
      data_format: "NHWC", "NCHW", "NDHWC" or "NCDHW".
      is_training: bool, whether to use mean and variance of the batch.
      exponential_avg_factor: float f; the mean and variance that are returned in training are
        (1 - f) times the given ones plus f times the batch's.

    Returns:
      (y, mean, variance): y of x's dtype and shape. In training the variance is times n / (n - 1).

    Raises ValueError if mean or variance are needed and not given.
    As in TF: tf.nn.fused_batch_norm (op type FusedBatchNormV3).
    """
    if (not is_training or exponential_avg_factor != 1) and (mean is None or variance is None):
        raise ValueError("mean and variance must be vectors when is_training is False or "
                         "exponential_avg_factor is not 1; they are None.")
    with name_scope(name, "FusedBatchNormV3", [x, scale, offset, mean, variance]) as scope:
        x = as_tensor(x, name="input")
        scale, offset = (as_tensor(v, name=label) for v, label in (
            (scale, "scale"), (offset, "offset")))
        mean, variance = (constant(np.zeros(0, np.float32)) if v is None else as_tensor(v)
                          for v in (mean, variance))
        op = FusedBatchNormV3(
            [x, scale, offset, mean, variance], scope, epsilon=max(epsilon, LEAST_EPSILON),
            data_format=data_format, is_training=bool(is_training),
            exponential_avg_factor=float(exponential_avg_factor))
        return op.outputs[:3]
