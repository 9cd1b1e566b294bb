"""while_loop: computing again and again.

    i, total = tf.while_loop(lambda i, total: i < 10,
                             lambda i, total: (i + 1, total + i), [0, 0])

Condition and body are called once, while the graph is built, on tensors that stand for the loop
variables in any iteration. Read next: gradients_of_bodies.py.
"""

from pellucid.core import dtypes, errors, shapes
from pellucid.core.function_graph import FunctionGraph
from pellucid.core.graph import get_default_graph
from pellucid.core.operation import convert_to_tensor
from pellucid.core.shapes import Spec
from pellucid.core.sources import constant
from pellucid.ops.arguments import name_scope
from pellucid.ops.control.cond import inside
from pellucid.ops.control.functional import build_while
from pellucid.ops.control.passing import identity
from pellucid.ops.math.comparison import logical_and
from pellucid.ops.nest import (
    assert_same_structure,
    flatten,
    is_nested,
    map_structure,
    pack_sequence_as,
)


def while_loop(cond, body, loop_vars, shape_invariants=None, parallel_iterations=10,
               back_prop=True, swap_memory=False, name=None, maximum_iterations=None,
               return_same_structure=False):
    """The loop variables after `while cond(*loop_vars): loop_vars = body(*loop_vars)`.

    Args:
      cond: function of the loop variables that returns a scalar bool Tensor.
      body: function of the loop variables that returns new ones, in the same structure.
      loop_vars: list or tuple of what they start with: Tensors, values, TensorArrays, nested
        structures of them.
      shape_invariants: the same structure of TensorShapes, for loop variables whose shape
        changes from one iteration to the next: what stays.
      parallel_iterations: int, a hint; iterations run one after the other.
      back_prop: bool; False stops gradients.
      swap_memory: bool, a hint.
      name: str.
      maximum_iterations: int or scalar Tensor, after so many the loop ends.
      return_same_structure: True: a single loop variable is returned in its list.

    Returns:
      the loop variables at the end; if there is only one, that.

    Raises:
      TypeError: cond or body is no function, or cond does not return a bool.
      ValueError: there are no loop variables; body returns another structure, or a shape that
        is less than what the loop started with or the invariant promises.

    As in TF: tf.while_loop (op types While, StatelessWhile).
    """
    if not callable(cond):
        raise TypeError("cond must be callable.")
    if not callable(body):
        raise TypeError("body must be callable.")
    if not isinstance(parallel_iterations, int) or parallel_iterations < 1:
        raise TypeError("parallel_iterations must be a positive integer.")
    with name_scope(name, "while", flatten(loop_vars)):
        if not loop_vars:
            raise ValueError("No loop variables provided")
        loop = _Loop(cond, body, bool(back_prop), parallel_iterations)
        if maximum_iterations is None:
            return loop.build(loop_vars, shape_invariants, return_same_structure)
        single = len(loop_vars) == 1 and not return_same_structure
        loop_vars, shape_invariants = loop.limit(
            maximum_iterations, loop_vars, shape_invariants, single)
        return loop.build(loop_vars, shape_invariants, return_same_structure)[1]


class _Loop:
    """A loop that is being built."""

    def __init__(self, cond, body, differentiable, parallel_iterations):
        self.cond, self.body, self.maximum = cond, body, None
        self.attrs = {"differentiable": differentiable,
                      "parallel_iterations": parallel_iterations}

    def limit(self, maximum, loop_vars, invariants, single):
        """Adds a loop variable that counts, and ends the loop at the maximum."""
        maximum = convert_to_tensor(maximum, name="maximum_iterations")
        if maximum.spec.rank not in (0, None):
            raise ValueError("maximum_iterations must be a scalar, saw shape: "
                             f"{maximum.get_shape()}")
        counter = constant(0, maximum.spec.dtype, name="iteration_counter")
        cond, body = self.cond, self.body
        if single:
            loop_vars = loop_vars[0]
            invariants = invariants and invariants[0]
        call = (lambda function, rest: function(rest)) if single else (
            lambda function, rest: function(*rest))
        self.cond = lambda i, rest: logical_and(i < maximum, call(cond, rest))
        self.body = lambda i, rest: (i + 1, call(body, rest))
        if maximum.spec.value is not None:
            self.attrs["maximum"] = int(maximum.spec.value)
        return [counter, loop_vars], None if invariants is None else [
            shapes.TensorShape([]), invariants]

    def build(self, loop_vars, invariants, same_structure):
        """The While operation; its outputs in the structure of the loop variables."""
        converted = map_structure(_as_loop_variable, loop_vars)
        first_values = [convert_to_tensor(part)
                        for part in flatten(converted, expand_composites=True)]
        specs = _argument_specs(converted, first_values, loop_vars, invariants)
        cond = self._cond(converted, specs)
        body, result = self._body(converted, specs, first_values)
        op = build_while(cond, body, first_values, **self.attrs)
        exits = [identity(tensor, name="Exit") for tensor in op.outputs]
        packed = pack_sequence_as(result, exits, expand_composites=True)
        return packed[0] if len(exits) == 1 and not same_structure else packed

    def _cond(self, structure, specs):
        graph = FunctionGraph(get_default_graph())
        with graph.as_default():
            arguments = [graph.argument(spec, "Merge") for spec in specs]
            found = convert_to_tensor(self.cond(*_packed(structure, arguments)))
            if found.spec.dtype not in (dtypes.bool_, None):
                raise TypeError(f"cond must return a bool, but returns {found.spec.dtype.name}.")
            if found.spec.rank not in (0, None):
                raise ValueError(f"cond must return a scalar, but returns {found!r}.")
            graph.outputs = [found if found.op.graph is graph else inside(graph, found)]
        return graph

    def _body(self, structure, specs, first_values):
        """(FunctionGraph of the body, the structure that it returned)"""
        graph = FunctionGraph(get_default_graph())
        with graph.as_default():
            arguments = [graph.argument(spec, "Identity") for spec in specs]
            variables = _packed(structure, arguments)
            result = self.body(*variables)
            result = result if is_nested(result) else [result]
            assert_same_structure(list(variables), list(result))
            parts = [convert_to_tensor(part)
                     for part in flatten(result, expand_composites=True)]
            if len(parts) != len(arguments):
                raise ValueError(f"body returns {len(parts)} tensors, but there are "
                                 f"{len(arguments)} loop variables.")
            for first, argument, part in zip(first_values, arguments, parts, strict=True):
                _check_next(first, argument, part)
            graph.outputs = [part if part.op.graph is graph else inside(graph, part)
                             for part in parts]
        return graph, result


