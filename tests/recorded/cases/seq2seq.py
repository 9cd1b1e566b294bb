"""contrib.legacy_seq2seq: decoders, attention, losses, buckets; contrib.seq2seq's loss."""

import numpy as np

from ..harness import case, numbers, variables
from .recurrent import _filled, _flat


def _symbols(tf, steps, many=5):
    return [tf.constant((np.arange(3) * (i + 1) + i) % many, tf.int32) for i in range(steps)]


@case
def plain_decoders(tf, run):
    legacy, cell = tf.contrib.legacy_seq2seq, tf.nn.rnn_cell
    inputs = [tf.constant(numbers(3, 4, seed=i).astype(np.float32)) for i in range(3)]
    with tf.variable_scope("all", initializer=_filled(tf)):
        basic, state = legacy.basic_rnn_seq2seq(inputs, inputs[:2], cell.GRUCell(4))
        tied, _ = legacy.tied_rnn_seq2seq(inputs, inputs[:2], cell.GRUCell(4))
        looped, _ = legacy.rnn_decoder(
            inputs, cell.GRUCell(4).zero_state(3, tf.float32), cell.GRUCell(4),
            loop_function=lambda prev, i: prev * 2.0)
    return [run([basic, state, tied, looped]), variables(tf)]


@case
def embedded_decoders(tf, run):
    legacy, cell = tf.contrib.legacy_seq2seq, tf.nn.rnn_cell
    answers = []
    with tf.variable_scope("all", initializer=_filled(tf)):
        for i, feed_previous in enumerate((False, True, tf.constant(True))):
            with tf.variable_scope("case_" + str(i)):
                outputs, state = legacy.embedding_rnn_seq2seq(
                    _symbols(tf, 3), _symbols(tf, 2), cell.BasicLSTMCell(4), 5, 6, 3,
                    feed_previous=feed_previous)
            answers.append([outputs, _flat(state)])
    return [run(answers), variables(tf)]


@case
def attention(tf, run):
    legacy, cell = tf.contrib.legacy_seq2seq, tf.nn.rnn_cell
    answers = []
    with tf.variable_scope("all", initializer=_filled(tf)):
        for i, (feed_previous, heads, first) in enumerate([
                (False, 1, False), (True, 2, False), (False, 1, True),
                (tf.constant(False), 1, False)]):
            with tf.variable_scope("case_" + str(i)):
                outputs, state = legacy.embedding_attention_seq2seq(
                    _symbols(tf, 3), _symbols(tf, 2), cell.GRUCell(4), 5, 6, 3,
                    num_heads=heads, feed_previous=feed_previous, initial_state_attention=first)
            answers.append([outputs, _flat(state)])
    return [run(answers), variables(tf)]


@case
def losses_of_lists(tf, run):
    legacy = tf.contrib.legacy_seq2seq
    logits = [tf.constant(numbers(3, 5, seed=i).astype(np.float32)) for i in range(2)]
    weights = [tf.constant([1.0, 0.5, 0.0]), tf.constant([1.0, 0.0, 0.0])]
    targets = _symbols(tf, 2)
    return run([legacy.sequence_loss_by_example(logits, targets, weights),
                legacy.sequence_loss_by_example(logits, targets, weights, False),
                legacy.sequence_loss(logits, targets, weights),
                legacy.sequence_loss(logits, targets, weights, average_across_batch=False)])


@case
def training_in_buckets(tf, run):
    legacy, cell = tf.contrib.legacy_seq2seq, tf.nn.rnn_cell

    def model(encoder, decoder):
        return legacy.embedding_attention_seq2seq(encoder, decoder, cell.GRUCell(4), 5, 6, 3)

    weights = [tf.ones([3]) for _ in range(4)]
    with tf.variable_scope("all", initializer=_filled(tf)):
        outputs, losses = legacy.model_with_buckets(
            _symbols(tf, 4), _symbols(tf, 4), _symbols(tf, 4), weights, [(2, 2), (4, 4)], model)
    train = tf.train.GradientDescentOptimizer(0.3).minimize(losses[1])
    values = [run([losses[1], train])[0] for _ in range(3)]
    return [values, run(losses), variables(tf), [len(o) for o in outputs]]


@case
def loss_of_a_tensor(tf, run):
    loss = tf.contrib.seq2seq.sequence_loss
    logits = tf.constant(numbers(3, 2, 5).astype(np.float32))
    targets = tf.constant([[1, 2], [0, 4], [3, 3]])
    weights = tf.constant([[1.0, 0.5], [1.0, 0.0], [0.0, 0.0]])
    return run([loss(logits, targets, weights),
                loss(logits, targets, weights, average_across_timesteps=False),
                loss(logits, targets, weights, average_across_batch=False),
                loss(logits, targets, weights, False, False)])
