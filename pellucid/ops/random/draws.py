"""Random tensors, with TensorFlow's seeds and TensorFlow's numbers.

An op with a seed is a sequence of numbers, the same in every session that starts it; the
cell that a session keeps for the op says how far it has read. An op without any seed draws
from a fast generator that starts somewhere new. Read next: numbers.py, then
random_choice.py.
"""

import math

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.cell import Cell
from pellucid.core.dtypes import as_dtype
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.graph import get_default_graph
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec
from pellucid.ops.arguments import check_allowed, name_scope
from pellucid.ops.math.elementwise import add
from pellucid.ops.random import numbers as random_numbers

DEFAULT_GRAPH_SEED = 87654321
_MODULUS = 2**31 - 1
INTEGERS = (dtypes.int32, dtypes.int64)
_DRAWN = (dtypes.float16, dtypes.bfloat16, dtypes.float32, dtypes.float64)

# Numbers computed ahead: a call of the generator costs 65 us however few it makes, which
# would be the slowest part of a small training step. Runs of 1,000 numbers: 9 us, not 69.
_AHEAD = 16384


# -- seeds ---------------------------------------------------------------------------------

def set_random_seed(seed):
    """Makes random operations that are added to the default graph from now on repeatable.

    As in TF: tf.set_random_seed.
    """
    get_default_graph().seed = seed


def get_seed(op_seed):
    """The two seeds (seed, seed2) of a random operation that is about to be built.

    With a graph seed and no `op_seed`, the second seed counts such operations: 0, 1, 2, ...
    (the rule of TensorFlow 2; version 1 counted all operations, so that adding a summary
    changed the numbers). Without either, (None, None): every session differs.

    As in TF: tf.random.get_seed.
    """
    graph = get_default_graph()
    if graph.seed is None and op_seed is None:
        return None, None
    seed = DEFAULT_GRAPH_SEED if graph.seed is None else graph.seed
    if op_seed is None:
        op_seed = graph._unseeded_random_ops
        graph._unseeded_random_ops += 1
    try:
        seeds = int(seed) % _MODULUS, int(op_seed) % _MODULUS
    except (TypeError, ValueError):
        raise TypeError(f"a seed must be an integer, but got {seed!r} for the graph and "
                        f"{op_seed!r} for the operation.") from None
    return (0, _MODULUS) if seeds == (0, 0) else seeds      # (0, 0) would mean: no seed


def seeds(op_seed):
    """get_seed as attributes of a node."""
    seed, seed2 = get_seed(op_seed)
    return {"seed": seed or 0, "seed2": seed2 or 0}


# -- the state of a random op in a session -------------------------------------------------

