"""Matrix products, tensordot, einsum, diagonals, norms of matrices."""

import numpy as np

from ..harness import case, fed, raised

A = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], np.float32)
B = np.array([[1.0, 0.5], [-1.0, 2.0], [0.0, 3.0]], np.float32)
BATCH = np.arange(12, dtype=np.float32).reshape(2, 2, 3) / 4


# ------------------------------------------------------------------------------- matmul


@case(each=[(False, False), (True, False), (False, True), (True, True)])
def matmul(tf, transpose_a, transpose_b):
    a = tf.constant(A.T if transpose_a else A)
    b = tf.constant(B.T if transpose_b else B)
    return [tf.matmul(a, b, transpose_a, transpose_b),
            tf.matmul(a, b, transpose_a=transpose_a, transpose_b=transpose_b, name="named")]


@case(each=[(False, False), (True, False), (False, True), (True, True)])
def matmul_of_batches(tf, transpose_a, transpose_b):
    right = BATCH.transpose(0, 2, 1) if transpose_a == transpose_b else BATCH
    a = tf.placeholder(tf.float32, [None, 2, 3])
    b = tf.placeholder(tf.float32, [2, None, right.shape[2]])
    return fed(tf.matmul(a, b, transpose_a, transpose_b), {a: BATCH, b: right})


@case
def matmul_broadcasts_batches(tf):
    a = tf.constant(np.ones((2, 1, 2, 3), np.float32))
    b = tf.constant(np.arange(18, dtype=np.float32).reshape(3, 3, 2))
    return [tf.matmul(a, b), tf.matmul(tf.constant(BATCH), tf.constant(B))]


@case
def matmul_shapes(tf):
    x = tf.placeholder(tf.float32, [None, 3])
    y = tf.placeholder(tf.float32)
    z = tf.placeholder(tf.float32, [None, None])
    return fed([tf.matmul(x, B), tf.matmul(y, B), tf.matmul(z, z, transpose_b=True),
                tf.matmul(x, y, transpose_b=True)], {x: A, y: A, z: A})


@case(each=["int32", "int64", "float16", "float64", "complex64", "complex128"])
def matmul_dtypes(tf, dtype):
    return tf.matmul(tf.constant([[1, 2], [3, 4]], dtype),
                     tf.constant([[1, 0], [2, 1]], dtype))


@case
def matmul_of_python_and_arrays(tf):
    return [tf.matmul([[1, 2]], [[3], [4]]),
            tf.matmul(tf.constant(A), B.astype(np.float64)),
            tf.matmul(A, B), tf.matmul([[1.0, 2.0]], [[3], [4]])]


@case
def matmul_adjoint(tf):
    z = tf.constant([[1 + 1j, 2], [0, 3 - 2j]], tf.complex64)
    return [tf.matmul(z, z, adjoint_a=True), tf.matmul(z, z, adjoint_b=True),
            tf.matmul(tf.constant(A), tf.constant(A), adjoint_b=True)]


@case
def matmul_of_nothing(tf):
    x = tf.placeholder(tf.float32, [None, 3])
    return fed([tf.matmul(x, B), tf.matmul(tf.zeros([2, 0]), tf.zeros([0, 3]))],
               {x: np.zeros((0, 3))})


@case
def matmul_refuses(tf):
    a, b = tf.constant(A), tf.constant(B)
    return [raised(lambda: tf.matmul(a, a)),
            raised(lambda: tf.matmul(a, tf.constant([[1]]))),
            raised(lambda: tf.matmul(a, b, transpose_a=True, adjoint_a=True)),
            raised(lambda: tf.matmul(tf.constant([[True]]), tf.constant([[True]]))),
            raised(lambda: tf.matmul(tf.zeros([2, 3, 4]), tf.zeros([3, 4, 5]))),
            raised(lambda: tf.matmul(a, tf.constant(B, tf.float64)))]


@case
def matmul_that_does_not_fit_when_it_runs(tf):
    x = tf.placeholder(tf.float32, [None, None])
    return fed(tf.matmul(x, B), {x: [[1.0, 2.0]]})


@case
def matvec(tf):
    return [tf.linalg.matvec(A, [1.0, 2.0, 3.0]), tf.linalg.matmul(A, B),
            tf.linalg.matvec(A, [1.0, 2.0], transpose_a=True)]


# -------------------------------------------------------------------- tensordot, einsum


RESHAPED = "1.15 always ends in a Reshape, compat.v1 leaves out one that changes nothing"


@case(names=False, why=RESHAPED, each=[
    (1,), (0,), (2,), ([1, 0],), ([[1], [0]],), ([[0, 1], [1, 0]],)])
def tensordot(tf, axes):
    b = A if axes in (0, 2) else B
    return tf.tensordot(tf.constant(A), tf.constant(b), axes)


