"""tf.contrib.layers and tf.contrib.slim."""

import numpy as np

from ..harness import case, collections, numbers, refused, variables
from .layers import _kernel


@case
def names(tf, run):
    layers, slim = tf.contrib.layers, tf.contrib.slim
    x = tf.placeholder(tf.float32, [None, 4, 4, 2], name="x")
    made = [layers.conv2d(x, 3, 3), layers.conv2d(x, 3, [3, 3], scope="mine"),
            layers.max_pool2d(x, 2), layers.avg_pool2d(x, [2, 2], scope="pool"),
            layers.flatten(x), layers.fully_connected(layers.flatten(x), 5),
            slim.conv2d_transpose(x, 3, 3, stride=2), layers.dropout(x),
            layers.batch_norm(x), layers.layer_norm(x), slim.one_hot_encoding([1, 0], 3)]
    with tf.variable_scope("outer"):
        made += [slim.fully_connected(made[4], 2), slim.fully_connected(made[4], 2, scope="a"),
                 slim.fully_connected(made[4], 2, scope="a", reuse=True)]
    return [[y.name for y in made if "ropout" not in y.name], [str(y.shape) for y in made],
            variables(tf), collections(tf, "model_variables", "update_ops", "trainable_variables")]


@case
def fully_connected(tf, run):
    layer = tf.contrib.layers.fully_connected
    x = tf.placeholder(tf.float32, [None, 4])
    made = [layer(x, 3, weights_initializer=_kernel(tf), biases_initializer=_kernel(tf, 2)),
            layer(x, 3, activation_fn=None, weights_initializer=_kernel(tf)),
            layer(x, 3, tf.nn.tanh, biases_initializer=None, weights_initializer=_kernel(tf)),
            layer(x, 3, normalizer_fn=tf.contrib.layers.batch_norm,
                  normalizer_params={"scale": True, "decay": 0.5},
                  weights_initializer=_kernel(tf), outputs_collections=["out"]),
            tf.contrib.layers.linear(x, 2, weights_initializer=_kernel(tf)),
            layer(tf.reshape(x, [-1, 2, 2]), 2, weights_initializer=_kernel(tf),
                  variables_collections={"weights": ["w"], "biases": ["b"]})]
    feed = {x: numbers(3, 4)}
    return [run(made, feed), variables(tf), collections(tf, "w", "b"),
            len(tf.get_collection("update_ops")),
            len(tf.get_collection("out")), [str(y.shape) for y in made],
            refused(layer, x, 2.5)]


@case
def convolutions(tf, run):
    slim = tf.contrib.slim
    x = tf.placeholder(tf.float32, [None, 5, 5, 2])
    given = {"weights_initializer": _kernel(tf)}
    made = [slim.conv2d(x, 3, [3, 3], **given), slim.conv2d(x, 3, 3, 2, "VALID", **given),
            slim.conv2d(inputs=x, num_outputs=3, kernel_size=[2, 3], stride=[2, 1], rate=1,
                        activation_fn=tf.nn.elu, **given),
            slim.conv2d(x, 3, 3, rate=2, biases_initializer=None, **given),
            slim.conv2d_transpose(x, 2, [4, 4], stride=2, **given),
            slim.conv2d_transpose(x, 2, 3, padding="VALID", activation_fn=None, **given),
            slim.max_pool2d(x, [2, 2]), slim.avg_pool2d(x, 3, 1, "SAME"),
            tf.contrib.layers.convolution2d(x, 3, 1, **given)]
    return [run(made, {x: numbers(2, 5, 5, 2)}), [str(y.shape) for y in made], variables(tf),
            refused(slim.conv2d, tf.zeros([2, 3]), 3, 3),
            refused(slim.conv2d, x, 3, 3, data_format="X")]


