"""Layered drawing of one box: which order within a layer, and where exactly.

A layer is a row of spots: nodes, labels, and the bends where a long arrow passes. Lines
only join spots of neighbouring layers, so they cross nothing but other lines. Ordering
repeats "sort each layer by the mean position of its neighbours" and keeps the best
(Sugiyama, Tagawa and Toda 1981). Placing moves each spot as near to its neighbours as the
order allows. Read next: svg.py.
"""

import bisect


class Spot:
    """A place in a layer.

    Attributes:
      kind: "node", "box" (an open scope), "label", "bend", "port", "title" or "anchor".
      width, height: float, of what stands there.
      up, down: lists of Line, to the neighbouring layers.
      fixed: int, comes before everything else in the order; 0 for most.
      order: int, its place in the layer.
      x: float, the centre.
      top, bottom: float, where it begins and ends.
      row_top, row_bottom: float, where its layer begins and ends.
    """

    __slots__ = ("bottom", "down", "fixed", "height", "kind", "order", "row_bottom",
                 "row_top", "thing", "top", "up", "width", "x")

    def __init__(self, kind, width=0.0, height=0.0, thing=None, fixed=0):
        self.kind, self.width, self.height, self.thing = kind, width, height, thing
        self.up, self.down, self.fixed, self.order, self.x = [], [], fixed, 0, 0.0

    def __repr__(self):
        return f"<{self.kind} {self.thing!r}>"


class Line:
    """Joins two spots of neighbouring layers, at distances from their centres."""

    __slots__ = ("lower", "lower_dx", "rank", "upper", "upper_dx")

    def __init__(self, upper, lower, upper_dx=0.0, lower_dx=0.0, rank=0):
        self.upper, self.upper_dx = upper, upper_dx
        self.lower, self.lower_dx = lower, lower_dx
        self.rank = rank                # which input of a node it leads to
        upper.down.append(self)
        lower.up.append(self)

    @property
    def above(self):
        """Where it begins, as a position in the upper layer."""
        return self.upper.order + self.upper_dx / (self.upper.width + 1.0)

    @property
    def below(self):
        """Where it ends, as a position in the lower layer."""
        return self.lower.order + self.lower_dx / (self.lower.width + 1.0)


# -- order -------------------------------------------------------------------------------

def order(layers, rounds=16):
    """Orders the spots of each layer so that few lines cross, in place."""
    _number(layers)
    best, fewest = [list(layer) for layer in layers], crossings(layers)
    for i in range(rounds):
        if not fewest:
            break
        downward = i % 2 == 0
        for layer in layers[1:] if downward else layers[-2::-1]:
            _sort(layer, downward, ties_from_right=i % 4 >= 2)
        count = crossings(layers)
        if count < fewest:
            best, fewest = [list(layer) for layer in layers], count
    for layer, found in zip(layers, best, strict=True):
        layer[:] = found
    _number(layers)


def _number(layers):
    for layer in layers:
        layer.sort(key=lambda spot: spot.fixed or 1 << 30)
        for i, spot in enumerate(layer):
            spot.order = i


def _sort(layer, downward, ties_from_right):
    keys = {}
    for i, spot in enumerate(layer):
        ends = [line.above for line in spot.up] if downward else [
            line.below for line in spot.down]
        mean = sum(ends) / len(ends) if ends else i
        keys[spot] = (spot.fixed or 1 << 30, mean, -i if ties_from_right else i)
    layer.sort(key=keys.__getitem__)
    for i, spot in enumerate(layer):
        spot.order = i


def crossings(layers):
    """How many pairs of lines cross."""
    return sum(_crossings_below(layer) for layer in layers[:-1])


def _crossings_below(layer):
    count, seen = 0, []
    for _, end in sorted((line.above, line.below) for spot in layer for line in spot.down):
        place = bisect.bisect_right(seen, end)
        count += len(seen) - place
        seen.insert(place, end)
    return count


# -- places ------------------------------------------------------------------------------

def place(layers, gap=18.0, rounds=14):
    """Sets x of all spots: near their neighbours, in order, and not overlapping."""
    for layer in layers:
        left = 0.0
        for spot in layer:
            spot.x = left + spot.width / 2
            left += spot.width + gap
    for i in range(rounds):
        both = i >= rounds - 5
        for layer in layers[1:]:
            _settle(layer, True, both, gap)
        for layer in layers[-2::-1]:
            _settle(layer, both, True, gap)
    _straighten(layers, gap)


