"""Elementwise arithmetic, comparison, logic, exponentials, trigonometry, rounding."""

import numpy as np

from ..harness import case, fed, find, raised

POINTS = [-2.5, -1.5, -1.0, -0.5, -0.1, 0.0, 0.1, 0.5, 1.0, 1.5, 2.5]

UNARY = [
    "abs", "negative", "sign", "reciprocal", "square", "sqrt", "rsqrt", "exp", "expm1",
    "log", "log1p", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh",
    "asinh", "acosh", "atanh", "sigmoid", "erf", "erfc", "lgamma", "digamma", "ceil",
    "floor", "round", "rint", "log_sigmoid", "identity", "stop_gradient", "is_nan",
    "is_inf", "is_finite",
]
UNARY_OF_INTEGERS = ["abs", "negative", "sign", "square", "round", "identity"]
BINARY = [
    "add", "subtract", "multiply", "divide", "truediv", "div", "realdiv", "floordiv",
    "floor_div", "mod", "floormod", "pow", "maximum", "minimum", "squared_difference",
    "div_no_nan", "atan2", "truncatemod",
]
BINARY_OF_INTEGERS = [
    "add", "subtract", "multiply", "divide", "truediv", "div", "floordiv", "floor_div",
    "mod", "floormod", "maximum", "minimum", "squared_difference", "truncatediv",
    "truncatemod",
]
COMPARISONS = ["equal", "not_equal", "less", "less_equal", "greater", "greater_equal"]
LOGICAL = ["logical_and", "logical_or", "logical_xor"]
COMPLEX = ["real", "imag", "conj", "angle", "abs", "exp", "square", "sqrt", "log", "sin",
           "negative", "tanh", "reciprocal", "sigmoid"]


def _library(tf, symbol):
    return find(tf, symbol, "math")


# -------------------------------------------------------------------------- one operand


@case(each=UNARY)
def unary(tf, symbol):
    x = tf.placeholder(tf.float32, [None, 11])
    return fed(_library(tf, symbol)(x), {x: [POINTS]})


@case(each=UNARY)
def unary_of_a_constant(tf, symbol):
    return _library(tf, symbol)(tf.constant([0.25, 0.75]))


@case(each=[(symbol, dtype) for symbol in UNARY for dtype in ("float16", "float64")
            if (symbol, dtype) != ("rint", "float16")])      # TensorFlow has no such kernel
def unary_dtypes(tf, symbol, dtype):
    return _library(tf, symbol)(tf.constant([0.25, 0.75], dtype))


@case(each=UNARY_OF_INTEGERS)
def unary_of_integers(tf, symbol):
    function = _library(tf, symbol)
    return [function(tf.constant([-3, 0, 4])), function(tf.constant([-3, 0, 4], tf.int64))]


@case(each=["sqrt", "exp", "sin", "floor", "log", "tanh", "sigmoid", "erf",
            "ceil", "is_nan", "rsqrt"])
def unary_that_integers_may_not_enter(tf, symbol):
    return _library(tf, symbol)(tf.constant([1, 4]))


@case(each=COMPLEX)
def unary_of_complex(tf, symbol):
    return _library(tf, symbol)(tf.constant([1 + 2j, -0.5 + 0.25j], tf.complex64))


@case(each=UNARY)
def unary_takes_a_name_and_python(tf, symbol):
    return [_library(tf, symbol)([0.5], name="named"), _library(tf, symbol)(0.5)]


@case(each=["exp", "log", "sqrt", "tanh", "sigmoid", "log1p", "expm1", "sinh", "abs",
            "sign",
            "reciprocal", "round", "floor", "log_sigmoid", "square"])
def unary_at_the_edges(tf, symbol):
    return _library(tf,
                    symbol)(tf.constant([float("inf"), -float("inf"), float("nan"), 1e30,
                                             -1e30, 1e-30, 100.0, -100.0, 0.0]))


@case(each=["abs", "negative", "exp", "sigmoid", "square", "tanh"])
def unary_of_nothing(tf, symbol):
    return _library(tf, symbol)(tf.zeros([0, 3]))


@case
def rounding_is_half_to_even(tf):
    x = tf.constant([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5])
    return [tf.round(x), tf.rint(x), tf.floor(x), tf.ceil(x)]


@case
def sign_of_special_values(tf):
    return [tf.sign([-3.0, 0.0, 3.0, float("nan")]), tf.sign(tf.constant([-2, 0, 2]))]


