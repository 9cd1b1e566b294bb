"""Symbolic gradients: of every differentiable function, twice, and all of tf.gradients."""

from functools import partial
from itertools import count

import numpy as np

from ..harness import case, fed, find, in_turn, raised

# The nodes that tf.gradients adds are nobody's interface; their values are.
gradient_case = partial(case, names=False, why="the inside of a gradient is unnamed",
                        rtol=1e-4)
FRESH = count()

UNARY = [
    "abs", "negative", "reciprocal", "square", "sqrt", "rsqrt", "exp", "expm1", "log",
    "log1p", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh",
    "atanh", "sigmoid", "erf", "erfc", "log_sigmoid", "identity", "sign", "cumsum",
    "cumprod", "reduce_sum", "reduce_mean", "reduce_prod", "reduce_max", "reduce_min",
    "reduce_logsumexp", "norm", "zeros_like", "lgamma",
]
ACTIVATIONS = ["relu", "relu6", "elu", "selu", "leaky_relu", "crelu", "softplus",
               "softsign",
               "softmax", "log_softmax", "swish", "l2_loss"]
BINARY = [
    "add", "subtract", "multiply", "divide", "realdiv", "div_no_nan", "pow", "maximum",
    "minimum", "squared_difference", "atan2", "floormod", "floordiv", "matmul",
]
X = np.array([[0.2, -0.4, 0.9], [0.7, 0.3, -0.6]], np.float32)
POSITIVE = np.abs(X)


def _library(tf, symbol):
    return find(tf, symbol, "math", "nn")


def _shown(tf, gradients):
    """Gradients with the slices and the Nones among them."""
    return [None if g is None else tf.identity(g, name="g") if isinstance(g,
                                                                          tf.Tensor) else g
            for g in gradients]


def _twice(tf, y, xs):
    """First derivatives of y, and those of a sum that weighs each first one differently."""
    first = tf.gradients(y, xs)
    weighted = [tf.reduce_sum(g * g) for g in first if g is not None]
    second = tf.gradients(weighted, xs) if weighted else []
    return {"first": _shown(tf, first), "second": _shown(tf, second)}


# ----------------------------------------------------------------------- every function


@gradient_case(each=UNARY + ACTIVATIONS)
def of_a_function(tf, symbol):
    x = tf.placeholder(tf.float32, [None, 3])
    value = POSITIVE if symbol in ("sqrt", "rsqrt", "log", "lgamma") else X
    y = _library(tf, symbol)(x)
    if symbol == "softsign":                             # TensorFlow cannot do it twice
        return fed(_shown(tf, tf.gradients(y, x)), {x: value})
    return fed(_twice(tf, y, [x]), {x: value})


@gradient_case(each=BINARY)
def of_two_operands(tf, symbol):
    x, y = tf.placeholder(tf.float32, [None, 3]), tf.placeholder(tf.float32, [2, 3])
    function = _library(tf, symbol)
    z = function(x, y, transpose_b=True) if symbol == "matmul" else function(x, y)
    return fed(_twice(tf, z, [x, y]), {x: POSITIVE, y: POSITIVE[::-1] + 0.5})


@gradient_case(each=[symbol for symbol in BINARY if symbol != "matmul"])
def of_operands_that_broadcast(tf, symbol):
    x, y = tf.placeholder(tf.float32, [None, 1]), tf.placeholder(tf.float32)
    z = _library(tf, symbol)(x, y)
    return fed(_twice(tf, z, [x, y]), {x: [[0.5], [1.5]], y: [0.25, 2.0, 3.0]})


@gradient_case(each=["add", "subtract", "multiply", "maximum", "pow", "divide"])
def of_a_scalar_operand(tf, symbol):
    x, y = tf.placeholder(tf.float32, []), tf.constant([[1.0, 2.0], [3.0, 4.0]])
    return fed(_twice(tf, _library(tf, symbol)(x, y), [x, y]), {x: 2.0})


@gradient_case(each=[(a, b) for a in (False, True) for b in (False, True)])
def of_matmul(tf, transpose_a, transpose_b):
    a, b = tf.constant(X.T if transpose_a else X), tf.constant(X if transpose_b else X.T)
    return _twice(tf, tf.matmul(a, b, transpose_a, transpose_b), [a, b])


