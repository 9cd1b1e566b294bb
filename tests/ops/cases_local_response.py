"""Operation types of pellucid/ops/neural/local_response.py."""

import numpy as np

from tests.ops.case import case
from tests.ops.cases_convolution import X, numbers

DEEP = numbers(2, 2, 3, 7)


def back(tf, x):
    y = tf.nn.lrn(x, 2, 0.5, 0.25, 0.75)
    return tf.gradients(y, x, grad_ys=tf.sin(x))[0]


CASES = [
    case("LRN", lambda tf, x: tf.nn.lrn(x), X, second=False),
    case("LRN", lambda tf, x: tf.nn.local_response_normalization(x, 1, 2.0, 1e-1, 0.75), DEEP,
         second=False, label="radius"),
    case("LRN", lambda tf, x: tf.nn.lrn(x, 2), DEEP.astype(np.float16), second=False, rtol=4e-3,
         label="float16"),
    case("LRN", lambda tf, x: tf.nn.lrn(x), DEEP[:0], second=False, label="empty"),
    case("LRNGrad", back, DEEP, gradient=(), rtol=1e-4),
]
