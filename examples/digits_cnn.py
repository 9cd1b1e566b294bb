"""A convolutional network reads handwritten digits.

    python -m examples.digits_cnn

The same digits as in digits.py, as images of 8 x 8 pixels. A convolution looks at patches of 3 x 3
with the same kernel everywhere, so what it learns in one corner it knows in all; pooling keeps
the strongest answer of each 2 x 2. Two of each, then an affine layer that names the digit.
"""

import numpy as np
from tqdm import tqdm

import pellucid as tf
from examples.images import load_digits

GOAL = "at least 98 % of the held-out digits are read right"
EPOCHS, BATCH = 30, 32


class Network:
    """The graph: from images (n, 8, 8, 1) to ten logits, and a step of training."""

    def __init__(self, steps):
        self.images = tf.placeholder(tf.float32, [None, 8, 8, 1], name="images")
        self.digits = tf.placeholder(tf.int64, [None], name="digits")
        self.keep = tf.placeholder_with_default(1.0, [], name="keep")
        hidden = self.layer(self.images, 32, "layer1")          # (n, 4, 4, 32)
        hidden = self.layer(hidden, 64, "layer2")               # (n, 2, 2, 64)
        features = tf.nn.dropout(tf.reshape(hidden, [-1, 256]), keep_prob=self.keep)
        with tf.variable_scope("output"):
            W = tf.get_variable("W", [256, 10])
            b = tf.get_variable("b", [10], initializer=tf.zeros_initializer())
            logits = tf.matmul(features, W) + b
        self.loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(
            labels=self.digits, logits=logits))
        right = tf.equal(tf.argmax(logits, axis=1), self.digits)
        self.accuracy = tf.reduce_mean(tf.cast(right, tf.float32))
        done = tf.train.get_or_create_global_step()
        rate = tf.train.polynomial_decay(0.003, done, steps, end_learning_rate=0.0)
        self.step = tf.train.AdamOptimizer(rate).minimize(self.loss, global_step=done)

    def layer(self, x, channels, name):
        """max_pool(relu(x * W + b)), of half the height and width."""
        with tf.variable_scope(name):
            W = tf.get_variable("W", [3, 3, x.shape[3], channels])
            b = tf.get_variable("b", [channels], initializer=tf.zeros_initializer())
            maps = tf.nn.relu(tf.nn.bias_add(tf.nn.conv2d(x, W, 1, "SAME"), b))
            return tf.nn.max_pool(maps, 2, 2, "SAME")


def train(seed=0, epochs=EPOCHS):
    """The accuracy on the held-out digits. Shows a progress bar, and a line every ten epochs."""
    training, held_out = load_digits()
    random = np.random.default_rng(seed)
    batches = len(training.digits) // BATCH
    with tf.Graph().as_default():
        tf.set_random_seed(seed)
        network = Network(epochs * batches)
        session = tf.Session()
        session.run(tf.global_variables_initializer())

    def feed(part, keep=1.0):
        return {network.images: part.images.reshape(-1, 8, 8, 1), network.digits: part.digits,
                network.keep: keep}

    with tqdm(total=epochs * batches, unit="step", leave=False) as bar:
        for epoch in range(1, epochs + 1):
            order = random.permutation(len(training.digits))
            for batch in np.split(order[:batches * BATCH], batches):
                part = training._replace(images=training.images[batch],
                                         digits=training.digits[batch])
                session.run(network.step, feed(part, keep=0.5))
            bar.update(batches)
            if epoch == 1 or epoch % 10 == 0:
                accuracies = [session.run(network.accuracy, feed(part))
                              for part in (training, held_out)]
                bar.write("epoch {:3d}  accuracy {:7.2%} training, {:7.2%} held out".format(
                    epoch, *accuracies))
    return float(session.run(network.accuracy, feed(held_out)))


def main():
    """Trains and says how well; True if the goal is reached."""
    accuracy = train()
    print(f"held-out accuracy {accuracy:.2%}")
    return accuracy >= 0.98


if __name__ == "__main__":
    raise SystemExit(not main())
