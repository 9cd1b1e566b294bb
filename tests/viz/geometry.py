"""What makes a drawing legible, as a check: nothing lies on anything else."""

import itertools

from pellucid.viz import level, text
from pellucid.viz.layout import Layout


def overlaps(picture):
    """List of texts, one for each thing of the drawing that lies on another."""
    drawing = Layout(picture)
    leaves = [p for p in picture.parts() if not p.is_open]
    solid = [(part.name, drawing.boxes[part]) for part in leaves]
    solid += [(f"title of {p.name}", _title(p, drawing.boxes[p]))
              for p in picture.parts() if p.is_open]
    solid += [(f"label of {wire.edge.tensors[0].name}", _label(wire))
              for wire in drawing.wires if wire.label]
    found = [f"{a} / {b}" for (a, one), (b, other) in itertools.combinations(solid, 2)
             if _meet(one, other)]
    found += _outside(picture, drawing)
    for wire in drawing.wires:
        points = list(_points(wire))
        found += [f"{wire.edge.source.name} -> {wire.edge.target.name} passes {name}"
                  for name, box in solid if any(_inside(point, box) for point in points)]
    return found


def _outside(picture, drawing):
    """Parts that stand outside their scope, or a scope that meets its neighbour."""
    found = []
    for part in picture.parts():
        if part.parent is not picture.root:
            outer, inner = drawing.boxes[part.parent], drawing.boxes[part]
            if not (outer[0] < inner[0] and outer[1] < inner[1]
                    and inner[0] + inner[2] < outer[0] + outer[2]
                    and inner[1] + inner[3] < outer[1] + outer[3]):
                found.append(f"{part.name} leaves {part.parent.name}")
    scopes = [picture.root, *(p for p in picture.parts() if p.is_open)]
    for scope in scopes:
        pairs = itertools.combinations(scope.children, 2)
        found += [f"{a.name} / {b.name}" for a, b in pairs
                  if _meet(drawing.boxes[a], drawing.boxes[b])]
    return found


def _title(part, box):
    return box[0] + 10, box[1] + 5, text.width(part.label, level.TITLE_SIZE), 14


def _label(wire):
    width = text.width(wire.edge.label, level.LABEL_SIZE)
    return wire.label[0] - width / 2, wire.label[1] - 6, width, 12


def _meet(one, other):
    return (one[0] < other[0] + other[2] and other[0] < one[0] + one[2]
            and one[1] < other[1] + other[3] and other[1] < one[1] + one[3])


def _inside(point, box):
    edge = 0.5
    return (box[0] + edge < point[0] < box[0] + box[2] - edge
            and box[1] + edge < point[1] < box[1] + box[3] - edge)


def _points(wire):
    """Points along the drawn lines: the verticals and the curves of svg.py between them."""
    for run in wire.pieces:
        for x, top, bottom in run:
            yield from ((x, top + (bottom - top) * i / 8) for i in range(9))
        for (x, _, y), (to_x, to_y, _) in itertools.pairwise(run):
            middle = (y + to_y) / 2
            for i in range(1, 12):
                t = i / 12
                a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t ** 3
                yield ((a + b) * x + (c + d) * to_x, a * y + (b + c) * middle + d * to_y)
