"""Charts for a reader's own programs: lines, points, bars, histograms, images.

    tf.viz.line(losses, title="training")                   # the last line of a program in the page
    (tf.viz.scatter(x, y, kinds=labels) + tf.viz.line(a, b)).show()

The page and notebooks show a chart as SVG, which is drawn here without any library. Anywhere else
`show` opens a window, and `save` writes PNG and PDF, through matplotlib.
Read next: chart_svg.py.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

shower = None                  # function of a Chart, while a page runs a program: how it is shown


@dataclass(frozen=True)
class Mark:
    """One set of lines, points, bars or pixels.

    Attributes:
      kind: "line", "scatter", "bar" or "image".
      x, y: arrays of float64, shape (n,). Of bars: left and right edges, shape (2, n), and heights.
        Of an image: None, and pixels, shape (rows, columns) or (rows, columns, 3).
      label: str, for the legend, or None.
      kinds: array of int, shape (n,), which colour each point has; or None.
      names: list of str, one for each bar, or None.
    """

    kind: str
    x: np.ndarray | None
    y: np.ndarray
    label: str | None = None
    kinds: np.ndarray | None = None
    names: list | None = None


@dataclass(frozen=True)
class Chart:
    """Marks on common axes. `one + another` lays both on the axes of the first.

    Attributes:
      marks: tuple of Mark.
      title, x_label, y_label: str.
      log: bool, whether the y axis is logarithmic.
    """

    marks: tuple = field(repr=False)
    title: str = ""
    x_label: str = ""
    y_label: str = ""
    log: bool = False

    def __add__(self, other):
        if not isinstance(other, Chart):
            return NotImplemented
        return replace(self, marks=self.marks + other.marks)

    def __repr__(self):
        kinds = ", ".join(mark.kind for mark in self.marks)
        return f"<Chart{f' {self.title!r}' if self.title else ''}: {kinds}>"

    def _repr_svg_(self):
        from pellucid.viz.chart_svg import to_svg
        return to_svg(self)

    def show(self):
        """Shows it: below the program in the page, else in matplotlib's window."""
        if shower is not None:
            shower(self)
            return
        from matplotlib import pyplot
        self.draw_on(pyplot.figure().subplots())
        pyplot.show()

    def save(self, path):
        """Writes it to a file: SVG as in the page; other endings, such as .png, by matplotlib."""
        if Path(path).suffix == ".svg":
            from pellucid.viz.files import write
            write(path, self._repr_svg_())
            return
        from matplotlib.figure import Figure
        figure = Figure()
        self.draw_on(figure.subplots())
        figure.savefig(path)

    def draw_on(self, axes):
        """Draws the marks on matplotlib's Axes."""
        for mark in self.marks:
            _DRAW[mark.kind](axes, mark)
        axes.set(title=self.title, xlabel=self.x_label, ylabel=self.y_label)
        if self.log:
            axes.set_yscale("log")
        if any(mark.label for mark in self.marks):
            axes.legend()


def line(x, y=None, label=None, **axes):
    """A line through points.

    Args:
      x: array of numbers, shape (n,); the y if no y is given, over 0, 1, 2, ...
      y: array of numbers, shape (n,). Where it is not finite the line is broken.
      label: str, what the legend says.
      **axes: title, x_label, y_label, each a str; log, True for a logarithmic y axis.

    Returns a Chart.

    >>> tf.viz.line([3.0, 2.0, 1.5], title="loss")
    <Chart 'loss': line>
    """
    if y is None:
        x, y = np.arange(np.size(x)), x
    return Chart((Mark("line", *_pairs(x, y), label),), **axes)


def scatter(x, y, kinds=None, label=None, **axes):
    """Points.

    Args:
      x, y: arrays of numbers, shape (n,).
      kinds: array of whole numbers, shape (n,): points of one kind have one colour.
      label, **axes: see `line`.

    Returns a Chart.
    """
    x, y = _pairs(x, y)
    if kinds is not None:
        kinds = np.asarray(kinds).astype(np.int64).ravel()
        if kinds.shape != x.shape:
            raise ValueError(f"scatter: {x.size} points, but {kinds.size} kinds.")
    return Chart((Mark("scatter", x, y, label, kinds),), **axes)


def bar(heights, names=None, label=None, **axes):
    """Bars, one beside the other.

    Args:
      heights: array of numbers, shape (n,).
      names: list of n names, written below; where left out, numbers from 0.
      label, **axes: see `line`.

    Returns a Chart.
    """
    heights = _numbers(heights)
    if names is not None:
        names = [str(name) for name in names]
        if len(names) != heights.size:
            raise ValueError(f"bar: {heights.size} bars, but {len(names)} names.")
    middle = np.arange(heights.size, dtype=np.float64)
    edges = np.stack([middle - 0.4, middle + 0.4])
    return Chart((Mark("bar", edges, heights, label, names=names),), **axes)


def histogram(values, bins=20, label=None, **axes):
    """How many of the values lie where.

    Args:
      values: array of numbers, of any shape. Those that are not finite are left out.
      bins: int, how many intervals of one width; or array of their edges.
      label, **axes: see `line`.

    Returns a Chart.
    """
    values = _numbers(values)
    counts, edges = np.histogram(values[np.isfinite(values)], bins)
    return Chart((Mark("bar", np.stack([edges[:-1], edges[1:]]), counts.astype(np.float64),
                       label),), **axes)


def image(values, **axes):
    """Numbers as a picture.

    Args:
      values: array, shape (rows, columns), shown from the smallest, dark, to the largest, light; or
        (rows, columns, 3): red, green, blue, as uint8 or as floats from 0 to 1.
      **axes: see `line`.

    Returns a Chart.
    """
    values = np.asarray(values)
    if values.ndim == 3 and values.shape[2] == 1:
        values = values[:, :, 0]
    if values.size == 0 or not (values.ndim == 2 or (values.ndim == 3 and values.shape[2] == 3)):
        raise ValueError(f"image: shape {values.shape}, and not (rows, columns) or "
                         "(rows, columns, 3).")
    if values.ndim == 3 and values.dtype.kind in "iu":
        values = values / 255.0
    return Chart((Mark("image", None, values.astype(np.float64)),), **axes)


def _numbers(values):
    """A flat array of float64. TypeError if there is something else than numbers."""
    array = np.asarray(values)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"A chart shows numbers, and not {array.dtype.name}: {array!r:.60}.")
    return array.astype(np.float64).ravel()


def _pairs(x, y):
    x, y = _numbers(x), _numbers(y)
    if x.size != y.size:
        raise ValueError(f"{x.size} values of x, but {y.size} of y.")
    return x, y


# -- by matplotlib -------------------------------------------------------------------------

def _draw_line(axes, mark):
    axes.plot(mark.x, mark.y, label=mark.label)


def _draw_scatter(axes, mark):
    colours = None if mark.kinds is None else [f"C{kind % 10}" for kind in mark.kinds]
    axes.scatter(mark.x, mark.y, s=14, c=colours, label=mark.label)


def _draw_bar(axes, mark):
    left, right = mark.x
    axes.bar(left, mark.y, right - left, align="edge", label=mark.label)
    if mark.names is not None:
        axes.set_xticks((left + right) / 2, mark.names)


def _draw_image(axes, mark):
    axes.imshow(mark.y.clip(0, 1) if mark.y.ndim == 3 else mark.y, cmap="gray")


_DRAW = {"line": _draw_line, "scatter": _draw_scatter, "bar": _draw_bar, "image": _draw_image}
