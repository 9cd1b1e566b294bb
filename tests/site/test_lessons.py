"""The lessons in the page's own Python, without a browser."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.site import lessons
from tests.site.conftest import ROOT

HERE = Path(__file__).parent
NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="Node.js is not installed")


def test_the_page_is_answered_as_the_book_is_tested():
    assert lessons.failures() == []


@needs_node
def test_every_program_and_exercise_runs_in_pyodide(built):
    done = subprocess.run([NODE, HERE / "lessons.mjs", built, ROOT / "book"],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
