"""Where programs run: the names, the default graph and the gradients of one lesson.

book/FORMAT.md says the rules; the tests and the page both run programs here. Read next:
answers.py, which tells the page what a run gave.
"""

import ast
import contextlib
import linecache

from pellucid.core import gradients, graph, operation, session
from pellucid.core.graph import reset_default_graph


class Room:
    """The programs of a lesson run here, one after the other, in one namespace.

    Attributes:
      names: dict, the namespace.
    """

    _registered = {}                       # program's name -> the op types it registered

    def __init__(self):
        self.names = {"__name__": "__main__"}
        for name in list(self._registered):
            self._forget(name)
        reset_default_graph()
        self._after = {"": self._now()}    # program's name -> what there was after it

    def execute(self, source, name, raises=None):
        """Runs a program, which prints.

        Args:
          source: str.
          name: str, what the program is called in error messages; the same for each run of it.
          raises: str, the class of the error that it is meant to raise.

        Returns the value of its last line, if that is an expression, else None.

        Raises what the program raises; AssertionError if it should have and did not.
        """
        self._forget(name)
        known = set(gradients._gradients)
        try:
            return execute(source, name, self.names, raises)
        finally:
            self._registered[name] = _of_programs(set(gradients._gradients) - known)
            self._after[name] = self._now()

    def return_to(self, name):
        """Names and default graph are again as after that program; "" is the beginning.

        The dict stays the same one, because functions of the programs look their names up in it.
        Raises LookupError if the program has not run.
        """
        names, graphs = self._after[name]
        self._lay_out(names, graphs)

    @contextlib.contextmanager
    def copy(self, after=None):
        """A copy of the names for an exercise, with an empty default graph.

        Args:
          after: str, name of the program after which it stands; now, where left out.

        In the `with` block whatever happens to names, graphs and gradients is undone at its end.
        """
        now, registered = self._now(), gradients._gradients
        before, sessions = dict(registered), list(session._sessions.stack)
        if after is not None:
            self.return_to(after)
        try:
            session._sessions.stack.clear()
            graph._defaults.stack[:] = [graph.Graph()]
            yield dict(self.names)
        finally:
            session._sessions.stack[:] = sessions
            self._lay_out(*now)
            for op_type in _of_programs(set(registered) - set(before)):
                del registered[op_type]
            registered.update(before)

    def _now(self):
        return dict(self.names), list(graph._defaults.stack)

    def _lay_out(self, names, graphs):
        self.names.clear()
        self.names.update(names)
        graph._defaults.stack[:] = graphs

    def _forget(self, name):
        """Gradients that the program registered are gone: it may register them again."""
        for op_type in self._registered.pop(name, ()):
            gradients._gradients.pop(op_type, None)


def _of_programs(op_types):
    """Those of newly registered gradients that are not the library's.

    The library has files that it imports only when they are needed: perhaps by this program.
    """
    def is_own(op_type):
        author = gradients._gradients[op_type] or operation.op_types.get(op_type)
        return not (getattr(author, "__module__", None) or "").startswith("pellucid.")
    return {op_type for op_type in op_types if is_own(op_type)}


def execute(source, name, names, raises=None):
    """Runs a program in a namespace: see Room.execute."""
    file = f"<{name}>"
    linecache.cache[file] = len(source), None, source.splitlines(True), file
    try:
        value = _execute(source, file, names)
    except Exception as error:
        if type(error).__name__ != raises:
            raise
        print(f"{raises}: {str(error).splitlines()[0]}")
        return None
    assert raises is None, f"{name} should raise {raises}"
    return value


def _execute(source, file, names):
    tree = ast.parse(source, file)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, file, "exec"), names)
    if last is None:
        return None
    value = eval(compile(ast.Expression(last.value), file, "eval"), names)
    if value is not None:
        print(repr(value))
    return value


def hint_for(hints, names, error):
    """What the function hint(names, error), which a program defines, says; a str or None."""
    tools = {}
    execute(hints, "hints", tools)
    return tools["hint"](names, error)
