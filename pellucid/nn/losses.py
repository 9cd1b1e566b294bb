"""Losses that are made of operations."""

import math

from pellucid.core.sources import constant
from pellucid.ops.arguments import as_tensor, name_scope
from pellucid.ops.arrays.creation import ones_like, zeros_like
from pellucid.ops.math.comparison import logical_and
from pellucid.ops.math.functions import exp, log
from pellucid.ops.math.selection import where


def log_poisson_loss(targets, log_input, compute_full_loss=False, name=None):
    """Minus the logarithm of the Poisson probability of targets, given the logarithm of the
    rate: e^c - z c for rate e^c and target z, plus log z! if the full loss is asked for.

    log z! is Stirling's approximation z log z - z + log(2 pi z) / 2, and 0 for z <= 1.

    As in TF: tf.nn.log_poisson_loss.
    """
    with name_scope(name, "log_poisson_loss", [log_input, targets]):
        log_input = as_tensor(log_input, name="log_input")
        targets = as_tensor(targets, name="targets")
        loss = exp(log_input) - log_input * targets
        if not compute_full_loss:
            return loss
        half, two_pi = constant(0.5, targets.dtype), constant(2 * math.pi, targets.dtype)
        stirling = targets * log(targets) - targets + half * log(two_pi * targets)
        zeros, ones = zeros_like(targets), ones_like(targets)
        small = logical_and(targets >= zeros, targets <= ones)
        return loss + where(small, zeros, stirling)