@case
def abs_of_complex_is_real(tf):
    return tf.abs(tf.constant([3 + 4j], tf.complex128))


@case
def aliases_in_tf_math(tf):
    x = tf.constant([0.5])
    return [tf.math.abs(x), tf.math.exp(x), tf.math.log(x), tf.math.sqrt(x),
            tf.math.tanh(x),
            tf.math.add(x, x), tf.math.subtract(x, x), tf.math.multiply(x, x),
            tf.math.divide(x, x), tf.math.maximum(x, x), tf.math.reduce_sum(x),
            tf.math.is_nan(x), tf.math.floormod(x, x), tf.math.log_softmax(x),
            tf.math.softplus(x), tf.math.softsign(x), tf.math.sigmoid(x), tf.math.erf(x),
            tf.math.greater(x, x), tf.math.logical_not(x > 1), tf.math.argmax(x),
            tf.math.cumsum(x), tf.math.rsqrt(x), tf.math.square(x), tf.math.sign(x)]


# ------------------------------------------------------------------------- two operands


@case(each=BINARY)
def binary(tf, symbol):
    x = tf.placeholder(tf.float32, [None, 3])
    y = tf.placeholder(tf.float32, [3])
    return fed(_library(tf, symbol)(x, y),
               {x: [[7.0, -7.0, 0.5], [5.5, -5.5, 0.0]], y: [2.0, 2.0, 3.0]})


@case(each=BINARY_OF_INTEGERS)
def binary_of_integers(tf, symbol):
    function = _library(tf, symbol)
    x, y = np.array([7, -7, 7, -7]), np.array([2, 2, -2, -2])
    return [function(tf.constant(x, dtype), tf.constant(y, dtype))
            for dtype in (tf.int32, tf.int64)]


@case(each=[(symbol, dtype) for symbol in ("truediv", "divide", "div", "floordiv")
            for dtype in ("int8", "uint8", "int16", "int32", "int64", "float16",
                          "float64")])
def division_dtypes(tf, symbol, dtype):
    return getattr(tf, symbol)(tf.constant([7, 3], dtype), tf.constant([2, 2], dtype))


@case(each=BINARY)
def binary_of_mixed_dtypes(tf, symbol):
    return _library(tf, symbol)(tf.constant([1.0]), tf.constant([1.0], tf.float64))


@case(each=BINARY)
def binary_takes_a_name_and_python(tf, symbol):
    function = _library(tf, symbol)
    return [function(4.0, 3.0, name="named"), function(tf.constant([4.0]), 3)]


@case(each=[symbol for symbol in BINARY if symbol not in ("divide", "div_no_nan")])
def binary_of_a_python_integer_and_a_float_tensor(tf, symbol):
    return raised(lambda: _library(tf, symbol)(4, tf.constant([3.0])))


@case(each=BINARY)
def binary_by_keyword(tf, symbol):
    return _library(tf, symbol)(x=4.0, y=3.0)


@case(each=["add", "multiply", "maximum", "less", "equal", "squared_difference"])
def binary_broadcast_shapes(tf, symbol):
    function = getattr(tf, symbol)
    unknown = tf.placeholder(tf.float32)
    column = tf.placeholder(tf.float32, [None, 1])
    row = tf.placeholder(tf.float32, [1, None])
    full = tf.placeholder(tf.float32, [2, 3])
    return fed([function(unknown, full), function(column, row), function(column, full),
                function(row, row), function(full, 1.0), function(unknown, 1.0)],
               {unknown: [1.0, 2.0, 3.0], column: [[1.0], [2.0]], row: [[3.0, 4.0, 5.0]],
                full: np.ones((2, 3))})


@case(each=["add", "multiply", "less", "equal", "pow"])
def binary_of_shapes_that_do_not_fit(tf, symbol):
    return getattr(tf, symbol)(tf.zeros([2, 3]), tf.zeros([2]))


@case(each=["add", "multiply", "less", "pow"])
def binary_of_shapes_that_do_not_fit_when_it_runs(tf, symbol):
    x = tf.placeholder(tf.float32, [None])
    return fed(getattr(tf, symbol)(x, tf.ones([2])), {x: [1.0, 2.0, 3.0]})


@case(each=["div", "floordiv", "floormod", "mod"])
def integer_division_by_zero(tf, symbol):
    x = tf.placeholder(tf.int32, [2])
    return fed(getattr(tf, symbol)(x, [1, 0]), {x: [1, 2]})


