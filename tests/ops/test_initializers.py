"""Initializers: arguments, bounds and deviations. Their numbers: test_random.py."""

import math

import numpy as np
import pytest

import pellucid as tf
from pellucid.ops.state import initializers

NAMES = ["zeros", "ones", "constant", "random_uniform", "random_normal", "truncated_normal",
         "uniform_unit_scaling", "variance_scaling", "orthogonal", "glorot_uniform",
         "glorot_normal", "identity"]


@pytest.mark.parametrize("name", NAMES)
def test_config_and_back(name):
    one = getattr(tf.initializers, name)()
    other = type(one).from_config(one.get_config())
    assert other.get_config() == one.get_config() and one.get_config()["dtype"] == "float32"


@pytest.mark.parametrize("name", [n for n in NAMES if n != "identity"])
def test_old_names(name):
    assert getattr(tf, f"{name}_initializer") is getattr(tf.initializers, name)


def test_constants(session):
    assert session.run(tf.zeros_initializer()([2], tf.int32)).dtype == np.int32
    assert session.run(tf.ones_initializer(tf.float64)([2])).tolist() == [1.0, 1.0]
    assert session.run(tf.constant_initializer([1, 2])([2, 2])).tolist() == [[1, 2], [2, 2]]
    assert session.run(tf.zeros_initializer()([1], tf.string)).tolist() == [b""]
    assert session.run(tf.ones_initializer()(tf.constant([2, 1]))).tolist() == [[1], [1]]
    with pytest.raises(TypeError, match="Expected Tensor's shape"):
        tf.constant_initializer([1, 2, 3], verify_shape=True)([2, 2])
    with pytest.raises(ValueError, match="Too many elements"):
        tf.constant_initializer([1, 2, 3])([2])
    with pytest.raises(TypeError, match="Invalid type for initial value"):
        tf.constant_initializer(None)


@pytest.mark.parametrize("name, bound", [
    ("glorot_uniform", math.sqrt(6 / 500)), ("he_uniform", math.sqrt(6 / 200)),
    ("lecun_uniform", math.sqrt(3 / 200)), ("uniform_unit_scaling", math.sqrt(3 / 200))])
def test_bounds(name, bound, session):
    values = session.run(getattr(tf.initializers, name)()([200, 300]))
    assert 0.999 * bound < np.abs(values).max() <= bound


@pytest.mark.parametrize("name, variance", [
    ("glorot_normal", 2 / 500), ("he_normal", 2 / 200), ("lecun_normal", 1 / 200)])
def test_deviations(name, variance, session):
    values = session.run(getattr(tf.initializers, name)()([200, 300]))
    assert abs(values.std() / math.sqrt(variance) - 1) < 0.02


def test_fans():
    assert initializers._fans(()) == (1, 1)
    assert initializers._fans((7,)) == (7, 7)
    assert initializers._fans((3, 4)) == (3, 4)
    assert initializers._fans((5, 5, 3, 4)) == (75, 100)


def test_variance_scaling(session):
    values = session.run(tf.variance_scaling_initializer(
        3.0, mode="fan_out", distribution="untruncated_normal", seed=1)([200, 300]))
    assert abs(values.std() / 0.1 - 1) < 0.02
    for wrong in ({"scale": 0.0}, {"mode": "fan"}, {"distribution": "flat"}):
        with pytest.raises(ValueError, match=f"Argument `{next(iter(wrong))}`"):
            tf.variance_scaling_initializer(**wrong)
    with pytest.raises(ValueError, match="floating point"):
        tf.glorot_uniform_initializer(dtype=tf.int32)


def test_orthogonal(session):
    for shape in ((4, 3), (3, 4), (2, 3, 5)):
        q = session.run(tf.orthogonal_initializer(gain=2.0, seed=1)(shape))
        q = q.reshape(-1, shape[-1])
        gram = q.T @ q if q.shape[0] >= q.shape[1] else q @ q.T
        np.testing.assert_allclose(gram, 4 * np.eye(len(gram)), atol=1e-5)
    with pytest.raises(ValueError, match="at least two-dimensional"):
        tf.orthogonal_initializer()([3])


def test_identity(session):
    value = session.run(tf.initializers.identity(3.0)([2, 3]))
    assert value.tolist() == [[3, 0, 0], [0, 3, 0]]
    with pytest.raises(ValueError, match="must be a matrix"):
        tf.initializers.identity()([3])


def test_as_an_initializer_of_variables(session):
    initializer = tf.random_uniform_initializer(1.0, 2.0, seed=1)
    v = tf.get_variable("v", [3, 2], initializer=initializer)
    w = tf.get_variable("w", [3, 2])                       # glorot_uniform
    values = session.run([v, w])
    assert (values[0] >= 1).all() and (np.abs(values[1]) <= math.sqrt(6 / 5)).all()
