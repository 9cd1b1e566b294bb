"""Makes docs/coverage.md: python docs/symbol_coverage.py [--check].

symbols.csv counts which symbols 1,045 files of TensorFlow 1 code in 43 public repositories use:
the symbol, the number of files, the number of repositories.
"""

import csv
import sys
from pathlib import Path

HERE = Path(__file__).parent
PAGE, SYMBOLS = HERE / "coverage.md", HERE / "symbols.csv"

HEAD = """# Which of TensorFlow's symbols are there

Made by `python docs/symbol_coverage.py`. It asks pellucid for each symbol that a survey of 1,045
files of TensorFlow 1 code in 43 public repositories found in use. `pellucid check` asks the same of
your programs.

| used by | symbols | provided | refused, with an alternative | missing |
|---|--:|--:|--:|--:|
"""


def page():
    """The page's text."""
    sys.path.insert(0, str(HERE.parent))
    from pellucid.names.lookup import provided
    from pellucid.names.missing import alternative, nearest

    with SYMBOLS.open(newline="") as file:
        rows = [(row["symbol"], int(row["files"]), int(row["repositories"]))
                for row in csv.DictReader(file)]
    kinds = {symbol: "provided" if provided(symbol) else
             "refused" if alternative(symbol) else "missing" for symbol, _, _ in rows}
    text = HEAD
    for label, least in ("10 repositories or more", 10), ("2 or more", 2), ("any", 1):
        found = [kinds[symbol] for symbol, _, count in rows if count >= least]
        share = 100 * found.count("provided") / len(found)
        text += (f"| {label} | {len(found)} | {found.count('provided')} ({share:.1f} %) | "
                 f"{found.count('refused')} | {found.count('missing')} |\n")
    for kind, title in ("missing", "Missing"), ("refused", "Refused, with an alternative"):
        text += f"\n## {title}\n\n| symbol | files | repositories | instead |\n|---|--:|--:|---|\n"
        for symbol, files, count in sorted(rows, key=lambda row: (-row[2], -row[1], row[0])):
            if kinds[symbol] == kind:
                near = nearest(symbol.removeprefix("tf."))
                instead = alternative(symbol) or (f"nearest: `tf.{near}`" if near else "")
                text += f"| `{symbol}` | {files} | {count} | {instead} |\n"
    text += "\n## Provided\n\n"
    text += ", ".join(f"`{symbol}`" for symbol, _, _ in rows if kinds[symbol] == "provided")
    return text + "\n"


def main():
    text = page()
    if "--check" in sys.argv:
        sys.exit(0 if PAGE.read_text() == text else "run python docs/symbol_coverage.py")
    PAGE.write_text(text)


if __name__ == "__main__":
    main()
