"""Where everything of a Picture stands: boxes within boxes, rows of nodes, arrows around them.

Each open scope is drawn on its own, inner ones first, and is then one node of the scope around
it. An arrow that crosses a box's border does so at a port, a spot in the first or last row of
the box. So an arrow is a chain of pieces, one for each box it passes, and no piece can meet a
node. Read next: layers.py.
"""

import heapq
import itertools

from pellucid.viz import layers
from pellucid.viz.layers import Line, Spot
from pellucid.viz.text import width as text_width

LABEL_SIZE, TITLE_SIZE, NAME_SIZE, NOTE_SIZE, CONSTANT_SIZE = 10.5, 11.5, 13.0, 10.5, 11.0
PADDING = 14.0


class Layout:
    """The drawing, in pixels.

    Attributes:
      width, height: float.
      boxes: {Part: (left, top, width, height)}.
      wires: list of Wire.
    """

    def __init__(self, picture):
        scopes = [picture.root, *(p for p in picture.parts() if p.is_open)]
        routes = _routes(picture, scopes)
        hints = {}
        for _ in range(3):           # each time, ports are sorted by what lies outside them
            levels = _draw_levels(scopes, routes, hints)
            hints = _hints(levels)
        self.boxes = _boxes(levels)
        self.wires = _wires(picture.edges, routes, levels)
        self.width, self.height = levels[picture.root].width, levels[picture.root].height


class Wire:
    """One arrow, drawn.

    Attributes:
      edge: Edge.
      pieces: list of runs; a run is a list of (x, top, bottom), vertical stretches that curves
        join. Where a part of it is drawn for another arrow already, it is left out.
      label: (x, y) of the centre of its text, or None.
      tip: (x, y) where the arrowhead is.
      points_up: bool, the arrow goes upward, against the order of the drawing.
    """

    def __init__(self, edge, pieces, label, tip, points_up):
        self.edge, self.pieces, self.label = edge, pieces, label
        self.tip, self.points_up = tip, points_up


def size(part):
    """(width, height) of a node that is not an open scope."""
    if part.kind == "constant":
        return text_width(part.label, CONSTANT_SIZE) + 14, 20.0
    inner = max(text_width(part.label, NAME_SIZE), text_width(part.note, NOTE_SIZE))
    return max(inner + 26, 48.0), 44.0 if part.note else 30.0


# -- which boxes an arrow passes ------------------------------------------------------------

class _Route:
    """The way of an edge: for each scope that it passes, where it comes from and goes to.

    Attributes:
      up: bool, it is drawn from its target (above) to its source (below), because the picture
        has a circle.
      key: arrows of the same key leave their source as one line.
      steps: list of (scope, upper end, lower end); an end is a child of the scope, or None for
        the border of the scope.
    """

    def __init__(self, edge):
        self.edge, self.up = edge, False
        self.key = (edge.source.name, *[t.name for t in edge.tensors])
        self.scope, self.upper, self.lower = _meet(edge.source, edge.target)

    def turn(self):
        """Draw it upward."""
        self.up, self.upper, self.lower = True, self.lower, self.upper
        self.key = (self.key, self.edge.target.name, self.edge.position)

    @property
    def ends(self):
        """(the part that is drawn above, the part that is drawn below)."""
        edge = self.edge
        return (edge.target, edge.source) if self.up else (edge.source, edge.target)

    @property
    def steps(self):
        first, last = self.ends
        out, part = [], first
        while part.parent is not self.scope:
            out.append((part.parent, part, None))
            part = part.parent
        within, part = [], last
        while part.parent is not self.scope:
            within.append((part.parent, None, part))
            part = part.parent
        return [*out, (self.scope, self.upper, self.lower), *reversed(within)]


def _meet(a, b):
    """(the innermost scope around both, its child with a, its child with b)."""
    above = {}
    while a.parent is not None:
        above[a.parent] = a
        a = a.parent
    while b.parent not in above:
        b = b.parent
    return b.parent, above[b.parent], b


def _routes(picture, scopes):
    """List of _Route. Those that would close a circle are turned upward."""
    routes = [_Route(edge) for edge in picture.edges]
    by_scope = {scope: [] for scope in scopes}
    for route in routes:
        by_scope[route.scope].append(route)
    for scope, found in by_scope.items():
        place = {part: i for i, part in enumerate(_topological(scope.children, found))}
        for route in found:
            if place[route.upper] > place[route.lower]:
                route.turn()
        scope.children.sort(key=place.__getitem__)
    return routes


