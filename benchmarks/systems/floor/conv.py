"""Convolutions as products of matrices of patches, and the network of them."""

import numpy as np

from benchmarks.systems.floor.pieces import OPTIMIZERS, flat_layers, sparse_head


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
