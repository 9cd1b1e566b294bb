"""Random graphs to draw: nested and re-entered scopes, control edges, many inputs and outputs."""

import random

import numpy as np

import pellucid as tf


def random_graph(seed, size):
    """A Graph of at least `size` operations, the same for the same arguments."""
    graph = tf.Graph()
    with graph.as_default():
        _Builder(random.Random(seed), size).fill()
    return graph


class _Builder:
    def __init__(self, chance, size):
        self.chance, self.size, self.ops = chance, size, []
        self.pool = [tf.placeholder(tf.float32, [3], name="in"),
                     tf.placeholder(tf.float32, [3], name="a_placeholder_with_a_long_name")]

    def fill(self):
        while not self.is_full():
            self.scope(0)

    def is_full(self):
        return len(tf.get_default_graph().get_operations()) >= self.size

    def scope(self, depth):
        for _ in range(self.chance.randint(2, 8)):
            kind = self.chance.random()
            if self.is_full():
                return
            if kind < 0.25 and depth < 4:
                name = self.chance.choice(["a", "layer", "block_of_many", "again/"])
                with tf.name_scope(name):
                    self.scope(depth + 1)
            elif kind < 0.35:
                self.pool.append(tf.constant([1.0, 2.0, 3.0]))
            elif kind < 0.45:
                self.pool.append(tf.Variable(np.zeros(3, np.float32), name="W").value())
            else:
                self.operation()

    def operation(self):
        waits = [self.chance.choice(self.ops)] if self.chance.random() < 0.15 and self.ops else []
        pick = self.pool[-8:] if self.chance.random() < 0.8 else self.pool
        a, b = self.chance.choice(pick), self.chance.choice(pick)
        with tf.control_dependencies(waits):
            made = self.chance.choice([
                lambda: [a + b], lambda: [a * 2.0], lambda: [tf.exp(a)],
                lambda: tf.split(tf.concat([a, b, a], 0), 3),
                lambda: [tf.concat([a, b, a], 0)[:3]]])()
        self.pool.extend(made)
        self.ops.append(made[0].op)
