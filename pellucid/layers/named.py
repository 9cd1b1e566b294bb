"""Activations and initializers by the names that Keras gives them, as tf.layers takes them."""

from pellucid.nn.activations import swish
from pellucid.ops.math.functions import exp, sigmoid, tanh
from pellucid.ops.neural.activations import elu, relu, relu6, selu, softplus, softsign
from pellucid.ops.neural.softmax import softmax
from pellucid.ops.state import initializers

_ACTIVATIONS = {
    "elu": elu, "exponential": exp, "linear": None, "relu": relu, "relu6": relu6,
    "selu": selu, "sigmoid": sigmoid, "softmax": softmax, "softplus": softplus,
    "softsign": softsign, "swish": swish, "tanh": tanh}

_INITIALIZERS = {
    "glorot_normal": initializers.GlorotNormal, "glorot_uniform": initializers.GlorotUniform,
    "he_normal": initializers.he_normal, "he_uniform": initializers.he_uniform,
    "identity": initializers.Identity, "lecun_normal": initializers.lecun_normal,
    "lecun_uniform": initializers.lecun_uniform, "ones": initializers.Ones,
    "orthogonal": initializers.Orthogonal, "zeros": initializers.Zeros}

# Defaults of arguments.
ZEROS, ONES = initializers.Zeros(), initializers.Ones()

# Keras's distributions are narrower than those that tf.initializers has by these names.
_UNIFORM = {"minval": -0.05, "maxval": 0.05}
_NORMAL = {"mean": 0.0, "stddev": 0.05}


def activation_named(activation):
    """A function(Tensor) -> Tensor, or None for the identity; strings are names."""
    return _looked_up("activation", activation, _ACTIVATIONS)


def initializer_named(initializer):
    """What get_variable takes as initializer; strings are names."""
    if not isinstance(initializer, str):
        return initializer
    if initializer in ("uniform", "random_uniform"):
        return initializers.RandomUniform(**_UNIFORM)
    if initializer in ("normal", "random_normal"):
        return initializers.RandomNormal(**_NORMAL)
    if initializer == "truncated_normal":
        return initializers.TruncatedNormal(**_NORMAL)
    return _looked_up("initializer", initializer, _INITIALIZERS)()


def _looked_up(kind, value, table):
    if not isinstance(value, str):
        return value
    if value not in table:
        raise ValueError(f"Unknown {kind}: {value!r}. The names are {', '.join(sorted(table))}; "
                         "a function will do as well.")
    return table[value]
