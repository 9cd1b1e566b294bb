"""Constants, placeholders and casts: which dtype and shape comes of what."""

import numpy as np

from ..harness import case, fed, raised

NUMBERS = ["float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8",
           "uint16", "bool", "complex64"]


# ----------------------------------------------------------------------------- constant


@case(each=[1, -7, 2.5, True, "text", b"raw", 3j, 1e40, ([1, 2, 3],), ([1.0, 2],), ([],),
            ([[], []],), ((1, 2),), ([[1, 2], [3, 4]],), ([True, False],), (["a", "bc"],),
            ([1, 2.5, 3],), ([1, 2j],)])
def constant(tf, value):
    return tf.constant(value)


@case(each=["float64", "int64", "float32", "int32", "uint8", "bool", "complex128", "int8"])
def constant_of_an_array_keeps_its_dtype(tf, dtype):
    return tf.constant(np.array([[1, 0], [2, 3]], dtype))


@case
def constant_of_numpy_scalars(tf):
    return [tf.constant(np.float64(1.5)), tf.constant(np.int64(2)),
            tf.constant(np.float32(1)),
            tf.constant([np.float64(1.5), 2.0]), tf.constant(np.bool_(True)),
            tf.constant([np.float32(1), np.float32(2)]), tf.constant([np.int64(1)])]


@case
def constant_of_arrays_in_a_list(tf):
    return tf.constant(np.array([np.array([1.0, 2.0]), np.array([3.0, 4.0])]))


@case
def constant_of_other_memory_orders(tf):
    x = np.arange(6).reshape(2, 3)
    return [tf.constant(np.asfortranarray(x)), tf.constant(x.T), tf.constant(x[:, ::-1])]


@case(each=[number for number in NUMBERS if number != "bool"])
def constant_with_a_dtype(tf, dtype):
    return [tf.constant([0, 1, 2], dtype), tf.constant(1, getattr(tf, dtype)),
            tf.constant(1, np.dtype(dtype))]


@case
def constant_with_a_shape(tf):
    return [tf.constant(3.0, shape=[2, 2]), tf.constant([1, 2, 3, 4], shape=[2, 2]),
            tf.constant([1, 2], shape=[2, 3]), tf.constant(1, tf.float32, [3], "named"),
            tf.constant([5], shape=(2,)), tf.constant(1, shape=tf.TensorShape([2]))]


@case
def constant_refuses(tf):
    return [raised(lambda: tf.constant([1, 2, 3], shape=[2])),
            raised(lambda: tf.constant([1, 2], shape=[3], verify_shape=True)),
            raised(lambda: tf.constant(1.5, tf.int32)),
            raised(lambda: tf.constant("a", tf.int32)),
            raised(lambda: tf.constant([[1, 2], [3]])),
            raised(lambda: tf.constant(None)),
            raised(lambda: tf.constant(tf.constant(1))),
            raised(lambda: tf.constant([tf.constant(1)])),
            raised(lambda: tf.constant(1j, tf.float32)),
            raised(lambda: tf.constant([1, "a"])),
            raised(lambda: tf.constant(True, tf.float32)),
            raised(lambda: tf.constant(1, tf.bool)),
            raised(lambda: tf.constant(1, tf.string))]


@case(each=[(2**31, "int32"), (256, "uint8"), (-1, "uint8"), (200, "int8"), (2**31, None),
            (-2**31, None), (2**63, None), (2**63, "uint64")])
def constant_at_the_end_of_its_range(tf, value, dtype):
    return tf.constant(value, dtype)


@case
def constant_special_floats(tf):
    return [tf.constant([float("nan"), float("inf"), -float("inf"), -0.0]),
            tf.constant(np.float16(65504)), tf.constant(1e-45)]


@case
def constant_strings(tf):
    return [tf.constant("ä"), tf.constant([["a", "b"], ["c", "d"]]),
            tf.constant(np.array(["x", "yz"])),
            tf.constant(np.array([b"x", b"yz"], object)),
            tf.constant("s", shape=[2])]


