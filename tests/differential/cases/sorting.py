"""Sorting, repeating, counting and least squares: functions made of several operations."""

from __future__ import annotations

import numpy as np

from tests.differential.harness import case, fed, raised

X = np.array([[3.0, -1.0, 2.0, 2.0], [0.0, 5.0, -7.0, 1.0]], np.float32)
A = np.array([[2.0, 1.0, 0.0], [1.0, 3.0, 1.0], [0.0, 1.0, 4.0], [1.0, 1.0, 1.0]])


@case(each=["float32", "int32", "int64", "float64"])
def sort_each_way(tf, dtype):
    x = tf.placeholder(dtype, [2, 4])
    return fed([tf.sort(x), tf.sort(x, 0, "DESCENDING"), tf.argsort(x, 1), tf.argsort(x, -1,
                "DESCENDING", stable=True), tf.sort(x, axis=-2, name="mine")], {x: X})


@case
def sort_of_unknown_shape(tf):
    x, y = tf.placeholder(tf.float32), tf.placeholder(tf.float32, [None, None])
    return fed([tf.sort(x, axis=1), tf.argsort(y, axis=0), tf.sort(y), tf.sort(y[:0])],
               {x: X, y: X})


@case(names=False, why="2 names what comes after a cast that 1.15 has not")
def sort_gradient(tf):
    x = tf.placeholder(tf.float32, [2, 4])
    return fed(tf.gradients(tf.sort(x, direction="DESCENDING") * [1.0, 2.0, 3.0, 4.0], x), {x: X})


@case
def sort_refuses(tf):
    return [raised(lambda: tf.sort(X, direction="UP")), raised(lambda: tf.sort(X, axis=[1])),
            raised(lambda: tf.sort(X, axis=2))]


@case
def searchsorted_of_batches(tf):
    x = tf.placeholder(tf.float32, [None, 4])
    return fed([tf.searchsorted(tf.sort(x), [[2.0], [1.0]]),
                tf.searchsorted(tf.sort(x), tf.zeros([2, 0])),
                tf.searchsorted([1, 4], [4, 9], "right", tf.int64)], {x: X})


@case(names=False, why="1.15 reshapes before it opens the name scope")
def repeat_each_way(tf):
    x = tf.placeholder(tf.float32, [2, None])
    return fed([tf.repeat(x, 0, axis=0), tf.repeat(x, [2, 1], 0), tf.repeat(x, [1, 0, 2, 1], 1),
                tf.repeat(x, 3, axis=-1), tf.repeat(tf.constant(["a", "b"]), [1, 2]),
                *tf.gradients(tf.repeat(x, [1, 3], 0), x)], {x: X})


@case(names=False, why="2 has another type of operation for it, DenseBincount")
def bincount_weighted(tf):
    x = tf.placeholder(tf.int32, [None])
    return fed([tf.math.bincount(x, [1.0, 2.0, 0.5]), tf.bincount(x, minlength=9),
                tf.bincount(x, [1, 2, 3], minlength=4, maxlength=20)], {x: [1, 7, 1]})


@case
def histogram_bins(tf):
    x = tf.placeholder(tf.float32, [2, None])
    return fed([tf.histogram_fixed_width_bins(x, [-2.0, 3.0], nbins=5),
                tf.histogram_fixed_width_bins([1.0, 9.0], [0.0, 10.0], 4, tf.int32),
                tf.histogram_fixed_width(x, [0.0, 1.0], dtype=tf.int64, nbins=2)], {x: X})


@case
def least_squares(tf):
    a, wide = tf.placeholder(tf.float64, [4, 3]), tf.placeholder(tf.float64, [3, 4])
    b = tf.constant(A[:, :2])
    x = tf.matrix_solve_ls(a, b)
    y = tf.linalg.lstsq(wide, b[:3], l2_regularizer=0.25)
    return fed([x, y, tf.matrix_solve_ls(a, b, 0.5), *tf.gradients(x, [a]),
                *tf.gradients(y * y, [wide]), tf.matrix_solve_ls(a, b, fast=False)],
               {a: A, wide: A.T + 1})


@case(names=False, why="TensorFlow decides by a cond which equations to solve")
def least_squares_of_unknown_shape(tf):
    a, b = tf.placeholder(tf.float64, [None, None]), tf.placeholder(tf.float64, [None, 1])
    x = tf.matrix_solve_ls(a, b, l2_regularizer=0.1)
    return fed([x], {a: A, b: A[:, :1]})


@case(names=False, why="1.15 builds it with fewer checks")
def lower_triangular_operator(tf):
    x = tf.placeholder(tf.float64, [3, 3])
    operator = tf.linalg.LinearOperatorLowerTriangular(x)
    return fed([operator.to_dense(), operator.matmul(A[:3]), operator.determinant(),
                operator.log_abs_determinant(), operator.diag_part(), operator.trace(),
                operator.solve(A[:3]), operator.matvec(A[0]), operator.solvevec(A[0]),
                operator.matmul(A[:3], adjoint=True), operator.solve(A[:3], adjoint=True),
                operator.add_to_tensor(A[:3])], {x: A[:3]})


@case
def known_before_the_run(tf):
    x = tf.placeholder(tf.float32, [None, 3])
    value = tf.get_static_value
    return [value(tf.stack([tf.shape(x)[0], 3])), value(tf.constant("text")),
            value(tf.constant(2.5)), value(tf.shape(x)), value(tf.zeros([2]) + 1.0),
            value(tf.concat([tf.constant([1]), tf.shape(tf.zeros([2, 5]))], 0))]
