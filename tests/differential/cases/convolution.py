"""Convolution, pooling, normalization of images, and what moves pixels about."""

import numpy as np

from ..harness import case, fed, raised


def numbers(*shape):
    count = int(np.prod(shape))
    return (np.sin(np.arange(count) * 1.7) * 0.9).reshape(shape).astype(np.float32)


IMAGES, KERNEL = numbers(1, 5, 4, 2), numbers(3, 2, 2, 3)
TIES = np.array([1, 1, 0, 1, 2, 2, 1, 1, 2, 2, 2, 0], np.float32).reshape(1, 3, 4, 1)
PADDINGS = ["SAME", "VALID"]


# -------------------------------------------------------------------------- convolution


@case(each=[(padding, stride, size) for padding in PADDINGS for stride in (1, 2, 3)
            for size in (4, 5, 7)])
def conv2d_sizes(tf, padding, stride, size):
    x, w = tf.constant(numbers(1, size, 4, 1)), tf.constant(numbers(3, 2, 1, 2))
    y = tf.nn.conv2d(x, w, [1, stride, stride, 1], padding)
    return [y, *tf.gradients(y, [x, w], grad_ys=y)]


@case
def conv2d_arguments(tf):
    x, w = tf.placeholder(tf.float32, [None, 5, None, 2]), tf.constant(KERNEL)
    return fed([tf.nn.conv2d(x, w, [1, 1, 1, 1], "SAME"),
                tf.nn.conv2d(x, filters=w, strides=2, padding="VALID", name="named"),
                tf.nn.conv2d(input=x, filter=w, strides=[2], padding="SAME"),
                tf.nn.conv2d(x, w, [1, 2], "SAME", use_cudnn_on_gpu=False),
                tf.nn.conv2d(x, w, 1, [[0, 0], [1, 2], [0, 1], [0, 0]]),
                tf.nn.conv2d(x, w, 1, "SAME", dilations=[1, 2, 1, 1]),
                tf.nn.conv2d(x, KERNEL, 1, "VALID")], {x: IMAGES})


@case
def conv2d_errors(tf):
    x, w = tf.constant(IMAGES), tf.constant(KERNEL)
    return [raised(lambda: tf.nn.conv2d(x, w, 1, "same")),
            raised(lambda: tf.nn.conv2d(x, w, [1, 2, 3], "SAME")),
            raised(lambda: tf.nn.conv2d(x[0], w, 1, "SAME")),
            raised(lambda: tf.nn.conv2d(x, w[0], 1, "SAME")),
            raised(lambda: tf.nn.conv2d(x, tf.zeros([2, 2, 3, 1]), 1, "SAME")),
            raised(lambda: tf.nn.conv2d(x, tf.zeros([9, 1, 2, 1]), 1, "VALID")),
            raised(lambda: tf.nn.conv2d(x, tf.cast(w, tf.float64), 1, "SAME")),
            raised(lambda: tf.nn.conv2d(tf.cast(x, tf.uint8), w, 1, "SAME")),
            raised(lambda: tf.nn.conv2d(x, w, 1, "SAME", data_format="HWCN"))]


@case
def conv2d_static_shapes(tf):
    unknown, w = tf.placeholder(tf.float32), tf.placeholder(tf.float32, [None, 3, None, 4])
    x = tf.placeholder(tf.float32, [None, 7, None, 2])
    return [str(tf.nn.conv2d(a, b, [1, 2, 2, 1], padding).shape)
            for a in (unknown, x) for b in (unknown, w) for padding in PADDINGS]


@case(each=["float16", "float64", "int32"])
def conv2d_dtypes(tf, dtype):
    return tf.nn.conv2d(tf.cast(tf.constant(9 * IMAGES), dtype),
                        tf.cast(tf.constant(9 * KERNEL), dtype), 2, "SAME")


@case(names=False, why="equal gradients are added up by fewer operations there")
def conv2d_second_gradients(tf):
    x, w = tf.constant(IMAGES), tf.constant(KERNEL)
    y = tf.nn.conv2d(x, w, [1, 2, 1, 1], "SAME")
    dx, dw = tf.gradients(y * y, [x, w])
    return [dx, dw, *tf.gradients([dx, dw], [x, w])]


@case(each=PADDINGS)
def conv2d_backprops(tf, padding):
    x, w, strides = tf.constant(IMAGES), tf.constant(KERNEL), [1, 2, 2, 1]
    y = tf.nn.conv2d(x, w, strides, padding)
    return [tf.nn.conv2d_backprop_input([1, 5, 4, 2], w, y, strides, padding),
            tf.nn.conv2d_backprop_input(tf.shape(x), w, y, strides, padding, name="named"),
            tf.nn.conv2d_backprop_filter(x, [3, 2, 2, 3], y, strides, padding)]


