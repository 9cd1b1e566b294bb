"""Dense networks, trained and not."""

import numpy as np

from benchmarks.systems.floor.pieces import HEADS, OPTIMIZERS, flat_layers
from benchmarks.systems.floor.tutorial import tutorial_mlp, tutorial_perceptron


def classifier(problem):
    if problem.loss != "tutorial":
        return relu_net(problem)
    if len(problem.sizes) == 2:
        return tutorial_perceptron(problem)
    return tutorial_mlp(problem)


def relu_net(problem):
    """A deep net on rows (n, units), its head on columns (classes, n).

    All weights lie in one long vector, and so do their gradients, so that an optimizer
    is a few long operations, however many layers there are.
    """
    weights, layers = flat_layers(problem.weights())
    no_grads = [(np.zeros_like(w), np.zeros_like(b)) for w, b in layers]
    grads, grad_layers = flat_layers(no_grads)
    *hidden, (last_w, last_b) = layers
    *hidden_grads, (last_w_grad, last_b_grad) = grad_layers
    head = HEADS[problem.loss](problem.batch, problem.sizes[-1])
    update = OPTIMIZERS[problem.optimizer](weights, grads, problem.rate, problem.batch)
    forward, backward = relu_layers(hidden, hidden_grads, problem.batch)
    ones = np.ones(problem.batch, np.float32)
    last_b = last_b[:, None]
    z = np.empty((problem.sizes[-1], problem.batch), np.float32)

    def step(x, labels):
        h = forward(x)
        np.dot(last_w.T, h.T, out=z)
        np.add(z, last_b, out=z)
        loss, error = head(z, labels)
        np.dot(h.T, error.T, out=last_w_grad)
        np.dot(error, ones, out=last_b_grad)
        backward(x, error.T, last_w)
        update()
        return loss

    return step


def relu_layers(layers, grad_layers, n):
    """(forward, backward) of the hidden layers, for n rows."""
    outputs = [np.empty((n, b.size), np.float32) for _, b in layers]
    zeros = [np.zeros_like(h) for h in outputs]
    climb = list(zip(layers, outputs, zeros, strict=True))
    ones = np.ones(n, np.float32)
    # A layer's row: its gradients, its output, the output below, the weights above, and
    # buffers. None is x below, and the head's weights above; both come with the call.
    below = [None, *outputs[:-1]]
    above = [*(w for w, _ in layers[1:]), None]
    buffers = [
        (np.empty(h.shape, bool), np.empty_like(h), np.empty_like(h)) for h in outputs
    ]
    rows = zip(grad_layers, outputs, zeros, below, above, buffers, strict=True)
    descent = list(rows)[::-1]

    def forward(x):
        for (w, b), h, zero in climb:
            np.dot(x, w, out=h)
            np.add(h, b, out=h)
            np.maximum(h, zero, out=h)          # 3 times as fast as against the number 0
            x = h
        return x

    def backward(x, error, head_w):
        for (w_grad, b_grad), h, zero, h_below, w_above, buffers in descent:
            positive, mask, dh = buffers
            np.dot(error, (head_w if w_above is None else w_above).T, out=dh)
            np.greater(h, zero, out=positive)
            np.copyto(mask, positive)           # floats multiply twice as fast as bools
            np.multiply(dh, mask, out=dh)
            np.dot((x if h_below is None else h_below).T, dh, out=w_grad)
            np.dot(ones, dh, out=b_grad)
            error = dh

    return forward, backward


def inference(problem):
    *hidden, (last_w, last_b) = problem.weights()
    rows = [
        (w, b, np.empty((problem.batch, b.size), np.float32), np.zeros(b.size, np.float32))
        for w, b in hidden
    ]
    logits = np.empty((problem.batch, last_b.size), np.float32)

    def step(x):
        for w, b, h, zero in rows:
            np.dot(x, w, out=h)
            np.add(h, b, out=h)
            np.maximum(h, zero, out=h)
            x = h
        np.dot(x, last_w, out=logits)
        return np.add(logits, last_b, out=logits)

    return step
