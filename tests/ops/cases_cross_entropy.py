"""Operation types of pellucid/ops/neural/cross_entropy.py."""

import numpy as np

from tests.ops.case import case

X = np.array([[-2.0, -0.5, 0.25], [1.5, 5.0, 3.0]], np.float32)
P = np.array([[0.2, 0.5, 0.3], [1.0, 0.0, 0.0]], np.float32)
BOX = np.linspace(-3, 3, 24).reshape(2, 3, 4).astype(np.float32)
CLASSES = np.array([2, 0], np.int32)


def log_softmax(x):
    x = x - x.max(-1, keepdims=True)
    return x - np.log(np.exp(x).sum(-1, keepdims=True))


def dense(tf, x, p):
    return tf.nn.softmax_cross_entropy_with_logits_v2(labels=p, logits=x)


def sparse(tf, x, classes):
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels=classes, logits=x)


# TensorFlow's second gradient leaves out that the first one, softmax(x) - p, depends on p.
CASES = [
    case("SoftmaxCrossEntropyWithLogits", dense, X, P, gradient=(0,),
         oracle=lambda x, p: -(p * log_softmax(x)).sum(-1)),
    case("SoftmaxCrossEntropyWithLogits", dense, X, P, second=False, label="both inputs"),
    case("SoftmaxCrossEntropyWithLogits", dense, BOX, np.full_like(BOX, 0.25),
         gradient=(0,), label="box"),
    case("SoftmaxCrossEntropyWithLogits", dense, X[0], P[0], gradient=(0,),
         label="vector"),
    case("SoftmaxCrossEntropyWithLogits", dense, X.astype(np.float16),
         P.astype(np.float16), gradient=(), label="float16", rtol=2e-3),
    case("SoftmaxCrossEntropyWithLogits", dense, X * 1000, P, gradient=(), label="large"),
    case("SoftmaxCrossEntropyWithLogits", dense, X[:0], P[:0], label="empty"),
    case("SparseSoftmaxCrossEntropyWithLogits", sparse, X, CLASSES,
         oracle=lambda x, c: -log_softmax(x)[[0, 1], c]),
    case("SparseSoftmaxCrossEntropyWithLogits", sparse, X, CLASSES.astype(np.int64),
         label="int64"),
    case("SparseSoftmaxCrossEntropyWithLogits", sparse, BOX,
         np.array([[0, 1, 2], [3, 0, 0]], np.int32), label="box"),
    case("SparseSoftmaxCrossEntropyWithLogits", sparse, X[0], np.int32(1), label="vector"),
    case("SparseSoftmaxCrossEntropyWithLogits", sparse, X.astype(np.float16), CLASSES,
         gradient=(), label="float16"),
    case("SparseSoftmaxCrossEntropyWithLogits", sparse, X[:0], CLASSES[:0], label="empty"),
]
