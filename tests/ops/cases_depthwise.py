"""Operation types of pellucid/ops/conv/depthwise.py."""

import numpy as np

from tests.ops.case import case
from tests.ops.cases_convolution import FIRST, W, X, backward, grads, naive, numbers

W2 = W[..., :2].copy()                       # (h, w, c, m)


def depthwise(*geometry):
    """Oracle: every channel convolved by itself."""
    convolve = naive(*geometry)
    return lambda x, w: np.concatenate([
        convolve(x[..., i:i + 1], w[:, :, i:i + 1]) for i in range(x.shape[-1])], -1)


def conv(strides=(1, 1, 1, 1), padding="SAME", **options):
    return lambda tf, x, w: tf.nn.depthwise_conv2d_native(x, w, list(strides), padding, **options)


CASES = [
    case("DepthwiseConv2dNative", conv(), X, W2, oracle=depthwise((1, 1), "SAME")),
    case("DepthwiseConv2dNative", conv((1, 2, 2, 1), "VALID"), X, W2, oracle=depthwise((2, 2)),
         label="strides"),
    case("DepthwiseConv2dNative", conv(dilations=[1, 2, 2, 1]), X, W2,
         oracle=depthwise((1, 1), "SAME", (2, 2)), label="dilations"),
    case("DepthwiseConv2dNative", conv(data_format="NCHW"), FIRST, W2,
         oracle=lambda x, w: depthwise((1, 1), "SAME")(
             x.transpose(0, 2, 3, 1), w).transpose(0, 3, 1, 2), label="NCHW"),
    case("DepthwiseConv2dNative", conv(), X[:0], W2, label="empty batch"),
    case("DepthwiseConv2dNative", conv(), X.astype(np.float16), W2.astype(np.float16), rtol=5e-3,
         oracle=depthwise((1, 1), "SAME"), label="float16"),
    case("DepthwiseConv2dNative", lambda tf, x, d, p: tf.nn.separable_conv2d(
        x, d, p, [1, 1, 1, 1], "VALID"), X, W2, numbers(1, 1, 6, 4), label="separable"),
    case("DepthwiseConv2dNative", lambda tf, x, w: tf.nn.depthwise_conv2d(
        x, w, [1, 1, 1, 1], "SAME", rate=[2, 1]), X, W2, label="rate",
         oracle=depthwise((1, 1), "SAME", (2, 1))),
    case("DepthwiseConv2dNativeBackpropInput",
         lambda tf, w, g: tf.nn.depthwise_conv2d_native_backprop_input(
             [2, 5, 6, 3], w, g, [1, 2, 2, 1], "SAME"), W2, numbers(2, 3, 3, 6)),
    case("DepthwiseConv2dNativeBackpropInput",
         lambda tf, x, w: grads(tf, conv(padding="VALID", dilations=[1, 1, 2, 1])(tf, x, w), x),
         X[:1], W2, oracle=backward(depthwise((1, 1), "VALID", (1, 2)), 0), label="dilations"),
    case("DepthwiseConv2dNativeBackpropFilter",
         lambda tf, x, g: tf.nn.depthwise_conv2d_native_backprop_filter(
             x, [3, 2, 3, 2], g, [1, 2, 2, 1], "SAME"), X, numbers(2, 3, 3, 6)),
    case("DepthwiseConv2dNativeBackpropFilter",
         lambda tf, x, w: grads(tf, conv(padding="VALID", dilations=[1, 1, 2, 1])(tf, x, w), w),
         X[:1], W2, oracle=backward(depthwise((1, 1), "VALID", (1, 2)), 1), label="dilations"),
]
