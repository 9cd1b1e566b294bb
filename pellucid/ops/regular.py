"""Regular operations: those that a NumPy ufunc defines, element by element.

Declaring one takes a line: its type, its ufunc, the dtypes it is for.
Read next: ../math/elementwise.py.
"""

from pellucid.core import dtypes
from pellucid.core.arrays import array_namespace
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec, broadcast
from pellucid.ops.arguments import check_allowed, same_dtype

INEXACT = dtypes.FLOATING | {dtypes.complex64, dtypes.complex128}
REAL = frozenset(d for d in dtypes.ALL if d.is_integer or d.is_floating)
NUMBERS = REAL | INEXACT
SIGNED_REAL = frozenset(d for d in REAL if not d.is_unsigned)
SIGNED = SIGNED_REAL | INEXACT


def like(x, dtype, shape):
    """A Spec: x itself where it says the same and no more (one object less a node)."""
    if x.dtype is dtype and x.shape is shape and x.value is None and x.partial is None:
        return x
    return Spec(dtype, shape)


class Unary(Operation):
    """y = ufunc(x), of x's dtype and shape."""

    ufunc = None
    allowed = NUMBERS
    fresh = True

    def infer(self, x):
        check_allowed("x", x.dtype, self.allowed)
        return like(x, x.dtype, x.shape)

    def compute(self, x):
        return getattr(array_namespace(x), self.ufunc.__name__)(x)


class Binary(Operation):
    """z = ufunc(x, y), of the same dtype, broadcast against each other."""

    ufunc = None
    allowed = NUMBERS
    fresh = True

    def infer(self, x, y):
        dtype = same_dtype(x, y)
        check_allowed("x", dtype, self.allowed)
        return like(x, dtype, broadcast(x.shape, y.shape))

    def compute(self, x, y):
        return getattr(array_namespace(x, y), self.ufunc.__name__)(x, y)
