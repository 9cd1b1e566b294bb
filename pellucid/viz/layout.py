"""Where everything of a Picture stands: boxes within boxes, and arrows between them.

Each open scope is drawn by itself, inner ones first, and is then one box of the scope
around it. An arrow is a chain of pieces, one for each scope that it passes. Its curves lie
between rows and its straight stretches at places of their own within rows, so no arrow can
meet a node. Read next: routes.py, level.py, layers.py; then svg.py.
"""

import itertools

from pellucid.viz.level import Level
from pellucid.viz.routes import find_routes


class Layout:
    """The drawing, in pixels.

    Attributes:
      width, height: float.
      boxes: {Part: (left, top, width, height)}.
      wires: list of Wire.
    """

    def __init__(self, picture):
        scopes = [picture.root, *(part for part in picture.parts() if part.is_open)]
        routes = find_routes(picture, scopes)
        steps = {scope: [] for scope in scopes}
        for route in routes:
            for scope, upper, lower in route.steps:
                steps[scope].append((route, upper, lower))
        hints = {}
        for _ in range(3):               # each time, ports are sorted by what lies outside
            levels = {}
            for scope in reversed(scopes):
                levels[scope] = Level(scope, steps[scope], levels, hints)
            _set_origins(levels)
            hints = _hints(levels)
        self.boxes = _boxes(levels)
        self.wires = _wires(routes, levels)
        self.width, self.height = levels[picture.root].width, levels[picture.root].height


class Wire:
    """One arrow, drawn.

    Attributes:
      edge: Edge.
      pieces: list of runs; a run is a list of (x, top, bottom), vertical stretches that
        curves join. What is drawn for another arrow already is left out.
      label: (x, y) of the centre of its text, or None.
      tip: (x, y) of the point of the arrowhead.
      up: bool, the arrow goes upward.
    """

    def __init__(self, edge, pieces, label, tip, up):
        self.edge, self.pieces, self.label, self.tip, self.up = edge, pieces, label, tip, up


def _set_origins(levels):
    for level in reversed(levels.values()):                  # outer ones first
        for child, spot in level.nodes.items():
            if child in levels:
                levels[child].left = level.left + spot.x - spot.width / 2
                levels[child].top = level.top + spot.top


def _hints(levels):
    """{(scope, border, key): x of what lies outside that port}."""
    hints = {}
    for level in levels.values():
        for (key, upper, lower), chains in level.chains.items():
            if upper in levels:
                hints[upper, "lower", key] = level.left + chains[0][0].lower.x
            if lower in levels:
                hints[lower, "upper", key] = level.left + chains[0][-1].upper.x
    return hints


def _boxes(levels):
    return {child: (level.left + spot.x - spot.width / 2, level.top + spot.top,
                    spot.width, spot.height)
            for level in levels.values() for child, spot in level.nodes.items()}


# -- arrows --------------------------------------------------------------------------------

def _wires(routes, levels):
    """List of Wire."""
    drawn, taken, wires = set(), {}, []
    for route in sorted(routes, key=lambda route: route.edge.position):
        stops, label = [], None
        for scope, upper, lower in route.steps:
            level, place = levels[scope], (route.key, upper, lower)
            # x * x: each of the arrows between the same two nodes has a chain of its own.
            turn = taken[scope, place] = taken.get((scope, place), -1) + 1
            chain = level.chains[place][min(turn, len(level.chains[place]) - 1)]
            stops += _stops(level, chain)
            first = chain[0].lower
            if first.kind == "label" and chain[0] not in drawn:
                label = level.left + first.x, level.top + (first.top + first.bottom) / 2
        tip = (stops[0].x, stops[0].top) if route.up else (stops[-1].x, stops[-1].bottom)
        wires.append(Wire(route.edge, _runs(stops, drawn), label, tip, route.up))
    return wires


class _Stop:
    """A vertical stretch of an arrow, at one spot.

    Attributes:
      x, top, bottom: float.
      via: the Line that leads there; for the first of a level, its Spot.
      after_gap: bool, nothing is drawn between the stop before and this one: there is text.
    """

    __slots__ = ("after_gap", "bottom", "top", "via", "x")

    def __init__(self, level, x, top, bottom, via, after_gap=False):
        self.x, self.top, self.bottom = level.left + x, level.top + top, level.top + bottom
        self.via, self.after_gap = via, after_gap


def _stops(level, chain):
    """List of _Stop along a chain of lines."""
    first, last = chain[0], chain[-1]
    spot = first.upper
    top = spot.top if spot.kind == "port" else spot.bottom
    stops = [_Stop(level, spot.x + first.upper_dx, top, spot.row_bottom, spot)]
    for line in chain[:-1]:
        spot = line.lower
        if spot.kind == "label":
            stops += [_Stop(level, spot.x, spot.row_top, spot.top, line),
                      _Stop(level, spot.x, spot.bottom, spot.row_bottom, line, True)]
        else:
            stops.append(_Stop(level, spot.x, spot.row_top, spot.row_bottom, line))
    spot = last.lower
    bottom = spot.bottom if spot.kind == "port" else spot.top
    return [*stops, _Stop(level, spot.x + last.lower_dx, spot.row_top, bottom, last)]


def _runs(stops, drawn):
    """The stops as runs without gaps, less what is drawn already; adds to what is drawn."""
    runs, run = [], []
    for before, stop in itertools.pairwise(stops):
        if stop.after_gap or stop.via in drawn:
            run = []
            continue
        if not run:
            # Where the line leaves one that is drawn already, only the rest of it is new.
            top = before.bottom if before.via in drawn else before.top
            run = [(before.x, top, before.bottom)]
            runs.append(run)
        run.append((stop.x, stop.top, stop.bottom))
    drawn.update(stop.via for stop in stops)
    return runs
