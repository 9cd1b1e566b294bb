"""`pellucid SUBCOMMAND`: finds the subcommand's file and hands it the arguments.

A subcommand is a module of this room with two functions, add_arguments(parser) and
run(arguments), which returns the exit code (None is 0). The first line of its docstring is its
help, the rest its description. What it needs beside the standard library it imports in run.
"""

import argparse
import importlib

COMMANDS = ("bench", "check", "draw", "freeze", "play", "run", "show")


def main(argv=None):
    """Runs the command line `argv` (sys.argv's by default) and leaves with its exit code."""
    arguments = parser().parse_args(argv)
    raise SystemExit(arguments.run(arguments))


def parser():
    """The ArgumentParser of the whole command."""
    whole = argparse.ArgumentParser(
        prog="pellucid", description="Tools for TensorFlow 1 programs, graphs and checkpoints.")
    from pellucid.version import PELLUCID, VERSION
    whole.add_argument("--version", action="version",
                       version=f"pellucid {PELLUCID}, as TensorFlow {VERSION}")
    commands = whole.add_subparsers(metavar="SUBCOMMAND", required=True)
    for name in COMMANDS:
        module = importlib.import_module(f"pellucid.cli.{name}")
        help, _, description = module.__doc__.partition("\n")
        command = commands.add_parser(
            name, help=help, description=f"{help}\n{description}",
            formatter_class=argparse.RawDescriptionHelpFormatter)
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    return whole
