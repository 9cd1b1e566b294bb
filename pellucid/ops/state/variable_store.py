"""The store: a graph's variables by name, found again or made by tf.get_variable.

A scope completes what the caller left out and asks the store; a custom_getter stands between
them. Read next: partitioned_variables.py.
"""

import enum
import functools
import inspect

from pellucid.core import dtypes, shapes
from pellucid.core.function_graph import init_scope
from pellucid.core.graph import GraphKeys, get_default_graph
from pellucid.core.operation import convert_to_tensor
from pellucid.core.variable import Variable
from pellucid.ops.state.partitioned_variables import (
    PartitionedVariable,
    call_partitioner,
    slices,
)


class VariableSynchronization(enum.Enum):
    """When a distributed variable is combined; it is recorded.

    As in TF: tf.VariableSynchronization.
    """

    AUTO = 0
    NONE = 1
    ON_WRITE = 2
    ON_READ = 3


class VariableAggregation(enum.Enum):
    """How a distributed variable is combined; it is recorded.

    As in TF: tf.VariableAggregation.
    """

    NONE = 0
    SUM = 1
    MEAN = 2
    ONLY_FIRST_REPLICA = 3
    ONLY_FIRST_TOWER = ONLY_FIRST_REPLICA


class Store:
    """A graph's variables by name, and its partitioned ones; `scopes` is variable_scope.py's."""

    def __init__(self):
        self.variables, self.partitioned, self.scopes = {}, {}, None


def store():
    """The Store of the default graph."""
    graph = get_default_graph()
    if graph._variable_store is None:
        graph._variable_store = Store()
    return graph._variable_store


# -- finding and making --------------------------------------------------------------------

def find_or_make(name, shape=None, dtype=dtypes.float32, initializer=None,
                 regularizer=None, reuse=None, trainable=None, collections=None,
                 caching_device=None, partitioner=None, validate_shape=True,
                 use_resource=None, constraint=None,
                 synchronization=VariableSynchronization.AUTO,
                 aggregation=VariableAggregation.NONE):
    """The variable `name` of the graph's store: what a custom_getter gets as getter."""
    dtype = base_dtype(dtype)
    shape = None if shape is None else shapes.TensorShape(shape)
    options = {
        "regularizer": regularizer, "collections": collections, "constraint": constraint,
        "caching_device": caching_device, "validate_shape": validate_shape,
        "use_resource": use_resource, "synchronization": synchronization,
        "aggregation": aggregation, "trainable": _is_trainable(trainable, synchronization)}
    is_scalar = shape is not None and shape.rank == 0
    if (partitioner is not None and not is_scalar) or (
            reuse is True and name in store().partitioned):
        return _find_or_make_parts(name, shape, dtype, initializer, reuse, partitioner, options)
    if initializer is not None and not callable(initializer) and shape is not None:
        raise ValueError("If initializer is a constant, do not specify shape.")
    if f"{name}/part_0" in store().variables:
        raise ValueError(f"No partitioner was provided, but {name} was made with one, as "
                         f"{name}/part_0 and so on. Pass the same partitioner, or reuse=True.")
    return _find_or_make_one(name, shape, dtype, initializer, reuse, None, options)


def _find_or_make_one(name, shape, dtype, initializer, reuse, part, options):
    """A Variable; `part` is its SaveSliceInfo if it is one of a partitioned variable."""
    variables = store().variables
    if name in variables:
        return _found(name, variables[name], shape, dtype, reuse)
    if reuse is True:
        raise ValueError(f"Variable {name} does not exist, or was not created with "
                         "tf.get_variable(). Did you mean to set reuse=tf.AUTO_REUSE in "
                         "VarScope?")
    initial_value, options = initializer, dict(options)
    regularizer = options.pop("regularizer")
    if initializer is None or callable(initializer):
        initial_value, dtype = _initial_value(name, shape, dtype, initializer, part)
    else:
        dtype = None
    variable = variables[name] = Variable(initial_value, name=name, dtype=dtype, shape=shape,
                                          **options)
    variable._save_slice_info = part
    if regularizer:
        with init_scope(), variable.graph.name_scope(name + "/Regularizer/"):
            loss = regularizer(variable)
        if loss is not None:
            variable.graph.add_to_collection(GraphKeys.REGULARIZATION_LOSSES, loss)
    return variable


