"""tf.contrib.layers: the layers of tf.layers with other names and defaults, and a few more.

The weights are called "weights" and "biases", activations are relu unless one says otherwise,
and each function obeys arg_scope. Read next: ../layers/core.py.
"""

import functools

from pellucid.contrib.arg_scope import add_arg_scope
from pellucid.contrib.initializers import XAVIER
from pellucid.contrib.variables import join_collections, model_variable, named_getter
from pellucid.core import dtypes
from pellucid.core.operation import convert_to_tensor
from pellucid.layers import core as core_layers
from pellucid.layers.core import dtype_of
from pellucid.layers.named import ONES, ZEROS
from pellucid.nn.embedding import embedding_lookup
from pellucid.nn.normalization import batch_normalization, moments
from pellucid.ops.arguments import name_scope
from pellucid.ops.arrays.masking import one_hot
from pellucid.ops.math.casting import cast
from pellucid.ops.neural.activations import elu, relu, relu6
from pellucid.ops.state.variable_scope import variable_scope
from pellucid.ops.state.variables import add_to_collections

NAMES = {"kernel": "weights", "bias": "biases"}


def collected(outputs_collections, outputs):
    """The outputs, which join collections."""
    if outputs_collections:
        add_to_collections(outputs_collections, outputs)
    return outputs


def finished(outputs, layer, normalizer_fn, normalizer_params, activation_fn,
             variables_collections, outputs_collections):
    """What follows the linear part: collections, normalizer, activation."""
    join_collections(layer.kernel, variables_collections, "weights")
    join_collections(layer.bias, variables_collections, "biases")
    if normalizer_fn is not None:
        outputs = normalizer_fn(outputs, **(normalizer_params or {}))
    if activation_fn is not None:
        outputs = activation_fn(outputs)
    return collected(outputs_collections, outputs)


@add_arg_scope
def fully_connected(inputs, num_outputs, activation_fn=relu, normalizer_fn=None,
                    normalizer_params=None, weights_initializer=XAVIER,
                    weights_regularizer=None, biases_initializer=ZEROS,
                    biases_regularizer=None, reuse=None, variables_collections=None,
                    outputs_collections=None, trainable=True, scope=None):
    """activation_fn(inputs weights + biases), along the last axis.

    Args:
      inputs: Tensor of shape (..., n); n must be known.
      num_outputs: int.
      activation_fn: function(Tensor) -> Tensor, relu by default; None for none.
      normalizer_fn: function(Tensor, **normalizer_params) -> Tensor, instead of the biases.
      weights_initializer, biases_initializer: as in tf.get_variable; biases_initializer=None
        leaves the biases out.
      weights_regularizer, biases_regularizer: functions(variable) -> Tensor, which joins
        REGULARIZATION_LOSSES.
      reuse: bool, use the variables of the scope.
      variables_collections: names of collections for the variables, or {"weights": names,
        "biases": names}.
      outputs_collections: names of collections for the output.
      trainable: bool.
      scope: str or VariableScope; "fully_connected" by default.

    As in TF: tf.contrib.layers.fully_connected, tf.contrib.slim.fully_connected.
    """
    if not isinstance(num_outputs, int):
        raise ValueError(f"num_outputs type should be one of int, got {num_outputs!r}, type "
                         f"{type(num_outputs)}.")
    with variable_scope(scope, "fully_connected", [inputs], reuse=reuse,
                        custom_getter=named_getter(NAMES)) as opened:
        inputs = convert_to_tensor(inputs)
        layer = core_layers.Dense(
            num_outputs, use_bias=not normalizer_fn and biases_initializer is not None,
            kernel_initializer=weights_initializer, bias_initializer=biases_initializer,
            kernel_regularizer=weights_regularizer, bias_regularizer=biases_regularizer,
            trainable=trainable, name=opened.name, dtype=dtype_of(inputs), _scope=opened,
            _reuse=reuse)
        return finished(layer(inputs), layer, normalizer_fn, normalizer_params, activation_fn,
                        variables_collections, outputs_collections)


