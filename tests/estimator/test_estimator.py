"""Estimators: what is saved, repeated, logged, exported, and refused."""

import os

import numpy as np
import pytest

import pellucid as tf

X = np.linspace(-1, 1, 40, dtype=np.float32)


def model_fn(features, labels, mode, params):
    """y = w x + b, by least squares."""
    w = tf.get_variable("w", [], initializer=tf.zeros_initializer())
    b = tf.get_variable("b", [], initializer=tf.zeros_initializer())
    y = features["x"] * w + b
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(
            mode, {"y": y}, export_outputs={"line": tf.estimator.export.PredictOutput({"y": y})})
    loss = tf.reduce_mean(tf.square(y - labels))
    step = tf.train.GradientDescentOptimizer(params.get("rate", 0.5)).minimize(
        loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, {"y": y}, loss, step)


def batches(labels=True):
    def input_fn():
        features = {"x": tf.constant(X)}
        return (features, tf.constant(3 * X + 1)) if labels else features
    return input_fn


@pytest.fixture
def estimator(tmp_path):
    """One that has a folder of its own, and saves every 5 steps."""
    config = tf.estimator.RunConfig(save_checkpoints_steps=5, save_summary_steps=2)
    return tf.estimator.Estimator(model_fn, str(tmp_path / "model"), config, {"rate": 0.5})


def test_training_goes_on_where_it_stopped(estimator):
    assert estimator.train(batches(), steps=8) is estimator
    assert estimator.latest_checkpoint().endswith("model.ckpt-8")
    estimator.train(batches(), steps=8)
    assert estimator.get_variable_value("global_step") == 16
    estimator.train(batches(), max_steps=16)                # nothing to do
    estimator.train(batches(), max_steps=30)
    assert estimator.get_variable_value("global_step") == 30
    assert estimator.get_variable_names() == ["b", "global_step", "w"]
    assert estimator.get_variable_value("w") == pytest.approx(3, abs=0.05)
    result = estimator.evaluate(batches(), steps=1, name="again")
    assert result["loss"] < 1e-3 and result["global_step"] == 30
    assert os.listdir(os.path.join(estimator.model_dir, "eval_again"))
    lines = list(_taken(estimator.predict(batches(False)), 40))
    np.testing.assert_allclose([line["y"] for line in lines], 3 * X + 1, atol=0.1)
    whole = next(estimator.predict(batches(False), ["y"], yield_single_examples=False))
    assert whole["y"].shape == (40,)


def _taken(generator, count):
    for _ in range(count):
        yield next(generator)
    generator.close()


def test_an_input_that_ends(estimator):
    def input_fn():
        queue = tf.train.limit_epochs(tf.constant(X), 4)
        return {"x": queue}, 3 * queue + 1
    estimator.train(input_fn)
    assert estimator.get_variable_value("global_step") == 4
    assert estimator.evaluate(input_fn)["global_step"] == 4
    assert len(list(estimator.predict(lambda: {"x": tf.train.limit_epochs(X, 2)}))) == 80


def test_no_graph_is_the_default_between_predictions(estimator):
    estimator.train(batches(), steps=1)
    before = tf.get_default_graph()
    generator = estimator.predict(batches(False))
    next(generator)
    assert tf.get_default_graph() is before and tf.get_default_session() is None
    generator.close()


def test_train_and_evaluate(estimator):
    exporter = tf.estimator.LatestExporter("best", receiver, exports_to_keep=1)
    results, exports = tf.estimator.train_and_evaluate(
        estimator, tf.estimator.TrainSpec(batches(), max_steps=12),
        tf.estimator.EvalSpec(batches(), steps=1, throttle_secs=0, exporters=exporter))
    assert results["global_step"] == 12 and len(exports) == 1
    assert len(os.listdir(os.path.join(estimator.model_dir, "export", "best"))) == 1


def receiver():
    x = tf.placeholder(tf.float32, [None], "x")
    return tf.estimator.export.ServingInputReceiver({"x": x}, {"x": x})


