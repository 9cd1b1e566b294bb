"""A process per system, so that none meets another's threads, allocator or crash.

`Worker` is the handle in the main process: its methods send one command and wait for the
answer. `serve` is the loop on the other side. Read next: `measure`.
"""

import gc
import multiprocessing
import os
import tempfile
import traceback
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter, process_time, sleep

import numpy as np

from benchmarks.systems import load

# Before the clock is read, a round steps untimed for so many seconds: JAX and TensorFlow
# take up to half as long again while their sleeping threads are being woken.
SETTLING = 0.03


class SystemFailed(Exception):
    """A system raised, crashed or did not answer in time. The text says which."""


class Worker:
    """The process of one system; started afresh after a crash."""

    def __init__(self, name, time_limit):
        self.name = name
        self.time_limit = time_limit
        self._start()

    def _start(self):
        # spawn, not fork: the libraries start threads, which do not survive a fork.
        context = multiprocessing.get_context("spawn")
        self._pipe, other_end = context.Pipe()
        descriptor, self._log = tempfile.mkstemp(prefix=f"benchmarks-{self.name}-")
        os.close(descriptor)
        self._process = context.Process(
            target=serve, args=(self.name, other_end, self._log), daemon=True
        )
        self._process.start()
        other_end.close()

    def version(self):
        return self._ask("version")

    def reason_to_skip(self, problem, patient):
        return self._ask("reason_to_skip", problem, patient)

    def first_steps(self, problem, count):
        """Build the problem's step: (what its first `count` calls return, the seconds until the
        first of them had returned)."""
        return self._ask("first_steps", problem, count)

    def peak_megabytes(self):
        """How much more memory than before it was built the problem has needed so far, or None."""
        return self._ask("peak_megabytes")

    def time_steps(self, budget):
        """Seconds per step, the median over laps that fill `budget` seconds."""
        return self._ask("time_steps", budget)

    def time_first(self, problem):
        """Seconds for building the step anew and calling it once."""
        return self._ask("time_first", problem)

    def stop(self):
        self._process.kill()
        self._process.join()
        Path(self._log).unlink(missing_ok=True)

    def _ask(self, command, *arguments):
        try:
            self._pipe.send((command, arguments))
            if not self._pipe.poll(self.time_limit):
                raise SystemFailed(self._restart(f"no answer in {self.time_limit:g} s"))
            succeeded, answer = self._pipe.recv()
        except (EOFError, ConnectionError):
            raise SystemFailed(self._restart(self._last_words())) from None
        if not succeeded:
            raise SystemFailed(answer)
        return answer

    def _last_words(self):
        self._process.join()
        lines = Path(self._log).read_text(errors="replace").split("\n")
        last = next((line for line in reversed(lines) if line.strip()), "silently")
        return f"crashed with exit code {self._process.exitcode}: {last[:200]}"

    def _restart(self, reason):
        self.stop()
        self._start()
        return reason


def serve(name, pipe, log):
    """Answer commands until the pipe closes.

    What the libraries write to stderr, TensorFlow's C++ above all, goes to the file `log`.
    """
    os.dup2(os.open(log, os.O_WRONLY | os.O_APPEND), 2)
    bench = None
    while True:
        try:
            command, arguments = pipe.recv()
        except (EOFError, KeyboardInterrupt):
            return
        try:
            bench = bench or Bench(name)
            answer = True, getattr(bench, command)(*arguments)
        except Exception as error:
            answer = False, describe(error)
        wait_for_own_threads()
        pipe.send(answer)


def wait_for_own_threads(patience=0.5):
    """Until this process uses no processor time, or for `patience` seconds.

    After a product, OpenBLAS's threads look out for the next one for 0.1 s and OpenMP's for
    0.01 s, at full speed, and on two cores halve the speed of the system that comes next.
    """
    end = perf_counter() + patience
    while perf_counter() < end:
        before = process_time()
        sleep(0.01)         # two of the kernel's ticks: it counts time spent in whole ones
        if process_time() - before < 0.001:
            return


class Bench:
    """One system and the step it has built; methods as in `Worker`."""

    def __init__(self, name):
        self.system = load(name)
        self.problem = self.step = None

    def version(self):
        return self.system.version

    def reason_to_skip(self, problem, patient):
        return self.system.reason_to_skip(problem, patient)

    def first_steps(self, problem, count):
        begin = perf_counter()
        self._prepare(problem)
        results, until_first = [], None
        for batch in islice(cycle(self.batches), count):
            start = perf_counter()
            result = self.step(*batch)
            self.last_seconds = perf_counter() - start
            until_first = until_first or perf_counter() - begin
            # Copied at once: a step may return a buffer that the next one writes.
            results.append(flat(result))
        return results, until_first

    def _prepare(self, problem):
        """Have a step for this problem, and let go of the one before."""
        if problem == self.problem and self.step and getattr(problem, "stateless", False):
            return
        self.step = None
        gc.collect()
        self.megabytes_before = reset_peak()
        self.problem, self.batches = problem, problem.batches()
        self.step = self.system.build(problem)

    def peak_megabytes(self):
        peak = memory("VmHWM")
        return peak and peak - self.megabytes_before

    def time_steps(self, budget):
        self._settle()
        laps = []
        end = perf_counter() + budget
        while not laps or perf_counter() < end:
            laps.append(self._time_lap())
        return float(np.median(laps))

    def _settle(self):
        """Step untimed for a while, unless one step is longer than that while."""
        if self.last_seconds > SETTLING:
            return
        end = perf_counter() + SETTLING
        for batch in cycle(self.batches):
            self.step(*batch)
            if perf_counter() >= end:
                return

    def _time_lap(self):
        """One pass over all prepared batches: reading the clock costs a tenth of the
        quickest step, so it is read once a lap."""
        step, batches = self.step, self.batches
        start = perf_counter()
        for batch in batches:
            step(*batch)
        return (perf_counter() - start) / len(batches)

    def time_first(self, problem):
        self.step = None
        gc.collect()                # or this round would clear away the last one's graph
        batch = self.batches[0]
        start = perf_counter()
        self.step = self.system.build(problem)
        self.step(*batch)
        return perf_counter() - start


def reset_peak():
    """Has Linux forget the largest memory so far; the megabytes now, or None."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return None
    return memory("VmRSS")


def memory(what):
    """Megabytes of this process by the name that /proc gives them, or None off Linux."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return None
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(what))


def flat(result):
    """All numbers of a step's result in one float64 vector."""
    parts = result if isinstance(result, tuple | list) else (result,)
    return np.concatenate([np.ravel(np.asarray(part, np.float64)) for part in parts])


def describe(error):
    """One line: the error, and the innermost line of code that raised it."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    text = " ".join(f"{type(error).__name__}: {error}".split())
    return f"{text[:300]} ({place.filename}:{place.lineno})"
