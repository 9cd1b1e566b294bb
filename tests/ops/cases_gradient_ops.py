"""Types that TensorFlow's gradients are made of."""

import numpy as np

from tests.ops.case import case
from tests.ops.cases_imported import raw

Y = np.array([[0.5, -0.25, 0.125], [0.75, 0.3, -0.8]], np.float32)
DY = np.array([[1.0, 2.0, -1.0], [0.5, 0.0, 3.0]], np.float32)

ROWS = {
    "TanhGrad": lambda y, dy: dy * (1 - y * y),
    "SigmoidGrad": lambda y, dy: dy * y * (1 - y),
    "SqrtGrad": lambda y, dy: dy * 0.5 / y,
    "RsqrtGrad": lambda y, dy: -0.5 * dy * y**3,
    "ReciprocalGrad": lambda y, dy: -dy * y * y,
    "InvGrad": lambda y, dy: -dy * y * y,
}

CASES = [
    *[case(name, raw(name, "y", "dy"), Y, DY, oracle=oracle) for name, oracle in ROWS.items()],
    *[case(name, raw(name, "y", "dy"), Y[:0], DY[:0], oracle=oracle, label="empty")
      for name, oracle in ROWS.items()],
    *[case(name, raw(name, "y", "dy"), (Y + 2j).astype(np.complex64), DY.astype(np.complex64),
           gradient=(), label="complex") for name in ROWS],
    case("ConcatOffset", lambda tf, a, b, c: concat_offset(tf, a, [b, c]), np.int32(1),
         np.array([2, 3, 4], np.int32), np.array([2, 5, 4], np.int32),
         oracle=lambda axis, a, b: [np.zeros(3, np.int32), np.int32([0, 3, 0])]),
    case("ConcatOffset", lambda tf, a, b, c: concat_offset(tf, a, [b, c]), np.int32(-1),
         np.array([2, 3], np.int32), np.array([2, 5], np.int32), label="axis -1",
         oracle=lambda axis, a, b: [np.zeros(2, np.int32), np.int32([0, 3])]),
]


def concat_offset(tf, axis, shapes):
    """The operation, in either library."""
    if hasattr(tf, "raw_ops"):
        return tf.raw_ops.ConcatOffset(concat_dim=axis, shape=shapes)
    return raw("ConcatOffset")(tf, axis, *shapes)
