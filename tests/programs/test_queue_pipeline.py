"""A whole program of TensorFlow 1's first years: records, a queue pipeline, a coordinator.

It writes points and their classes as TFRecords, reads them in a few threads, trains a classifier on
shuffled batches until the epochs are over, and says how many of the points it gets right.
"""

import numpy as np

import pellucid as tf

POINTS, EPOCHS, BATCH = 240, 12, 24


def write(path, points, labels):
    with tf.python_io.TFRecordWriter(path) as writer:
        for point, label in zip(points, labels, strict=True):
            features = tf.train.Features(feature={
                "point": tf.train.Feature(float_list=tf.train.FloatList(value=point)),
                "label": tf.train.Feature(int64_list=tf.train.Int64List(value=[label]))})
            writer.write(tf.train.Example(features=features).SerializeToString())


def read(paths, epochs):
    files = tf.train.string_input_producer(paths, num_epochs=epochs, seed=1)
    _, serialized = tf.TFRecordReader().read(files)
    example = tf.parse_single_example(serialized, {
        "point": tf.FixedLenFeature([2], tf.float32),
        "label": tf.FixedLenFeature([], tf.int64)})
    return tf.train.shuffle_batch(
        [example["point"], example["label"]], BATCH, capacity=200, min_after_dequeue=60,
        num_threads=2, seed=2, allow_smaller_final_batch=True)


def model(points):
    with tf.variable_scope("model", reuse=tf.AUTO_REUSE):
        w = tf.get_variable("w", [2, 3], initializer=tf.zeros_initializer())
        b = tf.get_variable("b", [3], initializer=tf.zeros_initializer())
    return tf.matmul(points, w) + b


def test_program(tmp_path):
    random = np.random.RandomState(0)
    labels = random.randint(0, 3, POINTS)
    centers = np.array([[0.0, 3.0], [3.0, -2.0], [-3.0, -2.0]])
    points = (centers[labels] + random.normal(size=(POINTS, 2))).astype(np.float32)
    paths = [str(tmp_path / f"{i}.tfrecord") for i in range(3)]
    for i, path in enumerate(paths):
        write(path, points[i::3], labels[i::3])

    batch, classes = read(paths, EPOCHS)
    loss = tf.losses.sparse_softmax_cross_entropy(classes, model(batch))
    train = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    given = tf.placeholder(tf.float32, [None, 2])
    guess = tf.argmax(model(given), 1)

    losses, seen = [], 0
    with tf.Session() as session:
        session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        coordinator = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(session, coordinator)
        try:
            while not coordinator.should_stop():
                _, value, used = session.run([train, loss, classes])
                losses.append(value)
                seen += len(used)
        except tf.errors.OutOfRangeError:
            pass
        finally:
            coordinator.request_stop()
            coordinator.join(threads)
        right = np.mean(session.run(guess, {given: points}) == labels)

    assert seen == POINTS * EPOCHS and len(losses) == seen // BATCH
    assert right > 0.9 and np.mean(losses[-10:]) < 0.5 * losses[0]
