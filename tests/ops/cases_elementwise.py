"""Operation types of ops/math/elementwise.py, division.py, complex_numbers.py, clipping.py."""

import numpy as np

from pellucid.ops.math.clipping import ClipByValue
from tests.ops.case import case

M = np.array([[1.5, -2.0, 0.25], [3.0, 0.5, -1.0]], np.float32)
N = np.array([[0.9, 1.25, -2.0], [-0.8, 2.3, 4.0]], np.float32)
ROW = np.array([2.2, -0.6, 1.3], np.float32)
COLUMN = np.array([[0.7], [-1.7]], np.float32)
SCALAR = np.array(1.75, np.float32)
EMPTY = np.zeros((0, 3), np.float32)
INTS = np.array([[7, -7, 3], [-2, 9, 1]], np.int32)
J = np.array([[2, 2, -5], [-3, 4, 1]], np.int32)
Z = np.array([1 + 2j, -0.5 + 0.25j, 3 - 1j], np.complex64)
W = np.array([0.5 - 1j, 2 + 1j, -1 - 1j], np.complex64)
TEXT = np.array([b"a", b"bc"], object)


def pairs(op_type, symbol, ufunc, **options):
    """Rows for a binary operation: same shape, broadcast both ways, scalar, empty."""
    def build(tf, x, y):
        return getattr(tf, symbol, None)(x, y) if hasattr(tf, symbol) else getattr(
            tf.math, symbol)(x, y)
    return [case(op_type, build, x, y, oracle=ufunc, label=label, **options)
            for label, x, y in [("", M, N), ("row", M, ROW), ("column", COLUMN, N),
                                ("both", COLUMN, ROW), ("scalar", SCALAR, N),
                                ("scalars", SCALAR, SCALAR - 3), ("empty", EMPTY, ROW)]]


def integers(op_type, symbol, ufunc, *dtypes):
    def build(tf, x, y):
        return getattr(tf, symbol)(x, y)
    return [case(op_type, build, INTS.astype(d), J.astype(d), oracle=ufunc, label=d)
            for d in dtypes]


def truncated(x, y):
    return np.trunc(x / y).astype(x.dtype)


