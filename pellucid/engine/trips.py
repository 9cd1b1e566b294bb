"""How often a loop goes round, as far as that can be told before it runs.

A list in a compiled program needs room before the loop that fills it starts. Most loops count:

    i < n,   i = i + 1        from a known start to a known limit, perhaps with a further test

and a backward loop counts down what the forward loop has counted. Read next: dense_lists.py.
"""

import math

import numpy as np

from pellucid.core.dtypes import int32, int64


class Trips:
    """The number of a loop's iterations.

    Args:
      node: Node of a While.
      inputs: list of what it is called with while it is traced, numbers or tracers; or None.

    Attributes:
      most: int, how many there can be, or None.
      exact: bool, whether there are as many.
      unknown: list of positions in the node's inputs of what one would have to know.
    """

    def __init__(self, node, inputs=None, depth=0):
        self.node, self.given, self.depth = node, inputs, depth
        self.cond, self.body = node.bodies
        self.unknown = []
        self._position = {v: k for k, v in enumerate(self.cond.parameters)}
        tests = list(_conjuncts(self.cond.outputs[0]))
        found = [count for count in map(self._of_test, tests) if count is not None]
        self.exact = bool(found) and len(found) == len(tests) and all(e for _, e in found)
        most = [count for count, _ in found]
        if node.op.maximum is not None:
            most.append(node.op.maximum)
        self.most = min(most, default=None)

    def counted(self, k):
        """(start, step) of a loop variable that grows by the same number each time, or None."""
        parameter, step = self.body.parameters[k], self._step(k)
        start = self._input(k) if step is not None else None
        if start is None or parameter.spec.rank != 0 or (
                parameter.dtype not in (int32, int64)):
            return None
        return start, step

    def end(self, k):
        """The number that a loop variable is at the end, if that can be told, or None."""
        found = self.counted(k) if self.exact else None
        if found is None or not found[0][1]:
            return None
        (start, _), step = found
        dtype, number = self.body.parameters[k].dtype._numpy, start + self.most * step
        return np.asarray(number, dtype) if number in _RANGE else None

    def _of_test(self, test):
        """(how often it can hold at most, whether that is exact), or None."""
        kind = test.node and _COMPARISONS.get(test.node.op.op_type)
        if kind is None:
            return None
        low, high = test.node.inputs if kind > 0 else test.node.inputs[::-1]
        equal = abs(kind) == 2                             # low <= high
        for counter, other, sign in ((low, high, 1), (high, low, -1)):
            k = self._position.get(counter)
            found = self.counted(k) if k is not None and k < self.node.op.variables else None
            limit = self._number(other)
            if not found or limit is None or found[1] * sign <= 0 or (
                    sign < 0 and not limit[1]):            # a limit from below must be exact
                continue
            (start, is_exact), step = found
            if sign > 0 and not is_exact:                  # it may start lower
                continue
            way = (limit[0] - start) * sign + equal
            return max(0, math.ceil(way / abs(step))), is_exact and limit[1]
        return None

    def _step(self, k):
        """The constant that a loop variable grows by, or None."""
        node = self.body.outputs[k].node
        if node is None or node.op.op_type not in ("Add", "AddV2", "Sub"):
            return None
        a, b = node.inputs
        if node.op.op_type != "Sub" and b is self.body.parameters[k]:
            a, b = b, a
        step = _scalar(b.constant)
        if a is not self.body.parameters[k] or step is None:
            return None
        return -step if node.op.op_type == "Sub" else step

    def _number(self, value):
        """(upper bound of a value in the condition, whether it is exact), or None."""
        k = self._position.get(value)
        if k is None:
            return _bound(value, self._number, self.depth)
        if k < self.node.op.variables and self.body.outputs[k] is not self.body.parameters[k]:
            return None
        return self._input(k)

    def _input(self, k):
        if self.given is not None:
            number = _scalar(self.given[k])
            if number is not None:
                return number, True
        value = self.node.inputs[k]
        found = _bound(value, _nothing, self.depth)
        is_loops = value.node is not None and value.node.bodies
        if found is None and value.dtype in (int32, int64) and not is_loops:
            self.unknown.append(k)
        return found


_COMPARISONS = {"Less": 1, "LessEqual": 2, "Greater": -1, "GreaterEqual": -2}
_DEEP = 12                    # steps back that are looked at
_RANGE = range(-2**31, 2**31)


def _conjuncts(value):
    """The values that must all be true for this one to be."""
    ahead = [value]
    while ahead:
        value = ahead.pop()
        if value.node is not None and value.node.op.op_type == "LogicalAnd":
            ahead += value.node.inputs
        elif value.constant is None or not bool(np.all(value.constant)):
            yield value


def _bound(value, known, depth):
    """(an upper bound of an integer, whether it is exact), or None."""
    number = _scalar(value.constant)
    if number is not None:
        return number, True
    if value.node is None or depth > _DEEP:
        return None
    op_type, inputs = value.node.op.op_type, value.node.inputs

    def look(v):
        return known(v) or _bound(v, known, depth + 1)

    if op_type in ("Identity", "Cast"):
        return look(inputs[0])
    if op_type == "Minimum":
        found = [b for b in map(look, inputs) if b]
        if len(found) < 2:
            return (found[0][0], False) if found else None
        return min(found[0][0], found[1][0]), found[0][1] and found[1][1]
    if op_type == "Maximum":
        found = list(map(look, inputs))
        return (max(found[0][0], found[1][0]), False) if all(found) else None
    if value.node.bodies and value.node.bodies[-1].role == "body":
        return _counted(value, depth)
    return None


def _counted(value, depth):
    """The same for a loop variable at the end of its loop."""
    k, trips = value.node.outputs.index(value), Trips(value.node, None, depth + 1)
    found = trips.counted(k)
    if found is None or trips.most is None or found[1] < 0:
        return None
    (start, is_exact), step = found
    return start + trips.most * step, trips.exact and is_exact


def _nothing(value):
    return None


def _scalar(x):
    """The int that a constant or a traced argument is, or None."""
    if isinstance(x, np.ndarray | np.generic | int) and np.ndim(x) == 0 and (
            np.asarray(x).dtype.kind in "iu"):
        return int(x)
    return None
