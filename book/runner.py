"""Runs the programs of a lesson, as FORMAT.md says; the page's worker does the same.

Read next: remake.py.
"""

import ast
import contextlib
import io
import linecache

from pellucid.core import gradients, graph, session
from pellucid.core.graph import reset_default_graph


class Room:
    """Where the programs of one lesson run: their names, their default graph.

    Attributes:
      names: dict, the namespace of the lesson.
    """

    _registered = {}                       # program's name -> the op types it registered

    def __init__(self):
        self.names = {"__name__": "__main__"}
        for name in list(self._registered):
            self._forget(name)
        reset_default_graph()

    def run(self, source, name="cell", raises=None):
        """What a program prints.

        Args:
          source: str.
          name: str, what the program is called in error messages; the same for each run of it.
          raises: str, the class of the error that it is meant to raise.

        Raises what the program raises; AssertionError if it should have and did not.
        """
        self._forget(name)
        known = set(gradients._gradients)
        try:
            return _run(source, name, self.names, raises)
        finally:
            self._registered[name] = set(gradients._gradients) - known

    def _forget(self, name):
        """Gradients that the program registered are gone: it may register them again."""
        for op_type in self._registered.pop(name, ()):
            gradients._gradients.pop(op_type, None)

    def value(self, expression):
        """The value of an expression in the lesson's names, for {graph}."""
        return eval(expression, self.names)

    def attempt(self, exercise, source):
        """Runs a reader's answer to an exercise.

        Returns:
          (passed, error, hint): bool; the error of the program or of its check, or None; the
          hint's sentence, or None.
        """
        names, before = dict(self.names), dict(gradients._gradients)
        with _own_stacks():
            try:
                _run(source, "your answer", names)
                _run(exercise.part("check").body, "check", names)
                return True, None, None
            except Exception as error:
                tools = {}
                _run(exercise.part("hints").body, "hints", tools)
                return False, error, tools["hint"](names, error)
            finally:
                gradients._gradients.clear()
                gradients._gradients.update(before)


def _run(source, name, names, raises=None):
    file = f"<{name}>"
    linecache.cache[file] = len(source), None, source.splitlines(True), file
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        try:
            _execute(source, file, names)
        except Exception as error:
            if type(error).__name__ != raises:
                raise
            print(f"{raises}: {str(error).splitlines()[0]}")
        else:
            assert raises is None, f"{name} should raise {raises}"
    return printed.getvalue().rstrip("\n")


def _execute(source, file, names):
    """Runs a program; prints its last line if that is an expression with a value."""
    tree = ast.parse(source, file)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, file, "exec"), names)
    if last is not None:
        value = eval(compile(ast.Expression(last.value), file, "eval"), names)
        if value is not None:
            print(repr(value))


@contextlib.contextmanager
def _own_stacks():
    """An empty default graph and no default session, and afterwards those from before."""
    stacks = graph._defaults.stack, session._sessions.stack
    before = [list(stack) for stack in stacks]
    try:
        session._sessions.stack.clear()
        graph._defaults.stack[:] = [graph.Graph()]
        yield
    finally:
        for stack, items in zip(stacks, before, strict=True):
            stack[:] = items
