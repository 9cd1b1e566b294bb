"""tf.image: sizes, parts, colours, boxes and files of pictures."""

from pellucid.ops.image.adjusting import (
    adjust_brightness,
    adjust_contrast,
    adjust_gamma,
    random_brightness,
    random_contrast,
)
from pellucid.ops.image.area import resize_area
from pellucid.ops.image.bicubic import resize_bicubic
from pellucid.ops.image.boxes import (
    draw_bounding_boxes,
    non_max_suppression,
    non_max_suppression_padded,
)
from pellucid.ops.image.colors import (
    grayscale_to_rgb,
    rgb_to_grayscale,
    rgb_to_yiq,
    rgb_to_yuv,
    yiq_to_rgb,
    yuv_to_rgb,
)
from pellucid.ops.image.conversion import convert_image_dtype, per_image_standardization
from pellucid.ops.image.crop_and_resize import crop_and_resize
from pellucid.ops.image.cropping import (
    central_crop,
    crop_to_bounding_box,
    pad_to_bounding_box,
    resize_image_with_crop_or_pad,
)
from pellucid.ops.image.cropping import resize_image_with_crop_or_pad as resize_with_crop_or_pad
from pellucid.ops.image.decoding import (
    decode_bmp,
    decode_gif,
    decode_image,
    decode_jpeg,
    decode_png,
)
from pellucid.ops.image.distorted_boxes import sample_distorted_bounding_box
from pellucid.ops.image.encoding import encode_jpeg, encode_png
from pellucid.ops.image.flips import (
    flip_left_right,
    flip_up_down,
    random_flip_left_right,
    random_flip_up_down,
    rot90,
    transpose_image,
)
from pellucid.ops.image.flips import transpose_image as transpose
from pellucid.ops.image.hsv import hsv_to_rgb, rgb_to_hsv
from pellucid.ops.image.patches import extract_image_patches
from pellucid.ops.image.patches import extract_image_patches as extract_patches
from pellucid.ops.image.quality import image_gradients, psnr, sobel_edges, ssim, total_variation
from pellucid.ops.image.resize_images import ResizeMethod, resize_image_with_pad, resize_images
from pellucid.ops.image.resize_images import resize_images as resize
from pellucid.ops.image.resizing import resize_bilinear, resize_nearest_neighbor
from pellucid.ops.image.tints import adjust_hue, adjust_saturation, random_hue, random_saturation
from pellucid.ops.random.choice import random_crop


def __getattr__(name):
    """Old spellings, and what a missing name would need."""
    from pellucid.names.old import answer
    return answer("image", name)
