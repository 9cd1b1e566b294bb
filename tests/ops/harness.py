"""What is checked of every operation, derived from its row in the table of cases.

A row says how to build an operation and with which inputs; everything else follows from it:
that its value is right, and what was promised before the run, that all engines agree, that
its derivatives are those of its values. Read next: case.py, then test_ops.py.
"""

import importlib
import pkgutil
import zlib
from pathlib import Path

import numpy as np
from ml_dtypes import finfo

import pellucid as tf
from pellucid.core.gradients import _gradients, gradients
from pellucid.core.indexed_slices import IndexedSlices
from pellucid.core.operation import Operation
from pellucid.core.quiet import quietly
from pellucid.core.session import Session
from pellucid.core.shapes import Spec
from pellucid.core.sources import placeholder
from pellucid.core.walk import Walk

# -- the table -----------------------------------------------------------------------------


def load_rows():
    """{name: Case} of every cases_*.py; a label or number tells rows of one type apart."""
    rows = {}
    folder = str(Path(__file__).parent)
    for module in sorted(m.name for m in pkgutil.iter_modules([folder])):
        if module.startswith("cases_"):
            for row in importlib.import_module(f"{__package__}.{module}").CASES:
                name = f"{row.op_type}-{row.label}" if row.label else row.op_type
                number = sum(other.split("#")[0] == name for other in rows)
                rows[f"{name}#{number + 1}" if number else name] = row
    return rows


# -- building a row ------------------------------------------------------------------------

class Built:
    """The operation of a row in a new graph, on placeholders for its inputs.

    Attributes:
      graph: the Graph.
      fed: the placeholders.
      inputs: the tensors that the row's function received; the placeholders unless wrapped.
      outputs: list of Tensor, what it returned.
    """

    def __init__(self, row, shapes=None, dtypes=None, wrap=None, library=tf):
        shapes = [x.shape for x in row.inputs] if shapes is None else shapes
        dtypes = [dtype_of(x) for x in row.inputs] if dtypes is None else dtypes
        self.graph = library.Graph()
        with self.graph.as_default():
            typed = zip(dtypes, shapes, strict=True)
            self.fed = [library.placeholder(dtype, shape, name=f"input_{i}")
                        for i, (dtype, shape) in enumerate(typed)]
            self.inputs = [wrap(x) for x in self.fed] if wrap else self.fed
            built = row.build(library, *self.inputs)
        self.outputs = list(built) if isinstance(built, list | tuple) else [built]

    def run(self, values, fetches=None, engine="walk"):
        """Values of `fetches` (the outputs, where left out) in a new session."""
        fetches = self.outputs if fetches is None else fetches
        with Session(graph=self.graph, engine=engine) as session:
            return session.run(fetches, dict(zip(self.fed, values, strict=True)))

    def run_twice(self, values, fetches, engine):
        """Values of `fetches` in a first run of a session, then those in a second one."""
        with Session(graph=self.graph, engine=engine) as session:
            feeds = dict(zip(self.fed, values, strict=True))
            results = session.run(fetches, feeds) + session.run(fetches, feeds)
            assert untraceable(session) <= KNOWN_TO_BE_UNTRACEABLE
            return results

    def walk(self, values, watch=None):
        """The outputs' values, each node held to its promise."""
        with Session(graph=self.graph, engine="walk") as session:
            walk = Walk(session, self.outputs, self.fed, check=True, watch=watch)
            return quietly(walk, values)


# What says so with `host` or `static_inputs` need not stand here.
KNOWN_TO_BE_UNTRACEABLE = {
    "ScatterDiv",                                  # of integers: JAX has no such scatter
    "If", "StatelessIf", "StatelessWhile", "While",           # branches of different shapes
}


def untraceable(session):
    """The operation types that XLA failed to trace in a session."""
    return {op.type for call in session._calls.values()
            for run in getattr(call.engine, "runs", ()) for op in run.untraceable}


def dtype_of(array):
    """What to call the type of an input: strings are arrays of bytes."""
    return "string" if array.dtype.kind in "OSU" else array.dtype.name