@case
def float_division_by_zero(tf):
    x, zero = tf.constant([1.0, -1.0, 0.0]), tf.zeros([3])
    return [x / zero, tf.div_no_nan(x, zero), x // zero, tf.floormod(x, zero),
            tf.constant([1]) / tf.constant([0])]


@case
def floor_division_signs(tf):
    x, y = tf.constant([7.5, -7.5, 7.5, -7.5]), tf.constant([2.0, 2.0, -2.0, -2.0])
    return [x // y, x % y, tf.truncatemod(x, y)]


@case
def maximum_and_minimum_of_nan(tf):
    a, b = tf.constant([float("nan"), 1.0]), tf.constant([1.0, float("nan")])
    return [tf.maximum(a, b), tf.minimum(a, b)]


@case
def pow_variants(tf):
    return [tf.pow([2, 3], [3, 2]), tf.pow([2.0, -2.0], 3.0), tf.pow(4.0, 0.5),
            tf.pow(-8.0, 1 / 3), tf.pow(tf.constant([2], tf.int64), 10),
            tf.constant([2.0, 3.0]) ** 2, 2 ** tf.constant([1.0, 2.0]), tf.pow(0.0, 0.0)]


@case
def negative_integer_power(tf):
    x = tf.placeholder(tf.int32, [1])
    return fed(tf.pow([2], x), {x: [-1]})


@case
def add_n(tf):
    a, b = tf.constant([1.0, 2.0]), tf.constant([3.0, 4.0])
    x = tf.placeholder(tf.float32, [None])
    return fed([tf.add_n([a, b, a]), tf.add_n([a]), tf.add_n([a, x], name="named"),
                tf.add_n([x, x]), tf.add_n([1, 2]), tf.add_n([a]) is a], {x: [5.0, 6.0]})


@case
def add_n_refuses(tf):
    a = tf.constant([1.0])
    return [raised(lambda: tf.add_n([])), raised(lambda: tf.add_n([a, tf.constant([1])])),
            raised(lambda: tf.add_n([a, tf.constant([1.0, 2.0])])),
            raised(lambda: tf.add_n(1.0))]


@case
def accumulate_n(tf):
    a = tf.constant([1.0, 2.0])
    return [tf.accumulate_n([a, a, a]), tf.accumulate_n([a], name="named")]


@case
def add_strings(tf):
    return [tf.constant(["a", "b"]) + "c", tf.add("x", ["y", "z"])]


@case
def scalar_mul(tf):
    return [tf.scalar_mul(3.0, tf.constant([1.0, 2.0])),
            tf.scalar_mul(tf.constant(2), tf.constant([3]))]


@case
def scalar_mul_refuses(tf):
    return raised(lambda: tf.scalar_mul(tf.constant([1.0, 2.0]), tf.constant([1.0, 2.0])))


@case
def complex_numbers(tf):
    z = tf.complex([1.0, 2.0], [3.0, 4.0])
    return [z, tf.real(z), tf.imag(z), tf.conj(z), z * z, z / z, z + 1, tf.abs(z),
            tf.conj(tf.constant([1.0])), tf.real(tf.constant([1.0])),
            tf.complex(tf.constant([1.0], tf.float64), tf.constant([1.0], tf.float64))]


# -------------------------------------------------------------------- comparison, logic


@case(each=COMPARISONS)
def comparison(tf, symbol):
    x = tf.placeholder(tf.float32, [None])
    return fed(getattr(tf, symbol)(x, [2.0, 2.0, 2.0, float("nan")]),
               {x: [1.0, 2.0, 3.0, float("nan")]})


@case(each=[(symbol, dtype) for symbol in COMPARISONS
            for dtype in ("int32", "int64", "uint8", "float64", "float16")])
def comparison_dtypes(tf, symbol, dtype):
    return getattr(tf, symbol)(tf.constant([1, 2, 3], dtype), 2)


@case
def equality_of_other_types(tf):
    return [tf.equal(["a", "b"], ["a", "c"]), tf.not_equal(["a", "b"], "a"),
            tf.equal([True, False], True), tf.equal(tf.constant([1j], tf.complex64), 1j),
            tf.equal([1, 2], [1, 3], name="named")]


@case
def comparison_refuses(tf):
    return [raised(lambda: tf.less("a", "b")), raised(lambda: tf.less(True, False)),
            raised(lambda: tf.equal(tf.constant([1.0]), tf.constant([1])))]


@case(each=LOGICAL)
def logical(tf, symbol):
    a = tf.placeholder(tf.bool, [None])
    return fed(getattr(tf, symbol)(a, [True, False, True, False]),
               {a: [True, True, False, False]})


@case
def logical_not(tf):
    return [tf.logical_not([True, False]), tf.logical_not(True, name="named")]


@case(each=LOGICAL)
def logical_of_numbers(tf, symbol):
    return getattr(tf, symbol)([1, 0], [1, 1])


@case
def bitwise(tf):
    a, b = tf.constant([5, 12]), tf.constant([3, 10])
    return [tf.bitwise.bitwise_and(a, b), tf.bitwise.bitwise_or(a, b),
            tf.bitwise.bitwise_xor(a, b), tf.bitwise.invert(a),
            tf.bitwise.left_shift(a, [1, 2]), tf.bitwise.right_shift(a, [1, 2])]


# ----------------------------------------------------------------------------- clipping


@case
def clip_by_value(tf):
    x = tf.constant([-2.0, 0.5, 3.0])
    return [tf.clip_by_value(x, -1.0, 1.0), tf.clip_by_value(x, -1, 1, name="named"),
            tf.clip_by_value([1, 5, 9], 2, 7), tf.clip_by_value(x, [-3.0, 1.0, 0.0], 2.0),
            tf.clip_by_value(t=x, clip_value_min=0.0, clip_value_max=1.0)]


@case
def clip_by_value_with_bounds_crossed(tf):
    return tf.clip_by_value([0.0, 5.0], 3.0, 1.0)


@case
def clip_by_value_of_slices(tf):
    slices = tf.IndexedSlices(tf.constant([[-5.0, 5.0]]), tf.constant([1]),
                              tf.constant([3, 2]))
    return tf.clip_by_value(slices, -1.0, 1.0)


@case(each=[(5.0, None), (2.0, None), (1.0, [0]), (1.0, [1]), (0.0, None)])
def clip_by_norm(tf, norm, axes):
    return tf.clip_by_norm(tf.constant([[3.0, 0.0], [0.0, 4.0]]), norm, axes)


@case
def clip_by_norm_of_zeros(tf):
    return [tf.clip_by_norm(tf.zeros([2]), 1.0),
            tf.clip_by_norm([3.0, 4.0], 1.0, name="named")]


@case
def clip_by_average_norm(tf):
    return tf.clip_by_average_norm(tf.constant([3.0, 4.0]), 1.0)


@case(each=[1.0, 5.0, 100.0])
def clip_by_global_norm(tf, norm):
    clipped, total = tf.clip_by_global_norm([tf.constant([3.0, 0.0]), tf.constant([4.0])],
                                            norm)
    return {"clipped": clipped, "norm": total}


@case
def clip_by_global_norm_keeps_none_and_slices(tf):
    slices = tf.IndexedSlices(tf.constant([[3.0, 4.0]]), tf.constant([1]),
                              tf.constant([3, 2]))
    clipped, total = tf.clip_by_global_norm([slices, None, tf.constant([12.0])], 6.5)
    return [clipped, total]


@case
def clip_by_global_norm_of_nan_and_inf(tf):
    clipped, total = tf.clip_by_global_norm([tf.constant([float("inf"), 1.0])], 1.0)
    return [clipped, total]


@case
def clip_by_global_norm_with_a_given_norm(tf):
    clipped, total = tf.clip_by_global_norm([tf.constant([4.0])], 1.0,
                                            use_norm=tf.constant(2.0))
    return [clipped, total]


@case
def clip_by_global_norm_refuses(tf):
    return [raised(lambda: tf.clip_by_global_norm(tf.constant([1.0]), 1.0))]


@case
def global_norm(tf):
    slices = tf.IndexedSlices(tf.constant([[3.0, 4.0]]), tf.constant([1]))
    return [tf.global_norm([tf.constant([3.0]), None, tf.constant([[4.0]])]),
            tf.global_norm([slices])]


# ------------------------------------------------------------------------------- checks


@case
def check_numerics(tf):
    x = tf.placeholder(tf.float32, [2])
    return fed(tf.check_numerics(x, "bad"), {x: [1.0, 2.0]})


@case(each=["nan", "inf", "-inf"])
def check_numerics_fails(tf, value):
    x = tf.placeholder(tf.float32, [2])
    return fed(tf.check_numerics(x, "bad"), {x: [1.0, float(value)]})


@case
def verify_tensor_all_finite(tf):
    return tf.verify_tensor_all_finite(tf.constant([1.0]), "bad")


@case
def add_check_numerics_ops(tf):
    x = tf.placeholder(tf.float32, [])
    y = tf.log(x)
    return fed([y, tf.add_check_numerics_ops()], {x: -1.0})


@case
def assertion_holds(tf):
    x = tf.placeholder(tf.float32, [])
    with tf.control_dependencies([tf.Assert(x > 0, ["x must be positive", x])]):
        y = x * 2
    return fed(y, {x: 1.0})


@case
def assertion_fails(tf):
    x = tf.placeholder(tf.float32, [])
    with tf.control_dependencies([tf.Assert(x > 0, ["x must be positive", x])]):
        y = x * 2
    return fed(y, {x: -1.0})


@case
def assertion_on_constants(tf):
    return [raised(lambda: tf.Assert(False, ["never"])), tf.Assert(True, ["always"]).name,
            raised(lambda: tf.Assert(tf.constant(False), []))]


ASSERTIONS = {
    "assert_equal": ([1, 2], [1, 2], [1, 3]),
    "assert_none_equal": ([1, 2], [3, 4], [1, 4]),
    "assert_less": ([1, 2], [3, 4], [1, 4]),
    "assert_less_equal": ([1, 2], [1, 4], [0, 4]),
    "assert_greater": ([3, 4], [1, 2], [3, 2]),
    "assert_greater_equal": ([3, 4], [3, 2], [4, 2]),
}


@case(each=ASSERTIONS)
def assert_relations(tf, symbol):
    x, good, _ = ASSERTIONS[symbol]
    y = tf.placeholder(tf.int32, [2])
    with tf.control_dependencies([getattr(tf, symbol)(x, y)]):
        z = tf.identity(y, name="z")
    return fed(z, {y: good})


@case(each=ASSERTIONS)
def assert_relations_fail(tf, symbol):
    x, _, bad = ASSERTIONS[symbol]
    y = tf.placeholder(tf.int32, [2])
    with tf.control_dependencies([getattr(tf, symbol)(x, y)]):
        z = tf.identity(y, name="z")
    return fed(z, {y: bad})


@case(each=ASSERTIONS)
def assert_relations_of_constants(tf, symbol):
    x, _, bad = ASSERTIONS[symbol]
    return raised(lambda: getattr(tf, symbol)(x, bad))


@case(each=[("assert_positive", 1), ("assert_positive", 0), ("assert_negative", -1),
            ("assert_negative", 1), ("assert_non_negative", 0), ("assert_non_negative", -1),
            ("assert_non_positive", 0), ("assert_non_positive", 1)])
def assert_signs(tf, symbol, value):
    x = tf.placeholder(tf.int32, [])
    with tf.control_dependencies([getattr(tf, symbol)(x)]):
        y = tf.identity(x, name="y")
    return fed(y, {x: value})


@case
def assert_rank(tf):
    x = tf.placeholder(tf.float32, [None, 3])
    return [raised(lambda: tf.assert_rank(x, 2)), raised(lambda: tf.assert_rank(x, 1)),
            raised(lambda: tf.assert_rank_at_least(x, 1)),
            raised(lambda: tf.assert_rank_at_least(x, 3)),
            raised(lambda: tf.assert_type(x, tf.int32)),
            raised(lambda: tf.assert_type(x, tf.float32)),
            raised(lambda: tf.assert_scalar(x)),
            raised(lambda: tf.assert_rank_in(x, [2, 3]))]


@case
def printing_passes_its_input_on(tf):
    x = tf.constant([1.0, 2.0])
    return [tf.Print(x, [x], "x = "),
            tf.Print(x, [x, 3], message="x", first_n=1, summarize=2,
                                               name="named")]


@case
def print_v2_is_an_operation(tf):
    x = tf.constant([1.0, 2.0])
    return tf.print("x", x).type


@case
def identity_n(tf):
    return tf.identity_n([tf.constant(1.0), tf.constant([2])])


@case
def identity_variants(tf):
    x = tf.constant([1.0])
    return [tf.identity(x), tf.identity(x) is x, tf.identity([1, 2], name="named"),
            tf.stop_gradient(x), tf.stop_gradient(x, name="s")]


@case(rtol=1e-4, why="a polynomial of ours against another of theirs")
def special_functions(tf):
    x = tf.constant([0.5, 1.5])
    return [tf.lgamma(x), tf.digamma(x), tf.erf(x), tf.erfc(x), tf.igamma(x, x),
            tf.igammac(x, x), tf.zeta(x + 1, x), tf.polygamma([1.0, 2.0], x), tf.lbeta(x),
            tf.betainc(x, x, [0.25, 0.5])]