def _found(name, variable, shape, dtype, reuse):
    if reuse is False:
        file, line = variable.op.location
        raise ValueError(f"Variable {name} already exists, disallowed. Did you mean to set "
                         "reuse=True or reuse=tf.AUTO_REUSE in VarScope? Originally "
                         f"defined at:\n\n  {file}:{line}\n")
    _check_shared(name, variable, shape, dtype)
    return variable


def _check_shared(name, variable, shape, dtype):
    if shape is not None and not shape.is_compatible_with(variable.shape):
        raise ValueError(f"Trying to share variable {name}, but specified shape {shape} "
                         f"and found shape {variable.shape}.")
    if not dtype.is_compatible_with(variable.dtype):
        raise ValueError(f"Trying to share variable {name}, but specified dtype "
                         f"{dtype.name} and found dtype {variable.dtype.name}.")


def _is_trainable(trainable, synchronization):
    if synchronization is not VariableSynchronization.ON_READ:
        return trainable
    if trainable:
        raise ValueError("Synchronization value can be set to "
                         "VariableSynchronization.ON_READ only for non-trainable "
                         "variables. You have specified trainable=True and "
                         "synchronization=VariableSynchronization.ON_READ.")
    return False


def base_dtype(dtype):
    """The DType that `dtype` names, of values and not of references."""
    return dtypes.as_dtype(dtype).base_dtype


# -- partitioned variables -----------------------------------------------------------------

def _find_or_make_parts(name, shape, dtype, initializer, reuse, partitioner, options):
    if name in store().variables:
        raise ValueError(f"A partitioner was provided, but an unpartitioned version of the "
                         f"variable was found: {name}.  Perhaps a variable of the same name was "
                         "already created without partitioning?")
    name = name.rstrip("/")                  # of a variable that is called as its scope is
    counts, is_value = None, initializer is not None and not callable(initializer)
    if is_value:
        initializer = convert_to_tensor(initializer, dtype)
        shape = initializer.shape if shape is None else shape
    if partitioner is not None and shape is not None and shape.is_fully_defined():
        counts = call_partitioner(partitioner, shape, dtype)
    whole = store().partitioned.get(name)
    if whole is not None:
        return _found_parts(name, whole, shape, dtype, reuse, counts)
    if reuse is True:
        raise ValueError(f"PartitionedVariable {name} does not exist, or was not created with "
                         "tf.get_variable(). Did you mean to set reuse=tf.AUTO_REUSE in "
                         "VarScope?")
    if counts is None:
        raise ValueError("Shape of a new partitioned variable must be fully defined, but instead "
                         f"was {'<unknown>' if shape is None else shape}.")
    parts = []
    for number, part in enumerate(slices(name, shape, counts)):
        initial, part_shape = initializer, shapes.TensorShape(part.var_shape)
        if is_value:
            initial, part_shape = _part_of(initializer, part), None
        parts.append(_find_or_make_one(f"{name}/part_{number}", part_shape, dtype, initial, reuse,
                                       part, options))
    whole = PartitionedVariable(name, shape, parts[0].dtype.base_dtype, parts, counts)
    store().partitioned[name] = whole
    return whole


def _found_parts(name, whole, shape, dtype, reuse, counts):
    if reuse is False:
        raise ValueError(f"Partitioned variable with name {name} already exists. Did you mean to "
                         "set reuse=True or reuse=tf.AUTO_REUSE in VarScope?")
    _check_shared(name, whole, shape, dtype)
    if counts is not None and counts != whole._get_partitions():
        raise ValueError(f"Trying to reuse partitioned variable {name}, but specified partitions "
                         f"{counts} and found partitions {whole._get_partitions()}.")
    return whole


