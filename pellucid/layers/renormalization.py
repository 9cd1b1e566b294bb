"""Batch renormalization: normalizing by the batch, corrected towards what is usual.

A batch of few examples has a mean and a deviation of its own. Ioffe 2017 ("Batch
renormalization") normalizes by them all the same, and then maps x to x r + d, where

    r = deviation / usual deviation,    d = (mean - usual mean) / usual deviation

are taken for constants by the gradient. What is usual is a moving average of its own.
"""

import math

from pellucid.core.graph import get_default_graph
from pellucid.layers.named import initializer_named
from pellucid.nn.choice import smart_cond
from pellucid.ops.arrays.creation import ones_like, zeros_like
from pellucid.ops.control.passing import identity, stop_gradient
from pellucid.ops.math.elementwise import maximum, minimum
from pellucid.ops.math.functions import sqrt
from pellucid.ops.neural.activations import relu
from pellucid.ops.state.assignment import assign

_LIMITS = ("rmax", "rmin", "dmax")


class Renormalization:
    """The part of a BatchNormalization that has renorm.

    Args:
      layer: the BatchNormalization; its variables stay its own.
      clipping: {"rmin", "rmax", "dmax": number or scalar Tensor}, bounds of r and of |d|.
      momentum: float, of the usual mean and deviation.
    """

    def __init__(self, layer, clipping, momentum):
        self._layer, self._clipping, self._momentum = layer, clipping or {}, momentum
        if set(self._clipping) - set(_LIMITS):
            raise ValueError(f"renorm_clipping {clipping} contains keys not in {list(_LIMITS)}")

    def build(self, shape, dtype, **options):
        """Makes the averages that training uses, and that of the deviation for afterwards."""
        layer = self._layer
        variance_initializer = initializer_named(layer.moving_variance_initializer)

        def deviation_initializer(*args, **kwargs):
            return sqrt(variance_initializer(*args, **kwargs))
        layer.moving_stddev = layer.add_weight(
            "moving_stddev", shape, dtype, deviation_initializer, **options)
        layer.renorm_mean = layer.add_weight(
            "renorm_mean", shape, dtype, layer.moving_mean_initializer, **options)
        layer.renorm_stddev = layer.add_weight(
            "renorm_stddev", shape, dtype, deviation_initializer, **options)

    def corrections(self, mean, variance, training):
        """(r, d, mean, variance); reading the latter two updates the usual ones."""
        layer, graph = self._layer, get_default_graph()
        deviation = sqrt(variance + layer.epsilon)
        usual = maximum(layer.renorm_stddev, math.sqrt(layer.epsilon))   # early on it is near 0
        r, d = deviation / usual, (mean - layer.renorm_mean) / usual
        with graph.control_dependencies([r, d]):             # which need the averages before
            averaged = ((layer.renorm_mean, identity(mean)),
                        (layer.renorm_stddev, identity(deviation)))
        r, d = self._clipped(r, d)
        r = smart_cond(training, lambda: r, lambda: ones_like(r))
        d = smart_cond(training, lambda: d, lambda: zeros_like(d))
        updates = [smart_cond(
            training, lambda v=variable, x=value: layer._average(v, x, self._momentum),
            lambda v=variable: identity(v)) for variable, value in averaged]
        r, d = stop_gradient(r, name="renorm_r"), stop_gradient(d, name="renorm_d")
        with graph.control_dependencies(updates):
            return r, d, identity(mean), identity(variance)

    def _clipped(self, r, d):
        rmin, rmax, dmax = map(self._clipping.get, ("rmin", "rmax", "dmax"))
        r = r if rmin is None else maximum(r, rmin)
        r = r if rmax is None else minimum(r, rmax)
        d = d if dmax is None else minimum(maximum(d, -dmax), dmax)
        return r, d

    def average_variance(self, variance):
        """Updates moving_variance by way of the deviation's average, as the paper does."""
        layer = self._layer
        deviation = layer._average(layer.moving_stddev, sqrt(variance + layer.epsilon))
        # Rounding might make it negative.
        return assign(layer.moving_variance, relu(deviation * deviation - layer.epsilon),
                      name="AssignNewValue")
