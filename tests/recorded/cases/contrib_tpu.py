"""tf.contrib.tpu without a TPU: training, evaluating and asking as BERT's programs do."""

import shutil
import tempfile

import numpy as np

from ..harness import case, refused

X = np.arange(24, dtype=np.float32).reshape(12, 2) / 10
Y = (X[:, :1] - 0.5 * X[:, 1:]).astype(np.float32)


def _input_fn(tf, seen):
    def input_fn(params):
        seen.append(params["batch_size"])
        data = tf.data.Dataset.from_tensor_slices((X, Y))
        return data.repeat(2).batch(params["batch_size"], drop_remainder=True)
    return input_fn


def _model_fn(tf, called):
    tpu = tf.contrib.tpu

    def model_fn(features, labels, mode, params):
        w = tf.get_variable("w", [2, 1], initializer=tf.constant_initializer(0.1))
        predicted = tf.matmul(features, w)
        if mode == tf.estimator.ModeKeys.PREDICT:
            return tpu.TPUEstimatorSpec(mode, predictions={"y": predicted})
        loss = tf.reduce_mean(tf.square(predicted - labels)) * params["weight"]
        if mode == tf.estimator.ModeKeys.EVAL:
            def metrics(labels, predicted):
                return {"error": tf.metrics.mean_absolute_error(labels, predicted)}
            return tpu.TPUEstimatorSpec(mode, loss=loss, eval_metrics=(metrics,
                                                                       [labels, predicted]))
        step = tf.train.get_or_create_global_step()
        train = tf.train.GradientDescentOptimizer(0.1).minimize(loss, step)

        def host_call(loss):
            return [tf.py_func(lambda x: called.append(float(x)) or np.int64(0), [loss], tf.int64)]

        return tpu.TPUEstimatorSpec(mode, loss=loss, train_op=train, host_call=(
            host_call, {"loss": loss}), scaffold_fn=lambda: tf.train.Scaffold())
    return model_fn


@case
def training_without_a_tpu(tf, run):
    tpu, folder, seen, called = tf.contrib.tpu, tempfile.mkdtemp(), [], []
    config = tpu.RunConfig(
        model_dir=folder, save_checkpoints_steps=3, cluster=None, master=None,
        tpu_config=tpu.TPUConfig(iterations_per_loop=5, num_shards=8,
                                 per_host_input_for_training=tpu.InputPipelineConfig.PER_HOST_V2))
    try:
        estimator = tpu.TPUEstimator(
            _model_fn(tf, called), config=config, params={"weight": 2.0}, use_tpu=False,
            train_batch_size=4, eval_batch_size=3, predict_batch_size=6)
        estimator.train(_input_fn(tf, seen), max_steps=5)
        results = estimator.evaluate(_input_fn(tf, seen), steps=2)
        answers = [np.array([p["y"] for p in estimator.predict(_input_fn(tf, seen))][:3])]
        return [{key: np.float32(value) for key, value in results.items()}, answers,
                estimator.get_variable_value("w"), sorted(set(seen)), len(called),
                list(config.tpu_config)]
    finally:
        shutil.rmtree(folder)


@case
def what_is_refused(tf, run):
    tpu, model_fn = tf.contrib.tpu, _model_fn(tf, [])
    config = tpu.RunConfig(model_dir=tempfile.gettempdir())
    one = tf.constant(1.0)
    return [refused(tpu.TPUEstimator, model_fn, use_tpu=False),
            refused(tpu.TPUEstimator, model_fn, config=tf.estimator.RunConfig(), use_tpu=False),
            refused(tpu.TPUEstimator, model_fn, config=config, params={"batch_size": 3},
                    use_tpu=False),
            refused(tpu.TPUConfig, iterations_per_loop=0), refused(tpu.TPUConfig, num_shards=0),
            refused(tpu.TPUEstimatorSpec, "eval", loss=one, eval_metrics=[max]),
            refused(tpu.TPUEstimatorSpec, "eval", loss=one, eval_metrics=(3, [one])),
            refused(tpu.TPUEstimatorSpec, "eval", loss=one, eval_metrics=(max, one))]
