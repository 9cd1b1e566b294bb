"""Variables of contrib's layers: they join MODEL_VARIABLES as well."""

from pellucid.contrib.arg_scope import add_arg_scope
from pellucid.core.graph import GraphKeys
from pellucid.ops.state.variable_scope import VariableScope, get_variable
from pellucid.ops.state.variables import add_to_collections, get_collection


@add_arg_scope
def variable(name, shape=None, dtype=None, initializer=None, regularizer=None, trainable=True,
             collections=None, caching_device=None, device=None, partitioner=None,
             custom_getter=None, use_resource=None):
    """get_variable, of one of GLOBAL_VARIABLES whatever the other collections are.

    Args:
      device: not supported: all variables are on one device.
      All others: as in tf.get_variable.

    As in TF: tf.contrib.framework.variable, tf.contrib.slim.variable.
    """
    if device is not None:
        raise NotImplementedError("variable(device=...): use `with tf.device(...)` around it.")
    collections = list(collections or [GraphKeys.GLOBAL_VARIABLES])
    return get_variable(
        name, shape, dtype, initializer, regularizer, trainable, list(dict.fromkeys(collections)),
        caching_device, partitioner, use_resource=use_resource, custom_getter=custom_getter)


@add_arg_scope
def model_variable(name, shape=None, dtype=None, initializer=None, regularizer=None,
                   trainable=True, collections=None, caching_device=None, device=None,
                   partitioner=None, custom_getter=None, use_resource=None):
    """get_variable, of one of GLOBAL_VARIABLES and MODEL_VARIABLES. Arguments as variable's.

    As in TF: tf.contrib.framework.model_variable, tf.contrib.slim.model_variable.
    """
    collections = [*(collections or ()), GraphKeys.GLOBAL_VARIABLES, GraphKeys.MODEL_VARIABLES]
    return variable(name, shape, dtype, initializer, regularizer, trainable, collections,
                    caching_device, device, partitioner, custom_getter, use_resource)


def get_variables(scope=None, suffix=None, collection=GraphKeys.GLOBAL_VARIABLES):
    """List of the variables of a scope whose name, without ":0", ends in `suffix`.

    Args:
      scope: regular expression that names start with, or a VariableScope.
      suffix: str.
      collection: name of the collection to look in.

    As in TF: tf.contrib.framework.get_variables, tf.contrib.slim.get_variables.
    """
    if isinstance(scope, VariableScope):
        scope = scope.name
    if suffix is not None:
        scope = (scope or "") + ".*" + (suffix if ":" in suffix else suffix + ":")
    return get_collection(collection, scope)


def get_model_variables(scope=None, suffix=None):
    """get_variables, of MODEL_VARIABLES. As in TF: tf.contrib.framework.get_model_variables."""
    return get_variables(scope, suffix, GraphKeys.MODEL_VARIABLES)


def get_trainable_variables(scope=None, suffix=None):
    """get_variables, of TRAINABLE_VARIABLES.

    As in TF: tf.contrib.framework.get_trainable_variables.
    """
    return get_variables(scope, suffix, GraphKeys.TRAINABLE_VARIABLES)


def get_local_variables(scope=None, suffix=None):
    """get_variables, of LOCAL_VARIABLES. As in TF: tf.contrib.framework.get_local_variables."""
    return get_variables(scope, suffix, GraphKeys.LOCAL_VARIABLES)


def named_getter(names=None):
    """A custom_getter for variable_scope that makes model variables.

    Args:
      names: {name that a layer of tf.layers gives: name that contrib gives}.
    """
    names = names or {}

    def get_named(getter, name, *args, **kwargs):
        scope, slash, last = name.rpartition("/")
        kwargs["collections"] = [*(kwargs.get("collections") or ()), GraphKeys.GLOBAL_VARIABLES,
                                 GraphKeys.MODEL_VARIABLES]
        return getter(scope + slash + names.get(last, last), *args, **kwargs)

    return get_named


def join_collections(variable, collections, name):
    """Adds a layer's variable to collections: a list of names, or {variable's name: list}."""
    if isinstance(collections, dict):
        collections = collections.get(name)
    if variable is not None and collections:
        add_to_collections(collections, variable)
