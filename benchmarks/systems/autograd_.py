"""HIPS autograd: NumPy programs, differentiated while they run."""

from importlib.metadata import version

import autograd.numpy as anp
import numpy as np
from autograd import value_and_grad

from benchmarks.systems import System, builders_in


def affine(problem):
    a, b = problem.weights()

    def step(x):
        return anp.dot(a, x) + b

    return step


def classifier(problem):
    parameters = [p for layer in problem.weights() for p in layer]
    activation = ACTIVATIONS[problem.hidden]
    loss_of = LOSSES[problem.loss]
    update = OPTIMIZERS[problem.optimizer](parameters, np.float32(problem.rate))

    def loss_at(parameters, x, labels):
        return loss_of(dense_layers(parameters, activation, x), labels)

    loss_and_grads = value_and_grad(loss_at)

    def step(x, labels):
        loss, grads = loss_and_grads(parameters, x, labels)
        update(grads)
        return float(loss)

    return step


def inference(problem):
    parameters = [p for layer in problem.weights() for p in layer]

    def step(x):
        return dense_layers(parameters, relu, x)

    return step


def chain(problem):
    def product(x):
        for _ in range(problem.length):
            x = x * problem.factor
        return x

    return value_and_grad(product)


def diamond(problem):
    def doubled(x):
        for _ in range(problem.depth):
            x = x + x
        return x

    return value_and_grad(doubled)


def dense_layers(parameters, activation, x):
    """parameters: w, b, w, b, ..."""
    *hidden, last_w, last_b = parameters
    for w, b in zip(hidden[::2], hidden[1::2], strict=True):
        x = activation(anp.dot(x, w) + b)
    return anp.dot(x, last_w) + last_b


def relu(z):
    return anp.maximum(z, np.float32(0))


def sigmoid(z):
    return 0.5 * (anp.tanh(0.5 * z) + 1)


def log_softmax(z):
    z = z - anp.max(z, axis=1, keepdims=True)
    return z - anp.log(anp.sum(anp.exp(z), axis=1, keepdims=True))


def tutorial_loss(logits, c):
    e = anp.exp(logits - anp.max(logits, axis=1, keepdims=True))
    p = e / anp.sum(e, axis=1, keepdims=True)
    return -anp.sum(anp.sum(c * anp.log(p), axis=1))


def one_hot_loss(logits, c):
    return -anp.sum(c * log_softmax(logits)) / len(c)


def sparse_loss(logits, y):
    return -anp.sum(log_softmax(logits)[np.arange(len(y)), y]) / len(y)


ACTIVATIONS = {"relu": relu, "sigmoid": sigmoid}
LOSSES = {"tutorial": tutorial_loss, "one-hot": one_hot_loss, "sparse": sparse_loss}


def sgd(parameters, rate):
    def update(grads):
        for w, g in zip(parameters, grads, strict=True):
            w -= rate * g

    return update


def adam(parameters, rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Kingma & Ba 2015, the faster order of section 2, which is also TensorFlow's."""
    m = [np.zeros_like(w) for w in parameters]
    v = [np.zeros_like(w) for w in parameters]
    t = 0

    def update(grads):
        nonlocal t
        t += 1
        step_rate = np.float32(rate * np.sqrt(1 - beta2**t) / (1 - beta1**t))
        for w, g, m_w, v_w in zip(parameters, grads, m, v, strict=True):
            m_w += (1 - beta1) * (g - m_w)
            v_w += (1 - beta2) * (g * g - v_w)
            w -= step_rate * m_w / (np.sqrt(v_w) + epsilon)

    return update


OPTIMIZERS = {"SGD": sgd, "Adam": adam}


def load():
    name = f"autograd {version('autograd')} on NumPy {np.__version__}"
    return System(name, builders_in(globals()))