def erasures(row):
    """{label: shapes}: static shapes to build a row with, where something is unknown."""
    known = [x.shape for x in row.inputs]
    found = {}
    for i, shape in enumerate(known):
        before, after = known[:i], known[i + 1:]
        for axis in range(len(shape)):
            erased = (*shape[:axis], None, *shape[axis + 1:])
            found[f"dimension {axis} of input {i} unknown"] = [*before, erased, *after]
        found[f"rank of input {i} unknown"] = [*before, None, *after]
    if sum(map(len, known)) > 1:
        found["all dimensions unknown"] = [(None,) * len(shape) for shape in known]
    if len(known) > 1:
        found["all ranks unknown"] = [None] * len(known)
    return found


def as_view(x):
    """The same array, neither contiguous nor to be written into."""
    if x.ndim:
        x = np.repeat(x, 2, axis=-1)[..., ::2]
    x = np.asarray(x)[...]
    x.flags.writeable = False
    return x


class view(Operation):
    """Its input as such an array."""

    def __init__(self, x):
        super().__init__([x])

    def infer(self, x):
        return Spec(x.dtype, x.shape)

    def compute(self, x):
        return as_view(x)


_gradients.setdefault("view", lambda op, grad: grad)


# -- comparing -----------------------------------------------------------------------------

def static(tensor):
    """What is known of a tensor before the run: "float32 (2, ?)"."""
    dtype, shape = tensor.dtype, tensor.get_shape()
    inside = "unknown" if shape.ndims is None else \
        "(" + ", ".join("?" if d is None else str(d) for d in shape.as_list()) + ")"
    return f"{dtype.base_dtype.name if dtype is not None else 'untyped'} {inside}"


def as_precise(ours, theirs):
    """True if static description `ours` says all that `theirs` says."""
    our_type, our_shape = ours.split(" ", 1)
    their_type, their_shape = theirs.split(" ", 1)
    if our_type != their_type:
        return False
    if their_shape == "unknown":
        return True
    ours, theirs = our_shape.strip("()").split(", "), their_shape.strip("()").split(", ")
    return len(ours) == len(theirs) and all(
        t in ("?", o) for o, t in zip(ours, theirs, strict=True))


def holds(description, value):
    """False where TensorFlow's own promise is wrong: diag of an unknown size is (0, 0)."""
    return as_precise(f"any {tuple(np.shape(value))}".replace(",)", ")"),
                      "any " + description.split(" ", 1)[1])


def assert_close(actual, expected, rtol, what):
    """Same shape, and equal: exactly for integers, strings, bools; to rtol for the rest."""
    actual, expected = np.asarray(actual), np.asarray(expected)
    assert actual.shape == expected.shape, (
        f"{what}: shape {actual.shape}, expected {expected.shape}")
    if actual.dtype.kind in "fcV":
        wide = np.complex128 if actual.dtype.kind == "c" else np.float64
        rtol = max(rtol, {"float16": 2e-3, "bfloat16": 2e-2}.get(actual.dtype.name, 0.0))
        np.testing.assert_allclose(
            actual.astype(wide), expected.astype(wide), rtol, rtol * 1e-1, err_msg=what)
    else:
        np.testing.assert_array_equal(actual, expected, err_msg=what)


# -- derivatives ---------------------------------------------------------------------------