@case(names=False, why=RESHAPED)
def tensordot_of_unknown_shapes(tf):
    x = tf.placeholder(tf.float32, [None, 2, 3])
    y = tf.placeholder(tf.float32)
    return fed([tf.tensordot(x, tf.constant(B), [[2], [0]]),
                tf.tensordot(x, y, [[1, 2], [0, 1]]),
                tf.tensordot(x, tf.constant(B), 1, name="named")], {x: BATCH, y: A})


@case
def tensordot_refuses(tf):
    a = tf.constant(A)
    return [raised(lambda: tf.tensordot(a, a, [[0], [1]])),
            raised(lambda: tf.tensordot(a, a, [[0, 1], [0]])),
            raised(lambda: tf.tensordot(a, a, 3))]


EQUATIONS = [
    ("ij,jk->ik", (2, 3), (3, 2)), ("ij,jk", (2, 3), (3, 2)), ("ij->ji", (2, 3)),
    ("ij->i", (2, 3)), ("ij->", (2, 3)), ("i,i->", (3,), (3,)), ("i,j->ij", (2,), (3,)),
    ("bij,bjk->bik", (2, 2, 3), (2, 3, 2)), ("bij,jk->bik", (2, 2, 3), (3, 4)),
    ("ii->i", (3, 3)), ("ii->", (3, 3)), ("ij,ij->ij", (2, 3), (2, 3)),
    ("ij,kj->ikj", (2, 3), (2, 3)), ("...ij,...jk->...ik", (2, 2, 3), (2, 3, 2)),
    ("abc,cd,de->abe", (2, 2, 3), (3, 2), (2, 2)), ("ba", (2, 3)),
    ("bfnh,btnh->bnft", (1, 2, 2, 3),
                                                                (1, 3, 2, 3)),
]


@case(names=False, why="1.15 composes einsum, TensorFlow 2 has one op Einsum",
      each=EQUATIONS)
def einsum(tf, equation, *shapes):
    arrays = [np.arange(np.prod(shape), dtype=np.float32).reshape(shape) / 4
              for shape in shapes]
    return tf.einsum(equation, *[tf.constant(array) for array in arrays])


@case(names=False, why="1.15 composes einsum, TensorFlow 2 has one op Einsum")
def einsum_of_unknown_shapes(tf):
    x = tf.placeholder(tf.float32, [None, 2, 3])
    return fed([tf.einsum("bij,jk->bik", x, B), tf.einsum("bij->b", x)], {x: BATCH})


@case
def einsum_refuses(tf):
    a = tf.constant(A)
    return [raised(lambda: tf.einsum("ij,jk->ik", a)),
            raised(lambda: tf.einsum("ijk->i", a)),
            raised(lambda: tf.einsum("ij->k", a)),
            raised(lambda: tf.einsum("ij,jk->ik", a, a))]


# ---------------------------------------------------------------------------- diagonals


@case
def diagonals(tf):
    v, m = tf.constant([1.0, 2.0]), tf.constant([[1.0, 2.0], [3.0, 4.0]])
    return [tf.diag(v), tf.diag_part(m), tf.matrix_diag(v), tf.matrix_diag_part(m),
            tf.matrix_set_diag(m, v), tf.trace(m), tf.matrix_band_part(m, 0, -1),
            tf.matrix_band_part(m, -1, 0), tf.matrix_transpose(m), tf.linalg.diag(v),
            tf.linalg.tensor_diag(v), tf.linalg.trace(m)]


@case
def transposed_matrices_of_batches(tf):
    x = tf.placeholder(tf.float32, [None, 2, 3])
    return fed([tf.matrix_transpose(x), tf.linalg.transpose(x)], {x: BATCH})


@case(names=False, why="the algorithms are LAPACK's, only the values are promised",
      rtol=1e-4)
def decompositions(tf):
    m = tf.constant([[4.0, 1.0], [1.0, 3.0]])
    return [tf.matrix_inverse(m), tf.matrix_determinant(m), tf.cholesky(m),
            tf.matrix_solve(m, tf.constant([[1.0], [2.0]])), tf.matrix_triangular_solve(
                tf.constant([[2.0, 0.0], [1.0, 3.0]]), tf.constant([[2.0], [4.0]])),
            tf.self_adjoint_eigvals(m), tf.svd(m, compute_uv=False)]


@case
def singular_matrix(tf):
    m = tf.placeholder(tf.float32, [2, 2])
    return fed(tf.matrix_inverse(m), {m: [[1.0, 2.0], [2.0, 4.0]]})


@case
def cross_product(tf):
    return tf.cross([1.0, 0.0, 0.0], [0.0, 1.0, 0.0])


@case
def xw_plus_b(tf):
    return [tf.nn.xw_plus_b(A, B, [1.0, 2.0]),
            tf.nn.xw_plus_b(A, B, [1.0, 2.0], name="named"),
            tf.nn.relu_layer(A, B, [1.0, -20.0])]