@gradient_case(each=[(a, b) for a in (False, True) for b in (False, True)])
def of_batched_matmul(tf, transpose_a, transpose_b):
    wide, tall = np.stack([X, -X]), np.stack([X.T, 2 * X.T])
    a = tf.constant(tall if transpose_a else wide)
    b = tf.constant(wide if transpose_b else tall)
    return _twice(tf, tf.matmul(a, b, transpose_a, transpose_b), [a, b])


@gradient_case
def of_matmul_that_broadcasts(tf):
    a, b = tf.constant(np.stack([X, -X])), tf.constant(X.T)
    return _twice(tf, tf.matmul(a, b), [a, b])


@gradient_case(each=["ij,jk->ik", "ij,jk", "ij,jk->k", "ij,jk->"])
def of_einsum(tf, equation):
    a, b = tf.constant(X), tf.constant(X.T)
    return _twice(tf, tf.einsum(equation, a, b), [a, b])


@gradient_case(each=["ij->ji", "ij->i", "ij->"])
def of_einsum_of_one(tf, equation):
    a = tf.constant(X)
    return _twice(tf, tf.square(tf.einsum(equation, a)), [a])


@gradient_case
def of_tensordot(tf):
    a, b = tf.constant(X), tf.constant(X.T)
    return [_twice(tf, tf.tensordot(a, b, 1), [a, b]),
            _twice(tf, tf.tensordot(a, b, [[0, 1], [1, 0]]), [a, b])]


SHAPING = {
    "reshape": lambda tf, x: tf.reshape(x, [3, -1]),
    "transpose": lambda tf, x: tf.transpose(x),
    "transpose_perm": lambda tf, x: tf.transpose(x[None], [2, 0, 1]),
    "expand_dims": lambda tf, x: tf.expand_dims(x, 1),
    "squeeze": lambda tf, x: tf.squeeze(x[None], [0]),
    "concat": lambda tf, x: tf.concat([x, x * x], 1),
    "stack": lambda tf, x: tf.stack([x, x * x], 1),
    "unstack": lambda tf, x: tf.unstack(x * x, axis=1)[1],
    "split": lambda tf, x: tf.split(x * x, 3, 1)[2],
    "split_v": lambda tf, x: tf.split(x * x, [1, 2], 1)[1],
    "tile": lambda tf, x: tf.tile(x, [2, 3]),
    "pad": lambda tf, x: tf.pad(x, [[1, 0], [2, 1]]),
    "pad_reflect": lambda tf, x: tf.pad(x * x, [[1, 1], [1, 1]], "REFLECT"),
    "pad_symmetric": lambda tf, x: tf.pad(x * x, [[1, 0], [0, 2]], "SYMMETRIC"),
    "slice": lambda tf, x: tf.slice(x, [0, 1], [-1, 2]),
    "strided_slice": lambda tf, x: x[::-1, 1:],
    "index": lambda tf, x: x[0, 1],
    "gather": lambda tf, x: tf.gather(x * x, [1, 0, 1]),
    "gather_axis": lambda tf, x: tf.gather(x * x, [2, 0, 2], axis=1),
    "gather_nd": lambda tf, x: tf.gather_nd(x * x, [[0, 1], [0, 1], [1, 2]]),
    "scatter_nd": lambda tf, x: tf.scatter_nd([[2], [0]], x * x, [3, 3]),
    "where": lambda tf, x: tf.where(x > 0, x * x, -x),
    "where_rows": lambda tf, x: tf.where([True, False], x * x, -x),
    "boolean_mask": lambda tf, x: tf.boolean_mask(x * x, [True, False]),
    "reverse": lambda tf, x: tf.reverse(x, [1]),
    "cumsum_reverse": lambda tf, x: tf.cumsum(x * x, 1, exclusive=True, reverse=True),
    "cumprod_exclusive": lambda tf, x: tf.cumprod(x, 1, exclusive=True),
    "sum_axis": lambda tf, x: tf.square(tf.reduce_sum(x * x, 1)),
    "mean_keepdims": lambda tf, x: tf.reduce_mean(x, 0, keepdims=True) * x,
    "max_axis": lambda tf, x: tf.reduce_max(x * x, 1),
    "prod_axis": lambda tf, x: tf.reduce_prod(x, 1),
    "logsumexp_axis": lambda tf, x: tf.reduce_logsumexp(x, 0),
    "norm_axis": lambda tf, x: tf.norm(x, axis=1),
    "add_n": lambda tf, x: tf.add_n([x, x * x, x]),
    "cast": lambda tf, x: tf.cast(tf.cast(x, tf.float64) ** 2, tf.float32),
    "broadcast_to": lambda tf, x: tf.broadcast_to(x[:, None], [2, 2, 3]) ** 2,
    "clip_by_value": lambda tf, x: tf.clip_by_value(x * x, 0.1, 0.5),
    "clip_by_norm": lambda tf, x: tf.clip_by_norm(x * x, 0.5),
    "l2_normalize": lambda tf, x: tf.nn.l2_normalize(x, 1),
    "moments": lambda tf, x: tf.nn.moments(x * x, [0])[1],
    "bias_add": lambda tf, x: tf.nn.bias_add(x * x, [1.0, 2.0, 3.0]),
    "top_k": lambda tf, x: tf.nn.top_k(x * x, 2).values,
    "diag_part": lambda tf, x: tf.matrix_diag_part(x * x),
    "diag": lambda tf, x: tf.matrix_diag(x * x),
    "trace": lambda tf, x: tf.trace(tf.matmul(x, x, transpose_b=True)),
    "roll": lambda tf, x: tf.roll(x * x, 1, 1),
    "segment_sum": lambda tf, x: tf.segment_sum(x * x, [0, 0]),
    "unsorted_segment_sum": lambda tf, x: tf.unsorted_segment_sum(x * x, [2, 0], 3),
    "batch_normalization": lambda tf, x: tf.nn.batch_normalization(
        x, *tf.nn.moments(x, [0]), [1.0, 2.0, 3.0], [0.5, 1.0, 2.0], 1e-2),
    "meshgrid": lambda tf, x: tf.meshgrid(x[0], x[1])[0] ** 2,
    "identity_n": lambda tf, x: tf.identity_n([x * x, x])[0],
    "tuple": lambda tf, x: tf.tuple([x * x, x])[0],
    "print": lambda tf, x: tf.Print(x * x, []),
    "check_numerics": lambda tf, x: tf.check_numerics(x * x, "bad"),
    "placeholder_with_default": lambda tf, x: tf.placeholder_with_default(x * x, [None, 3]),
    "real": lambda tf, x: tf.real(tf.square(tf.complex(x, 2 * x))),
    "matrix_inverse": lambda tf, x: tf.matrix_inverse(tf.matmul(x, x, transpose_b=True)),
    "cross": lambda tf, x: tf.cross(x * x, x),
    "tensor_scatter_add": lambda tf, x: tf.tensor_scatter_add(x * x, [[0]], [x[1]]),
    "repeat": lambda tf, x: tf.repeat(x * x, 2, axis=0),
}


