"""Cell: where a session keeps the state of one operation.

A variable's array, a random generator's counter: what outlives a run lives in a cell. An array,
once born, is never written; a cell is pointed at a new array instead. So whoever read the old
array still has it, and an interrupted run leaves each variable before or after its own update.
Read next: variable.py.
"""

import threading

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
        if self.first is None:
            raise errors.FailedPreconditionError(
                None, None, f"Attempting to use uninitialized value {self.name}")
        with self.lock:
            if not self.is_set:
                self.value = self.first()
        return self.value

    @property
    def is_set(self):
        """True once there is a value. Does not make one."""
        try:
            object.__getattribute__(self, "value")
        except AttributeError:
            return False
        return True

    def release(self):
        """Tells a value that holds more than memory, such as a thread, that its session ended."""
        if self.is_set and hasattr(self.value, "release"):
            self.value.release()


def value_of(x):
    """The array in a cell; any other value as it is."""
    return x.value if type(x) is Cell else x
