"""Charts, as SVG and by matplotlib."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

import pellucid as tf
from pellucid.play.answers import Answers

SVG = "{http://www.w3.org/2000/svg}"
CHARTS = {
    "line": lambda: tf.viz.line([3.0, 2.0, np.nan, 1.0], label="a < b", title="Loss & more",
                                x_label="step", y_label="nats"),
    "log": lambda: tf.viz.line([0, 1, 2, 3], [100.0, 1.0, 0.0, 0.01], log=True),
    "scatter": lambda: tf.viz.scatter([0, 1, 2], [1, 1, 1], kinds=[0, 1, 0]),
    "both": lambda: tf.viz.scatter([0, 1], [0, 1]) + tf.viz.line([0, 1], [1, 0], label="fit"),
    "bar": lambda: tf.viz.bar([1.0, -2.0], names=["up", "down"]),
    "histogram": lambda: tf.viz.histogram([0.0, 0.1, 1.0, np.inf], bins=4),
    "image": lambda: tf.viz.image(np.arange(6.0).reshape(2, 3)),
    "colours": lambda: tf.viz.image(np.zeros((2, 2, 3), np.uint8)),
    "empty": lambda: tf.viz.line([]),
    "constant": lambda: tf.viz.line([7.0, 7.0]),
}


@pytest.mark.parametrize("name", CHARTS)
def test_all_charts_are_drawn_by_both(name, tmp_path):
    chart = CHARTS[name]()
    svg = chart._repr_svg_()
    assert svg == chart._repr_svg_() and "nan" not in re.sub("<title>.*?</title>", "", svg)
    ElementTree.fromstring(svg)
    chart.save(tmp_path / "chart.svg")
    chart.save(tmp_path / "chart.png")
    assert (tmp_path / "chart.svg").read_text(encoding="utf-8") == svg
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")


def drawn(chart, tag):
    return ElementTree.fromstring(chart._repr_svg_()).findall(f"{SVG}{tag}")


def test_a_line_is_where_its_numbers_are_and_broken_where_there_is_none():
    (path,) = [path for path in drawn(CHARTS["line"](), "path") if "l" in path.get("class").split()]
    points = re.findall(r"([ML])([\d.]+) ([\d.]+)", path.get("d"))
    assert [pen for pen, _, _ in points] == ["M", "L", "M"]
    heights = [float(y) for _, _, y in points]
    assert np.isclose(heights[2] - heights[1], heights[1] - heights[0], atol=0.11)


def test_bars_stand_on_zero():
    up, down = (rect for rect in drawn(CHARTS["bar"](), "rect"))
    assert np.isclose(float(up.get("y")) + float(up.get("height")), float(down.get("y")), atol=0.11)
    assert np.isclose(2 * float(up.get("height")), float(down.get("height")), atol=0.2)
    counts = CHARTS["histogram"]().marks[0].y
    assert counts.tolist() == [2.0, 0.0, 0.0, 1.0]


def test_kinds_have_colours_and_the_legend_names():
    first, second, third = (point.get("class") for point in drawn(CHARTS["scatter"](), "circle"))
    assert first == third != second
    assert "fit" in [text.text for text in drawn(CHARTS["both"](), "text")]


@pytest.mark.parametrize("make, error, words", [
    (lambda: tf.viz.line([1, 2], [1]), ValueError, "2 values of x, but 1 of y"),
    (lambda: tf.viz.line(tf.constant([1.0])), NotImplementedError, "until a session runs it"),
    (lambda: tf.viz.line(["a"]), TypeError, "A chart shows numbers"),
    (lambda: tf.viz.scatter([1], [1], kinds=[0, 1]), ValueError, "1 points, but 2 kinds"),
    (lambda: tf.viz.bar([1], names=[]), ValueError, "1 bars, but 0 names"),
    (lambda: tf.viz.image(np.zeros(3)), ValueError, r"shape \(3,\)"),
])
def test_errors_say_what_is_wrong(make, error, words):
    with pytest.raises(error, match=words):
        make()


def test_in_the_page_show_and_the_last_line_show_it():
    sent = []
    answer = Answers().run(
        {"code": "import pellucid as tf\ntf.viz.bar([1, 2]).show()\ntf.viz.line([1, 2])"},
        lambda kind, message: sent.append((kind, message)))
    assert answer["ok"], answer["error"]
    shown = [message["kind"] for kind, message in sent if kind == "display"]
    assert shown == ["chart", "chart"]


def test_elsewhere_show_opens_a_window(monkeypatch):
    from matplotlib import pyplot
    opened = []
    monkeypatch.setattr(pyplot, "show", lambda: opened.append(pyplot.gcf().axes))
    pyplot.switch_backend("agg")
    tf.viz.line([1, 2]).show()
    pyplot.close("all")
    ((axes,),) = opened
    assert axes.lines[0].get_ydata().tolist() == [1.0, 2.0]
