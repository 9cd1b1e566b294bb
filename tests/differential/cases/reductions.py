"""Reductions, arg-reductions, cumulative sums and segment sums."""

import numpy as np

from ..harness import case, fed, raised

REDUCTIONS = ["reduce_sum", "reduce_mean", "reduce_prod", "reduce_max", "reduce_min",
              "reduce_logsumexp"]
LOGICAL = ["reduce_all", "reduce_any"]
NUMBERS = np.array([[[1.0, -2.0, 3.0], [0.5, 0.25, -1.5]]], np.float32)
TRUTHS = np.array([[[True, False, True], [True, True, True]]])
AXES = [None, 0, 1, 2, -1, -3, (1, 2), (0, -1), (), (0, 1, 2)]


def _input(tf, symbol, shape=(1, 2, 3)):
    if symbol in LOGICAL:
        return tf.placeholder(tf.bool, shape), TRUTHS
    return tf.placeholder(tf.float32, shape), NUMBERS


@case(each=[(symbol, axis) for symbol in REDUCTIONS + LOGICAL for axis in AXES])
def reduction(tf, symbol, axis):
    x, value = _input(tf, symbol)
    axis = list(axis) if isinstance(axis, tuple) else axis
    function = getattr(tf, symbol)
    return fed([function(x, axis), function(x, axis, keepdims=True)], {x: value})


@case(each=REDUCTIONS + LOGICAL)
def reduction_of_unknown_shapes(tf, symbol):
    x, value = _input(tf, symbol, None)
    y, _ = _input(tf, symbol, [None, None, 3])
    axis = tf.placeholder(tf.int32)
    function = getattr(tf, symbol)
    return fed([function(x), function(x, 1), function(y), function(y, [1]),
                function(y, axis),
                function(y, axis, keepdims=True)], {x: value, y: value, axis: [0, 2]})


@case(each=REDUCTIONS + LOGICAL)
def reduction_in_the_old_spelling(tf, symbol):
    x, value = _input(tf, symbol)
    function = getattr(tf, symbol)
    return fed([function(x, reduction_indices=[1]), function(x, axis=1, keep_dims=True),
                function(x, 1, None, "named")], {x: value})


@case(each=REDUCTIONS + LOGICAL)
def reduction_keywords_that_exclude_each_other(tf, symbol):
    x, _ = _input(tf, symbol)
    function = getattr(tf, symbol)
    return [raised(lambda: function(x, axis=1, reduction_indices=1)),
            raised(lambda: function(x, 1, keepdims=True, keep_dims=True))]


@case(each=[(symbol, axis) for symbol in ("reduce_sum", "reduce_max", "reduce_all")
            for axis in (3, -4, (1, 1), "a", 1.5)])
def reduction_over_a_wrong_axis(tf, symbol, axis):
    x, value = _input(tf, symbol)
    axis = list(axis) if isinstance(axis, tuple) else axis
    return fed(getattr(tf, symbol)(x, axis), {x: value})


@case(each=["reduce_sum", "reduce_mean", "reduce_prod", "reduce_max", "reduce_min",
            "reduce_logsumexp"])
def reduction_over_nothing(tf, symbol):
    x = tf.placeholder(tf.float32, [None, 2])
    function = getattr(tf, symbol)
    return fed([function(x), function(x, 0), function(x, 1)], {x: np.zeros((0, 2))})


@case(each=LOGICAL)
def logical_reduction_over_nothing(tf, symbol):
    return [getattr(tf, symbol)(tf.zeros([0, 2], tf.bool), 0),
            getattr(tf, symbol)(tf.zeros([0, 2], tf.bool))]


@case(each=[(symbol, dtype) for symbol in REDUCTIONS[:5]
            for dtype in ("int8", "uint8", "int32", "int64", "float16", "float64")])
def reduction_dtypes(tf, symbol, dtype):
    x = tf.constant([[1, 2, 4], [3, 5, 1]], dtype)
    return [getattr(tf, symbol)(x), getattr(tf, symbol)(x, 0)]


