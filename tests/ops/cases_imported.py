"""Types that no public function builds where shapes are known, or at all: they come from
imported graphs, from gradients, or where something is known only in the run.

TensorFlow builds them by `tf.raw_ops`, pellucid by `create`.
"""

import numpy as np

from pellucid.core.operation import create
from tests.ops.case import case

M = np.array([[1.5, -2.0, 0.25], [3.0, 0.5, -1.0]], np.float32)
N = np.array([[-7, 7, 9], [-9, 1, 0]], np.int32)
BATCH = np.arange(12, dtype=np.float32).reshape(2, 2, 3) / 8 - 1


def raw(op_type, *names, **attrs):
    """A row's function: the operation of that type on all inputs, whose names TF wants."""
    def build(tf, *inputs):
        if hasattr(tf, "raw_ops"):
            inputs = dict(zip(names, inputs, strict=True))
            return getattr(tf.raw_ops, op_type)(**inputs, **attrs)
        outputs = create(op_type, inputs, **attrs).outputs
        return outputs[0] if len(outputs) == 1 else list(outputs)
    return build


def shape_of(op_type, oracle):
    return [case(op_type, raw(op_type, "input"), x, oracle=oracle, label=label)
            for x, label in ((M, ""), (np.float32(1), "scalar"), (M[:0], "empty"))]


CASES = [
    *shape_of("Shape", lambda x: np.array(x.shape, np.int32)),
    *shape_of("Size", lambda x: np.int32(x.size)),
    *shape_of("Rank", lambda x: np.int32(x.ndim)),
    case("BroadcastGradientArgs", raw("BroadcastGradientArgs", "s0", "s1"),
         np.array([2, 1, 3], np.int32), np.array([4, 1], np.int32)),
    case("BroadcastGradientArgs", raw("BroadcastGradientArgs", "s0", "s1"),
         np.array([2, 3], np.int32), np.array([2, 3], np.int32), label="equal"),
    case("BroadcastGradientArgs", raw("BroadcastGradientArgs", "s0", "s1"),
         np.array([], np.int32), np.array([2, 1], np.int32), label="scalar"),

    case("Div", raw("Div", "x", "y"), M, M[:1] + 4, oracle=np.divide),
    case("Div", raw("Div", "x", "y"), N, np.int32(2), label="of integers"),
    case("Mod", raw("Mod", "x", "y"), M, np.float32(0.7), oracle=np.fmod),
    case("Mod", raw("Mod", "x", "y"), N, np.int32(4), oracle=np.fmod, label="of integers"),
    case("Inv", raw("Inv", "x"), M, oracle=np.reciprocal),

    case("BatchMatMul", raw("BatchMatMul", "x", "y"), BATCH, np.swapaxes(BATCH, 1, 2),
         oracle=np.matmul),
    case("BatchMatMul", raw("BatchMatMul", "x", "y", adj_x=True), BATCH, BATCH,
         oracle=lambda x, y: np.swapaxes(x, 1, 2) @ y, label="adjoint"),

    case("LinSpace", raw("LinSpace", "start", "stop", "num"), np.float32(1), np.float32(3),
         np.int32(5), oracle=lambda a, b, n: np.linspace(a, b, n, dtype=np.float32)),
    case("LinSpace", raw("LinSpace", "start", "stop", "num"), np.float32(1), np.float32(3),
         np.int32(1), oracle=lambda a, b, n: np.array([1], np.float32), label="of one"),
]