# ----------------------------------------------------------------------- filled tensors


@case(each=[(symbol, dtype) for symbol in ("zeros", "ones") for dtype in NUMBERS])
def filled_with(tf, symbol, dtype):
    return getattr(tf, symbol)([2, 1], dtype)


@case(each=["zeros", "ones"])
def filled_by_default(tf, symbol):
    make = getattr(tf, symbol)
    return [make([2]), make([]), make(3), make((2, 2)), make([0, 2]),
            make([2], name="named"),
            make(tf.constant([2, 1])), make(tf.TensorShape([2])), make(np.array([2, 1])),
            make([tf.Dimension(2), 1])]


@case
def zeros_of_other_types(tf):
    return [tf.zeros([2], tf.string), tf.zeros([1], tf.complex128), tf.zeros([1], "uint32")]


@case(each=["zeros", "ones"])
def filled_with_a_shape_known_when_it_runs(tf, symbol):
    n = tf.placeholder(tf.int32, [])
    x = tf.placeholder(tf.float32, [None, 3])
    make = getattr(tf, symbol)
    return fed([make([n, 2]), make(tf.shape(x)), make(tf.stack([n, n]))],
               {n: 2, x: np.zeros((2, 3))})


@case(each=["zeros", "ones"])
def filled_to_an_unknown_rank(tf, symbol):
    shape = tf.placeholder(tf.int32)
    known = tf.placeholder(tf.int32, [2])
    make = getattr(tf, symbol)
    return fed([make(shape), make(known)], {shape: [1, 2], known: [2, 1]})


@case(each=[(symbol, dtype) for symbol in ("zeros_like", "ones_like") for dtype in NUMBERS])
def filled_like(tf, symbol, dtype):
    x = tf.constant(np.array([[1, 0]], dtype))
    return [getattr(tf, symbol)(x), getattr(tf, symbol)(x, dtype=tf.int32)]


@case(each=["zeros_like", "ones_like"])
def filled_like_others(tf, symbol):
    like = getattr(tf, symbol)
    x = tf.placeholder(tf.float32, [None, 2])
    y = tf.placeholder(tf.float32)
    return fed([like(x), like(y), like([1, 2]), like(3.5), like(np.array([1.0])),
                like(x, optimize=False), like(x, name="named"),
                like(tf.Variable([1.0, 2.0]))],
               {x: [[1, 2]], y: [3]})


@case
def zeros_like_of_strings(tf):
    return tf.zeros_like(tf.constant(["a", "b"]))


@case(each=[1, 2.5, True, "a", 1j])
def fill(tf, value):
    return tf.fill([2, 2], value)


@case
def fill_variants(tf):
    x = tf.placeholder(tf.float32, [None, 3])
    return fed([tf.fill([], 1.0), tf.fill([0, 2], 1), tf.fill(tf.shape(x), 2.0),
                tf.fill([2], tf.constant(3, tf.int64), name="named"),
                tf.fill(tf.constant([1, 2], tf.int64), 1)], {x: np.zeros((1, 3))})


@case
def fill_refuses(tf):
    return [raised(lambda: tf.fill([2], [1, 2])), raised(lambda: tf.fill([[2]], 1)),
            raised(lambda: tf.fill([-1], 1)), raised(lambda: tf.fill([1.5], 1))]


@case(each=[([3], {}), ([2, 3], {}), ([3, 2], {}), ([2], {"dtype": "int32"}),
            ([2], {"batch_shape": [2]}), ([2, 3], {"batch_shape": [1, 2]}),
            ([2], {"name": "named"}), ([0], {})])
def eye(tf, arguments, options):
    return tf.eye(*arguments, **options)


@case
def eye_of_a_tensor(tf):
    n = tf.placeholder(tf.int32, [])
    return fed(tf.eye(n), {n: 2})


# ---------------------------------------------------------------------- range, linspace


