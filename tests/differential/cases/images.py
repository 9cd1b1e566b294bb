"""tf.image: flips, crops, pads, colours, and images of another size."""

import numpy as np

from ..harness import case, fed, raised

IMAGE = (np.sin(np.arange(60) * 1.7) * 0.5 + 0.5).reshape(4, 5, 3).astype(np.float32)
BYTES = (IMAGE * 255).astype(np.uint8)
NAMES = {"names": False, "why": "assertions about shapes stand between the operations there"}


@case(each=["flip_left_right", "flip_up_down", "transpose_image", "rgb_to_grayscale",
            "per_image_standardization"], **NAMES)
def whole_image(tf, symbol):
    function = getattr(tf.image, symbol)
    return [function(tf.constant(IMAGE)), function(tf.constant(BYTES)),
            function(tf.constant(IMAGE[None]))]


@case(each=[-1, 0, 1, 2, 3, 5])
def rot90(tf, k):
    turned = tf.image.rot90(tf.constant(IMAGE), k=k)
    return tf.reshape(turned, [-1]).eval(session=tf.Session())


@case(**NAMES)
def crops_and_pads(tf):
    x = tf.constant(IMAGE)
    return [tf.image.crop_to_bounding_box(x, 1, 2, 3, 2),
            tf.image.crop_to_bounding_box(x[None], 0, 0, 4, 5),
            tf.image.pad_to_bounding_box(x, 1, 0, 6, 8),
            tf.image.pad_to_bounding_box(x[None], 0, 2, 4, 7),
            *[tf.image.resize_image_with_crop_or_pad(x, h, w) for h in (1, 3, 4, 7)
              for w in (2, 5, 8)],
            raised(lambda: tf.image.crop_to_bounding_box(x, 2, 0, 3, 1)),
            raised(lambda: tf.image.crop_to_bounding_box(x, -1, 0, 3, 1)),
            raised(lambda: tf.image.pad_to_bounding_box(x, 1, 0, 4, 5)),
            raised(lambda: tf.image.crop_to_bounding_box(x[0], 0, 0, 1, 1))]


@case(each=[(before, after, saturate) for before in ("uint8", "int16", "float32")
            for after in ("uint8", "int16", "int32", "float32", "float16")
            for saturate in (False, True)], **NAMES)
def convert_image_dtype(tf, before, after, saturate):
    values = [0.0, 0.25, 0.999, 1.0] if before == "float32" else [0, 1, 100, 127]
    return tf.image.convert_image_dtype(tf.constant(values, before), after, saturate)


@case(**NAMES)
def colours(tf):
    gray = tf.placeholder(tf.uint8, [None, 4, 5, 1])
    return fed([tf.image.grayscale_to_rgb(gray),
                tf.image.adjust_brightness(tf.constant(IMAGE), 0.25),
                tf.image.adjust_brightness(tf.constant(BYTES), -0.25)],
               {gray: BYTES[None, ..., :1]})


@case(each=[(symbol, option) for symbol in ("resize_bilinear", "resize_nearest_neighbor")
            for option in ("", "align_corners", "half_pixel_centers")])
def resizes(tf, symbol, option):
    options = {option: True} if option else {}
    x = tf.placeholder(tf.float32, [None, None, None, 3])
    function = getattr(tf.image, symbol)
    results = [function(x, size, **options) for size in ([7, 9], [2, 3], [4, 5], [1, 1])]
    return fed([*results, tf.gradients(results[0], x)[0]], {x: IMAGE[None]})


@case
def resize_images(tf):
    x, n = tf.constant(IMAGE), tf.placeholder(tf.int32, [2])
    return fed([tf.image.resize_images(x, [2, 3]), tf.image.resize_images(x, [4, 5]),
                tf.image.resize_images(x[None], n), tf.image.resize_images(x, [8, 8], method=1),
                tf.image.resize_images(BYTES, [3, 3], tf.image.ResizeMethod.NEAREST_NEIGHBOR,
                                       align_corners=True),
                raised(lambda: tf.image.resize_images(x[0], [2, 2])),
                raised(lambda: tf.image.resize_images(x, [2, 2, 2])),
                raised(lambda: tf.image.resize_images(x, [2, 2], method="cubic"))], {n: [3, 6]})


@case(each=["random_flip_left_right", "random_flip_up_down"], **NAMES)
def random_flips(tf, symbol):
    """With a seed of the operation and of the graph, the same flips as TensorFlow's."""
    tf.set_random_seed(5)
    flips = [tf.reduce_sum(getattr(tf.image, symbol)(tf.constant(x), seed=seed)[..., 0, 0, 0])
             for x in (IMAGE[None], np.repeat(IMAGE[None], 5, 0)) for seed in range(5)]
    return [*flips, *[getattr(tf.image, symbol)(tf.constant(IMAGE), seed=i)[0, 0, 0]
                      for i in range(6)]]
