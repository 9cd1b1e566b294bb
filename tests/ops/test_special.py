"""Special functions: what works without SciPy, and what is refused."""

import sys

import numpy as np
import pytest
import scipy.special

import pellucid as tf
from pellucid.ops.math import special


@pytest.fixture
def without_scipy(monkeypatch):
    special._function.cache_clear()
    for name in [name for name in sys.modules if name.split(".")[0] == "scipy"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "scipy.special", None)
    yield
    special._function.cache_clear()


X = np.array([-3.5, -2.0, 0.0, 1e-9, 0.5, 3.0, 1e3])


@pytest.mark.parametrize("build, oracle", [
    (tf.erf, scipy.special.erf), (tf.erfc, scipy.special.erfc),
    (tf.lgamma, scipy.special.gammaln)])
def test_these_need_no_scipy(without_scipy, build, oracle):
    with tf.Session() as session:
        np.testing.assert_allclose(session.run(build(X)), oracle(X), 1e-14)
        assert session.run(build(np.float32(0.5))).dtype == np.float32


def test_the_others_name_the_extra(without_scipy):
    with tf.Session() as session, pytest.raises(Exception, match=r"pellucid\[scipy\]"):
        session.run(tf.digamma(X))


def test_igamma_says_that_it_has_no_gradient_by_a():
    a = tf.constant(1.0)
    with pytest.raises(NotImplementedError, match="stop_gradient"):
        tf.gradients(tf.igamma(a, 2.0), a)
