"""Images mirrored, upside down, rotated by right angles; or not, by chance.

Read next: cropping.py.
"""

from pellucid.core import dtypes
from pellucid.ops.arguments import name_scope
from pellucid.ops.arrays.shaping import reshape, shape, transpose
from pellucid.ops.arrays.tiling import reverse
from pellucid.ops.control.passing import identity
from pellucid.ops.image.checking import checked
from pellucid.ops.math.casting import cast
from pellucid.ops.math.functions import round
from pellucid.ops.math.selection import where
from pellucid.ops.random.draws import random_uniform


def flip_left_right(image):
    """The image, or images, mirrored. As in TF: tf.image.flip_left_right."""
    return _flipped(image, -2, "flip_left_right")


def flip_up_down(image):
    """The image, or images, upside down. As in TF: tf.image.flip_up_down."""
    return _flipped(image, -3, "flip_up_down")


def _flipped(image, axis, name):
    with name_scope(None, name, [image]):
        image = checked(image)
        return reverse(image, [image.spec.rank + axis])


def transpose_image(image, name=None):
    """The image, or images, with rows as columns. As in TF: tf.image.transpose_image."""
    with name_scope(name, "transpose", [image]):
        image = checked(image)
        return transpose(image, [1, 0, 2] if image.spec.rank == 3 else [0, 2, 1, 3])


def rot90(image, k=1, name=None):
    """The image, or images, rotated counter-clockwise by k times 90 degrees; k is an int.

    As in TF: tf.image.rot90.
    """
    if not isinstance(k, int):
        raise ValueError(f"k must be an int, not {k!r}: it decides the shape of the result.")
    with name_scope(name, "rot90", [image]) as scope:
        image = checked(image)
        first = image.spec.rank - 3
        order = [1, 0, 2] if first == 0 else [0, 2, 1, 3]
        if k % 4 == 1:
            image = transpose(reverse(image, [first + 1]), order)
        elif k % 4 == 2:
            image = reverse(image, [first, first + 1])
        elif k % 4 == 3:
            image = reverse(transpose(image, order), [first + 1])
        return identity(image, name=scope)


def random_flip_left_right(image, seed=None):
    """Each image mirrored, or not, with probability 1/2. As in TF: tf.image.random_flip_left_right.
    """
    return _flipped_by_chance(image, -2, seed, "random_flip_left_right")


def random_flip_up_down(image, seed=None):
    """Each image upside down, or not, with probability 1/2. As in TF: tf.image.random_flip_up_down.
    """
    return _flipped_by_chance(image, -3, seed, "random_flip_up_down")


def _flipped_by_chance(image, axis, seed, name):
    with name_scope(None, name, [image]):
        image = checked(image)
        rank = image.spec.rank
        mirrored = reverse(image, [rank + axis])
        if rank == 3:
            return where(random_uniform([], 0, 1.0, seed=seed) < 0.5, mirrored, image)
        draws = random_uniform([shape(image)[0]], 0, 1.0, seed=seed)
        chosen = cast(round(reshape(draws, [-1, 1, 1, 1])), image.dtype or dtypes.float32)
        return chosen * mirrored + (1 - chosen) * image
