"""DenseList: a list of tensors inside a compiled program, as the rows of one array.

XLA knows no lists. But the items of a list nearly always have one shape, and how many there can
be is known before a loop starts, so an array with room for them will do, and a count of those
that are there:

    rows      (room, *shape of an item), zeros where nothing was set
    length    int where the program knows it, else a scalar that is computed

A list that nothing was put into has no rows yet: its first item says what they look like. An
item may be a list itself (what a loop in a loop keeps for its gradient); then `rows` is the list
of their rows. The methods are those of TensorList (ops/control/lists.py), without its errors: a
program does not look at an index. Imported where JAX is there. Read next: traced_bodies.py.
"""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax, tree

from pellucid.core import dtypes
from pellucid.ops.control.lists import TensorList


class DenseList:
    """An immutable list of arrays of one shape.

    Attributes:
      rows: array, or a DenseList of lists' rows; None as long as nothing was put in.
      length: int, or a traced int32 scalar.
      room: int, how many items there are at most: so many rows there are.
      reserved: bool, whether the loop around has made room for all that it appends.
      pushed: int, how many items were appended since that loop began its iteration.
      alone: (position, item), in a list without rows: the only item that is set.
    """

    __slots__ = ("alone", "length", "pushed", "reserved", "room", "rows")

    def __init__(self, length=0, rows=None, room=None, reserved=False, pushed=0, alone=None):
        self.length, self.rows, self.reserved = length, rows, reserved
        self.pushed, self.alone = pushed, alone
        if rows is not None:
            self.room = tree.leaves(rows)[0].shape[0]
        else:
            self.room = room if room is not None else length if isinstance(length, int) else 0

    def but(self, **changes):
        """The list with other attributes."""
        found = {"length": self.length, "rows": self.rows, "room": self.room,
                 "reserved": self.reserved, "pushed": self.pushed, "alone": self.alone}
        return DenseList(**{**found, **changes})

    @classmethod
    def of(cls, items):
        """The same list as a TensorList."""
        if not items.items():
            return cls(items.length)
        known = next(iter(items.items().values()))
        blank = tree.map(jnp.zeros_like, known)
        found = [blank if item is None else item for item in items.arrays()]
        return cls(items.length, _joined(found))

    def as_list(self):
        """The same as a TensorList of NumPy arrays, once it is computed."""
        this = self.spread()
        count = int(this.length)
        if this.rows is None:
            return TensorList(count)
        items = [tree.map(lambda x, i=i: np.asarray(x[i]), this.rows) for i in range(count)]
        return TensorList.of([x.as_list() if isinstance(x, DenseList) else x for x in items])

    # -- room ------------------------------------------------------------------------------

    def with_room(self, room, like):
        """The list with rows for `room` items such as `like` (anything with shape and dtype)."""
        this = self.spread()
        if this.rows is None:
            return this.but(rows=_zero_rows(room, like))
        more = room - this.room
        if more <= 0:
            return this
        rows = tree.map(lambda x: jnp.concatenate(
            [x, jnp.zeros((more, *x.shape[1:]), x.dtype)]), this.rows)
        return this.but(rows=rows)

    def spread(self):
        """The list with rows, if anything is known about them."""
        if self.alone is None:
            return self
        position, item = self.alone
        return self.but(rows=_zero_rows(self.room, item), alone=None)._with_row(position, item)

    def _with_row(self, position, item):
        rows = tree.map(lambda x, new: lax.dynamic_update_index_in_dim(
            x, jnp.asarray(new, x.dtype), position, 0), self.rows, _as_item(item))
        return self.but(rows=rows)

    # -- one item --------------------------------------------------------------------------

    def zeros(self, element_shape, dtype):
        """What an item that was never set stands for."""
        shape = tuple(np.atleast_1d(element_shape).tolist())
        if dtype is dtypes.variant:
            return DenseList()
        if np.ndim(element_shape) == 0 or min(shape, default=0) < 0:
            raise NotImplementedError("nothing says what shape the items of a list have")
        return jnp.zeros(shape, dtype._numpy)

    def read(self, position, element_shape, dtype):
        """One item."""
        this = self.spread()
        if isinstance(this.length, int) and not isinstance(position, jax.core.Tracer) and not (
                0 <= int(position) < this.length):
            raise IndexError("not in the list")            # TensorList says so in a better way
        if this.rows is None:
            return this.zeros(element_shape, dtype)
        return _row(this.rows, position)

    def write(self, position, item, resize=False, once=False):
        """The list with an item set."""
        if resize:
            raise NotImplementedError("a list that grows where it is written")
        if self.rows is None and self.alone is None:
            return self.but(alone=(position, item))
        return self.spread()._with_row(position, item)

    put = write

    def push(self, item):
        """The list with one more item."""
        item, room = _as_item(item), self.room
        if isinstance(self.length, int):
            room = self.length + 1
        elif not self.reserved or self.rows is None:
            room += 1
        grown = self.with_room(room, item)._with_row(self.length, item)
        return grown.but(length=self.length + 1, pushed=self.pushed + 1)

    def pop(self):
        """(the list without its last item, that item)"""
        this = self.spread()
        if isinstance(this.length, int) and this.length < 1:
            raise IndexError("the list is empty")
        last = this.length - 1
        rest = this.but(length=last, pushed=this.pushed - 1)
        return rest, None if this.rows is None else _row(this.rows, last)

    def resized(self, length):
        """The list cut off, or with zeros at its end."""
        this = self.spread()
        if this.rows is None or not isinstance(this.length, int):
            if this.rows is not None:
                raise NotImplementedError("a list of computed length that is resized")
            return this.but(length=length, room=length)
        kept = tree.map(lambda x: x[:min(length, this.length)], this.rows)
        return this.but(length=length, rows=kept).with_room(length, None)

    def item_shape(self):
        """The shape of an item, or -1."""
        this = self.spread()
        return -1 if this.rows is None else this.rows.shape[1:]

    # -- all items -------------------------------------------------------------------------

    def zeros_like(self):
        """A list of as many zeros."""
        return self.but(rows=None, alone=None)

    def __add__(self, other):
        """Item by item."""
        for one, two in ((self, other), (other, self)):
            if two.rows is None and two.alone is None:
                return one
            if one.rows is not None and two.alone is not None:
                return one._with_more(*two.alone)
        one, two = self.spread(), other.spread()
        return one.but(rows=tree.map(jnp.add, one.rows, two.rows))

    def _with_more(self, position, item):
        """The list with something added to one item: no pass over all rows."""
        rows = tree.map(lambda x, more: x.at[position].add(jnp.asarray(more, x.dtype)),
                        self.rows, _as_item(item))
        return self.but(rows=rows)

    def stack(self, element_shape, dtype, positions=None):
        """The items at these positions, or all, as the rows of one array."""
        this = self.spread()
        if positions is not None:
            if this.rows is None:
                return jnp.zeros((len(positions), *element_shape), dtype._numpy)
            return this.rows[jnp.asarray(positions)]
        if not isinstance(this.length, int):
            raise NotImplementedError("how many items there are is not known")
        if this.rows is None:
            item = this.zeros(element_shape, dtype)
            return jnp.zeros((this.length, *item.shape), item.dtype)
        return this.rows[:this.length]

    def scatter(self, tensor, indices, resize=False, once=False, adds=False):
        """The list with the rows of a tensor at some positions."""
        n, this = len(tensor), self.spread()
        is_known = isinstance(indices, np.ndarray)
        if resize and not (is_known and max(indices, default=-1) < this.room):
            raise NotImplementedError("a list that grows where it is written")
        if this.rows is None and is_known and n == this.room and (indices == np.arange(n)).all():
            return this.but(rows=jnp.asarray(tensor))
        this = this.with_room(this.room, jax.ShapeDtypeStruct(tensor.shape[1:], tensor.dtype))
        rows = this.rows.at[jnp.asarray(indices)]
        return this.but(rows=(rows.add if adds else rows.set)(tensor))

    def concat(self, element_shape, leading_dims, dtype):
        """(The items joined along their first axis, their lengths.)"""
        rows = self.stack(element_shape[1:], dtype) if self.rows is None else self.stack(
            element_shape, dtype)
        if rows.ndim < 2:
            raise ValueError("items without a first axis")           # TensorList explains it
        return (rows.reshape(-1, *rows.shape[2:]),
                np.full(rows.shape[0], rows.shape[1], np.int64))

    def copy(self):
        """Itself: nobody changes it."""
        return self

    # -- as JAX sees it --------------------------------------------------------------------

    def _parts(self):
        """((what JAX computes with), (what a program is compiled for))"""
        this, is_known = self.spread(), isinstance(self.length, int)
        fixed = this.length if is_known else None, this.room, this.reserved, this.pushed
        return (this.rows,) if is_known else (this.rows, this.length), fixed

    @classmethod
    def _of_parts(cls, fixed, parts):
        made = object.__new__(cls)         # JAX puts in all kinds of things beside arrays
        made.length, made.room, made.reserved, made.pushed = fixed
        made.rows, made.alone = parts[0], None
        if made.length is None:
            made.length = parts[1]
        return made


