"""A Chart as SVG text, for the page and for notebooks. Nothing but NumPy is needed.

Colours follow the reader's light or dark scheme. Read next: chart.py.
"""

import base64
import html
import math

import numpy as np

_WIDTH, _HEIGHT = 520, 300
_TOP, _RIGHT, _BOTTOM, _LEFT = 16, 16, 34, 54
_TITLE, _LABEL = 20, 18                       # room for a line of text above, below
_LIGHT = "#1f78c8", "#d9701e", "#2c9a5b", "#a4479b", "#b08a00", "#c23b4b"
_DARK = "#62aef5", "#f59a4d", "#5cc98c", "#d88ad0", "#d9b93b", "#f07b88"
_COLOURS = len(_LIGHT)


def _colours(colours, text, strong, line):
    """The rules of one scheme. Without var(), which simple renderers do not know."""
    kinds = "".join(f".c .l.k{i}{{stroke:{colour}}}.c .f.k{i}{{fill:{colour}}}\n"
                    for i, colour in enumerate(colours))
    return f".c text{{fill:{text}}}.c .t{{fill:{strong}}}.c .g{{stroke:{line}}}\n{kinds}"


_STYLE = (".c text{font:11px Helvetica,Arial,'Liberation Sans',sans-serif}"
          ".c .t{font-size:13px;font-weight:600}.c .f{fill-opacity:.8}"
          ".c .l{fill:none;stroke-width:1.8;stroke-linejoin:round}\n"
          + _colours(_LIGHT, "#52606d", "#1c2430", "#dde3ea")
          + "@media (prefers-color-scheme:dark){\n"
          + _colours(_DARK, "#a3b1bd", "#e8ecf2", "#2f3a44") + "}")


def to_svg(chart):
    """The SVG text of a Chart. The same chart gives the same text."""
    frame = _Frame(chart)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" class="c" role="img" '
             f'width="{_WIDTH}" height="{_HEIGHT}" viewBox="0 0 {_WIDTH} {_HEIGHT}">',
             f"<title>{html.escape(_words(chart))}</title><style>{_STYLE}</style>"]
    if chart.marks[0].kind == "image":
        parts.append(frame.image(chart.marks[0].y))
    else:
        parts += frame.axes()
    colour = 0
    for mark in chart.marks:
        if mark.kind != "image":
            parts += _DRAW[mark.kind](frame, mark, colour)
            colour += 1
    parts += frame.texts() + _legend(chart, frame)
    return "\n".join([*parts, "</svg>", ""])


def _words(chart):
    """What a screen reader says."""
    def of(mark):
        name = f" {mark.label}" if mark.label else ""
        if mark.kind == "image":
            return f"image of shape {' by '.join(map(str, mark.y.shape))}"
        finite = mark.y[np.isfinite(mark.y)]
        span = f", from {finite.min():.3g} to {finite.max():.3g}" if finite.size else ""
        return f"{mark.kind}{name} of {mark.y.size} values{span}"
    title = chart.title or "Chart"
    return f"{title}: " + "; ".join(of(mark) for mark in chart.marks)


class _Frame:
    """Where numbers lie in the picture."""

    def __init__(self, chart):
        self.chart = chart
        self.top = _TOP + (_TITLE if chart.title else 0)
        self.bottom = _HEIGHT - _BOTTOM - (_LABEL if chart.x_label else 0)
        self.left = _LEFT + (_LABEL if chart.y_label else 0)
        self.right = _WIDTH - _RIGHT
        image = chart.marks[0] if chart.marks[0].kind == "image" else None
        if image is not None:
            rows, columns = image.y.shape[:2]
            self.x_range, self.y_range = (-0.5, columns - 0.5), (rows - 0.5, -0.5)
            self._keep_square(columns / rows)
            return
        self.x_range = _range([mark.x for mark in chart.marks])
        ys = [self._scaled(mark.y) for mark in chart.marks]
        if not chart.log and any(mark.kind == "bar" for mark in chart.marks):
            ys.append(np.zeros(1))
        self.y_range = _range(ys)

    def _keep_square(self, ratio):
        width, height = self.right - self.left, self.bottom - self.top
        if width > height * ratio:
            middle = (self.left + self.right) / 2
            self.left, self.right = middle - height * ratio / 2, middle + height * ratio / 2
        else:
            self.bottom = self.top + width / ratio

    def _scaled(self, y):
        """Logarithms, on a logarithmic axis; there is none of what is not positive."""
        if not self.chart.log:
            return y
        return np.where(y > 0, np.log10(np.where(y > 0, y, 1.0)), np.nan)

    def x(self, values):
        low, high = self.x_range
        return self.left + (values - low) / (high - low) * (self.right - self.left)

    def y(self, values):
        low, high = self.y_range
        scaled = self._scaled(np.asarray(values, np.float64))
        return self.bottom - (scaled - low) / (high - low) * (self.bottom - self.top)

    def axes(self):
        """Lines behind, and the numbers at them."""
        names = next((mark.names for mark in self.chart.marks if mark.names is not None), None)
        for at in _ticks(*self.y_range, whole=self.chart.log):
            text = _short(10.0 ** at if self.chart.log else at)
            y = self.y(10.0 ** at if self.chart.log else at)
            yield (f'<path class="g" d="M{self.left} {y:.1f}H{self.right}"/>'
                   f'<text x="{self.left - 7}" y="{y + 3.5:.1f}" text-anchor="end">{text}</text>')
        ticks = ([(i, name) for i, name in enumerate(names)] if names is not None
                 else [(at, _short(at)) for at in _ticks(*self.x_range)])
        for at, text in ticks:
            yield (f'<text x="{self.x(at):.1f}" y="{self.bottom + 17}" text-anchor="middle">'
                   f"{html.escape(text)}</text>")

    def image(self, values):
        from pellucid.summary.images import encode_png
        file = base64.b64encode(encode_png(_pixels(values))).decode()
        return (f'<image x="{self.left:.1f}" y="{self.top:.1f}" '
                f'width="{self.right - self.left:.1f}" height="{self.bottom - self.top:.1f}" '
                f'preserveAspectRatio="none" style="image-rendering:pixelated" '
                f'href="data:image/png;base64,{file}"/>')

    def texts(self):
        chart, middle = self.chart, (self.left + self.right) / 2
        found = []
        if chart.title:
            found.append(f'<text class="t" x="{middle:.1f}" y="{self.top - 12:.1f}" '
                         f'text-anchor="middle">{html.escape(chart.title)}</text>')
        if chart.x_label:
            found.append(f'<text x="{middle:.1f}" y="{_HEIGHT - 8}" text-anchor="middle">'
                         f"{html.escape(chart.x_label)}</text>")
        if chart.y_label:
            y = (self.top + self.bottom) / 2
            found.append(f'<text transform="translate(14 {y:.1f}) rotate(-90)" '
                         f'text-anchor="middle">{html.escape(chart.y_label)}</text>')
        return found


