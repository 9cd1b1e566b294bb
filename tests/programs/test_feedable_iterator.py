"""A whole program: one graph that trains on one data set and tests on another, by a handle.

The training set repeats for ever, shuffled and read ahead; the test set starts anew each time.
"""

import numpy as np

import pellucid as tf

SIZE, BATCH = 600, 50


def spiral(random, n):
    """Points on two spirals, and which of them each is on."""
    label = random.randint(0, 2, n)
    t = np.sqrt(random.uniform(0.05, 1, n)) * 4
    angle = t + np.pi * label
    points = np.stack([t * np.cos(angle), t * np.sin(angle)], 1)
    return (points + random.normal(scale=0.1, size=points.shape)).astype(np.float32), label


def test_program():
    random = np.random.RandomState(1)
    train_set, test_set = spiral(random, SIZE), spiral(random, 200)
    tf.set_random_seed(3)

    def prepare(point, label):
        return point / 4.0, tf.one_hot(label, 2)

    train_data = tf.data.Dataset.from_tensor_slices(train_set).shuffle(SIZE, seed=1).repeat()
    train_data = train_data.map(prepare, num_parallel_calls=2).batch(BATCH).prefetch(2)
    x = tf.placeholder(tf.float32, [None, 2])
    y = tf.placeholder(tf.int64, [None])
    test_data = tf.data.Dataset.from_tensor_slices((x, y)).map(prepare).batch(BATCH)

    handle = tf.placeholder(tf.string, [])
    iterator = tf.data.Iterator.from_string_handle(
        handle, train_data.output_types, train_data.output_shapes)
    points, labels = iterator.get_next()
    training = train_data.make_one_shot_iterator()
    testing = test_data.make_initializable_iterator()

    hidden = tf.layers.dense(tf.layers.dense(points, 32, tf.nn.tanh), 32, tf.nn.tanh)
    logits = tf.layers.dense(hidden, 2)
    loss = tf.losses.softmax_cross_entropy(labels, logits)
    right = tf.reduce_sum(tf.cast(tf.equal(tf.argmax(logits, 1), tf.argmax(labels, 1)), tf.int32))
    train = tf.train.AdamOptimizer(0.02).minimize(loss)

    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        train_handle, test_handle = session.run(
            [training.string_handle(), testing.string_handle()])

        def accuracy():
            session.run(testing.initializer, {x: test_set[0], y: test_set[1]})
            total = 0
            try:
                while True:
                    total += session.run(right, {handle: test_handle})
            except tf.errors.OutOfRangeError:
                return total / len(test_set[1])

        before = accuracy()
        for _ in range(150):
            session.run(train, {handle: train_handle})
        after = accuracy()
    assert before < 0.8 and after > 0.95
