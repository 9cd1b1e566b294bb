"""Reads a lesson: from a Markdown file to a list of blocks, as FORMAT.md says.

Read next: runner.py, which runs them.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
CONTAINERS = "exercise", "breakit", "recap", "reading", "teacher"
PROGRAMS = "playcell", "wrong", "right"
KINDS = (*CONTAINERS, *PROGRAMS, "tensorflow", "output", "graph",
         "starter", "check", "hints", "mistake", "solution")

_OPENING = re.compile(r"(`{3,})\{(\w+)\}\s*(.*)$")
_OPTION = re.compile(r":(\w+):\s*(.*)$")


@dataclass
class Block:
    """A piece of a lesson.

    Attributes:
      kind: "text", or the name of the directive.
      line: int, the number in the file of the first line of the body, from 1.
      body: str, the lines between options and end, without the last newline.
      argument: str, what follows the directive's name.
      options: {name: value}.
      blocks: list of Block, for containers.
    """

    kind: str
    line: int
    body: str
    argument: str = ""
    options: dict = field(default_factory=dict)
    blocks: list = field(default_factory=list)

    @property
    def end(self):
        """The number of the line after the body."""
        return self.line + (len(self.body.split("\n")) if self.body else 0)

    def part(self, kind):
        """The one block of that kind in a container. ValueError if there is not exactly one."""
        found = [block for block in self.blocks if block.kind == kind]
        if len(found) != 1:
            raise ValueError(f"line {self.line}: {len(found)} blocks {{{kind}}}, not one")
        return found[0]


def lesson_paths():
    """The lessons' files, in order."""
    return sorted(HERE.glob("[0-9][0-9]-*.md"))


def read(path):
    """The list of blocks of a lesson. ValueError names the line of what is wrong."""
    return parse(Path(path).read_text(encoding="utf-8"))


def parse(text, first_line=1):
    """The list of blocks of some Markdown, whose first line has number `first_line`."""
    lines = text.split("\n")
    blocks, prose, i = [], [], 0

    def end_prose():
        if any(line.strip() for line in prose):
            blocks.append(Block("text", first_line + i - len(prose), "\n".join(prose)))
        prose.clear()

    while i < len(lines):
        opening = _OPENING.match(lines[i])
        if opening is None:
            prose.append(lines[i])
            i += 1
            continue
        end_prose()
        fence, kind, argument = opening.groups()
        if kind not in KINDS:
            raise ValueError(f"line {first_line + i}: no directive is called {{{kind}}}")
        try:
            end = lines.index(fence, i + 1)
        except ValueError:
            raise ValueError(f"line {first_line + i}: {{{kind}}} has no end") from None
        blocks.append(_block(kind, argument, lines[i + 1:end], first_line + i + 1))
        i = end + 1
    end_prose()
    return blocks


def _block(kind, argument, lines, number):
    options = {}
    while lines and (option := _OPTION.match(lines[0])):
        options[option[1]] = option[2]
        lines, number = lines[1:], number + 1
    body = "\n".join(lines)
    blocks = parse(body, number) if kind in CONTAINERS else []
    return Block(kind, number, body, argument.strip(), options, blocks)


def in_order(blocks):
    """The blocks and those of break-it experiments, flat, in the order of the file."""
    for block in blocks:
        yield block
        if block.kind == "breakit":
            yield from block.blocks
