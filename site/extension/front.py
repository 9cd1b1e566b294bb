"""The front page's directives: the lessons as a list, cards, and a graph to step through."""

import html
import re
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import Directive
from lessons import as_json, raw

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"\| (\d+) \| \[(.*)\]\((.*)\.md\) \| (.*) \|")


class Lessons(Directive):
    """{lessons}: the table of book/index.md."""

    def run(self):
        rows = ROW.findall((ROOT / "book" / "index.md").read_text(encoding="utf-8"))
        items = "".join(
            f'<li><a href="book/{file}.html"><span class="number">{number}</span>'
            f'<span class="title">{html.escape(title)}</span>'
            f'<span class="what">{html.escape(what)}</span></a></li>'
            for number, title, file, what in rows)
        return [raw(f'<ol class="lessons">{items}</ol>')]


class Cards(Directive):
    """{cards}: a line `page | title | words` for each."""

    has_content = True

    def run(self):
        cards = ""
        for line in self.content:
            page, title, words = (html.escape(part.strip()) for part in line.split("|"))
            cards += (f'<a class="card" href="{page}.html"><span class="title">{title}</span>'
                      f'<span class="what">{words}</span></a>')
        return [raw(f'<div class="cards">{cards}</div>')]


class Hero(Directive):
    """{hero}: a small graph and its run, forward and backward."""

    def run(self):
        import pellucid as tf
        from pellucid.viz import stepping
        with tf.Graph().as_default():
            x = tf.placeholder(tf.float64, [], name="x")
            w = tf.Variable(0.5, dtype=tf.float64, name="w")
            y = tf.multiply(w, x, name="y")
            z = tf.add(tf.sin(y, name="s"), y, name="z")
            trace = tf.viz.trace(z, {x: 2.0})
            svg = tf.viz.draw(z)
        figure = nodes.container(classes=["graph-figure", "hero"])
        figure += raw(f'<div class="graph-view">{svg}</div>'
                      f'{as_json("graph-data", stepping.as_data(trace))}')
        return [figure]


def setup(app):
    """What Sphinx calls."""
    app.add_directive("lessons", Lessons)
    app.add_directive("cards", Cards)
    app.add_directive("hero", Hero)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