@case
def conv2d_transpose(tf):
    x, w = tf.placeholder(tf.float32, [None, 3, 2, 3]), tf.constant(KERNEL)
    y = tf.constant(numbers(1, 3, 2, 3))
    n = tf.shape(x)[0]
    return fed([tf.nn.conv2d_transpose(x, w, tf.stack([n, 6, 4, 2]), [1, 2, 2, 1]),
                tf.nn.conv2d_transpose(y, w, [1, 5, 3, 2], 2, name="named"),
                tf.nn.conv2d_transpose(y, w, [1, 5, 3, 2], 1, padding="VALID"),
                raised(lambda: tf.nn.conv2d_transpose(y, w, [6, 4, 2], 2))],
               {x: numbers(1, 3, 2, 3)})


@case(each=PADDINGS, names=False,
      why="dilations are an attribute here, SpaceToBatchND and BatchToSpaceND around there")
def atrous_convolution(tf, padding):
    x, w = tf.constant(numbers(1, 7, 8, 2)), tf.constant(KERNEL)
    y = tf.nn.atrous_conv2d(x, w, 2, padding)
    return [y, *tf.gradients(y, [x, w], grad_ys=y),
            tf.nn.convolution(x, w, padding, dilation_rate=[2, 3])]


@case(each=PADDINGS)
def other_ranks(tf, padding):
    x, w = tf.constant(numbers(2, 7, 2)), tf.constant(numbers(3, 2, 2))
    volume, cube = tf.constant(numbers(1, 3, 4, 3, 2)), tf.constant(numbers(2, 2, 2, 2, 1))
    y = tf.nn.conv3d(volume, cube, [1, 2, 1, 1, 1], padding)
    return [tf.nn.conv1d(x, w, 2, padding), tf.nn.conv1d(x, filters=w, stride=1, padding=padding),
            tf.nn.convolution(x, w, padding), tf.nn.convolution(x, w, padding, strides=[2]),
            tf.nn.convolution(IMAGES, KERNEL, padding, strides=[1, 2], name="named"),
            y, *tf.gradients(y, [volume, cube], grad_ys=y)]


@case(each=PADDINGS)
def depthwise(tf, padding):
    x, w = tf.constant(IMAGES), tf.constant(KERNEL)
    y = tf.nn.depthwise_conv2d_native(x, w, [1, 2, 2, 1], padding)
    return [y, *tf.gradients(y, [x, w], grad_ys=y),
            tf.nn.depthwise_conv2d(x, w, [1, 1, 1, 1], padding),
            tf.nn.separable_conv2d(x, w, numbers(1, 1, 6, 2), [1, 1, 1, 1], padding)]


# ------------------------------------------------------------------------------ pooling


@case(each=[(symbol, padding, ksize, stride) for symbol in ("max_pool", "avg_pool")
            for padding in PADDINGS for ksize in (2, 3) for stride in (1, 2, 3)])
def pools(tf, symbol, padding, ksize, stride):
    x = tf.constant(IMAGES)
    y = getattr(tf.nn, symbol)(x, [1, ksize, ksize, 1], [1, stride, stride, 1], padding)
    return [y, tf.gradients(y, x, grad_ys=y)[0]]


@case(each=[1, 2])
def max_pool_ties(tf, stride):
    x = tf.constant(TIES)
    y = tf.nn.max_pool(x, 2, stride, "SAME")
    dx = tf.gradients(y, x)[0]
    return [y, dx, tf.nn.max_pool_with_argmax(x, [1, 2, 2, 1], [1, stride, stride, 1], "SAME")]


@case
def max_pool_ties_in_volumes(tf):
    x = tf.constant(TIES.reshape(1, 3, 2, 2, 1))
    y = tf.nn.max_pool3d(x, 2, 1, "SAME")
    weights = tf.ones_like(y)
    dx = tf.gradients(y, x, grad_ys=weights)[0]
    count = tf.constant(np.arange(1, 13, dtype=np.float32).reshape(1, 3, 2, 2, 1))
    return [y, dx, tf.gradients(dx, weights, grad_ys=count)[0], tf.nn.avg_pool3d(x, 2, 2, "SAME")]


@case
def pool_arguments(tf):
    x = tf.placeholder(tf.float32, [None, 5, None, 2])
    return fed([tf.nn.max_pool(x, 2, 2, "SAME"), tf.nn.max_pool(x, [1, 2, 2, 1], 2, "VALID"),
                tf.nn.avg_pool(value=x, ksize=[2, 3], strides=[1], padding="SAME", name="named"),
                tf.nn.max_pool2d(x, 2, 2, "VALID"), tf.nn.max_pool_v2(x, 2, 2, "SAME"),
                tf.nn.pool(x, [2, 2], "AVG", "SAME"),
                tf.nn.pool(x, [2, 2], "MAX", "VALID", strides=[2, 1]),
                tf.nn.max_pool1d(IMAGES[0], 2, 2, "SAME"),
                tf.nn.avg_pool1d(IMAGES[0], 2, 2, "SAME"),
                raised(lambda: tf.nn.max_pool(x, 2, 2, "same")),
                raised(lambda: tf.nn.max_pool(x, [1, 9, 1, 1], 1, "VALID")),
                raised(lambda: tf.nn.max_pool(x, [1, 2, 2], 1, "VALID")),
                raised(lambda: tf.nn.avg_pool([[1, 2]], 1, 1, "VALID"))], {x: IMAGES})