CASES = [
    *pairs("Add", "add", np.add),
    *integers("Add", "add", np.add, "int8", "int32", "int64"),
    case("Add", lambda tf, x: tf.add(x, x), TEXT, oracle=lambda x: [x + x],
         label="strings"),
    case("Add", lambda tf, x, y: tf.add(x, y), Z, W, oracle=np.add, label="complex"),
    case("AddV2", lambda tf, x, y: x + y, M, ROW, oracle=np.add),
    case("AddV2", lambda tf, x: x + x, M, oracle=lambda x: x + x, label="itself"),
    *pairs("Sub", "subtract", np.subtract),
    *integers("Sub", "subtract", np.subtract, "uint8", "int32"),
    case("Sub", lambda tf, x: x - x, M, oracle=lambda x: x - x, label="itself"),
    *pairs("Mul", "multiply", np.multiply),
    *integers("Mul", "multiply", np.multiply, "int16", "int64"),
    case("Mul", lambda tf, x: x * x, M, oracle=np.square, label="itself"),
    case("Mul", lambda tf, x, y: tf.multiply(x, y), Z, W, oracle=np.multiply,
         label="complex"),
    case("AddN", lambda tf, x, y: tf.add_n([x, y, x]), M, N, oracle=lambda x, y: x + y + x),
    case("AddN", lambda tf, x: tf.add_n([x, x]), INTS, oracle=lambda x: x + x,
         label="int32"),
    case("Square", lambda tf, x: tf.square(x), M, oracle=np.square),
    case("Square", lambda tf, x: tf.square(x), INTS, oracle=np.square, label="int32"),
    case("Square", lambda tf, x: tf.square(x), Z, oracle=np.square, label="complex"),
    *pairs("SquaredDifference", "squared_difference", lambda x, y: (x - y) ** 2),
    *integers("SquaredDifference", "squared_difference", lambda x, y: (x - y) ** 2,
              "int64"),
    case("Neg", lambda tf, x: -x, M, oracle=np.negative),
    case("Neg", lambda tf, x: tf.negative(x), INTS, oracle=np.negative, label="int32"),
    case("Abs", lambda tf, x: tf.abs(x), M, oracle=np.abs),
    case("Abs", lambda tf, x: tf.abs(x), INTS, oracle=np.abs, label="int32"),
    case("Abs", lambda tf, x: abs(x), SCALAR, oracle=np.abs, label="scalar"),
    case("Sign", lambda tf, x: tf.sign(x), M, oracle=np.sign),
    case("Sign", lambda tf, x: tf.sign(x), INTS, oracle=np.sign, label="int32"),
    *pairs("Maximum", "maximum", np.maximum),
    *integers("Maximum", "maximum", np.maximum, "int32", "uint8"),
    *pairs("Minimum", "minimum", np.minimum),
    *integers("Minimum", "minimum", np.minimum, "int64"),

    # -- division.py
    *pairs("RealDiv", "realdiv", np.divide),
    case("RealDiv", lambda tf, x, y: x / y, M, N, oracle=np.divide, label="operator"),
    case("RealDiv", lambda tf, x, y: x / y, INTS, J, oracle=np.divide, label="int32"),
    case("RealDiv", lambda tf, x, y: tf.divide(x, y), Z, W, oracle=np.divide,
         label="complex"),
    case("RealDiv", lambda tf, x: x / tf.zeros_like(x), M, label="zero", gradient=(),
         oracle=lambda x: x * np.inf),
    *pairs("FloorDiv", "floordiv", np.floor_divide),
    *integers("FloorDiv", "floordiv", np.floor_divide, "int8", "int32", "int64"),
    *integers("TruncateDiv", "truncatediv", truncated, "int32", "int64"),
    *pairs("FloorMod", "floormod", np.mod),
    *integers("FloorMod", "floormod", np.mod, "int32"),
    case("TruncateMod", lambda tf, x, y: tf.truncatemod(x, y), M, N, oracle=np.fmod,
         gradient=()),
    *integers("TruncateMod", "truncatemod", np.fmod, "int32"),
    case("Reciprocal", lambda tf, x: tf.reciprocal(x), M, oracle=np.reciprocal),
    case("Reciprocal", lambda tf, x: tf.reciprocal(x), Z, oracle=np.reciprocal,
         label="complex"),
    *pairs("DivNoNan", "div_no_nan", np.divide),
    case("DivNoNan", lambda tf, x: tf.div_no_nan(x, tf.zeros_like(x)), M, label="zero",
         oracle=np.zeros_like),
    *pairs("MulNoNan", "multiply_no_nan", np.multiply),
    case("MulNoNan", lambda tf, x, y: tf.math.multiply_no_nan(x, y),
         np.array([np.inf, np.nan, 2.0], np.float32), np.array([0.0, 0.0, 3.0], np.float32),
         oracle=lambda x, y: np.array([0.0, 0.0, 6.0]), label="inf"),
    *pairs("Xdivy", "xdivy", np.divide),
    case("Xdivy", lambda tf, x: tf.math.xdivy(tf.zeros_like(x), x - x), M, label="zero",
         oracle=np.zeros_like, gradient=()),
    *[case("Xlogy", lambda tf, x, y: tf.math.xlogy(x, y), x, np.abs(y),
           oracle=lambda x, y: x * np.log(y), label=label)
      for label, x, y in [("", M, N), ("row", M, ROW), ("scalar", SCALAR, N)]],
    case("Xlogy", lambda tf, x: tf.math.xlogy(tf.zeros_like(x), x - x), M, label="zero",
         oracle=np.zeros_like, gradient=()),

    # -- complex_numbers.py
    case("Complex", lambda tf, x, y: tf.complex(x, y), M, N,
         oracle=lambda x, y: x + 1j * y),
    case("Complex", lambda tf, x, y: tf.complex(x, y), M.astype("float64"),
         ROW.astype("float64"), oracle=lambda x, y: x + 1j * y, label="float64"),
    case("Real", lambda tf, z: tf.real(z), Z, oracle=np.real),
    case("Imag", lambda tf, z: tf.imag(z), Z, oracle=np.imag),
    case("Conj", lambda tf, z: tf.conj(z), Z, oracle=np.conj),
    case("Angle", lambda tf, z: tf.angle(z), Z, oracle=np.angle),
    case("ComplexAbs", lambda tf, z: tf.abs(z), Z, oracle=np.abs),

    # -- clipping.py
    case("ClipByValue", lambda tf, x, a, b: clip(tf, x, a, b), M, SCALAR - 2.5, SCALAR,
         oracle=np.clip),
    case("ClipByValue", lambda tf, x, a, b: clip(tf, x, a, b), M, N - 1, np.abs(N) + 1,
         oracle=np.clip, label="whole"),
]


def clip(tf, x, low, high):
    """The operation itself: tf.clip_by_value is made of minimum and maximum."""
    if hasattr(tf, "raw_ops"):
        return tf.raw_ops.ClipByValue(t=x, clip_value_min=low, clip_value_max=high)
    return ClipByValue([x, low, high]).output
