"""contrib's ways to a training operation, its summaries, metrics and smaller layers."""

from ..harness import case, collections, numbers, refused, variables


def _kernel(tf, seed=1):
    return lambda shape, dtype=None, partition_info=None: tf.constant(
        numbers(*[int(d) for d in shape], seed=seed))


def _problem(tf):
    v = tf.get_variable("v", initializer=numbers(3))
    table = tf.get_variable("table", initializer=numbers(4, 2, seed=1))
    loss = tf.reduce_sum(tf.square(v - 0.5)) + tf.reduce_sum(
        tf.square(tf.gather(table, [0, 2, 0]) * v[0] - 1.0))
    return v, table, loss


OPTIONS = {
    "by_name": lambda tf: dict(learning_rate=0.1, optimizer="SGD"),
    "momentum": lambda tf: dict(learning_rate=0.1, optimizer="Momentum", clip_gradients=1.0),
    "by_class": lambda tf: dict(learning_rate=0.1, optimizer=tf.train.AdagradOptimizer,
                                summaries=["gradients", "gradient_norm"]),
    "decay": lambda tf: dict(
        learning_rate=0.5, optimizer="Adam", name="mine",
        learning_rate_decay_fn=lambda rate, step: tf.train.exponential_decay(
            rate, step, 2, 0.5)),
    "no_rate": lambda tf: dict(learning_rate=None,
                               optimizer=lambda: tf.train.GradientDescentOptimizer(0.25),
                               increment_global_step=False, summaries=[]),
    "multiplied": lambda tf: dict(learning_rate=0.1, optimizer="RMSProp",
                                  gradient_multipliers={"v:0": 0.1}),
    "adaptive": lambda tf: dict(
        learning_rate=tf.constant(0.1), optimizer="Ftrl",
        clip_gradients=tf.contrib.slim.adaptive_clipping_fn(0.5, 0.6, 3.0)),
}


@case
def optimize_loss(tf, run):
    answers = {}
    for name, options in sorted(OPTIONS.items()):
        with tf.Graph().as_default(), tf.Session() as session:
            v, table, loss = _problem(tf)
            step = tf.train.get_or_create_global_step()
            train = tf.contrib.layers.optimize_loss(loss, step, **options(tf))
            session.run(tf.global_variables_initializer())
            losses = [session.run(train) for _ in range(6)]
            answers[name] = [losses, session.run([v, table, step]), train.name, variables(tf),
                             collections(tf, "summaries", "train_op")]
    return answers


@case
def optimize_loss_refuses(tf, run):
    v, _, loss = _problem(tf)
    step = tf.train.get_or_create_global_step()
    optimize = tf.contrib.layers.optimize_loss
    return [refused(optimize, loss, step, 0.1, "Nonsense"), refused(optimize, loss, step, 1, "SGD"),
            refused(optimize, loss, step, -0.5, "SGD"), refused(optimize, loss, step, None, "SGD"),
            refused(optimize, loss, step, 0.1, "SGD", clip_gradients="x"),
            refused(optimize, loss, step, 0.1, "SGD", summaries=["x"]),
            refused(optimize, loss, step, 0.1, 5), refused(optimize, v, step, 0.1, "SGD")]


@case
def create_train_op(tf, run):
    answers = []
    for options in ({}, {"clip_gradient_norm": 0.5, "gradient_multipliers": {"v": 2.0}},
                    {"summarize_gradients": True, "global_step": None}):
        with tf.Graph().as_default(), tf.Session() as session:
            v, table, loss = _problem(tf)
            count = tf.get_variable("count", initializer=0.0, trainable=False)
            tf.add_to_collection("update_ops", tf.assign_add(count, 1.0))
            optimizer = tf.train.GradientDescentOptimizer(0.1)
            train = tf.contrib.slim.learning.create_train_op(loss, optimizer, **options)
            session.run(tf.global_variables_initializer())
            losses = [session.run(train) for _ in range(4)]
            answers.append([losses, session.run([v, table, count]), train.name, variables(tf),
                            collections(tf, "summaries", "train_op")])
    return answers


