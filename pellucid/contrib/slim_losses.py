"""tf.contrib.slim.losses: tf.losses in the order of arguments that slim had."""

from pellucid.losses import losses


def sigmoid_cross_entropy(logits, multi_class_labels, weights=1.0, label_smoothing=0, scope=None):
    """tf.losses.sigmoid_cross_entropy, with the logits first.

    As in TF: tf.contrib.slim.losses.sigmoid_cross_entropy.
    """
    return losses.sigmoid_cross_entropy(multi_class_labels, logits, weights, label_smoothing,
                                        scope)


def softmax_cross_entropy(logits, onehot_labels, weights=1.0, label_smoothing=0, scope=None):
    """tf.losses.softmax_cross_entropy, with the logits first.

    As in TF: tf.contrib.slim.losses.softmax_cross_entropy.
    """
    return losses.softmax_cross_entropy(onehot_labels, logits, weights, label_smoothing, scope)


def sparse_softmax_cross_entropy(logits, labels, weights=1.0, scope=None):
    """tf.losses.sparse_softmax_cross_entropy, with the logits first.

    As in TF: tf.contrib.slim.losses.sparse_softmax_cross_entropy.
    """
    return losses.sparse_softmax_cross_entropy(labels, logits, weights, scope)


def mean_squared_error(predictions, labels=None, weights=1.0, scope=None):
    """tf.losses.mean_squared_error, with the predictions first.

    As in TF: tf.contrib.slim.losses.mean_squared_error.
    """
    return losses.mean_squared_error(labels, predictions, weights, scope)


def absolute_difference(predictions, labels=None, weights=1.0, scope=None):
    """tf.losses.absolute_difference, with the predictions first.

    As in TF: tf.contrib.slim.losses.absolute_difference.
    """
    return losses.absolute_difference(labels, predictions, weights, scope)
