"""Learning-rate schedules: the rate as a function of the global step, as Tensors.

    rate = tf.train.exponential_decay(0.1, global_step, decay_steps=1000, decay_rate=0.96)
    step = tf.train.GradientDescentOptimizer(rate).minimize(loss, global_step=global_step)

In the formulas t is the step, T is decay_steps, p = t / T, and r is the initial rate.
"""

import math

from pellucid.core import dtypes
from pellucid.core.operation import convert_to_tensor
from pellucid.core.sources import constant
from pellucid.ops.arguments import name_scope
from pellucid.ops.math.casting import cast
from pellucid.ops.math.comparison import equal, less_equal
from pellucid.ops.math.division import divide
from pellucid.ops.math.elementwise import add, minimum, multiply, negative
from pellucid.ops.math.functions import ceil, exp, floor, log, pow
from pellucid.ops.math.selection import where
from pellucid.ops.math.trigonometry import cos
from pellucid.ops.random.draws import random_normal


def exponential_decay(learning_rate, global_step, decay_steps, decay_rate, staircase=False,
                      name=None):
    """r decay_rate^p; with staircase, p is rounded down.

    Args:
      learning_rate: r, float or scalar Tensor, which gives the dtype of the result.
      global_step: t, scalar Tensor or Variable.
      decay_steps: T, number or scalar Tensor.
      decay_rate: number or scalar Tensor.
      staircase: bool, decay only at multiples of T.

    As in TF: tf.train.exponential_decay.
    """
    with name_scope(name, "ExponentialDecay") as scope:
        rate, steps, decay_rate, step = _numbers(
            "exponential_decay", learning_rate, decay_steps, decay_rate, step=global_step)
        p = step / steps
        return multiply(rate, pow(decay_rate, floor(p) if staircase else p), name=scope)


def piecewise_constant(x, boundaries, values, name=None):
    """values[i] where boundaries[i - 1] < x <= boundaries[i].

    So it is values[0] up to and with the first boundary, and values[-1] beyond the last.

    Args:
      x: scalar Tensor or Variable.
      boundaries: increasing list of n numbers of x's dtype.
      values: list of n + 1 numbers of one dtype.

    Raises ValueError for another number of values, or for dtypes that differ.
    As in TF: tf.train.piecewise_constant, tf.train.piecewise_constant_decay.
    """
    if len(boundaries) != len(values) - 1:
        raise ValueError("The length of boundaries should be 1 less than the length "
                         "of values")
    with name_scope(name, "PiecewiseConstant"):
        x = convert_to_tensor(x)
        boundaries = [_boundary(convert_to_tensor(b), x) for b in boundaries]
        values = [convert_to_tensor(v) for v in values]
        for v in values[1:]:
            if v.dtype != values[0].dtype:
                raise ValueError("Values must have elements all with the same dtype "
                                 f"({values[0].dtype} vs {v.dtype}).")
        result = values[-1]
        for boundary, value in zip(boundaries[::-1], values[-2::-1], strict=True):
            result = where(less_equal(x, boundary), value, result)
        return result


def _boundary(boundary, x):
    found, wanted = boundary.dtype, x.dtype.base_dtype
    if found != wanted and (found, wanted) != (dtypes.int32, dtypes.int64):
        raise ValueError(f"Boundaries ({found}) must have the same dtype as x ({wanted}).")
    return cast(boundary, wanted)


def polynomial_decay(learning_rate, global_step, decay_steps, end_learning_rate=0.0001,
                     power=1.0, cycle=False, name=None):
    """(r - end) (1 - p)^power + end, with p at most 1.

    With `cycle`, T is instead multiplied by the least whole number that makes p at most 1,
    so that the rate jumps up again and again, to lower and lower heights.

    As in TF: tf.train.polynomial_decay.
    """
    with name_scope(name, "PolynomialDecay") as scope:
        rate, end, power, steps, step = _numbers(
            "polynomial_decay", learning_rate, end_learning_rate, power, decay_steps,
            step=global_step)
        if cycle:
            turns = ceil(step / cast(decay_steps, step.dtype))
            steps = steps * where(equal(step, 0), turns * 0 + 1, turns)
        else:
            step = minimum(step, steps)
        return add((rate - end) * pow(1 - step / steps, power), end, name=scope)


def natural_exp_decay(learning_rate, global_step, decay_steps, decay_rate, staircase=False,
                      name=None):
    """r e^(-decay_rate p); with staircase, p is rounded down.

    As in TF: tf.train.natural_exp_decay.
    """
    return exponential_decay(learning_rate, global_step, decay_steps,
                             exp(negative(decay_rate)), staircase, name)


def inverse_time_decay(learning_rate, global_step, decay_steps, decay_rate, staircase=False,
                       name=None):
    """r / (1 + decay_rate p); with staircase, p is rounded down.

    As in TF: tf.train.inverse_time_decay.
    """
    with name_scope(name, "InverseTimeDecay") as scope:
        rate, steps, decay_rate, step = _numbers(
            "inverse_time_decay", learning_rate, decay_steps, decay_rate, step=global_step)
        p = step / steps
        return divide(rate, 1 + decay_rate * (floor(p) if staircase else p), name=scope)


