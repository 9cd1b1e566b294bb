"""Gamma and Poisson numbers, by rejection: draw, test, and where the test fails draw again.

Each number has a part of its operation's sequence to itself, 256 blocks, so that numbers do
not depend on how often others failed. They are TensorFlow's: see numbers.py.
"""

import math

import numpy as np

from pellucid.core import dtypes
from pellucid.core.dtypes import as_dtype
from pellucid.core.gradients import NotDifferentiable, RegisterGradient
from pellucid.core.operation import convert_to_tensor
from pellucid.core.shapes import Spec
from pellucid.core.sources import constant
from pellucid.ops.arguments import as_tensor, check_allowed, name_scope
from pellucid.ops.arrays.shaping import shape as shape_of
from pellucid.ops.arrays.tiling import broadcast_dynamic_shape, broadcast_to
from pellucid.ops.math.elementwise import maximum
from pellucid.ops.random import numbers as random_numbers
from pellucid.ops.random.draws import (
    INTEGERS,
    RandomOperation,
    Sequence,
    concrete_shape,
    drawn_shape,
    seeds,
)

_FLOATS = (dtypes.float16, dtypes.float32, dtypes.float64)
_DISTANCE = 256                             # blocks between the parts of two numbers


class _Parts:
    """For each number to draw, its part of the sequence.

    TensorFlow draws uniform and normal numbers two at a time, and uses the second first.
    """

    def __init__(self, key, starts):
        self.key, self.blocks = key, np.array(starts, np.uint64)
        self._pairs = {}

    def uniform(self, rows):
        """The next number in [0, 1) of each of the parts `rows`."""
        return self._next(rows, random_numbers.doubles)

    def normal(self, rows):
        """The next normal number of each of the parts `rows`."""
        return self._next(rows, random_numbers.normal_doubles)

    def _next(self, rows, convert):
        n = len(self.blocks)
        values, left = self._pairs.setdefault(
            convert, (np.empty((n, 2)), np.zeros(n, np.intp)))
        empty = rows[left[rows] == 0]
        if empty.size:
            values[empty] = convert(random_numbers.philox(self.key, self.blocks[empty]))
            self.blocks[empty] += np.uint64(1)
            left[empty] = 2
        left[rows] -= 1
        return values[rows, left[rows]]


class Rejection(RandomOperation):
    """Base: for each parameter as many numbers as `shape` asks for."""

    def infer(self, shape, parameter):
        check_allowed("the parameter", parameter.dtype, self.parameters)
        outer = drawn_shape(shape)
        known = outer is not None and parameter.shape is not None
        return Spec(self.result_dtype(parameter), outer + parameter.shape if known else None)

    def compute(self, cell, shape, parameter):
        outer, n = concrete_shape(shape)
        parameter = np.asarray(parameter)
        total = n * parameter.size
        with cell.lock:
            state = cell.value
            if type(state) is Sequence:
                cell.value = state.skip(_DISTANCE * total)
        if type(state) is Sequence:
            key, first = state.key, state.block
        else:
            key, first = tuple(map(int, state.integers(1, 2**63, 2))), 0
        starts = np.arange(total, dtype=np.uint64) * np.uint64(_DISTANCE) + np.uint64(first)
        each = np.repeat(parameter.astype(np.float64).ravel(), n)
        drawn = self.draw_each(_Parts(key, starts), each).reshape(parameter.size, n).T
        dtype = self.outputs[0].spec.dtype
        return drawn.astype(dtype._numpy if dtype else parameter.dtype).reshape(
            outer + parameter.shape)


def _each(function, *arrays):
    """The C library's function of each entry, which TensorFlow calls too."""
    return np.array(list(map(function, *[x.tolist() for x in arrays])))


# -- gamma --------------------------------------------------------------------------------

class RandomGamma(Rejection):
    """Numbers of density x^(alpha - 1) e^-x / Gamma(alpha) (Marsaglia & Tsang 2000)."""

    op_type, attrs, parameters = "RandomGamma", {"seed": 0, "seed2": 0}, _FLOATS

    def result_dtype(self, alpha):
        return alpha.dtype

    def draw_each(self, parts, alpha):
        out = np.empty(len(alpha))
        ones = np.flatnonzero(alpha == 1)
        if ones.size:                       # the exponential distribution, by its inverse
            out[ones] = -_each(math.log, 1 - parts.uniform(ones))
        live = np.flatnonzero(alpha != 1)
        small = alpha < 1                   # drawn for alpha + 1, then times u^(1 / alpha)
        d = alpha + np.where(small, 2 / 3, -1 / 3)
        c = 1 / 3 / np.sqrt(d)
        while live.size:
            x = parts.normal(live)
            v = 1 + c[live] * x
            live, x, v, failed = _split(v > 0, live, x, v)
            v = v * v * v
            u = parts.uniform(live)
            fits = u < 1 - 0.0331 * (x * x) * (x * x)           # true of most, without logs
            fits |= np.log(u) < 0.5 * x * x + d[live] * (1 - v + np.log(v))
            rows, kept = live[fits], d[live[fits]] * v[fits]
            lower = small[rows]
            if lower.any():
                chosen = rows[lower]
                kept[lower] *= _each(math.pow, parts.uniform(chosen), 1 / alpha[chosen])
            out[rows] = kept
            live = np.sort(np.concatenate([failed, live[~fits]]))
        return out