linear = functools.partial(fully_connected, activation_fn=None)
relu_layer = functools.partial(fully_connected, activation_fn=relu)
relu6_layer = functools.partial(fully_connected, activation_fn=relu6)
elu_layer = functools.partial(fully_connected, activation_fn=elu)


@add_arg_scope
def flatten(inputs, outputs_collections=None, scope=None):
    """(n, a, b, ...) as (n, a b ...).

    As in TF: tf.contrib.layers.flatten, tf.contrib.slim.flatten.
    """
    with name_scope(scope, "Flatten", [inputs]):
        return collected(outputs_collections, core_layers.flatten(convert_to_tensor(inputs)))


@add_arg_scope
def dropout(inputs, keep_prob=0.5, noise_shape=None, is_training=True, outputs_collections=None,
            scope=None, seed=None):
    """inputs with entries set to 0 at random, and the others divided by keep_prob.

    Args:
      inputs: floating Tensor.
      keep_prob: float or scalar Tensor, the probability that an entry is kept.
      noise_shape: shape of the random choices, which broadcasts with inputs.
      is_training: bool or scalar bool Tensor; without it the inputs are left as they are.
      outputs_collections: names of collections for the output.
      scope: str; "Dropout" by default.
      seed: int, see tf.set_random_seed.

    As in TF: tf.contrib.layers.dropout, tf.contrib.slim.dropout.
    """
    with variable_scope(scope, "Dropout", [inputs], custom_getter=named_getter()) as opened:
        layer = core_layers.Dropout(1 - keep_prob, noise_shape, seed, name=opened.name,
                                    _scope=opened)
        outputs = layer(convert_to_tensor(inputs), training=is_training)
        return collected(outputs_collections, outputs)


@add_arg_scope
def layer_norm(inputs, center=True, scale=True, activation_fn=None, reuse=None,
               variables_collections=None, outputs_collections=None, trainable=True,
               begin_norm_axis=1, begin_params_axis=-1, scope=None):
    """gamma (x - mean) / deviation + beta, each example by itself (Ba, Kiros & Hinton 2016).

    Args:
      inputs: Tensor of known rank.
      center, scale: bool, whether there is a beta, a gamma.
      activation_fn: function(Tensor) -> Tensor, applied in the end.
      begin_norm_axis: int, the first axis of those that mean and deviation are taken over.
      begin_params_axis: int, the first axis of beta's and gamma's shape.
      reuse, variables_collections, outputs_collections, trainable: as fully_connected's.
      scope: str; "LayerNorm" by default.

    As in TF: tf.contrib.layers.layer_norm.
    """
    with variable_scope(scope, "LayerNorm", [inputs], reuse=reuse):
        inputs = convert_to_tensor(inputs)
        known, dtype = inputs.spec.shape, dtype_of(inputs)
        if known is None:
            raise ValueError(f"Inputs {inputs.name} has undefined rank.")
        first = begin_norm_axis + len(known) if begin_norm_axis < 0 else begin_norm_axis
        if begin_params_axis >= len(known) or first >= len(known):
            raise ValueError(f"begin_params_axis ({begin_params_axis}) and begin_norm_axis "
                             f"({first}) must be < rank(inputs) ({len(known)})")
        shape = known[begin_params_axis:]
        if None in shape:
            raise ValueError(f"Inputs {inputs.name}: shape(inputs)[{begin_params_axis}:] is not "
                             f"fully defined: {inputs.shape}")
        beta = gamma = None
        if center:
            beta = model_variable("beta", shape, dtype, ZEROS, trainable=trainable)
            join_collections(beta, variables_collections, "beta")
        if scale:
            gamma = model_variable("gamma", shape, dtype, ONES,
                                   trainable=trainable)
            join_collections(gamma, variables_collections, "gamma")
        mean, variance = moments(inputs, list(range(first, len(known))), keep_dims=True)
        epsilon = 1e-3 if dtype is dtypes.float16 else 1e-12
        outputs = batch_normalization(inputs, mean, variance, beta, gamma, epsilon)
        outputs.set_shape(known)
        if activation_fn is not None:
            outputs = activation_fn(outputs)
        return collected(outputs_collections, outputs)


