"""The demo's pictures, drawn with matplotlib. Nothing is learned here."""

import functools
import io

import matplotlib
import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from pellucid.viz.files import write

RED, BLUE, GREY, GREEN = "#c8452f", "#2c6cae", "#8b95a3", "#1a8a5f"
_STYLE = {
    "font.size": 10, "axes.titlesize": 11, "axes.titleweight": "bold",
    "axes.edgecolor": GREY, "axes.spines.top": False, "axes.spines.right": False,
    "axes.grid": True, "grid.color": "#e6e9ee", "axes.axisbelow": True,
    "legend.frameon": False, "xtick.color": "#4a5462", "ytick.color": "#4a5462"}


def _styled(draw):
    """Runs a function that draws, and saves, with this file's style."""
    @functools.wraps(draw)
    def styled(*args, **kwargs):
        with matplotlib.rc_context(_STYLE):
            return draw(*args, **kwargs)
    return styled


@_styled
def boundaries(results, path):
    """The plane in the colours of what each classifier makes of it, and its points."""
    figure, axes = _figure((10.4, 5.0), 1, len(results))
    for axis, result in zip(axes, results, strict=True):
        _boundary(axis, result)
    _save(figure, path)


def _boundary(axis, result):
    reach = np.abs(result.points).max() + 0.6
    line = np.linspace(-reach, reach, 241)
    grid = np.stack(np.meshgrid(line, line), axis=-1)
    red = result.predict(grid.reshape(-1, 2))[:, 0].reshape(grid.shape[:2])
    axis.contourf(line, line, red, levels=np.linspace(0, 1, 21), cmap=_colours(), alpha=0.9)
    axis.contour(line, line, red, levels=[0.5], colors="#2a3340", linewidths=1.6)
    for column, colour in enumerate((RED, BLUE)):
        some = result.points[result.classes[:, column] == 1]
        axis.scatter(*some.T, s=34, color=colour, edgecolor="white", linewidth=0.7,
                     zorder=3)
    axis.set(title=f"{result.name}: {result.accuracy:.0%} separated", aspect="equal",
             xlim=(-reach, reach), ylim=(-reach, reach), xlabel="$x_1$", ylabel="$x_2$")
    axis.grid(False)


def _colours():
    return LinearSegmentedColormap.from_list("points", ["#bcd5ee", "#f7f7f7", "#f6c9bf"])


@_styled
def losses(results, digits, path):
    """How the losses fell, and how the digits' accuracy rose."""
    figure, axes = _figure((10.4, 6.6), 2, 2)
    for axis, result in zip(axes[:2], results, strict=True):
        steps = np.arange(1, len(result.losses) + 1)
        axis.plot(steps, result.losses, color=BLUE, linewidth=2)
        axis.set(title=f"{result.name}: loss", xlabel="step", ylabel="cross-entropy",
                 yscale="log")
    _digits_loss(axes[2], digits)
    _digits_accuracy(axes[3], digits)
    for axis in axes[:3]:
        axis.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.yaxis.set_major_formatter("{x:g}")
        axis.yaxis.set_minor_formatter(NullFormatter())
    _save(figure, path)


def _digits_loss(axis, digits):
    values = np.array(digits.losses)
    window = len(values) // len(digits.history)                   # steps of an epoch
    means = values[:len(values) // window * window].reshape(-1, window).mean(axis=1)
    steps = np.arange(1, len(values) + 1)
    axis.plot(steps, np.maximum(values, 1e-4), color="#c9d6e6", linewidth=0.7,
              label="of a batch")
    axis.plot(steps[window - 1::window], means, color=BLUE, linewidth=2,
              label="mean of an epoch")
    axis.set(title="digits: loss", xlabel="step", ylabel="cross-entropy", yscale="log",
             ylim=(max(values.min(), 1e-3), values.max() * 1.3))
    axis.legend()


def _digits_accuracy(axis, digits):
    steps, training, held_out = np.array(digits.history).T
    axis.plot(steps, 100 * training, color=GREY, linewidth=1.6, label="training part")
    axis.plot(steps, 100 * held_out, color=GREEN, linewidth=2, label="held-out part")
    axis.axhline(97, color=RED, linewidth=1, linestyle="--", label="goal: 97 %")
    low = min(held_out.min(), training.min(), 0.96)
    axis.set(title="digits: accuracy", xlabel="step", ylabel="read right, %",
             ylim=(100 * low - 0.5, 100.4))
    axis.legend(loc="lower right")


@_styled
def digits_sheet(result, path, columns=14, rows=8):
    """Held-out digits and what the network reads; those that it reads wrong come first."""
    read = result.probabilities.argmax(axis=1)
    truth = result.held_out.digits
    order = np.argsort(read == truth, kind="stable")[:columns * rows]
    figure, axes = _figure((10.4, 0.88 * rows + 0.9), rows, columns, pad=0.045)
    for axis in axes:
        axis.axis("off")
    for axis, i in zip(axes, order, strict=False):
        _digit(axis, result.held_out.images[i].reshape(8, 8), read[i], truth[i])
    wrong, count = int((read != truth).sum()), len(truth)
    figure.suptitle(
        f"{count - wrong} of {count} held-out digits are read right "
        f"({result.accuracy:.2%}). Above each: what the network reads.\n{wrong} are read "
        "wrong: they come first, in red, with the right answer.",
        fontsize=10.5, fontweight="bold")
    _save(figure, path)


def _digit(axis, image, read, truth):
    axis.axis("on")
    axis.imshow(image, cmap="gray_r", vmin=0, vmax=1)
    right = read == truth
    axis.set_title(f"{read}" if right else f"{read}, is {truth}", pad=2.5, fontsize=10,
                   color=GREEN if right else RED, fontweight="bold")
    axis.set(xticks=[], yticks=[])
    for spine in axis.spines.values():
        spine.set(visible=True, color="#d5dae1" if right else RED,
                  linewidth=0.8 if right else 2.4)


def _figure(size, rows, columns, pad=0.08):
    figure = Figure(figsize=size, layout="constrained")
    figure.get_layout_engine().set(w_pad=pad, h_pad=pad)
    return figure, figure.subplots(rows, columns, squeeze=False).ravel()


def _save(figure, path):
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=140)
    write(path, picture.getvalue())