def _split(holds, rows, *values):
    """(rows and values where it holds, and the rows where it does not)."""
    return (rows[holds], *[value[holds] for value in values], rows[~holds])


@RegisterGradient("RandomGamma")
def _random_gamma_gradient(op, grad):
    def of_alpha():
        raise NotImplementedError(f"{op.name!r}: the gradient of tf.random_gamma with respect "
                                  "to alpha is not implemented; use tf.stop_gradient(alpha).")
    return None, of_alpha


def random_gamma(shape, alpha, beta=None, dtype=dtypes.float32, seed=None, name=None):
    """Numbers drawn from gamma distributions.

    Args:
      shape: vector of integers, how many to draw for each parameter.
      alpha: Tensor of dtype, the shapes of the distributions.
      beta: Tensor of dtype that broadcasts with alpha, the inverse scales; 1 by default.
      dtype: float16, float32 or float64.

    Returns:
      Tensor of dtype and of the shape `shape`, then that of alpha and beta.

    As in TF: tf.random_gamma, tf.random.gamma (op type RandomGamma).
    """
    dtype = as_dtype(dtype)
    with name_scope(name, "random_gamma", [shape, alpha, beta]):
        shape = convert_to_tensor(shape, dtypes.int32, name="shape")
        alpha = convert_to_tensor(alpha, dtype, name="alpha")
        beta = convert_to_tensor(1 if beta is None else beta, dtype, name="beta")
        alpha = broadcast_to(alpha, broadcast_dynamic_shape(shape_of(alpha), shape_of(beta)))
        drawn = RandomGamma([shape, alpha], **seeds(seed)).output
        return maximum(constant(np.finfo(dtype._numpy).tiny, dtype), drawn / beta)


# -- Poisson ------------------------------------------------------------------------------

class RandomPoissonV2(Rejection):
    """Numbers k with probability rate^k e^-rate / k!."""

    op_type = "RandomPoissonV2"
    attrs = {"seed": 0, "seed2": 0, "dtype": dtypes.int64}
    parameters = _FLOATS + INTEGERS

    def result_dtype(self, rate):
        check_allowed("dtype", self.dtype, _FLOATS + INTEGERS)
        return self.dtype

    def draw_each(self, parts, rate):
        out = np.empty(len(rate))
        self._by_product(parts, rate, np.flatnonzero(rate < 10), out)
        self._by_ratio(parts, rate, np.flatnonzero(rate >= 10), out)
        return out

    def _by_product(self, parts, rate, live, out):
        """Counts the uniform numbers whose product stays above e^-rate (Knuth 1969)."""
        product, count = np.ones(len(rate)), np.zeros(len(rate))
        limit = np.exp(-rate)
        while live.size:
            product[live] *= parts.uniform(live)
            done = product[live] <= limit[live]
            out[live[done]] = count[live[done]]
            live = live[~done]
            count[live] += 1

    def _by_ratio(self, parts, rate, live, out):
        """Transformed rejection with a squeeze (Hormann 1993, algorithm PTRS)."""
        log_rate = np.log(rate)
        b = 0.931 + 2.53 * np.sqrt(rate)
        a = -0.059 + 0.02483 * b
        inverse_alpha = 1.1239 + 1.1328 / (b - 3.4)
        while live.size:
            u = parts.uniform(live) - 0.5
            v = parts.uniform(live)
            shifted = 0.5 - np.abs(u)
            bl, al, rl = b[live], a[live], rate[live]
            k = np.floor((2 * al / shifted + bl) * u + rl + 0.43)
            fits = (shifted >= 0.07) & (v <= 0.9277 - 3.6224 / (bl - 2))
            tested = ~fits & (k >= 0) & ~((shifted < 0.013) & (v > shifted))
            s = np.log(v * inverse_alpha[live] / (al / (shifted * shifted) + bl))
            t = -rl + k * log_rate[live] - _each(math.lgamma, np.maximum(k, 0) + 1)
            fits |= tested & (s <= t)
            out[live[fits]] = k[fits]
            live = live[~fits]


NotDifferentiable("RandomPoissonV2")


def random_poisson(lam, shape, dtype=dtypes.float32, seed=None, name=None):
    """Numbers drawn from Poisson distributions.

    Args:
      lam: Tensor of real numbers, the rates.
      shape: vector of integers, how many to draw for each rate.
      dtype: float16, float32, float64, int32 or int64.

    Returns:
      Tensor of dtype and of the shape `shape`, then lam's.

    As in TF: tf.random_poisson, tf.random.poisson (op type RandomPoissonV2).
    """
    with name_scope(name, "random_poisson", [lam, shape]):
        shape = convert_to_tensor(shape, dtypes.int32, name="shape")
        with name_scope(None, "RandomPoissonV2") as scope:
            rate = as_tensor(lam, name="rate")
            return RandomPoissonV2([shape, rate], name=scope, dtype=as_dtype(dtype),
                                   **seeds(seed)).output
