"""Coordinator: several threads that stop together, and the error that stopped them.

    coordinator = tf.train.Coordinator()
    threads = tf.train.start_queue_runners(session, coordinator)
    try:
        while not coordinator.should_stop():
            session.run(train)
    except tf.errors.OutOfRangeError:
        print("the data is exhausted")
    finally:
        coordinator.request_stop()
        coordinator.join(threads)

Read next: looper_thread.py.
"""

import contextlib
import sys
import threading
import time

from pellucid.core import errors
from pellucid.platform import log


class Coordinator:
    """Tells threads to stop, waits for them, and raises what made them stop.

    Args:
      clean_stop_exception_types: tuple of exceptions that are no error but an end;
        (tf.errors.OutOfRangeError,) where left out.

    As in TF: tf.train.Coordinator.
    """

    def __init__(self, clean_stop_exception_types=None):
        self._clean = (errors.OutOfRangeError,) if clean_stop_exception_types is None else tuple(
            clean_stop_exception_types)
        self._lock, self._stop_event = threading.Lock(), threading.Event()
        self._exception, self._joined = None, False
        self._registered_threads = set()

    def request_stop(self, ex=None):
        """Asks the threads to stop.

        Args:
          ex: exception, or what sys.exc_info() returns, to be raised by join; the first counts.
        """
        exception = ex[1] if isinstance(ex, tuple) else ex
        if isinstance(ex, tuple) and (len(ex) != 3 or not ex[0]):
            raise ValueError("ex must be a tuple or sys.exc_info() of an exception")
        if isinstance(exception, self._clean):
            exception = None
        with self._lock:
            if self._joined:                      # nobody will join any more: raise it here
                if exception is not None:
                    raise exception
                return
            if not self._stop_event.is_set():
                if exception is not None and self._exception is None:
                    log.info("Error reported to Coordinator: %s, %s", type(exception), exception)
                    self._exception = exception
                self._stop_event.set()

    def clear_stop(self):
        """Forgets that a stop was requested, and why."""
        with self._lock:
            self._joined, self._exception = False, None
            self._stop_event.clear()

    def should_stop(self):
        """True once a stop was requested."""
        return self._stop_event.is_set()

    @contextlib.contextmanager
    def stop_on_exception(self):
        """A context manager that turns an exception inside into a request to stop."""
        try:
            yield
        except BaseException:
            self.request_stop(sys.exc_info())

    def wait_for_stop(self, timeout=None):
        """Waits until a stop is requested; False if `timeout` seconds passed before."""
        return self._stop_event.wait(timeout)

    def register_thread(self, thread):
        """Adds a thread to those that join waits for."""
        with self._lock:
            self._registered_threads.add(thread)

    def join(self, threads=None, stop_grace_period_secs=120, ignore_live_threads=False):
        """Waits until all threads have ended, and raises the error that was reported.

        Args:
          threads: list of threads, beside those that were registered.
          stop_grace_period_secs: seconds to wait after a stop was requested.
          ignore_live_threads: bool, do not mind threads that are alive after that.

        Raises RuntimeError if threads are alive after that time.
        """
        with self._lock:
            threads = list(self._registered_threads.union(threads or ()))
        while any(t.is_alive() for t in threads) and not self.wait_for_stop(0.05):
            pass
        deadline = time.monotonic() + stop_grace_period_secs
        for thread in threads:
            while thread.is_alive() and time.monotonic() < deadline:
                thread.join(min(1.0, max(0.0, deadline - time.monotonic())))
        alive = [t.name for t in threads if t.is_alive()]
        with self._lock:
            self._joined = True
            self._registered_threads = set()
            exception = self._exception
        if exception is not None:
            raise exception
        if alive and not ignore_live_threads:
            raise RuntimeError("Coordinator stopped with threads still running: "
                               + " ".join(alive))

    @property
    def joined(self):
        """True after join."""
        return self._joined

    def raise_requested_exception(self):
        """Raises the error that was reported, if there is one."""
        with self._lock:
            if self._exception is not None:
                raise self._exception