jax.tree_util.register_pytree_node(DenseList, DenseList._parts, DenseList._of_parts)


def _row(rows, position):
    """The item at a position. What lies beyond the ends is clamped, as XLA does."""
    return tree.map(lambda x: lax.dynamic_index_in_dim(x, position, 0, keepdims=False), rows)


def _as_item(item):
    """A list as an item of another: all such items are of one form."""
    if not isinstance(item, DenseList):
        return item
    item, length = item.spread(), item.length
    return DenseList(np.int32(length) if isinstance(length, int) else length, item.rows)


def _zero_rows(room, like):
    return tree.map(lambda x: jnp.zeros((room, *x.shape), x.dtype), _as_item(like))


def _form_of_item(rows):
    return tree.map(lambda x: jax.ShapeDtypeStruct(x.shape[1:], x.dtype), rows)


def _joined(items):
    return tree.map(lambda *parts: jnp.stack(parts), *map(_as_item, items))


# -- lists that a loop or a branch carries -------------------------------------------------

def fitting(old, new, room):
    """A loop's list `old` such that `new`, which an iteration made of it, is of its form.

    Args:
      old: DenseList that goes in.
      new: DenseList of abstract arrays that comes out.
      room: int, how many items there will be room for.
    """
    old = old.spread()
    if new.rows is not None:
        old = old.with_room(max(room, old.room, new.room), _form_of_item(new.rows))
    if _is_same(new.length, old.length):
        return old.but(reserved=True)
    return old.but(length=jnp.asarray(old.length, jnp.int32), reserved=True)


