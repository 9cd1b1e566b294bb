"""Operation types of pellucid/ops/neural/batch_norm.py."""

import numpy as np

from tests.ops.case import case
from tests.ops.cases_convolution import FIRST, VOLUME, X

SCALE = np.array([1.5, -0.5, 2.0], np.float32)
OFFSET = np.array([0.25, 1.0, -1.0], np.float32)
MEAN = np.array([0.1, -0.2, 0.3], np.float32)
VARIANCE = np.array([0.5, 1.5, 0.75], np.float32)


def normalized(**options):
    """y of fused_batch_norm in training."""
    return lambda tf, x, scale, offset: tf.nn.fused_batch_norm(x, scale, offset, **options)[0]


def given(tf, x, scale, offset, mean, variance, **options):
    return tf.nn.fused_batch_norm(x, scale, offset, mean, variance, is_training=False,
                                  **options)[0]


def back(build):
    """The gradients of what `build` makes, weighted by the first input."""
    def gradients(tf, x, scale, offset, *given):
        y = build(tf, x, scale, offset, *given)
        return tf.gradients(y, [x, scale, offset], grad_ys=x * x)
    return gradients


def older(op_type):
    """The operation as old graphs have it; TensorFlow has it in raw_ops."""
    def build(tf, x, scale, offset):
        nothing = tf.constant(np.zeros(0, np.float32))
        if hasattr(tf, "raw_ops") and hasattr(tf.raw_ops, op_type):
            return getattr(tf.raw_ops, op_type)(
                x=x, scale=scale, offset=offset, mean=nothing, variance=nothing)[:3]
        from pellucid.core.operation import create
        return create(op_type, [x, scale, offset, nothing, nothing]).outputs[:3]
    return build


def older_back(version):
    def build(tf, x, scale, offset):
        y = older(f"FusedBatchNorm{version}")(tf, x, scale, offset)[0]
        return tf.gradients(y, [x, scale, offset], grad_ys=x * x)
    return build


TRAINING = (X, SCALE, OFFSET)
LOOSE = {"rtol": 1e-4}

CASES = [
    case("FusedBatchNormV3", normalized(), *TRAINING, **LOOSE),
    case("FusedBatchNormV3", normalized(data_format="NCHW"), FIRST, SCALE, OFFSET, label="NCHW",
         oracle=lambda x, s, o: ((x - x.mean((0, 2, 3), keepdims=True)) / np.sqrt(
             x.var((0, 2, 3), keepdims=True) + 1e-3) * s[:, None, None] + o[:, None, None]),
         **LOOSE),
    case("FusedBatchNormV3", normalized(data_format="NDHWC"), VOLUME, SCALE[:2], OFFSET[:2],
         label="volume", **LOOSE),
    case("FusedBatchNormV3", normalized(), X[:0], SCALE, OFFSET, second=False,
         label="empty batch"),                   # means over nothing: nan, as in TensorFlow
    case("FusedBatchNormV3", normalized(epsilon=0.1), X.astype(np.float16), SCALE, OFFSET,
         rtol=4e-3, gradient=(), label="float16"),
    case("FusedBatchNormV3", lambda tf, *args: tf.nn.fused_batch_norm(*args), *TRAINING,
         gradient=(), label="moments", **LOOSE),
    case("FusedBatchNormV3", lambda tf, *args: tf.nn.fused_batch_norm(
        *args, exponential_avg_factor=0.25), *TRAINING, MEAN, VARIANCE, gradient=(),
         label="moving moments", **LOOSE),
    case("FusedBatchNormV3", given, *TRAINING, MEAN, VARIANCE, gradient=(0, 1, 2),
         label="given moments", **LOOSE),
    case("FusedBatchNormV2", older("FusedBatchNormV2"), *TRAINING, gradient=(), **LOOSE),
    case("FusedBatchNorm", older("FusedBatchNorm"), *TRAINING, gradient=(), **LOOSE),
    case("FusedBatchNormGradV3", back(normalized()), *TRAINING, **LOOSE),
    case("FusedBatchNormGradV3", back(normalized(data_format="NCHW")), FIRST, SCALE, OFFSET,
         label="NCHW", oracle=lambda x, s, o: by_hand(x, s), **LOOSE),
    case("FusedBatchNormGradV3", back(given), *TRAINING, MEAN, VARIANCE, gradient=(0, 1, 2),
         label="given moments", **LOOSE),
    case("FusedBatchNormGradV2", older_back("V2"), *TRAINING, **LOOSE),
    case("FusedBatchNormGrad", older_back(""), *TRAINING, **LOOSE),
]


def by_hand(x, scale):
    """The formulas at the top of batch_norm.py, channels first, for dy = x^2."""
    x = x.astype(np.float64)
    axes, grad = (0, 2, 3), x * x
    r = 1 / np.sqrt(x.var(axes, keepdims=True) + 1e-3)
    centred = x - x.mean(axes, keepdims=True)
    dx = scale[:, None, None] * r * (grad - grad.mean(axes, keepdims=True) - centred * r * r * (
        grad * centred).mean(axes, keepdims=True))
    return [dx.astype(np.float32), (r * grad * centred).sum(axes).astype(np.float32),
            grad.sum(axes).astype(np.float32)]
