"""Factors of matrices: QR, eigenvalues of symmetric matrices, singular values.

The derivatives follow M. Giles, "An extended collection of matrix derivative results for
forward and reverse mode algorithmic differentiation" (2008), and J. Townsend,
"Differentiating the singular value decomposition" (2016).
"""

import collections
from functools import partial

import numpy as np

from pellucid.core import dtypes
from pellucid.core.arrays import array_namespace
from pellucid.core.gradients import RegisterGradient
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec
from pellucid.ops.arguments import check_allowed, name_scope
from pellucid.ops.arrays.creation import ones_like, zeros_like
from pellucid.ops.arrays.joining import concat
from pellucid.ops.arrays.shaping import expand_dims, shape
from pellucid.ops.linalg.bands import matrix_band_part
from pellucid.ops.linalg.diagonals import matrix_diag, matrix_diag_part, matrix_set_diag
from pellucid.ops.linalg.linear_algebra import adjoint, matmul
from pellucid.ops.linalg.solvers import SOLVABLE, check_square, matrix_triangular_solve, solved
from pellucid.ops.math.complex_numbers import COMPLEX

_REAL = {dtypes.complex64: dtypes.float32, dtypes.complex128: dtypes.float64}


def _check_matrix(x):
    check_allowed("input", x.dtype, SOLVABLE)
    if x.shape is not None and len(x.shape) < 2:
        raise ValueError(f"input must be at least a matrix, but has rank {x.rank}.")


# -- QR ------------------------------------------------------------------------------------

_Qr = collections.namedtuple("Qr", ["q", "r"])


class Qr(Operation):
    """(Q, R) with Q R = x, where Q's columns are orthonormal and R is upper triangular."""

    op_type, attrs, fresh = "Qr", {"full_matrices": False}, True

    def infer(self, input):
        _check_matrix(input)
        if input.shape is None:
            return Spec(input.dtype, None), Spec(input.dtype, None)
        *outer, m, n = input.shape
        inner = m if self.full_matrices else None if None in (m, n) else min(m, n)
        return Spec(input.dtype, (*outer, m, inner)), Spec(input.dtype, (*outer, inner, n))

    def compute(self, input):
        mode = "complete" if self.full_matrices else "reduced"
        q, r = array_namespace(input).linalg.qr(input, mode)
        return q, r


@RegisterGradient("Qr")
def _qr_gradient(op, dq, dr):
    q, r = op.outputs
    _check_differentiable(op)
    # x = [a, b] = q [u, v] with a square u: a = q u, and v = q^T b. Of tall x, b is empty.
    side = q.spec.shape[-1] if q.spec.shape else None
    side = shape(q)[-1] if side is None else side
    b, u, du, dv = op.inputs[0][..., side:], r[..., :side], dr[..., :side], dr[..., side:]
    da = _tall_qr_gradient(q, u, dq + matmul(b, dv, adjoint_b=True), du)
    return concat([da, matmul(q, dv)], -1)


def _check_differentiable(op):
    if op.inputs[0].spec.dtype in COMPLEX:
        raise NotImplementedError(
            f"{op.name!r}: {op.type} has no gradient for complex numbers.")
    given = op.inputs[0].spec.shape
    sides = (None, None) if given is None else given[-2:]
    if op.full_matrices and None not in sides and sides[0] != sides[1]:
        raise NotImplementedError(
            f"{op.name!r}: {op.type} with full_matrices=True has a gradient only for square "
            "matrices; use full_matrices=False.")


def _tall_qr_gradient(q, r, dq, dr):
    # (dq + q sym(M)) r^-T, where M = r dr^T - dq^T q and sym mirrors its lower triangle.
    m = matmul(r, dr, adjoint_b=True) - matmul(dq, q, adjoint_a=True)
    below = matrix_band_part(m, -1, 0)
    mirrored = below + adjoint(matrix_set_diag(below, zeros_like(matrix_diag_part(below))))
    left = dq + matmul(q, mirrored)
    return adjoint(matrix_triangular_solve(r, adjoint(left), lower=False))