@case
def batch_norm(tf, run):
    normalize = tf.contrib.layers.batch_norm
    x = tf.placeholder(tf.float32, [None, 2, 3, 2])
    flat = tf.contrib.layers.flatten(x)
    on = tf.placeholder(tf.bool, [])
    made = [normalize(x, decay=0.5), normalize(flat, decay=0.5, scale=True),
            normalize(x, 0.5, center=False, is_training=on, fused=False),
            normalize(flat, is_training=False, activation_fn=tf.nn.relu),
            normalize(flat, 0.5, is_training=on, scope="own", updates_collections="mine"),
            normalize(x, 0.5, updates_collections=None, scope="at_once",
                      param_initializers={"beta": tf.ones_initializer()}),
            normalize(flat, scope="own", reuse=True, is_training=False)]
    updates = tf.get_collection("update_ops") + tf.get_collection("mine")
    answers = [variables(tf), len(tf.get_collection("update_ops")), len(updates)]
    for step in range(3):
        feed = {x: 2 * numbers(3, 2, 3, 2, seed=step) + 1, on: step != 1}
        answers.append(run(made[:-1], feed))
        run(updates, feed)
        answers.append(run([v for v in tf.global_variables() if "at_once" not in v.name]))
    answers.append([run(v) > 0 for v in tf.global_variables() if "at_once/moving" in v.name])
    return answers


@case
def layer_norm(tf, run):
    normalize = tf.contrib.layers.layer_norm
    x = tf.placeholder(tf.float32, [None, 3, 4])
    made = [normalize(x), normalize(x, center=False, scale=False),
            normalize(x, begin_norm_axis=2, activation_fn=tf.nn.relu, scope="mine"),
            normalize(x, begin_norm_axis=-1), normalize(x, begin_params_axis=1),
            normalize(x, scope="mine", reuse=True)]
    feed = {x: numbers(2, 3, 4)}
    return [made, run(made, feed), run(tf.gradients([y ** 3 for y in made], x), feed),
            variables(tf), refused(normalize, tf.placeholder(tf.float32)),
            refused(normalize, x, begin_norm_axis=3)]


@case
def others(tf, run):
    layers = tf.contrib.layers
    ids = tf.constant([[0, 2], [1, 1]])
    embedded = layers.embed_sequence(ids, 3, 2, initializer=_kernel(tf))
    again = layers.embed_sequence(ids, scope="EmbedSequence", reuse=True)
    x = tf.constant(numbers(3, 4))
    stacked = tf.contrib.slim.stack(x, tf.contrib.slim.fully_connected, [3, 2], scope="fc",
                                    weights_initializer=_kernel(tf))
    repeated = tf.contrib.slim.repeat(x, 2, layers.fully_connected, 4, scope="re",
                                      weights_initializer=_kernel(tf))
    return [run([embedded, again, stacked, repeated, layers.one_hot_encoding([0, 2], 3),
                 layers.dropout(x, is_training=False)]), variables(tf),
            [stacked.name, repeated.name], refused(layers.embed_sequence, ids)]


@case
def regularizers(tf, run):
    layers = tf.contrib.layers
    w, v = tf.constant(numbers(3, 2), name="w"), tf.constant(numbers(4, seed=2), name="v")
    made = [layers.l1_regularizer(0.5)(w), layers.l2_regularizer(0.1)(w),
            layers.l1_l2_regularizer(0.5, 0.1)(w), layers.l2_regularizer(0.1, scope="mine")(v),
            layers.sum_regularizer([layers.l1_regularizer(0.5), None])(v),
            layers.apply_regularization(layers.l2_regularizer(0.1), [w, v])]
    tf.add_to_collection(tf.GraphKeys.WEIGHTS, v)
    made.append(layers.apply_regularization(layers.l1_regularizer(0.1)))
    x = tf.placeholder(tf.float32, [None, 4])
    layers.fully_connected(x, 2, weights_regularizer=layers.l2_regularizer(0.1),
                           weights_initializer=_kernel(tf))
    tf.layers.dense(x, 2, kernel_regularizer=layers.l2_regularizer(0.1), name="dense",
                    kernel_initializer=_kernel(tf))
    losses = tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
    return [made, run(made), losses, run(losses), layers.l2_regularizer(0.0)(w),
            refused(layers.l2_regularizer, 1), refused(layers.l1_regularizer, -0.1),
            refused(layers.apply_regularization, lambda w: w, [w])]


