"""Products of matrices. Read next: shaping.py."""

from pellucid.core import dtypes
from pellucid.core.arrays import array_namespace
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec
from pellucid.ops.arguments import check_allowed, convert_pair, name_scope, same_dtype

PRODUCTS = frozenset((dtypes.bfloat16, dtypes.float16, dtypes.float32, dtypes.float64,
                      dtypes.int32, dtypes.int64, dtypes.complex64, dtypes.complex128))


class MatMul(Operation):
    """a b, for matrices; either may be a vector (our extension, see docs/semantics.md)."""

    op_type, attrs, fresh = "MatMul", {"transpose_a": False, "transpose_b": False}, True

    def infer(self, a, b):
        dtype = same_dtype(a, b, ("a", "b"))
        check_allowed("a", dtype, PRODUCTS)
        if a.shape is None or b.shape is None:
            return Spec(dtype, None)
        rows, inner = _split(a.shape, self.transpose_a, "a")
        columns, other = _split(b.shape, not self.transpose_b, "b")
        if None not in (inner, other) and inner != other:
            raise ValueError(f"inner dimensions differ, {inner} and {other}.")
        return Spec(dtype, rows + columns)

    def compute(self, a, b):
        xp = array_namespace(a, b)
        return xp.matmul(a.T if self.transpose_a else a, b.T if self.transpose_b else b)


def _split(shape, transposed, name):
    """(outer dimensions, inner dimension) of a left factor; of a right one if transposed."""
    if len(shape) == 1:
        return (), shape[0]
    if len(shape) != 2:
        raise ValueError(f"{name} must be a matrix or a vector, not of rank {len(shape)}.")
    return (shape[1:], shape[0]) if transposed else (shape[:1], shape[1])


def matmul(a, b, transpose_a=False, transpose_b=False, name=None):
    """The matrix product a b.
    """
    with name_scope(name, "MatMul", (a, b)) as scope:
        a, b = convert_pair(a, b)
        return MatMul((a, b), scope, transpose_a=transpose_a, transpose_b=transpose_b).output
