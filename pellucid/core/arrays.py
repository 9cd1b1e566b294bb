"""Two array libraries, one spelling.

An operation's mathematics is written once. The values themselves say which library computes:
NumPy arrays are on the host; anything else brings its own namespace (jax.numpy under XLA). What
the libraries spell differently stands here, both spellings side by side.
"""

import sys

import numpy as np

_HOST_TYPES = (np.ndarray, np.generic, int, float, bool, complex, bytes, str)


def array_namespace(*values):
    """NumPy if every value is on the host, else the library of the first other value.

    Host values stay on the host even while XLA traces, so that shapes computed by ordinary
    operations are concrete numbers there.
    """
    for value in values:
        if not isinstance(value, _HOST_TYPES):
            return value.__array_namespace__()
    return np


def on_host(*values):
    """True if NumPy computes with these values, so that their entries can be looked at."""
    return array_namespace(*values) is np


def take(x, places, axis):
    """The entries of x at some places along an axis.

    NumPy's own indices are as wide as the machine's addresses, 32 bits in a browser, and `take`
    accepts no wider ones.
    """
    xp = array_namespace(x, places)
    return xp.take(x, np.asarray(places, np.intp) if xp is np else places, axis)


def scatter(target, index, updates, how):
    """A copy of target in which target[index] is set, added to, ... with updates.

    Args:
      target: array.
      index: array of ints or tuple of them, for the first dimensions of target.
      updates: array; rows that index names twice are combined in order.
      how: "set", "add", "subtract", "multiply", "divide", "min" or "max".
    """
    xp = array_namespace(target, updates)
    if xp is not np:
        if how == "subtract":
            how, updates = "add", -updates
        return getattr(xp.asarray(target).at[index], how)(updates)
    return scatter_into(np.array(target), index, updates, how)


def scatter_into(target, index, updates, how):
    """scatter, into the target itself where it is NumPy's: see cell.py, writable."""
    if array_namespace(target, updates) is not np:
        return scatter(target, index, updates, how)
    if how == "set":
        target[index] = updates
    else:
        _UFUNCS[how].at(target, index, updates)
    return target


def one_after_another(update, values, rows, changes):
    """values = update(values, rows, changes), a row that is named twice being updated twice.

    Where no row is, as after an optimizer has summed equal rows, all are updated at once.

    Args:
      update: function of (tuple of arrays, vector of ints, array) to such a tuple.
      values: tuple of arrays.
      rows: vector of ints.
      changes: array, one entry for each of the rows.
    """
    if array_namespace(rows, *values) is not np:
        return _one_after_another_traced(update, values, rows, changes)
    left = np.arange(len(rows))
    while len(left):
        _, first = np.unique(rows[left], return_index=True)
        if len(first) == len(rows):
            return update(values, rows, changes)
        turn = left[first]
        values = update(values, rows[turn], changes[turn])
        left = np.delete(left, first)
    return values


def _one_after_another_traced(update, values, rows, changes):
    jax = sys.modules["jax"]               # imported by whoever brought a JAX array
    jnp = jax.numpy
    rows, changes = jnp.asarray(rows), jnp.asarray(changes)
    if len(rows) < 2:
        return update(values, rows, changes)
    in_order = jnp.sort(rows)
    repeated = (in_order[1:] == in_order[:-1]).any()

    def single(i, values):
        return update(values, jax.lax.dynamic_slice_in_dim(rows, i, 1),
                      jax.lax.dynamic_slice_in_dim(changes, i, 1))

    return jax.lax.cond(
        repeated,
        lambda values: jax.lax.fori_loop(0, len(rows), single, values),
        lambda values: update(values, rows, changes), values)


def choose(condition, first, second, values):
    """first(*values) where the condition is true, else second(*values): lists of values."""
    if getattr(condition, "ndim", 0):                     # as in TensorFlow: is it not empty?
        condition = condition.size
    return first(*values) if condition else second(*values)


def repeat(condition, body, state, constants):
    """`state` after state = body(*state, *constants), again while the condition holds.

    Args:
      condition, body: functions that return a list, of one truth value and of a new state.
      state, constants: lists of values.
    """
    while condition(*state, *constants)[0]:
        state = body(*state, *constants)
    return state


def placed(shape, index, x, fill=0):
    """An array of `shape`, full of `fill`, but for its part [index], which is x.

    Args:
      shape: tuple of int.
      index: what NumPy takes between brackets; it names no element twice.
      x: array, which gives the dtype.
      fill: scalar.
    """
    xp = array_namespace(x)
    if xp is not np:
        return xp.full(shape, fill, x.dtype).at[index].set(x)
    dtype = np.asarray(x).dtype
    if fill == 0:
        result = np.zeros(shape, dtype) if dtype.kind != "O" else np.full(shape, b"", object)
    else:
        result = np.full(shape, fill, dtype)
    result[index] = x
    return result


_UFUNCS = {"add": np.add, "subtract": np.subtract, "multiply": np.multiply, "divide": np.divide,
           "floor_divide": np.floor_divide, "min": np.minimum, "max": np.maximum}
