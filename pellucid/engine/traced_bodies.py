"""Branches and loops under XLA: lax.cond and lax.while_loop around the traced bodies.

A body is traced like the stage that it is in. The variables that it changes are carried along:
they go into a branch or an iteration as arrays and come out of it as arrays. What XLA asks of a
loop, that each variable keeps its type and shape, is checked by JAX; a loop that does not is
computed by NumPy, as is a body that needs the host. Lists get room before the loop for all that
it puts into them. Read next: dense_lists.py, trips.py.
"""

import numpy as np

from pellucid.core.cell import Cell
from pellucid.core.dtypes import variant
from pellucid.engine.bodies import is_fake
from pellucid.engine.trips import Trips


def written_places(node):
    """List of the operations whose variables a node writes, itself or in its bodies."""
    found, ahead = {}, [node]
    while ahead:
        this = ahead.pop()
        for position in this.op.ref_inputs:
            if this.inputs[position].place is not None:
                found[this.inputs[position].place] = None
        ahead += [inner for body in this.bodies for inner in body.nodes]
    return list(found)


def branches(node, inputs, cells, results):
    """The outputs of an If.

    Args:
      node: Node with the bodies of both branches.
      inputs: list of arrays: the condition, and what the bodies are called with.
      cells: {Operation: Cell} of the variables, which it may change.
      results: function(body, arrays, cells) that traces a body and returns its outputs.
    """
    import jax
    places = written_places(node)

    def branch(body):
        def run(states, values):
            inside = _with(cells, places, states)
            return results(body, values, inside), [inside[p].value for p in places]
        return run

    arguments = [cells[p].value for p in places], inputs[1:]
    thens, elses = map(branch, node.bodies)
    if any(_adapts(value) for body in node.bodies for value in body.outputs):
        first, second = node.bodies
        thens = _alike(first, thens, jax.eval_shape(elses, *arguments)[0])
        elses = _alike(second, elses, jax.eval_shape(thens, *arguments)[0])
        thens = _alike(first, thens, jax.eval_shape(elses, *arguments)[0])
    found, states = jax.lax.cond(_truth(inputs[0]), thens, elses, *arguments)
    _put(cells, places, states)
    return found


def _adapts(value):
    return value.dtype is variant or is_fake(value)


def _alike(body, run, other):
    """A branch whose lists and fake results have the form of the `other` branch's results."""
    import jax.numpy as jnp

    from pellucid.engine.dense_lists import DenseList, blank, shaped

    def alike(value, result, form):
        if isinstance(form, DenseList):
            found = blank(form) if is_fake(value) else shaped(result, form)
            return found.but(pushed=max(result.pushed, form.pushed))
        return jnp.zeros(form.shape, form.dtype) if is_fake(value) else result

    def both(states, values):
        found, states = run(states, values)
        return [alike(*three) for three in zip(body.outputs, found, other, strict=True)], states
    return both


def loop(node, inputs, cells, results):
    """The outputs of a While; the arguments are those of `branches`."""
    import jax
    import jax.numpy as jnp

    from pellucid.engine.dense_lists import DenseList, shaped
    n, places = node.op.variables, written_places(node)
    cond, body = node.bodies
    constants, trips = inputs[n:], Trips(node, inputs)
    variables = [x.but(pushed=0) if isinstance(x, DenseList) else jnp.asarray(x)
                 for x in inputs[:n]]
    if trips.exact and not trips.most:
        return inputs[:n]

    def holds(carried):
        values, states = carried
        return _truth(results(cond, [*values, *constants], _with(cells, places, states))[0])

    def follow(carried):
        values, states = carried
        inside = _with(cells, places, states)
        return results(body, [*values, *constants], inside), [inside[p].value for p in places]

    def step(carried):
        found, states = follow(carried)
        return [shaped(new, old) if isinstance(old, DenseList) else
                jnp.asarray(new).astype(old.dtype)
                for new, old in zip(found, carried[0], strict=True)], states

    states = [cells[p].value for p in places]
    variables, growth = _with_room(variables, states, follow, trips)
    found, states = jax.lax.while_loop(holds, step, (variables, states))
    _put(cells, places, states)
    return [_known(trips, k, first, end, growth) for k, (first, end) in enumerate(
        zip(inputs[:n], found, strict=True))]


def _with_room(variables, states, follow, trips):
    """(a loop's variables, lists with room for what the loop puts in; {position: growth}).

    The body is tried on abstract arrays until the lists come out as they went in: first as they
    are, then with the rows of which it was seen what they look like.
    """
    import jax

    from pellucid.engine.dense_lists import DenseList, fitting
    lists = {i: x for i, x in enumerate(variables) if isinstance(x, DenseList)}
    growth = {}
    for _ in range(_ATTEMPTS if lists else 0):
        after, before = jax.eval_shape(follow, (variables, states))[0], variables
        variables = list(variables)
        for i, first in lists.items():
            growth[i] = after[i].pushed
            variables[i] = fitting(variables[i], after[i], _room(first, growth[i], trips))
        if jax.tree.map(np.shape, variables) == jax.tree.map(np.shape, before):
            break
    return variables, growth


_ATTEMPTS = 4


def _room(first, growth, trips):
    """How many items a list needs room for that gets `growth` items in each iteration."""
    start = first.length if isinstance(first.length, int) else first.room
    if growth <= 0 or (first.reserved and first.rows is not None):
        return start
    if trips.most is None:
        raise NotImplementedError("a list grows in a loop of which nobody knows how long it is")
    return start + growth * trips.most


def _known(trips, k, first, end, growth):
    """What a loop variable is at its end: a number, or a list's length, that can be told."""
    if k in growth:
        grown = max(growth[k], 0) * (trips.most or 0)
        is_known = trips.exact and isinstance(first.length, int) and growth[k] >= 0
        return end.but(length=first.length + grown if is_known else end.length,
                       pushed=first.pushed + grown, reserved=first.reserved)
    number = trips.end(k)
    return end if number is None else number


def _truth(condition):
    """A scalar bool; of a vector, as in TensorFlow, whether it is not empty."""
    import jax.numpy as jnp
    shape = getattr(condition, "shape", ())
    return jnp.asarray(condition, bool) if shape == () else jnp.asarray(0 not in shape)


def _with(cells, places, states):
    """The cells, those of `places` new ones with these values."""
    inside = dict(cells)
    for place, state in zip(places, states, strict=True):
        inside[place] = Cell(name=place.name)
        inside[place].value = state
    return inside


def _put(cells, places, states):
    for place, state in zip(places, states, strict=True):
        cells[place].value = state
