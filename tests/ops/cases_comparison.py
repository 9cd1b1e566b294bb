"""Operation types of ops/math/comparison.py, selection.py and casting.py."""

import numpy as np

from tests.ops.case import case

M = np.array([[1.5, -2.0, 0.25], [3.0, 0.5, -1.0]], np.float32)
N = np.array([[1.5, 1.25, -2.0], [-0.75, 0.5, 4.0]], np.float32)
ROW = np.array([2.0, -2.0, 0.25], np.float32)
INTS = np.array([1, 2, 3], np.int32)
J = np.array([3, 2, 1], np.int32)
NAN = np.array([np.nan, 1.0, -np.inf], np.float32)
TEXT, OTHER = np.array([b"a", b"b"], object), np.array([b"a", b"c"], object)
P, Q = np.array([[True, False, True]]), np.array([[True], [False]])
WHOLE = M > 0
ROWS = np.array([True, False])

RELATIONS = [("Equal", "equal", np.equal), ("NotEqual", "not_equal", np.not_equal),
             ("Less", "less", np.less), ("LessEqual", "less_equal", np.less_equal),
             ("Greater", "greater", np.greater),
             ("GreaterEqual", "greater_equal", np.greater_equal)]
LOGIC = [("LogicalAnd", "logical_and", np.logical_and),
         ("LogicalOr", "logical_or", np.logical_or)]


def of_two(op_type, symbol, oracle, x, y, label=""):
    return case(op_type, lambda tf, a, b: getattr(tf, symbol)(a, b), x, y, oracle=oracle,
                label=label)


def cast(source, target, values, oracle, label=None, **options):
    x = np.array(values, source)
    return case("Cast", lambda tf, x: tf.cast(x, target), x, oracle=oracle,
                label=label or f"{source}_to_{target}", **options)


CASES = [
    *[of_two(*row, M, N) for row in RELATIONS],
    *[of_two(*row, M, ROW, "row") for row in RELATIONS],
    *[of_two(*row, INTS, J, "int32") for row in RELATIONS],
    *[of_two(*row, NAN, NAN[::-1].copy(), "nan") for row in RELATIONS],
    *[of_two(*row, M[:0], ROW, "empty") for row in RELATIONS],
    *[of_two(*row, TEXT, OTHER, "strings") for row in RELATIONS[:2]],
    *[of_two(*row, P, Q, "bools") for row in RELATIONS[:2]],
    case("Less", lambda tf, x: x < 0.5, M, oracle=lambda x: x < 0.5, label="operator"),
    *[of_two(*row, P, Q) for row in LOGIC],
    case("LogicalAnd", lambda tf, p, q: p & q, P, Q, oracle=np.logical_and,
         label="operator"),
    case("LogicalOr", lambda tf, p, q: p ^ q, P, Q, oracle=np.logical_xor, label="xor"),
    case("LogicalNot", lambda tf, p: ~p, P, oracle=np.logical_not),

    case("Select", lambda tf, c, x, y: tf.where(c, x, y), WHOLE, M, N, oracle=np.where),
    case("Select", lambda tf, c, x, y: tf.where(c, x, y), ROWS, M, N,
         oracle=lambda c, x, y: np.where(c[:, None], x, y), label="rows"),
    case("Select", lambda tf, c, x, y: tf.where(c, x, y), ROWS, M[:, 0], N[:, 0],
         oracle=np.where, label="vectors"),
    case("Select", lambda tf, c, x, y: tf.where(c, x, y), np.array(False), M, N,
         oracle=np.where, label="scalar"),
    case("Select", lambda tf, c, x, y: tf.where(c, x, y), WHOLE[:0], M[:0], N[:0],
         oracle=np.where, label="empty"),
    case("SelectV2", lambda tf, c, x, y: tf.where_v2(c, x, y), P[0], M, np.float32(0.5),
         oracle=np.where),
    case("SelectV2", lambda tf, c, x, y: tf.where_v2(c, x, y), Q, ROW, N, oracle=np.where,
         label="broadcast"),

    cast("float32", "float64", [1.5, -2.25], lambda x: x.astype(np.float64)),
    cast("float64", "float32", [1.5, 7.25], lambda x: x.astype(np.float32)),
    cast("float32", "float16", [1.5, -2.25], lambda x: x.astype(np.float16)),
    cast("float32", "bfloat16", [1.5, -2.25], lambda x: x, gradient=()),
    cast("float32", "int32", [1.9, -1.9, 0.0], lambda x: np.array([1, -1, 0])),
    cast("float32", "uint8", [1.9, 255.0], lambda x: np.array([1, 255])),
    cast("float64", "int64", [[1.9, -1.9]], lambda x: np.array([[1, -1]])),
    cast("int32", "float32", [3, -3], lambda x: x),
    cast("int64", "int8", [300, -1], lambda x: np.array([44, -1])),
    cast("int32", "bool", [0, 2, -1], lambda x: x != 0),
    cast("bool", "float32", [True, False], lambda x: np.array([1.0, 0.0])),
    cast("bool", "int64", [], lambda x: np.zeros(0)),
    cast("float32", "complex64", [1.5], lambda x: x),
    cast("float32", "float64", 2.5, lambda x: x, "scalar"),
    case("Cast", lambda tf, x: tf.cast(tf.real(x), "int32"),
         np.array([1.5 + 2j], np.complex64), oracle=lambda x: np.array([1]),
         label="complex"),

    case("Bitcast", lambda tf, x: tf.bitcast(x, tf.int32), M,
         oracle=lambda x: x.view(np.int32)),
    case("Bitcast", lambda tf, x: tf.bitcast(x, tf.uint8), M,
         oracle=lambda x: x[..., None].view(np.uint8), label="narrower"),
    case("Bitcast", lambda tf, x: tf.bitcast(x, tf.float64), M[:, :2].copy(),
         oracle=lambda x: x.view(np.float64)[:, 0], label="wider", gradient=()),
]
