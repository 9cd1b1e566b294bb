"""One recurrent net reads a date, another writes it: from "3 march 1987" to "1987-03-03".

    python -m examples.seq2seq

The encoder reads the letters, and its last state is all that the decoder knows (Sutskever et al.
2014). In training the decoder is given the letter that it should have written before; afterwards it
is given the letter that it did write, in a tf.while_loop that is part of the graph.
"""

import datetime

import numpy as np

import pellucid as tf
from examples.learning import Learned, flags, watched

GOAL = "at least 95 % of dates that it has not seen are written right"
LETTERS = "_ -/,0123456789abcdefghijklmnoprstuvy"          # "_" fills up, and begins
UNITS, LENGTH = 128, 10                                    # of "1987-03-03"
FORMS = ["{day} {month} {year}", "{month} {day}, {year}", "{day}/{number}/{year}",
         "{short} {day} {year}", "{year}, {day} {month}"]
MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august", "september",
          "october", "november", "december"]


def dates(random, count):
    """(read, lengths, written): arrays of the numbers of letters, of dates in 1950 to 2049.

    read has shape (count, longest), lengths (count,), written (count, LENGTH).
    """
    read, written = [], []
    for _ in range(count):
        day = datetime.date(1950, 1, 1) + datetime.timedelta(days=random.randint(36500))
        month = MONTHS[day.month - 1]
        read.append(FORMS[random.randint(len(FORMS))].format(
            day=day.day, number=day.month, month=month, short=month[:3], year=day.year))
        written.append(day.isoformat())
    lengths = np.array([len(text) for text in read], np.int32)
    return numbers(read, lengths.max()), lengths, numbers(written, LENGTH)


def numbers(texts, width):
    """The letters of texts as numbers, shape (texts, width), filled up with zeros."""
    return np.array([[LETTERS.index(letter) for letter in text.ljust(width, "_")]
                     for text in texts], np.int32)


class Network:
    """The graph: from letters read to letters written, and a step of training."""

    def __init__(self, steps):
        self.read = tf.placeholder(tf.int32, [None, None], name="read")
        self.lengths = tf.placeholder(tf.int32, [None], name="lengths")
        self.written = tf.placeholder(tf.int32, [None, LENGTH], name="written")
        self.vectors = tf.get_variable("vectors", [len(LETTERS), 16])     # one for each letter
        encoder, self.decoder = (tf.nn.rnn_cell.GRUCell(UNITS, name=name)
                                 for name in ("encoder", "decoder"))
        _, self.state = tf.nn.dynamic_rnn(
            encoder, self.vectors_of(self.read), self.lengths, dtype=tf.float32)
        with tf.variable_scope("write"):
            self.W = tf.get_variable("W", [UNITS, len(LETTERS)])
            self.b = tf.get_variable("b", [len(LETTERS)], initializer=tf.zeros_initializer())
        logits = self.logits_given_the_truth()
        self.loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(
            labels=self.written, logits=logits))
        self.guess = self.write()                          # (n, LENGTH)
        right = tf.reduce_all(tf.equal(self.guess, self.written), axis=1)
        self.accuracy = tf.reduce_mean(tf.cast(right, tf.float32))
        done = tf.train.get_or_create_global_step()
        rate = tf.train.polynomial_decay(0.004, done, steps, end_learning_rate=0.0)
        optimizer = tf.train.AdamOptimizer(rate)
        gradients, variables = zip(*optimizer.compute_gradients(self.loss))
        gradients, _ = tf.clip_by_global_norm(gradients, 1.0)
        pairs = list(zip(gradients, variables))
        self.step = optimizer.apply_gradients(pairs, global_step=done)

    def vectors_of(self, letters):
        """From (...) to (..., 16)."""
        return tf.nn.embedding_lookup(self.vectors, letters)

    def logits_given_the_truth(self):
        """Of shape (n, LENGTH, letters): at each place, given the right letters before it."""
        begin = tf.zeros_like(self.written[:, :1])
        before = tf.concat([begin, self.written[:, :-1]], axis=1)
        outputs, _ = tf.nn.dynamic_rnn(
            self.decoder, self.vectors_of(before), initial_state=self.state, scope="decoding")
        flat = tf.matmul(tf.reshape(outputs, [-1, UNITS]), self.W) + self.b
        return tf.reshape(flat, [-1, LENGTH, len(LETTERS)])

    def write(self):
        """What the decoder writes by itself, the likeliest letter at each place: (n, LENGTH)."""
        def one_letter(place, letter, state, text):
            with tf.variable_scope("decoding", reuse=True):
                output, state = self.decoder(self.vectors_of(letter), state)
            letter = tf.argmax(tf.matmul(output, self.W) + self.b, axis=1, output_type=tf.int32)
            return place + 1, letter, state, text.write(place, letter)

        start = (0, tf.zeros_like(self.written[:, 0]), self.state,
                 tf.TensorArray(tf.int32, size=LENGTH))
        _, _, _, text = tf.while_loop(lambda place, *_: place < LENGTH, one_letter, start)
        return tf.transpose(text.stack())


def train(steps=700, batch=64, seed=0):
    """A Learned; its score is the part of 500 held-out dates that are written right."""
    random = np.random.RandomState(seed)
    held_out = dates(random, 500)
    with tf.Graph().as_default():
        tf.set_random_seed(seed)
        network = Network(steps)

        def feed(some):
            return dict(zip((network.read, network.lengths, network.written), some))

        losses = []
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            for _ in watched(steps, losses):
                value, _ = session.run([network.loss, network.step], feed(dates(random, batch)))
                losses.append(value)
            score, guess = session.run([network.accuracy, network.guess], feed(held_out))
    lines = ["{:20} {}".format(*("".join(LETTERS[n] for n in row).replace("_", "")
                                 for row in pair))
             for pair in zip(held_out[0][:5], guess)]
    return Learned(losses, float(score), "\n".join(lines))


def main():
    """Trains and says how well; True if the goal is reached."""
    result = train(**flags(train, __doc__))
    print(f"{result.sample}\n{result.score:.1%} of the dates are written right")
    return result.score >= 0.95


if __name__ == "__main__":
    raise SystemExit(not main())
