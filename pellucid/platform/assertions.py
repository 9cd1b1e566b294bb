"""The assertions of TestCase about arrays and collections. Read testing.py first."""

import numpy as np

from pellucid.core.operation import Operation
from pellucid.core.tensor import Tensor
from pellucid.core.variable import Variable


class ArrayAssertions:
    """Assertions about arrays, and tensors, which are evaluated first."""

    def _array(self, value):
        """A value, or what a tensor evaluates to, as an array."""
        if isinstance(value, Tensor | Variable | Operation):
            value = self.evaluate(value)
        return np.asarray(value)

    def assertAllClose(self, a, b, rtol=1e-6, atol=1e-6, msg=None):
        """|a - b| <= atol + rtol |b| everywhere; dicts and nested lists element by element."""
        self._close(a, b, rtol, atol, msg, "")

    def _close(self, a, b, rtol, atol, msg, where):
        if hasattr(a, "_asdict"):
            a = a._asdict()
        if hasattr(b, "_asdict"):
            b = b._asdict()
        if isinstance(a, dict) or isinstance(b, dict):
            if not (isinstance(a, dict) and isinstance(b, dict)) or a.keys() != b.keys():
                raise ValueError(f"{msg or ''}{where}: {a!r} and {b!r} differ in structure")
            for key in a:
                self._close(a[key], b[key], rtol, atol, msg, f"{where}[{key!r}]")
            return
        if isinstance(a, list | tuple) and isinstance(b, list | tuple):
            try:
                left, right = self._array(a), self._array(b)
                nested = left.dtype == object or right.dtype == object
            except ValueError:                          # rows of several lengths
                nested = True
            if nested or any(isinstance(x, Tensor | Variable | dict) for x in (*a, *b)):
                self.assertEqual(len(a), len(b), msg)
                for i, (x, y) in enumerate(zip(a, b, strict=True)):
                    self._close(x, y, rtol, atol, msg, f"{where}[{i}]")
                return
        a, b = self._array(a), self._array(b)
        self._same_shape(a, b, msg)
        np.testing.assert_allclose(a, b, rtol, atol, err_msg=f"{msg or ''}{where}",
                                   equal_nan=True)

    def _same_shape(self, a, b, msg=None):
        self.assertEqual(a.shape, b.shape,
                         f"Shape mismatch: {a.shape} and {b.shape}. {msg or ''}")

    def assertNotAllClose(self, a, b, **kwargs):
        """assertAllClose would fail."""
        try:
            self.assertAllClose(a, b, **kwargs)
        except AssertionError:
            return
        raise AssertionError("The two values are close at all elements")

    def assertAllEqual(self, a, b, msg=None):
        """a == b everywhere; NaN equals NaN."""
        a, b = self._array(a), self._array(b)
        if b.ndim <= 3 or b.size < 500:
            self._same_shape(a, b, msg)
        same = a == b
        if a.dtype.kind in "fc" and b.dtype.kind in "fc":
            same = np.logical_or(same, np.logical_and(np.isnan(a), np.isnan(b)))
        if not np.all(same):
            np.testing.assert_array_equal(a, b, err_msg=msg or "")
            raise AssertionError(f"{msg or 'not equal'}: {a!r}, {b!r}")

    def assertNotAllEqual(self, a, b, msg=None):
        """assertAllEqual would fail."""
        try:
            self.assertAllEqual(a, b)
        except AssertionError:
            return
        raise AssertionError(f"The two values are equal at all elements. {msg or ''}")

    def _every(self, holds, a, what):
        a = self._array(a)
        wrong = a[~holds(a)]
        if wrong.size:
            self.fail(f"{wrong.size} of {a.size} elements are not {what}: {wrong[:10]}")

    def assertAllGreater(self, a, comparison_target):
        """a > comparison_target everywhere."""
        self._every(lambda x: x > comparison_target, a, f"> {comparison_target}")

    def assertAllLess(self, a, comparison_target):
        """a < comparison_target everywhere."""
        self._every(lambda x: x < comparison_target, a, f"< {comparison_target}")

    def assertAllGreaterEqual(self, a, comparison_target):
        """a >= comparison_target everywhere."""
        self._every(lambda x: x >= comparison_target, a, f">= {comparison_target}")

    def assertAllLessEqual(self, a, comparison_target):
        """a <= comparison_target everywhere."""
        self._every(lambda x: x <= comparison_target, a, f"<= {comparison_target}")

    def assertAllInRange(self, target, lower_bound, upper_bound, open_lower_bound=False,
                         open_upper_bound=False):
        """All elements lie between the bounds."""
        lower = np.greater if open_lower_bound else np.greater_equal
        upper = np.less if open_upper_bound else np.less_equal
        self._every(lambda x: lower(x, lower_bound) & upper(x, upper_bound), target,
                    f"between {lower_bound} and {upper_bound}")

    def assertAllInSet(self, target, expected_set):
        """All elements are among the expected."""
        self._every(lambda x: np.isin(x, list(expected_set)), target, f"in {expected_set}")

    def assertNear(self, f1, f2, err, msg=None):
        """|f1 - f2| <= err, or they are equal."""
        self.assertTrue(f1 == f2 or abs(f1 - f2) <= err,
                        f"{f1!r} != {f2!r} +/- {err!r}{f' ({msg})' if msg else ''}")

    def assertArrayNear(self, farray1, farray2, err, msg=None):
        """assertNear for each of the elements."""
        self.assertEqual(len(farray1), len(farray2), msg)
        for one, other in zip(farray1, farray2, strict=True):
            self.assertNear(float(one), float(other), err, msg)

    def assertNDArrayNear(self, ndarray1, ndarray2, err, msg=None):
        """The norm of the difference is at most err."""
        self.assertTrue(np.linalg.norm(np.asarray(ndarray1) - np.asarray(ndarray2)) < err, msg)


