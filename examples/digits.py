"""A network with two hidden layers reads handwritten digits.

    python -m examples.digits

The 1,797 images of 8 x 8 pixels come with scikit-learn. A fifth of them is held out: the
network never trains on those, and what it makes of them is what counts. While it trains,
dropout leaves out half of the hidden units at random, so that none comes to rely on
another. Adam does the steps, with a learning rate that falls to zero.
"""

from typing import NamedTuple

import numpy as np
from tqdm import tqdm

import pellucid as tf
from examples.images import Digits, load_digits

GOAL = "at least 97 % of the held-out digits are read right"
EPOCHS, BATCH = 100, 32


class Network:
    """The graph: from images to probabilities of the ten digits, and a step of training."""

    def __init__(self, steps):
        self.images = tf.placeholder(tf.float32, [None, 64], name="images")
        self.digits = tf.placeholder(tf.int64, [None], name="digits")
        self.keep = tf.placeholder_with_default(1.0, [], name="keep")
        with tf.variable_scope("hidden1"):
            hidden = self.hidden_layer(self.images, 256)
        with tf.variable_scope("hidden2"):
            hidden = self.hidden_layer(hidden, 128)
        with tf.variable_scope("output"):
            logits = self.affine(hidden, 10)
        self.probabilities = tf.nn.softmax(logits, name="probabilities")
        with tf.name_scope("loss"):
            self.loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(
                labels=self.digits, logits=logits))
        with tf.name_scope("accuracy"):
            right = tf.equal(tf.argmax(logits, axis=1), self.digits)
            self.accuracy = tf.reduce_mean(tf.cast(right, tf.float32))
        with tf.name_scope("train"):
            done = tf.train.get_or_create_global_step()
            rate = tf.train.polynomial_decay(0.002, done, steps, end_learning_rate=0.0)
            self.step = tf.train.AdamOptimizer(rate).minimize(self.loss, global_step=done)

    def hidden_layer(self, x, units):
        """dropout(relu(x W + b))"""
        return tf.nn.dropout(tf.nn.relu(self.affine(x, units)), keep_prob=self.keep)

    def affine(self, x, units):
        """x W + b"""
        W = tf.get_variable("W", [x.shape[1], units])
        b = tf.get_variable("b", [units], initializer=tf.zeros_initializer())
        return tf.matmul(x, W) + b


class Result(NamedTuple):
    """What training has led to.

    Attributes:
      held_out: Digits.
      probabilities: array of shape (n, 10), what the network makes of them.
      accuracy: float, how many of them it reads right.
      losses: list of float, the loss on each training batch.
      history: list of (step, accuracy on the training part, on the held-out part).
      graph: Graph.
    """

    held_out: Digits
    probabilities: np.ndarray
    accuracy: float
    losses: list
    history: list
    graph: object


def train(seed=0):
    """A Result. Shows a progress bar, and a line every ten epochs."""
    training, held_out = load_digits()
    random = np.random.default_rng(seed)
    batches = len(training.digits) // BATCH
    losses, history = [], []
    with tf.Graph().as_default() as graph:
        tf.set_random_seed(seed)
        network = Network(EPOCHS * batches)
        session = tf.Session()
        session.run(tf.global_variables_initializer())

    def evaluate(part):
        feed = {network.images: part.images, network.digits: part.digits}
        return session.run([network.accuracy, network.probabilities], feed)

    with tqdm(total=EPOCHS * batches, unit="step", leave=False) as bar:
        for epoch in range(1, EPOCHS + 1):
            order = random.permutation(len(training.digits))
            for batch in np.split(order[:batches * BATCH], batches):
                loss, _ = session.run([network.loss, network.step], {
                    network.images: training.images[batch],
                    network.digits: training.digits[batch], network.keep: 0.5})
                losses.append(loss)
            bar.update(batches)
            train_accuracy, accuracy = evaluate(training)[0], evaluate(held_out)[0]
            history.append((len(losses), train_accuracy, accuracy))
            if epoch == 1 or epoch % 10 == 0:
                loss = np.mean(losses[-batches:])
                bar.write(f"epoch {epoch:3d}  loss {loss:.4f}  accuracy "
                          f"{train_accuracy:7.2%} training, {accuracy:7.2%} held out")
    accuracy, probabilities = evaluate(held_out)
    return Result(held_out, probabilities, float(accuracy), losses, history, graph)


def main():
    """Trains and says how well; True if the goal is reached."""
    result = train()
    print(f"held-out accuracy {result.accuracy:.2%}")
    return result.accuracy >= 0.97


if __name__ == "__main__":
    raise SystemExit(not main())
