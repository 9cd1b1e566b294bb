"""What public functions do with their arguments: conversion, type rules, name scopes."""

import functools

import numpy as np

from pellucid.core import dtypes
from pellucid.core.graph import get_default_graph
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.sources import constant, contains_tensor
from pellucid.core.tensor import Tensor


def old_names(**renamed):
    """Decorates a function whose arguments had other names in TensorFlow 0.x: takes those, too.

    @old_names(concat_dim="axis")
    """
    def decorate(function):
        @functools.wraps(function)
        def either(*arguments, **options):
            if not renamed.keys().isdisjoint(options):
                options = {renamed.get(name, name): value for name, value in options.items()}
            return function(*arguments, **options)
        return either
    return decorate


def as_tensor(x, dtype=None, name=None):
    """convert_to_tensor, quick for what is a tensor."""
    return x if type(x) is Tensor and dtype is None else convert_to_tensor(x, dtype, name)


def same_dtype(x, y, names=("x", "y")):
    """The dtype that two Specs share; None if one is untyped. TypeError if they differ."""
    if x.dtype is y.dtype:
        return x.dtype
    if x.dtype is None or y.dtype is None:
        return None
    raise TypeError(f"{names[1]} has type {y.dtype.name}, which does not match type "
                    f"{x.dtype.name} of {names[0]}; convert one with tf.cast.")


def check_allowed(name, dtype, allowed):
    """Raises TypeError unless dtype is one of `allowed` (or unknown)."""
    if dtype is not None and dtype not in allowed:
        raise TypeError(f"{name} has DataType {dtype.name}, which is not in the list of "
                        f"allowed values: {', '.join(sorted(d.name for d in allowed))}")


def graph_of(*values):
    """The graph that the tensors among the values belong to, else the default graph."""
    default = get_default_graph()
    if default._adopts:                          # it takes tensors of other graphs, too
        return default
    found = None
    for value in values:
        if isinstance(value, Tensor | Operation) or hasattr(value, "_as_graph_element"):
            if value.graph is default:
                return default
            found = found or value.graph
    return found or default


class name_scope:
    """Operations built inside are named "name/..."; `with` gives the scope's name.

    Args:
      name: str, or None for default_name; one that ends in "/" re-enters a scope.
      default_name: str.
      values: Tensors whose graph becomes the default inside.

    As in TF: tf.name_scope.
    """

    __slots__ = ("_default", "_scope", "_values", "name")

    def __init__(self, name, default_name=None, values=None):
        if name is None and default_name is None and values is not None:
            raise ValueError("At least one of name and default_name must be given.")
        self.name = default_name if name is None else name
        self._values = values or ()

    def __enter__(self):
        graph = graph_of(*self._values)
        self._default = None
        if graph is not get_default_graph():
            self._default = graph.as_default()
            self._default.__enter__()
        self._scope = graph.name_scope(self.name)
        return self._scope.__enter__()

    def __exit__(self, *exception):
        self._scope.__exit__(*exception)
        if self._default is not None:
            self._default.__exit__(*exception)


def unary(op_class, x, name=None):
    """op_class on x, which may be a Python value."""
    if type(x) is Tensor:
        return op_class((x,), name).output
    with name_scope(name, op_class.op_type, (x,)) as scope:
        return op_class((convert_to_tensor(x, name="x"),), scope).output


def binary(op_class, x, y, name=None, default=None, dtype=None):
    """op_class on x and y, of which one or both may be Python values.

    Args:
      x: what converts to a Tensor.
      y: a Tensor of x's dtype, or a value that becomes one.
      name: str, what the user gave.
      default: str, the name where the user gave none; the type of the operation by default.
      dtype: DType that both must have.
    """
    if type(x) is Tensor and type(y) is Tensor:
        return op_class((x, y), name or default).output
    with name_scope(name, default or op_class.op_type, (x, y)) as scope:
        x, y = convert_pair(x, y, dtype)
        return op_class((x, y), scope).output


def build(op_class, inputs, name=None, default=None, ints=(), alike=(), **attrs):
    """op_class on inputs some of which may be Python values, as an Operation.

    Args:
      op_class: class of the Operation.
      inputs: {TensorFlow's argument name: value}; a value becomes a constant "op/argument".
      name: str, what the user gave.
      default: str, the name where the user gave none; the type of the operation by default.
      ints: names of the inputs that are integers, int32 where nothing else says.
      alike: names of integer inputs of one type: a value takes that of the first, a Tensor.
      **attrs: the operation's attributes.
    """
    values = inputs.values()
    if all(type(value) is Tensor for value in values):
        return op_class(values, name or default, **attrs)
    with name_scope(name, default or op_class.op_type, tuple(values)) as scope:
        first = inputs[alike[0]] if alike else None
        dtype = first.spec.dtype if type(first) is Tensor else None
        tensors = [convert_to_tensor(value, dtype, label) if label in alike and dtype else
                   as_integers(value, label) if label in ints else
                   convert_to_tensor(value, name=label) for label, value in inputs.items()]
        return op_class(tensors, scope, **attrs)


def as_integers(value, name=None):
    """A Tensor of shapes, axes or counts; Python values become int32, even an empty one."""
    if type(value) is Tensor:
        return value
    kind = type(value)
    if kind is int or (kind in (list, tuple) and all(type(v) is int for v in value)):
        try:
            return constant(np.array(value, np.int32), name=name or "Const")
        except OverflowError:
            pass
    if isinstance(value, list | tuple) and contains_tensor(value):
        return convert_to_tensor(value, name=name)       # of the dtype of the tensors in it
    return convert_to_tensor(value, preferred_dtype=dtypes.int32, name=name)


def convert_pair(x, y, dtype=None, names=("x", "y")):
    """x and y as Tensors. A Python value y takes the dtype of x, as in TensorFlow.

    So tf.multiply(2, t) needs an int32 t, while the operator in 2 * t converts the 2.
    """
    x = convert_to_tensor(x, dtype, name=names[0])
    if _is_symbolic(y):
        return x, convert_to_tensor(y, dtype, name=names[1])
    return x, convert_to_tensor(y, x.spec.dtype, name=names[1])


def _is_symbolic(value):
    return isinstance(value, Tensor | Operation) or hasattr(value, "_as_graph_element")
