"""Runs somebody's program as Python itself would: as `__main__`, with its own tracebacks.

What ends the program with an error is reported without the frames of this command, and, where a
symbol of TensorFlow was missing, with one more line that says what it would need.
"""

import builtins
import io
import os
import runpy
import signal
import sys
import types

from pellucid.names.missing import advice

_OURS = tuple(os.path.join(os.path.dirname(os.path.dirname(__file__)), room) + os.sep
              for room in ("cli", "names"))


def run_script(path):
    """Runs a file as `python path` does; returns the exit code."""
    sys.path[0] = os.path.dirname(os.path.abspath(path))

    def program():
        with io.open_code(path) as file:
            code = compile(file.read(), path, "exec", dont_inherit=True)
        exec(code, _as_main(path).__dict__)
    return _watched(program)


def run_module(name):
    """Runs a module as `python -m name` does; returns the exit code."""
    return _watched(lambda: runpy.run_module(name, run_name="__main__", alter_sys=True))


def _as_main(path):
    """A fresh module `__main__`."""
    module = types.ModuleType("__main__")
    module.__file__, module.__builtins__ = path, builtins
    module.__cached__ = None
    sys.modules["__main__"] = module
    return module


def _watched(program):
    try:
        program()
    except SystemExit:
        raise                                  # Python turns it into the exit code
    except KeyboardInterrupt as error:
        _report(error)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)    # ends as a program that Ctrl-C ended
    except BaseException as error:
        _report(error)
        return 1
    return 0


def _report(error):
    sys.excepthook(type(error), error, _trim(error))
    line = advice(error)
    if line and line not in str(error):
        print(line, file=sys.stderr)
    sys.stderr.flush()


def _trim(error):
    """error's traceback, and those of what it came from, without the frames of this command."""
    seen, pending = set(), [error]
    while pending:
        one = pending.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        one.__traceback__ = _without_ours(one.__traceback__)
        pending += [one.__cause__, one.__context__]
    return error.__traceback__


def _without_ours(traceback):
    kept = []
    while traceback is not None:
        file = traceback.tb_frame.f_code.co_filename
        if not (file.startswith(_OURS) or file == runpy.__file__ or file == "<frozen runpy>"):
            kept.append(traceback)
        traceback = traceback.tb_next
    for one, following in zip(kept, [*kept[1:], None], strict=True):
        one.tb_next = following
    return kept[0] if kept else None
