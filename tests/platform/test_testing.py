"""tf.test: sessions, assertions, gradients; the log."""

import logging

import numpy as np
import pytest

import pellucid as tf
from pellucid.platform.testing import SEED


class Sample(tf.test.TestCase):
    """What a program's own tests look like; pytest runs it too."""

    def test_sessions(self):
        v = tf.Variable(1.0)
        with self.cached_session() as session:
            session.run(v.initializer)
            self.assertEqual(tf.get_default_graph().seed, SEED)
        with self.test_session() as again, self.session() as other:
            self.assertIs(again, session)
            self.assertIsNot(other, again)
            self.assertIs(tf.get_default_session(), other)
        self.assertAllClose(v, 1.0)
        self.assertEqual(self.evaluate([v, v + 1]), [1.0, 2.0])

    def test_graphs(self):
        with tf.Graph().as_default() as graph, self.test_session(graph) as session:
            self.assertIs(session.graph, graph)
        with self.assertRaisesOpError("must feed"):
            with self.session():
                tf.placeholder(tf.float32, [2]).eval()
        self.assertShapeEqual(np.zeros([2, 3]), tf.zeros([2, 3]))
        self.assertDTypeEqual(tf.zeros([1]), tf.float32)
        self.assertTrue(self.get_temp_dir().startswith(tf.test.get_temp_dir()))


@pytest.fixture
def case():
    """A TestCase that is set up."""
    case = Sample("test_sessions")
    case.setUp()
    yield case
    case.tearDown()


@pytest.mark.parametrize("name, right, wrong", [
    ("assertAllClose", ([1.0, 2.0], [1.0, 2.0 + 1e-7]), ([1.0, 2.0], [1.0, 2.1])),
    ("assertAllClose", ({"a": [1, [2, 3]]}, {"a": [1, [2, 3]]}), ({"a": [1]}, {"a": [2]})),
    ("assertAllClose", ([np.nan], [np.nan]), ([1.0, 2.0], [[1.0, 2.0]])),
    ("assertAllEqual", ([1, 2], np.array([1, 2])), ([1, 2], [1, 3])),
    ("assertAllEqual", ([b"a"], [b"a"]), ([1, 2], [1, 2, 3])),
    ("assertNotAllClose", ([1.0], [2.0]), ([1.0], [1.0])),
    ("assertNotAllEqual", ([1, 2], [1, 3]), ([1], [1])),
    ("assertAllGreater", ([2, 3], 1), ([2, 1], 1)),
    ("assertAllLessEqual", ([2, 1], 2), ([2, 3], 2)),
    ("assertAllInRange", ([0.0, 1.0], 0, 1), ([0.0, 1.1], 0, 1)),
    ("assertAllInRange", ([0.5], 0, 1, True, True), ([0.0], 0, 1, True)),
    ("assertAllInSet", ([1, 2, 1], {1, 2}), ([1, 3], {1, 2})),
    ("assertNear", (1.0, 1.1, 0.2), (1.0, 1.3, 0.2)),
    ("assertArrayNear", ([1.0], [1.1], 0.2), ([1.0], [1.3], 0.2)),
    ("assertNDArrayNear", ([1.0], [1.1], 0.2), ([1.0], [1.3], 0.2)),
    ("assertAllCloseAccordingToType", (np.float16([1]), np.float16([1.0005])),
     (np.float32([1]), np.float32([1.0005]))),
    ("assertShapeEqual", (np.zeros([2]), tf.zeros([2])), (np.zeros([3]), tf.zeros([2]))),
    ("assertItemsEqual", ([1, 2], [2, 1]), ([1, 2], [2, 2])),
    ("assertLen", ([1, 2], 2), ([1], 2)),
    ("assertEmpty", ([],), ([1],)),
    ("assertContainsSubset", ([1], [1, 2]), ([3], [1, 2])),
    ("assertStartsWith", ("abc", "ab"), ("abc", "b")),
    ("assertBetween", (1, 0, 2), (3, 0, 2)),
    ("assertProtoEquals", ("name: 'x'", tf.NodeDef(name="x")), ("name: 'y'", tf.NodeDef())),
])
def test_assertions(case, name, right, wrong):
    getattr(case, name)(*right)
    with pytest.raises(AssertionError):
        getattr(case, name)(*wrong)