@gradient_case(each=SHAPING)
def of_shaping(tf, name):
    x = tf.placeholder(tf.float32, [None, 3] if name != "split" else [2, 3])
    return fed(_twice(tf, SHAPING[name](tf, x), [x]), {x: X})


LOSSES = {
    "softmax_v2": lambda tf, x, y: tf.nn.softmax_cross_entropy_with_logits_v2(
        labels=y, logits=x),
    "softmax": lambda tf, x, y: tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=x),
    "sigmoid": lambda tf, x, y: tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=x),
    "sparse": lambda tf, x, y: tf.nn.sparse_softmax_cross_entropy_with_logits(
        labels=[2, 0], logits=x),
    "weighted": lambda tf, x, y: tf.nn.weighted_cross_entropy_with_logits(y, x, 2.0),
    "by_hand": lambda tf, x, y: -tf.reduce_sum(y * tf.log(tf.nn.softmax(x)), 1),
}


@gradient_case(each=LOSSES)
def of_a_loss(tf, name):
    x = tf.placeholder(tf.float32, [None, 3])
    y = tf.placeholder(tf.float32, [None, 3])
    return fed(_twice(tf, LOSSES[name](tf, x, y), [x, y]),
               {x: X, y: [[0, 0, 1], [0.5, 0.5, 0]]})


@gradient_case(each=["float16", "float64", "complex64"])
def dtypes(tf, dtype):
    x = tf.constant([[1, 2]], dtype)
    return _shown(tf, tf.gradients(x * x + x, x))


# ----------------------------------------------------------------------- kinks and ties

