"""Records what the programs of the lessons print.

    python -m book.remake            # all lessons
    python -m book.remake 03 07      # these

Rewrites each {output} block with what its program prints now; the rest stays as it is. What
programs for TensorFlow print is remade where it is installed.
Read next: the lessons.
"""

import importlib.util
import math
import os
import re
import subprocess
import sys
from pathlib import Path

from book.reader import PROGRAMS, in_order, lesson_paths, read
from book.runner import Room


def outputs(blocks, tensorflow=True):
    """List of (program, output block or None, what it prints), in order.

    Args:
      tensorflow: bool, whether to run the programs for TensorFlow too.
    """
    room, found = Room(), []
    blocks = list(in_order(blocks))
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        shown = following if following is not None and following.kind == "output" else None
        if block.kind in PROGRAMS:
            printed = room.run(block.body, f"line {block.line}", block.options.get("raises"))
            found.append((block, shown, printed))
        elif block.kind == "tensorflow" and tensorflow:
            found.append((block, shown, run_alone(block.body)))
    return found


def has_tensorflow():
    """True where TensorFlow is installed."""
    return importlib.util.find_spec("tensorflow") is not None


def run_alone(source):
    """What a program for TensorFlow prints, in a process of its own."""
    quiet = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", source], env=quiet, check=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return done.stdout.rstrip("\n")


NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?(?:e[-+]?\d+)?|inf|nan)")


def same_output(shown, printed):
    """True if an output's words are those recorded, and its numbers nearly so (or times)."""
    recorded = shown.body
    if NUMBER.sub("#", recorded).split() != NUMBER.sub("#", printed).split():
        return False
    numbers = zip(*[NUMBER.findall(text) for text in (recorded, printed)], strict=True)
    return "measured" in shown.options or all(
        a == b or math.isclose(float(a), float(b), rel_tol=1e-3, abs_tol=1e-6)
        for a, b in numbers)


def remake(path):
    """Rewrites the outputs of one lesson; True if something changed."""
    path = Path(path)
    before = path.read_text(encoding="utf-8")
    lines = before.split("\n")
    for _, shown, printed in reversed(outputs(read(path), has_tensorflow())):
        if shown is not None and not same_output(shown, printed):
            lines[shown.line - 1:shown.end - 1] = printed.split("\n") if printed else []
    after = "\n".join(lines)
    if after != before:
        path.write_text(after, encoding="utf-8")
    return after != before


def main(chosen):
    for path in lesson_paths():
        if not chosen or path.name[:2] in chosen:
            print(f"{path.name}: {'remade' if remake(path) else 'unchanged'}")


if __name__ == "__main__":
    main(sys.argv[1:])
