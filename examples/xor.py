"""A multi-layer perceptron separates what no line can: clouds at opposite corners.

    python -m examples.xor

The two hidden units are two perceptrons. In the plane of their outputs a line suffices.
Two are just enough: from some starting points training gets stuck half-way (try seed=0).
Read next: digits.py.
"""

import numpy as np

import pellucid as tf
from examples.points import Result, four_clouds

GOAL = "the multi-layer perceptron separates the four clouds"


def train(most_steps=4000, seed=1):
    """A Result, after enough steps of gradient descent."""
    points, classes = four_clouds()
    random = np.random.default_rng(seed)
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float64, [None, 2], name="x")
        c = tf.placeholder(tf.float64, [None, 2], name="c")
        with tf.name_scope("hidden"):
            W = tf.Variable(random.normal(size=(2, 2)), name="W")
            b = tf.Variable(np.zeros(2), name="b")
            h = tf.sigmoid(tf.matmul(x, W) + b)
        with tf.name_scope("output"):
            W = tf.Variable(random.normal(size=(2, 2)), name="W")
            b = tf.Variable(np.zeros(2), name="b")
            p = tf.nn.softmax(tf.matmul(h, W) + b)
        loss = -tf.reduce_mean(tf.reduce_sum(c * tf.log(p), axis=1))
        step = tf.train.GradientDescentOptimizer(1.0).minimize(loss)

        session = tf.Session()
        session.run(tf.global_variables_initializer())

    def predict(some_points):
        return session.run(p, {x: some_points})

    losses = []
    while len(losses) < most_steps and (not losses or losses[-1] > 0.02):
        losses.append(session.run([loss, step], {x: points, c: classes})[0])
    correct = predict(points).argmax(axis=1) == classes.argmax(axis=1)
    name = "multi-layer perceptron"
    return Result(name, points, classes, losses, correct.mean(), predict)


def main():
    """Trains and says how well; True if all points are on their own side."""
    result = train()
    print(result)
    return result.accuracy == 1.0


if __name__ == "__main__":
    raise SystemExit(not main())