def _part_of(value, part):
    """The slice of an initial value that belongs to a part."""
    from pellucid.ops.arrays.indexing import slice_
    return slice_(value, part.var_offset, part.var_shape)


def create_partitioned_variables(shape, slicing, initializer, dtype=dtypes.float32,
                                 trainable=True, collections=None, name=None, reuse=None):
    """[Variable, ...], the parts of one tensor of this shape.

    Args:
      shape: list of int, of the whole.
      slicing: list of int, how many parts each axis has; all but one are 1.
      initializer: as in tf.get_variable; a value is that of the whole.
      dtype, trainable, collections, reuse: as in tf.get_variable and tf.variable_scope.
      name: str; "PartitionedVariable" by default, made unique.

    As in TF: tf.create_partitioned_variables.
    """
    from pellucid.ops.state.variable_scope import get_variable, variable_scope
    if len(shape) != len(slicing):
        raise ValueError("The 'shape' and 'slicing' of a new Partitioned Variable must have the "
                         f"length: shape: {shape}, slicing: {slicing}")
    with variable_scope(name, "PartitionedVariable", reuse=reuse):
        return list(get_variable("", shape, dtype, initializer, trainable=trainable,
                                 collections=collections, partitioner=lambda **_: list(slicing)))


# -- initial values ------------------------------------------------------------------------

def _initial_value(name, shape, dtype, initializer, part=None):
    """(function that makes the initial value, the variable's dtype or None)."""
    if initializer is None:
        initializer = _default_initializer(name, shape, dtype)
    if isinstance(initializer, type):
        initializer = initializer()
    if shape is not None and shape.is_fully_defined():
        options = {"dtype": dtype}
        if "partition_info" in _parameters(initializer):
            options["partition_info"] = part
        return functools.partial(initializer, shape.as_list(), **options), dtype
    if not any(p.default is p.empty for p in _parameters(initializer).values()):
        return initializer, None
    raise ValueError(
        f"The initializer passed is not valid. Variable {name} of shape "
        f"{shapes.show(shape and shape._dims)} needs either a fully defined shape, or an "
        "initializer that is a value or a callable without arguments.")


def _default_initializer(name, shape, dtype):
    from pellucid.ops.state import initializers
    if shape is None:
        raise ValueError(f"Variable {name} did not get an initializer, so its `shape` "
                         "argument must be specified.")
    if dtype.is_floating:
        return initializers.glorot_uniform_initializer()
    if dtype.is_integer or dtype.is_bool or dtype is dtypes.string:
        return initializers.zeros_initializer()
    raise ValueError(f"An initializer for variable {name} of {dtype} is required")


def _parameters(function):
    """The parameters of a callable that must or may be given by name or position."""
    try:
        parameters = inspect.signature(function).parameters
    except ValueError:                                   # some built-in functions have none
        return {}
    return {name: p for name, p in parameters.items()
            if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)}


def check_initial_dtype(initializer, dtype):
    """Raises ValueError unless an initial value has this dtype."""
    found = convert_to_tensor(initializer).spec.dtype
    if found is not None and found != base_dtype(dtype):
        raise ValueError(f"Initializer type '{found}' and explicit dtype '{dtype}' don't "
                         "match.")


# -- custom getters ------------------------------------------------------------------------

def call_getter(custom_getter, name, constraint, options):
    """What a custom_getter gives, which may call find_or_make."""
    if not callable(custom_getter):
        raise ValueError(f"Passed a custom_getter which is not callable: {custom_getter}")
    parameters = inspect.signature(custom_getter).parameters
    if "constraint" in parameters or any(
            p.kind is p.VAR_KEYWORD for p in parameters.values()):
        options = {**options, "constraint": constraint}
    return custom_getter(getter=find_or_make, name=name, **options)


def nested_getter(custom_getter, outer):
    """A custom getter whose `getter` is the enclosing scope's custom getter."""
    if outer is None:
        return custom_getter

    def both(getter, *args, **kwargs):
        return custom_getter(functools.partial(outer, getter), *args, **kwargs)
    return both
