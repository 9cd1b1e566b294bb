"""What a queue is while a session runs: elements, and the threads that wait for their turn.

Enqueuing waits while the queue is full, dequeuing while it holds too little. Those who wait form
two lines, one at each end, and are served in the order in which they came, as in TensorFlow: a
`dequeue_many(100)` takes what comes until it has its 100, and whoever came later waits behind it.
No thread holds anything but the queue's own lock while it waits. Read next: queue_ops.py.
"""

import collections
import contextlib
import heapq
import itertools
import sys
import threading

import numpy as np

from pellucid.core import errors
from pellucid.ops.random import numbers


class QueueState:
    """A first-in, first-out queue of elements (tuples of arrays).

    Args:
      op: the Operation of the queue, with `capacity` (negative: without bound).

    Attributes:
      shapes: those that the components of an element must have; () for any.
      pads: bool, batches of elements of several shapes are filled up with zeros.
      closed: bool, no more elements will come.
    """

    kind = "FIFOQueue"

    def __init__(self, op):
        self.name, self.capacity = op.name, op.capacity if op.capacity > 0 else sys.maxsize
        self.shapes, self.pads = op.element_shapes, op.pads
        self.closed = self._cancelled = False
        self._elements = collections.deque()
        self._changed = threading.Condition()
        self._enqueuers, self._dequeuers = collections.deque(), collections.deque()

    # -- how elements are kept; other queues differ in these -----------------------------------

    def _put(self, element):
        self._elements.append(element)

    def _take(self):
        return self._elements.popleft()

    def _put_back(self, elements):
        self._elements.extendleft(reversed(elements))

    def _available(self):
        """How many elements may be taken now."""
        return len(self._elements)

    # -- what the operations call --------------------------------------------------------------

    def size(self):
        """The number of elements."""
        return len(self._elements)

    def enqueue(self, elements):
        """Adds elements, one by one as there is room.

        Raises CancelledError if the queue is closed, or was while this waited.
        """
        with self._changed, self._in_line(self._enqueuers) as is_my_turn:
            pending = collections.deque(elements)
            if self.closed:
                raise errors.CancelledError(
                    None, None, f"{self.kind} {self.name!r} is closed.")
            while True:
                self._check_not_cancelled("Enqueue", is_my_turn)
                if is_my_turn():
                    while pending and len(self._elements) < self.capacity:
                        self._put(pending.popleft())
                    self._changed.notify_all()
                    if not pending:
                        return
                self._wait("is full")

    def dequeue(self, n, up_to=False):
        """List of n elements; of fewer, if `up_to`, once the queue is closed.

        Raises OutOfRangeError if the queue is closed and holds too few.
        """
        taken = []
        with self._changed, self._in_line(self._dequeuers) as is_my_turn:
            try:
                while True:
                    self._check_not_cancelled("Dequeue", is_my_turn)
                    if is_my_turn():
                        n = self._number_left(n, taken, up_to)
                        while len(taken) < n and self._available() > 0:
                            taken.append(self._take())
                        self._changed.notify_all()
                        if len(taken) == n:
                            return taken
                    self._wait("holds too few elements")
            except errors.CancelledError:
                self._put_back(taken)
                raise

    def _number_left(self, n, taken, up_to):
        """How many elements to wait for, now that a closed queue will not get any more."""
        found = len(taken) + len(self._elements)
        if not self.closed or found >= n:
            return n
        self._put_back(taken)
        taken.clear()
        if up_to and found:
            return found
        raise errors.OutOfRangeError(
            None, None, f"{self.kind} {self.name!r} is closed and has insufficient elements "
            f"(requested {n}, current size {found})")

    def close(self, cancel_pending_enqueues=False):
        """No more elements from now on; those who wait with some come first, or are cancelled."""
        with self._changed:
            if cancel_pending_enqueues:
                self.closed = True
                self._enqueuers.clear()
                self._changed.notify_all()
                return
            with self._in_line(self._enqueuers) as is_my_turn:
                while not is_my_turn():
                    self._check_not_cancelled("Close", is_my_turn)
                    self._wait("is full")
                if self.closed:
                    raise errors.CancelledError(
                        None, None, f"Queue {self.name!r} is already closed.")
                self.closed = True

    def release(self):
        """Wakes and cancels all who wait: the session is closed."""
        with self._changed:
            self._cancelled = True
            self._changed.notify_all()

    # -- waiting -------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _in_line(self, line):
        """A place in one of the lines; gives a function that says whether one is first, or None
        once the line was dissolved."""
        place = object()
        line.append(place)

        def is_my_turn():
            return line[0] is place if place in line else None

        try:
            yield is_my_turn
        finally:
            if place in line:
                line.remove(place)
            self._changed.notify_all()

    def _check_not_cancelled(self, what, is_my_turn):
        if self._cancelled or is_my_turn() is None:
            raise errors.CancelledError(None, None, f"{what} operation was cancelled")

    def _wait(self, why):
        if sys.platform == "emscripten":
            raise errors.FailedPreconditionError(
                None, None, f"{self.kind} {self.name!r} {why}, and there are no threads here "
                "that could change that: read the data with tf.data instead.")
        self._changed.wait()


class RandomShuffleQueueState(QueueState):
    """Gives elements in a random order, out of at least min_after_dequeue + 1 of them.

    With a seed, they are the elements that TensorFlow gives: Philox's words modulo the size.
    """

    kind = "RandomShuffleQueue"

    def __init__(self, op):
        super().__init__(op)
        self._elements = []
        self._rest = op.min_after_dequeue
        self._words = RandomWords(op.seed, op.seed2)

    def _take(self):
        elements = self._elements
        i = next(self._words) % len(elements)
        elements[i], elements[-1] = elements[-1], elements[i]
        return elements.pop()

    def _put_back(self, elements):
        self._elements.extend(reversed(elements))

    def _available(self):
        return len(self._elements) - (0 if self.closed else self._rest)


class PriorityQueueState(QueueState):
    """Gives the element of the least priority first, its first component; of equals, the oldest."""

    kind = "PriorityQueue"

    def __init__(self, op):
        super().__init__(op)
        self._elements, self._count = [], itertools.count()

    def _put(self, element):
        heapq.heappush(self._elements, (int(element[0]), next(self._count), element))

    def _take(self):
        return heapq.heappop(self._elements)[2]

    def _put_back(self, elements):
        for element in elements:
            self._put(element)


class RandomWords:
    """Iterator of the random 32-bit words of a key (seed, seed2); of a fresh one for (0, 0)."""

    _AHEAD = 256                                         # blocks computed at a time

    def __init__(self, seed, seed2):
        self._key = (int(seed), int(seed2))
        if self._key == (0, 0):
            self._key = tuple(np.random.SeedSequence().generate_state(2, np.uint64).tolist())
        self._block, self._words = 0, iter(())

    def __iter__(self):
        return self

    def __next__(self):
        for word in self._words:
            return word
        counters = np.arange(self._block, self._block + self._AHEAD, dtype=np.uint64)
        self._block += self._AHEAD
        self._words = iter(numbers.philox(self._key, counters).ravel().tolist())
        return next(self._words)
