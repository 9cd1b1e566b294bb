"""Losses that are made of operations."""

import math

import numpy as np

import pellucid as tf


def test_log_poisson_loss(session):
    z, c = np.array([0.5, 2.0, 5.0]), np.array([0.1, -0.3, 1.2])
    short = np.exp(c) - z * c
    stirling = z * np.log(z) - z + 0.5 * np.log(2 * math.pi * z)
    stirling[0] = 0                                                  # for z <= 1
    np.testing.assert_allclose(session.run(tf.nn.log_poisson_loss(z, c)), short)
    full = tf.nn.log_poisson_loss(z, c, compute_full_loss=True)
    np.testing.assert_allclose(session.run(full), short + stirling)
