"""The drawing of one open scope, in its own coordinates.

Its children stand in rows; open ones have been drawn before and are boxes of known size.
Arrows become chains of lines from row to row. Where one leaves or enters the scope there is
a port, in the last or first row, which is the border. Read next: layers.py.
"""

from pellucid.viz import layers
from pellucid.viz.layers import Line, Spot
from pellucid.viz.text import width as text_width

NAME_SIZE, NOTE_SIZE, TITLE_SIZE = 13.0, 10.5, 11.5            # of letters, in pixels
LABEL_SIZE, VALUE_SIZE = 10.5, 11.0
PADDING = 14.0


def size(part):
    """(width, height) of a node that is not an open scope."""
    if part.kind == "constant":
        return text_width(part.label, VALUE_SIZE) + 14, 20.0
    inner = max(text_width(part.label, NAME_SIZE), text_width(part.note, NOTE_SIZE))
    return max(inner + 26, 48.0), 44.0 if part.note else 30.0


class Level:
    """One open scope, drawn.

    Args:
      scope: Part.
      steps: list of (Route, upper end, lower end), of all routes that pass the scope.
      levels: {Part: Level} of the open scopes inside.
      hints: {(scope, border, key): x} of what lies outside its ports, from an earlier try.

    Attributes:
      nodes: {child: Spot}.
      ports: {("upper" or "lower" border, key): Spot}.
      chains: {(key, upper end, lower end): list of chains}; a chain is a list of Lines.
      width, height: float.
      left, top: float, where it is in the whole drawing.
    """

    def __init__(self, scope, steps, levels, hints):
        self.scope, self.levels = scope, levels
        self.nodes, self.ports, self.chains = {}, {}, {}
        self.left = self.top = 0.0
        self._stems = {}                 # (key, upper end) -> Lines that its arrows share
        self._rows = {}                  # rank -> list of Spot
        self._rank = _ranks(scope.children, [(u, v) for _, u, v in steps if u and v],
                            {v for _, u, v in steps if u is None})
        self._last_rank = max(self._rank.values(), default=2) + 2
        self._add_nodes()
        for route, upper, lower in sorted(steps, key=lambda step: step[0].edge.position):
            self._add_chain(route, upper, lower)
        rows = [self._rows[rank] for rank in sorted(self._rows)]
        self._order(rows, hints)
        layers.place(rows)
        self._set_heights(rows)
        self._set_frame(rows)

    # -- spots and lines -------------------------------------------------------------------

    def _spot(self, rank, *args, **kwargs):
        spot = Spot(*args, **kwargs)
        self._rows.setdefault(rank, []).append(spot)
        return spot

    def _add_nodes(self):
        if self.scope.parent is not None:
            self._spot(1, "title", text_width(self.scope.label, TITLE_SIZE), 22.0, fixed=-1)
        for child, rank in self._rank.items():
            level = self.levels.get(child)
            if level:
                spot = self._spot(rank, "box", level.width, level.height, child)
            else:
                spot = self._spot(rank, "node", *size(child), child)
            self.nodes[child] = spot

    def _add_chain(self, route, upper, lower):
        """Lines for one step of a route. What leaves a part under one key shares a stem."""
        place = route.key, upper, lower
        if place in self.chains and (lower is None or lower.children is not None):
            return
        start, above, dx = self._end(upper, "upper", route.key)
        end, below, end_dx = self._end(lower, "lower", route.key)
        stem = self._stems.setdefault((route.key, upper), [])
        if upper is not None and not stem:
            label = route.edge.label if upper is route.first else ""
            stem.append(Line(start, self._label(above + 1, label), dx))
        while above + len(stem) < below - 1:
            bend = self._spot(above + 1 + len(stem), "bend")
            stem.append(Line(stem[-1].lower if stem else start, bend))
        shared = stem[:below - 1 - above]
        last = Line(shared[-1].lower if shared else start, end, 0.0, end_dx,
                    route.edge.position)
        self.chains.setdefault(place, []).append([*shared, last])

    def _label(self, rank, label):
        if not label:
            return self._spot(rank, "bend")
        return self._spot(rank, "label", text_width(label, LABEL_SIZE), 13.0, label)

    def _end(self, part, side, key):
        """(spot, rank, dx) of the end of a chain: a child, or a port on the border."""
        if part is None:
            rank = 1 if side == "upper" else self._last_rank
            if (side, key) not in self.ports:
                self.ports[side, key] = self._spot(rank, "port", thing=key)
            return self.ports[side, key], rank, 0.0
        level, dx = self.levels.get(part), 0.0
        if level:                  # a line that ends at a box goes on inside, at its port
            border = "lower" if side == "upper" else "upper"
            dx = level.ports[border, key].x - level.width / 2
        return self.nodes[part], self._rank[part], dx

    # -- order -----------------------------------------------------------------------------

    def _order(self, rows, hints):
        """Sorts the rows. What lies outside takes part, as an anchor beyond each port."""
        above, below = self._anchors("upper", hints), self._anchors("lower", hints)
        self._spread(by_order=False)
        layers.order([row for row in (above, *rows, below) if row])
        self._spread(by_order=True)
        for port in self.ports.values():
            port.up = [line for line in port.up if line.upper.kind != "anchor"]
            port.down = [line for line in port.down if line.lower.kind != "anchor"]

    def _anchors(self, border, hints):
        found = [(hints[self.scope, side, key], port)
                 for (side, key), port in self.ports.items()
                 if side == border and (self.scope, side, key) in hints]
        found.sort(key=lambda pair: pair[0])
        anchors = []
        for i, (_, port) in enumerate(found):
            anchors.append(Spot("anchor", fixed=i + 1))
            if border == "upper":
                Line(anchors[-1], port)
            else:
                Line(port, anchors[-1])
        return anchors

    def _spread(self, by_order):
        """Gives the lines at each node their places side by side."""
        for child, spot in self.nodes.items():
            if child in self.levels:
                continue
            arriving, leaving = list(spot.up), list(spot.down)
            if by_order:
                leaving.sort(key=lambda line: line.below)
                if child.is_folded or child.kind == "variable":     # no order of inputs
                    arriving.sort(key=lambda line: line.above)
            for line, dx in _side_by_side(arriving, spot.width - 18):
                line.lower_dx = dx
            for line, dx in _side_by_side(leaving, spot.width - 18):
                line.upper_dx = dx

    # -- heights and frame -----------------------------------------------------------------

    def _set_heights(self, rows):
        y, before = (PADDING if self.scope.parent is None else 0.0), None
        for row in rows:
            y += _gap(before, row) if before else 0.0
            height = max(spot.height for spot in row)
            for spot in row:
                # In a high row, what has no inputs stands low, near what it is used for.
                spare = height - spot.height
                spot.row_top, spot.row_bottom = y, y + height
                spot.top = y + (spare / 2 if spot.up else spare)
                spot.bottom = spot.top + spot.height
            y, before = y + height, row
        self.height = y + PADDING
        for (border, _), port in self.ports.items():
            if border == "upper":
                port.top = port.row_top = 0.0
                port.bottom = port.row_bottom
            else:
                port.top = port.row_top
                port.bottom = port.row_bottom = self.height

    def _set_frame(self, rows):
        spots = [spot for row in rows for spot in row if spot.kind != "title"]
        left = min((spot.x - spot.width / 2 for spot in spots), default=0.0)
        right = max((spot.x + spot.width / 2 for spot in spots), default=0.0)
        if self.scope.parent is not None:           # the title goes to the left of all ports
            title, *ports = rows[0]
            left = min([left, *(port.x - 10 - title.width for port in ports[:1])])
            right = max(right, left + title.width)
            title.x = left - 4 + title.width / 2
            spots.append(title)
        self.width = right - left + 2 * PADDING
        for spot in spots:
            spot.x += PADDING - left


