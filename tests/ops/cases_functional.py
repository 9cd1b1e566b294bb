"""Branches and loops: operations that hold graphs."""

import numpy as np

from tests.ops.case import case

X = np.array([[-2.0, -0.5, 0.25], [1.5, 0.5, 1.0]], np.float32)
W = np.array([0.5, 1.25, -1.0], np.float32)
YES, NO = np.array(True), np.array(False)


def checked(tf, x):
    """x, after an operation that has an effect."""
    with tf.control_dependencies([tf.Assert(True, [x])]):
        return tf.identity(x)


def power(tf, x, w):
    """x (x w)^3, by a loop that reads w from outside."""
    return tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, y * x * w), [0, x])[1]


def nested(tf, x, w):
    """A loop in a loop, with a branch in it."""
    def inner(i, y):
        return i + 1, tf.cond(tf.reduce_sum(y) > 0, lambda: tf.sin(y) * w, lambda: y + w)

    def outer(i, y):
        return i + 1, tf.while_loop(lambda j, _: j < i, inner, [0, y])[1]
    return tf.while_loop(lambda i, _: i < 3, outer, [0, x])[1]


def doubled(tf, x):
    """x repeated, twice: a loop variable that grows."""
    return tf.while_loop(
        lambda y: tf.shape(y)[0] < 8, lambda y: tf.concat([y, 2 * y], 0), [x],
        shape_invariants=[tf.TensorShape([None, 3])])


def rows(tf, table):
    """A loop that looks up rows, so that the gradient is IndexedSlices."""
    return tf.while_loop(
        lambda i, s: i < 3, lambda i, s: (i + 1, s + tf.gather(table, [i % 2, 1]) ** 2),
        [0, 0.0 * table])[1]


CASES = [
    case("StatelessIf", lambda tf, p, x, w: tf.cond(p, lambda: x * w, lambda: tf.exp(x) + w),
         YES, X, W, oracle=lambda p, x, w: x * w, label="taken"),
    case("StatelessIf", lambda tf, p, x, w: tf.cond(p, lambda: x * w, lambda: tf.exp(x) + w),
         NO, X, W, oracle=lambda p, x, w: np.exp(x) + w, label="not taken"),
    case("StatelessIf", lambda tf, p, x: tf.cond(p, lambda: [x, 2 * x], lambda: [x * x, x]),
         NO, X, oracle=lambda p, x: [x * x, x], label="several"),
    case("StatelessIf",
         lambda tf, p, x: tf.cond(p, lambda: tf.reduce_sum(x, 0), lambda: x[0, :2]), NO, X,
         oracle=lambda p, x: x[0, :2], label="two shapes"),
    case("StatelessIf",
         lambda tf, p, x: tf.cond(p, lambda: tf.gather(x, [1, 1]), lambda: tf.gather(x, [0, 1])),
         YES, X, oracle=lambda p, x: x[[1, 1]], label="rows"),
    case("If", lambda tf, p, x: tf.cond(p, lambda: checked(tf, x * x), lambda: x), YES, X,
         oracle=lambda p, x: x * x),
    case("StatelessWhile", power, X, W, oracle=lambda x, w: x * (x * w) ** 3, rtol=1e-4),
    case("StatelessWhile", nested, X, W, label="nested"),
    case("StatelessWhile", doubled, X, oracle=lambda x: np.concatenate([x, 2 * x, 2 * x, 4 * x]),
         label="grows"),
    case("StatelessWhile", rows, X, label="rows"),
    case("StatelessWhile",
         lambda tf, x: tf.while_loop(lambda x: tf.reduce_sum(x) > 100.0, lambda x: 2 * x, [x]), X,
         oracle=lambda x: x, label="never"),
    case("StatelessWhile",
         lambda tf, x: tf.while_loop(lambda i, x: True, lambda i, x: (i + 1, x * 2), (0, x),
                                     maximum_iterations=3), X,
         oracle=lambda x: [np.array(3, np.int32), 8 * x], label="at most"),
    case("While", lambda tf, x: tf.while_loop(
        lambda i, x: i < 2, lambda i, x: (i + 1, checked(tf, tf.sin(x))), [0, x])[1], X,
        oracle=lambda x: np.sin(np.sin(x))),
]
