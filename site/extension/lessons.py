"""The directives of a lesson, as book/FORMAT.md says, for Sphinx.

Each becomes HTML that can be read as it is: the program, coloured; its recorded output; the graph.
What the page's modules need to make it live (site/src/lesson.js) lies beside it as JSON.
Graphs are drawn here, by running the lesson's programs up to that point.
"""

import hashlib
import html
import json
import re
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import Directive, directives
from docutils.statemachine import StringList
from sphinx.util import logging

from book.reader import PROGRAMS, in_order, read
from book.runner import Room

log = logging.getLogger(__name__)
PLAY = '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M4 2.5v11l9-5.5z"/></svg>'
BUTTONS = f"""\
<div class="cell-tools">
<button type="button" class="run" disabled>{PLAY}<span>{{run}}</span></button>
<button type="button" class="stop" hidden>Stop</button>
<button type="button" class="reset" hidden>Reset</button>
<span class="cell-state" role="status"></span>
</div>"""


class Program(Directive):
    """{playcell}, {wrong}, {right}: a program, with its tools."""

    has_content = True
    option_spec = {"name": directives.unchanged, "collapsed": directives.unchanged,
                   "raises": directives.unchanged}

    def run(self):
        code = "\n".join(self.content)
        data = {"kind": self.name, "code": code, "name": f"line {self.content_offset + 1}",
                **{key: self.options[key] for key in ("name", "raises") if key in self.options}}
        return [cell(code, data, "Run", "collapsed" in self.options)]


class ForTensorFlow(Directive):
    """{tensorflow}: a program that is shown and not run."""

    has_content = True

    def run(self):
        box = nodes.container(classes=["cell", "still"])
        box += raw('<div class="cell-tools"><span class="cell-note">for TensorFlow</span></div>')
        box += literal("\n".join(self.content))
        return [box]


class Output(Directive):
    """{output}: what the program above printed when the book was made."""

    has_content = True
    option_spec = {"measured": directives.unchanged}

    def run(self):
        text = html.escape("\n".join(self.content))
        measured = ' data-measured="yes"' if "measured" in self.options else ""
        node = raw(f'<div class="output recorded"{measured}><pre>{text}</pre></div>')
        node["is_output"] = True
        return [node]


class GraphFigure(Directive):
    """{graph}: the graph of a tensor, or a run of it, which can be stepped through."""

    has_content = True
    required_arguments = 1
    final_argument_whitespace = True

    def run(self):
        env = self.state.document.settings.env
        lesson = Lesson.of(Path(env.doc2path(env.docname)))
        svg, data = lesson.graphs[self.arguments[0]].pop(0)
        name = f"graph-{hashlib.sha256(svg.encode()).hexdigest()[:12]}.svg"
        folder = Path(env.app.outdir) / "_images"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(svg, encoding="utf-8")
        width, height = re.search(r'width="([\d.]+)" height="([\d.]+)"', svg).groups()
        up = "../" * env.docname.count("/")
        figure = nodes.container(classes=["graph-figure"])
        alt = html.escape(" ".join(self.content), quote=True)
        figure += raw(f'<div class="graph-view"><img src="{up}_images/{name}" width="{width}" '
                      f'height="{height}" alt="{alt}"></div>{as_json("graph-data", data)}')
        caption = nodes.container(classes=["caption"])
        self.state.nested_parse(self.content, self.content_offset, caption)
        return [figure, caption]


class Exercise(Directive):
    """{exercise}: prose, and a program that is checked."""

    has_content = True
    required_arguments = 1
    final_argument_whitespace = True
    option_spec = {"name": directives.unchanged}

    def run(self):
        env = self.state.document.settings.env
        numbers = env.temp_data
        numbers["exercises"] = numbers.get("exercises", 0) + 1
        parts = split(self.content)
        box = nodes.container(classes=["exercise"])
        name = self.options["name"]
        title = html.escape(self.arguments[0])
        box += raw(f'<div class="box-title" id="{html.escape(name)}"><span class="box-kind">'
                   f'Exercise {numbers["exercises"]}</span> '
                   f'<span class="box-name">{title}</span>'
                   '<span class="solved" hidden>solved</span></div>')
        prose, _ = parts["text"]
        self.state.nested_parse(prose, self.content_offset, box)
        data = {"kind": "exercise", "name": name, "title": self.arguments[0],
                **{part: parts[part][0] for part in ("check", "hints", "solution")},
                "code": parts["starter"][0]}
        box += cell(parts["starter"][0], data, "Check", False)
        solution = nodes.container(classes=["solution"])
        solution += raw('<details><summary>A solution</summary>')
        solution += literal(parts["solution"][0])
        solution += raw("</details>")
        box += solution
        return [box]


