"""The main job: its goals are reached, and the pictures are there."""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from examples import affine, perceptron, xor

ROOT = Path(__file__).parents[2]


def test_affine(capsys):
    assert affine.main()
    assert capsys.readouterr().out == "[ 2 -1]\n"


@pytest.mark.parametrize("module", [perceptron, xor])
def test_points_are_separated(module):
    result = module.train()
    assert result.accuracy == 1.0
    assert result.losses[-1] < 0.05 < result.losses[0]


def run_demo(*args):
    return subprocess.run([sys.executable, "-m", "examples.demo", *args], cwd=ROOT, timeout=300,
                          capture_output=True, text=True)


def test_demo(tmp_path):
    pytest.importorskip("matplotlib")
    pytest.importorskip("sklearn")
    done = run_demo("--out", str(tmp_path / "new" / "out"))
    assert done.returncode == 0, done.stderr
    out = tmp_path / "new" / "out"
    assert str(out) in done.stdout and "[ 2 -1]" in done.stdout
    assert sorted(path.name for path in out.iterdir()) == [
        "affine.svg", "boundaries.png", "digits.png", "graph.svg", "index.html", "losses.png"]
    for name in ("boundaries.png", "digits.png", "losses.png"):
        assert (out / name).read_bytes().startswith(b"\x89PNG")
    ElementTree.parse(out / "graph.svg")
    assert "epoch 100" in done.stdout and "100%" in done.stderr


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    done = run_demo("--out", str(tmp_path / "file" / "out"))
    assert done.returncode == 2 and "cannot make the folder" in done.stderr
