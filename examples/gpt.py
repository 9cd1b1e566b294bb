"""A small GPT reads a tale and then tells one: attention where char_rnn.py has memory.

    python -m examples.gpt

Each place of the text looks back at all places before it: its query is compared with their keys,
and what it gets is a mixture of their values, the more of each the better its key fits (Vaswani
et al. 2017). Blocks of such attention and of small nets, each added to what was there before, make
a transformer of GPT-2's kind (Radford et al. 2019). In 500 steps it learns the tale by heart.
"""

import numpy as np

import pellucid as tf
from examples.learning import Learned, flags, watched
from examples.tale import load_tale

GOAL = "at most 0.6 nats a letter, where guessing without memory costs 2.9"
BLOCKS, HEADS, UNITS, PLACES, ROWS = 2, 4, 64, 48, 16


def affine(x, units, scope, stddev=0.05):
    """x W + b over the last axis: from (n, t, d) to (n, t, units)."""
    with tf.variable_scope(scope):
        inputs = x.shape[-1].value
        W = tf.get_variable("W", [inputs, units],
                            initializer=tf.random_normal_initializer(stddev=stddev))
        b = tf.get_variable("b", [units], initializer=tf.zeros_initializer())
        flat = tf.matmul(tf.reshape(x, [-1, inputs]), W) + b
        return tf.reshape(flat, [tf.shape(x)[0], tf.shape(x)[1], units])


def normalize(x, scope):
    """Mean 0 and variance 1 over the last axis, then a scale and a shift that are learned."""
    with tf.variable_scope(scope):
        scale = tf.get_variable("scale", [UNITS], initializer=tf.ones_initializer())
        shift = tf.get_variable("shift", [UNITS], initializer=tf.zeros_initializer())
        mean, variance = tf.nn.moments(x, axes=[-1], keep_dims=True)
        return (x - mean) * tf.rsqrt(variance + 1e-5) * scale + shift


def attention(x):
    """What each place gets from the places before it, and itself: (n, t, UNITS)."""
    with tf.variable_scope("attention"):
        q, k, v = (in_heads(part) for part in tf.split(affine(x, 3 * UNITS, "qkv"), 3, axis=2))
        fit = tf.matmul(q, k, transpose_b=True) / np.sqrt(UNITS // HEADS)       # (n, heads, t, t)
        past = tf.matrix_band_part(tf.ones_like(fit), -1, 0)
        weights = tf.nn.softmax(fit * past - 1e9 * (1.0 - past))
        mixed = tf.transpose(tf.matmul(weights, v), [0, 2, 1, 3])
        mixed = tf.reshape(mixed, [tf.shape(x)[0], tf.shape(x)[1], UNITS])
        return affine(mixed, UNITS, "out")


def in_heads(x):
    """From (n, t, UNITS) to (n, HEADS, t, UNITS / HEADS)."""
    split = tf.reshape(x, [tf.shape(x)[0], tf.shape(x)[1], HEADS, UNITS // HEADS])
    return tf.transpose(split, [0, 2, 1, 3])


def gelu(x):
    """x times the probability that a standard Gaussian is below it, nearly (Hendrycks 2016)."""
    return 0.5 * x * (1.0 + tf.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * tf.pow(x, 3))))


def transformer(letters, size):
    """The logits of the letter after each place: from (n, t) to (n, t, size)."""
    vectors = tf.get_variable("vectors", [size, UNITS],
                              initializer=tf.random_normal_initializer(stddev=0.05))
    places = tf.get_variable("places", [PLACES, UNITS],
                             initializer=tf.random_normal_initializer(stddev=0.02))
    x = tf.gather(vectors, letters) + places[:tf.shape(letters)[1]]
    for block in range(BLOCKS):
        with tf.variable_scope(f"block{block}"):
            x = x + attention(normalize(x, "before_attention"))
            hidden = gelu(affine(normalize(x, "before_net"), 4 * UNITS, "hidden"))
            x = x + affine(hidden, UNITS, "out")
    x = normalize(x, "end")
    logits = tf.matmul(tf.reshape(x, [-1, UNITS]), vectors, transpose_b=True)
    return tf.reshape(logits, [tf.shape(letters)[0], tf.shape(letters)[1], size])


class Network:
    """The graph: logits of letters, a letter drawn, and a step of training."""

    def __init__(self, letters, steps):
        self.here = tf.placeholder(tf.int32, [None, None], name="here")
        self.following = tf.placeholder(tf.int32, [None, None], name="following")
        logits = transformer(self.here, letters)
        self.loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(
            labels=self.following, logits=logits))
        self.drawn = tf.multinomial(logits[:, -1] / 0.7, 1)[:, 0]
        done = tf.train.get_or_create_global_step()
        rate = tf.train.cosine_decay(0.004, done, steps, alpha=0.05)
        self.step = tf.train.AdamOptimizer(rate, beta2=0.98).minimize(self.loss, global_step=done)

    def tell(self, session, beginning, count):
        """The numbers of the beginning and of `count` letters more, drawn one by one."""
        told = list(beginning)
        for _ in range(count):
            told.append(session.run(self.drawn, {self.here: [told[-PLACES:]]})[0])
        return told


def windows(random, numbers):
    """(letters, next letters), of shape (ROWS, PLACES): from anywhere in the text, for ever."""
    while True:
        starts = random.randint(len(numbers) - PLACES, size=ROWS)
        rows = np.stack([numbers[start:start + PLACES + 1] for start in starts])
        yield rows[:, :-1], rows[:, 1:]


def train(steps=500, told=200, seed=0):
    """A Learned; its score is the mean loss of the last 20 steps, in nats a letter."""
    text = load_tale()
    with tf.Graph().as_default():
        tf.set_random_seed(seed)
        network = Network(len(text), steps)
        losses = []
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            reader = windows(np.random.RandomState(seed), text.numbers)
            for _ in watched(steps, losses):
                here, following = next(reader)
                value, _ = session.run([network.loss, network.step], {
                    network.here: here, network.following: following})
                losses.append(value)
            tale = text.text(network.tell(session, text.numbers[:20], told))
    return Learned(losses, float(np.mean(losses[-20:])), tale)


def main():
    """Trains and tells; True if the goal is reached."""
    result = train(**flags(train, __doc__))
    print(f"{result.sample}\n\n{result.score:.2f} nats a letter")
    return result.score <= 0.6


if __name__ == "__main__":
    raise SystemExit(not main())