def qr(input, full_matrices=False, name=None):
    """The QR decomposition of each matrix: input = q r.

    Args:
      input: Tensor of float32, float64 or complex, shape (..., m, n).
      full_matrices: bool, whether q is (..., m, m) rather than (..., m, min(m, n)).

    Returns:
      (q, r), a namedtuple of Tensors; q's columns are orthonormal, r is upper triangular.

    The gradient needs linearly independent columns (of a wide matrix, its first m).

    As in TF: tf.qr, tf.linalg.qr (op type Qr). Signs are LAPACK's, which may differ from
    TensorFlow's; columns of q times the signs of r's diagonal are the same.
    """
    with name_scope(name, "Qr", [input]) as scope:
        input = convert_to_tensor(input, name="input")
        return _Qr(*Qr([input], scope, full_matrices=bool(full_matrices)).outputs)


# -- eigenvalues ---------------------------------------------------------------------------

class SelfAdjointEigV2(Operation):
    """(e, v) with x v = v diag(e), e rising; only x's lower triangle is read."""

    op_type, attrs, fresh = "SelfAdjointEigV2", {"compute_v": True}, True

    def infer(self, input):
        square = check_square(input)
        values = Spec(input.dtype, None if square is None else square[:-1])
        if not self.compute_v:
            return values, Spec(input.dtype, (0,))
        return values, Spec(input.dtype, square)

    def compute(self, input):
        xp = array_namespace(input)
        find = xp.linalg.eigh if self.compute_v else xp.linalg.eigvalsh
        if xp is not np:                     # like LAPACK, look at the lower triangle alone
            find = partial(find, symmetrize_input=False)
        cause = "Self-adjoint eigen decomposition was not successful. The input might not be " \
                "valid."
        found = solved(find, input, cause=cause)
        if not self.compute_v:
            return found.astype(input.dtype), xp.zeros(0, input.dtype)
        return found[0].astype(input.dtype), found[1]


@RegisterGradient("SelfAdjointEigV2")
def _self_adjoint_eig_gradient(op, de, dv):
    # v (diag(de) + F . v^H dv) v^H, where F[i, j] = 1 / (e[j] - e[i]). What the upper
    # triangle would get goes to the lower, the one that is read.
    if op.compute_v:
        e, v = op.outputs
        turned = _over(expand_dims(e, -2) - expand_dims(e, -1), matmul(v, dv, adjoint_a=True))
        middle = matrix_set_diag(turned, de)
    else:
        _, v = self_adjoint_eig(op.inputs[0])
        middle = matrix_diag(de)
    whole = matmul(v, matmul(middle, v, adjoint_b=True))
    lower = matrix_band_part(whole + adjoint(whole), -1, 0)
    return matrix_set_diag(lower, matrix_diag_part(whole))


def _over(differences, x):
    """x / differences, with 0 on the diagonal, where the differences are 0."""
    ones = ones_like(matrix_diag_part(differences))
    return matrix_set_diag(x / matrix_set_diag(differences, ones), zeros_like(ones))


def self_adjoint_eig(tensor, name=None):
    """Eigenvalues and eigenvectors of symmetric (Hermitian) matrices.

    Args:
      tensor: Tensor of float32, float64 or complex, shape (..., n, n). Only the lower
        triangle is read.

    Returns:
      (e, v): e of shape (..., n), the eigenvalues in rising order; v of shape (..., n, n),
      the eigenvectors as columns of length 1, whose signs are LAPACK's. The gradient needs
      eigenvalues that differ.

    As in TF: tf.self_adjoint_eig, tf.linalg.eigh (op type SelfAdjointEigV2).
    """
    return _eig(tensor, name, compute_v=True).outputs


def self_adjoint_eigvals(tensor, name=None):
    """The eigenvalues of symmetric (Hermitian) matrices, in rising order.

    As in TF: tf.self_adjoint_eigvals, tf.linalg.eigvalsh (op type SelfAdjointEigV2).
    """
    return _eig(tensor, name, compute_v=False).outputs[0]


