"""Rules that simplify a plan: each says when a computation can be had for less, and how.

A rule receives the Lowering, the operation, its input Values, the Specs of its outputs and the
user's operation; it returns the Values that stand for the outputs, or None where it does not
apply. Rules may use what is known of this run: shapes and constants. None of them changes a
result by more than rounding. Read next: spelling.py.
"""

import numpy as np

from pellucid.core import dtypes, shapes
from pellucid.core.arrays import array_namespace
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec
from pellucid.ops.math.division import RealDiv
from pellucid.ops.math.elementwise import Neg
from pellucid.ops.math.reductions import Sum

rules = {}              # operation type -> rule


def rule(*op_types):
    """Registers a rule; several rules of one type are tried in order."""
    def register(function):
        for op_type in op_types:
            before = rules.get(op_type)
            rules[op_type] = _either(before, function) if before else function
        return function
    return register


def _either(first, second):
    def both(*args):
        found = first(*args)
        return second(*args) if found is None else found
    return both


@rule("Identity", "StopGradient", "PreventGradient", "Snapshot", "PlaceholderWithDefault")
def pass_on(plan, op, inputs, specs, origin):
    """An operation that returns its input is its input."""
    return inputs[:1]


@rule("IdentityN")
def pass_all_on(plan, op, inputs, specs, origin):
    """The same, for several."""
    return list(inputs)


@rule("Reshape", "BroadcastTo", "Tile", "ExpandDims", "Squeeze", "Transpose", "Pad", "Slice",
      "Sum", "Max", "Min", "Prod", "Mean")
def keep_shape(plan, op, inputs, specs, origin):
    """Reshaping to the same shape, tiling once, summing over no axis: nothing to do.

    A transposition of equal dimensions keeps the shape and is not nothing, so the permutation is
    looked at. A shape that is only known in the run may turn out not to fit, so it is checked.
    """
    if not shapes.is_complete(specs[0].shape) or inputs[0].shape != specs[0].shape:
        return None
    if any(value.constant is None for value in inputs[1:]):
        return None
    if op.op_type == "Slice" and inputs[1].constant.any():
        return None
    if op.op_type == "Transpose":
        permutation = inputs[1].constant
        if permutation is None or list(permutation) != list(range(len(permutation))):
            return None
    return inputs[:1]


@rule("Cast")
def keep_type(plan, op, inputs, specs, origin):
    """A cast to the type that it has."""
    return inputs[:1] if inputs[0].dtype is not None and inputs[0].dtype is specs[0].dtype else None


@rule("Mul", "RealDiv")
def times_one(plan, op, inputs, specs, origin):
    """x * 1, 1 * x and x / 1 are x, if broadcasting does not make it larger."""
    x, y = inputs
    if _all_equal_to(y, 1) and x.shape == specs[0].shape:
        return [x]
    if op.op_type == "Mul" and _all_equal_to(x, 1) and y.shape == specs[0].shape:
        return [y]
    return None


@rule("Mul")
def divide_instead(plan, op, inputs, specs, origin):
    """x * (1 / y) is x / y."""
    for x, y in (inputs, inputs[::-1]):
        if y.node is not None and y.node.op.op_type in ("Reciprocal", "Inv"):
            return plan.add(RealDiv.detached(), [x, y.node.inputs[0]], specs, origin)
    return None


@rule("Mul")
def negate_instead(plan, op, inputs, specs, origin):
    """x * -1 is -x."""
    for x, y in (inputs, inputs[::-1]):
        if _all_equal_to(y, -1) and x.shape == specs[0].shape:
            return plan.add(Neg.detached(), [x], specs, origin)
    return None


@rule("Sum")
def sum_once(plan, op, inputs, specs, origin):
    """The sum of everything, of a sum over some axes, is the sum of everything."""
    x, axes = inputs
    if axes.constant is None or specs[0].shape != () or x.node is None:
        return None
    if x.node.op.op_type != "Sum" or x.node.inputs[0].spec.rank is None:
        return None
    before = x.node.inputs[0]
    every = plan.constant(np.arange(before.spec.rank, dtype=np.int32), Spec(dtypes.int32, None))
    return plan.add(Sum.detached(), [before, every], specs, origin)


class InnerProduct(Operation):
    """The sum of x * y."""

    fresh = True

    def compute(self, x, y):
        return array_namespace(x, y).vdot(x, y)


InnerProduct.op_type = "InnerProduct"                  # a type of plans, not of graphs


@rule("Sum")
def multiply_and_sum(plan, op, inputs, specs, origin):
    """The sum of x * y is an inner product, for arrays so small that adding in order is exact
    enough."""
    product, axes = inputs
    node = product.node
    if axes.constant is None or specs[0].shape != () or node is None or node.op.op_type != "Mul":
        return None
    x, y = node.inputs
    if x.shape != y.shape or not shapes.is_complete(x.shape) or not (
            1 < shapes.size(x.shape) <= 4096) or x.dtype not in (dtypes.float32, dtypes.float64):
        return None
    return plan.add(InnerProduct.detached(), [x, y], specs, origin)


@rule("Add", "AddV2", "Sub", "Mul", "RealDiv", "Maximum", "Minimum")
def do_not_repeat(plan, op, inputs, specs, origin):
    """An operand that is only repeated to fit the other need not be repeated.

    NumPy broadcasts as it computes; a constant of equal entries is best a scalar.
    """
    x, y = inputs
    shape = specs[0].shape
    if not shapes.is_complete(shape):
        return None
    uniform = op.op_type not in ("Maximum", "Minimum")      # these are quicker on two arrays
    smaller_x = _unrepeated(plan, x, uniform) if y.shape == shape else x
    whole = smaller_x.shape == shape                  # one of the two must stay
    smaller_y = _unrepeated(plan, y, uniform) if whole and x.shape == shape else y
    if smaller_x is x and smaller_y is y:
        return None
    return plan.add(op, [smaller_x, smaller_y], specs, origin)


def _unrepeated(plan, value, uniform):
    """A Value that broadcasts to the same array, smaller where that is easily seen."""
    array = value.constant
    if array is not None:
        if uniform and array.ndim and array.size > 1 and array.dtype.kind in "fiu":
            flat = array.reshape(-1)
            if (flat == flat[0]).all():
                return plan.constant(flat[0], value.spec)
        return value
    node = value.node
    if node is None or node.op.op_type not in ("Tile", "BroadcastTo"):
        return value
    before = node.inputs[0]
    if not shapes.is_complete(before.shape) or before.place is not None:
        return value
    if node.op.op_type == "Tile" and any(
            d != 1 and d != e for d, e in zip(before.shape, value.shape, strict=True)):
        return value
    return before


def _all_equal_to(value, number):
    array = value.constant
    return array is not None and array.dtype.kind in "fiuc" and bool(np.all(array == number))
