"""What the rows of the table do not reach: blocks, errors of a run, agreement with JAX's path."""

import numpy as np
import pytest

import pellucid as tf
from pellucid.ops.conv import convolve as arithmetic
from tests.ops.cases_convolution import VOLUME, W, X, naive, numbers

GEOMETRIES = [((1, 1), "SAME", (1, 1)), ((2, 1), "VALID", (1, 1)), ((1, 1), "SAME", (2, 1))]


@pytest.mark.parametrize("block", [1, 500, 3000])
@pytest.mark.parametrize("strides, padding, dilations", GEOMETRIES)
def test_blocks_of_any_size_give_the_same(monkeypatch, block, strides, padding, dilations):
    """A few rows of windows, an image, or several images at a time."""
    def run():
        with tf.Graph().as_default(), tf.Session() as session:
            x, w = tf.constant(X), tf.constant(W)
            y = tf.nn.conv2d(x, w, strides, padding, dilations=dilations)
            return session.run([y, *tf.gradients(y, [x, w], grad_ys=y)])

    whole = run()
    monkeypatch.setattr(arithmetic, "BLOCK", block)
    np.testing.assert_allclose(whole[0], naive(strides, padding, dilations)(X, W), 1e-5, 1e-6)
    for part, expected in zip(run(), whole, strict=True):
        np.testing.assert_allclose(part, expected, 1e-5, 1e-6)


def test_blocks_of_volumes(monkeypatch):
    monkeypatch.setattr(arithmetic, "BLOCK", 1)
    w = numbers(2, 3, 2, 2, 3)
    with tf.Graph().as_default(), tf.Session() as session:
        y = session.run(tf.nn.conv3d(VOLUME, w, 1, "SAME"))
    np.testing.assert_allclose(y, naive((1, 1, 1), "SAME", (1, 1, 1))(VOLUME, w), 1e-5, 1e-6)


def test_images_that_do_not_fit_are_refused_when_they_are_fed(session):
    x = tf.placeholder(tf.float32)
    y = tf.nn.conv2d(x, W, 1, "VALID")
    with pytest.raises(tf.errors.InvalidArgumentError, match="not a multiple"):
        session.run(y, {x: X[..., :2]})
    with pytest.raises(tf.errors.InvalidArgumentError, match="larger than the image"):
        session.run(y, {x: X[:, :2]})


def test_a_gradient_of_another_size_is_refused(session):
    grad = tf.placeholder(tf.float32)
    by_image = tf.nn.conv2d_backprop_input(tf.shape(X), W, grad, [1, 1, 1, 1], "SAME")
    by_kernel = tf.nn.conv2d_backprop_filter(X, tf.shape(W), grad, [1, 1, 1, 1], "SAME")
    for y in (by_image, by_kernel):
        with pytest.raises(tf.errors.InvalidArgumentError, match="out_backprop has"):
            session.run(y, {grad: numbers(2, 4, 6, 4)})


def test_the_error_says_what_is_wrong():
    with pytest.raises(ValueError, match=r"Depth of input \(3\) is not a multiple") as info:
        tf.nn.conv2d(X, W[:, :, :2], 1, "SAME")
    assert "test_convolution.py" in str(info.value)
    with pytest.raises(ValueError, match="strides in the batch and depth dimensions"):
        tf.nn.conv2d(X, W, [2, 1, 1, 1], "SAME")
    with pytest.raises(ValueError, match="padding must be 'SAME' or 'VALID' or a list of pairs"):
        tf.nn.conv2d(X, W, 1, "FULL")
    with pytest.raises(ValueError, match="tf.space_to_batch_nd"):
        tf.nn.pool(X, [2, 2], "MAX", "SAME", dilation_rate=[2, 2])


def test_local_response_normalization_differentiates_once():
    x = tf.constant(X)
    once = tf.gradients(tf.nn.lrn(x), x)[0]
    with pytest.raises(LookupError, match="once only"):
        tf.gradients(once, x)


def test_fused_batch_norm_returns_the_moments_of_the_batch(session):
    """What comes back is for moving averages: the mean, and the variance times n / (n - 1)."""
    x = tf.constant(X)
    _, mean, variance = tf.nn.fused_batch_norm(x, tf.ones([3]), tf.zeros([3]))
    found = session.run([mean, variance])
    rows = X.reshape(-1, 3)
    np.testing.assert_allclose(found[0], rows.mean(0), 1e-5, 1e-6)
    np.testing.assert_allclose(found[1], rows.var(0, ddof=1), 1e-5)


OF_ROWS = [             # sizes, kernel, (strides, pads, dilations)
    ((6, 5), (4, 3), ((1, 2), ((1, 2), (0, 1)), (1, 1))),
    ((9, 4), (3, 2), ((1, 1), ((0, 0), (1, 1)), (2, 3))),
    ((7,), (5,), ((1,), ((2, 2),), (1,))),
    ((5, 4, 6), (4, 2, 3), ((1, 1, 2), ((2, 1), (0, 0), (1, 1)), (1, 2, 1))),
]


@pytest.mark.parametrize("sizes, kernel, how", OF_ROWS)
def test_convolution_by_rows_is_convolution(monkeypatch, sizes, kernel, how):
    """Whichever way patches are laid out, some images at a time or one."""
    random = np.random.default_rng(0)
    x, w = random.normal(size=(3, *sizes, 2)), random.normal(size=(*kernel, 2, 4))
    results = []
    for by_rows, lines in ((False, 0), (True, 0), (True, 1 << 20)):
        monkeypatch.setattr(arithmetic, "_by_rows", lambda *_, by_rows=by_rows: by_rows)
        monkeypatch.setattr(arithmetic, "LINES", lines)
        y = arithmetic.convolve(x, w, how)
        grad = np.cos(np.arange(y.size)).reshape(y.shape)
        results.append([y, arithmetic.convolve_back_to_kernel(x, grad, kernel, how),
                        arithmetic.convolve_back_to_image(sizes, w, grad, how)])
    for other in results[1:]:
        for one, two in zip(results[0], other, strict=True):
            np.testing.assert_allclose(two, one, 1e-12, 1e-12)
