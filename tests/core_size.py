"""How much there is to read in the core. conftest.py prints it at the end of a run."""

import ast
import io
import textwrap
import tokenize
from pathlib import Path

CORE = Path(__file__).parents[1] / "pellucid" / "core"
READ_FIRST = ("operation", "graph", "traversal", "session", "walk", "gradients")


def code_lines(path):
    """Lines of code: neither blank, nor comment, nor docstring."""
    source = path.read_text()
    lines = set()
    skipped = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT,
               tokenize.DEDENT, tokenize.ENDMARKER)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in skipped:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and (
                ast.get_docstring(node) is not None):
            lines.difference_update(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    return len(lines)


def sizes():
    """{name: lines of code} of the files of the core, the largest first."""
    found = {path.stem: code_lines(path) for path in CORE.glob("*.py")}
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def table():
    """The sizes as lines of text; conftest.py prints them at the end of a run."""
    found = sizes()
    first = sum(found[name] for name in READ_FIRST)
    entries = [f"{name}{'*' if name in READ_FIRST else ''} {size}"
               for name, size in found.items() if size]
    return [f"lines of code in pellucid/core: {sum(found.values())} in {len(entries)} "
            f"files, {first} of them to read first (*)",
            *textwrap.wrap(", ".join(entries), 92)]
