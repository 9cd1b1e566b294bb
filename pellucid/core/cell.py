"""Cell: where a session keeps the state of one operation.

A variable's array, a random generator's counter: what outlives a run lives in a cell. An array,
once born, is never written; a cell is pointed at a new array instead. So whoever read the old
array still has it, and an interrupted run leaves each variable before or after its own update.
Updates of some rows of a large table make one exception that nobody can notice: an array that
nothing but its cell refers to is written (`writable`). Read next: variable.py.
"""

import sys
import threading

import numpy as np

from pellucid.core import errors


class Cell:
    """The state of one stateful operation in one session.

    Attributes:
      value: the state. Reading it before it was set calls `first`.
      lock: held by those who replace the value by one computed from it.
      first: function of no arguments that gives the first value, or None.
      name: str, of the operation, for error messages.
    """

    __slots__ = ("first", "lock", "name", "value")

    def __init__(self, first=None, name=""):
        self.first, self.name, self.lock = first, name, threading.RLock()

    def __getattr__(self, attribute):
        # Python comes here only while the slot `value` is empty, so a set value costs nothing.
        if attribute != "value":
            raise AttributeError(attribute)
        with self.lock:                     # it may be empty for a moment: see writable
            if not self.is_set:
                if self.first is None:
                    raise errors.FailedPreconditionError(
                        None, None, f"Attempting to use uninitialized value {self.name}")
                self.value = self.first()
            return self.value

    @property
    def is_set(self):
        """True once there is a value. Does not make one."""
        with self.lock:
            try:
                object.__getattribute__(self, "value")
            except AttributeError:
                return False
            return True

    def release(self):
        """Tells a value that holds more than memory, such as a thread, that its session ended."""
        if self.is_set and hasattr(self.value, "release"):
            self.value.release()


class writable:
    """The arrays of cells, to be written into: `with writable(cells) as arrays`.

    They are the cells' own arrays where nobody else has a reference to them, else copies, so no
    one ever sees an array change. Inside, the cells are empty, and who reads them waits; at the
    end they hold what `arrays` holds. Values that are not NumPy's come as they are.
    """

    __slots__ = ("arrays", "cells")

    def __init__(self, cells):
        self.cells, self.arrays = cells, []

    def __enter__(self):
        for cell in self.cells:
            cell.lock.acquire()
            try:
                self.arrays.append(cell.value)
            except BaseException:
                cell.lock.release()
                self.__exit__()
                raise
            del cell.value
        # Only now, since from an empty cell nobody can get a further reference.
        for i in range(len(self.arrays)):
            if sys.getrefcount(self.arrays[i]) > _ALONE or not _owns_memory(self.arrays[i]):
                if isinstance(self.arrays[i], np.ndarray | np.generic):
                    self.arrays[i] = np.array(self.arrays[i])
        return self.arrays

    def __exit__(self, *exception):
        for cell, array in zip(self.cells, self.arrays, strict=False):
            cell.value = array
            cell.lock.release()


_box = [np.empty(0)]
# What getrefcount says of an array in one list; without the GIL it says nothing reliable.
_ALONE = sys.getrefcount(_box[0]) if getattr(sys, "_is_gil_enabled", lambda: True)() else 0


def _owns_memory(array):
    return type(array) is np.ndarray and array.flags.owndata and array.flags.writeable


def value_of(x):
    """The array in a cell; any other value as it is."""
    return x.value if type(x) is Cell else x
