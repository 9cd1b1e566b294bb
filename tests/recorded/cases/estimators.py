"""tf.estimator and tf.feature_column: losses, metrics, predictions, names of variables."""

import shutil
import tempfile

import numpy as np

from ..harness import case

X = (np.arange(20).reshape(10, 2) / 10).astype(np.float32)
WORDS = np.array([b"a", b"b", b"c", b"a", b"d"] * 2, object)
CLASSES = (X[:, 0] > 1).astype(np.int64)


def _columns(tf):
    """(dense columns, columns of a linear model)."""
    fc = tf.feature_column
    x = fc.numeric_column("x", shape=[2])
    words = fc.categorical_column_with_vocabulary_list("c", ["a", "b", "c"])
    buckets = fc.bucketized_column(fc.numeric_column("z"), [0.5, 1.0])
    crossed = fc.crossed_column(["c", buckets], 7)
    hashed = fc.categorical_column_with_hash_bucket("c2", 5)
    numbers = fc.categorical_column_with_identity("i", 4)
    return ([x, fc.indicator_column(words), fc.embedding_column(words, 3), buckets,
             fc.embedding_column(hashed, 2, combiner="sqrtn"), fc.indicator_column(crossed)],
            [x, words, buckets, crossed, numbers])


def _features(tf):
    return {"x": tf.constant(X), "c": tf.constant(WORDS), "c2": tf.constant(WORDS),
            "z": tf.constant(X[:, 1]), "i": tf.constant((np.arange(10) % 4).astype(np.int64))}


def _input(tf, labels=None):
    """An input_fn of one batch, again and again."""
    def input_fn():
        return _features(tf) if labels is None else (_features(tf), tf.constant(labels))
    return input_fn


def _hooks(tf, losses):
    """Sets the variables to numbers that are the same everywhere; notes each step's loss."""
    class Hook(tf.train.SessionRunHook):
        def begin(self):
            self.loss = tf.get_collection("losses")[-1]
            self.start = []
            for variable in tf.trainable_variables():
                name = variable.op.name.replace("/part_0", "").replace("/t_0", "")
                shape = variable.shape.as_list()
                values = np.cos(np.arange(np.prod(shape)) * 0.7 + len(name)) * 0.5
                self.start.append(tf.assign(variable, values.reshape(shape).astype(np.float32)))

        def after_create_session(self, session, coord):
            session.run(self.start)

        def before_run(self, run_context):
            return tf.train.SessionRunArgs(self.loss)

        def after_run(self, run_context, run_values):
            losses.append(float(run_values.results))
    return [Hook()]


def _course(tf, make, labels):
    """Three steps, an evaluation, the first prediction, and the names of the variables."""
    level = tf.logging.get_verbosity()
    tf.logging.set_verbosity(tf.logging.ERROR)
    folder, losses = tempfile.mkdtemp(), []
    try:
        estimator = make(folder)
        estimator.train(_input(tf, labels), steps=3, hooks=_hooks(tf, losses))
        measured = estimator.evaluate(_input(tf, labels), steps=2)
        predicted = next(estimator.predict(_input(tf)))
        names = [name for name in estimator.get_variable_names()
                 if "Ada" not in name and "Ftrl" not in name]   # partitions change slots' names
        return [losses, sorted((key, float(value)) for key, value in measured.items()),
                {key: predicted[key] for key in sorted(predicted)}, names,
                tf.train.latest_checkpoint(folder)[len(folder):]]
    finally:
        shutil.rmtree(folder)
        tf.logging.set_verbosity(level)


@case
def dnn_classifier_of_two(tf, run):
    return _course(tf, lambda folder: tf.estimator.DNNClassifier(
        [4, 3], _columns(tf)[0], folder), CLASSES)


@case
def dnn_classifier_of_three(tf, run):
    return _course(tf, lambda folder: tf.estimator.DNNClassifier(
        [4], _columns(tf)[0][:1], folder, n_classes=3, optimizer="SGD", weight_column="z"),
        CLASSES + (X[:, 1] > 1.5))


@case
def dnn_regressor(tf, run):
    return _course(tf, lambda folder: tf.estimator.DNNRegressor(
        [4], _columns(tf)[0][:2], folder, optimizer="Adam"), X[:, 0])


@case
def linear_classifier(tf, run):
    return _course(tf, lambda folder: tf.estimator.LinearClassifier(
        _columns(tf)[1], folder, label_vocabulary=["no", "yes"]),
        np.array([b"no", b"yes"], object)[CLASSES])


@case
def linear_regressor(tf, run):
    return _course(tf, lambda folder: tf.estimator.LinearRegressor(
        _columns(tf)[1], folder, sparse_combiner="mean"), X[:, 0])


@case
def wide_and_deep(tf, run):
    dense, wide = _columns(tf)
    return _course(tf, lambda folder: tf.estimator.DNNLinearCombinedClassifier(
        folder, linear_feature_columns=wide, dnn_feature_columns=dense[:2],
        dnn_hidden_units=[3]), CLASSES)


@case
def a_model_of_ones_own(tf, run):
    def model_fn(features, labels, mode, params):
        net = tf.layers.dense(features["x"], 3, tf.nn.tanh, name="hidden")
        net = tf.layers.dense(net, 1, name="out")[:, 0]
        if mode == tf.estimator.ModeKeys.PREDICT:
            return tf.estimator.EstimatorSpec(mode, {"y": net, "x": features["x"]})
        loss = tf.losses.mean_squared_error(labels, net)
        train_op = tf.train.AdamOptimizer(params["rate"]).minimize(
            loss, tf.train.get_global_step())
        error = tf.metrics.mean_absolute_error(labels, net)
        return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op,
                                          eval_metric_ops={"error": error})
    return _course(tf, lambda folder: tf.estimator.Estimator(
        model_fn, folder, params={"rate": 0.1},
        config=tf.estimator.RunConfig(tf_random_seed=3)), X[:, 0])


@case
def columns(tf, run):
    dense, wide = _columns(tf)
    layer = tf.feature_column.input_layer(_features(tf), [dense[0], dense[1], dense[3], dense[5]])
    tf.feature_column.linear_model(_features(tf), wide, units=2)
    run(tf.tables_initializer())
    return [run(layer), [v.op.name for v in tf.trainable_variables()]]
