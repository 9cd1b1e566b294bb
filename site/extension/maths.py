"""Sets formulas when the pages are built: KaTeX runs in Node, and the pages need no script."""

import json
import subprocess
from pathlib import Path

from docutils import nodes

SITE = Path(__file__).resolve().parents[1]
PROGRAM = """
const katex = require("katex");
require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const { tex, display } = JSON.parse(line);
  let answer;
  try {
    answer = { html: katex.renderToString(tex, { displayMode: display, throwOnError: true,
                                                 strict: "error" }) };
  } catch (error) {
    answer = { error: error.message };
  }
  console.log(JSON.stringify(answer));
});
"""


class Setter:
    """One process of Node that sets one formula after the other."""

    process = None

    @classmethod
    def html(cls, tex, display):
        """The HTML of a formula, with MathML in it for those who listen. ValueError if wrong."""
        if cls.process is None:
            cls.process = subprocess.Popen(["node", "-e", PROGRAM], cwd=SITE, text=True,
                                           encoding="utf-8", stdin=subprocess.PIPE,
                                           stdout=subprocess.PIPE)
        cls.process.stdin.write(json.dumps({"tex": tex, "display": display}) + "\n")
        cls.process.stdin.flush()
        answer = json.loads(cls.process.stdout.readline())
        if "error" in answer:
            raise ValueError(f"the formula {tex!r}: {answer['error']}")
        return answer["html"]


def visit_inline(translator, node):
    """$...$"""
    translator.body.append(f'<span class="math">{Setter.html(node.astext(), False)}</span>')
    raise nodes.SkipNode


def visit_block(translator, node):
    """$$...$$, which scrolls where it is wider than the page."""
    translator.body.append(f'<div class="math" tabindex="0">{Setter.html(node.astext(), True)}'
                           "</div>")
    raise nodes.SkipNode


def end(app, error):
    """The process ends with the build."""
    if Setter.process is not None:
        Setter.process.stdin.close()
        Setter.process.wait()
        Setter.process = None


def setup(app):
    """What Sphinx calls."""
    app.add_html_math_renderer("katex", (visit_inline, None), (visit_block, None))
    app.config.html_math_renderer = "katex"
    app.connect("build-finished", end)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
