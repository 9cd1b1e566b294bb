"""Arrays and tables as an Estimator's input."""

import types

import numpy as np
import pytest

import pellucid as tf

numpy_input_fn = tf.estimator.inputs.numpy_input_fn
X = {"a": np.arange(5.0), "b": np.arange(10).reshape(5, 2)}
Y = np.array([b"u", b"v", b"w", b"x", b"y"], object)


def epochs(tensors):
    """What tensors give until the input ends."""
    batches = []
    with tf.Session() as session:
        while True:
            try:
                batches.append(session.run(tensors))
            except tf.errors.OutOfRangeError:
                return batches


def test_batches_cross_the_ends_of_epochs():
    features, labels = numpy_input_fn(X, Y, batch_size=3, num_epochs=2, shuffle=False)()
    assert features["a"].dtype == tf.float64 and features["b"].shape.as_list() == [None, 2]
    found = epochs([features["a"], features["b"], labels])
    assert [a.tolist() for a, _, _ in found] == [[0, 1, 2], [3, 4, 0], [1, 2, 3], [4]]
    assert found[1][1].tolist() == [[6, 7], [8, 9], [0, 1]]
    assert found[-1][2].tolist() == [b"y"]


def test_shuffled_examples_stay_together():
    tf.set_random_seed(1)
    features, labels = numpy_input_fn(
        {"a": np.arange(100)}, {"y": np.arange(100) * 2}, batch_size=7, shuffle=True)()
    found = epochs([features["a"], labels["y"]])
    a = np.concatenate([batch[0] for batch in found])
    assert sorted(a) == list(range(100)) != list(a)
    assert (np.concatenate([batch[1] for batch in found]) == 2 * a).all()


def test_without_labels_and_for_ever():
    x = numpy_input_fn(np.arange(3), batch_size=2, num_epochs=None, shuffle=False)()
    with tf.Session() as session:
        assert [session.run(x).tolist() for _ in range(4)] == [[0, 1], [2, 0], [1, 2], [0, 1]]


@pytest.mark.parametrize("arguments, error", [
    ((X, Y, 3, 1), ValueError), ((X, Y[:4], 3, 1, False), ValueError),
    (({}, Y, 3, 1, False), ValueError), (([1, 2], Y, 3, 1, False), TypeError)])
def test_what_does_not_fit(arguments, error):
    with pytest.raises(error):
        numpy_input_fn(*arguments)()


class Table(dict):
    """As much of a pandas DataFrame as an input function looks at."""

    columns, index = property(list), np.arange(5)

    def __getitem__(self, name):
        values = super().__getitem__(name)
        return types.SimpleNamespace(to_numpy=lambda: values, index=self.index)


def test_a_data_frame():
    table = Table(a=np.arange(5), c=np.array(["p", "q", "r", "s", "t"], object))
    features, labels = tf.estimator.inputs.pandas_input_fn(
        table, table["a"], batch_size=4, shuffle=False)()
    assert features["c"].dtype == tf.string
    found = epochs([features["a"], features["c"], labels])
    assert found[0][1].tolist() == [b"p", b"q", b"r", b"s"] and found[1][2].tolist() == [4]


def test_a_classifier_learns_from_arrays(tmp_path):
    x = np.random.RandomState(0).normal(size=[200, 2]).astype(np.float32)
    y = (x[:, 0] > x[:, 1]).astype(np.int32)
    column = tf.feature_column.numeric_column("x", shape=[2])
    config = tf.estimator.RunConfig(str(tmp_path), tf_random_seed=1)
    estimator = tf.estimator.DNNClassifier([8], [column], config=config)
    estimator.train(numpy_input_fn({"x": x}, y, batch_size=20, num_epochs=20, shuffle=True))
    measured = estimator.evaluate(numpy_input_fn({"x": x}, y, shuffle=False))
    assert measured["accuracy"] > 0.9 and measured["global_step"] == 200

    def dataset():
        return tf.data.Dataset.from_tensor_slices(({"x": x}, y)).batch(50)
    assert estimator.evaluate(dataset)["accuracy"] == measured["accuracy"]
    classes = [int(p["class_ids"][0]) for p in estimator.predict(dataset)]
    assert len(classes) == 200 and np.mean(classes == y) == pytest.approx(measured["accuracy"])