KINKS = {
    "relu": [0.0], "relu6": [0.0, 6.0], "leaky_relu": [0.0], "elu": [0.0], "selu": [0.0],
    "abs": [0.0], "sign": [0.0], "softsign": [0.0], "sqrt": [0.0], "norm": [0.0],
    "log": [0.0],
    "l2_loss": [0.0], "reciprocal": [0.0], "floor": [1.0], "round": [1.0], "ceil": [1.0],
}


@gradient_case(each=KINKS)
def at_a_kink(tf, symbol):
    x = tf.constant(KINKS[symbol])
    return _shown(tf, tf.gradients(_library(tf, symbol)(x), x))


@gradient_case(each=["maximum", "minimum"])
def of_ties(tf, symbol):
    a, b = tf.constant([1.0, 2.0]), tf.constant([1.0, 1.0])
    return _shown(tf, tf.gradients(getattr(tf, symbol)(a, b), [a, b]))


@gradient_case(each=["reduce_max", "reduce_min"])
def of_ties_in_reductions(tf, symbol):
    x = tf.constant([[1.0, 1.0, 0.0], [2.0, 2.0, 2.0]])
    return _shown(tf,
                  [tf.gradients(getattr(tf, symbol)(x, axis), x)[0] for axis in (0, 1,
                                                                                 None)])


@gradient_case
def of_a_product_with_zeros(tf):
    x = tf.constant([[0.0, 2.0, 3.0], [0.0, 0.0, 3.0]])
    return _shown(tf, [tf.gradients(tf.reduce_prod(x, 1), x)[0],
                       tf.gradients(tf.cumprod(x + 1, 1), x)[0]])


@gradient_case
def of_pow_at_zero(tf):
    x, y = tf.constant([0.0, 2.0, -1.0]), tf.constant([2.0, 0.0, 3.0])
    return _shown(tf, tf.gradients(x ** y, [x, y]))


@gradient_case
def of_clipped_values(tf):
    x = tf.constant([-1.0, 0.0, 0.5, 1.0, 2.0])
    return _shown(tf, tf.gradients(tf.clip_by_value(x, 0.0, 1.0), x))


@gradient_case
def of_xlogx_guarded_by_where_is_nan(tf):
    x = tf.constant([0.0, 1.0])
    y = tf.where(x > 0, x * tf.log(x), tf.zeros_like(x))
    return _shown(tf, tf.gradients(y, x))


# ------------------------------------------------------------------------ None or zeros

DEAD_ENDS = {
    "int": lambda tf, x: tf.cast(tf.cast(x, tf.int32), tf.float32),
    "argmax": lambda tf, x: tf.argmax(x, 0),
    "floor": lambda tf, x: tf.floor(x),
    "ceil": lambda tf, x: tf.ceil(x),
    "round": lambda tf, x: tf.round(x),
    "rint": lambda tf, x: tf.rint(x),
    "sign": lambda tf, x: tf.sign(x),
    "comparison": lambda tf, x: tf.cast(x > 0, tf.float32),
    "equal": lambda tf, x: tf.cast(tf.equal(x, x), tf.float32),
    "shape": lambda tf, x: tf.cast(tf.shape(x), tf.float32),
    "size": lambda tf, x: tf.cast(tf.size(x), tf.float32),
    "zeros_like": lambda tf, x: tf.zeros_like(x),
    "ones_like": lambda tf, x: tf.ones_like(x),
    "stop_gradient": lambda tf, x: tf.stop_gradient(x),
    "unconnected": lambda tf, x: tf.constant([1.0]),
    "one_hot": lambda tf, x: tf.one_hot(tf.cast(x, tf.int32), 2),
    "in_top_k": lambda tf, x: tf.cast(tf.nn.in_top_k([x], [0], 1), tf.float32),
    "range": lambda tf, x: tf.range(x[0], 5.0),
    "eye": lambda tf, x: tf.eye(2),
    "floordiv": lambda tf, x: x // 2.0,
    "logical": lambda tf, x: tf.logical_and(x > 0, x < 1),
    "fill": lambda tf, x: tf.fill([2], x[0]),
    "linspace": lambda tf, x: tf.linspace(0.0, 1.0, 3) + x[0],
    "random_uniform": lambda tf, x: tf.random_uniform(tf.shape(x)),
}


@gradient_case(each=DEAD_ENDS)
def none_or_zeros(tf, name):
    x = tf.constant([0.5, 1.5])
    return _shown(tf, tf.gradients(DEAD_ENDS[name](tf, x), x))


