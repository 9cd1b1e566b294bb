"""Activation functions and small layers, made of the operations in ops/neural/activations.py."""

from pellucid.ops.arguments import as_tensor, name_scope
from pellucid.ops.arrays.joining import concat
from pellucid.ops.control.custom_gradient import custom_gradient
from pellucid.ops.linalg.linear_algebra import matmul
from pellucid.ops.math.elementwise import negative, square
from pellucid.ops.math.functions import sigmoid
from pellucid.ops.math.reductions import reduce_sum
from pellucid.ops.neural.activations import relu, softplus
from pellucid.ops.neural.biases import bias_add


def crelu(features, name=None, axis=-1):
    """relu of the features and of minus the features, side by side along `axis`
    (Shang et al. 2016).

    As in TF: tf.nn.crelu.
    """
    with name_scope(name, "CRelu", [features]) as scope:
        features = as_tensor(features, name="features")
        return relu(concat([features, -features], axis, name=scope))


def log_sigmoid(x, name=None):
    """log(1 / (1 + e^-x)), as -softplus(-x), which does not overflow.

    As in TF: tf.log_sigmoid, tf.math.log_sigmoid.
    """
    with name_scope(name, "LogSigmoid", [x]) as scope:
        return negative(softplus(-as_tensor(x, name="x")), name=scope)


def swish(features, beta=1.0):
    """x sigmoid(beta x) (Ramachandran et al. 2017).

    The gradient computes sigmoid(beta x) anew, so that only x is kept for it.

    As in TF: tf.nn.swish, tf.nn.silu.
    """
    features = as_tensor(features, name="features")
    beta = as_tensor(beta, features.spec.dtype, name="beta")

    @custom_gradient
    def swish_of(x, beta):
        def gradient(grad):
            # With s = sigmoid(beta x), ds/dx = beta s (1 - s) and ds/dbeta = x s (1 - s).
            s = sigmoid(beta * x)
            slope = s * (1 + beta * x * (1 - s))
            return grad * slope, reduce_sum(grad * square(x) * s * (1 - s))

        return x * sigmoid(beta * x), gradient

    return swish_of(features, beta)


def xw_plus_b(x, weights, biases, name=None):
    """x weights + biases. As in TF: tf.nn.xw_plus_b (tf.compat.v1.nn.xw_plus_b)."""
    with name_scope(name, "xw_plus_b", [x, weights, biases]) as scope:
        product = matmul(as_tensor(x, name="x"), as_tensor(weights, name="weights"))
        return bias_add(product, as_tensor(biases, name="biases"), name=scope)


def relu_layer(x, weights, biases, name=None):
    """relu(x weights + biases). As in TF: tf.nn.relu_layer."""
    with name_scope(name, "relu_layer", [x, weights, biases]) as scope:
        product = matmul(as_tensor(x, name="x"), as_tensor(weights, name="weights"))
        return relu(bias_add(product, as_tensor(biases, name="biases")), name=scope)