@case
def mean_of_integers_truncates(tf):
    return [tf.reduce_mean([1, 2, 2]), tf.reduce_mean([-1, -2, -2]),
            tf.reduce_mean(tf.constant([1, 2], tf.int64))]


@case
def sum_of_integers_wraps(tf):
    return [tf.reduce_sum(tf.constant([2**31 - 1, 1])),
            tf.reduce_sum(tf.constant([200, 100], tf.uint8)),
            tf.reduce_prod(tf.constant([100, 100], tf.int8))]


@case
def reductions_of_complex(tf):
    z = tf.constant([[1 + 2j, 3 - 1j]], tf.complex64)
    return [tf.reduce_sum(z), tf.reduce_mean(z, 1), tf.reduce_prod(z)]


@case(each=REDUCTIONS[:5])
def reduction_of_a_scalar(tf, symbol):
    return [getattr(tf, symbol)(3.0), getattr(tf, symbol)(tf.constant(3.0), [])]


@case(each=["reduce_sum", "reduce_max", "reduce_min", "reduce_mean", "reduce_prod",
            "reduce_logsumexp"])
def reduction_of_nan_and_inf(tf, symbol):
    return getattr(tf, symbol)([[float("nan"), 1.0], [float("inf"), 1.0],
                                [-float("inf"), -1.0]], 1)


@case(each=["reduce_sum", "reduce_mean", "reduce_all"])
def reduction_of_the_wrong_type(tf, symbol):
    return getattr(tf, symbol)(tf.constant(["a"]))


@case(each=["reduce_all", "reduce_any"])
def logical_reduction_of_numbers(tf, symbol):
    return getattr(tf, symbol)(tf.constant([1, 0]))


@case
def reduce_sum_of_booleans(tf):
    return tf.reduce_sum(tf.constant([True, False]))


@case
def reduction_axis_given_as_a_tensor(tf):
    x = tf.constant(NUMBERS)
    return [tf.reduce_sum(x, tf.constant(1)),
            tf.reduce_sum(x, tf.constant([0, 1], tf.int64)),
            tf.reduce_max(x, np.array([1, 2])), tf.reduce_sum(x, np.int32(0)),
            tf.reduce_sum(x, range(2))]


@case
def logsumexp_does_not_overflow(tf):
    return [tf.reduce_logsumexp([1000.0, 1000.0]), tf.reduce_logsumexp([-1000.0, -1000.0]),
            tf.reduce_logsumexp([[-float("inf"), 0.0]], 1, keepdims=True)]


@case
def count_nonzero(tf):
    x = tf.constant([[0.0, 1.0, 2.0], [0.0, 0.0, 3.0]])
    return [tf.count_nonzero(x), tf.count_nonzero(x, 1),
            tf.count_nonzero(x, 0, keepdims=True),
            tf.count_nonzero(x, dtype=tf.int32), tf.count_nonzero([True, False]),
            tf.count_nonzero(["", "a"])]


@case
def euclidean_norm(tf):
    return [tf.norm([3.0, 4.0]), tf.norm([[3.0, 4.0], [6.0, 8.0]], axis=1),
            tf.norm([[1.0, -2.0]], ord=1), tf.norm([1.0, -3.0], ord=np.inf),
            tf.norm([[3.0], [4.0]], axis=0, keepdims=True),
            tf.norm([[1.0, 2.0], [3.0, 4.0]], ord="fro", axis=[0, 1]),
            tf.norm([3.0, 4.0], ord=3), tf.norm([3.0, 4.0], name="named")]


@case
def variance_and_deviation(tf):
    x = tf.constant([[1.0, 2.0], [3.0, 5.0]])
    return [tf.math.reduce_variance(x), tf.math.reduce_std(x, 0),
            tf.math.reduce_std(x, 1, keepdims=True)]