class Derivatives:
    """The gradients of a row against central differences along one random direction.

    The loss is the sum of <c_i, y_i> over the outputs y_i, for random c_i. Its gradient g
    with respect to the inputs x must satisfy <g, v> = (loss(x + hv) - loss(x - hv)) / 2h
    for a random v. The second gradient is checked alike, of <w, g> as a function of x, c.

    Inputs are cast up to float64, in which the differences are good to nine digits; where
    the operation does not take float64 they stay, and the comparison is coarse.
    """

    def __init__(self, name, row, wide=True, unknown=None):
        self.random = np.random.default_rng(zlib.crc32(name.encode()))
        self.values = [widened(x) if wide else x for x in row.inputs]
        shapes = [x.shape if unknown is None else unknown(x.shape) for x in row.inputs]
        self.built = Built(row, shapes, [dtype_of(x) for x in self.values])
        self.positions = row.gradient if row.gradient is not None else [
            i for i, x in enumerate(self.values) if is_inexact(x)]
        with self.built.graph.as_default():
            self._differentiate()

    def _differentiate(self):
        built = self.built
        results = built.run(self.values)
        pairs = [(y, value) for y, value in zip(built.outputs, results, strict=True)
                 if is_inexact(np.asarray(value))]
        self.ys = [y for y, _ in pairs]
        self.weights = [self.draw(value) for _, value in pairs]
        self.cs = [placeholder(dtype_of(c), y.get_shape(), name="c")
                   for (y, _), c in zip(pairs, self.weights, strict=True)]
        self.xs = [built.fed[i] for i in self.positions]
        self.points = [self.values[i] for i in self.positions]
        self.gradients = gradients(self.ys, self.xs, grad_ys=self.cs) if self.ys else []
        digits = [finfo(np.asarray(v).dtype).precision
                  for v in [*results, *self.points] if is_inexact(np.asarray(v))]
        self.step, self.rtol = (1e-5, 1e-5) if min(digits, default=0) > 8 else (1e-2, 2e-2)

    @property
    def trivial(self):
        """True if there is nothing to differentiate."""
        return not self.ys or not self.xs or not all(
            np.isfinite(x).all() for x in self.points)

    def draw(self, like):
        """Random numbers of the type and shape of `like`."""
        like = np.asarray(like)
        numbers = self.random.uniform(-1, 1, like.shape)
        if like.dtype.kind == "c":
            numbers = numbers + 1j * self.random.uniform(-1, 1, like.shape)
        return numbers.astype(like.dtype)

    def run(self, fetches, points, weights):
        feeds = dict(zip(self.built.fed, self.values, strict=True))
        feeds.update(zip(self.xs, points, strict=True))
        feeds.update(zip(self.cs, weights, strict=True))
        with Session(graph=self.built.graph, engine="walk") as session:
            return session.run(fetches, feeds)

    def check_first(self):
        """The gradient against differences of the loss."""
        direction = [self.draw(x) for x in self.points]
        existing = [g for g in self.gradients if g is not None]
        grads = self.run(existing, self.points, self.weights)
        analytic = inner(fill(self.gradients, grads, self.points), direction)

        def loss(step):
            ys = self.run(self.ys, moved(self.points, direction, step), self.weights)
            return inner(self.weights, ys)

        self.compare(analytic, loss, "first gradient")

    def check_second(self):
        """The gradient of the gradient against differences of the gradient."""
        firsts = [g.values if isinstance(g, IndexedSlices) else g
                  for g in self.gradients if g is not None]
        if not firsts:
            return
        arguments = [*self.xs, *self.cs]
        with self.built.graph.as_default():
            values = self.run(firsts, self.points, self.weights)
            ws = [self.draw(g) for g in values]
            second = gradients(firsts, arguments, grad_ys=[tf.constant(w) for w in ws])
        points = [*self.points, *self.weights]
        direction = [self.draw(x) for x in points]
        got = self.run([g for g in second if g is not None], self.points, self.weights)
        analytic = inner(fill(second, got, points), direction)
        n = len(self.points)

        def loss(step):
            at = moved(points, direction, step)
            return inner(ws, self.run(firsts, at[:n], at[n:]))

        self.compare(analytic, loss, "second gradient")

    def compare(self, analytic, loss, what):
        numeric = (loss(self.step) - loss(-self.step)) / (2 * self.step)
        scale = max(abs(numeric), abs(analytic), 1.0)
        assert abs(numeric - analytic) <= self.rtol * scale, (
            f"{what} along a random direction: {analytic:.9g}, "
            f"by differences {numeric:.9g}")


def widened(x):
    """Floating inputs as float64, complex ones as complex128."""
    if x.dtype.kind == "c":
        return x.astype(np.complex128)
    return x.astype(np.float64) if is_inexact(x) else x


def is_inexact(x):
    return x.dtype.kind in "fc" or x.dtype.name == "bfloat16"


def moved(points, direction, step):
    return [(x + step * v).astype(x.dtype) for x, v in zip(points, direction, strict=True)]


def inner(xs, ys):
    """Sum of <x, y> in the widest precision; of complex numbers, the real part."""
    return float(sum(np.sum(np.conj(np.asarray(x, np.complex128)) * y).real
                     for x, y in zip(xs, ys, strict=True)))


def fill(grads, values, points):
    """Gradients as arrays of the points' shapes: zeros for None, sums for IndexedSlices."""
    values = iter(values)
    return [np.zeros(x.shape) if g is None else dense(next(values), x)
            for g, x in zip(grads, points, strict=True)]


def dense(grad, like):
    if not hasattr(grad, "indices"):
        return grad
    total = np.zeros(like.shape, np.asarray(grad.values).dtype)
    np.add.at(total, grad.indices, grad.values)
    return total


def is_differentiable(row):
    """False if the operation type says that it has no gradient."""
    return _gradients.get(row.op_type, "none registered") is not None
