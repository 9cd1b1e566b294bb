"""Factors of matrices."""

import collections

from pellucid.core import dtypes
from pellucid.core.arrays import array_namespace
from pellucid.core.gradients import RegisterGradient
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec
from pellucid.ops.arguments import as_tensor, check_allowed, name_scope

_FACTORED = (dtypes.float32, dtypes.float64, dtypes.complex64, dtypes.complex128)
_Qr = collections.namedtuple("Qr", ["q", "r"])


class Qr(Operation):
    """(Q, R) with Q R = x, where Q's columns are orthonormal and R is upper triangular."""

    op_type, attrs, fresh = "Qr", {"full_matrices": False}, True

    def infer(self, input):
        check_allowed("input", input.dtype, _FACTORED)
        if input.shape is None:
            return Spec(input.dtype, None), Spec(input.dtype, None)
        if len(input.shape) < 2:
            raise ValueError(f"input must be at least a matrix, but has rank {input.rank}.")
        *outer, m, n = input.shape
        inner = m if self.full_matrices else None if None in (m, n) else min(m, n)
        return Spec(input.dtype, (*outer, m, inner)), Spec(input.dtype, (*outer, inner, n))

    def compute(self, input):
        mode = "complete" if self.full_matrices else "reduced"
        q, r = array_namespace(input).linalg.qr(input, mode)
        return q, r


@RegisterGradient("Qr")
def _qr_gradient(op, *grads):
    raise NotImplementedError(f"{op.name!r}: the gradient of tf.qr is not implemented; use "
                              "tf.stop_gradient where it is not wanted.")


def qr(input, full_matrices=False, name=None):
    """The QR decomposition of each matrix: input = q r.

    Args:
      input: Tensor of float32, float64 or complex, shape (..., m, n).
      full_matrices: bool, whether q is (..., m, m) rather than (..., m, min(m, n)).

    Returns:
      (q, r), a namedtuple of Tensors; q's columns are orthonormal, r is upper triangular.

    As in TF: tf.qr, tf.linalg.qr (op type Qr). Signs are LAPACK's, which may differ from
    TensorFlow's; columns of q times the signs of r's diagonal are the same.
    """
    with name_scope(name, "Qr", [input]) as scope:
        op = Qr([as_tensor(input, name="input")], name=scope, full_matrices=full_matrices)
        return _Qr(*op.outputs)