@case(each=[(5,), (0,), (2, 5), (2, 9, 3), (5, 0, -2), (5, 2), (3.0,), (0.0, 1.0, 0.25),
            (1, 2.5), (0, 1, 0.5), (-3, 3), (10, 10)])
def range_of(tf, *bounds):
    return tf.range(*bounds)


@case
def range_variants(tf):
    n = tf.placeholder(tf.int32, [])
    return fed([tf.range(n), tf.range(1, n), tf.range(n, delta=2),
                tf.range(3, dtype=tf.float32),
                tf.range(tf.constant(3, tf.int64)), tf.range(3, name="named"),
                tf.range(start=1, limit=4, delta=1), tf.range(np.int64(3)),
                tf.range(tf.constant(4), dtype=tf.int64)], {n: 5})


@case
def range_refuses(tf):
    return [raised(lambda: tf.range(3, delta=0)), raised(lambda: tf.range([1, 2]))]


@case
def range_with_a_delta_of_zero_when_it_runs(tf):
    step = tf.placeholder(tf.int32, [])
    return fed(tf.range(0, 3, step), {step: 0})


COMPOSED = "1.15 has one op LinSpace here, compat.v1 a composition"


@case(names=False, why=COMPOSED, each=[
    (0.0, 1.0, 5), (10.0, 12.0, 3), (1.0, 1.0, 2), (5.0, -5.0, 3), (2.0, 3.0, 1)])
def linspace(tf, start, stop, num):
    return tf.linspace(start, stop, num)


@case(names=False, why=COMPOSED)
def linspace_variants(tf):
    return [tf.lin_space(0.0, 1.0, 3), tf.linspace(tf.constant(0.0, tf.float64), 1.0, 3),
            tf.linspace(0.0, 1.0, 3, name="named")]


# -------------------------------------------------------------------------- placeholder


@case
def placeholder_shapes(tf):
    return [tf.placeholder(tf.float32).shape, tf.placeholder(tf.float32, []).shape,
            tf.placeholder(tf.float32, [None, 3]).shape, tf.placeholder(tf.int32, 4).shape,
            tf.placeholder(tf.float32, (2,)).shape, tf.placeholder("int8", None).shape,
            tf.placeholder(tf.float32, tf.TensorShape([1, None])).shape,
            tf.placeholder(tf.float32, [tf.Dimension(None)]).shape]


@case
def placeholder_names(tf):
    x = tf.placeholder(tf.float32)
    y = tf.placeholder(tf.float32, name="y")
    with tf.name_scope("s"):
        z = tf.placeholder(tf.bool, [2])
    return fed([x, y, z], {x: 1, y: [2], z: [True, False]})


@case(each=[*NUMBERS, "string"])
def placeholder_dtypes(tf, dtype):
    x = tf.placeholder(dtype, [2])
    return fed(x, {x: ["a", "b"] if dtype == "string" else [1, 0]})


@case
def placeholder_with_default(tf):
    x = tf.placeholder_with_default([1.0, 2.0], [None])
    y = tf.placeholder_with_default(tf.constant(3), [], name="y")
    z = tf.placeholder_with_default(np.zeros((2, 2), np.float32), None)
    return [x, y, z]


@case
def placeholder_with_default_fed(tf):
    x = tf.placeholder_with_default([1.0, 2.0], [None])
    return fed(x * 2, {x: [5.0]})


@case
def placeholder_with_default_refuses(tf):
    return raised(lambda: tf.placeholder_with_default([1.0, 2.0], [3]))


@case
def placeholder_refuses(tf):
    return [raised(lambda: tf.placeholder("nonsense")),
            raised(lambda: tf.placeholder(tf.float32, [-2])),
            raised(lambda: tf.placeholder(tf.float32, "ab"))]


# --------------------------------------------------------------------------------- cast

KINDS = ["float16", "float32", "float64", "int8", "int32", "int64", "uint8", "bool",
         "complex64"]


@case(each=[(a, b) for a in KINDS for b in KINDS])
def cast(tf, source, target):
    return tf.cast(np.array([0, 1, 2], source), target)


