"""Operations that change variables: assignments and updates, whole or row by row.

An update reads the value in a variable's Cell, computes a new array and points the cell at
it, while it holds the cell's lock: of two threads that add to one variable, neither's sum
is lost. Read next: variables.py.
"""

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.arrays import array_namespace, on_host, scatter, scatter_into
from pellucid.core.cell import writable
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation, convert_to_tensor, find_type
from pellucid.core.shapes import Spec, compatible, merge, show
from pellucid.core.tensor import Tensor
from pellucid.core.variable import Variable, check_same_dtype
from pellucid.ops.arguments import check_allowed, name_scope

_NUMBERS = frozenset(dtypes.ALL) - {dtypes.bool_, dtypes.string}
_INDICES = frozenset((dtypes.int32, dtypes.int64))


# -- arithmetic on a whole variable --------------------------------------------------------

class AssignAdd(Operation):
    """ref = ref + value."""

    op_type, attrs = "AssignAdd", {"use_locking": False}
    ref_inputs, returns_ref, fresh = (0,), True, True

    def infer(self, ref, value):
        check_allowed("ref", ref.dtype, _NUMBERS)
        check_same_dtype(ref, value)
        return Spec(ref.dtype, merge(ref.shape, value.shape))

    def compute(self, ref, value):
        with ref.lock:
            self.check_same_shape(ref.value, value)
            ref.value = ref.value + value
        return ref

    def check_same_shape(self, old, value):
        """Unlike an operator, an update does not broadcast."""
        if np.shape(old) != np.shape(value):
            raise errors.InvalidArgumentError(
                None, None, "Parameters and update must be the same size, but have shapes "
                f"{np.shape(old)} and {np.shape(value)}")


class AssignSub(AssignAdd):
    """ref = ref - value."""

    op_type = "AssignSub"

    def compute(self, ref, value):
        with ref.lock:
            self.check_same_shape(ref.value, value)
            ref.value = ref.value - value
        return ref


def assign(ref, value, validate_shape=None, use_locking=None, name=None):
    """A Tensor that sets the variable `ref` to `value` when it runs.

    Args:
      ref: Variable, or a Tensor that refers to one, such as another assign's.
      value: Tensor of ref's dtype and shape.
      validate_shape: False allows a value of another shape.
      use_locking: recorded; assignments are atomic either way.

    As in TF: tf.assign (op type Assign).
    """
    return _update("Assign", ref, name, True if use_locking is None else use_locking,
                   {"value": value}, validate_shape=validate_shape is not False)


def assign_add(ref, value, use_locking=None, name=None):
    """A Tensor that adds `value` to the variable `ref` when it runs.

    No addition is lost, in whatever threads it runs.
    As in TF: tf.assign_add (op type AssignAdd).
    """
    return _update("AssignAdd", ref, name, bool(use_locking), {"value": value})


def assign_sub(ref, value, use_locking=None, name=None):
    """A Tensor that subtracts `value` from the variable `ref` when it runs.

    As in TF: tf.assign_sub (op type AssignSub).
    """
    return _update("AssignSub", ref, name, bool(use_locking), {"value": value})


class CountUpTo(Operation):
    """The value of a counter, which is then one higher; OutOfRangeError at the limit."""

    op_type, attrs = "CountUpTo", {"limit": 0}
    ref_inputs, effect = (0,), True

    def infer(self, ref):
        check_allowed("ref", ref.dtype, _INDICES)
        return Spec(ref.dtype, merge(ref.shape, ()))

    def compute(self, ref):
        with ref.lock:
            count = ref.value
            if on_host(count) and count >= self.limit:
                raise errors.OutOfRangeError(None, None, f"Reached limit of {self.limit}")
            ref.value = count + 1
        return count


def count_up_to(ref, limit, name=None):
    """A Tensor of the counter `ref`'s value, which is one higher after each run.

    Raises OutOfRangeError in the run in which the counter has reached `limit`.
    As in TF: tf.count_up_to (op type CountUpTo).
    """
    return find_type("CountUpTo")([as_ref(ref)], name, limit=limit).output


