"""A laid out Picture as SVG text.

Nothing in the text depends on time, place or memory addresses. Colours: style.py.
"""

from pathlib import PurePath

from pellucid.core.shapes import show
from pellucid.viz.layout import Layout
from pellucid.viz.level import NOTE_SIZE
from pellucid.viz.style import STYLE
from pellucid.viz.text import width as text_width

_MARGIN = 12.0


def to_svg(picture):
    """The SVG text of a Picture."""
    layout = Layout(picture)
    parts = picture.parts()
    legend = _Legend(picture)
    width = max(layout.width, legend.width) + 2 * _MARGIN
    height = layout.height + legend.height + 2 * _MARGIN
    shift = (width - layout.width) / 2
    count = sum(not part.is_open for part in parts)
    size = f'width="{width:.0f}" height="{height:.0f}"'
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" class="pellucid" role="img" {size} '
        f'viewBox="0 0 {width:.0f} {height:.0f}">',
        f"<title>Computational graph of {picture.root.size:,} operations, "
        f"drawn as {count} nodes</title>",
        f"<style>{STYLE}</style>",
        f'<rect class="ground" {size} rx="10"/>',
        f'<g transform="translate({shift:.1f} {_MARGIN:.1f})">',
        *(_box(part, layout.boxes[part]) for part in parts if part.is_open),
        *(_wire(wire) for wire in layout.wires),
        *(_node(part, layout.boxes[part]) for part in parts if not part.is_open),
        "</g>", legend.draw(_MARGIN, height - _MARGIN - legend.height), "</svg>", ""])


# -- nodes and boxes ---------------------------------------------------------------------

def _box(part, place):
    left, top, width, height = place
    return (f'<g class="box"><title>{_escape(part.name)}: {part.size:,} operations</title>'
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" '
            f'rx="9"/><text class="caption soft" x="{left + 10:.1f}" y="{top + 16:.1f}">'
            f"{_escape(part.label)}</text></g>")


def _node(part, place):
    left, top, width, height = place
    kind = "scope" if part.is_folded else part.kind
    names = kind + (" target" if part.is_target else "")
    x, y = left + width / 2, top + height / 2
    lines = [f'<g class="{names}"><title>{_escape(_tooltip(part))}</title>']
    if part.is_folded:                        # a second sheet behind: there is more inside
        lines.append(_rect(left + 4, top + 4, width, height, 7))
    lines.append(_rect(left, top, width, height, _radius(kind, height)))
    if kind == "variable":
        lines.append(f'<rect class="bar" x="{left + 4:.1f}" y="{top + 5:.1f}" width="3" '
                     f'height="{height - 10:.1f}" rx="1.5"/>')
    if kind == "constant":
        lines.append(_text("value", x, y + 3.9, part.label))
    elif part.note:
        lines.append(_text("name", x, y - 2.5, part.label))
        lines.append(_text("note soft", x, y + 13, part.note))
    else:
        lines.append(_text("name", x, y + 4.6, part.label))
    return "".join(lines) + "</g>"


def _radius(kind, height):
    return {"placeholder": height / 2, "constant": 10, "variable": 4}.get(kind, 7)


def _rect(left, top, width, height, radius):
    return (f'<rect class="face" x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" '
            f'height="{height:.1f}" rx="{radius:g}"/>')


def _text(names, x, y, text):
    return f'<text class="{names}" x="{x:.1f}" y="{y:.1f}">{_escape(text)}</text>'


def _tooltip(part):
    if not part.ops:
        return f"{part.name}: {part.size:,} operations"
    op = part.ops[0]
    lines = [f"{op.name} ({op.type})"]
    lines += [f"{'untyped' if t.dtype is None else t.dtype.name} {show(t.spec.shape)}"
              for t in op.outputs]
    file, line = op.location
    lines.append(f"{PurePath(file).name}:{line}")
    return "\n".join(lines)


def _escape(text):
    return (text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            .replace('"', "&quot;"))


# -- arrows ------------------------------------------------------------------------------

def _wire(wire):
    edge = wire.edge
    names = "wire" if edge.tensors else "wire control"
    what = ", ".join(tensor.name for tensor in edge.tensors[:4]) or "control"
    if len(edge.tensors) > 4:
        what += f" and {len(edge.tensors) - 4} more"
    title = _escape(f"{what} → {edge.target.name}")
    sign = -1 if wire.up else 1
    x, y = wire.tip
    path = "".join(_run(run, (x, y), sign) for run in wire.pieces)
    lines = [f'<g class="{names}"><title>{title}</title><path d="{path}"/>']
    lines.append(f'<path class="tip" d="M{x:.1f} {y:.1f}l-3.6 {-7.5 * sign:.1f}q3.6 '
                 f'{2.4 * sign:.1f} 7.2 0z"/>')
    if wire.label:
        lines.append(_text("label soft", wire.label[0], wire.label[1] + 3.7, edge.label))
    return "".join(lines) + "</g>"


def _run(run, tip, sign):
    """Vertical stretches joined by curves that leave and arrive vertically."""
    x, _, y = run[0]
    start = run[0][1]
    if sign < 0 and (x, start) == tip:
        start = min(start + 6, y)
    path = [f"M{x:.1f} {start:.1f}"]
    if y > start:
        path.append(f"V{y:.1f}")
    for i, (to_x, top, bottom) in enumerate(run[1:], 2):
        if i == len(run) and sign > 0 and (to_x, bottom) == tip:
            bottom -= 6                                 # the arrowhead covers the rest
            top = min(top, bottom)
        if abs(to_x - x) < 0.05:
            path.append(f"V{top:.1f}")
        else:
            middle = (y + top) / 2
            path.append(f"C{x:.1f} {middle:.1f} {to_x:.1f} {middle:.1f} "
                        f"{to_x:.1f} {top:.1f}")
        if bottom > top:
            path.append(f"V{bottom:.1f}")
        x, y = to_x, bottom
    return "".join(path)


# -- what the shapes mean ----------------------------------------------------------------

class _Legend:
    """One row that names the kinds of nodes and arrows in the picture."""

    _NAMES = {"placeholder": "placeholder", "variable": "variable",
              "constant": "constant", "op": "operation", "scope": "folded scope"}

    def __init__(self, picture):
        kinds = {"scope" if part.is_folded else part.kind
                 for part in picture.parts() if not part.is_open}
        self.entries = [(kind, name) for kind, name in self._NAMES.items() if kind in kinds]
        if any(not edge.tensors for edge in picture.edges):
            self.entries.append(("control", "runs after"))
        widths = [30 + text_width(name, NOTE_SIZE) + 16 for _, name in self.entries]
        self.width, self._widths = sum(widths), widths
        self.height = 26.0 if self.entries else 0.0

    def draw(self, left, top):
        """The row, as SVG text."""
        lines, y = [], top + 15
        for (kind, name), width in zip(self.entries, self._widths, strict=True):
            if kind == "control":
                mark = f'<path d="M{left + 2:.1f} {y:.1f}h22"/>'
                names = "wire control"
            else:
                radius = 3 if kind == "op" else _radius(kind, 12)
                mark, names = _rect(left + 2, y - 6, 22, 12, radius), kind
            lines.append(f'<g class="{names}">{mark}<text class="note soft" '
                         f'style="text-anchor:start" x="{left + 30:.1f}" y="{y + 3.8:.1f}">'
                         f"{name}</text></g>")
            left += width
        return "".join(lines)

