"""How the cost of a step grows: with the number of operations, the rows fed, the width.

Points of a curve are workloads like any other: checked, then timed in turns. Read next: page.py.
"""

from dataclasses import replace

from benchmarks.measure import measure
from benchmarks.problems import Classifier, Diamond
from benchmarks.workloads import Goal, Workload

SYSTEMS = ("floor", "tensorflow", "jax", "pellucid", "pellucid-xla")
ROUNDS = 3

NET = Classifier((64, 64, 10), 32, "SGD", 0.01, inputs=2)
CURVES = {
    "operations (x = x + x, value and slope)": [
        (depth, Diamond(depth)) for depth in (10, 30, 100, 300, 1000)],
    "rows fed to a 64-64-10 net, SGD": [
        (batch, replace(NET, batch=batch)) for batch in (1, 8, 64, 512, 4096)],
    "width of a w-w-10 net, 32 rows, SGD": [
        (width, replace(NET, sizes=(width, width, 10))) for width in (16, 64, 256, 1024)],
}


def growth(workers, budget, tick):
    """{curve: [(number, Result), ...]}"""
    workers = [worker for worker in workers if worker.name in SYSTEMS]
    return {title: [(number, measure(_workload(title, number, problem), workers, ROUNDS, budget,
                                     False, tick))
                    for number, problem in points]
            for title, points in CURVES.items()}


def ticks(workers):
    """How often growth() calls tick."""
    points = sum(map(len, CURVES.values()))
    return points * (1 + ROUNDS) * sum(worker.name in SYSTEMS for worker in workers)


def _workload(title, number, problem):
    name = f"{title.partition(' ')[0]} {number}"
    return Workload(name, name, problem, Goal(), checked_steps=2)
