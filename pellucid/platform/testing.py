"""TestCase: unittest's, with assertions about arrays and a session. As in TF: tf.test."""

import atexit
import contextlib
import os
import random
import re
import shutil
import sys
import tempfile
import unittest

import numpy as np

from pellucid.core import errors
from pellucid.core import graph as graphs
from pellucid.core.dtypes import as_dtype, bfloat16, float16
from pellucid.core.session import Session
from pellucid.ops.random.draws import set_random_seed
from pellucid.platform.assertions import ArrayAssertions, CollectionAssertions

SEED = 87654321             # of graphs, random and NumPy in each test, as in TensorFlow

_folder = []


def get_temp_dir():
    """A folder for this process's tests; gone at the end. As in TF: tf.test.get_temp_dir."""
    if not _folder:
        _folder.append(tempfile.mkdtemp(dir=os.environ.get("TEST_TMPDIR")))
        atexit.register(shutil.rmtree, _folder[0], ignore_errors=True)
    return _folder[0]


class TestCase(ArrayAssertions, CollectionAssertions, unittest.TestCase):
    """A test with an empty default graph, fixed seeds, and assertions about arrays.

    As in TF: tf.test.TestCase.
    """

    def setUp(self):
        random.seed(SEED)
        np.random.seed(SEED)
        graphs._defaults.stack.clear()
        graphs.reset_default_graph()
        set_random_seed(SEED)
        self._cached = None

    def tearDown(self):
        if getattr(self, "_cached", None) is not None:
            self._cached.close()
            self._cached = None

    def get_temp_dir(self):
        """A folder of this test's own."""
        if not hasattr(self, "_folder"):
            self._folder = tempfile.mkdtemp(dir=get_temp_dir())
        return self._folder

    @contextlib.contextmanager
    def session(self, graph=None, config=None, use_gpu=False, force_gpu=False):
        """A new session of `graph`, or of the default graph; the default session in the block."""
        _refuse_gpu(force_gpu)
        with Session(graph=graph, config=config) as session:
            yield session

    @contextlib.contextmanager
    def cached_session(self, graph=None, config=None, use_gpu=False, force_gpu=False):
        """The test's one session, which keeps its variables from block to block."""
        _refuse_gpu(force_gpu)
        if getattr(self, "_cached", None) is None:
            self._cached = Session(graph=graph, config=config)
        elif graph is not None and graph is not self._cached.graph:
            raise ValueError("The graph used to get the cached session is different than the one "
                             "that was used to create the session. Maybe create a new session "
                             "with self.session()")
        with self._cached.graph.as_default(), self._cached.as_default():
            yield self._cached

    def test_session(self, graph=None, config=None, use_gpu=False, force_gpu=False):
        """cached_session, or session where a graph is given."""
        if self._testMethodName == "test_session":
            self.skipTest("not a test")
        opened = self.session if graph is not None else self.cached_session
        return opened(graph, config, use_gpu, force_gpu)

    test_session.__test__ = False

    def evaluate(self, tensors):
        """The values of tensors, in the default session."""
        from pellucid.core.session import get_default_session
        session = get_default_session()
        if session is not None:
            return session.run(tensors)
        with self.cached_session() as session:
            return session.run(tensors)

    # -- errors ----------------------------------------------------------------------------

    @contextlib.contextmanager
    def assertRaisesWithPredicateMatch(self, exception_type, expected_err_re_or_predicate):
        """The block raises exception_type, with a matching text or for which predicate holds."""
        try:
            yield
        except exception_type as error:
            if callable(expected_err_re_or_predicate):
                right = expected_err_re_or_predicate(error)
            else:
                right = re.search(expected_err_re_or_predicate, str(error))
            if not right:
                raise AssertionError(f"Exception of type {type(error)}: {error}") from error
        else:
            self.fail(f"{exception_type.__name__} not raised")

    def assertRaisesOpError(self, expected_err_re_or_predicate):
        """The block raises a tf.errors.OpError with a matching text."""
        return self.assertRaisesWithPredicateMatch(errors.OpError, expected_err_re_or_predicate)

    # -- graphs ----------------------------------------------------------------------------

    def assertShapeEqual(self, np_array, tf_tensor, msg=None):
        """The array has the tensor's static shape."""
        self.assertIsInstance(np_array, np.ndarray | np.generic)
        self.assertAllEqual(np_array.shape, tf_tensor.get_shape().as_list(), msg=msg)

    def assertDTypeEqual(self, target, expected_dtype):
        """The tensor or array has the dtype."""
        self.assertEqual(self._array(target).dtype, as_dtype(expected_dtype).as_numpy_dtype)

    def assertDeviceEqual(self, device1, device2, msg=None):
        """Two names of devices are the same."""
        self.assertEqual(str(device1 or ""), str(device2 or ""), msg)

    def assertProtoEquals(self, expected_message_maybe_ascii, message, msg=None):
        """The message equals another, or one that is written as text."""
        expected = expected_message_maybe_ascii
        if isinstance(expected, str):
            from pellucid.interchange.messages import parse_text
            expected = parse_text(type(message).DESCRIPTOR.name, expected, "the expected message")
        self.assertEqual(expected, message, msg)

    def assertAllCloseAccordingToType(self, a, b, rtol=1e-6, atol=1e-6, float_rtol=1e-6,
                                      float_atol=1e-6, half_rtol=1e-3, half_atol=1e-3,
                                      bfloat16_rtol=1e-2, bfloat16_atol=1e-2, msg=None):
        """assertAllClose, with the tolerance of the coarser of the two dtypes."""
        a, b = self._array(a), self._array(b)
        for dtype, relative, absolute in (
                (np.float32, float_rtol, float_atol), (np.complex64, float_rtol, float_atol),
                (float16.as_numpy_dtype, half_rtol, half_atol),
                (bfloat16.as_numpy_dtype, bfloat16_rtol, bfloat16_atol)):
            if dtype in (a.dtype, b.dtype):
                rtol, atol = max(rtol, relative), max(atol, absolute)
        self.assertAllClose(a, b, rtol, atol, msg)


