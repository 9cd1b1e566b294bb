"""Random permutations, choices and crops. The numbers are TensorFlow's too: random.py."""

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import convert_to_tensor
from pellucid.core.shapes import Spec
from pellucid.ops.arguments import as_tensor, check_allowed, name_scope
from pellucid.ops.arrays.indexing import slice_
from pellucid.ops.arrays.shaping import shape
from pellucid.ops.control.printing import Assert_
from pellucid.ops.control.waiting import with_dependencies
from pellucid.ops.math.comparison import greater_equal
from pellucid.ops.math.reductions import reduce_all
from pellucid.ops.random import numbers as random_numbers
from pellucid.ops.random.draws import (
    INTEGERS,
    RandomOperation,
    Sequence,
    checked,
    random_uniform,
    seeds,
)


class RandomShuffle(RandomOperation):
    """The rows in random order: each is swapped with one from it on (Fisher & Yates)."""

    op_type, attrs = "RandomShuffle", {"seed": 0, "seed2": 0}

    def infer(self, value):
        return Spec(value.dtype, value.shape)

    def compute(self, cell, value):
        n = len(value) if np.ndim(value) else 1
        if n < 2:
            return np.copy(value)
        with cell.lock:
            state = cell.value
            if type(state) is not Sequence:
                return value[state.permutation(n)]
            words = random_numbers.words(state.key, [state.block], n - 1, 4)[0]
            cell.value = state.skip(-(-(n - 1) // 4))
        order = list(range(n))
        steps = np.arange(n - 1, dtype=np.uint32)
        for i, j in enumerate((steps + words % (np.uint32(n) - steps)).tolist()):
            order[i], order[j] = order[j], order[i]
        return value[order]


NotDifferentiable("RandomShuffle")


def random_shuffle(value, seed=None, name=None):
    """`value` with its rows (entries along the first axis) in random order.

    As in TF: tf.random_shuffle (op type RandomShuffle).
    """
    with name_scope(name, "RandomShuffle", [value]) as scope:
        value = convert_to_tensor(value, name="value")
        return RandomShuffle([value], name=scope, **seeds(seed)).output


class Multinomial(RandomOperation):
    """For each row of logits, num_samples classes drawn with probabilities softmax(row)."""

    op_type, attrs = "Multinomial", {"seed": 0, "seed2": 0, "output_dtype": dtypes.int64}

    def infer(self, logits, num_samples):
        check_allowed("output_dtype", self.output_dtype, INTEGERS)
        if logits.rank not in (None, 2):
            raise ValueError(f"logits must be a matrix, but has rank {logits.rank}.")
        if num_samples.rank not in (None, 0):
            raise ValueError(f"num_samples must be a scalar, but has {num_samples!r}.")
        samples = None if num_samples.value is None else int(num_samples.value)
        if samples is not None and samples < 0:
            raise ValueError(f"num_samples must not be negative, but is {samples}.")
        return Spec(self.output_dtype, (logits.shape[0] if logits.shape else None, samples))

    def compute(self, cell, logits, num_samples):
        rows, samples = len(logits), int(num_samples)
        if samples < 0 or (rows and not logits.shape[1]):
            raise errors.InvalidArgumentError(
                None, None, f"num_samples, {samples}, must not be negative, and the number "
                f"of classes, {logits.shape[1]}, must be positive")
        draws = self._uniform(cell, rows, samples)
        out = np.empty((rows, samples), self.output_dtype._numpy)
        for i, row in enumerate(np.asarray(logits, np.float64)):
            finite = np.isfinite(row)
            weights = np.where(finite, np.exp(row - row[finite].max(initial=-np.inf)), 0.0)
            cumulated = np.cumsum(weights)
            out[i] = np.searchsorted(cumulated, draws[i] * cumulated[-1], side="right")
        return out

    def _uniform(self, cell, rows, samples):
        with cell.lock:
            state, n = cell.value, rows * samples
            if type(state) is not Sequence:
                return state.random((rows, samples))
            cell.value = state.skip(256 * rows * 2 * (-(-samples // 4) * 4))
        numbers = random_numbers.uniform(state.key, [state.block], n, np.dtype(np.float64))
        return numbers.reshape(rows, samples)


NotDifferentiable("Multinomial")


def multinomial(logits, num_samples, seed=None, name=None, output_dtype=None):
    """Classes drawn at random.

    Args:
      logits: Tensor of shape (rows, classes), logarithms of unnormalized probabilities.
      num_samples: int, how many to draw for each row.
      output_dtype: int32 or int64, the default.

    Returns:
      Tensor of shape (rows, num_samples), numbers of classes.

    As in TF: tf.multinomial (op type Multinomial).
    """
    with name_scope(name, "multinomial", [logits]):
        return _choose(logits, num_samples, output_dtype, seed)


def categorical(logits, num_samples, dtype=None, seed=None, name=None):
    """The same as multinomial. As in TF: tf.random.categorical (op type Multinomial)."""
    with name_scope(name, "categorical", [logits]):
        return _choose(logits, num_samples, dtype, seed)


def _choose(logits, num_samples, dtype, seed):
    logits = as_tensor(logits, name="logits")
    dtype = checked(dtype or dtypes.int64, INTEGERS)
    with name_scope(None, "Multinomial", [num_samples]) as scope:
        num_samples = convert_to_tensor(num_samples, dtypes.int32, name="num_samples")
        return Multinomial([logits, num_samples], name=scope, output_dtype=dtype,
                           **seeds(seed)).output


def random_crop(value, size, seed=None, name=None):
    """A part of `value`, of shape `size`, from a place drawn uniformly.

    Args:
      value: Tensor.
      size: vector of integers, as many as value has dimensions, each no greater than it.

    Raises tf.errors.InvalidArgumentError in the run if size is greater.
    As in TF: tf.random_crop.
    """
    with name_scope(name, "random_crop", [value, size]) as scope:
        value = as_tensor(value, name="value")
        size = convert_to_tensor(size, dtypes.int32, name="size")
        whole = shape(value)
        fits = Assert_(reduce_all(greater_equal(whole, size)),
                       ["Need value.shape >= size, got ", whole, size], summarize=1000)
        room = with_dependencies([fits], whole) - size + 1
        drawn = random_uniform(shape(room), 0, size.dtype.max, size.dtype, seed)
        return slice_(value, drawn % room, size, name=scope)
