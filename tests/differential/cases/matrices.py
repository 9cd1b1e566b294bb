"""Decompositions, solutions, determinants, bands of matrices; special functions."""

import numpy as np

from ..harness import case, fed, raised

A = np.array([[4.0, 1.0, 0.5], [1.0, 3.0, -1.0], [0.5, -1.0, 2.0]], np.float32)
B = np.array([[1.0, 2.0], [0.0, -1.0], [3.0, 0.5]], np.float32)
SOLVERS = ["cholesky", "matrix_inverse", "matrix_determinant"]
ROUNDED = "single precision, through another order of operations"
X = np.array([0.3, 1.0, 2.5, 7.0])


@case(each=SOLVERS, rtol=1e-4, why=ROUNDED)
def of_one_matrix(tf, function):
    a = tf.placeholder(tf.float32, [None, 3, 3])
    y = getattr(tf, function)(a)
    return fed([y, getattr(tf, function)(tf.constant(A), name="named"),
                tf.identity(tf.gradients(y, a)[0])], {a: [A, 2 * A]})


@case(each=[(False,), (True,)], rtol=1e-4, why=ROUNDED)
def solve(tf, adjoint):
    a, b = tf.constant(A), tf.constant(B)
    y = tf.matrix_solve(a, b, adjoint=adjoint)
    return [y, *[tf.identity(g) for g in tf.gradients(y * y, [a, b])]]


@case(each=[(lower, adjoint) for lower in (False, True) for adjoint in (False, True)],
      rtol=1e-4, why=ROUNDED)
def triangular_solve(tf, lower, adjoint):
    a, b = tf.constant(A), tf.constant(B)
    y = tf.matrix_triangular_solve(a, b, lower=lower, adjoint=adjoint)
    return [y, *[tf.identity(g) for g in tf.gradients(y * y, [a, b])]]


@case(names=False, why="the steps on the way are not promised", rtol=1e-4)
def determinants_and_solutions(tf):
    a = tf.constant(A)
    return [tf.linalg.slogdet(a), tf.linalg.logdet(a), tf.linalg.det(a), tf.linalg.inv(a),
            tf.cholesky_solve(tf.cholesky(a), B), tf.linalg.cholesky_solve(A, B),
            tf.gradients(tf.linalg.logdet(a), a)[0]]


@case(names=False, why="signs of vectors are free, so only squares agree", rtol=1e-3)
def eigenvalues_and_singular_values(tf):
    a, b = tf.constant(A), tf.constant(B)
    e, v = tf.self_adjoint_eig(a)
    s, u, w = tf.svd(b)
    q, r = tf.qr(b)
    return [e, v * v, tf.self_adjoint_eigvals(a), s, u * u, w * w,
            tf.svd(b, compute_uv=False), q * q, r * r, tf.norm(b, 2, axis=[0, 1]),
            tf.gradients(v * v * v * v, a)[0], tf.gradients(u * u * u * u, b)[0],
            tf.gradients(q * q * q * q, b)[0], tf.gradients(tf.svd(a, compute_uv=False), a)[0]]


@case(each=[(-1, 0), (0, -1), (1, 1), (0, 0), (-1, -1)])
def band_part(tf, lower, upper):
    return tf.matrix_band_part(tf.constant(A), lower, upper)


@case
def diagonals(tf):
    return [tf.diag([1, 2]), tf.diag(B, name="named"), tf.diag_part(tf.diag(B)),
            tf.linalg.tensor_diag([1.0])]


@case
def refuses(tf):
    return [raised(lambda: tf.cholesky(B)), raised(lambda: tf.matrix_inverse([1.0])),
            raised(lambda: tf.matrix_solve(A, [[1.0]])), raised(lambda: tf.diag_part(B)),
            raised(lambda: tf.matrix_determinant([[1]])), raised(lambda: tf.svd([1.0])),
            raised(lambda: tf.diag(1.0))]


@case(each=["erf", "erfc", "lgamma", "digamma"])
def special_functions(tf, function):
    x = tf.constant(X)
    y = getattr(tf, function)(x)
    return [y, getattr(tf, function)(X.astype(np.float32), name="named"),
            tf.identity(tf.gradients(y, x)[0])]


@case
def incomplete_integrals(tf):
    x = tf.constant(X)
    return [tf.igamma(x, 1.5), tf.igammac(X, x), tf.polygamma([0.0, 1.0, 2.0, 3.0], X),
            tf.zeta(X + 1, X), tf.betainc(X, X, X / 10), tf.lbeta(np.stack([X, 2 * X]))]
