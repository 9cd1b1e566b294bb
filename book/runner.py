"""Runs the programs of a lesson, as FORMAT.md says, and keeps what they print.

The page runs them in the same rooms. Read next: pellucid/play/room.py; then remake.py.
"""

import contextlib
import io

from pellucid.play import room
from pellucid.play.room import execute, hint_for


class Room(room.Room):
    """Where the programs of one lesson run: their names, their default graph."""

    def run(self, source, name="cell", raises=None):
        """What a program prints. Arguments and errors: see pellucid.play.room.Room.execute."""
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            self.execute(source, name, raises)
        return printed.getvalue().rstrip("\n")

    def value(self, expression):
        """The value of an expression in the lesson's names, for {graph}."""
        return eval(expression, self.names)

    def attempt(self, exercise, source):
        """Runs a reader's answer to an exercise.

        Returns:
          (passed, error, hint): bool; the error of the program or of its check, or None; the
          hint's sentence, or None.
        """
        with self.copy() as names, contextlib.redirect_stdout(io.StringIO()):
            try:
                execute(source, "your answer", names)
                execute(exercise.part("check").body, "check", names)
                return True, None, None
            except Exception as error:
                return False, error, hint_for(exercise.part("hints").body, names, error)
