"""tf.image: colours, sizes, boxes, files, of known and unknown sizes, and by chance."""

import numpy as np

from ..harness import case, fed, raised
from .images import BYTES, IMAGE, NAMES

BATCH = np.stack([IMAGE, IMAGE[::-1]])


def unknown(tf, x=IMAGE, dims=None):
    """A placeholder for x, of whose size only the channels are known."""
    shape = [None] * x.ndim if dims is None else dims
    return tf.placeholder(x.dtype, [*shape[:-1], x.shape[-1]])


@case(each=[("adjust_brightness", 0.3), ("adjust_contrast", 0.5), ("adjust_contrast", 2.0),
            ("adjust_hue", 0.1), ("adjust_hue", -0.3), ("adjust_saturation", 0.3),
            ("adjust_saturation", 1.7), ("adjust_gamma", 0.5), ("adjust_gamma", 2)], **NAMES)
def adjusted(tf, symbol, amount):
    function = getattr(tf.image, symbol)
    return [function(tf.constant(x), amount)
            for x in (IMAGE, BYTES, BATCH, BYTES[None], IMAGE.astype(np.float64))]


@case(each=["rgb_to_yiq", "yiq_to_rgb", "rgb_to_yuv", "yuv_to_rgb", "rgb_to_hsv", "hsv_to_rgb",
            "image_gradients", "sobel_edges", "total_variation"], **NAMES)
def whole_images(tf, symbol):
    x = unknown(tf, BATCH)
    function = getattr(tf.image, symbol)
    found = function(tf.constant(BATCH)), function(x)
    return fed(found, {x: BATCH})


@case(atol=1e-4)
def gradient_of_rgb_to_hsv(tf):
    x = tf.constant(BATCH)
    y = tf.image.rgb_to_hsv(x)
    return tf.gradients(y, x, grad_ys=tf.sin(3 * y))[0][0, 0]


@case(each=[0.3, 0.5, 0.87, 1.0], **NAMES)
def central_crop(tf, fraction):
    x = unknown(tf)
    return fed([tf.image.central_crop(tf.constant(BATCH), fraction),
                tf.image.central_crop(x, fraction)], {x: IMAGE})


@case(**NAMES)
def sizes_known_in_the_run(tf):
    x, n = unknown(tf), tf.placeholder(tf.int32, [])
    return fed([*[tf.image.resize_image_with_crop_or_pad(x, h, w)
                  for h, w in ((9, 5), (4, 20), (4, 5), (3, 3))],
                tf.image.crop_to_bounding_box(x, 1, 2, 3, 2),
                tf.image.crop_to_bounding_box(tf.constant(IMAGE), n, n, 2, 1),
                tf.image.pad_to_bounding_box(x, 1, 0, 9, 9),
                tf.image.resize_images(x, [3, 9], preserve_aspect_ratio=True),
                *[tf.image.resize_image_with_pad(x, h, w) for h, w in ((9, 5), (4, 20))]],
               {x: IMAGE, n: 1})


@case(each=[(method, align) for method in range(4) for align in (False, True)], **NAMES)
def every_method(tf, method, align):
    return [tf.image.resize_images(tf.constant(BYTES), [5, 9], method, align_corners=align),
            tf.image.resize(tf.constant(BATCH), [3, 9], method=method,
                            preserve_aspect_ratio=True),
            tf.image.resize_image_with_pad(tf.constant(BATCH), 7, 3, method, align)]


@case(each=range(4), **NAMES)
def by_chance(tf, seed):
    tf.set_random_seed(4)
    return [tf.image.random_brightness(tf.constant(IMAGE), 0.3, seed=seed),
            tf.image.random_contrast(tf.constant(BYTES), 0.2, 0.8, seed=seed),
            tf.image.random_hue(tf.constant(IMAGE), 0.3, seed=seed),
            tf.image.random_saturation(tf.constant(BYTES), 0.2, 1.8, seed=seed),
            tf.image.random_crop(tf.constant(BYTES), [2, 3, 3], seed=seed)]


@case(each=range(1, 7), **NAMES)
def distorted_boxes(tf, seed):
    boxes = [[[.1, .2, .5, .6], [.3, .3, .9, .8]]]
    return tf.image.sample_distorted_bounding_box(
        [100 + seed, 80, 3], boxes, seed=seed, seed2=3, min_object_covered=0.2 * (seed % 4) + 0.1,
        aspect_ratio_range=[0.5, 2.0] if seed % 2 else None, area_range=[0.1, 0.9],
        max_attempts=20 + seed)


@case(**NAMES)
def differences_of_images(tf):
    big = (np.sin(np.arange(2 * 20 * 17 * 3) * 0.7) * 0.5 + 0.5).reshape(2, 20, 17, 3)
    x, y = big.astype(np.float32), (big * 0.9 + 0.05).astype(np.float32)
    bytes_x, bytes_y = (255 * x).astype(np.uint8), (255 * y).astype(np.uint8)
    return [tf.image.psnr(tf.constant(x), tf.constant(y), 1.0),
            tf.image.psnr(tf.constant(bytes_x), tf.constant(bytes_y), 255),
            tf.image.ssim(tf.constant(x), tf.constant(y), 1.0),
            tf.image.ssim(tf.constant(bytes_x), tf.constant(bytes_y), 255, filter_size=7,
                          filter_sigma=1.0)]


@case
def refused(tf):
    x = tf.constant(IMAGE)
    image = tf.image
    return [raised(lambda: image.random_contrast(x, 0.5, 0.5)),
            raised(lambda: image.random_contrast(x, -0.5, 0.5)),
            raised(lambda: image.random_hue(x, 0.6)),
            raised(lambda: image.random_hue(x, -0.1)),
            raised(lambda: image.random_saturation(x, 0.5, 0.4)),
            raised(lambda: image.adjust_gamma(x, -1)),
            raised(lambda: image.central_crop(x, 0.0)),
            raised(lambda: image.central_crop(x, 1.5)),
            raised(lambda: image.convert_image_dtype(x, tf.bool)),
            raised(lambda: image.resize_images(x, [2, 2], method=7)),
            raised(lambda: image.resize_images(x, 3)),
            raised(lambda: image.total_variation(x[0]))]


@case(each=["", "nonsense", "GIF89a", "\x89PNG\r\n\x1a\nmore"])
def no_picture(tf, contents):
    return tf.image.decode_png(contents.encode("latin-1"))


@case(each=["resize_bilinear", "resize_nearest_neighbor", "resize_bicubic", "resize_area"])
def no_pixels(tf, symbol):
    return getattr(tf.image, symbol)(tf.constant(BATCH), [0, 4])


@case(**NAMES)
def half_precision(tf):
    x = tf.constant(BATCH.astype(np.float16))
    return [tf.image.per_image_standardization(x), tf.image.resize_bicubic(x, [5, 3]),
            tf.image.resize_nearest_neighbor(x, [5, 3]), tf.image.rgb_to_grayscale(x),
            tf.gradients(tf.image.resize_bicubic(x, [5, 3]), x)[0] is None]


@case
def a_distorted_box_of_an_object_upside_down(tf):
    return tf.image.sample_distorted_bounding_box([9, 9, 3], [[[.5, .5, .2, .2]]], seed=3)[2]


@case
def a_distorted_box_of_nothing(tf):
    return tf.image.sample_distorted_bounding_box([9, 9, 3], np.zeros([1, 0, 4], np.float32))[0]