def _topological(parts, routes):
    """The parts, sources first; where there is a circle, the oldest part breaks it."""
    waiting, after = dict.fromkeys(parts, 0), {part: [] for part in parts}
    for route in routes:
        waiting[route.lower] += 1
        after[route.upper].append(route.lower)
    age = {part: i for i, part in enumerate(parts)}
    ready = [age[part] for part in parts if not waiting[part]]
    heapq.heapify(ready)
    oldest, done = iter(parts), {}
    while len(done) < len(parts):
        part = parts[heapq.heappop(ready)] if ready else next(p for p in oldest if p not in done)
        if part in done:
            continue
        done[part] = None
        for other in after[part]:
            waiting[other] -= 1
            if not waiting[other]:
                heapq.heappush(ready, age[other])
    return list(done)


# -- one open scope -------------------------------------------------------------------------

def _draw_levels(scopes, routes, hints):
    levels = {}
    steps = {scope: [] for scope in scopes}
    for route in routes:
        for scope, upper, lower in route.steps:
            steps[scope].append((route, upper, lower))
    for scope in reversed(scopes):
        levels[scope] = _Level(scope, steps[scope], levels, hints)
    return levels


class _Level:
    """The drawing of one open scope, in its own coordinates.

    Attributes:
      nodes: {child: Spot}.
      ports: {(upper or lower border, key): Spot}.
      chains: {(key, upper end, lower end): list of Lines from end to end}.
      width, height: float.
    """

    def __init__(self, scope, steps, levels, hints):
        self.scope, self.levels = scope, levels
        self.nodes, self.ports, self.chains, self._ends = {}, {}, {}, {}
        self._stems = {}                       # key, upper end -> [Spot of each rank below it]
        self.left = self.top = 0.0
        self._rows = {}                        # rank -> list of Spot
        rank = _ranks(scope.children, [(u, v) for _, u, v in steps if u and v],
                      {v for _, u, v in steps if u is None})
        self._add_nodes(rank)
        self._bottom = max(rank.values(), default=2) + 2
        for route, upper, lower in sorted(steps, key=lambda s: s[0].edge.position):
            self._add_line(route, upper, lower, rank)
        self._arrange(hints)

    def _spot(self, rank, *args, **kwargs):
        spot = Spot(*args, **kwargs)
        self._rows.setdefault(rank, []).append(spot)
        return spot

    def _add_nodes(self, rank):
        if self.scope.parent is not None:
            wide = text_width(self.scope.label, TITLE_SIZE) * 1.05
            self._spot(1, "title", wide, 22.0, fixed=-1)
        for child in self.scope.children:
            level = self.levels.get(child)
            wide, high = (level.width, level.height) if level else size(child)
            self.nodes[child] = self._spot(
                rank[child], "box" if level else "node", wide, high, child)

    def _add_line(self, route, upper, lower, rank):
        """A chain of lines for one step of a route, sharing the stem of others of its key."""
        key = route.key
        single = lower is None or lower.children is not None
        if single and (key, upper, lower) in self.chains:
            return
        if upper is None:
            start, above, dx = self._port("upper", key, 1), 1, 0.0
        else:
            start, above, dx = self.nodes[upper], rank[upper], self._inner_dx(upper, "lower", key)
        if lower is None:
            end, below, end_dx = self._port("lower", key, self._bottom), self._bottom, 0.0
        else:
            end, below, end_dx = self.nodes[lower], rank[lower], self._inner_dx(
                lower, "upper", key)
        stem = self._stems.setdefault((key, upper), [])
        if upper is not None and not stem:
            label = route.edge.label if upper is route.ends[0] else ""
            spot = self._spot(above + 1, "label" if label else "bend",
                              text_width(label, LABEL_SIZE), 13.0 if label else 0.0, route.edge)
            stem.append(Line(start, spot, dx))
        while above + len(stem) < below - 1:
            previous = stem[-1].lower if stem else start
            stem.append(Line(previous, self._spot(above + 1 + len(stem), "bend")))
        used = stem[:below - 1 - above]
        last = Line(used[-1].lower if used else start, end, 0.0, end_dx, route.edge.position)
        chain = [*used, last]
        if single:
            self.chains[key, upper, lower] = chain
        else:
            self.chains.setdefault((key, upper, lower), []).append(chain)

    def _port(self, side, key, rank):
        if (side, key) not in self.ports:
            self.ports[side, key] = self._spot(rank, "port", thing=key)
        return self.ports[side, key]

    def _inner_dx(self, child, side, key):
        """Where on the border of an open child the line touches it."""
        level = self.levels.get(child)
        return level.ports[side, key].x - level.width / 2 if level else 0.0

    def _arrange(self, hints):
        rows = [self._rows[rank] for rank in sorted(self._rows)]
        self._spread(by_order=False)
        anchored = self._anchors(rows, hints)
        layers.order(anchored)
        self._spread(by_order=True)
        for spot in self.ports.values():
            spot.up = [line for line in spot.up if line.upper.kind != "anchor"]
            spot.down = [line for line in spot.down if line.lower.kind != "anchor"]
        layers.place(rows)
        self._set_frame(rows)

    def _anchors(self, rows, hints):
        """The rows, and outside them one anchor for each port, in the order of the hints."""
        outside = {"upper": [], "lower": []}
        for (side, key), port in self.ports.items():
            if (self.scope, side, key) in hints:
                outside[side].append((hints[self.scope, side, key], port))
        for side, found in outside.items():
            found.sort(key=lambda pair: pair[0])
            for i, (_, port) in enumerate(found):
                anchor = Spot("anchor", fixed=i + 1)
                Line(*((anchor, port) if side == "upper" else (port, anchor)))
                found[i] = anchor
        return [row for row in (outside["upper"], *rows, outside["lower"]) if row]

    def _spread(self, by_order):
        """Gives the lines at each node their places side by side."""
        for child, spot in self.nodes.items():
            if child in self.levels:
                continue
            room = spot.width - 18
            above, below = list(spot.up), list(spot.down)
            if by_order and child.kind not in ("op", "constant", "placeholder"):
                above.sort(key=lambda line: (line.above, line.rank))
            if by_order:
                below.sort(key=lambda line: line.below)
            for line, dx in zip(above, _side_by_side(len(above), room), strict=True):
                line.lower_dx = dx
            for line, dx in zip(below, _side_by_side(len(below), room), strict=True):
                line.upper_dx = dx

    def _set_frame(self, rows):
        """Heights of the rows, and the box around everything."""
        is_root = self.scope.parent is None
        y, above = (PADDING if is_root else 0.0), None
        for row in rows:
            y += 0.0 if above is None else _row_gap(above, row)
            height = max(spot.height for spot in row)
            for spot in row:
                # In a high row, what has no inputs stands low, near what it is used for.
                spare = height - spot.height
                spot.layer_top, spot.layer_bottom = y, y + height
                spot.top = y + (spare / 2 if spot.up else spare)
                spot.bottom = spot.top + spot.height
            y, above = y + height, row
        self.height = y + PADDING
        left = min(spot.x - spot.width / 2 for row in rows for spot in row)
        right = max(spot.x + spot.width / 2 for row in rows for spot in row)
        self.width = right - left + 2 * PADDING
        for row in rows:
            for spot in row:
                spot.x += PADDING - left
                if spot.kind == "title":
                    spot.x = PADDING - 4 + spot.width / 2
        for (side, _), port in self.ports.items():
            if side == "upper":
                port.top = port.layer_top = 0.0
                port.bottom = port.layer_bottom
            else:
                port.top, port.bottom, port.layer_bottom = port.layer_top, self.height, self.height