def embed_sequence(ids, vocab_size=None, embed_dim=None, unique=False, initializer=None,
                   regularizer=None, trainable=True, scope=None, reuse=None):
    """The rows `ids` of a variable "embeddings".

    Args:
      ids: Tensor of int, for example (batch, length).
      vocab_size, embed_dim: int, the variable's shape; not needed with reuse.
      unique: bool, a hint: each row is looked up in any case.
      initializer, regularizer, trainable: as in tf.get_variable.
      scope: str; "EmbedSequence" by default.
      reuse: bool, use the variable of the scope.

    Returns:
      Tensor of shape (*ids.shape, embed_dim).

    As in TF: tf.contrib.layers.embed_sequence.
    """
    if not (reuse or (vocab_size and embed_dim)):
        raise ValueError("Must specify vocab size and embedding dimension when not reusing. Got "
                         f"vocab_size={vocab_size} and embed_dim={embed_dim}")
    with variable_scope(scope, "EmbedSequence", [ids], reuse=reuse):
        shape = None if None in (vocab_size, embed_dim) else [vocab_size, embed_dim]
        embeddings = model_variable("embeddings", shape, None, initializer, regularizer,
                                    trainable)
        return embedding_lookup(embeddings, ids)


@add_arg_scope
def one_hot_encoding(labels, num_classes, on_value=1.0, off_value=0.0, outputs_collections=None,
                     scope=None):
    """labels as rows of num_classes entries: on_value at the label, else off_value.

    As in TF: tf.contrib.layers.one_hot_encoding, tf.contrib.slim.one_hot_encoding.
    """
    with name_scope(scope, "OneHotEncoding", [labels, num_classes]):
        labels = convert_to_tensor(labels)
        if labels.dtype is dtypes.int32:
            labels = cast(labels, dtypes.int64)
        return collected(outputs_collections, one_hot(labels, num_classes, on_value, off_value))


# -- combinations -------------------------------------------------------------------------

def repeat(inputs, repetitions, layer, *args, **kwargs):
    """layer, applied `repetitions` times; the scopes are "scope/scope_1", "scope/scope_2", ...

    As in TF: tf.contrib.layers.repeat, tf.contrib.slim.repeat.
    """
    scope = kwargs.pop("scope", None)
    with variable_scope(scope, "Repeat", [inputs]):
        outputs = convert_to_tensor(inputs)
        scope = scope or _name_of(layer, "repeat")
        for i in range(repetitions):
            outputs = layer(outputs, *args, **{**kwargs, "scope": f"{scope}_{i + 1}"})
        return outputs


def stack(inputs, layer, stack_args, **kwargs):
    """layer, applied once for each of stack_args, which are its further arguments.

    As in TF: tf.contrib.layers.stack, tf.contrib.slim.stack.
    """
    scope = kwargs.pop("scope", None)
    if not isinstance(stack_args, list | tuple):
        raise ValueError("stack_args need to be a list or tuple")
    with variable_scope(scope, "Stack", [inputs]):
        outputs = convert_to_tensor(inputs)
        scope = scope or _name_of(layer, "stack")
        for i, args in enumerate(stack_args):
            args = args if isinstance(args, list | tuple) else [args]
            outputs = layer(outputs, *args, **{**kwargs, "scope": f"{scope}_{i + 1}"})
        return outputs


def _name_of(layer, default):
    return getattr(layer, "__name__", None) or getattr(
        getattr(layer, "func", None), "__name__", default)


def __getattr__(name):
    """The public names: this file bears the name of its face, api/contrib/layers.py."""
    from pellucid.names.old import from_face
    return from_face("pellucid.api.contrib.layers", name)