@case
def cast_truncates(tf):
    return tf.cast([1.9, -1.9, 0.5, -0.5, 2.5], tf.int32)


@case
def cast_to_the_same_dtype_returns_the_tensor(tf):
    x = tf.constant([1.0])
    return [tf.cast(x, tf.float32) is x, tf.cast(x, "float32") is x,
            tf.to_float(x) is x, tf.cast(x, tf.float64) is x]


@case
def cast_python_values(tf):
    return [tf.cast(1, tf.float32), tf.cast([1.5, 2.5], tf.int64), tf.cast(True, tf.int32),
            tf.cast(np.array([1.5]), tf.float32), tf.cast(1.0, tf.float32),
            tf.cast(3, tf.bool, name="named")]


@case
def cast_keeps_static_shapes(tf):
    x = tf.placeholder(tf.float32, [None, 2])
    return fed(tf.cast(x, tf.int32), {x: [[1.5, -1.5]]})


@case(each=["to_float", "to_double", "to_int32", "to_int64", "to_complex64",
            "to_complex128"])
def old_casts(tf, symbol):
    return getattr(tf, symbol)(tf.constant([1, 2], tf.int8))


@case
def old_casts_of_bfloat16(tf):
    return tf.to_bfloat16(tf.constant([1.0, 1.0009765625, 3.14159]))


@case
def cast_wraps_integers(tf):
    return [tf.cast(tf.constant([300, -1]), tf.uint8), tf.cast(tf.constant([200]), tf.int8),
            tf.cast(tf.constant([2**33 + 5], tf.int64), tf.int32)]


@case
def cast_bool_of_fractions(tf):
    return tf.cast([0.0, 0.5, -1.0, float("nan")], tf.bool)


@case
def cast_rounds_to_half(tf):
    return [tf.cast([1.0009, 65519.0, 65520.0, 1e-8], tf.float16),
            tf.cast([1.00390625, 1.01], tf.bfloat16)]


@case
def cast_refuses(tf):
    return [raised(lambda: tf.cast("a", tf.int32)), raised(lambda: tf.cast(1, "nonsense"))]


@case
def cast_of_indexed_slices(tf):
    slices = tf.IndexedSlices(tf.constant([1.5]), tf.constant([0]))
    return tf.cast(slices, tf.int32)


@case
def saturate_cast(tf):
    return [tf.saturate_cast([300.0, -5.0, 7.9], tf.uint8),
            tf.saturate_cast([300], tf.int8)]


@case
def bitcast(tf):
    return [tf.bitcast(tf.constant([1.0]), tf.int32),
            tf.bitcast(tf.constant([1, 2]), tf.uint8)]


# ------------------------------------------------------------------- dtypes of operands


@case
def python_numbers_take_the_tensors_dtype(tf):
    whole, half = tf.constant([1], tf.int64), tf.constant([1], tf.float16)
    return [whole + 1, 1 + whole, half + 1, half * 1.5, 2 - half,
            tf.add(whole, 1), tf.multiply(half, 3), tf.maximum(half, 0)]


@case
def left_operand_decides_for_functions(tf):
    return [tf.add(1, 2), tf.add(1.0, 2),
            raised(lambda: tf.add(1, 2.5)), raised(lambda: tf.add(1, tf.constant(2.5)))]


@case
def arrays_are_cast_to_the_tensors_dtype(tf):
    x = tf.constant([1.0, 2.0])
    array = np.array([0.5, 0.25])
    return [x + array, array + x, x * np.float64(3), np.float64(3) * x,
            raised(lambda: tf.constant([1, 2]) + array),
            x + np.array([1, 2])]


@case
def functions_of_two_python_values(tf):
    return [tf.add(2, 3), tf.multiply(2.0, 3.0), tf.maximum([1, 5], [4, 2]),
            tf.pow(2, 3), tf.less(1, 2), tf.subtract(np.array([1.0]), 1.0)]