# -- marks ---------------------------------------------------------------------------------

def _line(frame, mark, colour):
    path, pen = [], "M"
    for x, y in zip(frame.x(mark.x), frame.y(mark.y), strict=True):
        if math.isfinite(x) and math.isfinite(y):
            path.append(f"{pen}{x:.1f} {y:.1f}")
            pen = "L"
        else:
            pen = "M"
    return [f'<path class="l k{colour % _COLOURS}" d="{"".join(path)}"/>']


def _points(frame, mark, colour):
    kinds = np.full(mark.x.size, colour) if mark.kinds is None else mark.kinds
    return [f'<circle class="f k{kind % _COLOURS}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>'
            for x, y, kind in zip(frame.x(mark.x), frame.y(mark.y), kinds, strict=True)
            if math.isfinite(x) and math.isfinite(y)]


def _bars(frame, mark, colour):
    base = frame.bottom if frame.chart.log else float(frame.y(0.0))
    return [f'<rect class="f k{colour % _COLOURS}" x="{left:.1f}" y="{min(y, base):.1f}" '
            f'width="{max(right - left - 0.6, 0.4):.1f}" height="{abs(y - base):.1f}"/>'
            for left, right, y in zip(frame.x(mark.x[0]), frame.x(mark.x[1]), frame.y(mark.y),
                                      strict=True) if math.isfinite(y)]


_DRAW = {"line": _line, "scatter": _points, "bar": _bars}


def _legend(chart, frame):
    labels = [(i, mark.label) for i, mark in enumerate(chart.marks) if mark.label]
    return [f'<rect class="f k{i % _COLOURS}" x="{frame.right - 110}" '
            f'y="{frame.top + 6 + 16 * row}" width="12" height="4"/>'
            f'<text x="{frame.right - 93}" y="{frame.top + 12 + 16 * row}">{html.escape(label)}'
            "</text>" for row, (i, label) in enumerate(labels)]


# -- small tools ---------------------------------------------------------------------------

def _range(arrays):
    """The smallest and the largest finite number, and some room around."""
    finite = [array[np.isfinite(array)] for array in map(np.ravel, arrays)]
    values = np.concatenate(finite)
    if values.size == 0:
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    room = 0.04 * (high - low) or 0.5 * abs(high) or 0.5
    return low - room, high + room


def _ticks(low, high, whole=False, most=7):
    """Round numbers between two: 1, 2 or 5 times a power of ten apart."""
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    if whole:
        step = max(1.0, round(step))
    first = math.ceil(low / step)
    return [i * step for i in range(first, math.floor(high / step) + 1)]


def _short(number):
    if number == 0 or 1e-3 <= abs(number) < 1e5:
        return f"{number:.6g}"
    return f"{number:.3g}".replace("e+0", "e").replace("e-0", "e-").replace("e+", "e")


def _pixels(values):
    """Numbers as pixels: uint8, shape (rows, columns, 1) or (rows, columns, 3)."""
    if values.ndim == 2:
        finite = values[np.isfinite(values)]
        low, high = (finite.min(), finite.max()) if finite.size else (0.0, 1.0)
        values = ((values - low) / ((high - low) or 1.0))[:, :, None]
    return (np.nan_to_num(values, nan=0.0).clip(0, 1) * 255).round().astype(np.uint8)
