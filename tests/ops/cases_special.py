"""Operation types of pellucid/ops/math/special.py."""

import numpy as np
import scipy.special

from tests.ops.case import case

X = np.array([[-2.5, -0.7, 0.3], [0.9, 1.7, 4.2]])
POSITIVE = np.array([0.4, 1.3, 5.0])
COLUMN = np.array([[0.5], [3.0]])
EDGES = np.array([-np.inf, -2, -1, 0, 1, 2, 30, np.inf, np.nan], np.float32)
ORDER = np.array([[0.0], [1.0], [3.0]])
INSIDE = np.array([0.1, 0.5, 0.8])

CASES = [
    case("Erf", lambda tf, x: tf.erf(x), X, oracle=scipy.special.erf),
    case("Erf", lambda tf, x: tf.erf(x), EDGES, gradient=(), label="edges"),
    case("Erf", lambda tf, x: tf.math.erf(x), X.astype(np.float16), rtol=2e-3, label="half"),
    case("Erf", lambda tf, x: tf.erf(x), np.zeros((0, 2), np.float32), label="empty"),
    case("Erfc", lambda tf, x: tf.erfc(x), X, oracle=scipy.special.erfc),
    case("Erfc", lambda tf, x: tf.erfc(x), EDGES, gradient=(), label="edges"),
    case("Lgamma", lambda tf, x: tf.lgamma(x), X, oracle=scipy.special.gammaln),
    case("Lgamma", lambda tf, x: tf.math.lgamma(x), EDGES, gradient=(), label="edges"),
    case("Lgamma", lambda tf, x: tf.lgamma(x), np.float64(2.5), label="scalar"),
    case("Lgamma", lambda tf, x: tf.lbeta(x), np.stack([POSITIVE, POSITIVE + 1]),
         label="lbeta"),
    case("Digamma", lambda tf, x: tf.digamma(x), X, oracle=scipy.special.digamma),
    case("Digamma", lambda tf, x: tf.digamma(x), EDGES[1:7], gradient=(), label="edges"),
    case("Polygamma", lambda tf, a, x: tf.polygamma(a, x), ORDER, POSITIVE, gradient=(1,)),
    case("Zeta", lambda tf, x, q: tf.zeta(x, q), COLUMN + 1.5, POSITIVE, gradient=(1,)),
    case("Igamma", lambda tf, x: tf.igamma(COLUMN, x), POSITIVE),
    case("Igammac", lambda tf, x: tf.igammac(COLUMN, x), POSITIVE),
    case("Betainc", lambda tf, a, b, x: tf.betainc(a, b, x), POSITIVE, POSITIVE[::-1].copy(),
         INSIDE, gradient=(2,)),
]
