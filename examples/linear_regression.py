"""A line through noisy points, by gradient descent, ends where least squares says.

    python -m examples.linear_regression

y = x w + b has the smallest mean squared error for weights that linear algebra finds in one
step (np.linalg.lstsq). Gradient descent knows only which way is down, and gets there too.
Read next: logistic_regression.py.
"""

import numpy as np

import pellucid as tf
from examples.learning import Learned, flags, watched

GOAL = "the weights are those of least squares, to 0.001"


def points(random, count=200):
    """x of shape (n, 3) and y of shape (n, 1): y = 2 x1 - x2 + 0.5 x3 + 1, and some noise."""
    x = random.normal(size=(count, 3))
    y = x @ [[2.0], [-1.0], [0.5]] + 1.0 + random.normal(scale=0.3, size=(count, 1))
    return x, y


def least_squares(x, y):
    """(w, b) of shapes (3, 1) and (1,), with the smallest mean squared error."""
    with_ones = np.hstack([x, np.ones((len(x), 1))])
    solution = np.linalg.lstsq(with_ones, y, rcond=None)[0]
    return solution[:-1], solution[-1]


def train(steps=300, rate=0.1, seed=0):
    """A Learned; its score is how far the weights are from those of least squares."""
    points_x, points_y = points(np.random.RandomState(seed))
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [None, 3], name="x")
        y = tf.placeholder(tf.float32, [None, 1], name="y")
        w = tf.Variable(tf.zeros([3, 1]), name="w")
        b = tf.Variable(tf.zeros([1]), name="b")
        loss = tf.reduce_mean(tf.square(tf.matmul(x, w) + b - y), name="loss")
        step = tf.train.GradientDescentOptimizer(rate).minimize(loss)

        losses = []
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            for _ in watched(steps, losses):
                value, _ = session.run([loss, step], {x: points_x, y: points_y})
                losses.append(value)
            found = session.run([w, b])
    best = least_squares(points_x, points_y)
    distance = max(np.abs(found[0] - best[0]).max(), np.abs(found[1] - best[1]).max())
    return Learned(losses, float(distance), "w = {}, b = {}".format(*(v.ravel() for v in found)))


def main():
    """Trains and says how well; True if the goal is reached."""
    result = train(**flags(train, __doc__))
    print(f"{result.sample}, {result.score:.1e} from least squares")
    return result.score < 0.001


if __name__ == "__main__":
    raise SystemExit(not main())