def _refuse_gpu(force_gpu):
    if force_gpu:
        raise ValueError("force_gpu: there is no GPU here; leave it out.")


def main(argv=None):
    """Runs the tests of the program, and exits. As in TF: tf.test.main."""
    from pellucid.platform import app
    app.run(lambda rest: unittest.main(argv=rest), argv)


def is_built_with_cuda():
    """False. As in TF: tf.test.is_built_with_cuda."""
    return False


def is_gpu_available(cuda_only=False, min_cuda_compute_capability=None):
    """False. As in TF: tf.test.is_gpu_available."""
    return False


def gpu_device_name():
    """"", as there is none. As in TF: tf.test.gpu_device_name."""
    return ""


def test_src_dir_path(relative_path):
    """The absolute path of a file beside the program. As in TF: tf.test.test_src_dir_path."""
    main_file = getattr(sys.modules["__main__"], "__file__", None) or os.getcwd()
    return os.path.join(os.path.dirname(os.path.abspath(main_file)), relative_path)


test_src_dir_path.__test__ = False


def assert_equal_graph_def(actual, expected, checkpoint_v2=False, hash_table_shared_name=False):
    """Two GraphDefs have the same nodes, in whichever order. As in TF: tf.test.

    Raises AssertionError that names what differs; NotImplementedError for checkpoint_v2 and
    hash_table_shared_name, which leave names out of the comparison that pellucid never makes up.
    """
    if checkpoint_v2 or hash_table_shared_name:
        raise NotImplementedError("assert_equal_graph_def: checkpoint_v2 and "
                                  "hash_table_shared_name are not supported; leave them out.")
    ours, theirs = ({node.name: node for node in graph.node} for graph in (actual, expected))
    if ours.keys() != theirs.keys():
        raise AssertionError(f"nodes differ: {sorted(ours.keys() ^ theirs.keys())}")
    for name, node in ours.items():
        if node != theirs[name]:
            raise AssertionError(f"{name!r} differs:\n{node}\n{theirs[name]}")
