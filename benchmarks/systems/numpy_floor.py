"""The floor: each step written by hand in NumPy, forward and backward.

A person who knows the shapes writes this: buffers allocated once, the mathematics of
softmax and cross-entropy simplified to p - c, constants folded into each other, and for
each reduction the quickest spelling. No library can know all of it in advance, so this is
what there is to reach. Measured reasons, for arrays of some hundred numbers:

- a ufunc with `out` takes 0.3 us, 0.9 us if it broadcasts along the last axis, and 0.7 us
  against a Python number instead of an array;
- summing 100 rows of 2 takes 2.3 us by `np.add.reduce` and 0.5 us by `np.dot` with ones.
"""

from itertools import pairwise
from math import sqrt

import numpy as np

from benchmarks.problems import (
    Affine,
    Chain,
    Classifier,
    ConvNet,
    Convolution,
    Diamond,
    Inference,
)
from benchmarks.systems import System


def affine(problem):
    a, b = problem.weights()
    z = np.empty_like(b)

    def step(x):
        np.dot(a, x, out=z)
        return np.add(z, b, out=z)

    return step


def classifier(problem):
    if problem.loss != "tutorial":
        return relu_net(problem)
    if len(problem.sizes) == 2:
        return tutorial_perceptron(problem)
    return tutorial_mlp(problem)


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


# -- convolution ---------------------------------------------------------------------------

