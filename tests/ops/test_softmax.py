"""Softmax along any axis. Values: cases_softmax.py."""

import numpy as np
import pytest

import pellucid as tf


@pytest.mark.parametrize("name, exact", [
    ("softmax", lambda x, axis: np.exp(x) / np.exp(x).sum(axis, keepdims=True)),
    ("log_softmax", lambda x, axis: x - np.log(np.exp(x).sum(axis, keepdims=True)))])
@pytest.mark.parametrize("axis", [0, 1, 2, -1, -2, -3])
def test_softmax_along_any_axis(name, exact, axis, session):
    values = np.random.default_rng(1).normal(size=(2, 3, 4)).astype(np.float32)
    x = tf.placeholder(tf.float32, [None, 3, None])
    for y in (getattr(tf.nn, name)(x, axis), getattr(tf.nn, name)(x, dim=axis)):
        found = session.run(y, {x: values})
        np.testing.assert_allclose(found, exact(values, axis), rtol=1e-5)
        assert y.get_shape().as_list() == [None, 3, None]


def test_softmax_refuses():
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"must be in \[-2, 2\)"):
        tf.nn.softmax(tf.ones([2, 2]), 2)
    with pytest.raises(ValueError, match="at least one dimension"):
        tf.nn.softmax(3.0)
    with pytest.raises(ValueError, match="Cannot specify both"):
        tf.nn.softmax([1.0], axis=0, dim=0)
    with pytest.raises(TypeError, match="only the last axis"):
        tf.nn.softmax(tf.placeholder(tf.float32), 0)
