"""The lessons in the page's own Python, without a browser."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.site.conftest import ROOT, TIME_LIMIT

HERE = Path(__file__).parent
NODE = shutil.which("node")


def run(*command):
    """Runs a program, which must end well."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=TIME_LIMIT)
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]


def test_the_page_is_answered_as_the_book_is_tested():
    """In a process of its own: lessons define operations that other tests define too."""
    run(sys.executable, "-c", "from tests.site.lessons import failures\n"
                              "raise SystemExit('\\n'.join(failures()) or 0)")


@pytest.mark.skipif(NODE is None, reason="Node.js is not installed")
def test_every_program_and_exercise_runs_in_pyodide(built):
    run(NODE, HERE / "lessons.mjs", built, ROOT / "book")
