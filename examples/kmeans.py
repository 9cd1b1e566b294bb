"""k-means finds the middles of five clouds of points, in a loop that is part of the graph.

    python -m examples.kmeans

Each point goes to the nearest centre, each centre to the mean of its points, until nothing
changes (Lloyd 1957). The loop is a tf.while_loop: one run of the session does all of it. No
gradient is needed.
"""

import numpy as np

import pellucid as tf
from examples.learning import Learned, flags

GOAL = "each centre is within 0.2 of the middle of a cloud"
MIDDLES = np.array([[0, 0], [4, 1], [-3, 3], [-2, -4], [3, -4]], np.float32)


def clouds(random, count=100):
    """Points of shape (5 n, 2), n around each of the MIDDLES."""
    middles = np.repeat(MIDDLES, count, axis=0)
    return (middles + random.normal(scale=0.6, size=middles.shape)).astype(np.float32)


def distances(points, centers):
    """The squared distance of each point to each centre, of shape (points, centres)."""
    difference = tf.expand_dims(points, 1) - tf.expand_dims(centers, 0)
    return tf.reduce_sum(tf.square(difference), axis=2)


def far_apart(points, k):
    """k of the points: the first, and then always the one farthest from those chosen already."""
    centers = points[:1]
    for _ in range(k - 1):
        nearest = tf.reduce_min(distances(points, centers), axis=1)
        farthest = tf.gather(points, tf.argmax(nearest, axis=0))
        centers = tf.concat([centers, tf.expand_dims(farthest, 0)], axis=0)
    return centers


def kmeans(points, k, most_rounds):
    """(centers, errors): where they end, and the mean squared distance in each round."""

    def improve(step, centers, _, errors):
        distance = distances(points, centers)
        nearest = tf.argmin(distance, axis=1, output_type=tf.int32)
        errors = errors.write(step, tf.reduce_mean(tf.reduce_min(distance, axis=1)))
        sums = tf.unsorted_segment_sum(points, nearest, k)
        counts = tf.unsorted_segment_sum(tf.ones_like(points[:, :1]), nearest, k)
        moved = sums / tf.maximum(counts, 1.0)
        return step + 1, moved, tf.reduce_any(tf.not_equal(moved, centers)), errors

    start = (0, far_apart(points, k), True,
             tf.TensorArray(tf.float32, size=0, dynamic_size=True))
    _, centers, _, errors = tf.while_loop(
        lambda step, centers, changed, errors: changed, improve, start,
        maximum_iterations=most_rounds, back_prop=False)
    return centers, errors.stack()


def train(steps=100, seed=0):
    """A Learned; its score is how far a middle is from its nearest centre, at most."""
    data = clouds(np.random.RandomState(seed))
    with tf.Graph().as_default():
        points = tf.placeholder(tf.float32, [None, 2], name="points")
        centers, errors = kmeans(points, len(MIDDLES), steps)
        apart = tf.sqrt(tf.reduce_min(distances(MIDDLES, centers), axis=1))
        with tf.Session() as session:
            found, losses, farthest = session.run(
                [centers, errors, tf.reduce_max(apart)], {points: data})
    return Learned(losses.tolist(), float(farthest), str(found.round(2)))


def main():
    """Runs it and says how well; True if the goal is reached."""
    result = train(**flags(train, __doc__))
    print(f"after {len(result.losses)} rounds the centres are\n{result.sample}\n"
          f"at most {result.score:.3f} from the middles of the clouds")
    return result.score < 0.2


if __name__ == "__main__":
    raise SystemExit(not main())
