"""Rows for pellucid/ops/state/assignment.py: each builds a variable and updates it."""

import numpy as np

from tests.ops.case import case

X = np.array([[1.0, -2.0], [3.0, 4.0], [5.0, 0.5]], np.float32)
ROW = np.array([[10.0, 20.0], [30.0, 40.0]], np.float32)
TWICE = np.array([2, 2], np.int32)


def _variable(tf, value):
    return tf.Variable(np.array(value), name="v")


def _updated(value, index, update, ufunc):
    result = np.array(value)
    ufunc.at(result, index, update)
    return result


CASES = [
    case("AssignAdd", lambda tf, x: tf.assign_add(_variable(tf, X), x), X,
         oracle=lambda x: X + x),
    case("AssignAdd", lambda tf, x: tf.assign_add(_variable(tf, np.int64(3)), x),
         np.int64(4), oracle=lambda x: np.int64(7), label="of a counter"),
    case("AssignAdd", lambda tf, x: tf.assign_add(_variable(tf, X[:0]), x), X[:0],
         oracle=lambda x: x, label="of nothing"),
    case("AssignAdd", lambda tf, x: tf.assign_add(tf.assign_add(_variable(tf, X), x), x), X,
         oracle=lambda x: X + x + x, label="of an update"),
    case("AssignSub", lambda tf, x: tf.assign_sub(_variable(tf, X), x), 2 * X,
         oracle=lambda x: X - x),
    case("CountUpTo", lambda tf: tf.count_up_to(_variable(tf, np.int32(3)), 5),
         oracle=lambda: np.int32(3)),

    case("ScatterUpdate", lambda tf, i, x: tf.scatter_update(_variable(tf, X), i, x),
         np.array([2, 0], np.int32), ROW, oracle=lambda i, x: np.stack([x[1], X[1], x[0]])),
    case("ScatterUpdate", lambda tf, i, x: tf.scatter_update(_variable(tf, X), i, x),
         np.int64(1), ROW[0], oracle=lambda i, x: np.stack([X[0], x, X[2]]),
         label="of one row"),
    case("ScatterUpdate", lambda tf, i, x: tf.scatter_update(_variable(tf, X), i, x),
         np.array([0, 2], np.int32), np.float32(7), label="by a scalar",
         oracle=lambda i, x: np.array([[7, 7], X[1], [7, 7]], np.float32)),
    case("ScatterUpdate", lambda tf, i, x: tf.scatter_update(
        _variable(tf, [True, False]), i, x), np.array([1], np.int32), np.array([True]),
        oracle=lambda i, x: np.array([True, True]), label="of bools"),
    case("ScatterUpdate", lambda tf, i, x: tf.scatter_update(_variable(tf, X), i, x),
         np.array([], np.int32), ROW[:0], oracle=lambda i, x: X, label="of no rows"),
    case("ScatterAdd", lambda tf, i, x: tf.scatter_add(_variable(tf, X), i, x), TWICE, ROW,
         oracle=lambda i, x: _updated(X, i, x, np.add)),
    case("ScatterAdd", lambda tf, i, x: tf.scatter_add(_variable(tf, X), i, x),
         np.array([[0, 1], [1, 2]], np.int32), np.ones((2, 2, 2), np.float32),
         oracle=lambda i, x: _updated(X, i, x, np.add), label="of a matrix of rows"),
    case("ScatterSub", lambda tf, i, x: tf.scatter_sub(_variable(tf, X), i, x), TWICE, ROW,
         oracle=lambda i, x: _updated(X, i, x, np.subtract)),
    case("ScatterMul", lambda tf, i, x: tf.scatter_mul(_variable(tf, X), i, x), TWICE, ROW,
         oracle=lambda i, x: _updated(X, i, x, np.multiply)),
    case("ScatterDiv", lambda tf, i, x: tf.scatter_div(_variable(tf, X), i, x), TWICE, ROW,
         oracle=lambda i, x: _updated(X, i, x, np.divide)),
    case("ScatterDiv", lambda tf, i, x: tf.scatter_div(
        _variable(tf, np.array([7, -7, 7], np.int32)), i, x), np.array([0, 1, 2], np.int32),
        np.array([2, 2, -2], np.int32), oracle=lambda i, x: np.array([3, -3, -3], np.int32),
        label="of integers truncates"),
    case("ScatterMin", lambda tf, i, x: tf.scatter_min(_variable(tf, X), i, x), TWICE,
         ROW - 20, oracle=lambda i, x: _updated(X, i, x, np.minimum)),
    case("ScatterMax", lambda tf, i, x: tf.scatter_max(_variable(tf, X), i, x), TWICE,
         ROW - 30, oracle=lambda i, x: _updated(X, i, x, np.maximum)),

    case("ScatterNdUpdate", lambda tf, i, x: tf.scatter_nd_update(_variable(tf, X), i, x),
         np.array([[0, 1], [2, 0]], np.int32), np.array([8.0, 9.0], np.float32),
         oracle=lambda i, x: np.array([[1, 8], X[1], [9, 0.5]], np.float32)),
    case("ScatterNdUpdate", lambda tf, i, x: tf.scatter_nd_update(_variable(tf, X), i, x),
         np.array([[1]], np.int64), ROW[:1], label="of rows",
         oracle=lambda i, x: np.stack([X[0], x[0], X[2]])),
    case("ScatterNdUpdate",
         lambda tf, i, x: tf.batch_scatter_update(_variable(tf, X), i, x),
         np.array([[0], [1], [0]], np.int32), X[:, :1] + 1, label="of a batch",
         oracle=lambda i, x: np.array([[2, -2], [3, 4], [6, 0.5]], np.float32)),
    case("ScatterNdAdd", lambda tf, i, x: tf.scatter_nd_add(_variable(tf, X), i, x),
         np.array([[0, 1], [0, 1]], np.int32), np.array([8.0, 9.0], np.float32),
         oracle=lambda i, x: _updated(X, ([0, 0], [1, 1]), x, np.add)),
    case("ScatterNdSub", lambda tf, i, x: tf.scatter_nd_sub(_variable(tf, X), i, x),
         np.array([[[0], [1]]], np.int32), ROW[None],
         oracle=lambda i, x: _updated(X, [[0, 1]], x, np.subtract)),
]
