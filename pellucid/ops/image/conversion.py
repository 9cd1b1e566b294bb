"""The numbers that pixels are: bytes, other integers, fractions of the brightest; standardized.

Read next: colors.py.
"""

from pellucid.core import dtypes
from pellucid.ops.arguments import as_tensor, name_scope
from pellucid.ops.arrays.shaping import shape
from pellucid.ops.control.passing import identity
from pellucid.ops.image.checking import checked
from pellucid.ops.math.casting import cast, saturate_cast
from pellucid.ops.math.elementwise import maximum, square
from pellucid.ops.math.functions import rsqrt, sqrt
from pellucid.ops.math.reductions import reduce_mean, reduce_prod


def convert_image_dtype(image, dtype, saturate=False, name=None):
    """An image of another type: floats are between 0 and 1, integers up to their largest.

    Args:
      image: Tensor of integers or floats.
      dtype: DType, of integers or floats.
      saturate: bool, whether what is out of range becomes the nearest value.

    As in TF: tf.image.convert_image_dtype.
    """
    image = as_tensor(image, name="image")
    dtype = dtypes.as_dtype(dtype)
    if not (dtype.is_floating or dtype.is_integer):
        raise AttributeError(f"dtype must be either floating point or integer, not {dtype.name}.")
    before = image.dtype
    if before is None:
        raise TypeError(f"the dtype of {image.name!r} must be known, as it says how bright the "
                        "pixels are: give the placeholder a dtype.")
    if dtype is before:
        return identity(image, name=name)
    with name_scope(name, "convert_image", [image]) as scope:
        convert = saturate_cast if saturate else cast
        if before.is_integer and dtype.is_integer:
            if before.max > dtype.max:
                scale = (before.max + 1) // (dtype.max + 1)
                return convert(image // scale, dtype, name=scope)
            scale = (dtype.max + 1) // (before.max + 1)
            return convert(image, dtype) * scale
        if before.is_floating and dtype.is_floating:
            return cast(image, dtype, name=scope)
        if before.is_integer:
            return cast(image, dtype) * (1.0 / before.max)
        return convert(image * (dtype.max + 0.5), dtype, name=scope)


def as_floats(image):
    """Pixels that arithmetic is done with: float16 and float32 as they are, others as float32."""
    if image.dtype in (dtypes.float16, dtypes.float32):
        return image
    return convert_image_dtype(image, dtypes.float32)


def per_image_standardization(image):
    """Each image with mean 0 and variance 1, float32: (x - mean) / max(stddev, 1 / sqrt(size)).

    As in TF: tf.image.per_image_standardization.
    """
    with name_scope(None, "per_image_standardization", [image]) as scope:
        image = checked(image)
        x = cast(image, dtypes.float32)
        count = cast(reduce_prod(shape(image)[-3:]), x.dtype)
        mean = reduce_mean(x, [-1, -2, -3], keepdims=True)
        deviation = sqrt(reduce_mean(square(x - mean), [-1, -2, -3], keepdims=True))
        return identity((x - mean) / maximum(deviation, rsqrt(count)), name=scope)