def _settle(layer, look_up, look_down, gap):
    """Moves the spots of a layer to where their lines pull them.

    Least squares under the condition that neighbours keep their distance, by pooling
    adjacent violators: spots that would overlap become a block, which goes to its own
    weighted mean.
    """
    offset, previous = 0.0, None
    blocks, offsets = [], []             # block: [weight, weighted sum, how many spots]
    for spot in layer:
        if previous is not None:
            offset += _distance(previous, spot, gap)
        offsets.append(offset)
        previous = spot
        wish, weight = _wish(spot, look_up, look_down)
        block = [weight, weight * (wish - offset), 1]
        while blocks and blocks[-1][1] * block[0] >= block[1] * blocks[-1][0]:
            before = blocks.pop()
            block = [before[0] + block[0], before[1] + block[1], before[2] + block[2]]
        blocks.append(block)
    i = 0
    for weight, total, count in blocks:
        for spot in layer[i:i + count]:
            spot.x = total / weight + offsets[i]
            i += 1


def _distance(a, b, gap):
    """Between the centres of neighbours. Lines may pass closer than nodes stand."""
    return (a.width + b.width) / 2 + (gap * 0.6 if a.kind == b.kind == "bend" else gap)


def _wish(spot, look_up, look_down):
    """(where its lines would have it, how strongly)."""
    pull = total = 0.0
    for line in spot.up if look_up else ():
        strength = _strength(spot, line.upper)
        pull += strength
        total += strength * (line.upper.x + _dx(line.upper, line.upper_dx)
                             - _dx(spot, line.lower_dx))
    for line in spot.down if look_down else ():
        strength = _strength(spot, line.lower)
        pull += strength
        total += strength * (line.lower.x + _dx(line.lower, line.lower_dx)
                             - _dx(spot, line.upper_dx))
    return (total / pull, pull) if pull else (spot.x, 0.01)


def _dx(spot, dx):
    """Boxes are to stand one below the other, even if that bends the line between them."""
    return 0.0 if spot.kind == "box" else dx


def _strength(a, b):
    """Long lines are to be straight, so bends hold on to bends."""
    return 1 + 3 * (a.kind == "bend") + 3 * (b.kind == "bend")


def _straighten(layers, gap):
    """Long lines become vertical wherever there is room between what stands beside them."""
    _number(layers)
    row_of = {spot: layer for layer in layers for spot in layer}
    for spot in row_of:
        if spot.kind == "label":
            _align([spot], *_room(row_of[spot], spot, gap))
    chains = [chain for layer in layers for spot in layer if (chain := _chain(spot))]
    for chain in sorted(chains, key=len, reverse=True):
        low, high, run = -float("inf"), float("inf"), []
        for spot in chain:
            left, right = _room(row_of[spot], spot, gap)
            if max(low, left) > min(high, right):
                _align(run, low, high)
                low, high, run = left, right, []
            low, high = max(low, left), min(high, right)
            run.append(spot)
        _align(run, low, high)


_PASSING = ("bend", "port")


def _chain(spot):
    """The spots that a line passes, from the first one on; [] for any other spot."""
    if spot.kind not in _PASSING or any(line.upper.kind in _PASSING for line in spot.up):
        return []
    chain = []
    while spot is not None:
        chain.append(spot)
        spot = next((line.lower for line in spot.down if line.lower.kind in _PASSING), None)
    return chain


def _room(row, spot, gap):
    """How far left and right the centre of a spot can go."""
    left, right = -float("inf"), float("inf")
    if spot.order > 0:
        before = row[spot.order - 1]
        left = before.x + _distance(before, spot, gap)
    if spot.order + 1 < len(row):
        after = row[spot.order + 1]
        right = after.x - _distance(spot, after, gap)
    return min(left, spot.x), max(right, spot.x)


def _align(run, low, high):
    """Puts a run of spots on one vertical: if it can be, that of what it joins."""
    wishes = [line.upper.x + line.upper_dx for line in run[0].up]
    wishes += [line.lower.x + line.lower_dx for line in run[-1].down]
    straight = [x for x in wishes if low <= x <= high]
    x = straight[0] if straight else min(max(sum(s.x for s in run) / len(run), low), high)
    for spot in run:
        spot.x = x
