"""assert_equal and its family: operations that check what a program takes for granted.

    with tf.control_dependencies([tf.assert_positive(x)]):
        y = tf.log(x)

What is known while the graph is built is checked there and then. Read next: printing.py.
"""

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.dtypes import as_dtype
from pellucid.core.operation import convert_to_tensor
from pellucid.core.shapes import show
from pellucid.core.tensor import Tensor
from pellucid.ops.arguments import as_tensor, convert_pair, name_scope
from pellucid.ops.arrays.shaping import rank as rank_of
from pellucid.ops.arrays.shaping import reshape, shape
from pellucid.ops.control.printing import Assert_
from pellucid.ops.control.waiting import no_op
from pellucid.ops.math import comparison
from pellucid.ops.math.elementwise import abs
from pellucid.ops.math.reductions import reduce_all
from pellucid.ops.regular import NUMBERS

# -- relations between two tensors --------------------------------------------------------

def _relation(name, symbol, compare, check):
    """The function tf.<name>, which asserts that compare(x, y) holds everywhere."""
    def assertion(x, y, data=None, summarize=None, message=None, name=None):
        with name_scope(name, assertion.__name__, [x, y]):
            x, y = convert_pair(x, y)
            if data is None:
                data = [f"Condition x {symbol} y did not hold element-wise:",
                        f"x ({x.name}) = ", x, f"y ({y.name}) = ", y]
            if message is not None:
                data = [message, *data]
            known = x.spec.value, y.spec.value
            if not (known[0] is None or known[1] is None or np.all(check(*known))):
                raise errors.InvalidArgumentError(None, None, "\n".join(map(_shown, data)))
            return Assert_(reduce_all(compare(x, y)), data, summarize)

    assertion.__name__ = assertion.__qualname__ = name
    assertion.__doc__ = f"""An operation that fails unless x {symbol} y, elementwise.

    Args:
      x, y: Tensors of one dtype that broadcast.
      data: list of Tensor for the message; x and y by default.
      summarize: int, how many entries of each to show.
      message: str, put before.

    Raises tf.errors.InvalidArgumentError in the run, or at once if both are known.
    As in TF: tf.{name}, tf.debugging.{name}.
    """
    return assertion


def _shown(x):
    return x if isinstance(x, str) else str(convert_to_tensor(x).spec.value)


assert_equal = _relation("assert_equal", "==", comparison.equal, np.equal)
assert_none_equal = _relation("assert_none_equal", "!=", comparison.not_equal, np.not_equal)
assert_less = _relation("assert_less", "<", comparison.less, np.less)
assert_less_equal = _relation("assert_less_equal", "<=", comparison.less_equal,
                              np.less_equal)
assert_greater = _relation("assert_greater", ">", comparison.greater, np.greater)
assert_greater_equal = _relation("assert_greater_equal", ">=", comparison.greater_equal,
                                 np.greater_equal)


def assert_near(x, y, rtol=None, atol=None, data=None, summarize=None, message=None,
                name=None):
    """An operation that fails unless |x - y| < atol + rtol |y|, elementwise.

    Both tolerances are 10 times the distance between 1 and the next number of x's dtype,
    where they are not given.

    As in TF: tf.assert_near, tf.debugging.assert_near.
    """
    with name_scope(name, "assert_near", [x, y, rtol, atol]):
        x, y = convert_pair(x, y)
        rtol, atol = [_tolerance(t, x.dtype, label)
                      for t, label in ((rtol, "rtol"), (atol, "atol"))]
        if data is None:
            data = ["x and y not equal to tolerance rtol = ", rtol, "atol = ", atol,
                    f"x ({x.name}) = ", x, f"y ({y.name}) = ", y]
        data = data if message is None else [message, *data]
        near = comparison.less(abs(x - y), atol + rtol * abs(y))
        return Assert_(reduce_all(near), data, summarize)


def _tolerance(given, dtype, name):
    if given is None:
        kind = (dtype or dtypes.float32).real_dtype
        given = 10 * np.finfo(kind._numpy).eps if kind.is_floating else 0
    return convert_to_tensor(given, dtype and dtype.real_dtype, name=name)