@case
def initializers(tf, run):
    layers = tf.contrib.layers
    shapes = ([3, 4], [5], [2, 2, 3, 4])
    made = [function(shape) for shape in shapes for function in (
        layers.xavier_initializer(seed=1), layers.xavier_initializer(uniform=False, seed=1),
        layers.variance_scaling_initializer(seed=1),
        layers.variance_scaling_initializer(3.0, "FAN_OUT", True, seed=2),
        layers.xavier_initializer_conv2d(seed=4))]
    with tf.Graph().as_default():
        tf.set_random_seed(5)
        seeded = layers.xavier_initializer(seed=3)([2, 3])
        with tf.Session() as session:
            value = session.run(seeded)
    return [run(made), value, refused(layers.xavier_initializer, dtype=tf.int32),
            refused(layers.variance_scaling_initializer, mode="fan_in")]


@case
def scopes_of_arguments(tf, run):
    slim = tf.contrib.slim
    x = tf.placeholder(tf.float32, [None, 5, 5, 2])

    @slim.add_arg_scope
    def power(y, exponent=1, times=1.0):
        return times * y ** exponent

    with slim.arg_scope([slim.conv2d, slim.fully_connected], activation_fn=None,
                        weights_initializer=_kernel(tf),
                        weights_regularizer=slim.l2_regularizer(0.5)):
        with slim.arg_scope([slim.conv2d], padding="VALID", stride=2) as inner:
            a = slim.conv2d(x, 2, 3)
            b = slim.conv2d(x, 2, 3, stride=1)
        c = slim.conv2d(x, 2, 3)
        d = slim.fully_connected(slim.flatten(a), 2)
    with slim.arg_scope(inner):
        e = slim.conv2d(x, 1, 5)
    with slim.arg_scope([power], exponent=2), slim.arg_scope([power], times=3.0):
        f = power(tf.constant(2.0))
    made = [a, b, c, d, e]
    return [[str(y.shape) for y in made], run(made, {x: numbers(2, 5, 5, 2)}),
            run([f, power(tf.constant(2.0))]), collections(tf, "regularization_losses"),
            slim.get_variables("Conv_1"), slim.get_variables(suffix="weights"),
            slim.get_model_variables("Conv"), slim.get_trainable_variables("fully"),
            refused(slim.arg_scope([tf.nn.relu], x=1).__enter__),
            refused(slim.arg_scope(slim.conv2d, x=1).__enter__),
            refused(slim.arg_scope(inner, x=1).__enter__)]


@case
def losses_of_slim(tf, run):
    logits, labels = tf.constant(numbers(4, 3)), tf.constant([0, 2, 1, 0])
    onehot = tf.one_hot([0, 2, 1, 0], 3)
    losses = tf.contrib.slim.losses
    return run([losses.sparse_softmax_cross_entropy(logits, labels),
                losses.softmax_cross_entropy(logits, onehot),
                losses.sigmoid_cross_entropy(logits, onehot),
                losses.mean_squared_error(logits, onehot),
                losses.absolute_difference(logits, onehot)])


@case
def a_network_of_slim_that_learns(tf, run):
    slim = tf.contrib.slim
    x, on = tf.placeholder(tf.float32, [None, 6, 6, 1]), tf.placeholder(tf.bool, [])
    with slim.arg_scope([slim.conv2d, slim.fully_connected], weights_initializer=_kernel(tf),
                        normalizer_fn=slim.batch_norm,
                        normalizer_params={"is_training": on, "decay": 0.8}):
        h = slim.max_pool2d(slim.conv2d(x, 4, 3), 2)
        y = slim.fully_connected(slim.flatten(h), 2, activation_fn=None)
    loss = tf.losses.sparse_softmax_cross_entropy(np.array([0, 1, 0, 1, 1, 0]), y)
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    feed = {x: numbers(6, 6, 6, 1), on: True}
    losses = [run([loss, step], feed)[0] for _ in range(20)]
    return [losses, run(y, {x: feed[x], on: False})]
