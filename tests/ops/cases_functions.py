"""Operation types of ops/math/functions.py and trigonometry.py."""

import numpy as np

from tests.ops.case import case

ANY = np.array([[-2.5, -0.75, 0.3], [0.9, 1.7, 3.2]], np.float32)
POSITIVE = np.array([[0.01, 0.5, 1.0], [2.5, 10.0, 300.0]], np.float32)
UNIT = np.array([[-0.95, -0.5, -0.1], [0.2, 0.6, 0.9]], np.float32)
ABOVE_ONE = np.array([1.1, 2.0, 5.5], np.float32)
STEPS = np.array([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 1.2, -1.7], np.float32)
Z = np.array([0.5 + 0.25j, -0.3 + 0.7j], np.complex64)
STRANGE = np.array([1.0, np.inf, -np.inf, np.nan], np.float32)


def sigmoid(x):
    return 1 / (1 + np.exp(-x.astype(np.result_type(x, np.float64))))


def rsqrt(x):
    return 1 / np.sqrt(x)


UNARY = [
    ("Exp", "exp", np.exp, ANY), ("Expm1", "expm1", np.expm1, ANY),
    ("Log", "log", np.log, POSITIVE), ("Log1p", "log1p", np.log1p, POSITIVE),
    ("Sigmoid", "sigmoid", sigmoid, ANY), ("Tanh", "tanh", np.tanh, ANY),
    ("Sqrt", "sqrt", np.sqrt, POSITIVE), ("Rsqrt", "rsqrt", rsqrt, POSITIVE),
    ("Sin", "sin", np.sin, ANY), ("Cos", "cos", np.cos, ANY), ("Tan", "tan", np.tan, UNIT),
    ("Asin", "asin", np.arcsin, UNIT), ("Acos", "acos", np.arccos, UNIT),
    ("Atan", "atan", np.arctan, ANY), ("Sinh", "sinh", np.sinh, ANY),
    ("Cosh", "cosh", np.cosh, ANY), ("Asinh", "asinh", np.arcsinh, ANY),
    ("Acosh", "acosh", np.arccosh, ABOVE_ONE), ("Atanh", "atanh", np.arctanh, UNIT),
]
ROUNDING = [("Floor", "floor", np.floor), ("Ceil", "ceil", np.ceil),
            ("Rint", "rint", np.rint), ("Round", "round", np.round)]
KINDS = [("IsNan", "is_nan", np.isnan), ("IsInf", "is_inf", np.isinf),
         ("IsFinite", "is_finite", np.isfinite)]


def of_one(op_type, symbol, oracle, value, label="", **options):
    return case(op_type, lambda tf, x: getattr(tf, symbol)(x), value, oracle=oracle,
                label=label, **options)


CASES = [
    *[of_one(*row) for row in UNARY],
    *[of_one(*row[:3], row[3].ravel()[:1].reshape(()), "scalar") for row in UNARY],
    *[of_one(*row[:3], row[3].astype(np.float64), "float64", rtol=1e-12) for row in UNARY],
    *[of_one(*row[:3], row[3].astype(np.float16), "float16", second=False)
      for row in UNARY],
    *[of_one(*row[:3], row[3][:0], "empty") for row in UNARY],
    *[of_one(*row[:3], Z, "complex", second=False) for row in UNARY],
    of_one("Sigmoid", "sigmoid", lambda x: np.array([0.0, 1.0, 0.5, 1.0]),
           np.array([-1e4, 1e4, 0.0, 90.0], np.float32), "far"),
    *[of_one(*row, STEPS) for row in ROUNDING],
    *[of_one(*row, STRANGE, "strange") for row in ROUNDING],
    *[of_one(*row, STRANGE) for row in KINDS],
    *[of_one(*row, STRANGE.astype(np.float64), "float64") for row in KINDS],

    case("Pow", lambda tf, x, y: tf.pow(x, y), POSITIVE, ANY, oracle=np.power),
    case("Pow", lambda tf, x, y: x ** y, POSITIVE, ANY[0], oracle=np.power, label="row"),
    case("Pow", lambda tf, x: x ** 2, ANY, oracle=np.square, label="two"),
    case("Pow", lambda tf, x: x ** 3.0, ANY, oracle=lambda x: x ** 3, label="three"),
    case("Pow", lambda tf, x: 2.0 ** x, ANY, oracle=np.exp2, label="of_two"),
    case("Pow", lambda tf, x, y: tf.pow(x, y), np.array([2, -3, 0], np.int32),
         np.array([10, 3, 0], np.int32), oracle=np.power, label="int32"),
    case("Pow", lambda tf, x, y: tf.pow(x, y), Z, Z[::-1].copy(), oracle=np.power,
         label="complex", second=False),
    case("Atan2", lambda tf, y, x: tf.atan2(y, x), ANY, POSITIVE - 2, oracle=np.arctan2),
    case("Atan2", lambda tf, y, x: tf.atan2(y, x), ANY, ABOVE_ONE, oracle=np.arctan2,
         label="row"),
]
