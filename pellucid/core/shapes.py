"""Static shapes: what is known of a tensor before it runs.

Inside the library a shape is a tuple of int or None (unknown dimension), or None (unknown
rank). TensorShape and Dimension are how users see it. A Spec is all that is known of a tensor.
Read next: tensor.py.
"""

import numpy as np


class Spec:
    """What an operation promises of one output, and what it may know of an input.

    Attributes:
      dtype: DType, or None for untyped (it takes its type when it runs).
      shape: tuple of int or None, or None for unknown rank.
      value: numpy.ndarray if the value is known before any run, else None.
      partial: for a vector of integers of which only some are known, a tuple of int or None.
    """

    __slots__ = ("dtype", "partial", "shape", "value")

    def __init__(self, dtype, shape, value=None, partial=None):
        self.dtype, self.shape, self.value, self.partial = dtype, shape, value, partial

    @property
    def rank(self):
        return None if self.shape is None else len(self.shape)

    def as_shape(self):
        """This integer vector read as a shape; -1 and unknown entries are None."""
        if self.value is not None:
            return tuple(None if d < 0 else d for d in self.value.tolist())
        if self.partial is not None:
            return tuple(None if d is None or d < 0 else d for d in self.partial)
        if self.shape is not None and len(self.shape) == 1 and self.shape[0] is not None:
            return (None,) * self.shape[0]
        return None

    def __repr__(self):
        return f"Spec({self.dtype and self.dtype.name}, {show(self.shape)})"


def show(shape):
    """A shape as TensorFlow prints it: (?, 784), or <unknown>."""
    if shape is None:
        return "<unknown>"
    inside = ", ".join("?" if d is None else str(d) for d in shape)
    return f"({inside},)" if len(shape) == 1 else f"({inside})"


def is_complete(shape):
    """True if the rank and every dimension are known."""
    return shape is not None and None not in shape


def size(shape):
    """The number of elements, or None where it is unknown."""
    if shape is None:
        return None
    if 0 in shape:
        return 0
    total = 1
    for d in shape:
        if d is None:
            return None
        total *= d
    return total


def compatible(a, b):
    """True if one array could have both shapes."""
    if a is None or b is None or a == b:
        return True
    return len(a) == len(b) and all(
        p is None or q is None or p == q for p, q in zip(a, b, strict=True))


def merge(a, b):
    """The shape that knows what either knows. Raises ValueError if they contradict."""
    if a is None or a == b:
        return b
    if b is None:
        return a
    if not compatible(a, b):
        raise ValueError(f"Shapes {show(a)} and {show(b)} are not compatible")
    return tuple(q if p is None else p for p, q in zip(a, b, strict=True))


def broadcast(a, b):
    """The shape of an elementwise result, by NumPy's rule.

    >>> broadcast((None, 3), (3,))
    (None, 3)

    Raises ValueError if dimensions are known, differ, and neither is 1.
    """
    if a is None or b is None:
        return None
    if a == b and None not in a:
        return a
    if len(a) < len(b):
        a = (1,) * (len(b) - len(a)) + a
    elif len(b) < len(a):
        b = (1,) * (len(a) - len(b)) + b
    return tuple([_broadcast_dimension(p, q) for p, q in zip(a, b, strict=True)])


def _broadcast_dimension(p, q):
    if p == q or q == 1:
        return p
    if p == 1:
        return q
    if p is None:          # an unknown dimension must be 1 or q, and q is the result of both
        return q
    if q is None:
        return p
    raise ValueError(f"Dimensions must be equal, but are {p} and {q}")


def normalize_axis(axis, rank):
    """A non-negative axis; axis unchanged where rank is unknown. ValueError out of range."""
    if rank is None:
        return axis
    if not -rank <= axis < rank:
        raise ValueError(f"axis {axis} is out of range [-{rank}, {rank}) for rank {rank}")
    return axis + rank if axis < 0 else axis


def as_tuple(shape):
    """Anything that users write for a shape, as a tuple or None."""
    if isinstance(shape, TensorShape):
        return shape._dims
    if shape is None or (type(shape) is tuple and all(type(d) is int and d >= 0 for d in shape)):
        return shape
    if hasattr(shape, "as_list"):                      # another library's TensorShape
        return tuple(shape.as_list())
    if isinstance(shape, int | np.integer | Dimension):
        shape = (shape,)
    return tuple(_as_dimension(d) for d in shape)


def _as_dimension(value):
    value = getattr(value, "value", value)             # Dimension
    if value is None:
        return None
    if isinstance(value, float | str | bytes | np.floating):
        raise TypeError(f"Dimension value must be integer or None, got {value!r}")
    number = value.__index__() if hasattr(value, "__index__") else int(value)
    if number < 0:
        raise ValueError(f"Dimension {number} must be >= 0")
    return number


