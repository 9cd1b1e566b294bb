"""LooperThread: a thread that does something again and again until a coordinator stops it."""

import threading
import time

from pellucid.running.coordinator import Coordinator


class LooperThread(threading.Thread):
    """Calls a function every so many seconds, in a thread of its own.

    Args:
      coord: Coordinator that stops it, and that is told of an error.
      timer_interval_secs: float, the time from one call to the next; None for no pause.
      target: function; where left out, a subclass defines run_loop.
      args, kwargs: what the function is called with.

    As in TF: tf.train.LooperThread.
    """

    def __init__(self, coord, timer_interval_secs, target=None, args=None, kwargs=None):
        if not isinstance(coord, Coordinator):
            raise ValueError(f"'coord' argument must be a Coordinator: {coord}")
        if target is None and (args or kwargs):
            raise ValueError("'args' and 'kwargs' argument require that you also pass 'target'")
        super().__init__(daemon=True)
        self._coord, self._interval = coord, timer_interval_secs
        self._call = target, args or (), kwargs or {}
        coord.register_thread(self)

    @staticmethod
    def loop(coord, timer_interval_secs, target, args=None, kwargs=None):
        """A LooperThread, started."""
        thread = LooperThread(coord, timer_interval_secs, target, args, kwargs)
        thread.start()
        return thread

    def run(self):
        """What the thread does."""
        with self._coord.stop_on_exception():
            self.start_loop()
            if self._interval is None:
                while not self._coord.should_stop():
                    self.run_loop()
            else:
                due = time.monotonic()
                while not self._coord.wait_for_stop(max(0.0, due - time.monotonic())):
                    due += self._interval
                    self.run_loop()
            self.stop_loop()

    def start_loop(self):
        """Called once, before the first run_loop."""

    def stop_loop(self):
        """Called once, after the last run_loop."""

    def run_loop(self):
        """One turn: the call of the function."""
        target, args, kwargs = self._call
        if target is not None:
            target(*args, **kwargs)
