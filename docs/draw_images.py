"""Draws the pictures of the README and the documents: python docs/draw_images.py."""

from pathlib import Path

import pellucid as tf

IMAGES = Path(__file__).with_name("images")


def small_net():
    """The net of the README's program."""
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    label = tf.placeholder(tf.int32, [None], name="label")
    with tf.variable_scope("hidden"):
        h = tf.tanh(tf.matmul(x, tf.get_variable("w1", [2, 8])) + tf.get_variable("b1", [8]))
    with tf.variable_scope("output"):
        logits = tf.matmul(h, tf.get_variable("w2", [8, 2])) + tf.get_variable("b2", [2])
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(
        labels=label, logits=logits, name="cross_entropy")
    return tf.reduce_mean(losses, name="loss")


def main():
    IMAGES.mkdir(exist_ok=True)
    with tf.Graph().as_default():
        tf.viz.draw(small_net(), IMAGES / "graph.svg")


if __name__ == "__main__":
    main()
