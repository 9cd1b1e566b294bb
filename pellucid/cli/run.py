"""Run a TensorFlow 1 program, with pellucid as its tensorflow.

    pellucid run train.py --epochs 3
    pellucid run -m package.train --epochs 3

The program is not changed: `import tensorflow` and its kin mean pellucid, for this run only. Its
arguments, working directory, standard input, tracebacks and exit code are its own. Options of
pellucid's stand before the program.
"""

import argparse
import os
import sys


def add_arguments(parser):
    """The program and its arguments; which engine runs its sessions."""
    parser.usage = "pellucid run [-h] [--engine ENGINE] (SCRIPT | -m MODULE) [ARGUMENTS ...]"
    parser.add_argument("--engine", help="the engine of sessions that name none, such as walk")
    parser.add_argument("-m", dest="module", action="store_true",
                        help="the program is a module, found as `python -m` finds it")
    parser.add_argument("program", help="the program's file, or with -m its module")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="what the program gets")


def run(arguments):
    """Runs the program; returns its exit code."""
    from pellucid.cli.program import run_module, run_script
    from pellucid.names import stand_in

    if arguments.engine:
        from pellucid.core import session
        session._find_engine(arguments.engine)       # says which there are, if it is not one
        session.default_engine = arguments.engine
    sys.argv = [arguments.program, *arguments.arguments]
    stand_in.install()
    if arguments.module:
        sys.path[0] = os.getcwd()
        return run_module(arguments.program)
    if not os.path.exists(arguments.program):
        print(f"pellucid run: can't open {arguments.program!r}: no such file", file=sys.stderr)
        return 2
    return run_script(arguments.program)
