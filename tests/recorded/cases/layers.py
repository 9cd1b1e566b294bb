"""tf.layers: dense, dropout, flatten, batch normalization; names, scopes, reuse."""

import numpy as np

from ..harness import case, collections, numbers, refused, variables


def _kernel(tf, seed=1):
    """An initializer that needs no random numbers."""
    return lambda shape, dtype=None, partition_info=None: tf.constant(
        numbers(*[int(d) for d in shape], seed=seed).astype(tf.as_dtype(dtype).as_numpy_dtype))


@case
def names_of_dense(tf, run):
    x = tf.placeholder(tf.float32, [None, 4], name="x")
    made = [tf.layers.dense(x, 3), tf.layers.dense(x, 3, activation=tf.nn.relu),
            tf.layers.dense(x, 2, name="scores", use_bias=False)]
    with tf.variable_scope("outer"):
        made += [tf.layers.dense(x, 2), tf.layers.dense(x, 2, name="inner")]
        with tf.name_scope("names"):
            made.append(tf.layers.dense(x, 2))
    with tf.variable_scope("outer", reuse=True):
        made += [tf.layers.dense(x, 2, name="dense"), tf.layers.dense(x, 2, name="inner")]
    return [made, variables(tf), [str(y.shape) for y in made]]


@case
def values_of_dense(tf, run):
    x = tf.placeholder(tf.float32, [None, 4])
    y = tf.layers.dense(x, 3, tf.nn.tanh, kernel_initializer=_kernel(tf),
                        bias_initializer=_kernel(tf, 2))
    loss = tf.reduce_sum(y * y)
    feed = {x: numbers(5, 4)}
    return run([y, loss, *tf.gradients(loss, tf.trainable_variables())], feed)


@case
def dense_of_high_rank(tf, run):
    shapes = [[2, 3, 4], [None, 3, 4], [None, None, 4], [None, 1, 2, 4]]
    made = []
    for shape in shapes:
        x = tf.placeholder(tf.float64, shape)
        y = tf.layers.dense(x, 5, kernel_initializer=_kernel(tf))
        fed = numbers(*[d or 2 for d in shape])
        made.append([str(y.shape), run_in_a_session_of_its_own(tf, y, {x: fed}), y])
    return [made, variables(tf)]


def run_in_a_session_of_its_own(tf, fetches, feed):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(fetches, feed)


@case
def string_arguments(tf, run):
    x = tf.placeholder(tf.float32, [None, 4])
    y = tf.layers.dense(x, 3, "relu", kernel_initializer="ones", bias_initializer="zeros")
    z = tf.layers.dense(x, 3, "softmax", kernel_initializer="ones")
    return run([y, z], {x: numbers(2, 4)})


@case
def regularizers(tf, run):
    x = tf.placeholder(tf.float32, [None, 4], name="x")

    def double(w):
        return 2.0 * tf.reduce_sum(w)

    y = tf.layers.dense(x, 3, name="a", kernel_regularizer=double, bias_regularizer=double,
                        kernel_initializer=_kernel(tf), activity_regularizer=tf.reduce_sum)
    tf.layers.dense(x, 3, name="a", reuse=True, kernel_regularizer=double)
    with tf.variable_scope("scope", regularizer=double):
        tf.layers.dense(x, 3, kernel_initializer=_kernel(tf))
    losses = tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
    return [collections(tf, "regularization_losses"), run(losses, {x: numbers(3, 4)}), y]


@case
def classes(tf, run):
    x = tf.placeholder(tf.float32, [None, 4], name="x")
    layer = tf.layers.Dense(3, kernel_initializer=_kernel(tf), name="mine")
    before = [layer.name, layer.built, refused(lambda: layer.scope_name),
              refused(layer.count_params)]
    y, z = layer(x), layer.apply(2 * x)
    other = tf.layers.Dense(2)
    w = other(y)
    return [before, y, z, w, layer.name, other.name, layer.scope_name, other.scope_name,
            layer.built, layer.variables, layer.trainable_weights, layer.count_params(),
            variables(tf), run([y, z], {x: numbers(2, 4)})]


@case
def not_trainable(tf, run):
    x = tf.placeholder(tf.float32, [None, 4], name="x")
    layer = tf.layers.Dense(3, trainable=False)
    layer(x)
    tf.layers.batch_normalization(x, training=True, trainable=False)
    return [variables(tf), layer.trainable_variables, layer.non_trainable_variables,
            collections(tf, "update_ops")]


@case
def a_layer_of_ones_own(tf, run):
    class Scale(tf.layers.Layer):
        def build(self, input_shape):
            self.factor = self.add_variable("factor", [int(input_shape[-1])],
                                            initializer=tf.ones_initializer())
            self.count = self.add_weight("count", [], tf.int32, trainable=False,
                                         initializer=tf.zeros_initializer())
            super().build(input_shape)

        def call(self, inputs, power=1):
            self.add_loss(tf.reduce_sum(self.factor))
            self.add_update(tf.assign_add(self.count, 1))
            return self.factor * inputs ** power

    x = tf.placeholder(tf.float32, [None, 4], name="x")
    layer = Scale()
    y = layer(x, power=2)
    return [y, variables(tf), layer.weights, layer.name, layer.scope_name, layer.losses,
            layer.updates, run(y, {x: numbers(2, 4)}),
            collections(tf, "update_ops", "regularization_losses")]


@case
def what_dense_refuses(tf, run):
    dense = tf.layers.dense
    x = tf.placeholder(tf.float32, [None, 4])
    dense(x, 3, name="used")
    return [refused(dense, tf.placeholder(tf.float32, [None, None]), 3),
            refused(dense, tf.placeholder(tf.float32, [4]), 3),
            refused(dense, x, 3, name="used"),
            refused(dense, x, 3, name="unknown", reuse=True),
            refused(dense, tf.placeholder(tf.float32, [None, 5]), 3, name="used", reuse=True),
            refused(tf.layers.flatten, x, data_format="sideways")]


