"""Blocks of attention and dense layers, forward and backward (Vaswani et al. 2017).

Each part is a function that returns its result and a function back: of the gradient with respect
to the result, which fills the gradients of its weights and returns that of its input.
"""

from math import sqrt

import numpy as np

from benchmarks.systems.floor.pieces import OPTIMIZERS, flat_layers, sparse_head

EPSILON = np.float32(1e-6)
SLOPE, CUBIC = np.float32(sqrt(2 / np.pi)), np.float32(0.044715)


def transformer(problem):
    n, length, width, classes = problem.batch, problem.length, problem.width, problem.classes
    weights, layers = flat_layers(problem.weights())
    grads, grad_layers = flat_layers([(np.zeros_like(w), np.zeros_like(b)) for w, b in layers])
    pairs = list(zip(layers, grad_layers, strict=True))
    blocks, (((w, b), (w_grad, b_grad)),) = [pairs[i:i + 6] for i in range(0, 12, 6)], pairs[12:]
    update = OPTIMIZERS[problem.optimizer](weights, grads, problem.rate, n)
    head, ones = sparse_head(n, classes), np.ones(n, np.float32)

    def step(x, labels):
        x, backs = x.reshape(-1, width), []
        for norm1, to_qkv, from_heads, norm2, up, down in blocks:
            for parts in ((normed, norm1), (dense, to_qkv), (attention, problem),
                          (dense, from_heads)), (
                    (normed, norm2), (dense, up), (gelu, None), (dense, down)):
                branch, back = x, []
                for part, its in parts:
                    branch, one = part(branch, its)
                    back.append(one)
                x = x + branch
                backs.append(back)
        mean = x.reshape(n, length, width).mean(1)
        z = np.dot(w.T, mean.T)
        z += b[:, None]
        loss, error = head(z, labels)
        np.dot(mean.T, error.T, out=w_grad)
        np.dot(error, ones, out=b_grad)
        grad = np.repeat(np.dot(error.T, w.T) / np.float32(length), length, 0)
        for back in reversed(backs):
            through = grad
            for one in reversed(back):
                through = one(through)
            grad += through
        update()
        return loss

    return step


def dense(x, its):
    (w, b), (w_grad, b_grad) = its

    def back(grad):
        np.dot(x.T, grad, out=w_grad)
        np.add.reduce(grad, 0, out=b_grad)
        return np.dot(grad, w.T)

    y = np.dot(x, w)
    y += b
    return y, back


def normed(x, its):
    (gain, bias), (gain_grad, bias_grad) = its
    y = x - x.mean(1, keepdims=True)
    scale = 1 / np.sqrt(np.einsum("ij,ij->i", y, y)[:, None] / np.float32(y.shape[1]) + EPSILON)
    y *= scale

    def back(grad):
        np.einsum("ij,ij->j", grad, y, out=gain_grad)
        np.add.reduce(grad, 0, out=bias_grad)
        grad = grad * gain
        along = np.einsum("ij,ij->i", grad, y)[:, None] / np.float32(y.shape[1])
        grad -= grad.mean(1, keepdims=True)
        grad -= y * along
        grad *= scale
        return grad

    return y * gain + bias, back


def gelu(x, _):
    inner = x * x
    inner *= CUBIC
    inner += 1
    inner *= x
    inner *= SLOPE
    t = np.tanh(inner, out=inner)

    def back(grad):
        slope = x * x
        slope *= 3 * CUBIC
        slope += 1
        slope *= SLOPE / 2
        slope *= x
        slope *= 1 - t * t
        slope += np.float32(0.5) * t + np.float32(0.5)
        slope *= grad
        return slope

    return np.float32(0.5) * x * (t + 1), back


def attention(qkv, problem):
    n, length, heads = problem.batch, problem.length, problem.heads
    size = problem.width // heads
    scale = np.float32(1 / sqrt(size))
    q, k, v = np.ascontiguousarray(
        qkv.reshape(n, length, 3, heads, size).transpose(2, 0, 3, 1, 4))
    p = np.matmul(q, k.swapaxes(2, 3))
    p *= scale
    p -= np.maximum.reduce(p, -1, keepdims=True)
    np.exp(p, out=p)
    p /= np.add.reduce(p, -1, keepdims=True)

    def back(grad):
        grad = grad.reshape(n, length, heads, size).transpose(0, 2, 1, 3)
        d = np.empty((3, n, heads, length, size), np.float32)
        dp = np.matmul(grad, v.swapaxes(2, 3))
        np.matmul(p.swapaxes(2, 3), grad, out=d[2])
        dp -= np.einsum("...j,...j->...", dp, p)[..., None]
        dp *= p
        dp *= scale
        np.matmul(dp, k, out=d[0])
        np.matmul(dp.swapaxes(2, 3), q, out=d[1])
        return d.transpose(1, 3, 0, 2, 4).reshape(qkv.shape)

    return np.matmul(p, v).transpose(0, 2, 1, 3).reshape(-1, problem.width), back
