"""The documents say what is true: programs run, counts are right, links lead somewhere."""

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]


def programs(page):
    return re.findall(r"```python\n(.*?)```", page.read_text(), re.DOTALL)


def test_the_readmes_program_trains(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    program = programs(ROOT / "README.md")[0]
    code = [line for line in program.splitlines() if line and not line.startswith("#")]
    exec(compile(program, "README.md", "exec"), {})
    assert float(capsys.readouterr().out) < 0.2
    assert len(code) <= 20


def test_the_readmes_own_operation_runs():
    import pellucid as tf
    namespace = {"tf": tf}
    program = programs(ROOT / "README.md")[1]
    exec(compile(program.replace('"cube"', '"cube_of_the_readme"')
                 .replace("class cube", "class cube_of_the_readme"), "README.md", "exec"),
         namespace)
    x = tf.placeholder(tf.float32, [])
    y = namespace["cube_of_the_readme"](x)
    assert tf.Session().run([y, tf.gradients(y, x)[0]], {x: 2.0}) == [8.0, 12.0]


def test_the_tour_counts_right_and_passes_by_every_file_of_core_and_engine(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    import count_lines
    sys.modules.pop("count_lines")
    text = count_lines.TOUR.read_text()
    assert count_lines.counted(text) == text, "run python docs/count_lines.py"
    for room in ("core", "engine"):
        for file in sorted((ROOT / "pellucid" / room).glob("[a-z]*.py")):
            assert f"`{room}/{file.name}`" in text, f"{file} is missing in docs/tour.md"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    text = page.read_text()
    for target in re.findall(r"\]\(([^)#]+)\)|src=\"([^\"]+)\"", text):
        target = "".join(target)
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_the_page_of_symbols_is_current(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    import symbol_coverage
    sys.modules.pop("symbol_coverage")
    assert symbol_coverage.PAGE.read_text() == symbol_coverage.page(), (
        "run python docs/symbol_coverage.py")