# -- the sign of one tensor ---------------------------------------------------------------

def _sign(name, symbol, relation, zero_first):
    """The function tf.<name>, which asserts a relation between 0 and x."""
    def assertion(x, data=None, summarize=None, message=None, name=None):
        with name_scope(name, assertion.__name__, [x]):
            x = as_tensor(x, name="x")
            if data is None:
                data = [f"Condition x {symbol} 0 did not hold element-wise:",
                        f"x ({x.name}) = ", x]
            zero = convert_to_tensor(0, x.spec.dtype)
            x, y = (zero, x) if zero_first else (x, zero)
            return relation(x, y, data, summarize, message)

    assertion.__name__ = assertion.__qualname__ = name
    assertion.__doc__ = f"""An operation that fails unless x {symbol} 0, elementwise.

    As in TF: tf.{name}, tf.debugging.{name}.
    """
    return assertion


assert_positive = _sign("assert_positive", ">", assert_less, True)
assert_negative = _sign("assert_negative", "<", assert_less, False)
assert_non_negative = _sign("assert_non_negative", ">=", assert_less_equal, True)
assert_non_positive = _sign("assert_non_positive", "<=", assert_less_equal, False)


# -- rank, shape and type -----------------------------------------------------------------

def assert_rank(x, rank, data=None, summarize=None, message=None, name=None):
    """An operation that fails unless x has `rank` dimensions.

    Raises ValueError at once if the rank is known and differs.
    As in TF: tf.assert_rank, tf.debugging.assert_rank.
    """
    with name_scope(name, "assert_rank", [x]):
        return _assert_rank(x, [rank], lambda own, rank: own == rank, comparison.equal,
                            "must have rank", data, summarize, message)


def assert_rank_at_least(x, rank, data=None, summarize=None, message=None, name=None):
    """An operation that fails unless x has at least `rank` dimensions.

    Raises ValueError at once if the rank is known and lower.
    As in TF: tf.assert_rank_at_least, tf.debugging.assert_rank_at_least.
    """
    with name_scope(name, "assert_rank_at_least", [x]):
        return _assert_rank(x, [rank], lambda own, rank: own >= rank,
                            comparison.greater_equal, "must have rank at least", data,
                            summarize, message)


def assert_rank_in(x, ranks, data=None, summarize=None, message=None, name=None):
    """An operation that fails unless the number of x's dimensions is one of `ranks`.

    Raises ValueError at once if the rank is known and not among them.
    As in TF: tf.assert_rank_in, tf.debugging.assert_rank_in.
    """
    with name_scope(name, "assert_rank_in", [x]):
        return _assert_rank(x, ranks, lambda own, rank: own == rank, comparison.equal,
                            "must have rank in", data, summarize, message)


def _assert_rank(x, ranks, holds, compare, must, data, summarize, message):
    """That `holds` (or in the run, `compare`) for x's rank and one of the ranks."""
    x = as_tensor(x, name="x")
    ranks = [convert_to_tensor(rank, dtypes.int32, name="rank") for rank in ranks]
    known = [rank.spec.value for rank in ranks]
    own = x.spec.rank
    if own is not None and None not in known:
        if any(holds(own, int(rank)) for rank in known):
            return no_op(name="static_checks_determined_all_ok")
        wanted = ", ".join(str(int(rank)) for rank in known)
        raise ValueError(f"{_before(message)}Tensor {x.name} {must} {wanted}.  Received "
                         f"rank {own}, shape {show(x.spec.shape)}")
    if data is None:
        data = [f"Tensor {x.name} {must}", *ranks, "Received shape: ", shape(x)]
    condition = compare(rank_of(x), ranks[0])
    for rank in ranks[1:]:
        condition = comparison.logical_or(condition, compare(rank_of(x), rank))
    return Assert_(condition, data if message is None else [message, *data], summarize)


