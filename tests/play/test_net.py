"""The net playground: the program that the page shows is what runs, and it learns."""

import itertools
import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from pellucid.play import net

PROGRAMS = Path(__file__).parents[1] / "site" / "units" / "programs.mjs"


def programs():
    """What the page makes of settings; none where Node.js is missing."""
    node = shutil.which("node")
    if node is None:
        return []
    return json.loads(subprocess.run([node, PROGRAMS], capture_output=True, check=True).stdout)


FOUND = programs()
pytestmark = pytest.mark.skipif(not FOUND, reason="the page's programs are made by Node.js")


@pytest.fixture(autouse=True)
def _nothing_running():
    yield
    net._running.clear()


@pytest.mark.parametrize("made", FOUND, ids=[made["name"] for made in FOUND])
def test_every_program_learns(made):
    before = net.open_net({"program": made["program"]})
    after = net.train_net({"steps": 150, "ms": 20_000})
    assert after["taken"] == after["steps"] == 150
    assert np.isfinite(after["errors"]).all()
    assert after["errors"][0] < before["errors"][0]
    settings = made["settings"]
    sizes = [len(settings["features"]), *settings["layers"], 1]
    assert [np.shape(w) for w in after["weights"]] == list(itertools.pairwise(sizes))
    assert [len(u) for u in after["units"]] == [2500 * size for size in sizes[:-1]]
    assert after["plane"].shape == (2500,) and after["plane"].dtype == np.float32


def test_the_same_seed_gives_the_same_run():
    program = FOUND[0]["program"] if FOUND else ""
    runs = []
    for _ in range(2):
        net.open_net({"program": program})
        runs.append(net.train_net({"steps": 20, "ms": 20_000})["weights"])
    assert runs[0] == runs[1]


def test_the_program_trains_to_the_end_by_itself(capsys):
    program = FOUND[0]["program"].replace("range(0, 2001, 200)", "range(0, 401, 200)")
    exec(compile(program, "net.py", "exec"), {"__name__": "__main__"})
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("step    0   training error 0.") and lines[-1].endswith("are right")


def test_it_goes_on_from_its_weights_where_the_net_is_the_same():
    program = FOUND[0]["program"]
    net.open_net({"program": program})
    before = net.train_net({"steps": 30, "ms": 20_000})
    other = program.replace("GradientDescentOptimizer(0.03)", "AdamOptimizer(0.01)")
    assert other != program
    after = net.open_net({"program": other, "keep": True})
    assert after["weights"] == before["weights"] and after["steps"] == 30
    changed = net.open_net({"program": program.replace("[4, 2]", "[3]"), "keep": True})
    assert changed["steps"] == 0


def test_training_stops_when_the_time_is_over():
    net.open_net({"program": FOUND[0]["program"]})
    assert 0 < net.train_net({"steps": 10**6, "ms": 30})["taken"] < 10**6


def test_the_first_row_of_the_grid_is_the_top():
    grid = net._grid(4).reshape(4, 4, 2)
    assert grid[0, 0, 1] > grid[-1, 0, 1] and grid[0, 0, 0] < grid[0, -1, 0]
    assert np.abs(grid).max() < net.SIDE
