"""tf.image: flips, crops, pads, colours, and images of another size."""

from pellucid.ops.image.resizing import (
    ResizeMethod,
    resize_bilinear,
    resize_images,
    resize_nearest_neighbor,
)
from pellucid.ops.image.resizing import resize_images as resize
from pellucid.ops.image.transforms import (
    adjust_brightness,
    convert_image_dtype,
    crop_to_bounding_box,
    flip_left_right,
    flip_up_down,
    grayscale_to_rgb,
    pad_to_bounding_box,
    per_image_standardization,
    random_brightness,
    random_flip_left_right,
    random_flip_up_down,
    resize_image_with_crop_or_pad,
    rgb_to_grayscale,
    rot90,
    transpose_image,
)
from pellucid.ops.image.transforms import resize_image_with_crop_or_pad as resize_with_crop_or_pad
from pellucid.ops.image.transforms import transpose_image as transpose


def __getattr__(name):
    """Old spellings, and what a missing name would need."""
    from pellucid.names.old import answer
    return answer("image", name)