class Dimension:
    """One dimension of a TensorShape; `value` is an int or None. As in TF: tf.Dimension."""

    __slots__ = ("value",)

    def __init__(self, value):
        self.value = _as_dimension(value)

    def is_compatible_with(self, other):
        """True if both may be the same number."""
        other = Dimension(other).value
        return self.value is None or other is None or self.value == other

    def assert_is_compatible_with(self, other):
        """Raises ValueError unless both may be the same number."""
        if not self.is_compatible_with(other):
            raise ValueError(f"Dimensions {self} and {Dimension(other)} are not compatible")

    def merge_with(self, other):
        """The Dimension that knows what either knows."""
        self.assert_is_compatible_with(other)
        return Dimension(Dimension(other).value if self.value is None else self.value)

    def _combine(self, other, function):
        try:
            other = Dimension(other).value
        except (TypeError, ValueError):
            return NotImplemented
        unknown = self.value is None or other is None
        return Dimension(None if unknown else function(self.value, other))

    def __add__(self, other):
        return self._combine(other, lambda a, b: a + b)

    def __sub__(self, other):
        return self._combine(other, lambda a, b: a - b)

    def __rsub__(self, other):
        return self._combine(other, lambda a, b: b - a)

    def __mul__(self, other):
        return self._combine(other, lambda a, b: a * b)

    def __floordiv__(self, other):
        return self._combine(other, lambda a, b: a // b)

    def __rfloordiv__(self, other):
        return self._combine(other, lambda a, b: b // a)

    def __mod__(self, other):
        return self._combine(other, lambda a, b: a % b)

    def __rmod__(self, other):
        return self._combine(other, lambda a, b: b % a)

    __radd__, __rmul__ = __add__, __mul__

    def _compare(self, other, function):
        try:
            other = Dimension(other).value
        except (TypeError, ValueError):
            return NotImplemented
        return None if self.value is None or other is None else function(self.value, other)

    def __eq__(self, other):
        return self._compare(other, lambda a, b: a == b)

    def __ne__(self, other):
        return self._compare(other, lambda a, b: a != b)

    def __lt__(self, other):
        return self._compare(other, lambda a, b: a < b)

    def __le__(self, other):
        return self._compare(other, lambda a, b: a <= b)

    def __gt__(self, other):
        return self._compare(other, lambda a, b: a > b)

    def __ge__(self, other):
        return self._compare(other, lambda a, b: a >= b)

    def __hash__(self):
        return hash(self.value)

    def __int__(self):
        return self.value

    def __index__(self):
        if self.value is None:
            raise TypeError("The dimension is unknown, so it is no index")
        return self.value

    def __str__(self):
        return "?" if self.value is None else str(self.value)

    def __repr__(self):
        return f"Dimension({self.value})"


class TensorShape:
    """A shape as users see it: a list of Dimension, or unknown. As in TF: tf.TensorShape."""

    __slots__ = ("_dims",)

    def __init__(self, dims):
        self._dims = as_tuple(dims)

    @property
    def dims(self):
        """List of Dimension, or None where the rank is unknown."""
        return None if self._dims is None else [Dimension(d) for d in self._dims]

    @property
    def ndims(self):
        return None if self._dims is None else len(self._dims)

    rank = ndims

    def as_list(self):
        """List of int or None. Raises ValueError where the rank is unknown."""
        if self._dims is None:
            raise ValueError("as_list() is not defined on an unknown TensorShape.")
        return list(self._dims)

    def is_fully_defined(self):
        """True if the rank and every dimension are known."""
        return is_complete(self._dims)

    def assert_is_fully_defined(self):
        """Raises ValueError unless every dimension is known."""
        if not self.is_fully_defined():
            raise ValueError(f"Shape {self} is not fully defined")

    def num_elements(self):
        """The product of the dimensions, or None where one is unknown."""
        return size(self._dims) if self.is_fully_defined() else None

    def is_compatible_with(self, other):
        """True if one array could have both shapes."""
        return compatible(self._dims, as_tuple(other))

    def assert_is_compatible_with(self, other):
        """Raises ValueError unless one array could have both shapes."""
        if not self.is_compatible_with(other):
            raise ValueError(
                f"Shapes {self} and {TensorShape(other)} are incompatible")

    def assert_same_rank(self, other):
        """Raises ValueError if both ranks are known and differ."""
        other = TensorShape(other)
        if None not in (self.ndims, other.ndims) and self.ndims != other.ndims:
            raise ValueError(f"Shapes {self} and {other} must have the same rank")

    def assert_has_rank(self, rank):
        """Raises ValueError if the rank is known and is not `rank`."""
        if self.ndims not in (None, rank):
            raise ValueError(f"Shape {self} must have rank {rank}")

    def with_rank(self, rank):
        """This shape, of that rank."""
        return self.merge_with([None] * rank)

    def with_rank_at_least(self, rank):
        """This shape; ValueError if its rank is known and lower."""
        if self.ndims is not None and self.ndims < rank:
            raise ValueError(f"Shape {self} must have rank at least {rank}")
        return self

    def with_rank_at_most(self, rank):
        """This shape; ValueError if its rank is known and higher."""
        if self.ndims is not None and self.ndims > rank:
            raise ValueError(f"Shape {self} must have rank at most {rank}")
        return self

    def merge_with(self, other):
        """The TensorShape that knows what either knows."""
        return TensorShape(merge(self._dims, as_tuple(other)))

    def concatenate(self, other):
        """These dimensions, then the other's."""
        other = as_tuple(other)
        return TensorShape(None if self._dims is None or other is None else self._dims + other)

    def __add__(self, other):
        return self.concatenate(other)

    def __len__(self):
        if self._dims is None:
            raise ValueError("Cannot take the length of Shape with unknown rank.")
        return len(self._dims)

    def __bool__(self):
        return self._dims is not None

    def __iter__(self):
        if self._dims is None:
            raise ValueError("Cannot iterate over a shape with unknown rank.")
        return iter(self.dims)

    def __getitem__(self, key):
        if self._dims is None:
            return TensorShape(None) if isinstance(key, slice) else Dimension(None)
        found = self._dims[key]
        return TensorShape(found) if isinstance(key, slice) else Dimension(found)

    def __eq__(self, other):
        try:
            return self._dims == as_tuple(other)
        except (TypeError, ValueError):
            return NotImplemented

    def __hash__(self):
        return hash(self._dims)

    def __str__(self):
        return show(self._dims)

    def __repr__(self):
        if self._dims is None:
            return "TensorShape(None)"
        return f"TensorShape({self.dims!r})"


def as_shape(shape):
    """TensorShape of anything that users write for a shape."""
    return shape if isinstance(shape, TensorShape) else TensorShape(shape)