@gradient_case(each=["none", "zero"])
def unconnected_gradients(tf, choice):
    x, y = tf.constant([1.0, 2.0]), tf.constant([[3]])
    return _shown(tf, tf.gradients(2 * x, [x, y, tf.constant([5.0])],
                                   unconnected_gradients=choice))


@gradient_case
def unconnected_gradients_as_an_enumeration(tf):
    x, y = tf.constant([1.0, 2.0]), tf.constant([3.0])
    kinds = tf.UnconnectedGradients
    return [kinds.NONE.value, kinds.ZERO.value,
            _shown(tf, tf.gradients(x, y, unconnected_gradients=kinds.ZERO)),
            raised(lambda: tf.gradients(x, y, unconnected_gradients="nonsense"))]


# --------------------------------------------------------------- arguments of gradients


@gradient_case
def of_several_ys_are_summed(tf):
    x = tf.constant([1.0, 2.0])
    return _shown(tf, tf.gradients([x * x, 3 * x, tf.reduce_sum(x)], [x]))


@gradient_case
def of_single_arguments(tf):
    x = tf.constant(3.0)
    result = tf.gradients(x * x, x)
    return [type(result).__name__, len(result), *_shown(tf, result)]


@gradient_case
def of_a_thing_by_itself(tf):
    x = tf.constant([1.0, 2.0])
    return _shown(tf, tf.gradients(x, x))


@gradient_case
def by_an_intermediate_tensor(tf):
    x = tf.constant([1.0, 2.0])
    y = x * x
    return _shown(tf, tf.gradients(tf.reduce_sum(y * 3), [y, x]))


@gradient_case
def by_variables(tf):
    v = tf.Variable([1.0, 2.0])
    w = tf.get_variable("w", initializer=3.0)
    return _shown(tf, tf.gradients(v * v * w, [v, w]))


@gradient_case
def by_the_same_thing_twice(tf):
    x = tf.constant(2.0)
    return _shown(tf, tf.gradients(x * x, [x, x]))


@gradient_case
def grad_ys(tf):
    x = tf.constant([1.0, 2.0])
    y = x * x
    return [_shown(tf, tf.gradients(y, x, grad_ys=tf.constant([10.0, 100.0]))),
            _shown(tf, tf.gradients([y, x], x, grad_ys=[tf.ones([2]), None])),
            _shown(tf, tf.gradients(y, x, [[3.0, 4.0]]))]


@gradient_case
def grad_ys_refused(tf):
    x = tf.constant([1.0, 2.0])
    return [raised(lambda: tf.gradients(x * x, x, grad_ys=[tf.ones([2]), tf.ones([2])])),
            raised(lambda: tf.gradients(x * x, x, grad_ys=tf.constant([1, 2]))),
            raised(lambda: tf.gradients(x * x, x, grad_ys=tf.ones([3])))]


@gradient_case
def stop_gradients(tf):
    a = tf.constant(1.0)
    b = 2 * a
    return [_shown(tf, tf.gradients(a + b, [a, b], stop_gradients=[a, b])),
            _shown(tf, tf.gradients(a + b, [a, b])),
            _shown(tf, tf.gradients(b * b, [a], stop_gradients=b))]


@gradient_case
def through_stop_gradient(tf):
    x = tf.constant(3.0)
    return _shown(tf, tf.gradients(x * tf.stop_gradient(x), x))


@gradient_case
def aggregation_methods(tf):
    x = tf.constant([1.0, 2.0])
    y = x * x + tf.sin(x) + 3 * x
    methods = tf.AggregationMethod
    return [_shown(tf, tf.gradients(y, x, aggregation_method=method)) for method in (
        methods.ADD_N, methods.DEFAULT, methods.EXPERIMENTAL_TREE,
        methods.EXPERIMENTAL_ACCUMULATE_N)]


@gradient_case
def options_that_change_nothing(tf):
    x = tf.constant([1.0])
    return _shown(tf, tf.gradients(x * x, x, name="mine", colocate_gradients_with_ops=True,
                                   gate_gradients=True))


@gradient_case
def of_integers_and_of_nothing(tf):
    x, i = tf.constant([1.0]), tf.constant([1])
    return [tf.gradients(i * 2, i), tf.gradients(x, [])]


