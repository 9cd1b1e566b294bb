"""Digits are read by asking those that look most alike: nothing is trained.

    python -m examples.nearest_neighbors

The squared distance of two images is |a|^2 - 2 a b + |b|^2, so the distances of all pairs are
one product of matrices. top_k finds the nearest three, and they vote; the nearest one counts a
little more, so that there is no tie.
"""

import pellucid as tf
from examples.images import load_digits
from examples.learning import Learned, flags

GOAL = "at least 98 % of the held-out digits are read right"


def squared_distances(a, b):
    """Of each row of a (n, d) to each row of b (m, d): of shape (n, m)."""
    return (tf.reduce_sum(tf.square(a), axis=1, keepdims=True)
            - 2.0 * tf.matmul(a, b, transpose_b=True)
            + tf.reduce_sum(tf.square(b), axis=1))


def vote(classes, count):
    """The class that most of each row are of; `classes` has shape (n, k), the nearest first."""
    votes = tf.one_hot(classes, count)                                   # (n, k, count)
    first = tf.one_hot(classes[:, 0], count, on_value=0.5, off_value=0.0)
    return tf.argmax(tf.reduce_sum(votes, axis=1) + first, axis=1)


def train(neighbors=3):
    """A Learned; its score is the accuracy on the held-out digits. There are no losses."""
    known, held_out = load_digits()
    with tf.Graph().as_default():
        images = tf.placeholder(tf.float32, [None, 64], name="images")
        digits = tf.placeholder(tf.int64, [None], name="digits")
        distance = squared_distances(images, tf.constant(known.images, tf.float32))
        _, nearest = tf.nn.top_k(-distance, neighbors)
        read = vote(tf.gather(tf.constant(known.digits), nearest), 10)
        accuracy = tf.reduce_mean(tf.cast(tf.equal(read, digits), tf.float32))
        with tf.Session() as session:
            score = session.run(accuracy, {images: held_out.images, digits: held_out.digits})
    return Learned([], float(score))


def main():
    """Says how well it reads; True if the goal is reached."""
    result = train(**flags(train, __doc__))
    print(f"held-out accuracy {result.score:.2%}")
    return result.score >= 0.98


if __name__ == "__main__":
    raise SystemExit(not main())
