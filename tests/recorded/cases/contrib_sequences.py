"""Sequences in tf.contrib: layers of two-way networks, batches by length."""

import numpy as np

from ..harness import case, numbers, refused, variables

CELL = {"GRU": lambda tf, n: tf.nn.rnn_cell.GRUCell(n),
        "LSTM": lambda tf, n: tf.nn.rnn_cell.LSTMCell(n)}


def _cells(tf, kind, *sizes):
    return [CELL[kind](tf, size) for size in sizes]


@case
def stacked_both_ways(tf, run):
    x, lengths = tf.constant(numbers(2, 4, 3)), tf.constant([4, 2])
    initial = [tf.constant(numbers(2, 3)), tf.constant(numbers(2, 2))]
    with tf.variable_scope("all", initializer=tf.constant_initializer(0.1)):
        dynamic = tf.contrib.rnn.stack_bidirectional_dynamic_rnn(
            _cells(tf, "LSTM", 3, 2), _cells(tf, "LSTM", 2, 2), x, dtype=tf.float32,
            sequence_length=lengths)
        started = tf.contrib.rnn.stack_bidirectional_dynamic_rnn(
            _cells(tf, "GRU", 3, 2), _cells(tf, "GRU", 3, 2), tf.transpose(x, [1, 0, 2]), initial,
            initial, time_major=True, scope="started")
        static = tf.contrib.rnn.stack_bidirectional_rnn(
            _cells(tf, "GRU", 3, 2), _cells(tf, "GRU", 2, 2), tf.unstack(x, axis=1),
            dtype=tf.float32, scope="static")
    return [run([dynamic, started, static]), variables(tf), str(dynamic[0].shape)]


@case
def stacks_that_are_refused(tf, run):
    stack = tf.contrib.rnn.stack_bidirectional_dynamic_rnn
    x, two, one = tf.constant(numbers(2, 4, 3)), _cells(tf, "GRU", 3, 2), _cells(tf, "GRU", 3)
    return [refused(stack, *arguments) for arguments in (
        ([], [], x), (two, one, x), (tuple(two), two, x), (two, two, x, [x]),
        (two, two, x, None, [x, x, x]))]


def _batches(tf, run, fetches):
    """What comes until the end, batches in the order of their contents."""
    found = []
    with tf.Session(**run.options) as session:
        session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        coordinator = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(session, coordinator)
        try:
            while True:
                found.append(session.run(fetches))
        except tf.errors.OutOfRangeError:
            pass
        coordinator.request_stop()
        coordinator.join(threads)
    return sorted(found, key=lambda batch: str(np.asarray(batch[0]).tolist()))


def _examples(tf, lengths):
    length = tf.train.input_producer(lengths, num_epochs=1, shuffle=False).dequeue()
    return length, tf.fill([length], length)


@case
def by_length(tf, run):
    length, words = _examples(tf, [3, 9, 4, 12, 2, 11, 5, 1])
    lengths, [batch] = tf.contrib.training.bucket_by_sequence_length(
        length, [words], 2, [4, 10], dynamic_pad=True)
    return [_batches(tf, run, [lengths, batch]), str(lengths.shape), str(batch.shape)]


@case
def by_length_and_what_is_left(tf, run):
    length, words = _examples(tf, [3, 9, 4, 12, 2, 11, 5])
    lengths, batch = tf.contrib.training.bucket_by_sequence_length(
        length, {"words": words, "twice": length * 2}, [2, 3, 1], [4, 10], dynamic_pad=True,
        allow_smaller_final_batch=True, capacity=5, bucket_capacities=[4, 6, 3],
        keep_input=tf.not_equal(length, 9))
    return [[[a, b["words"], b["twice"]] for a, b in _batches(tf, run, [lengths, batch])],
            str(lengths.shape), str(batch["words"].shape)]


@case
def by_kind(tf, run):
    number = tf.train.input_producer(np.arange(9), num_epochs=1, shuffle=False).dequeue()
    kind, batch = tf.contrib.training.bucket([number], tf.cast(tf.mod(number, 2), tf.int32), 2, 2)
    return [_batches(tf, run, [kind, batch]), str(batch.shape), kind.dtype.name]


@case
def buckets_that_are_refused(tf, run):
    by_length, bucket = (tf.contrib.training.bucket_by_sequence_length,
                         tf.contrib.training.bucket)
    one = tf.constant(1)
    return [refused(by_length, one, [one], 2, boundaries) for boundaries in (
        4, [], [4, 4], [4, 2.5])] + [
        refused(by_length, one, [one], [2], [4]), refused(bucket, [one], one, [2], 3),
        refused(bucket, [one], one, 2, 2, bucket_capacities=[1])]


@case
def kernels_in_parts(tf, run):
    x = tf.constant(numbers(2, 4, 3))
    with tf.variable_scope("all", initializer=tf.constant_initializer(0.1)):
        cell = tf.nn.rnn_cell.LSTMCell(2, num_proj=3, num_unit_shards=2, num_proj_shards=2)
        outputs, state = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
    return [run([outputs, state, tf.gradients(outputs, x)]), variables(tf)]
