"""Operation types of pellucid/ops/neural/ctc.py and ctc_decoders.py."""

import numpy as np

from tests.ops.case import case

RANDOM = np.random.default_rng(2)
LOGITS = RANDOM.normal(size=(6, 3, 5)).astype(np.float32)
LENGTHS = np.array([6, 5, 2], np.int32)
PLACES = np.array([[0, 0], [0, 1], [0, 2], [1, 0], [2, 0]])
LABELS = np.array([1, 1, 3, 0, 2], np.int32)


def loss(labels=LABELS, **options):
    return lambda tf, x, n: tf.nn.ctc_loss(tf.SparseTensor(PLACES, labels, [3, 3]), x, n, **options)


def greedy(**options):
    def build(tf, x, n):
        (found,), numbers = tf.nn.ctc_greedy_decoder(x, n, **options)
        return [found.indices, found.values, found.dense_shape, numbers]
    return build


def beam(**options):
    def build(tf, x, n):
        found, numbers = tf.nn.ctc_beam_search_decoder(x, n, **options)
        return [part for one in found
                for part in (one.indices, one.values, one.dense_shape)] + [numbers]
    return build


CASES = [
    case("CTCLoss", loss(), LOGITS, LENGTHS, second=False, rtol=1e-4),
    case("CTCLoss", loss(), LOGITS.astype(np.float64), LENGTHS, second=False, label="float64"),
    case("CTCLoss", loss(ctc_merge_repeated=False), LOGITS, LENGTHS, second=False, rtol=1e-4,
         label="repeats count"),
    case("CTCLoss", loss(preprocess_collapse_repeated=True), LOGITS, LENGTHS, second=False,
         rtol=1e-4, label="collapsed before"),
    case("CTCLoss", loss(np.array([1, 1, 4, 0, 2], np.int32)), LOGITS, LENGTHS, second=False,
         rtol=1e-4, label="null labels"),
    case("CTCLoss", loss(ignore_longer_outputs_than_inputs=True), LOGITS,
         np.array([2, 6, 1], np.int32), second=False, rtol=1e-4, label="too long"),
    case("CTCLoss", loss(time_major=False), LOGITS.transpose(1, 0, 2).copy(), LENGTHS,
         second=False, rtol=1e-4, label="batch first"),
    case("CTCGreedyDecoder", greedy(), LOGITS, LENGTHS),
    case("CTCGreedyDecoder", greedy(merge_repeated=False), LOGITS.repeat(2, 0),
         2 * LENGTHS, label="repeats count"),
    case("CTCGreedyDecoder", greedy(), LOGITS, 0 * LENGTHS, label="empty"),
    case("CTCBeamSearchDecoder", beam(), LOGITS, LENGTHS, rtol=1e-4),
    case("CTCBeamSearchDecoder", beam(top_paths=3, beam_width=4), 3 * LOGITS.repeat(2, 0),
         2 * LENGTHS, rtol=1e-4, label="three paths"),
    case("CTCBeamSearchDecoder", beam(merge_repeated=False), 3 * LOGITS.repeat(3, 0),
         3 * LENGTHS, rtol=1e-4, label="repeats count"),
]
