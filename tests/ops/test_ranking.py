"""top_k and in_top_k: ties, ends, refusals."""

import numpy as np
import pytest

import pellucid as tf


def test_of_equals_the_first_comes_first(session):
    values, indices = session.run(tf.nn.top_k([3, 1, 3, 3, 2], 3))
    assert values.tolist() == [3, 3, 3] and indices.tolist() == [0, 2, 3]


def test_the_result_has_names():
    result = tf.nn.top_k([1.0, 2.0], name="best", index_type=tf.int64)
    assert result.values.name == "best:0" and result.indices.dtype == tf.int64


def test_gradient_goes_to_the_chosen(session):
    x = tf.constant([[1.0, 5.0, 3.0], [9.0, 2.0, 9.0]])
    grad, = tf.gradients(tf.nn.top_k(x, 2).values * [[10.0, 1.0]], x)
    assert session.run(grad).tolist() == [[0, 10, 1], [10, 0, 1]]


def test_top_k_refuses(session):
    with pytest.raises(ValueError, match="last dimension >= k = 3 but is 2"):
        tf.nn.top_k([1, 2], 3)
    with pytest.raises(ValueError, match="k >= 0"):
        tf.nn.top_k([1, 2], -1)
    with pytest.raises(ValueError, match="at least rank 1"):
        tf.nn.top_k(3.0)
    k = tf.placeholder(tf.int32, [])
    with pytest.raises(tf.errors.InvalidArgumentError, match="k = 3 but is 2"):
        session.run(tf.nn.top_k([1, 2], k).values, {k: 3})


def test_in_top_k_with_ties_and_nonsense(session):
    predictions = np.float32([[0.1, 0.9, 0.9], [0.4, 0.4, 0.2], [np.nan, 0.1, 0.2]])
    for k, expected in ((1, [True, True, False]), (2, [True, True, False])):
        inside = tf.nn.in_top_k(predictions, [2, 1, 1], k)
        assert session.run(inside).tolist() == expected
    assert session.run(tf.nn.in_top_k(predictions, [-1, 3, 2], 3)).tolist() == [False] * 3


def test_in_top_k_refuses():
    with pytest.raises(ValueError, match="predictions must be of rank 2"):
        tf.nn.in_top_k([1.0], [0], 1)
    with pytest.raises(ValueError, match="not compatible"):
        tf.nn.in_top_k([[1.0]], [0, 1], 1)
