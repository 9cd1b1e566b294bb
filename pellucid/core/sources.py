"""Nodes without inputs: placeholders, which wait for a value, and constants.

Also how numbers, lists and arrays become constants. Read next: variable.py.
"""

import numpy as np

from pellucid.core import dtypes, errors, shapes
from pellucid.core.dtypes import as_dtype
from pellucid.core.operation import Operation, register_tensor_conversion_function
from pellucid.core.shapes import Spec
from pellucid.core.tensor import Tensor


class Placeholder(Operation):
    """A node whose value the user gives in each run."""

    op_type, attrs = "Placeholder", {"dtype": None, "shape": None}

    def infer(self):
        return Spec(self.dtype, self.shape)

    def compute(self):
        dtype = f" and dtype {self.dtype.name}" if self.dtype else ""
        users = ", ".join(repr(op.name) for op in self.consumers[:3])
        raise errors.InvalidArgumentError(
            None, None, f"You must feed a value for placeholder tensor {self.name!r} with shape "
            f"{shapes.show(self.shape)}{dtype}: session.run(..., {{{self.name}: value}})"
            + (f"\nIt is an input of {users}." if users else ""))


def placeholder(dtype=None, shape=None, name=None):
    """A tensor whose value is given in each run: session.run(z, {x: value}).

    Args:
      dtype: DType of the value; where left out, that of whatever is fed.
      shape: its shape, None for unknown dimensions; where left out, any shape.
      name: str.

    As in TF: tf.placeholder.
    """
    dtype = None if dtype is None else as_dtype(dtype).base_dtype
    return Placeholder((), dtype=dtype, shape=shapes.as_tuple(shape), name=name).output


class PlaceholderWithDefault(Operation):
    """Passes its input on, unless a value is fed."""

    op_type, attrs = "PlaceholderWithDefault", {"shape": None}

    def infer(self, x):
        if not shapes.compatible(x.shape, self.shape):
            raise ValueError(f"the default has shape {shapes.show(x.shape)}, which is not "
                             f"compatible with {shapes.show(self.shape)}")
        return Spec(x.dtype, self.shape)

    def compute(self, x):
        return x


def placeholder_with_default(input, shape, name=None):
    """A tensor with the value of `input` in runs that feed no other.

    As in TF: tf.placeholder_with_default.
    """
    return PlaceholderWithDefault([input], shape=shapes.as_tuple(shape), name=name).output


class Const(Operation):
    """A value that is part of the graph."""

    op_type, attrs = "Const", {"value": None, "dtype": None}

    def infer(self):
        return Spec(self.dtype, self.value.shape, self.value)

    def compute(self):
        return self.value


def constant(value, dtype=None, shape=None, name="Const", verify_shape=False):
    """A tensor with a fixed value.

    Args:
      value: a number, string, nested list or array.
      dtype: DType; by default int32 for int, float32 for float, an array's own otherwise.
      shape: filled with the last value where it holds more elements than `value`.
      name: str.
      verify_shape: raise TypeError if the value does not have `shape`.

    >>> constant([[1, 2, 3]])
    <tf.Tensor 'Const:0' shape=(1, 3) dtype=int32>

    As in TF: tf.constant.
    """
    if isinstance(value, Tensor | Operation) or hasattr(value, "_as_graph_element"):
        raise TypeError(f"A constant is made of numbers, strings or arrays, not of {value!r}: use "
                        "tf.identity for another tensor of the same value.")
    array = as_array(value, dtype)
    if shape is not None:
        array = _fill_shape(array, shapes.as_tuple(shape), verify_shape)
    return _const(array, name)


def _const(array, name="Const"):
    return Const((), value=array, dtype=dtypes.of_numpy(array.dtype), name=name).output


def _fill_shape(array, shape, verify_shape):
    if verify_shape and array.shape != shape:
        raise TypeError(f"Expected Tensor's shape: {shape}, got {array.shape}.")
    wanted = shapes.size(shape)
    if array.size == wanted:
        return array.reshape(shape)
    if array.size > wanted or array.size == 0:
        raise ValueError(f"Too many elements provided. Takes at most {wanted}, but got "
                         f"{array.size}" if array.size else
                         f"Cannot fill shape {shape} from an empty value.")
    flat = array.ravel()
    return np.concatenate([flat, np.full(wanted - flat.size, flat[-1], flat.dtype)]).reshape(shape)


def as_array(value, dtype=None):
    """An array of the library's own for a Python or NumPy value, by TensorFlow's rules.

    Python ints become int32 (int64 beyond it), floats float32, complex numbers complex128, text
    bytes; arrays keep their type, but a list of NumPy scalars is taken as numbers are. With a
    dtype, a value of another kind (1.5 for int32) is a TypeError, and an int beyond its range
    wraps around.
    """
    dtype = None if dtype is None else as_dtype(dtype).base_dtype
    if type(value) is float and (dtype is None or dtype.is_floating):     # the commonest, quickly
        with np.errstate(over="ignore"):
            return np.array(value, np.float32 if dtype is None else dtype._numpy)
    if isinstance(value, np.ndarray | np.generic):
        return _array_to(np.array(value), dtype)       # a copy: nobody writes what a graph holds
    if hasattr(value, "__array__") and not hasattr(value, "_as_graph_element"):
        return _array_to(np.array(value), dtype)
    if isinstance(value, shapes.TensorShape):
        if not value.is_fully_defined():
            raise ValueError(f"Cannot convert a partially known TensorShape {value} to a Tensor.")
        return np.array(value.as_list(), (dtype or dtypes.int32)._numpy)
    if isinstance(value, shapes.Dimension):
        return np.array(value.__index__(), (dtype or dtypes.int32)._numpy)
    return _python_to_array(value, dtype)