def test_errors_must_match(case):
    with case.assertRaisesWithPredicateMatch(ValueError, lambda error: "x" in str(error)):
        raise ValueError("x")
    with pytest.raises(AssertionError, match="type <class 'ValueError'>"):
        with case.assertRaisesWithPredicateMatch(ValueError, "y"):
            raise ValueError("x")
    with pytest.raises(AssertionError, match="not raised"):
        with case.assertRaisesWithPredicateMatch(ValueError, "y"):
            pass
    with pytest.raises(ValueError, match="no GPU"):
        with case.session(force_gpu=True):
            pass


def test_gradients_by_differences():
    x = tf.placeholder(tf.float64, [2, 3])
    w = tf.Variable(np.arange(6.0).reshape(3, 2))
    y = tf.sigmoid(tf.matmul(x, w))
    with tf.Session() as session:
        session.run(w.initializer)
        symbolic, numeric = tf.test.compute_gradient(x, [2, 3], y, [2, 2])
        assert symbolic.shape == numeric.shape == (6, 4)
        np.testing.assert_allclose(symbolic, numeric, atol=1e-6)
        pairs = tf.test.compute_gradient(
            [x, w], [[2, 3], [3, 2]], y, [2, 2], [np.ones([2, 3]), np.ones([3, 2])])
        assert [pair[0].shape for pair in pairs] == [(6, 4), (6, 4)]
        rows = tf.gather(w, [1, 1])
        assert tf.test.compute_gradient_error(w, [3, 2], rows, [2, 2], np.ones([3, 2])) < 1e-9
        z = tf.stop_gradient(x) * x
        assert tf.test.compute_gradient_error(x, [2, 3], z, [2, 3], np.ones([2, 3])) > 0.9
        c = tf.placeholder(tf.complex128, [2])
        symbolic, numeric = tf.test.compute_gradient(c, [2], tf.square(c), [2])
        np.testing.assert_allclose(symbolic, numeric, atol=1e-6)


def test_the_log(capfd, monkeypatch):
    monkeypatch.setattr(logging.getLogger(), "handlers", [])      # pytest's
    logger = logging.getLogger("tensorflow")
    monkeypatch.setattr(logger, "handlers", [])
    before = tf.logging.get_verbosity()
    try:
        tf.logging.set_verbosity(tf.logging.INFO)
        tf.logging.info("step %d", 3)
        tf.logging.debug("hidden")
        for i in range(5):
            tf.logging.log_every_n(tf.logging.WARN, "every %d", 2, i)
            tf.logging.log_first_n(tf.logging.ERROR, "first %d", 2, i)
        tf.logging.log_if(tf.logging.WARN, "never", False)
        assert capfd.readouterr().err.splitlines() == [
            "INFO:tensorflow:step 3", "WARNING:tensorflow:every 0", "ERROR:tensorflow:first 0",
            "ERROR:tensorflow:first 1", "WARNING:tensorflow:every 2",
            "WARNING:tensorflow:every 4"]
    finally:
        tf.logging.set_verbosity(before)


def test_strings_of_both_pythons():
    assert tf.compat.as_bytes("é") == "é".encode() == tf.compat.as_bytes("é".encode())
    assert tf.compat.as_text(b"x") == tf.compat.as_str("x") == "x" and tf.compat.v1 is tf
    assert tf.compat.as_str_any(3) == "3"
    with pytest.raises(TypeError, match="binary or unicode"):
        tf.compat.as_bytes(3)


def test_files_beside_the_program():
    assert tf.resource_loader.get_path_to_datafile("x") == __file__.replace("test_testing.py", "x")
    assert b"beside the program" in tf.resource_loader.load_resource("test_testing.py")