class CollectionAssertions:
    """Assertions about strings, lists and sets, which TensorFlow has from absl's TestCase."""

    def assertStartsWith(self, actual, expected_start, msg=None):
        """actual begins with expected_start."""
        if not actual.startswith(expected_start):
            self.fail(f"{actual!r} does not start with {expected_start!r}. {msg or ''}")

    def assertEndsWith(self, actual, expected_end, msg=None):
        """actual ends with expected_end."""
        if not actual.endswith(expected_end):
            self.fail(f"{actual!r} does not end with {expected_end!r}. {msg or ''}")

    def assertEmpty(self, container, msg=None):
        """There is nothing in the container."""
        if len(container):
            self.fail(f"{container!r} has length of {len(container)}. {msg or ''}")

    def assertNotEmpty(self, container, msg=None):
        """There is something in the container."""
        if not len(container):
            self.fail(f"{container!r} has length of 0. {msg or ''}")

    def assertLen(self, container, expected_len, msg=None):
        """There are expected_len things in the container."""
        if len(container) != expected_len:
            self.fail(f"{container!r} has length of {len(container)}, expected {expected_len}. "
                      f"{msg or ''}")

    def assertItemsEqual(self, expected_seq, actual_seq, msg=None):
        """The same items, in whichever order."""
        self.assertCountEqual(expected_seq, actual_seq, msg)

    def assertSameElements(self, expected_seq, actual_seq, msg=None):
        """The same items, in whichever order and number."""
        self.assertEqual(set(expected_seq), set(actual_seq), msg)

    def assertNoCommonElements(self, expected_seq, actual_seq, msg=None):
        """No item is in both."""
        common = set(expected_seq) & set(actual_seq)
        if common:
            self.fail(f"Common elements {common}. {msg or ''}")

    def assertContainsSubset(self, expected_subset, actual_set, msg=None):
        """Everything expected is in actual_set."""
        missing = set(expected_subset) - set(actual_set)
        if missing:
            self.fail(f"Missing elements {missing}. {msg or ''}")

    def assertBetween(self, value, minv, maxv, msg=None):
        """minv <= value <= maxv."""
        self.assertTrue(minv <= value <= maxv, msg or f"{value!r} not in [{minv!r}, {maxv!r}]")
