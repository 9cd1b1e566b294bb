"""pellucid against TensorFlow 1, case by case, on the walk and on the NumPy engine.

XLA would take minutes to compile all cases: it has one in sixteen, and the table of operations
holds it equal to these two.
With TensorFlow installed it answers live, else `answers/` speak for it. A case that needs a
name pellucid does not have yet is skipped, unless `promised.py` promises the name.
"""

from __future__ import annotations

import functools
import json
import zlib

import pytest

import pellucid
from tests.conftest import ENGINES

from . import oracle
from .harness import differences, load_cases, run_case
from .promised import PROMISED, is_promised

CASES = load_cases()
THEMES = sorted({one.theme for one in CASES.values()})


@functools.cache
def ours(case_id: str, engine: str):
    """pellucid's outcome and the names it touched, computed once a process."""
    touched: set[str] = set()
    return run_case(pellucid, CASES[case_id], touched, engine=engine), touched


def theirs(one):
    if oracle.installed():
        return oracle.live(one)
    answers = oracle.recorded(one.theme)["answers"]
    if one.name not in answers:
        pytest.fail(f"no answer for {one.id}; run python -m tests.differential.record")
    return answers[one.name]


ON_XLA = [name for name in CASES if "xla" in ENGINES and not zlib.crc32(name.encode()) % 16]


@pytest.mark.parametrize("case_id, engine", [
    *[(name, engine) for name in CASES for engine in ("numpy", "walk")],
    *[(name, "xla") for name in ON_XLA]])
def test_agrees_with_tensorflow(case_id, engine):
    one = CASES[case_id]
    got, _ = ours(case_id, engine)
    if isinstance(got, dict) and "missing" in got:
        if is_promised(got["missing"]):
            pytest.fail(f"pellucid lacks the promised {got['missing']}", pytrace=False)
        pytest.skip(f"pellucid has no {got['missing']} yet")
    found = differences(one, theirs(one), got)
    if found:
        shown = "\n".join(str(difference) for difference in found)
        pytest.fail(f"{one.id} differs from TensorFlow\n{shown}", pytrace=False)


@pytest.mark.parametrize("theme", THEMES)
def test_every_case_has_a_recorded_answer(theme):
    named = {one.name for one in CASES.values() if one.theme == theme}
    assert set(oracle.recorded(theme)["answers"]) == named


@pytest.mark.parametrize("theme", THEMES)
def test_recorded_answers_are_tensorflows(theme):
    recorded = oracle.recorded(theme)
    if not oracle.installed():
        pytest.skip("TensorFlow is not installed")
    if recorded["tensorflow"] != oracle.tensorflow().__version__:
        pytest.skip(f"the answers are those of TensorFlow {recorded['tensorflow']}")
    stale = [one.id for one in CASES.values() if one.theme == theme
             and differences(one, recorded["answers"].get(one.name), oracle.live(one))]
    assert not stale, "run python -m tests.differential.record"


def test_tensorflow_has_every_name_that_a_case_uses():
    """A misspelt name would be recorded as missing, and then never be asked of pellucid."""
    for theme in THEMES:
        missing = {name: outcome["missing"]
                   for name, outcome in oracle.recorded(theme)["answers"].items()
                   if isinstance(outcome, dict) and "missing" in outcome}
        assert not missing


def test_every_promised_name_has_a_case():
    touched = set().union(*(ours(case_id, "numpy")[1] for case_id in CASES))
    assert sorted(PROMISED - touched) == []


def test_answers_stay_small():
    total = sum(path.stat().st_size for path in oracle.ANSWERS.glob("*.json"))
    assert total < 1_500_000
    for path in oracle.ANSWERS.glob("*.json"):
        json.loads(path.read_text())
