"""Element types, under TensorFlow's names, numbers and rules.

A DType wraps a NumPy dtype. `float32_ref` is the type of a variable's own tensor: the place
where a float32 value is kept, rather than the value. Read next: shapes.py.
"""

import numpy as np

try:
    import ml_dtypes
except ModuleNotFoundError:              # in the book's pages: it is not made for WebAssembly
    ml_dtypes = None                     # type: ignore[assignment]


class DType:
    """The type of a tensor's elements; one object a type, so `is` and `==` agree.

    As in TF: tf.DType.
    """

    __slots__ = ("_is_ref", "_numpy", "_other", "_type_enum", "is_bool", "is_complex",
                 "is_floating", "is_integer", "is_unsigned", "name")

    def __init__(self, name, numpy_type, enum):
        self.name, self._type_enum = name, enum
        self._is_ref, self._other = False, None
        if numpy_type is not None:
            self._numpy = np.dtype(numpy_type)
        kind = self._numpy.kind if numpy_type is not None else "V"
        self.is_floating = kind == "f" or name.startswith("bfloat16")
        self.is_integer = kind in "iu" and not name.startswith("q")
        self.is_unsigned = self.is_integer and kind == "u"
        self.is_complex, self.is_bool = kind == "c", kind == "b"

    def __getattr__(self, attribute):
        if attribute == "_numpy":        # the slot is empty
            raise TypeError(f"{self.name} needs the package ml_dtypes, which is not installed "
                            "here. Use float16 or float32.")
        raise AttributeError(f"'DType' object has no attribute {attribute!r}")

    @property
    def as_numpy_dtype(self):
        """The NumPy scalar type, for example numpy.float32; numpy.object_ for strings."""
        return self._numpy.type

    @property
    def as_datatype_enum(self):
        """TensorFlow's number for the type, as in a GraphDef."""
        return self._type_enum

    @property
    def base_dtype(self):
        """The type without `_ref`."""
        return self._other if self._is_ref else self

    @property
    def real_dtype(self):
        """The type of a complex type's real part; otherwise the type itself."""
        return {complex64: float32, complex128: float64}.get(self.base_dtype, self)

    @property
    def _as_ref(self):
        return self if self._is_ref else self._other

    @property
    def is_numpy_compatible(self):
        return self.base_dtype not in (resource, variant)

    @property
    def is_quantized(self):
        """True for the types of quantized numbers, which no operation here computes with."""
        return self.base_dtype in QUANTIZED

    @property
    def size(self):
        """Bytes an element; 0 for strings, whose elements differ."""
        return self._numpy.itemsize if self._numpy.kind != "O" else 0

    @property
    def min(self):
        """The least finite value. Raises TypeError for types without an order."""
        return self._limit("min")

    @property
    def max(self):
        """The greatest finite value. Raises TypeError for types without an order."""
        return self._limit("max")

    @property
    def limits(self):
        """(least, greatest) value of a pixel of this type, floats in [0, 1]."""
        return (0, 1 if self.is_floating else self.max)

    def _limit(self, which):
        if self.is_bool:
            return which == "max"
        if self.is_integer:
            return getattr(np.iinfo(self._numpy), which)
        if self.is_floating:
            return getattr((ml_dtypes or np).finfo(self._numpy), which)
        raise TypeError(f"Cannot find {which}imum value of {self}.")

    def is_compatible_with(self, other):
        """True if a tensor of type `other` may stand where one of this type is expected."""
        other = as_dtype(other)
        return self.base_dtype is other.base_dtype and (not self._is_ref or other._is_ref)

    def __eq__(self, other):
        if self is other:
            return True
        if other is None:
            return False
        try:
            return self is as_dtype(other)
        except TypeError:
            return False

    def __hash__(self):
        return self._type_enum

    def __str__(self):
        return f"<dtype: {self.name!r}>"

    def __repr__(self):
        return "tf." + self.name

    def __reduce__(self):
        return as_dtype, (self.name,)


