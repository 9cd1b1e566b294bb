"""tf.nn: activations, losses, normalization, embeddings, top-k."""

import numpy as np

from ..harness import case, fed, raised

LOGITS = np.array([[1.0, 2.0, 3.0], [0.5, -1.0, 0.25]], np.float32)
POINTS = [-7.0, -1.0, -0.5, 0.0, 0.5, 1.0, 5.0, 6.0, 7.0]
ACTIVATIONS = ["relu", "relu6", "elu", "selu", "leaky_relu", "crelu", "softplus",
               "softsign",
               "sigmoid", "tanh", "swish", "log_softmax", "softmax", "l2_loss"]


# -------------------------------------------------------------------------- activations


@case(each=ACTIVATIONS)
def activation(tf, symbol):
    x = tf.placeholder(tf.float32, [None, 9])
    return fed(getattr(tf.nn, symbol)(x), {x: [POINTS]})


@case(each=[(symbol, dtype) for symbol in ACTIVATIONS for dtype in ("float16", "float64")])
def activation_dtypes(tf, symbol, dtype):
    return getattr(tf.nn, symbol)(tf.constant([[-0.5, 0.5, 2.0]], dtype))


@case(each=[symbol for symbol in ACTIVATIONS if symbol != "swish"])
def activation_takes_a_name_and_python(tf, symbol):
    return getattr(tf.nn, symbol)([[-1.0, 0.5]], name="named")


@case(each=["relu", "relu6", "leaky_relu", "elu", "softmax", "sigmoid"])
def activation_of_integers(tf, symbol):
    return getattr(tf.nn, symbol)(tf.constant([[-3, 2, 9]]))


@case(each=["relu", "relu6", "elu", "softplus", "sigmoid", "softsign", "softmax",
            "log_softmax"])
def activation_at_the_edges(tf, symbol):
    return getattr(tf.nn, symbol)(tf.constant([[1000.0, -1000.0, 0.0]]))


@case(each=["relu", "relu6", "softplus", "sigmoid", "elu"])
def activation_of_nan_and_inf(tf, symbol):
    return getattr(tf.nn,
                   symbol)(tf.constant([[float("inf"), -float("inf"), float("nan")]]))


@case(each=[0.1, 0.2, 1.5])
def leaky_relu_slopes(tf, alpha):
    return tf.nn.leaky_relu([-2.0, 0.0, 3.0], alpha=alpha)


@case
def crelu_axis(tf):
    return tf.nn.crelu([[1.0, -2.0]], axis=0)


@case
def bias_add(tf):
    x = tf.placeholder(tf.float32, [None, 3])
    return fed([tf.nn.bias_add(x, [1.0, 2.0, 3.0]),
                tf.nn.bias_add([[1, 2]], [3, 4], name="named"),
                tf.nn.bias_add(tf.zeros([1, 2, 2, 1]), [1.0]),
                raised(lambda: tf.nn.bias_add(x, [1.0])),
                raised(lambda: tf.nn.bias_add([1.0], [1.0]))], {x: LOGITS})


# ------------------------------------------------------------------------------ softmax


@case(each=[(symbol, axis) for symbol in ("softmax", "log_softmax") for axis in (None, 0, 1,
                                                                                 -1)])
def softmax_axis(tf, symbol, axis):
    x = tf.placeholder(tf.float32, [None, 3])
    function = getattr(tf.nn, symbol)
    return fed([function(x, axis), function(x, dim=axis) if axis else function(x)],
               {x: LOGITS})


@case(each=["softmax", "log_softmax"])
def softmax_shapes(tf, symbol):
    x = tf.placeholder(tf.float32)
    function = getattr(tf.nn, symbol)
    return fed([function(x), function([1.0, 2.0]), function(tf.ones([2, 2, 2])),
                function(tf.ones([2, 1, 2]), axis=1), function(tf.zeros([0, 3]))],
               {x: LOGITS})


@case(each=["softmax", "log_softmax"])
def softmax_refuses(tf, symbol):
    return [raised(lambda: getattr(tf.nn, symbol)(LOGITS, axis=2)),
            raised(lambda: getattr(tf.nn, symbol)(3.0))]