@case
def dropout(tf, run):
    x = tf.placeholder(tf.float32, [None, 4], name="x")
    on = tf.placeholder(tf.bool, [], name="on")
    y = tf.layers.dropout(x, 0.4, training=True, seed=3)
    z = tf.layers.dropout(x, 0.4)
    w = tf.layers.dropout(x, rate=0.4, training=on, seed=5)
    wide = tf.layers.dropout(x, 0.5, noise_shape=[None, 1], training=True, seed=4)
    feed = {x: np.abs(numbers(6, 4)) + 1, on: False}
    return [z, z.op.type, run([z, w], feed), [run([y, wide], feed) for _ in range(3)]]


@case
def flatten(tf, run):
    made = []
    for shape in ([None, 2, 3], [2, None, 3], [5], [None, 4, 2, 2], [None]):
        x = tf.placeholder(tf.float32, shape)
        y = tf.layers.flatten(x)
        made.append([y.name, str(y.shape), run(y, {x: numbers(*[d or 2 for d in shape])})])
    x = tf.placeholder(tf.float32, [2, 3, 2, 2])
    y = tf.layers.flatten(x, data_format="channels_first")
    return [made, run(y, {x: numbers(2, 3, 2, 2)})]


# -- batch normalization ---------------------------------------------------------------------

NORMALIZED = {
    "matrix": ([None, 3], {}), "image": ([None, 2, 3, 2], {}),
    "channels first": ([None, 2, 3, 2], {"axis": 1, "fused": False}),
    "not fused": ([None, 2, 3, 2], {"fused": False}),
    "third axis": ([None, 2, 3, 2], {"axis": 2}), "two axes": ([4, 2, 3, 2], {"axis": [1, 2]}),
    "sequence": ([None, 3, 2], {"axis": -1}), "sequence first": ([None, 3, 2], {"axis": 1}),
    "no center": ([None, 3], {"center": False}), "no scale": ([None, 2, 3, 2], {"scale": False}),
    "settings": ([None, 3], {"momentum": 0.5, "epsilon": 0.1}),
}


@case
def batch_normalization(tf, run):
    made = {}
    for label, (shape, options) in NORMALIZED.items():
        with tf.variable_scope(label.replace(" ", "_")):
            x = tf.placeholder(tf.float32, shape)
            y = tf.layers.batch_normalization(x, training=True, **options)
            z = tf.layers.batch_normalization(x, name="batch_normalization", reuse=True, **options)
            made[label] = [x, y, z, 3 * numbers(*[d or 4 for d in shape]) + 1]
    feed = {x: fed for x, _, _, fed in made.values()}
    updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    outputs = {label: [y, z] for label, (_, y, z, _) in made.items()}
    answers = [str(y.shape) for y, _ in outputs.values()]
    for _ in range(3):
        answers.append(run(outputs, feed))
        run(updates, feed)
    grads = tf.gradients([y ** 3 for y, _ in outputs.values()], tf.trainable_variables())
    inner = tf.gradients([y ** 3 for y, _ in outputs.values()], [row[0] for row in made.values()])
    return [answers, run(outputs, feed), variables(tf), run(grads, feed), run(inner, feed),
            {v.name: run(v) for v in tf.global_variables()}, [op.name for op in updates]]


@case
def batch_normalization_by_a_placeholder(tf, run):
    x = tf.placeholder(tf.float32, [None, 2, 2, 3], name="x")
    on = tf.placeholder(tf.bool, [], name="on")
    flat = tf.layers.flatten(x)
    y = tf.layers.batch_normalization(x, training=on, momentum=0.5)
    z = tf.layers.batch_normalization(flat, training=on, momentum=0.5)
    updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    grads = tf.gradients([tf.reduce_sum(y ** 3), tf.reduce_sum(z ** 3)], x)
    answers = []
    for step in range(4):
        feed = {x: 2 * numbers(3, 2, 2, 3, seed=step) + 1, on: step % 2 == 0}
        answers.append(run([y, z, grads], feed))
        run(updates, feed)
        answers.append([run(v) for v in tf.global_variables()])
    return [answers, len(updates)]


@case
def batch_normalization_in_half_precision(tf, run):
    x = tf.placeholder(tf.float16, [None, 3])
    tf.layers.batch_normalization(x, training=True)
    return variables(tf)


@case
def what_batch_normalization_refuses(tf, run):
    normalize = tf.layers.batch_normalization
    x = tf.placeholder(tf.float32, [None, 3])
    return [refused(normalize, x, axis=2), refused(normalize, x, axis=[1, 1]),
            refused(normalize, tf.placeholder(tf.float32, [None, None])),
            refused(normalize, x, fused=True)]


@case
def a_network_that_learns(tf, run):
    x = tf.placeholder(tf.float32, [None, 4])
    on = tf.placeholder_with_default(True, [])
    h = tf.layers.dense(x, 8, kernel_initializer=_kernel(tf))
    h = tf.nn.relu(tf.layers.batch_normalization(h, training=on, momentum=0.8))
    y = tf.layers.dense(h, 2, kernel_initializer=_kernel(tf, 2), name="out")
    labels = tf.constant([0, 1, 0, 1, 1, 0])
    loss = tf.losses.sparse_softmax_cross_entropy(labels, y)
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        step = tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss)
    feed = {x: numbers(6, 4)}
    losses = [run([loss, step], feed)[0] for _ in range(20)]
    return [losses, run(y, {x: feed[x], on: False})]
