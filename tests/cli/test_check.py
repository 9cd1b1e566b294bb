"""pellucid check: what programs use and pellucid lacks, without running them."""

import json

import pytest

from pellucid.cli.main import main
from pellucid.cli.reading import Unreadable, symbols_in

PROGRAM = """
import tensorflow as tf
import tensorflow.contrib.slim as slim
from tensorflow.contrib import layers as L
from tensorflow.python.ops import array_ops

def late():
    return nn.relu(tf.float32.max, tf.GraphKeys.WEIGHTS)

nn = tf.nn
x = tf.layers.dense(tf.placeholder(tf.float32), 3).shape
slim.conv2d, L.flatten(x), array_ops.zeros, nn.conv9d
tf.mine = 3
tf.mine.real
"""


def test_symbols_of_a_program(tmp_path):
    file = tmp_path / "program.py"
    file.write_text(PROGRAM)
    found = symbols_in(file)
    assert [symbol for line, symbol in found if line == 8] == [
        "GraphKeys.WEIGHTS", "float32", "nn.relu"]
    assert [symbol for line, symbol in found if line == 12] == [
        "contrib.layers.flatten", "contrib.slim.conv2d", "nn.conv9d",
        "python.ops.array_ops.zeros"]
    assert found[-1][0] == 12
    assert (11, "layers.dense") in found and (11, "placeholder") in found


def test_notebooks(tmp_path):
    cells = [{"cell_type": "markdown", "source": "tf.nothing"},
             {"cell_type": "code", "source": ["%matplotlib inline\n", "import tensorflow as tf\n"]},
             {"cell_type": "code", "source": "!pip install x\ntf.nn.relu"}]
    file = tmp_path / "book.ipynb"
    file.write_text(json.dumps({"cells": cells}))
    assert symbols_in(file) == [(5, "nn.relu")]


@pytest.mark.parametrize("text, says", [("print 'two'", "not Python 3, line 1"),
                                        ("x = '\0'", "not Python 3")])
def test_what_cannot_be_read(tmp_path, text, says):
    (tmp_path / "program.py").write_text(text)
    with pytest.raises(Unreadable, match=says):
        symbols_in(tmp_path / "program.py")


def check(*arguments):
    with pytest.raises(SystemExit) as left:
        main(["check", *map(str, arguments)])
    return left.value.code


def test_the_report(tmp_path, capsys):
    (tmp_path / "a.py").write_text("import tensorflow as tf\n\ntf.nn.conv9d\ntf.nn.relu\n")
    assert check(tmp_path) == 1
    first, last = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{tmp_path}/a.py:3: pellucid has no tf.nn.conv9d; nearest: tf.nn.conv")
    assert last == "1 files use 2 symbols of TensorFlow; pellucid lacks 1 of them."
    assert check("--summary", tmp_path) == 1
    assert capsys.readouterr().out.startswith("     1  pellucid has no tf.nn.conv9d")
    (tmp_path / "a.py").write_text("import tensorflow as tf\ntf.nn.relu\n")
    assert check("--all", tmp_path) == 0
    assert f"{tmp_path}/a.py:2: tf.nn.relu" in capsys.readouterr().out
    (tmp_path / "b.py").write_text("print 2")
    assert check(tmp_path) == 2
