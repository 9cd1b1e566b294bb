"""Which boxes an arrow passes on its way, and which way is down.

Arrows go down. Where the picture has a circle, which happens when scopes are folded or
entered twice, some arrow has to go up. Read next: level.py.
"""

import heapq


class Route:
    """The way of an edge through the open scopes.

    Attributes:
      edge: Edge.
      up: bool, it is drawn from its target (above) to its source (below).
      key: routes of the same key leave the part above as one line.
      scope: the innermost open scope around both ends.
      upper, lower: the children of that scope in which the ends are.
    """

    def __init__(self, edge):
        self.edge, self.up = edge, False
        self.key = (edge.source.name, *[tensor.name for tensor in edge.tensors])
        self.scope, self.upper, self.lower = _meet(edge.source, edge.target)

    def turn(self):
        """Draws it upward."""
        self.up, self.upper, self.lower = True, self.lower, self.upper
        self.key = (self.key, self.edge.target.name, self.edge.position)

    @property
    def first(self):
        """The part that is drawn above."""
        return self.edge.target if self.up else self.edge.source

    @property
    def steps(self):
        """List of (scope, upper end, lower end), one for each scope that it passes.

        An end is a child of the scope, or None for the border of the scope.
        """
        last = self.edge.source if self.up else self.edge.target
        out = [(part.parent, part, None) for part in self._climb(self.first)]
        within = [(part.parent, None, part) for part in self._climb(last)]
        return [*out, (self.scope, self.upper, self.lower), *reversed(within)]

    def _climb(self, part):
        while part.parent is not self.scope:
            yield part
            part = part.parent


def _meet(a, b):
    """(the innermost scope around both, its child with a, its child with b)."""
    above = {}
    while a.parent is not None:
        above[a.parent] = a
        a = a.parent
    while b.parent not in above:
        b = b.parent
    return b.parent, above[b.parent], b


def find_routes(picture, scopes):
    """List of Route, one for each edge. Sorts the children of scopes from top to bottom."""
    routes = [Route(edge) for edge in picture.edges]
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
    ready = [age[part] for part in parts if not waiting[part]]       # a heap: it is sorted
    oldest, done = iter(parts), {}
    while len(done) < len(parts):
        if ready:
            part = parts[heapq.heappop(ready)]
        else:
            part = next(part for part in oldest if part not in done)
        if part in done:
            continue
        done[part] = None
        for other in after[part]:
            waiting[other] -= 1
            if not waiting[other]:
                heapq.heappush(ready, age[other])
    return list(done)
