"""Fills in the line counts of docs/tour.md: python docs/count_lines.py [--check]."""

import re
import sys
from pathlib import Path

TOUR = Path(__file__).with_name("tour.md")
PACKAGE = Path(__file__).parents[1] / "pellucid"


def counted(text):
    """The tour's text with the present number of lines after each file name."""
    def count(match):
        lines = len((PACKAGE / match[1]).read_text().splitlines())
        return f"`{match[1]}`{match[2]}{lines}"
    return re.sub(r"`([a-z]+/[a-z_]+\.py)`( \| | \()\d+", count, text)


def main():
    text = TOUR.read_text()
    if "--check" in sys.argv:
        sys.exit(0 if counted(text) == text else "docs/tour.md: run python docs/count_lines.py")
    TOUR.write_text(counted(text))


if __name__ == "__main__":
    main()
