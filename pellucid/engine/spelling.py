"""How the plan writes an operation in NumPy, where calling its compute is not the quickest way.

A spelling is a template over the operation's arguments: "{0}.dot({1})". It may depend on the
shapes and types of this run. What NumPy offers for one thing differs in price (nanoseconds, for
100 rows of 2): np.matmul 740, np.dot 675, a.dot(b) 450; np.add.reduce along the short axis 2270,
a product with a vector of ones 340; a float32 array times a Python number 590, times a NumPy
scalar 470, times a 0-d array 305. A test holds every spelling equal to compute.
Read next: numpy_engine.py.
"""

import numpy as np

from pellucid.core import shapes
from pellucid.core.dtypes import FLOATING, float32, float64
from pellucid.engine.nodes import Value
from pellucid.ops.regular import Binary, Unary

_spellings = {}          # operation type -> function(node) -> (template, extra arguments) or None
BLAS = frozenset((float32, float64))


def spelling(*op_types):
    """Registers how operations of these types may be written."""
    def register(function):
        _spellings.update(dict.fromkeys(op_types, function))
        return function
    return register


def spell(node):
    """(template, extras): `extras` are objects that the template uses after the inputs."""
    op = node.op
    special = _spellings.get(op.op_type)
    found = special(node) if special else None
    if found is None and type(op).compute in (Unary.compute, Binary.compute):
        found = _ufunc(node)
    if found is None:
        found = _call(node)
    return found if isinstance(found, tuple) else (found, [])


def _call(node):
    """The operation's own compute, as a function."""
    arguments = ", ".join("{%d}" % i for i in range(len(node.inputs)))
    own = len(node.inputs)
    if node.op.stateful:
        return "{%d}(%s)" % (own + 1, ", ".join(filter(None, ["{%d}" % own, arguments]))), [
            Value(None, place=node.op), node.op.kernel]
    return "{%d}(%s)" % (own, arguments), [node.op.kernel]


_SYMBOLS = {np.add: "+", np.subtract: "-", np.multiply: "*", np.divide: "/"}


def _ufunc(node):
    """A ufunc, or Python's operator for it."""
    ufunc = node.op.ufunc
    if len(node.inputs) == 1:
        return "-{0}" if ufunc is np.negative else ("{1}({0})", [ufunc])
    symbol = _SYMBOLS.get(ufunc)
    return f"{{0}} {symbol} {{1}}" if symbol and _is_number(node) else ("{2}({0}, {1})", [ufunc])


def _is_number(node):
    dtype = node.outputs[0].dtype
    return dtype is None or dtype._numpy.kind in "iufc"


@spelling("MatMul")
def _mat_mul(node):
    a, b = node.inputs
    if not _is_number(node) or None in (a.spec.rank, b.spec.rank):
        return None
    left = "{0}.T" if node.op.transpose_a else "{0}"
    right = "{1}.T" if node.op.transpose_b else "{1}"
    return f"{left}.dot({right})"


@spelling("Reshape", "ExpandDims", "Squeeze")
def _reshape(node):
    shape = node.outputs[0].shape
    return f"{{0}}.reshape({shape})" if shapes.is_complete(shape) else None


@spelling("Transpose")
def _transpose(node):
    permutation = node.inputs[1].constant
    if permutation is None:
        return None
    return "{0}.T" if list(permutation) == [1, 0] else f"{{0}}.transpose({permutation.tolist()})"


@spelling("Cast")
def _cast(node):
    before, after = node.inputs[0].dtype, node.outputs[0].dtype
    if None in (before, after) or before._numpy.kind not in "biuf" or (
            after._numpy.kind not in "biuf"):
        return None
    if before in FLOATING and after not in FLOATING:
        return None                       # out-of-range values have rules, see ops/casting.py
    return "{0}.astype({1})", [after._numpy]


@spelling("Square")
def _square(node):
    return "{0} * {0}" if node.inputs[0].place is None else None


@spelling("BiasAdd")
def _bias_add(node):
    return "{0} + {1}" if getattr(node.op, "data_format", "NHWC") == "NHWC" else None


@spelling("Sum", "Mean")
def _sum(node):
    """Sums of floats as products with ones where one axis of a matrix goes, or everything."""
    x, axes = node.inputs
    if axes.constant is None or x.dtype not in BLAS or not shapes.is_complete(x.shape):
        return None
    axes = sorted(axis % len(x.shape) for axis in np.atleast_1d(axes.constant).tolist())
    out = node.outputs[0].shape
    count = shapes.size([x.shape[a] for a in axes])
    if count == 0 or x.shape == ():
        return None
    dtype = x.dtype._numpy
    weight = 1 if node.op.op_type == "Sum" else 1 / count
    if axes == list(range(len(x.shape))) and shapes.size(x.shape) <= 4096:
        flat = "{0}" if len(x.shape) == 1 else "{0}.reshape(-1)"
        return _shaped(f"{flat}.dot({{2}})", out), [np.full(count, weight, dtype)]
    if len(x.shape) == 2 and axes == [0] and count <= 4096:
        return _shaped("{2}.dot({0})", out, (x.shape[1],)), [np.full(count, weight, dtype)]
    if len(x.shape) == 2 and axes == [1] and count <= 4096:
        return _shaped("{0}.dot({2})", out, (x.shape[0],)), [np.full(count, weight, dtype)]
    if node.op.op_type == "Sum":
        axis = "None" if len(axes) == len(x.shape) else repr(tuple(axes))
        keep = ", keepdims=True" if node.op.keep_dims else ""
        return f"{{2}}({{0}}, {axis}{keep})", [np.add.reduce]
    return None


def _shaped(template, wanted, natural=()):
    """The template, with its result reshaped where dimensions are to be kept."""
    return template if wanted == natural else f"{template}.reshape({wanted})"