class Sequence:
    """How far a session has read the sequence of one seeded operation. Never changed.

    Attributes:
      key: the operation's (seed, seed2).
      block: int, the block of the generator where the next run starts.
      n, runs: how many numbers the last run took, and for how many runs some were made.
      rest: rows of n numbers that were made ahead.
    """

    __slots__ = ("block", "key", "n", "rest", "runs")

    def __init__(self, key, block=0, n=0, runs=0, rest=()):
        self.key, self.block, self.n, self.runs, self.rest = key, block, n, runs, rest

    def take(self, n, make):
        """(n numbers, the Sequence after them), where make(key, starts, n) makes rows."""
        following = self.block + 256 * n              # TensorFlow's distance between runs
        if n == self.n and len(self.rest):
            rows, runs = self.rest, self.runs
        else:                                         # twice as many as the last time
            runs = max(1, min(2 * self.runs, _AHEAD // n)) if n == self.n and n else 1
            starts = np.arange(runs, dtype=np.uint64) * np.uint64(256 * n)
            rows = make(self.key, starts + np.uint64(self.block), n)
        if runs == 1:
            return rows[0], Sequence(self.key, following, n, 1)
        return rows[0].copy(), Sequence(self.key, following, n, runs, rows[1:])

    def skip(self, blocks):
        """The Sequence `blocks` further on."""
        return Sequence(self.key, self.block + blocks)


class RandomOperation(Operation):
    """Base of the random operations: the cell holds a Sequence or an unseeded generator."""

    stateful = fresh = True

    def new_cell(self, session):
        return Cell(self._start, self.name)

    def _start(self):
        if self.seed or self.seed2:
            return Sequence((self.seed, self.seed2))
        return np.random.Generator(np.random.SFC64())

    def draw(self, cell, n):
        """n numbers, and the cell stands after them; no other thread gets the same."""
        with cell.lock:
            state = cell.value
            if type(state) is not Sequence:
                return self.invent(state, n)
            numbers, cell.value = state.take(n, self.make)
        return numbers

    def make(self, key, starts, n):
        """Rows of n numbers of the sequence `key`, from the blocks `starts`."""
        raise NotImplementedError

    def invent(self, generator, n):
        """n numbers from a numpy.random.Generator."""
        raise NotImplementedError


def drawn_shape(shape):
    """The shape that a vector of integers asks for, while the graph is built."""
    check_allowed("shape", shape.dtype, INTEGERS)
    if shape.rank not in (None, 1):
        raise ValueError(f"shape must be a vector of integers, but has rank {shape.rank}.")
    return shape.as_shape()


def concrete_shape(shape):
    """The same in a run: a tuple, and the number of elements."""
    dims = tuple(shape.tolist())
    if min(dims, default=0) < 0:
        raise errors.InvalidArgumentError(
            None, None, f"shape must not have negative dimensions, but is {list(dims)}")
    return dims, math.prod(dims)


# -- uniform and normal numbers ------------------------------------------------------------

class Drawn(RandomOperation):
    """Base of the operations that fill a shape with numbers."""

    def infer(self, shape):
        check_allowed("dtype", self.dtype, _DRAWN)
        return Spec(self.dtype, drawn_shape(shape))

    def compute(self, cell, shape):
        dims, n = concrete_shape(shape)
        return self.draw(cell, n).reshape(dims)


class RandomUniform(Drawn):
    """Numbers in [0, 1)."""

    op_type, attrs = "RandomUniform", {"seed": 0, "seed2": 0, "dtype": dtypes.float32}

    def make(self, key, starts, n):
        return random_numbers.uniform(key, starts, n, self.dtype._numpy)

    def invent(self, generator, n):
        if self.dtype._numpy.itemsize > 2:
            return generator.random(n, self.dtype._numpy)
        words = generator.integers(0, 1 << 16, n, np.uint16)
        return random_numbers.mantissas(words, self.dtype._numpy)


class RandomStandardNormal(Drawn):
    """Normal numbers of mean 0 and standard deviation 1."""

    op_type = "RandomStandardNormal"
    attrs = {"seed": 0, "seed2": 0, "dtype": dtypes.float32}

    def make(self, key, starts, n):
        return random_numbers.normal(key, starts, n, self.dtype._numpy)

    def invent(self, generator, n):
        return _normals(generator, n, self.dtype._numpy)


class TruncatedNormal(Drawn):
    """Normal numbers of mean 0 and standard deviation 1, drawn anew where beyond 2."""

    op_type, attrs = "TruncatedNormal", {"seed": 0, "seed2": 0, "dtype": dtypes.float32}

    def make(self, key, starts, n):
        return random_numbers.truncated_normal(key, starts, n, self.dtype._numpy)

    def invent(self, generator, n):
        numbers = _normals(generator, n, self.dtype._numpy)
        beyond = np.flatnonzero(np.abs(numbers) >= 2)
        while beyond.size:
            numbers[beyond] = _normals(generator, beyond.size, numbers.dtype)
            beyond = beyond[np.abs(numbers[beyond]) >= 2]
        return numbers


def _normals(generator, n, dtype):
    wide = dtype if dtype.itemsize > 2 else np.dtype(np.float32)
    return generator.standard_normal(n, wide).astype(dtype, copy=False)


class RandomUniformInt(RandomOperation):
    """Integers in [minval, maxval)."""

    op_type, attrs = "RandomUniformInt", {"seed": 0, "seed2": 0}

    def infer(self, shape, minval, maxval):
        check_allowed("minval", minval.dtype, INTEGERS)
        for name, bound in (("minval", minval), ("maxval", maxval)):
            if bound.rank not in (None, 0):
                raise ValueError(f"{name} must be a scalar, but has shape {bound.shape}.")
        return Spec(minval.dtype, drawn_shape(shape))

    def compute(self, cell, shape, minval, maxval):
        dims, n = concrete_shape(shape)
        low, high, dtype = int(minval), int(maxval), minval.dtype
        if low >= high and n:
            raise errors.InvalidArgumentError(
                None, None, f"Need minval < maxval, got {low} >= {high}")
        bits = 8 * dtype.itemsize
        unsigned = np.dtype(f"u{dtype.itemsize}").type
        offsets = self.draw(cell, n) % unsigned(max(high - low, 1))
        return (offsets + unsigned(low % (1 << bits))).view(dtype).reshape(dims)

    def make(self, key, starts, n):
        return random_numbers.words(key, starts, n, self._itemsize)

    def invent(self, generator, n):
        kind = np.uint32 if self._itemsize == 4 else np.uint64
        return generator.integers(0, np.iinfo(kind).max, n, kind, endpoint=True)

    @property
    def _itemsize(self):
        return self.outputs[0].spec.dtype.size


NotDifferentiable("RandomUniform")
NotDifferentiable("RandomStandardNormal")
NotDifferentiable("TruncatedNormal")
NotDifferentiable("RandomUniformInt")


def random_uniform(shape, minval=0, maxval=None, dtype=dtypes.float32, seed=None,
                   name=None):
    """Numbers drawn uniformly from [minval, maxval).

    Args:
      shape: vector of integers.
      minval, maxval: the bounds; 0 and 1 by default. Integers need a maxval, and scalars.
      dtype: float16, bfloat16, float32, float64, int32 or int64.
      seed: int, see get_seed.

    As in TF: tf.random_uniform (op types RandomUniform, RandomUniformInt).
    """
    dtype = checked(dtype, _DRAWN + INTEGERS)
    if maxval is None:
        if dtype.is_integer:
            raise ValueError(f"Must specify maxval for integer dtype {dtype!r}")
        maxval = 1
    with name_scope(name, "random_uniform", [shape, minval, maxval]) as scope:
        shape = shape_tensor(shape)
        unit = type(minval) is int and minval == 0 and type(maxval) is int and maxval == 1
        if unit and not dtype.is_integer:
            return RandomUniform([shape], dtype=dtype, **seeds(seed)).output
        low = convert_to_tensor(minval, dtype, name="min")
        high = convert_to_tensor(maxval, dtype, name="max")
        if dtype.is_integer:
            return RandomUniformInt([shape, low, high], name=scope, **seeds(seed)).output
        drawn = RandomUniform([shape], dtype=dtype, **seeds(seed)).output
        return add(drawn * (high - low), low, name=scope)


def random_normal(shape, mean=0.0, stddev=1.0, dtype=dtypes.float32, seed=None, name=None):
    """Numbers drawn from the normal distribution of that mean and standard deviation.

    As in TF: tf.random_normal (op type RandomStandardNormal).
    """
    with name_scope(name, "random_normal", [shape, mean, stddev]) as scope:
        return _scaled(RandomStandardNormal, scope, shape, mean, stddev, dtype, seed)


def truncated_normal(shape, mean=0.0, stddev=1.0, dtype=dtypes.float32, seed=None,
                     name=None):
    """Normal numbers, drawn anew where over two standard deviations from the mean.

    As in TF: tf.truncated_normal (op type TruncatedNormal).
    """
    with name_scope(name, "truncated_normal", [shape, mean, stddev]) as scope:
        return _scaled(TruncatedNormal, scope, shape, mean, stddev, dtype, seed)


def _scaled(op_class, name, shape, mean, stddev, dtype, seed):
    dtype = as_dtype(dtype)
    shape = shape_tensor(shape)
    mean = convert_to_tensor(mean, dtype, name="mean")
    stddev = convert_to_tensor(stddev, dtype, name="stddev")
    drawn = op_class([shape], dtype=checked(dtype, _DRAWN), **seeds(seed)).output
    return add(drawn * stddev, mean, name=name)


def checked(dtype, accepted):
    """dtype as a DType. ValueError unless it is one of those accepted."""
    dtype = as_dtype(dtype)
    if dtype not in accepted:
        raise ValueError(f"Argument `dtype` got invalid value {dtype}. Accepted dtypes are "
                         f"({', '.join(map(repr, accepted))}).")
    return dtype


def shape_tensor(shape):
    """What a user writes for a shape, as a vector of integers."""
    if isinstance(shape, list | tuple):
        return convert_to_tensor(shape, None if shape else dtypes.int32, name="shape")
    return convert_to_tensor(shape, name="shape")
