"""Two nets play against each other, and one of them learns to draw points on a ring.

    python -m examples.gan

The generator makes points out of noise. The discriminator is shown its points and real ones, and
learns to tell them apart; the generator learns to be taken for real (Goodfellow et al. 2014). Each
has its own optimizer, which moves only its own variables.
"""

import numpy as np

import pellucid as tf
from examples.learning import Learned, flags, watched

GOAL = "at least 90 % of the points are on the ring, and all around it"
RADIUS, WIDTH, NOISE = 2.0, 0.1, 4


def ring(random, count):
    """Points of shape (count, 2) at a distance of 2 from the origin, give or take 0.1."""
    angle = random.uniform(0, 2 * np.pi, count)
    radius = RADIUS + WIDTH * random.normal(size=count)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def generator(noise):
    """Points of shape (n, 2) from noise of shape (n, NOISE)."""
    with tf.variable_scope("generator"):
        hidden = tf.layers.dense(noise, 64, tf.nn.relu)
        hidden = tf.layers.dense(hidden, 64, tf.nn.relu)
        return tf.layers.dense(hidden, 2)


def discriminator(points):
    """The logit of the probability that a point is real, of shape (n, 1)."""
    with tf.variable_scope("discriminator", reuse=tf.AUTO_REUSE):
        hidden = tf.layers.dense(points, 64, tf.nn.leaky_relu, name="hidden1")
        hidden = tf.layers.dense(hidden, 64, tf.nn.leaky_relu, name="hidden2")
        return tf.layers.dense(hidden, 1, name="logit")


def cross_entropy(logits, real):
    """What it costs to have given these logits to points that are real, or are not."""
    labels = tf.ones_like(logits) if real else tf.zeros_like(logits)
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits))


def minimize(loss, scope):
    """A step that makes the loss smaller by moving the variables of a scope alone."""
    variables = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope)
    return tf.train.AdamOptimizer(0.001, beta1=0.5).minimize(loss, var_list=variables)


def on_the_ring(points):
    """The part of the points that are on the ring; 0 if a sixteenth of the ring has none."""
    near = np.abs(np.hypot(*points.T) - RADIUS) < 3.5 * WIDTH
    angles = np.arctan2(points[near, 1], points[near, 0])
    around, _ = np.histogram(angles, bins=16, range=(-np.pi, np.pi))
    return float(near.mean()) if around.all() else 0.0


def drawing(points, size=21):
    """Points of the plane as text: the more points, the darker."""
    counts, _, _ = np.histogram2d(-points[:, 1], points[:, 0], bins=size, range=[(-3, 3)] * 2)
    return "\n".join("".join(2 * " .:-=+*#%@"[min(int(n), 9)] for n in row) for row in counts)


def train(steps=5000, batch=128, seed=0):
    """A Learned; its score is the part of the generated points that are on the ring."""
    random = np.random.RandomState(seed)
    with tf.Graph().as_default():
        tf.set_random_seed(seed)
        real = tf.placeholder(tf.float32, [None, 2], name="real")
        noise = tf.random_normal([tf.shape(real)[0], NOISE])
        made = generator(noise)
        real_logits, made_logits = discriminator(real), discriminator(made)
        discriminator_loss = cross_entropy(real_logits, True) + cross_entropy(made_logits, False)
        generator_loss = cross_entropy(made_logits, True)
        tell_apart = minimize(discriminator_loss, "discriminator")
        deceive = minimize(generator_loss, "generator")

        losses = []
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            for _ in watched(steps, losses):
                feed = {real: ring(random, batch)}
                value, _ = session.run([discriminator_loss, tell_apart], feed)
                session.run(deceive, feed)
                losses.append(value)
            points = session.run(made, {real: np.zeros([1000, 2])})
    return Learned(losses, on_the_ring(points), drawing(points))


def main():
    """Trains and says how well; True if the goal is reached."""
    result = train(**flags(train, __doc__))
    print(f"{result.sample}\n{result.score:.0%} of the points are on the ring")
    return result.score >= 0.9


if __name__ == "__main__":
    raise SystemExit(not main())
