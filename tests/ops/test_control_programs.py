"""Random small programs of loops and branches in one another, against TensorFlow."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import pellucid as tf
from tests.differential import oracle

LEAVES = st.sampled_from(["double", "sine", "weigh", "shift"])
PROGRAMS = st.recursive(LEAVES, lambda inner: st.one_of(
    st.tuples(st.just("loop"), st.integers(0, 3), inner),
    st.tuples(st.just("branch"), st.floats(-1, 1).map(lambda f: round(f, 1)), inner, inner),
    st.tuples(st.just("then"), inner, inner)), max_leaves=5)
X, W = np.array([0.3, -0.7]), np.array([0.9, 1.1])


def run(tf, program, x, w):
    """What a program makes of x."""
    match program:
        case "double":
            return x * 2
        case "sine":
            return tf.sin(x)
        case "weigh":
            return x * w
        case "shift":
            return x - 0.25
        case "loop", count, inner:
            return tf.while_loop(lambda i, _: i < count,
                                 lambda i, y: (i + 1, run(tf, inner, y, w)), [0, x])[1]
        case "branch", threshold, inner, other:
            return tf.cond(tf.reduce_sum(x) > threshold, lambda: run(tf, inner, x, w),
                           lambda: run(tf, other, x, w))
        case "then", inner, other:
            return run(tf, other, run(tf, inner, x, w), w)


def outcome(tf, program, **options):
    with tf.Graph().as_default():
        x, w = tf.placeholder(tf.float64, [2]), tf.placeholder(tf.float64, [2])
        y = run(tf, program, x, w)
        found = [y, *(g if g is not None else tf.zeros([2], tf.float64)
                      for g in tf.gradients(y, [x, w]))]
        with tf.Session(**options) as session:
            return session.run(found, {x: X, w: W})


@given(PROGRAMS)
@settings(max_examples=12, deadline=None)
def test_engines_and_tensorflow_agree(program):
    wanted = outcome(tf, program, engine="walk")
    np.testing.assert_allclose(outcome(tf, program, engine="numpy"), wanted, rtol=1e-9)
    if oracle.installed():
        np.testing.assert_allclose(outcome(oracle.tensorflow(), program), wanted, rtol=1e-9)
