"""Batch normalization with all its options: renorm, virtual batches, adjustment, weights."""

from ..harness import case, collections, numbers, refused, variables

OPTIONS = {
    "renorm": ([None, 3], {"renorm": True, "renorm_momentum": 0.8, "momentum": 0.7}),
    "renorm of images": ([None, 2, 3, 2], {"renorm": True, "axis": 1, "scale": False}),
    "renorm, no offset": ([None, 2, 2], {"renorm": True, "center": False, "epsilon": 0.1}),
    "clipped": ([None, 3], {"renorm": True, "renorm_momentum": 0.5,
                            "renorm_clipping": {"rmin": 0.5, "rmax": 1.5, "dmax": 0.2}}),
    "one limit": ([None, 3], {"renorm": True, "renorm_clipping": {"rmax": 1.1},
                              "moving_variance_initializer": "ones"}),
    "two axes": ([4, 2, 3, 2], {"axis": [1, 3], "renorm": True}),
    "virtual": ([4, 3], {"virtual_batch_size": 2}),
    "virtual images": ([4, 2, 2, 3], {"virtual_batch_size": 2, "momentum": 0.5}),
    "virtual renorm": ([4, 2, 3], {"virtual_batch_size": 2, "renorm": True}),
    "virtual axis 1": ([4, 2, 3], {"virtual_batch_size": 4, "axis": 1}),
    "adjusted": ([None, 3], {"adjustment": lambda shape: (_scale(shape), _bias(shape))}),
    "adjusted renorm": ([None, 3], {"renorm": True, "scale": False, "adjustment": lambda shape: (
        _scale(shape), _bias(shape))}),
}
_tf = []


def _scale(shape):
    return _tf[-1].cast(_tf[-1].range(shape[-1]), "float32") + 0.5


def _bias(shape):
    return _tf[-1].cast(_tf[-1].range(shape[-1]), "float32") - 1.0


def _train(tf, run, training, feeds):
    _tf.append(tf)
    made = {}
    for label, (shape, options) in sorted(OPTIONS.items()):
        with tf.variable_scope(label.replace(" ", "_").replace(",", "")):
            x = tf.placeholder(tf.float32, shape)
            made[label] = [x, tf.layers.batch_normalization(x, training=training, **options),
                           3 * numbers(*[d or 4 for d in shape]) + 1]
    _tf.pop()
    updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    outputs = {label: y for label, (_, y, _) in made.items()}
    grads = tf.gradients([y ** 3 for y in outputs.values()],
                         [*tf.trainable_variables(), *[x for x, _, _ in made.values()]])
    answers = [variables(tf), [str(y.shape) for y in outputs.values()], len(updates)]
    for step, feed in enumerate(feeds):
        feed.update({x: fed * (step + 1) for x, _, fed in made.values()})
        answers += [run(outputs, feed), run(grads, feed)]
        run(updates, feed)
        answers.append({v.name: run(v) for v in tf.global_variables()})
    return answers


@case
def training(tf, run):
    return _train(tf, run, True, [{}, {}, {}])


@case
def training_by_a_placeholder(tf, run):
    on = tf.placeholder(tf.bool, [])
    return _train(tf, run, on, [{on: True}, {on: False}, {on: True}])


@case
def not_training(tf, run):
    return _train(tf, run, False, [{}])


@case
def refusals(tf, run):
    normalize = tf.layers.batch_normalization
    x = tf.placeholder(tf.float32, [4, 2, 2, 3])
    contrib = tf.contrib.layers.batch_norm
    return [refused(normalize, x, renorm=True, renorm_clipping={"max": 1}),
            refused(normalize, x, renorm=True, fused=True),
            refused(normalize, x, virtual_batch_size=2, fused=True),
            refused(normalize, x, virtual_batch_size=2, adjustment=lambda shape: (1.0, 0.0)),
            refused(normalize, x, virtual_batch_size=0),
            refused(normalize, x, virtual_batch_size=2, axis=0),
            refused(contrib, x, renorm=True, batch_weights=[1.0, 2.0, 3.0, 4.0]),
            refused(contrib, x, renorm=True, updates_collections=None),
            refused(contrib, x, renorm=True, zero_debias_moving_mean=True)]


CONTRIB = {
    "weights": {"batch_weights": [1.0, 0.0, 2.0, 0.5]},
    "weights first": {"batch_weights": [1.0, 0.0, 2.0, 0.5], "data_format": "NCHW"},
    "weights at once": {"batch_weights": [1.0, 0.0, 2.0, 0.5], "updates_collections": None},
    "unbiased": {"zero_debias_moving_mean": True},
    "unbiased plain": {"zero_debias_moving_mean": True, "fused": False, "scale": True},
    "unbiased first": {"zero_debias_moving_mean": True, "data_format": "NCHW", "fused": False},
    "mine": {"updates_collections": "mine", "fused": False, "scale": True},
    "renorm": {"renorm": True, "renorm_decay": 0.5, "scale": True},
}


def _train_contrib(tf, run, training, feeds):
    image, made = tf.placeholder(tf.float32, [None, 2, 2, 3]), {}
    flat = tf.reshape(image[:, 0, 0], [-1, 3])
    for label, options in sorted(CONTRIB.items()):
        for x, rank in (image, 4), (flat, 2):
            if rank == 4 or "data_format" not in options:
                made[f"{label} of rank {rank}"] = tf.contrib.layers.batch_norm(
                    x, 0.7, is_training=training, scope=f"{label.replace(' ', '_')}_{rank}",
                    **options)
    updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS) + tf.get_collection("mine")
    grads = tf.gradients([y ** 3 for y in made.values()], [*tf.trainable_variables(), image])
    answers = [variables(tf), len(updates), collections(tf, "model_variables")]
    for step, feed in enumerate(feeds):
        feed[image] = (step + 1) * numbers(4, 2, 2, 3) + 1
        answers += [run(made, feed), run(grads, feed)]
        run(updates, feed)
        answers.append({v.name: run(v) for v in tf.global_variables() if "at_once" not in v.name})
    return answers


@case
def contrib_training(tf, run):
    return _train_contrib(tf, run, True, [{}, {}, {}])


@case
def contrib_by_a_placeholder(tf, run):
    on = tf.placeholder(tf.bool, [])
    return _train_contrib(tf, run, on, [{on: True}, {on: False}, {on: True}])
