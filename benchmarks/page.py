"""The page docs/benchmarks.md: its measured part, as tables, and the charts beside it.

What stands outside the two marks in the page is written by hand and stays.
"""

import re
from pathlib import Path

from benchmarks.report import duration
from benchmarks.systems import OURS, SYSTEMS

MARKS = "<!-- measured -->", "<!-- end of measured -->"
TITLES = {"floor": "floor", "tensorflow": "TensorFlow", "pytorch": "PyTorch", "jax": "JAX",
          "autograd": "autograd", "pellucid": "pellucid", "pellucid-xla": "pellucid, XLA"}
COLORS = {"floor": "#9a9a9a", "tensorflow": "#e08a2e", "pytorch": "#c8553d", "jax": "#7b6bb2",
          "autograd": "#b0a15a", "pellucid": "#1f77b4", "pellucid-xla": "#4fb0c6"}


def write_page(path, facts, others, results, costs, curves):
    """Replaces the measured part of the page at `path`, and draws its charts.

    Args:
      facts: {what: value}, the circumstances.
      others: how many cores other programs kept busy, or None.
      results: list of Result; `costs`: system -> ImportCost; `curves`: of growth().
    """
    path = Path(path)
    names = [name for name in SYSTEMS if any(name in r.seconds for r in results)]
    parts = [circumstances(facts, others), *sections(results, names), imports(costs)]
    images = path.parent / "images"
    images.mkdir(parents=True, exist_ok=True)
    if results:
        draw_ratios(results, names, images / "benchmarks.svg")
        parts.insert(1, "![Time per step, as a multiple of hand-written NumPy's]"
                        "(images/benchmarks.svg)")
    if curves:
        draw_growth(curves, images / "growth.svg")
        parts.append("## How the cost grows\n\nTime per step; both axes are logarithmic.\n\n"
                     "![Time per step over operations, rows and width](images/growth.svg)")
    measured = "\n\n".join(part for part in parts if part)
    page = path.read_text() if path.exists() else "# Benchmarks\n\n{}\n\n{}\n".format(*MARKS)
    inside = f"{MARKS[0]}\n\n{measured}\n\n{MARKS[1]}"
    page, found = re.subn(f"{MARKS[0]}.*?{MARKS[1]}", lambda _: inside, page, flags=re.DOTALL)
    if not found:
        raise ValueError(f"{path} has no line {MARKS[0]!r}")
    path.write_text(page)


def circumstances(facts, others):
    lines = [f"- {what}: {value}" for what, value in facts.items()]
    if others is not None:
        lines.append(f"- other programs kept {others:.2f} cores busy meanwhile")
    return "\n".join(lines)


def sections(results, names):
    """The tables about the workloads."""
    if not results:
        return
    yield "## Time per step\n\nMedians. *Goal* is for the NumPy engine.\n\n" + table(
        ["workload", *columns(names), "goal"],
        [[r.workload.title, *[duration(r.median(n)) for n in names], goal(r)] for r in results])
    ours = [name for name in OURS if name in names]
    yield ("## Ratios\n\nTo the floor, and to the best peer of the row: medians of the ratios "
           "within a round.\n\n" + table(
               ["workload", *columns(names), "best peer",
                *[f"{TITLES[n]} to it" for n in ours]],
               [[r.workload.title, *[ratio(r, n, "floor") for n in names],
                 TITLES.get(r.best_peer(), ""), *[ratio(r, n, r.best_peer()) for n in ours]]
                for r in results]))
    steps = [r for r in results if r.workload.phase == "step"]
    yield ("## Until the first step, and memory\n\nFrom nothing to the first step's result: "
           "building, tracing, compiling.\n\n" + table(
               ["workload", *columns(names)],
               [[r.workload.title, *[duration(r.starts.get(n)) for n in names]] for r in steps]))
    yield ("The most memory that this and the steps needed, over what there was before "
           "(MB).\n\n" + table(
               ["workload", *columns(names)],
               [[r.workload.title, *[megabytes(r.megabytes.get(n)) for n in names]]
                for r in results]))


def imports(costs):
    found = {name: cost for name, cost in costs.items() if not cost.failed}
    if not found:
        return ""
    return "## Import\n\nIn a fresh process; memory over the bare interpreter's.\n\n" + table(
        ["first line", "time", "memory"],
        [[f"`{cost.first_line}`", duration(cost.seconds), f"{cost.megabytes:.0f} MB"]
         for cost in found.values()])


def table(head, rows):
    """A table of Markdown, numbers to the right."""
    lines = [head, ["--", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def columns(names):
    return [TITLES[name] for name in names]


def ratio(result, name, other):
    found = other and result.ratios(name, other)
    return f"{found[1]:.2f}" if found else ""


def megabytes(number):
    return "" if number is None else f"{max(number, 0):.0f}"


def goal(result):
    wanted = result.workload.goal
    limit = duration(wanted.seconds) if wanted.seconds else f"{wanted.floors:.2f} floors"
    return limit + {True: ", met", False: ", missed", None: ""}[result.meets_goal()]


# -- charts --------------------------------------------------------------------------------

def draw_ratios(results, names, path):
    """A bar a system and workload: time as a multiple of the floor's, on a logarithmic axis."""
    rows = [r for r in results if "floor" in r.seconds]
    names = [name for name in names if name != "floor"]
    figure, (axes,) = _figure(9, 0.5 + 0.16 * len(rows) * (len(names) + 1))
    height = 1 / (len(names) + 1)
    for k, name in enumerate(names):
        found = [(i, r.ratios(name, "floor")) for i, r in enumerate(rows)]
        found = [(i, ratios[1]) for i, ratios in found if ratios]
        axes.barh([i + (k - (len(names) - 1) / 2) * height for i, _ in found],
                  [x for _, x in found], height, label=TITLES[name], color=COLORS[name])
    axes.axvline(1, color="#555", linewidth=1)
    axes.set_xscale("log")
    axes.set_yticks(range(len(rows)), [r.workload.title for r in rows])
    axes.margins(y=0.01)
    axes.invert_yaxis()
    axes.set_xlabel("time per step, multiples of hand-written NumPy's")
    axes.legend(frameon=False)
    _save(figure, path)


def draw_growth(curves, path):
    """A panel a curve, a line a system."""
    figure, panels = _figure(10, 3.6, len(curves))
    for axes, (title, points) in zip(panels, curves.items(), strict=True):
        for name in SYSTEMS:
            found = [(number, r.median(name)) for number, r in points if r.median(name)]
            if found:
                axes.loglog(*zip(*found, strict=True), marker=".", label=TITLES[name],
                            color=COLORS[name])
        axes.set_xlabel(title, fontsize=8)
    panels[0].set_ylabel("seconds per step")
    panels[0].legend(frameon=False, fontsize=8)
    _save(figure, path)


def _figure(width, height, panels=1):
    import matplotlib
    matplotlib.use("svg")
    from matplotlib import pyplot
    # Text stays text, and the same numbers make the same file.
    matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "pellucid"})
    figure, axes = pyplot.subplots(
        1, panels, figsize=(width, height), layout="constrained", squeeze=False)
    for one in axes[0]:
        one.spines[["top", "right"]].set_visible(False)
    return figure, axes[0]


def _save(figure, path):
    figure.savefig(path, metadata={"Date": None})
