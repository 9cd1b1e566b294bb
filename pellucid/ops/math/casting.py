"""Casting: the same values in another dtype. Read next: reductions.py."""

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.arrays import array_namespace, on_host
from pellucid.core.dtypes import as_dtype
from pellucid.core.gradients import NotDifferentiable, RegisterGradient
from pellucid.core.indexed_slices import IndexedSlices
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec
from pellucid.core.tensor import Tensor
from pellucid.ops.arguments import as_tensor, name_scope
from pellucid.ops.math.elementwise import maximum, minimum


class Cast(Operation):
    """x as another dtype. Floats lose their fraction, complex numbers their imaginary
    part."""

    op_type, attrs, folds = "Cast", {"DstT": None, "Truncate": False}, True

    def infer(self, x):
        integers = self.DstT.is_integer and x.dtype is not None and x.dtype.is_integer
        return Spec(self.DstT, x.shape, None, x.partial if integers else None)

    def compute(self, x):
        wanted, kind = self.DstT._numpy, x.dtype.kind if hasattr(x, "dtype") else "O"
        if x.dtype == wanted:
            return x
        if "O" in (kind, wanted.kind):
            raise errors.UnimplementedError(
                None, None, f"Cast {'string' if kind == 'O' else x.dtype} to "
                f"{self.DstT.name} is not supported: see tf.string_to_number, tf.as_string")
        if kind == "c" and wanted.kind != "c":
            x = x.real
        if kind == "f" and wanted == np.uint32:
            x = x.astype(np.int64)             # C says what this does with negative numbers
        return x.astype(wanted)

    def _derived_attrs(self):
        return {"SrcT": self.input_nodes[0].spec.dtype, **super()._derived_attrs()}


@RegisterGradient("Cast")
def _cast_gradient(op, grad):
    source = op.inputs[0].spec.dtype
    if source is None or source.is_floating or source.is_complex:
        return grad if source is None else cast(grad, source)
    return None


def cast(x, dtype, name=None):
    """x with elements of another dtype.

    Args:
      x: Tensor or IndexedSlices of numbers or bools.
      dtype: DType. Floats are truncated towards zero on the way to integers, True is 1, and
        everything but zero is True.

    Returns:
      Tensor of x's shape; x itself if it has that dtype.

    As in TF: tf.cast (op type Cast).
    """
    dtype = as_dtype(dtype).base_dtype
    if type(x) is Tensor:
        return x if x.spec.dtype is dtype else Cast((x,), name or "Cast", DstT=dtype).output
    with name_scope(name, "Cast", (x,)) as scope:
        if isinstance(x, IndexedSlices):
            return IndexedSlices(cast(x.values, dtype, scope), x.indices, x.dense_shape)
        x = convert_to_tensor(x, name="x")
        return x if x.spec.dtype is dtype else Cast((x,), scope, DstT=dtype).output


def cast_like(x, other):
    """x in the dtype of a tensor; in float32 where that has none before the run."""
    return cast(x, other.spec.dtype or dtypes.float32)


def saturate_cast(value, dtype, name=None):
    """cast, after clipping to the range of dtype. As in TF: tf.saturate_cast."""
    with name_scope(name, "saturate_cast", (value,)) as scope:
        value, dtype = convert_to_tensor(value, name="value"), as_dtype(dtype).base_dtype
        source = value.dtype
        if source.min < dtype.min:
            value = maximum(value, convert_to_tensor(dtype.min, source, name="min"))
        if source.max > dtype.max:
            value = minimum(value, convert_to_tensor(_largest(source, dtype), source, name="max"))
        return cast(value, dtype, name=scope)


def _largest(source, dtype):
    """The largest number of type source that dtype has too.

    2^31 - 1 is none of float32, which would round it to 2^31.
    """
    limit = source._numpy.type(dtype.max)
    if dtype.is_integer and source.is_floating and int(limit) > dtype.max:
        limit = np.nextafter(limit, source._numpy.type(0))
    return limit


def to_float(x, name="ToFloat"):
    """x as float32. As in TF: tf.to_float."""
    return cast(x, dtypes.float32, name)


def to_double(x, name="ToDouble"):
    """x as float64. As in TF: tf.to_double."""
    return cast(x, dtypes.float64, name)


def to_int32(x, name="ToInt32"):
    """x as int32. As in TF: tf.to_int32."""
    return cast(x, dtypes.int32, name)


def to_int64(x, name="ToInt64"):
    """x as int64. As in TF: tf.to_int64."""
    return cast(x, dtypes.int64, name)


def to_bfloat16(x, name="ToBFloat16"):
    """x as bfloat16. As in TF: tf.to_bfloat16."""
    return cast(x, dtypes.bfloat16, name)


def to_complex64(x, name="ToComplex64"):
    """x as complex64. As in TF: tf.to_complex64."""
    return cast(x, dtypes.complex64, name)


def to_complex128(x, name="ToComplex128"):
    """x as complex128. As in TF: tf.to_complex128."""
    return cast(x, dtypes.complex128, name)


class Bitcast(Operation):
    """The bytes of x, read as another dtype."""

    op_type, attrs = "Bitcast", {"type_": None}

    def infer(self, x):
        if x.dtype is None or x.shape is None:
            return Spec(self.type_, None)
        before, after = x.dtype.size, self.type_.size
        if before == after:
            return Spec(self.type_, x.shape)
        if before > after:                             # each element becomes several
            return Spec(self.type_, (*x.shape, before // after))
        if not x.shape or x.shape[-1] not in (None, after // before):
            raise ValueError(f"to read {x.dtype.name} as {self.type_.name}, the last "
                             f"dimension must be {after // before}")
        return Spec(self.type_, x.shape[:-1])

    def compute(self, x):
        before, wanted = x.dtype, self.type_._numpy
        if before.itemsize > wanted.itemsize:
            x = array_namespace(x).expand_dims(x, -1)
        read = (np.ascontiguousarray(x) if on_host(x) else x).view(wanted)
        return read[..., 0] if before.itemsize < wanted.itemsize else read.reshape(
            x.shape[:-1] + read.shape[-1:] if x.ndim else ())

    def _derived_attrs(self):
        return {"type": self.type_, **super()._derived_attrs()}


NotDifferentiable("Bitcast")


def bitcast(input, type, name=None):
    """The bytes of a tensor, read as another dtype.

    Args:
      input: Tensor of numbers.
      type: DType. A wider one takes up the last dimension, a narrower one adds a dimension.

    As in TF: tf.bitcast (op type Bitcast).
    """
    return Bitcast((as_tensor(input, name="input"),), name, type_=as_dtype(type)).output
