"""What is computed: the data and the starting weights that all systems share.

A problem knows its `batches()`, a list of argument tuples for one step, and its
`weights()`. Both are drawn from a fixed seed, so that each system, in its own process,
starts from the same numbers. A problem is `stateless` if its steps leave nothing behind, so
that a step once built may serve two rows.

Read next: `workloads`, which gives the problems their rows.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

SEED = 2026


@dataclass(frozen=True)
class Affine:
    """z = A x + b, with x a column of shape (2, 1). A step returns z."""

    def weights(self):
        return as_float32([[1, 0], [0, -1]]), as_float32([[1], [1]])

    def batches(self):
        rng = np.random.default_rng(SEED)
        return [(as_float32(rng.normal(size=(2, 1))),) for _ in range(64)]


@dataclass(frozen=True)
class Classifier:
    """A network of dense layers, trained to tell `sizes[-1]` classes. A step returns J.

    Attributes:
      sizes: units per layer, inputs first; two sizes make a perceptron.
      batch: rows fed to each step.
      optimizer, rate: "SGD" or "Adam", and its learning rate.
      hidden: the hidden layers' activation, "relu" or "sigmoid".
      loss: how the loss is written, and what it takes as labels.
        "tutorial": p = softmax(logits), J = -sum(sum(c * log p, axis=1)), c one-hot;
        "one-hot": the mean cross-entropy of logits and one-hot labels;
        "sparse": the mean cross-entropy of logits and int32 class numbers.
      inputs: how many different inputs are prepared.
    """

    sizes: tuple
    batch: int
    optimizer: str
    rate: float
    hidden: str = "relu"
    loss: str = "sparse"
    inputs: int = 8

    def weights(self):
        """[(w, b), ...] with w of shape (units in, units out) and b of shape (units,)."""
        return net_weights(self.sizes)

    def batches(self):
        """Every input comes twice, with other labels.

        A network that could learn them by heart would drive its gradients to zero, and
        arithmetic on denormal numbers costs many times what a real step costs.
        """
        rng = np.random.default_rng(SEED + 1)
        shape = self.inputs, self.batch, self.sizes[0]
        inputs = as_float32(rng.normal(size=shape))
        labels = rng.integers(self.sizes[-1], size=shape[:2])
        return [
            (x, self._as_labels(y + shift))
            for shift in (0, 1)
            for x, y in zip(inputs, labels, strict=True)
        ]

    def _as_labels(self, numbers):
        numbers = numbers % self.sizes[-1]
        if self.loss == "sparse":
            return numbers.astype(np.int32)
        return as_float32(np.eye(self.sizes[-1])[numbers])


@dataclass(frozen=True)
class ConvNet:
    """Two convolutions of 5 x 5 with pooling, as in LeNet-5 (LeCun et al. 1998), then dense.

    Each is relu(x * w + b), padded to the same size, and the maximum of each 2 x 2. The loss is
    the mean cross-entropy of logits and int32 class numbers. A step returns it.

    Attributes:
      image: height, width and channels.
      channels: of the two convolutions.
      units: of the dense layers, the classes last.
    """

    image: tuple = (28, 28, 1)
    channels: tuple = (32, 64)
    units: tuple = (512, 10)
    batch: int = 64
    optimizer: str = "Adam"
    rate: float = 0.0001

    def weights(self):
        """[(w, b), ...], of the convolutions with w of shape (5, 5, in, out)."""
        h, w, c = self.image
        kernels = net_weights((25 * c, self.channels[0]))
        kernels += net_weights((25 * self.channels[0], self.channels[1]))
        kernels = [(k.reshape(5, 5, -1, b.size), b) for k, b in kernels]
        return kernels + net_weights((h * w // 16 * self.channels[1], *self.units))

    def batches(self):
        return labelled((self.batch, *self.image), self.units[-1])


@dataclass(frozen=True)
class Lstm:
    """A layer of LSTM cells over the rows of an image, its last output to a dense layer.

    The gates stand in TensorFlow's order i, j, f, o, and 1 is added to the forget gate. The loss
    is the mean cross-entropy of logits and int32 class numbers. A step returns it.
    """

    steps: int = 28
    inputs: int = 28
    units: int = 128
    classes: int = 10
    batch: int = 128
    optimizer: str = "Adam"
    rate: float = 0.001

    def weights(self):
        """[(kernel, bias), (w, b)], with the kernel of shape (inputs + units, 4 units)."""
        (kernel, bias), = net_weights((self.inputs + self.units, 4 * self.units))
        return [(kernel * np.float32(0.7), bias), *net_weights((self.units, self.classes))]

    def batches(self):
        return labelled((self.batch, self.steps, self.inputs), self.classes)


@dataclass(frozen=True)
class Transformer:
    """Two blocks of attention and dense layers (Vaswani et al. 2017), then the mean and a dense.

    x + attention(norm(x)), then x + dense(gelu(dense(norm(x)))), with gelu by tanh. The loss is
    the mean cross-entropy of logits and int32 class numbers. A step returns it.
    """

    length: int = 64
    width: int = 128
    heads: int = 4
    inner: int = 512
    classes: int = 10
    batch: int = 16
    optimizer: str = "Adam"
    rate: float = 0.0001

    def weights(self):
        """For each block norm, to queries keys values, from heads, norm, up, down; the last."""
        ones, zeros = np.ones(self.width, np.float32), np.zeros(self.width, np.float32)
        sizes = (self.width, 3 * self.width), (self.width, self.width), (
            self.width, self.inner), (self.inner, self.width)
        qkv, out, up, down = [net_weights(pair)[0] for pair in sizes]
        block = [(ones, zeros), qkv, out, (ones, zeros), up, down]
        return [*block, *block, *net_weights((self.width, self.classes))]

    def batches(self):
        return labelled((self.batch, self.length, self.width), self.classes)


def labelled(shape, classes, inputs=4):
    """Batches of normal numbers, each twice with other int32 class numbers."""
    rng = np.random.default_rng(SEED + 1)
    xs = as_float32(rng.normal(size=(inputs, *shape)))
    labels = rng.integers(classes, size=(2, inputs, shape[0]), dtype=np.int32)
    return [batch for ys in labels for batch in zip(xs, ys, strict=True)]


@dataclass(frozen=True)
class Convolution:
    """A convolution padded to the same size, or its gradient. A step returns what it computes.

    Attributes:
      way: "forward", from images; "kernel", from images and gradients with respect to what
        forward returns; "image", from such gradients alone.
      images: (n, h, w, c).
      kernel: (kernel h, kernel w, c, out).
    """

    way: str
    images: tuple = (64, 14, 14, 32)
    kernel: tuple = (5, 5, 32, 64)
    stateless = True

    def weights(self):
        rng = np.random.default_rng(SEED)
        return as_float32(rng.normal(size=self.kernel))

    def batches(self):
        rng = np.random.default_rng(SEED + 1)
        shapes = {"images": self.images, "grads": (*self.images[:3], self.kernel[3])}
        needed = {"forward": ["images"], "kernel": ["images", "grads"], "image": ["grads"]}
        return [tuple([as_float32(rng.normal(size=shapes[name])) for name in needed[self.way]])
                for _ in range(2)]


@dataclass(frozen=True)
class Inference:
    """Logits of a ReLU network. A step returns them, shape (batch, classes)."""

    sizes: tuple
    batch: int = 1

    def weights(self):
        return net_weights(self.sizes)

    def batches(self):
        rng = np.random.default_rng(SEED + 1)
        inputs = as_float32(rng.normal(size=(16, self.batch, self.sizes[0])))
        return [(x,) for x in inputs]


@dataclass(frozen=True)
class Chain:
    """y = x c c ... c, `length` factors, and dy/dx. A step returns both.

    c is a scalar close to 1, so that neither overflows: c^100,000 is about e.
    """

    length: int
    factor = np.float32(1.00001)
    stateless = True

    def batches(self):
        return [(np.float32(1),)]


@dataclass(frozen=True)
class Diamond:
    """x doubled `depth` times by x = x + x, and the slope. A step returns both.

    There are 2^depth paths from the start to the end: who walks paths instead of nodes
    does not come back. float64, because 2^1000 does not fit into float32.
    """

    depth: int
    stateless = True

    def batches(self):
        return [(np.float64(x),) for x in (0.5, 1.0)]


def net_weights(sizes):
    """He, Zhang, Ren & Sun 2015: normal with variance 2 / inputs; biases zero."""
    rng = np.random.default_rng(SEED)
    layers = []
    for inputs, units in pairwise(sizes):
        w = rng.standard_normal((inputs, units), dtype=np.float32)
        w *= np.sqrt(2 / inputs)
        layers.append((w, np.zeros(units, np.float32)))
    return layers


def as_float32(values):
    return np.asarray(values, np.float32)