def test_a_saved_model(estimator, tmp_path):
    estimator.train(batches(), steps=30)
    path = estimator.export_savedmodel(str(tmp_path / "served"), receiver)
    with tf.Graph().as_default(), tf.Session() as session:
        model = tf.saved_model.loader.load(session, ["serve"], path)
        signature = model.signature_def["serving_default"]
        y = session.run(signature.outputs["y"].name, {signature.inputs["x"].name: [2.0]})
    assert y == pytest.approx([7], abs=0.1)
    assert os.listdir(tmp_path / "served") == [os.path.basename(path.decode())]


def test_words_are_served(tmp_path):
    column = tf.feature_column.categorical_column_with_vocabulary_list("c", ["a", "b"])
    estimator = tf.estimator.LinearClassifier([column], str(tmp_path / "m"))
    estimator.train(lambda: ({"c": tf.constant(["a", "b"])}, tf.constant([0, 1])), steps=20)
    spec = tf.feature_column.make_parse_example_spec([column])
    path = estimator.export_savedmodel(
        str(tmp_path / "served"), tf.estimator.export.build_parsing_serving_input_receiver_fn(spec))
    feature = tf.train.Feature(bytes_list=tf.train.BytesList(value=[b"b"]))
    example = tf.train.Example(features=tf.train.Features(feature={"c": feature}))
    with tf.Graph().as_default(), tf.Session() as session:
        signature = tf.saved_model.loader.load(session, ["serve"], path).signature_def["predict"]
        found = session.run(signature.outputs["class_ids"].name,
                            {signature.inputs["examples"].name: [example.SerializeToString()]})
    assert found.tolist() == [[1]]


def test_warm_start(estimator, tmp_path):
    estimator.train(batches(), steps=20)
    other = tf.estimator.Estimator(model_fn, str(tmp_path / "other"), params={"rate": 1e-9},
                                   warm_start_from=estimator.model_dir)
    other.train(batches(), steps=1)
    assert other.get_variable_value("w") == pytest.approx(estimator.get_variable_value("w"))
    assert other.get_variable_value("global_step") == 1


@pytest.mark.parametrize("make, says", [
    (lambda: tf.estimator.Estimator(lambda labels: None), "must include features"),
    (lambda: tf.estimator.Estimator(lambda features: None, params={"a": 1}), "include params"),
    (lambda: tf.estimator.Estimator(None), "model_fn must be provided"),
    (lambda: tf.estimator.EstimatorSpec("train", loss=tf.constant(1.0)), "Missing train_op"),
    (lambda: tf.estimator.EstimatorSpec("eval"), "Missing loss"),
    (lambda: tf.estimator.EstimatorSpec("infer"), "Missing predictions"),
    (lambda: tf.estimator.EstimatorSpec("eval", loss=tf.zeros([2])), "Loss must be scalar"),
    (lambda: tf.estimator.RunConfig(save_checkpoints_steps=1, save_checkpoints_secs=1), "both"),
    (lambda: tf.estimator.RunConfig(keep_checkpoint_max=-1), "keep_checkpoint_max"),
    (lambda: tf.estimator.DNNClassifier([2], [], n_classes=1), "n_classes"),
    (lambda: tf.feature_column.bucketized_column(tf.feature_column.numeric_column("x"), [2, 1]),
     "sorted"),
    (lambda: tf.feature_column.input_layer({}, tf.feature_column.numeric_column("x")),
     "Feature x is not in"),
    (lambda: tf.feature_column.numeric_column("x", 0), "above 0"),
    (lambda: tf.feature_column.indicator_column(tf.feature_column.numeric_column("x")),
     "categorical"),
])
def test_what_is_wrong(make, says):
    with pytest.raises(ValueError, match=says):
        make()


def test_nan_ends_training(estimator):
    with pytest.raises(tf.train.NanLossDuringTrainingError):
        estimator.train(lambda: ({"x": tf.constant([np.nan])}, tf.constant([1.0])), steps=3)


def test_several_processes_are_refused():
    with pytest.raises(NotImplementedError, match="one process"):
        tf.estimator.RunConfig(train_distribute=object())


def test_replacing_values_of_a_run_config():
    config = tf.estimator.RunConfig(tf_random_seed=3).replace(save_checkpoints_steps=7)
    assert (config.tf_random_seed, config.save_checkpoints_steps) == (3, 7)
    assert config.save_checkpoints_secs is None and config.is_chief
    with pytest.raises(ValueError, match="nonsense"):
        config.replace(nonsense=1)
