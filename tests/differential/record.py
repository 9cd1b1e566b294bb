"""Remakes the recorded answers: python -m tests.differential.record [theme ...]"""

from __future__ import annotations

import sys
from itertools import groupby

from .harness import load_cases
from .oracle import ANSWERS, live, write


def main(themes: list[str]) -> None:
    cases = sorted(load_cases().values(), key=lambda one: one.theme)
    known = set()
    for theme, group in groupby(cases, key=lambda one: one.theme):
        known.add(theme)
        if themes and theme not in themes:
            continue
        members = list(group)
        path = write(theme, members)
        outcomes = [outcome for outcome in map(live, members) if isinstance(outcome, dict)]
        errors = sum("error" in outcome for outcome in outcomes)
        print(f"{path.name}: {len(members)} cases, {errors} of them errors, "
              f"{path.stat().st_size / 1024:.0f} KB")
    for path in ANSWERS.glob("*.json"):
        if path.stem not in known:
            path.unlink()                                # its theme is gone


if __name__ == "__main__":
    main(sys.argv[1:])
