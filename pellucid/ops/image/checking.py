"""What functions of images ask of their arguments: three or four dimensions, sizes that fit.

An image is (h, w, c), several are (n, h, w, c). Read next: flips.py.
"""

from pellucid.core.tensor import Tensor
from pellucid.ops.arguments import as_tensor
from pellucid.ops.arrays.shaping import shape
from pellucid.ops.control.passing import identity


def checked(image):
    """The image, or images, as a Tensor. ValueError unless it is of rank 3 or 4.

    What is of unknown rank is taken for one image.
    """
    image = as_tensor(image, name="image")
    if image.spec.rank is None:
        image = identity(image)
        image.set_shape([None] * 3)
    check(image.spec.rank in (3, 4), "an image must have 3 dimensions, images 4; the shape is "
                                     f"{image.shape}.")
    return image


def height_and_width(image):
    """The two sizes of a checked image: an int where known, else a scalar Tensor."""
    first = image.spec.rank - 3
    known = image.spec.shape[first:first + 2]
    if None not in known:
        return known
    dynamic = shape(image)
    return tuple([dynamic[first + i] if size is None else size for i, size in enumerate(known)])


def check(condition, message):
    """Raises ValueError with the message unless the condition holds."""
    if not condition:
        raise ValueError(message)


def check_if_known(compare, *sizes, message):
    """The same, where all sizes are numbers and not Tensors; the run will check these."""
    if not any(isinstance(size, Tensor) for size in sizes):
        check(compare(*sizes), message)
