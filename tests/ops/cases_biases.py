"""Operation types of pellucid/ops/neural/biases.py."""

import numpy as np

from tests.ops.case import case

X = np.array([[-2.0, -0.5, 0.25], [1.5, 5.0, 3.0]], np.float32)
B = np.array([0.5, -1.0, 2.0], np.float32)
IMAGES = np.linspace(-1, 1, 48).reshape(2, 2, 4, 3).astype(np.float32)     # (n, h, w, c)
FIRST = IMAGES.transpose(0, 3, 1, 2).copy()                                # (n, c, h, w)


def bias_gradient(data_format):
    """The gradient operation of the bias, given that of the sum."""
    def build(tf, x, bias, grad):
        total = tf.nn.bias_add(x, bias, data_format)
        return tf.gradients(total, bias, grad_ys=grad)[0]
    return build


CASES = [
    case("BiasAdd", lambda tf, x, b: tf.nn.bias_add(x, b), X, B, oracle=lambda x, b: x + b),
    case("BiasAdd", lambda tf, x, b: tf.nn.bias_add(x, b), IMAGES, B,
         oracle=lambda x, b: x + b, label="images"),
    case("BiasAdd", lambda tf, x, b: tf.nn.bias_add(x, b, data_format="NCHW"), FIRST, B,
         oracle=lambda x, b: x + b[:, None, None], label="NCHW"),
    case("BiasAdd", lambda tf, x, b: tf.nn.bias_add(x, b), X.astype(np.int32),
         B.astype(np.int32), oracle=lambda x, b: x + b, label="int32"),
    case("BiasAdd", lambda tf, x, b: tf.nn.bias_add(x, b), X[:0], B, oracle=lambda x, b: x,
         label="empty"),
    case("BiasAddGrad", bias_gradient("NHWC"), X, B, X, oracle=lambda x, b, g: g.sum(0)),
    case("BiasAddGrad", bias_gradient("NHWC"), IMAGES, B, IMAGES,
         oracle=lambda x, b, g: g.sum((0, 1, 2)), label="images"),
    case("BiasAddGrad", bias_gradient("NCHW"), FIRST, B, FIRST,
         oracle=lambda x, b, g: g.sum((0, 2, 3)), label="NCHW"),
    case("L2Loss", lambda tf, x: tf.nn.l2_loss(x), X, oracle=lambda x: (x * x).sum() / 2),
    case("L2Loss", lambda tf, x: tf.nn.l2_loss(x), np.float32(3), label="scalar"),
    case("L2Loss", lambda tf, x: tf.nn.l2_loss(x), X[:0], label="empty"),
    case("L2Loss", lambda tf, x: tf.nn.l2_loss(x), X.astype(np.float16), label="float16"),
]