@case
def scope_names_of_the_gradient(tf):
    x = tf.constant([1.0], name="x")
    g, = tf.gradients(tf.square(x, name="y"), x)
    h, = tf.gradients(tf.square(x, name="z"), x, name="mine")
    return [g.op.name.split("/")[0], h.op.name.split("/")[0], g.shape, g.dtype]


# --------------------------------------------------------------------- shapes of graphs


@gradient_case
def of_a_diamond(tf):
    x = tf.constant(2.0)
    y = x * x
    return _shown(tf, tf.gradients(y * y + y, [x, y]))


@gradient_case
def of_x_minus_x(tf):
    x = tf.constant([2.0])
    return _shown(tf, tf.gradients(x - x, x))


@gradient_case
def of_a_deep_diamond(tf):
    x = y = tf.constant(1.0)
    for _ in range(20):
        y = y + y
    return _shown(tf, tf.gradients(y, x))


@gradient_case
def with_consumers_off_the_path(tf):
    x = tf.constant(2.0)
    y = x * x
    tf.exp(y)
    tf.argmax(tf.stack([x, y]), 0)
    return _shown(tf, tf.gradients(3 * y, x))


@gradient_case
def of_one_output_of_several(tf):
    x = tf.constant([1.0, 2.0, 3.0, 4.0])
    a, _, c, _ = tf.split(x * x, 4)
    return _shown(tf, tf.gradients(a + c, x))


@gradient_case
def of_a_chain(tf):
    x = y = tf.constant([0.5])
    for _ in range(30):
        y = tf.tanh(y * 1.1)
    return _shown(tf, tf.gradients(y, x))


@gradient_case
def of_gradients_of_gradients(tf):
    x = tf.constant([0.5, 1.5])
    y = tf.sin(x) * tf.exp(x)
    derivatives = []
    for _ in range(4):
        y, = tf.gradients(y, x)
        derivatives.append(y)
    return _shown(tf, derivatives)


@gradient_case
def hessians(tf):
    x = tf.constant([1.0, 2.0, 3.0])
    y = tf.constant([0.5])
    f = tf.reduce_sum(x ** 3) + x[0] * x[1] * y[0] ** 2
    return [tf.hessians(f, x), tf.hessians(f, [x, y])]


@gradient_case
def hessian_of_a_matrix(tf):
    x = tf.constant([[1.0, 2.0]])
    return tf.hessians(tf.reduce_sum(x ** 3), x)


@gradient_case
def of_a_small_network(tf):
    x = tf.placeholder(tf.float32, [None, 3])
    w = tf.constant([[0.1, -0.2], [0.3, 0.4], [-0.5, 0.6]])
    b = tf.constant([0.1, -0.1])
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(
        labels=[0, 1], logits=tf.nn.relu(tf.matmul(x, w) + b)))
    return fed([loss, *_shown(tf, tf.gradients(loss, [x, w, b]))], {x: X})


# ------------------------------------------------------------------------ IndexedSlices


@gradient_case
def of_gather_is_slices(tf):
    table = tf.constant(np.arange(8, dtype=np.float32).reshape(4, 2))
    y = tf.gather(table, [3, 0, 3])
    g, = tf.gradients(y * y, table)
    return [type(g).__name__, g, g.dtype]


@gradient_case
def of_gather_along_another_axis_is_dense(tf):
    table = tf.constant(np.arange(8, dtype=np.float32).reshape(2, 4))
    g, = tf.gradients(tf.gather(table, [3, 0, 3], axis=1) ** 2, table)
    return [isinstance(g, tf.Tensor), g]


@gradient_case
def slices_added_to_slices(tf):
    table = tf.constant(np.arange(8, dtype=np.float32).reshape(4, 2))
    y = tf.reduce_sum(tf.gather(table, [1, 1])) + 2 * tf.reduce_sum(tf.gather(table,
                                                                              [0, 1]))
    g, = tf.gradients(y, table)
    return g


@gradient_case
def slices_added_to_a_tensor(tf):
    table = tf.constant(np.arange(4, dtype=np.float32).reshape(2, 2))
    y = tf.reduce_sum(tf.gather(table, [1, 1])) + tf.reduce_sum(table ** 2)
    g, = tf.gradients(y, table)
    return [isinstance(g, tf.Tensor), g]


@gradient_case
def slices_flow_on_as_a_tensor(tf):
    x = tf.constant([[1.0, 2.0], [3.0, 4.0]])
    return _shown(tf, tf.gradients(tf.gather(tf.square(x), [0, 0]), x))