def _ranks(children, pairs, entered):
    """{child: row}. Rows of nodes are even; in the odd rows between stand labels."""
    before, after = {c: [] for c in children}, {c: [] for c in children}
    for upper, lower in pairs:
        after[upper].append(lower)
        before[lower].append(upper)
    rank = {}
    for child in children:                              # in topological order, see _routes
        rank[child] = max((rank[b] + 2 for b in before[child]), default=2)
    for child in reversed(children):
        # What few things lead to stands right above what it is used for.
        if after[child] and len(before[child]) + (child in entered) < len(after[child]):
            rank[child] = min(rank[a] for a in after[child]) - 2
        elif after[child] and not before[child] and child not in entered:
            rank[child] = min(rank[a] for a in after[child]) - 2
    return rank


def _side_by_side(count, room):
    step = min(20.0, room / (count - 1)) if count > 1 else 0.0
    return [step * (i - (count - 1) / 2) for i in range(count)]


def _row_gap(above, below):
    """Room for the curves between two rows: more where they go far sideways."""
    lines = [line for spot in above for line in spot.down]
    if not lines:
        return 10.0
    far = max(abs(line.upper.x + line.upper_dx - line.lower.x - line.lower_dx)
              for line in lines)
    base = 15.0 if any(spot.kind in ("node", "box") for spot in below) else 9.0
    return base + min(far * 0.09, 40.0)


