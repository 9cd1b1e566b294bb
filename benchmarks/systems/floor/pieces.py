"""Parts of the networks: the heads, with p - c for a gradient, the optimizers, flat weights."""

from itertools import pairwise
from math import sqrt

import numpy as np


def one_hot_head(n, classes):
    """A function of logits z (classes, n) and one-hot labels (n, classes).

    It returns the mean cross-entropy, and n times its gradient, p - c. z is working memory.
    """
    c_rows = np.empty((classes, n), np.float32)
    softmax = softmax_of_rows(n, classes)

    def head(z, c):
        np.copyto(c_rows, c.T)
        p, logs = softmax(z)
        loss = logs - float(np.vdot(z, c_rows))
        return loss / n, np.subtract(p, c_rows, out=p)

    return head


def sparse_head(n, classes):
    """The same for int32 class numbers, shape (n,)."""
    places = np.empty(n, np.intp)
    columns, width = np.arange(n), np.full(n, n)
    softmax = softmax_of_rows(n, classes)

    def head(z, y):
        np.multiply(y, width, out=places)
        np.add(places, columns, out=places)
        p, logs = softmax(z)
        loss = logs - float(np.add.reduce(z.reshape(-1)[places]))
        p.reshape(-1)[places] -= 1
        return loss / n, p

    return head


def softmax_of_rows(n, classes):
    """A function of z (classes, n): p, and the sum over columns of log(sum(exp(z))).

    It leaves z less its largest entry per column.
    """
    p = np.empty((classes, n), np.float32)
    largest, total = np.empty(n, np.float32), np.empty(n, np.float32)
    over_classes, over_columns = np.ones(classes, np.float32), np.ones(n, np.float32)

    def softmax(z):
        np.maximum.reduce(z, axis=0, out=largest)
        np.subtract(z, largest, out=z)
        np.exp(z, out=p)
        np.dot(over_classes, p, out=total)
        np.divide(p, total, out=p)
        np.log(total, out=total)
        return p, float(np.dot(total, over_columns))

    return softmax


def sgd(w, n_grad, rate, n):
    """w -= (rate / n) * n_grad."""
    scale = np.array(rate / n, np.float32)

    def update():
        np.multiply(n_grad, scale, out=n_grad)
        np.subtract(w, n_grad, out=w)

    return update


def adam(w, n_grad, rate, n, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Kingma & Ba 2015, the faster order of section 2, which is also TensorFlow's.

    Kept are m n / (1 - beta1) and v n^2 / (1 - beta2), which saves three operations; the
    factors return in the rate and in epsilon.
    """
    m, v, change = np.zeros_like(w), np.zeros_like(w), np.empty_like(w)
    beta1_array, beta2_array = np.array(beta1, w.dtype), np.array(beta2, w.dtype)
    scaled_epsilon = np.array(epsilon * n / sqrt(1 - beta2), w.dtype)
    scaled_rate = np.empty((), w.dtype)
    beta1_power = beta2_power = 1.0

    def update():
        nonlocal beta1_power, beta2_power
        beta1_power *= beta1
        beta2_power *= beta2
        corrected = rate * sqrt(1 - beta2_power) / (1 - beta1_power)
        scaled_rate[()] = corrected * (1 - beta1) / sqrt(1 - beta2)
        np.multiply(m, beta1_array, out=m)
        np.add(m, n_grad, out=m)
        np.multiply(v, beta2_array, out=v)
        np.multiply(n_grad, n_grad, out=n_grad)
        np.add(v, n_grad, out=v)
        np.sqrt(v, out=change)
        np.add(change, scaled_epsilon, out=change)
        np.divide(m, change, out=change)
        np.multiply(change, scaled_rate, out=change)
        np.subtract(w, change, out=w)

    return update


HEADS = {"one-hot": one_hot_head, "sparse": sparse_head}
OPTIMIZERS = {"SGD": sgd, "Adam": adam}


def flat_layers(layers):
    """The layers' numbers in one vector, and the layers as views into it."""
    arrays = [array for layer in layers for array in layer]
    flat = np.concatenate([array.ravel() for array in arrays])
    ends = np.cumsum([0, *(array.size for array in arrays)])
    views = [
        flat[start:end].reshape(array.shape)
        for array, (start, end) in zip(arrays, pairwise(ends), strict=True)
    ]
    return flat, list(zip(views[::2], views[1::2], strict=True))
