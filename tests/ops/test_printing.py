"""Print, print and Assert, and how they show values."""

import sys

import numpy as np
import pytest

import pellucid as tf
from pellucid.ops.control.formatting import summarize
from tests.conftest import needs_tensorflow
from tests.differential.oracle import tensorflow

CUBE = np.arange(24).reshape(2, 3, 4)

# As TensorFlow 2.21 prints them: value, summarize, text.
SHOWN = [
    (CUBE, 3, "[[0 1 2...]]..."),
    (CUBE, 7, "[[0 1 2 3][4 5 6...]]..."),
    (CUBE[0], 100, "[0 1 2 3][4 5 6 7][8 9 10 11]"),
    (CUBE[0], -1, "[0 1 2 3][4 5 6 7][8 9 10 11]"),
    (CUBE[0, 0], 3, "0 1 2..."),
    (np.zeros((3, 2, 2), np.int32), 5, "[[0 0][0 0]][[0...]]..."),
    (np.array([[1.0, 2.0], [3.0, 4.0]], np.float32), 3, "[1 2][3...]..."),
    (np.array([0.1, 1 / 3, 1e10, 1e-10, 123456789.0, np.nan, -np.inf], np.float32), -1,
     "0.1 0.333333343 1e+10 1e-10 123456792 nan -inf"),
    (np.float64(1 / 3), 3, "0.33333333333333331"),
    (np.float16(1 / 3), 3, "0.333251953"),
    (np.array([True, False]), 3, "1 0"),
    (np.array([], np.float32), 3, ""),
    (np.zeros((0, 3), np.float32), 3, ""),
    (np.array([b"a'b", b"c\n\"d"], object), 3, "a\\'b c\\n\\\"d"),
    (b"text", 3, "text"),
]


@pytest.mark.parametrize("value, limit, text", SHOWN)
def test_summarize(value, limit, text):
    assert summarize(value, limit) == text


def test_print_passes_its_input_on(session, capsys):
    x = tf.Print(tf.constant([1.5, 2.0]), [tf.constant(3), "text"], "x: ")
    assert session.run(x).tolist() == [1.5, 2.0]
    captured = capsys.readouterr()
    assert captured.err == "x: [3][text]\n" and captured.out == ""


def test_print_in_every_run_or_the_first_few(session, capsys):
    always, twice = tf.Print(0, [1]), tf.Print(0, [2], first_n=2)
    for _ in range(3):
        session.run([always, twice])
    assert capsys.readouterr().err.count("[1]\n") == 3
    for _ in range(3):
        session.run(twice)
    assert "[2]" not in capsys.readouterr().err
    with tf.Session() as other:                          # each session counts by itself
        other.run(twice)
    assert capsys.readouterr().err == "[2]\n"


def test_print_as_a_control_input(session, capsys):
    with tf.control_dependencies([tf.Print(0, ["before"])]):
        y = tf.constant(1.0) + 1
    session.run(y)
    assert capsys.readouterr().err == "[before]\n"


PRINTED = [
    (lambda: [tf.constant(1.5), "a", 3, None], {}, "1.5 a 3 None\n"),
    (lambda: [tf.range(10), tf.range(6)], {}, "[0 1 2 ... 7 8 9] [0 1 2 3 4 5]\n"),
    (lambda: [tf.reshape(tf.range(16), [4, 4])], {"summarize": 1},
     "[[0 ... 3]\n ...\n [12 ... 15]]\n"),
    (lambda: [tf.constant(CUBE[:, :2, :2])], {},
     "[[[0 1]\n  [4 5]]\n\n [[12 13]\n  [16 17]]]\n"),
    (lambda: [[tf.constant(1), {"a": tf.constant([2.0])}], (3, "q")], {"sep": "|", "end": "."},
     "[1, {'a': [2]}]|(3, 'q')."),
    (lambda: ["{}", tf.constant("text"), tf.constant(["x", "y"])], {},
     "{} \"text\" [\"x\" \"y\"]\n"),
    (lambda: [tf.zeros([0]), tf.constant(True)], {}, "[] 1\n"),
]


@pytest.mark.parametrize("build, options, text", PRINTED)
def test_tf_print(build, options, text, session, capsys):
    op = tf.print(*build(), **options)
    assert op.type == "PrintV2" and session.run(op) is None
    assert capsys.readouterr().err == text


def test_tf_print_elsewhere(session, capsys, tmp_path):
    session.run(tf.print("to", tf.constant("stdout"), output_stream=sys.stdout))
    assert capsys.readouterr().out == 'to "stdout"\n'
    file = tmp_path / "log.txt"
    op = tf.print("line", output_stream=f"file://{file}", name="log")
    session.run(op)
    session.run(op)
    assert file.read_text() == "line\nline\n" and op.name == "log"
    with pytest.raises(ValueError, match="output_stream must be"):
        tf.print("x", output_stream="nowhere")


def test_tf_strings_format(session):
    text = tf.strings.format("a {} b {}", [tf.constant(1), tf.constant([2, 3])])
    assert session.run(text) == b"a 1 b [2 3]"
    with pytest.raises(ValueError, match="expects 1 tensors, but the inputs have 2"):
        tf.strings.format("{}", [1, 2])


def test_assert(session):
    x = tf.placeholder(tf.int32, [None])
    with tf.control_dependencies([tf.Assert(tf.reduce_all(x > 0), ["not positive:", x])]):
        y = tf.identity(x)
    assert session.run(y, {x: [1, 2]}).tolist() == [1, 2]
    with pytest.raises(tf.errors.InvalidArgumentError,
                       match=r"assertion failed: \[not positive:\] \[1 -2 3\.\.\.\]"):
        session.run(y, {x: [1, -2, 3, 4]})


def test_assert_shows_as_much_as_asked_for(session):
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"\[\[0 1 2 3\]\[4 5 6 7\]"):
        session.run(tf.Assert(False, [CUBE[0]], summarize=-1))


def test_assert_refuses():
    with pytest.raises(TypeError, match="bool"):
        tf.Assert(1, ["one"])
    with pytest.raises(ValueError, match="at least one element"):
        tf.Assert(True, [])
    with pytest.raises(ValueError, match="must be a scalar"):
        tf.Assert([True, False], ["two"])


@needs_tensorflow
def test_assert_as_tensorflow():
    texts = []
    for library in (tf, tensorflow()):
        with library.Graph().as_default(), library.Session() as session:
            check = library.Assert(library.constant(False), [CUBE, 0.1, "a"], summarize=6)
            with pytest.raises(Exception, match="assertion failed") as caught:
                session.run(check)
        texts += [line for line in str(caught.value).split("\n")
                  if line.startswith("assertion failed")]
    assert texts[0] == texts[1] == "assertion failed: [[[0 1 2 3][4 5...]]...] [0.1] [a]"
