"""Tensors as Python objects: conversion, operators, shapes, dtypes."""

import numpy as np

from ..harness import case, fed, raised

BINARY = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "truediv": lambda a, b: a / b,
    "floordiv": lambda a, b: a // b,
    "mod": lambda a, b: a % b,
    "pow": lambda a, b: a ** b,
    "less": lambda a, b: a < b,
    "less_equal": lambda a, b: a <= b,
    "greater": lambda a, b: a > b,
    "greater_equal": lambda a, b: a >= b,
}
LOGIC = {"and": lambda a, b: a & b, "or": lambda a, b: a | b, "xor": lambda a, b: a ^ b}


def _pairs(symbols, *others):
    return [(symbol, other) for symbol in symbols for other in others]


# ---------------------------------------------------------------------------- operators


@case(each=BINARY)
def operator_on_two_tensors(tf, symbol):
    a = tf.constant([7.0, -7.0, 2.0], name="a")
    b = tf.constant([2.0, 2.0, 3.0], name="b")
    return BINARY[symbol](a, b)


@case(each=BINARY)
def operator_on_two_integers(tf, symbol):
    return BINARY[symbol](tf.constant([7, -7, 2]), tf.constant([2, 2, 3]))


@case(each=_pairs(BINARY, "int32", "float64"))
def operator_with_a_python_number_right(tf, symbol, dtype):
    return BINARY[symbol](tf.constant([7, -7, 2], dtype), 2)


@case(each=_pairs(BINARY, "int32", "float32"))
def operator_with_a_python_number_left(tf, symbol, dtype):
    return BINARY[symbol](3, tf.constant([7, 2, 1], dtype))


@case(each=BINARY)
def operator_with_an_array(tf, symbol):
    x = tf.constant([4.0, 5.0])
    return [BINARY[symbol](x, np.array([2.0, 3.0])),
            BINARY[symbol](np.array([2.0, 3.0]), x),
            BINARY[symbol](x, [2.0, 3.0])]


@case(each=BINARY)
def operator_broadcasts(tf, symbol):
    a = tf.placeholder(tf.float32, [None, 1, 3])
    b = tf.placeholder(tf.float32, [2, 1])
    return fed(BINARY[symbol](a, b), {a: [[[1.0, 2.0, 3.0]]], b: [[2.0], [3.0]]})


@case(each=BINARY)
def operator_on_mixed_tensors(tf, symbol):
    return BINARY[symbol](tf.constant([1.0]), tf.constant([1]))


@case(each=["add", "sub", "mul", "floordiv", "less", "pow", "truediv", "mod"])
def operator_int_with_a_fraction(tf, symbol):
    return [raised(lambda: BINARY[symbol](tf.constant([1]), 1.5)),
            raised(lambda: BINARY[symbol](1.5, tf.constant([1])))]


@case(each=LOGIC)
def operator_on_booleans(tf, symbol):
    a = tf.constant([True, True, False, False])
    b = tf.constant([True, False, True, False])
    return [LOGIC[symbol](a, b), LOGIC[symbol](a, True), LOGIC[symbol](False, b)]


@case(each=LOGIC)
def logic_on_numbers(tf, symbol):
    return LOGIC[symbol](tf.constant([1.0]), tf.constant([0.0]))


@case
def unary_operators(tf):
    x, b = tf.constant([1.5, -2.5]), tf.constant([True, False])
    return [-x, abs(x), ~b]


@case
def unary_operators_on_the_wrong_type(tf):
    return [raised(lambda: ~tf.constant([1.5])), raised(lambda: -tf.constant(["a"]))]


@case
def matmul_operator(tf):
    a = tf.constant([[1.0, 2.0], [3.0, 4.0]])
    return [a @ a, a @ np.eye(2, dtype=np.float32), np.eye(2, dtype=np.float32) @ a]


@case(each=["int8", "uint8", "int16", "uint16", "int32", "int64", "float16", "float32",
            "float64", "complex64", "complex128"])
def operators_keep_the_dtype(tf, dtype):
    x = tf.constant([1, 2, 3], dtype)
    return [x + x, x * 2, x - 1, x / x, x * x]


@case(each=["int8", "uint8", "int16", "int32", "int64", "uint32", "uint64"])
def integers_wrap_around(tf, dtype):
    top = tf.constant([np.iinfo(dtype).max], dtype)
    return [top + 1, top * top]


# ------------------------------------------------------------------ equality and Python


@case
def equality_is_identity(tf):
    a, b = tf.constant(1), tf.constant(1)
    return [a == a, a == b, a != b, a == 1, a in [b, a], a in [b], len({a, b, a})]


@case
def tensors_are_keys(tf):
    a, b = tf.constant(1), tf.constant(1)
    table = {a: "a", b: "b"}
    return [table[a], table[b]]


