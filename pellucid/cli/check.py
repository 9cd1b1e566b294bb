"""List the TensorFlow symbols that programs use and pellucid lacks.

    pellucid check train.py notebooks/
    pellucid check --all .          what is there as well

Programs are read, not run. One line a use: file, line, symbol, and what to use instead. The exit
code is 0 if nothing is missing, 1 if something is, 2 if a file could not be read.
"""

import sys
from collections import Counter


def add_arguments(parser):
    """The files and folders; how much to say."""
    parser.add_argument("paths", nargs="+", metavar="SCRIPT_OR_FOLDER",
                        help="programs (.py), notebooks (.ipynb), or folders of them")
    parser.add_argument("--all", action="store_true", help="list the symbols that are there, too")
    parser.add_argument("--summary", action="store_true",
                        help="one line a missing symbol, the most used first")


def run(arguments):
    """Prints the report; returns the exit code."""
    from pellucid.cli.reading import Unreadable, files_in, symbols_in
    from pellucid.names.lookup import provided
    from pellucid.names.missing import explain

    known, files, unreadable, uses = {}, 0, 0, Counter()
    for path in files_in(arguments.paths):
        try:
            found = symbols_in(path)
        except Unreadable as error:
            print(f"{path}: {error}", file=sys.stderr)
            unreadable += 1
            continue
        files += 1
        for line, symbol in found:
            if symbol not in known:
                known[symbol] = provided(symbol)
            if not known[symbol]:
                uses[symbol] += 1
                if not arguments.summary:
                    print(f"{path}:{line}: {explain(symbol)}")
            elif arguments.all:
                print(f"{path}:{line}: tf.{symbol}")
    if arguments.summary:
        for symbol, count in uses.most_common():
            print(f"{count:6}  {explain(symbol)}")
    total = len(known)
    print(f"{files} files use {total} symbols of TensorFlow; pellucid lacks {len(uses)} of them."
          + (f" {unreadable} files could not be read." if unreadable else ""))
    return 2 if unreadable else 1 if uses else 0