# -- rows of a variable --------------------------------------------------------------------

class ScatterUpdate(Operation):
    """ref[indices] = updates."""

    op_type, attrs = "ScatterUpdate", {"use_locking": True}
    ref_inputs, returns_ref, fresh = (0,), True, True
    how = "set"

    def infer(self, ref, indices, updates):
        check_allowed("indices", indices.dtype, _INDICES)
        check_same_dtype(ref, updates)
        if None not in (ref.shape, indices.shape) and updates.shape != ():
            wanted = indices.shape + ref.shape[1:]
            if not compatible(updates.shape, wanted):
                raise ValueError(f"updates must have shape {show(wanted)}: that of "
                                 "indices, then that of a row of the variable.")
        return Spec(ref.dtype, ref.shape)

    def compute(self, ref, indices, updates):
        with writable([ref]) as values:
            check_rows(indices, len(values[0]))
            values[0] = self.combine(values[0], indices, updates)
        return ref

    def combine(self, old, indices, updates):
        """The array with its rows changed, which may be the same array."""
        return scatter_into(old, indices, updates, self.how)

    def _derived_attrs(self):
        return {**super()._derived_attrs(), "Tindices": self.input_nodes[1].spec.dtype}


class _ScatterNumbers(ScatterUpdate):
    """ref[indices] combined with updates, which must be numbers."""

    attrs = {"use_locking": False}

    def infer(self, ref, indices, updates):
        check_allowed("ref", ref.dtype, _NUMBERS)
        return super().infer(ref, indices, updates)


class ScatterAdd(_ScatterNumbers):
    """ref[indices] += updates. A row that is named twice is added to twice."""

    op_type, how = "ScatterAdd", "add"


class ScatterSub(_ScatterNumbers):
    """ref[indices] -= updates."""

    op_type, how = "ScatterSub", "subtract"


class ScatterMul(_ScatterNumbers):
    """ref[indices] *= updates."""

    op_type, how = "ScatterMul", "multiply"


class ScatterDiv(_ScatterNumbers):
    """ref[indices] /= updates; integers are truncated, as in C."""

    op_type, how = "ScatterDiv", "divide"

    def combine(self, old, indices, updates):
        if old.dtype.kind not in "iu":
            return scatter_into(old, indices, updates, "divide")
        if on_host(updates) and not np.all(updates):
            raise errors.InvalidArgumentError(None, None, "Integer division by zero")
        xp = array_namespace(old, updates)
        quotient = scatter(xp.abs(old), indices, xp.abs(updates), "floor_divide")
        return quotient * scatter(xp.sign(old), indices, xp.sign(updates), "multiply")


class ScatterMin(_ScatterNumbers):
    """ref[indices] = min(ref[indices], updates)."""

    op_type, how = "ScatterMin", "min"


class ScatterMax(_ScatterNumbers):
    """ref[indices] = max(ref[indices], updates)."""

    op_type, how = "ScatterMax", "max"


def check_rows(indices, rows):
    """Raises InvalidArgumentError unless 0 <= indices < rows."""
    if on_host(indices):
        wrong = (indices < 0) | (indices >= rows)
        if np.any(wrong):
            first = tuple(int(i[0]) for i in np.nonzero(np.atleast_1d(wrong)))
            raise errors.InvalidArgumentError(
                None, None, f"indices{list(first)} = {np.atleast_1d(indices)[first]} "
                f"is not in [0, {rows})")


def scatter_update(ref, indices, updates, use_locking=True, name=None):
    """A Tensor that sets ref[indices] = updates when it runs.

    Args:
      ref: Variable, or a Tensor that refers to one.
      indices: Tensor of int32 or int64, of any shape: rows of ref.
      updates: Tensor of ref's dtype, shape indices.shape + ref.shape[1:], or a scalar.

    Raises (in the run) InvalidArgumentError for an index that ref does not have.
    As in TF: tf.scatter_update (op type ScatterUpdate).
    """
    return _scatter("ScatterUpdate", ref, indices, updates, use_locking, name)


