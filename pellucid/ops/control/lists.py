"""TensorList: the value of a variant tensor, a list of arrays that is never changed.

A loop that appends 10,000 times makes 10,000 lists, each a moment of the one before. They share
one dict of items: the newest list has it, and an older one knows in which item it differs from
the next younger. So setting, appending and taking away cost the same however long the list is,
and whoever still holds an old list has it as it was. (Baker 1978, Shallow binding in Lisp 1.5)

An item that was never set is None. In a list of gradients that means zero. Inside a compiled
program a list is a DenseList (engine/dense_lists.py), which has the same methods. Read next:
tensor_lists.py.
"""

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.arrays import array_namespace

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

    # -- what the operations do, with TensorFlow's errors ----------------------------------

    def zeros(self, element_shape, dtype):
        """What an item that was never set stands for."""
        shape = tuple(np.atleast_1d(element_shape).tolist())
        if np.ndim(element_shape) == 0 or min(shape, default=0) < 0:
            known = self._any()
            if known is None:
                raise errors.InvalidArgumentError(
                    None, None, "Tried to read an uninitialized item of a list whose element "
                    f"shape is not fully defined: {list(shape)}")
            shape = np.shape(known)
        return TensorList() if dtype is dtypes.variant else np.zeros(shape, dtype._numpy)

    def _any(self):
        """An item that is set, or None."""
        return next(iter(self.items().values()), None)

    def item_shape(self):
        """The shape of an item that is set, or -1."""
        known = self._any()
        return -1 if known is None else np.shape(known)

    def read(self, position, element_shape, dtype):
        """One item. InvalidArgumentError if there is none, or it was read and cleared."""
        position = int(position)
        if not 0 <= position < self.length:
            raise errors.InvalidArgumentError(
                None, None, f"Tried to read from index {position} but array size is: "
                f"{self.length}")
        if self.taken is not None:
            if position in self.taken:
                raise errors.InvalidArgumentError(
                    None, None, f"Could not read index {position} twice because it was cleared "
                    "after a previous read (perhaps try setting clear_after_read = false?).")
            self.taken.add(position)
        item = self.get(position)
        return self.zeros(element_shape, dtype) if item is None else item

    def write(self, position, item, resize=False, once=False):
        """The list with an item set. InvalidArgumentError where there is no place for it."""
        position = int(position)
        if position < 0 or (position >= self.length and not resize):
            raise errors.InvalidArgumentError(
                None, None, f"Tried to write to index {position} but array is not resizeable and "
                f"size is: {self.length}")
        if once and self.taken is not None and position in self.taken:
            raise errors.InvalidArgumentError(
                None, None, f"Could not write to TensorArray index {position} because it has "
                "already been read.")
        if once and self.get(position) is not None:
            raise errors.InvalidArgumentError(
                None, None, f"Could not write to TensorArray index {position} because it has "
                "already been written to.")
        return self.put(position, item, max(self.length, position + 1))

    def stack(self, element_shape, dtype, positions=None):
        """The items at these positions, or all, as the rows of one array."""
        positions = range(self.length) if positions is None else positions.tolist()
        rows = [self.read(position, element_shape, dtype) for position in positions]
        if not rows:
            shape = [max(d, 0) for d in np.atleast_1d(element_shape).tolist()]
            return np.zeros((0, *(shape if np.ndim(element_shape) else ())), dtype._numpy)
        first = np.shape(rows[0])
        for row in rows:
            if np.shape(row) != first:
                raise errors.InvalidArgumentError(
                    None, None, "TensorArray has inconsistent shapes.  Index 0 has shape: "
                    f"{list(first)} but another has shape: {list(np.shape(row))}")
        return array_namespace(*rows).stack(rows)

    def scatter(self, tensor, indices, resize=False, once=False, adds=False):
        """The list with the rows of a tensor at some positions."""
        if len(indices) != len(tensor):
            raise errors.InvalidArgumentError(
                None, None, "Expected len(indices) == values.shape[0], but saw: "
                f"{len(indices)} vs. {len(tensor)}")
        items = self
        if not items.items() and not items.taken and len(tensor) <= items.length and (
                (indices == np.arange(len(tensor))).all()):      # all rows, to where nothing is
            return TensorList(items.length, dict(enumerate(tensor)), items.taken)
        for position, row in zip(indices.tolist(), tensor, strict=True):
            before = items.get(position) if adds else None
            items = items.write(position, row if before is None else before + row, resize, once)
        return items

    def concat(self, element_shape, leading_dims, dtype):
        """(The items joined along their first axis, their lengths.)"""
        parts = []
        for position in range(self.length):
            shape = np.array(element_shape)
            if shape.ndim and position < len(leading_dims):
                shape[0] = leading_dims[position]
            parts.append(self.read(position, shape, dtype))
        if any(np.ndim(part) == 0 for part in parts):
            raise errors.InvalidArgumentError(
                None, None, "Concat saw a scalar shape but requires at least vectors.")
        lengths = np.array([len(part) for part in parts], np.int64)
        if parts:
            return array_namespace(*parts).concatenate(parts), lengths
        tail = [max(d, 0) for d in np.atleast_1d(element_shape).tolist()[1:]]
        return np.zeros((0, *tail), dtype._numpy), lengths

    # -- the rest --------------------------------------------------------------------------

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
