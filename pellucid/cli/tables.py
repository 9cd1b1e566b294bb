"""Tables of text, for the terminal."""


def table(rows, headings=(), right=()):
    """Rows of values as lines, each column as wide as it must be.

    >>> print(table([["a", 1], ["bcd", 20]], ["name", "n"], right=[1]))
    name   n
    a      1
    bcd   20
    """
    rows = [[str(cell) for cell in row] for row in ([headings] if headings else []) + list(rows)]
    if not rows:
        return ""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ["  ".join(cell.rjust(width) if i in right else cell.ljust(width)
                       for i, (cell, width) in enumerate(zip(row, widths, strict=True)))
             for row in rows]
    return "\n".join(line.rstrip() for line in lines)


def bytes_text(count):
    """A number of bytes, short.

    >>> bytes_text(999), bytes_text(23_456), bytes_text(5 << 30)
    ('999 B', '23.5 kB', '5.37 GB')
    """
    for unit, size in ("GB", 10**9), ("MB", 10**6), ("kB", 10**3):
        if count >= size:
            return f"{count / size:.3g} {unit}"
    return f"{count} B"


def shape_text(dims):
    """A shape, unknown dimensions as "?".

    >>> shape_text((None, 3)), shape_text(()), shape_text(None)
    ('(?, 3)', '()', '?')
    """
    if dims is None:
        return "?"
    inside = ", ".join("?" if d is None or d < 0 else str(d) for d in dims)
    return f"({inside},)" if len(dims) == 1 else f"({inside})"


def cut(lines, most):
    """At most `most` lines, then how many more there are; 0 for all.

    >>> cut(["a", "b", "c"], 2)
    ['a', 'b', '... 1 more (--all lists them)']
    """
    lines = list(lines)
    if most and len(lines) > most:
        return [*lines[:most], f"... {len(lines) - most} more (--all lists them)"]
    return lines
