"""Operation types of pellucid/ops/conv/space.py."""

import numpy as np

from tests.ops.case import case
from tests.ops.cases_convolution import numbers

X = numbers(2, 4, 6, 3)
DEEP = numbers(2, 3, 2, 8)
MANY = numbers(12, 2, 3, 2)


def older(op_type, label):
    """The operation as old graphs have it; TensorFlow has it in raw_ops."""
    def build(tf, x):
        if hasattr(tf, "raw_ops") and hasattr(tf.raw_ops, op_type):
            return getattr(tf.raw_ops, op_type)(
                input=x, block_size=2, **{label: [[1, 1], [0, 2]]})
        from pellucid.core.operation import create
        return create(op_type, [x, [[1, 1], [0, 2]]], block_size=2).output
    return build


CASES = [
    case("SpaceToDepth", lambda tf, x: tf.space_to_depth(x, 2), X),
    case("SpaceToDepth", lambda tf, x: tf.nn.space_to_depth(x, 2), X.astype(np.int32),
         label="int32"),
    case("SpaceToDepth", lambda tf, x: tf.space_to_depth(x, 2, data_format="NCHW"),
         X.transpose(0, 3, 1, 2).copy(), label="NCHW", oracle=lambda x: x.reshape(
             2, 3, 2, 2, 3, 2).transpose(0, 3, 5, 1, 2, 4).reshape(2, 12, 2, 3)),
    case("SpaceToDepth", lambda tf, x: tf.space_to_depth(x, 2), X[:0], label="empty"),
    case("DepthToSpace", lambda tf, x: tf.depth_to_space(x, 2), DEEP),
    case("DepthToSpace", lambda tf, x: tf.depth_to_space(x, 2, data_format="NCHW"),
         DEEP.transpose(0, 3, 1, 2).copy(), label="NCHW", oracle=lambda x: x.reshape(
             2, 2, 2, 2, 3, 2).transpose(0, 3, 4, 1, 5, 2).reshape(2, 2, 6, 4)),
    case("SpaceToBatchND", lambda tf, x: tf.space_to_batch_nd(x, [2, 3], [[1, 1], [0, 3]]), X),
    case("SpaceToBatchND", lambda tf, x: tf.space_to_batch_nd(x, [2], [[0, 0]]), X,
         label="one axis"),
    case("SpaceToBatchND", lambda tf, x: tf.space_to_batch(x, [[0, 0], [1, 1]], 2), X,
         label="square"),
    case("SpaceToBatchND", lambda tf, x, p: tf.space_to_batch_nd(x, [2, 1], p), X,
         np.array([[1, 1], [0, 0]], np.int32), label="paddings unknown"),
    case("BatchToSpaceND", lambda tf, x: tf.batch_to_space_nd(x, [2, 3], [[1, 0], [0, 2]]), MANY),
    case("BatchToSpaceND", lambda tf, x: tf.batch_to_space(x, [[0, 0], [0, 1]], 2), MANY,
         label="square"),
    case("SpaceToBatch", older("SpaceToBatch", "paddings"), X),
    case("BatchToSpace", older("BatchToSpace", "crops"), MANY),
]
