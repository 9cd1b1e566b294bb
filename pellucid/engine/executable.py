"""A stage compiled by XLA: the same computes, called once with tracers instead of arrays.

`jax.jit` calls `_trace` with stand-ins for arrays; each operation's compute runs on them and JAX
writes down what is done. What comes out is a function of

    written   the variables that the stage writes; their memory is given away (donated), so
              that an update may happen in place
    read      the variables that it only reads
    inputs    feeds and what other stages have computed

that returns the variables' new values and what later stages, or the caller, want to see.
"""

import logging
import time

import numpy as np

from pellucid.core.cell import Cell
from pellucid.core.dtypes import variant
from pellucid.engine.traced_bodies import branches, loop, written_places
from pellucid.ops.control.lists import TensorList

log = logging.getLogger("pellucid.xla")

EMBEDDED = 1 << 10           # elements: larger constants are inputs, not part of the program


class Untraceable(Exception):
    """A node that XLA cannot trace. Attributes: node."""

    def __init__(self, node):
        super().__init__(node)
        self.node = node


class Executable:
    """The compiled form of a Stage.

    Args:
      nodes: list of Node.
      wanted: set of Value that are used outside of the stage.

    Attributes:
      inputs: list of Value that a call receives as arrays.
      static: list of Value that it must know as numbers.
      read, written: lists of Value, the variables.
      updated: set of Value, those written ones whose old value counts.
      outputs: list of Value that it returns.
    """

    def __init__(self, nodes, wanted):
        self.nodes = nodes
        made = {value for node in nodes for value in node.outputs}
        changed = {place for node in nodes for place in written_places(node)}
        used = _unique(v for node in nodes for v in (*node.inputs, *node.touched)
                       if v not in made)
        self.written = [v for v in used if v.place in changed]
        self.updated = _updated(nodes)
        self.read = [v for v in used if v.place is not None and v not in self.written]
        known = _unique(v for node in nodes for v in node.static_inputs)
        self.static = [v for v in known if v.constant is None and v not in made]
        self.inputs = [v for v in used if v.place is None and v not in self.static
                       and (v.constant is None or (_is_large(v) and v not in known))]
        self.outputs = [v for v in _unique(v for n in nodes for v in n.outputs) if v in wanted]
        self._compiled = {}                # static values -> jitted function

    def function(self, static):
        """The jitted function for these static values (list of arrays)."""
        return self._jitted(static, (), lambda stage: stage)

    def loop(self, static, stacked, count):
        """The same for many steps: (written, read, inputs) -> (states, stacked outputs).

        Args:
          static: list of arrays.
          stacked: tuple of positions in `inputs`; those have an entry a step.
          count: int, how many steps.
        """
        def steps(stage):
            def loop(written, read, inputs):
                import jax

                def step(states, entries):
                    now = list(inputs)
                    for position, entry in zip(stacked, entries, strict=True):
                        now[position] = entry
                    return stage(states, read, now)
                return jax.lax.scan(step, written, [inputs[i] for i in stacked], count)
            return loop
        return self._jitted(static, (count, *stacked), steps)

    def _jitted(self, static, form, wrap):
        key = (form, *[(a.dtype.str, a.shape, a.tobytes()) for a in static])
        if key not in self._compiled:
            import jax
            known = dict(zip(self.static, static, strict=True))
            self._compiled[key] = jax.jit(wrap(self._tracer(known)), donate_argnums=0)
            log.debug("program %d of a stage with %d nodes", len(self._compiled), len(self.nodes))
        return self._compiled[key]

    def _tracer(self, static):
        def stage(written, read, inputs):
            start = time.perf_counter()
            cells = {v.place: _cell(v, a) for v, a in zip(
                [*self.written, *self.read], [*written, *read], strict=True)}
            values = {**static, **dict(zip(self.inputs, inputs, strict=True))}
            for node in self.nodes:
                _compute(node, values, cells)
            log.info("traced %d nodes in %.3f s", len(self.nodes), time.perf_counter() - start)
            return ([_own(cells[v.place].value) for v in self.written],
                    [_own(values[v]) for v in self.outputs])
        return stage


def _compute(node, values, cells):
    """One node on tracers."""
    static = node.inputs if _is_of_numbers(node, values) else node.static_inputs
    try:
        arguments = [_argument(value, i in node.op.ref_inputs, value in static, values, cells)
                     for i, value in enumerate(node.inputs)]
        results = _results(node, arguments, cells)
    except Exception as error:
        # Whatever it is, the host will do it, or say with the values why it cannot be done.
        log.info("%s %r is computed by NumPy: %s", node.origin.type, node.origin.name, error)
        raise Untraceable(node) from error
    if node.op.returns_ref:
        return
    results = (results,) if len(node.outputs) == 1 and not node.bodies else results
    for value, result in zip(node.outputs, results, strict=True):
        values[value] = _typed(result, value.dtype)


def _is_of_numbers(node, values):
    """True if it is computed of what is known while the program is traced, such as shapes."""
    return all(v.constant is not None or isinstance(values.get(v), np.ndarray | np.generic)
               for v in node.inputs)


def _results(node, arguments, cells):
    if not node.bodies:
        from pellucid.engine.dense_lists import MAKERS
        make = MAKERS.get(node.op.op_type)
        return node.op.compute(*arguments) if make is None else make(node.op, *arguments)
    if node.bodies[-1].role == "body":
        return loop(node, arguments, cells, _body)
    return branches(node, arguments, cells, _body)


def _body(body, arguments, cells):
    """The outputs of a body on tracers."""
    values = dict(zip(body.parameters, arguments, strict=True))
    for node in body.nodes:
        _compute(node, values, cells)
    return [_argument(value, False, False, values, cells) for value in body.outputs]


def _argument(value, as_ref, is_static, values, cells):
    if value.place is not None:
        return cells[value.place] if as_ref else cells[value.place].value
    found = values.get(value)
    if found is not None:
        return found
    if is_static or not value.constant.ndim:
        return value.constant
    import jax.numpy as jnp
    return jnp.asarray(value.constant)      # a tracer may be an index of it


def _typed(result, dtype):
    """The result in the promised dtype: JAX's rules of promotion are not NumPy's."""
    if isinstance(result, TensorList):
        from pellucid.engine.dense_lists import DenseList
        return DenseList.of(result)
    if dtype is None or dtype is variant or result.dtype == dtype._numpy:
        return result
    return result.astype(dtype._numpy)


def _updated(nodes):
    """The variables that are used in another way before they are assigned."""
    seen, updated = set(), set()
    for node in nodes:
        for value in (*node.inputs, *node.touched):
            if value.place is not None and value not in seen:
                seen.add(value)
                if node.op.op_type != "Assign" or value is not node.inputs[0]:
                    updated.add(value)
    return updated


def _own(array):
    """A copy, so that no output is an input: the caller may write into what was fed."""
    import jax
    return jax.tree.map(jax.numpy.copy, array)


def _cell(value, array):
    cell = Cell(name=value.place.name)
    if array is not None:                  # else it is assigned before anyone reads it
        cell.value = array
    return cell


def _is_large(value):
    return getattr(value.constant, "size", 1) > EMBEDDED and value.constant.dtype != np.object_


def _unique(values):
    return list(dict.fromkeys(values))
