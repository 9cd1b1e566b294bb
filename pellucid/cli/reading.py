"""Reads programs without running them: which symbols of TensorFlow they use, and where.

Followed are `import tensorflow as tf`, `from tensorflow.x import y as z`, and names that a
program gives to a namespace (`slim = tf.contrib.slim`).
"""

import ast
import json
import re
import warnings
from pathlib import Path


class Unreadable(Exception):
    """A file that is no Python 3 program, and why."""


def files_in(paths):
    """The programs and notebooks among `paths` and below the folders among them."""
    for path in map(Path, paths):
        if path.is_dir():
            for file in sorted(path.rglob("*")):
                inner = file.relative_to(path).parts
                if (file.suffix in (".py", ".ipynb") and file.is_file()
                        and not any(part.startswith(".") for part in inner)):
                    yield file
        else:
            yield path


def symbols_in(path):
    """[(line, dotted name below tf)] of a file, each use once, in order of lines.

    Lines of a notebook count through its code cells. Raises Unreadable.
    """
    try:
        text = Path(path).read_bytes().decode("utf-8", "replace")
    except OSError as error:
        raise Unreadable(error.strerror) from None
    if str(path).endswith(".ipynb"):
        text = _code_of_notebook(text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")         # a program's own "\d" is not our matter
            tree = ast.parse(text.lstrip("\ufeff"))
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        raise Unreadable(f"not Python 3{f', line {line}' if line else ''}: "
                         f"{getattr(error, 'msg', error)}") from None
    return _Reader().read(tree)


def _code_of_notebook(text):
    """The code cells, one after the other; lines for the shell become comments."""
    try:
        document = json.loads(text)
        cells = document.get("cells")
        if cells is None:                                 # format 3 and before
            cells = [c for sheet in document["worksheets"] for c in sheet["cells"]]
    except (ValueError, KeyError, AttributeError, TypeError):
        raise Unreadable("not a notebook") from None
    parts = []
    for cell in cells:
        if cell.get("cell_type") == "code":
            source = cell.get("source", cell.get("input", ""))
            source = source if isinstance(source, str) else "".join(source)
            if source.lstrip().startswith("%%"):
                source = re.sub(r"^", "# ", source, flags=re.MULTILINE)
            parts.append(re.sub(r"^([ \t]*)[%!?].*$", r"\1pass", source, flags=re.MULTILINE))
    return "\n".join(parts)


class _Reader(ast.NodeVisitor):
    """Collects the symbols of one program."""

    def read(self, tree):
        self.own = ()
        self.names = {}                  # what the program calls it -> dotted name below tf, or ""
        self.found = {}                  # (line, symbol) -> None: a set that keeps the order
        for node in ast.walk(tree):      # imports first: functions may stand above them
            if isinstance(node, ast.Import | ast.ImportFrom):
                self._note_import(node)
        self.own = {node.attr for node in ast.walk(tree)         # tf.model = ..., the program's
                    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
                    and isinstance(node.value, ast.Name)
                    and self.names.get(node.value.id) == ""}
        for _ in range(2):               # a name may be used above the line that gives it
            for node in ast.walk(tree):
                if isinstance(node, ast.Assign):
                    self._note_assignment(node)
        self.visit(tree)
        return sorted(self.found)

    def _note_import(self, node):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.partition(".")[0] == "tensorflow":
                    below = _below(alias.name)
                    self.names[alias.asname or "tensorflow"] = below if alias.asname else ""
                    self._add(node.lineno, below)
        elif not node.level and (node.module or "").partition(".")[0] == "tensorflow":
            for alias in node.names:
                below = _below(f"{node.module}.{alias.name}" if alias.name != "*"
                               else node.module)
                if alias.name != "*":
                    self.names[alias.asname or alias.name] = below
                self._add(node.lineno, below)

    def _note_assignment(self, node):
        below = self._dotted(node.value)
        if below and isinstance(node.value, ast.Attribute):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    self.names.setdefault(target.id, below)

    def visit_Attribute(self, node):
        below = self._dotted(node)
        if below is None:
            self.generic_visit(node)
        else:
            self._add(node.lineno, below)

    def _dotted(self, node):
        """The dotted name below tf that an expression spells, or None."""
        parts = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or node.id not in self.names:
            return None
        return _below(".".join(filter(None, [self.names[node.id], *reversed(parts)])))

    def _add(self, line, below):
        symbol = _symbol(below)
        if symbol and symbol.partition(".")[0] not in self.own:
            self.found[line, symbol] = None


def _below(name):
    from pellucid.names.lookup import parts_of
    return ".".join(parts_of(name))


def _symbol(below):
    """The part of a dotted name that is TensorFlow's: up to the first object that has a value.

    Of `tf.flags.FLAGS.batch_size` that is flags.FLAGS, of `tf.float32.max` float32.
    """
    import inspect

    from pellucid.names.lookup import find
    parts = below.split(".") if below else []
    for size in range(1, len(parts)):
        try:
            thing = find(".".join(parts[:size]))
        except (AttributeError, ImportError):
            return ".".join(_up_to_name(parts))
        if not (inspect.ismodule(thing) or inspect.isclass(thing)):
            return ".".join(parts[:size])
    return below


def _up_to_name(parts):
    """The parts of a missing name up to the first that is a class or constant."""
    for size, part in enumerate(parts, 1):
        if part[:1].isupper():
            return parts[:size]
    return parts
