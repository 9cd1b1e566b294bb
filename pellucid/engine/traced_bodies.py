"""Branches and loops under XLA: lax.cond and lax.while_loop around the traced bodies.

A body is traced like the stage that it is in. The variables that it changes are carried along:
they go into a branch or an iteration as arrays and come out of it as arrays. What XLA asks of a
loop, that each variable keeps its type and shape, is checked by JAX; a loop that does not is
computed by NumPy, as is a body that needs the host. Read next: xla.py.
"""

from pellucid.core.cell import Cell


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

    found, states = jax.lax.cond(_truth(inputs[0]), *map(branch, node.bodies),
                                 [cells[p].value for p in places], inputs[1:])
    _put(cells, places, states)
    return found


def loop(node, inputs, cells, results):
    """The outputs of a While; the arguments are those of `branches`."""
    import jax
    import jax.numpy as jnp
    n, places = node.op.variables, written_places(node)
    cond, body = node.bodies
    variables, constants = [jnp.asarray(x) for x in inputs[:n]], inputs[n:]

    def holds(carried):
        values, states = carried
        return _truth(results(cond, [*values, *constants], _with(cells, places, states))[0])

    def step(carried):
        values, states = carried
        inside = _with(cells, places, states)
        found = results(body, [*values, *constants], inside)
        found = [jnp.asarray(new).astype(old.dtype)
                 for new, old in zip(found, values, strict=True)]
        return found, [inside[p].value for p in places]

    found, states = jax.lax.while_loop(
        holds, step, (variables, [cells[p].value for p in places]))
    _put(cells, places, states)
    return found


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
