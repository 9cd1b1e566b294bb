"""Operation types of pellucid/ops/random/draws.py and random_choice.py, with seeds."""

import numpy as np

from tests.ops.case import case

SHAPE = np.array([2, 3], np.int32)
ROWS = np.arange(12, dtype=np.float32).reshape(6, 2)
ALPHAS = np.array([0.5, 1.0, 4.0], np.float32)
LOGITS = np.log(np.array([[1, 2, 3], [3, 0.5, 1]], np.float32))

CASES = [
    case("RandomUniform", lambda tf, n: tf.random_uniform(n, seed=1), SHAPE),
    case("RandomUniform", lambda tf, n: tf.random_uniform(n, dtype=tf.float64, seed=1),
         SHAPE, label="float64"),
    case("RandomUniform", lambda tf, n: tf.random_uniform(n, dtype=tf.float16, seed=1),
         SHAPE, label="float16"),
    case("RandomUniform", lambda tf, n: tf.random_uniform(n, seed=1), np.array([0, 3]),
         label="empty"),
    case("RandomUniform", lambda tf: tf.random_uniform([], seed=1), label="scalar"),
    case("RandomUniformInt", lambda tf, n: tf.random_uniform(n, -5, 1000, tf.int32, seed=1),
         SHAPE),
    case("RandomUniformInt",
         lambda tf, n: tf.random_uniform(n, -5, 10**12, tf.int64, seed=1), SHAPE,
         label="int64"),
    case("RandomUniformInt",
         lambda tf, n: tf.random_uniform(n, tf.int32.min, tf.int32.max, tf.int32, seed=1),
         SHAPE, label="whole range"),
    case("RandomStandardNormal", lambda tf, n: tf.random_normal(n, seed=1), SHAPE),
    case("RandomStandardNormal", lambda tf, n: tf.random_normal(n, 3.0, 2.0, seed=1), SHAPE,
         label="scaled"),
    case("RandomStandardNormal",
         lambda tf, n: tf.random_normal(n, dtype=tf.float16, seed=1), SHAPE, label="float16"),
    case("TruncatedNormal", lambda tf, n: tf.truncated_normal(n, seed=1), SHAPE),
    case("TruncatedNormal",
         lambda tf, n: tf.truncated_normal(n, dtype=tf.float64, seed=1), SHAPE,
         label="float64"),
    case("RandomGamma", lambda tf, n, a: tf.random_gamma(n, a, seed=1), SHAPE, ALPHAS,
         gradient=()),
    case("RandomGamma", lambda tf, n, a: tf.random_gamma(n, a, 2.0, dtype=tf.float64, seed=1),
         SHAPE, np.float64(0.7), gradient=(), label="float64"),
    case("RandomPoissonV2", lambda tf, n, r: tf.random_poisson(r, n, seed=1), SHAPE,
         10 * ALPHAS),
    case("RandomPoissonV2",
         lambda tf, n, r: tf.random_poisson(r, n, dtype=tf.int32, seed=1), SHAPE,
         np.int32(20), label="int32"),
    case("RandomShuffle", lambda tf, x: tf.random_shuffle(x, seed=1), ROWS, gradient=()),
    case("RandomShuffle", lambda tf, x: tf.random_shuffle(x, seed=1), ROWS[0],
         gradient=(), label="vector"),
    case("RandomShuffle", lambda tf, x: tf.random_shuffle(x, seed=1), ROWS[:1],
         gradient=(), label="one row"),
    case("RandomShuffle", lambda tf, x: tf.random_shuffle(x, seed=1), np.int32(3),
         label="scalar"),
    case("Multinomial", lambda tf, x: tf.multinomial(x, 7, seed=1), LOGITS, gradient=()),
    case("Multinomial", lambda tf, x: tf.multinomial(x, 7, seed=1, output_dtype=tf.int32),
         LOGITS.astype(np.float64), gradient=(), label="int32"),
    case("Multinomial", lambda tf, x: tf.multinomial(x, 3, seed=1), LOGITS[:0], gradient=(),
         label="empty"),
]
