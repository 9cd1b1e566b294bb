"""Linear-chain conditional random fields: tf.contrib.crf."""

import numpy as np

from ..harness import case, numbers, variables

TAGS = np.array([[1, 0, 2, 1], [2, 2, 0, 0], [0, 1, 1, 0], [3, 0, 0, 0]], np.int32)
LENGTHS = np.array([4, 2, 3, 0], np.int32)


def _given(tf):
    return (tf.constant(numbers(4, 4, 4)), tf.constant(TAGS), tf.constant(LENGTHS),
            tf.constant(numbers(4, 4, seed=1)))


@case
def likelihood(tf, run):
    inputs, tags, lengths, _ = _given(tf)
    with tf.variable_scope("crf", initializer=tf.constant_initializer(0.25)):
        value, transitions = tf.contrib.crf.crf_log_likelihood(inputs, tags, lengths)
    gradients = tf.gradients(tf.reduce_sum(tf.square(value)), [inputs, transitions])
    return [run([value, gradients]), variables(tf), str(value.shape)]


@case
def scores(tf, run):
    inputs, tags, lengths, transitions = _given(tf)
    crf = tf.contrib.crf
    bitmap = tf.logical_or(tf.one_hot(tags, 4, True, False), tf.one_hot(tags + 1, 4, True, False))
    return run([crf.crf_unary_score(tags, lengths, inputs),
                crf.crf_binary_score(tags, lengths, transitions),
                crf.crf_log_norm(inputs, lengths, transitions),
                crf.crf_multitag_sequence_score(inputs[:3], bitmap[:3], lengths[:3], transitions),
                crf.crf_log_norm(inputs[:, :1], tf.minimum(lengths, 1), transitions),
                crf.crf_log_norm(inputs, tf.cast(lengths, tf.int64), transitions)])


@case
def one_step(tf, run):
    inputs, tags, lengths, transitions = _given(tf)
    lengths = tf.minimum(lengths, 1)
    value, _ = tf.contrib.crf.crf_log_likelihood(inputs[:, :1], tags[:, :1], lengths, transitions)
    return run([value, tf.contrib.crf.crf_decode(inputs[:, :1], transitions, lengths)])


@case
def unknown_steps(tf, run):
    """Placeholders without sizes, int64 tags, as taggers feed them."""
    _, _, _, transitions = _given(tf)
    inputs = tf.placeholder(tf.float32, [None, None, 4])
    tags = tf.placeholder(tf.int64, [None, None])
    lengths = tf.placeholder(tf.int32, [None])
    value, _ = tf.contrib.crf.crf_log_likelihood(inputs, tags, lengths, transitions)
    best, score = tf.contrib.crf.crf_decode(inputs, transitions, lengths)
    feed = {inputs: numbers(4, 4, 4, seed=2), tags: TAGS, lengths: LENGTHS}
    one = {inputs: numbers(2, 1, 4, seed=2), tags: TAGS[:2, :1], lengths: [1, 1]}
    return [run([value, best, score], feed), run([value, best, score], one), best.dtype.name]


@case
def decoding(tf, run):
    inputs, _, lengths, transitions = _given(tf)
    best, score = run(tf.contrib.crf.crf_decode(inputs, transitions, lengths))
    tags, by_hand = tf.contrib.crf.viterbi_decode(numbers(4, 4, 4)[0], numbers(4, 4, seed=1))
    return [best, score, [int(tag) for tag in tags], by_hand]