def _dtype(name, numpy_type, enum):
    dtype, ref = DType(name, numpy_type, enum), DType(name + "_ref", numpy_type, enum + 100)
    dtype._other, ref._other, ref._is_ref = ref, dtype, True
    return dtype


float32 = _dtype("float32", np.float32, 1)
float64 = _dtype("float64", np.float64, 2)
int32 = _dtype("int32", np.int32, 3)
uint8 = _dtype("uint8", np.uint8, 4)
int16 = _dtype("int16", np.int16, 5)
int8 = _dtype("int8", np.int8, 6)
string = _dtype("string", np.object_, 7)
complex64 = _dtype("complex64", np.complex64, 8)
int64 = _dtype("int64", np.int64, 9)
bool_ = _dtype("bool", np.bool_, 10)
bfloat16 = _dtype("bfloat16", ml_dtypes and ml_dtypes.bfloat16, 14)
uint16 = _dtype("uint16", np.uint16, 17)
complex128 = _dtype("complex128", np.complex128, 18)
float16 = _dtype("float16", np.float16, 19)
uint32 = _dtype("uint32", np.uint32, 22)
uint64 = _dtype("uint64", np.uint64, 23)

ALL = (float16, float32, float64, bfloat16, complex64, complex128, int8, uint8, uint16, uint32,
       uint64, int16, int32, int64, bool_, string)
FLOATING = frozenset((float16, float32, float64, bfloat16))

# What graphs name, and arrays are not made of: quantized numbers, and handles of resources.
QUANTIZED = tuple(_dtype(f"q{name}", name, enum) for name, enum in (
    ("int8", 11), ("uint8", 12), ("int16", 15), ("uint16", 16), ("int32", 13)))
qint8, quint8, qint16, quint16, qint32 = QUANTIZED
resource = _dtype("resource", np.object_, 20)
variant = _dtype("variant", np.object_, 21)  # no array: a list of them
resource._other = resource                   # a handle is a reference already

_NAMED = (*ALL, *QUANTIZED, resource, variant)
_BY_NUMPY = {dtype._numpy: dtype for dtype in ALL if ml_dtypes or dtype is not bfloat16}
_BY_NAME = {dtype.name: dtype for dtype in _NAMED}
_BY_NAME |= {dtype._other.name: dtype._other for dtype in _NAMED}
_BY_NAME |= {"half": float16, "float": float32, "double": float64}
_BY_ENUM = {dtype._type_enum: dtype for dtype in _BY_NAME.values()}
_BY_PYTHON = {float: float32, int: int64, bool: bool_, complex: complex128, str: string,
              bytes: string, object: string}


def as_dtype(value):
    """The DType that a name, number, NumPy type or Python type stands for.

    >>> as_dtype("int32")
    tf.int32
    >>> as_dtype(np.float64)
    tf.float64

    Raises TypeError where there is none. As in TF: tf.as_dtype.
    """
    if isinstance(value, DType):
        return value
    found = None
    if isinstance(value, str):
        found = _BY_NAME.get(value)
    elif isinstance(value, int) and not isinstance(value, bool):
        found = _BY_ENUM.get(value)
    elif isinstance(value, type):
        found = _BY_PYTHON.get(value)
    if found is None and value is not None:
        try:
            found = of_numpy(np.dtype(value))
        except TypeError:
            found = None
    if found is None:
        raise TypeError(f"Cannot convert value {value!r} to a TensorFlow DType.")
    return found


def of_numpy(numpy_dtype):
    """The DType of arrays of a NumPy dtype; byte and text arrays are strings."""
    found = _BY_NUMPY.get(numpy_dtype)
    if found is None and numpy_dtype.kind in "SUT":
        found = string
    if found is None:
        raise TypeError(f"Cannot convert value {numpy_dtype!r} to a TensorFlow DType.")
    return found