def _eig(tensor, name, compute_v):
    with name_scope(name, "SelfAdjointEigV2", [tensor]) as scope:
        tensor = convert_to_tensor(tensor, name="input")
        return SelfAdjointEigV2([tensor], scope, compute_v=compute_v)


# -- singular values -----------------------------------------------------------------------

class Svd(Operation):
    """(s, u, v) with x = u diag(s) v^H, s falling."""

    op_type, attrs, fresh = "Svd", {"compute_uv": True, "full_matrices": False}, True

    def infer(self, input):
        _check_matrix(input)
        real = _REAL.get(input.dtype, input.dtype)
        if input.shape is None:
            return Spec(real, None), Spec(input.dtype, None), Spec(input.dtype, None)
        *outer, m, n = input.shape
        k = None if None in (m, n) else min(m, n)
        values = Spec(real, (*outer, k))
        if not self.compute_uv:
            return values, Spec(input.dtype, (0,)), Spec(input.dtype, (0,))
        left, right = (m, n) if self.full_matrices else (k, k)
        return (values, Spec(input.dtype, (*outer, m, left)),
                Spec(input.dtype, (*outer, n, right)))

    def compute(self, input):
        xp = array_namespace(input)
        if not self.compute_uv:
            none = xp.zeros(0, input.dtype)
            return xp.linalg.svd(input, compute_uv=False), none, none
        u, s, vh = xp.linalg.svd(input, full_matrices=self.full_matrices)
        return s, u, vh.swapaxes(-1, -2).conj()


@RegisterGradient("Svd")
def _svd_gradient(op, ds, du, dv):
    _check_differentiable(op)
    if not op.compute_uv:
        _, u, v = svd(op.inputs[0])
        return matmul(u, matmul(matrix_diag(ds), v, adjoint_b=True))
    # u (diag(ds) + [F . (u^T du - du^T u)] S + S [F . (v^T dv - dv^T v)]) v^T, where
    # F[i, j] = 1 / (s[j]^2 - s[i]^2), and what du and dv have outside of u's and v's columns.
    s, u, v = op.outputs
    row, column, squares = expand_dims(s, -2), expand_dims(s, -1), s * s
    gaps = expand_dims(squares, -2) - expand_dims(squares, -1)
    inner_u, inner_v = matmul(u, du, adjoint_a=True), matmul(v, dv, adjoint_a=True)
    middle = (_over(gaps, inner_u - adjoint(inner_u)) * row
              + column * _over(gaps, inner_v - adjoint(inner_v)) + matrix_diag(ds))
    outer_u = (du - matmul(u, inner_u)) / row
    outer_v = (dv - matmul(v, inner_v)) / row
    return (matmul(matmul(u, middle) + outer_u, v, adjoint_b=True)
            + matmul(u, outer_v, adjoint_b=True))


def svd(tensor, full_matrices=False, compute_uv=True, name=None):
    """Singular value decompositions: tensor = u diag(s) v^H.

    Args:
      tensor: Tensor of float32, float64 or complex, shape (..., m, n).
      full_matrices: bool, whether u is (..., m, m) and v (..., n, n) rather than
        (..., m, k) and (..., n, k), with k = min(m, n).
      compute_uv: bool, whether u and v are wanted.

    Returns:
      (s, u, v), s of shape (..., k) in falling order; s alone unless compute_uv. NumPy's
      svd returns v^H instead, in another order. The gradient needs real numbers, and, of u
      and v, singular values that differ and are not 0.

    As in TF: tf.svd, tf.linalg.svd (op type Svd).
    """
    with name_scope(name, "Svd", [tensor]) as scope:
        tensor = convert_to_tensor(tensor, name="tensor")
        op = Svd([tensor], scope, compute_uv=bool(compute_uv),
                 full_matrices=bool(full_matrices))
        return tuple(op.outputs) if compute_uv else op.outputs[0]
