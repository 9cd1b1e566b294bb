"""tf.losses: values, gradients, weights, reductions, collections."""

import numpy as np

from ..harness import case, collections, numbers, refused

LABELS = (numbers(4, 3) > 0).astype(np.float32)
LOGITS = numbers(4, 3, seed=1)
CHANCES = 1 / (1 + np.exp(-LOGITS))
LOSSES = {
    "absolute_difference": {}, "mean_squared_error": {}, "huber_loss": {"delta": 0.5},
    "log_loss": {}, "hinge_loss": {}, "sigmoid_cross_entropy": {"label_smoothing": 0.2},
    "softmax_cross_entropy": {"label_smoothing": 0.1}, "cosine_distance": {"axis": 1},
    "mean_pairwise_squared_error": {},
}
ROWS = ("softmax_cross_entropy", "sparse_softmax_cross_entropy")


def _weights(tf, name):
    """Weights that each loss takes."""
    column = np.array([[1.0], [0.0], [2.0], [0.5]], np.float32)
    yield 1.0
    yield 2
    yield 0.0
    if name in ROWS:
        yield column[:, 0]
    else:
        yield column
        if name not in ("cosine_distance", "mean_pairwise_squared_error"):
            yield np.abs(LABELS)
            yield tf.placeholder_with_default(column, [None, None])


@case
def every_loss(tf, run):
    answers = {}
    for name, options in LOSSES.items():
        x = tf.constant(CHANCES if name == "log_loss" else LOGITS)
        losses = [getattr(tf.losses, name)(LABELS, x, weights=w, **options)
                  for w in _weights(tf, name)]
        answers[name] = [losses, run(losses), run([tf.gradients(y, x)[0] for y in losses])]
    return [answers, collections(tf, "losses")]


@case
def sparse_softmax_cross_entropy(tf, run):
    x = tf.constant(LOGITS)
    ids = np.array([0, 2, 1, 0])
    loss = tf.losses.sparse_softmax_cross_entropy
    losses = [loss(ids, x, weights=w) for w in _weights(tf, "sparse_softmax_cross_entropy")]
    losses += [loss(ids[:, None], x), loss(ids[:, None], x, np.ones((4, 1), np.float32)),
               loss(tf.placeholder_with_default(ids[:, None], None), x),
               loss(labels=ids, logits=x, scope="mine", reduction="none")]
    return [losses, run(losses), run(tf.gradients(losses, x))]


@case
def reductions(tf, run):
    weights = np.array([[1.0], [0.0], [2.0], [0.5]], np.float32)
    losses = [tf.losses.mean_squared_error(LABELS, LOGITS, weights, reduction=reduction)
              for reduction in tf.losses.Reduction.all()]
    return [losses, run(losses), list(tf.losses.Reduction.all()),
            refused(tf.losses.mean_squared_error, LABELS, LOGITS, reduction="mean"),
            refused(tf.losses.Reduction.validate, "sum")]


@case
def other_dtypes(tf, run):
    return [run([tf.losses.absolute_difference(tf.constant([1, 2]), tf.constant([3, 3])),
                 tf.losses.mean_squared_error(LABELS.astype(np.float64), LOGITS),
                 tf.losses.sigmoid_cross_entropy(LABELS.astype(np.int32),
                                                 LOGITS.astype(np.float64)),
                 tf.losses.compute_weighted_loss(np.array([1.0, 2.0]), 0.5)])]


@case
def totals(tf, run):
    none = [tf.losses.get_regularization_loss(), refused(tf.losses.get_total_loss)]
    with tf.name_scope("first"):
        tf.losses.mean_squared_error(LABELS, LOGITS)
    tf.losses.absolute_difference(LABELS, LOGITS, scope="second")
    tf.losses.hinge_loss(LABELS, LOGITS, loss_collection=None)
    tf.losses.add_loss(tf.constant(2.0, name="own"))
    tf.add_to_collection(tf.GraphKeys.REGULARIZATION_LOSSES, tf.constant(3.0, name="decay"))
    totals = [tf.losses.get_total_loss(), tf.losses.get_total_loss(False, name="named"),
              tf.losses.get_total_loss(scope="first"), tf.losses.get_regularization_loss()]
    return [none, totals, run(totals), tf.losses.get_losses(), tf.losses.get_losses("second"),
            tf.losses.get_regularization_losses(), tf.losses.get_losses(loss_collection="none")]


@case
def what_losses_refuse(tf, run):
    mse = tf.losses.mean_squared_error
    return [refused(mse, None, LOGITS), refused(mse, LABELS, None),
            refused(mse, LABELS[:2], LOGITS), refused(mse, LABELS, LOGITS, np.ones(3)),
            refused(mse, LABELS, LOGITS, np.ones((2, 1))),
            refused(tf.losses.cosine_distance, LABELS, LOGITS),
            refused(tf.losses.softmax_cross_entropy, LABELS[0], LOGITS)]


@case
def weights_of_unknown_shape(tf, run):
    weights = tf.placeholder(tf.float32)
    loss = tf.losses.mean_squared_error(LABELS, LOGITS, weights)
    answers = [run(loss, {weights: fed}) for fed in (2.0, np.ones((4, 1)), LABELS)]
    return answers + [refused(run, loss, {weights: fed})
                      for fed in (np.ones(3), np.ones((2, 1)), np.ones((1, 4, 3)))]
