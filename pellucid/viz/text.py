"""How wide a text will be, without asking a font.

Browsers fall back to different fonts, so a drawing needs estimates that err on the wide
side: Helvetica's widths, and a tenth more.
"""

_WIDTHS = {222: "ijl", 278: " !,./:;I[]\\ft", 333: "()-`r{}|'\"", 389: "*",
           500: "Jckvsxyz^", 556: "0123456789#$?L_abdeghnopqu", 584: "+<>=~",
           611: "FTZ", 667: "ABEKPSVXY&", 722: "CDHNRUw", 778: "GOQ", 833: "Mm", 944: "W%@"}
_WIDTH = {letter: width for width, letters in _WIDTHS.items() for letter in letters}


def width(text, size):
    """Width in pixels of a text at a font size, rounded up to halves."""
    units = sum([_WIDTH.get(letter, 722) for letter in text])
    return round(units * size * 0.0022 + 0.5) / 2


def shorten(text, limit):
    """The text, with its middle left out where it is longer than `limit` letters."""
    if len(text) <= limit:
        return text
    tail = limit // 2
    return text[:limit - 1 - tail] + "…" + text[-tail:]
