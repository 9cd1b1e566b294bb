"""Operation types that pass values on, and those that run Python."""

import numpy as np

from tests.ops.case import case

X = np.array([[-2.0, -0.5, 0.25], [1.5, 5.0, 3.0]], np.float32)
N = np.array([1, 2, 3], np.int32)
TEXT = np.array([b"a", b"b"], object)

CASES = [
    case("StopGradient", lambda tf, x: tf.stop_gradient(x), X, oracle=lambda x: x,
         gradient=()),
    case("IdentityN", lambda tf, x, y: tf.identity_n([x, y]), X, N,
         oracle=lambda x, y: [x, y]),
    case("IdentityN", lambda tf, x: tf.identity_n([x])[0], X, oracle=lambda x: x,
         label="one"),
    case("Print", lambda tf, x, y: tf.Print(x, [y, x], "x: "), X, N, oracle=lambda x, y: x),
    case("CheckNumerics", lambda tf, x: tf.check_numerics(x, "bad"), X, oracle=lambda x: x),
    case("StringFormat", lambda tf, x, n: tf.strings.format("x {} n {}", [x, n]), X, N,
         oracle=lambda x, n: np.array(
             b"x [[-2 -0.5 0.25]\n [1.5 5 3]] n [1 2 3]", object)),
    case("CheckNumerics", lambda tf, x: tf.check_numerics(x, "bad"),
         np.array([6e4, 6e4], np.float16), oracle=lambda x: x, gradient=(),
         label="large sum"),
    case("PyFunc", lambda tf, x: tf.py_func(lambda a: 2 * a, [x], tf.float32), X,
         oracle=lambda x: 2 * x),
    case("PyFunc", lambda tf, x, n: tf.py_func(lambda a, b: (b, a.T), [x, n],
                                               [tf.int32, tf.float32]), X, N,
         oracle=lambda x, n: [n, x.T], label="two"),
    case("PyFunc", lambda tf, t: tf.py_func(lambda a: a[::-1], [t], tf.string), TEXT,
         oracle=lambda t: t[::-1], label="text"),
    case("PyFuncStateless",
         lambda tf, x: tf.py_func(abs, [x], tf.float32, stateful=False), X, oracle=abs),
]
