"""TensorList: the value of a variant tensor, a list of arrays that is never changed.

A loop that appends 10,000 times makes 10,000 lists, each a moment of the one before. They share
one dict of items: the newest list has it, and an older one knows in which item it differs from
the next younger. So setting, appending and taking away cost the same however long the list is,
and whoever still holds an old list has it as it was. (Baker 1978, Shallow binding in Lisp 1.5)

An item that was never set is None. In a list of gradients that means zero. Read next:
tensor_lists.py.
"""

from pellucid.core import errors

_NEAR = 8           # changes up to which an old list looks an item up without a dict of its own


class TensorList:
    """An immutable list of arrays.

    Attributes:
      length: int.
      taken: set of the positions whose item may not be read again (TensorArray clears what it
        read), shared by all moments of a list; None where reading leaves items in place.
    """

    __slots__ = ("_change", "_items", "length", "taken")

    def __init__(self, length=0, items=None, taken=None):
        self.length, self.taken = length, taken
        self._items = {} if items is None else items      # of the newest list: position -> array
        self._change = None                               # else (position, item, younger list)

    @classmethod
    def of(cls, arrays, taken=None):
        """The list of these arrays."""
        items = {i: array for i, array in enumerate(arrays) if array is not None}
        return cls(len(arrays), items, taken)

    # -- reading ---------------------------------------------------------------------------

    def get(self, position):
        """The item at a position, or None."""
        this = self
        for _ in range(_NEAR):
            if this._change is None:
                return this._items.get(position)
            if this._change[0] == position:
                return this._change[1]
            this = this._change[2]
        return self.items().get(position)

    def items(self):
        """{position: item} of those that were set; not to be changed."""
        if self._change is not None:
            trail, this = [], self
            while this._change is not None:
                trail.append(this._change)
                this = this._change[2]
            items = dict(this._items)
            for position, item, _ in reversed(trail):
                _put(items, position, item)
            self._items, self._change = items, None       # from now on a list of its own
        return self._items

    def arrays(self):
        """List of all items, None for those that were never set."""
        return list(map(self.items().get, range(self.length)))

    # -- other lists -----------------------------------------------------------------------

    def put(self, position, item, length=None):
        """The list with another item at a position, and of another length if one is given."""
        items = self.items()
        younger = TensorList(self.length if length is None else length, items, self.taken)
        self._items, self._change = None, (position, items.get(position), younger)
        _put(items, position, item)
        return younger

    def push(self, item):
        """The list with one more item."""                # put(), written out: half the time
        length, items = self.length, self.items()
        younger = TensorList(length + 1, items, self.taken)
        self._items, self._change = None, (length, None, younger)
        items[length] = item
        return younger

    def pop(self):
        """(the list without its last item, that item)"""
        if not self.length:
            raise errors.InvalidArgumentError(None, None, "Trying to pop from an empty list.")
        last, items = self.length - 1, self.items()
        younger = TensorList(last, items, self.taken)
        item = items.pop(last, None)
        self._items, self._change = None, (last, item, younger)
        return younger, item

    def resized(self, length):
        """The list cut off, or with unset items at its end."""
        if length >= self.length:
            return self.put(length, None, length)
        if self.length - length > _NEAR:
            return TensorList.of(self.arrays()[:length], self.taken)
        shorter = self
        while shorter.length > length:
            shorter, _ = shorter.pop()
        return shorter

    def zeros_like(self):
        """A list of as many zeros."""
        return TensorList(self.length)

    def __add__(self, other):
        """Item by item; the time is that of the one that has fewer items."""
        if self.length != other.length:
            raise errors.InvalidArgumentError(
                None, None, "Trying to add two lists of tensors with different lengths: "
                f"{self.length} and {other.length}")
        few, many = sorted((self, other), key=lambda one: len(one.items()))
        for position, item in list(few.items().items()):
            before = many.get(position)
            many = many.put(position, item if before is None else before + item)
        return many

    def copy(self):
        """Itself: nobody changes it."""
        return self

    def __repr__(self):
        return f"TensorList(length={self.length}, set={len(self.items())})"


def _put(items, position, item):
    if item is None:
        items.pop(position, None)
    else:
        items[position] = item