@case(each=["int32", "uint8", "float64", "float16"])
def max_pool_dtypes(tf, dtype):
    return tf.nn.max_pool(tf.cast(tf.constant(9 * abs(IMAGES)), dtype), 2, 2, "SAME")


# ------------------------------------------------------------------------ normalization


@case(rtol=1e-4, names=False, why="variances of few numbers, added up in another order; the "
      "second gradient is made of other operations")
def fused_batch_norm(tf):
    x, scale, offset = tf.constant(IMAGES), tf.constant([1.5, -0.5]), tf.constant([0.25, 1.0])
    y, mean, variance = tf.nn.fused_batch_norm(x, scale, offset)
    grads = tf.gradients(y, [x, scale, offset], grad_ys=y)
    return [y, mean, variance, *grads, tf.gradients(grads[0], [x, scale])[0],
            tf.nn.fused_batch_norm(x, scale, offset, epsilon=0.0, name="named")[0],
            tf.nn.fused_batch_norm(x, scale, offset, mean, variance, 0.1,
                                   exponential_avg_factor=0.5),
            raised(lambda: tf.nn.fused_batch_norm(x, scale, offset, is_training=False)),
            raised(lambda: tf.nn.fused_batch_norm(x, [1.0], offset)),
            raised(lambda: tf.nn.fused_batch_norm(tf.cast(x, tf.float64), scale, offset))]


@case(rtol=1e-4, why="variances of few numbers, added up in another order")
def fused_batch_norm_given(tf):
    x, scale, offset = tf.constant(IMAGES), tf.constant([1.5, -0.5]), tf.constant([0.25, 1.0])
    y = tf.nn.fused_batch_norm(x, scale, offset, tf.constant([0.1, 0.2]),
                               tf.constant([1.0, 2.0]), is_training=False)[0]
    return [y, *tf.gradients(y, [x, scale, offset], grad_ys=y)]


@case
def batch_norm_with_global_normalization(tf):
    function = tf.nn.batch_norm_with_global_normalization
    vectors = [np.array(v, np.float32) for v in ([0.1, 0.2], [1, 2], [0.5, -1], [2, 3])]
    return [function(tf.constant(IMAGES), *vectors, 0.01, True),
            function(tf.constant(IMAGES), *vectors, 0.01, False, name="named")]


@case(rtol=1e-4, why="powers in another precision")
def lrn(tf):
    x = tf.constant(numbers(1, 2, 2, 7))
    y = tf.nn.lrn(x, 2, bias=0.5, alpha=0.2, beta=0.75)
    return [y, tf.gradients(y, x, grad_ys=x)[0], tf.nn.local_response_normalization(x),
            raised(lambda: tf.nn.lrn(x[0]))]


# ------------------------------------------------------------------------- moving pixels


@case
def space_and_depth(tf):
    x = tf.placeholder(tf.float32, [None, 4, None, 4])
    return fed([tf.space_to_depth(x, 2), tf.depth_to_space(x, 2, name="named"),
                tf.nn.space_to_depth(x, block_size=4),
                tf.gradients(tf.space_to_depth(x, 2)[..., :3], x)[0],
                raised(lambda: tf.space_to_depth(x, 3)), raised(lambda: tf.space_to_depth(x, 1)),
                raised(lambda: tf.depth_to_space(x, 3))], {x: numbers(1, 4, 4, 4)})


@case
def space_and_batch(tf):
    x = tf.placeholder(tf.float32, [None, 4, 3, 2])
    y = tf.space_to_batch(x, [[0, 0], [1, 2]], block_size=2)
    return fed([y, tf.batch_to_space(y, [[0, 1], [1, 0]], 2),
                tf.space_to_batch_nd(x, [2, 1], [[1, 1], [0, 0]]),
                tf.batch_to_space_nd(y, [2], [[0, 1]], name="named"),
                tf.gradients(y * y, x)[0],
                raised(lambda: tf.space_to_batch_nd(x, [3, 1], [[0, 0], [0, 0]])),
                raised(lambda: tf.space_to_batch_nd(x, [2], [[0, 0], [0, 0]]))],
               {x: numbers(2, 4, 3, 2)})
