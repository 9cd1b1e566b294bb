"""Operation types of pellucid/ops/neural/candidate_sampling.py: the numbers are TensorFlow's."""

import numpy as np

from tests.ops.case import case

TRUE = np.array([[1, 0], [7, 2], [3, 3]])


def log_uniform(unique, num_sampled=5, classes=20):
    return lambda tf, true: tf.nn.log_uniform_candidate_sampler(
        true, 2, num_sampled, unique, classes, seed=3)


def uniform(unique, num_sampled=5, classes=20):
    return lambda tf, true: tf.random.uniform_candidate_sampler(
        true, 2, num_sampled, unique, classes, seed=3)


CASES = [
    case("LogUniformCandidateSampler", log_uniform(True), TRUE, gradient=()),
    case("LogUniformCandidateSampler", log_uniform(True, 19), TRUE, gradient=(), label="most"),
    case("LogUniformCandidateSampler", log_uniform(False, 50), TRUE, gradient=(),
         label="not unique"),
    case("UniformCandidateSampler", uniform(True), TRUE, gradient=()),
    case("UniformCandidateSampler", uniform(True, 20), TRUE, gradient=(), label="all"),
    case("UniformCandidateSampler", uniform(False, 50, 16), TRUE[:0], gradient=(),
         label="not unique"),
    case("ComputeAccidentalHits",
         lambda tf, true, drawn: tf.nn.compute_accidental_hits(true, drawn, 2),
         TRUE, np.array([2, 0, 9, 3, 0]), gradient=()),
]
