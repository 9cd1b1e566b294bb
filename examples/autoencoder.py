"""An autoencoder says a digit's 64 pixels in 4 numbers, better than any linear map can.

    python -m examples.autoencoder

The encoder maps an image to its code, the decoder maps the code back, and both learn to make
the difference small. The best that linear maps can do with 4 numbers is known: the four
principal components. Read next: vae.py.
"""

import numpy as np

import pellucid as tf
from examples.images import load_digits, picture, side_by_side
from examples.learning import Learned, batches, flags, watched

GOAL = "held-out images come back with at most 60 % of the error of principal components"
CODE = 4


def layer(x, units, name, activation=tf.nn.relu):
    """activation(x W + b)"""
    with tf.variable_scope(name):
        W = tf.get_variable("W", [x.shape[1], units])
        b = tf.get_variable("b", [units], initializer=tf.zeros_initializer())
        return activation(tf.matmul(x, W) + b)


def encode(images):
    """The codes of images: from (n, 64) to (n, CODE)."""
    with tf.variable_scope("encoder"):
        hidden = layer(layer(images, 128, "hidden1"), 64, "hidden2")
        return layer(hidden, CODE, "code", activation=tf.identity)


def decode(codes):
    """The images that codes stand for: from (n, CODE) to (n, 64), in [0, 1]."""
    with tf.variable_scope("decoder"):
        hidden = layer(layer(codes, 64, "hidden1"), 128, "hidden2")
        return layer(hidden, 64, "image", activation=tf.sigmoid)


def error_of_principal_components(training, images, count=CODE):
    """The mean squared error of images that linear maps send through `count` numbers."""
    mean = training.mean(axis=0)
    _, _, directions = np.linalg.svd(training - mean, full_matrices=False)
    directions = directions[:count]
    back = (images - mean) @ directions.T @ directions + mean
    return np.mean((images - back) ** 2)


def train(steps=3000, batch=64, seed=0):
    """A Learned; its score is the held-out error, as a part of the principal components'."""
    training, held_out = (part.images for part in load_digits())
    random = np.random.RandomState(seed)
    with tf.Graph().as_default():
        tf.set_random_seed(seed)
        images = tf.placeholder(tf.float32, [None, 64], name="images")
        again = decode(encode(images))
        loss = tf.reduce_mean(tf.squared_difference(images, again))
        done = tf.train.get_or_create_global_step()
        rate = tf.train.exponential_decay(0.003, done, steps // 5 + 1, 0.5)
        step = tf.train.AdamOptimizer(rate).minimize(loss, global_step=done)

        losses = []
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            some = batches(random, batch, training)
            for _ in watched(steps, losses):
                value, _ = session.run([loss, step], {images: next(some)[0]})
                losses.append(value)
            error, pictures = session.run([loss, again], {images: held_out})
    rows = [side_by_side(picture(image) for image in some[:4]) for some in (held_out, pictures)]
    linear = error_of_principal_components(training, held_out)
    return Learned(losses, float(error / linear), "\n\n".join(rows))


def main():
    """Trains and says how well; True if the goal is reached."""
    result = train(**flags(train, __doc__))
    print(f"Images, and what {CODE} numbers keep of them:\n{result.sample}")
    print(f"held-out error {result.score:.0%} of that of principal components")
    return result.score <= 0.6


if __name__ == "__main__":
    raise SystemExit(not main())