# -- from levels to one drawing -------------------------------------------------------------

def _hints(levels):
    """{(scope, side, key): x of what lies outside the port}."""
    _set_origins(levels)
    hints = {}
    for level in levels.values():
        for (key, upper, lower), chain in level.chains.items():
            chain = chain if isinstance(chain[0], Line) else chain[0]
            if upper in levels:
                hints[upper, "lower", key] = level.left + chain[0].lower.x
            if lower in levels:
                hints[lower, "upper", key] = level.left + chain[-1].upper.x
    return hints


def _set_origins(levels):
    for level in levels.values():
        inside = [(child, spot) for child, spot in level.nodes.items() if child in levels]
        for child, spot in inside:
            levels[child].spot = spot
    for scope in reversed(levels):                       # outer ones first
        level = levels[scope]
        if scope.parent is not None:
            outer, spot = levels[scope.parent], level.spot
            level.left = outer.left + spot.x - spot.width / 2
            level.top = outer.top + spot.top


def _boxes(levels):
    _set_origins(levels)
    boxes = {}
    for scope in reversed(levels):
        level = levels[scope]
        for child, spot in level.nodes.items():
            boxes[child] = (level.left + spot.x - spot.width / 2, level.top + spot.top,
                            spot.width, spot.height)
    return boxes


def _wires(edges, routes, levels):
    drawn, taken, wires = set(), {}, []
    for route in sorted(routes, key=lambda route: route.edge.position):
        stops, label = [], None
        for scope, upper, lower in route.steps:
            level = levels[scope]
            chain = level.chains[route.key, upper, lower]
            if not isinstance(chain[0], Line):           # one for each input: take the next
                i = taken[level, route.key, lower] = taken.get((level, route.key, lower), -1) + 1
                chain = chain[i]
            stops += _stops(level, chain)
            for line in chain:
                if line.lower.kind == "label" and line not in drawn:
                    label = (level.left + line.lower.x,
                             level.top + (line.lower.top + line.lower.bottom) / 2)
        tip = stops[0][:2] if route.up else (stops[-1][0], stops[-1][2])
        wires.append(Wire(route.edge, _runs(stops, drawn), label, tip, route.up))
    return wires


def _stops(level, chain):
    """[(x, top, bottom, line that leads here, leave a gap)] along a chain of lines.

    The first has its spot in place of a line: a port, unless the arrow begins there.
    """
    stops = []
    first, last = chain[0], chain[-1]
    stops.append((level.left + first.upper.x + first.upper_dx, level.top + (
                  first.upper.top if first.upper.kind == "port" else first.upper.bottom),
                  level.top + first.upper.layer_bottom, first.upper, False))
    for line in chain[:-1]:
        spot = line.lower
        x, top, bottom = level.left + spot.x, level.top + spot.layer_top, (
            level.top + spot.layer_bottom)
        if spot.kind == "label":
            stops.append((x, top, level.top + spot.top, line, False))
            stops.append((x, level.top + spot.bottom, bottom, line, True))
        else:
            stops.append((x, top, bottom, line, False))
    spot = last.lower
    stops.append((level.left + spot.x + last.lower_dx, level.top + spot.layer_top,
                  level.top + (spot.bottom if spot.kind == "port" else spot.top), last, False))
    return stops


def _runs(stops, drawn):
    """The stops as runs without gaps, less what another wire has drawn."""
    runs, run = [], []
    for before, stop in itertools.pairwise(stops):
        if stop[4] or stop[3] in drawn:
            run = []
            continue
        if not run:
            # Where the line leaves one that is drawn already, only the rest of it is new.
            run = [(before[0], before[2], before[2]) if before[3] in drawn else before[:3]]
            runs.append(run)
        run.append(stop[:3])
    drawn.update(stop[3] for stop in stops)
    return runs