def conv_net(problem):
    """Each convolution keeps the patches that it laid out going forward for its own gradient.

    As the network is written, relu comes before pooling.
    """
    n, classes = problem.batch, problem.units[-1]
    weights, layers = flat_layers(problem.weights())
    grads, grad_layers = flat_layers([(np.zeros_like(w), np.zeros_like(b)) for w, b in layers])
    (w1, b1), (w2, b2), (w3, b3), (w4, b4) = layers
    (w1_grad, b1_grad), (w2_grad, b2_grad), (w3_grad, b3_grad), (w4_grad, b4_grad) = grad_layers
    update = OPTIMIZERS[problem.optimizer](weights, grads, problem.rate, n)
    h, w, c = problem.image
    first = Patches((n, h, w, c), (5, 5))
    second = Rows((n, h // 2, w // 2, w2.shape[2]), 5, 5, w2.shape[3])
    below_second = Rows((n, h // 2, w // 2, w2.shape[3]), 5, 5, w2.shape[2])
    pools = [Pool((n, h, w, b1.size)), Pool((n, h // 2, w // 2, b2.size))]
    ones = np.ones(n * h * w, np.float32)
    z = np.empty((classes, n), np.float32)
    hidden = np.empty((n, b3.size), np.float32)
    head = sparse_head(n, classes)

    def step(x, labels):
        x1 = pools[0].forward(np.dot(first.lay(x), w1.reshape(-1, b1.size)), b1)
        x2 = pools[1].forward(second.forward(x1, w2), b2)
        x3 = x2.reshape(n, -1)
        np.dot(x3, w3, out=hidden)
        np.add(hidden, b3, out=hidden)
        np.maximum(hidden, 0, out=hidden)
        np.dot(w4.T, hidden.T, out=z)
        np.add(z, b4[:, None], out=z)
        loss, error = head(z, labels)

        np.dot(hidden.T, error.T, out=w4_grad)
        np.dot(error, ones[:n], out=b4_grad)
        d3 = np.dot(error.T, w4.T)
        np.multiply(d3, hidden > 0, out=d3)
        np.dot(x3.T, d3, out=w3_grad)
        np.dot(ones[:n], d3, out=b3_grad)
        d2 = pools[1].backward(np.dot(d3, w3.T).reshape(x2.shape))
        np.dot(ones[:len(d2)], d2, out=b2_grad)
        second.back_to_kernel(d2, w2_grad)
        d1 = pools[0].backward(below_second.forward(
            d2.reshape(*pools[1].shape), flipped(w2)).reshape(x1.shape))
        np.dot(ones[:len(d1)], d1, out=b1_grad)
        np.dot(first.matrix.T, d1, out=w1_grad.reshape(-1, b1.size))
        update()
        return loss

    return step


class Patches:
    """The patches under a kernel, a row of a matrix each, of images padded to the same size."""

    def __init__(self, shape, kernel):
        n, h, w, c = shape
        (kh, kw), (p, q) = kernel, (kernel[0] // 2, kernel[1] // 2)
        padded = np.zeros((n, h + kh - 1, w + kw - 1, c), np.float32)
        self.inside = padded[:, p:p + h, q:q + w]
        windows = np.lib.stride_tricks.sliding_window_view(padded, kernel, (1, 2))
        self.windows = windows.transpose(0, 1, 2, 4, 5, 3)
        self.matrix = np.empty((n * h * w, kh * kw * c), np.float32)
        self.rows = self.matrix.reshape(self.windows.shape)

    def lay(self, x):
        np.copyto(self.inside, x)
        np.copyto(self.rows, self.windows)
        return self.matrix


class Rows:
    """A convolution, row of the kernel by row: each needs only patches of one row's height."""

    def __init__(self, shape, kh, kw, out):
        n, h, w, c = shape
        padded = np.zeros((h + kh - 1, w + kw - 1, c), np.float32)
        self.inside = padded[kh // 2:kh // 2 + h, kw // 2:kw // 2 + w]
        self.windows = np.lib.stride_tricks.sliding_window_view(padded, kw, 1).swapaxes(2, 3)
        self.laid = np.empty((n, h + kh - 1, w, kw, c), np.float32)
        flat = self.laid.reshape(n, h + kh - 1, w, kw * c)
        self.rows = [flat[:, i:i + h].reshape(n, h * w, kw * c) for i in range(kh)]
        self.result = np.empty((n, h * w, out), np.float32)
        self.part = np.empty((h * w, out), np.float32)
        self.of_kernel = np.empty((kw * c, out), np.float32)

    def forward(self, x, w):
        """(n h w, out), of images and a kernel."""
        factors = w.reshape(len(w), -1, w.shape[-1])
        for i, image in enumerate(x):
            np.copyto(self.inside, image)
            np.copyto(self.laid[i], self.windows)
            np.dot(self.rows[0][i], factors[0], out=self.result[i])
            for row, factor in zip(self.rows[1:], factors[1:], strict=True):
                np.dot(row[i], factor, out=self.part)
                np.add(self.result[i], self.part, out=self.result[i])
        return self.result.reshape(-1, self.result.shape[-1])

    def back_to_kernel(self, grad, w_grad):
        """Fills w_grad, of the images that went forward and a gradient (n h w, out)."""
        grad = grad.reshape(self.result.shape)
        totals = w_grad.reshape(len(w_grad), *self.of_kernel.shape)
        totals.fill(0)
        for total, row in zip(totals, self.rows, strict=True):
            for image, of_image in zip(row, grad, strict=True):
                np.dot(image.T, of_image, out=self.of_kernel)
                np.add(total, self.of_kernel, out=total)


class Pool:
    """relu(x + b), and the largest of each 2 x 2."""

    def __init__(self, shape):
        n, h, w, c = self.shape = shape
        self.active = np.empty((n * h * w, c), np.float32)
        self.back = np.empty_like(self.active)
        self.corners = [self.active.reshape(shape)[:, i::2, j::2] for i in (0, 1) for j in (0, 1)]
        self.back_corners = [self.back.reshape(shape)[:, i::2, j::2]
                             for i in (0, 1) for j in (0, 1)]
        self.largest = np.empty((n, h // 2, w // 2, c), np.float32)

    def forward(self, x, b):
        np.add(x, b, out=self.active)
        np.maximum(self.active, 0, out=self.active)
        np.maximum(self.corners[0], self.corners[1], out=self.largest)
        np.maximum(self.largest, self.corners[2], out=self.largest)
        return np.maximum(self.largest, self.corners[3], out=self.largest)

    def backward(self, grad):
        """(n h w, c): that of each window to the first of its largest, if it is positive."""
        grad = grad * (self.largest > 0)
        free = np.ones(self.largest.shape, bool)
        for corner, back in zip(self.corners, self.back_corners, strict=True):
            here = (corner == self.largest) & free
            np.multiply(grad, here, out=back)
            free ^= here
        return self.back


def flipped(w):
    """The kernel of the convolution that leads back to the images."""
    return np.ascontiguousarray(w[::-1, ::-1].swapaxes(2, 3))


def convolution(problem):
    w, (kh, kw, _, out) = problem.weights(), problem.kernel
    if problem.way == "image":
        rows = Rows((*problem.images[:3], out), kh, kw, problem.kernel[2])
        return lambda grad: rows.forward(grad, flipped(w)).reshape(problem.images)
    rows = Rows(problem.images, kh, kw, out)
    if problem.way == "forward":
        return lambda x: rows.forward(x, w).reshape(*problem.images[:3], out)
    w_grad = np.empty(problem.kernel, np.float32)

    def back_to_kernel(x, grad):
        for laid, image in zip(rows.laid, x, strict=True):
            np.copyto(rows.inside, image)
            np.copyto(laid, rows.windows)
        rows.back_to_kernel(grad, w_grad)
        return w_grad

    return back_to_kernel


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


def chain(problem):
    """A loop over NumPy scalars, which multiply in a quarter of an array's time."""
    c, factors = problem.factor, range(problem.length)

    def step(y):
        slope = np.float32(1)
        for _ in factors:
            y = y * c
        for _ in factors:
            slope = slope * c
        return y, slope

    return step


def diamond(problem):
    doublings = range(problem.depth)

    def step(y):
        slope = np.float64(1)
        for _ in doublings:
            y = y + y
        for _ in doublings:
            slope = slope + slope
        return y, slope

    return step


def load():
    builders = {
        Affine: affine,
        Classifier: classifier,
        ConvNet: conv_net,
        Convolution: convolution,
        Inference: inference,
        Chain: chain,
        Diamond: diamond,
    }
    return System(f"numpy {np.__version__}", builders)
