"""Candidate samplers, noise-contrastive estimation, sampled softmax."""

import numpy as np

from ..harness import case, in_turn

LABELS = np.array([[1], [6], [0]])
WHY = "the steps on the way are not promised, only the losses"


@case(each=[True, False])
def samplers_in_turn(tf, unique):
    drawn = [tf.nn.log_uniform_candidate_sampler(LABELS, 1, 6, unique, 30, seed=5),
             tf.nn.uniform_candidate_sampler(LABELS, 1, 6, unique, 30, seed=5, name="named")]
    return in_turn(drawn, drawn, drawn)


@case
def accidental_hits(tf):
    return tf.nn.compute_accidental_hits(LABELS, [0, 3, 6, 6], 1)


def _loss(tf, loss, **options):
    tf.set_random_seed(7)
    rng = np.random.default_rng(1)
    weights = tf.constant(rng.normal(size=(9, 4)).astype(np.float32))
    biases = tf.constant(rng.normal(size=9).astype(np.float32))
    inputs = tf.constant(rng.normal(size=(3, 4)).astype(np.float32))
    value = loss(weights=weights, biases=biases, inputs=inputs, num_sampled=5, num_classes=9,
                 **options)
    by_rows = tf.convert_to_tensor(tf.gradients(value, weights)[0])
    return [value, by_rows, tf.gradients(value, inputs)[0]]


@case(names=False, why=WHY, each=[True, False])
def nce_loss(tf, remove):
    return _loss(tf, tf.nn.nce_loss, labels=LABELS, remove_accidental_hits=remove)


@case(names=False, why=WHY)
def nce_loss_of_two_true_classes(tf):
    return _loss(tf, tf.nn.nce_loss, labels=np.array([[1, 2], [6, 6], [0, 3]], np.int32),
                 num_true=2)


@case(names=False, why=WHY, each=[True, False])
def sampled_softmax_loss(tf, remove):
    return _loss(tf, tf.nn.sampled_softmax_loss, labels=LABELS, remove_accidental_hits=remove,
                 seed=2)


@case(names=False, why=WHY)
def nce_loss_with_a_sampler_and_parts(tf):
    drawn = tf.nn.uniform_candidate_sampler(LABELS, 1, 4, False, 8, seed=1)
    parts = [tf.ones([4, 2]), tf.fill([4, 2], 0.5)]
    return [tf.nn.nce_loss(parts, [tf.zeros([4]), tf.ones([4])], LABELS, tf.ones([3, 2]), 4, 8,
                           sampled_values=drawn, partition_strategy=strategy)
            for strategy in ("mod", "div")]
