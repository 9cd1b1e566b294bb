"""Reductions: axes, old spellings, static shapes, running sums."""

import numpy as np
import pytest

import pellucid as tf

X = np.arange(24, dtype=np.float32).reshape(2, 3, 4) - 7


@pytest.mark.parametrize(
    "symbol", ["reduce_sum", "reduce_mean", "reduce_max", "reduce_prod"])
def test_over_no_axes_copies(symbol, session):
    x = tf.placeholder(tf.float32, [2])
    y = getattr(tf, symbol)(x, [])
    fed = np.array([1.0, 2.0], np.float32)
    got = session.run(y, {x: fed})
    assert got.tolist() == [1.0, 2.0]
    assert not np.may_share_memory(got, fed)


def test_old_spellings(session):
    x = tf.constant(X)
    pairs = [(tf.reduce_sum(x, reduction_indices=[1]), tf.reduce_sum(x, axis=[1])),
             (tf.reduce_max(x, 0, keep_dims=True), tf.reduce_max(x, 0, keepdims=True)),
             (tf.argmax(x, dimension=1), tf.argmax(x, axis=1)),
             (tf.count_nonzero(x, reduction_indices=0), tf.count_nonzero(x, 0)),
             (tf.norm(x, axis=1, keep_dims=True), tf.norm(x, axis=1, keepdims=True))]
    for old, new in pairs:
        np.testing.assert_array_equal(*session.run([old, new]))


@pytest.mark.parametrize("build, text", [
    (lambda x: tf.reduce_sum(x, 1, reduction_indices=1),
     "Cannot specify both 'reduction_indices' and 'axis'"),
    (lambda x: tf.reduce_sum(x, 1, True, keep_dims=True),
     "Cannot specify both 'keep_dims' and 'keepdims'"),
    (lambda x: tf.argmax(x, 1, dimension=1), "Cannot specify both 'dimension' and 'axis'"),
    (lambda x: tf.reduce_sum(x, 3), r"axis 3 is out of range \[-3, 3\)"),
    (lambda x: tf.reduce_sum(x, [[0]]), "must be a vector or a scalar"),
    (lambda x: tf.norm(x, axis=[0, 0]), "2 unique integers"),
    (lambda x: tf.norm(x, ord=-1), "supported vector norm"),
])
def test_refused(build, text):
    with pytest.raises(ValueError, match=text):
        build(tf.constant(X))


def test_shapes_computed_from_shapes_are_static():
    x = tf.placeholder(tf.float32, [None, 3, 4])
    inner = tf.reduce_prod(tf.shape(x)[1:])
    assert tf.reshape(x, [-1, inner]).shape.as_list() == [None, 12]
    assert tf.zeros([tf.reduce_sum(tf.shape(x)[1:]) * 2 - 1]).shape.as_list() == [13]


def test_static_shapes():
    x = tf.placeholder(tf.float32, [None, 3, 4])
    axes = tf.placeholder(tf.int32, [None])
    assert tf.reduce_sum(x, 1).shape.as_list() == [None, 4]
    assert tf.reduce_sum(x, [0, -1], keepdims=True).shape.as_list() == [1, 3, 1]
    assert tf.reduce_sum(x, axes).shape.ndims is None
    assert tf.reduce_sum(x, axes, keepdims=True).shape.as_list() == [None, None, None]
    assert tf.reduce_sum(tf.placeholder(tf.float32)).shape.as_list() == []
    assert tf.argmax(x, 1).shape.as_list() == [None, 4]


def test_axes_known_in_the_run_alone(session):
    x, axes = tf.placeholder(tf.float32), tf.placeholder(tf.int32)
    for function, numpy in [(tf.reduce_sum, np.sum), (tf.reduce_prod, np.prod),
                            (tf.reduce_max, np.max), (tf.reduce_mean, np.mean)]:
        y = function(x, axes)
        grad, = tf.gradients(y, x)
        for axis in (0, -1, [0, 2], []):
            feeds = {x: X + 0.5, axes: np.array(axis, np.int32)}
            got, slope = session.run([y, grad], feeds)
            wanted = numpy(X + 0.5, axis if isinstance(axis, int) else tuple(axis))
            np.testing.assert_allclose(got, wanted, 1e-5)
            assert slope.shape == X.shape


def test_wrong_axis_in_the_run(session):
    x, axis = tf.placeholder(tf.float32), tf.placeholder(tf.int32)
    with pytest.raises(tf.errors.InvalidArgumentError):
        session.run(tf.reduce_sum(x, axis), {x: X, axis: 5})


def test_sums_of_narrow_floats_are_accumulated_wide(session):
    ones = tf.ones([10000], tf.float16) * 0.1
    assert abs(session.run(tf.reduce_sum(ones)) - 1000) < 1


def test_gradient_is_shared_by_equal_extremes(session):
    x = tf.constant([[1.0, 3.0, 3.0], [2.0, 2.0, 2.0]])
    grad, = tf.gradients(tf.reduce_max(x, 1), x)
    np.testing.assert_allclose(session.run(grad), [[0, 0.5, 0.5], [1 / 3] * 3], 1e-6)


def test_product_has_its_gradient_at_zeros(session):
    x = tf.constant([[2.0, 0.0, 4.0], [0.0, 0.0, 5.0]])
    grad, = tf.gradients(tf.reduce_prod(x, 1), x)
    assert session.run(grad).tolist() == [[0.0, 8.0, 0.0], [0.0, 0.0, 0.0]]


