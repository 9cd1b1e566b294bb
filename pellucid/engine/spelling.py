"""How the plan writes an operation in NumPy, where calling its compute is not the quickest way.

A spelling is a template over the operation's arguments: "{0}.dot({1})". It may depend on the
shapes and types of this run. What NumPy offers for one thing differs in price (nanoseconds, for
100 rows of 2): np.matmul 740, np.dot 675, a.dot(b) 450; np.add.reduce along the short axis 2270,
a product with a vector of ones 340; a float32 array times a Python number 590, times a NumPy
scalar 470, times a 0-d array 305. A test holds every spelling equal to compute.
Read next: numpy_engine.py.
"""

from functools import lru_cache

import numpy as np

from pellucid.core import shapes
from pellucid.core.dtypes import FLOATING, float32, float64
from pellucid.engine import kernels
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
    """(template, extras): `extras` are objects that the template uses after the inputs.

    A template is an expression, or for an update a statement.
    """
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
    count = len(node.inputs)
    if node.bodies:
        inside = len(node.bodies)
        return call(count + inside, [*range(count, count + inside), *range(count)]), [
            *node.functions, node.op.kernel]
    if node.op.stateful:
        return call(count + 1, [count, *range(count)]), [
            Value(None, place=node.op), node.op.kernel]
    return call(count, range(count)), [node.op.kernel]


def slot(i, reads=False):
    """The template of one argument; of the value of a variable, if it reads one."""
    return f"{{{i}}}.value" if reads else f"{{{i}}}"


def call(function, arguments, reads=()):
    """The template of a call: of the argument `function` with other arguments, by position."""
    inside = ", ".join(slot(i, i in reads) for i in arguments)
    return f"{slot(function)}({inside})"


SYMBOLS = {np.add: "+", np.subtract: "-", np.multiply: "*", np.divide: "/"}


def _ufunc(node):
    """A ufunc, or Python's operator for it."""
    ufunc = node.op.ufunc
    if len(node.inputs) == 1:
        return "-{0}" if ufunc is np.negative else ("{1}({0})", [ufunc])
    symbol = SYMBOLS.get(ufunc)
    return f"{{0}} {symbol} {{1}}" if symbol and _is_number(node) else ("{2}({0}, {1})", [ufunc])


def _is_number(node):
    dtype = node.outputs[0].dtype
    return dtype is None or dtype._numpy.kind in "iufc"


@spelling("MatMul", "BatchMatMul", "BatchMatMulV2")
def _mat_mul(node):
    a, b = (v.spec.rank for v in node.inputs)
    if not _is_number(node) or a not in (1, 2) or b not in (1, 2):
        return None
    if node.op.op_type == "MatMul":
        left, right = node.op.transpose_a, node.op.transpose_b
    else:
        left, right = node.op.adj_x, node.op.adj_y
        if (left or right) and node.inputs[0].dtype not in BLAS:
            return None                           # an adjoint is conjugated
    return f"{{0}}{'.T' * left}.dot({{1}}{'.T' * right})"


@spelling("Reshape", "ExpandDims", "Squeeze")
def _reshape(node):
    shape = node.outputs[0].shape
    if any(value.constant is None for value in node.inputs[1:]):
        return None                       # a fed shape may not fit, which compute says
    return f"{{0}}.reshape({shape})" if shapes.is_complete(shape) else None


@spelling("Transpose")
def _transpose(node):
    permutation = node.inputs[1].constant
    if permutation is None:
        return None
    return "{0}.T" if list(permutation) == [1, 0] else f"{{0}}.transpose({permutation.tolist()})"


@spelling("StridedSlice")
def _strided_slice(node):
    """x[1:3, ..., -1], as the user wrote it: 0.1 us, where compute takes 8."""
    x, *where = node.inputs
    if not shapes.is_complete(x.shape) or any(value.constant is None for value in where):
        return None
    items = node.op.items(x.shape, *[value.constant for value in where])
    return f"{{0}}[{', '.join(map(_item, items)) or '()'}]"


@spelling("TensorListPushBack")
def _push(node):
    return "{0}.push({1})"


def _item(item):
    """One item between brackets as Python writes it."""
    if not isinstance(item, slice):
        return "..." if item is ... else repr(item)
    parts = item.start, item.stop, None if item.step == 1 else item.step
    written = ":".join("" if part is None else repr(part) for part in parts)
    return written if item.step != 1 else written[:-1]


