"""Operation types of pellucid/ops/conv/convolution.py."""

import numpy as np

from tests.ops.case import case


def numbers(*shape, dtype=np.float32):
    """Distinct numbers without a pattern, from -1 to 1."""
    count = int(np.prod(shape))
    return (np.sin(np.arange(count) * 1.7) * 0.9).reshape(shape).astype(dtype)


X = numbers(2, 5, 6, 3)                       # (n, h, w, c)
W = numbers(3, 2, 3, 4)                       # (h, w, c, out)
FIRST = X.transpose(0, 3, 1, 2).copy()
VOLUME = numbers(1, 3, 4, 5, 2)               # (n, d, h, w, c)
CUBE = numbers(2, 3, 2, 2, 3)


def naive(strides=(1, 1), padding="VALID", dilations=(1, 1)):
    """Convolution pixel by pixel; padding is VALID, SAME, or pairs for h and w."""
    def convolve(x, w):
        kernel = w.shape[:-2]
        extents = [(k - 1) * d + 1 for k, d in zip(kernel, dilations, strict=True)]
        if padding == "SAME":
            pads = []
            for size, e, s in zip(x.shape[1:-1], extents, strides, strict=True):
                total = max((-(-size // s) - 1) * s + e - size, 0)
                pads.append((total // 2, total - total // 2))
        else:
            pads = [(0, 0)] * len(kernel) if padding == "VALID" else padding
        x = np.pad(x, [(0, 0), *pads, (0, 0)])
        counts = [(d - e) // s + 1 for d, e, s in zip(x.shape[1:-1], extents, strides, strict=True)]
        y = np.zeros((len(x), *counts, w.shape[-1]), x.dtype)
        for at in np.ndindex(*counts):
            corner = [slice(i * s, i * s + e, d) for i, s, e, d in zip(
                at, strides, extents, dilations, strict=True)]
            y[(slice(None), *at)] = np.tensordot(x[(slice(None), *corner)], w, len(kernel) + 1)
        return y
    return convolve


def backward(convolve, position):
    """Oracle of the gradient by x or w, entry by entry: <dy, conv> with a 1 in that place."""
    def gradient(*arguments):
        dy = convolve(*arguments)
        found = np.zeros(arguments[position].shape, dy.dtype)
        for at in np.ndindex(found.shape):
            probe = list(arguments)
            probe[position] = np.zeros_like(found)
            probe[position][at] = 1
            found[at] = (dy * convolve(*probe)).sum()
        return [found]
    return gradient


def conv(strides=1, padding="VALID", **options):
    return lambda tf, x, w: tf.nn.conv2d(x, w, strides, padding, **options)


def sizes_of(axes):
    """A build for the backward pass by the image, of images of those spatial sizes."""
    def build(strides, padding, **options):
        return lambda tf, w, g: tf.nn.conv2d_backprop_input(
            [2, *axes, 3], w, g, [1, strides, strides, 1], padding, **options)
    return build


def by_kernel(strides, padding, **options):
    return lambda tf, x, g: tf.nn.conv2d_backprop_filter(
        x, [3, 2, 3, 4], g, [1, strides, strides, 1], padding, **options)


def grads(tf, y, *xs):
    """The gradients of a value, which are the backward operations."""
    return tf.gradients(y, xs, grad_ys=y)


CASES = [
    case("Conv2D", conv(), X, W, oracle=naive()),
    case("Conv2D", conv(1, "SAME"), X, W, oracle=naive((1, 1), "SAME"), label="same"),
    case("Conv2D", conv([1, 2, 3, 1], "SAME"), X, W, oracle=naive((2, 3), "SAME"),
         label="same strides"),
    case("Conv2D", conv(2, "VALID"), X, W, oracle=naive((2, 2)), label="strides"),
    case("Conv2D", conv([1, 1, 1, 1], "SAME", dilations=[1, 2, 3, 1]), X, W,
         oracle=naive((1, 1), "SAME", (2, 3)), label="dilations"),
    case("Conv2D", conv(2, [[0, 0], [2, 1], [0, 3], [0, 0]]), X, W,
         oracle=naive((2, 2), [(2, 1), (0, 3)]), label="explicit"),
    case("Conv2D", conv(1, [[0, 0], [5, 0], [0, 4], [0, 0]]), X, W,
         oracle=naive((1, 1), [(5, 0), (0, 4)]), label="explicit, wider than the kernel"),
    case("Conv2D", conv([1, 1, 2, 1], "SAME", data_format="NCHW"), FIRST, W,
         oracle=lambda x, w: naive((2, 1), "SAME")(
             x.transpose(0, 2, 3, 1), w).transpose(0, 3, 1, 2), label="NCHW"),
    case("Conv2D", conv(1, "SAME"), X[..., :1], W[:, :, :1], oracle=naive((1, 1), "SAME"),
         label="one channel"),
    case("Conv2D", conv(1, "SAME"), X, W[:1, :1], oracle=naive(), label="1x1"),
    case("Conv2D", conv(2, "SAME"), X, W[:1, :1], oracle=naive((2, 2), "SAME"),
         label="1x1 strides"),
    case("Conv2D", conv(1, "SAME"), X[:0], W, oracle=naive((1, 1), "SAME"), label="empty batch"),
    case("Conv2D", conv(1, "SAME"), numbers(2, 4, 4, 4), numbers(3, 3, 2, 6), second=True,
         label="groups"),
    case("Conv2D", conv(1, "SAME"), X.astype(np.float16), W.astype(np.float16), label="float16",
         rtol=2e-3),
    case("Conv2D", conv(1, "SAME"), X.astype(np.float64), W.astype(np.float64),
         oracle=naive((1, 1), "SAME"), label="float64"),
    case("Conv2D", conv(2, "SAME"), (9 * X).astype(np.int32), (9 * W).astype(np.int32),
         oracle=naive((2, 2), "SAME"), label="int32"),
    case("Conv2D", conv(1, "SAME"), numbers(2, 12, 12, 16), numbers(5, 5, 16, 3) / 20,
         oracle=naive((1, 1), "SAME"), rtol=1e-4, label="tall kernel"),
    case("Conv2D", conv([1, 1, 2, 1], "VALID", dilations=[1, 2, 1, 1]), numbers(1, 20, 28, 13),
         numbers(4, 5, 13, 2) / 20, oracle=naive((1, 2), "VALID", (2, 1)), rtol=1e-4,
         label="tall kernel, dilations"),
    case("Conv2DBackpropInput", sizes_of((5, 6))(1, "SAME"), W, numbers(2, 5, 6, 4)),
    case("Conv2DBackpropInput", sizes_of((5, 6))(2, "SAME"), W, numbers(2, 3, 3, 4),
         label="strides"),
    case("Conv2DBackpropInput", sizes_of((5, 6))(1, "VALID"), W, numbers(2, 3, 5, 4),
         label="valid"),
    case("Conv2DBackpropInput", lambda tf, w, g: tf.nn.conv2d_transpose(
        g, w, tf.stack([tf.shape(g)[0], 9, 10, 3]), 2), W, numbers(2, 5, 5, 4),
         label="transpose"),
    case("Conv2DBackpropInput", lambda tf, x, w: grads(
        tf, tf.nn.conv2d(x, w, 1, [[0, 0], [5, 0], [0, 4], [0, 0]]), x), X, W, label="explicit"),
    case("Conv2DBackpropInput", lambda tf, x, w: grads(
        tf, tf.nn.conv2d(x, w, 1, "SAME", dilations=2), x), X[:1], W, label="dilations",
         oracle=backward(naive((1, 1), "SAME", (2, 2)), 0)),
    case("Conv2DBackpropInput", sizes_of((5, 6))(1, "SAME"), numbers(3, 3, 3, 14),
         numbers(2, 5, 6, 14), label="many outputs"),
    case("Conv2DBackpropInput", sizes_of((5, 6))(1, "SAME"), W.astype(np.float16),
         numbers(2, 5, 6, 4, dtype=np.float16), label="float16", rtol=1e-2),
    case("Conv2DBackpropFilter", by_kernel(1, "SAME"), X, numbers(2, 5, 6, 4)),
    case("Conv2DBackpropFilter", by_kernel(2, "VALID"), X, numbers(2, 2, 3, 4), label="strides"),
    case("Conv2DBackpropFilter", by_kernel(1, "SAME"), X[:0], numbers(0, 5, 6, 4),
         oracle=lambda x, g: np.zeros((3, 2, 3, 4), x.dtype), label="empty batch"),
    case("Conv2DBackpropFilter", lambda tf, x, w: grads(
        tf, tf.nn.conv2d(x, w, 1, "SAME", dilations=2), w), X, W, label="dilations",
         oracle=backward(naive((1, 1), "SAME", (2, 2)), 1)),
    case("Conv3D", lambda tf, x, w: tf.nn.conv3d(x, w, [1, 2, 1, 2, 1], "SAME"), VOLUME, CUBE,
         oracle=naive((2, 1, 2), "SAME", (1, 1, 1))),
    case("Conv3D", lambda tf, x, w: tf.nn.conv3d(x, w, [1, 1, 1, 1, 1], "VALID"), VOLUME, CUBE,
         oracle=naive((1, 1, 1), "VALID", (1, 1, 1)), label="valid"),
    case("Conv3DBackpropInputV2", lambda tf, w, g: tf.nn.conv3d_transpose(
        g, w, [1, 5, 8, 9, 2], [1, 2, 2, 2, 1]), CUBE, numbers(1, 3, 4, 5, 3)),
    case("Conv3DBackpropFilterV2", lambda tf, x, g: tf.nn.conv3d_backprop_filter(
        x, [2, 3, 2, 2, 3], g, [1, 1, 1, 1, 1], "SAME"), VOLUME, numbers(1, 3, 4, 5, 3)),
]
