"""Groups: disjoint sets of Values, such as those that share memory."""


class Groups:
    """Disjoint sets of Values (Tarjan 1975, with path halving)."""

    def __init__(self):
        self._parent = {}

    def of(self, value):
        """The member that stands for value's group."""
        parent = self._parent
        while value in parent:
            above = parent[value]
            if above in parent:
                parent[value] = parent[above]
            value = above
        return value

    def join(self, values):
        """Makes one group of the groups of these values."""
        for value in values[1:]:
            a, b = self.of(values[0]), self.of(value)
            if a is not b:
                self._parent[a] = b
