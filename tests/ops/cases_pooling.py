"""Operation types of pellucid/ops/conv/pooling.py and argmax_pooling.py."""

import numpy as np

from tests.ops.case import case
from tests.ops.cases_convolution import FIRST, VOLUME, X, numbers

TIES = np.array([1, 1, 0, 1, 2, 2, 1, 1, 2, 2, 2, 0], np.float32).reshape(1, 3, 4, 1)
PICTURE = numbers(2, 5, 6, 1)


def pooled(function, ksize, strides, padding):
    """Oracle, window by window: function over pixels inside the image."""
    def pool(x):
        sizes, pads = x.shape[1:-1], []
        for size, k, s in zip(sizes, ksize, strides, strict=True):
            count = -(-size // s) if padding == "SAME" else (size - k) // s + 1
            total = max((count - 1) * s + k - size, 0)
            pads.append((count, total // 2 if padding == "SAME" else 0))
        y = np.zeros((len(x), *[count for count, _ in pads], x.shape[-1]), x.dtype)
        for at in np.ndindex(*y.shape[1:-1]):
            window = [slice(max(i * s - before, 0), i * s - before + k) for i, s, k, (_, before)
                      in zip(at, strides, ksize, pads, strict=True)]
            y[(slice(None), *at)] = function(
                x[(slice(None), *window)], axis=tuple(range(1, x.ndim - 1)))
        return y
    return pool


def maximum(ksize=2, strides=2, padding="VALID", **options):
    return lambda tf, x: tf.nn.max_pool(x, ksize, strides, padding, **options)


def average(ksize=2, strides=2, padding="VALID", **options):
    return lambda tf, x: tf.nn.avg_pool(x, ksize, strides, padding, **options)


def back(pool):
    """The gradient of a pooling, weighted by the result itself."""
    def build(tf, x):
        y = pool(tf, x)
        return tf.gradients(y, x, grad_ys=y * y + 1)[0]
    return build


def back_again(pool):
    """The gradient of the gradient with respect to the weights."""
    def build(tf, x, v):
        y = pool(tf, x)
        weights = tf.zeros_like(y)
        first = tf.gradients(y, x, grad_ys=weights)[0]
        return tf.gradients(first, weights, grad_ys=v)[0]
    return build


CASES = [
    case("MaxPool", maximum(), X, oracle=pooled(np.max, (2, 2), (2, 2), "VALID")),
    case("MaxPool", maximum(padding="SAME"), X, oracle=pooled(np.max, (2, 2), (2, 2), "SAME"),
         label="same"),
    case("MaxPool", maximum(3, 2, "SAME"), -abs(X), label="overlapping",
         oracle=pooled(np.max, (3, 3), (2, 2), "SAME")),
    case("MaxPool", maximum([1, 3, 1, 1], [1, 1, 4, 1], "SAME"), X, label="oblong",
         oracle=pooled(np.max, (3, 1), (1, 4), "SAME")),
    case("MaxPool", maximum(data_format="NCHW"), FIRST, label="NCHW",
         oracle=lambda x: pooled(np.max, (2, 2), (2, 2), "VALID")(
             x.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2)),
    case("MaxPool", maximum(), X[:0], label="empty batch"),
    case("MaxPool", maximum(3, 2, "SAME"), (9 * X).astype(np.int32), label="int32"),
    case("MaxPool", maximum(3, 2, "SAME"), abs(9 * X).astype(np.uint8), label="uint8"),
    case("MaxPool", maximum(3, 2, "SAME"), X.astype(np.float16), label="float16"),
    case("MaxPool", maximum(3, 2, "SAME"), X.astype(np.float64), label="float64"),
    case("MaxPool", lambda tf, x: tf.nn.max_pool1d(x, 3, 2, "SAME"), X[0], label="1d"),
    case("MaxPool", lambda tf, x: tf.nn.pool(x, [2, 3], "MAX", "SAME", strides=[1, 2]), X,
         label="pool"),
    case("MaxPoolGrad", back(maximum()), X),
    case("MaxPoolGrad", back(maximum(padding="SAME")), X, label="same"),
    case("MaxPoolGrad", back(maximum(3, 2, "SAME")), X, label="overlapping"),
    case("MaxPoolGrad", back(maximum(2, 3, "VALID")), X, label="with gaps"),
    case("MaxPoolGrad", back(maximum()), TIES, gradient=(), label="ties"),
    case("MaxPoolGrad", back(maximum(2, 1, "SAME")), TIES, gradient=(), label="ties overlapping"),
    case("MaxPoolGrad", back(maximum()), X[:0], label="empty batch"),
    case("MaxPoolGrad", back(maximum()), X.astype(np.float16), rtol=2e-3, label="float16"),
    case("MaxPoolGradGrad", back_again(maximum(3, 2, "SAME")), X, numbers(2, 5, 6, 3)),
    case("MaxPoolGradGrad", back_again(maximum()), TIES, numbers(1, 3, 4, 1), gradient=(),
         label="ties"),
    case("MaxPool3D", lambda tf, x: tf.nn.max_pool3d(x, 2, 2, "SAME"), VOLUME,
         oracle=pooled(np.max, (2, 2, 2), (2, 2, 2), "SAME")),
    case("MaxPool3D", lambda tf, x: tf.nn.max_pool3d(
        x, [1, 1, 2, 3, 1], [1, 1, 1, 2, 1], "VALID"), VOLUME, label="oblong",
         oracle=pooled(np.max, (1, 2, 3), (1, 1, 2), "VALID")),
    case("MaxPool3DGrad", back(lambda tf, x: tf.nn.max_pool3d(x, 3, 2, "SAME")), VOLUME),
    case("MaxPool3DGradGrad", back_again(lambda tf, x: tf.nn.max_pool3d(x, 2, 2, "VALID")),
         VOLUME, numbers(1, 3, 4, 5, 2)),
    case("AvgPool", average(), X, oracle=pooled(np.mean, (2, 2), (2, 2), "VALID")),
    case("AvgPool", average(padding="SAME"), X, oracle=pooled(np.mean, (2, 2), (2, 2), "SAME"),
         label="same"),
    case("AvgPool", average(3, 2, "SAME"), X, label="overlapping",
         oracle=pooled(np.mean, (3, 3), (2, 2), "SAME")),
    case("AvgPool", average(3, 2, "SAME", data_format="NCHW"), FIRST, label="NCHW",
         oracle=lambda x: pooled(np.mean, (3, 3), (2, 2), "SAME")(
             x.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2)),
    case("AvgPool", average(), X[:0], oracle=pooled(np.mean, (2, 2), (2, 2), "VALID"),
         label="empty batch"),
    case("AvgPool", average(3, 2, "SAME"), X.astype(np.float16), rtol=2e-3, label="float16"),
    case("AvgPool", lambda tf, x: tf.nn.avg_pool1d(x, 3, 2, "SAME"), X[0], label="1d"),
    case("AvgPool", lambda tf, x: tf.nn.pool(x, [5], "AVG", "VALID"), X[0], label="pool"),
    case("AvgPoolGrad", back(average()), X),
    case("AvgPoolGrad", back(average(3, 2, "SAME")), X, label="overlapping"),
    case("AvgPoolGrad", back(average(2, 3, "VALID")), X, label="with gaps"),
    case("AvgPool3D", lambda tf, x: tf.nn.avg_pool3d(x, 2, 2, "SAME"), VOLUME,
         oracle=pooled(np.mean, (2, 2, 2), (2, 2, 2), "SAME")),
    case("AvgPool3DGrad", back(lambda tf, x: tf.nn.avg_pool3d(x, 3, 2, "SAME")), VOLUME),
    case("MaxPoolWithArgmax", lambda tf, x: tf.nn.max_pool_with_argmax(
        x, [1, 3, 2, 1], [1, 2, 2, 1], "SAME"), X),
    case("MaxPoolWithArgmax", lambda tf, x: tf.nn.max_pool_with_argmax(
        x, [1, 2, 2, 1], [1, 1, 1, 1], "VALID", include_batch_in_index=True), X,
         label="batch in index"),
    case("MaxPoolWithArgmax", lambda tf, x: tf.nn.max_pool_with_argmax(
        x, [1, 2, 2, 1], [1, 1, 1, 1], "SAME"), TIES, gradient=(), label="ties"),
    case("MaxPoolGradWithArgmax", back(lambda tf, x: tf.nn.max_pool_with_argmax(
        x, [1, 3, 3, 1], [1, 2, 2, 1], "SAME")[0]), X),
    case("MaxPoolGradGradWithArgmax", back_again(lambda tf, x: tf.nn.max_pool_with_argmax(
        x, [1, 2, 2, 1], [1, 2, 2, 1], "VALID")[0]), PICTURE, numbers(2, 5, 6, 1),
         oracle=lambda x, v: pooled(np.max, (2, 2), (2, 2), "VALID")(
             np.where(x == np.repeat(np.repeat(pooled(np.max, (2, 2), (2, 2), "VALID")(
                 np.pad(x, [(0, 0), (0, 1), (0, 0), (0, 0)])), 2, 1), 2, 2)[:, :5],
                 v, -9)[:, :4])),
]
