"""The benchmarks: small versions of the problems come to the same on the floor and on pellucid."""

from dataclasses import replace

import pytest

from benchmarks import page, problems
from benchmarks.measure import Result, largest_deviation
from benchmarks.systems import load
from benchmarks.worker import flat
from benchmarks.workloads import WORKLOADS

SMALL = [
    problems.Affine(),
    problems.Classifier((2, 2), 8, "SGD", 0.01, loss="tutorial"),
    problems.Classifier((2, 2, 2), 8, "SGD", 0.01, hidden="sigmoid", loss="tutorial"),
    problems.Classifier((6, 5, 4, 3), 8, "Adam", 0.001, loss="one-hot"),
    problems.ConvNet(image=(8, 8, 1), channels=(2, 3), units=(5, 4), batch=2),
    problems.Convolution("forward", (2, 6, 6, 2), (3, 3, 2, 3)),
    problems.Lstm(steps=3, inputs=4, units=5, classes=3, batch=2),
    problems.Transformer(length=3, width=8, heads=2, inner=6, classes=3, batch=2),
    problems.Inference((5, 4, 3)),
    problems.Chain(10),
    problems.Diamond(10),
]


@pytest.fixture(scope="module")
def systems():
    return [load("floor"), load("pellucid")]


@pytest.mark.parametrize("problem", SMALL, ids=lambda problem: type(problem).__name__)
def test_floor_and_pellucid_agree(systems, problem):
    results = []
    for system in systems:
        step = system.build(problem)
        results.append([flat(step(*batch)) for batch in problem.batches()[:3]])
    assert largest_deviation(*results) < 1e-5


def test_every_row_can_be_built(systems):
    for system in systems:
        assert {type(w.problem) for w in WORKLOADS} <= system.builders.keys()


def test_the_page_keeps_what_is_written_by_hand(tmp_path):
    path = tmp_path / "page.md"
    path.write_text(f"before\n{page.MARKS[0]}\nold\n{page.MARKS[1]}\nafter\n")
    result = Result(replace(WORKLOADS[0], title="a row"))
    result.seconds = {"floor": [1e-6] * 3, "jax": [4e-6] * 3, "pellucid": [2e-6] * 3}
    result.starts = dict.fromkeys(result.seconds, 0.5)
    page.write_page(path, {"machine": "mine"}, 0.0, [result], {}, {"ops": [(1, result)]})
    text = path.read_text()
    assert text.startswith("before\n") and text.endswith("after\n") and "old" not in text
    assert "| a row | 1.00 us | 4.00 us | 2.00 us | 2.50 us, met |" in text
    assert "| a row | 1.00 | 4.00 | 2.00 | JAX | 0.50 |" in text
    first = (tmp_path / "images" / "benchmarks.svg").read_bytes()
    page.write_page(path, {}, None, [result], {}, {})
    assert (tmp_path / "images" / "benchmarks.svg").read_bytes() == first


def test_a_page_without_the_marks_is_left(tmp_path):
    path = tmp_path / "page.md"
    path.write_text("mine")
    with pytest.raises(ValueError, match="has no line"):
        page.write_page(path, {}, None, [], {}, {})
    assert path.read_text() == "mine"