@case
def transformed_gradients(tf, run):
    v, _, loss = _problem(tf)
    train = tf.contrib.training.create_train_op(
        loss, tf.train.GradientDescentOptimizer(1.0), variables_to_train=[v],
        transform_grads_fn=lambda pairs: [(0.5 * grad, var) for grad, var in pairs])
    return [run(train), run(v), run(tf.train.get_global_step())]


@case
def summaries(tf, run):
    layers = tf.contrib.layers
    x = tf.constant([[-1.0, 7.0], [0.0, 3.0]], name="x")
    tf.add_to_collection("activations", tf.nn.relu6(x, name="r"))
    found = [layers.summarize_tensor(x), layers.summarize_tensor(tf.reduce_sum(x), "tag"),
             layers.summarize_tensor(tf.constant("a")), layers.summarize_activation(
                 tf.nn.relu(x, name="act")), layers.summarize_activations(),
             layers.summarize_collection("trainable_variables")]
    return [found, collections(tf, "summaries")]


@case
def smaller_layers(tf, run):
    layers = tf.contrib.layers
    x = tf.placeholder(tf.float32, [None, 4, 5, 3])
    first = tf.placeholder(tf.float32, [2, 3, 4, 5])
    given = {"weights_initializer": _kernel(tf)}
    made = [layers.separable_conv2d(x, 4, 3, **given),
            layers.separable_conv2d(x, 2, [2, 3], 2, stride=2, padding="VALID",
                                    pointwise_initializer=_kernel(tf, 2), activation_fn=None,
                                    variables_collections=["w"], **given),
            layers.separable_conv2d(x, None, 3, depth_multiplier=2, **given),
            layers.separable_conv2d(x, None, [3, 2], 1, rate=2, biases_initializer=None, **given),
            layers.separable_conv2d(x, 2, 3, 1, normalizer_fn=layers.instance_norm, **given),
            layers.instance_norm(x, epsilon=0.01, activation_fn=tf.nn.relu),
            layers.instance_norm(first, data_format="NCHW", center=False,
                                 param_initializers={"gamma": _kernel(tf)}),
            layers.unit_norm(x, 1), layers.unit_norm(x, 3, scope="unit"),
            layers.bias_add(x, tf.nn.relu, initializer=_kernel(tf)), tf.contrib.slim.bias_add(x)]
    feed = {x: numbers(2, 4, 5, 3), first: numbers(2, 3, 4, 5)}
    return [run(made, feed), variables(tf), collections(tf, "w", "model_variables"),
            [y.name for y in made], refused(layers.unit_norm, x, 4),
            refused(layers.instance_norm, tf.placeholder(tf.float32)),
            refused(layers.bias_add, x, data_format="X")]


@case
def metrics(tf, run):
    guess, truth = tf.placeholder(tf.int32, [None]), tf.placeholder(tf.int32, [None])
    weights, p = tf.placeholder(tf.float32, [None]), tf.placeholder(tf.float32, [None])
    plain = tf.contrib.metrics.accuracy(guess, truth)
    weighted = tf.contrib.metrics.accuracy(guess, truth, weights)
    score = tf.contrib.metrics.f1_score(truth, p, num_thresholds=9)
    heavy = tf.contrib.metrics.f1_score(truth, p, weights, name="heavy")
    feed = {guess: [1, 0, 2, 1], truth: [1, 1, 2, 0], weights: [1.0, 2.0, 0.5, 1.0],
            p: [0.9, 0.3, 0.6, 0.4]}
    values = [[run([plain, weighted, score[1], heavy[1]], feed), run([score[0], heavy[0]])]
              for _ in range(2)]
    return [values, [x.name for x in (plain, weighted, *score)],
            [x.name for x in tf.local_variables()],
            refused(tf.contrib.metrics.accuracy, tf.constant([1.0]), tf.constant([1.0])),
            refused(tf.contrib.metrics.accuracy, tf.constant([1]), tf.constant(["a"]))]


@case
def how_many_numbers(tf, run):
    _problem(tf)
    return list(tf.contrib.slim.model_analyzer.analyze_vars(tf.trainable_variables()))
