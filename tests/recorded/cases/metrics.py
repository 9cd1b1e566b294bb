"""tf.metrics: values over several batches, variables, collections; confusion_matrix."""

import numpy as np

from ..harness import case, collections, numbers, refused

BATCHES = 3
YES = [(numbers(4, seed=i) > -0.3) for i in range(BATCHES)]
GUESS = [(numbers(4, seed=i + 10) > 0) for i in range(BATCHES)]
CHANCE = [1 / (1 + np.exp(-numbers(4, seed=i + 20))) for i in range(BATCHES)]
WEIGHT = [np.abs(numbers(4, seed=i + 30)) for i in range(BATCHES)]
CLASS = [np.arange(4) * (i + 1) % 3 for i in range(BATCHES)]

OF_BOOL = ["accuracy", "precision", "recall", "true_positives", "false_positives",
           "true_negatives", "false_negatives"]
OF_FLOAT = {"mean_absolute_error": {}, "mean_squared_error": {}, "root_mean_squared_error": {},
            "mean_relative_error": {"normalizer": np.array([1.0, 2.0, 0.0, 4.0], np.float32)},
            "mean_cosine_distance": {"dim": 0}}


def _stream(tf, run, metric, feeds):
    """The value before, and after each batch the update and the value."""
    value, update = metric
    answers = [value.name, update.name, run(value)]
    for feed in feeds:
        answers += [run(update, feed), run(value)]
    return answers


@case
def of_bool(tf, run):
    labels, guess = tf.placeholder(tf.bool, [None]), tf.placeholder(tf.bool, [None])
    w = tf.placeholder(tf.float32, [None])
    metrics = []
    for name in OF_BOOL:
        function = getattr(tf.metrics, name)
        metrics += [function(labels, guess), function(labels=labels, predictions=guess, weights=w),
                    function(labels, guess, 2.0, name="mine_" + name)]
    feeds = [{labels: YES[i], guess: GUESS[i], w: WEIGHT[i]} for i in range(BATCHES)]
    return [[_stream(tf, run, metric, feeds) for metric in metrics],
            collections(tf, "local_variables", "metric_variables", "variables")]


@case
def of_float(tf, run):
    labels, guess = tf.placeholder(tf.float32, [4]), tf.placeholder(tf.float32, [4])
    w = tf.placeholder(tf.float32, [4])
    metrics = []
    for name, options in OF_FLOAT.items():
        function = getattr(tf.metrics, name)
        metrics.append(function(labels, guess, **options))
        if name != "mean_cosine_distance":
            metrics.append(function(labels, guess, weights=w, **options))
    feeds = [{labels: YES[i], guess: CHANCE[i], w: WEIGHT[i]} for i in range(BATCHES)]
    return [_stream(tf, run, metric, feeds) for metric in metrics]


@case
def means(tf, run):
    x, w = tf.placeholder(tf.float32, [None, 2]), tf.placeholder(tf.float32, [None, 1])
    fixed = tf.placeholder(tf.float32, [2])
    metrics = [tf.metrics.mean(x), tf.metrics.mean(x, weights=w, name="weighted"),
               tf.metrics.percentage_below(x, 0.5), tf.metrics.percentage_below(x, 0.5, w),
               tf.metrics.mean_tensor(fixed), tf.metrics.mean_tensor(fixed, weights=[1.0, 2.0])]
    feeds = [{x: numbers(3, 2, seed=i), w: np.abs(numbers(3, 1, seed=i)),
              fixed: numbers(2, seed=i)} for i in range(2)]
    return [_stream(tf, run, metric, feeds) for metric in metrics]


@case
def of_classes(tf, run):
    labels, guess = tf.placeholder(tf.int64, [None]), tf.placeholder(tf.int32, [None])
    w = tf.placeholder(tf.float32, [None])
    metrics = [tf.metrics.accuracy(labels, guess),
               tf.metrics.accuracy(tf.expand_dims(labels, 1), guess, w),
               tf.metrics.mean_iou(labels, guess, 4), tf.metrics.mean_iou(labels, guess, 4, w),
               tf.metrics.mean_per_class_accuracy(labels, guess, 4),
               tf.metrics.mean_per_class_accuracy(labels, guess, 4, weights=w)]
    feeds = [{labels: CLASS[i], guess: CLASS[i - 2], w: WEIGHT[i]} for i in range(BATCHES)]
    return [_stream(tf, run, metric, feeds) for metric in metrics]


@case
def areas(tf, run):
    labels, guess = tf.placeholder(tf.bool, [None]), tf.placeholder(tf.float32, [None])
    w = tf.placeholder(tf.float32, [None])
    metrics = [tf.metrics.auc(labels, guess), tf.metrics.auc(labels, guess, w, num_thresholds=20),
               tf.metrics.auc(labels, guess, thresholds=[0.5, 0.25], name="few")]
    metrics += [tf.metrics.auc(labels, guess, curve="PR", summation_method=method)
                for method in ("trapezoidal", "careful_interpolation", "minoring", "majoring")]
    feeds = [{labels: YES[i], guess: CHANCE[i], w: WEIGHT[i]} for i in range(BATCHES)]
    names = collections(tf, "local_variables")
    return [[_stream(tf, run, metric, feeds) for metric in metrics], names,
            refused(tf.metrics.auc, labels, guess, curve="X"),
            refused(tf.metrics.auc, labels, guess, summation_method="X")]


@case
def in_collections_and_scopes(tf, run):
    x = tf.constant([1.0, 2.0])
    with tf.variable_scope("outer"):
        tf.metrics.mean(x, metrics_collections=["values"], updates_collections=["updates"])
        tf.metrics.accuracy([1], [1], metrics_collections="values")
    with tf.name_scope("names"):
        tf.metrics.root_mean_squared_error(x, x, None, ["values"], ["updates"])
    return collections(tf, "values", "updates", "local_variables")


@case
def confusion(tf, run):
    labels, guess = np.array([0, 1, 2, 2, 1]), np.array([0, 2, 2, 2, 0])
    fed = tf.placeholder(tf.int32, [None])
    matrix = tf.confusion_matrix(fed, guess, num_classes=3)
    made = [tf.confusion_matrix(labels, guess), tf.math.confusion_matrix(labels, guess, 5),
            tf.confusion_matrix(labels, guess, dtype=tf.float32, weights=[1.0, 0.5, 2.0, 1.0, 3.0]),
            tf.confusion_matrix(labels[:, None], guess)]
    return [run(made), [str(y.shape) for y in made[1:2]], made[0].dtype.name,
            run(matrix, {fed: labels}), refused(run, matrix, {fed: [0, 1, 3, 2, 1]}),
            refused(run, matrix, {fed: [0, -1, 2, 2, 1]})]


@case
def what_metrics_refuse(tf, run):
    return [refused(tf.metrics.accuracy, [1, 2], [1, 2, 3]),
            refused(tf.metrics.mean, [1.0, 2.0], weights=[1.0, 2.0, 3.0]),
            refused(tf.metrics.precision, [[1, 0]], [1, 0, 1])]
