"""Event files: record files of `Event` messages, written by a thread of their own.

A training step hands an event over and goes on; the thread writes it, and flushes every few
seconds and when it is asked to. Read next: writer.py.
"""

import itertools
import os
import queue
import threading
import time
import weakref

from pellucid.core import errors
from pellucid.interchange.messages import message, parse
from pellucid.interchange.records import framed, records_with_offsets

_counter = itertools.count()
_FLUSH, _STOP = object(), object()              # what the queue holds beside bytes


class EventFile:
    """A new event file in a directory, which is made if it does not exist.

    Args:
      logdir: str.
      max_queue: int, how many events may wait before add() waits too.
      flush_secs: number, seconds from one flush to the next.
      suffix: str, end of the file's name.
    """

    def __init__(self, logdir, max_queue=10, flush_secs=120, suffix=""):
        import socket  # here, so that `import pellucid` need not wait for it
        os.makedirs(logdir, exist_ok=True)
        # A process's number and a count: two writers never share a file.
        name = (f"events.out.tfevents.{int(time.time()):010d}.{socket.gethostname()}."
                f"{os.getpid()}.{next(_counter)}{suffix}")
        self.path = os.path.join(logdir, name)
        file = open(self.path, "ab")
        version = message("Event")(wall_time=time.time(), file_version="brain.Event:2")
        file.write(framed(version.SerializeToString()))
        file.flush()
        self._queue = queue.Queue(max(max_queue, 1))
        self._state = {"error": None}
        self._thread = threading.Thread(
            target=_write, args=(file, self._queue, flush_secs, self._state), daemon=True,
            name="pellucid-events")
        self._thread.start()
        # What was added is written even if nobody closes the file, also when Python ends.
        self._end = weakref.finalize(self, _stop, self._queue, self._thread)

    def add(self, event):
        """Appends an Event, or the bytes of one."""
        self._check()
        data = event if isinstance(event, bytes) else event.SerializeToString()
        self._queue.put(framed(data))

    def flush(self):
        """Returns when everything that was added is in the file."""
        done = threading.Event()
        self._queue.put((_FLUSH, done))
        done.wait()
        self._check()

    def close(self):
        """Writes what is waiting, and closes the file."""
        self._end()
        self._check()

    def _check(self):
        error, self._state["error"] = self._state["error"], None
        if error is not None:
            raise errors.UnknownError(None, None, f"{self.path}: {error}") from error


def _stop(waiting, thread):
    waiting.put(_STOP)
    thread.join()


def _write(file, waiting, flush_secs, state):
    """The thread: from the queue to the file. An error is kept, and raised to who adds next."""
    next_flush = time.monotonic() + flush_secs
    while True:
        try:
            item = waiting.get(timeout=max(next_flush - time.monotonic(), 0.001))
        except queue.Empty:
            item = None
        try:
            if isinstance(item, bytes):
                file.write(item)
            if not isinstance(item, bytes) or time.monotonic() >= next_flush:
                file.flush()
                next_flush = time.monotonic() + flush_secs
        except OSError as error:
            state["error"] = error
            next_flush = time.monotonic() + flush_secs
        if isinstance(item, tuple):
            item[1].set()
        if item is _STOP:
            try:
                file.close()
            except OSError as error:
                state["error"] = error
            return


def summary_iterator(path):
    """Yields the Events of an event file.

    Raises NotFoundError, or DataLossError with file and offset for what is damaged.
    As in TF: tf.train.summary_iterator.
    """
    for offset, data in records_with_offsets(path):
        yield parse("Event", data, f"{path}, byte {offset}")