def scatter_add(ref, indices, updates, use_locking=False, name=None):
    """A Tensor that adds updates to ref[indices] when it runs; repeated rows add up.

    As in TF: tf.scatter_add (op type ScatterAdd).
    """
    return _scatter("ScatterAdd", ref, indices, updates, use_locking, name)


def scatter_sub(ref, indices, updates, use_locking=False, name=None):
    """A Tensor that subtracts updates from ref[indices] when it runs.

    As in TF: tf.scatter_sub (op type ScatterSub).
    """
    return _scatter("ScatterSub", ref, indices, updates, use_locking, name)


def scatter_mul(ref, indices, updates, use_locking=False, name=None):
    """A Tensor that multiplies ref[indices] by updates when it runs.

    As in TF: tf.scatter_mul (op type ScatterMul).
    """
    return _scatter("ScatterMul", ref, indices, updates, use_locking, name)


def scatter_div(ref, indices, updates, use_locking=False, name=None):
    """A Tensor that divides ref[indices] by updates when it runs.

    As in TF: tf.scatter_div (op type ScatterDiv).
    """
    return _scatter("ScatterDiv", ref, indices, updates, use_locking, name)


def scatter_min(ref, indices, updates, use_locking=False, name=None):
    """A Tensor that sets ref[indices] to the lesser of it and updates when it runs.

    As in TF: tf.scatter_min (op type ScatterMin).
    """
    return _scatter("ScatterMin", ref, indices, updates, use_locking, name)


def scatter_max(ref, indices, updates, use_locking=False, name=None):
    """A Tensor that sets ref[indices] to the greater of it and updates when it runs.

    As in TF: tf.scatter_max (op type ScatterMax).
    """
    return _scatter("ScatterMax", ref, indices, updates, use_locking, name)


# -- elements and slices of a variable -----------------------------------------------------

class ScatterNdUpdate(ScatterUpdate):
    """ref[indices[i]] = updates[i], where indices[i] is a vector of leading indices."""

    op_type = "ScatterNdUpdate"

    def infer(self, ref, indices, updates):
        check_allowed("indices", indices.dtype, _INDICES)
        check_same_dtype(ref, updates)
        depth = indices.shape[-1] if indices.shape else None
        if ref.shape is not None and depth is not None:
            if depth > len(ref.shape):
                raise ValueError(f"each index has {depth} parts, but the variable only "
                                 f"{len(ref.shape)} dimensions.")
            wanted = indices.shape[:-1] + ref.shape[depth:]
            if not compatible(updates.shape, wanted):
                raise ValueError(f"updates must have shape {show(wanted)}: that of indices "
                                 "but for its last dimension, then that of what an index "
                                 "selects.")
        return Spec(ref.dtype, ref.shape)

    def compute(self, ref, indices, updates):
        with writable([ref]) as values:
            _check_nd(indices, values[0].shape)
            index = tuple(indices[..., k] for k in range(indices.shape[-1]))
            values[0] = scatter_into(values[0], index, updates, self.how)
        return ref


class ScatterNdAdd(ScatterNdUpdate):
    """ref[indices[i]] += updates[i]."""

    op_type, attrs, how = "ScatterNdAdd", {"use_locking": False}, "add"


class ScatterNdSub(ScatterNdUpdate):
    """ref[indices[i]] -= updates[i]."""

    op_type, attrs, how = "ScatterNdSub", {"use_locking": False}, "subtract"


def _check_nd(indices, shape):
    if on_host(indices):
        wrong = ((indices < 0) | (indices >= shape[:indices.shape[-1]])).any(axis=-1)
        if wrong.any():
            first = tuple(int(i[0]) for i in np.nonzero(np.atleast_1d(wrong)))
            raise errors.InvalidArgumentError(
                None, None, f"indices{list(first)} = {np.atleast_2d(indices)[first]} "
                f"does not index into shape {list(shape)}")