@case(each=["softmax_cross_entropy_with_logits", "softmax_cross_entropy_with_logits_v2"])
def softmax_cross_entropy(tf, symbol):
    x = tf.placeholder(tf.float32, [None, 3])
    loss = getattr(tf.nn, symbol)
    labels = [[0.0, 0.0, 1.0], [0.5, 0.25, 0.25]]
    return fed([loss(labels=labels, logits=x),
                loss(labels=labels, logits=LOGITS, name="named"),
                loss(labels=tf.stack([x, x]), logits=tf.stack([x, x])),
                loss(labels=[0.0, 1.0], logits=[1.0, 2.0])], {x: LOGITS})


@case
def softmax_cross_entropy_axis(tf):
    labels = [[0.0, 1.0], [1.0, 0.0]]
    logits = [[1.0, 2.0], [3.0, 4.0]]
    loss = tf.nn.softmax_cross_entropy_with_logits_v2
    return [loss(labels=labels, logits=logits, axis=0),
            loss(labels=labels, logits=logits, dim=0)]


@case
def softmax_cross_entropy_refuses(tf):
    loss = tf.nn.softmax_cross_entropy_with_logits
    v2 = tf.nn.softmax_cross_entropy_with_logits_v2
    return [raised(lambda: loss(logits=LOGITS)),
            raised(lambda: v2(labels=np.ones((2, 2), np.float32), logits=LOGITS)),
            raised(lambda: loss(labels=[0, 1], logits=LOGITS))]


@case
def softmax_cross_entropy_does_not_overflow(tf):
    return tf.nn.softmax_cross_entropy_with_logits_v2(
        labels=[[1.0, 0.0], [0.0, 1.0]], logits=[[1000.0, -1000.0], [1000.0, -1000.0]])


@case
def sparse_softmax_cross_entropy(tf):
    x = tf.placeholder(tf.float32, [None, 3])
    y = tf.placeholder(tf.int64, [None])
    loss = tf.nn.sparse_softmax_cross_entropy_with_logits
    return fed([loss(labels=y, logits=x), loss(labels=[2, 0], logits=LOGITS, name="named"),
                loss(labels=1, logits=[1.0, 2.0]),
                loss(labels=[[0, 1]], logits=LOGITS[None])],
               {x: LOGITS, y: [1, 2]})


@case
def sparse_softmax_cross_entropy_refuses(tf):
    loss = tf.nn.sparse_softmax_cross_entropy_with_logits
    return [raised(lambda: loss(LOGITS, [0, 1])),
            raised(lambda: loss(labels=[0], logits=LOGITS)),
            raised(lambda: loss(labels=[[0, 1]], logits=LOGITS)),
            raised(lambda: loss(labels=[0.0, 1.0], logits=LOGITS)),
            raised(lambda: loss(labels=0, logits=1.0))]


@case
def sparse_softmax_cross_entropy_of_a_label_out_of_range(tf):
    y = tf.placeholder(tf.int32, [None])
    return fed(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=LOGITS),
               {y: [0, 3]})


@case
def sigmoid_cross_entropy(tf):
    x = tf.placeholder(tf.float32, [None, 3])
    loss = tf.nn.sigmoid_cross_entropy_with_logits
    labels = [[0.0, 1.0, 0.5], [1.0, 0.0, 0.0]]
    return fed([loss(labels=labels, logits=x),
                loss(labels=labels, logits=LOGITS, name="named"),
                loss(labels=[0.0, 1.0], logits=[1000.0, 1000.0]),
                raised(lambda: loss(labels=[1.0], logits=LOGITS))], {x: LOGITS})


@case
def weighted_cross_entropy(tf):
    return tf.nn.weighted_cross_entropy_with_logits([1.0, 0.0, 0.5], [1.0, 2.0, -1.0], 3.0)


@case
def log_poisson_loss(tf):
    return [tf.nn.log_poisson_loss([1.0, 2.0], [0.5, 0.25]),
            tf.nn.log_poisson_loss([1.0, 2.0], [0.5, 0.25], compute_full_loss=True)]


# -------------------------------------------------------------- norms and normalization


