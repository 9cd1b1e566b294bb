"""Matrices made of a diagonal, and back.

TensorFlow's operations know bands of several diagonals; here it is one, the k-th above the
main diagonal. Read next: linear_algebra.py.
"""

import numpy as np

from pellucid.core import dtypes, shapes
from pellucid.core.arrays import array_namespace
from pellucid.core.gradients import RegisterGradient
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec, merge
from pellucid.core.sources import contains_tensor
from pellucid.ops.arguments import as_integers, as_tensor, name_scope
from pellucid.ops.arrays.creation import ones, zeros, zeros_like
from pellucid.ops.arrays.joining import common_dtype, concat
from pellucid.ops.math.elementwise import minimum


def _one_diagonal(k):
    """k as an int, None if it is not known."""
    if k.value is None:
        return None
    if len(set(np.ravel(k.value).tolist())) != 1:
        raise ValueError("k must be one diagonal: bands of several are not supported; set "
                         "them one after the other.")
    return int(np.ravel(k.value)[0])


class MatrixDiagV3(Operation):
    """Matrices (..., rows, columns) with `diagonal` (..., n) as their k-th diagonal."""

    op_type, attrs, fresh = "MatrixDiagV3", {"align": "RIGHT_LEFT"}, True

    def infer(self, diagonal, k, num_rows, num_cols, padding_value):
        dtype = common_dtype(self.op_type, (diagonal, padding_value))
        if diagonal.shape is None:
            return Spec(dtype, None)
        if not diagonal.shape:
            raise ValueError("diagonal must have at least one dimension.")
        offset, size = _one_diagonal(k), (None, None)
        wanted = [None if n.value is None else n.value.item() for n in (num_rows, num_cols)]
        if None not in (offset, diagonal.shape[-1], *wanted):
            size = _matrix_size(diagonal.shape[-1], offset, *wanted)
        elif None not in wanted and -1 not in wanted:
            size = tuple(wanted)
        return Spec(dtype, diagonal.shape[:-1] + size)

    def compute(self, diagonal, k, num_rows, num_cols, padding_value):
        xp, offset = array_namespace(diagonal), _one_diagonal(Spec(None, None, k))
        count = np.shape(diagonal)[-1]
        rows, columns = _matrix_size(count, offset, num_rows.item(), num_cols.item())
        i = np.arange(rows)[:, None]
        on = np.arange(columns) == i + offset
        place = np.broadcast_to(np.clip(i + min(offset, 0), 0, max(count - 1, 0)), on.shape)
        if not count:
            return xp.full((*np.shape(diagonal)[:-1], rows, columns), padding_value)
        return xp.where(on, xp.take(diagonal, place, -1), padding_value)


def _matrix_size(count, k, rows, columns):
    """Rows and columns of a matrix with `count` elements on diagonal k.

    One that is -1 is as small as can be; if both are, the matrix is square.
    """
    least = count + max(-k, 0), count + max(k, 0)
    if rows == columns == -1:
        rows = columns = max(least)
    if rows == -1:
        rows = least[0]
    if columns == -1:
        columns = least[1]
    if min(rows + min(k, 0), columns - max(k, 0)) != count:
        raise ValueError(f"{count} elements do not fit diagonal {k} of a matrix "
                         f"{rows} x {columns}.")
    return rows, columns


@RegisterGradient("MatrixDiagV3")
def _matrix_diag_gradient(op, grad):
    return matrix_diag_part(grad, k=op.inputs[1]), None, None, None, None


def matrix_diag(diagonal, name="diag", k=0, num_rows=-1, num_cols=-1, padding_value=0,
                align="RIGHT_LEFT"):
    """Matrices with the given diagonal, and padding_value elsewhere.

    Args:
      diagonal: Tensor, shape (..., n).
      k: int, which diagonal: 0 is the main one, 1 the next above.
      num_rows, num_cols: int, the size of the matrices; by default as small as can be.
      padding_value: scalar.
      align: for bands of several diagonals, which are not supported.

    Returns:
      Tensor, shape (..., num_rows, num_cols).

    As in TF: tf.matrix_diag, tf.linalg.diag (op type MatrixDiagV3).
    """
    with name_scope(name, "diag", (diagonal,)) as scope:
        diagonal = as_tensor(diagonal, name="diagonal")
        return MatrixDiagV3([
            diagonal, as_integers(k, "k"), as_integers(num_rows, "num_rows"),
            as_integers(num_cols, "num_cols"),
            _padding(padding_value, diagonal)], scope, align=align).output


def _padding(value, like):
    dtype = like.spec.dtype
    if dtype is not None and dtype.is_bool:
        value = bool(value)
    return convert_to_tensor(value, dtype, name="padding_value")


class MatrixDiagPartV3(Operation):
    """The k-th diagonal of matrices."""

    op_type, attrs, fresh = "MatrixDiagPartV3", {"align": "RIGHT_LEFT"}, True

    def infer(self, input, k, padding_value):
        dtype = input.dtype and common_dtype(self.op_type, (input, padding_value))
        if input.shape is None:
            return Spec(dtype, None)
        if len(input.shape) < 2:
            raise ValueError("input must be a matrix.")
        offset, (rows, columns) = _one_diagonal(k), input.shape[-2:]
        known = None not in (offset, rows, columns)
        return Spec(dtype, (*input.shape[:-2],
                            _diagonal_size(rows, columns, offset) if known else None))

    def compute(self, input, k, padding_value):
        offset = _one_diagonal(Spec(None, None, k))
        _diagonal_size(*np.shape(input)[-2:], offset)
        return array_namespace(input).diagonal(input, offset, -2, -1).copy()


