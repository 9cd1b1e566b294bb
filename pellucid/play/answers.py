"""What the page asks Python, and what it is told: programs run, and what they show.

The worker (site/src/worker.js) passes each question of site/src/python.js to `answer`, with a
function that sends what appears meanwhile. Read next: room.py, shown.py.
"""

import contextlib
import io
import time
import traceback

from pellucid.play import page, shown
from pellucid.play.room import Room, execute, hint_for
from pellucid.viz import chart

MOST_PRINTED = 100_000                     # characters of one run: more would choke the page
PATIENCE = 0.05                            # seconds that a line of output waits for more


class Answers:
    """Answers the questions of one page."""

    def __init__(self):
        self.room = Room()

    def run(self, question, send):
        """Runs a program.

        Args:
          question: dict, the argument of `python.run` in site/src/python.js.
          send: function of (type, dict), for messages before the answer.

        Returns the dict that `python.run` resolves to. Never raises what the program raises.
        """
        if question.get("fresh"):
            self.room = Room()
        room, before = self.room, question.get("before")
        if question.get("isCopy"):
            with room.copy(before) as names:
                return _Run(question, send).answer(
                    lambda code, name, _: execute(code, name, names), names)
        if before is not None:
            room.return_to(before)
        return _Run(question, send).answer(room.execute, room.names)

    def call(self, question, send):
        """Calls a function of page.py with one argument."""
        return page.FUNCTIONS[question["name"]](question.get("argument"))

    def reset(self, question, send):
        """Forgets names and graphs."""
        self.room = Room()


class _Run:
    def __init__(self, question, send):
        self.question, self.send = question, send
        self.name, self.check = question.get("name", "program"), question.get("check")
        self.error = self.hint = self.value = None
        self.stage = "program"

    def answer(self, run, names):
        out = _Printed(lambda text: self.send("stdout", {"text": text}))
        err = _Printed(lambda text: self.send("stderr", {"text": text}))
        names["display"] = chart.shower = self.display
        started = time.perf_counter()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            self._run(run, names)
        out.flush()
        err.flush()
        chart.shower = None
        return {
            "ok": self.error is None, "text": out.text, "value": self.value,
            "ms": (time.perf_counter() - started) * 1000,
            "error": self._describe(), "line": _line(self.error, self.name),
            "check": None if self.check is None or (self.error and self.stage != "check" and (
                self.hint is None)) else {
                "passed": self.error is None, "hint": self.hint,
                "message": str(self.error) if self.error and self.stage == "check" else None}}

    def _run(self, run, names):
        try:
            value = run(self.question["code"], self.name, self.question.get("raises"))
            if value is not None:
                self.value = repr(value)
                for kind, data in shown.displays(value):
                    self.send("display", {"kind": kind, "data": data})
            if self.check is not None:
                self.stage = "check"
                with contextlib.redirect_stdout(io.StringIO()):
                    execute(self.check, "check", names)
        except KeyboardInterrupt as error:
            self.error, self.stage = error, "stopped"
        except (Exception, SystemExit) as error:
            self.error = error
            self._find_hint(names)

    def display(self, *values):
        """Shows values below the program, as its last line would be shown."""
        for value in values:
            found = shown.displays(value)
            if not found:
                print(repr(value))
            for kind, data in found:
                self.send("display", {"kind": kind, "data": data})

    def _find_hint(self, names):
        if not self.question.get("hints"):
            return
        with contextlib.suppress(Exception), contextlib.redirect_stdout(io.StringIO()):
            self.hint = hint_for(self.question["hints"], names, self.error)

    def _describe(self):
        if self.error is None:
            return None
        message = "Stopped." if self.stage == "stopped" else str(self.error)
        return {"type": type(self.error).__name__, "message": message, "stage": self.stage,
                "text": _text(self.error, self.name)}


class _Printed(io.TextIOBase):
    """Sends what is printed, several lines at a time."""

    def __init__(self, send):
        self.send, self.text = send, ""
        self.waiting, self.sent_at = "", 0.0

    def writable(self):
        return True

    def write(self, text):
        room = MOST_PRINTED - len(self.text)
        if room > 0:
            added = text[:room] + ("" if len(text) < room else "\n… and more\n")
            self.text += added
            self.waiting += added
            if time.perf_counter() - self.sent_at > PATIENCE:
                self.flush()
        return len(text)

    def flush(self):
        if self.waiting:
            self.send(self.waiting)
            self.waiting, self.sent_at = "", time.perf_counter()


def _text(error, name):
    """The error with those lines of its traceback that are the reader's."""
    found = traceback.TracebackException.from_exception(error)
    part = found
    while part is not None:                  # also of the errors that it came from
        part.stack = traceback.StackSummary.from_list(
            [frame for frame in part.stack if _is_readers(frame.filename)])
        part = part.__cause__ or part.__context__
    return "".join(found.format()).rstrip()


def _is_readers(file):
    return file.startswith("<") and file not in ("<check>", "<hints>", "<string>") and (
        not file.startswith(("<frozen", "<plan of ")))


def _line(error, name):
    """The number of the reader's line where it happened, or None."""
    if isinstance(error, SyntaxError) and error.filename == f"<{name}>":
        return error.lineno
    frames = traceback.extract_tb(error.__traceback__) if error is not None else []
    lines = [frame.lineno for frame in frames if frame.filename == f"<{name}>"]
    return lines[-1] if lines else None
