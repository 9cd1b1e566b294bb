"""A whole program that is interrupted, started again, and ends with the same numbers.

A language model of letters: which letter follows which. It reads a text as a data set, skips what
it has read already, and trains in a MonitoredTrainingSession, which saves and restores.
"""

import numpy as np

import pellucid as tf

TEXT = "the cat sat on the mat and the rat ate the hat that the bat had " * 8
STEPS, BATCH = 60, 16


class Interrupt(tf.train.SessionRunHook):
    """Stops the program as a lost machine would: with an error, in the middle."""

    def __init__(self, step):
        self.step = step

    def begin(self):
        self.read = tf.train.get_global_step() + 0

    def after_run(self, run_context, run_values):
        if run_context.session.run(self.read) == self.step:
            raise KeyboardInterrupt


def program(directory, interrupt=None):
    """Trains to the last step; returns {step: loss} of the steps that were run."""
    letters = sorted(set(TEXT))
    numbers = np.array([letters.index(c) for c in TEXT], np.int32)
    losses = {}
    with tf.Graph().as_default():
        tf.set_random_seed(1)
        latest = tf.train.latest_checkpoint(directory)
        done = tf.train.load_variable(latest, "global_step") if latest else 0
        data = tf.data.Dataset.from_tensor_slices((numbers[:-1], numbers[1:]))
        data = data.repeat().batch(BATCH).skip(int(done)).prefetch(1)
        here, following = data.make_one_shot_iterator().get_next()

        vectors = tf.get_variable("vectors", [len(letters), 8])
        logits = tf.layers.dense(tf.nn.embedding_lookup(vectors, here), len(letters))
        loss = tf.losses.sparse_softmax_cross_entropy(following, logits)
        step = tf.train.get_or_create_global_step()
        train = tf.train.AdamOptimizer(0.05).minimize(loss, global_step=step)
        tf.summary.scalar("loss", loss)

        hooks = [tf.train.StopAtStepHook(last_step=STEPS), tf.train.NanTensorHook(loss)]
        if interrupt:
            hooks.append(Interrupt(interrupt))
        with tf.train.MonitoredTrainingSession(
                checkpoint_dir=directory, save_checkpoint_steps=10, save_summaries_steps=20,
                hooks=hooks) as session:
            while not session.should_stop():
                value, _ = session.run([loss, train])
                losses[len(losses) + int(done) + 1] = float(value)
    return losses


def test_program(tmp_path):
    whole = program(str(tmp_path / "whole"))
    assert sorted(whole) == list(range(1, STEPS + 1)) and whole[STEPS] < 0.7 * whole[1]

    directory, parts = str(tmp_path / "parts"), {}
    for interrupt in (23, 37, None):
        try:
            parts.update(program(directory, interrupt))
        except KeyboardInterrupt:
            pass                             # what was since the last checkpoint is lost
    assert parts and all(whole[step] == parts[step] for step in parts)
    assert sorted(parts) == list(range(31, STEPS + 1))
    assert tf.train.latest_checkpoint(directory).endswith(f"-{STEPS}")
    tags = {value.tag for path in (tmp_path / "parts").glob("*tfevents*")
            for event in tf.train.summary_iterator(str(path)) for value in event.summary.value}
    assert "loss" in tags
