"""A variational autoencoder learns what digits look like, and draws new ones.

    python -m examples.vae

The encoder does not say a code but where the code may be: a Gaussian. Training makes large a lower
bound of log p(image): how well the image comes back, less how far the Gaussians are from the
standard one (Kingma & Welling 2014, equation 10). So a code drawn from the standard Gaussian
decodes into a digit. That a draw has a gradient is the trick: mean + deviation * noise.
"""

import numpy as np

import pellucid as tf
from examples.autoencoder import layer
from examples.images import load_digits, picture, side_by_side
from examples.learning import Learned, batches, flags, watched

GOAL = "held-out images have a bound of at least -25 nats, on average"
CODE = 8


def encode(images):
    """(mean, log of the variance) of each image's code, both of shape (n, CODE)."""
    with tf.variable_scope("encoder"):
        hidden = layer(images, 128, "hidden")
        return (layer(hidden, CODE, "mean", activation=tf.identity),
                layer(hidden, CODE, "log_variance", activation=tf.identity))


def decode(codes):
    """The logits of the pixels, of shape (n, 64)."""
    with tf.variable_scope("decoder", reuse=tf.AUTO_REUSE):
        hidden = layer(codes, 128, "hidden")
        return layer(hidden, 64, "image", activation=tf.identity)


def lower_bound(images):
    """The bound of log p(image) for each image, of shape (n,)."""
    mean, log_variance = encode(images)
    noise = tf.random_normal(tf.shape(mean))
    logits = decode(mean + tf.exp(0.5 * log_variance) * noise)
    likelihood = -tf.reduce_sum(tf.nn.sigmoid_cross_entropy_with_logits(
        labels=images, logits=logits), axis=1)
    # KL(N(mean, variance) || N(0, 1)), in closed form.
    distance = 0.5 * tf.reduce_sum(
        tf.square(mean) + tf.exp(log_variance) - log_variance - 1.0, axis=1)
    return likelihood - distance


def train(steps=4000, batch=64, seed=0):
    """A Learned; its score is the mean bound of the held-out images, in nats."""
    training, held_out = (part.images for part in load_digits())
    random = np.random.RandomState(seed)
    with tf.Graph().as_default():
        tf.set_random_seed(seed)
        images = tf.placeholder(tf.float32, [None, 64], name="images")
        bound = tf.reduce_mean(lower_bound(images))
        drawn = tf.sigmoid(decode(tf.random_normal([6, CODE])))
        step = tf.train.AdamOptimizer(0.002).minimize(-bound)

        losses = []
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            some = batches(random, batch, training)
            for _ in watched(steps, losses):
                value, _ = session.run([bound, step], {images: next(some)[0]})
                losses.append(-value)
            score, pictures = session.run([bound, drawn], {images: held_out})
    return Learned(losses, float(score), side_by_side(picture(image) for image in pictures))


def main():
    """Trains and says how well; True if the goal is reached."""
    result = train(**flags(train, __doc__))
    print(f"Digits that nobody wrote:\n{result.sample}\n"
          f"held-out images have a bound of {result.score:.1f} nats")
    return result.score >= -25


if __name__ == "__main__":
    raise SystemExit(not main())