# ----------------------------------------------------------------------- argmax, argmin


@case(each=[("argmax", 0), ("argmax", 1), ("argmax", -1), ("argmin", 0), ("argmin", 1),
            ("argmin", -1)])
def arg_reduction(tf, symbol, axis):
    x = tf.placeholder(tf.float32, [None, 3])
    return fed(getattr(tf, symbol)(x, axis), {x: [[1.0, 5.0, 5.0], [7.0, -1.0, -1.0]]})


@case(each=["argmax", "argmin"])
def arg_reduction_variants(tf, symbol):
    function = getattr(tf, symbol)
    x = tf.constant([[1, 3], [4, 2]])
    return [function(x), function(x, dimension=1), function(x, 1, output_type=tf.int32),
            function(x, axis=1, name="named"), function([1.0, 2.0]),
            function([True, False]),
            function(tf.zeros([2, 0, 3]), 0)]


@case(each=["argmax", "argmin"])
def arg_reduction_refuses(tf, symbol):
    function = getattr(tf, symbol)
    return [raised(lambda: function([1, 2], 1)), raised(lambda: function([1, 2], -2)),
            raised(lambda: function([1, 2], axis=0, dimension=0)),
            raised(lambda: function(["a"])), raised(lambda: function(3.0))]


@case(each=["argmax", "argmin"])
def arg_reduction_over_nothing(tf, symbol):
    x = tf.placeholder(tf.float32, [None])
    return fed(getattr(tf, symbol)(x), {x: []})


@case
def arg_max_is_the_old_name(tf):
    return [tf.arg_max([1, 3], 0), tf.arg_min([1, 3], dimension=0)]


# --------------------------------------------------------------------------- cumulative


@case(each=[(symbol, axis, exclusive, reverse) for symbol in ("cumsum", "cumprod")
            for axis in (0, 1, -1) for exclusive in (False, True) for reverse in (False,
                                                                                  True)])
def cumulative(tf, symbol, axis, exclusive, reverse):
    x = tf.placeholder(tf.float32, [None, 3])
    return fed(getattr(tf, symbol)(x, axis, exclusive, reverse),
               {x: [[1.0, 2.0, 3.0], [4.0, 0.5, 2.0]]})


@case(each=["cumsum", "cumprod"])
def cumulative_variants(tf, symbol):
    function = getattr(tf, symbol)
    return [function([1, 2, 3]), function(tf.constant([100, 100], tf.int8)),
            function([1.0, 2.0], name="named"), function(tf.zeros([0])),
            function([1 + 1j, 2]), function([1, 2], axis=tf.constant(0))]


@case(each=["cumsum", "cumprod"])
def cumulative_refuses(tf, symbol):
    function = getattr(tf, symbol)
    return [raised(lambda: function([True])), raised(lambda: function(["a"]))]


@case
def cumulative_over_a_wrong_axis(tf):
    return tf.cumsum([1.0, 2.0], 1)


# ----------------------------------------------------------------------------- segments


@case(each=["segment_sum", "segment_mean", "segment_max", "segment_min", "segment_prod"])
def segments(tf, symbol):
    return getattr(tf, symbol)([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], [0, 0, 2])


@case(each=["unsorted_segment_sum", "unsorted_segment_max", "unsorted_segment_min",
            "unsorted_segment_prod", "unsorted_segment_mean", "unsorted_segment_sqrt_n"])
def unsorted_segments(tf, symbol):
    return getattr(tf, symbol)([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], [2, 0, 2], 4)


@case(names=False, why="2 has another type of operation for it, DenseBincount")
def bincount(tf):
    return [tf.bincount([1, 1, 3]), tf.bincount([1, 1, 3], [0.5, 1.0, 2.0]),
            tf.bincount([0, 2], minlength=5), tf.bincount([0, 7], maxlength=3)]


@case
def confusion_matrix(tf):
    return tf.confusion_matrix([0, 1, 2, 1], [0, 2, 2, 1])
