"""Every row of the table of cases, through every check of the harness."""

import numpy as np
import pytest

from tests.conftest import ENGINES
from tests.ops import answers
from tests.ops.harness import (
    Built,
    Derivatives,
    as_precise,
    as_view,
    assert_close,
    dense,
    erasures,
    gradients,
    holds,
    is_differentiable,
    is_inexact,
    load_rows,
    static,
    view,
)

ROWS = load_rows()
FAST_ENGINES = [name for name in ENGINES if name != "walk"]
TOLERANCE = {"numpy": 1e-5, "xla": 2e-4}            # XLA adds in another order
each_row = pytest.mark.parametrize("name", ROWS)


def expected(name, row):
    """The values that the outputs must have."""
    if row.oracle is None:
        return [answers.decode(value) for value in answers.of(name, row)["values"]]
    found = row.oracle(*row.inputs)
    return list(found) if isinstance(found, list | tuple) else [found]


@each_row
def test_value(name):
    """The oracle's value, of the promised type and shape, the operation's own."""
    row = ROWS[name]
    built = Built(row)
    op_types = {op.type for op in built.graph.get_operations()}
    assert row.op_type in op_types, f"the row builds only {', '.join(sorted(op_types))}"
    results = built.walk(row.inputs, watch=assert_fresh)
    for i, (y, result, wanted) in enumerate(
            zip(built.outputs, results, expected(name, row), strict=True)):
        assert y.get_shape().is_compatible_with(np.shape(result))
        assert_close(result, wanted, row.rtol, f"output {i}")


def assert_fresh(op, inputs, outputs):
    """Called after each node: who promises new memory must not return that of an input."""
    if op.fresh:
        for x in inputs:
            for y in outputs:
                assert not np.may_share_memory(x, y), f"{op.type} is not fresh"


@each_row
@pytest.mark.parametrize("fast", FAST_ENGINES)
def test_engines_agree(name, fast):
    """Every engine computes what the walk computes, forward and backward; also of views."""
    row = ROWS[name]
    built = Built(row)
    fetches = list(built.outputs)
    with built.graph.as_default():
        if row.gradient != () and is_differentiable(row):
            ys = [y for y in built.outputs if y.dtype is not None and y.dtype.is_floating]
            xs = [x for x in built.fed if x.dtype.is_floating]
            fetches += [g for g in gradients(ys, xs) if g is not None] if ys and xs else []
    walked = built.run_twice(row.inputs, fetches, "walk")
    planned = built.run_twice([as_view(x) for x in row.inputs], fetches, fast)
    for tensor, one, other in zip(fetches * 2, walked, planned, strict=True):
        for p, q in zip(*map(parts, (one, other)), strict=True):
            assert type(p) is type(q), f"{tensor}: {type(q)}, the walk gives {type(p)}"
            assert np.asarray(p).dtype == np.asarray(q).dtype, str(tensor)
            assert_close(q, p, max(row.rtol, TOLERANCE[fast]), str(tensor))


def parts(value):
    return [value.values, value.indices] if hasattr(value, "indices") else [value]


@each_row
def test_views(name):
    """Inputs that are views, and that no one may write into, give the same value.

    On XLA, where each graph takes long to compile, test_engines_agree feeds views.
    """
    row = ROWS[name]
    wanted = Built(row).run(row.inputs)
    for engine in ("walk", "numpy"):
        for result, value in zip(Built(row, wrap=lambda x: view(x).output).run(
                row.inputs, engine=engine), wanted, strict=True):
            assert_close(result, value, row.rtol, f"on engine {engine}")


@each_row
def test_unknown_shapes(name):
    """Where shapes are unknown the promise is as precise as TensorFlow's, and kept."""
    row = ROWS[name]
    wanted, theirs = Built(row).run(row.inputs), answers.of(name, row)["static"]
    for label, shapes in {"": None, **erasures(row)}.items():
        what = label or "all shapes known"
        try:
            built = Built(row, shapes)
        except (ValueError, TypeError) as error:
            assert theirs[label] == answers.REFUSED, (
                f"{what}: refused, unlike TensorFlow: {error}")
            continue
        results = built.walk(row.inputs)
        compared = zip(built.outputs, results, wanted, strict=True)
        for i, (y, result, value) in enumerate(compared):
            if theirs[label] != answers.REFUSED and holds(theirs[label][i], value):
                assert as_precise(static(y), theirs[label][i]), (
                    f"{what}: output {i} is promised as {static(y)}, TensorFlow promises "
                    f"{theirs[label][i]}")
            assert_close(result, value, row.rtol, what)


@each_row
def test_untyped(name):
    """On placeholders that take their type when they run, the value is the same."""
    row = ROWS[name]
    if any(x.dtype.kind in "OSU" for x in row.inputs) or not row.inputs:
        return
    results = Built(row, dtypes=[None] * len(row.inputs)).run(row.inputs)
    for result, value in zip(results, Built(row).run(row.inputs), strict=True):
        assert_close(result, value, max(row.rtol, 1e-4), "untyped")


@each_row
def test_gradients(name):
    """First and second gradient against central differences."""
    row = ROWS[name]
    if row.gradient == () or not is_differentiable(row):
        return
    derivatives = _derivatives(name, row)
    if derivatives.trivial:
        return
    derivatives.check_first()
    if row.second:
        derivatives.check_second()


def _derivatives(name, row):
    try:
        return Derivatives(name, row)
    except (TypeError, ValueError):            # it does not take float64
        return Derivatives(name, row, wide=False)


@each_row
def test_gradients_of_unknown_shapes(name):
    """The gradient is the same where shapes are known only in the run."""
    row = ROWS[name]
    if row.gradient == () or not is_differentiable(row):
        return
    known = _derivatives(name, row)
    if known.trivial or not any(g is not None for g in known.gradients):
        return
    wide = any(is_inexact(x) and x.dtype.itemsize >= 8 for x in known.values)
    existing = [g for g in known.gradients if g is not None]
    wanted = known.run(existing, known.points, known.weights)
    for label, erase in (("dimensions", lambda s: (None,) * len(s)),
                         ("ranks", lambda s: None)):
        try:
            unknown = Derivatives(name, row, wide, erase)
        except (ValueError, TypeError):
            if _builds(row, erase):
                raise
            continue                           # test_unknown_shapes has judged that
        got = unknown.run([g for g in unknown.gradients if g is not None], known.points,
                          known.weights)
        points = [x for g, x in zip(known.gradients, known.points, strict=True)
                  if g is not None]
        for one, other, x in zip(wanted, got, points, strict=True):
            assert_close(dense(other, x), dense(one, x), 1e-5, f"with unknown {label}")


def _builds(row, erase):
    try:
        Built(row, [erase(x.shape) for x in row.inputs])
    except (ValueError, TypeError):
        return False
    return True