class Box(Directive):
    """{breakit}, {recap}, {reading}, {teacher}: prose in a frame."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    titles = {"recap": "In short", "reading": "Further reading", "teacher": "For teachers"}

    def run(self):
        box = nodes.container(classes=["box", self.name])
        if self.name == "breakit":
            box += raw('<div class="box-title"><span class="box-kind">Break it</span> '
                       f'<span class="box-name">{html.escape(self.arguments[0])}</span></div>')
        elif self.name == "teacher":
            box += raw(f"<details><summary>{self.titles[self.name]}</summary>")
        else:
            box += raw(f'<div class="box-title">{self.titles[self.name]}</div>')
        self.state.nested_parse(self.content, self.content_offset, box)
        if self.name == "teacher":
            box += raw("</details>")
        return [box]


# -- what they are made of -------------------------------------------------------------------

def raw(text):
    """HTML as it is."""
    return nodes.raw("", text, format="html")


def literal(code):
    """A program, coloured."""
    return nodes.literal_block(code, code, language="python3")


def as_json(name, data):
    """Data for the page's modules."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False).replace("</", "<\\/")
    return f'<script type="application/json" class="{name}">{text}</script>'


def cell(code, data, run, is_collapsed):
    """A program with its tools; its output, if any, is moved into it later."""
    box = nodes.container(classes=["cell", f"is-{data['kind']}"])
    if is_collapsed:
        box["classes"].append("collapsed")
        lines = len(code.split("\n"))
        box += raw(f"<details><summary>Seen before: {lines} lines</summary>")
    if "raises" in data:
        box["classes"].append("raises")
    box += raw(BUTTONS.format(run=run))
    box += literal(code)
    box += raw(as_json("cell-data", data))
    if is_collapsed:
        box += raw("</details>")
    return box


def split(content):
    """{"text": (StringList, None), part: (its body, None)} of an exercise."""
    parts, text = {}, StringList(parent=content.parent)
    i = 0
    while i < len(content):
        opening = re.match(r"(`{3,})\{(starter|check|hints|mistake|solution)\}", content[i])
        if opening is None:
            text.append(content[i:i + 1])
            i += 1
            continue
        end = next(j for j in range(i + 1, len(content)) if content[j] == opening[1])
        parts[opening[2]] = "\n".join(content[i + 1:end]), None
        i = end + 1
    parts["text"] = text, None
    return parts


def gather_outputs(app, document):
    """What a program printed belongs to the program."""
    for node in list(document.findall(nodes.raw)):
        if not node.get("is_output"):
            continue
        before = node.parent[node.parent.index(node) - 1]
        if isinstance(before, nodes.container) and "cell" in before["classes"]:
            node.parent.remove(node)
            before += node


class Lesson:
    """A lesson's graphs, drawn by running its programs.

    Attributes:
      graphs: {expression: list of (svg, data for the graph view)}, in the order of the file.
    """

    _known = {}

    @classmethod
    def of(cls, path):
        """The lesson that a page shows; its programs run once."""
        if path not in cls._known:
            cls._known = {path: cls(path)}
        return cls._known[path]

    def __init__(self, path):
        import pellucid as tf
        from pellucid.viz import stepping
        room, self.graphs = Room(), {}
        for block in in_order(read(path)):
            if block.kind in PROGRAMS:
                room.run(block.body, f"line {block.line}", block.options.get("raises"))
            elif block.kind == "graph":
                value = room.value(block.argument)
                drawn = getattr(value, "targets", value)
                self.graphs.setdefault(block.argument, []).append(
                    (tf.viz.draw(drawn), stepping.as_data(value)))


def setup(app):
    """What Sphinx calls."""
    for name in PROGRAMS:
        app.add_directive(name, Program)
    for name in ("breakit", "recap", "reading", "teacher"):
        app.add_directive(name, Box)
    app.add_directive("tensorflow", ForTensorFlow)
    app.add_directive("output", Output)
    app.add_directive("graph", GraphFigure, override=True)
    app.add_directive("exercise", Exercise)
    app.connect("doctree-read", gather_outputs)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
