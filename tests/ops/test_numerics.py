"""check_numerics and its relatives name the tensor with a nan or an inf."""

import numpy as np
import pytest

import pellucid as tf

BAD = [([1.0, np.nan], "NaN"), ([np.inf], "Inf"), ([-np.inf, 2.0], "Inf"),
       ([np.inf, np.nan], "Inf and NaN"), ([np.inf, -np.inf], "Inf")]


@pytest.mark.parametrize("value, found", BAD)
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "bfloat16"])
def test_check_numerics(value, found, dtype, session):
    x = tf.placeholder(dtype, [None])
    y = tf.check_numerics(x, "the input")
    with pytest.raises(tf.errors.InvalidArgumentError,
                       match=f"the input : Tensor had {found} values"):
        session.run(y, {x: value})
    assert session.run(y, {x: [0.5, -2.0]}).tolist() == [0.5, -2.0]


def test_large_values_are_not_infinite(session):
    x = np.full(10, np.finfo(np.float32).max)
    np.testing.assert_array_equal(session.run(tf.check_numerics(tf.constant(x), "")), x)


def test_only_floats_are_checked():
    with pytest.raises(TypeError, match="int32, which is not in the list"):
        tf.check_numerics(tf.constant([1]), "integers")


def test_its_gradient_is_checked(session):
    x = tf.constant([0.0, 4.0])
    grad, = tf.gradients(tf.sqrt(tf.check_numerics(x, "x")), x)
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"detected in gradient\. x"):
        session.run(grad)


def test_verify_tensor_all_finite(session):
    x = tf.placeholder(tf.float32, [])
    y = tf.verify_tensor_all_finite(x, "x is not finite")
    assert session.run(y, {x: 2.0}) == 2.0
    with pytest.raises(tf.errors.InvalidArgumentError, match="x is not finite"):
        session.run(y, {x: np.inf})
    z = tf.debugging.assert_all_finite(x, "z")
    with pytest.raises(tf.errors.InvalidArgumentError, match="z : Tensor had NaN"):
        session.run(z, {x: np.nan})


def test_add_check_numerics_ops_names_the_first(session):
    x = tf.placeholder(tf.float32, [], name="x")
    y = tf.log(x, name="logarithm")
    z = tf.exp(y, name="back") + tf.constant(1.0)
    check = tf.add_check_numerics_ops()
    assert session.run([z, check], {x: 1.0}) == [2.0, None]
    with pytest.raises(tf.errors.InvalidArgumentError, match="logarithm:0 : Tensor had"):
        session.run([z, check], {x: -1.0})