@gradient_case
def of_embedding_lookup(tf):
    table = tf.get_variable("table", initializer=tf.reshape(tf.range(6.0), [3, 2]))
    loss = tf.reduce_sum(tf.nn.embedding_lookup(table, [[2, 0], [2, 2]]) ** 2)
    return tf.gradients(loss, table)


@gradient_case
def slices_in_second_derivatives(tf):
    table = tf.constant([[1.0], [2.0], [3.0]])
    g, = tf.gradients(tf.gather(table, [2, 2]) ** 3, table)
    return _shown(tf, tf.gradients(tf.reduce_sum(tf.convert_to_tensor(g) ** 2), table))


# ---------------------------------------------------------------- registering gradients


@gradient_case
def gradient_override_map(tf):
    name = f"Negated{next(FRESH)}"                       # registered for the whole process

    @tf.RegisterGradient(name)
    def negated(op, grad):
        return -grad

    x = tf.constant([1.0, 2.0])
    with tf.get_default_graph().gradient_override_map({"Identity": name}):
        y = tf.identity(x)
    return _shown(tf, tf.gradients(3 * y, x))


@gradient_case
def registering_twice_is_refused(tf):
    name = f"Mine{next(FRESH)}"

    @tf.RegisterGradient(name)
    def mine(op, grad):
        return grad

    return raised(lambda: tf.RegisterGradient(name)(mine))


@gradient_case
def register_gradient_refuses(tf):
    return [raised(lambda: tf.RegisterGradient(3)),
            raised(lambda: tf.RegisterGradient("Square")(lambda op, grad: grad))]


@gradient_case
def no_gradient(tf):
    return [tf.NoGradient is tf.NotDifferentiable, raised(lambda: tf.NotDifferentiable(3))]


@gradient_case
def without_a_registered_gradient(tf):
    x = tf.constant([[2.0, 0.0], [0.0, 1.0]])
    with tf.get_default_graph().gradient_override_map({"Identity": "NobodyKnowsMe"}):
        y = tf.identity(x)
    return raised(lambda: tf.gradients(y, x))


@gradient_case
def custom_gradient(tf):
    @tf.custom_gradient
    def softer(x):
        def grad(dy):
            return dy * 0.5

        return tf.abs(x), grad

    x = tf.constant([-1.0, 2.0])
    y = softer(x)
    return [y, *_shown(tf, tf.gradients(y * 3, x))]


@gradient_case
def custom_gradient_of_several(tf):
    @tf.custom_gradient
    def both(x, y):
        def grad(dx, dy):
            return dx + dy, 10 * dy

        return (x * y, x + y), grad

    x, y = tf.constant(2.0), tf.constant(3.0)
    product, total = both(x, y)
    return [product, total, *_shown(tf, tf.gradients(product + total, [x, y]))]


@gradient_case
def custom_gradient_with_a_variable(tf):
    @tf.custom_gradient
    def twice(x):
        return 2 * x, lambda dy: 7 * dy

    v = tf.Variable([1.0, 2.0])
    return _shown(tf, tf.gradients(twice(v), v))


# ---------------------------------------------------------------------- descent by hand


@gradient_case
def descent(tf):
    w = tf.Variable([5.0, -3.0])
    loss = tf.reduce_sum(tf.square(w - [1.0, 2.0]))
    g, = tf.gradients(loss, w)
    step = tf.assign_sub(w, 0.1 * g).op
    return in_turn(loss, step, loss, step, [loss, w])


@gradient_case
def through_py_func_is_none(tf):
    x = tf.constant([1.0])
    y = tf.py_func(lambda a: a * 2, [x], tf.float32)
    return [y, *_shown(tf, tf.gradients(y, x))]


@gradient_case
def max_pool_gives_the_first_of_equals(tf):
    x = tf.constant(np.ones((1, 2, 2, 1), np.float32))
    y = tf.nn.max_pool(x, [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
    return _shown(tf, tf.gradients(y, x))


@gradient_case
def of_a_loop_in_python_over_placeholders(tf):
    x = tf.placeholder(tf.float32, [None, 2])
    y = x
    for _ in range(3):
        y = tf.concat([y, tf.cumsum(y, 1)], 0)
    return fed(_shown(tf, tf.gradients(y, x)), {x: [[1.0, 2.0]]})
