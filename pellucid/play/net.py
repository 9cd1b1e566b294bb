"""The net playground: runs the program that the page shows, some steps at a time.

The program is text (site/src/playground/program.js) and is run as it stands, only under another
`__name__`, so that its last part, which trains to the end and prints, is left to the page. From
its names the page's pictures are made: `x`, `p`, `layers`, `weights`, `biases`, `train`,
`errors`, `session`, and the points.
"""

import time

import numpy as np

from pellucid.core.graph import Graph
from pellucid.core.quiet import quietly

SIDE = 3.0               # the plane that is shown: both coordinates from -SIDE to SIDE
_CHUNK = 8               # steps between two looks at the clock
_RESOLUTION = 50


class Net:
    """One running program.

    Args:
      program: str.

    Raises whatever the program raises.
    """

    def __init__(self, program):
        self.names, self.steps = {"__name__": "playground"}, 0
        self.graph = Graph()
        with self.graph.as_default():
            exec(compile(program, "net.py", "exec"), self.names)
        self.grid = _grid(_RESOLUTION)

    def take_over(self, other):
        """Goes on from the weights of another Net of the same shape."""
        mine, theirs = self._parameters(), other._parameters()
        values = other.names["session"].run(theirs)
        if [v.shape.as_list() for v in mine] != [list(np.shape(value)) for value in values]:
            return
        for variable, value in zip(mine, values, strict=True):
            variable.load(value, self.names["session"])
        self.steps = other.steps

    def _parameters(self):
        return [*self.names["weights"], *self.names["biases"]]

    def train(self, steps, milliseconds):
        """Takes up to `steps` steps, and stops early when the time is over."""
        start = time.perf_counter()
        end, left = start + milliseconds / 1000, steps
        while left > 0 and (left == steps or time.perf_counter() < end):
            chunk = min(left, _CHUNK)
            quietly(self.names["train"], chunk)
            left -= chunk
        self.steps += steps - left
        return {"taken": steps - left, "ms": 1000 * (time.perf_counter() - start)}

    def look(self):
        """All that the pictures show now."""
        names = self.names
        session, x, p, layers = (names[name] for name in ("session", "x", "p", "layers"))
        plane, units, parameters, errors = quietly(lambda: (
            session.run(p, {x: self.grid}), session.run(layers, {x: self.grid}),
            session.run([names["weights"], names["biases"]]), names["errors"]()))
        return {
            "steps": self.steps, "resolution": _RESOLUTION, "side": SIDE,
            "plane": plane.astype(np.float32).ravel(),
            "units": [np.ascontiguousarray(values.T, np.float32).ravel() for values in units],
            "weights": [w.tolist() for w in parameters[0]],
            "biases": [b.tolist() for b in parameters[1]],
            "errors": [float(error) for error in errors],
            "right": self._right()}

    def _right(self):
        """The shares of training and test points that are on the right side."""
        names = self.names
        found = []
        for points, labels in (("train_x", "train_y"), ("test_x", "test_y")):
            p = names["session"].run(names["p"], {names["x"]: names[points]})
            sides = (p > 0.5) == (names[labels] > 0.5)
            found.append(float(sides.mean()) if sides.size else None)
        return found

    def points(self):
        """{"train", "test"}: x1, x2 and label of each point, one after the other."""
        names = self.names
        return {part: np.concatenate([names[f"{part}_x"], names[f"{part}_y"]], axis=1)
                .astype(np.float32).ravel() for part in ("train", "test")}


def _grid(resolution):
    """Points of the plane, (resolution ** 2, 2), row by row from the top left."""
    ticks = (np.arange(resolution) + 0.5) / resolution * 2 * SIDE - SIDE
    x1, x2 = np.meshgrid(ticks, -ticks)
    return np.stack([x1.ravel(), x2.ravel()], axis=1).astype(np.float32)


# -- what the page calls -------------------------------------------------------------------

_running = []            # the Net of the page, if there is one


def open_net(question):
    """Runs a program: {"program": str, "keep": bool, go on from the weights that are there}."""
    net = Net(question["program"])
    if question.get("keep") and _running:
        net.take_over(_running[0])
    _running[:] = [net]
    return {**net.look(), "points": net.points()}


def train_net(question):
    """Trains: {"steps": int, "ms": for how long at most}, and says what there is to see."""
    (net,) = _running
    return {**net.train(question["steps"], question["ms"]), **net.look()}