@case
def l2_loss(tf):
    x = tf.placeholder(tf.float32)
    return fed([tf.nn.l2_loss(LOGITS), tf.nn.l2_loss(x), tf.nn.l2_loss([3.0], name="named"),
                tf.nn.l2_loss(tf.zeros([0]))], {x: [1.0, 2.0]})


@case(each=[0, 1, -1, ([0, 1],), None])
def l2_normalize(tf, axis):
    x = tf.placeholder(tf.float32, [None, 3])
    return fed([tf.nn.l2_normalize(x, axis), tf.math.l2_normalize(x, axis, epsilon=4.0)],
               {x: LOGITS})


@case
def l2_normalize_variants(tf):
    return [tf.nn.l2_normalize([0.0, 0.0], 0), tf.nn.l2_normalize([3.0, 4.0], dim=0),
            tf.nn.l2_normalize([3.0, 4.0], 0, name="named")]


@case(each=[([0], False), ([1], False), ([0, 1], False), ([0], True), ([-1], True)])
def moments(tf, axes, keep_dims):
    x = tf.placeholder(tf.float32, [None, 3])
    return fed([tf.nn.moments(x, axes, keep_dims=keep_dims),
                tf.nn.moments(x, axes, keepdims=keep_dims)], {x: LOGITS})


@case
def moments_variants(tf):
    x = tf.constant([1.0, 2.0, 4.0], tf.float16)
    return [tf.nn.moments(x, [0]), tf.nn.moments(tf.constant(LOGITS), [0], name="named"),
            tf.nn.moments(tf.constant([[1, 3]]), axes=[0, 1])]


@case
def weighted_moments(tf):
    return tf.nn.weighted_moments(LOGITS, [0], [[1.0], [3.0]])


@case
def sufficient_statistics(tf):
    count, mean, variance, shift = tf.nn.sufficient_statistics(LOGITS, [0])
    return [count, mean, variance, shift]


@case
def normalize_moments(tf):
    return tf.nn.normalize_moments(2.0, [2.0, 4.0], [10.0, 20.0], None)


@case
def batch_normalization(tf):
    x = tf.placeholder(tf.float32, [None, 3])
    mean, variance = tf.nn.moments(x, [0])
    return fed([tf.nn.batch_normalization(x, mean, variance, None, None, 1e-3),
                tf.nn.batch_normalization(x, mean, variance, [1.0, 2.0, 3.0],
                                          [2.0, 2.0, 0.5],
                                          1e-3, name="named")], {x: LOGITS})


@case
def zero_fraction(tf):
    return [tf.nn.zero_fraction([0.0, 1.0, 0.0, 2.0])]


@case
def local_response_normalization(tf):
    x = np.arange(8, dtype=np.float32).reshape(1, 1, 2, 4)
    return tf.nn.local_response_normalization(x, 1, 1.0, 0.5, 0.5)


# --------------------------------------------------------------------------- embeddings


@case
def embedding_lookup(tf):
    table = tf.constant(np.arange(8, dtype=np.float32).reshape(4, 2))
    i = tf.placeholder(tf.int32, [None])
    return fed([tf.nn.embedding_lookup(table, [3, 0, 3]), tf.nn.embedding_lookup(table, i),
                tf.nn.embedding_lookup(table, [[0, 1], [2, 3]], name="named"),
                tf.nn.embedding_lookup(table, 2),
                tf.nn.embedding_lookup(table, [0, 1], max_norm=1.0),
                tf.nn.embedding_lookup([table], tf.constant([1], tf.int64))], {i: [1, 2]})


@case(names=False, why="the names inside a sharded lookup are nobody's interface")
def embedding_lookup_in_shards(tf):
    shards = [tf.constant([[0.0], [2.0]]), tf.constant([[1.0], [3.0]])]
    return [tf.nn.embedding_lookup(shards, [0, 1, 2, 3]),
            tf.nn.embedding_lookup(shards, [0, 1, 2, 3], partition_strategy="div")]


@case
def embedding_lookup_of_a_variable(tf):
    table = tf.get_variable("table", initializer=tf.reshape(tf.range(6.0), [3, 2]))
    return tf.nn.embedding_lookup(table, [2, 0])


@case
def embedding_lookup_out_of_range(tf):
    i = tf.placeholder(tf.int32, [None])
    return fed(tf.nn.embedding_lookup(tf.ones([2, 2]), i), {i: [5]})


