"""Operation types of ops/math/reductions.py and positions.py."""

import numpy as np

from tests.ops.case import case

T = np.array([[[1.5, -2.0, 0.25], [3.0, 0.5, -1.0]]], np.float32)
ZEROS = np.array([[1.5, 0.0, 2.0], [0.0, 0.0, -1.0], [3.0, 0.5, 2.0]], np.float32)
TIES = np.array([[1.0, 5.0, 5.0], [7.0, 7.0, 7.0]], np.float32)
EMPTY = np.zeros((0, 2), np.float32)
INTS = np.array([[7, -7, 3], [-2, 9, 1]], np.int32)
Z = np.array([[1 + 2j, -0.5 + 0.25j], [3 - 1j, 1j]], np.complex64)
TRUTHS = np.array([[[True, False, True], [True, True, True]]])

NUMERIC = [("Sum", "reduce_sum", np.sum), ("Mean", "reduce_mean", np.mean),
           ("Prod", "reduce_prod", np.prod), ("Max", "reduce_max", np.max),
           ("Min", "reduce_min", np.min)]
LOGICAL = [("All", "reduce_all", np.all), ("Any", "reduce_any", np.any)]
AXES = [None, 0, 1, -1, (1, 2), (0, -1), (), (2, 0, 1)]


def reduce(op_type, symbol, function, value, axis, keepdims=False, label="", **options):
    given = list(axis) if isinstance(axis, tuple) else axis
    return case(op_type,
                lambda tf, x: getattr(tf, symbol)(x, given, keepdims=keepdims), value,
                oracle=lambda x: function(x, axis=axis, keepdims=keepdims).astype(
                    bool if x.dtype == bool else x.dtype),
                label=label or f"{axis}{'_kept' * keepdims}", **options)


def by_tensor(op_type, symbol, function, value):
    return case(op_type, lambda tf, x, axes: getattr(tf, symbol)(x, axes), value,
                np.array([0, 2], np.int32), oracle=lambda x, axes: function(x, axis=(0, 2)),
                label="axes")


def turned(function, axis, exclusive, reverse):
    """NumPy's cumsum or cumprod with TensorFlow's options."""
    def oracle(x):
        x = np.flip(x, axis) if reverse else x
        y = function(x, axis=axis).astype(x.dtype)
        if exclusive:
            first = np.full_like(np.take(y, [0], axis), function is np.cumprod)
            y = np.concatenate([first, np.delete(y, -1, axis)], axis)
        return np.flip(y, axis) if reverse else y
    return oracle


def running(op_type, symbol, function, value, axis, exclusive=False, reverse=False,
            label=""):
    return case(op_type,
                lambda tf, x: getattr(tf, symbol)(x, axis, exclusive, reverse), value,
                oracle=turned(function, axis, exclusive, reverse),
                label=label or f"{axis}{'_exclusive' * exclusive}{'_reverse' * reverse}")


CASES = [
    *[reduce(*row, T, axis, keepdims) for row in NUMERIC for axis in AXES
      for keepdims in (False, True)],
    *[reduce(*row, TRUTHS, axis, keepdims) for row in LOGICAL for axis in AXES
      for keepdims in (False, True)],
    *[by_tensor(*row, T) for row in NUMERIC],
    *[by_tensor(*row, TRUTHS) for row in LOGICAL],
    *[reduce(*row, T.astype(dtype), 2, label=dtype) for row in NUMERIC
      for dtype in ("float64", "float16")],
    *[reduce(*row, INTS, 1, label="int32") for row in NUMERIC if row[0] != "Mean"],
    *[reduce(*row, INTS.astype(np.int8), 0, label="int8") for row in NUMERIC
      if row[0] != "Mean"],
    case("Mean", lambda tf, x: tf.reduce_mean(x, 1), INTS,
         oracle=lambda x: np.array([1, 2]), label="int32"),
    case("Mean", lambda tf, x: tf.reduce_mean(-x, 1), INTS,
         oracle=lambda x: np.array([-1, -2]), label="negative_int32"),
    *[reduce(*row, Z, 0, label="complex") for row in NUMERIC[:3]],
    *[reduce(*row, np.float32(2.5), None, label="scalar") for row in NUMERIC],
    *[reduce(*row, EMPTY, 1, label="none_left") for row in NUMERIC],
    *[case(op_type, lambda tf, x, symbol=symbol: getattr(tf, symbol)(x, 0), EMPTY,
           oracle=lambda x, number=number: np.full(2, number), label="of_nothing",
           gradient=())
      for op_type, symbol, number in [
          ("Sum", "reduce_sum", 0.0), ("Mean", "reduce_mean", np.nan),
          ("Prod", "reduce_prod", 1.0), ("Max", "reduce_max", -np.inf),
          ("Min", "reduce_min", np.inf)]],
    *[reduce("Prod", "reduce_prod", np.prod, ZEROS, axis, label=f"zeros_{axis}",
             second=False) for axis in (0, 1, None)],

    *[case(op_type,
           lambda tf, x, symbol=symbol, axis=axis: getattr(tf, symbol)(x, axis), TIES,
           oracle=lambda x, function=function, axis=axis: function(x, axis),
           label=f"{axis}")
      for op_type, symbol, function in [("ArgMax", "argmax", np.argmax),
                                        ("ArgMin", "argmin", np.argmin)]
      for axis in (0, 1, -1)],
    case("ArgMax", lambda tf, x: tf.argmax(x, 1, output_type=tf.int32), INTS,
         oracle=lambda x: np.argmax(x, 1).astype(np.int32), label="int32"),
    case("ArgMin", lambda tf, x: tf.argmin(x), TRUTHS[0],
         oracle=lambda x: np.argmin(x, 0), label="bool"),
    case("ArgMax", lambda tf, x, axis: tf.argmax(x, axis), T, np.int32(1),
         oracle=lambda x, axis: np.argmax(x, 1), label="axis"),

    *[running(op_type, symbol, function, T, axis, exclusive, reverse)
      for op_type, symbol, function in [("Cumsum", "cumsum", np.cumsum),
                                        ("Cumprod", "cumprod", np.cumprod)]
      for axis in (0, 1, -1) for exclusive in (False, True) for reverse in (False, True)],
    *[running(op_type, symbol, function, INTS.astype(np.int8), 1, label="int8")
      for op_type, symbol, function in [("Cumsum", "cumsum", np.cumsum),
                                        ("Cumprod", "cumprod", np.cumprod)]],
    running("Cumsum", "cumsum", np.cumsum, EMPTY, 0, label="empty"),
    running("Cumsum", "cumsum", np.cumsum, EMPTY, 1, label="empty_rows"),
    running("Cumprod", "cumprod", np.cumprod, Z, 1, label="complex"),
    case("Cumsum", lambda tf, x, axis: tf.cumsum(x, axis), T, np.int32(2),
         oracle=lambda x, axis: np.cumsum(x, 2), label="axis"),
]