def assert_type(tensor, tf_type, message=None, name=None):
    """An operation that does nothing. Raises TypeError unless the dtype is tf_type.

    As in TF: tf.assert_type, tf.debugging.assert_type.
    """
    tf_type = as_dtype(tf_type)
    with name_scope(name, "assert_type", [tensor]):
        tensor = convert_to_tensor(tensor)
        if tensor.dtype is None or tensor.dtype.base_dtype is not tf_type:
            raise TypeError(f"{_before(message)}{tensor.name} must be of type {tf_type!r}; "
                            f"got {tensor.dtype!r}")
        return no_op(name="statically_determined_correct_type")


def assert_integer(x, message=None, name=None):
    """An operation that does nothing. Raises TypeError unless x's dtype is of integers.

    As in TF: tf.assert_integer, tf.debugging.assert_integer.
    """
    with name_scope(name, "assert_integer", [x]):
        x = as_tensor(x, name="x")
        if x.dtype is None or not x.dtype.is_integer:
            raise TypeError(f'{_before(message)}Expected "x" to be integer type.  Found: '
                            f"{x.name} of dtype {x.dtype}")
        return no_op(name="statically_determined_was_integer")


def assert_scalar(tensor, name=None, message=None):
    """The tensor. Raises ValueError unless it is known to be a scalar.

    As in TF: tf.assert_scalar, tf.debugging.assert_scalar.
    """
    with name_scope(name, "assert_scalar", [tensor]) as scope:
        tensor = convert_to_tensor(tensor, name=scope)
        if tensor.spec.rank != 0:
            raise ValueError(f"{_before(message)}Expected scalar shape for {tensor.name}, "
                             f"saw shape: {show(tensor.spec.shape)}.")
        return tensor


def _before(message):
    return f"{message}  " if message else ""


def assert_same_float_dtype(tensors=None, dtype=None):
    """The floating dtype that all tensors have, float32 of none.

    Raises ValueError if they differ from one another or from `dtype`, or are not floating.
    As in TF: tf.assert_same_float_dtype, tf.debugging.assert_same_float_dtype.
    """
    tensors = [t for t in tensors or () if t is not None]
    expected = dtype and as_dtype(dtype)
    for tensor in tensors:
        own = tensor.dtype.base_dtype
        if expected is not None and own is not expected:
            first = f" as {tensors[0].name}" if dtype is None else ""
            raise ValueError(f"{tensor.name}, type={own}, must be of the same type "
                             f"({expected}){first}.")
        expected = own
    expected = expected or dtypes.float32
    if not expected.is_floating:
        raise ValueError(f"Expected floating point type, got {expected}.")
    return expected


def assert_proper_iterable(values):
    """Raises TypeError unless `values` is an iterable, and not a tensor, array or text.

    As in TF: tf.assert_proper_iterable, tf.debugging.assert_proper_iterable.
    """
    if isinstance(values, Tensor | np.ndarray | bytes | str) or not hasattr(
            values, "__iter__"):
        raise TypeError("Expected argument 'values' to be a 'proper' iterable.  Found: "
                        f"{type(values)}")


# -- questions ----------------------------------------------------------------------------

def is_numeric_tensor(tensor):
    """True if it is a Tensor of numbers. As in TF: tf.is_numeric_tensor."""
    return isinstance(tensor, Tensor) and tensor.dtype is not None and (
        tensor.dtype.base_dtype in NUMBERS)


def is_non_decreasing(x, name=None):
    """Whether no entry of x, read row by row, is less than the one before.

    As in TF: tf.is_non_decreasing, tf.math.is_non_decreasing.
    """
    with name_scope(name, "is_non_decreasing", [x]):
        return _neighbours(x, comparison.greater_equal)


def is_strictly_increasing(x, name=None):
    """Whether each entry of x, read row by row, is greater than the one before.

    As in TF: tf.is_strictly_increasing, tf.math.is_strictly_increasing.
    """
    with name_scope(name, "is_strictly_increasing", [x]):
        return _neighbours(x, comparison.greater)


def _neighbours(x, compare):
    x = as_tensor(x, name="x")
    if not is_numeric_tensor(x):
        raise TypeError(f"Expected x to be numeric, instead found: {x}")
    flat = reshape(x, [-1])
    return reduce_all(compare(flat[1:], flat[:-1]))
