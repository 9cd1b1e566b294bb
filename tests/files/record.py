"""Remakes the files in this folder, which TensorFlow wrote. With TensorFlow 1.15.5 (see
tests/recorded/record.py), then, for the frozen network, with TensorFlow 2 and tf_keras:

    v37/bin/python tests/files/record.py
    python tests/files/record.py frozen
"""

import os
import shutil
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))


def path(*names):
    return os.path.join(HERE, *names)


def saved_model(tf):
    """Two graphs, an asset, a main op that doubles w, several signatures."""
    shutil.rmtree(path("saved_model"), ignore_errors=True)
    with open("/tmp/words.txt", "w") as file:
        file.write("a b c")
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [None, 3], name="x")
        w = tf.Variable(tf.ones([3, 2]), name="w")
        y = tf.matmul(x, w, name="y")
        tf.add_to_collection(tf.GraphKeys.ASSET_FILEPATHS,
                             tf.constant("/tmp/words.txt", name="words"))
        main_op = tf.group(tf.assign(w, w * 2), name="main_op")
        session.run(tf.global_variables_initializer())
        builder = tf.saved_model.builder.SavedModelBuilder(path("saved_model"))
        signature = tf.saved_model.signature_def_utils.predict_signature_def({"x": x}, {"y": y})
        builder.add_meta_graph_and_variables(
            session, ["serve"], {"serving_default": signature}, main_op=main_op,
            assets_collection=tf.get_collection(tf.GraphKeys.ASSET_FILEPATHS),
            strip_default_attrs=True)
        builder.save()


def variables(tf):
    random = np.random.RandomState(0)
    return [tf.get_variable(name, initializer=tf.constant(value)) for name, value in (
        ("a/float32", random.randn(3, 4).astype(np.float32)), ("double", random.randn(2)),
        ("half", np.array([1, 2.5], np.float16)), ("ints", np.array([-1, 2 ** 40])),
        ("int32", np.array([[1], [-2]], np.int32)), ("bytes", np.array([1, 255], np.uint8)),
        ("flag", np.array(True)), ("complex64", np.array([1 + 2j], np.complex64)),
        ("words", np.array([b"", b"one", b"t\0w\xffo"], object)))]


def checkpoints(tf):
    """One of the first version, and partitioned variables in both versions."""
    for version in (1, 2):
        with tf.Graph().as_default(), tf.Session() as session:
            variables(tf)
            tf.get_variable("parts", initializer=tf.constant(
                np.arange(30, dtype=np.float32).reshape(10, 3)),
                partitioner=lambda shape, dtype: [3, 1])
            session.run(tf.global_variables_initializer())
            tf.train.Saver(write_version=version).save(
                session, path(f"v{version}"), write_meta_graph=False, write_state=False)


def events(tf):
    """An event file."""
    shutil.rmtree(path("events"), ignore_errors=True)
    with tf.Graph().as_default() as graph, tf.Session() as session:
        x = tf.placeholder(tf.float32, [], name="x")
        with tf.name_scope("scope"):
            tf.summary.scalar("loss", x)
            tf.summary.histogram("many", [x, 2.0])
            tf.summary.text("note", tf.constant("hello"))
        merged = tf.summary.merge_all()
        with tf.summary.FileWriter(path("events"), graph) as writer:
            for i in range(3):
                writer.add_summary(session.run(merged, {x: i / 2.0}), i)
    (name,) = os.listdir(path("events"))
    os.rename(path("events", name), path("events", "events.out.tfevents.0000000001.host"))


def frozen():
    """A convolutional network of Keras with its variables as constants, and what it answers."""
    import tensorflow.compat.v1 as tf
    import tf_keras as keras
    tf.disable_v2_behavior()
    random = np.random.RandomState(0)
    with tf.Graph().as_default(), tf.Session() as session:
        keras.backend.set_learning_phase(0)
        layers = keras.layers
        model = keras.Sequential([
            layers.Conv2D(4, 3, padding="same", activation="relu", input_shape=(12, 12, 1)),
            layers.BatchNormalization(), layers.MaxPooling2D(), layers.DepthwiseConv2D(3),
            layers.SeparableConv2D(6, 3, padding="same", activation="relu6"),
            layers.AveragePooling2D(2, padding="same"), layers.Flatten(), layers.Dropout(0.5),
            layers.Dense(16, activation="tanh"), layers.Dense(5, activation="softmax")])
        for weight in model.weights:
            value = random.randn(*weight.shape) * 0.5
            weight.load(np.abs(value) if "variance" in weight.name else value, session)
        x = random.rand(3, 12, 12, 1).astype(np.float32)
        y = session.run(model.output, {model.input: x})
        graph_def = tf.graph_util.convert_variables_to_constants(
            session, session.graph.as_graph_def(), [model.output.op.name])
        with open(path("frozen_cnn.pb"), "wb") as file:
            file.write(graph_def.SerializeToString())
        np.savez_compressed(path("frozen_cnn.npz"), x=x, y=y, input=model.input.name,
                            output=model.output.name)


if __name__ == "__main__":
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    if sys.argv[1:] == ["frozen"]:
        frozen()
    else:
        import tensorflow
        for make in (saved_model, checkpoints, events):
            make(tensorflow)
