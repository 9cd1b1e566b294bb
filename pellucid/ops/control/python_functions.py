"""py_func: a Python function as an operation of the graph."""

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.dtypes import as_dtype
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec
from pellucid.core.sources import as_array
from pellucid.ops.arguments import name_scope

# What an exception of the function becomes; UnknownError any other.
_ERRORS = {
    ValueError: errors.InvalidArgumentError,
    TypeError: errors.InvalidArgumentError,
    StopIteration: errors.OutOfRangeError,
    MemoryError: errors.ResourceExhaustedError,
    NotImplementedError: errors.UnimplementedError,
}


def error_for(error):
    """The tf.errors exception that an exception of a Python function becomes in a run."""
    if isinstance(error, errors.OpError):
        return error
    kind = next((_ERRORS[c] for c in type(error).__mro__ if c in _ERRORS), errors.UnknownError)
    explained = kind(None, None, f"{type(error).__name__}: {error}")
    explained.__cause__ = error
    return explained


class PyFunc(Operation):
    """What a Python function makes of the values of its inputs."""

    op_type, attrs = "PyFunc", {"function": None, "Tout": ()}
    effect = fresh = True

    def infer(self, *inputs):
        return tuple([Spec(dtype, None) for dtype in self.Tout])

    def compute(self, *inputs):
        # Copies, because the function may write into what it gets and keep what it returns.
        try:
            results = self.function(*[_given(x) for x in inputs])
        except Exception as error:
            raise error_for(error) from error
        if not isinstance(results, list | tuple):
            results = () if results is None else (results,)
        if len(results) != len(self.Tout):
            raise errors.InvalidArgumentError(
                None, None, f"{_name(self.function)} returns {len(results)} values, but "
                f"expects to see {len(self.Tout)} values.")
        arrays = tuple([self._returned(i, x) for i, x in enumerate(results)])
        return arrays if len(arrays) != 1 else arrays[0]

    def _returned(self, i, value):
        wanted, array = self.Tout[i], np.array(value)
        if array.dtype.kind in "SUO":
            array = as_array(value, dtypes.string)
        if array.dtype != wanted._numpy:
            found = "string" if array.dtype == object else array.dtype.name
            raise errors.InvalidArgumentError(
                None, None, f"{i}-th value returned by {_name(self.function)} is {found}, "
                f"but expects {wanted.name}")
        return array

    def _derived_attrs(self):
        # A GraphDef names the function; only the program that has it can run the node.
        return {"token": f"{_name(self.function)} of {self.name}", **super()._derived_attrs()}


class PyFuncStateless(PyFunc):
    """The same, of a function that returns equal values for equal inputs."""

    op_type = "PyFuncStateless"


NotDifferentiable("PyFunc")
NotDifferentiable("PyFuncStateless")


def _given(x):
    """A value as the function gets it: scalars as scalars, arrays its own."""
    return x.copy() if getattr(x, "ndim", 0) else x[()] if isinstance(x, np.ndarray) else x


def _name(function):
    return getattr(function, "__name__", repr(function))


def py_func(func, inp, Tout, stateful=True, name=None):
    """What a Python function makes of the values of tensors, in each run.

    Args:
      func: function of NumPy arrays and scalars that returns an array, or a list or tuple
        of them, of exactly the types in Tout.
      inp: list of Tensor.
      Tout: DType, or list of them.
      stateful: bool, whether func may return something else for the same inputs.
      name: str.

    Returns:
      a Tensor of unknown shape, or a list of them if Tout is one; the Operation if Tout is
      an empty list. No gradient passes: see tf.custom_gradient.

    Raises, in the run:
      tf.errors.InvalidArgumentError: func returned other types, or raised ValueError or
        TypeError.
      tf.errors.OpError of other kinds: for other exceptions of func.

    As in TF: tf.py_func (op types PyFunc, PyFuncStateless).
    """
    if not callable(func):
        raise ValueError(f"Expected func to be callable. Received func={func} of type "
                         f"{type(func)}.")
    several = isinstance(Tout, list | tuple)
    types = tuple([as_dtype(dtype) for dtype in (Tout if several else [Tout])])
    op_class = PyFunc if stateful else PyFuncStateless
    with name_scope(name, op_class.op_type, list(inp)) as scope:
        inputs = [convert_to_tensor(x, name=f"input_{i}") for i, x in enumerate(inp)]
        op = op_class(inputs, name=scope, function=func, Tout=types)
    if not types:
        return op
    return list(op.outputs) if several else op.outputs[0]


def numpy_function(func=None, inp=None, Tout=None, stateful=True, name=None):
    """The same as py_func. As in TF: tf.numpy_function."""
    return py_func(func, inp, Tout, stateful, name)
