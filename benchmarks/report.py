"""The tables that are printed, and the same as JSON."""

from benchmarks.imports import GOAL_MEGABYTES, GOAL_SECONDS

QUIET = 0.1             # cores
TITLE_WIDTH = 41
CELL_WIDTH = 10         # at least; then come two blanks and the next cell


def print_tables(results, names):
    """Times, then ratios. `names`: the systems, one column each."""
    print("\nMedian time per step\n")
    print(line("", [*names, "goal"]))
    for result in results:
        times = [duration(result.median(name)) for name in names]
        print(line(result.workload.title, [*times, goal(result)]))
    print("\nUntil the first step: building and compiling\n")
    print(line("", names))
    for result in results:
        starts = [duration(result.starts.get(name)) for name in names]
        print(line(result.workload.title, starts))
    print("\nPeak memory of a row, MB\n")
    print(line("", names))
    for result in results:
        sizes = [result.megabytes.get(name) for name in names]
        print(line(result.workload.title, ["-" if s is None else f"{s:.0f}" for s in sizes]))
    print("\nRatio to the floor, median over rounds; then pellucid's quartiles,")
    print("and its ratio to the best peer\n")
    print(line("", [*names, "quartiles", "to peer"]))
    for result in results:
        ratios = [ratio(result.ratios(name, "floor")) for name in names]
        print(line(result.workload.title, [*ratios, quartiles(result), to_peer(result)]))


def print_imports(costs):
    """`costs`: system -> ImportCost."""
    print("\nImport, in a fresh process\n")
    alone = costs.get("floor")
    print(line("", ["time", "memory", "over NumPy", "goal"]))
    for name, cost in costs.items():
        title = cost.first_line
        if cost.failed:
            print(line(title, ["-"]))
            continue
        over = f"{cost.megabytes - alone.megabytes:+.0f} MB" if alone else "-"
        cells = [duration(cost.seconds), f"{cost.megabytes:.0f} MB", over]
        print(line(title, [*cells, import_goal(cost) if name == "pellucid" else ""]))


def print_notes(results, costs, others):
    """What is missing in the tables, how well the results agreed, and how quiet it was.

    `others`: how many cores other programs kept busy meanwhile, or None.
    """
    print()
    for (name, reason), rows in left_out(results, costs).items():
        print(f"{name} left out of {', '.join(rows)}: {reason}")
    worst = {name: largest(results, name) for name in deviating_systems(results)}
    if worst:
        agreed = ", ".join(f"{name} {deviation:.1g}" for name, deviation in worst.items())
        print(f"Largest relative deviation from {next(iter(worst))}: {agreed}")
    if others is not None:
        quiet = "quiet" if others < QUIET else "NOT quiet: do not trust rows with threads"
        print(f"Other programs kept {others:.2f} cores busy: {quiet}")


def left_out(results, costs):
    """{(system, reason): the rows it is missing from}."""
    missing = {}
    for result in results:
        for absence in (result.skipped | result.failed).items():
            missing.setdefault(absence, []).append(result.workload.name)
    for name, cost in costs.items():
        if cost.failed:
            missing.setdefault((name, cost.failed), []).append("import")
    return missing


def deviating_systems(results):
    return dict.fromkeys(name for result in results for name in result.deviations)


def largest(results, name):
    return max(result.deviations.get(name, 0) for result in results)


def quartiles(result):
    ratios = result.ratios("pellucid", "floor")
    return f"{ratios[0]:.2f}-{ratios[2]:.2f}" if ratios else "-"


def to_peer(result):
    peer = result.best_peer()
    ratios = peer and result.ratios("pellucid", peer)
    return f"{ratio(ratios)} {peer}" if ratios else "-"


def goal(result):
    wanted = result.workload.goal
    limit = duration(wanted.seconds) if wanted.seconds else f"{wanted.floors:.2f} floors"
    return f"{limit} {verdict(result.meets_goal())}".rstrip()


def import_goal(cost):
    return f"{duration(GOAL_SECONDS)}, {GOAL_MEGABYTES} MB {verdict(cost.meets_goal())}"


def verdict(met):
    return {True: "met", False: "MISSED", None: ""}[met]


def ratio(ratios):
    """The median of (lower quartile, median, upper quartile)."""
    return f"{ratios[1]:.2f}x" if ratios else "-"


def duration(seconds):
    """Three digits and a unit: 7.68 us."""
    if seconds is None:
        return "-"
    units = {"s": 1, "ms": 1e-3, "us": 1e-6}
    fitting = [unit for unit, scale in units.items() if seconds >= 0.9995 * scale]
    unit = (fitting or ["us"])[0]
    return f"{seconds / units[unit]:#.3g}".rstrip(".") + f" {unit}"


def line(title, cells):
    columns = [title.ljust(TITLE_WIDTH), *(cell.rjust(CELL_WIDTH) for cell in cells)]
    return "  ".join(columns).rstrip()


def as_json(environment, versions, absent, others, results, costs):
    """Plain data: all that was measured, round by round."""
    return {
        "environment": environment,
        "versions": versions,
        "absent": absent,
        "cores_busy_with_other_programs": others,
        "workloads": [workload_as_json(result) for result in results],
        "imports": {name: vars(cost) for name, cost in costs.items()},
    }


def workload_as_json(result):
    systems = list(result.seconds)
    return {
        "name": result.workload.name,
        "title": result.workload.title,
        "phase": result.workload.phase,
        "seconds": result.seconds,
        "seconds_until_first_step": result.starts,
        "peak_megabytes": result.megabytes,
        "medians": {name: result.median(name) for name in systems},
        "ratios_to_floor": {name: result.ratios(name, "floor") for name in systems},
        "best_peer": result.best_peer(),
        "goal": vars(result.workload.goal),
        "goal_met": result.meets_goal(),
        "deviations": {name: finite(value) for name, value in result.deviations.items()},
        "skipped": result.skipped,
        "failed": result.failed,
    }


def finite(value):
    """JSON has no infinity."""
    return value if value < float("inf") else None