def test_mean_of_integers_is_truncated(session):
    assert session.run([tf.reduce_mean([1, 2, 2]), tf.reduce_mean([-1, -2, -2])]) == [1, -1]
    nothing = tf.placeholder(tf.int32, [None])
    assert session.run(tf.reduce_mean(nothing), {nothing: []}) == 0


def test_logsumexp_neither_overflows_nor_drowns(session):
    got = session.run([tf.reduce_logsumexp([1000.0, 1000.0]),
                       tf.reduce_logsumexp([-np.inf, -np.inf]),
                       tf.reduce_logsumexp([np.inf, 0.0])])
    np.testing.assert_allclose(got, [1000 + np.log(2), -np.inf, np.inf], 1e-6)


@pytest.mark.parametrize("ord", ["euclidean", 1, 2, 3, np.inf])
def test_vector_norms(ord, session):
    wanted = np.linalg.norm(X, 2 if ord == "euclidean" else ord, axis=1)
    np.testing.assert_allclose(session.run(tf.norm(X, ord, axis=1)), wanted, 1e-5)


@pytest.mark.parametrize("ord", ["euclidean", "fro", 1, np.inf])
def test_matrix_norms(ord, session):
    wanted = np.linalg.norm(X, "fro" if ord == "euclidean" else ord, axis=(1, 2))
    np.testing.assert_allclose(session.run(tf.norm(X, ord, axis=[1, 2])), wanted, 1e-5)


def test_spectral_norm_of_a_tensor_of_unknown_rank(session):
    x = tf.placeholder(tf.float64)
    greatest = tf.norm(x, 2, axis=[0, -1], keepdims=True)
    value = np.arange(12.0).reshape(2, 3, 2)
    found = session.run(greatest, {x: value})
    np.testing.assert_allclose(found, np.linalg.norm(value, 2, axis=(0, 2), keepdims=True))


def test_nan_is_never_the_greatest(session):
    x = tf.constant([[1.0, np.nan, 3.0], [np.nan, 1.0, 0.0], [np.nan, np.nan, np.nan]])
    assert session.run([tf.argmax(x, 1), tf.argmin(x, 1)])[0].tolist() == [2, 1, 0]
    assert session.run(tf.argmin(x, 1)).tolist() == [0, 2, 0]


def test_wrong_axes_of_vectors_fail_in_the_run(session):
    for y in (tf.argmax([1, 2], 1), tf.cumsum([1.0, 2.0], 1)):     # as in TensorFlow
        with pytest.raises(tf.errors.InvalidArgumentError):
            session.run(y)


def test_gradient_of_running_products_is_zero_at_zeros(session):
    x = tf.constant([2.0, 0.0, 3.0])
    grad, = tf.gradients(tf.cumprod(x), x)
    assert session.run(grad).tolist() == [1.0, 0.0, 0.0]               # as in TensorFlow


@pytest.mark.parametrize("symbol, ids", [
    ("segment_sum", [0, 2, 1]), ("segment_max", [-1, 0, 0]), ("segment_mean", [0, 1])])
def test_bad_sorted_segments(symbol, ids, session):
    given = tf.placeholder(tf.int32, [None])
    x = tf.placeholder(tf.float32, [None])
    with pytest.raises(tf.errors.InvalidArgumentError, match="segment"):
        session.run(getattr(tf, symbol)(x, given), {x: [1.0, 2.0, 3.0], given: ids})


def test_segments_out_of_range(session):
    ids = tf.placeholder(tf.int32, [None])
    y = tf.unsorted_segment_sum([1.0, 2.0], ids, 2)
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"contains 2, .* \[0, 2\)"):
        session.run(y, {ids: [0, 2]})
    assert session.run(y, {ids: [-1, 1]}).tolist() == [0.0, 2.0]


UNTYPED = {
    "reduce_sum": lambda x: tf.reduce_sum(x, 0), "reduce_mean": tf.reduce_mean,
    "reduce_max": lambda x: tf.reduce_max(x, 1), "reduce_prod": lambda x: tf.reduce_prod(x, 1),
    "reduce_logsumexp": tf.reduce_logsumexp, "cumsum": tf.cumsum, "cumprod": tf.cumprod,
    "norm": tf.norm, "reduce_std": lambda x: tf.math.reduce_std(x, 0),
    "maximum": lambda x: tf.maximum(x, 2.0), "pow": lambda x: x ** 2,
    "divide": lambda x: 1 / x, "segment_mean": lambda x: tf.segment_mean(x, [0, 0]),
    "sigmoid": tf.sigmoid, "clip": lambda x: tf.clip_by_value(x, 1.0, 2.0),
    "where": lambda x: tf.where(x > 2, x, -x), "xlogy": lambda x: tf.math.xlogy(x, x),
    "segments": lambda x: tf.unsorted_segment_max(x, [0, 0], 1), "abs": tf.abs,
    "einsum": lambda x: tf.einsum("ij->", x), "square": tf.square, "sqrt": tf.sqrt,
}


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("name", UNTYPED)
def test_gradients_of_untyped_tensors(name, known, session):
    value = np.array([[1.5, 2.5, 4.0], [3.0, 0.5, 1.0]])
    grads = []
    for dtype in (None, tf.float64):
        x = tf.placeholder(dtype, [2, 3] if known else None)
        grad, = tf.gradients(UNTYPED[name](x), x)
        grads.append(session.run(grad, {x: value}))
    np.testing.assert_allclose(*grads, 1e-6)