def _ranks(children, pairs, entered):
    """{child: row}. Rows of nodes are even; in the odd rows between them stand labels.

    Args:
      children: list of Part, from top to bottom.
      pairs: list of (upper child, lower child) that an arrow joins.
      entered: set of children that an arrow from outside reaches.
    """
    before, after = {c: [] for c in children}, {c: [] for c in children}
    for upper, lower in pairs:
        after[upper].append(lower)
        before[lower].append(upper)
    rank = {}
    for child in children:
        rank[child] = max((rank[b] + 2 for b in before[child]), default=2)
    for child in reversed(children):
        # What more arrows leave than reach stands right above what it is used for.
        if after[child] and len(before[child]) + (child in entered) < len(after[child]):
            rank[child] = min(rank[a] for a in after[child]) - 2
    return rank


def _side_by_side(lines, room):
    """Pairs of a line and its distance from the middle."""
    step = min(20.0, room / (len(lines) - 1)) if len(lines) > 1 else 0.0
    return [(line, step * (i - (len(lines) - 1) / 2)) for i, line in enumerate(lines)]


def _gap(above, below):
    """Room for the curves between two rows: more where they go far sideways."""
    lines = [line for spot in above for line in spot.down]
    far = max((abs(line.upper.x + line.upper_dx - line.lower.x - line.lower_dx)
               for line in lines), default=0.0)
    arrows = any(spot.kind in ("node", "box") for spot in below)
    return (15.0 if arrows and lines else 9.0) + min(far * 0.09, 40.0)