@case
def embedding_lookup_refuses(tf):
    return [raised(lambda: tf.nn.embedding_lookup([], [0])),
            raised(lambda: tf.nn.embedding_lookup(None, [0])),
            raised(lambda: tf.nn.embedding_lookup(tf.ones([2, 2]), [0.5]))]


# -------------------------------------------------------------------------------- top-k


@case
def top_k(tf):
    x = tf.placeholder(tf.float32, [None, 4])
    k = tf.placeholder(tf.int32, [])
    values, indices = tf.nn.top_k(x, 2)
    result = tf.nn.top_k([1, 3, 2], name="named")
    dynamic = tf.nn.top_k(x, k)
    return fed([values, indices, result.values, result.indices, dynamic.values,
                tf.math.top_k([4.0, 4.0, 5.0], 3).indices,
                tf.nn.top_k([1, 2, 3], 2, sorted=True).values],
               {x: [[1.0, 4.0, 4.0, 2.0], [0.0, -1.0, 3.0, 9.0]], k: 1})


@case
def top_k_refuses(tf):
    return [raised(lambda: tf.nn.top_k([1, 2], 3)), raised(lambda: tf.nn.top_k([1, 2], -1)),
            raised(lambda: tf.nn.top_k(3.0, 1))]


@case(each=[1, 2, 3])
def in_top_k(tf, k):
    predictions = [[0.1, 0.9, 0.5], [0.4, 0.4, 0.2], [float("nan"), 0.1, 0.2]]
    return [tf.nn.in_top_k(predictions, [2, 1, 1], k),
            tf.math.in_top_k(predictions=predictions,
                             targets=tf.constant([1, 2, 0], tf.int64),
                             k=k, name="named")]


@case
def in_top_k_refuses(tf):
    return [raised(lambda: tf.nn.in_top_k([1.0], [0], 1)),
            raised(lambda: tf.nn.in_top_k([[1.0]], [[0]], 1)),
            raised(lambda: tf.nn.in_top_k([[1.0]], [0, 1], 1))]


@case
def in_top_k_of_a_target_out_of_range(tf):
    return tf.nn.in_top_k([[0.1, 0.9]], [5], 1)


# ------------------------------------------------------------------------------ dropout


@case(names=False,
      why="TensorFlow 2 selects where 1.15 multiplies; both scale by 1 / keep_prob")
def dropout_keeps_or_scales(tf):
    x = tf.placeholder(tf.float32, [None, 50])
    y = tf.nn.dropout(x, keep_prob=0.5)
    kept = tf.cast(tf.not_equal(y, 0.0), tf.float32)
    share = tf.reduce_mean(kept)
    return fed([tf.reduce_max(tf.abs(y - 2 * x * kept)), share > 0.3, share < 0.7, y.shape],
               {x: np.ones((20, 50))})


@case(names=False,
      why="TensorFlow 2 selects where 1.15 multiplies; both scale by 1 / keep_prob")
def dropout_rate_and_noise_shape(tf):
    y = tf.nn.dropout(tf.ones([40, 3]), rate=0.75, noise_shape=[40, 1])
    rows = tf.reduce_max(y, 1)
    return [tf.reduce_all(tf.equal(y, rows[:, None] * tf.ones([1, 3]))),
            tf.reduce_all(tf.logical_or(tf.equal(rows, 0.0), tf.equal(rows, 4.0)))]


@case
def dropout_that_keeps_all(tf):
    x = tf.constant([1.0, 2.0])
    return [tf.nn.dropout(x, 1.0) is x, tf.nn.dropout(x, keep_prob=1.0) is x,
            tf.nn.dropout(x, rate=0.0) is x]


@case
def dropout_refuses(tf):
    x = tf.constant([1.0])
    return [raised(lambda: tf.nn.dropout(x, 1.5)), raised(lambda: tf.nn.dropout(x, 0.0)),
            raised(lambda: tf.nn.dropout(x, rate=-0.1)), raised(lambda: tf.nn.dropout(x)),
            raised(lambda: tf.nn.dropout(x, keep_prob=0.5, rate=0.5)),
            raised(lambda: tf.nn.dropout(tf.constant([1]), 0.5))]