def _array_to(array, dtype):
    array = array.astype(array.dtype.newbyteorder("="), copy=False)
    found = dtypes.of_numpy(array.dtype)
    if found is dtypes.string:
        if dtype not in (None, dtypes.string):
            raise TypeError(f"Expected {dtype.name}, but got an array of strings.")
        return _bytes_array(array)
    return array if dtype is None or dtype is found else array.astype(_numeric(dtype, array))


def _numeric(dtype, value):
    if dtype is dtypes.string:
        raise TypeError(f"Expected string, but got {value!r}.")
    return dtype._numpy


def _bytes_array(array):
    encoded = np.empty(array.shape, object)
    for index in np.ndindex(array.shape):
        item = array[index]
        if not isinstance(item, str | bytes):
            raise TypeError(f"Expected a string, got {item!r} of type {type(item).__name__}.")
        encoded[index] = item.encode() if isinstance(item, str) else bytes(item)
    return encoded


def _python_to_array(value, dtype):
    if value is None:
        raise ValueError("None values not supported.")
    leaves = list(_leaves(value))
    kind = _kind_of(leaves)
    if kind is str or dtype is dtypes.string:
        if dtype not in (None, dtypes.string):
            raise TypeError(f"Expected {dtype.name}, but got {value!r} of type 'str'.")
        return _bytes_array(_object_array(value))
    if dtype is not None and kind is not None and not _fits(kind, dtype):
        raise TypeError(f"Expected {dtype.name}, but got {_first_of(leaves, kind)!r} of type "
                        f"{kind.__name__!r}.")
    try:
        with np.errstate(over="ignore"):                              # 1e40 is inf
            return _narrowed(np.array(value)) if dtype is None else _to_dtype(value, dtype)
    except OverflowError as error:
        raise TypeError(f"Cannot convert {value!r} to a tensor: {error}") from None
    except ValueError:
        raise ValueError(f"Can't convert non-rectangular Python sequence to Tensor: {value!r}"
                         ) from None


def _to_dtype(value, dtype):
    try:
        return np.array(value, dtype._numpy)
    except OverflowError:
        return np.array(value, np.int64).astype(dtype._numpy)      # wraps, as in TensorFlow


def _narrowed(array):
    """The array in TensorFlow's default type: float32, and int32 where that holds it."""
    if array.dtype == object:                                      # Dimensions, or huge ints
        array = array.astype(np.int64)
    if array.dtype == np.float64:
        return array.astype(np.float32)
    if array.dtype == np.int64:
        narrow = array.astype(np.int32)
        return narrow if (narrow == array).all() else array
    return array


def _leaves(value):
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, list | tuple | range):
            stack.extend(item)
        elif isinstance(item, np.ndarray):
            stack.append(item.dtype.type())
        else:
            yield item


_KINDS = {bool: 0, int: 1, float: 2, complex: 3}


def _kind_of(leaves):
    """The widest Python type among the leaves; str for text; None for no leaves."""
    kinds: set[type] = set()
    for leaf in leaves:
        if isinstance(leaf, bool | np.bool_):
            kinds.add(bool)
        elif isinstance(leaf, str | bytes):
            kinds.add(str)
        elif isinstance(leaf, int | np.integer | shapes.Dimension):
            kinds.add(int)
        elif isinstance(leaf, float | np.floating) or type(leaf).__module__ == "ml_dtypes":
            kinds.add(float)
        elif isinstance(leaf, complex | np.complexfloating):
            kinds.add(complex)
        else:
            raise TypeError(f"Failed to convert {leaf!r} of type {type(leaf).__name__!r} to a "
                            "Tensor: numbers, strings, lists of them and arrays can be.")
    if len(kinds) > 1 and str in kinds:
        raise TypeError("Cannot make one tensor of values of different types: "
                        + ", ".join(sorted(k.__name__ for k in kinds)))
    return str if str in kinds else max(kinds, key=_KINDS.__getitem__, default=None)


def _fits(kind, dtype):
    if kind is bool:
        return True
    if kind is int:
        return not dtype.is_bool
    if kind is float:
        return dtype.is_floating or dtype.is_complex
    return dtype.is_complex


def _first_of(leaves, kind):
    return next((x for x in leaves if isinstance(x, kind)), leaves[0])


def _object_array(value):
    """Nested lists as an object array, without NumPy looking inside bytes."""
    depth, shape = value, []
    while isinstance(depth, list | tuple):
        shape.append(len(depth))
        depth = depth[0] if depth else None
    array = np.empty(shape, object)
    if shape:
        array[...] = value if shape[0] else array
    else:
        array[()] = value
    return array


def _convert_constant(value, dtype=None, name=None, as_ref=False):
    if isinstance(value, list | tuple) and contains_tensor(value):
        return NotImplemented                  # ops/arrays/joining.py packs lists of tensors
    if isinstance(value, shapes.TensorShape | shapes.Dimension):
        name = name or "shape_as_tensor"
    return _const(as_array(value, dtype), name or "Const")


def contains_tensor(value):
    """True if nested lists hold a Tensor, or what stands for one, so that they are no constant."""
    return any(isinstance(item, Tensor | Operation) or hasattr(item, "_as_graph_element")
               for item in _leaves(value))


register_tensor_conversion_function(object, _convert_constant, priority=1000)
