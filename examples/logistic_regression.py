"""Logistic regression reads digits: one affine map and a softmax, fed by a data set.

    python -m examples.logistic_regression

The batches come out of a tf.data.Dataset: shuffled, repeated, batched and read ahead. Nothing
is fed. The weights of a digit are an image themselves: where ink speaks for it and where
against. Read next: digits.py.
"""

import numpy as np

import pellucid as tf
from examples.images import load_digits, picture, side_by_side
from examples.learning import Learned, flags, watched

GOAL = "at least 95 % of the held-out digits are read right"
BATCH = 64


def input_of(part, seed):
    """(images, digits), of shapes (64, 64) and (64,): the next batch in each run."""
    data = tf.data.Dataset.from_tensor_slices(
        (part.images.astype(np.float32), part.digits.astype(np.int32)))
    data = data.shuffle(len(part.digits), seed=seed).repeat().batch(BATCH).prefetch(1)
    return data.make_one_shot_iterator().get_next()


def logits_of(images):
    """Ten numbers an image: the larger, the more it looks like that digit."""
    with tf.variable_scope("affine", reuse=tf.AUTO_REUSE):
        W = tf.get_variable("W", [64, 10], initializer=tf.zeros_initializer())
        b = tf.get_variable("b", [10], initializer=tf.zeros_initializer())
    return tf.matmul(images, W) + b, W


def train(steps=1500, rate=0.5, seed=0):
    """A Learned; its score is the accuracy on the held-out digits."""
    training, held_out = load_digits()
    with tf.Graph().as_default():
        images, digits = input_of(training, seed)
        logits, W = logits_of(images)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(
            labels=digits, logits=logits))
        step = tf.train.GradientDescentOptimizer(rate).minimize(loss)

        logits, _ = logits_of(tf.constant(held_out.images, tf.float32))
        right = tf.nn.in_top_k(logits, tf.constant(held_out.digits, tf.int32), k=1)
        accuracy = tf.reduce_mean(tf.cast(right, tf.float32))

        losses = []
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            for _ in watched(steps, losses):
                value, _ = session.run([loss, step])
                losses.append(value)
            score, weights = session.run([accuracy, W])
    ink = [picture(0.5 + weights[:, digit] / np.abs(weights).max()) for digit in (0, 1, 7)]
    return Learned(losses, float(score), side_by_side(ink))


def main():
    """Trains and says how well; True if the goal is reached."""
    result = train(**flags(train, __doc__))
    print(f"The weights of 0, 1 and 7:\n{result.sample}\nheld-out accuracy {result.score:.2%}")
    return result.score >= 0.95


if __name__ == "__main__":
    raise SystemExit(not main())
