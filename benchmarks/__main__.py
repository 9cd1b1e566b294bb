"""The command line: python -m benchmarks."""

import argparse
import json
import sys
from contextlib import ExitStack
from pathlib import Path

from tqdm import tqdm

from benchmarks import growth
from benchmarks.environment import Neighbours, describe_environment, set_threads
from benchmarks.imports import measure_imports
from benchmarks.measure import measure
from benchmarks.page import write_page
from benchmarks.report import as_json, print_imports, print_notes, print_tables
from benchmarks.systems import SYSTEMS, is_installed
from benchmarks.worker import SystemFailed, Worker
from benchmarks.workloads import WORKLOADS

IMPORT, GROWTH = "import", "growth"         # the rows that are not workloads
IMPORT_ROUNDS = 5


def main():
    options = parse_options()
    if options.threads:
        set_threads(options.threads)
    environment = describe_environment()
    neighbours = Neighbours()
    present, absent = find_systems(options.systems)
    workloads = [workload for workload in WORKLOADS if workload.name in options.only]
    needed = present if workloads or GROWTH in options.only else []
    with ExitStack() as stack:
        workers, versions, broken = start_workers(needed, options.limit, stack)
        print_circumstances(environment | versions | absent | broken)
        results = run_workloads(options, workloads, workers)
        curves = run_growth(options, workers) if GROWTH in options.only else {}
    costs = run_imports(options, present) if IMPORT in options.only else {}
    others = neighbours.busy_cores()
    if results:
        print_tables(results, [worker.name for worker in workers])
    if costs:
        print_imports(costs)
    print_notes(results, costs, others)
    if options.json:
        report = as_json(environment, versions, absent | broken, others, results, costs)
        Path(options.json).write_text(json.dumps(report, indent=1) + "\n")
    if options.page:
        facts = environment | versions | absent | broken
        write_page(options.page, facts, others, results, costs, curves)
    failures = [row.failed for row in [*results, *costs.values()] if row.failed]
    return 1 if broken or failures else 0


def parse_options():
    rows = [*(workload.name for workload in WORKLOADS), IMPORT, GROWTH]
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Time pellucid against its peers and against NumPy written by hand.",
        epilog=f"Rows: {', '.join(rows)}. Systems: {', '.join(SYSTEMS)}.",
    )
    add = parser.add_argument
    add("--only", metavar="NAME,..", type=names_of(rows), default=rows, help="these rows")
    add(
        "--systems",
        metavar="NAME,..",
        type=names_of(SYSTEMS),
        default=list(SYSTEMS),
        help="these systems",
    )
    add("--rounds", metavar="N", type=positive, help="at most N rounds a row")
    add("--quick", action="store_true", help="few rounds: about a minute")
    add("--threads", metavar="N", type=positive, help="N threads in every library")
    add("--patient", action="store_true", help="try what is known to take very long")
    add(
        "--limit",
        metavar="SECONDS",
        type=float,
        default=120,
        help="how long to wait for one answer of a system (default 120)",
    )
    add("--json", metavar="OUT", help="write all measurements to this file")
    add("--page", metavar="OUT", help="write the measured part of this page, and its charts")
    return parser.parse_args()


def names_of(known):
    """A parser of comma-separated names out of `known`."""

    def parse(text):
        names = text.split(",")
        unknown = [name for name in names if name not in known]
        if unknown:
            raise argparse.ArgumentTypeError(
                f"no {', '.join(unknown)}; there are {', '.join(known)}"
            )
        return names

    return parse


def positive(text):
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is less than 1")
    return number


def find_systems(names):
    """(those that are installed, {those that are not: a remark}), in the rounds' order."""
    wanted = [name for name in SYSTEMS if name in names]
    present = [name for name in wanted if is_installed(name)]
    return present, {name: "not installed" for name in wanted if name not in present}


def start_workers(names, time_limit, stack):
    """Start all at once: (workers, {system: version}, {broken system: what it said})."""
    workers, versions, broken = [], {}, {}
    for worker in [Worker(name, time_limit) for name in names]:
        stack.callback(worker.stop)
        try:
            versions[worker.name] = worker.version()
        except SystemFailed as error:
            broken[worker.name] = f"does not import: {error}"
        else:
            workers.append(worker)
    return workers, versions, broken


def print_circumstances(facts):
    for what, value in facts.items():
        print(f"{what + ':':15}{value}")


def run_workloads(options, workloads, workers):
    """A Result for each workload."""
    if not workers:
        return []
    budget = 0.01 if options.quick else 0.05
    rounds = [rounds_of(options, workload) for workload in workloads]
    # One tick for each system's preparation, and one for each of its rounds.
    ticks = (len(rounds) + sum(rounds)) * len(workers)
    with tqdm(total=ticks, leave=False) as bar:
        results = []
        for workload, count in zip(workloads, rounds, strict=True):
            tick = ticker(bar, workload.name)
            results.append(measure(workload, workers, count, budget, options.patient, tick))
    return results


def run_growth(options, workers):
    """{curve: [(number, Result), ...]}"""
    budget = 0.005 if options.quick else 0.02
    with tqdm(total=growth.ticks(workers), leave=False) as bar:
        return growth.growth(workers, budget, ticker(bar, GROWTH))


def rounds_of(options, workload):
    rounds = min(workload.rounds, options.rounds or workload.rounds)
    return max(1, rounds // 8) if options.quick and not options.rounds else rounds


def ticker(bar, title):
    def tick(system):
        bar.set_description(f"{title}, {system}", refresh=False)
        bar.update()

    return tick


def run_imports(options, names):
    """system -> ImportCost."""
    rounds = 1 if options.quick else min(IMPORT_ROUNDS, options.rounds or IMPORT_ROUNDS)
    with tqdm(total=rounds * len(names), leave=False) as bar:
        return measure_imports(names, rounds, ticker(bar, IMPORT))


if __name__ == "__main__":
    sys.exit(main())
