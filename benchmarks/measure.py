"""One row of the table: check that all systems compute the same, then time them in turns.

The rounds interleave, A B C D A B C D ..., so that a slow minute of the machine is shared
by all, and a ratio is taken within its round. Read next: `report`.
"""

from dataclasses import dataclass, field
from time import perf_counter

import numpy as np

from benchmarks.systems import PEERS
from benchmarks.worker import SystemFailed
from benchmarks.workloads import Workload

# Largest relative deviation of a loss after some steps of float32 arithmetic. Orders of
# summation give 1e-6 or so; a wrong gradient or update gives more than 1e-3 at once.
TOLERANCE = 1e-4

# A row that has had its time stops early, if it has had its fewest rounds.
ROW_SECONDS = 30
FEWEST_ROUNDS = 3


@dataclass
class Result:
    """A measured row.

    Attributes:
      seconds: system -> seconds per step, one number a round.
      starts: system -> seconds from nothing to the first step's result: building, compiling.
      megabytes: system -> how much memory that and all steps needed at most, or None.
      deviations: system -> largest relative deviation from the reference's results.
      skipped: system -> why it sat out.
      failed: system -> what went wrong.
    """

    workload: Workload
    seconds: dict = field(default_factory=dict)
    starts: dict = field(default_factory=dict)
    megabytes: dict = field(default_factory=dict)
    deviations: dict = field(default_factory=dict)
    skipped: dict = field(default_factory=dict)
    failed: dict = field(default_factory=dict)

    def median(self, system):
        return float(np.median(self.seconds[system])) if system in self.seconds else None

    def ratios(self, system, other):
        """Quartiles of the per-round ratios: (lower, median, upper), or None."""
        if system not in self.seconds or other not in self.seconds:
            return None
        ratios = np.divide(self.seconds[system], self.seconds[other])
        return tuple(map(float, np.percentile(ratios, [25, 50, 75])))

    def best_peer(self):
        peers = [peer for peer in PEERS if peer in self.seconds]
        return min(peers, key=self.median, default=None)

    def meets_goal(self, system="pellucid"):
        """True or False; None if what it takes to say so was not measured."""
        goal = self.workload.goal
        if goal.seconds is not None:
            time = self.median(system)
            return None if time is None else time <= goal.seconds
        ratios = self.ratios(system, "floor")
        return None if ratios is None or goal.floors is None else ratios[1] <= goal.floors


def measure(workload, workers, rounds, budget, patient, tick):
    """Check and time one workload.

    Args:
      workers: the Workers, in the order of the rounds.
      rounds, budget: how many rounds, and how many seconds each gives to a system.
      patient: whether to try what is known to take very long.
      tick: called with a system's name, once before its check and once before each round.
    """
    result = Result(workload)
    ready = prepare(result, workers, patient, tick)
    result.seconds = {worker.name: [] for worker in ready}
    end = perf_counter() + ROW_SECONDS
    for number in range(rounds):
        if number >= FEWEST_ROUNDS and perf_counter() > end:
            break               # a busy machine, or a slow system: fewer rounds will do
        for worker in workers:
            tick(worker.name)
            if worker.name in result.seconds:
                time_round(result, worker, budget)
    for worker in workers:
        if worker.name in result.seconds:
            result.megabytes[worker.name] = worker.peak_megabytes()
    return result


def prepare(result, workers, patient, tick):
    """The workers that are ready for timing: built, and in agreement with the first."""
    ready, reference = [], None
    for worker in workers:
        tick(worker.name)
        try:
            steps = first_steps(result, worker, patient)
        except SystemFailed as error:
            result.failed[worker.name] = str(error)
            continue
        if steps is None:
            continue
        reference = reference or steps
        deviation = largest_deviation(steps, reference)
        result.deviations[worker.name] = deviation
        if deviation <= TOLERANCE:
            ready.append(worker)
        else:
            result.failed[worker.name] = f"its results deviate by {deviation:.2g}"
    return ready


def first_steps(result, worker, patient):
    """What its first steps return, or None where it sits out."""
    workload = result.workload
    reason = worker.reason_to_skip(workload.problem, patient)
    if reason:
        result.skipped[worker.name] = reason
        return None
    steps, seconds = worker.first_steps(workload.problem, workload.checked_steps)
    result.starts[worker.name] = seconds
    return steps


def largest_deviation(steps, reference):
    """Over all steps, the largest difference relative to the largest entry; inf for nan."""
    deviations = [
        np.max(np.abs(a - b)) / np.max(np.abs(b)) if a.shape == b.shape else np.inf
        for a, b in zip(steps, reference, strict=True)
    ]
    return float(np.nan_to_num(np.max(deviations), nan=np.inf))


def time_round(result, worker, budget):
    """Add a system's next number to the result, or take the system out if it fails."""
    workload = result.workload
    try:
        if workload.phase == "first":
            seconds = worker.time_first(workload.problem)
        else:
            seconds = worker.time_steps(budget)
    except SystemFailed as error:
        del result.seconds[worker.name]
        result.failed[worker.name] = str(error)
    else:
        result.seconds[worker.name].append(seconds)
