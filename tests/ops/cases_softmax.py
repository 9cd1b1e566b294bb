"""Operation types of pellucid/ops/neural/softmax.py."""

import numpy as np

from tests.ops.case import case

X = np.array([[-2.0, -0.5, 0.25], [1.5, 5.0, 7.0]], np.float32)
BOX = np.linspace(-3, 3, 24).reshape(2, 3, 4).astype(np.float32)
EMPTY = np.zeros((0, 3), np.float32)
HALF = X.astype(np.float16)


def softmax(x):
    powers = np.exp(x - x.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


CASES = [
    case("Softmax", lambda tf, x: tf.nn.softmax(x), X, oracle=softmax),
    case("Softmax", lambda tf, x: tf.nn.softmax(x), X[0], oracle=softmax, label="vector"),
    case("Softmax", lambda tf, x: tf.nn.softmax(x), BOX, oracle=softmax, label="box"),
    case("Softmax", lambda tf, x: tf.nn.softmax(x), HALF, label="float16"),
    case("Softmax", lambda tf, x: tf.nn.softmax(x), EMPTY, label="empty"),
    case("Softmax", lambda tf, x: tf.nn.softmax(x), X * 1000, label="large"),
    case("Softmax", lambda tf, x: tf.nn.softmax(x, -1), X, oracle=softmax, label="axis -1"),
    case("LogSoftmax", lambda tf, x: tf.nn.log_softmax(x), X,
         oracle=lambda x: np.log(softmax(x))),
    case("LogSoftmax", lambda tf, x: tf.nn.log_softmax(x), BOX, label="box"),
    case("LogSoftmax", lambda tf, x: tf.nn.log_softmax(x), HALF, label="float16"),
    case("LogSoftmax", lambda tf, x: tf.nn.log_softmax(x), X * 1000, gradient=(),
         label="large"),
]
