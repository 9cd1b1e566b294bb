"""Bits of integers: and, or, xor, not, shifts."""

import numpy as np

from pellucid.core import dtypes
from pellucid.core.arrays import array_namespace
from pellucid.core.gradients import NotDifferentiable
from pellucid.ops.arguments import binary, unary
from pellucid.ops.regular import Binary, Unary

INTEGERS = frozenset(d for d in dtypes.ALL if d.is_integer)


class BitwiseAnd(Binary):
    """x & y."""

    op_type, ufunc, allowed, folds = "BitwiseAnd", np.bitwise_and, INTEGERS, True


class BitwiseOr(Binary):
    """x | y."""

    op_type, ufunc, allowed, folds = "BitwiseOr", np.bitwise_or, INTEGERS, True


class BitwiseXor(Binary):
    """x ^ y."""

    op_type, ufunc, allowed, folds = "BitwiseXor", np.bitwise_xor, INTEGERS, True


class Invert(Unary):
    """All bits of x the other way round: -1 - x where x has a sign."""

    op_type, ufunc, allowed, folds = "Invert", np.invert, INTEGERS, True


class LeftShift(Binary):
    """x 2^y, within x's number of bits. Where y is negative or too great, no more than that."""

    op_type, ufunc, allowed = "LeftShift", np.left_shift, INTEGERS

    def compute(self, x, y):
        xp = array_namespace(x, y)
        bits = x.dtype.itemsize * 8
        return getattr(xp, self.ufunc.__name__)(x, xp.clip(y, 0, bits - 1)).astype(x.dtype)


class RightShift(LeftShift):
    """x / 2^y, rounded down. Where y is negative or too great, as far as there are bits."""

    op_type, ufunc = "RightShift", np.right_shift


for _op_class in (BitwiseAnd, BitwiseOr, BitwiseXor, Invert, LeftShift, RightShift):
    NotDifferentiable(_op_class.op_type)


def bitwise_and(x, y, name=None):
    """x & y, of integers. As in TF: tf.bitwise.bitwise_and (op type BitwiseAnd)."""
    return binary(BitwiseAnd, x, y, name)


def bitwise_or(x, y, name=None):
    """x | y, of integers. As in TF: tf.bitwise.bitwise_or (op type BitwiseOr)."""
    return binary(BitwiseOr, x, y, name)


def bitwise_xor(x, y, name=None):
    """x ^ y, of integers. As in TF: tf.bitwise.bitwise_xor (op type BitwiseXor)."""
    return binary(BitwiseXor, x, y, name)


def invert(x, name=None):
    """~x, of integers. As in TF: tf.bitwise.invert (op type Invert)."""
    return unary(Invert, x, name)


def left_shift(x, y, name=None):
    """x << y, of integers. As in TF: tf.bitwise.left_shift (op type LeftShift)."""
    return binary(LeftShift, x, y, name)


def right_shift(x, y, name=None):
    """x >> y, of integers. As in TF: tf.bitwise.right_shift (op type RightShift)."""
    return binary(RightShift, x, y, name)
