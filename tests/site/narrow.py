"""Operations where NumPy's own integers have 32 bits, as in the page: see lessons.mjs.

Their values are tested elsewhere; here they need to run, with indices of both widths.
"""

import numpy as np

import pellucid as tf

X = np.random.default_rng(0).normal(size=(6, 4)).astype(np.float32)
IMAGES = np.random.default_rng(1).random((2, 9, 8, 3)).astype(np.float32)
WIDTHS = tf.int32, tf.int64


def of_width(dtype):
    """Operations on indices: {what: tensors}."""
    def whole(values):
        return tf.constant(values, dtype)

    w, labels = tf.Variable(X), whole([0, 1, 2, 3, 1, 0])
    loss = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=w)
    many = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=tf.tile(w, [1, 20]))
    taken = tf.nn.embedding_lookup(w, whole([[1, 2], [2, 3]]))
    return {
        "cross-entropy": [tf.gradients(loss, [w]), tf.gradients(many, [w])],
        "rows": [tf.train.AdamOptimizer(0.1).minimize(tf.reduce_sum(taken ** 2)),
                 tf.gather_nd(X, whole([[1, 2]])), tf.gather(X, whole([3, 0]), axis=1),
                 tf.scatter_nd(whole([[1], [2]]), X[:2], whole([6, 4]))],
        "classes": [tf.one_hot(labels, 4), tf.nn.in_top_k(X, labels, 2), tf.unique(labels)[0],
                    tf.confusion_matrix(labels, labels), tf.where(tf.equal(labels, 1))],
        "segments": [tf.segment_sum(X, labels * 0), tf.unsorted_segment_sum(X, labels, 4),
                     tf.reverse_sequence(X, whole([1, 2, 3, 4, 1, 1]), 1)],
        "shapes": [tf.reshape(X, whole([4, 6])), tf.split(X, whole([2, 4]), 0),
                   tf.pad(X, whole([[1, 1], [0, 0]])), tf.slice(X, whole([0, 0]), whole([1, 2])),
                   tf.transpose(X, whole([1, 0])), tf.tile(X, whole([2, 1])), tf.cumsum(labels),
                   labels // 2, labels % 2, tf.range(whole(3)), tf.reduce_prod(labels)],
    }


def others():
    """The same for what has no indices of the user's."""
    hidden = tf.layers.max_pooling2d(tf.layers.conv2d(IMAGES, 4, 3, activation=tf.nn.relu), 2, 2)
    logits = tf.layers.dense(tf.layers.flatten(hidden), 3)
    states, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.LSTMCell(5), X[None], dtype=tf.float32)
    rows = tf.data.Dataset.from_tensor_slices(X).shuffle(10, seed=1).batch(3)
    return {
        "images": [tf.image.resize_bilinear(IMAGES, [5, 5]),
                   tf.image.resize_bicubic(IMAGES, [5, 5]),
                   tf.image.resize_nearest_neighbor(IMAGES, [5, 5])],
        "nets": [tf.train.AdamOptimizer(0.1).minimize(
            tf.losses.sparse_softmax_cross_entropy([0, 1], logits) + tf.reduce_sum(states))],
        "numbers": [tf.random_normal([99], seed=1), tf.truncated_normal([99], seed=1),
                    tf.random_uniform([99], 0, 10, tf.int64, seed=1), tf.multinomial(X, 5, seed=1),
                    tf.nn.dropout(tf.constant(X), 0.5, seed=1), tf.random_shuffle(X, seed=1)],
        "loops and data": [tf.scan(lambda a, b: a + b, X), rows.make_one_shot_iterator().get_next(),
                           tf.nn.top_k(X, 2), tf.matrix_inverse(X[:4]), tf.svd(X)],
    }


def failures():
    """List of str."""
    found = []
    for dtype in WIDTHS:
        with tf.Graph().as_default():
            found += [f"{dtype.name}: {failure}" for failure in _of(of_width(dtype))]
    with tf.Graph().as_default():
        found += _of(others())
    return found


def _of(tensors):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for what, fetches in tensors.items():
            for fetch in fetches:
                try:
                    session.run(fetch)
                except tf.errors.OpError as error:
                    yield f"{what}: {error.message.splitlines()[0]}"
