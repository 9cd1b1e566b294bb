"""custom_gradient: the gradient is the given one, also when it is differentiated."""

import numpy as np
import pytest

import pellucid as tf


@tf.custom_gradient
def log1pexp(x):
    """log(1 + e^x), whose derivative, left alone, is nan for large x."""
    e = tf.exp(x)

    def gradient(grad):
        return grad * (1 - 1 / (1 + e))

    return tf.log(1 + e), gradient


def test_value_and_gradient(session):
    x = tf.constant([0.0, 100.0])
    y = log1pexp(x)
    grad, = tf.gradients(y, x)
    np.testing.assert_allclose(session.run(grad), [0.5, 1.0])
    assert y.op.type == "IdentityN" and y.get_shape().as_list() == [2]


def test_second_gradient(session):
    x = tf.constant(0.5)
    first, = tf.gradients(log1pexp(x), x)
    second, = tf.gradients(first, x)
    s = 1 / (1 + np.exp(-0.5))
    np.testing.assert_allclose(session.run([first, second]), [s, s * (1 - s)], rtol=1e-6)


def test_several_arguments_and_results(session):
    @tf.custom_gradient
    def both(x, y):
        def gradient(dx, dy):
            return dx + dy, 10 * dy
        return (x * y, x + y), gradient

    x, y = tf.constant(2.0), tf.constant(3.0)
    results = both(x, y)
    assert type(results) is tuple
    assert session.run(results) == (6.0, 5.0)
    assert session.run(tf.gradients(results[0] + results[1], [x, y])) == [2.0, 10.0]
    assert session.run(tf.gradients(results[0], [x, y])) == [1.0, 0.0]
    assert type(tf.custom_gradient(lambda x: ([x], lambda g: g))(x)) is list


def test_inside_of_a_model(session):
    """Gradients pass through it to what is upstream, and to variables."""
    @tf.custom_gradient
    def reversed_gradient(x):
        return tf.identity(x), lambda grad: -2 * grad

    w = tf.Variable([1.0, 2.0])
    grad, = tf.gradients(tf.reduce_sum(reversed_gradient(w * 3)), w)
    session.run(tf.global_variables_initializer())
    assert session.run(grad).tolist() == [-6.0, -6.0]


def test_it_may_return_none(session):
    @tf.custom_gradient
    def first_only(x, y):
        return x * y, lambda grad: (grad * y, None)

    x, y = tf.constant(2.0), tf.constant(3.0)
    dx, dy = tf.gradients(first_only(x, y), [x, y])
    assert session.run(dx) == 3.0 and dy is None


def test_as_a_decorator_with_brackets_and_of_a_method(session):
    class Layer:
        @tf.custom_gradient
        def twice(x):
            return 2 * x, lambda grad: 7 * grad

    x = tf.constant(1.0)
    assert session.run(tf.gradients(Layer.twice(x), x)) == [7.0]
    assert Layer.twice.__name__ == "twice"

    @tf.custom_gradient()
    def same(x):
        return x + 0, lambda grad: grad
    assert session.run(same(2.0)) == 2.0


def test_grad_pass_through(session):
    x = tf.constant([0.2, 1.7])
    y = tf.grad_pass_through(tf.round)(x)
    values, grad = session.run([y, tf.gradients(y * 3, x)[0]])
    assert values.tolist() == [0.0, 2.0] and grad.tolist() == [3.0, 3.0]


def test_what_is_refused():
    @tf.custom_gradient
    def with_a_variable(x):
        return x * tf.Variable(1.0), lambda grad: grad

    with pytest.raises(TypeError, match="creates variables"):
        with_a_variable(1.0)
    with pytest.raises(ValueError, match="takes no keyword arguments"):
        log1pexp(x=1.0)

    x = tf.constant(1.0)
    wrong = tf.custom_gradient(lambda x: (x + 0, lambda grad: (grad, grad)))
    with pytest.raises(ValueError, match="has 1 arguments, but its gradient function"):
        tf.gradients(wrong(x), x)