@spelling("ConcatV2")
def _concat(node):
    *values, axis = node.inputs
    if axis.constant is None:
        return None
    parts = ", ".join(map(slot, range(len(values))))
    return f"{slot(len(values) + 1)}([{parts}], {int(axis.constant)})", [np.concatenate]


@spelling("Cast")
def _cast(node):
    before, after = node.inputs[0].dtype, node.outputs[0].dtype
    if None in (before, after) or before._numpy.kind not in "biuf" or (
            after._numpy.kind not in "biuf"):
        return None
    if before in FLOATING and after not in FLOATING:
        return None                       # out-of-range values have rules, see ops/math/casting.py
    return "{0}.astype({1})", [after._numpy]


@spelling("Relu")
def _relu(node):
    """Against an array of zeros: 3 times as fast as against the number 0."""
    x = node.inputs[0]
    if x.dtype not in BLAS or not shapes.is_complete(x.shape) or x.shape == ():
        return None
    return "{1}({0}, {2})", [np.maximum, _zeros(x.shape, x.dtype._numpy)]


@spelling("ReluGrad")
def _relu_grad(node):
    """A mask of floats for small arrays: for 32 x 32 1.5 us instead of 2.1."""
    x = node.inputs[1]
    if x.dtype not in BLAS or not shapes.is_complete(x.shape) or x.shape == ():
        return None
    if shapes.size(x.shape) >= 8192:
        return None
    dtype = x.dtype._numpy
    return "{0} * ({1} > {2}).astype({3})", [_zeros(x.shape, dtype), dtype.type]


@lru_cache(maxsize=64)
def _zeros(shape, dtype):
    zeros = np.zeros(shape, dtype)
    zeros.flags.writeable = False
    return zeros


@spelling("Sigmoid")
def _sigmoid(node):
    """As in compute, with the constant made once."""
    x = node.inputs[0]
    if x.dtype not in BLAS or x.spec.rank in (None, 0):
        return None
    return "{2}({0} * {1}) * {1} + {1}", [np.array(0.5, x.dtype._numpy), np.tanh]


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


@spelling("InnerProduct")
def _inner_product(node):
    flat = "" if node.inputs[0].spec.rank == 1 else ".reshape(-1)"
    return f"{{0}}{flat}.dot({{1}}{flat})"


@spelling("Softmax")
def _softmax(node):
    return ("{1}({0})", [kernels.softmax_rows]) if _short_rows(node.inputs[0]) else None


@spelling("SoftmaxCrossEntropyWithLogits")
def _cross_entropy(node):
    logits, labels = node.inputs
    if _short_rows(logits) and logits.shape == labels.shape:
        return "{2}({0}, {1})", [kernels.cross_entropy_rows]
    return None


@spelling("SparseSoftmaxCrossEntropyWithLogits")
def _sparse_cross_entropy(node):
    logits, labels = node.inputs
    if _short_rows(logits) and labels.shape == logits.shape[:1]:
        return "{2}({0}, {1})", [kernels.sparse_cross_entropy_rows]
    return None


@spelling("Max")
def _max(node):
    x, axes = node.inputs
    if axes.constant is None or not _short_rows(x) or np.ravel(axes.constant).tolist() not in (
            [1], [-1]):
        return None
    return _shaped("{2}({0})", node.outputs[0].shape, (x.shape[0],)), [kernels.max_rows]


def _short_rows(x):
    """True for a matrix of floats with few columns and more rows than that."""
    return (x.dtype in BLAS and x.spec.rank == 2 and shapes.is_complete(x.shape)
            and 0 < x.shape[1] <= kernels.FEW and x.shape[1] <= x.shape[0])


@spelling("ApplyGradientDescent")
def _descend(node):
    """Written out where the shapes are known to agree: 0.5 us less.

    A gradient that nobody else sees becomes the variable's new array, without another.
    """
    var, grad, _ = node.inputs
    if not shapes.is_complete(var.shape) or var.shape != grad.shape or var.shape == ():
        return None
    if grad.uses == 1 and grad.node is not None and grad.node.op.fresh:
        return "with {0}.lock: {1} *= {2}; {1} += {0}.value; {0}.value = {1}"
    return "with {0}.lock: {0}.value = {1} * {2} + {0}.value"


def _shaped(template, wanted, natural=()):
    """The template, with its result reshaped where dimensions are to be kept."""
    return template if wanted == natural else f"{template}.reshape({wanted})"
