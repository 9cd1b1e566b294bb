"""Variables of contrib's layers: they join MODEL_VARIABLES as well."""

import re

import numpy as np

from pellucid.contrib.arg_scope import add_arg_scope
from pellucid.core import dtypes
from pellucid.core.graph import GraphKeys
from pellucid.core.sources import placeholder
from pellucid.ops.control.waiting import group
from pellucid.ops.state.assignment import assign
from pellucid.ops.state.partitioned_variables import parts_of
from pellucid.ops.state.variable_scope import VariableScope, get_variable
from pellucid.ops.state.variable_store import VariableAggregation, VariableSynchronization
from pellucid.ops.state.variables import add_to_collections, get_collection


@add_arg_scope
def variable(name, shape=None, dtype=None, initializer=None, regularizer=None, trainable=True,
             collections=None, caching_device=None, device=None, partitioner=None,
             custom_getter=None, use_resource=None,
             synchronization=VariableSynchronization.AUTO,
             aggregation=VariableAggregation.NONE):
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
        caching_device, partitioner, use_resource=use_resource, custom_getter=custom_getter,
        synchronization=synchronization, aggregation=aggregation)


@add_arg_scope
def model_variable(name, shape=None, dtype=dtypes.float32, initializer=None, regularizer=None,
                   trainable=True, collections=None, caching_device=None, device=None,
                   partitioner=None, custom_getter=None, use_resource=None,
                   synchronization=VariableSynchronization.AUTO,
                   aggregation=VariableAggregation.NONE):
    """get_variable, of one of GLOBAL_VARIABLES and MODEL_VARIABLES. Arguments as variable's.

    As in TF: tf.contrib.framework.model_variable, tf.contrib.slim.model_variable.
    """
    collections = [*(collections or ()), GraphKeys.GLOBAL_VARIABLES, GraphKeys.MODEL_VARIABLES]
    return variable(name, shape, dtype, initializer, regularizer, trainable, collections,
                    caching_device, device, partitioner, custom_getter, use_resource,
                    synchronization, aggregation)


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


def get_variables_by_name(given_name, scope=None):
    """List of the variables whose name is given_name or ends in "/given_name".

    As in TF: tf.contrib.framework.get_variables_by_name.
    """
    return [v for v in get_variables(scope)
            if v.op.name == given_name or v.op.name.endswith(f"/{given_name}")]


def get_variables_by_suffix(suffix, scope=None):
    """get_variables, of a suffix. As in TF: tf.contrib.framework.get_variables_by_suffix."""
    return get_variables(scope, suffix)


def get_unique_variable(var_op_name):
    """The variable of this name. ValueError if there is none, or several.

    As in TF: tf.contrib.framework.get_unique_variable.
    """
    found = [v for v in get_variables(var_op_name) if v.op.name == var_op_name]
    if len(found) == 1:
        return found[0]
    candidates = get_variables(var_op_name)
    if not candidates:
        raise ValueError(f"Couldn't find variable {var_op_name}")
    raise ValueError(f"Variable {var_op_name} does not uniquely identify a variable: "
                     f"{[v.op.name for v in candidates]}")


def get_variable_full_name(var):
    """The name of a variable in checkpoints. As in TF: tf.contrib.framework."""
    return var.op.name


def get_variables_to_restore(include=None, exclude=None):
    """The global variables of some scopes, without those of others.

    Args:
      include, exclude: lists of names of scopes; all are included where include is left out.

    As in TF: tf.contrib.framework.get_variables_to_restore.
    """
    for scopes in (include, exclude):
        if scopes is not None and not isinstance(scopes, list | tuple):
            raise TypeError("include and exclude must be lists of strings")
    found = get_variables() if include is None else [
        v for scope in include for v in get_variables(scope)]
    excluded = {v for scope in exclude or () for v in get_variables(scope)}
    return [v for v in dict.fromkeys(found) if v not in excluded]


def filter_variables(var_list, include_patterns=None, exclude_patterns=None, reg_search=True):
    """The variables whose name matches a pattern, and none of the others.

    Args:
      var_list: list of Variables.
      include_patterns, exclude_patterns: lists of regular expressions.
      reg_search: whether a pattern may match inside the name; at its start otherwise.

    As in TF: tf.contrib.framework.filter_variables.
    """
    matches = re.search if reg_search else re.match

    def any_of(patterns, variable):
        return any(matches(pattern, variable.op.name) for pattern in patterns)
    kept = [v for v in var_list if not include_patterns or any_of(include_patterns, v)]
    return [v for v in kept if not any_of(exclude_patterns or (), v)]


def assign_from_values(var_names_to_values):
    """(an Operation that assigns values, the feed_dict to run it with).

    Args:
      var_names_to_values: {name of a variable: array}.

    As in TF: tf.contrib.framework.assign_from_values.
    """
    operations, feeds = [], {}
    for name, value in var_names_to_values.items():
        variable = get_unique_variable(name)
        value = np.asarray(value, variable.dtype.as_numpy_dtype)
        fed = placeholder(variable.dtype.base_dtype, value.shape,
                          name=f"{variable.op.name}/placeholder")
        feeds[fed] = value.reshape(value.shape)
        operations.append(assign(variable, fed))
    return group(*operations), feeds


def assign_from_values_fn(var_names_to_values):
    """A function(session) that assigns values. As in TF: tf.contrib.framework."""
    operation, feeds = assign_from_values(var_names_to_values)
    return lambda session: session.run(operation, feeds)


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
        for part in parts_of(variable):
            add_to_collections(collections, part)