def scatter_nd_update(ref, indices, updates, use_locking=True, name=None):
    """A Tensor that sets ref[indices[i]] = updates[i] when it runs.

    Args:
      ref: Variable, or a Tensor that refers to one.
      indices: Tensor of int32 or int64, shape (..., k) with k at most ref's rank.
      updates: Tensor of ref's dtype, shape indices.shape[:-1] + ref.shape[k:].

    As in TF: tf.scatter_nd_update (op type ScatterNdUpdate).
    """
    return _scatter("ScatterNdUpdate", ref, indices, updates, use_locking, name)


def scatter_nd_add(ref, indices, updates, use_locking=False, name=None):
    """A Tensor that adds updates[i] to ref[indices[i]] when it runs.

    As in TF: tf.scatter_nd_add (op type ScatterNdAdd).
    """
    return _scatter("ScatterNdAdd", ref, indices, updates, use_locking, name)


def scatter_nd_sub(ref, indices, updates, use_locking=False, name=None):
    """A Tensor that subtracts updates[i] from ref[indices[i]] when it runs.

    As in TF: tf.scatter_nd_sub (op type ScatterNdSub).
    """
    return _scatter("ScatterNdSub", ref, indices, updates, use_locking, name)


def batch_scatter_update(ref, indices, updates, use_locking=True, name=None):
    """A Tensor that sets ref[b, indices[b, i]] = updates[b, i] when it runs.

    Args:
      ref: Variable of shape (b..., n, ...).
      indices: Tensor of int32 or int64, shape (b..., k), of known rank.
      updates: Tensor of ref's dtype, shape (b..., k, ...).

    As in TF: tf.batch_scatter_update (op type ScatterNdUpdate).
    """
    from pellucid.ops.arrays.creation import ones_like, range_
    from pellucid.ops.arrays.joining import concat
    from pellucid.ops.arrays.shaping import expand_dims, reshape, shape
    with name_scope(name):
        indices = convert_to_tensor(indices, name="indices")
        sizes, rank = shape(indices), indices.spec.rank
        last = expand_dims(indices, axis=-1)
        parts = []
        for axis in range(rank - 1):             # where in the batch each index stands
            ones = [1] * rank
            ones[axis] = -1
            at = range_(sizes[axis], dtype=indices.dtype)
            parts.append(expand_dims(reshape(at, ones) * ones_like(indices), axis=-1))
        return scatter_nd_update(ref, concat([*parts, last], axis=-1), updates, use_locking,
                                 name)


# -- arguments -----------------------------------------------------------------------------

def as_ref(variable):
    """The Tensor that refers to a variable: its place, not its value."""
    if isinstance(variable, Variable):
        return variable._ref()
    if isinstance(variable, Operation):
        variable = variable.output
    if isinstance(variable, Tensor) and variable.op.returns_ref:
        return variable
    raise AttributeError(f"{variable!r} of type {type(variable).__name__} cannot be "
                         "assigned to: it is not a Variable.")


def _update(op_type, ref, name, use_locking, values, **attrs):
    """An update of op_type; Python values take ref's dtype and the arguments' names."""
    ref, op_class = as_ref(ref), find_type(op_type)
    if all(type(v) is Tensor for v in values.values()):
        inputs = [ref, *values.values()]
        return op_class(inputs, name, use_locking=use_locking, **attrs).output
    with name_scope(name, op_type, [ref]) as scope:
        inputs = [ref]
        for label, value in values.items():
            dtype = ref.spec.dtype if label != "indices" else None
            symbolic = isinstance(value, Tensor | Operation | Variable)
            inputs.append(convert_to_tensor(value, None if symbolic else dtype, name=label))
        return op_class(inputs, scope, use_locking=use_locking, **attrs).output


def _scatter(op_type, ref, indices, updates, use_locking, name):
    return _update(op_type, ref, name, use_locking,
                   {"indices": indices, "updates": updates})


for _op_type in ("VariableV2", "Assign", "AssignAdd", "AssignSub", "CountUpTo",
                 "ScatterUpdate", "ScatterAdd", "ScatterSub", "ScatterMul", "ScatterDiv",
                 "ScatterMin", "ScatterMax", "ScatterNdUpdate", "ScatterNdAdd",
                 "ScatterNdSub"):
    NotDifferentiable(_op_type)