def cosine_decay(learning_rate, global_step, decay_steps, alpha=0.0, name=None):
    """r ((1 - alpha) (1 + cos(pi p)) / 2 + alpha), with p at most 1.

    Loshchilov & Hutter 2017, SGDR. As in TF: tf.train.cosine_decay.
    """
    with name_scope(name, "CosineDecay") as scope:
        rate, steps, step = _numbers("cosine_decay", learning_rate, decay_steps,
                                     step=global_step)
        p = minimum(step, steps) / steps
        return multiply(rate, (1 - alpha) * _half_cosine(p) + alpha, name=scope)


def cosine_decay_restarts(learning_rate, global_step, first_decay_steps, t_mul=2.0,
                          m_mul=1.0, alpha=0.0, name=None):
    """Cosine decay that starts again whenever it has come down.

    The first period takes first_decay_steps steps; each period is t_mul times as long and
    starts m_mul times as high as the one before.

    Loshchilov & Hutter 2017, SGDR. As in TF: tf.train.cosine_decay_restarts.
    """
    with name_scope(name, "SGDRDecay") as scope:
        rate, steps, alpha, t_mul, m_mul, step = _numbers(
            "cosine_decay_restarts", learning_rate, first_decay_steps, alpha, t_mul, m_mul,
            step=global_step)
        restarts, p = _period(step / steps, t_mul)
        height = pow(m_mul, restarts)
        return multiply(rate, (1 - alpha) * (height * _half_cosine(p)) + alpha, name=scope)


def _period(p, t_mul):
    """(number of restarts so far, completed fraction of the present period).

    Periods of lengths 1, t, t^2, ... : n of them take (1 - t^n) / (1 - t), so n is the
    whole part of log_t(1 - p (1 - t)); where t is 1, of p.
    """
    even = equal(t_mul, 1)
    t = where(even, t_mul + 1, t_mul)                        # any other number will do
    n = floor(log(1 - p * (1 - t)) / log(t))
    rest = (p - (1 - pow(t, n)) / (1 - t)) / pow(t, n)
    return where(even, floor(p), n), where(even, p - floor(p), rest)


def linear_cosine_decay(learning_rate, global_step, decay_steps, num_periods=0.5, alpha=0.0,
                        beta=0.001, name=None):
    """r ((alpha + 1 - p) (1 + cos(2 pi num_periods p)) / 2 + beta), with p at most 1.

    Bello et al. 2017, Neural Optimizer Search. As in TF: tf.train.linear_cosine_decay.
    """
    with name_scope(name, "LinearCosineDecay") as scope:
        rate, steps, periods, alpha, beta, step = _numbers(
            "linear_cosine_decay", learning_rate, decay_steps, num_periods, alpha, beta,
            step=global_step)
        step = minimum(step, steps)
        line = (steps - step) / steps
        wave = _half_cosine(2 * periods * (step / steps))
        return multiply(rate, (alpha + line) * wave + beta, name=scope)


def noisy_linear_cosine_decay(learning_rate, global_step, decay_steps, initial_variance=1.0,
                              variance_decay=0.55, num_periods=0.5, alpha=0.0, beta=0.001,
                              name=None):
    """linear_cosine_decay, with a normal deviate added to 1 - p.

    Its variance is initial_variance / (1 + t)^variance_decay.

    Bello et al. 2017, Neural Optimizer Search.
    As in TF: tf.train.noisy_linear_cosine_decay.
    """
    with name_scope(name, "NoisyLinearCosineDecay") as scope:
        rate, steps, variance, variance_decay, periods, alpha, beta, step = _numbers(
            "noisy_linear_cosine_decay", learning_rate, decay_steps, initial_variance,
            variance_decay, num_periods, alpha, beta, step=global_step)
        step = minimum(step, steps)
        line = (steps - step) / steps
        deviation = pow(variance / pow(1 + step, variance_decay), 0.5)
        line = line + random_normal(line.shape, stddev=deviation)
        wave = _half_cosine(2 * periods * (step / steps))
        return multiply(rate, (alpha + line) * wave + beta, name=scope)


def _half_cosine(p):
    """(1 + cos(pi p)) / 2: from 1 to 0 as p goes from 0 to 1."""
    return 0.5 * (1 + cos(constant(math.pi) * p))


def _numbers(function, learning_rate, *numbers, step):
    """The rate as a Tensor, and all other numbers, the step last, cast to its dtype."""
    if step is None:
        raise ValueError(f"global_step is required for {function}.")
    rate = convert_to_tensor(learning_rate, name="initial_learning_rate")
    return rate, *(cast(number, rate.dtype.base_dtype) for number in (*numbers, step))
