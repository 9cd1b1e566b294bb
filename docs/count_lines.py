"""Fills in the line counts of docs/tour.md: python docs/count_lines.py [--check].

They are rounded to tens, and stay while they are about right: a reader wants to know how long a
file is, and a change of some lines need not touch the tour.
"""

import re
import sys
from pathlib import Path

TOUR = Path(__file__).with_name("tour.md")
PACKAGE = Path(__file__).parents[1] / "pellucid"


def counted(text):
    """The tour's text with about the present number of lines after each file name."""
    def count(match):
        lines = len((PACKAGE / match[1]).read_text().splitlines())
        said = int(match[3])
        if abs(said - lines) > max(10, lines // 10):
            said = max(10, round(lines, -1))
        return f"`{match[1]}`{match[2]}{said}"
    return re.sub(r"`([a-z]+(?:/[a-z_]+)+\.py)`( \| | \()(\d+)", count, text)


def main():
    text = TOUR.read_text()
    if "--check" in sys.argv:
        sys.exit(0 if counted(text) == text else "docs/tour.md: run python docs/count_lines.py")
    TOUR.write_text(counted(text))


if __name__ == "__main__":
    main()