def _as_loop_variable(value):
    return value if hasattr(value, "_composite_parts") else convert_to_tensor(value)


def _packed(structure, tensors):
    return pack_sequence_as(structure, tensors, expand_composites=True)


def _argument_specs(structure, first_values, loop_vars, invariants):
    """What is known of the loop variables in any iteration."""
    found = [Spec(t.spec.dtype, t.spec.shape) for t in first_values]
    if invariants is None:
        return found
    assert_same_structure(list(loop_vars), list(invariants), check_types=False)
    wanted = []
    for part, invariant in zip(flatten(structure), flatten(invariants), strict=True):
        wanted += _part_shapes(part, shapes.as_tuple(invariant))
    for tensor, spec, shape in zip(first_values, found, wanted, strict=True):
        if not less_or_equal(spec.shape, shape):
            raise ValueError(
                f"The shape invariant specified for {tensor.name} is not compatible with the "
                f"initial shape of the loop variable. It enters the loop with shape "
                f"{shapes.show(spec.shape)}, but the specified shape invariant is "
                f"{shapes.show(shape)}.")
        spec.shape = shape
    return found


def _part_shapes(part, shape):
    """The shapes of the tensors of which a loop variable of this shape is made."""
    if not hasattr(part, "_composite_parts"):
        return [shape]
    tensors = part._composite_parts()[0]
    if len(tensors) == 1:                                        # a TensorArray
        return [tensors[0].spec.shape]
    rank = None if shape is None else len(shape)
    if hasattr(part, "values") and part.values is tensors[0]:    # IndexedSlices
        return [shape, None if shape is None else shape[:1], (rank,)][:len(tensors)]
    return [(None, rank), (None,), (rank,)]                      # SparseTensor


def less_or_equal(shape, invariant):
    """True if every array of `shape` has the invariant's shape, too."""
    if invariant is None:
        return True
    return shape is not None and len(shape) == len(invariant) and all(
        q is None or p == q for p, q in zip(shape, invariant, strict=True))


def _check_next(first, argument, part):
    """Raises unless what the body returns may be the loop variable of the next iteration."""
    wanted, found = argument.spec, part.spec
    if found.dtype is not wanted.dtype and None not in (found.dtype, wanted.dtype):
        raise errors.InvalidArgumentError(
            None, None, f"The loop variable that starts as {first.name!r} has dtype "
            f"{wanted.dtype.name}, but the body returns {found.dtype.name} for it: {part!r}")
    if not less_or_equal(found.shape, wanted.shape):
        if first.spec.shape == wanted.shape:
            raise ValueError(
                f"Input tensor '{first.name}' enters the loop with shape "
                f"{shapes.show(wanted.shape)}, but has shape {shapes.show(found.shape)} after one "
                "iteration. To allow the shape to vary across iterations, use the "
                "`shape_invariants` argument of tf.while_loop to specify a less-specific shape.")
        raise ValueError(
            f"The shape invariant specified for {first.name} is not compatible with the shape of "
            f"the loop variable: the invariant is {shapes.show(wanted.shape)}, but after one "
            f"iteration the shape is {shapes.show(found.shape)}.")