@case
def what_a_tensor_refuses(tf):
    x = tf.constant([1.0, 2.0])
    return [raised(lambda: bool(x)), raised(lambda: len(x)), raised(lambda: float(x)),
            raised(lambda: int(x)), raised(lambda: 1 if x > 0 else 2),
            raised(lambda: list(range(tf.constant(3)))), raised(lambda: x.nothing),
            raised(lambda: x.__setitem__(0, 1))]


@case
def iterating_without_a_known_length(tf):
    return [raised(lambda: list(tf.placeholder(tf.float32, [None, 2]))),
            raised(lambda: list(tf.placeholder(tf.float32))),
            raised(lambda: list(tf.constant(1.0)))]


@case
def what_a_tensor_knows(tf):
    graph = tf.get_default_graph()
    x = tf.constant([[1.0, 2.0]], name="x")
    return [x.name, x.op.name, x.dtype, x.shape, x.get_shape(), x.value_index,
            x.graph is graph, x.device, isinstance(x, tf.Tensor),
            isinstance(x, tf.Operation)]


@case
def is_tensor(tf):
    v = tf.Variable(1.0)
    return [tf.is_tensor(tf.constant(1)), tf.is_tensor(v), tf.is_tensor(1),
            tf.is_tensor([1])]


@case
def eval_uses_the_default_session(tf):
    x = tf.placeholder(tf.float32)
    y = x * 2
    with tf.Session() as session:
        return [y.eval({x: 3.0}), y.eval(feed_dict={x: [1.0]}, session=session)]


@case
def eval_without_a_session(tf):
    return raised(lambda: tf.constant(1).eval())


# ---------------------------------------------------------------------------- set_shape


@case
def set_shape_refines(tf):
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    x.set_shape([2, None])
    return [x.shape, fed(x, {}).fetches.get_shape()]


@case
def set_shape_contradiction(tf):
    x = tf.placeholder(tf.float32, [None, 3])
    return [raised(lambda: x.set_shape([2, 4])), raised(lambda: x.set_shape([3]))]


@case
def set_shape_of_an_unknown_rank(tf):
    x = tf.placeholder(tf.float32)
    before = x.shape
    x.set_shape(None)
    still = x.shape
    x.set_shape([None, 2])
    return [before, still, x.shape]


# -------------------------------------------------------------------------- TensorShape


@case
def tensor_shape_of(tf):
    shape = tf.TensorShape
    return [str(s) for s in (
        shape(None), shape([]), shape([1, None]), shape(3), shape([tf.Dimension(2)]),
        shape(shape([4])), shape((1, 2)), shape([None]))]


@case
def tensor_shape_representations(tf):
    shape = tf.TensorShape
    return [repr(shape(None)), repr(shape([])), repr(shape([1, None])), repr(shape([2])),
            str(tf.Dimension(3)), repr(tf.Dimension(3)), str(tf.Dimension(None)),
            repr(tf.Dimension(None))]


@case
def tensor_shape_properties(tf):
    s = tf.TensorShape([2, None, 3])
    t = tf.TensorShape([2, 3])
    return [s.ndims, s.rank, s.dims, t.dims, s.as_list(), s.is_fully_defined(),
            t.is_fully_defined(), t.num_elements(), s.num_elements(), len(s), s[0], s[-1],
            s[1], s[1:], list(t), tf.TensorShape(None).ndims, tf.TensorShape(None).dims,
            bool(tf.TensorShape(None)), bool(tf.TensorShape([])), t.is_compatible_with(s)]


@case
def tensor_shape_entries_are_dimensions(tf):
    s = tf.TensorShape([2, None])
    return [type(s[0]).__name__, s[0].value, s[1].value, int(s[0]), s[0] == 2, s[1] == 2,
            s[0] * 3, 3 * s[0], s[0] + s[0], s[0] // 2, s[0] - 1, s[0] < 3, s[1] < 3,
            s[0] % 2]


@case
def tensor_shape_comparisons(tf):
    shape = tf.TensorShape
    return [shape([1, 2]) == shape([1, 2]), shape([1, 2]) == [1, 2],
            shape([1]) == shape([2]),
            shape([1, None]) == shape([1, None]), shape(None) == shape(None),
            shape([1, 2]) != shape([1, 3]), shape([1, None]).is_compatible_with([1, 5]),
            shape(None).is_compatible_with([1]), shape([1]).is_compatible_with([1, 1])]


@case
def tensor_shape_merges(tf):
    a, b = tf.TensorShape([1, None, 3]), tf.TensorShape([None, 2, None])
    return [a.merge_with(b), a.merge_with(None), a.concatenate(b), a.concatenate(None),
            a.with_rank(3), tf.TensorShape(None).with_rank(2), a.with_rank_at_least(2),
            a.with_rank_at_most(3), raised(lambda: a.merge_with([2, 2, 3])),
            raised(lambda: a.with_rank(2)), raised(lambda: a.with_rank_at_least(4)),
            raised(lambda: a.with_rank_at_most(2))]


