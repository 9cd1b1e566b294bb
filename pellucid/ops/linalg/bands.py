"""Bands of matrices, and tensors with a diagonal. Read next: solvers.py."""

import numpy as np

from pellucid.core import dtypes
from pellucid.core.arrays import array_namespace
from pellucid.core.errors import InvalidArgumentError
from pellucid.core.gradients import RegisterGradient
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec, compatible, merge, show
from pellucid.ops.arguments import check_allowed, name_scope, unary
from pellucid.ops.regular import NUMBERS


class MatrixBandPart(Operation):
    """x within a band about the main diagonal, 0 outside."""

    op_type, fresh = "MatrixBandPart", True
    static_inputs = (1, 2)

    def infer(self, input, num_lower, num_upper):
        if input.shape is not None and len(input.shape) < 2:
            raise ValueError(f"input must be at least a matrix, but has rank {input.rank}.")
        for name, count in (("num_lower", num_lower), ("num_upper", num_upper)):
            check_allowed(name, count.dtype, (dtypes.int32, dtypes.int64))
            if count.rank not in (None, 0):
                raise ValueError(f"{name} must be a scalar, but has rank {count.rank}.")
        return Spec(input.dtype, input.shape)

    def compute(self, input, num_lower, num_upper):
        rows, columns = np.shape(input)[-2:]
        lower, upper = int(num_lower), int(num_upper)
        for name, count, most in (("num_lower", lower, rows), ("num_upper", upper, columns)):
            if count > most:
                raise InvalidArgumentError(None, None, (
                    f"{name} must be negative or less or equal to number of "
                    f"{'rows' if name == 'num_lower' else 'columns'} ({most}) got: {count}"))
        below = np.arange(rows)[:, None] - np.arange(columns)
        inside = ((lower < 0) | (below <= lower)) & ((upper < 0) | (-below <= upper))
        xp = array_namespace(input)
        return xp.where(inside, input, xp.zeros((), input.dtype))


@RegisterGradient("MatrixBandPart")
def _matrix_band_part_gradient(op, grad):
    _, lower, upper = op.inputs
    return matrix_band_part(grad, lower, upper), None, None


def matrix_band_part(input, num_lower, num_upper, name=None):
    """Matrices with zeros outside a band about the main diagonal.

    Args:
      input: Tensor, shape (..., rows, columns).
      num_lower, num_upper: scalar integers, how many diagonals to keep below and above the
        main one; negative for all. So (-1, 0) keeps the lower triangle, (0, 0) the diagonal.

    Raises:
      tf.errors.InvalidArgumentError: in the run, if a number exceeds the matrix.

    As in TF: tf.matrix_band_part, tf.linalg.band_part (op type MatrixBandPart).
    """
    with name_scope(name, "MatrixBandPart", [input, num_lower, num_upper]) as scope:
        input = convert_to_tensor(input, name="input")
        lower = convert_to_tensor(num_lower, preferred_dtype=dtypes.int64, name="num_lower")
        upper = convert_to_tensor(num_upper, lower.spec.dtype, name="num_upper")
        return MatrixBandPart([input, lower, upper], scope).output


class Diag(Operation):
    """The tensor of shape s + s with `diagonal`, of shape s, at [i..., i...]."""

    op_type, fresh = "Diag", True

    def infer(self, diagonal):
        check_allowed("diagonal", diagonal.dtype, NUMBERS)
        if diagonal.shape == ():
            raise ValueError("Shape must be at least rank 1 but is rank 0.")
        return Spec(diagonal.dtype, diagonal.shape and diagonal.shape * 2)

    def compute(self, diagonal):
        xp, shape = array_namespace(diagonal), np.shape(diagonal)
        return xp.diag(xp.ravel(diagonal)).reshape(shape * 2)


class DiagPart(Operation):
    """The diagonal of a tensor of shape s + s, of shape s."""

    op_type, fresh = "DiagPart", True

    def infer(self, input):
        check_allowed("input", input.dtype, NUMBERS)
        if input.shape is None:
            return Spec(input.dtype, None)
        half, odd = divmod(len(input.shape), 2)
        first, second = input.shape[:half], input.shape[half:]
        if odd or not half or not compatible(first, second):
            raise ValueError(f"input has shape {show(input.shape)}, but must be twice the same "
                             "dimensions, as (2, 3, 2, 3).")
        return Spec(input.dtype, merge(first, second))

    def compute(self, input):
        shape = np.shape(input)
        half, odd = divmod(len(shape), 2)
        if odd or not half or shape[:half] != shape[half:]:
            raise InvalidArgumentError(None, None, f"input has shape {list(shape)}, but must "
                                       "be twice the same dimensions")
        n = int(np.prod(shape[:half]))
        return array_namespace(input).diagonal(input.reshape(n, n)).reshape(shape[:half]).copy()


@RegisterGradient("Diag")
def _diag_gradient(op, grad):
    return diag_part(grad)


@RegisterGradient("DiagPart")
def _diag_part_gradient(op, grad):
    return diag(grad)


def diag(diagonal, name=None):
    """The tensor of shape s + s that is `diagonal` (of shape s) at [i..., i...], else 0.

    As in TF: tf.diag, tf.linalg.tensor_diag (op type Diag).
    """
    return unary(Diag, diagonal, name)


def diag_part(input, name=None):
    """The diagonal of a tensor of shape s + s: what diag takes back.

    As in TF: tf.diag_part, tf.linalg.tensor_diag_part (op type DiagPart).
    """
    return unary(DiagPart, input, name)
