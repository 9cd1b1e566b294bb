"""tf.layers: convolutions and pooling."""

import numpy as np

from ..harness import case, numbers, refused, variables
from .layers import _kernel

SIZES = {1: (5,), 2: (5, 4), 3: (3, 4, 3)}
SETTINGS = [{}, {"strides": 2, "padding": "same"}, {"padding": "SAME", "use_bias": False},
            {"dilation_rate": 2, "activation": "relu", "padding": "same"}]


def _answers(tf, run, made):
    outputs = [y for y, _ in made]
    feed = {x: numbers(*[d or 2 for d in x.shape.as_list()]) for _, x in made}
    weights = tf.trainable_variables()
    grads = tf.gradients([y ** 2 for y in outputs], weights) if weights else []
    inner = tf.gradients([y ** 2 for y in outputs], [x for _, x in made])
    return [outputs, [str(y.shape) for y in outputs], variables(tf), run(outputs, feed),
            run(grads, feed), run(inner, feed)]


@case
def convolutions(tf, run):
    made = []
    for rank, size in SIZES.items():
        function = getattr(tf.layers, f"conv{rank}d")
        for i, options in enumerate(SETTINGS):
            x = tf.placeholder(tf.float32, (None, *size, 2))
            kernel = 2 if rank == 3 else 3
            made.append([function(x, 3, kernel, kernel_initializer=_kernel(tf, i),
                                  bias_initializer=_kernel(tf), **options), x])
    answers = _answers(tf, run, made)
    answers[0] = [y.name for y, _ in made[4:7]]
    return answers


@case
def sizes_for_each_axis(tf, run):
    x = tf.placeholder(tf.float32, [None, 5, 6, 2])
    y = tf.placeholder(tf.float32, [2, 6, 2])
    made = [[tf.layers.conv2d(x, 2, (1, 3), (2, 1), kernel_initializer=_kernel(tf)), x],
            [tf.layers.conv2d(x, filters=2, kernel_size=[2, 1], kernel_initializer=_kernel(tf)), x],
            [tf.layers.conv1d(y, 2, 3, padding="causal", kernel_initializer=_kernel(tf)), y]]
    return _answers(tf, run, made)


@case
def transposed(tf, run):
    made = []
    for options in ({}, {"strides": 2, "padding": "same"}, {"strides": (2, 3)},
                    {"use_bias": False, "padding": "same"}):
        x = tf.placeholder(tf.float32, [None, 3, 2, 2])
        made.append([tf.layers.conv2d_transpose(
            x, 3, 3, kernel_initializer=_kernel(tf), bias_initializer=_kernel(tf), **options), x])
    x = tf.placeholder(tf.float32, [2, 2, 3, 2, 2])
    made.append([tf.layers.conv3d_transpose(x, 2, 2, 2, kernel_initializer=_kernel(tf)), x])
    x = tf.placeholder(tf.float32, [2, None, None, 2])
    made.append([tf.layers.conv2d_transpose(x, 2, 3, 2, kernel_initializer=_kernel(tf)), x])
    return _answers(tf, run, made)


@case
def separable(tf, run):
    made = []
    for options in ({}, {"strides": 2, "padding": "same", "depth_multiplier": 2},
                    {"dilation_rate": 2, "padding": "same", "use_bias": False}):
        x = tf.placeholder(tf.float32, [None, 5, 4, 2])
        made.append([tf.layers.separable_conv2d(
            x, 3, 3, depthwise_initializer=_kernel(tf), pointwise_initializer=_kernel(tf, 2),
            bias_initializer=_kernel(tf), **options), x])
    x = tf.placeholder(tf.float32, [None, 5, 2])
    made.append([tf.layers.separable_conv1d(
        x, 3, 3, depthwise_initializer=_kernel(tf), pointwise_initializer=_kernel(tf, 2)), x])
    answers = _answers(tf, run, made)
    return answers[1:]


@case
def pooling(tf, run):
    made = []
    for rank, size in SIZES.items():
        x = tf.placeholder(tf.float32, (None, *size, 2))
        for kind in ("max", "average"):
            function = getattr(tf.layers, f"{kind}_pooling{rank}d")
            made += [[function(x, 2, 2), x], [function(x, 3, 1, "same"), x],
                     [function(x, pool_size=(2,) * rank, strides=(1,) * rank), x]]
    answers = _answers(tf, run, made)
    answers[0] = [y.name for y, _ in made if "2d" in y.name]
    return answers


@case
def classes(tf, run):
    x = tf.placeholder(tf.float32, [None, 4, 4, 2])
    layer = tf.layers.Conv2D(3, (3, 3), name="conv", kernel_initializer=_kernel(tf))
    pool = tf.layers.MaxPooling2D(2, 2)
    y, z = pool(layer(x)), pool(layer(2 * x))
    return [y, z, layer.kernel, layer.bias, layer.variables, pool.name, pool.variables,
            run([y, z], {x: numbers(2, 4, 4, 2)})]


@case
def what_convolutions_refuse(tf, run):
    conv = tf.layers.conv2d
    x = tf.placeholder(tf.float32, [None, 4, 4, 2])
    return [refused(conv, x, 3, (3, 3, 3)), refused(conv, x, 3, 3, padding="causal"),
            refused(conv, x, 3, 3, padding="other"), refused(conv, x, 3, 3, data_format="NHWC"),
            refused(conv, tf.placeholder(tf.float32, [None, 4, 2]), 3, 3),
            refused(conv, tf.placeholder(tf.float32, [None, 4, 4, None]), 3, 3),
            refused(conv, x, 3, 5), refused(tf.layers.max_pooling2d, x, 5, 1),
            refused(tf.layers.max_pooling2d, tf.placeholder(tf.float32, [4, 2]), 2, 2)]


@case
def a_convolutional_network_that_learns(tf, run):
    x = tf.placeholder(tf.float32, [None, 8, 8, 1])
    h = tf.layers.conv2d(x, 4, 3, activation=tf.nn.relu, kernel_initializer=_kernel(tf))
    h = tf.layers.max_pooling2d(h, 2, 2)
    h = tf.layers.conv2d(h, 3, 2, padding="same", kernel_initializer=_kernel(tf, 2))
    h = tf.layers.batch_normalization(h, training=True)
    y = tf.layers.dense(tf.layers.flatten(tf.nn.relu(h)), 2, kernel_initializer=_kernel(tf, 3))
    loss = tf.losses.sparse_softmax_cross_entropy(np.array([0, 1, 0, 1, 1, 0]), y)
    step = tf.train.AdamOptimizer(0.01).minimize(loss)
    feed = {x: numbers(6, 8, 8, 1)}
    return [run([loss, step], feed)[0] for _ in range(20)]
