"""Random operations: names, shapes, dtypes, seeds that repeat; not the numbers."""

import numpy as np

from ..harness import case, fed, raised

DRAWS = {
    "uniform": lambda tf, **seed: tf.random_uniform([4], **seed),
    "uniform_int": lambda tf, **seed: tf.random_uniform([4], 0, 1000, tf.int32, **seed),
    "normal": lambda tf, **seed: tf.random_normal([4], **seed),
    "truncated": lambda tf, **seed: tf.truncated_normal([4], **seed),
    "shuffle": lambda tf, **seed: tf.random_shuffle(tf.range(20), **seed),
    "multinomial": lambda tf, **seed: tf.multinomial([[0.0, 1.0, 2.0]], 8, **seed),
    "dropout": lambda tf, **seed: tf.nn.dropout(tf.ones([20]), 0.5, **seed),
    "gamma": lambda tf, **seed: tf.random_gamma([3], 2.0, **seed),
    "poisson": lambda tf, **seed: tf.random_poisson(3.0, [4], **seed),
    "crop": lambda tf, **seed: tf.random_crop(tf.range(100), [3], **seed),
}
no_values = {"values": False, "why": "random values"}


@case(each=["uniform", "normal", "truncated", "uniform_int", "shuffle"], **no_values)
def draw(tf, name):
    return [DRAWS[name](tf), DRAWS[name](tf, seed=1)]


@case(each=["random_uniform", "random_normal", "truncated_normal"], **no_values)
def draw_of_shapes(tf, symbol):
    x = tf.placeholder(tf.float32, [None, 3])
    n = tf.placeholder(tf.int32, [])
    function = getattr(tf, symbol)
    return fed([function([2, 3]), function([]), function([0, 2]), function(tf.shape(x)),
                function([n, 2]), function([2], name="named"), function((1, 2)),
                function(tf.TensorShape([2]))], {x: np.zeros((2, 3)), n: 1})


@case(each=[(symbol, dtype) for symbol in ("random_uniform", "random_normal",
                                           "truncated_normal")
            for dtype in ("float16", "float32", "float64")], **no_values)
def draw_of_dtypes(tf, symbol, dtype):
    return getattr(tf, symbol)([3], dtype=dtype)


@case(**no_values)
def draw_integers(tf):
    return [tf.random_uniform([3], 0, 10, tf.int64),
            tf.random_uniform([3], -5, 5, tf.int32),
            tf.random_uniform([2], maxval=7, dtype=tf.int32)]


@case
def draw_refuses(tf):
    return [raised(lambda: tf.random_uniform([2], dtype=tf.int32)),
            raised(lambda: tf.random_uniform([2], 0, 1, tf.string)),
            raised(lambda: tf.random_normal([2], dtype=tf.int32)),
            raised(lambda: tf.random_uniform([2], 1.5, 2.5, tf.int32)),
            raised(lambda: tf.random_normal([-1]))]


@case
def draw_from_an_empty_range(tf):
    low = tf.placeholder(tf.int32, [])
    return fed(tf.random_uniform([2], low, 5, tf.int32), {low: 5})


@case(names=False, why="only bounds and moments are looked at")
def draw_within_bounds(tf):
    u = tf.random_uniform([4000], 2.0, 5.0, seed=1)
    i = tf.random_uniform([4000], -3, 4, tf.int32, seed=1)
    t = tf.truncated_normal([4000], 1.0, 2.0, seed=1)
    n = tf.random_normal([4000], 1.0, 2.0, seed=1)
    mean, variance = tf.nn.moments(n, [0])
    return [tf.reduce_all(u >= 2.0), tf.reduce_all(u < 5.0),
            tf.abs(tf.reduce_mean(u) - 3.5) < 0.1,
            tf.reduce_min(i), tf.reduce_max(i), tf.reduce_all(tf.abs(t - 1.0) <= 4.0),
            tf.abs(mean - 1.0) < 0.2, tf.abs(variance - 4.0) < 0.4]


def _same(a, b):
    return bool(np.array_equal(a, b))


@case(each=DRAWS)
def runs_differ_and_sessions_repeat(tf, name):
    """With an op seed: every run draws anew, every session starts over."""
    x = DRAWS[name](tf, seed=7)
    with tf.Session() as one, tf.Session() as two:
        first, second = one.run(x), one.run(x)
        return [_same(first, second), _same(first, two.run(x)), _same(second, two.run(x))]


@case(each=DRAWS)
def graph_seed_repeats(tf, name):
    tf.set_random_seed(3)
    x, y = DRAWS[name](tf), DRAWS[name](tf)
    with tf.Session() as one, tf.Session() as two:
        a, b = one.run([x, y])
        c, d = two.run([x, y])
    return [_same(a, b), _same(a, c), _same(b, d)]


@case(each=["uniform", "normal", "truncated", "shuffle", "uniform_int"])
def without_a_seed_sessions_differ(tf, name):
    x = DRAWS[name](tf)
    with tf.Session() as one, tf.Session() as two:
        return _same(one.run(x), two.run(x))


@case(each=["uniform", "normal", "shuffle"])
def the_same_seed_in_two_ops(tf, name):
    x, y = DRAWS[name](tf, seed=5), DRAWS[name](tf, seed=5)
    with tf.Session() as session:
        return _same(*session.run([x, y]))


@case
def one_draw_a_run(tf):
    x = tf.random_uniform([3])
    y, z = x + 0, x * 1
    with tf.Session() as session:
        return _same(*session.run([y, z]))


@case
def shuffle_keeps_the_rows(tf):
    x = tf.reshape(tf.range(20), [10, 2])
    y = tf.random_shuffle(x, seed=1)
    return [tf.reduce_sum(y, 0), tf.reduce_all(tf.equal(y[:, 0] + 1, y[:, 1])), y.shape,
            y.name,
            tf.random_shuffle(tf.constant([7]))]


@case
def aliases(tf):
    return [tf.random.uniform([2]).op.type, tf.random.normal([2]).op.type,
            tf.random.truncated_normal([2]).op.type, tf.random.shuffle([1, 2]).op.type]


@case
def operations_behind_draws(tf):
    tf.random_normal([2], 1.0, 2.0, name="n")
    tf.truncated_normal([2], name="t")
    tf.random_uniform([2], 0, 5, tf.int32, name="i")
    tf.random_shuffle([1, 2], name="s")
    return [(op.name, op.type) for op in tf.get_default_graph().get_operations()]


@case
def seeds_become_attributes(tf):
    x = tf.random_uniform([1], seed=4)
    tf.set_random_seed(9)
    y, z = tf.random_uniform([1]), tf.random_uniform([1], seed=4)
    ops = tf.get_default_graph().get_operations()
    return [x.dtype, y.dtype, z.dtype, [(op.get_attr("seed"), op.get_attr("seed2"))
                                        for op in ops if op.type == "RandomUniform"]]
