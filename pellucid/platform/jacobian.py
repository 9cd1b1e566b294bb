"""Jacobians, symbolic and by differences: is this gradient right? As in TF: tf.test."""

import numpy as np

from pellucid.core.gradients import gradients
from pellucid.core.indexed_slices import IndexedSlices
from pellucid.core.session import default_session_for
from pellucid.core.variable import Variable
from pellucid.ops.arrays.creation import ones


def compute_gradient(x, x_shape, y, y_shape, x_init_value=None, delta=1e-3, init_targets=None,
                     extra_feed_dict=None):
    """The Jacobian of y by x, once from the graph and once by central differences.

    Args:
      x: Tensor, or a list of them; x_shape and x_init_value are then lists too.
      x_shape, y_shape: shapes, as lists or tuples.
      y: Tensor.
      x_init_value: array to differentiate at; drawn where left out.
      delta: float, the step of the differences.
      init_targets: operations to run first.
      extra_feed_dict: {Tensor: value}.

    Returns:
      (symbolic, numeric), two arrays of shape (size of x, size of y); a list of such pairs for a
      list of x. There must be a default session.

    As in TF: tf.test.compute_gradient.
    """
    session = default_session_for(y)
    for target in init_targets if isinstance(init_targets, list | tuple) else [init_targets]:
        if target is not None:
            session.run(target)
    if not isinstance(x, list | tuple):
        return _pair(session, x, x_shape, y, y_shape, x_init_value, delta, extra_feed_dict or {})
    feeds = dict(extra_feed_dict or {})
    starts = [_start(one, shape, x_init_value[i] if x_init_value else None)
              for i, (one, shape) in enumerate(zip(x, x_shape, strict=True))]
    feeds.update(zip(x, starts, strict=True))
    return [_pair(session, one, shape, y, y_shape, start, delta,
                  {k: v for k, v in feeds.items() if k is not one})
            for one, shape, start in zip(x, x_shape, starts, strict=True)]


def compute_gradient_error(x, x_shape, y, y_shape, x_init_value=None, delta=1e-3,
                           init_targets=None, extra_feed_dict=None):
    """The largest difference between the two Jacobians of compute_gradient, a float.

    As in TF: tf.test.compute_gradient_error.
    """
    pairs = compute_gradient(x, x_shape, y, y_shape, x_init_value, delta, init_targets,
                             extra_feed_dict)
    error = 0.0
    for symbolic, numeric in pairs if isinstance(pairs, list) else [pairs]:
        if symbolic.size or numeric.size:
            distance = np.abs(symbolic - numeric)
            if np.isnan(distance).any():
                return np.nan
            error = max(error, distance.max())
    return error


def _start(x, shape, value):
    if value is not None:
        return np.array(value, x.dtype.as_numpy_dtype)
    return np.random.random_sample(shape).astype(x.dtype.as_numpy_dtype)


def _pair(session, x, x_shape, y, y_shape, start, delta, feeds):
    start = _start(x, x_shape, start)
    if isinstance(x, Variable):
        x.load(start, session)
    dy = ones(y_shape, y.dtype)
    dx, = gradients(y, x, dy)
    at = (session, x, start, y, y_shape, feeds)
    return _symbolic(dx, dy, *at), _numeric(delta, *at)


def _parts(array):
    """The array as a flat vector of real numbers, which shares its memory."""
    flat = array.reshape(-1)
    return flat.view(flat.real.dtype) if np.iscomplexobj(flat) else flat


def _symbolic(dx, dy, session, x, start, y, y_shape, feeds):
    """One run for each element of y, with a one there in dy; rows are those of x."""
    columns, dy_value = [], np.zeros(y_shape, y.dtype.as_numpy_dtype)
    for i in range(_parts(dy_value).size):
        _parts(dy_value)[i] = 1
        found = session.run(dx, {**feeds, x: start, dy: dy_value}) if dx is not None else None
        _parts(dy_value)[i] = 0
        dense = np.zeros_like(start)
        if dx is None:
            pass
        elif isinstance(dx, IndexedSlices):
            np.add.at(dense, found.indices, found.values)
        else:
            dense[...] = found
        columns.append(_parts(dense).copy())
    size = _parts(np.zeros_like(start)).size
    return np.array(columns).reshape(len(columns), size).T


def _numeric(delta, session, x, start, y, y_shape, feeds):
    """Two runs for each element of x: half the difference, over delta."""
    scale = np.asarray(2 * delta, _parts(start).dtype)
    rows = []
    for i in range(_parts(start).size):
        sides = []
        for sign in 1, -1:
            moved = start.copy()
            _parts(moved)[i] += sign * delta
            sides.append(session.run(y, {**feeds, x: moved}))
        rows.append(_parts(np.asarray(sides[0] - sides[1], y.dtype.as_numpy_dtype)) / scale)
    size = _parts(np.zeros(y_shape, y.dtype.as_numpy_dtype)).size
    return np.array(rows).reshape(len(rows), size)