@case
def tensor_shape_refuses(tf):
    unknown = tf.TensorShape(None)
    return [raised(lambda: unknown.as_list()), raised(lambda: len(unknown)),
            raised(lambda: list(unknown)), raised(lambda: tf.TensorShape([1])[3]),
            raised(lambda: tf.TensorShape([-1])), raised(lambda: tf.TensorShape(["a"])),
            raised(lambda: tf.TensorShape([1]).assert_is_compatible_with([2])),
            raised(lambda: tf.TensorShape([None]).assert_is_fully_defined()),
            raised(lambda: tf.TensorShape([1.5]))]


@case
def dimension(tf):
    d, unknown = tf.Dimension(6), tf.Dimension(None)
    return [d.value, unknown.value, d + 1, 1 + d, d - 1, d * 2, d // 4, d % 4, d == 6,
            d == unknown, unknown == unknown, d != 5, d > 5, d >= unknown,
            d.is_compatible_with(unknown), d.merge_with(unknown), int(d),
            raised(lambda: d.merge_with(5)), raised(lambda: tf.Dimension(-1)),
            raised(lambda: d / 4), list(range(tf.Dimension(3)))]


@case
def dimension_value(tf):
    return [tf.dimension_value(tf.Dimension(3)), tf.dimension_value(tf.Dimension(None)),
            tf.dimension_value(4), tf.dimension_at_index(tf.TensorShape([5, None]), 0)]


# ------------------------------------------------------------------------------- dtypes

DTYPES = ["float16", "bfloat16", "float32", "float64", "int8", "int16", "int32", "int64",
          "uint8", "uint16", "uint32", "uint64", "bool", "string", "complex64",
          "complex128", "half", "double"]


@case(each=DTYPES)
def dtype(tf, name):
    dtype = getattr(tf, name)
    return [dtype.name, repr(dtype), str(dtype), dtype.size, dtype.is_floating,
            dtype.is_integer, dtype.is_complex, dtype.is_bool, dtype.is_unsigned,
            dtype.base_dtype is dtype, dtype.real_dtype, dtype.as_datatype_enum]


@case(each=["float32", "int8", "string"])
def dtype_further(tf, name):
    dtype = getattr(tf, name)
    return [dtype.is_quantized, dtype.is_numpy_compatible,
            dtype.is_compatible_with(tf.float32)]


@case(each=["qint8", "quint8", "qint32", "resource", "variant"])
def dtype_of_foreign_kinds(tf, name):
    return [getattr(tf, name).name, repr(getattr(tf, name))]


@case(each=["float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8",
            "uint16"])
def dtype_limits(tf, name):
    dtype = getattr(tf, name)
    return [float(dtype.min), float(dtype.max), np.dtype(dtype.as_numpy_dtype).name]


@case(each=["float32", "int8", "int64", "uint8", "bool"])
def dtype_limits_for_pictures(tf, name):
    return [float(limit) for limit in getattr(tf, name).limits]


@case
def dtype_comparisons(tf):
    return [tf.float32 == "float32", tf.float32 == np.float32, tf.float32 == np.dtype("f4"),
            tf.float32 == tf.float64, tf.float32 != tf.float64,
            tf.as_dtype(float) == tf.float32, tf.float32 is tf.as_dtype("float32"),
            len({tf.float32, tf.as_dtype(np.float32)}), tf.float32 == 1,
            tf.float32.is_compatible_with(tf.float32)]


@case(each=["float32", "float", "bool", "double", "half", "nonsense", "float32_ref",
            "string", "complex64"])
def as_dtype_of_a_string(tf, name):
    return tf.as_dtype(name)


@case
def as_dtype_of_a_type(tf):
    return [tf.as_dtype(kind) for kind in (
        float, bool, object, np.float32, np.int64, np.bool_, np.complex64, np.dtype("u1"),
        tf.int32, 1, 3)]


@case
def as_dtype_refuses(tf):
    return [raised(lambda: tf.as_dtype(None)), raised(lambda: tf.as_dtype([])),
            raised(lambda: tf.as_dtype("x" * 3)), raised(lambda: tf.as_dtype(1000))]


# -------------------------------------------------------------------- convert_to_tensor


@case(each=[1, 1.5, True, "text", b"bytes", 1j, ([],), ([1, 2],), ([1, 2.5],), ([True],),
            ([[1], [2]],), ((1, 2),), ([[]],), 2**31, -1])
def convert_python(tf, value):
    return tf.convert_to_tensor(value)


