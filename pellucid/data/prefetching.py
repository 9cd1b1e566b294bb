"""Reading ahead: a thread that computes elements while the session computes with earlier ones.

Where threads cannot be started, as in a browser, elements are computed when they are asked for.
"""

import collections
import threading

from pellucid.data.streams import TYPED, DatasetOp, Failure, dataset_op

AUTOTUNE = -1
_A_FEW = 8                       # elements read ahead where the number is left open


@dataset_op
class PrefetchDataset(DatasetOp):
    """The same elements, up to buffer_size of them ahead."""

    op_type, attrs = "PrefetchDataset", {"slack_period": 0, "legacy_autotune": True, **TYPED}

    def iterate(self, context, source, buffer_size):
        """From a thread's buffer."""
        size = int(buffer_size)
        elements = source.iterate(context)
        return elements if size == 0 else ahead(elements, _A_FEW if size < 0 else size, context)


def ahead(elements, size, context):
    """Generator of the elements, which a thread computes, up to `size` of them ahead."""
    buffer = _Buffer(size)
    context.buffers.add(buffer)
    thread = threading.Thread(target=_fill, args=(buffer, elements), daemon=True,
                              name="pellucid-prefetch")
    try:
        thread.start()
    except RuntimeError:                                  # there are no threads here
        yield from elements
        return
    try:
        while True:
            element = buffer.get()
            if element is _END:
                return
            yield element
    finally:
        buffer.close()


_END = object()


class _Buffer:
    """What a thread has computed ahead."""

    def __init__(self, size):
        self._size, self._items, self._closed = size, collections.deque(), False
        self._changed = threading.Condition()

    def put(self, item):
        """Adds an item when there is room. False if nobody will take any more."""
        with self._changed:
            while len(self._items) >= self._size and not self._closed:
                self._changed.wait()
            if self._closed:
                return False
            self._items.append(item)
            self._changed.notify_all()
            return True

    def get(self):
        """The next item; waits for it."""
        with self._changed:
            while not self._items and not self._closed:
                self._changed.wait()
            if not self._items:
                return _END
            item = self._items.popleft()
            self._changed.notify_all()
            return item

    def close(self):
        """Nobody will take any more."""
        with self._changed:
            self._closed = True
            self._items.clear()
            self._changed.notify_all()


def _fill(buffer, elements):
    """What the thread does. It knows the buffer, not who reads it, so that it ends with him."""
    try:
        for element in elements:
            if not buffer.put(element):
                return
    except BaseException as error:
        buffer.put(Failure(error))
    finally:
        close = getattr(elements, "close", None)
        if close is not None:
            close()
    buffer.put(_END)
