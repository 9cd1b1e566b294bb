"""The nets of a tutorial, two classes and 100 points, laid on their side."""

import numpy as np


def tutorial_perceptron(problem):
    """p = softmax(X W + b) for two classes, by gradient descent.

    Everything stands feature by feature, (2, n), so that reductions over the two classes
    are operations on two long rows. A third row of ones under the inputs makes the bias a
    column of the weights.
    """
    (wb,) = map(weights_and_bias, problem.weights())
    x1 = with_row_of_ones(problem.sizes[0], problem.batch)
    x = x1[:-1]
    z = np.empty((2, problem.batch), np.float32)
    grad = np.empty_like(wb)
    rate = np.full_like(wb, problem.rate)
    loss_and_error = two_classes(problem.batch)

    def step(x_value, c):
        np.copyto(x, x_value.T)
        np.dot(wb, x1, out=z)
        loss, error = loss_and_error(z, c)
        descend(wb, np.dot(error, x1.T, out=grad), rate)
        return loss

    return step


def tutorial_mlp(problem):
    """The perceptron's layout with one layer of sigmoids below it."""
    n = problem.batch
    wb1, wb2 = map(weights_and_bias, problem.weights())
    w2 = wb2[:, :-1]
    x1 = with_row_of_ones(problem.sizes[0], n)
    h1 = with_row_of_ones(problem.sizes[1], n)
    x, h = x1[:-1], h1[:-1]
    z = np.empty((2, n), np.float32)
    dh, slope, half, one = (np.empty_like(h) for _ in range(4))
    half.fill(0.5)
    one.fill(1)
    grad1, grad2 = np.empty_like(wb1), np.empty_like(wb2)
    rate1, rate2 = np.full_like(wb1, problem.rate), np.full_like(wb2, problem.rate)
    loss_and_error = two_classes(n)

    def step(x_value, c):
        np.copyto(x, x_value.T)
        np.dot(wb1, x1, out=h)
        np.multiply(h, half, out=h)             # sigmoid(z) = (tanh(z / 2) + 1) / 2
        np.tanh(h, out=h)
        np.multiply(h, half, out=h)
        np.add(h, half, out=h)
        np.dot(wb2, h1, out=z)
        loss, error = loss_and_error(z, c)
        np.dot(w2.T, error, out=dh)
        np.subtract(one, h, out=slope)
        np.multiply(slope, h, out=slope)
        np.multiply(dh, slope, out=dh)
        descend(wb2, np.dot(error, h1.T, out=grad2), rate2)
        descend(wb1, np.dot(dh, x1.T, out=grad1), rate1)
        return loss

    return step


def two_classes(n):
    """A function of logits z (2, n) and one-hot labels c (n, 2).

    It returns J = -sum(sum(c * log p, axis=1)) for p = softmax(z), and dJ/dz = p - c,
    and uses z as working memory.
    """
    p, c_rows, log_p = (np.empty((2, n), np.float32) for _ in range(3))
    largest, total = np.empty(n, np.float32), np.empty(n, np.float32)
    p0, p1 = p

    def loss_and_error(z, c):
        z0, z1 = z
        np.copyto(c_rows, c.T)
        np.maximum(z0, z1, out=largest)
        np.subtract(z0, largest, out=z0)
        np.subtract(z1, largest, out=z1)
        np.exp(z, out=p)
        np.add(p0, p1, out=total)
        np.divide(p0, total, out=p0)
        np.divide(p1, total, out=p1)
        np.log(p, out=log_p)
        return -float(np.vdot(c_rows, log_p)), np.subtract(p, c_rows, out=p)

    return loss_and_error


def descend(w, grad, rate):
    np.multiply(grad, rate, out=grad)
    np.subtract(w, grad, out=w)


def weights_and_bias(layer):
    """[w^T | b], shape (units, inputs + 1)."""
    w, b = layer
    return np.ascontiguousarray(np.column_stack([w.T, b]))


def with_row_of_ones(rows, n):
    return np.ones((rows + 1, n), np.float32)