def _is_same(a, b):
    return isinstance(a, int) and isinstance(b, int) and a == b


def shaped(new, old):
    """The list `new` in the form of `old`, as far as rows of zeros do it."""
    new = new.spread()
    if old.rows is not None:
        new = new.with_room(old.room, _form_of_item(old.rows))
    same = _is_same(new.length, old.length)
    return old.but(length=old.length if same else jnp.asarray(new.length, jnp.int32),
                   rows=new.rows)


def blank(form):
    """A list in the form of another, in which nothing is set."""
    rows = None if form.rows is None else tree.map(
        lambda x: jnp.zeros(x.shape, x.dtype), form.rows)
    length = form.length if isinstance(form.length, int) else jnp.int32(0)
    return form.but(length=length, rows=rows)


# -- the operations that make lists --------------------------------------------------------

def _from_tensor(op, tensor, element_shape):
    return DenseList(len(tensor), jnp.asarray(tensor))


def _scattered(op, tensor, indices, element_shape, num_elements):
    count = int(num_elements)
    if count < 0:
        count = int(max(indices, default=-1)) + 1
    return DenseList(count).scatter(tensor, indices, adds=op.adds)


MAKERS: dict[str, Any] = {"TensorListFromTensor": _from_tensor, "TensorListScatterV2": _scattered}