def _diagonal_size(rows, columns, k):
    if k and not -rows < k < columns:
        raise ValueError(f"k = {k} must be between {1 - rows} and {columns - 1}, in a "
                         f"matrix {rows} x {columns}.")
    return min(rows + min(k, 0), columns - max(k, 0))


@RegisterGradient("MatrixDiagPartV3")
def _matrix_diag_part_gradient(op, grad):
    return matrix_set_diag(zeros_like(op.inputs[0]), grad, k=op.inputs[1]), None, None


def matrix_diag_part(input, name="diag_part", k=0, padding_value=0, align="RIGHT_LEFT"):
    """The k-th diagonal of matrices.

    Args:
      input: Tensor, shape (..., rows, columns).
      k: int, which diagonal: 0 is the main one, 1 the next above.
      padding_value, align: for bands of several diagonals, which are not supported.

    Returns:
      Tensor, shape (..., length of the diagonal).

    As in TF: tf.matrix_diag_part, tf.linalg.diag_part (op type MatrixDiagPartV3).
    """
    with name_scope(name, "diag_part", (input,)) as scope:
        input = as_tensor(input, name="input")
        padding = _padding(padding_value, input)
        return MatrixDiagPartV3([input, as_integers(k, "k"), padding], scope,
                                align=align).output


class MatrixSetDiagV3(Operation):
    """Matrices, with another k-th diagonal."""

    op_type, attrs, fresh = "MatrixSetDiagV3", {"align": "RIGHT_LEFT"}, True

    def infer(self, input, diagonal, k):
        dtype = common_dtype(self.op_type, (input, diagonal))
        given, offset = input.shape, _one_diagonal(k)
        if given is None:
            outer = diagonal.shape and diagonal.shape[:-1]
            return Spec(dtype, None if outer is None else (*outer, None, None))
        if len(given) < 2:
            raise ValueError("input must be a matrix.")
        known = offset is not None and shapes.is_complete(given[-2:])
        length = _diagonal_size(*given[-2:], offset) if known else None
        outer = merge((*given[:-2], length), diagonal.shape)[:-1]
        return Spec(dtype, outer + given[-2:])

    def compute(self, input, diagonal, k):
        offset, (rows, columns) = _one_diagonal(Spec(None, None, k)), np.shape(input)[-2:]
        wanted = (*np.shape(input)[:-2], _diagonal_size(rows, columns, offset))
        if np.shape(diagonal) != wanted:
            raise ValueError(f"the diagonal must have shape {list(wanted)}, but has "
                             f"{list(np.shape(diagonal))}")
        if not wanted[-1]:
            return array_namespace(input).array(input)
        i = np.arange(rows)[:, None]
        on = np.arange(columns) == i + offset
        place = np.broadcast_to(np.clip(i + min(offset, 0), 0, wanted[-1] - 1), on.shape)
        xp = array_namespace(input, diagonal)
        return xp.where(on, xp.take(diagonal, place, -1), input)


@RegisterGradient("MatrixSetDiagV3")
def _matrix_set_diag_gradient(op, grad):
    _, diagonal, k = op.inputs
    return (matrix_set_diag(grad, zeros_like(diagonal), k=k),
            matrix_diag_part(grad, k=k), None)


def matrix_set_diag(input, diagonal, name="set_diag", k=0, align="RIGHT_LEFT"):
    """Matrices with another k-th diagonal.

    Args:
      input: Tensor, shape (..., rows, columns).
      diagonal: Tensor, shape (..., length of the diagonal).
      k: int, which diagonal: 0 is the main one, 1 the next above.
      align: for bands of several diagonals, which are not supported.

    As in TF: tf.matrix_set_diag, tf.linalg.set_diag (op type MatrixSetDiagV3).
    """
    with name_scope(name, "set_diag", (input, diagonal)) as scope:
        input = as_tensor(input, name="input")
        diagonal = convert_to_tensor(diagonal, input.spec.dtype, name="diagonal")
        return MatrixSetDiagV3([input, diagonal, as_integers(k, "k")], scope,
                               align=align).output


# -- the identity --------------------------------------------------------------------------

def eye(num_rows, num_columns=None, batch_shape=None, dtype=dtypes.float32, name=None):
    """Identity matrices: ones on the main diagonal, zeros elsewhere.

    Args:
      num_rows: int32 scalar.
      num_columns: int32 scalar; num_rows by default.
      batch_shape: vector of int32, the dimensions in front; none by default.
      dtype: DType.

    Returns:
      Tensor, shape (batch_shape..., num_rows, num_columns).

    As in TF: tf.eye (op types MatrixDiagV3, MatrixSetDiagV3).
    """
    with name_scope(name, "eye", (num_rows, num_columns, batch_shape)):
        square = num_columns is None
        columns = num_rows if square else num_columns
        batch = [] if batch_shape is None else batch_shape
        count = _smaller(num_rows, columns)
        line = ones(_shape_of(batch, [count]), dtype)
        if square:
            return matrix_diag(line)
        return matrix_set_diag(zeros(_shape_of(batch, [num_rows, columns]), dtype), line)


def _smaller(rows, columns):
    numbers = int | np.integer | shapes.Dimension
    if isinstance(rows, numbers) and isinstance(columns, numbers):
        return min(int(rows), int(columns))
    return minimum(rows, columns)


def _shape_of(batch, matrix):
    """A batch's shape and a matrix's as one: a list where all is known, else a Tensor."""
    if contains_tensor([batch]) or contains_tensor(list(matrix)):
        return concat([as_integers(batch, "shape"), matrix], 0)
    return [*shapes.as_tuple(batch), *matrix]
