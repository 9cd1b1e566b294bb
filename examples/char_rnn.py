"""A recurrent net reads a tale letter by letter, and then tells one.

    python -m examples.char_rnn

Two layers of LSTM cells say for each letter what the next one will be. The text is cut into rows,
which are read side by side in windows of 40 letters; the state after a window is fed to the
next one, so that what was read long ago can still matter, while gradients reach back one window
(truncated backpropagation through time). Read next: gpt.py.
"""

import numpy as np

import pellucid as tf
from examples.learning import Learned, flags, watched
from examples.tale import load_tale

GOAL = "at most 0.6 nats a letter, where guessing without memory costs 2.9"
UNITS, LAYERS, WINDOW, ROWS = 96, 2, 40, 16


def windows(numbers):
    """(letters, next letters), both of shape (ROWS, WINDOW), for ever: windows in reading order.

    The third value is True where the rows begin anew.
    """
    length = (len(numbers) - 1) // ROWS
    here = numbers[:ROWS * length].reshape(ROWS, length)
    following = numbers[1:ROWS * length + 1].reshape(ROWS, length)
    while True:
        for start in range(0, length - WINDOW + 1, WINDOW):
            window = slice(start, start + WINDOW)
            yield here[:, window], following[:, window], start == 0


class Network:
    """The graph: from letters (n, time) to logits (n, time, letters), and a step of training."""

    def __init__(self, letters):
        self.here = tf.placeholder(tf.int32, [None, None], name="here")
        self.following = tf.placeholder(tf.int32, [None, None], name="following")
        cell = tf.nn.rnn_cell.MultiRNNCell(
            [tf.nn.rnn_cell.LSTMCell(UNITS) for _ in range(LAYERS)])
        self.start = cell.zero_state(tf.shape(self.here)[0], tf.float32)
        outputs, self.end = tf.nn.dynamic_rnn(
            cell, tf.one_hot(self.here, letters), initial_state=self.start)
        logits = tf.layers.dense(outputs, letters)
        self.loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(
            labels=self.following, logits=logits))
        self.drawn = tf.multinomial(logits[:, -1] / 0.7, 1)[:, 0]
        variables = tf.trainable_variables()
        gradients, _ = tf.clip_by_global_norm(tf.gradients(self.loss, variables), 5.0)
        pairs = list(zip(gradients, variables))
        self.step = tf.train.AdamOptimizer(0.005).apply_gradients(pairs)

    def tell(self, session, beginning, count):
        """The numbers of `count` letters after those of the beginning, drawn one by one."""
        numbers, told, state = [beginning], [], None
        for _ in range(count):
            feed = {self.here: numbers}
            if state is not None:
                feed[self.start] = state
            drawn, state = session.run([self.drawn, self.end], feed)
            numbers = [drawn]
            told.append(drawn[0])
        return told


def train(steps=450, told=200, seed=0):
    """A Learned; its score is the mean loss of the last 20 steps, in nats a letter."""
    text = load_tale()
    with tf.Graph().as_default():
        tf.set_random_seed(seed)
        network = Network(len(text))
        losses, state = [], None
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            reader = windows(text.numbers)
            for _ in watched(steps, losses):
                here, following, first = next(reader)
                feed = {network.here: here, network.following: following}
                if not first:
                    feed[network.start] = state
                value, state, _ = session.run([network.loss, network.end, network.step], feed)
                losses.append(value)
            beginning = text.numbers[:20]
            tale = text.text([*beginning, *network.tell(session, beginning, told)])
    return Learned(losses, float(np.mean(losses[-20:])), tale)


def main():
    """Trains and tells; True if the goal is reached."""
    result = train(**flags(train, __doc__))
    print(f"{result.sample}\n\n{result.score:.2f} nats a letter")
    return result.score <= 0.6


if __name__ == "__main__":
    raise SystemExit(not main())
