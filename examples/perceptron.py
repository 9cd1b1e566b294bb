"""A perceptron finds the line between two clouds of points.

    python -m examples.perceptron

It gives each point the probabilities softmax(x W + b) of being red and blue. Training moves
W and b against the gradient of the cross-entropy, the negative logarithm of the probability
of the right colour, until that is small. Read next: xor.py.
"""

import pellucid as tf
from examples.points import Result, two_clouds

GOAL = "the perceptron separates the two clouds"


def train(most_steps=1000):
    """A Result, after enough steps of gradient descent."""
    points, classes = two_clouds()
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float64, [None, 2], name="x")
        c = tf.placeholder(tf.float64, [None, 2], name="c")
        W = tf.Variable([[1.0, -1.0], [1.0, -1.0]], dtype=tf.float64, name="W")
        b = tf.Variable([0.0, 0.0], dtype=tf.float64, name="b")
        p = tf.nn.softmax(tf.matmul(x, W) + b, name="p")
        loss = -tf.reduce_mean(tf.reduce_sum(c * tf.log(p), axis=1))
        step = tf.train.GradientDescentOptimizer(0.05).minimize(loss)

        session = tf.Session()
        session.run(tf.global_variables_initializer())

    def predict(some_points):
        return session.run(p, {x: some_points})

    losses = []
    while len(losses) < most_steps and (not losses or losses[-1] > 0.02):
        losses.append(session.run([loss, step], {x: points, c: classes})[0])
    correct = predict(points).argmax(axis=1) == classes.argmax(axis=1)
    return Result("perceptron", points, classes, losses, correct.mean(), predict)


def main():
    """Trains and says how well; True if all points are on their own side."""
    result = train()
    print(result)
    return result.accuracy == 1.0


if __name__ == "__main__":
    raise SystemExit(not main())