@case(each=["float16", "float32", "float64", "int8", "int32", "int64", "uint8", "uint64",
            "bool", "complex64", "complex128"])
def convert_arrays(tf, dtype):
    return [tf.convert_to_tensor(np.array([[1, 0]], dtype)),
            tf.convert_to_tensor(np.dtype(dtype).type(1))]


@case
def convert_returns_a_tensor_unchanged(tf):
    x = tf.constant(1.0)
    return [tf.convert_to_tensor(x) is x, tf.convert_to_tensor(x, tf.float32) is x,
            raised(lambda: tf.convert_to_tensor(x, tf.int32)),
            raised(lambda: tf.convert_to_tensor(x, tf.float64))]


@case
def convert_with_a_dtype(tf):
    return [tf.convert_to_tensor(1, tf.float32), tf.convert_to_tensor([1, 2], "int64"),
            tf.convert_to_tensor(np.array([1.5]), tf.float32),
            tf.convert_to_tensor([1.5], dtype=tf.float64, name="given")]


@case
def convert_with_a_preferred_dtype(tf):
    return [tf.convert_to_tensor(1, preferred_dtype=tf.float32),
            tf.convert_to_tensor(1.5, preferred_dtype=tf.int32),
            tf.convert_to_tensor("a", preferred_dtype=tf.int32)]


@case
def convert_refuses(tf):
    return [raised(lambda: tf.convert_to_tensor(None)),
            raised(lambda: tf.convert_to_tensor([1, None])),
            raised(lambda: tf.convert_to_tensor([[1], [1, 2]])),
            raised(lambda: tf.convert_to_tensor(object())),
            raised(lambda: tf.convert_to_tensor([1, "a"])),
            raised(lambda: tf.convert_to_tensor(1.5, tf.int32)),
            raised(lambda: tf.convert_to_tensor("a", tf.float32)),
            raised(lambda: tf.convert_to_tensor(2**63)),
            raised(lambda: tf.convert_to_tensor(2**40, tf.int32)),
            raised(lambda: tf.convert_to_tensor({})),
            raised(lambda: tf.convert_to_tensor(300, tf.uint8))]


@case
def convert_packs_lists_of_tensors(tf):
    a = tf.constant(1.0)
    return [tf.convert_to_tensor([a, 2.0]), tf.convert_to_tensor([[a, a], [a, 3.0]]),
            tf.convert_to_tensor([a, 1])]


@case
def convert_a_list_of_mixed_tensors(tf):
    return raised(lambda: tf.convert_to_tensor([tf.constant(1.0), tf.constant(1)]))


@case
def convert_a_variable(tf):
    v = tf.Variable([1.0], name="v")
    return tf.convert_to_tensor(v)


@case
def dtypes_are_dtypes(tf):
    return [isinstance(tf.float32, tf.DType), isinstance(tf.constant(1).dtype, tf.DType),
            isinstance("float32", tf.DType)]


@case
def convert_shapes_and_dimensions(tf):
    return [tf.convert_to_tensor(tf.TensorShape([1, 2])),
            tf.convert_to_tensor(tf.Dimension(3)),
            tf.convert_to_tensor(tf.TensorShape([1]), tf.int64),
            raised(lambda: tf.convert_to_tensor(tf.TensorShape([None]))),
            raised(lambda: tf.convert_to_tensor(tf.TensorShape(None)))]


@case
def convert_indexed_slices(tf):
    slices = tf.IndexedSlices(tf.constant([[1.0, 2.0]]), tf.constant([2]),
                              tf.constant([3, 2]))
    return [tf.convert_to_tensor(slices),
            raised(lambda: tf.convert_to_tensor(
                tf.IndexedSlices(tf.constant([1.0]), tf.constant([0]))))]


@case
def indexed_slices(tf):
    slices = tf.IndexedSlices(tf.constant([[1.0, 2.0]], name="v"),
                              tf.constant([2], name="i"),
                              tf.constant([3, 2]))
    return [slices, slices.dtype, slices.name, slices.op.name, slices.values,
            slices.indices,
            slices.dense_shape, slices.device, slices.shape]


@case
def convert_to_tensor_or_indexed_slices(tf):
    slices = tf.IndexedSlices(tf.constant([1.0]), tf.constant([0]))
    return [tf.convert_to_tensor_or_indexed_slices(slices) is slices,
            tf.convert_to_tensor_or_indexed_slices([1.0])]


@case
def register_tensor_conversion_function(tf):
    class Money:
        def __init__(self, cents):
            self.cents = cents

    def convert(value, dtype=None, name=None, as_ref=False):
        return tf.constant(value.cents / 100, dtype=dtype, name=name)

    tf.register_tensor_conversion_function(Money, convert)
    return [tf.add(Money(150), 1.0), tf.constant(1.0) + Money(50)]
