"""Operation types of pellucid/ops/neural/activations.py."""

import numpy as np

from tests.ops.case import case

X = np.array([[-2.0, -0.5, 0.25], [1.5, 5.0, 7.0]], np.float32)
G = np.array([[1.0, -2.0, 3.0], [0.5, 4.0, -1.0]], np.float32)
EMPTY = np.zeros((0, 3), np.float32)
HALF = X.astype(np.float16)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def gradient_of(function, **options):
    """The gradient operation of an activation, on x and the gradient g of its output."""
    def build(tf, x, g):
        return tf.gradients(getattr(tf.nn, function)(x, **options), x, grad_ys=g)[0]
    return build


CASES = [
    case("Relu", lambda tf, x: tf.nn.relu(x), X, oracle=lambda x: np.maximum(x, 0)),
    case("Relu", lambda tf, x: tf.nn.relu(x), np.array([-1, 2], np.int8), label="int8"),
    case("Relu", lambda tf, x: tf.nn.relu(x), EMPTY, label="empty"),
    case("Relu", lambda tf, x: tf.nn.relu(x), np.float32(-3), label="scalar"),
    case("ReluGrad", gradient_of("relu"), X, G, oracle=lambda x, g: g * (x > 0)),
    case("Relu6", lambda tf, x: tf.nn.relu6(x), X, oracle=lambda x: np.clip(x, 0, 6)),
    case("Relu6", lambda tf, x: tf.nn.relu6(x), HALF, label="float16"),
    case("Relu6Grad", gradient_of("relu6"), X, G,
         oracle=lambda x, g: g * ((x > 0) & (x < 6))),
    case("LeakyRelu", lambda tf, x: tf.nn.leaky_relu(x), X,
         oracle=lambda x: np.where(x > 0, x, 0.2 * x)),
    case("LeakyRelu", lambda tf, x: tf.nn.leaky_relu(x, 1.5), X, label="steep"),
    case("LeakyRelu", lambda tf, x: tf.nn.leaky_relu(x, 0.1), HALF, label="float16"),
    case("LeakyReluGrad", gradient_of("leaky_relu", alpha=0.1), X, G,
         oracle=lambda x, g: np.where(x > 0, g, 0.1 * g)),
    case("Elu", lambda tf, x: tf.nn.elu(x), X,
         oracle=lambda x: np.where(x > 0, x, np.expm1(x))),
    case("Elu", lambda tf, x: tf.nn.elu(x), HALF, label="float16"),
    case("EluGrad", gradient_of("elu"), X, G,
         oracle=lambda x, g: np.where(x < 0, g * np.exp(x), g)),
    case("Selu", lambda tf, x: tf.nn.selu(x), X),
    case("Selu", lambda tf, x: tf.nn.selu(x), HALF, label="float16"),
    case("SeluGrad", gradient_of("selu"), X, G),
    case("Softplus", lambda tf, x: tf.nn.softplus(x), X,
         oracle=lambda x: np.log1p(np.exp(x))),
    case("Softplus", lambda tf, x: tf.nn.softplus(x), HALF, label="float16"),
    case("Softplus", lambda tf, x: tf.nn.softplus(x),
         np.array([1000.0, -1000.0, 40.0], np.float32), gradient=(), label="large"),
    case("SoftplusGrad", gradient_of("softplus"), X, G,
         oracle=lambda x, g: g * sigmoid(x)),
    case("Softsign", lambda tf, x: tf.nn.softsign(x), X, oracle=lambda x: x / (1 + abs(x))),
    case("SoftsignGrad", gradient_of("softsign"), X, G,
         oracle=lambda x, g: g / (1 + abs(x)) ** 2),
]
