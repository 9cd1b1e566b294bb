"""Python's operators on Tensors, Variables and Operations: x + y builds a node.

Core knows nothing of particular operations; this file gives its classes their operators,
under TensorFlow's names: x + y is 'add', 2 * x is 'mul', with the number as 'mul/x'. `==`
stays identity, so that tensors may be keys. Read next: broadcasting.py.
"""

from pellucid.core import dtypes
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.tensor import Tensor
from pellucid.core.variable import Variable
from pellucid.ops.arguments import name_scope
from pellucid.ops.arrays import indexing
from pellucid.ops.linalg import linear_algebra
from pellucid.ops.math import comparison, division, elementwise, functions


def _install(name, function):
    for owner in (Tensor, Variable, Operation):
        setattr(owner, f"__{name}__", function)


def _operator(name, default, function):
    """Installs x.__name__(y) and y.__rname__(x), as function(x, y, name).

    The tensor decides: the other operand takes its dtype.
    """
    def forward(x, y):
        if type(x) is Tensor and type(y) is Tensor:
            return function(x, y, default)
        with name_scope(None, default, (x, y)) as scope:
            x = convert_to_tensor(x)
            return function(x, _operand(y, x.spec.dtype, "y"), scope)

    def reflected(y, x):
        with name_scope(None, default, (x, y)) as scope:
            y = convert_to_tensor(y)
            return function(_operand(x, y.spec.dtype, "x"), y, scope)

    _install(name, forward)
    _install("r" + name, reflected)


def _operand(value, dtype, name):
    """An operand as a Tensor. A value takes `dtype`; a tensor keeps its own, and the
    operation says whether it fits."""
    if isinstance(value, Tensor | Variable | Operation):
        return convert_to_tensor(value)
    return convert_to_tensor(value, dtype, name=name)


def _add(x, y, name):
    is_string = x.spec.dtype is dtypes.string
    return (elementwise.Add if is_string else elementwise.AddV2)((x, y), name).output


def _xor(x, y, name):
    with name_scope(name) as scope:
        return comparison.logical_xor(x, y, scope)


_operator("add", "add", _add)
_operator("sub", "sub", elementwise.subtract)
_operator("mul", "mul", elementwise.multiply)
_operator("div", "div", division.div)
_operator("truediv", "truediv", division.truediv)
_operator("floordiv", "floordiv", division.floordiv)
_operator("mod", "mod", division.floormod)
_operator("pow", "pow", functions.pow)
_operator("matmul", "matmul", lambda x, y, name: linear_algebra.matmul(x, y, name=name))
_operator("and", "and", comparison.logical_and)
_operator("or", "or", comparison.logical_or)
_operator("xor", "xor", _xor)

_install("neg", lambda x: elementwise.negative(convert_to_tensor(x)))
_install("abs", lambda x: elementwise.abs(x))
_install("invert", lambda x: comparison.logical_not(x))
_install("lt", lambda x, y: comparison.less(x, y))
_install("le", lambda x, y: comparison.less_equal(x, y))
_install("gt", lambda x, y: comparison.greater(x, y))
_install("ge", lambda x, y: comparison.greater_equal(x, y))
_install("getitem", indexing.index)
Variable.__getitem__ = indexing.index_variable
