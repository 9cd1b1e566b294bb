"""Records what the programs of the lessons print.

    python -m book.remake            # all lessons
    python -m book.remake 03 07      # these

Rewrites each {output} block with what its program prints now; the rest stays as it is.
Read next: the lessons.
"""

import sys
from pathlib import Path

from book.reader import PROGRAMS, in_order, lesson_paths, read
from book.runner import Room


def outputs(blocks):
    """List of (program, output block or None, what it prints), in order."""
    room, found = Room(), []
    blocks = list(in_order(blocks))
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        if block.kind in PROGRAMS:
            printed = room.run(block.body, f"line {block.line}", block.options.get("raises"))
            shown = following if following is not None and following.kind == "output" else None
            found.append((block, shown, printed))
    return found


def remake(path):
    """Rewrites the outputs of one lesson; True if something changed."""
    path = Path(path)
    before = path.read_text(encoding="utf-8")
    lines = before.split("\n")
    for _, shown, printed in reversed(outputs(read(path))):
        if shown is not None:
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
